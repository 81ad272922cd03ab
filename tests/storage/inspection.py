"""Looking into databases past the storage API: what they're made of, and rows as a release wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from mentorbot.storage.database import make_migration_engine, parse_url

HERE = Path(__file__).parent


@contextmanager
def looking_at(url: str) -> Iterator[Connection]:
    """A connection of its own."""
    engine = make_migration_engine(parse_url(url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def definitions(connection: Connection) -> set[str]:
    """Every table, index and constraint as the database itself words them."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {part for row in rows for part in parts(row[0])}
    constraints = """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    columns = """SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, character_maximum_length)
        FROM information_schema.columns WHERE table_schema = 'public'"""
    queries = (constraints, indexes, columns)
    found = {row[0] for query in queries for row in connection.execute(text(query))}
    return {definition for definition in found if "alembic" not in definition and "procrastinate" not in definition}


def parts(statement: str) -> set[str]:
    """The columns and constraints of a CREATE statement, each with the table's name, since their order says nothing."""
    plain = " ".join(statement.replace('"', "").split())  # SQLite quotes the name of a table that was rebuilt
    first, _, body = plain.partition("(")
    columns = re.split(r",\s*(?![^(]*\))", body.removesuffix(")").strip())
    return set() if "alembic" in first else {f"{first.strip()} {column.strip()}" for column in columns}


def fill(connection: Connection, name: str) -> None:
    """Write rows as a release wrote them: by its own SQL, in a file here, since its code is gone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TIME ZONE 'UTC'"))  # the file's instants are in UTC
    for statement in (HERE / name).read_text(encoding="utf-8").split(";\n"):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    if connection.dialect.name == "postgresql":
        serial = text(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval%' "
            "AND table_name NOT LIKE 'procrastinate%'"
        )
        for table in connection.scalars(serial).all():  # a number that was written by hand isn't given again
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))
    connection.commit()
