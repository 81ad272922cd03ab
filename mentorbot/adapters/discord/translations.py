"""Names and descriptions of commands in other languages, one file for each.

A file has `names` by English name (of commands, groups and options), and `descriptions` by the name of a command, a group or an
option: “plan add what”, or just “what” where it means the same everywhere. Texts and typed lines stay English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "de": ("de",),
    "fr": ("fr",),
    "es": ("es-ES", "es-419"),
    "ja": ("ja",),
}
"""Languages, and Discord's locales that each is for: https://docs.discord.com/developers/reference#locales"""


@cache
def table(language: str) -> Mapping[str, Mapping[str, str]]:
    """Read one language's file."""
    text = files(__package__).joinpath("locales", f"{language}.json").read_text(encoding="utf-8")
    tables: Mapping[str, Mapping[str, str]] = json.loads(text)
    return tables


def names(name: str) -> dict[str, str]:
    """Translate the name of a command, a group or an option, by locale."""
    return _by_locale("names", name)


def descriptions(key: str, otherwise: str = "") -> dict[str, str]:
    """Translate the description of `key`, or of `otherwise` where there's none, by locale."""
    return _by_locale("descriptions", key, otherwise)


def _by_locale(kind: str, key: str, otherwise: str = "") -> dict[str, str]:
    found = {}
    for language, locales in LANGUAGES.items():
        entries = table(language)[kind]
        text = entries.get(key) or entries.get(otherwise)
        found.update(dict.fromkeys(locales, text) if text else {})
    return found
