"""An index of passages: which terms are in which of them, and how much each term tells.

Terms are weighed as in BM25F (Robertson and Zaragoza, “The Probabilistic Relevance Framework”, 2009): by how rare they are, and
by the field they're in. All weights are computed once per pack, so a question costs a few look-ups.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from mentorbot.packs.passages import Kind, Passage

# Weights, chosen with `develop.yaml` of `tests/benchmarks/ask_questions`.
_FIELDS = {"topic": 3.0, "aliases": 3.0, "text": 0.5, "context": 0.4}
_SATURATION = 0.9
_LENGTH_WEIGHT = 0.2


class PassageIndex:
    """The terms of passages, which are known by their numbers. `terms_in` counts the terms of a text."""

    def __init__(self, passages: Sequence[Passage], terms_in: Callable[[str], Counter[str]]) -> None:
        counts = [{name: terms_in(text) for name, text in fields(passage).items()} for passage in passages]
        lengths = {name: _mean(sum(count[name].values()) for count in counts) for name in _FIELDS}
        self.postings: dict[str, dict[int, float]] = {}
        """The passages each term is in, with its weight there, from 0 to 1."""
        documents: dict[str, set[str]] = {}
        shared: dict[float, float] = {}  # most weights occur many times, and each float is an object of its own
        for number, (passage, count) in enumerate(zip(passages, counts, strict=True)):
            for term, weight in _term_weights(count, lengths).items():
                self.postings.setdefault(term, {})[number] = shared.setdefault(weight, weight)
                documents.setdefault(term, set()).add(passage.document)
        total = len({passage.document for passage in passages})
        self.idf = {term: inverse_frequency(len(found), total) for term, found in documents.items()}
        """The rarity of each term: the inverse document frequency."""
        self.unknown_idf = inverse_frequency(0, total)


def inverse_frequency(count: int, total: int) -> float:
    """Tell how much a term says that's in so many documents of all."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def fields(passage: Passage) -> dict[str, str]:
    """The texts a passage is found by, by the name of the field."""
    return {
        "topic": passage.topic,
        "aliases": " . ".join(passage.aliases),
        "text": "" if passage.kind is Kind.LIST else passage.text,
        "context": " . ".join((passage.context, *passage.entries)),
    }


def _mean(values: Iterator[int]) -> float:
    numbers: Sequence[int] = list(values)
    return sum(numbers) / len(numbers) or 1.0


def _term_weights(counts: Mapping[str, Counter[str]], lengths: Mapping[str, float]) -> dict[str, float]:
    """Weigh each term of a passage, from 0 to 1, by how often it occurs, and where."""
    frequencies: dict[str, float] = {}
    for name, boost in _FIELDS.items():
        norm = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * sum(counts[name].values()) / lengths[name]
        for term, count in counts[name].items():
            frequencies[term] = frequencies.get(term, 0.0) + boost * count / norm
    return {term: frequency / (_SATURATION + frequency) for term, frequency in frequencies.items()}
