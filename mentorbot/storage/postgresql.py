"""Short reads from PostgreSQL without SQLAlchemy: on connections of their own, each statement by itself.

Measured with 64 people at once, in CPU time of the bot: 0.16 ms for the role someone learns, instead of 1.7 ms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.types.json import set_json_loads
from pydantic_core import from_json
from sqlalchemy import URL, Dialect
from sqlalchemy.ext.asyncio import create_async_engine

from mentorbot.storage.database import ReadingEngine, with_deadlines

CONNECTIONS = 4
"""Connections kept for reads. One carries some thousand reads in a second."""


def make_postgresql_engine(url: URL) -> ReadingEngine:
    """Make an engine that connects on first use. Its errors and logs don't show people's text."""
    address = with_deadlines(url)
    pooled = create_async_engine(address, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10)
    return ReadingEngine(pooled.sync_engine, PostgreSQLReader(address, pooled.dialect))


class PostgreSQLReader:
    """Reads what's committed. A connection that fails is closed, and the next read opens a new one."""

    def __init__(self, url: URL, dialect: Dialect) -> None:
        self.dialect = dialect
        _, self._options = dialect.create_connect_args(url)
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._free: list[psycopg.AsyncConnection] = []

    async def rows(self, statement: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]] | None:
        """Run a SELECT; None if the server doesn't answer it, so that a transaction finds out what's wrong."""
        async with self._turns:
            try:
                connection = self._free.pop() if self._free else await self._connect()
            except psycopg.Error:
                return None
            try:
                rows = await (await connection.execute(statement, values)).fetchall()
            except psycopg.Error:
                await connection.close()
                return None
            except BaseException:
                await connection.close()
                raise
            self._free.append(connection)
            return rows

    async def _connect(self) -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(**self._options, autocommit=True)
        set_json_loads(from_json, connection)
        return connection

    async def close(self) -> None:
        """Close its connections."""
        while self._free:
            await self._free.pop().close()
