"""Messages in plain language: DMs and mentions, the server a DM is about, and messages that get no answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import CommandRequest
from mentorbot.commands.dispatcher import Dispatcher

from .discord_rules import flat
from .payloads import ADA, APPLICATION, BOT, CHANNEL, DM, GUILD, PERSON, thread
from .server import DiscordServer

PRESS = 3
OTHER = "880000000000000022"
THREAD = "660000000000000066"


class Listener(Dispatcher):
    """A dispatcher that records what it's asked, and answers with `card`."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.dispatcher.registry, context.store, context.library, context.clock)
        self.requests: list[CommandRequest] = []
        self.card: Answer = Card("I heard you", (Buttons((Button("Again", "help"),)),))
        self.seconds = 0.0

    async def answer(self, request: CommandRequest, _platform: Any = None) -> Answer:
        self.requests.append(request)
        await asyncio.sleep(self.seconds)
        return self.card


@dataclass
class Bot:
    """A running bot that listens, and the fake Discord it's connected to."""

    server: DiscordServer
    listener: Listener
    adapter: DiscordAdapter = field(init=False)

    async def heard(self, number: int = 1) -> CommandRequest:
        """The last request, once there are `number`."""
        async with asyncio.timeout(8):
            while len(self.listener.requests) < number:
                await asyncio.sleep(0.01)
        return self.listener.requests[-1]

    async def sent(self, channel: str, number: int = 1) -> Any:
        """The last message sent to a channel, once there are `number`."""
        path = f"/channels/{channel}/messages"
        bodies = await self.server.wait_for(
            lambda: found if len(found := self.server.sent("POST", path)) >= number else None
        )
        return bodies[-1]

    async def press(self, custom_id: str, replying_to: dict[str, Any]) -> Any:
        """Press a button on a message that replies to `replying_to`, and return the answer."""
        reference = {"message_id": replying_to["id"], "channel_id": DM}
        message = self.server.message({}, flags=1 << 15, channel=DM) | {"message_reference": reference, "type": 19}
        data = {"custom_id": custom_id, "component_type": 2}
        number = await self.server.interact(
            PRESS, data, message=message, guild=None, channel_id=DM, channel={"id": DM, "type": 1}
        )
        return await self.server.answer_to(number)


@pytest.fixture
async def bot(server: DiscordServer, app_context: AppContext) -> AsyncIterator[Bot]:
    bot = Bot(server, Listener(app_context))
    bot.adapter = DiscordAdapter(app_context.settings, bot.listener, app_context.store)
    await bot.adapter.start()
    yield bot
    await bot.adapter.stop()
    assert not server.violations


def text_of(message: Any) -> str:
    """All texts of a message."""
    return "\n".join(part["content"] for part in flat(message["components"]) if part["type"] == 10)


def custom_ids(message: Any) -> list[str]:
    """The custom ids of a message's buttons."""
    return [part["custom_id"] for part in flat(message["components"]) if part["type"] == 2]


async def test_intents_are_not_privileged(bot: Bot) -> None:
    guilds, guild_messages, direct_messages = 1 << 0, 1 << 9, 1 << 12
    assert bot.server.identified[0]["d"]["intents"] == guilds | guild_messages | direct_messages


async def test_dm_is_answered_in_place_without_a_ping(bot: Bot) -> None:
    message = await bot.server.say("I'm stuck")
    answer = await bot.sent(DM)
    assert "I heard you" in text_of(answer)
    assert answer["message_reference"]["message_id"] == str(message["id"])
    assert answer["allowed_mentions"]["replied_user"] is False
    request = await bot.heard()
    assert (request.line, request.spoken, request.forms, request.key) == ("I'm stuck", True, False, message["id"])
    assert (request.caller.channel.workspace.id, request.caller.channel.direct) == (GUILD, True)
    assert request.caller.name == "Ada"
    # Its buttons say which server they're about.
    assert custom_ids(answer) == [f"m:s{GUILD}:help"]


async def test_it_shows_that_it_is_typing_if_an_answer_takes_long(bot: Bot) -> None:
    await bot.server.say("I'm stuck")
    await bot.sent(DM)
    assert not bot.server.sent("POST", f"/channels/{DM}/typing")
    bot.listener.seconds = 2.5
    await bot.server.say("I'm stuck again")
    await bot.sent(DM, 2)
    assert len(bot.server.sent("POST", f"/channels/{DM}/typing")) == 1


