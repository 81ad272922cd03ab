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
_ALWAYS = "*"
"""The sign every question has, so the number of either kind is no word's fault."""
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
    """Name everything that weights follow from: the words of all questions."""
    seen = sorted(f"{each.is_ours}\t{sorted(signs_of(stems_of(each.text)))}" for each in told)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def learn(told: Sequence[Told]) -> str:
    """Fit the weights, and give the text of the model."""
    return text_of(digest_of(told), _weights(told))


def known_from(told: Sequence[Told]) -> QuestionWords:
    """Give the model that's learned from some questions."""
    return QuestionWords(_weights(told))


def _weights(told: Sequence[Told]) -> Mapping[str, float]:
    seen = [{_ALWAYS, *signs_of(stems_of(each.text))} for each in told]
    counts = Counter(word for words in seen for word in words)
    words = sorted(word for word in counts if counts[word] >= MIN_SENTENCES)
    numbers = {word: number for number, word in enumerate(words)}
    rows = Rows.of([[numbers[word] for word in sorted(each) if word in numbers] for each in seen])
    weights = fitted(rows, np.array([int(each.is_ours) for each in told]), (len(words), 2))
    leans = dict(zip(words, (weights[:, 1] - weights[:, 0]).tolist(), strict=True))
    return {word: lean for word, lean in leans.items() if abs(lean) >= _MIN_WEIGHT and word != _ALWAYS}


if __name__ == "__main__":
    main()
