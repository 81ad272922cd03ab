"""The Discord adapter: late answers, repeated deliveries, restarts, gateway reconnects and refused tokens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

import discord
import pytest

from mentorbot.adapters.discord import adapter as adapter_module
from mentorbot.adapters.discord import client as client_module
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings, PlatformDown, TemporarySendError
from mentorbot.settings import Settings
from mentorbot.slash.registry import Option, Registry

from .payloads import CHANNEL, EPHEMERAL, GUILD, TOKEN
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
V2 = 1 << 15


@dataclass
class Bot:
    """A running adapter with a few commands (some wait for `release`), and the fake Discord it's connected to."""

    server: DiscordServer
    app_context: AppContext
    release: asyncio.Event = field(default_factory=asyncio.Event)
    executed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.registry = Registry()
        for name in ("slow", "shout", "long", "update"):
            self.registry.command(name, "Try it.")(getattr(self, f"_{name}"))
        self.registry.command("write", "Try it.", writes=True)(self._write)
        self.adapter = self.new_adapter()

    def new_adapter(self, **changes: Any) -> DiscordAdapter:
        context = self.app_context
        dispatcher = Dispatcher(self.registry, context.store, context.library, context.clock)
        return DiscordAdapter(Settings(**context.settings.model_dump() | changes), dispatcher, context.store)

    @staticmethod
    async def _long(_: Context) -> Answer:
        return Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3)))

    async def _slow(self, _: Context, name: Annotated[str, Option("A name")]) -> Answer:
        await self.release.wait()
        return Card(f"Slow {name}", (Buttons((Button("Again", "slow name:again"),)),))

    async def _shout(self, _: Context) -> Answer:
        await self.release.wait()
        return Card("Loud", public=True)

    async def _update(self, _: Context) -> Answer:
        await self.release.wait()
        return Card("Updated").in_place()

    async def _write(self, _: Context) -> Answer:
        self.executed.append("write")
        return Card(f"Written {len(self.executed)}")

    async def type(self, name: str, /, **options: str) -> str:
        """Type a slash command; return the interaction's id."""
        typed_options = [{"type": 3, "name": option, "value": value} for option, value in options.items()]
        data = {
            "id": "1",
            "name": "mentor",
            "type": 1,
            "options": [{"type": 1, "name": name, "options": typed_options}],
        }
        return await self.server.interact(COMMAND, data)

    async def press(self, line: str, *, flags: int = EPHEMERAL, **extra: Any) -> str:
        """Press a button on a message with these flags; return the interaction's id."""
        data = {"custom_id": f"m::{line}", "component_type": 2}
        message = self.server.message({}, flags=flags | V2)
        return await self.server.interact(PRESS, data, message=message, **extra)


def text_of(message: Any) -> str:
    """All texts of a message and its components."""
    own_text = str(message.get("content") or "")
    return own_text + "".join(text_of(component) for component in message.get("components") or [])


@pytest.fixture
def offline_bot(server: DiscordServer, app_context: AppContext) -> Bot:
    """A bot that hasn't connected yet."""
    return Bot(server, app_context)


@pytest.fixture
async def bot(offline_bot: Bot) -> AsyncIterator[Bot]:
    await offline_bot.adapter.start()
    yield offline_bot
    offline_bot.release.set()
    await offline_bot.adapter.stop()


