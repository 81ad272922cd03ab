"""Backups: made while the bot runs, put back when it doesn't, and gone after 30 days."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.errors import DatabaseProblem, UnusableDatabase
from mentorbot.storage import Store, backups, migrations
from mentorbot.storage.database import parse_url
from tests.postgresql import run_tool

from .conftest import NOW, NewDatabase

TEAM = Workspace("slack", "T1")


async def remember(store: Store, key: str) -> None:
    """Save something that `is_known` finds."""
    async with store.unit_of_work(TEAM) as uow:
        await uow.interactions.remember(key, "answered")


async def is_known(url: str, key: str) -> bool:
    """Look for what `remember` saved."""
    store = await Store.open(url, FrozenClock(NOW))
    async with store.unit_of_work(TEAM) as uow:
        answered = await uow.interactions.answered(key)
    await store.close()
    return answered is not None


async def test_a_backup_of_a_running_bot_can_be_restored(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/bot.db", tmp_path / "monday.db"
    store = await Store.open(url, FrozenClock(NOW))
    await remember(store, "before")
    backups.back_up(url, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await remember(store, "after")
    with pytest.raises(DatabaseProblem, match="Stop the bot first"):
        backups.restore(url, file)
    await store.close()

    kept = backups.restore(url, file)
    assert kept is not None
    assert await is_known(url, "before")
    assert not await is_known(url, "after")
    assert await is_known(f"sqlite:///{kept}", "after")
    again = backups.restore(url, file)
    assert again not in (None, kept)
    assert await is_known(f"sqlite:///{kept}", "after")  # restoring the wrong backup first costs nothing
    with pytest.raises(UnusableDatabase, match="already exists"):
        backups.back_up(url, file)


async def test_a_damaged_file_is_noticed_at_the_start_and_can_be_replaced(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/bot.db", tmp_path / "monday.db"
    store = await Store.open(url, FrozenClock(NOW))
    await remember(store, "before")
    await store.close()
    backups.back_up(url, file)
    damage(tmp_path / "bot.db")
    with pytest.raises(UnusableDatabase, match="damaged"):
        await Store.open(url, FrozenClock(NOW))
    backups.restore(url, file)
    assert await is_known(url, "before")


def damage(file: Path) -> None:
    """Overwrite everything behind the first pages, as a broken disk would."""
    with file.open("r+b") as data:
        data.seek(3 * 4096)
        data.write(os.urandom(file.stat().st_size - 4 * 4096))


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    (tmp_path / "text").write_text("not a database, though it's long enough to look like one" * 100)
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as connection:
        connection.execute("CREATE TABLE x (y)")
    for name in ("none", "text", "foreign.db"):
        with pytest.raises(UnusableDatabase):
            backups.restore(url, tmp_path / name)
    assert not (tmp_path / "bot.db").exists()


def test_an_upgrade_is_preceded_by_a_backup_that_is_deleted_after_30_days(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    migrations.upgrade(url, "0007")
    migrations.ready(url)
    backup = tmp_path / "bot.db.schema-0007.backup"
    assert migrations.current(f"sqlite:///{backup}") == "0007"
    os.utime(backup, (NOW.timestamp(), NOW.timestamp()))
    assert backups.expire(parse_url(url), NOW + timedelta(days=29)) == []
    assert backups.expire(parse_url(url), NOW + timedelta(days=31)) == [backup]
    assert not backup.exists()


@pytest.mark.postgresql
async def test_postgresql_is_backed_up_with_the_documented_commands(new_database: NewDatabase, tmp_path: Path) -> None:
    url, other, file = new_database(), new_database(), tmp_path / "monday.dump"
    with pytest.raises(UnusableDatabase, match="pg_dump"):
        backups.back_up(url, file)
    migrations.upgrade(url)
    store = await Store.open(url, FrozenClock(NOW))
    await remember(store, "before")
    await store.close()
    run_tool("pg_dump", "--format=custom", f"--file={file}", url)
    run_tool("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={other}", str(file))
    assert await is_known(other, "before")
