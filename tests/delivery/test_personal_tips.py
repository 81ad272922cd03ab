"""Weekly tips to one person: at their own time, weakest skill first, and none again before all have come."""

from __future__ import annotations

import pytest

from mentorbot.domain.tips import skill_ranks
from mentorbot.errors import TemporarySendError
from tests.small_pack import SIX_TIPS, small_pack

from .conftest import DAY, DUE, HOUR, WEEK, Bot, Person

TIPS = {tip for levels in SIX_TIPS.values() for ids in levels.values() for tip in ids}
START = "tips me monday 08:00"  # `Person` is in UTC by default


async def tip_ids(bot: Bot) -> list[str]:
    return [delivery.item for delivery in await bot.deliveries()]


async def test_tips_fit_the_level_weakest_skill_first_and_repeat_only_after_all_have_come(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("assess one:3 two:1")
    assert "Mondays 08:00, UTC" in await ada.say(START)
    for week in range(7):
        await bot.tick_at(DUE + week * WEEK)
    assert len(ada.received) == 7
    assert ada.received[0].startswith("Tip for you: ")
    tips = await tip_ids(bot)
    # Level 1 in the second skill is foundation (a), level 3 in the first is mastery (c); the rest follows by distance.
    assert (tips[:2], tips[2:4], tips[4:6], tips[6]) == (["a2", "c1"], ["b2", "b1"], ["c2", "a1"], "a2")
    assert all(message.channel.direct and not message.card.public for message in bot.platform.posted)


async def test_retry_sends_the_same_tip(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say(START)
    bot.platform.failures.append(TemporarySendError("503"))
    await bot.tick_at(DUE)
    chosen = await tip_ids(bot)
    await ada.say("assess one:4 two:0")
    await bot.tick_at(DUE + HOUR)
    assert (await tip_ids(bot), await bot.states()) == (chosen, ["sent"])
    assert "Late: this was due" in ada.received[0]


@pytest.mark.parametrize("line", ["tips me-off", "checkin pause 2026-12-14", "checkin skip"])
async def test_tip_is_not_sent_after_pausing_or_stopping(bot: Bot, line: str) -> None:
    ada = Person(bot)
    await ada.say(START)
    bot.clock.travel_to(DUE - HOUR)
    await ada.say(line)
    await bot.tick_at(DUE)
    assert ada.received == []


async def test_personal_tips_can_be_shown_moved_and_stopped(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say(START)
    assert "Tuesdays and Thursdays 07:30, UTC" in await ada.say("tips me tue,thu 07:30")
    assert "Tuesday, 24 Nov" in await ada.say("tips me")
    assert "You turned it on." in await ada.say("why")
    assert "Your weekly tip is off" in await ada.say("tips me-off")
    assert "You don't have a weekly tip" in await ada.say("tips me-off")
    await bot.tick_at(DUE + 2 * DAY)
    assert ada.received == []


async def test_tip_in_the_plan_does_not_come_again(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("assess one:3 two:1")
    await ada.say(START)
    await ada.say("plan add tip:a2")
    await ada.say("plan done 1")
    for week in range(6):
        await bot.tick_at(DUE + week * WEEK)
        await ada.say("plan show")
    assert await tip_ids(bot) == ["c1", "b2", "b1", "c2", "a1", "c1"]
    assert "a2" not in await ada.say("tip two")


def test_skill_furthest_from_its_target_comes_first() -> None:
    pack = small_pack()
    assert skill_ranks([skill.id for skill in pack.skills], {"one": 2, "two": 1}, {}) == {"two": 0, "one": 1}
    assert skill_ranks([skill.id for skill in pack.skills], {"one": 2, "two": 1}, {"one": 4, "two": 1}) == {
        "one": 0,
        "two": 1,
    }
    assert skill_ranks([skill.id for skill in pack.skills], {}, {}) == {"one": 0, "two": 1}