@pytest.fixture
def short_defer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the adapter ask Discord for more time almost at once."""
    monkeypatch.setattr(adapter_module, "DEFER_SECONDS", 0.05)


@pytest.mark.usefixtures("short_defer_time")
async def test_slow_answer_is_deferred_and_private(bot: Bot) -> None:
    interaction_id = await bot.type("slow", name="down")
    assert await bot.server.answer_to(interaction_id) == {"type": 5, "data": {"flags": EPHEMERAL}}
    bot.release.set()
    assert text_of(await bot.server.edit_of(interaction_id)) == "## Slow down"


async def test_time_on_the_way_counts_before_a_deferral(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_module, "DEFER_SECONDS", 60.0)
    monkeypatch.setattr(adapter_module, "LATE", timedelta(seconds=120))
    sent = discord.utils.time_snowflake(Clock().now() - timedelta(seconds=90))
    options = [{"type": 3, "name": "name", "value": "down"}]
    data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": "slow", "options": options}]}
    await bot.server.deliver(bot.server.interaction(COMMAND, data) | {"id": str(sent), "token": f"token-{sent}"})
    assert await bot.server.answer_to(str(sent)) == {"type": 5, "data": {"flags": EPHEMERAL}}
    bot.release.set()
    assert text_of(await bot.server.edit_of(str(sent))) == "## Slow down"


@pytest.mark.usefixtures("short_defer_time")
@pytest.mark.parametrize(("line", "title"), [("slow name:down", "Slow down"), ("update", "Updated")])
async def test_slow_answer_to_a_button_appears_below_unless_it_updates_the_card(
    bot: Bot, line: str, title: str
) -> None:
    interaction_id = await bot.press(line)
    assert (await bot.server.answer_to(interaction_id))["type"] == 6
    bot.release.set()
    if line == "update":
        assert text_of(await bot.server.edit_of(interaction_id)) == f"## {title}"
    else:
        (followup,) = await bot.server.followups_of(interaction_id)
        assert (text_of(followup), followup["flags"] & EPHEMERAL) == (f"## {title}", EPHEMERAL)


@pytest.mark.usefixtures("short_defer_time")
async def test_slow_answer_to_a_button_keeps_the_public_card(bot: Bot) -> None:
    interaction_id = await bot.press("slow name:down", flags=0)
    assert await bot.server.answer_to(interaction_id) == {"type": 5, "data": {"flags": EPHEMERAL}}
    bot.release.set()
    assert text_of(await bot.server.edit_of(interaction_id)) == "## Slow down"


@pytest.mark.usefixtures("short_defer_time")
async def test_slow_public_answer_is_a_public_followup(bot: Bot) -> None:
    interaction_id = await bot.type("shout")
    await bot.server.answer_to(interaction_id)
    bot.release.set()
    (followup,) = await bot.server.followups_of(interaction_id)
    assert text_of(followup) == "## Loud"
    assert not followup["flags"] & EPHEMERAL
    assert "Loud" not in text_of(await bot.server.edit_of(interaction_id))


async def test_public_answer_to_a_private_button_is_a_new_message(bot: Bot) -> None:
    bot.release.set()
    answer = await bot.server.answer_to(await bot.press("shout"))
    assert (answer["type"], answer["data"]["flags"] & EPHEMERAL) == (4, 0)


async def test_answer_to_a_button_in_a_dm_stays_there(bot: Bot) -> None:
    bot.release.set()
    below = await bot.server.answer_to(await bot.press("slow name:down", flags=0, guild=None))
    assert (below["type"], below["data"]["flags"] & EPHEMERAL) == (4, 0)
    assert (await bot.server.answer_to(await bot.press("update", flags=0, guild=None)))["type"] == 7
    # In a channel, others still need the card.
    assert (await bot.server.answer_to(await bot.press("update", flags=0)))["type"] == 4


async def test_pages_of_a_long_answer_are_turned_in_place(bot: Bot) -> None:
    page = (await bot.server.answer_to(await bot.type("long")))["data"]
    words, shown = 0, 0
    while True:
        assert page["flags"] & EPHEMERAL or shown
        words, shown = words + text_of(page).count("word"), shown + 1
        turns = page["components"][0]["components"][-1]["components"]
        onward = [turn for turn in turns if turn["label"].startswith("Page")]
        if not onward:
            break
        data = {"custom_id": onward[0]["custom_id"], "component_type": 2}
        pressed = await bot.server.interact(PRESS, data, message=bot.server.message(page, flags=EPHEMERAL | V2))
        answer = await bot.server.answer_to(pressed)
        assert answer["type"] == 7
        page = answer["data"]
    assert (words, shown) == (2_100, 3)
    assert [turn["label"] for turn in turns] == ["Back"]


async def test_page_kept_no_longer_says_so(bot: Bot) -> None:
    answer = await bot.server.answer_to(await bot.press("page:1:draft:gone"))
    assert "I don't have that any more" in text_of(answer["data"])


async def test_presence_says_how_to_begin(bot: Bot) -> None:
    # discord.py still writes the activity where earlier versions of the gateway had it, and Discord reads it there.
    assert "/mentor help" in bot.server.identified[0]["d"]["presence"]["game"]["state"]


async def test_missing_field_after_a_modal_is_asked_for_with_a_button(bot: Bot) -> None:
    sent = {"type": 18, "component": {"type": 4, "custom_id": "name", "value": ""}}
    modal = await bot.server.interact(MODAL, {"custom_id": "f:slow", "components": [sent]})
    answer = await bot.server.answer_to(modal)
    assert answer["type"] == 4
    assert answer["data"]["components"][0]["components"][-1]["components"][0]["custom_id"] == "m::slow"


async def test_button_of_another_bot_is_ignored(bot: Bot) -> None:
    def answers() -> int:
        return sum(request.method == "POST" for request in bot.server.requests)

    before = answers()
    message = bot.server.message({})
    await bot.server.interact(PRESS, {"custom_id": "poll:1", "component_type": 2}, message=message)
    await bot.server.answer_to(await bot.type("write"))
    assert answers() == before + 1


async def test_interaction_delivered_twice_runs_once(bot: Bot) -> None:
    data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": "write", "options": []}]}
    interaction = bot.server.interaction(COMMAND, data)
    await bot.server.deliver(interaction)
    await bot.server.answer_to(interaction["id"])
    await bot.server.deliver(interaction)
    path = f"{interaction['token']}/callback"
    answers = await bot.server.wait_for(lambda: bodies if len(bodies := bot.server.sent("POST", path)) == 2 else None)
    assert [text_of(answer["data"]) for answer in answers] == ["## Written 1"] * 2
    assert len(bot.executed) == 1


@pytest.mark.parametrize(("status", "code", "warnings"), [(404, 10062, 0), (400, 40060, 1)])
async def test_expired_interaction_is_logged_as_info(
    bot: Bot, caplog: pytest.LogCaptureFixture, status: int, code: int, warnings: int
) -> None:
    caplog.set_level(logging.INFO)
    bot.server.planned_errors["/callback"] = [(status, {"code": code, "message": "over"})]
    await bot.server.answer_to(await bot.type("write"))
    assert text_of((await bot.server.answer_to(await bot.type("write")))["data"]) == "## Written 2"
    # An interaction this process has had only once was answered by another one with its token.
    found = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([text for text in found if "same DISCORD_TOKEN" in text]) == len(found) == warnings


async def test_mistyped_command_that_writes_is_offered_as_a_button(bot: Bot) -> None:
    answer = await bot.server.answer_to(await bot.type("wriet"))
    assert answer["data"]["flags"] & EPHEMERAL
    assert "“wriet”" in text_of(answer["data"])
    (offer,) = answer["data"]["components"][0]["components"][-1]["components"]
    assert offer["custom_id"] == "m::write"
    assert not bot.executed


@pytest.mark.usefixtures("short_defer_time")
async def test_stop_waits_for_answers_in_flight(bot: Bot) -> None:
    interaction_id = await bot.type("slow", name="end")
    await bot.server.answer_to(interaction_id)
    stopping = asyncio.create_task(bot.adapter.stop(), name="stopping the adapter")
    await asyncio.sleep(0.1)
    assert not stopping.done()
    bot.release.set()
    await stopping
    assert text_of(await bot.server.edit_of(interaction_id)) == "## Slow end"


async def test_buttons_work_after_a_restart_without_registering_commands_again(bot: Bot) -> None:
    await bot.adapter.stop()
    bot.adapter = bot.new_adapter()
    await bot.adapter.start()
    assert text_of((await bot.server.answer_to(await bot.press("write")))["data"]) == "## Written 1"
    assert len(bot.server.sent("PUT", "/commands")) == 1


async def test_changed_commands_are_registered_again(bot: Bot) -> None:
    await bot.adapter.stop()
    bot.registry.command("new", "Try it.")(bot._long)
    bot.adapter = bot.new_adapter()
    await bot.adapter.start()
    assert len(bot.server.sent("PUT", "/commands")) == 2


async def test_bot_answers_even_if_command_registration_fails(offline_bot: Bot) -> None:
    offline_bot.server.planned_errors["/commands"] = [
        (400, {"code": 30034, "message": "Max number of daily creates reached"})
    ]
    await offline_bot.adapter.start()
    assert text_of((await offline_bot.server.answer_to(await offline_bot.type("write")))["data"]) == "## Written 1"
    await offline_bot.adapter.stop()


async def test_reconnect_uses_the_gateway_address_from_the_api(bot: Bot) -> None:
    await bot.server.drop()
    async with asyncio.timeout(30):
        await bot.server.connected.wait()
    await bot.server.drop(code=4009)
    async with asyncio.timeout(30):
        await bot.server.connected.wait()
    assert len(bot.server.identified) == 3
    assert text_of((await bot.server.answer_to(await bot.type("write")))["data"]) == "## Written 1"


async def test_wrong_token_error_says_where_to_get_one_and_never_shows_it(
    offline_bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BadSettings, match=r"DISCORD_TOKEN.*developer portal") as refused:
        await offline_bot.new_adapter(discord_token="wrong-and-secret").start()
    assert "wrong-and-secret" not in str(refused.value) + caplog.text


async def test_token_refused_by_the_gateway_is_a_settings_error(offline_bot: Bot) -> None:
    offline_bot.server.close_with = 4004
    with pytest.raises(BadSettings, match="DISCORD_TOKEN"):
        await offline_bot.adapter.start()


async def test_token_revoked_while_running_is_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    await bot.server.drop(code=4004)
    async with asyncio.timeout(30):
        while "DISCORD_TOKEN" not in caplog.text:
            await asyncio.sleep(0.02)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("code", "kind", "advice"),
    [
        (4004, BadSettings, "DISCORD_TOKEN"),
        (4011, PlatformDown, "shards"),
        (4013, BadSettings, "intents"),
        (4014, BadSettings, "intents"),
    ],
)
async def test_gateway_closed_for_good_is_lost(bot: Bot, code: int, kind: type[Exception], advice: str) -> None:
    await bot.server.drop(code=code)
    async with asyncio.timeout(30):
        reason = await bot.adapter.lost()
    assert type(reason) is kind
    assert advice in str(reason)


async def test_sending_after_the_gateway_is_closed_is_tried_again(bot: Bot) -> None:
    await bot.server.drop(code=4004)
    async with asyncio.timeout(30):
        await bot.adapter.lost()
    with pytest.raises(TemporarySendError):
        await bot.adapter.platform.post(Channel(Workspace("discord", GUILD), CHANNEL), Card("Hi"), "d-1")


@pytest.mark.parametrize("event", [{"op": 10, "d": 5}, [1, 2], {"op": 0, "s": 9, "t": "READY", "d": None}], ids=str)
async def test_unreadable_event_is_logged_and_the_gateway_reconnects(
    bot: Bot, event: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client_module, "RECONNECT_SECONDS", 0.05)
    bot.server.connected.clear()
    await bot.server.send_raw(event)
    async with asyncio.timeout(20):
        await bot.server.connected.wait()
    assert "can't read" in caplog.text
    assert "Traceback" in caplog.text
    number = await bot.type("write")
    assert (await bot.server.answer_to(number))["data"]


async def test_unreachable_discord_error_names_the_address(offline_bot: Bot) -> None:
    with pytest.raises(PlatformDown, match=r"127\.0\.0\.1:9/api/v10.*DISCORD_API_URL"):
        await offline_bot.new_adapter(discord_api_url="http://127.0.0.1:9").start()


async def test_address_that_is_not_discord_is_named(offline_bot: Bot) -> None:
    offline_bot.server.planned_errors["/users/@me"] = [(200, {"hello": "I am a web site"})]
    with pytest.raises(PlatformDown, match="DISCORD_API_URL"):
        await offline_bot.adapter.start()
