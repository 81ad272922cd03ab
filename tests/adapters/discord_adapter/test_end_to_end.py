"""The whole bot on Discord: the real commands, the real core and a real client, in front of our own Discord.

The server refuses what Discord's OpenAPI file or its rules refuse; `server.objections` holds why.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext, open_context
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.settings import Settings

from .contract import EPHEMERAL, V2, flat
from .payloads import MANAGE_GUILD, TOKEN
from .server import DiscordServer

PING, COMMAND, PRESS, COMPLETE, MODAL = 1, 2, 3, 4, 5
ANSWERED, REPLACED, COMPLETED, ASKED = 4, 7, 8, 9
DEFERRED = (5, 6)
INTEGER, STRING = 4, 3


class Person:
    """Somebody in a Discord server who types, presses and fills in."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.rights: dict[str, Any] = {}

    async def types(self, line: str, **options: str | int) -> dict[str, Any]:
        """Send a slash command; the bot's answer. Hyphens of option names are underscores here."""
        return await self._answer(COMMAND, _command(line, options))

    async def completes(self, line: str, option: str, typed: str) -> list[dict[str, Any]]:
        """Type into an option; what is offered."""
        data = _command(line, {option: typed})
        for found in _options(data):
            if found["name"] == option:
                found["focused"] = True
        answer = await self._answer(COMPLETE, data)
        assert answer["type"] == COMPLETED
        return list(answer["data"]["choices"])

    async def presses(self, custom_id: str, shown: dict[str, Any]) -> dict[str, Any]:
        """Press a button on a message of the bot's."""
        message = self.server.message(shown, flags=V2)
        return await self._answer(PRESS, {"custom_id": custom_id, "component_type": 2}, message=message)

    async def sends(self, modal: dict[str, Any], **values: str) -> dict[str, Any]:
        """Fill in a modal; fields that are not named keep what they hold."""
        parts = [
            {"type": 18, "id": number, "component": _filled(part["component"], values)}
            for number, part in enumerate(modal["components"])
            if part["type"] == 18
        ]
        return await self._answer(MODAL, {"custom_id": modal["custom_id"], "components": parts})

    async def _answer(self, kind: int, data: dict[str, Any], **extra: Any) -> dict[str, Any]:
        interaction = await self.server.interact(kind, data, **self.rights, **extra)
        answer = await self.server.answer_to(interaction)
        if answer["type"] in DEFERRED:  # files take longer than Discord waits
            answer = {"type": ANSWERED, "data": await self.server.edit_of(interaction)}
        assert not self.server.objections
        return dict(answer)


def _command(line: str, options: dict[str, Any]) -> dict[str, Any]:
    given = [
        {"type": INTEGER if isinstance(value, int) else STRING, "name": name.replace("_", "-"), "value": value}
        for name, value in options.items()
    ]
    words = line.split()
    leaf: dict[str, Any] = {"type": 1, "name": words[-1], "options": given}
    inner = leaf if len(words) == 1 else {"type": 2, "name": words[0], "options": [leaf]}
    return {"id": "1", "name": "mentor", "type": 1, "options": [inner]}


