"""After an erasure, neither the rows nor the bytes are left, and nothing is sent to a workspace the bot was removed from."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import MessageKind
from mentorbot.storage import Store, backups, sqlite

from .conftest import MINUTE, NOW, OURS, ROLE, THEIRS, add_step, channel_of, new_delivery, new_schedule, start

SERVER, OTHER_SERVER = Workspace("discord", "1"), Workspace("discord", "2")
SECRET, KEPT = "Wilhelmina", "Bartholomew"


async def fill(store: Store, workspace: Workspace, user_id: str, name: str, steps: int = 30) -> None:
    """Store a person with a plan, its history, a note and a check-in schedule. Everything contains their name."""
    async with store.unit_of_work(workspace) as uow:
        await uow.people.ensure(user_id, name)
        await start(uow, channel_of(workspace, f"C{user_id}"))
        await uow.interactions.remember(f"key-{user_id}", f'"{name}"')
        await uow.deliveries.enqueue(user_id, ROLE, MessageKind.NOTE, NOW, key="k", body=f"Dear {name}", author=user_id)
    for number in range(steps):
        async with store.unit_of_work(workspace) as uow:
            await add_step(uow, user_id, ROLE, f"{name} reads chapter {number} " + "at length " * (number % 20))


@pytest.fixture
def file(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A SQLite file with our tables."""
    path = tmp_path / "bot.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return path


def stored_bytes(file: Path) -> bytes:
    """Read everything on the disk that belongs to a SQLite file."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


async def test_no_byte_is_left_of_an_erased_person(file: Path) -> None:
    store = await Store.open(f"sqlite:///{file}", FrozenClock(NOW))
    await fill(store, OURS, "U1", SECRET)
    await fill(store, OURS, "U2", KEPT)
    assert SECRET.encode() in stored_bytes(file)
    async with store.unit_of_work(OURS) as uow:
        assert (await uow.privacy.erase("U1"))["steps"] == 30
    assert SECRET.encode() not in stored_bytes(file)
    assert KEPT.encode() in stored_bytes(file)
    await store.close()


async def test_no_byte_is_left_of_rows_that_were_moved_between_pages(file: Path) -> None:
    """SQLite moves rows to balance its trees, and leaves copies behind in pages that `secure_delete` doesn't touch."""
    store = await Store.open(f"sqlite:///{file}", FrozenClock(NOW))
    for number in range(12):
        await fill(store, OURS, f"U{number}", f"{SECRET}{number:02}", steps=number)
    for number in range(0, 12, 3):
        async with store.unit_of_work(OURS) as uow:
            await uow.privacy.erase(f"U{number}")
        assert f"{SECRET}{number:02}".encode() not in stored_bytes(file)
    await store.close()


async def test_file_in_use_is_scrubbed_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SCRUB_SECONDS", 0.1)
    store = await Store.open(f"sqlite:///{file}", FrozenClock(NOW))
    await fill(store, OURS, "U1", SECRET)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        async with store.unit_of_work(OURS) as uow:
            await uow.privacy.erase("U1")
        assert SECRET.encode() in stored_bytes(file)
    await store.workspaces.scrub_again()
    assert SECRET.encode() not in stored_bytes(file)
    await store.close()


