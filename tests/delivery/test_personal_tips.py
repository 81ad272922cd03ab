"""A weekly tip to one person: for the skill with furthest to go, none twice before all have come, at their own time."""

from __future__ import annotations

import pytest

from mentorbot.domain.tips import skill_ranks
from mentorbot.errors import TemporarySendError
from tests.small_pack import SIX, small_pack

from .conftest import DAY, DUE, HOUR, WEEK, Bot, Person

TIPS = {tip for levels in SIX.values() for ids in levels.values() for tip in ids}
START = "tips me monday 08:00"  # 08:00 in UTC, where Person lives


async def items(bot: Bot) -> list[str]:
    return [one.item for one in await bot.deliveries()]


async def test_it_begins_with_the_weakest_skill_and_none_comes_twice_before_all_have(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("assess one:3 two:1")
    assert "every Monday at 08:00 (UTC)" in await ada.say(START)
    for week in range(7):
        await bot.tick_at(DUE + week * WEEK)
    assert len(ada.received) == 7
    assert ada.received[0].startswith("Tip of the week:")
    found = await items(bot)
    assert (found[:3], found[3:6], found[6]) == (["a2", "b2", "c2"], ["a1", "b1", "c1"], "a2")
    assert all(one.channel.direct and not one.card.public for one in bot.platform.posted)


async def test_a_second_try_brings_the_same_tip(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say(START)
    bot.platform.faults.append(TemporarySendError("503"))
    await bot.tick_at(DUE)
    first = await items(bot)
    await ada.say("assess one:4 two:0")
    await bot.tick_at(DUE + HOUR)
    assert (await items(bot), await bot.states()) == (first, ["sent"])
    assert "Late: this was due" in ada.received[0]


@pytest.mark.parametrize("line", ["tips me-off", "checkin pause 2026-12-14", "checkin skip"])
async def test_it_does_not_come_to_whoever_wants_peace(bot: Bot, line: str) -> None:
    ada = Person(bot)
    await ada.say(START)
    bot.clock.travel_to(DUE - HOUR)
    await ada.say(line)
    await bot.tick_at(DUE)
    assert ada.received == []


async def test_it_can_be_shown_moved_and_stopped(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say(START)
    assert "every Tuesday and Thursday at 07:30 (UTC)" in await ada.say("tips me tue,thu 07:30")
    assert "Tuesday, 24 November 2026" in await ada.say("tips me")
    assert "you set it with /mentor tips me" in await ada.say("why")
    assert "No more tips" in await ada.say("tips me-off")
    assert "You had no weekly tip" in await ada.say("tips me-off")
    await bot.tick_at(DUE + 2 * DAY)
    assert ada.received == []


def test_the_skill_furthest_from_its_aim_comes_first() -> None:
    pack = small_pack()
    assert skill_ranks([skill.id for skill in pack.skills], {"one": 2, "two": 1}, {}) == {"two": 0, "one": 1}
    assert skill_ranks([skill.id for skill in pack.skills], {"one": 2, "two": 1}, {"one": 4, "two": 1}) == {
        "one": 0,
        "two": 1,
    }
    assert skill_ranks([skill.id for skill in pack.skills], {}, {}) == {"one": 0, "two": 1}
