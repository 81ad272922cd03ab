"""The last messages and the next ones, each with its reason; and what an operator sees and can do about it."""

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


async def test_each_message_has_its_reason(chat: Chat, clock: FrozenClock) -> None:
    assert "I have sent you nothing by myself" in await chat.text("why")
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    assert "because you set it with /mentor checkin settings" in await chat.text("why")
    clock.travel_to(FRIDAY)
    await chat.tick()
    said = await chat.text("why")
    assert "due Fri 27 Nov 2026 15:00, sent Fri 27 Nov 2026 15:00" in said
    assert "These times are those of Europe/Berlin." in said
    await chat.say("checkin pause 2027-02-01")
    clock.travel_to(FRIDAY + timedelta(days=7))
    await chat.tick()
    assert "not sent: there is a break until 1 February 2027" in await chat.text("why")
    assert "I have sent you nothing" in await chat.as_(person="ben").text("why")
    assert "I have sent you nothing" in await chat.as_(workspace="T2").text("why")


async def test_a_late_message_says_that_it_is(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 UTC")
    clock.travel_to(FRIDAY + timedelta(hours=3))
    await chat.tick()
    assert ", late" in await chat.text("why")


@pytest.fixture
async def refused(chat: Chat, clock: FrozenClock) -> Chat:
    """Somebody whose direct messages are closed when the check-in comes."""
    await chat.say("plan add Read")
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    chat.fake.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    return chat


def run(chat: Chat, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["deliveries", *arguments], env={"DATABASE_URL": chat.core.settings.database_url}, obj=chat.core.clock
    )


def run_at(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["deliveries", *arguments], env={"DATABASE_URL": f"sqlite:///{folder / 'new.db'}"})


async def test_an_operator_sees_what_failed_why_and_can_send_it_again(refused: Chat, clock: FrozenClock) -> None:
    listed = await asyncio.to_thread(run, refused, "list", "--state", "failed")
    assert "check-in" in listed.output
    assert "cannot_dm" in listed.output
    explained = (await asyncio.to_thread(run, refused, "explain", "1")).output
    assert "slack/T1/@ada" in explained
    assert "paused" in explained
    assert "mentorbot deliveries retry 1" in explained
    assert "pending again" in (await asyncio.to_thread(run, refused, "retry", "1")).output
    clock.travel_to(clock.now() + timedelta(seconds=1))
    (sent,) = await refused.tick()
    assert sent.channel.id == "Dada"
    again = await asyncio.to_thread(run, refused, "retry", "1")
    assert (again.exit_code, "is sent" in again.output) == (1, True)


async def test_what_is_sent_after_all_keeps_its_history(refused: Chat, clock: FrozenClock) -> None:
    """When it was due, and why it had failed: for the operator and the person, before and after it is sent."""
    since = "an operator asked for it again; before that it failed: cannot_dm"
    clock.travel_to(FRIDAY + timedelta(days=9))
    assert await refused.core.store.deliveries.requeue(1, clock.now())
    explained = (await asyncio.to_thread(run, refused, "explain", "1")).output
    assert f"due Fri 27 Nov 2026 15:00, not sent yet: {since}; next try Sun 6 Dec 2026 15:00" in explained
    assert f"not sent yet: {since}" in await refused.text("why")
    (sent,) = await refused.tick()
    assert "Late: this was due on Friday, 27 November at 15:00 (Europe/Berlin)" in plain_text(sent.card)
    said = await refused.text("why")
    assert f"due Fri 27 Nov 2026 15:00, sent Sun 6 Dec 2026 15:00, late: {since}" in said
    explained = (await asyncio.to_thread(run, refused, "explain", "1")).output
    assert f"sent Sun 6 Dec 2026 15:00, late: {since}" in explained


async def test_what_is_put_off_when_it_is_sent_after_all_keeps_its_history(refused: Chat, clock: FrozenClock) -> None:
    await refused.say("checkin settings quiet:20:00-08:00")
    clock.travel_to(FRIDAY + timedelta(hours=6))
    assert await refused.core.store.deliveries.requeue(1, clock.now())
    since = "an operator asked for it again; before that it failed: cannot_dm; then: quiet hours"
    assert await refused.tick() == []
    assert f"not sent yet: {since}; next try Sat 28 Nov 2026 08:00" in await refused.text("why")
    clock.travel_to(datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert len(await refused.tick()) == 1
    assert f"sent Sat 28 Nov 2026 08:00, late: {since}" in await refused.text("why")


async def test_what_was_left_out_on_a_day_off_can_be_sent_after_all_and_says_so(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin reminder:off")
    await chat.as_(admin=True).say("admin calendar off:2026-11-27")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []
    clock.travel_to(FRIDAY + timedelta(days=1))
    assert await chat.core.store.deliveries.requeue(1, clock.now())
    assert len(await chat.tick()) == 1
    since = "an operator asked for it again; before that it was left out: 27 November is a day off here\n"
    assert since in await chat.text("why")


async def test_all_that_failed_can_be_sent_again_at_once(refused: Chat, clock: FrozenClock) -> None:
    ben = refused.as_(person="ben")
    await ben.say("checkin settings friday 16:00 Europe/Berlin")
    refused.fake.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY + timedelta(hours=1))
    assert await refused.tick() == []
    told = await asyncio.to_thread(run, refused, "retry", "--state", "failed")
    assert "2 of 2 messages are pending again" in told.output
    clock.travel_to(clock.now() + timedelta(seconds=1))
    assert {one.channel.id for one in await refused.tick()} == {"Dada", "Dben"}
    again = await asyncio.to_thread(run, refused, "retry", "1", "2", "9")
    assert (again.exit_code, "pending or sent already: 1, 2, 9." in again.output) == (1, True)
    assert "No message is failed." in (await asyncio.to_thread(run, refused, "retry", "--state", "failed")).output


async def test_an_operator_reads_in_which_zone_times_are_and_each_trouble_once(refused: Chat) -> None:
    listed = (await asyncio.to_thread(run, refused, "list")).output
    assert "(Europe/Berlin)" in listed
    explained = (await asyncio.to_thread(run, refused, "explain", "1")).output
    assert "(Europe/Berlin)" in explained
    assert "last trouble" not in explained


@pytest.mark.parametrize("arguments", [("explain", str(2**63)), ("retry", str(2**64)), ("prune", "--days", "1000000")])
def test_a_number_that_nothing_can_have_is_refused_with_the_range(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = run_at(tmp_path, *arguments)
    assert (told.exit_code, "is not in the range" in told.output) == (2, True)


async def test_old_messages_can_be_deleted_by_hand(chat: Chat, clock: FrozenClock) -> None:
    clock.travel_to(datetime(2025, 1, 6, tzinfo=UTC))
    await chat.say("checkin settings friday 15:00 UTC reminder:off")
    clock.travel_to(datetime(2025, 1, 10, 15, tzinfo=UTC))
    assert len(await chat.tick()) == 1
    clock.travel_to(datetime(2025, 2, 10, tzinfo=UTC))
    assert (await asyncio.to_thread(run, chat, "prune", "--days", "30")).output == "1 message was deleted.\n"
    assert (await asyncio.to_thread(run, chat, "prune", "--days", "30")).output == "0 messages were deleted.\n"
    assert "Nothing has been scheduled yet." in (await asyncio.to_thread(run, chat, "list")).output


def test_a_retry_of_nothing_says_that_nothing_was_named(tmp_path: Path) -> None:
    told = run_at(tmp_path, "retry")
    assert (told.exit_code, "not both" in told.output, "retry 17 18" in told.output) == (2, False, True)


async def test_a_notice_follows_no_schedule(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    await chat.say("plan add Read")
    clock.travel_to(FRIDAY)
    await chat.tick()
    (notice,) = [one for one in await deliveries(chat) if one.schedule is None]
    explained = (await asyncio.to_thread(run, chat, "explain", str(notice.id))).output
    assert "reminder of your check-in" in explained
    assert "sent once, when something happens" in explained
    assert "every" not in explained


def test_what_is_meant_must_be_said_once(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    for arguments in ([], ["1", "--state", "failed"]):
        told = CliRunner().invoke(main, ["deliveries", "retry", *arguments], env=env)
        assert (told.exit_code, "Name the messages by number" in told.output) == (2, True)


@pytest.mark.parametrize("line", ["deliveries list", "deliveries explain 7", "deliveries retry 7", "schedule preview"])
def test_looking_into_a_database_that_is_not_there_makes_none(tmp_path: Path, line: str) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'wrong' / 'new.db'}"}
    told = CliRunner().invoke(main, line.split(), env=env)
    assert (told.exit_code, f"There is no database at {tmp_path / 'wrong' / 'new.db'} yet." in told.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    runner = CliRunner()
    runner.invoke(main, ["db", "upgrade"], env=env)
    assert "Nothing has been scheduled yet." in runner.invoke(main, ["deliveries", "list"], env=env).output
    assert runner.invoke(main, ["deliveries", "list", "--json"], env=env).output.strip() == "[]"
    for command in ("explain", "retry"):
        missing = runner.invoke(main, ["deliveries", command, "7"], env=env)
        assert (missing.exit_code, "There is no message 7" in missing.output) == (1, True)


NEXT = [
    ("checkin pause 2026-12-20", "Fri 25 Dec 2026 15:00", "there is a break until 20 December 2026"),
    ("checkin skip", "Fri 4 Dec 2026 15:00", "the week of 23 November is off"),
    ("checkin close", "Fri 4 Dec 2026 15:00", "the check-in of the week of 23 November was held already"),
    ("checkin settings budget:0", "nothing more", "no messages are wanted (budget:0)"),
    ("checkin settings quiet:14:00-18:00", "Fri 27 Nov 2026 18:00 (Europe/Berlin), when your quiet hours end", ""),
    ("admin calendar off:2026-11-27", "Fri 4 Dec 2026 15:00", "27 November is a day off here"),
]


@pytest.mark.parametrize(("line", "comes", "since"), NEXT)
async def test_what_comes_next_is_what_will_come(
    chat: Chat, clock: FrozenClock, line: str, comes: str, since: str
) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin")
    assert "Fri 27 Nov 2026 15:00 (Europe/Berlin), because" in await chat.text("why")
    await chat.as_(admin=True).say(line)
    said = await chat.text("why")
    assert comes in said
    assert since in said
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


LONG = {
    "Fri 25 Dec 2026 15:00": "Friday, 25 December 2026, 15:00",
    "Fri 4 Dec 2026 15:00": "Friday, 4 December 2026, 15:00",
    "nothing more": "nothing more",
    "Fri 27 Nov 2026 18:00 (Europe/Berlin), when your quiet hours end": "27 November 2026, 18:00, when your quiet hours end",
}


@pytest.mark.parametrize(("line", "comes", "since"), NEXT)
@pytest.mark.parametrize(
    ("begin", "shown"), [("checkin settings", "checkin settings"), ("tips me", "tips me"), ("tips here", "tips when")]
)
async def test_settings_tell_the_same_as_why(
    chat: Chat, line: str, comes: str, since: str, begin: str, shown: str
) -> None:
    """What repeats for a person; what a channel gets hangs on its days off alone."""
    await chat.as_(admin=True).say(f"{begin} friday 15:00 Europe/Berlin")
    before = await chat.text(shown)
    assert "Next: Friday, 27 November 2026, 15:00" in before
    await chat.as_(admin=True).say(line)
    said = await chat.text(shown)
    if "calendar" not in line and begin == "tips here":
        assert said == before
    elif line != "checkin close" or begin == "checkin settings":
        assert LONG[comes] in said
        assert since in said


async def test_a_tip_of_ones_own_that_cannot_come_says_what_to_do(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("tips me friday 15:00 Europe/Berlin")
    chat.fake.failures.append(PermanentSendError("cannot_dm"))
    clock.travel_to(FRIDAY)
    await chat.tick()
    said = await chat.text("tips me")
    assert "your direct messages seem to be closed to me" in said
    assert "channel" not in said
    assert "Next:" not in said
    await chat.say("tips me friday")
    assert "Next: Friday, 4 December 2026, 15:00" in await chat.text("tips me")


async def test_a_budget_that_is_spent_leaves_the_next_week(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings tuesday 15:00 Europe/Berlin every:2 budget:1 reminder:off")
    await chat.say("tips me friday 15:00 Europe/Berlin")
    clock.travel_to(FRIDAY - timedelta(days=3))
    assert len(await chat.tick()) == 1
    assert "Fri 4 Dec 2026 15:00 (Europe/Berlin), because you set it with /mentor tips me" in await chat.text("why")
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


async def test_a_budget_that_another_message_will_have_spent(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 15:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me wednesday 15:00 Europe/Berlin")
    said = await chat.text("why")
    assert "Wed 25 Nov 2026 15:00 (Europe/Berlin), because you set it with /mentor tips me" in said
    assert "nothing more: the budget of one message a week is spent" in said
    for days in (2, 0, -5, -7):
        clock.travel_to(FRIDAY - timedelta(days=days))
        assert len(await chat.tick()) == (days in (2, -5))


async def test_quiet_hours_that_end_on_a_day_off(chat: Chat, clock: FrozenClock) -> None:
    await chat.as_(admin=True).say("admin calendar off:2026-11-27")
    await chat.say("checkin settings thursday 22:00 Europe/Berlin quiet:20:00-08:00 reminder:off")
    said = await chat.text("why")
    assert "Fri 4 Dec 2026 08:00 (Europe/Berlin), when your quiet hours end" in said
    assert "before that none, since 27 November is a day off here" in said
    clock.travel_to(FRIDAY)
    assert await chat.tick() == []


async def test_what_waits_for_the_end_of_quiet_hours_spends_the_budget(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings thursday 22:00 Europe/Berlin quiet:20:00-08:00 budget:1 reminder:off")
    await chat.say("tips me friday 09:00 Europe/Berlin")
    clock.travel_to(FRIDAY - timedelta(hours=16, minutes=30))
    assert await chat.tick() == []
    assert "nothing more: the budget of one message a week is spent" in await chat.text("why")
    for hour in (7, 8):
        clock.travel_to(FRIDAY.replace(hour=hour))
        assert len(await chat.tick()) == (hour == 7)


async def test_what_is_due_close_together_costs_one_message(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin settings friday 09:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me friday 09:10 Europe/Berlin")
    said = await chat.text("why")
    assert "Fri 27 Nov 2026 09:00 (Europe/Berlin)" in said
    assert "Fri 27 Nov 2026 09:10 (Europe/Berlin)" in said
    clock.travel_to(FRIDAY.replace(hour=8))
    assert await chat.tick() == []
    clock.travel_to(FRIDAY.replace(hour=8, minute=10))
    assert len(await chat.tick()) == 1
    assert {one.state for one in await deliveries(chat)} == {DeliveryState.SENT}
    assert "nothing more" not in await chat.text("why")


async def test_what_comes_later_for_the_spread_comes_after_the_budget_is_spent(chat: Chat, clock: FrozenClock) -> None:
    await chat.as_(admin=True).say("admin calendar spread:120")
    await chat.say("checkin settings friday 09:00 Europe/Berlin budget:1 reminder:off")
    await chat.say("tips me friday 09:05 Europe/Berlin")
    said = await chat.text("why")
    assert "Fri 27 Nov 2026 09:05 (Europe/Berlin)" in said
    assert "nothing more: the budget of one message a week is spent" in said
    for minutes in range(0, 125, 5):
        clock.travel_to(FRIDAY.replace(hour=8) + timedelta(minutes=minutes))
        await chat.tick()
    assert [(one.kind, one.state) for one in await deliveries(chat)] == [
        (MessageKind.PERSONAL_TIP, DeliveryState.SENT),
        (MessageKind.CHECKIN, DeliveryState.CANCELLED),
    ]


async def test_who_wants_no_messages_is_told_no_next_one(chat: Chat) -> None:
    assert "Friday, 27 November 2026" in await chat.text("checkin settings friday 15:00 Europe/Berlin")
    said = await chat.text("checkin settings budget:0")
    assert "I do not write to you of my own accord" in said
    assert "27 November" not in said


async def deliveries(chat: Chat) -> list[Delivery]:
    """All messages, oldest first."""
    found = await chat.core.store.deliveries.list((), 100)
    return sorted(found, key=lambda one: one.sent_at or one.not_before)
