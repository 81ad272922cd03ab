"""A database opened from the operator's URL, set up for SQLite or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, AdaptedConnection, Connection, Engine, ExecutionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mentorbot.errors import DatabaseProblem, UnusableDatabase
from mentorbot.storage import sqlite
from mentorbot.storage.queries import Reader

BUSY_SECONDS = 10
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 30
"""Time PostgreSQL gives a statement, waits for locks included. Ours take milliseconds."""
_KEEPALIVE = {
    # A connection whose other end is gone without a word is given up after about ten seconds. The operating system's own
    # answer takes from a quarter of an hour to two hours (https://www.postgresql.org/docs/current/libpq-connect.html).
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "connect_timeout": str(CONNECT_SECONDS),
}
LOCKING = {"locking": True}
"""Execution option of a SELECT whose rows nobody else may change before the transaction ends.

PostgreSQL gets that from FOR UPDATE. SQLite has no such clause, so there the option takes the lock on the whole file.
"""

_EXAMPLES = "Use sqlite:///path.db or postgresql://user:password@host/name."
_READS = ("SELECT", "PRAGMA", "BEGIN")


def parse_url(text: str) -> URL:
    """Parse a database URL and set our driver. The path of a SQLite file is taken literally, blanks and percent signs included.

    Raises:
        UnusableDatabase: an unsupported database, a missing driver, or no URL at all. The message never shows a password.
    """
    scheme, separator, address = text.strip().partition("://")
    if not separator:
        raise UnusableDatabase(f"DATABASE_URL isn't an address. {_EXAMPLES}")
    match scheme:
        case "sqlite" | "sqlite+aiosqlite":
            return _sqlite_url(address)
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return _postgresql_url(address)
    raise UnusableDatabase(f"I can't use {scheme}. {_EXAMPLES}")


def _sqlite_url(address: str) -> URL:
    host, _, name = address.partition("/")
    if host or not name or name == ":memory:" or "?" in name:
        raise UnusableDatabase(
            "DATABASE_URL doesn't name a file. Use sqlite:///file.db for one in this folder, "
            "sqlite:////folder/file.db for one elsewhere; it takes no options."
        )
    return URL.create("sqlite+aiosqlite", database=str(Path(name).expanduser()))


def _postgresql_url(address: str) -> URL:
    if find_spec("psycopg") is None or find_spec("procrastinate") is None:
        raise UnusableDatabase(
            'For PostgreSQL, install the driver and the queue first: pip install "mentorbot[postgresql]"'
        )
    try:
        url = make_url(f"postgresql+psycopg://{address}")
    except (ArgumentError, ValueError):
        raise UnusableDatabase(f"DATABASE_URL can't be read. {_EXAMPLES}") from None
    if "@" in (url.host or ""):
        raise UnusableDatabase("DATABASE_URL has one @ too many. Inside a user name or a password, write it as %40.")
    return url


def shown_url(text: str) -> str:
    """Write a database URL as it may be shown: without its password, and without options, which may hold one, too."""
    url = parse_url(text)
    if is_sqlite(url):
        return f"sqlite:///{url.database}"
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def is_sqlite(url: URL) -> bool:
    """Check whether the database is a SQLite file, which we may create and upgrade by ourselves."""
    return url.get_backend_name() == "sqlite"


def with_deadlines(url: URL, *, statements: bool = True) -> URL:
    """Add deadlines to the address of a PostgreSQL server. What it says itself stays.

    `statements` bounds each statement, too; a migration may take longer.
    """
    options = str(url.query.get("options", ""))
    if statements and "statement_timeout" not in options:
        options = f"-c statement_timeout={STATEMENT_SECONDS * 1_000} {options}".strip()
    return url.set(query={**_KEEPALIVE, **url.query, **({"options": options} if options else {})})


class ReadingEngine(AsyncEngine):
    """Engine with a reader for short SELECTs, which take no transaction."""

    def __init__(self, sync_engine: Engine, reader: Reader) -> None:
        super().__init__(sync_engine)
        self.reader = reader

    async def dispose(self, close: bool = True) -> None:
        """Close the pooled connections and the reader's. With `close` False, forget the pooled ones."""
        await super().dispose(close)
        if close:
            await self.reader.close()


