"""Learn what words tell about what's wanted, from sentences that were written to be learned from.

It writes what it has learned into `mentorbot/commands`, and says how often the right command comes first and among three for the
cases of `tests/conversations`, which were written by others and aren't learned from. With `--folds` it also says so for
sentences left out, and how likely what comes first is right.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from mentorbot.commands import load_commands, registry
from mentorbot.commands.heard import Kind
from mentorbot.commands.lexicon import INTENT_WEIGHTS
from mentorbot.commands.synonyms import SYNONYMS
from mentorbot.packs.language import word_frequencies
from mentorbot.slash.associations import LENGTH_EXPONENT, Associations, signs_of, text_of
from mentorbot.slash.intents import MAX_WORDS, IntentMatcher, Wording, words_of
from tests.benchmarks import ask

Matrix = NDArray[np.float32]

SENTENCES = Path(__file__).with_name("intent_sentences.tsv")
CASES = Path(__file__).parents[1] / "conversations"
_ANSWERED = ("tuning", "newer", "strangers")
_FOLDS = 6
MIN_SENTENCES = 2
"""A sign that only one sentence has tells nothing."""
_EPOCHS, _BATCH, _RATE, _PENALTY = 10, 128, 0.5, 1e-5
_MIN_WEIGHT = 0.2
"""Weights nearer to 0 change little and are left out."""


class Sentence(NamedTuple):
    """A sentence and what it asks for: a command's name, or a kind."""

    name: str
    text: str


class Rows(NamedTuple):
    """The numbers of the signs of some sentences, one after another; where each sentence begins, and how many it has."""

    signs: NDArray[np.intp]
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[int]]) -> Rows:
        """Put the signs of sentences one after another."""
        counts = np.array([len(signs) for signs in sentences])
        return cls(np.array([sign for signs in sentences for sign in signs]), np.cumsum(counts) - counts, counts)

    @property
    def scale(self) -> Matrix:
        """The factors of each sentence's weights, as a column."""
        return (self.counts**LENGTH_EXPONENT).astype(np.float32)[:, None]

    def select(self, sentences: NDArray[np.intp]) -> Rows:
        """Select some of the sentences."""
        counts = self.counts[sentences]
        starts = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(starts, counts)
        return Rows(self.signs[np.repeat(self.starts[sentences], counts) + within], starts, counts)

    def gradient(self, error: Matrix) -> tuple[NDArray[np.intp], Matrix]:
        """Add up the errors of the sentences that have each sign, for the signs that any has."""
        order = np.argsort(self.signs, kind="stable")
        signs, starts = np.unique(self.signs[order], return_index=True)
        return signs, np.add.reduceat(np.repeat(error, self.counts, axis=0)[order], starts)


Heard = tuple[set[str], Mapping[str, float]]
"""The commands a sentence may ask for, and the shares it gets."""


def main() -> None:
    """Write the weights, and print how well sentences are told apart."""
    load_commands()
    wording, sentences = wording_for(), list(learned())
    if "--folds" in sys.argv:
        _show_folds(wording, sentences)
    INTENT_WEIGHTS.write_text(learn(wording, sentences), encoding="utf-8")
    known = Associations.of(INTENT_WEIGHTS.read_text(encoding="utf-8"))
    _show("cases", [(names, shares_of(known, wording, text)) for names, text in _cases()])


def learned() -> Iterator[Sentence]:
    """List all sentences to learn from: those written for it, those declared, and the questions that `ask` is measured with."""
    yield from read(SENTENCES)
    yield from (Sentence(command.name, intent) for command in registry for intent in command.intents)
    questions = ask.read("documents")
    yield from (Sentence(Kind.LEARN.value, each["ask"]) for group in _ANSWERED for each in questions[group])
    yield from (Sentence(Kind.OFF.value, each["ask"]) for each in questions["unknown"])


def read(path: Path) -> Iterator[Sentence]:
    """Read sentences, each with what it asks for."""
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, text = line.partition("\t")
        yield Sentence(name, text)


def wording_for() -> Wording:
    """Build the wording that the bot hears with."""
    wording = Wording(SYNONYMS, word_frequencies().__contains__)
    IntentMatcher(registry, wording)
    return wording


