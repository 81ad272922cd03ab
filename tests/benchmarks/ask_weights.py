"""Fit the weights of `mentorbot/packs/ranking.py` to questions with known answers, and print them.

It first says how well weights fitted to a part of the questions do on the others, since only that tells what strangers get. The
questions are those of `documents.yaml`, in `tests/benchmarks/ask_questions`; those of people who didn't know the answers count
most, and those that were written from the list of documents least. Few of them are as short as “chunk size”, so some of the
authors' own short forms come with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mentorbot.commands.lexicon import plain
from mentorbot.packs import ranking
from mentorbot.packs.library import Library
from mentorbot.packs.passages import Kind
from mentorbot.packs.ranking import Likeness, Signs
from mentorbot.packs.search import Search
from tests.benchmarks.ask import read
from tests.benchmarks.question_words import known_from, learned

Matrix = NDArray[np.float64]

_GROUP_WEIGHTS = {
    "tuning": 0.25,
    "held_out": 0.25,
    "newer": 1.0,
    "strangers": 2.0,
    "later": 2.0,
    "nearby": 1.0,
    "unknown": 1.0,
    "short": 0.1,
}
_BLIND = ("strangers", "later")
"""Groups of questions whose authors didn't know the answers."""
_SHORT_FORMS = 10
"""Of so many short forms, one is used."""
_FOLDS = 6
_RANKING_PENALTY, _KIND_PENALTY, _PENALTY = 0.3, 0.6, 3.0
_STEPS, _RATE = 150, 0.08
_SCOPE_LIMITS, _ANSWER_LIMITS = (0.45, 0.55, 0.65), (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Asked:
    """A question, its group, the documents that answer it (none if nothing does), and the passages compared with it."""

    question: str
    group: str
    search: Search
    answers: frozenset[str]
    rows: Matrix
    right: Matrix

    @property
    def in_scope(self) -> bool:
        """True if it's about the role."""
        return self.group != "unknown"

    @property
    def weight(self) -> float:
        """The weight of its group."""
        return _GROUP_WEIGHTS[self.group]


class Model(NamedTuple):
    """The weights of a logistic model, and its bias."""

    weights: Matrix
    bias: float


def main() -> None:
    """Print how well the models do on questions left out, and their weights when all are used."""
    asked = _questions()
    folds = np.random.default_rng(0).permutation(len(asked)) % _FOLDS
    signs, firsts = _left_out(asked, folds)
    usable = [index for index, each in enumerate(signs) if each is not None]
    table = np.array([signs[index] for index in usable])
    weights = np.array([asked[index].weight for index in usable])
    in_scope = np.array([float(asked[index].in_scope) for index in usable])
    right = np.array([float(firsts[index]) for index in usable])
    for name in ("newer", *_BLIND):
        shares = [first for each, first in zip(asked, firsts, strict=True) if each.answers and each.group == name]
        print(f"{name}: {np.mean(shares):.3f} have a right document first")
    blind = np.array([asked[index].group in _BLIND for index in usable])
    scopes = _left_out_chances(table, in_scope, weights, folds[usable])
    chances = _left_out_chances(table, right, weights, folds[usable])
    for kind, limits, values in (("in scope", _SCOPE_LIMITS, scopes), ("answer", _ANSWER_LIMITS, chances)):
        for limit in limits:
            kept = values >= limit
            print(
                f"{kind} from {limit}: {kept[blind & (right == 1)].mean():.2f} of the right ones, "
                f"{kept[blind & (right == 0)].mean():.2f} of the wrong ones, {kept[in_scope == 0].mean():.2f} of other topics"
            )
    fitted = _fit_ranking(asked)
    length = len(Likeness._fields)
    print("_RANKING =", _shown(Likeness, fitted[:length]))
    print(
        "_KINDS = {",
        ", ".join(f"Kind.{kind.name}: {weight:.2f}" for kind, weight in zip(Kind, fitted[length:], strict=True)),
        "}",
    )
    for name, target in (("_IN_SCOPE", in_scope), ("_ANSWERS", right)):
        model = _fit(table, target, weights)
        print(f"{name} = ({_shown(Signs, model.weights)}, {model.bias:.2f})")


def _shown(names: type[Likeness] | type[Signs], values: Sequence[float] | Matrix) -> str:
    listed = ", ".join(f"{name}={value:.2f}" for name, value in zip(names._fields, values, strict=True))
    return f"{names.__name__}({listed})"


def _questions() -> list[Asked]:
    library = Library.open(None, "ai-architect")
    asked = [
        _asked(library.search_of(library.packs[entry.get("pack", "ai-architect")]), entry, group)
        for group, entries in read("documents").items()
        for entry in entries
    ]
    return [*asked, *(short for pack in library.packs.values() for short in _short_forms(library.search_of(pack)))]


def _short_forms(search: Search) -> list[Asked]:
    """List some of the short forms that, as authors say, people ask for their answers with."""
    answers = [passage for passage in search.passages if passage.kind is Kind.ANSWER]
    forms = [{"ask": alias, "answers": [passage.document]} for passage in answers for alias in passage.aliases]
    return [_asked(search, form, "short") for form in forms[::_SHORT_FORMS]]


def _asked(search: Search, entry: Mapping[str, Any], group: str) -> Asked:
    question, answers = str(entry["ask"]), frozenset(map(str, entry.get("answers", ())))
    compared = search.compared(search.parse(question))
    kinds = list(Kind)
    rows = np.array(
        [[*alike, *(float(search.passages[number].kind is kind) for kind in kinds)] for number, alike in compared]
    )
    right = np.array([float(_is_right(search.passages[number].document, answers)) for number, _ in compared])
    return Asked(question, group, search, answers, rows, right)


def _is_right(document: str, answers: frozenset[str]) -> bool:
    return document in answers or (document.startswith("pay:") and "section:salary" in answers)


def _left_out(asked: Sequence[Asked], folds: NDArray[np.int64]) -> tuple[list[Signs | None], list[bool]]:
    """List the signs of each question and if a right passage came first, with weights fitted to the others."""
    signs: list[Signs | None] = [None] * len(asked)
    firsts = [False] * len(asked)
    for fold in range(_FOLDS):
        _use(_fit_ranking([each for each, number in zip(asked, folds, strict=True) if number != fold]))
        left_out = [int(index) for index in np.flatnonzero(folds == fold)]
        same = {plain(asked[index].question) for index in left_out}
        words = known_from([told for told in learned() if plain(told.text) not in same])
        for index in left_out:
            each = asked[index]
            parsed = each.search.parse(each.question)
            if best := each.search.best(parsed):
                told = each.search.signs(best, parsed, each.question)
                signs[index] = told._replace(lean=each.search.lean(each.question, words))
                firsts[index] = _is_right(each.search.passages[best[0][1]].document, each.answers)
    return signs, firsts


def _use(weights: Matrix) -> None:
    length = len(Likeness._fields)
    ranking.RANKING = Likeness(*map(float, weights[:length]))
    ranking.KINDS = dict(zip(Kind, map(float, weights[length:]), strict=True))


def _fit_ranking(asked: Sequence[Asked]) -> Matrix:
    """Fit the weights that put right passages first: a softmax over the passages of each question, by Adam."""
    usable = [each for each in asked if each.right.any()]
    total = sum(each.weight for each in usable)
    weights = np.zeros(usable[0].rows.shape[1])
    penalty = np.array([_RANKING_PENALTY] * len(Likeness._fields) + [_KIND_PENALTY] * len(Kind))
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = penalty * weights / total
        for each in usable:
            chances = _softmax(each.rows @ weights)
            target = chances * each.right
            gradient += each.weight / total * each.rows.T @ (chances - target / target.sum())
        mean, spread = 0.9 * mean + 0.1 * gradient, 0.99 * spread + 0.01 * gradient**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return weights


def _softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _left_out_chances(table: Matrix, target: Matrix, weights: Matrix, folds: NDArray[np.int64]) -> Matrix:
    chances = np.zeros(len(table))
    for fold in range(_FOLDS):
        kept = folds != fold
        model = _fit(table[kept], target[kept], weights[kept])
        chances[~kept] = _chances(table[~kept], model)
    return chances


def _chances(table: Matrix, model: Model) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-(table @ model.weights + model.bias))))


def _fit(table: Matrix, target: Matrix, weights: Matrix) -> Model:
    """Fit a logistic model with Newton's method, to columns that are scaled to the same spread meanwhile."""
    centre, scale = table.mean(0), table.std(0) + 1e-9
    scaled = np.c_[(table - centre) / scale, np.ones(len(table))]
    penalty = _PENALTY * np.eye(scaled.shape[1])
    penalty[-1, -1] = 0
    fitted = np.zeros(scaled.shape[1])
    for _ in range(30):
        chances = 1 / (1 + np.exp(-scaled @ fitted))
        curvature = scaled.T @ (scaled * (weights * chances * (1 - chances) + 1e-9)[:, None]) + penalty
        fitted -= np.linalg.solve(curvature, scaled.T @ (weights * (chances - target)) + penalty @ fitted)
    slopes = fitted[:-1] / scale
    return Model(slopes, float(fitted[-1] - slopes @ centre))


if __name__ == "__main__":
    main()