async def test_rights_in_a_dm_are_those_in_its_server(bot: Bot) -> None:
    await bot.server.say("days off")
    member = await (await bot.heard()).caller.member()
    assert (member.name, member.admin) == ("Countess", True)


async def test_shareable_answer_to_a_mention_is_a_reply_in_the_channel(bot: Bot) -> None:
    bot.listener.card = Card("Typically 5-10 years", shareable=True)
    await bot.server.say(f"<@{APPLICATION}>, how long does it take <@{PERSON}>?", guild=GUILD, mentions=True)
    assert "Typically" in text_of(await bot.sent(CHANNEL))
    request = await bot.heard()
    assert request.line.startswith("how long does it take")
    assert (request.caller.channel.workspace.id, request.caller.channel.direct) == (GUILD, False)
    assert bot.server.sent("POST", f"/channels/{DM}/messages") == []


async def test_a_muted_channel_gets_no_answers(bot: Bot) -> None:
    bot.listener.card = Card("Typically 5-10 years", shareable=True)
    async with bot.listener._store.unit_of_work(Workspace("discord", GUILD)) as uow:
        await uow.muted_channels.add(Channel(Workspace("discord", GUILD), CHANNEL))
    await bot.server.say(f"<@{APPLICATION}> how long does it take?", guild=GUILD, mentions=True)
    await bot.server.say("how long does it take?")
    await bot.sent(DM)
    assert bot.server.sent("POST", f"/channels/{CHANNEL}/messages") == []


@pytest.mark.parametrize("muted", [CHANNEL, THREAD], ids=["its channel", "itself"])
async def test_a_thread_is_muted_with_its_channel_or_alone(bot: Bot, muted: str) -> None:
    bot.listener.card = Card("Typically 5-10 years", shareable=True)
    bot.server.threads = [thread(number, CHANNEL, {"name": "Chat"}) for number in (THREAD, "660000000000000067")]
    async with bot.listener._store.unit_of_work(Workspace("discord", GUILD)) as uow:
        await uow.muted_channels.add(Channel(Workspace("discord", GUILD), muted))
    await bot.server.say(f"<@{APPLICATION}> how long?", guild=GUILD, mentions=True, channel_id=THREAD, channel_type=11)
    other = "770000000000000077" if muted == CHANNEL else "660000000000000067"
    await bot.server.say(f"<@{APPLICATION}> how long?", guild=GUILD, mentions=True, channel_id=other)
    assert "Typically" in text_of(await bot.sent(other))
    assert bot.server.sent("POST", f"/channels/{THREAD}/messages") == []


async def test_personal_answer_to_a_mention_goes_to_the_dm(bot: Bot) -> None:
    await bot.server.say(f"show my plan <@{APPLICATION}>", guild=GUILD, mentions=True)
    assert "I heard you" in text_of(await bot.sent(DM))
    assert "I've sent that to your DMs" in text_of(await bot.sent(CHANNEL))
    assert custom_ids(await bot.sent(DM)) == [f"m:s{GUILD}:help"]


async def test_closed_dms_are_explained(bot: Bot) -> None:
    bot.server.planned_errors[f"/channels/{DM}/messages"] = [(403, {"message": "Cannot send", "code": 50007})]
    await bot.server.say(f"show my plan <@{APPLICATION}>", guild=GUILD, mentions=True)
    shown = text_of(await bot.sent(CHANNEL))
    assert "your DMs are closed" in shown
    assert "I heard you" not in shown


IGNORED: list[dict[str, Any]] = [
    {"author": BOT},
    {"author": {**ADA, "id": "5", "bot": True}},
    {"webhook_id": "5"},
    {"type": 6},
    {"edited_timestamp": "2026-11-23T09:00:00+00:00"},
    {"guild": GUILD},
    {"content": ""},
]


async def test_messages_nobody_wrote_to_the_bot_get_no_answer(bot: Bot) -> None:
    for overrides in IGNORED:
        await bot.server.say("not for you", **overrides)
    await bot.server.say("the last one")
    assert (await bot.heard()).line == "the last one"
    await bot.sent(DM)
    assert len(bot.listener.requests) == 1


