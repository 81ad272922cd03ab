"""Check-ins that come by themselves: to the right person, at their own time, once; and never to whoever wants peace."""

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
async def test_it_comes_at_the_persons_own_time_once_a_week(bot: Bot, zone: ZoneInfo, due: datetime) -> None:
    ada = Person(bot, zone=zone)
    await ada.say("plan add one hours:40")
    await ada.say("checkin settings friday 15:00 reminder:off")
    await bot.tick_at(due - MINUTE)
    assert ada.received == []
    for instant in (due, due, due + MINUTE, due + DAY):
        await bot.tick_at(instant)
    (text,) = ada.received
    assert text.startswith("Check-in: week of 23 November")
    assert "1. one" in text
    assert "Late" not in text
    await bot.tick_at(due + WEEK)
    assert len(ada.received) == 2
    assert ada.received[1].startswith("Check-in: week of 30 November")
    assert all(one.channel.direct and not one.card.public for one in bot.platform.posted)


async def test_it_says_what_has_moved_and_saves_nothing_by_itself(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.faults.append(TemporarySendError("503"))
    await bot.tick_at(FRIDAY + WEEK)
    await bot.tick_at(FRIDAY + WEEK + HOUR)
    (text,) = ada.received
    assert "Step 1 has moved on to fit the hours you have" in text
    assert "Undone: the new layout" not in await ada.say("plan step 1")
    assert "moved on" in await ada.say("plan show")
    assert "Undone: add one" in await ada.say("plan undo")


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
async def test_it_does_not_come_to_whoever_wants_peace_or_has_held_it(bot: Bot, line: str) -> None:
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


async def test_a_break_that_is_ended_is_ended(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY - DAY)
    for rest, back in (("checkin skip", "checkin resume"), ("checkin pause 2027-02-01", "plan undo")):
        await ada.say(rest)
        await ada.say(back)
    await bot.tick_at(FRIDAY)
    assert len(ada.received) == 1


async def test_a_pause_ends_on_its_day(bot: Bot) -> None:
    ada = Person(bot, zone=AUCKLAND)
    await ada.say("checkin settings friday 15:00 reminder:off")
    await ada.say("checkin pause 2026-12-11")  # a Friday
    for weeks in range(4):
        await bot.tick_at(FRIDAY + weeks * WEEK)
    assert [text.split("\n")[0] for text in ada.received] == [
        "Check-in: week of 7 December",
        "Check-in: week of 14 December",
    ]


async def test_quiet_hours_put_it_off(bot: Bot) -> None:
    ada = Person(bot, zone=AUCKLAND)
    await ada.say("checkin settings thursday 22:00 quiet:20:00-08:00 reminder:off")
    due = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # 22:00 there
    for minutes in (0, 1, 300, 599):
        await bot.tick_at(due + minutes * MINUTE)
    assert ada.received == []
    await bot.tick_at(due + 600 * MINUTE)
    (text,) = ada.received
    assert "has waited for the end of your quiet hours" in text
    assert "I could not" not in text


async def test_quiet_hours_do_not_send_what_is_not_wanted_any_more(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings thursday 22:00 quiet:20:00-08:00 reminder:off")
    await bot.tick_at(FRIDAY.replace(day=26, hour=22))
    await ada.say("checkin close")
    await bot.tick_at(FRIDAY.replace(hour=8))
    assert ada.received == []


async def test_a_spent_budget_drops_it(bot: Bot) -> None:
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


async def test_a_snoozed_one_comes_a_day_later_once(bot: Bot) -> None:
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
    assert ada.received[1].startswith("Check-in: week of 23 November")


@pytest.mark.parametrize("line", ["checkin close", "checkin skip", "checkin pause 2026-12-20", "checkin stop"])
async def test_a_snoozed_one_does_not_come_when_it_is_not_wanted(bot: Bot, line: str) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    await bot.tick_at(FRIDAY)
    await ada.say("checkin snooze")
    await ada.say(line)
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1


async def test_closed_messages_pause_the_schedule_and_it_is_said(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.gone["Dada"] = "cannot_dm_user"
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + WEEK)
    assert await bot.states() == ["failed"]
    text = await ada.say("checkin settings")
    assert "your direct messages seem to be closed to me" in text
    assert "stopped, since I could not reach you" in text
    assert "I could not write to you" in await ada.say("help")
    del bot.platform.gone["Dada"]
    text = await ada.say("checkin settings friday")
    assert "closed to me" not in text
    assert "I could not write to you" not in await ada.say("help")
    await bot.tick_at(FRIDAY + 2 * WEEK)
    assert len(ada.received) == 1


async def test_a_snoozed_one_that_cannot_be_sent_does_not_silence_later_ones(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin snooze")
    bot.platform.faults.append(PermanentSendError("cannot_dm_user"))
    await bot.tick_at(bot.clock.now() + DAY)
    await ada.say("checkin snooze")
    await bot.tick_at(bot.clock.now() + DAY)
    assert len(ada.received) == 1


async def test_changing_quiet_hours_at_the_very_time_loses_no_check_in(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.clock.travel_to(FRIDAY + MINUTE)
    await ada.say("checkin settings budget:5")
    await bot.tick_at(FRIDAY + 2 * MINUTE)
    assert len(ada.received) == 1


async def test_a_crash_in_the_middle_sends_it_once(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.faults.append(TemporarySendError("connection_closed"))
    await bot.tick_at(FRIDAY)
    await bot.restart()
    for _ in range(3):
        await bot.tick_at(bot.clock.now() + LEASE)
    assert len(ada.received) == 1


async def test_each_gets_their_own(bot: Bot) -> None:
    people = [Person(bot), Person(bot, "ben", AUCKLAND), Person(bot, "ada", HONOLULU, OTHERS)]
    for person in people:
        await person.say(f"plan add Of {person.name} in {person.workspace.id}")
        await person.say("checkin settings friday 15:00 reminder:off")
    for hours in range(0, 72, 1):
        bot.clock.travel_to(FRIDAY - DAY + hours * HOUR)
        await bot.scheduler.tick()
    texts = [(one.channel.workspace.id, one.channel.id, plain_text(one.card)) for one in bot.platform.posted]
    assert [(workspace, place) for workspace, place, _ in texts] == [("T1", "Dben"), ("T1", "Dada"), ("T2", "Dada")]
    for workspace, place, text in texts:
        assert f"Of {place[1:]} in {workspace}" in text
        assert text.count("Of ") == 1


async def test_a_person_whom_nobody_knows_gets_nothing(bot: Bot) -> None:
    cadence = Recurrence.weekly(Weekday.FRIDAY, time(15), UTC_ZONE)
    with pytest.raises(LookupError):
        await bot.schedule("zoe", MessageKind.CHECKIN, cadence)
    await bot.tick_at(FRIDAY)
    assert (bot.platform.posted, await bot.states()) == ([], [])


async def test_many_at_the_same_moment_do_not_wait_for_each_other(bot: Bot) -> None:
    people = [Person(bot, f"p{number}", workspace=Workspace("slack", f"W{number}")) for number in range(40)]
    for person in people:
        await person.say("checkin settings friday 15:00 budget:3")
    async with asyncio.timeout(20):
        await bot.tick_at(FRIDAY)
    assert [len(person.received) for person in people] == [1] * 40
