"""Scheduled check-ins: once, to the right person, at their own time, and never to anyone on a break."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import Weekday
from mentorbot.delivery.sender import LEASE
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import PermanentSendError, TemporarySendError

from .conftest import DAY, FRIDAY, HOUR, MINUTE, UTC_ZONE, WEEK, Bot, Person

AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
OTHERS = Workspace("slack", "T2")


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        (UTC_ZONE, FRIDAY),
        (AUCKLAND, datetime(2026, 11, 27, 2, 0, tzinfo=UTC)),
        (HONOLULU, datetime(2026, 11, 28, 1, 0, tzinfo=UTC)),
    ],
)
async def test_check_in_comes_once_a_week_at_the_persons_own_time(bot: Bot, zone: ZoneInfo, due: datetime) -> None:
    ada = Person(bot, zone=zone)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings friday 15:00 reminder:off")
    await bot.tick_at(due - MINUTE)
    assert ada.received == []
    for instant in (due, due, due + MINUTE, due + DAY):
        await bot.tick_at(instant)
    (text,) = ada.received
    assert text.startswith("How did your week go, ada?\n\none, 4 h planned.")
    assert "Late" not in text
    await bot.tick_at(due + WEEK)
    assert len(ada.received) == 2
    assert all(message.channel.direct and not message.card.public for message in bot.platform.posted)


async def test_late_check_in_does_not_save_the_new_layout(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.failures.append(TemporarySendError("503"))
    await bot.tick_at(FRIDAY + WEEK)
    await bot.tick_at(FRIDAY + WEEK + HOUR)
    (text,) = ada.received
    assert "Late: this was due on" in text
    assert "Undone: one is off your plan" in await ada.say("plan undo")


@pytest.mark.parametrize(
    "line",
    [
        "checkin pause 2026-12-14",
        "checkin skip",
        "checkin close",
        "checkin mark 1 done",
        'checkin plan "Draft" obstacle:late then:wait',
        "checkin stop",
    ],
)
async def test_check_in_is_not_sent_after_answering_pausing_or_stopping(bot: Bot, line: str) -> None:
    ada, ben = Person(bot), Person(bot, "ben")
    for person in (ada, ben):
        await person.say("plan add one hours:4")
        await person.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY - 2 * DAY)
    await ada.say(line)
    await bot.tick_at(FRIDAY)
    assert ada.received == []
    assert len(ben.received) == 1
    assert await bot.states() == (["sent"] if line == "checkin stop" else ["cancelled", "sent"])
    await bot.tick_at(FRIDAY + 3 * WEEK)
    assert len(ada.received) == (0 if line == "checkin stop" else 1)


async def test_check_ins_go_on_after_a_break_is_ended_early(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY - DAY)
    for begin_break, end_break in (("checkin skip", "checkin resume"), ("checkin pause 2027-02-01", "plan undo")):
        await ada.say(begin_break)
        await ada.say(end_break)
    await bot.tick_at(FRIDAY)
    assert len(ada.received) == 1


async def test_check_ins_resume_on_the_day_a_pause_ends(bot: Bot) -> None:
    ada = Person(bot, zone=AUCKLAND)
    await ada.say("checkin settings friday 15:00 reminder:off")
    await ada.say("checkin pause 2026-12-11")  # a Friday
    for weeks in range(4):
        await bot.tick_at(FRIDAY + weeks * WEEK)
    assert [text.split("\n")[0] for text in ada.received] == ["How did your week go, ada?", "Still with me, ada?"]


async def test_check_in_waits_for_the_end_of_quiet_hours(bot: Bot) -> None:
    ada = Person(bot, zone=AUCKLAND)
    await ada.say("checkin settings thursday 22:00 quiet:20:00-08:00 reminder:off")
    due = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # 22:00 in Auckland
    for minutes in (0, 1, 300, 599):
        await bot.tick_at(due + minutes * MINUTE)
    assert ada.received == []
    await bot.tick_at(due + 600 * MINUTE)
    (text,) = ada.received
    assert "I waited for the end of your quiet hours" in text
    assert "couldn't" not in text


async def test_check_in_answered_during_quiet_hours_is_not_sent(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings thursday 22:00 quiet:20:00-08:00 reminder:off")
    await bot.tick_at(FRIDAY.replace(day=26, hour=22))
    await ada.say("checkin close")
    await bot.tick_at(FRIDAY.replace(hour=8))
    assert ada.received == []


@pytest.mark.parametrize("solved", ["checkin restart 1", "plan start 1", "checkin smaller 1"])
async def test_being_stuck_for_a_while_answers_no_check_in_that_is_still_to_come(bot: Bot, solved: str) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:9")
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY - 2 * DAY)
    await ada.say("checkin stuck 1 too-big")
    await ada.say(solved)
    await bot.tick_at(FRIDAY)
    assert len(ada.received) == 1
    await ada.say("checkin stuck 1 too-big")
    await ada.say(solved)
    assert "You've checked in this week" in await ada.say("checkin now")


async def test_check_in_beyond_the_weekly_budget_is_dropped(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 budget:0 reminder:off")
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + DAY)
    assert (ada.received, await bot.states()) == ([], ["cancelled"])
    await ada.say("checkin settings budget:1")
    await bot.tick_at(FRIDAY + WEEK)
    assert len(ada.received) == 1
    await ada.say("checkin settings saturday")
    await bot.tick_at(FRIDAY + WEEK + DAY)
    assert len(ada.received) == 1
    await bot.tick_at(FRIDAY + 2 * WEEK + DAY)
    assert len(ada.received) == 2


async def test_snoozed_check_in_comes_once_a_day_later(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one")
    await ada.say("checkin settings friday 15:00 reminder:off")
    await bot.tick_at(FRIDAY)
    bot.clock.travel_to(FRIDAY + HOUR)
    await ada.say("checkin snooze")
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1
    for minutes in (0, 1, 60):
        await bot.tick_at(FRIDAY + DAY + HOUR + minutes * MINUTE)
    assert len(ada.received) == 2
    assert ada.received[1].startswith("How did your week go, ada?")


@pytest.mark.parametrize("line", ["checkin close", "checkin skip", "checkin pause 2026-12-20", "checkin stop"])
async def test_snoozed_check_in_is_not_sent_after_answering_pausing_or_stopping(bot: Bot, line: str) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    await bot.tick_at(FRIDAY)
    await ada.say("checkin snooze")
    await ada.say(line)
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1


async def test_closed_direct_messages_pause_the_schedule_and_the_person_learns_of_it(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.channel_errors["Dada"] = "cannot_dm_user"
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + WEEK)
    assert await bot.states() == ["failed"]
    text = await ada.say("checkin settings")
    assert "your direct messages seem to be closed to me" in text
    assert "stopped, I couldn't reach you" in text
    assert "I couldn't message you" in await ada.say("help")
    del bot.platform.channel_errors["Dada"]
    text = await ada.say("checkin settings friday")
    assert "closed to me" not in text
    assert "I couldn't message you" not in await ada.say("help")
    await bot.tick_at(FRIDAY + 2 * WEEK)
    assert len(ada.received) == 1


async def test_snoozed_check_in_that_fails_does_not_block_later_ones(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin snooze")
    bot.platform.failures.append(PermanentSendError("cannot_dm_user"))
    await bot.tick_at(bot.clock.now() + DAY)
    await ada.say("checkin snooze")
    await bot.tick_at(bot.clock.now() + DAY)
    assert len(ada.received) == 1


async def test_settings_changed_while_a_check_in_is_due_do_not_lose_it(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY + MINUTE)
    await ada.say("checkin settings budget:5")
    await bot.tick_at(FRIDAY + 2 * MINUTE)
    assert len(ada.received) == 1


async def test_check_in_is_sent_once_despite_a_crash(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.failures.append(TemporarySendError("connection_closed"))
    await bot.tick_at(FRIDAY)
    await bot.restart()
    for _ in range(3):
        await bot.tick_at(bot.clock.now() + LEASE)
    assert len(ada.received) == 1


async def test_people_get_their_own_check_ins(bot: Bot) -> None:
    people = [Person(bot), Person(bot, "ben", AUCKLAND), Person(bot, "ada", HONOLULU, OTHERS)]
    for person in people:
        await person.say(f"plan add Of {person.name} in {person.workspace.id}")
        await person.say("checkin settings friday 15:00 reminder:off")
    for hours in range(0, 72, 1):
        bot.clock.travel_to(FRIDAY - DAY + hours * HOUR)
        await bot.scheduler.tick()
    texts = [
        (message.channel.workspace.id, message.channel.id, plain_text(message.card)) for message in bot.platform.posted
    ]
    assert [(workspace, channel_id) for workspace, channel_id, _ in texts] == [
        ("T1", "Dben"),
        ("T1", "Dada"),
        ("T2", "Dada"),
    ]
    for workspace, channel_id, text in texts:
        assert f"Of {channel_id[1:]} in {workspace}" in text
        assert text.count("Of ") == 1


async def test_unknown_person_cannot_have_check_ins(bot: Bot) -> None:
    recurrence = Recurrence.weekly(Weekday.FRIDAY, time(15), UTC_ZONE)
    with pytest.raises(LookupError):
        await bot.schedule("zoe", MessageKind.CHECKIN, recurrence)
    await bot.tick_at(FRIDAY)
    assert (bot.platform.posted, await bot.states()) == ([], [])


async def test_many_check_ins_due_at_once_do_not_wait_for_each_other(bot: Bot) -> None:
    people = [Person(bot, f"p{number}", workspace=Workspace("slack", f"W{number}")) for number in range(40)]
    for person in people:
        await person.say("checkin settings friday 15:00 budget:3")
    async with asyncio.timeout(20):
        await bot.tick_at(FRIDAY)
    assert [len(person.received) for person in people] == [1] * 40


async def test_first_check_in_after_a_pause_is_a_welcome(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings friday 15:00 reminder:off")
    await ada.say("checkin pause 2026-12-10")  # a Thursday
    for weeks in range(4):
        await bot.tick_at(FRIDAY + weeks * WEEK)
    assert ada.received[0].startswith("Welcome back, ada\n\nYour plan has already moved. This week: 2 h. New end: ")
    assert ada.received[1].startswith("Still with me, ada?")
