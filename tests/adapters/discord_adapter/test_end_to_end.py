"""The whole bot on Discord: real commands, real core and a real client, against the fake Discord server.

The server refuses whatever Discord's OpenAPI file or rules refuse; `server.violations` lists the reasons.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.commands import load_commands

from .discord_rules import EPHEMERAL, V2, flat
from .payloads import CHANNEL, DM, MANAGE_GUILD
from .server import DiscordServer

PING, COMMAND, PRESS, COMPLETE, MODAL = 1, 2, 3, 4, 5
ANSWERED, COMPLETED, MODAL_RESPONSE = 4, 8, 9
DEFERRED = (5, 6)
INTEGER, STRING, SELECT, FILE = 4, 3, 3, 13


class Person:
    """Someone in a guild who runs commands, presses buttons and submits modals."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.interaction_fields: dict[str, Any] = {}

    async def run(self, line: str, **options: str | int) -> dict[str, Any]:
        """Send a slash command and return the bot's answer. Write underscores for hyphens in option names."""
        return await self._answer(COMMAND, _command_data(line, options))

    async def autocomplete(
        self, line: str, option: str, typed: str, kind: int = STRING, **others: str
    ) -> list[dict[str, Any]]:
        """Type into an option of a kind, with `others` filled in already, and return the suggestions."""
        data = _command_data(line, {**others, option: typed})
        for data_option in _nested_options(data):
            if data_option["name"] == option:
                data_option |= {"focused": True, "type": kind}
        answer = await self._answer(COMPLETE, data)
        assert answer["type"] == COMPLETED
        return list(answer["data"]["choices"])

    async def press(self, custom_id: str, shown_card: dict[str, Any]) -> dict[str, Any]:
        """Press a button on a message of the bot's; return the answer."""
        message = self.server.message(shown_card, flags=V2)
        return await self._answer(PRESS, {"custom_id": custom_id, "component_type": 2}, message=message)

    async def submit(self, modal: dict[str, Any], **values: str) -> dict[str, Any]:
        """Submit a modal; fields not in `values` keep their defaults."""
        components = [
            {"type": 18, "id": number, "component": _filled_in(component["component"], values)}
            for number, component in enumerate(modal["components"])
            if component["type"] == 18
        ]
        return await self._answer(MODAL, {"custom_id": modal["custom_id"], "components": components})

    async def _answer(self, kind: int, data: dict[str, Any], **extra: Any) -> dict[str, Any]:
        interaction_id = await self.server.interact(kind, data, **self.interaction_fields, **extra)
        answer = await self.server.answer_to(interaction_id)
        if answer["type"] in DEFERRED:  # files take longer than Discord waits
            answer = {"type": ANSWERED, "data": await self.server.late_answer_to(interaction_id)}
        assert not self.server.violations
        return dict(answer)


def _command_data(line: str, options: dict[str, Any]) -> dict[str, Any]:
    typed_options = [
        {"type": INTEGER if isinstance(value, int) else STRING, "name": name.replace("_", "-"), "value": value}
        for name, value in options.items()
    ]
    words = line.split()
    leaf: dict[str, Any] = {"type": 1, "name": words[-1], "options": typed_options}
    inner = leaf if len(words) == 1 else {"type": 2, "name": words[0], "options": [leaf]}
    return {"id": "1", "name": "mentor", "type": 1, "options": [inner]}


