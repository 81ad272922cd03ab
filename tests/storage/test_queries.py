"""Short reads outside transactions: what they see, and what happens to their connections."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.storage import Store, UnitOfWork, migrations
from mentorbot.storage.database import parse_url

from .conftest import MONDAY, NOW, OURS, ROLE, NewDatabase, add_step

DISCONNECT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_a_read_sees_what_its_transaction_wrote_and_nothing_uncommitted_of_others(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U1", "Ada")
    async with store.unit_of_work(OURS) as writing, store.unit_of_work(OURS) as reading:
        await add_step(writing, "U1", ROLE, "Read a paper", "")
        assert await writing.learner("U1", ROLE).plans.has_active_steps()
        assert not await reading.learner("U1", ROLE).plans.has_active_steps()
    async with store.unit_of_work(OURS) as uow:
        saved = await uow.learner("U1", ROLE).plans.get()
    assert [step.text for step in saved.plan.steps] == ["Read a paper"]


async def test_more_people_read_at_once_than_there_are_connections(store: Store) -> None:
    async def name_of(user_id: str) -> str:
        async with store.unit_of_work(OURS) as uow:
            person = await uow.people.get(user_id)
            return person.name if person else ""

    async with store.unit_of_work(OURS) as uow:
        for number in range(20):
            await uow.people.ensure(f"U{number}", f"Ada {number}")
    names = await asyncio.gather(*(name_of(f"U{number}") for number in range(20)))
    assert names == [f"Ada {number}" for number in range(20)]


async def test_a_transaction_that_has_begun_reads_the_same_records(store: Store) -> None:
    destination = Destination(OURS, user_id="U1")
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U1", "Ada")
        for user_id in ("U1", "U2"):
            await uow.mentorships.save_offer(user_id, ROLE, ["ml"], 2, offering=True)
        await uow.schedules.start(destination, MessageKind.CHECKIN, MONDAY, role=ROLE, created_by="U1", now=NOW)
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.CHECKIN, NOW, key="now")

    async def read(uow: UnitOfWork) -> list[object]:
        return [
            await uow.schedules.of_person("U1"),
            await uow.deliveries.recent("U1", 5),
            await uow.mentorships.mentors(ROLE),
            await uow.mentorships.mentor("U2", ROLE),
            await uow.people.message_settings("U1"),
            await uow.calendars.get(),
            await uow.privacy.everything("U1"),
        ]

    async with store.unit_of_work(OURS) as uow:
        outside = await read(uow)
        await uow.people.ensure("U1", "Ada Lovelace")
        await uow.people.ensure("U1", "Ada")
        assert await read(uow) == outside
    schedules, messages, mentors, *_ = outside
    assert isinstance(schedules, list)
    assert isinstance(messages, list)
    assert isinstance(mentors, list)
    assert [schedule.destination.user_id for schedule in schedules] == ["U1"]
    assert [(message.kind, message.schedule) for message in messages] == [(MessageKind.CHECKIN, None)]
    assert [mentor.user_id for mentor in mentors] == ["U1", "U2"]


@pytest.mark.postgresql
async def test_a_read_finds_its_way_after_the_server_has_cut_its_connections(new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    store, other = await Store.open(url, FrozenClock(NOW)), create_async_engine(parse_url(url))
    for _ in range(2):
        async with store.unit_of_work(OURS) as uow:
            await uow.people.ensure("U1", "Ada")
        async with store.unit_of_work(OURS) as uow:
            assert await uow.people.get("U1") is not None
        async with other.connect() as connection:
            await connection.execute(DISCONNECT)
    await other.dispose()
    await store.close()
