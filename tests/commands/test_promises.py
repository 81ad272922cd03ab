"""What is told of messages to come is what comes: also of those that wait already, of reminders, and of what was put off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from mentorbot.chat.plain_text import plain_text
from mentorbot.cli import main
from mentorbot.clock import FrozenClock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import travel_to

from .conftest import Chat

FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def cli(chat: Chat, line: str) -> str:
    return (
        CliRunner()
        .invoke(main, line.split(), env={"DATABASE_URL": chat.core.settings.database_url}, obj=chat.core.clock)
        .output
    )


async def test_what_waits_already_is_on_its_way(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    assert await chat.tick() == []
    said = await chat.text("checkin settings")
    assert "On its way: Saturday, 28 November 2026, 08:00" in said
    assert "Next: Saturday, 5 December 2026, 08:00" in said
    clock.travel_to(datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    assert "On its way" not in await chat.text("checkin settings")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("checkin pause 2026-12-14", "there is a break until 14 December 2026"),
        ("admin calendar off:2026-11-24", "24 November is a day off here"),
        ("checkin settings budget:0", "no messages are wanted (budget:0)"),
        ("checkin close", "the check-in of the week of 23 November was held already"),
    ],
)
async def test_nothing_is_put_off_to_a_day_on_which_it_will_not_come(chat: Chat, line: str, reason: str) -> None:
    await chat.as_(admin=True).say(line)
    said = await chat.text("checkin snooze")
    assert f"I would not ask you again tomorrow: {reason}." in said
    assert "put off" not in await chat.text("why")


async def test_what_is_put_off_over_a_change_of_clocks_comes_at_the_same_time(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    clock.travel_to(datetime(2027, 3, 27, 10, tzinfo=UTC))
    await chat.tick()
    assert "I will ask you again on Sunday, 28 March 2027, 11:00." in await chat.text("checkin snooze")
    clock.travel_to(datetime(2027, 3, 28, 9, tzinfo=UTC))
    assert len(await chat.tick()) == 1


async def test_a_reminder_on_its_way_counts_in_the_budget(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin budget:2")
    await chat.say("tips me sunday 20:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    assert len(await chat.tick()) == 1
    said = await chat.text("why")
    assert "because you set it with /mentor tips me; before that none, since the budget of 2 messages" in said
    assert "Next: Sunday, 6 December 2026, 20:00" in await chat.text("tips me")
    clock.travel_to(FRIDAY + DAY)
    assert len(await chat.tick()) == 1
    clock.travel_to(FRIDAY + 2 * DAY + timedelta(hours=5))
    assert await chat.tick() == []
    assert "not sent: the budget of 2 messages a week is spent" in await chat.text("why")


async def test_what_is_put_off_again_costs_the_budget_once(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings wednesday 15:00 Europe/Berlin budget:2")
    clock.travel_to(FRIDAY - 2 * DAY)
    assert len(await chat.tick()) == 1
    assert "I will ask you again on Thursday" in await chat.text("checkin snooze")
    clock.travel_to(FRIDAY - 2 * DAY + timedelta(hours=2))
    assert "I will ask you again on Thursday, 26 November 2026, 17:00." in await chat.text("checkin snooze")
    clock.travel_to(FRIDAY - DAY + timedelta(hours=2))
    assert len(await chat.tick()) == 1
    assert "I would not ask you again tomorrow: the budget of 2 messages" in await chat.text("checkin snooze")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("admin calendar off:2026-11-28", "28 November is a day off here"),
        ("checkin settings budget:1", "the budget of one message a week is spent"),
    ],
)
async def test_a_reminder_that_will_be_left_out_is_told_so(
    chat: Chat, clock: FrozenClock, line: str, reason: str
) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    await chat.tick()
    assert "left out" not in await chat.text("why")
    await chat.as_(admin=True).say(line)
    assert f"not sent yet; as things stand it will be left out: {reason}" in await chat.text("why")
    clock.travel_to(FRIDAY + DAY)
    assert await chat.tick() == []
    assert f"not sent: {reason}" in await chat.text("why")


async def test_without_reminders_none_waits(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    await chat.tick()
    assert "reminder of your check-in" in await chat.text("why")
    await chat.say("checkin settings reminder:off")
    assert "reminder of your check-in" not in await chat.text("why")


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ("friday", "If I hear nothing: I ask once more, a day later\n"),
        ("sunday", "I do not ask again: a day later the week is over, or the next check-in is due"),
        ("tue,wed,thu", "I ask once more, a day later, unless the week is over by then or the next check-in is due"),
    ],
)
async def test_the_settings_promise_the_reminders_that_come(
    chat: Chat, clock: FrozenClock, days: str, says: str
) -> None:
    assert says in await chat.text(f"checkin settings {days} 10:00 Europe/Berlin")
    cards = []
    for day in range(8):
        clock.travel_to(datetime(2026, 11, 24, 9, 5, tzinfo=UTC) + day * DAY)
        cards += [plain_text(one.card) for one in await chat.tick()]
    asked_again = [card for card in cards if "I have not heard from you" in card]
    assert len(asked_again) == (days != "sunday")
    assert len(cards) == {"friday": 2, "sunday": 1, "tue,wed,thu": 5}[days]


async def test_a_reminder_whose_week_is_over_says_so(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings saturday 21:00 Europe/Berlin quiet:22:00-08:00")
    clock.travel_to(datetime(2026, 11, 28, 20, 5, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    await chat.say("checkin settings quiet:20:00-08:00")
    clock.travel_to(datetime(2026, 11, 29, 20, 5, tzinfo=UTC))
    await chat.tick()
    clock.travel_to(datetime(2026, 11, 30, 7, 5, tzinfo=UTC))
    assert await chat.tick() == []
    assert "not sent: the week of its check-in is over" in await chat.text("why")


async def test_all_that_comes_late_says_so(chat: Chat, clock: FrozenClock) -> None:
    admin = chat.as_(admin=True, person="root")
    await admin.say("admin here friday 15:00 Europe/Berlin")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY + timedelta(hours=3))
    texts = [plain_text(one.card) for one in await chat.tick()]
    assert len(texts) == 2
    assert all("Late: this was due on Friday at 15:00 (Europe/Berlin)" in text for text in texts)
    clock.travel_to(FRIDAY + DAY + timedelta(hours=9))
    (reminder,) = await chat.tick()
    assert "Late: this was due on Saturday at 15:00 (Europe/Berlin)" in plain_text(reminder.card)


async def test_what_was_missed_for_quiet_hours_and_a_stop_names_both(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    await chat.tick()
    clock.travel_to(FRIDAY + 4 * DAY)
    assert await chat.tick() == []
    assert "missed: quiet hours; then the bot was not running in time" in await chat.text("why")


async def test_who_is_sent_after_all_what_was_left_out_is_told_the_truth(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    await chat.say("checkin skip")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    await chat.say("checkin resume")
    clock.travel_to(FRIDAY + timedelta(hours=2))
    assert await chat.core.store.deliveries.requeue(1, clock.now())
    (sent,) = await chat.tick()
    told = "Late: this was due on Friday at 15:00 (Europe/Berlin); whoever runs me has had it sent after all."
    assert told in plain_text(sent.card)


async def test_those_who_wait_for_each_other_come_together(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    await chat.say("tips me friday 15:10 Europe/Berlin")
    await chat.say("recall on friday 15:14 Europe/Berlin")
    await chat.say("pair digest friday 15:24 Europe/Berlin")
    got = []
    for minutes in range(40):
        clock.travel_to(FRIDAY + timedelta(minutes=minutes))
        got += [(minutes, plain_text(one.card)) for one in await chat.tick()]
    ((minutes, card),) = got
    assert minutes == 14
    assert "Check-in" in card
    assert "tip" in card.lower()


async def test_recall_is_promised_only_if_a_question_is_due(chat: Chat) -> None:
    await chat.say("recall on wed 12:00 Europe/Berlin")
    assert "because you turned it on with /mentor recall on, if a question is due then" in await chat.text("why")


async def test_a_pause_lasts_for_the_week_at_least_and_says_so(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    said = await chat.text("checkin pause 2026-11-25")
    assert "I will leave you in peace until Monday, 30 November 2026." in said
    clock.travel_to(FRIDAY)
    assert "On a break: until Monday, 30 November 2026" in await chat.text("checkin settings")
    assert "Next: Friday, 4 December 2026, 15:00" in await chat.text("checkin settings")
    assert await chat.tick() == []


async def test_an_operator_sees_what_waits_and_what_falls_on_a_day_off(chat: Chat, clock: FrozenClock) -> None:
    admin = chat.as_(admin=True, person="root")
    await admin.say("tips here friday 15:00 Europe/Berlin every:2-weeks")
    await admin.say("admin here friday 15:00 Europe/Berlin")
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    await chat.tick()
    shown = await asyncio.to_thread(cli, chat, "schedule preview --days 3 --at 2026-11-27T20:10")
    assert "2026-11-28T08:00+01:00  Europe/Berlin  checkin  slack/T1/@ada" in shown
    explained = "".join([await asyncio.to_thread(cli, chat, f"deliveries explain {number}") for number in (1, 2, 3)])
    assert "every Friday of each second week at 15:00 (Europe/Berlin)" in explained
    assert "chosen when it is sent" not in explained


async def test_a_call_for_mentors_is_no_report(chat: Chat, clock: FrozenClock) -> None:
    await chat.as_(admin=True, person="root").say("admin here friday 15:00 Europe/Berlin")
    await chat.say("pair request any")
    await chat.tick()
    listed = await asyncio.to_thread(cli, chat, "deliveries list")
    assert "call for mentors, since a request finds none" in listed
    assert "weekly report" not in listed


async def test_a_request_is_passed_on_when_the_card_said_also_on_a_journey(chat: Chat, clock: FrozenClock) -> None:
    ben = chat.as_(person="ben")
    await ben.say("pair offer any")
    await chat.say("pair request any")
    (asked,) = await chat.tick()
    assert "Without an answer by Thursday, 26 November" in plain_text(asked.card)
    ticker = Scheduler(chat.core.store, chat.core.library, clock, {chat.fake.platform: chat.fake})
    begun = clock.now()
    await travel_to(begun + 7 * DAY, clock, chat.core.store, ticker)
    assert [one.at for one in chat.fake.posted[1:]] == [begun + 3 * DAY] * 2, "the mentor and the learner are told then"
