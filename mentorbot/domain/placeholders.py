"""Placeholders for names, so that a text can leave the workspace without them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MENTION = re.compile(r"<[@#!][^<>]{1,200}>|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""A mention of a person or channel, as Slack and Discord write it, and an email address."""
_PLACEHOLDER = re.compile(r"\[?\bPERSON[ _]?(\d{1,4})\b\]?", re.IGNORECASE)
_MIN_NAME_LENGTH = 2


class Placeholders:
    """Placeholders of one conversation with the model: the same name is always the same one."""

    def __init__(self, names: Iterable[str]) -> None:
        self._hidden: list[str] = []
        known = {part for name in names for part in (name, *name.split()) if len(part) >= _MIN_NAME_LENGTH}
        # The longest first, so a full name is one placeholder.
        ordered = sorted(known, key=lambda name: (-len(name), name))
        alternatives = "|".join(re.escape(name) for name in ordered)
        self._names = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if ordered else None

    def hide(self, text: str) -> str:
        """Replace every name, mention and email address. What's already worded like a placeholder is hidden, too."""
        text = _PLACEHOLDER.sub(self._replace, text)
        text = _MENTION.sub(self._replace, text)
        return self._names.sub(self._replace_name, text) if self._names else text

    def _replace_name(self, match: re.Match[str]) -> str:
        return match[0] if match[0].upper() == "PERSON" else self._replace(match)

    def _replace(self, match: re.Match[str]) -> str:
        if match[0] not in self._hidden:
            self._hidden.append(match[0])
        return f"PERSON_{self._hidden.index(match[0]) + 1}"

    def reveal(self, text: str) -> str:
        """Put the names back. A placeholder nobody made stays as it is."""
        return _PLACEHOLDER.sub(self._name_of, text)

    def _name_of(self, match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        return self._hidden[index] if 0 <= index < len(self._hidden) else match[0]
