"""Forecasts of messages match what is sent, including deferred messages, reminders and snoozes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from mentorbot.chat.plain_text import plain_text
from mentorbot.cli import main
from mentorbot.clock import FrozenClock
from mentorbot.delivery.time_travel import travel_to

from .conftest import Chat, new_scheduler

FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def run_cli(chat: Chat, line: str) -> str:
    context = chat.app_context
    env = {"DATABASE_URL": context.settings.database}
    return CliRunner().invoke(main, line.split(), env=env, obj=context.clock).output


async def test_a_deferred_message_is_shown_as_on_its_way(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    assert await chat.tick() == []
    text = await chat.text("checkin settings")
    assert "On its way: Saturday, 28 Nov, 08:00" in text
    assert "Next check-in: Saturday, 5 Dec, 08:00" in text
    clock.travel_to(datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    assert "On its way" not in await chat.text("checkin settings")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("checkin pause 2026-12-14", "on a break until 14 Dec 2026"),
        ("admin calendar off:2026-11-24", "24 Nov is a day off here"),
        ("checkin settings budget:0", "the weekly limit is 0 messages"),
        ("checkin close", "the check-in for the week of 23 Nov is already done"),
    ],
)
async def test_a_snooze_that_would_not_be_sent_is_refused(chat: Chat, line: str, reason: str) -> None:
    await chat.copy(admin=True).say(line)
    text = await chat.text("checkin snooze")
    assert f"Nothing would reach you then: {reason}." in text
    assert "put off" not in await chat.text("why")


async def test_a_snooze_across_a_clock_change_keeps_the_local_time(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    clock.travel_to(datetime(2027, 3, 27, 10, tzinfo=UTC))
    await chat.tick()
    assert "I'll ask again on Sunday, 28 Mar, 11:00" in await chat.text("checkin snooze")
    clock.travel_to(datetime(2027, 3, 28, 9, tzinfo=UTC))
    assert len(await chat.tick()) == 1


async def test_a_pending_reminder_counts_in_the_budget(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin budget:2")
    await chat.say("tips me sunday 20:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    assert len(await chat.tick()) == 1
    text = await chat.text("why")
    assert "You turned it on. Nothing before that: the limit of 2 messages" in text
    assert "Next one: Sunday, 6 Dec, 20:00" in await chat.text("tips me")
    clock.travel_to(FRIDAY + DAY)
    assert len(await chat.tick()) == 1
    clock.travel_to(FRIDAY + 2 * DAY + timedelta(hours=5))
    assert await chat.tick() == []
    assert "skipped: the limit of 2 messages a week is reached" in await chat.text("why")


async def test_snoozing_twice_spends_the_budget_once(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings wednesday 15:00 Europe/Berlin budget:2")
    clock.travel_to(FRIDAY - 2 * DAY)
    assert len(await chat.tick()) == 1
    assert "I'll ask again on Thursday" in await chat.text("checkin snooze")
    clock.travel_to(FRIDAY - 2 * DAY + timedelta(hours=2))
    assert "I'll ask again on Thursday, 26 Nov, 17:00" in await chat.text("checkin snooze")
    clock.travel_to(FRIDAY - DAY + timedelta(hours=2))
    assert len(await chat.tick()) == 1
    assert "Nothing would reach you then: the limit of 2 messages" in await chat.text("checkin snooze")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("admin calendar off:2026-11-28", "28 Nov is a day off here"),
        ("checkin settings budget:1", "the limit of one message a week is reached"),
    ],
)
async def test_a_reminder_that_will_be_skipped_is_forecast_so(
    chat: Chat, clock: FrozenClock, line: str, reason: str
) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    await chat.tick()
    assert "I'd skip it" not in await chat.text("why")
    await chat.copy(admin=True).say(line)
    assert f"not sent yet. I'd skip it as things stand: {reason}" in await chat.text("why")
    clock.travel_to(FRIDAY + DAY)
    assert await chat.tick() == []
    assert f"skipped: {reason}" in await chat.text("why")


async def test_turning_reminders_off_removes_the_pending_one(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY)
    await chat.tick()
    assert "nudge" in await chat.text("why")
    await chat.say("checkin settings reminder:off")
    assert "nudge" not in await chat.text("why")


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ("friday", "If you don't answer, I'll nudge you once, a day later."),
        ("sunday", "No nudges: by the next day, the week's over or the next check-in is due."),
        ("tue,wed,thu", "I'll nudge you once, a day later, unless the week is over or the next check-in is due."),
    ],
)
async def test_settings_announce_the_reminders_that_are_sent(
    chat: Chat, clock: FrozenClock, days: str, says: str
) -> None:
    assert says in await chat.text(f"checkin settings {days} 10:00 Europe/Berlin")
    cards = []
    for day in range(8):
        clock.travel_to(datetime(2026, 11, 24, 9, 5, tzinfo=UTC) + day * DAY)
        cards += [plain_text(post.card) for post in await chat.tick()]
    reminders = [card for card in cards if "Quick nudge" in card]
    assert len(reminders) == (days != "sunday")
    assert len(cards) == {"friday": 2, "sunday": 1, "tue,wed,thu": 5}[days]


async def test_a_reminder_after_its_week_is_skipped_with_that_reason(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings saturday 21:00 Europe/Berlin quiet:22:00-08:00")
    clock.travel_to(datetime(2026, 11, 28, 20, 5, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    await chat.say("checkin settings quiet:20:00-08:00")
    clock.travel_to(datetime(2026, 11, 29, 20, 5, tzinfo=UTC))
    await chat.tick()
    clock.travel_to(datetime(2026, 11, 30, 7, 5, tzinfo=UTC))
    assert await chat.tick() == []
    assert "skipped: that check-in's week is over" in await chat.text("why")


async def test_every_late_message_says_so(chat: Chat, clock: FrozenClock) -> None:
    admin = chat.copy(admin=True, person="root")
    await admin.say("admin here friday 15:00 Europe/Berlin")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY + timedelta(hours=3))
    texts = [plain_text(post.card) for post in await chat.tick()]
    assert len(texts) == 2
    assert all("this was due on Friday at 15:00, Berlin time" in text for text in texts)
    clock.travel_to(FRIDAY + DAY + timedelta(hours=9))
    texts = [plain_text(post.card) for post in await chat.tick()]
    reminder, downtime = sorted(texts, key=lambda text: "this was due" not in text)
    assert "this was due on Saturday at 15:00, Berlin time" in reminder
    assert "this was due" not in downtime  # it says to the admin that the bot was away


async def test_a_message_missed_for_two_reasons_names_both(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    await chat.tick()
    clock.travel_to(FRIDAY + 4 * DAY)
    assert await chat.tick() == []
    assert "missed: quiet hours; then I wasn't running at the time" in await chat.text("why")


async def test_a_requeued_message_says_it_was_resent(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    await chat.say("checkin skip")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    await chat.say("checkin resume")
    clock.travel_to(FRIDAY + timedelta(hours=2))
    assert await chat.app_context.store.deliveries.requeue(1, clock.now())
    (sent_post,) = await chat.tick()
    notice = "Late: this was due on Friday at 15:00, Berlin time. Whoever runs this bot resent it."
    assert notice in plain_text(sent_post.card)


async def test_messages_due_close_together_are_merged(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    await chat.say("tips me friday 15:10 Europe/Berlin")
    await chat.say("recall on friday 15:14 Europe/Berlin")
    await chat.say("pair digest friday 15:24 Europe/Berlin")
    posts = []
    for minutes in range(40):
        clock.travel_to(FRIDAY + timedelta(minutes=minutes))
        posts += [(minutes, plain_text(post.card)) for post in await chat.tick()]
    ((minutes, card),) = posts
    assert minutes == 14
    assert "How did your week go" in card
    assert "tip" in card.lower()


async def test_recall_is_promised_only_if_a_question_is_due(chat: Chat) -> None:
    await chat.say("recall on wed 12:00 Europe/Berlin")
    assert "It comes if a question is due." in await chat.text("why")


async def test_a_pause_ends_on_the_day_its_card_names(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    assert "I'll be back on Wednesday, 25 Nov" in await chat.text("checkin pause 2026-11-25")
    assert "Next check-in: Friday, 27 Nov, 15:00" in await chat.text("checkin settings")
    clock.travel_to(FRIDAY)
    (post,) = await chat.tick()
    assert "Welcome back" in plain_text(post.card)


async def test_schedule_preview_shows_deferred_messages(chat: Chat, clock: FrozenClock) -> None:
    admin = chat.copy(admin=True, person="root")
    await admin.say("tips here friday 15:00 Europe/Berlin every:2-weeks")
    await admin.say("admin here friday 15:00 Europe/Berlin")
    await chat.say("checkin settings friday 21:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    clock.travel_to(FRIDAY + timedelta(hours=6, minutes=5))
    await chat.tick()
    preview = await asyncio.to_thread(run_cli, chat, "schedule preview --days 3 --at 2026-11-27T20:10")
    assert "2026-11-28T08:00+01:00  Europe/Berlin  checkin  slack/T1/@ada" in preview
    explanation = "".join(
        [await asyncio.to_thread(run_cli, chat, f"deliveries explain {number}") for number in (1, 2, 3)]
    )
    assert "every Friday of each second week at 15:00 (Europe/Berlin)" in explanation
    assert "chosen when it is sent" not in explanation


async def test_a_call_for_mentors_is_not_listed_as_a_report(chat: Chat, clock: FrozenClock) -> None:
    await chat.copy(admin=True, person="root").say("admin here friday 15:00 Europe/Berlin")
    await chat.say("pair request any")
    await chat.tick()
    listing = await asyncio.to_thread(run_cli, chat, "deliveries list")
    assert "call for mentors" in listing
    assert "weekly report" not in listing


async def test_time_travel_reassigns_a_request_at_its_deadline(chat: Chat, clock: FrozenClock) -> None:
    ben = chat.copy(person="ben")
    await ben.say("pair offer any")
    await chat.say("pair request any")
    (request_post,) = await chat.tick()
    assert "No answer by Thursday?" in plain_text(request_post.card)
    start = clock.now()
    await travel_to(start + 7 * DAY, clock, chat.app_context.store, new_scheduler(chat))
    assert [post.at for post in chat.platform.posted[1:]] == [start + 3 * DAY] * 2, (
        "the mentor and the learner are told then"
    )
