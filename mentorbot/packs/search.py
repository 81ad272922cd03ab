"""Search a pack for the passage that answers a free question.

A question's words are looked up in the index of passages, with the words that mean the same; pairs of neighbouring words count
once more. The best passages are then compared with the question one by one, which also tells if the pack has an answer at all.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from heapq import nlargest
from itertools import pairwise

from mentorbot.packs.language import (
    Spelling,
    SynonymGroups,
    common_stems,
    english_groups,
    everyday_stems,
    function_stems,
    stem_of,
    stems_in,
    stop_stems,
    words_in,
)
from mentorbot.packs.passage_index import PassageIndex, fields, inverse_frequency
from mentorbot.packs.passages import Kind, Passage, passages
from mentorbot.packs.question_words import QuestionWords, question_words
from mentorbot.packs.ranking import (
    SYNONYM,
    WHAT_IT_IS,
    Asks,
    Likeness,
    Question,
    Signs,
    Slot,
    asks_about_particulars,
    asks_about_today,
    asks_for_records,
    is_answer,
    is_in_scope,
    kinds_in,
    likeness,
    questions_of,
    score_of,
    ways_of,
)
from mentorbot.packs.schema import Pack
from mentorbot.packs.semantic import Embeddings
from mentorbot.packs.subjects import SOMEONE, Subjects
from mentorbot.packs.switching import switch_in

# Weights of a question's word, chosen with `develop.yaml` of `tests/benchmarks/ask_questions`.
_PAIR_FACTOR = 0.4
# Two stop words may say together what neither does: “say no”, “good enough”, “go back”.
_STOP_PAIR_FACTOR = 1.0
# A phrase such as “how long does it take” says more than one word does.
_PHRASE_FACTOR = 1.3
# Everyone wants to get into the role, so saying so tells little about the question.
_DEFAULT_FACTOR = 0.6
# A stop word isn't worthless: “test” and “value” are on every list of them.
_STOP_WORD_FACTOR = 0.2
# A word the pack doesn't know tells that the question may be about something else; a number doesn't.
_UNKNOWN_FACTOR, _NUMBER_FACTOR = 1.6, 0.15
# Except for one with so many digits that the pack has as well, e.g. of a standard or of a salary. What's as short as a unit, such
# as “tb”, tells no more than a number if the pack doesn't know it.
_MIN_NUMBER, _MAX_UNIT = 3, 2
# Words told before the question count less, and all of them at most that much of the question itself.
_BACKGROUND = 0.5
# A word everyone uses tells little if the pack only uses it in passing, unless it weighs this much: it's in a topic or an alias.
_EVERYDAY_COVERAGE, _OFF_TOPIC_FACTOR, _IN_TOPIC = 0.35, 1.8, 0.6
# Sentences that weigh less than this ask nothing by themselves: “any ideas?”, “how do I decide?”.
_MIN_WEIGHT = 4.5
# The least likelihoods of an answer that's the closest there is, of one given as such, and of a sure one; of a question in scope.
_MIN_CLOSE, _MIN_ANSWER, _MIN_SURE, _MIN_IN_SCOPE = 0.1, 0.4, 0.8, 0.6
_MAX_FAINT, _ALL_ASKED = 0.39, 0.95
"""The most that's thought of an answer to a single everyday word, unless the pack asks nearly all of the question as well."""
_LITTLE_COVERED, _UNSURE = 0.4, 0.45
"""A passage that has less of a question without terms of the trade, and is less likely to answer it, isn't even near it: most of
those are wrong."""
_MIN_ALIKE = 0.85
"""The least likeness of a question to one a passage answers for them to be the same."""
_MIN_LISTED = 0.6
"""The least share of a question in a list of what it asks for by its kind, such as books."""
_MAX_FAINT_WORDS = 6
# Nobody asks in more characters than this. The rest isn't read, so no text can keep the bot busy.
_MAX_QUESTION_LENGTH = 1000
_MAX_STEMS = 200
_MAX_CANDIDATES = 24
_MIN_PART = 3
"""Letters of each part of two words written as one."""
# A pair such as “do I” is in too many passages to find any.
_MAX_FOUND_BY_PAIR = 60
_MOST = 0.5
_MAX_LEAD = 3.0
_NEARNESS = 1.0
_ROLE_WORDS = "role job position profession career work"
"""Subjects of every passage, like the role's title."""
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_BETWEEN_QUESTIONS = re.compile(
    r"(?:[?!.;\n]+\s*(?:(?:and|also|plus|but)\s+)?|,?\s+(?:and|also|plus)\s+(?:also\s+)?)"
    r"(?=(?:what|whats|how|which|who|when|where|why|is|are|do|does|can|could|should|will)\b)",
    re.IGNORECASE,
)
_MAX_QUESTIONS = 2
_MAX_LAST = 8
"""Results that are kept, since a message is looked up several times while it's heard and answered."""
_SENTENCE = re.compile(
    r"(?<=[?!.;])\s+|\n+|,\s+(?=(?:what|whats|how|which|who|when|where|why|any|is|are|do|does|can|should)\b)"
    r"|\s+(?=(?-i:What|How|Which|Who|When|Where|Why|Is|Are|Do|Does|Can|Should)\b)",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"\?\W*$|^\W*(?:(?:so|and|but|ok|okay|now|please)\W+)*"
    r"(?:what|whats|how|which|who|when|where|why|is|are|do|does|can|could|should|will|would|any|explain|tell|give)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(r"\b(?:it|that|this|these|those|they|them)\b", re.IGNORECASE)
"""Words told before are a part of such a question."""
_ASKS_DATE = re.compile(
    r"^\W*(?:from |since |by )?when\b|\b(?:dates?|deadlines?|timelines?|since when|from when)\b", re.IGNORECASE
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b")
"""A sentence that has a date answers “when” better than one that has more of the question's words."""
_EXPLAIN = re.compile(
    r"^\W*(?:(?:please|so|and|can you|could you|would you)\W+)*"
    r"(?:explain|describe|define|clarify|tell me about|walk me through)\b(?:\W+to me\b)?",
    re.IGNORECASE,
)
"""Words that only say that someone wants to know. What's to be explained comes after them."""
_INDIRECTLY = re.compile(
    r"^\W*(?:(?:please|so|and|can you|could you|would you)\W+)*(?:tell me|do you know)\W+"
    r"(?=(?:what|how|why|when|where|which|who)\b)",
    re.IGNORECASE,
)
"""Words before a question that change nothing about it: “can you tell me what RAG is”."""
_IS_LAST = re.compile(r"\bwhat ((?:[\w-]+ ){0,3}[\w-]+) (is|are)\b(?=\W*$)", re.IGNORECASE)
_MAKES = re.compile(
    r"\b((?:what|how much) (?:do|does|did|would|could|can|will) (?:[\w'’-]+ ){1,6}?)make"
    r"(?=\W*$|\s+(?:at|in|per|annually|monthly|yearly|on average|an? (?:hour|month|year)|working|there|here)\b)",
    re.IGNORECASE,
)
"""Asks what's paid, unlike “what does a manager make of it”."""
_FILLER = re.compile(
    r"\b(?:on earth|the (?:hell|heck)|in (?:simple|plain) (?:words|english|terms)|like i(?:['’]?m| am) \w+|kindly|honestly"
    r"|killing (?:us|me))\b"
    r"|\bmeans?\W*$",
    re.IGNORECASE,
)
"""Words that say nothing about the topic, though each of them does elsewhere."""
_CAREER_CHANGE = "I come from another field, with no technical background at all. Is it realistic?"
_WAY_COMMAND = "brief path"
"""Shows the way into the role, which passages on it are part of."""
_MAX_TERM_WORDS = 2
"""People who type so few words want to know what that is."""


class Match(Enum):
    """Grades of the best passage's match: it answers the question, it's the closest there is, or it's about something else."""

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
    sure: bool = False
    """True if the first passage surely answers the question, so it needn't be repeated."""
    about_pay: bool = False
    titles: tuple[str, ...] = ()
    """The ids of the job titles that the question names."""
    chance: float = 0.0
    """The likelihood that the first passage answers the question, from 0 to 1."""

    @property
    def confident(self) -> bool:
        """True if the first passage seems to answer the question."""
        return self.match is Match.ANSWER


class Search:
    """A search index of one pack, in memory."""

    def __init__(self, pack: Pack, embeddings: Embeddings | None = None) -> None:
        self.passages = tuple(passages(pack))
        self._numbers = {passage: number for number, passage in enumerate(self.passages)}
        self._embeddings = embeddings
        self._vectors = (
            embeddings.vectors([f"{each.topic}. {each.text}" for each in self.passages]) if embeddings else None
        )
        groups = (*english_groups(), *pack.synonyms)
        self._groups = SynonymGroups(groups)
        topics = {stem for passage in self.passages for stem in stems_in(passage.topic)}
        terms = (topics - everyday_stems()) | set(self._groups.words)
        self._role = frozenset(stems_in(f"{pack.info.title} {_ROLE_WORDS}"))
        self._everyday = everyday_stems()
        self._stop = (stop_stems() - terms) | self._role
        self._default = next((term for term, _, _ in self._groups.matches_in(stems_in("how to become"))), "")
        self._subjects = Subjects(self.passages, pack.titles.titles, self._groups, self._stop)
        texts = [text for passage in self.passages for text in fields(passage).values()]
        self._acronyms = {word.lower() for text in texts for word in _ACRONYM.findall(text)}
        members = [member for group in groups for member in group]
        self._spelling = Spelling({word for text in (*texts, *members) for word in words_in(text)})
        # Tuples, because a set of a sentence's dozen words takes several times the memory.
        self._sentences = [
            tuple(tuple(dict.fromkeys(self._words_in(sentence))) for sentence in passage.sentences)
            for passage in self.passages
        ]
        index = PassageIndex(self.passages, self._terms_in)
        self._postings, self._idf, self._unknown_idf = index.postings, index.idf, index.unknown_idf
        self._last: dict[tuple[str, int], SearchResult] = {}
        self._found_by_unit: dict[str, Mapping[int, float]] = {}
        self._asks = [self._asks_of(passage) for passage in self.passages]
        self._pairs = self._passages_by_pair()
        self._terms = ({term for term in self._idf if term.isalpha()} - common_stems()) | (self._acronyms - self._stop)
        self._trade_groups = self._groups.terms_of(pack.synonyms)

    def find(self, question: str, limit: int = 4) -> SearchResult:
        """Find the passages that match `question`, at most `limit`."""
        asked = (question[:_MAX_QUESTION_LENGTH], limit)
        if asked not in self._last:
            if len(self._last) >= _MAX_LAST:
                del self._last[next(iter(self._last))]
            self._last[asked] = self._looked_up(*asked)
        return self._last[asked]

    def _looked_up(self, question: str, limit: int) -> SearchResult:
        as_asked = self._found(question, limit)
        for way in self._ways_from(question):
            found = self._found(way, limit, _WAY_COMMAND)
            if found.confident and found.chance >= as_asked.chance:
                return found
        return as_asked

    def _found(self, question: str, limit: int, command: str = "") -> SearchResult:
        """Find passages, of those that a command shows."""
        parsed = self.parse(question)
        best = self._reranked(self.best(parsed), question)
        best = [scored for scored in best if self.passages[scored[1]].command.startswith(command)]
        dates = _ASKS_DATE.search(question) is not None
        hits = tuple(self.hit(number, score, parsed, dates=dates) for score, number in best[:limit])
        titles = self._subjects.titles_in(self._stems_in(question))
        match, chance = self._match(best, parsed, question)
        about_pay = self._is_about_pay(parsed) and not self._is_about_someone_else(question)
        return SearchResult(hits, match, chance >= _MIN_SURE, about_pay, titles, chance)

    def _ways_from(self, question: str) -> Iterator[str]:
        """Ask for the way from what someone is now, if that's all they ask, in words that don't hide it."""
        switch = switch_in(question)
        if switch is None:
            return
        besides = [
            slot for slot in self.parse(switch.rest).topical if slot.cover == 1.0 and slot.stem not in self._role
        ]
        if any(slot.is_known and not slot.stem.isdigit() and slot.group != self._default for slot in besides):
            return
        job = self.parse(switch.job).topical
        if any(slot.is_known for slot in job):
            yield f"How do I get in from {switch.job}?"
        if not any(slot.stem in self._terms for slot in job):
            yield _CAREER_CHANGE

    def terms_of(self, passage: Passage) -> Sequence[Sequence[str]]:
        """List the words of each of a passage's sentences, as stems and groups of those that mean the same."""
        return self._sentences[self._numbers[passage]]

    def number_of(self, passage: Passage) -> int:
        """Return the number a passage is compared by."""
        return self._numbers[passage]

    def says_nothing(self, word: str) -> bool:
        """Tell if a word is about nothing in particular."""
        return self._spelling.stem(word) in self._stop

    def share_beyond(self, question: str, words: Collection[str]) -> float:
        """Tell how much of what a question is about isn't in some `words`, from 0 to 1."""
        topical = self.parse(question).topical
        said = {stem for word in words for stem in self._stems_in(word)}
        total = sum(slot.weight for slot in topical)
        return sum(slot.weight for slot in topical if said.isdisjoint(slot.stem.split())) / total if total else 0.0

    def knows(self, text: str) -> bool:
        """Tell if the pack has a word of a text that says something."""
        return any(slot.is_known for slot in self.parse(text).topical)

    def means_same(self, text: str, name: str) -> bool:
        """Tell if a text has all words of a name, or others that mean the same: “nyc” is New York."""
        said, stems = self._terms_in(text).keys(), stems_in(name)
        return said >= set(stems) or any(term in said for term, _, _ in self._groups.matches_in(stems))

    def mended(self, text: str) -> str:
        """Replace likely typos in a text by the words they're likely for."""
        return self._spelling.mended(text)

    def _is_about_someone_else(self, question: str) -> bool:
        """Tell if a question asks about someone with another job, who's no topic of the pack either."""
        if self._subjects.is_other_role(question):
            return True
        found = SOMEONE.search(question)
        stems = self._stems_in(found[found.lastindex or 0]) if found is not None else []
        named = len(stems) > 1 and any(all(0 in asks.places.get(stem, ()) for stem in stems) for asks in self._asks)
        return self._subjects.is_someone_else(stems) and not named

    def _is_about_pay(self, question: Question) -> bool:
        """Tell if most of a question is about pay, apart from the job titles and levels it names."""
        slots = [
            slot
            for slot in question.slots
            if (slot.cover == 1.0 or not slot.is_known)  # “roughly”, but not “truck”
            and (slot.group == self._subjects.pay_group or slot.stem not in self._subjects.pay_words)
        ]
        pay = sum(slot.weight for slot in slots if slot.group == self._subjects.pay_group)
        return bool(pay) and pay >= _MOST * sum(slot.weight for slot in slots)

    def best(self, question: Question) -> list[tuple[float, int]]:
        """List scores and numbers of the passages that match best, the best of each document."""
        best: dict[str, tuple[float, int]] = {}
        scored = [
            (math.exp(score_of(alike, self.passages[number].kind, question.asked_kinds)), number)
            for number, alike in self.compared(question)
        ]
        for score, number in sorted(scored, key=lambda scored: (-scored[0], scored[1])):
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

    def _match(self, best: Sequence[tuple[float, int]], parsed: Question, question: str) -> tuple[Match, float]:
        """Tell how well the best passage matches, and how likely it's the answer."""
        if not best or all(slot.cover < 1.0 for slot in parsed.topical) or self._is_about_someone_else(question):
            return Match.NONE, 0.0
        if any(map(asks_for_records, _asking(question)[0] or [question])):
            return Match.NONE, 0.0
        signs, alike = self.signs(best, parsed, question), likeness(parsed, self._asks[best[0][1]], 0.0, 0.0)
        chance = is_answer(signs)
        if min(alike.both, signs.known) >= _MIN_ALIKE and not signs.is_particular:
            return Match.ANSWER, max(chance, _MIN_SURE)
        is_list = parsed.asked_kinds and self.passages[best[0][1]].kind is Kind.LIST
        if is_list and min(signs.covered, signs.known) >= _MIN_LISTED and not signs.is_particular:
            return Match.ANSWER, max(chance, _MIN_ANSWER)  # “any books?” has no other words that'd say what for
        is_term = len(parsed.slots) <= _MAX_TERM_WORDS and min(signs.on_topic, signs.known) >= 1.0
        if is_term and not signs.is_particular:
            return Match.ANSWER, max(
                chance, _MIN_ANSWER
            )  # “vendor lock-in” alone is what a passage of that name is about
        if is_in_scope(signs) < _MIN_IN_SCOPE:
            return Match.NONE, 0.0
        if self._says_little(parsed) and alike.asked < _ALL_ASKED:
            chance = min(chance, _MAX_FAINT)
        if not signs.trade and signs.covered < _LITTLE_COVERED and chance < _UNSURE:
            return Match.NONE, 0.0
        match = Match.ANSWER if chance >= _MIN_ANSWER else Match.CLOSE if chance >= _MIN_CLOSE else Match.NONE
        return match, chance

    def _says_little(self, question: Question) -> bool:
        """Tell if all that a short question is about is one word everyone uses, whatever they mean by it."""
        if len(question.topical) != 1 or len(question.slots) > _MAX_FAINT_WORDS:
            return False
        (only,) = question.topical
        return not only.synonyms and only.stem not in self._terms and only.stem in self._everyday

    def signs(self, best: Sequence[tuple[float, int]], parsed: Question, question: str) -> Signs:
        """List signs of whether the best passage answers a question. There's one passage at least."""
        asking = _asking(question)[0] or [question]
        scores = [math.log(score) for score, _ in best[:2]]
        topical = sum(slot.weight for slot in parsed.topical) or 1.0
        known = sum(slot.weight for slot in parsed.slots if slot.is_known)
        subjects = self._subjects.all
        return Signs(
            score=scores[0],
            covered=self.coverage(best[0][1], parsed),
            known=known / sum(slot.weight for slot in parsed.slots),
            trade=sum(slot.weight for slot in parsed.topical if slot.is_term) / topical,
            on_topic=sum(slot.weight for slot in parsed.topical if slot.synonyms or slot.stem in subjects) / topical,
            lead=min(scores[0] - scores[-1], _MAX_LEAD) if len(scores) > 1 else _MAX_LEAD,
            amount=math.log1p(known),
            lean=self.lean(question, question_words()),
            today=float(any(map(asks_about_today, asking))),
            particular=float(any(map(asks_about_particulars, asking))),
        )

    def lean(self, question: str, words: QuestionWords) -> float:
        """Tell how much a question leans towards being one for a mentor, by the words that some were learned from."""
        return words.lean(self._stems_in(question), self._subjects.all)

    def answers(self, question: str) -> tuple[SearchResult, ...]:
        """Answer a question, or two that are asked in one; of two job titles that are compared, it gives both."""
        whole = self.find(question)
        parts = [part for part in _BETWEEN_QUESTIONS.split(question[:_MAX_QUESTION_LENGTH]) if part.strip()]
        if len(parts) == _MAX_QUESTIONS and all(map(ASKING.search, parts)) and not self._is_of_the_first(parts[1]):
            first, second = (self.find(part) for part in parts)
            if first.sure and second.sure and first.hits[0].passage.document != second.hits[0].passage.document:
                return (first, second)
            if first.sure and not whole.sure:
                return (first,)
        if len(whole.titles) == _MAX_QUESTIONS and not whole.about_pay:
            return tuple(self._title_result(title) for title in whole.titles)
        return (whole,)

    def _is_of_the_first(self, question: str) -> bool:
        """Tell if a second question says nothing without the first: “what is a KV cache and why does it matter”."""
        return bool(_REFERS_BACK.search(question)) and self._says_little(self.parse(question))

    def _title_result(self, title: str) -> SearchResult:
        passage = next(passage for passage in self.passages if passage.document == f"title:{title}")
        return SearchResult(
            (Hit(passage, 0.0, (0.0,) * len(passage.sentences)),), Match.ANSWER, sure=True, titles=(title,)
        )

    def _stems_in(self, question: str) -> list[str]:
        words = (part for word in words_in(question)[:_MAX_STEMS] for part in self._parts_of(word))
        return [self._singular(self._spelling.stem(word)) for word in words]

    def _parts_of(self, word: str) -> Sequence[str]:
        """Part a word nobody knows into two that stand side by side in a question of the pack: “timezones”, “codereview”."""
        if self._spelling.knows(word):
            return (word,)
        parts = ((word[:end], word[end:]) for end in range(_MIN_PART, len(word) - _MIN_PART + 1))
        return next((each for each in parts if " ".join(map(stem_of, each)) in self._pairs), (word,))

    def _singular(self, stem: str) -> str:
        """Cut the plural off an acronym in lower case: the stemmer takes “gpus” for a word like “plus”."""
        return stem[:-1] if stem.endswith("s") and stem[:-1] in self._acronyms else stem

    def hit(self, number: int, score: float, question: Question, *, dates: bool = False) -> Hit:
        """Make a hit of a passage (its number), with what each of its sentences has of a question, which may ask for `dates`."""
        topical, passage = question.topical, self.passages[number]
        date = 1.0 + sum(slot.weight for slot in topical) if dates else 0.0
        sentence_scores = tuple(
            sum(slot.weight for slot in topical if slot.stem in terms or slot.group in terms)
            + (date if _DATE.search(sentence) else 0.0)
            for terms, sentence in zip(self._sentences[number], passage.sentences, strict=True)
        )
        return Hit(passage, score, sentence_scores)

    def parse(self, question: str, background: str = "") -> Question:
        """Read a question. The `background` is what was said before, which counts less."""
        question = _MAKES.sub(r"\1earn", _IS_LAST.sub(r"what \2 \1", _INDIRECTLY.sub("", question)))
        request = _EXPLAIN.match(question)
        question = _FILLER.sub(" ", question[request.end() :] if request else question)
        stems = self._stems_in(question)
        asked = frozenset(stems) if background else self._asked_stems(question)
        if background:
            stems = [*stems, *self._stems_in(background)]
        slots: dict[str, Slot] = {}
        for stem, group, weight in self._weighted(stems, asked):
            key = group or stem
            if weight and (key not in slots or slots[key].weight < weight):
                slots[key] = self._slot(stem, group, weight)
        pairs = {pair: self._weight_of_pair(pair) for pair in _pairs_of(stems) if pair in self._pairs}
        topical = tuple(slot for slot in slots.values() if not slot.is_stop) or tuple(
            slot for slot in slots.values() if slot.stem in self._role
        )
        asks_what = request is not None or len(stems) <= _MAX_TERM_WORDS
        ways = ways_of(question) | (WHAT_IT_IS if asks_what else 0)
        return Question(tuple(slots.values()), topical, pairs, ways, kinds_in(question))

    def _weighted(self, stems: Sequence[str], asked: frozenset[str]) -> list[tuple[str, str, float]]:
        """Weigh the words of a question. If only the words `asked` ask, the others tell the background, and count less."""
        units = [(stem, group, self._weight(stem, group)) for stem, group in self._units(stems)]
        if not asked:
            return units
        asking = sum(weight for stem, _, weight in units if asked.issuperset(stem.split()))
        background = sum(weight for _, _, weight in units) - asking
        factor = _BACKGROUND * min(1.0, asking / background) if background > 0 else 1.0
        return [
            (stem, group, weight if asked.issuperset(stem.split()) else weight * factor)
            for stem, group, weight in units
        ]

    def _asked_stems(self, question: str) -> frozenset[str]:
        """List the stems of the sentences that ask, if there are others as well; none if those that ask say too little."""
        asking, others = _asking(question)
        asked = frozenset(stem for each in asking for stem in self._stems_in(each))
        known = sum(self._idf.get(stem, 0.0) for stem in asked - self._stop - self._subjects.off_topic)
        refers_back = any(map(_REFERS_BACK.search, asking))
        return asked if others and known > _MIN_WEIGHT and not refers_back else frozenset()

    def _slot(self, stem: str, group: str, weight: float) -> Slot:
        is_stop, is_off_topic = not group and stem in self._stop, stem in self._subjects.off_topic
        cover, missed_weight = (_EVERYDAY_COVERAGE, _OFF_TOPIC_FACTOR * weight) if is_off_topic else (1.0, weight)
        literal, synonyms = self._postings.get(stem, {}), self._postings.get(group, {})
        is_term = stem in self._terms or group in self._trade_groups
        return Slot(stem, group, weight, is_stop, literal, synonyms, cover, missed_weight, is_term)

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
        is_number = stem.isdigit() and not (len(stem) >= _MIN_NUMBER and stem in self._idf)
        if is_number or (len(stem) <= _MAX_UNIT and stem not in self._idf):
            return self._unknown_idf * _NUMBER_FACTOR
        return self._idf.get(stem, self._unknown_idf * _UNKNOWN_FACTOR)

    def compared(self, question: Question, kind: Kind | None = None) -> list[tuple[int, Likeness]]:
        """List the numbers of the passages the index ranks first, each with what it has in common with a question.

        It's passages of one `kind`, if that's given.
        """
        scores = self._index_scores(question)
        if kind is not None:
            scores = {number: score for number, score in scores.items() if self.passages[number].kind is kind}
        best = nlargest(_MAX_CANDIDATES, scores, key=scores.__getitem__)
        return [(number, self._likeness(number, question, scores[number])) for number in best]

    def scores(self, question: Question, numbers: Collection[int]) -> dict[int, float]:
        """Score how well some passages match a question, by their numbers; comparable within one question only."""
        found = self._index_scores(question)
        return {
            number: score_of(
                self._likeness(number, question, found.get(number, 0.0)),
                self.passages[number].kind,
                question.asked_kinds,
            )
            for number in numbers
        }

    def _likeness(self, number: int, question: Question, score: float) -> Likeness:
        """Compare a passage with a question; `score` is the index's. Stop words are worth nothing without those that aren't."""
        for slot in question.slots:
            if slot.is_stop and number in slot.literal:
                score += slot.weight * slot.literal[number]
        return likeness(question, self._asks[number], score, self.coverage(number, question))

    def _index_scores(self, question: Question) -> dict[int, float]:
        """Score the passages that have a word or a pair of a question that says something, by their numbers."""
        scores: dict[int, float] = {}
        for slot in sorted(question.topical or question.slots, key=lambda slot: -slot.weight):
            found, slot_weight = self._passages_with(slot), slot.weight
            # A common word decides between the passages that have the rarer ones, but nothing is found by it alone.
            if _MAX_CANDIDATES < len(scores) < len(found):
                for number in scores:
                    if number in found:
                        scores[number] += found[number] * slot_weight
            else:
                for number, weight in found.items():
                    scores[number] = scores.get(number, 0.0) + weight * slot_weight
        for pair, weight in question.pairs.items():
            if len(self._pairs[pair]) <= _MAX_FOUND_BY_PAIR:
                for number in self._pairs[pair]:
                    scores[number] = scores.get(number, 0.0) + weight
        return scores

    def _asks_of(self, passage: Passage) -> Asks:
        places: dict[str, tuple[int, ...]] = {}
        weights = []
        for place, text in enumerate(dict.fromkeys(questions_of(passage))):
            stems = [self._singular(stem) for stem in stems_in(text)]
            units = {group or stem: self._weight(stem, group) for stem, group in self._units(stems)}
            weights.append(sum(units.values()))
            for word in {*units, *stems, *_pairs_of(stems)}:
                places[word] = (*places.get(word, ()), place)
        # Passages share what's equal, or it would be most of the index.
        shared = {sys.intern(word): _shared(where) for word, where in places.items()}
        return Asks(shared, tuple(weights), ways_of(passage.topic))

    def _passages_by_pair(self) -> Mapping[str, Sequence[int]]:
        """List the passages that answer a question with a pair of words."""
        passages: dict[str, list[int]] = {}
        for number, asks in enumerate(self._asks):
            for word in asks.places:
                if " " in word:
                    passages.setdefault(word, []).append(number)
        return passages

    def _weight_of_pair(self, pair: str) -> float:
        words = frozenset(pair.split())
        says_more = words <= self._stop and not words <= function_stems() | self._role
        factor = _STOP_PAIR_FACTOR if says_more else _PAIR_FACTOR
        return factor * inverse_frequency(len(self._pairs[pair]), len(self._asks))

    def _passages_with(self, slot: Slot) -> Mapping[int, float]:
        """Look up the passages a word of the question is in, each with its weight there."""
        if not slot.synonyms:
            return slot.literal
        if slot.stem not in self._found_by_unit:  # there are only as many as words and phrases in groups
            found = {number: weight * SYNONYM for number, weight in slot.synonyms.items()}
            for number, weight in slot.literal.items():
                found[number] = max(weight, found.get(number, 0.0))
            self._found_by_unit[slot.stem] = found
        return self._found_by_unit[slot.stem]

    def coverage(self, number: int, question: Question) -> float:
        """Tell how much of a question's weight a passage covers, from 0 to 1."""
        if not question.topical:
            return 0.0
        covered = missed = 0.0
        for _, _, weight, _, literal, synonyms, cover, missed_weight, _ in question.slots:
            if number in literal:
                part = 1.0 if literal[number] >= _IN_TOPIC else cover
            else:  # a word that means the same is less sure than the word itself
                part = SYNONYM if number in synonyms else 0.0
            covered += weight * part
            missed += missed_weight * (1 - part)
        return covered / (covered + missed)

    def asked_by(self, number: int, question: Question) -> float:
        """Tell how much of a question one of those that a passage answers has, from 0 to 1."""
        return likeness(question, self._asks[number], 0.0, 0.0).any_asked

    def _words_in(self, text: str) -> list[str]:
        """List the stems of a text, and the synonym groups in it."""
        stems = [self._singular(stem) for stem in stems_in(text)]
        return [*stems, *(term for term, _, _ in self._groups.matches_in(stems))]

    def _terms_in(self, text: str) -> Counter[str]:
        """Count the stems of a text, and the synonym groups in it."""
        return Counter(self._words_in(text))


@cache
def _shared(places: tuple[int, ...]) -> tuple[int, ...]:
    """Return one tuple for all that are equal: there are few of them."""
    return places


def _asking(question: str) -> tuple[list[str], list[str]]:
    """Part the sentences of a question into those that ask and those that tell the background."""
    sentences = [each for each in _SENTENCE.split(question) if each and not each.isspace()]
    asking = [each for each in sentences if ASKING.search(each)]
    return asking, [each for each in sentences if each not in asking]


def _pairs_of(stems: Sequence[str]) -> dict[str, None]:
    """List the pairs of neighbouring words, each once."""
    return dict.fromkeys(f"{first} {second}" for first, second in pairwise(stems))
