"""Search a pack for the passage that answers a free question.

A question's words are looked up in the index of passages, with the words that mean the same; pairs of neighbouring words count
once more. The best passages are then ranked by how likely their kind is, and by how much of the question they cover, which also
tells if the pack has an answer at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from heapq import nlargest
from itertools import pairwise
from typing import NamedTuple

from mentorbot.packs.language import (
    Spelling,
    SynonymGroups,
    common_stems,
    english_groups,
    everyday_stems,
    stems_in,
    stop_stems,
    words_in,
)
from mentorbot.packs.passage_index import PassageIndex, fields
from mentorbot.packs.passages import Kind, Passage, passages
from mentorbot.packs.schema import Pack
from mentorbot.packs.semantic import Embeddings
from mentorbot.packs.subjects import SOMEONE, Subjects

# Weights, chosen with `develop.yaml` of `tests/benchmarks/ask_questions`. First those of a question's word.
_SYNONYM_FACTOR = 0.75
_PAIR_FACTOR = 0.4
# A phrase such as “how long does it take” says more than one word does.
_PHRASE_FACTOR = 1.3
# Everyone wants to get into the role, so saying so tells little about the question.
_DEFAULT_FACTOR = 0.6
# A stop word isn't worthless: “test” and “value” are on every list of them.
_STOP_WORD_FACTOR = 0.2
# A word the pack doesn't know tells that the question may be about something else; a number doesn't.
_UNKNOWN_FACTOR, _NUMBER_FACTOR = 1.6, 0.3
# How likely a kind of passage is to be an answer, and how likely it is if the question asks for that kind.
_KIND_FACTORS = {
    Kind.BRIEF: 1.3,
    Kind.PAY: 1.35,
    Kind.TITLE: 1.15,
    Kind.ANSWER: 1.2,
    Kind.LEVEL: 0.8,
    Kind.INTERVIEW: 0.8,
    Kind.RECALL: 0.75,
    Kind.LIST: 1.15,
    Kind.READING: 0.75,
    Kind.MILESTONE: 0.9,
}
_CUE_FACTOR = 1.3
_CUES = {
    Kind.READING: "book books course courses paper read reading learn from resource tutorial free",
    Kind.INTERVIEW: "interview interviews interviewer interviewers asked candidate candidates hiring strong trap traps",
    Kind.TIP: "tip minutes weekend today quick exercise",
    Kind.MILESTONE: "project projects milestone portfolio practise build",
    Kind.LEVEL: "level levels",
}
# How much of a question's weight an answer covers, and the closest thing there is; less, if the question is surely in scope.
_MIN_ANSWER, _MIN_CLOSE, _MIN_IN_SCOPE = 0.46, 0.38, 0.28
_SYNONYM_COVERAGE = 0.75
# A word everyone uses tells little if the pack only uses it in passing, unless it weighs this much: it's in a topic or an alias.
_EVERYDAY_COVERAGE, _OFF_TOPIC_FACTOR, _IN_TOPIC = 0.35, 1.8, 0.6
# Of a clause of a longer text, an answer covers more. One that weighs less than this says nothing.
_MIN_CLAUSE, _MIN_WEIGHT = 0.6, 2.0
# Nobody asks in more characters than this. The rest isn't read, so no text can keep the bot busy.
_MAX_QUESTION_LENGTH = 1000
_MAX_STEMS = 200
_MAX_CANDIDATES = 20
_MOST = 0.5
# How much of a question is of words the role is about, if it's in scope. A term of the trade tells that it is.
_MIN_ON_TOPIC, _TERM_FACTOR = 0.6, 2.0
_COVERAGE = 1.5
_NEARNESS = 1.0
_ROLE_WORDS = "role job position profession career work"
"""What every passage is about, like the role's title."""
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_BETWEEN_QUESTIONS = re.compile(
    r"(?:[?!.;\n]+\s*(?:(?:and|also|plus|but)\s+)?|,?\s+(?:and|also|plus)\s+(?:also\s+)?)"
    r"(?=(?:what|whats|how|which|who|when|where|why|is|are|do|does|can|could|should|will)\b)",
    re.IGNORECASE,
)
_MAX_QUESTIONS = 2
_CLAUSE = re.compile(
    r"[?!;\n]+|[.,:](?=\s)|\s[-–—]\s|(?<=\s)(?=(?:How|What|Which|Can|Do|Is|Should|When|Where|Why|Who)\b)"
)
_MAX_CLAUSES, _MAX_FOR_CLAUSES = 8, 10
_EXPLAIN = re.compile(
    r"^\W*(?:(?:please|so|and|can you|could you|would you)\W+)*"
    r"(?:explain|describe|define|clarify|tell me about|walk me through)\b(?:\W+to me\b)?",
    re.IGNORECASE,
)
"""Words that only say that somebody wants to know. What's to be explained comes after them."""
_MAX_TERM_WORDS = 2
"""Who types so few words wants to know what that is."""
_WHAT_IS = re.compile(r"^\W*what(?:['’]?s| is| are)\b", re.IGNORECASE)


