"""Compare a question with a passage, and tell from that how well it answers and whether the question is about the role at all.

Three small linear models do it: one ranks passages, two turn signs of a match into probabilities. Their weights are fitted to
questions with known answers by `tests/benchmarks/ask_weights.py`, which also says how well they do on questions left out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import pairwise, product
from operator import mul
from typing import NamedTuple

from mentorbot.packs.passages import Kind, Passage

WHAT_IT_IS, _CHOICE, _DIFFERENCE, _DURATION, _AMOUNT, _REASON, _WAY, _MOMENT, _NEED, _PERSON, _CHANCE = (
    1 << number for number in range(11)
)
"""Ways people ask, one bit each: what it is, which one, what differs, how long, how much, why, how, when, if it's needed, …"""
_WAYS_BY_WORD = {
    **dict.fromkeys(
        ["what's", "whats", "mean", "means", "meaning", "define", "definition", "explain", "explained"], WHAT_IT_IS
    ),
    **dict.fromkeys(["which", "or", "choose", "pick", "better", "best"], _CHOICE),
    **dict.fromkeys(["vs", "versus"], _CHOICE | _DIFFERENCE),
    **dict.fromkeys(
        ["differ", "differs", "different", "difference", "compare", "compared", "distinguish"], _DIFFERENCE
    ),
    **dict.fromkeys(["hours", "days", "weeks", "months", "years"], _DURATION),
    **dict.fromkeys(["why", "reason", "reasons", "cause", "causes"], _REASON),
    **dict.fromkeys(
        ["need", "needs", "needed", "necessary", "require", "required", "mandatory", "worth", "bother", "enough"], _NEED
    ),
    **dict.fromkeys(["who", "whom", "whose"], _PERSON),
    **dict.fromkeys(["can", "could", "possible", "realistic", "realistically", "chance", "still"], _CHANCE),
}
_WAYS_BY_PAIR = {
    **dict.fromkeys(product(["what"], ["is", "are", "does"]), WHAT_IT_IS),
    **dict.fromkeys(product(["how"], ["long", "soon", "fast", "quickly"]), _DURATION),
    **dict.fromkeys(product(["how"], ["much", "many", "big", "large", "often", "deep"]), _AMOUNT),
    **dict.fromkeys(product(["what", "which"], ["size", "number"]), _AMOUNT),
    **dict.fromkeys(
        product(["how"], ["do", "does", "can", "could", "should", "would", "to", "is", "are", "will"]), _WAY
    ),
    **dict.fromkeys(product(["way", "ways"], ["to", "of"]), _WAY),
    **dict.fromkeys(
        product(["when"], ["do", "does", "is", "are", "should", "to", "can", "would", "will", "not"]), _MOMENT
    ),
    **dict.fromkeys(
        product(["do", "does", "must", "should", "would"], ["i", "we", "you", "one", "a", "an", "the"]), _NEED
    ),
    **dict.fromkeys(product(["have", "has", "got"], ["to"]), _NEED),
}
_ASKING_WORD = re.compile(r"[a-z]+(?:'s)?")
_CUES = {
    Kind.READING: re.compile(r"\b(?:books?|papers?|courses?)\b", re.IGNORECASE),
    Kind.INTERVIEW: re.compile(r"\b(?:interview(?:s|ers?)? questions?|interviewers?|traps?)\b", re.IGNORECASE),
}
_BETWEEN_PARTS = re.compile(
    r",?\s+(?:and|or)\s+(?=(?:what|how|which|who|when|where|why|is|are|do|does|can|should|will)\b)", re.IGNORECASE
)
_MIN_WEIGHT = 0.15
"""Words that weigh less, such as “the”, aren't compared."""
_SUPPORTING = 3
"""Questions of a passage that are looked at for how well they support each other."""
_NO_TERMS = 0.5
SYNONYM = 0.75
"""A word that means the same is less sure than the word itself."""


