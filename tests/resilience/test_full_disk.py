"""A full disk on SQLite: the error names it, nothing is half done, and delivery goes on once there's room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from mentorbot.domain.deliveries import DeliveryState

from .conftest import DUE, Bot


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_full_disk_fails_cleanly_and_delivery_resumes(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    disk = Disk(bot)
    await disk.fill()
    await bot.tick_at(DUE)  # a failed plan doesn't keep what was planned before from being sent
    assert "The disk is full. Free up some space and try again; nothing half done was saved." in caplog.text
    assert (bot.posted, await bot.states()) == ({}, {})
    await disk.make_room()
    await bot.tick_at(DUE + timedelta(minutes=1))
    assert await bot.states() == {DeliveryState.SENT: 40}
    assert list(bot.posted.values()) == [1] * 40


class Disk:
    """A disk with no room for the database's file. SQLite itself reports it, by way of max_page_count."""

    def __init__(self, bot: Bot) -> None:
        self._engine = bot.store._engine
        self._full = False
        event.listen(self._engine.sync_engine, "connect", self._limit)

    def _limit(self, connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(
            f"PRAGMA max_page_count = {1 if self._full else 1_073_741_823}"
        )  # SQLite raises 1 to the current size
        cursor.close()

    async def fill(self) -> None:
        """Leave no room from now on."""
        self._full = True
        await self._engine.dispose()  # the limit is per connection

    async def make_room(self) -> None:
        """Lift the limit."""
        self._full = False
        await self._engine.dispose()
