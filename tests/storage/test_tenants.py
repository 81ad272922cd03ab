"""One workspace never sees or changes another's, whatever ids are put in."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.plan import Plan, StepState
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.errors import NotFound
from mentorbot.storage import Store

from .conftest import NOW, OURS, THEIRS, add, mark, texts

ROLE = "ai-architect"
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
DAY = date(2026, 12, 24)
SAME_ID_ELSEWHERE = Workspace("discord", OURS.id)

intruders = pytest.mark.parametrize("intruder", [THEIRS, SAME_ID_ELSEWHERE, Workspace("slack", "")], ids=str)


async def fill(store: Store) -> None:
    """Everything that a workspace can have, in ours."""
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_zone("U1", ZoneInfo("Europe/Berlin"))
        await add(uow, "U1", ROLE, "a private step", "tip:x")
        await uow.schedules.start(Channel(OURS, "C1", "general"), MONDAY, ROLE, "U1", NOW)
        await uow.interactions.remember("key", '"private"')
        await uow.calendars.set_country("DE")
        await uow.calendars.set_spread(30)
        await uow.calendars.keep(DAY, "private")


@intruders
async def test_nothing_of_ours_is_seen(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit_of_work(intruder) as uow:
        assert await uow.people.get("U1") is None
        assert (await uow.plans.get("U1", ROLE)).plan == Plan()
        assert await uow.schedules.get("C1") is None
        assert await uow.schedules.all() == []
        assert await uow.interactions.answered("key") is None
        assert await uow.calendars.get() == EVERY_DAY


@intruders
async def test_nothing_of_ours_is_changed(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit_of_work(intruder) as uow:
        await uow.people.set_zone("U1", ZoneInfo("Asia/Tokyo"))
        assert await uow.schedules.stop("C1") is None
        assert await uow.schedules.pause_until("C1", DAY) is None
        await uow.calendars.drop(DAY)
        await uow.calendars.keep(DAY, "theirs")
        await uow.calendars.set_country("US")
        await uow.calendars.set_spread(0)
        with pytest.raises(NotFound):
            await mark(uow, "U1", ROLE, 1, StepState.DROPPED)
    async with store.unit_of_work(OURS) as uow:
        assert await uow.calendars.get() == WorkCalendar("DE", {DAY: "private"}, 30)
        person, tip = await uow.people.get("U1"), await uow.schedules.get("C1")
        assert person is not None
        assert tip is not None
        assert (person.name, person.zone) == ("Ada", ZoneInfo("Europe/Berlin"))
        assert (tip.state, tip.cadence, tip.next_run_at) == (
            "active",
            MONDAY,
            NOW - timedelta(hours=1) + timedelta(weeks=1),
        )
        assert await texts(uow, "U1", ROLE) == ["a private step"]


async def test_the_same_ids_live_side_by_side(store: Store) -> None:
    await fill(store)
    async with store.unit_of_work(THEIRS) as uow:
        await uow.people.ensure("U1", "Another Ada")
        step = await add(uow, "U1", ROLE, "their step", "tip:x")
        schedule = await uow.schedules.start(Channel(THEIRS, "C1"), MONDAY, ROLE, "U1", NOW)
        await uow.interactions.remember("key", '"theirs"')
    assert (step.number, schedule.workspace) == (1, THEIRS)
    async with store.unit_of_work(OURS) as uow:
        person, tip = await uow.people.get("U1"), await uow.schedules.get("C1")
        assert person is not None
        assert tip is not None
        assert (person.name, tip.workspace, tip.channel.name) == ("Ada", OURS, "general")
        assert tip.id != schedule.id
        assert await texts(uow, "U1", ROLE) == ["a private step"]
        assert await uow.interactions.answered("key") == '"private"'


async def test_a_persons_steps_are_theirs_alone(store: Store) -> None:
    await fill(store)
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U2", "Ben")
        assert (await uow.plans.get("U2", ROLE)).plan == Plan()
        with pytest.raises(NotFound):
            await mark(uow, "U2", ROLE, 1, StepState.DONE)
        with pytest.raises(NotFound):
            await mark(uow, "U1", "another-role", 1, StepState.DONE)
        assert await texts(uow, "U1", ROLE) == ["a private step"]


async def test_a_channel_of_another_workspace_is_refused(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        with pytest.raises(ValueError, match="workspace"):
            await uow.schedules.start(Channel(THEIRS, "C1"), MONDAY, ROLE, "U1", NOW)