def make_sqlite_engine(url: URL) -> ReadingEngine:
    """Make an engine that connects on first use. Its errors and logs don't show people's text."""
    database = sqlite.Database(url.database or "", BUSY_SECONDS)
    pooled = create_async_engine(
        url, hide_parameters=True, async_creator=database.connect, pool_size=10, max_overflow=0
    )
    event.listen(pooled.sync_engine, "connect", _set_pragmas)
    event.listen(pooled.sync_engine, "before_cursor_execute", _prepare_statement)
    return ReadingEngine(pooled.sync_engine, database)


def make_migration_engine(url: URL) -> Engine:
    """Make a synchronous engine for Alembic.

    On SQLite it doesn't enforce foreign keys. A migration there changes a table by building a new one and dropping the old one,
    which would delete the rows that refer to it (https://sqlite.org/lang_altertable.html, section 7).
    """
    if not is_sqlite(url):
        return create_engine(with_deadlines(url, statements=False), hide_parameters=True)
    sync_url = url.set(drivername="sqlite")
    engine = create_engine(sync_url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_file)
    return engine


def exists(url: URL) -> bool:
    """Check whether a SQLite file exists. Raises `DatabaseProblem` if there's no way to tell."""
    try:
        return Path(url.database or "").exists()
    except OSError as error:
        raise DatabaseProblem(f"The database file {url.database} can't be looked up: {error.strerror}.") from error


def file_id(url: URL) -> tuple[int, int] | None:
    """Return the device and the inode of a SQLite file, which tell it from one put in its place; None if there's none."""
    if not is_sqlite(url):
        return None
    try:
        found = os.stat(url.database or "")  # noqa: PTH116  for each transaction; a `Path` would take longer to make
    except OSError:
        return None
    return found.st_dev, found.st_ino


def ensure_in_place(url: URL, opened: tuple[int, int] | None) -> None:
    """Raise `DatabaseProblem` if the SQLite file that was `opened` is gone: what its connections write would be lost."""
    if file_id(url) != opened:
        raise DatabaseProblem(
            f"The database file {url.database} was deleted, moved or replaced while the bot was running. "
            "Stop the bot, put the file back or restore a backup, then start it again."
        )


def make_file(url: URL) -> None:
    """Create a SQLite file, readable by this user only, and its folder. Raises `DatabaseProblem` if that's impossible."""
    path = Path(url.database or "")
    try:
        if path.is_dir():
            raise UnusableDatabase(f"{path} is a folder. Name a file in it, for instance {path / 'mentorbot.db'}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise UnusableDatabase(f"The database file {path} can't be created or opened: {error.strerror}.") from error


def _begin_by_hand(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # so the driver doesn't begin transactions by itself


def _set_up_file(connection: Any, record: object) -> None:
    """Choose the mode of a new file; one that has tables keeps its own (https://sqlite.org/pragma.html#pragma_auto_vacuum)."""
    _begin_by_hand(connection, record)
    connection.execute(f"PRAGMA auto_vacuum={sqlite.AUTO_VACUUM}")


def _set_pragmas(connection: Any, record: object) -> None:
    """Set up a SQLite connection: WAL lets readers go on during a write, and foreign keys are off by default."""
    _begin_by_hand(connection, record)
    cursor = connection.cursor()
    # Deleted content is overwritten, because people are told that it's gone: https://sqlite.org/pragma.html#pragma_secure_delete
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA journal_mode")
    mode = cursor.fetchone()[0]
    if mode != "wal":
        with suppress(
            sqlite3.OperationalError
        ):  # another process is setting it right now, or the disk doesn't support it
            cursor.execute("PRAGMA journal_mode=WAL")
            mode = cursor.fetchone()[0]
    cursor.close()
    connection.driver_connection.has_log = mode == "wal"


def _prepare_statement(
    connection: Connection, _cursor: object, statement: str, _values: object, context: ExecutionContext, _many: bool
) -> None:
    """Choose a statement's thread, and take SQLite's write lock when a transaction first writes or reads with `LOCKING`.

    So a command that reads and then waits for a chat platform holds nobody up. Reads before the lock see committed data, as on
    PostgreSQL. A SQLite transaction that begins with a read can't wait for the lock (SQLITE_BUSY_SNAPSHOT,
    https://sqlite.org/rescode.html), so ours begins with the lock.
    """
    adapted, options = cast("AdaptedConnection", connection.connection.dbapi_connection), context.execution_options
    cast("sqlite.Connection", adapted.driver_connection).run_at_once(at_once=options.get("at_once", False))
    if statement.lstrip()[:6].upper().startswith(_READS) and not options.get("locking"):
        return
    adapted.run_async(lambda driver: driver.begin_writing())
