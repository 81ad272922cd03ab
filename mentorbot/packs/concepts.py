"""Groups of words that mean the same to someone who asks, as a pack declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence


class Concepts:
    """Groups of synonyms. Each is a word of its own in the index, written for any member, phrases too."""

    def __init__(self, groups: Iterable[Sequence[str]], stems: Callable[[str], list[str]]) -> None:
        self._members: dict[tuple[str, ...], str] = {}
        for number, group in enumerate(groups):
            for member in group:
                if key := tuple(stems(member)):
                    self._members[key] = f"concept{number}"
        self._longest = max(map(len, self._members), default=1)
        self._words = {word for key in self._members for word in key}

    def knows(self, stem: str) -> bool:
        """Whether a stem stands in some member."""
        return stem in self._words

    def of(self, stems: Sequence[str]) -> list[str]:
        """The groups that are spoken of in a row of stems; the longest phrase wins."""
        return [name for name, _ in self.found(stems)]

    def found(self, stems: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """The same, each with the stems that speak of it."""
        place = 0
        while place < len(stems):
            for length in range(min(self._longest, len(stems) - place), 0, -1):
                key = tuple(stems[place : place + length])
                if name := self._members.get(key):
                    yield name, key
                    place += length - 1
                    break
            place += 1
