"""The commands as Discord registers them: every option people type, within every limit, and comparable to Discord's copy."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mentorbot.adapters.discord import limits, slash_commands
from mentorbot.chat.cards import Answer, Card
from mentorbot.commands import load_commands
from mentorbot.commands.context import Context
from mentorbot.packs.library import Library
from mentorbot.slash.converters import ParseContext, suggest
from mentorbot.slash.registry import CommandSpec, Option, OptionSpec, OptionType, Registry
from tests.adapters.discord_adapter import discord_rules

PACK = Library.open(None, "ai-architect").default
PATH = "/applications/{application_id}/commands"
MENTOR, ADMIN = slash_commands.payload(load_commands())[:2]
USER, CHANNEL, ROLE = 6, 7, 8


def subcommand(command: dict[str, Any], *path: str) -> dict[str, Any]:
    """The payload of the subcommand with that path."""
    for word in path:
        command = next(option for option in command["options"] if option["name"] == word)
    return command


def option(command: dict[str, Any], *path: str) -> dict[str, Any]:
    """The payload of an option, whose name comes last in the path."""
    return subcommand(command, *path)


async def handler(_: Context, **__: str) -> Answer:
    return Card("Picked")


def payload_of(declared: Option, summary: str = "Pick one.", kind: OptionType = OptionType.TEXT) -> dict[str, Any]:
    """The payload of one command with this one option."""
    registry = Registry()
    spec = OptionSpec("name", kind, required=True, declared=declared)
    registry.commands[("pick",)] = CommandSpec(("pick",), summary, handler, (spec,))
    return slash_commands.payload(registry)[0]


def test_members_see_no_admin_command() -> None:
    assert (MENTOR["name"], MENTOR.get("default_member_permissions")) == ("mentor", None)
    assert (ADMIN["name"], ADMIN["default_member_permissions"]) == ("mentor-admin", 1 << 5)
    for spec in load_commands():
        path = spec.path[1:] if spec.path[0] == "admin" else spec.path
        if spec.is_listed:
            assert subcommand(ADMIN if spec.admin else MENTOR, *path)["description"] == spec.summary
    members = {each["description"] for each in slash_commands.all_texts([MENTOR])}
    assert not members & {spec.summary for spec in load_commands() if spec.admin}


def test_options_are_those_people_type() -> None:
    assert [each["name"] for each in subcommand(MENTOR, "plan", "log")["options"]] == ["step", "hours"]
    assert subcommand(MENTOR, "checkin", "close")["options"] == []  # only buttons name the week it's about
    assert [each["name"] for each in subcommand(MENTOR, "assess")["options"]] == ["skill"]  # the levels are a form
    recall = next(each for each in MENTOR["options"] if each["name"] == "recall")
    assert "answer" not in [each["name"] for each in recall["options"]]  # only its buttons know the question
    assert not any(command["name"] == "smaller" for command in slash_commands.all_texts([MENTOR]))


def test_mentor_works_everywhere_and_admin_only_in_servers() -> None:
    assert (sorted(MENTOR["contexts"]), sorted(MENTOR["integration_types"])) == ([0, 1, 2], [0, 1])
    assert (ADMIN["contexts"], ADMIN["integration_types"]) == ([0], [0])


@pytest.mark.parametrize("command", [MENTOR, ADMIN], ids=["mentor", "mentor-admin"])
def test_commands_stay_well_below_what_discord_takes(command: dict[str, Any]) -> None:
    assert slash_commands.command_size(command) <= 7_500 < limits.COMMAND_TEXT
    assert discord_rules.schema_violation("POST", PATH, command) is None
    for each in slash_commands.all_texts([command]):
        names = [option["name"] for option in each.get("options", ())]
        assert len(set(names)) == len(names) <= limits.OPTIONS


def test_no_value_of_a_pack_is_a_fixed_choice() -> None:
    everything = list(slash_commands.all_texts([MENTOR, ADMIN]))
    assert not any("choices" in each for each in everything)
    assert option(MENTOR, "salary", "level")["autocomplete"]
    assert option(ADMIN, "calendar", "country")["autocomplete"]
    assert option(ADMIN, "tips", "here", "zone")["autocomplete"]
    assert option(MENTOR, "ask", "question")["autocomplete"]
    assert option(MENTOR, "plan", "done", "step")["autocomplete"]


@pytest.mark.parametrize(
    "path",
    [("pair", "request", "who"), ("pair", "end", "who"), ("pair", "note", "who"), ("mentees", "learner")],
)
def test_people_are_picked(path: tuple[str, ...]) -> None:
    assert option(MENTOR, *path)["type"] == USER


def test_roles_are_picked() -> None:
    assert option(ADMIN, "mentor-role", "role")["type"] == ROLE


@pytest.mark.parametrize(
    ("path", "shown"),
    [(("me", "forget"), []), (("pair", "stop"), []), (("pair", "share"), ["what"])],
)
def test_confirmations_are_left_to_buttons(path: tuple[str, ...], shown: list[str]) -> None:
    assert [each["name"] for each in subcommand(MENTOR, *path)["options"]] == shown


@pytest.mark.parametrize("path", [("tips", "here"), ("tips", "stop"), ("here",), ("stop",)])
def test_channels_are_picked(path: tuple[str, ...]) -> None:
    picked = option(ADMIN, *path, "channel")
    assert picked["type"] == CHANNEL
    assert {0, 5, 15} <= set(picked["channel_types"])  # texts, announcements and forums


def test_number_and_text_have_bounds() -> None:
    hours = option(MENTOR, "plan", "log", "hours")
    assert (hours["type"], hours["min_value"], hours["max_value"]) == (4, 1, 400)
    what = option(MENTOR, "plan", "add", "what")
    assert (what["type"], what["max_length"]) == (3, 300)


@pytest.mark.parametrize(
    ("path", "typed", "likeliest"),
    [
        (("tips", "here", "zone"), "ber", "Europe/Berlin"),
        (("tips", "here", "zone"), "new", "America/New_York"),
        (("tips", "here", "zone"), "san francisco", "America/Los_Angeles"),
        (("tips", "here", "zone"), "europe/par", "Europe/Paris"),
        (("admin", "calendar", "country"), "ger", "DE"),
        (("admin", "calendar", "country"), "germany, bay", "DE-BY"),
        (("admin", "calendar", "country"), "united s", "US"),
        (("plan", "new", "title"), "ml", "ml-architect"),
        (("salary", "level"), "sen", "senior"),
    ],
)
def test_likeliest_value_is_suggested_first(path: tuple[str, ...], typed: str, likeliest: str) -> None:
    spec = load_commands().find(path[:-1])
    declared = spec.option(path[-1]) if spec else None
    assert declared is not None
    choices = suggest(declared, typed, ParseContext(PACK, date(2026, 12, 1)), None)
    assert choices[0].value == likeliest
    assert len({choice.value for choice in choices}) == len(choices) <= limits.CHOICES


def test_canonical_form_ignores_changes_discord_makes() -> None:
    def as_discord_returns_it(node: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in node.items() if value not in (False, [], None)}
        return fields | (
            {"options": [as_discord_returns_it(each) for each in fields["options"]]} if "options" in fields else {}
        )

    returned = as_discord_returns_it(MENTOR) | {"id": "1", "version": "7", "contexts": MENTOR["contexts"][::-1]}
    copies: list[dict[str, Any]] = [as_discord_returns_it(ADMIN), json.loads(json.dumps(returned))]
    assert slash_commands.canonical_forms(copies) == slash_commands.canonical_forms([MENTOR, ADMIN])


def test_canonical_form_shows_every_change() -> None:
    original = slash_commands.canonical_form(payload_of(Option("Which")))
    changed = [
        payload_of(Option("Which one")),
        payload_of(Option("Which"), summary="Choose one."),
        payload_of(Option("Which", max_length=50)),
        payload_of(Option("Which"), kind=OptionType.CHANNEL),
        payload_of(Option("Which")) | {"default_member_permissions": 32},
        payload_of(Option("Which")) | {"name_localizations": {"de": "mentorin"}},
    ]
    assert all(slash_commands.canonical_form(other) != original for other in changed)


def entered(name: str, *path: str, **options: Any) -> dict[str, Any]:
    """Make the payload Discord sends for a command; `options` are its own fields for each value."""
    leaf: list[dict[str, Any]] = [{"name": each, **fields} for each, fields in options.items()]
    for depth, word in enumerate(reversed(path)):
        leaf = [{"type": 1 if depth == 0 else 2, "name": word, "options": leaf}]
    return {"name": name, "options": leaf}


@pytest.mark.parametrize(
    ("data", "line", "options"),
    [
        (entered("mentor", "plan", "done", step={"type": 4, "value": 2}), "plan done", {"step": "2"}),
        (entered("mentor", "help"), "help", {}),
        (entered("mentor-admin", "report"), "admin report", {}),
        (entered("mentor-admin", "tips", "stop"), "tips stop", {}),
        (entered("mentor", "admin", "report"), "admin report", {}),  # from before there were two commands
        (entered("mentor", "mentees", learner={"type": USER, "value": "66"}), "mentees", {"learner": "<@66>"}),
        (entered("mentor-admin", "stop", channel={"type": CHANNEL, "value": "7"}), "admin stop", {"channel": "<#7>"}),
    ],
)
def test_entered_command_is_read(data: dict[str, Any], line: str, options: dict[str, str]) -> None:
    assert slash_commands.parse(data)[:2] == (line, options)


def test_picked_channel_brings_its_name() -> None:
    data = entered("mentor-admin", "tips", "here", channel={"type": CHANNEL, "value": "7"})
    data["resolved"] = {"channels": {"7": {"id": "7", "name": "a|b>c", "type": 0}}}
    assert slash_commands.parse(data).options == {"channel": "<#7|a b c>"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/mentor-admin report", "admin report"),
        ("mentor-admin tips here monday", "tips here monday"),
        ("tips here monday", "tips here monday"),
        ("who's the mentor-admin here?", "who's the mentor-admin here?"),
    ],
)
def test_admin_command_typed_as_text_is_read(text: str, line: str) -> None:
    assert slash_commands.typed_line(text) == line