class Asks(NamedTuple):
    """The questions a passage answers, beginning with its topic: what each weighs, and how the topic asks.

    `places` are the questions that have a word, a group of words or a pair of words, by their numbers.
    """

    places: Mapping[str, tuple[int, ...]]
    weights: tuple[float, ...]
    ways: int


class Likeness(NamedTuple):
    """Measures of what a question and a passage have in common, from 0 to 1 but for `found`.

    `found` is the score of the index, and `covered` is how much of the question the passage has anywhere. `asked` is how much of
    the question one of the passage's own has, `fits` how much of that one the question has, and `both` their product, for the
    one where it's most. `any_asked` is the most of the question that any has, and `pairs` of its pairs of words. `support` is the
    mean of the three highest products. `words` is the most of its words that any has, each counting alike, since the rarest ones
    are often just someone's way of talking; `terms` is how much of its terms of the trade the passage's questions have together.
    """

    found: float
    covered: float
    any_asked: float
    asked: float
    fits: float
    both: float
    pairs: float
    support: float
    words: float
    terms: float
    same_way: float
    other_way: float


class Signs(NamedTuple):
    """Signs of whether a question is answered. `score` is the best passage's, and `lead` how far the next one is behind.

    `known` is how much of the question is words the pack has, `trade` those of the trade, and `on_topic` those it's about.
    `amount` is the logarithm of the weight of what's known, and `lean` how its words speak for a question to a mentor. One of
    `today` or about something in `particular` isn't about a role.
    """

    score: float
    covered: float
    known: float
    trade: float
    on_topic: float
    lead: float
    amount: float
    lean: float
    today: float
    particular: float

    @property
    def is_particular(self) -> bool:
        """True if it's about a certain day, thing or person."""
        return bool(self.today or self.particular)


_TODAY = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|right now|at the moment|these days|as of|since \d+(?! *(?:years?|months?))\b"
    r"|this (?:morning|evening|afternoon|weekend|week|month|year)|last (?:night|week|month|sprint|quarter|year|\w+day)"
    r"|next (?:week|month|year|\w+day)|(?<!what )now\W*$|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_PARTICULAR = re.compile(
    r"^\W*(?:(?:and|so|but)\s+)?(?:did|has|had|was|were)\s+(?!i\b|we\b|you\b|it\b|any)"
    r"|\b(?:what|where|when|who)(?:['’]?s| is| are)\s+(?:our|his|her|their|he|she)\b"
    r"|\b(?:what|where|when|who|why|how) (?:was|were|did)\s+(?:my|our|his|her|their|he|she)\b"
    r"|\bwho (?:owns|owned|approved|won|wrote|is|was|will)\b"
    r"(?! (?:responsible|accountable|liable|to blame)\b(?! for (?:the|our|my|this|that)\b))"
    r"|\bwhen (?:is|does|did|will) (?:the|my|our|his|her)\b"
    r"|\bhow (?:much|many)\b(?!.*\bshould\b).*\b(?:left|did|my|our|his|her)\b"
    r"|(?<!why )(?<!how )\b(?:do|does|is|are|has|did|will|was|were|can) (?:my|our|his|her|he|she)\b",
    re.IGNORECASE,
)
"""Asks what happened or is the case somewhere: “did the client sign”, “who owns the login service”, “when is our party”."""
_RECORDS = re.compile(
    r"\bwhich of (?:my|our|the) (?:\w+ )?\w+ (?:is|are|was|were|has|have|had|got|did|will)\b"
    r"|\bwho (?:in|on|at|of) (?:my|our)\b|\bwhere(?:['’]?s| is| are) (?:my|our)\b",
    re.IGNORECASE,
)
"""Asks for a person, a thing or a place that only the records of the asker's company tell."""


def ways_of(text: str) -> int:
    """Tell how a text asks, as one bit for each way."""
    words = _ASKING_WORD.findall(text.lower().replace("’", "'"))
    ways = 0
    for word in words:
        ways |= _WAYS_BY_WORD.get(word, 0)
    for pair in pairwise(words):
        ways |= _WAYS_BY_PAIR.get(pair, 0)
    return ways