async def test_a_message_is_answered_once_however_often_it_comes(bot: Bot, app_context: AppContext) -> None:
    second = DiscordAdapter(app_context.settings, bot.listener, app_context.store)
    await second.start()
    message = await bot.server.say("hello")
    await bot.server.tell("MESSAGE_CREATE", message)
    await bot.sent(DM)
    await second.stop()
    await bot.adapter._in_flight.drained()
    assert len(bot.listener.requests) == 1


async def test_an_event_that_cannot_be_parsed_ends_nothing(bot: Bot) -> None:
    await bot.server.tell("MESSAGE_CREATE", {"id": "nonsense"})
    await bot.server.say("still there?")
    assert (await bot.heard()).line == "still there?"


async def test_someone_in_several_servers_is_asked_once(bot: Bot) -> None:
    bot.server.guilds[OTHER] = "Second"
    message = await bot.server.say("I'm stuck")
    question = await bot.sent(DM)
    assert "Which server is this about?" in text_of(question)
    assert bot.listener.requests == []
    chosen = next(custom_id for custom_id in custom_ids(question) if OTHER in custom_id)
    answer = await bot.press(chosen, message)
    assert answer["type"] == 7
    assert "I heard you" in text_of(answer["data"])
    assert "About Second" in text_of(answer["data"])
    request = await bot.heard()
    assert (request.line, request.caller.channel.workspace.id) == ("I'm stuck", OTHER)
    await bot.server.say("and now?")
    assert (await bot.heard(2)).caller.channel.workspace.id == OTHER
    assert "About Second" in text_of(await bot.sent(DM, 2))


async def test_long_answer_after_choosing_a_server_has_pages(bot: Bot) -> None:
    bot.server.guilds[OTHER] = "Second"
    bot.listener.card = Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3)))
    message = await bot.server.say("tell me everything")
    await bot.sent(DM)
    first = await bot.press(f"m::server:{OTHER}", message)
    onward = next(custom_id for custom_id in custom_ids(first["data"]) if "page:1:" in custom_id)
    second = await bot.press(onward, message)
    assert second["type"] == 7
    assert "word" in text_of(second["data"])
    assert not [request for request in bot.server.requests if request.path.startswith("/webhooks")]


async def test_the_server_can_be_changed(bot: Bot) -> None:
    bot.server.guilds[OTHER] = "Second"
    message = await bot.server.say("I'm stuck")
    await bot.press(f"m::server:{GUILD}", message)
    await bot.server.say("again")
    change = custom_ids(await bot.sent(DM, 2))[-1]
    assert change.endswith(":server:?")
    question = await bot.press(change, message)
    assert "Which server" in text_of(question["data"])
    refused = await bot.press("m::server:880000000000000099", message)
    assert "Which server" in text_of(refused["data"])


async def test_a_stranger_in_a_second_server_is_not_asked(bot: Bot) -> None:
    bot.server.guilds[OTHER] = "Second"
    bot.server.strangers_in.add(OTHER)
    await bot.server.say("hello")
    assert (await bot.heard()).caller.channel.workspace.id == GUILD


async def test_a_line_too_long_for_a_button_is_kept(bot: Bot) -> None:
    line = "plan add what:'" + "read " * 40 + "'"
    bot.listener.card = Card("Keep my words", (Buttons((Button("Save", line),)),))
    message = await bot.server.say("hello")
    (custom_id,) = custom_ids(await bot.sent(DM))
    assert custom_id.startswith(f"m:s{GUILD}:draft:")
    await bot.press(custom_id, message)
    assert (await bot.heard(2)).line == line


async def test_posted_card_keeps_a_long_line_on_the_server(bot: Bot) -> None:
    card = Card("Keep it?", (Buttons((Button("Save", "plan add what:" + "x" * 90),)),))
    await bot.adapter.platform.post(Channel(Workspace("discord", GUILD), CHANNEL), card, "d-1")
    (custom_id,) = custom_ids(await bot.sent(CHANNEL))
    assert custom_id.startswith("m:d-1:draft:")
