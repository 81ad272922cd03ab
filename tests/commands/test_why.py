"""Recent and coming messages, each with its reason; and the operator's commands for deliveries."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mentorbot.chat.plain_text import plain_text
from mentorbot.cli import main
from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import Delivery, DeliveryState, MessageKind
from mentorbot.errors import PermanentSendError

from .conftest import Chat

FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)


async def test_why_gives_a_reason_for_each_message(chat: Chat, clock: FrozenClock) -> None:
    assert "I haven't messaged you" in await chat.text("why")
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    assert "You chose that time." in await chat.text("why")
    clock.travel_to(FRIDAY)
    await chat.tick()
    text = await chat.text("why")
    assert "due Fri 27 Nov 2026 15:00, sent Fri 27 Nov 2026 15:00" in text
    assert "SO FAR, BERLIN TIME" in text
    await chat.say("checkin pause 2027-02-01")
    clock.travel_to(FRIDAY + timedelta(days=7))
    await chat.tick()
    assert "skipped: on a break until 1 Feb 2027" in await chat.text("why")
    assert "I haven't messaged you" in await chat.copy(person="ben").text("why")
    assert "I haven't messaged you" in await chat.copy(workspace="T2").text("why")


async def test_a_late_message_is_marked_late(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 UTC")
    clock.travel_to(FRIDAY + timedelta(hours=3))
    await chat.tick()
    assert ", late" in await chat.text("why")


@pytest.fixture
async def refused_chat(chat: Chat, clock: FrozenClock) -> Chat:
    """A person whose direct messages are closed when the check-in is sent."""
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    chat.platform.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    return chat


def run_deliveries(chat: Chat, *arguments: str) -> Result:
    return CliRunner().invoke(
        main,
        ["deliveries", *arguments],
        env={"DATABASE_URL": chat.app_context.settings.database},
        obj=chat.app_context.clock,
    )


def run_on_empty_database(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["deliveries", *arguments], env={"DATABASE_URL": f"sqlite:///{folder / 'new.db'}"})


async def test_an_operator_can_explain_and_retry_a_failed_message(refused_chat: Chat, clock: FrozenClock) -> None:
    listing = await asyncio.to_thread(run_deliveries, refused_chat, "list", "--state", "failed")
    assert "check-in" in listing.output
    assert "cannot_dm" in listing.output
    explanation = (await asyncio.to_thread(run_deliveries, refused_chat, "explain", "1")).output
    assert "slack/T1/@ada" in explanation
    assert "paused" in explanation
    assert "mentorbot deliveries retry 1" in explanation
    assert "pending again" in (await asyncio.to_thread(run_deliveries, refused_chat, "retry", "1")).output
    clock.travel_to(clock.now() + timedelta(seconds=1))
    (sent,) = await refused_chat.tick()
    assert sent.channel.id == "Dada"
    second_retry = await asyncio.to_thread(run_deliveries, refused_chat, "retry", "1")
    assert (second_retry.exit_code, "is sent" in second_retry.output) == (1, True)


async def test_a_retried_message_keeps_its_history(refused_chat: Chat, clock: FrozenClock) -> None:
    """Its due time and its error are shown to operator and person, before and after it's sent."""
    reason = "an operator resent it; before that it failed: cannot_dm"
    clock.travel_to(FRIDAY + timedelta(days=9))
    assert await refused_chat.app_context.store.deliveries.requeue(1, clock.now())
    explanation = (await asyncio.to_thread(run_deliveries, refused_chat, "explain", "1")).output
    assert f"due Fri 27 Nov 2026 15:00, not sent yet: {reason}; I'll try again Sun 6 Dec 2026 15:00" in explanation
    said = reason.replace("cannot_dm", "your direct messages are closed to me")
    assert f"not sent yet: {said}" in await refused_chat.text("why")
    (sent,) = await refused_chat.tick()
    assert "Late: this was due on Friday, 27 Nov at 15:00, Berlin time" in plain_text(sent.card)
    text = await refused_chat.text("why")
    assert f"due Fri 27 Nov 2026 15:00, sent Sun 6 Dec 2026 15:00, late: {said}" in text
    explanation = (await asyncio.to_thread(run_deliveries, refused_chat, "explain", "1")).output
    assert f"sent Sun 6 Dec 2026 15:00, late: {reason}" in explanation


