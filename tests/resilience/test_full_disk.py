"""A full disk on SQLite: it is said, nothing is half done, and all goes on where there is room again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from mentorbot.errors import DatabaseProblem

from .conftest import DUE, Bot


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_full_disk(bot: Bot) -> None:
    disk = Disk(bot)
    await disk.fill()
    with pytest.raises(DatabaseProblem, match="The disk is full"):
        await bot.tick_at(DUE)
    assert (bot.posted, await bot.states()) == ({}, {})
    await disk.make_room()
    await bot.tick_at(DUE + timedelta(minutes=1))
    assert await bot.states() == {"sent": 40}
    assert list(bot.posted.values()) == [1] * 40


class Disk:
    """A disk on which the database's file cannot grow, as SQLite itself says it (max_page_count)."""

    def __init__(self, bot: Bot) -> None:
        self._engine = bot.store._engine
        self._full = False
        event.listen(self._engine.sync_engine, "connect", self._limit)

    def _limit(self, connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {1 if self._full else 1_073_741_823}")  # never less than there is
        cursor.close()

    async def fill(self) -> None:
        """From now on there is no room."""
        self._full = True
        await self._engine.dispose()

    async def make_room(self) -> None:
        """From now on there is."""
        self._full = False
        await self._engine.dispose()
