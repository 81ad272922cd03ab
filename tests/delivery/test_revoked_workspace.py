"""A workspace that revoked the bot's access: its messages wait, resume by themselves, and hold up no other workspace."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.errors import TemporarySendError, WorkspaceRevoked

from .conftest import DUE, FRIDAY, TEAM, Bot, Person

OTHERS = Workspace("slack", "T2")
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
REVOKED = WorkspaceRevoked("token_revoked", "token_revoked: install the app again")


async def tick_while_revoked(bot: Bot) -> None:
    """Make tips due in five channels of a revoked workspace and in one of another workspace, and tick."""
    for number in range(5):
        await bot.post_weekly(f"C{number}")
    await bot.post_weekly("C9", workspace=OTHERS)
    bot.platform.workspace_errors[TEAM] = REVOKED
    await bot.tick_at(DUE)


async def test_revoked_workspace_waits_and_others_get_their_messages(bot: Bot) -> None:
    await tick_while_revoked(bot)
    assert [posted.channel.workspace for posted in bot.platform.posted] == [OTHERS]
    await bot.tick_at(DUE + QUARTER - timedelta(minutes=1))
    assert bot.platform.attempts == 2, "a revoked workspace is tried once"
    schedule = await bot.tip_schedule("C1")
    assert schedule is not None
    assert schedule.state == "active"
    waiting = [reason for state, reason in await bot.outcomes() if state == "pending"]
    assert waiting == ["token_revoked: install the app again"] * 5


async def test_messages_resume_once_access_is_back(bot: Bot) -> None:
    await tick_while_revoked(bot)
    bot.platform.workspace_errors.clear()
    await bot.tick_at(DUE + HOUR)
    assert await bot.states() == ["sent"] * 6
    late = [plain_text(message.card) for message in bot.platform.posted if message.channel.workspace == TEAM]
    assert len(late) == 5
    assert all("Late: this was due" in text for text in late)


async def test_message_missed_while_revoked_has_both_reasons(bot: Bot) -> None:
    await tick_while_revoked(bot)
    await bot.tick_at(DUE + HOUR)
    await bot.tick_at(DUE + timedelta(days=2))
    missed = [reason for state, reason in await bot.outcomes() if state == "missed"]
    assert missed == ["token_revoked: install the app again; then I wasn't running at the time"] * 5


async def test_check_in_is_sent_once_access_is_back(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.failures.append(REVOKED)
    await bot.tick_at(FRIDAY)
    assert ada.received == []
    assert "lost access here; I'll try again" in await ada.say("why")
    await bot.tick_at(FRIDAY + QUARTER)
    assert len(ada.received) == 1


async def test_unknown_outcome_stays_open_while_the_lookup_is_revoked(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(TemporarySendError("503"))
    await bot.tick_at(DUE)
    bot.platform.lookup_failures.append(REVOKED)
    await bot.tick_at(DUE + timedelta(minutes=5))
    (delivery,) = await bot.deliveries()
    assert delivery.state == "pending"
    assert delivery.begun_at is not None
    await bot.tick_at(DUE + HOUR)
    assert await bot.states() == ["sent"]
    assert bot.platform.lookups == 2


async def test_late_message_has_its_reason_in_why(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.failures.append(REVOKED)
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + HOUR)
    assert "late: I'd lost access here" in await ada.say("why")
