"""One workspace never sees or changes another's, whatever ids are put in."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.cadence import Cadence, Weekday
from mentorbot.days_off import EVERY_DAY, Calendar
from mentorbot.errors import NotFound
from mentorbot.learning.plan import Plan
from mentorbot.messenger import Channel, Workspace
from mentorbot.storage import Store

from .conftest import NOW, OURS, THEIRS, add, mark, texts

ROLE = "ai-architect"
MONDAY = Cadence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
DAY = date(2026, 12, 24)
SAME_ID_ELSEWHERE = Workspace("discord", OURS.id)

intruders = pytest.mark.parametrize("intruder", [THEIRS, SAME_ID_ELSEWHERE, Workspace("slack", "")], ids=str)


async def fill(store: Store) -> None:
    """Everything that a workspace can have, in ours."""
    async with store.unit(OURS) as unit:
        await unit.people.ensure("U1", "Ada")
        await unit.people.set_zone("U1", ZoneInfo("Europe/Berlin"))
        await add(unit, "U1", ROLE, "a private step", "tip:x")
        await unit.schedules.start(Channel(OURS, "C1", "general"), MONDAY, ROLE, "U1", NOW)
        await unit.requests.remember("key", '"private"')
        await unit.calendars.set_country("DE")
        await unit.calendars.set_spread(30)
        await unit.calendars.keep(DAY, "private")


@intruders
async def test_nothing_of_ours_is_seen(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit(intruder) as unit:
        assert await unit.people.get("U1") is None
        assert (await unit.plans.get("U1", ROLE)).plan == Plan()
        assert await unit.schedules.get("C1") is None
        assert await unit.schedules.all() == []
        assert await unit.requests.answered("key") is None
        assert await unit.calendars.get() == EVERY_DAY


@intruders
async def test_nothing_of_ours_is_changed(store: Store, intruder: Workspace) -> None:
    await fill(store)
    async with store.unit(intruder) as unit:
        await unit.people.set_zone("U1", ZoneInfo("Asia/Tokyo"))
        assert await unit.schedules.stop("C1") is None
        assert await unit.schedules.pause_until("C1", DAY) is None
        await unit.calendars.drop(DAY)
        await unit.calendars.keep(DAY, "theirs")
        await unit.calendars.set_country("US")
        await unit.calendars.set_spread(0)
        with pytest.raises(NotFound):
            await mark(unit, "U1", ROLE, 1, "dropped")
    async with store.unit(OURS) as unit:
        assert await unit.calendars.get() == Calendar("DE", {DAY: "private"}, 30)
        person, tip = await unit.people.get("U1"), await unit.schedules.get("C1")
        assert person is not None
        assert tip is not None
        assert (person.name, person.zone) == ("Ada", ZoneInfo("Europe/Berlin"))
        assert (tip.state, tip.cadence, tip.next_run_at) == (
            "active",
            MONDAY,
            NOW - timedelta(hours=1) + timedelta(weeks=1),
        )
        assert await texts(unit, "U1", ROLE) == ["a private step"]


async def test_the_same_ids_live_side_by_side(store: Store) -> None:
    await fill(store)
    async with store.unit(THEIRS) as unit:
        await unit.people.ensure("U1", "Another Ada")
        step = await add(unit, "U1", ROLE, "their step", "tip:x")
        schedule = await unit.schedules.start(Channel(THEIRS, "C1"), MONDAY, ROLE, "U1", NOW)
        await unit.requests.remember("key", '"theirs"')
    assert (step.number, schedule.workspace) == (1, THEIRS)
    async with store.unit(OURS) as unit:
        person, tip = await unit.people.get("U1"), await unit.schedules.get("C1")
        assert person is not None
        assert tip is not None
        assert (person.name, tip.workspace, tip.channel.name) == ("Ada", OURS, "general")
        assert tip.id != schedule.id
        assert await texts(unit, "U1", ROLE) == ["a private step"]
        assert await unit.requests.answered("key") == '"private"'


async def test_a_persons_steps_are_theirs_alone(store: Store) -> None:
    await fill(store)
    async with store.unit(OURS) as unit:
        await unit.people.ensure("U2", "Ben")
        assert (await unit.plans.get("U2", ROLE)).plan == Plan()
        with pytest.raises(NotFound):
            await mark(unit, "U2", ROLE, 1, "done")
        with pytest.raises(NotFound):
            await mark(unit, "U1", "another-role", 1, "done")
        assert await texts(unit, "U1", ROLE) == ["a private step"]


async def test_a_channel_of_another_workspace_is_refused(store: Store) -> None:
    async with store.unit(OURS) as unit:
        with pytest.raises(ValueError, match="workspace"):
            await unit.schedules.start(Channel(THEIRS, "C1"), MONDAY, ROLE, "U1", NOW)