def kinds_in(text: str) -> frozenset[Kind]:
    """List the kinds of passages a text asks for in so many words."""
    return frozenset(kind for kind, cue in _CUES.items() if cue.search(text))


def asks_about_today(question: str) -> bool:
    """Tell if a question depends on the day it's asked."""
    return _TODAY.search(question) is not None


def asks_for_records(question: str) -> bool:
    """Tell if only the records of someone's company can answer a question."""
    return _RECORDS.search(question) is not None


def asks_about_particulars(question: str) -> bool:
    """Tell if a question is about a certain person, company or event."""
    return _PARTICULAR.search(question) is not None


def questions_of(passage: Passage) -> Iterator[str]:
    """List the questions a passage answers, as its author puts them; of two in one, each as well."""
    yield passage.topic
    parts = _BETWEEN_PARTS.split(passage.topic)
    yield from parts if len(parts) > 1 else ()
    yield from passage.aliases
    if passage.kind is Kind.ADVICE and passage.context:
        yield passage.context


_ASKED_KIND = 4.0
"""Instead of its own weight, that of a kind someone asks for."""
RANKING = Likeness(
    found=2.04,
    covered=2.94,
    any_asked=2.05,
    asked=1.83,
    fits=2.01,
    both=1.76,
    pairs=2.14,
    support=3.12,
    words=2.19,
    terms=1.03,
    same_way=1.65,
    other_way=0.36,
)
KINDS: Mapping[Kind, float] = {
    Kind.BRIEF: 2.18,
    Kind.PAY: 0.24,
    Kind.ADVICE: 0.51,
    Kind.ANSWER: -0.05,
    Kind.TITLE: 1.30,
    Kind.LEVEL: -0.28,
    Kind.MILESTONE: -0.90,
    Kind.TIP: -0.98,
    Kind.INTERVIEW: -1.66,
    Kind.RECALL: -1.35,
    Kind.READING: 0.19,
    Kind.LIST: 0.90,
}
_IN_SCOPE = (
    Signs(
        score=0.26,
        covered=1.60,
        known=1.67,
        trade=0.32,
        on_topic=0.86,
        lead=0.13,
        amount=1.64,
        lean=0.60,
        today=-4.88,
        particular=-3.05,
    ),
    -11.50,
)
_ANSWERS = (
    Signs(
        score=0.32,
        covered=1.37,
        known=0.97,
        trade=0.37,
        on_topic=1.02,
        lead=0.57,
        amount=1.97,
        lean=0.19,
        today=-3.20,
        particular=-1.84,
    ),
    -13.15,
)
"""Each with its bias."""