class Match(Enum):
    """How well the best passage matches: it answers the question, it's the closest there is, or it's about something else."""

    ANSWER = "answer"
    CLOSE = "close"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score (comparable within one question only), and its sentences, each with what it has of the question."""

    passage: Passage
    score: float
    sentence_scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best passages, best first, at most one of each document, and what the question is about."""

    hits: tuple[Hit, ...]
    match: Match
    about_pay: bool = False
    titles: tuple[str, ...] = ()
    """The ids of the job titles that the question names."""

    @property
    def confident(self) -> bool:
        """True if the first passage seems to answer the question."""
        return self.match is Match.ANSWER


class _Slot(NamedTuple):
    """A word of a question, the group of words that mean the same (or ""), and its weight.

    `literal` and `synonyms` are the passages that have it, and `cover` is how sure a sign of its meaning the word itself is.
    """

    stem: str
    group: str
    weight: float
    is_stop: bool
    literal: Mapping[int, float]
    synonyms: Mapping[int, float]
    cover: float
    missed_weight: float


@dataclass(frozen=True, slots=True)
class _Question:
    slots: tuple[_Slot, ...]
    topical: tuple[_Slot, ...]
    """Those that say something about its topic."""
    pairs: tuple[str, ...]
    stems: frozenset[str]
    asks_what: bool
    """It asks what something is."""

    @property
    def weight(self) -> float:
        """The weight of all its words."""
        return sum(slot.weight for slot in self.slots)


