"""Several who write to one SQLite file from one process: each in its turn, and nobody keeps the others out for good."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from mentorbot.clock import FrozenClock
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store, database
from mentorbot.storage.sqlite import COMMITS_PER_CHECKPOINT, Database

from .conftest import NOW, OURS, THEIRS


@pytest.fixture
async def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """An open SQLite file that nobody waits for longer than half a second."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.5)
    store = await Store.open(f"sqlite:///{tmp_path / 'bot.db'}", FrozenClock(NOW))
    yield store
    await store.close()


async def write(store: Store, person: str, written: asyncio.Event, go_on: asyncio.Event) -> None:
    """Write, and keep the transaction open until told to go on."""
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure(person, person)
        written.set()
        await go_on.wait()


async def names(store: Store, *people: str) -> list[str]:
    """List those of some people who are known."""
    async with store.unit_of_work(OURS) as uow:
        return [person for person in people if await uow.people.get(person)]


async def test_the_second_writer_waits_for_the_first(file: Store) -> None:
    written, go_on, told = asyncio.Event(), asyncio.Event(), list[str]()

    async def second() -> None:
        async with file.unit_of_work(THEIRS) as uow:
            await uow.people.ensure("U2", "Grace")
            told.append("second wrote")

    first = asyncio.create_task(write(file, "U1", written, go_on))
    await written.wait()
    waiting = asyncio.create_task(second())
    assert await names(file, "U1") == []  # a reader waits for nobody, and sees what's committed
    told.append("first ends")
    go_on.set()
    await asyncio.gather(first, waiting)
    assert told == ["first ends", "second wrote"]
    assert await names(file, "U1") == ["U1"]


@pytest.mark.parametrize("replaced", [False, True])
async def test_nothing_is_written_to_a_file_that_was_deleted_or_replaced(
    file: Store, tmp_path: Path, replaced: bool
) -> None:
    assert await names(file, "ada") == []
    (tmp_path / "bot.db").rename(tmp_path / "away.db")
    if replaced:
        (tmp_path / "bot.db").write_bytes((tmp_path / "away.db").read_bytes())
    with pytest.raises(DatabaseProblem, match="deleted, moved or replaced"):
        async with file.unit_of_work(OURS) as uow:
            await uow.people.ensure("ada", "Ada")
    with pytest.raises(DatabaseProblem, match="restore a backup"):
        await file.trouble()
    (tmp_path / "away.db").replace(tmp_path / "bot.db")
    assert await names(file, "ada") == []
    assert await file.trouble() == ""


async def test_a_writer_that_waits_too_long_is_told_so(file: Store) -> None:
    written, go_on = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(write(file, "U1", written, go_on))
    await written.wait()
    with pytest.raises(DatabaseProblem, match="keeps it locked"):
        await write(file, "U2", written, go_on)
    go_on.set()
    await first
    await write(file, "U3", written, go_on)
    assert await names(file, "U1", "U2", "U3") == ["U1", "U3"]


@pytest.mark.parametrize("breaths", range(8))
async def test_a_cancelled_writer_lets_the_others_write(file: Store, breaths: int) -> None:
    """Cancelled before, while and after it begins to write, whichever turn of the loop that is."""
    written, go_on = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(write(file, "U1", written, go_on))
    for _ in range(breaths):
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    go_on.set()
    await write(file, "U2", written, go_on)
    assert await names(file, "U1", "U2") == ["U2"]


async def test_a_writer_cancelled_while_it_waits_takes_no_turn(file: Store) -> None:
    written, go_on = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(write(file, "U1", written, go_on))
    await written.wait()
    waiting = asyncio.create_task(write(file, "U2", asyncio.Event(), go_on))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.wait([waiting])
    go_on.set()
    await first
    await write(file, "U3", written, go_on)
    assert await names(file, "U1", "U2", "U3") == ["U1", "U3"]


async def test_a_failed_transaction_lets_the_others_write(file: Store) -> None:
    async def break_off() -> None:
        async with file.unit_of_work(OURS) as uow:
            await uow.people.ensure("U1", "Ada")
            raise RuntimeError("broke")

    with pytest.raises(RuntimeError, match="broke"):
        await break_off()
    written, go_on = asyncio.Event(), asyncio.Event()
    go_on.set()
    await write(file, "U2", written, go_on)
    assert await names(file, "U1", "U2") == ["U2"]


