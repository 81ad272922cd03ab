"""People found by what others call them: a mention, an id, a name, or the beginning of a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar
from unicodedata import combining, normalize

_MENTION = re.compile(r"<@[!]?([A-Za-z0-9]+)(?:\|[^>]*)?>")


class Named(Protocol):
    """Anyone with a platform id and a name."""

    @property
    def user_id(self) -> str:
        """The platform's id."""
        ...

    @property
    def name(self) -> str:
        """The name others see."""
        ...


Person = TypeVar("Person", bound=Named)


def fold(text: str) -> str:
    """Fold a name for comparison: no accents, no case, no punctuation at its ends, one blank between words."""
    letters = (letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join("".join(letters).casefold().split()).strip("@.,:;!? ")


def people_called(text: str, people: Sequence[Person]) -> list[Person]:
    """Find everyone `text` can mean: those with that id, or else that name, or else a name that begins like it.

    Ids come first, because anyone may call themselves by someone else's id. A mention is only ever an id.
    """
    mention = _MENTION.search(text)
    if mention:
        return [person for person in people if person.user_id.lower() == mention[1].lower()]
    key = fold(text)
    if not key:
        return []
    by_id = [person for person in people if person.user_id.lower() == text.strip().lstrip("@").lower()]
    by_name = by_id or [person for person in people if fold(person.name) == key]
    return by_name or [person for person in people if _begins_like(fold(person.name).split(), key.split())]


def _begins_like(words: Sequence[str], prefixes: Sequence[str]) -> bool:
    return all(any(word.startswith(prefix) for word in words) for prefix in prefixes)


def split_name(text: str, people: Sequence[Person]) -> int:
    """Count the words at the start of `text` that spell someone's full name; 0 if there's nobody like that."""
    words = text.split()
    lengths = [len(name) for person in people if (name := fold(person.name).split())]
    spelled = (count for count in sorted(set(lengths), reverse=True) if count <= len(words))
    names = {fold(person.name) for person in people}
    return next((count for count in spelled if fold(" ".join(words[:count])) in names), 0)