async def test_space_is_given_back_in_small_steps_while_others_write(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MIN_UNUSED_BYTES", 1_000_000)
    monkeypatch.setattr(sqlite, "PAGES_AT_ONCE", 200)
    sqlite.scrub(str(file), whole=True)  # an earlier release's file is prepared by that
    store = await Store.open(f"sqlite:///{file}", FrozenClock(NOW))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE large (body BLOB)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO large VALUES (?)", ((bytes(3_000),) for _ in range(2_000)))
        connection.execute("COMMIT")
        connection.execute("DELETE FROM large")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = len(stored_bytes(file))
    giving_back = asyncio.create_task(store.workspaces.give_back_space())
    writes = 0
    async with asyncio.timeout(30):
        while not giving_back.done():
            async with store.unit_of_work(OURS) as uow:
                await uow.people.ensure(f"U{writes}", KEPT)
            writes += 1
            await asyncio.sleep(0.05)
        await giving_back
    await store.close()
    assert writes > 2
    assert len(stored_bytes(file)) < before - 5_000_000
    backups.check(file)


async def test_new_files_can_give_back_space(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'new.db'}", FrozenClock(NOW))
    await store.close()
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


async def test_no_byte_is_left_of_an_erased_workspace(file: Path) -> None:
    store = await Store.open(f"sqlite:///{file}", FrozenClock(NOW))
    for number in range(4):
        await fill(store, OURS, f"U{number}", f"{SECRET} {number}", steps=10)
        await fill(store, THEIRS, f"U{number}", f"{KEPT} {number}", steps=10)
    counts = await store.workspaces.erase(OURS)
    assert (counts["workspaces"], counts["people"], counts["steps"]) == (1, 4, 40)
    assert SECRET.encode() not in stored_bytes(file)
    assert KEPT.encode() in stored_bytes(file)
    await store.close()


async def test_erasing_a_workspace_leaves_the_others_as_they_are(store: Store) -> None:
    await fill(store, OURS, "U1", SECRET, steps=3)
    await fill(store, THEIRS, "U1", KEPT, steps=3)
    before = await store.workspaces.everything(THEIRS)
    assert SECRET in str(await store.workspaces.everything(OURS))
    await store.workspaces.erase(OURS)
    assert await store.workspaces.everything(OURS) == {}
    assert await store.workspaces.everything(THEIRS) == before
    assert await store.workspaces.of_platform("slack") == [THEIRS]


async def test_export_covers_every_table_of_a_workspace(store: Store) -> None:
    await fill(store, OURS, "U1", SECRET, steps=3)
    tables = await store.workspaces.everything(OURS)
    assert set(tables) >= {"workspaces", "people", "learners", "plans", "steps", "deliveries", "schedules", "requests"}
    assert KEPT not in str(tables)


async def test_nothing_is_planned_or_sent_in_a_removed_workspace(store: Store) -> None:
    delivery = await new_delivery(store)
    await new_schedule(store, "C2")
    assert await store.workspaces.mark_removed(OURS, NOW)
    assert not await store.workspaces.mark_removed(OURS, NOW + MINUTE)
    assert await store.queue.ready(NOW, ["slack"], 10) == []
    assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE) is None
    assert await store.queue.unsettled([delivery.id]) is None
    async with store.queue.planning() as planning:
        assert await planning.due(NOW, 10) == []


async def test_everything_goes_on_once_the_bot_is_back(store: Store) -> None:
    delivery = await new_delivery(store)
    await store.workspaces.mark_removed(OURS, NOW)
    assert await store.workspaces.mark_present(OURS, "A1")
    assert not await store.workspaces.mark_present(OURS)
    assert await store.queue.ready(NOW, ["slack"], 10) == [delivery.id]
    assert await store.workspaces.removed(10) == []


async def test_comparison_finds_who_removed_the_bot_and_who_invited_it_again(store: Store) -> None:
    for server in (SERVER, OTHER_SERVER):
        await new_schedule(store, "1", server)
    assert await store.workspaces.compare("discord", "A1", {"1", "2"}, NOW) == ([], [])
    assert await store.workspaces.compare("discord", "A1", {"2"}, NOW) == ([SERVER], [])
    assert await store.workspaces.compare("discord", "A1", {"2"}, NOW + MINUTE) == ([], [])
    assert await store.workspaces.removed(10) == [(SERVER, NOW)]
    assert await store.workspaces.compare("discord", "A1", {"1", "2"}, NOW) == ([], [SERVER])


async def test_comparison_leaves_another_applications_workspaces_alone(store: Store) -> None:
    await new_schedule(store, "1", SERVER)
    await store.workspaces.compare("discord", "A1", {"1"}, NOW)
    assert await store.workspaces.compare("discord", "A2", set(), NOW) == ([], [])