def digest_of(wording: Wording, sentences: Iterable[Sentence]) -> str:
    """Name everything that weights follow from: how they're fitted, and the signs of all sentences."""
    settings = (MIN_SENTENCES, _EPOCHS, _BATCH, _RATE, _PENALTY, _MIN_WEIGHT)
    seen = "\n".join(sorted(f"{name}\t{sorted(_signs(wording, text))}" for name, text in sentences))
    return hashlib.sha256(f"{settings}\n{seen}".encode()).hexdigest()


def learn(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """Fit the weights to sentences, and give the text of the model."""
    seen = [_signs(wording, text) for _, text in sentences]
    counts = Counter(sign for signs in seen for sign in signs)
    numbers = {sign: number for number, sign in enumerate(sorted(s for s in counts if counts[s] >= MIN_SENTENCES))}
    names = sorted({name for name, _ in sentences})
    rows = Rows.of([[numbers[sign] for sign in signs if sign in numbers] for signs in seen])
    wanted = np.array([names.index(name) for name, _ in sentences])
    weights = fitted(rows, wanted, (len(numbers), len(names)))
    weights[np.abs(weights) < _MIN_WEIGHT] = 0
    return text_of(
        digest_of(wording, sentences), names, {sign: weights[number].tolist() for sign, number in numbers.items()}
    )


def fitted(rows: Rows, wanted: NDArray[np.intp], shape: tuple[int, int]) -> Matrix:
    """Fit a multinomial logistic model by AdaGrad, with a small penalty on its weights that leaves most of them at 0."""
    random = np.random.default_rng(0)
    weights, squares = np.zeros(shape, np.float32), np.full(shape, 0.01, np.float32)
    for _ in range(_EPOCHS):
        order = random.permutation(len(wanted))
        for some in np.split(order, range(_BATCH, len(order), _BATCH)):
            batch = rows.select(some)
            error = batch.scale * _softmax(batch.scale * np.add.reduceat(weights[batch.signs], batch.starts))
            error[np.arange(len(some)), wanted[some]] -= batch.scale[:, 0]
            signs, gradient = batch.gradient(error)
            squares[signs] += gradient**2
            rate = _RATE / np.sqrt(squares[signs])
            moved = weights[signs] - rate * gradient
            weights[signs] = np.sign(moved) * np.maximum(np.abs(moved) - rate * _PENALTY * len(some), 0)
    return weights


def _softmax(totals: Matrix) -> Matrix:
    likely = np.exp(totals - totals.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float32)


def _signs(wording: Wording, sentence: str) -> dict[str, set[int]]:
    words = words_of(sentence)[:MAX_WORDS]
    return signs_of(words, wording.terms_of(words, correct=True))


def shares_of(known: Associations, wording: Wording, sentence: str) -> dict[str, float]:
    """Tell how likely each thing is to be wanted by a sentence."""
    words = words_of(sentence)[:MAX_WORDS]
    return known.shares(words, wording.terms_of(words, correct=True))


def _show_folds(wording: Wording, sentences: Sequence[Sentence]) -> None:
    order = np.random.default_rng(0).permutation(len(sentences)) % _FOLDS
    heard: list[Heard] = []
    for fold in range(_FOLDS):
        known = Associations.of(learn(wording, [each for each, of in zip(sentences, order, strict=True) if of != fold]))
        left_out = [each for each, of in zip(sentences, order, strict=True) if of == fold]
        heard += [({name}, shares_of(known, wording, text)) for name, text in left_out]
    _show("left out", heard)
    for low in np.arange(0.0, 1.0, 0.2):
        some = [each for each in heard if low <= max(each[1].values()) < low + 0.2]
        _show(f"  {low:.1f} on", some)


def _cases() -> Iterator[tuple[set[str], str]]:
    for path in CASES.glob("*_cases.yaml"):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            if case["expect"]["action"] and not case.get("after"):
                yield set(case["expect"]["action"]), case["say"]


def _show(name: str, heard: Sequence[Heard]) -> None:
    """Print how often what's right is first, and how often it's among three."""
    known = [(names, shares) for names, shares in heard if not names.isdisjoint(shares)]
    ranked = [(names, sorted(shares, key=lambda name: -shares[name])[:3]) for names, shares in known]
    first = sum(best[0] in names for names, best in ranked) / max(1, len(ranked))
    among = sum(not names.isdisjoint(best) for names, best in ranked) / max(1, len(ranked))
    print(f"{name:9} {len(ranked)} sentences: right first {first:.2f}, among three {among:.2f}")


if __name__ == "__main__":
    main()
