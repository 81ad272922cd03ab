"""What the words of a question tell about whether it's one for a mentor, whatever passages have them.

A pack that has “pay” and “architect” has nothing on what building architects are paid. So each word, and each pair of neighbours,
speaks for or against it: a logistic model, which `tests/benchmarks/question_words.py` learns from questions and requests of both
kinds. It's one sign among those of a match; the question may still be about something the pack knows and they didn't.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache
from itertools import pairwise
from pathlib import Path

WEIGHTS = Path(__file__).with_name("question_words.tsv")
_ALWAYS = "*"
"""The sign that every question has: its weight tells how often people ask what's for a mentor."""
_NUMBER, _BEGIN, _END = "#", "<", ">"
_SCALE = 10
"""Weights are saved in tenths."""
LENGTH_EXPONENT = -0.25
"""The more signs a question has, the less each of them tells: the power of their number that weights are multiplied by."""


class QuestionWords:
    """The weights of signs, above 0 if they speak for a question to a mentor."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    @classmethod
    def of(cls, text: str) -> QuestionWords:
        """Take a model from the text that `text_of` gave."""
        rows = (line.split("\t") for line in text.splitlines()[1:])
        return cls({sign: int(weight) / _SCALE for sign, weight in rows})

    def lean(self, stems: Sequence[str], subjects: Set[str]) -> float:
        """Tell how much a question, given as stems, leans towards being one for a mentor.

        No word that a pack is about, of its `subjects`, speaks against a question to it.
        """
        known = [sign for sign in signs_of(stems) if sign in self._weights]
        weights = (
            self._weights[sign] for sign in known if self._weights[sign] > 0 or subjects.isdisjoint(sign.split())
        )
        return float(sum(weights) * max(1, len(known)) ** LENGTH_EXPONENT)


@cache
def question_words() -> QuestionWords:
    """Read the model that comes with mentorbot."""
    return QuestionWords.of(WEIGHTS.read_text(encoding="utf-8"))


def signs_of(stems: Sequence[str]) -> set[str]:
    """List what may tell something about a question, given as stems. All numbers are alike."""
    named = [_NUMBER if stem.isdigit() else stem for stem in stems]
    return {_ALWAYS, *named, *(f"{first} {second}" for first, second in pairwise([_BEGIN, *named, _END]))}


def text_of(learned_from: str, weights: Mapping[str, float]) -> str:
    """Put a model into a text: what it was learned from, and a line for each sign. Weights near 0 are left out."""
    tenths = ((sign, round(_SCALE * weight)) for sign, weight in sorted(weights.items()))
    return "\n".join([learned_from, *(f"{sign}\t{weight}" for sign, weight in tenths if weight)]) + "\n"
