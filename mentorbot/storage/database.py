"""Opening a database from the URL that people write, and turning its faults into words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mentorbot.errors import DatabaseProblem

BUSY_SECONDS = 10
_POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}


def parse_url(text: str) -> URL:
    """The URL with our driver put in.

    Raises:
        DatabaseProblem: another kind of database, a missing driver, or no URL at all.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseProblem(
            "DATABASE_URL is not an address. Write sqlite:///path.db or postgresql://user@host/name."
        ) from None
    if url.drivername in {"sqlite", "sqlite+aiosqlite"}:
        return url.set(drivername="sqlite+aiosqlite")
    if url.drivername not in _POSTGRESQL:
        raise DatabaseProblem(f"I cannot use {url.drivername}. Write sqlite:///path.db or postgresql://user@host/name.")
    if find_spec("psycopg") is None:
        raise DatabaseProblem('For PostgreSQL, install the driver first: pip install "mentorbot[postgresql]"')
    return url.set(drivername="postgresql+psycopg")


def is_sqlite(url: URL) -> bool:
    """Whether the database is a file of ours, which we may create and upgrade by ourselves."""
    return url.get_backend_name() == "sqlite"


def make_engine(url: URL) -> AsyncEngine:
    """An engine that connects at its first use."""
    if not is_sqlite(url):
        return create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=5, max_overflow=5)
    prepare_sqlite(engine.sync_engine)
    return engine


def make_folder(url: URL) -> None:
    """Make the folder of a SQLite file; raises `DatabaseProblem` when that cannot be done."""
    if not is_sqlite(url) or url.database in (None, "", ":memory:"):
        return
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(f"I cannot make the folder {folder} for the database: {error.strerror}.") from error


def prepare_sqlite(engine: Engine) -> None:
    """Give every connection our settings, and every transaction the write lock from its beginning.

    A transaction that reads first and writes later can lose the race for the lock without being able to wait for it
    (SQLITE_BUSY_SNAPSHOT, https://sqlite.org/rescode.html), so ours take it at once: BEGIN IMMEDIATE.
    """
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)


def _set_pragmas(connection: Any, _record: object) -> None:
    """WAL lets readers go on while one writes; foreign keys are off in SQLite unless asked for."""
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone()[0] != "wal":
        with suppress(sqlite3.OperationalError):  # a read-only file stays readable as it is
            cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def problems_in_words(url: URL) -> Iterator[None]:
    """Turn a driver's fault into a `DatabaseProblem` that says what to do. Never shows a password."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise DatabaseProblem(_advice(url, str(getattr(error, "orig", error)))) from error


def _advice(url: URL, text: str) -> str:
    where = url.render_as_string(hide_password=True)
    for sign, advice in _ADVICE.items():
        if sign in text.lower():
            return f"{advice} ({where})"
    return f"The database did not answer as it should: {text.splitlines()[0] if text else 'no reason given'} ({where})"


_ADVICE = {
    "database is locked": "Another program keeps the database locked. Close it, or wait and try again.",
    "readonly database": "The database file is read-only. Give this user the right to write to it and to its folder.",
    "unable to open database file": "The database file cannot be opened. Check the path and the rights on its folder.",
    "not a database": "That file is not a SQLite database. Choose another path.",
    "malformed": "The database file is damaged. Restore it from a backup.",
    "disk is full": "The disk is full. Make room and try again; nothing half done was kept.",
    "password authentication failed": "The database refused the user or the password in DATABASE_URL.",
    "does not exist": "The database or one of its tables is not there. Create the database, then run: mentorbot db upgrade.",
    "connection refused": "No database server answers there. Is it running, and is the address right?",
    "connection failed": "No database server answers there. Is it running, and is the address right?",
}