async def test_the_loop_goes_on_while_another_process_writes(file: Store, tmp_path: Path) -> None:
    await names(file, "U1")  # so that the file has its log
    breaths, written, go_on = 0, asyncio.Event(), asyncio.Event()
    go_on.set()
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(write(file, "U1", written, go_on))
        given_up = asyncio.create_task(write(file, "U2", asyncio.Event(), go_on))
        while breaths < 5:
            await asyncio.sleep(0.01)
            breaths += 1
        assert not written.is_set()
        given_up.cancel()
        other.execute("ROLLBACK")
    await waiting
    await asyncio.wait([given_up])
    await write(file, "U3", written, go_on)
    assert await names(file, "U1", "U2", "U3") == ["U1", "U3"]


async def test_a_writer_cancelled_while_another_process_writes_lets_the_others_write(
    file: Store, tmp_path: Path
) -> None:
    await names(file, "U1")
    written, go_on = asyncio.Event(), asyncio.Event()
    go_on.set()
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(write(file, "U1", written, go_on))
        await asyncio.sleep(0.05)
        waiting.cancel()
        other.execute("ROLLBACK")
    await asyncio.wait([waiting])
    await write(file, "U2", written, go_on)
    assert await names(file, "U1", "U2") == ["U2"]


async def test_what_many_commits_wrote_gets_from_the_log_into_the_file(file: Store, tmp_path: Path) -> None:
    def in_file() -> int:
        """Count the people in the file alone, as if its log were lost."""
        copy = tmp_path / "copy.db"
        copy.write_bytes((tmp_path / "bot.db").read_bytes())
        with closing(sqlite3.connect(copy)) as connection:
            return int(connection.execute("SELECT count(*) FROM people").fetchone()[0])

    written, go_on = asyncio.Event(), asyncio.Event()
    go_on.set()
    for number in range(COMMITS_PER_CHECKPOINT + 10):
        await write(file, f"U{number}", written, go_on)
    async with asyncio.timeout(5):
        while not in_file():
            await asyncio.sleep(0.01)
    assert in_file() >= COMMITS_PER_CHECKPOINT


async def test_closing_a_busy_connection_twice_ends(tmp_path: Path) -> None:
    connection, done = await Database(str(tmp_path / "bot.db"), 0.5).connect(), threading.Event()
    await connection.create_function("wait_long", 0, lambda: done.wait(20))
    busy = asyncio.create_task(connection.execute_fetchall("SELECT wait_long()"))
    await asyncio.sleep(0)
    connection.stop()
    again = asyncio.create_task(connection.close())
    await asyncio.sleep(0.05)
    done.set()
    ended, still = await asyncio.wait([busy, again], timeout=20)
    assert (len(ended), still) == (2, set())
    assert str(again.exception()) == "Connection closed"
    connection._thread.join(20)
    assert not connection._thread.is_alive()


async def test_closing_the_store_waits_for_a_statement_that_was_cut_off(tmp_path: Path) -> None:
    """Its thread answers to the event loop, which may be closed once the store is."""
    before = set(threading.enumerate())
    store = await Store.open(f"sqlite:///{tmp_path / 'bot.db'}", FrozenClock(NOW))
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n"

    async def ask() -> None:
        async with store._session() as session:
            await session.execute(text(count))

    task = asyncio.create_task(ask())
    await asyncio.sleep(0.02)  # it's running
    task.cancel()
    await asyncio.wait({task})
    await store.close()
    assert [thread for thread in set(threading.enumerate()) - before if "_connection_worker" in thread.name] == []


async def test_closing_the_store_closes_what_an_abandoned_task_holds(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'bot.db'}", FrozenClock(NOW))
    session = store._session()
    opened = await session.__aenter__()
    await opened.execute(text("SELECT 1"))
    before = [thread for thread in threading.enumerate() if "_connection_worker" in thread.name]
    assert before
    await store.close()  # nobody comes back to end the session
    assert [thread for thread in before if thread.is_alive()] == []
    await session.__aexit__(None, None, None)
