"""The command payload: every declared command and option, within every limit, and comparable to Discord's copy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from mentorbot.adapters.discord import limits, tree
from mentorbot.adapters.discord.manifest import application_id, command_payload, manifest
from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.commands import load_commands
from mentorbot.commands.context import Context
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec, Option, OptionSpec, OptionType, PackChoices, Registry

PACK = Library.open(None, "ai-architect").default


def subcommand(payload: list[dict[str, Any]], *path: str) -> dict[str, Any]:
    """The payload of the subcommand with that path."""
    node = payload[0]
    for word in path:
        node = next(option for option in node["options"] if option["name"] == word)
    return node


async def handler(_: Context, **__: str) -> Answer:
    return Card("Picked")


def payload_of(
    option: Option, summary: str = "Pick one.", copies: int = 1, kind: OptionType = OptionType.TEXT
) -> list[dict[str, Any]]:
    """The payload of `copies` commands with this one option each."""
    registry = Registry()
    for path in ((f"pick-{letter}",) for letter in "abcde"[:copies]):
        spec = OptionSpec("name", kind, required=True, declared=option)
        registry.commands[path] = CommandSpec(path, summary, handler, (spec,))
    return command_payload(registry, PACK)


def choices(number: int, length: int = 1) -> PackChoices:
    def of(_: Pack) -> Sequence[Choice]:
        return [Choice(f"Label {index}", f"{index}".rjust(length, "v")) for index in range(number)]

    return of


def test_payload_has_every_command_with_the_options_people_type() -> None:
    payload = command_payload(load_commands(), PACK)
    assert [command["name"] for command in payload] == ["mentor"]
    for spec in load_commands():
        subcommand_payload = subcommand(payload, *spec.path)
        assert subcommand_payload["description"] == spec.summary
        assert [option["name"] for option in subcommand_payload["options"]] == [
            option.name for option in spec.for_pack(PACK).options if option.is_typed
        ]
    assert [option["name"] for option in subcommand(payload, "plan", "log")["options"]] == ["step", "hours"]
    assert subcommand(payload, "checkin", "close")["options"] == []  # only buttons name the week it's about


def test_command_works_in_guilds_and_dms_and_installs_to_guilds() -> None:
    (command,) = command_payload(load_commands(), PACK)
    assert sorted(command["contexts"]) == [0, 1]
    assert command["integration_types"] == [0]


def test_payload_is_within_the_command_size_limit() -> None:
    def characters(node: Any) -> int:
        own_size = sum(len(str(node.get(name, ""))) for name in ("name", "description", "value"))
        return own_size + sum(map(characters, [*node.get("options", ()), *node.get("choices", ())]))

    assert characters(command_payload(load_commands(), PACK)[0]) <= limits.COMMAND_TEXT


def pack_with_skills(*ids: str, title: str = "Skill") -> Pack:
    """The built-in pack with other skills."""
    first = PACK.skills[0]
    skills = tuple(first.model_copy(update={"id": name, "title": f"{title} {name}", "short": None}) for name in ids)
    return PACK.model_copy(update={"skills": skills})


@pytest.mark.parametrize(
    "pack",
    [
        pack_with_skills(*(f"skill-{number}" for number in range(26))),
        pack_with_skills(*(f"skill-{number}" for number in range(200))),
        pack_with_skills("k8s", "3d-vision", "class", "skill", "interaction"),
        pack_with_skills("a-name-with-more-than-thirty-two-characters"),
        pack_with_skills(*(f"skill-{number}" for number in range(24)), title="A very long title " * 6),
    ],
    ids=["26 skills", "200 skills", "odd names", "a long name", "long titles"],
)
def test_any_packs_command_is_taken_by_discord(pack: Pack) -> None:
    def characters(node: Any) -> int:
        own_size = sum(len(str(node.get(name, ""))) for name in ("name", "description", "value"))
        return own_size + sum(map(characters, [*node.get("options", ()), *node.get("choices", ())]))

    payload = command_payload(load_commands(), pack)
    assert characters(payload[0]) <= limits.COMMAND_TEXT
    options = subcommand(payload, "assess")["options"]
    names = [option["name"] for option in options]
    assert len(set(names)) == len(names) <= limits.OPTIONS
    assert all(1 <= len(name) <= 32 for name in names)


def test_names_with_digits_are_options() -> None:
    names = [
        option["name"]
        for option in subcommand(command_payload(load_commands(), pack_with_skills("k8s")), "assess")["options"]
    ]
    assert names == ["skill", "k8s"]


def test_what_does_not_fit_is_said() -> None:
    assert tree.pack_notes(load_commands(), PACK) == []
    assert tree.pack_notes(load_commands(), pack_with_skills("k8s")) == []
    [long] = tree.pack_notes(load_commands(), pack_with_skills("a-name-with-more-than-thirty-two-characters"))
    assert "a-name-with-more-than-thirty-two-characters" in long
    [many] = tree.pack_notes(load_commands(), pack_with_skills(*(f"s{number}" for number in range(26))))
    assert "8,000 characters" in many or "s25" in many


def test_short_lists_are_choices_and_open_lists_are_autocompleted() -> None:
    payload = command_payload(load_commands(), PACK)
    (level,) = subcommand(payload, "salary")["options"]
    assert [choice["value"] for choice in level["choices"]] == ["entry", "mid", "senior", "top"]
    (day,) = subcommand(payload_of(Option("Day"), kind=OptionType.WEEKDAY), "pick-a")["options"]
    assert [choice["value"] for choice in day["choices"]][:2] == ["monday", "tuesday"]
    (day, *_) = subcommand(payload, "admin", "here")["options"]
    assert "choices" in day or day["autocomplete"]
    days, at, zone, *_ = subcommand(payload, "tips", "here")["options"]
    assert days["autocomplete"]
    assert "choices" not in days  # a menu would let nobody write two
    assert at["autocomplete"]
    assert zone["autocomplete"]
    assert "choices" not in zone


def test_number_option_has_bounds() -> None:
    _, hours = subcommand(command_payload(load_commands(), PACK), "plan", "log")["options"]
    assert (hours["type"], hours["min_value"], hours["max_value"]) == (4, 1, 400)


def test_number_that_may_be_a_word_is_text_with_autocomplete() -> None:
    step, *_ = subcommand(command_payload(load_commands(), PACK), "plan", "done")["options"]
    assert (step["type"], step["autocomplete"]) == (3, True)


def test_text_option_has_a_maximum_length() -> None:
    what = subcommand(command_payload(load_commands(), PACK), "plan", "add")["options"][0]
    assert (what["type"], what["max_length"]) == (3, 300)


@pytest.mark.parametrize(
    "option", [Option("Which", choices=choices(26)), Option("Which", choices=choices(3, length=101))]
)
def test_list_too_long_for_choices_is_autocompleted(option: Option) -> None:
    (option_payload,) = subcommand(payload_of(option), "pick-a")["options"]
    assert "choices" not in option_payload
    assert option_payload["autocomplete"] is True


def test_choices_become_autocomplete_if_the_command_gets_too_large() -> None:
    small, large = (payload_of(Option("Which", choices=choices(25, length=90)), copies=copies) for copies in (1, 5))
    assert all("choices" in option["options"][0] for option in small[0]["options"])
    assert all(option["options"][0]["autocomplete"] for option in large[0]["options"])


def test_canonical_form_ignores_changes_discord_makes() -> None:
    (command,) = command_payload(load_commands(), PACK)

    def as_discord_returns_it(node: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in node.items() if value not in (False, [], None)}
        return fields | (
            {"options": [as_discord_returns_it(option) for option in fields["options"]]} if "options" in fields else {}
        )

    returned = as_discord_returns_it(command) | {
        "id": "1",
        "version": "7",
        "contexts": command["contexts"][::-1],
        "nsfw": False,
    }
    assert tree.canonical_form(json.loads(json.dumps(returned))) == tree.canonical_form(command)


def test_canonical_form_shows_every_change() -> None:
    original = tree.canonical_form(payload_of(Option("Which", choices=choices(3)))[0])
    changed = [
        payload_of(Option("Which one", choices=choices(3))),
        payload_of(Option("Which", choices=choices(4))),
        payload_of(Option("Which", choices=choices(3)), summary="Choose one."),
        payload_of(Option("Which", max_length=50)),
    ]
    assert all(tree.canonical_form(other[0]) != original for other in changed)


def test_command_data_is_parsed_with_its_options() -> None:
    data = {"name": "mentor", "options": [{"type": 2, "name": "plan", "options": [
        {"type": 1, "name": "done", "options": [{"type": 4, "name": "step", "value": 2}]}]}]}  # fmt: skip
    assert tree.parse_command_data(data) == ("plan done", {"step": "2"})
    assert tree.parse_command_data({"name": "mentor", "options": [{"type": 1, "name": "help"}]}) == ("help", {})


@pytest.mark.parametrize(
    ("id_or_token", "expected"),
    [
        ("OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret", "990000000000000001"),
        ("990000000000000001", "990000000000000001"),
        ("not a token", None),
        ("bm90IGEgbnVtYmVy.x.y", None),
        ("", None),
        (None, None),
    ],
)
def test_application_id_is_read_from_an_id_or_a_token(id_or_token: str | None, expected: str | None) -> None:
    assert application_id(id_or_token) == expected


def test_invite_has_the_explained_permissions_and_no_token() -> None:
    payload = manifest(load_commands(), PACK, "OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret")
    assert "client_id=990000000000000001" in payload["invite"]
    assert "scope=bot+applications.commands" in payload["invite"]
    assert f"permissions={1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38}" in payload["invite"]
    assert len(payload["permissions"]) == 5
    assert "secret" not in json.dumps(payload)


def test_invite_without_an_id_has_a_placeholder() -> None:
    assert "client_id=YOUR_APPLICATION_ID" in manifest(load_commands(), PACK, None)["invite"]
