"""What words tell about the command that's wanted, learned from sentences people wrote.

People say the same thing in more ways than a command can declare. So the evidence of each word, each term and each pair of terms
for each command is the logarithm of how much more often sentences for it have that than others do, as in naive Bayes.
`tests/benchmarks/intent_evidence.py` learns it. The sentences themselves aren't kept: none is recognised by having been seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

Term = tuple[str, int, int]
"""A term with the offsets of its first word and of the word after its last."""
NOTHING = "-"
"""Stands for no command, in sentences that ask for nothing."""
_NUMBER, _BEGIN, _END = "#", "<", ">"


class Associations:
    """The evidence of words for commands, by their names, or for anything else that a sentence may be.

    The `sharpness` is how much more likely a command is than one with less evidence.
    """

    def __init__(self, evidence: Mapping[str, Mapping[str, float]], *, sharpness: float) -> None:
        self.evidence, self._sharpness = evidence, sharpness

    @classmethod
    def read(cls, path: Path, *, sharpness: float) -> Associations:
        """Read the evidence from a JSON file."""
        return cls(json.loads(path.read_text(encoding="utf-8")), sharpness=sharpness)

    def shares(self, words: Sequence[str], terms: Sequence[Term]) -> dict[str, float]:
        """Tell how likely each command is to be wanted, from 0 to 1; all of them and `NOTHING` add up to 1."""
        found = [self.evidence[sign] for sign in signs_of(words, terms) if sign in self.evidence]
        totals: dict[str, float] = {}
        for evidence in found:
            for command, weight in evidence.items():
                totals[command] = totals.get(command, 0.0) + weight
        most = max(totals.values(), default=0.0)
        likely = {name: math.exp(self._sharpness * (total - most) / len(found)) for name, total in totals.items()}
        whole = sum(likely.values())
        return {name: value / whole for name, value in likely.items()}

    def words_for(self, command: str, words: Sequence[str], terms: Sequence[Term]) -> frozenset[int]:
        """Give the offsets of the words that speak for a command."""
        return frozenset(
            offset
            for sign, offsets in signs_of(words, terms).items()
            if command in self.evidence.get(sign, ())
            for offset in offsets
        )


def signs_of(words: Sequence[str], terms: Sequence[Term]) -> dict[str, set[int]]:
    """List what may tell something about a sentence, each with the offsets of its words. All numbers are alike."""
    signs: dict[str, set[int]] = {}
    named = [(_NUMBER if term.isdigit() else term, range(first, after)) for term, first, after in terms]
    for term, offsets in named:
        signs.setdefault(term, set()).update(offsets)
    for (term, offsets), (other, more) in pairwise([(_BEGIN, range(0)), *named, (_END, range(0))]):
        signs.setdefault(f"{term} {other}", set()).update(offsets, more)
    for offset, word in enumerate(words):
        sign = _NUMBER if word.isdigit() else word.lower().replace("’", "'")
        signs.setdefault(f"w:{sign}", set()).add(offset)
    return signs
