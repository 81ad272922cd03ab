"""Learn what words tell about whether a question is one for a mentor, for `mentorbot/packs/question_words.py`.

It learns from the questions that the search is fitted to, and from those and the requests of `intent_sentences.tsv`. How much
that helps to tell what's answered, `ask_weights.py` says, which fits the search to what's told of questions left out.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mentorbot.commands.heard import Kind
from mentorbot.packs.language import stem_of, words_in
from mentorbot.packs.question_words import WEIGHTS, QuestionWords, signs_of, text_of
from tests.benchmarks import ask
from tests.benchmarks.intent_evidence import MIN_SENTENCES, SENTENCES, Rows, fitted, read

_ASKED, _BEYOND = Kind.LEARN.value, (Kind.OFF.value, Kind.UNABLE.value)
_BEYOND_GROUP = "unknown"
_MIN_WEIGHT = 0.1
"""Weights nearer to 0 change little and are left out."""


class Told(NamedTuple):
    """A question or a request, and whether it's one for a mentor."""

    text: str
    is_ours: bool


def main() -> None:
    """Write the weights."""
    WEIGHTS.write_text(learn(learned()), encoding="utf-8")


def learned() -> list[Told]:
    """List all to learn from, each once."""
    groups = ask.read("documents").items()
    told = [Told(entry["ask"], group != _BEYOND_GROUP) for group, entries in groups for entry in entries]
    told += [Told(text, name == _ASKED) for name, text in read(SENTENCES) if name in (_ASKED, *_BEYOND)]
    return list({each.text: each for each in told}.values())


def stems_of(text: str) -> list[str]:
    """List the stems of a text as the search does, without a pack's words that typos may be for."""
    return [stem_of(word) for word in words_in(text)]


def digest_of(told: Sequence[Told]) -> str:
    """Name everything that weights follow from: the signs of all questions."""
    seen = sorted(f"{each.is_ours}\t{sorted(signs_of(stems_of(each.text)))}" for each in told)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def learn(told: Sequence[Told]) -> str:
    """Fit the weights, and give the text of the model."""
    return text_of(digest_of(told), _weights(told))


def known_from(told: Sequence[Told]) -> QuestionWords:
    """Give the model that's learned from some questions."""
    return QuestionWords(_weights(told))


def _weights(told: Sequence[Told]) -> Mapping[str, float]:
    seen = [signs_of(stems_of(each.text)) for each in told]
    counts = Counter(sign for signs in seen for sign in signs)
    signs = sorted(sign for sign in counts if counts[sign] >= MIN_SENTENCES)
    numbers = {sign: number for number, sign in enumerate(signs)}
    rows = Rows.of([[numbers[sign] for sign in sorted(each) if sign in numbers] for each in seen])
    weights = fitted(rows, np.array([int(each.is_ours) for each in told]), (len(signs), 2))
    leans = (weights[:, 1] - weights[:, 0]).tolist()
    return {sign: lean for sign, lean in zip(signs, leans, strict=True) if abs(lean) >= _MIN_WEIGHT}


if __name__ == "__main__":
    main()