def _options(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in data.get("options", []):
        yield option
        yield from _options(option)


def _filled(control: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    value = values.get(control["custom_id"], control.get("value") or "")
    said: dict[str, Any] = {"values": [value] if value else []} if control["type"] == 3 else {"value": value}
    return {"type": control["type"], "id": 1, "custom_id": control["custom_id"], **said}


def said(answer: dict[str, Any]) -> str:
    """All texts of a message, one a line."""
    return "\n".join(part["content"] for part in flat(answer["data"]["components"]) if part["type"] == 10)


def pressable(answer: dict[str, Any]) -> list[str]:
    """The custom ids of a message's buttons."""
    return [part["custom_id"] for part in flat(answer["data"]["components"]) if part["type"] == 2]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    made = DiscordServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def core(server: DiscordServer, tmp_path: Path) -> AsyncIterator[AppContext]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(settings, Clock()) as opened:
        yield opened


@pytest.fixture
async def ada(server: DiscordServer, core: AppContext) -> AsyncIterator[Person]:
    """A person without rights, with the bot at work."""
    door = DiscordAdapter(core.settings, core.dispatcher)
    await door.start()
    yield Person(server)
    await door.stop()


async def test_starting_again_registers_nothing(ada: Person, core: AppContext) -> None:
    again = DiscordAdapter(core.settings, core.dispatcher)
    await again.start()
    await again.stop()
    assert len(ada.server.sent("PUT", "/commands")) == 1
    assert [command["name"] for command in ada.server.commands] == ["mentor"]


async def test_a_command_is_answered_for_one_pair_of_eyes(ada: Person) -> None:
    answer = await ada.types("salary", level="senior")
    assert answer["type"] == ANSWERED
    assert answer["data"]["flags"] == EPHEMERAL | V2
    assert "$200K" in said(answer)


async def test_a_button_replaces_the_card_it_is_on(ada: Person) -> None:
    first = await ada.types("brief")
    second = await ada.presses(pressable(first)[0], {**first["data"]})
    assert second["type"] == REPLACED
    assert said(second) != said(first)


async def test_a_step_without_words_is_asked_for_and_kept(ada: Person) -> None:
    empty = await ada.types("plan show")
    asked = await ada.presses("m::plan add", empty["data"])
    assert asked["type"] == ASKED
    assert "Read a post-mortem" in said(await ada.sends(asked["data"], what="Read a post-mortem"))
    assert "Read a post-mortem" in said(await ada.types("plan show"))


async def test_a_date_that_does_not_exist_is_refused_and_the_words_are_kept(ada: Person) -> None:
    asked = await ada.presses("m::plan add", (await ada.types("plan show"))["data"])
    refused = await ada.sends(asked["data"], what="Read a post-mortem", by="31 feb")
    assert "31 feb" in said(refused)
    assert "Read a post-mortem" in said(refused)
    again = await ada.presses(pressable(refused)[0], refused["data"])
    assert "Read a post-mortem" in said(await ada.sends(again["data"], by="2099-01-02"))
    assert "2 Jan 2099" in said(await ada.types("plan show"))


async def test_choosing_a_step_while_typing_its_number(ada: Person) -> None:
    await ada.types("plan add", what="Read a post-mortem")
    (offered,) = await ada.completes("plan done", "step", "")
    assert offered == {"name": "1. Read a post-mortem", "value": 1}
    assert "Read a post-mortem" in said(await ada.types("plan done", step=1))
    assert not await ada.completes("plan done", "step", "")


async def test_the_same_step_delivered_twice_is_added_once(ada: Person) -> None:
    interaction = ada.server.interaction(COMMAND, _command("plan add", {"what": "Only once"}))
    await ada.server.deliver(interaction)
    await ada.server.deliver(interaction)
    await ada.server.answer_to(str(interaction["id"]))
    assert said(await ada.types("plan show")).count("Only once") == 1


@pytest.mark.parametrize("line", ["tips here", "tips stop"])
async def test_what_is_for_admins_is_refused_to_others(ada: Person, line: str) -> None:
    answer = await ada.types(line, **({"day": "monday", "at": "09:00", "zone": "UTC"} if "here" in line else {}))
    assert answer["data"]["flags"] & EPHEMERAL
    assert "Not for you to do" in said(answer)


async def test_who_manages_the_server_may_have_tips_in_the_channel(ada: Person) -> None:
    ada.rights = {"permissions": MANAGE_GUILD}
    answer = await ada.types("tips here", day="monday", at="09:00", zone="Europe/Berlin")
    assert "Europe/Berlin" in said(answer)
    assert "Monday" in said(await ada.types("tips when"))


async def test_forty_thousand_characters_are_refused_kindly(ada: Person) -> None:
    answer = await ada.types("ask", question="x " * 20_000)
    assert answer["data"]["flags"] & EPHEMERAL
    assert "Almost there" in said(answer)


async def test_hostile_words_are_shown_as_they_are_and_ping_nobody(ada: Person) -> None:
    await ada.types("plan add", what="@everyone <@1> <#1> [x](https://a.example) `a` \u202eback")
    shown = said(await ada.types("plan show"))
    assert "@everyone" not in shown
    assert "\\<@1>" in shown
    assert "\u202e" not in shown
    assert all(body["data"].get("allowed_mentions") == {"parse": []} for body in callbacks(ada.server))


def callbacks(server: DiscordServer) -> list[Any]:
    return [body for body in server.sent("POST", "/callback") if body["type"] == ANSWERED]


async def test_in_a_direct_message_one_has_a_plan_too(ada: Person) -> None:
    ada.rights = {"guild": None}
    await ada.types("plan add", what="Read a post-mortem")
    assert "Read a post-mortem" in said(await ada.types("plan show"))
    ada.rights = {}
    assert "Read a post-mortem" not in said(await ada.types("plan show"))


async def test_every_command_and_every_button_behind_it_is_answered(ada: Person) -> None:
    """From each command's first card through every button to the last; none is refused, none is a dead end."""
    ada.rights = {"permissions": MANAGE_GUILD}
    ready = [spec.name for spec in load_commands() if not any(option.required for option in spec.options)]
    cards = deque([await ada.types(line) for line in ready])
    seen: set[str] = set()
    while cards and len(seen) < 150:
        card = cards.popleft()
        if card["type"] == ASKED:
            continue
        for custom in pressable(card):
            if custom not in seen:
                seen.add(custom)
                cards.append(await ada.presses(custom, card["data"]))
                assert not said(cards[-1]).startswith("## Sorry")
    assert len(seen) > 50


async def test_twenty_commands_at_once_are_all_answered(ada: Person) -> None:
    answers = await asyncio.gather(*(ada.types("skill") for _ in range(20)))
    assert len({said(answer) for answer in answers}) == 1
