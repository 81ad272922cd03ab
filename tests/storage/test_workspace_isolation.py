"""One workspace never sees or changes another's, whatever ids it's given."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.domain.deliveries import Destination, MessageKind, Schedule, ScheduleState
from mentorbot.domain.plan import Plan, StepState
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.errors import NotFound
from mentorbot.storage import Store, UnitOfWork

from .conftest import (
    MONDAY,
    NOW,
    OURS,
    ROLE,
    THEIRS,
    active_texts,
    add_step,
    channel_of,
    mark_step,
    person_in,
    start,
)

DAY = date(2026, 12, 24)
SAME_ID_ELSEWHERE = Workspace("discord", OURS.id)

intruders = pytest.mark.parametrize("intruder", [THEIRS, SAME_ID_ELSEWHERE, Workspace("slack", "")], ids=str)


async def fill(store: Store) -> None:
    """Everything a workspace can have, in ours."""
    async with store.unit_of_work(OURS) as uow:
        person = await person_in(uow, "U1", "Ada")
        await uow.people.set_zone("U1", ZoneInfo("Europe/Berlin"))
        await add_step(uow, "U1", ROLE, "a private step", "tip:x")
        await start(uow, channel_of(OURS), now=NOW)
        await start(uow, person, MessageKind.CHECKIN, NOW)
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.NOTE, NOW, key="k", body="private")
        await uow.interactions.remember("key", '"private"')
        await uow.calendars.set_country("DE")
        await uow.calendars.set_spread(30)
        await uow.calendars.save_day(DAY, "private")
        await uow.muted_channels.add(Channel(OURS, "C1", "general"))


async def tip_of(uow: UnitOfWork) -> Schedule | None:
    """The tips of a workspace's channel."""
    return await uow.schedules.get(channel_of(uow.workspace), MessageKind.TIP)


@intruders
async def test_nothing_of_ours_is_seen(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit_of_work(intruder) as uow:
        assert await uow.people.get("U1") is None
        assert (await uow.learner("U1", ROLE).plans.get()).plan == Plan()
        assert await tip_of(uow) is None
        assert await uow.schedules.all() == []
        assert await uow.schedules.of_person("U1") == []
        assert await uow.deliveries.recent("U1", 9) == []
        assert await uow.deliveries.sent_checkins("U1") == []
        assert await uow.interactions.answered("key") is None
        assert await uow.calendars.get() == EVERY_DAY
        assert await uow.muted_channels.all() == []
        assert not await uow.muted_channels.ids()


@intruders
async def test_nothing_of_ours_is_changed(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit_of_work(intruder) as uow:
        channel = channel_of(intruder)
        await uow.people.set_zone("U1", ZoneInfo("Asia/Tokyo"))
        assert await uow.schedules.stop(channel, MessageKind.TIP) is None
        assert await uow.schedules.pause_until(channel, MessageKind.TIP, DAY) is None
        assert await uow.schedules.stop(Destination(intruder, user_id="U1"), MessageKind.CHECKIN) is None
        await uow.deliveries.cancel(MessageKind.NOTE)
        await uow.deliveries.cancel(MessageKind.NOTE, user_id="U1")
        await uow.calendars.delete_day(DAY)
        await uow.calendars.save_day(DAY, "theirs")
        await uow.calendars.set_country("US")
        await uow.calendars.set_spread(0)
        await uow.muted_channels.remove("C1")
        with pytest.raises(NotFound):
            await mark_step(uow, "U1", ROLE, 1, StepState.DROPPED)
    async with store.unit_of_work(OURS) as uow:
        assert await uow.calendars.get() == WorkCalendar("DE", {DAY: "private"}, 30)
        person, tip = await uow.people.get("U1"), await tip_of(uow)
        assert person is not None
        assert tip is not None
        assert (person.name, person.zone) == ("Ada", ZoneInfo("Europe/Berlin"))
        assert (tip.state, tip.recurrence, tip.next_run_at) == (
            ScheduleState.ACTIVE,
            MONDAY,
            NOW - timedelta(hours=1) + timedelta(weeks=1),
        )
        assert [schedule.state for schedule in await uow.schedules.of_person("U1")] == [ScheduleState.ACTIVE]
        assert [delivery.body for delivery in await uow.deliveries.recent("U1", 9)] == ["private"]
        assert await active_texts(uow, "U1", ROLE) == ["a private step"]
        assert await uow.muted_channels.all() == [Channel(OURS, "C1", "general")]


async def test_the_same_ids_live_side_by_side(store: Store) -> None:
    await fill(store)
    async with store.unit_of_work(THEIRS) as uow:
        await uow.people.ensure("U1", "Another Ada")
        step = await add_step(uow, "U1", ROLE, "their step", "tip:x")
        schedule = await start(uow, channel_of(THEIRS), now=NOW)
        assert await uow.deliveries.enqueue("U1", ROLE, MessageKind.NOTE, NOW, key="k", body="theirs")
        await uow.interactions.remember("key", '"theirs"')
    assert (step.number, schedule.workspace) == (1, THEIRS)
    async with store.unit_of_work(OURS) as uow:
        person, tip = await uow.people.get("U1"), await tip_of(uow)
        assert person is not None
        assert tip is not None
        assert (person.name, tip.workspace) == ("Ada", OURS)
        assert tip.destination.channel is not None
        assert tip.destination.channel.name == "general"
        assert tip.id != schedule.id
        assert await active_texts(uow, "U1", ROLE) == ["a private step"]
        assert [delivery.body for delivery in await uow.deliveries.recent("U1", 9)] == ["private"]
        assert await uow.interactions.answered("key") == '"private"'


async def test_a_persons_steps_are_theirs_alone(store: Store) -> None:
    await fill(store)
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U2", "Ben")
        assert (await uow.learner("U2", ROLE).plans.get()).plan == Plan()
        with pytest.raises(NotFound):
            await mark_step(uow, "U2", ROLE, 1, StepState.DONE)
        with pytest.raises(NotFound):
            await mark_step(uow, "U1", "another-role", 1, StepState.DONE)
        assert await active_texts(uow, "U1", ROLE) == ["a private step"]


async def test_a_destination_in_another_workspace_is_refused(store: Store) -> None:
    async with store.unit_of_work(THEIRS) as uow:
        person = await person_in(uow, "U1")
    async with store.unit_of_work(OURS) as uow:
        with pytest.raises(ValueError, match="workspace"):
            await start(uow, channel_of(THEIRS), now=NOW)
        with pytest.raises(ValueError, match="workspace"):
            await start(uow, person, MessageKind.CHECKIN, NOW)


async def test_a_person_nobody_knows_gets_no_schedule(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        with pytest.raises(LookupError):
            await start(uow, Destination(OURS, user_id="U1"), MessageKind.CHECKIN)