class Slot(NamedTuple):
    """A word of a question, the group of words that mean the same (or ""), and its weight.

    `literal` and `synonyms` are the passages that have it, with its weight there. `cover` is how sure a sign of its meaning the
    word itself is, and `missed_weight` what it counts for where it's missing. A term is a word of the trade.
    """

    stem: str
    group: str
    weight: float
    is_stop: bool
    literal: Mapping[int, float]
    synonyms: Mapping[int, float]
    cover: float
    missed_weight: float
    is_term: bool

    @property
    def is_known(self) -> bool:
        """True if the pack has it."""
        return bool(self.literal or self.synonyms)


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a question, those of them that say something, its pairs of words with their weights, and how it asks.

    `asked_kinds` are the kinds of passages it asks for in so many words.
    """

    slots: tuple[Slot, ...]
    topical: tuple[Slot, ...]
    pairs: Mapping[str, float]
    ways: int
    asked_kinds: frozenset[Kind]
    weights: dict[str, float] = field(init=False)
    """Of the words the pack has, and of the groups they're in: a word's own is what it says beyond its group."""
    weight: float = field(init=False)
    weight_with_pairs: float = field(init=False)
    subjects: tuple[Slot, ...] = field(init=False)
    """The words the pack has that say something; all it has, if there are none."""

    def __post_init__(self) -> None:
        known = [slot for slot in self.slots if slot.is_known]
        weights = {slot.group: SYNONYM * slot.weight for slot in known if slot.group}
        weights |= {slot.stem: (1 - SYNONYM if slot.group else 1.0) * slot.weight for slot in known}
        object.__setattr__(self, "weights", {word: weight for word, weight in weights.items() if weight > _MIN_WEIGHT})
        weight = sum(slot.weight for slot in known) or 1.0
        object.__setattr__(self, "weight", weight)
        object.__setattr__(self, "weight_with_pairs", weight + sum(self.pairs.values()))
        object.__setattr__(self, "subjects", tuple(slot for slot in self.topical if slot.is_known) or tuple(known))


def likeness(question: Question, asks: Asks, found: float, covered: float) -> Likeness:
    """Compare a question with those a passage answers."""
    total, places = question.weight, asks.places
    common, pairs = [0.0] * len(asks.weights), [0.0] * len(asks.weights)
    for word, weight in question.weights.items():
        for place in places.get(word, ()):
            common[place] += weight
    for pair, weight in question.pairs.items():
        for place in places.get(pair, ()):
            pairs[place] += weight
    asked = fits = both = 0.0
    products = []
    for shared, weight in zip(common, asks.weights, strict=True):
        products.append(min(shared / weight, 1.0) * shared if weight else 0.0)
        if shared * shared > both * weight:
            asked, fits = shared, min(shared / weight, 1.0)
            both = asked * fits
    same_way = 1.0 if question.ways & asks.ways else 0.0
    other_way = 1.0 if question.ways and asks.ways and not same_way else 0.0
    return Likeness(
        found=found / total,
        covered=covered,
        any_asked=max(common) / total,
        asked=asked / total,
        fits=fits,
        both=both / total,
        pairs=max(pairs) / question.weight_with_pairs,
        support=sum(nlargest(_SUPPORTING, products)) / _SUPPORTING / total,
        words=_share_of_words(question, asks),
        terms=_share_of_terms(question, asks),
        same_way=same_way,
        other_way=other_way,
    )


def _share_of_words(question: Question, asks: Asks) -> float:
    """Tell how many of a question's words the passage's question that has most of them has."""
    counts = Counter(place for slot in question.subjects for place in _places_of(slot, asks))
    return max(counts.values(), default=0) / (len(question.subjects) or 1)


def _share_of_terms(question: Question, asks: Asks) -> float:
    """Tell how much of a question's terms of the trade a passage's questions have, from 0 to 1; half if there are none."""
    terms = [slot for slot in question.subjects if slot.is_term]
    total = sum(slot.weight for slot in terms)
    return sum(slot.weight for slot in terms if _places_of(slot, asks)) / total if total else _NO_TERMS


def _places_of(slot: Slot, asks: Asks) -> Set[int]:
    """List the questions of a passage that have a word, or one that means the same."""
    same = asks.places.get(slot.group, ()) if slot.group else ()
    return {*asks.places.get(slot.stem, ()), *same}


def score_of(likeness: Likeness, kind: Kind, asked: Set[Kind]) -> float:
    """Tell how well a passage of some kind matches, comparable within one question only. `asked` are the kinds it asks for."""
    return sum(map(mul, RANKING, likeness), _ASKED_KIND if kind in asked else KINDS[kind])


def is_answer(signs: Signs) -> float:
    """Estimate how likely the best passage is to answer the question."""
    return _probability(_ANSWERS, signs)


def is_in_scope(signs: Signs) -> float:
    """Estimate how likely a question is to be about the role."""
    return _probability(_IN_SCOPE, signs)


def _probability(model: tuple[Signs, float], signs: Signs) -> float:
    weights, bias = model
    return 1 / (1 + math.exp(-sum(map(mul, weights, signs), bias)))
