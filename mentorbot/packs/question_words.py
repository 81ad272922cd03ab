"""Signs in the words of a question that it's one for a mentor, whatever passages have them.

A pack that has “pay” and “architect” has nothing on what building architects are paid. So each word speaks for or against it: a
logistic model, which `tests/benchmarks/question_words.py` learns from questions and requests of both kinds. It's one sign among
those of a match; the question may still be about something the pack knows and they didn't.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("question_words.tsv")
_NUMBER = "#"
_SCALE = 10
"""Weights are saved in tenths."""
LENGTH_EXPONENT = -0.25
"""The more words a question has, the less each of them tells: the power of their number that weights are multiplied by."""


class QuestionWords:
    """The weights of words, given as stems: above 0 if they speak for a question to a mentor."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    @classmethod
    def of(cls, text: str) -> QuestionWords:
        """Take a model from the text that `text_of` gave."""
        rows = (line.split("\t") for line in text.splitlines()[1:])
        return cls({word: int(weight) / _SCALE for word, weight in rows})

    def lean(self, stems: Sequence[str], subjects: Set[str]) -> float:
        """Tell how much a question, given as stems, leans towards being one for a mentor.

        No word that a pack is about, of its `subjects`, speaks against a question to it.
        """
        known = [word for word in signs_of(stems) if word in self._weights]
        weights = (self._weights[word] for word in known if self._weights[word] > 0 or word not in subjects)
        return float(sum(weights) * max(1, len(known)) ** LENGTH_EXPONENT)


@cache
def question_words() -> QuestionWords:
    """Read the model that comes with mentorbot."""
    return QuestionWords.of(WEIGHTS.read_text(encoding="utf-8"))


def signs_of(stems: Sequence[str]) -> frozenset[str]:
    """List what may tell something about a question, given as stems. All numbers are alike."""
    return frozenset(_NUMBER if stem.isdigit() else stem for stem in stems)


def text_of(learned_from: str, weights: Mapping[str, float]) -> str:
    """Put a model into a text: what it was learned from, and a line for each word. Weights near 0 are left out."""
    tenths = ((word, round(_SCALE * weight)) for word, weight in sorted(weights.items()))
    return "\n".join([learned_from, *(f"{word}\t{weight}" for word, weight in tenths if weight)]) + "\n"
