"""aiosqlite with one trip to its thread for a statement; SQLAlchemy makes four: for a cursor, a run, the rows, and the end.

On a busy bot the trips take longer than SQLite's own work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

_CHUNK = 64
"""aiosqlite's own number of rows, for iteration, which nobody does here."""


def connect(database: str, **arguments: Any) -> Connection:
    """What `sqlalchemy.create_async_engine` takes as `async_creator`: await it, and it is open."""
    return Connection(lambda: sqlite3.connect(database, factory=_Wholesale, **arguments), _CHUNK)


class Connection(aiosqlite.Connection):
    """A connection whose cursors are ours. Nothing is committed or rolled back where no transaction is open."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._thread.daemon = (
            True  # as SQLAlchemy sets it: a connection that was forgotten must not keep a process alive
        )

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor that nobody else has; no trip is made for it."""
        return Cursor(self)

    async def commit(self) -> None:
        """Keep what was written."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Undo what was written."""
        if self.in_transaction:
            await super().rollback()


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
