"""A channel the bot can't post in: whoever set up its messages is told once, with the fix, and admins see it in a list."""

from __future__ import annotations

from mentorbot.chat.cards import Answer, Buttons, Card, Form, buttons_of
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.domain.deliveries import Schedule

from .conftest import DUE, MINUTE, TEAM, WEEK, Bot, Person

CREATOR_DM = "DU1"


async def close(bot: Bot, code: str = "not_in_channel", channel_id: str = "C1") -> None:
    """Start a channel's tips, and let the channel refuse the first."""
    await bot.post_weekly(channel_id)
    bot.platform.channel_errors[channel_id] = code
    await bot.tick_at(DUE)


def notices(bot: Bot) -> list[str]:
    """List what whoever set up the tips was told."""
    return [plain_text(message.card) for message in bot.platform.posted if message.channel.id == CREATOR_DM]


async def channels(bot: Bot) -> list[Schedule]:
    """List what's posted in channels, soonest first."""
    async with bot.store.unit_of_work(TEAM) as uow:
        return sorted(await uow.schedules.in_channels(), key=lambda schedule: schedule.destination.label)


async def say(bot: Bot, line: str, **options: str) -> str:
    """Say something as an admin, and return the answer as plain text."""
    return plain_text(await answer(bot, line, **options))


async def answer(bot: Bot, line: str, **options: str) -> Answer:
    """Type a command as an admin, or send a form with `options`."""

    async def member() -> Member:
        return Member("U1", "Una", admin=True)

    caller = Caller(Channel(TEAM, CREATOR_DM, "", direct=True), "U1", "Una", member)
    dispatcher = Dispatcher(load_commands(), bot.store, bot.library, bot.clock)
    return await dispatcher.answer(CommandRequest(caller, line, options, None, True), bot.platform)


async def test_whoever_set_it_up_is_told_once_with_the_fix(bot: Bot) -> None:
    await close(bot)
    for instant in (DUE + MINUTE, DUE + WEEK, DUE + 2 * WEEK):
        await bot.tick_at(instant)
    [notice] = notices(bot)
    assert notice.startswith("Monday's tip didn't reach #name of C1")
    assert "I'm not in it any more. Type /invite @mentorbot there." in notice
    [message] = [message for message in bot.platform.posted if message.channel.id == CREATOR_DM]
    buttons = [button for block in message.card.blocks if isinstance(block, Buttons) for button in block.buttons]
    assert [button.label for button in buttons] == ["Try again", "Other channel", "Stop tip"]


async def test_missing_channel_is_tried_again_after_a_minute(bot: Bot) -> None:
    await close(bot, "channel_not_found")
    assert await bot.states() == ["pending"]
    bot.platform.channel_errors.clear()
    await bot.tick_at(DUE + MINUTE)
    assert (await bot.states(), notices(bot)) == (["sent"], [])


async def test_channel_missing_twice_is_closed(bot: Bot) -> None:
    await close(bot, "channel_not_found")
    await bot.tick_at(DUE + MINUTE)
    await bot.tick_at(DUE + 2 * MINUTE)
    assert await bot.states() == ["failed", "sent"]
    assert len(notices(bot)) == 1


async def test_refused_message_is_our_fault_and_pauses_nothing(bot: Bot) -> None:
    await close(bot, "invalid_body")
    schedule = await bot.tip_schedule()
    assert schedule is not None
    assert schedule.state == "active"
    await bot.tick_at(DUE + MINUTE)
    assert (await bot.states(), notices(bot)) == (["failed"], [])


async def test_channel_that_was_fixed_in_time_is_not_reported(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.channel_errors |= {"C1": "not_in_channel", CREATOR_DM: "cannot_dm"}
    bot.platform.workspace_errors.clear()
    await bot.tick_at(DUE)
    bot.platform.channel_errors.clear()
    await bot.post_weekly()
    await bot.tick_at(DUE + MINUTE)
    assert notices(bot) == []


async def test_admins_see_every_channel_in_one_list_and_try_again(bot: Bot) -> None:
    await bot.post_weekly("C2")
    await close(bot)
    listed = await say(bot, "admin schedules")
    assert listed.startswith("One of these 2 isn't getting through")
    assert listed.index("#name of C1") < listed.index("#name of C2")
    assert "weekly tip has stopped. I'm not in it any more." in listed
    schedule = await bot.tip_schedule()
    assert schedule is not None
    assert "/invite @mentorbot" in await say(bot, f"admin fix retry:{schedule.id}")
    bot.platform.channel_errors.clear()
    assert "is back in #name of C1" in await say(bot, f"admin fix retry:{schedule.id}")
    assert (await say(bot, "admin schedules")).startswith("What I post in channels")
    await bot.tick_at(DUE + WEEK)
    assert [message.channel.id for message in bot.platform.posted if message.at == DUE + WEEK].count("C1") == 1


async def test_moved_to_a_channel_from_the_platforms_menu(bot: Bot) -> None:
    await close(bot)
    schedule = await bot.tip_schedule()
    assert schedule is not None
    form = await answer(bot, f"admin fix move:{schedule.id}")
    assert isinstance(form, Form)
    assert [(field.name, field.input) for field in form.fields] == [("to", "channel")]
    bot.platform.channel_errors["C9"] = "not_in_channel"
    assert "/invite @mentorbot" in await say(bot, form.line, to="C9")
    assert "I can't find the channel" in await say(bot, form.line, to="no such thing!")
    await bot.post_weekly("C3")
    assert "That channel already gets it" in await say(bot, form.line, to="C3")
    assert (await say(bot, form.line, to="<#C2|other>")).startswith("Weekly tip now goes to #name of C2")
    assert [entry.destination.channel.id for entry in await channels(bot) if entry.destination.channel] == ["C2", "C3"]
    await bot.tick_at(DUE + WEEK)
    sent = [message.channel.id for message in bot.platform.posted if message.at == DUE + WEEK]
    assert sorted(sent) == ["C2", "C3"]


async def test_nobody_moves_what_another_workspace_posts(bot: Bot) -> None:
    elsewhere = await bot.post_weekly("C1", workspace=Workspace("slack", "T2"))
    assert "I don't post that any more" in await say(bot, f"admin fix move:{elsewhere.id}", to="C2")
    assert "I don't post that any more" in await say(bot, f"admin fix move:{elsewhere.id}")
    assert await channels(bot) == []


async def test_help_leads_admins_to_the_list(bot: Bot) -> None:
    card = await answer(bot, "help")
    assert isinstance(card, Card)
    assert "admin schedules" in [button.line for button in buttons_of(card.blocks)]
    assert "admin schedules" not in await Person(bot, "ben").say("help")


async def test_stopped_from_afar_and_undone(bot: Bot) -> None:
    await close(bot)
    schedule = await bot.tip_schedule()
    assert schedule is not None
    bot.platform.channel_errors.clear()
    assert "No more weekly tip in #name of C1" in await say(bot, f"admin fix end:{schedule.id}")
    assert (await say(bot, "admin schedules")).startswith("I don't post in any channels yet")
    assert "is back" in await say(bot, f"admin fix retry:{schedule.id}")
    assert "I don't post that any more" in await say(bot, "admin fix end:4711")
