"""Silence: a smaller question in the second week, a last word in the fourth, and nothing more until the person says hi."""

from __future__ import annotations

import pytest

from mentorbot.domain.deliveries import ReasonCode

from .conftest import DAY, FRIDAY, HOUR, WEEK, Bot, Person

USUAL, STILL_THERE, LAST = "How did your week go, ada?", "Still with me, ada?", "I'll pause until you say hi"


async def silent_person(bot: Bot, weeks: int) -> Person:
    """A person who has let so many check-ins pass, each with a reminder due a day later."""
    ada = Person(bot)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings friday 15:00")
    await pass_weeks(bot, range(weeks))
    return ada


async def pass_weeks(bot: Bot, weeks: range) -> None:
    for week in weeks:
        for instant in (FRIDAY + week * WEEK, FRIDAY + week * WEEK + DAY, FRIDAY + week * WEEK + DAY + HOUR):
            await bot.tick_at(instant)


def titles(person: Person) -> list[str]:
    """The first line of each message but reminders, which is all a notification shows."""
    return [title for text in person.received if not (title := text.split("\n")[0]).startswith("Quick nudge")]


async def test_check_ins_get_quieter_and_stop_after_four_weeks(bot: Bot) -> None:
    ada = await silent_person(bot, 8)
    assert titles(ada) == [USUAL, STILL_THERE, USUAL, LAST]
    assert [delivery.reason.code for delivery in await bot.deliveries() if delivery.reason] == [ReasonCode.SILENT] * 4


async def test_only_the_first_unanswered_check_in_has_a_reminder(bot: Bot) -> None:
    ada = await silent_person(bot, 4)
    assert [text.startswith("Quick nudge") for text in ada.received] == [False, True, False, False, False]


@pytest.mark.parametrize(
    "line", ["checkin resume", "plan show", "checkin worked step:1 hours:2", "recall now", "checkin skip"]
)
async def test_any_word_from_them_brings_the_usual_check_in_back(bot: Bot, line: str) -> None:
    ada = await silent_person(bot, 6)
    await ada.say(line)
    await pass_weeks(bot, range(6, 8))
    assert titles(ada)[4] == USUAL


async def test_a_long_silence_does_not_break_the_streak(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings friday 15:00")
    bot.clock.travel_to(FRIDAY)
    await ada.say("checkin close")
    await pass_weeks(bot, range(1, 7))
    assert titles(ada)[-1] == LAST
    assert "Welcome back, ada\n\nYour plan has already moved. This week: 4 h." in await ada.say("checkin resume")
    assert "Streak: 2 weeks." in await ada.say("checkin close")


async def test_other_messages_wait_for_hi_too(bot: Bot) -> None:
    ada = await silent_person(bot, 4)
    bot.clock.travel_to(FRIDAY + 4 * WEEK - 2 * DAY)
    async with bot.store.unit_of_work(ada.workspace) as uow:
        before = await uow.people.get("ada")
    assert before is not None
    assert before.silence.is_long
    assert "until you say hi" not in await ada.say("why")  # asking is a word from them


async def test_two_check_ins_in_one_week_are_one_week_of_silence(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings tuesday,friday 15:00 reminder:off")
    for week in range(3):
        await bot.tick_at(FRIDAY - 3 * DAY + week * WEEK)
        await bot.tick_at(FRIDAY + week * WEEK)
    assert titles(ada) == [USUAL, USUAL, STILL_THERE, STILL_THERE, USUAL, USUAL]