def _nested_options(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for option in data.get("options", []):
        yield option
        yield from _nested_options(option)


def _filled_in(control: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    value = values.get(control["custom_id"], control.get("value") or "")
    menus = (SELECT, 5, 6, 8)
    entered: dict[str, Any] = {"values": [value] if value else []} if control["type"] in menus else {"value": value}
    return {"type": control["type"], "id": 1, "custom_id": control["custom_id"], **entered}


def text_of(answer: dict[str, Any]) -> str:
    """All texts of a message, one per line."""
    return "\n".join(
        component["content"] for component in flat(answer["data"]["components"]) if component["type"] == 10
    )


def button_ids(answer: dict[str, Any]) -> list[str]:
    """The custom ids of a message's buttons."""
    return [component["custom_id"] for component in flat(answer["data"]["components"]) if component["type"] == 2]


@pytest.fixture
async def ada(server: DiscordServer, app_context: AppContext) -> AsyncIterator[Person]:
    """A person without permissions, with the bot running."""
    adapter = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await adapter.start()
    yield Person(server)
    await adapter.stop()


async def test_second_start_does_not_register_commands(ada: Person, app_context: AppContext) -> None:
    second = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await second.start()
    await second.stop()
    assert len(ada.server.sent("PUT", "/commands")) == 1
    assert [command["name"] for command in ada.server.commands if command["type"] == 1] == ["mentor", "mentor-admin"]


async def test_command_is_answered_privately(ada: Person) -> None:
    answer = await ada.run("salary", level="senior")
    assert answer["type"] == ANSWERED
    assert answer["data"]["flags"] == EPHEMERAL | V2
    assert "$200K" in text_of(answer)


async def test_answer_to_a_button_appears_below_its_card(ada: Person) -> None:
    first = await ada.run("brief")
    second = await ada.press(button_ids(first)[0], {**first["data"]})
    assert second["type"] == ANSWERED
    assert text_of(second) != text_of(first)


async def test_plan_add_asks_for_the_step_and_saves_it(ada: Person) -> None:
    empty = await ada.run("plan show")
    form = await ada.press("m::plan add", empty["data"])
    assert form["type"] == MODAL_RESPONSE
    assert "Read a post-mortem" in text_of(await ada.submit(form["data"], what="Read a post-mortem"))
    assert "Read a post-mortem" in text_of(await ada.run("plan show"))


async def test_invalid_date_is_refused_and_the_text_is_kept(ada: Person) -> None:
    form = await ada.press("m::plan add", (await ada.run("plan show"))["data"])
    refused = await ada.submit(form["data"], what="Read a post-mortem", by="31 feb")
    assert "31 feb" in text_of(refused)
    assert "Read a post-mortem" in text_of(refused)
    reopened = await ada.press(button_ids(refused)[-1], refused["data"])
    assert reopened["type"] == MODAL_RESPONSE
    kept = [component["component"].get("value") for component in reopened["data"]["components"]]
    assert kept[:2] == ["Read a post-mortem", "31 feb"]
    assert "Read a post-mortem" in text_of(await ada.submit(reopened["data"], by="2099-01-02"))
    assert "2 January 2099" in text_of(await ada.run("plan show"))


async def test_instants_are_shown_in_each_readers_own_time(ada: Person) -> None:
    ada.interaction_fields = {"permissions": MANAGE_GUILD}
    await ada.run("checkin settings", day="friday", at="15:00", zone="Berlin")
    why = text_of(await ada.run("why"))
    assert re.search(r"\*\*Check-in\*\*: <t:\d+:F> \(<t:\d+:R>\)\. You chose that time\.", why)
    form = await ada.run("admin setup")
    assert form["type"] == MODAL_RESPONSE
    saved = await ada.submit(form["data"], channel=CHANNEL, zone="Berlin")
    assert re.search(r"First one: <t:\d+:F> \(<t:\d+:R>\)\. It's for", text_of(saved))


async def test_days_and_numbers_follow_the_readers_language(ada: Person) -> None:
    ada.interaction_fields = {"locale": "de", "permissions": MANAGE_GUILD}
    shown = [
        text_of(await ada.run("recall on", day="friday", at="15:00", zone="Berlin")),
        text_of(await ada.run("admin here", day="monday", at="09:00", zone="Berlin")),
    ]
    assert "Recall is on: Freitag 15:00, Berlin time" in shown[0]
    assert "Report here: Montag 09:00, Berlin time" in shown[1]
    form = await ada.run("admin setup")
    days = next(part["component"] for part in form["data"]["components"] if part["component"]["type"] == SELECT)
    assert [choice["label"] for choice in days["options"]][:2] == ["Montag", "Dienstag"]


async def test_open_steps_are_autocompleted(ada: Person) -> None:
    await ada.run("plan add", what="Read a post-mortem")
    (offered,) = await ada.autocomplete("plan done", "step", "")
    assert offered == {"name": "1. Read a post-mortem", "value": "1"}
    assert "Read a post-mortem" in text_of(await ada.run("plan done", step="1"))
    assert not await ada.autocomplete("plan done", "step", "")


async def test_interview_questions_are_suggested_by_number_and_title(ada: Person) -> None:
    chosen = {"responsibility": "model-selection"}
    offered = await ada.autocomplete("interview", "question", "", INTEGER, **chosen)
    assert [each["value"] for each in offered] == list(range(1, len(offered) + 1))
    assert all(each["name"].startswith(f"{each['value']}. ") for each in offered)
    word = offered[2]["name"].split()[3]
    assert offered[2] in await ada.autocomplete("interview", "question", word, INTEGER, **chosen)
    shown = await ada.run("interview", question=3, **chosen)
    assert offered[2]["name"][3:60] in text_of(shown)
    assert not await ada.autocomplete("interview", "question", "", INTEGER)


async def test_entries_of_the_chosen_section_are_suggested(ada: Person) -> None:
    assert len(await ada.autocomplete("brief", "item", "")) == 25
    offered = await ada.autocomplete("brief", "item", "", section="path")
    assert [each["value"] for each in offered][:2] == ["education", "technical-skills"]
    assert len(offered) < 25
    assert await ada.autocomplete("brief", "item", "", section="skills") == []


async def test_interaction_delivered_twice_adds_one_step(ada: Person) -> None:
    interaction = ada.server.interaction(COMMAND, _command_data("plan add", {"what": "Only once"}))
    await ada.server.deliver(interaction)
    await ada.server.deliver(interaction)
    await ada.server.answer_to(str(interaction["id"]))
    assert text_of(await ada.run("plan show")).count("Only once") == 1


@pytest.mark.parametrize("line", ["tips here", "tips stop"])
async def test_admin_command_is_refused_to_others(ada: Person, line: str) -> None:
    answer = await ada.run(line, **({"day": "monday", "at": "09:00", "zone": "UTC"} if "here" in line else {}))
    assert answer["data"]["flags"] & EPHEMERAL
    assert "You need Manage Server rights for that" in text_of(answer)


async def test_manager_can_start_tips_in_the_channel(ada: Person) -> None:
    ada.interaction_fields = {"permissions": MANAGE_GUILD}
    answer = await ada.run("tips here", day="monday", at="09:00", zone="Europe/Berlin")
    assert "Mondays 09:00, Berlin time" in text_of(answer)
    assert "Monday" in text_of(await ada.run("tips when"))


async def test_overlong_question_is_refused(ada: Person) -> None:
    answer = await ada.run("ask", question="x " * 20_000)
    assert answer["data"]["flags"] & EPHEMERAL
    assert "only 500 fit here" in text_of(answer)


async def test_hostile_text_is_escaped_and_pings_nobody(ada: Person) -> None:
    await ada.run("plan add", what="@everyone <@1> <#1> [x](https://a.example) `a` \u202eback")
    shown_card = text_of(await ada.run("plan show"))
    assert "@everyone" not in shown_card
    assert "\\<@1>" in shown_card
    assert "\u202e" not in shown_card
    assert all(body["data"].get("allowed_mentions") == {"parse": []} for body in callbacks(ada.server))


def callbacks(server: DiscordServer) -> list[Any]:
    return [body for body in server.sent("POST", "/callback") if body["type"] == ANSWERED]


async def test_dm_has_a_plan_of_its_own(ada: Person) -> None:
    ada.interaction_fields = {"guild": None}
    await ada.run("plan add", what="Read a post-mortem")
    assert "Read a post-mortem" in text_of(await ada.run("plan show"))
    ada.interaction_fields = {}
    assert "Read a post-mortem" not in text_of(await ada.run("plan show"))


async def test_every_command_and_reachable_button_is_answered(ada: Person) -> None:
    """Start from each command's first card and press every button reachable from it."""
    ada.interaction_fields = {"permissions": MANAGE_GUILD}
    ready = [spec.name for spec in load_commands() if not any(option.required for option in spec.options)]
    cards = deque([await ada.run(line) for line in ready])
    pressed: set[str] = set()
    while cards and len(pressed) < 150:
        card = cards.popleft()
        if card["type"] == MODAL_RESPONSE:
            continue
        for custom in button_ids(card):
            if custom not in pressed:
                pressed.add(custom)
                cards.append(await ada.press(custom, card["data"]))
                assert not text_of(cards[-1]).startswith("## Sorry")
    assert len(pressed) > 50


async def test_twenty_concurrent_commands_are_answered(ada: Person) -> None:
    answers = await asyncio.gather(*(ada.run("skill") for _ in range(20)))
    assert len({text_of(answer) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("plan export", "plan.md", "Read a post-mortem"),
        ("portfolio", "portfolio.md", "Read a post-mortem"),
        ("me export", "mentorbot-me.json", '"text": "Read a post-mortem"'),
    ],
)
async def test_files_come_with_the_card_that_names_them(ada: Person, line: str, name: str, words: str) -> None:
    await ada.run("plan add", what="Read a post-mortem")
    await ada.run("plan done", step="1", evidence="https://example.org/notes")
    sent = [(await ada.run(line))["data"], ada.server.files("PATCH", "/messages/@original")[-1]]
    await ada.server.say(line)
    path = f"/channels/{DM}/messages"
    sent += [(await ada.server.wait_for(lambda: ada.server.sent("POST", path)))[-1], ada.server.files("POST", path)[-1]]
    for body, files in (sent[:2], sent[2:]):
        (shown,) = (component for component in flat(body["components"]) if component["type"] == FILE)
        assert shown["file"] == {"url": f"attachment://{name}"}
        assert [attachment["filename"] for attachment in body["attachments"]] == [name]
        assert words in files[name].decode()
    assert not ada.server.violations