async def test_a_retried_then_deferred_message_keeps_its_history(refused_chat: Chat, clock: FrozenClock) -> None:
    await refused_chat.say("checkin settings quiet:20:00-08:00")
    clock.travel_to(FRIDAY + timedelta(hours=6))
    assert await refused_chat.app_context.store.deliveries.requeue(1, clock.now())
    reason = "an operator resent it; before that it failed: cannot_dm; then: quiet hours"
    assert await refused_chat.tick() == []
    said = reason.replace("cannot_dm", "your direct messages are closed to me")
    assert f"not sent yet: {said}; I'll try again Sat 28 Nov 2026 08:00" in await refused_chat.text("why")
    clock.travel_to(datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert len(await refused_chat.tick()) == 1
    assert f"sent Sat 28 Nov 2026 08:00, late: {said}" in await refused_chat.text("why")


async def test_a_message_skipped_on_a_day_off_can_be_requeued(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    await chat.copy(admin=True).say("admin calendar off:2026-11-27")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    clock.travel_to(FRIDAY + timedelta(days=1))
    assert await chat.app_context.store.deliveries.requeue(1, clock.now())
    assert len(await chat.tick()) == 1
    reason = "an operator resent it; before that it was skipped: 27 Nov is a day off here\n"
    assert reason in await chat.text("why")


async def test_all_failed_messages_can_be_retried_together(refused_chat: Chat, clock: FrozenClock) -> None:
    ben = refused_chat.copy(person="ben")
    await ben.say("checkin settings friday 16:00 Europe/Berlin")
    refused_chat.platform.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY + timedelta(hours=1))
    assert await refused_chat.tick() == []
    result = await asyncio.to_thread(run_deliveries, refused_chat, "retry", "--state", "failed")
    assert "2 of 2 messages are pending again" in result.output
    clock.travel_to(clock.now() + timedelta(seconds=1))
    assert {post.channel.id for post in await refused_chat.tick()} == {"Dada", "Dben"}
    second_retry = await asyncio.to_thread(run_deliveries, refused_chat, "retry", "1", "2", "9")
    assert (second_retry.exit_code, "already pending or sent: 1, 2, 9." in second_retry.output) == (1, True)
    assert (
        "No messages are failed."
        in (await asyncio.to_thread(run_deliveries, refused_chat, "retry", "--state", "failed")).output
    )


async def test_deliveries_show_the_zone_and_each_error_once(refused_chat: Chat) -> None:
    listing = (await asyncio.to_thread(run_deliveries, refused_chat, "list")).output
    assert "(Europe/Berlin)" in listing
    explanation = (await asyncio.to_thread(run_deliveries, refused_chat, "explain", "1")).output
    assert "(Europe/Berlin)" in explanation
    assert "last problem" not in explanation


@pytest.mark.parametrize("arguments", [("explain", str(2**63)), ("retry", str(2**64)), ("prune", "--days", "1000000")])
def test_a_number_out_of_range_is_refused_with_the_range(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run_on_empty_database(tmp_path, *arguments)
    assert (result.exit_code, "is not in the range" in result.output) == (2, True)


async def test_prune_deletes_old_messages(chat: Chat, clock: FrozenClock) -> None:
    clock.travel_to(datetime(2025, 1, 6, tzinfo=UTC))
    await chat.say("checkin settings friday 15:00 UTC reminder:off")
    clock.travel_to(datetime(2025, 1, 10, 15, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    clock.travel_to(datetime(2025, 2, 10, tzinfo=UTC))
    assert (await asyncio.to_thread(run_deliveries, chat, "prune", "--days", "30")).output == "1 message was deleted.\n"
    assert (
        await asyncio.to_thread(run_deliveries, chat, "prune", "--days", "30")
    ).output == "0 messages were deleted.\n"
    assert "Nothing's been scheduled yet." in (await asyncio.to_thread(run_deliveries, chat, "list")).output


def test_retry_without_messages_says_none_was_named(tmp_path: Path) -> None:
    result = run_on_empty_database(tmp_path, "retry")
    assert (result.exit_code, "not both" in result.output, "retry 17 18" in result.output) == (2, False, True)


async def test_a_reminder_is_explained_without_a_schedule(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    await chat.say("plan add Read")
    clock.travel_to(FRIDAY)
    await chat.tick()
    (reminder,) = [delivery for delivery in await deliveries(chat) if delivery.schedule is None]
    explanation = (await asyncio.to_thread(run_deliveries, chat, "explain", str(reminder.id))).output
    assert "check-in nudge" in explanation
    assert "sent once, when something happens" in explanation
    assert "every" not in explanation


def test_retry_takes_either_numbers_or_a_state(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    for arguments in ([], ["1", "--state", "failed"]):
        result = CliRunner().invoke(main, ["deliveries", "retry", *arguments], env=env)
        assert (result.exit_code, "Name the messages by number" in result.output) == (2, True)


@pytest.mark.parametrize("line", ["deliveries list", "deliveries explain 7", "deliveries retry 7", "schedule preview"])
def test_reading_a_missing_database_creates_none(tmp_path: Path, line: str) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'wrong' / 'new.db'}"}
    result = CliRunner().invoke(main, line.split(), env=env)
    assert (result.exit_code, f"There's no database at {tmp_path / 'wrong' / 'new.db'} yet." in result.output) == (
        2,  # someone has to change something; trying again can't help
        True,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_lists_no_messages(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    runner = CliRunner()
    runner.invoke(main, ["db", "upgrade"], env=env)
    assert "Nothing's been scheduled yet." in runner.invoke(main, ["deliveries", "list"], env=env).output
    assert runner.invoke(main, ["deliveries", "list", "--json"], env=env).output.strip() == "[]"
    for command in ("explain", "retry"):
        missing = runner.invoke(main, ["deliveries", command, "7"], env=env)
        assert (missing.exit_code, "There's no message 7" in missing.output) == (1, True)


FORECASTS = [
    ("checkin pause 2026-12-20", "Friday, 25 Dec, 15:00", "on a break until 20 Dec 2026"),
    ("checkin skip", "Friday, 4 Dec, 15:00", "the week of 23 Nov is off"),
    ("checkin close", "Friday, 4 Dec, 15:00", "the check-in for the week of 23 Nov is already done"),
    ("checkin settings budget:0", "No messages coming up", "the weekly limit is 0 messages"),
    ("checkin settings quiet:14:00-18:00", "Friday, 27 Nov, 18:00, Berlin time, when your quiet hours end", ""),
    ("admin calendar off:2026-11-27", "Friday, 4 Dec, 15:00", "27 Nov is a day off here"),
]


@pytest.mark.parametrize(("line", "time_text", "reason"), FORECASTS)
async def test_the_next_message_forecast_is_right(
    chat: Chat, clock: FrozenClock, line: str, time_text: str, reason: str
) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    assert "Friday, 27 Nov, 15:00, Berlin time" in await chat.text("why")
    await chat.copy(admin=True).say(line)
    text = await chat.text("why")
    assert time_text in text
    assert reason in text
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


ON_THE_CARD = {
    "No messages coming up": "Nothing's coming",
    "Friday, 27 Nov, 18:00, Berlin time, when your quiet hours end": "Friday, 27 Nov, 18:00, when your quiet hours end",
}


@pytest.mark.parametrize(("line", "time_text", "reason"), FORECASTS)
@pytest.mark.parametrize(
    ("set_line", "show_line"),
    [("checkin settings", "checkin settings"), ("tips me", "tips me"), ("tips here", "tips when")],
)
async def test_settings_and_why_agree_on_the_next_message(
    chat: Chat, line: str, time_text: str, reason: str, set_line: str, show_line: str
) -> None:
    """A channel's schedule depends only on its days off, so a person's other settings leave it unchanged."""
    await chat.copy(admin=True).say(f"{set_line} friday 15:00 Europe/Berlin")
    before = await chat.text(show_line)
    assert "Friday, 27 Nov, 15:00." in before
    await chat.copy(admin=True).say(line)
    text = await chat.text(show_line)
    if "calendar" not in line and set_line == "tips here":
        assert text == before
    elif line != "checkin close" or set_line == "checkin settings":
        assert ON_THE_CARD.get(time_text, time_text) in text
        assert reason in text


async def test_a_refused_personal_tip_says_what_to_do(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("tips me friday 15:00 Europe/Berlin")
    chat.platform.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY)
    await chat.tick()
    text = await chat.text("tips me")
    assert "your direct messages seem to be closed to me" in text
    assert "channel" not in text
    assert "Next one:" not in text
    await chat.say("tips me friday")
    assert "Next one: Friday, 4 Dec, 15:00" in await chat.text("tips me")


async def test_a_spent_budget_moves_the_forecast_to_next_week(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings tuesday 15:00 Europe/Berlin every:2 budget:1 reminder:off")
    await chat.say("tips me friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY - timedelta(days=3))
    assert len(await chat.tick()) == 1
    assert "Friday, 4 Dec, 15:00, Berlin time. You turned it on." in await chat.text("why")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


async def test_the_forecast_counts_earlier_messages_in_the_budget(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me wednesday 15:00 Europe/Berlin")
    text = await chat.text("why")
    assert "Wednesday, 25 Nov, 15:00, Berlin time. You turned it on." in text
    assert "nothing for now (the limit of one message a week is reached" in text
    for days in (2, 0, -5, -7):
        clock.travel_to(FRIDAY - timedelta(days=days))
        assert len(await chat.tick()) == (days in (2, -5))


async def test_quiet_hours_ending_on_a_day_off_skip_the_message(chat: Chat, clock: FrozenClock) -> None:
    await chat.copy(admin=True).say("admin calendar off:2026-11-27")
    await chat.say("checkin settings thursday 22:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    text = await chat.text("why")
    assert "Friday, 4 Dec, 08:00, Berlin time, when your quiet hours end" in text
    assert "Nothing before that: 27 Nov is a day off here." in text
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


async def test_a_message_deferred_by_quiet_hours_spends_the_budget(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings thursday 22:00 Europe/Berlin quiet:20:00-08:00 budget:1 reminder:off")
    await chat.say("tips me friday 09:00 Europe/Berlin")
    clock.travel_to(FRIDAY - timedelta(hours=16, minutes=30))
    assert await chat.tick() == []
    assert "nothing for now (the limit of one message a week is reached" in await chat.text("why")
    for hour in (7, 8):
        clock.travel_to(FRIDAY.replace(hour=hour))
        assert len(await chat.tick()) == (hour == 7)


async def test_merged_messages_spend_the_budget_once(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 09:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me friday 09:10 Europe/Berlin")
    text = await chat.text("why")
    assert "Friday, 27 Nov, 09:00, Berlin time" in text
    assert "Friday, 27 Nov, 09:10, Berlin time" in text
    clock.travel_to(FRIDAY.replace(hour=8))
    assert await chat.tick() == []
    clock.travel_to(FRIDAY.replace(hour=8, minute=10))
    assert len(await chat.tick()) == 1
    assert {delivery.state for delivery in await deliveries(chat)} == {DeliveryState.SENT}
    assert "none:" not in await chat.text("why")


async def test_a_message_spread_to_later_finds_the_budget_spent(chat: Chat, clock: FrozenClock) -> None:
    await chat.copy(admin=True).say("admin calendar spread:120")
    await chat.say("checkin settings friday 09:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me friday 09:05 Europe/Berlin")
    text = await chat.text("why")
    assert "Friday, 27 Nov, 09:05, Berlin time" in text
    assert "nothing for now (the limit of one message a week is reached" in text
    for minutes in range(0, 125, 5):
        clock.travel_to(FRIDAY.replace(hour=8) + timedelta(minutes=minutes))
        await chat.tick()
    assert [(delivery.kind, delivery.state) for delivery in await deliveries(chat)] == [
        (MessageKind.PERSONAL_TIP, DeliveryState.SENT),
        (MessageKind.CHECKIN, DeliveryState.CANCELLED),
    ]


async def test_a_zero_budget_shows_no_next_message(chat: Chat) -> None:
    assert "Friday, 27 Nov" in await chat.text("checkin settings friday 15:00 Europe/Berlin")
    text = await chat.text("checkin settings budget:0")
    assert "I never message you first" in text
    assert "27 Nov" not in text


async def deliveries(chat: Chat) -> list[Delivery]:
    """List all messages, oldest first."""
    messages = await chat.app_context.store.deliveries.list((), 100)
    return sorted(messages, key=lambda delivery: delivery.sent_at or delivery.not_before)
