"""The command as Discord gets it: everything that is declared, within every limit, and the same again after a detour."""

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


def leaf(made: list[dict[str, Any]], *path: str) -> dict[str, Any]:
    """The subcommand of that name."""
    found = made[0]
    for word in path:
        found = next(option for option in found["options"] if option["name"] == word)
    return found


async def picked(_: Context, **__: str) -> Answer:
    return Card("Picked")


def made_of(pick: Option, summary: str = "Pick one.", times: int = 1) -> list[dict[str, Any]]:
    """The payload of commands with one option each."""
    mine = Registry()
    for path in ((f"pick-{letter}",) for letter in "abcde"[:times]):
        option = OptionSpec("name", OptionType.TEXT, required=True, declared=pick)
        mine.commands[path] = CommandSpec(path, summary, picked, (option,))
    return command_payload(mine, PACK)


def choices(number: int, length: int = 1) -> PackChoices:
    def of(_: Pack) -> Sequence[Choice]:
        return [Choice(f"Label {place}", f"{place}".rjust(length, "v")) for place in range(number)]

    return of


def test_every_command_is_there_with_its_options() -> None:
    made = command_payload(load_commands(), PACK)
    assert [command["name"] for command in made] == ["mentor"]
    for spec in load_commands():
        found = leaf(made, *spec.path)
        assert found["description"] == spec.summary
        assert [option["name"] for option in found["options"]] == [
            option.name for option in spec.for_pack(PACK).options
        ]


def test_it_is_for_servers_and_dms_and_is_installed_to_servers() -> None:
    (command,) = command_payload(load_commands(), PACK)
    assert sorted(command["contexts"]) == [0, 1]
    assert command["integration_types"] == [0]


def test_it_is_within_what_a_command_may_hold() -> None:
    def counted(part: Any) -> int:
        own = sum(len(str(part.get(name, ""))) for name in ("name", "description", "value"))
        return own + sum(map(counted, [*part.get("options", ()), *part.get("choices", ())]))

    assert counted(command_payload(load_commands(), PACK)[0]) <= limits.COMMAND_TEXT


def test_short_lists_of_the_pack_are_choices_and_open_ones_are_completed() -> None:
    made = command_payload(load_commands(), PACK)
    (level,) = leaf(made, "salary")["options"]
    assert [choice["value"] for choice in level["choices"]] == ["entry", "mid", "senior", "top"]
    (day, *_) = leaf(made, "admin", "here")["options"]
    assert [choice["value"] for choice in day["choices"]][:2] == ["monday", "tuesday"]
    days, at, zone, *_ = leaf(made, "tips", "here")["options"]
    assert days["autocomplete"]
    assert "choices" not in days  # a menu would let nobody write two
    assert at["autocomplete"]
    assert zone["autocomplete"]
    assert "choices" not in zone


def test_a_number_has_its_bounds() -> None:
    step, _ = leaf(command_payload(load_commands(), PACK), "plan", "done")["options"]
    assert (step["type"], step["min_value"], step["max_value"], step["autocomplete"]) == (4, 1, 999_999, True)


def test_a_text_has_its_length() -> None:
    what = leaf(command_payload(load_commands(), PACK), "plan", "add")["options"][0]
    assert (what["type"], what["max_length"]) == (3, 300)


@pytest.mark.parametrize(
    "pick", [Option("Which", choices=choices(26)), Option("Which", choices=choices(3, length=101))]
)
def test_what_no_menu_can_hold_is_completed_while_one_types(pick: Option) -> None:
    (option,) = leaf(made_of(pick), "pick-a")["options"]
    assert "choices" not in option
    assert option["autocomplete"] is True


def test_a_command_that_would_be_too_large_offers_its_choices_while_one_types() -> None:
    small, large = (made_of(Option("Which", choices=choices(25, length=90)), times=times) for times in (1, 5))
    assert all("choices" in option["options"][0] for option in small[0]["options"])
    assert all(option["options"][0]["autocomplete"] for option in large[0]["options"])


def test_the_shape_is_the_same_after_discord_has_put_it_in_its_own_words() -> None:
    (command,) = command_payload(load_commands(), PACK)

    def theirs(part: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in part.items() if value not in (False, [], None)}
        return kept | ({"options": [theirs(option) for option in kept["options"]]} if "options" in kept else {})

    back = theirs(command) | {"id": "1", "version": "7", "contexts": command["contexts"][::-1], "nsfw": False}
    assert tree.canonical_form(json.loads(json.dumps(back))) == tree.canonical_form(command)


def test_any_change_shows_in_the_shape() -> None:
    one = tree.canonical_form(made_of(Option("Which", choices=choices(3)))[0])
    others = [
        made_of(Option("Which one", choices=choices(3))),
        made_of(Option("Which", choices=choices(4))),
        made_of(Option("Which", choices=choices(3)), summary="Choose one."),
        made_of(Option("Which", max_length=50)),
    ]
    assert all(tree.canonical_form(other[0]) != one for other in others)


def test_what_was_typed_is_read_with_its_options() -> None:
    data = {"name": "mentor", "options": [{"type": 2, "name": "plan", "options": [
        {"type": 1, "name": "done", "options": [{"type": 4, "name": "step", "value": 2}]}]}]}  # fmt: skip
    assert tree.parse_command_data(data) == ("plan done", {"step": "2"})
    assert tree.parse_command_data({"name": "mentor", "options": [{"type": 1, "name": "help"}]}) == ("help", {})


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret", "990000000000000001"),
        ("990000000000000001", "990000000000000001"),
        ("not a token", None),
        ("bm90IGEgbnVtYmVy.x.y", None),
        ("", None),
        (None, None),
    ],
)
def test_the_applications_id_is_the_first_part_of_its_token(given: str | None, found: str | None) -> None:
    assert application_id(given) == found


def test_the_invite_asks_for_what_is_explained_and_shows_no_token() -> None:
    made = manifest(load_commands(), PACK, "OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret")
    assert "client_id=990000000000000001" in made["invite"]
    assert "scope=bot+applications.commands" in made["invite"]
    assert f"permissions={1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38}" in made["invite"]
    assert len(made["permissions"]) == 5
    assert "secret" not in json.dumps(made)


def test_without_an_id_the_invite_says_where_it_goes() -> None:
    assert "client_id=YOUR_APPLICATION_ID" in manifest(load_commands(), PACK, None)["invite"]
