"""`db upgrade` beside processes that use the tables: it lets them go first, and comes to its end all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from mentorbot.errors import DatabaseProblem
from mentorbot.storage import migrations
from mentorbot.storage.database import parse_url

from .conftest import NewDatabase

pytestmark = pytest.mark.postgresql
USED = ("workspaces", "people", "people_settings", "schedules", "deliveries")
READERS = 6
WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")


@pytest.fixture
def before(new_database: NewDatabase) -> str:
    """A database as the release before left it."""
    url = new_database()
    migrations.upgrade(url, "0002")
    return url


@pytest.fixture
async def other(before: str) -> AsyncIterator[AsyncConnection]:
    """Another process's connection, in the middle of a transaction that has looked at deliveries."""
    engine = create_async_engine(parse_url(before))
    async with engine.connect() as connection:
        await connection.execute(text("SET LOCAL deadlock_timeout = '1ms'"))
        await connection.execute(text("SELECT count(*) FROM deliveries"))
        yield connection
    await engine.dispose()


async def waiting(url: str) -> None:
    """Return when the upgrade waits for a table."""
    engine = create_async_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    async with asyncio.timeout(20), engine.connect() as connection:
        while not await connection.scalar(WAITS):
            await asyncio.sleep(0.01)
    await engine.dispose()


async def test_the_upgrade_lets_a_process_in_a_circle_go_first(before: str, other: AsyncConnection) -> None:
    upgrade = asyncio.create_task(asyncio.to_thread(migrations.upgrade, before))
    await waiting(before)
    # If the upgrade had this table by now and wanted the other one, PostgreSQL would break off this transaction.
    assert await other.scalar(text("SELECT count(*) FROM workspaces")) == 0
    await other.rollback()
    assert await upgrade == migrations.head()


async def test_nobody_is_aborted_for_the_upgrade(before: str) -> None:
    """PostgreSQL breaks off either of two that wait in a circle: these look for a circle long before the upgrade does."""
    upgrade = asyncio.create_task(asyncio.to_thread(migrations.upgrade, before))
    engine = create_async_engine(parse_url(before), pool_size=READERS)
    orders = (Random(number) for number in range(READERS))
    await asyncio.gather(*(read_in_any_order(engine, order, upgrade) for order in orders))
    await engine.dispose()
    assert await upgrade == migrations.head()


async def read_in_any_order(engine: AsyncEngine, random: Random, until: asyncio.Task[str]) -> None:
    """Look at a few tables in each transaction, one after the other, until the upgrade is done."""
    async with engine.connect() as connection:
        await connection.execute(text("SET deadlock_timeout = '1ms'"))
        await connection.commit()
        while not until.done():
            for name in random.sample(USED, 3):
                await connection.execute(text(f"SELECT count(*) FROM {name}"))
            await connection.rollback()
            await asyncio.sleep(random.uniform(0, 0.02))


async def test_nobody_waits_behind_the_upgrade_for_long(
    before: str, other: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 0.2)
    upgrade = asyncio.create_task(asyncio.to_thread(migrations.upgrade, before))
    await waiting(before)
    engine = create_async_engine(parse_url(before))
    async with asyncio.timeout(20), engine.connect() as third:
        assert await third.scalar(text("SELECT count(*) FROM deliveries")) == 0
        assert not upgrade.done()
    await engine.dispose()
    await other.rollback()
    assert await upgrade == migrations.head()


async def test_the_upgrade_gives_way_to_users_of_the_queue(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, files = new_database(), migrations._queue_migrations()
    migrations.upgrade(url)
    added = {**files, "99.00.00_01_newer.sql": "ALTER TABLE procrastinate_jobs ADD COLUMN newer int; SELECT 1;"}
    monkeypatch.setattr(migrations, "_queue_migrations", lambda: added)
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 0.2)
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as other:
        await other.execute(text("SELECT count(*) FROM procrastinate_jobs"))
        upgrade = asyncio.create_task(asyncio.to_thread(migrations.upgrade, url))
        await waiting(url)
        await asyncio.sleep(0.5)
        assert not upgrade.done()
        await other.rollback()
        assert await upgrade == migrations.head()
        await other.execute(text("SELECT newer FROM procrastinate_jobs"))
        monkeypatch.setattr(migrations, "_queue_migrations", lambda: files)  # the release before comes once more
        assert await asyncio.to_thread(migrations.upgrade, url) == migrations.head()
        monkeypatch.setattr(migrations, "_queue_migrations", lambda: added)
        assert await asyncio.to_thread(migrations.upgrade, url) == migrations.head()  # does not add the column again
    await engine.dispose()


@pytest.mark.parametrize("patience", [0, 0.5])
async def test_an_upgrade_without_a_turn_says_so_and_changes_nothing(
    before: str, other: AsyncConnection, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(migrations, "PATIENCE", patience)
    with pytest.raises(DatabaseProblem, match="Other processes keep its tables busy"):
        await asyncio.to_thread(migrations.upgrade, before)
    assert migrations.current(before) == "0002"
    assert await other.scalar(text("SELECT count(*) FROM deliveries")) == 0
