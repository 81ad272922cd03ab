"""aiosqlite for many tasks of one process.

A statement makes one trip to the connection's thread; SQLAlchemy makes four: for a cursor, a run, the rows, and the end. On a
busy bot the trips take longer than SQLite's own work. And who wants to write waits for its turn here: SQLite itself has
connections sleep and try again, some milliseconds each time (https://sqlite.org/c3ref/busy_timeout.html).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

_CHUNK = 64
"""aiosqlite's own number of rows, for iteration, which nobody does here."""


class Database:
    """A file, for all connections of one process."""

    def __init__(self, file: str, busy_seconds: float) -> None:
        self._file, self.busy_seconds = file, busy_seconds
        self.writing = asyncio.Lock()

    def connect(self) -> Connection:
        """What `sqlalchemy.create_async_engine` takes as `async_creator`: await it, and it is open."""
        return Connection(self)

    def open(self) -> sqlite3.Connection:
        """A connection that waits up to `busy_seconds` for other processes."""
        return sqlite3.connect(self._file, factory=_Wholesale, timeout=self.busy_seconds)


class Connection(aiosqlite.Connection):
    """A connection whose cursors are ours. Nothing is committed or rolled back where no transaction is open."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.open, _CHUNK)
        self._database, self._writes = database, False
        self._stopped = False
        self._end: asyncio.Future[Any] | None = None
        # As SQLAlchemy sets it: a connection that was forgotten must not keep a process alive.
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # type: ignore[override]  # nothing to wait for
        """A cursor that nobody else has; no trip is made for it."""
        return Cursor(self)

    async def begin_writing(self) -> None:
        """Begin a transaction with the lock on the file, which nobody else has until it ends; nothing when it has begun.

        Raises:
            sqlite3.OperationalError: others have kept the lock for `busy_seconds`.
        """
        if self.in_transaction:
            return
        try:
            async with asyncio.timeout(self._database.busy_seconds):
                await self._database.writing.acquire()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None
        self._writes = True
        try:
            await self.execute_fetchall("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._let_others_write()
            raise

    async def commit(self) -> None:
        """Keep what was written."""
        if self._open:
            await super().commit()
        self._let_others_write()

    async def rollback(self) -> None:
        """Undo what was written."""
        if self._open:
            await super().rollback()
        self._let_others_write()

    async def close(self) -> None:
        """Let go of the file, whatever was not committed."""
        await super().close()
        self._let_others_write()

    def stop(self) -> asyncio.Future[Any] | None:
        """The same without waiting. Whoever stops it again waits for the same end: its thread answers the first one alone."""
        self._let_others_write()
        if not self._stopped:
            self._stopped, self._end = True, super().stop()
        return self._end

    @property
    def _open(self) -> bool:
        """Whether a transaction may be open: one whose beginning was cancelled may have begun all the same."""
        return self._writes or self.in_transaction

    def _let_others_write(self) -> None:
        if self._writes:
            self._writes = False
            self._database.writing.release()


class Cursor:
    """As much of a cursor (PEP 249, with await) as SQLAlchemy asks for: all rows are there once a statement has run."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, values: Iterable[Any] = ()) -> None:
        """Run one statement, and fetch what it says."""
        [told] = await self._connection.execute_fetchall(statement, values)
        self.description, self.rowcount, self.lastrowid, self._rows = told

    async def executemany(self, statement: str, values: Iterable[Iterable[Any]]) -> None:
        """Run one statement for each of `values`."""
        async with self._connection.executemany(statement, values) as cursor:
            self.description, self.rowcount, self.lastrowid = None, cursor.rowcount, cursor.lastrowid

    async def fetchall(self) -> Sequence[Any]:
        """The rows of the statement that ran last."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""


class _Wholesale(sqlite3.Connection):
    """What `execute` gives back has everything that a cursor can tell in its one row; so `execute_fetchall` brings it along."""

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        return self.cursor(_Whole).execute(statement, values)


class _Whole(sqlite3.Cursor):
    def fetchall(self) -> list[Any]:
        rows = super().fetchall()
        return [(self.description, self.rowcount, self.lastrowid, rows)]
