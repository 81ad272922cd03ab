"""A workspace the bot was removed from: its messages stop at once, and its data is erased after 30 days."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.platform import Workspace
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.domain.people import ERASE_AFTER_DAYS
from mentorbot.errors import TemporarySendError, WorkspaceRevoked

from .conftest import DAY, DUE, HOUR, TEAM, WEEK, Bot, Person

OTHERS = Workspace("slack", "T2")
KICKED = WorkspaceRevoked("kicked", "the bot was removed from the server: invite it again")


async def maintain(bot: Bot) -> None:
    """Run the hourly maintenance."""
    await MaintenanceTasks(bot.store, bot.library, bot.clock, {"slack": bot.platform}).run()


async def test_messages_stop_at_once_and_others_get_theirs(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.post_weekly("C9", workspace=OTHERS)
    await bot.store.workspaces.mark_removed(TEAM, bot.clock.now())
    await bot.tick_at(DUE)
    await bot.tick_at(DUE + WEEK)
    assert {posted.channel.workspace for posted in bot.platform.posted} == {OTHERS}
    assert bot.platform.attempts == 2


async def test_removal_is_noticed_by_sending(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.workspace_errors[TEAM] = KICKED
    await bot.tick_at(DUE)
    assert await bot.store.workspaces.removed(9) == [(TEAM, DUE)]
    await bot.tick_at(DUE + HOUR)
    assert bot.platform.attempts == 1


async def test_data_is_erased_after_thirty_days_and_not_before(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add Read a book")
    await Person(bot, workspace=OTHERS).say("plan add Read another book")
    bot.platform.left_workspaces.add(TEAM)
    await bot.store.workspaces.mark_removed(TEAM, bot.clock.now())
    bot.clock.travel_to(bot.clock.now() + timedelta(days=ERASE_AFTER_DAYS) - HOUR)
    await maintain(bot)
    assert await bot.store.workspaces.everything(TEAM)
    bot.clock.travel_to(bot.clock.now() + HOUR)
    await maintain(bot)
    assert await bot.store.workspaces.everything(TEAM) == {}
    assert "Read another book" in str(await bot.store.workspaces.everything(OTHERS))


async def test_bot_that_is_back_erases_nothing(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.store.workspaces.mark_removed(TEAM, bot.clock.now())
    bot.clock.travel_to(DUE - HOUR)
    await maintain(bot)
    assert await bot.store.workspaces.removed(9) == []
    await bot.tick_at(DUE)
    assert await bot.states() == ["sent"]


async def test_nothing_is_erased_while_the_platform_cannot_be_asked(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.store.workspaces.mark_removed(TEAM, bot.clock.now())
    bot.platform.installation_errors[TEAM] = TemporarySendError("503")
    bot.clock.travel_to(bot.clock.now() + 90 * DAY)
    await maintain(bot)
    assert await bot.store.workspaces.everything(TEAM)


async def test_own_data_says_what_happens_after_a_removal(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("plan add Read a book")
    assert "I'm removed from here, I delete everything 30 days after I notice" in await ada.say("me show")
