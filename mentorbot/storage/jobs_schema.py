"""Procrastinate's own tables, brought to the version that is installed; it comes with SQL files and no program for them."""

from __future__ import annotations

from importlib import resources

from sqlalchemy import Connection, text

_KEPT = "COMMENT ON TABLE procrastinate_jobs IS "
_DROP = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
    LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', found.tablename); END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%'
    LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT typname FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\\_%'
    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', found.typname); END LOOP;
END $$
"""


def upgrade(connection: Connection) -> None:
    """Make the tables, or run the files that have come since; in the transaction of `connection`.

    Which file was the last is kept as the comment of a table. A newer version's tables stay as they are.
    """
    files = _files()
    there = connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is not None
    last = connection.scalar(text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")) or ""
    if not there:
        _execute(connection, (resources.files("procrastinate.sql") / "schema.sql").read_text("utf-8"))
    else:
        for name in (name for name in files if name > last):
            _execute(connection, files[name])
    if not there or last < max(files):
        connection.exec_driver_sql(f"{_KEPT}'{max(files)}'")


def drop(connection: Connection) -> None:
    """Remove all of it."""
    _execute(connection, _DROP)


def is_current(connection: Connection) -> bool:
    """Whether the tables are those of the version that is installed, or of a newer one."""
    last = connection.scalar(text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"))
    return bool(last) and last >= max(_files())


def _files() -> dict[str, str]:
    """Procrastinate's migrations by name; sorted by name they are in order."""
    folder = resources.files("procrastinate.sql") / "migrations"
    found = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".sql")}
    return dict(sorted(found.items()))


def _execute(connection: Connection, statements: str) -> None:
    """Run a file of many statements as it stands: without parameters psycopg sends it whole."""
    connection.exec_driver_sql(statements, execution_options={"no_parameters": True})