class Search:
    """A search index of one pack, in memory."""

    def __init__(self, pack: Pack, embeddings: Embeddings | None = None) -> None:
        self.passages = tuple(passages(pack))
        self._embeddings = embeddings
        self._vectors = (
            embeddings.vectors([f"{each.topic}. {each.text}" for each in self.passages]) if embeddings else None
        )
        self._groups = SynonymGroups((*english_groups(), *pack.synonyms))
        topics = {stem for passage in self.passages for stem in stems_in(passage.topic)}
        terms = (topics - everyday_stems()) | set(self._groups.words)
        self._stop = (stop_stems() - terms) | set(stems_in(f"{pack.info.title} {_ROLE_WORDS}"))
        self._default = next((term for term, _, _ in self._groups.matches_in(stems_in("how to become"))), "")
        self._subjects = Subjects(self.passages, pack.titles.titles, self._groups, self._stop)
        self._cues = {kind: frozenset(stems_in(cue)) for kind, cue in _CUES.items()}
        texts = [text for passage in self.passages for text in fields(passage).values()]
        self._acronyms = {word.lower() for text in texts for word in _ACRONYM.findall(text)}
        self._spelling = Spelling({word for text in texts for word in words_in(text)})
        self._sentences = [tuple(frozenset(self._words_in(s)) for s in passage.sentences) for passage in self.passages]
        self._definitions = {n for n, passage in enumerate(self.passages) if _WHAT_IS.match(passage.topic)}
        index = PassageIndex(self.passages, self._terms_in)
        self._postings, self._idf, self._unknown_idf = index.postings, index.idf, index.unknown_idf
        self._found_by_unit: dict[str, Mapping[int, float]] = {}
        self._terms = ({term for term in self._idf if term.isalpha()} - common_stems()) | (self._acronyms - self._stop)
        self._trade_groups = self._groups.terms_of(pack.synonyms)

    def find(self, question: str, limit: int = 4) -> SearchResult:
        """Find the passages that match `question`, at most `limit`. In a longer text, one that answers a clause of it will do."""
        question = question[:_MAX_QUESTION_LENGTH]
        parsed = self._parse(question)
        best = self._reranked(self._best(parsed), question)
        match = self._match(best, parsed)
        if match is not Match.ANSWER and (answer := self._answer_to_clause(best, question)) is not None:
            best, match = [answer, *(each for each in best if each is not answer)], Match.ANSWER
        if match is Match.NONE and best and self._is_in_scope(parsed, best[0][1]):
            match = Match.CLOSE
        if self._is_about_someone_else(question) or all(slot.cover < 1 for slot in parsed.topical):
            match = Match.NONE
        hits = tuple(self._hit(number, score, parsed) for score, number in best[:limit])
        return SearchResult(hits, match, self._is_about_pay(parsed), self._subjects.titles_in(self._stems_in(question)))

    def mended(self, text: str) -> str:
        """Replace likely typos in a text by the words they're likely for."""
        return self._spelling.mended(text)

    def _is_in_scope(self, question: _Question, number: int) -> bool:
        """Tell if a question that's hardly covered is about the role nevertheless, so that a passage is the closest to it."""
        words = question.topical
        known = all(slot.group in self._idf or slot.stem in self._idf for slot in words)
        of_the_trade = any(slot.stem in self._terms or slot.group in self._trade_groups for slot in words)
        if (known or of_the_trade) and self._coverage(number, question) >= _MIN_IN_SCOPE:
            return True
        on_topic = sum(slot.weight for slot in words if slot.group in self._idf or slot.stem in self._subjects.all)
        return on_topic * (_TERM_FACTOR if of_the_trade else 1.0) >= _MIN_ON_TOPIC * question.weight > 0

    def _is_about_someone_else(self, question: str) -> bool:
        """Tell if a question asks about somebody with another job."""
        found = SOMEONE.search(question)
        return found is not None and self._subjects.is_someone_else(self._stems_in(found[1] or found[2]))

    def _is_about_pay(self, question: _Question) -> bool:
        """Tell if most of a question is about pay, apart from the job titles and levels it names."""
        slots = [
            slot
            for slot in question.slots
            if slot.group == self._subjects.pay_group or slot.stem not in self._subjects.pay_words
        ]
        pay = sum(slot.weight for slot in slots if slot.group == self._subjects.pay_group)
        return bool(pay) and pay >= _MOST * sum(slot.weight for slot in slots)

    def _best(self, question: _Question) -> list[tuple[float, int]]:
        """List scores and numbers of the passages that match best, the best of each document."""
        best: dict[str, tuple[float, int]] = {}
        for score, number in self._ranked(question):
            best.setdefault(self.passages[number].document, (score, number))
        return list(best.values())

    def _reranked(self, best: list[tuple[float, int]], question: str) -> list[tuple[float, int]]:
        """Sort passages again by how near they are to the question's meaning as well, if there's a model that knows."""
        if self._embeddings is None or self._vectors is None or not best:
            return best
        (vector,) = self._embeddings.vectors([question])
        nearness = self._vectors[[number for _, number in best]] @ vector
        scored = [
            (score * (1 + _NEARNESS * max(float(near), 0.0)), number)
            for (score, number), near in zip(best, nearness, strict=True)
        ]
        return sorted(scored, key=lambda scored: (-scored[0], scored[1]))

    def _match(self, best: Sequence[tuple[float, int]], question: _Question) -> Match:
        coverage = self._coverage(best[0][1], question) if best else 0.0
        return Match.ANSWER if coverage >= _MIN_ANSWER else Match.CLOSE if coverage >= _MIN_CLOSE else Match.NONE

    def _answer_to_clause(self, best: Sequence[tuple[float, int]], question: str) -> tuple[float, int] | None:
        """Find the first passage that covers a clause: in a long story, only one is the question."""
        clauses = [self._parse(clause) for clause in _CLAUSE.split(question)[-_MAX_CLAUSES:]]
        answers = (
            scored
            for scored in best[:_MAX_FOR_CLAUSES]
            if any(
                self._coverage(scored[1], clause) >= _MIN_CLAUSE for clause in clauses if clause.weight > _MIN_WEIGHT
            )
        )
        return next(answers, None) if len(clauses) > 1 else None

    def answers(self, question: str) -> tuple[SearchResult, ...]:
        """Answer a question, or two that are asked in one; of two job titles that are compared, it gives both."""
        whole = self.find(question)
        parts = [part for part in _BETWEEN_QUESTIONS.split(question[:_MAX_QUESTION_LENGTH]) if part.strip()]
        if len(parts) == _MAX_QUESTIONS:
            first, second = (self.find(part) for part in parts)
            if (
                first.confident
                and second.confident
                and first.hits[0].passage.document != second.hits[0].passage.document
            ):
                return (first, second)
        if len(whole.titles) == _MAX_QUESTIONS and not whole.about_pay:
            return tuple(self._title_result(title) for title in whole.titles)
        return (whole,)

    def _title_result(self, title: str) -> SearchResult:
        passage = next(passage for passage in self.passages if passage.document == f"title:{title}")
        return SearchResult((Hit(passage, 0.0, (0.0,) * len(passage.sentences)),), Match.ANSWER, titles=(title,))

    def _stems_in(self, question: str) -> list[str]:
        return [self._singular(self._spelling.stem(word)) for word in words_in(question)[:_MAX_STEMS]]

    def _singular(self, stem: str) -> str:
        """Cut the plural off an acronym in lower case: the stemmer takes “gpus” for a word like “plus”."""
        return stem[:-1] if stem.endswith("s") and stem[:-1] in self._acronyms else stem

    def _hit(self, number: int, score: float, question: _Question) -> Hit:
        topical = question.topical
        sentence_scores = tuple(
            sum(slot.weight for slot in topical if slot.stem in terms or slot.group in terms)
            for terms in self._sentences[number]
        )
        return Hit(self.passages[number], score, sentence_scores)

    def _parse(self, question: str) -> _Question:
        request = _EXPLAIN.match(question)
        stems = self._stems_in(question[request.end() :] if request else question)
        asks_what = request is not None or _WHAT_IS.match(question) is not None or len(stems) <= _MAX_TERM_WORDS
        slots: dict[str, _Slot] = {}
        for stem, group in self._units(stems):
            weight, key = self._weight(stem, group), group or stem
            if weight and (key not in slots or slots[key].weight < weight):
                slots[key] = self._slot(stem, group, weight)
        pairs = tuple(
            dict.fromkeys(
                f"{first} {second}"
                for first, second in pairwise(stems)
                if first not in self._stop or second not in self._stop
            )
        )
        topical = tuple(slot for slot in slots.values() if not slot.is_stop)
        return _Question(tuple(slots.values()), topical, pairs, frozenset(stems), asks_what)

    def _slot(self, stem: str, group: str, weight: float) -> _Slot:
        is_stop, is_off_topic = not group and stem in self._stop, stem in self._subjects.off_topic
        cover, missed_weight = (_EVERYDAY_COVERAGE, _OFF_TOPIC_FACTOR * weight) if is_off_topic else (1.0, weight)
        literal, synonyms = self._postings.get(stem, {}), self._postings.get(group, {})
        return _Slot(stem, group, weight, is_stop, literal, synonyms, cover, missed_weight)

    def _units(self, stems: Sequence[str]) -> Iterator[tuple[str, str]]:
        """List the words of a question, each with its group or ""; a phrase that's in a group is one unit."""
        groups = {begin: (term, length) for term, begin, length in self._groups.matches_in(stems)}
        index = 0
        while index < len(stems):
            group, length = groups.get(index, ("", 1))
            yield " ".join(stems[index : index + length]), group
            index += length

    def _weight(self, stem: str, group: str) -> float:
        if group in self._idf:
            factor = _DEFAULT_FACTOR if group == self._default else _PHRASE_FACTOR if " " in stem else 1.0
            return factor * max(self._idf[group], self._idf.get(stem, 0.0))
        if stem in self._stop:
            return self._idf.get(stem, 0.0) * _STOP_WORD_FACTOR
        return self._idf.get(stem, self._unknown_idf * (_UNKNOWN_FACTOR if stem.isalpha() else _NUMBER_FACTOR))

    def _ranked(self, question: _Question) -> list[tuple[float, int]]:
        """List scores and numbers of the passages that match best, best first."""
        scores: dict[int, float] = {}
        for slot in question.topical or question.slots:
            for number, weight in self._found(slot).items():
                scores[number] = scores.get(number, 0.0) + weight * slot.weight
        for pair in question.pairs:
            idf = self._idf.get(pair, 0.0) * _PAIR_FACTOR
            for number, weight in self._postings.get(pair, {}).items():
                scores[number] = scores.get(number, 0.0) + weight * idf
        # Stop words come last, and are worth nothing without the words that aren't.
        stop_words = [(slot.weight, slot.literal) for slot in question.slots if slot.is_stop]
        cued = {kind for kind, cues in self._cues.items() if cues & question.stems}
        ranked = []
        for number in nlargest(_MAX_CANDIDATES, scores, key=scores.__getitem__):
            score = scores[number]
            for weight, found in stop_words:
                if number in found:
                    score += weight * found[number]
            ranked.append((score * self._likelihood(number, question, cued), number))
        return sorted(ranked, key=lambda scored: (-scored[0], scored[1]))

    def _likelihood(self, number: int, question: _Question, cued: set[Kind]) -> float:
        """Tell how likely a passage is to be what's asked for: by its kind, and by what it covers."""
        kind = self.passages[number].kind
        cue_factor = _CUE_FACTOR if kind in cued or (question.asks_what and number in self._definitions) else 1.0
        return _KIND_FACTORS.get(kind, 1.0) * cue_factor * (1 + _COVERAGE * self._coverage(number, question))

    def _found(self, slot: _Slot) -> Mapping[int, float]:
        """Look up the passages a word of the question is in, each with its weight there."""
        if not slot.synonyms:
            return slot.literal
        if slot.stem not in self._found_by_unit:  # there are only as many as words and phrases in groups
            found = {number: weight * _SYNONYM_FACTOR for number, weight in slot.synonyms.items()}
            for number, weight in slot.literal.items():
                found[number] = max(weight, found.get(number, 0.0))
            self._found_by_unit[slot.stem] = found
        return self._found_by_unit[slot.stem]

    def _coverage(self, number: int, question: _Question) -> float:
        """Tell how much of a question's weight a passage covers, from 0 to 1."""
        if not question.topical:
            return 0.0
        covered = missed = 0.0
        for slot in question.slots:
            if number in slot.literal:
                cover = 1.0 if slot.literal[number] >= _IN_TOPIC else slot.cover
            else:  # a word that means the same is less sure than the word itself
                cover = _SYNONYM_COVERAGE if number in slot.synonyms else 0.0
            covered += slot.weight * cover
            missed += slot.missed_weight * (1 - cover)
        return covered / (covered + missed)

    def _words_in(self, text: str) -> list[str]:
        """List the stems of a text, and the synonym groups in it."""
        stems = [self._singular(stem) for stem in stems_in(text)]
        return [*stems, *(term for term, _, _ in self._groups.matches_in(stems))]

    def _terms_in(self, text: str) -> Counter[str]:
        """Count the stems of a text, the synonym groups in it, and its pairs of neighbouring stems.

        Pairs of two stop words would fill the memory, so they only count if they mean something, such as “how long”.
        """
        stems = [self._singular(stem) for stem in stems_in(text)]
        groups = [term for term, _, _ in self._groups.matches_in(stems)]
        pairs = (
            f"{pair[0]} {pair[1]}"
            for pair in pairwise(stems)
            if not self._stop.issuperset(pair) or pair in self._groups
        )
        return Counter([*stems, *groups, *pairs])
