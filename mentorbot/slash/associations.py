"""Signs that words give of what's wanted, learned from sentences people wrote.

People say the same thing in more ways than a command can declare. So each word, each term and each pair of terms has a weight for
each command, and for each kind of thing that's none: a multinomial logistic model. `tests/benchmarks/intent_evidence.py` fits it.
The sentences themselves aren't kept: none is recognised by having been seen.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Term = tuple[str, int, int]
"""A term with the offsets of its first word and of the word after its last."""
ALWAYS = "*"
"""The sign that every sentence has: its weights tell what's wanted how often."""
_NUMBER, _BEGIN, _END = "#", "<", ">"
_SCALE = 10
"""Weights are saved in tenths."""
_SPEAKS = 1.0
"""The least weight of a sign that speaks for something."""
LENGTH_EXPONENT = -0.25
"""The more signs a sentence has, the less each of them tells: the power of their number that weights are multiplied by."""


class Associations:
    """The weights of signs for commands, by their names, and for whatever else a sentence may be.

    `weights` has the weights of each sign, in tenths, each after the number of what it's for: `3 12 17 -4` is 1.2 for the
    fourth of the names, and -0.4 for the eighteenth.
    """

    def __init__(self, names: Sequence[str], weights: Mapping[str, Sequence[int]]) -> None:
        self.names, self._weights = names, weights

    @classmethod
    def of(cls, text: str) -> Associations:
        """Take a model from the text that `text_of` gave."""
        _, names, *lines = text.splitlines()
        rows = (line.split("\t") for line in lines)
        # An array takes a tenth of the memory that a list or a mapping of numbers would.
        return cls(names.split("\t"), {sign: array("h", map(int, weights.split())) for sign, weights in rows})

    def has_word(self, word: str) -> bool:
        """Return True if a word tells anything by itself."""
        return _sign_of(word) in self._weights

    def shares(self, words: Sequence[str], terms: Sequence[Term]) -> dict[str, float]:
        """Tell how likely each thing is to be wanted, from 0 to 1; all of them add up to 1."""
        known = [sign for sign in signs_of(words, terms) if sign in self._weights]
        totals = [0] * len(self.names)
        for sign in known:
            for index, weight in self._weights_of(sign):
                totals[index] += weight
        scale, most = max(1, len(known)) ** LENGTH_EXPONENT / _SCALE, max(totals)
        likely = [math.exp(scale * (total - most)) for total in totals]
        whole = sum(likely)
        return {name: value / whole for name, value in zip(self.names, likely, strict=True)}

    def words_for(self, name: str, words: Sequence[str], terms: Sequence[Term]) -> frozenset[int]:
        """Give the offsets of the words that speak for a command."""
        wanted = self.names.index(name)
        return frozenset(
            offset
            for sign, offsets in signs_of(words, terms).items()
            if any(index == wanted and weight >= _SPEAKS * _SCALE for index, weight in self._weights_of(sign))
            for offset in offsets
        )

    def _weights_of(self, sign: str) -> Iterator[tuple[int, int]]:
        weights = self._weights.get(sign, ())
        return zip(weights[::2], weights[1::2], strict=True)


def text_of(learned_from: str, names: Sequence[str], weights: Mapping[str, Sequence[float]]) -> str:
    """Put a model into a text: what it was learned from, its names, and a line for each sign. Weights near 0 are left out."""
    lines = [learned_from, "\t".join(names)]
    for sign, of_names in sorted(weights.items()):
        tenths = [(index, round(_SCALE * weight)) for index, weight in enumerate(of_names)]
        if entries := " ".join(f"{index} {weight}" for index, weight in tenths if weight):
            lines.append(f"{sign}\t{entries}")
    return "\n".join(lines) + "\n"


def signs_of(words: Sequence[str], terms: Sequence[Term]) -> dict[str, set[int]]:
    """List what may tell something about a sentence, each with the offsets of its words. All numbers are alike."""
    signs: dict[str, set[int]] = {ALWAYS: set()}
    named = [(_NUMBER if term.isdigit() else term, range(first, after)) for term, first, after in terms]
    for term, offsets in named:
        signs.setdefault(term, set()).update(offsets)
    for (term, offsets), (other, more) in pairwise([(_BEGIN, range(0)), *named, (_END, range(0))]):
        signs.setdefault(f"{term} {other}", set()).update(offsets, more)
    for offset, word in enumerate(words):
        signs.setdefault(_sign_of(word), set()).add(offset)
    return signs


def _sign_of(word: str) -> str:
    return "w:" + (_NUMBER if word.isdigit() else word.lower().replace("’", "'"))
