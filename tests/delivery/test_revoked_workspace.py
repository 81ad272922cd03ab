"""A workspace that is closed to the bot: its messages wait, nobody has to start anything again, and no other one is held up."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.errors import TemporarySendError, WorkspaceRevoked

from .conftest import DUE, FRIDAY, TEAM, Bot, Person

OTHERS = Workspace("slack", "T2")
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
REVOKED = WorkspaceRevoked("token_revoked", "token_revoked: install the app again")


async def locked_out(bot: Bot) -> None:
    """Five channels of a workspace that is closed, and one in another workspace."""
    for number in range(5):
        await bot.post_weekly(f"C{number}")
    await bot.post_weekly("C9", workspace=OTHERS)
    bot.platform.closed[TEAM] = REVOKED
    await bot.tick_at(DUE)


async def test_the_others_have_their_messages_and_its_own_wait(bot: Bot) -> None:
    await locked_out(bot)
    assert [posted.channel.workspace for posted in bot.platform.posted] == [OTHERS]
    await bot.tick_at(DUE + QUARTER - timedelta(minutes=1))
    assert bot.platform.attempts == 2, "a closed workspace is asked once"
    schedule = await bot.tip_schedule("C1")
    assert schedule is not None
    assert schedule.state == "active"
    waiting = [reason for state, reason in await bot.outcomes() if state == "pending"]
    assert waiting == ["token_revoked: install the app again"] * 5


async def test_let_in_again_everything_goes_on_by_itself(bot: Bot) -> None:
    await locked_out(bot)
    bot.platform.closed.clear()
    await bot.tick_at(DUE + HOUR)
    assert await bot.states() == ["sent"] * 6
    late = [plain_text(one.card) for one in bot.platform.posted if one.channel.workspace == TEAM]
    assert len(late) == 5
    assert all("Late: this was due" in text for text in late)


async def test_what_was_closed_too_long_says_why_it_never_came(bot: Bot) -> None:
    await locked_out(bot)
    await bot.tick_at(DUE + HOUR)
    await bot.tick_at(DUE + timedelta(days=2))
    missed = [reason for state, reason in await bot.outcomes() if state == "missed"]
    assert missed == ["token_revoked: install the app again; then the bot was not running in time"] * 5


async def test_a_learner_is_asked_again_when_the_app_is_back(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.faults.append(REVOKED)
    await bot.tick_at(FRIDAY)
    assert ada.received == []
    assert "token_revoked" in await ada.say("why")
    await bot.tick_at(FRIDAY + QUARTER)
    assert len(ada.received) == 1


async def test_a_doubt_stays_one_while_nobody_can_look(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.faults.append(TemporarySendError("503"))
    await bot.tick_at(DUE)
    bot.platform.find_faults.append(REVOKED)
    await bot.tick_at(DUE + timedelta(minutes=5))
    (delivery,) = await bot.deliveries()
    assert delivery.state == "pending"
    assert delivery.begun_at is not None
    await bot.tick_at(DUE + HOUR)
    assert await bot.states() == ["sent"]
    assert bot.platform.lookups == 2


async def test_what_came_late_says_why(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("checkin settings friday 15:00 reminder:off")
    bot.platform.faults.append(REVOKED)
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + HOUR)
    assert "late: token_revoked" in await ada.say("why")
