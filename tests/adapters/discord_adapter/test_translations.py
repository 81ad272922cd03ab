"""Command names and descriptions in other languages: none missing, none left over, all within Discord's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from mentorbot.adapters.discord import slash_commands, translations
from mentorbot.commands import load_commands

COMMANDS = slash_commands.payload(load_commands())
EVERYTHING = list(slash_commands.all_texts(COMMANDS))
_NAME = re.compile(r"[-_'\w]{1,32}")
"""https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming"""


def levels(commands: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The names that must differ: those of each level."""
    yield commands
    for command in commands:
        yield from levels(command.get("options") or [])


@pytest.mark.parametrize("locale", [locale for locales in translations.LANGUAGES.values() for locale in locales])
def test_everything_is_translated_within_the_limits(locale: str) -> None:
    missing = [
        each["name"]
        for each in EVERYTHING
        for field in ("name_localizations", "description_localizations")
        if each.get("description") and locale not in each[field]
    ]
    assert not missing, "add these to the files in mentorbot/adapters/discord/locales"
    for each in EVERYTHING:
        name = each["name_localizations"][locale]
        is_menu = "description" not in each
        assert is_menu or (name == name.lower() and _NAME.fullmatch(name)), name
        assert len(name) <= 32
        assert len(each.get("description_localizations", {}).get(locale, "x")) <= 100
    for level in levels(COMMANDS):
        names = [each["name_localizations"][locale] for each in level]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_nothing_is_left_over(language: str) -> None:
    table = translations.table(language)
    used = {each["name"] for each in EVERYTHING}
    assert not set(table["names"]) - used
    shown = {text for each in EVERYTHING for text in each.get("description_localizations", {}).values()}
    assert not set(table["descriptions"].values()) - shown
    assert table.keys() == {"names", "descriptions"}
