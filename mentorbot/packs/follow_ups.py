"""Answer a question that goes on with an answer: “why?”, “which one first?”, “and in a small company?”.

It either asks for another side of what was answered (`Side`), which a sentence there or on the same subject has to tell; or it
adds something new, which is looked up together with that subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mentorbot.packs.language import words_in
from mentorbot.packs.passages import Kind, Passage
from mentorbot.packs.ranking import WHAT_IT_IS, Question, questions_of, score_of, ways_of
from mentorbot.packs.search import ASKING, Hit, Match, Search, SearchResult
from mentorbot.packs.sides import Side, side_of

MAX_TURNS = 4
"""Questions that are remembered: the first, which says what the conversation is about, and the last ones."""
_MAX_WORDS = 14
"""People who go on with an answer say little; a longer question can be read by itself."""
_MAX_FRAGMENT_WORDS = 5
_MIN_SHARED, _MIN_NEW = 0.5, 0.5
"""Shares of the subject, and of what's new, that a passage needs."""
_MAX_BEYOND = 0.4
"""The share of the subject a question for a side of it may leave out."""
_MIN_RELATED = 0.5
"""The share of the score of what was shown that a passage on the same subject needs."""
_ALONE, _IN_CONTEXT = 0.3, 2.0
"""Weights of how well a passage answers a question by itself, and of what it has of the subject, beside both together."""
_MIN_TOLD = 0.6
"""The share of what's new that a sentence on the subject needs."""
_MAX_FITTING = 3
_MIN_CONTEXT = 0.35
"""The share of the subject a passage needs that answers for a side of it."""
_GETS_THERE = re.compile(r"\bget (?:there|that far)\b|\bbecome (?:one|that)\b", re.IGNORECASE)
"""Asks about the way to the role, whatever was answered before."""
_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|then|also|or|well|hm+|yeah|yes|no|cool|thanks|right|i see|got it|sorry|i meant?)\b\W*)+",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|well|hm+|yeah|cool|thanks|right|so|i see|got it)\b\W*)*"
    r"(?:(?:(?:no|sorry)\W+)*i meant?|and|but|or|also|even|what about|how about|what if|with|without|for|in|as an?|then)\b",
    re.IGNORECASE,
)
"""Beginnings of a question that goes on with the one before."""
_REFERS = re.compile(r"\b(?:it|that|this|one|ones|these|those|they|them|there)\b", re.IGNORECASE)
_STANDS_FOR = re.compile(
    r"\b(?:it|that|this|these|those|they|them|him|her|ones?)\b(?=\W*$|\W+(?:as|for|in|on|at|with|from|by|too|first|ever|then)\b)"
    r"|\b(?:does|do|did|would|will|can|could|should|must|if|when)\s+(?:it|that|this|they|these|those|he|she)\s+(?!take\b.*\bto\b)\w"
    r"|\bwhich (?:one|of (?:them|these|those))\b"
    r"|\b(?:is|are)\s+(?:that|this|these|those|they)\b|\b(?:is|are)\s+it\s+(?:\w+\s+)?\w+\W*$",
    re.IGNORECASE,
)
"""A word that stands for something named before, unlike the one in “is it hard to become one”."""
_OF_IT = re.compile(r"\b(?:is|are|was|does|do|did|would|will)\s+(?:it|that|this|these|those|they)\b", re.IGNORECASE)
"""Asks about what was named before, whatever else it names: “what does it cost”."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)}|last|[1-9](?:st|nd|rd|th))\b", re.IGNORECASE)
_BETWEEN_ITEMS = re.compile(r";\s+|,\s+(?:(?:and|or)\s+)?|\s+(?:and|or)\s+")
_MIN_ITEMS, _MAX_ITEM_WORDS = 3, 8
_NARROWS = re.compile(r"^\W*(?:(?:and|but|ok(?:ay)?)\W+)?(?:even|for|in|at|as an?)\b", re.IGNORECASE)
"""Narrows the question before, so it isn't one of its own."""
_ABOUT_JOIN = re.compile(r"^\W*(?:what|how) about\b|^\W*what if\b", re.IGNORECASE)
_LIGHT_WORDS = """
thing one way ways please take takes took need give gives tell show say know get got do go be really exactly actual actually
usually normally roughly though anyway sentence short quick quickly little bit me us part make made work works idea
explain put word words again too text
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
"""Words that add nothing new to a question."""
_MEASURES = (Side.DURATION, Side.AMOUNT, Side.DIFFICULTY)
_PUT_TO_CANDIDATES = (Kind.INTERVIEW, Kind.RECALL)
_WHICH = re.compile(r"\bwhich\b", re.IGNORECASE)
"""What others ask, where someone who goes on asks “which one”."""
_PATH = (
    "step:",
    "title:",
    "milestone:",
    "section:path",
    "section:titles",
    "section:education",
    "section:overview",
    "faq:time",
)
"""Documents about getting there, which takes as long as the whole way does."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """The answer to a question that goes on with another: passages, the sentence of the first that tells it, and the side.

    `told` is False if no passage tells what was asked, so these are only on the same subject. `sentence` is None if the whole
    passage answers.
    """

    result: SearchResult
    side: Side | None = None
    sentence: int | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a conversation: the question, the passage that answered it, and all that were shown."""

    text: str
    passage: Passage
    shown: frozenset[Passage]


class FollowUps:
    """Answers questions that go on with others, from the search of one pack."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def goes_on(self, before: Sequence[str], question: str) -> bool:
        """Tell if a question goes on with those before it, which the pack has answered."""
        if len(words_in(question)) > _MAX_WORDS or not before or self._search.find(before[0]).match is Match.NONE:
            return False
        asks, joins = ASKING.search(question) is not None, _JOINS.match(question) is not None
        if not self.new_words(question):
            refers = _REFERS.search(question) is not None and (asks or joins)
            return refers or side_of(question) is not None or self._names_one(before, question)
        alone = self._search.find(question)
        leans = joins or _STANDS_FOR.search(question) is not None
        if alone.confident and not leans:
            return False
        is_fragment = len(words_in(question)) <= _MAX_FRAGMENT_WORDS and asks
        if not (leans or _REFERS.search(question) or is_fragment):
            return False
        # A question that can't be read without the answer before is about the same, even if no passage tells it.
        needs_it = any(each.search(question) for each in (_STANDS_FOR, _NARROWS))
        is_open = needs_it or (not alone.sure and (joins or (is_fragment and alone.match is Match.NONE)))
        return (is_open and (self._is_on_topic(question) or self._is_on_pay(before, alone))) or self._is_told(
            before, question
        )

    def _is_on_pay(self, before: Sequence[str], alone: SearchResult) -> bool:
        """Tell if pay was asked about, so that what the pack doesn't know may be a place: “and in Poland?”."""
        subject = self._subject(before) if alone.match is Match.NONE else None
        return subject is not None and subject.passage.kind is Kind.PAY

    def is_read_with(self, before: Sequence[str], text: str) -> bool:
        """Tell if a text that could be read by itself is better read with the questions before it.

        Then a passage on their subject tells what's new in it, and it isn't the one that'd be found without them.
        """
        subject = self._subject(before) if before and len(words_in(text)) <= _MAX_WORDS else None
        if subject is None or not self._added(text).topical:
            return False
        found, alone = self._with_new(subject, text), self._search.find(text)
        passage = found.result.hits[0].passage if found.told and found.result.hits else None
        about = self._search.parse(self._key_words(subject))
        return (
            passage is not None
            and passage not in subject.shown
            and not (alone.confident and passage == alone.hits[0].passage)
            and self._search.coverage(self._search.number_of(passage), about) >= _MIN_SHARED
        )

    def _is_on_topic(self, question: str) -> bool:
        """Tell if the pack has all that's new in a question, and not only in passing."""
        added = self._added(question).topical
        return bool(added) and all(slot.is_known and slot.cover == 1.0 for slot in added)

    def _is_told(self, before: Sequence[str], question: str) -> bool:
        found = self.answer(before, question)
        return found is not None and found.told and bool(found.result.hits)

    def topic_of(self, turns: Sequence[str]) -> str:
        """Give the words for what a conversation is about, acronyms as typed; "" if the pack hasn't answered it."""
        subject = self._subject(turns)
        if subject is None:
            return ""
        acronyms = {
            word.lower(): word for turn in turns for word in re.findall(r"\w+", turn) if word[1:] != word[1:].lower()
        }
        return " ".join(acronyms.get(word, word) for word in self._key_words(subject).split())

    def answer(self, before: Sequence[str], question: str) -> Continuation | None:
        """Answer a question that goes on with those before it; None if those have no answer."""
        subject = self._subject(before)
        return _without_repetition(self._continued(subject, question), subject) if subject is not None else None

    def _subject(self, turns: Sequence[str]) -> _Subject | None:
        first = self._search.answers(turns[0])[0]
        if first.match is Match.NONE or not first.hits:
            return None
        passage = first.hits[0].passage
        subject = _Subject(turns[0], passage, frozenset([passage]))
        for turn in turns[1:][-MAX_TURNS:]:
            found = self._continued(subject, turn)
            if not found.told:
                continue
            shown = found.result.hits[0].passage
            text = f"{subject.passage.topic} {turn}" if found.side is None else subject.text
            subject = _Subject(
                text, subject.passage if found.side in (Side.MORE, Side.SHORT) else shown, subject.shown | {shown}
            )
        return subject

    def _continued(self, subject: _Subject, question: str) -> Continuation:
        side = side_of(question)
        if self.new_words(question):
            return self._with_new(subject, question)
        if (named := self._nth(subject.passage, question)) is not None:
            return _found([named], None)
        if side is None:
            together = self._search.find(f"{subject.text} {question}")
            fresh = [hit.passage for hit in together.hits if hit.passage not in subject.shown]
            if together.confident and fresh:
                return _found(fresh, None)
        return self._with_side(subject, side or Side.MORE, question)

    def _names_one(self, before: Sequence[str], question: str) -> bool:
        if not _ORDINAL.search(question):
            return False
        subject = self._subject(before)
        return subject is not None and self._nth(subject.passage, question) is not None

    def _nth(self, shown: Passage, question: str) -> Passage | None:
        """Find what “the second one” names, of the things a passage lists; None if it lists none, or not so many."""
        match, items = _ORDINAL.search(question), _items(shown)
        if match is None or not items:
            return None
        word = match[1].lower()
        index = -1 if word == "last" else int(word[0]) - 1 if word[0].isdigit() else _ORDINALS.index(word)
        if index >= len(items):
            return None
        named = next((passage for passage in self._search.passages if passage.topic.endswith(items[index])), None)
        found = self._search.find(items[index])
        return named or (found.hits[0].passage if found.confident else None)

    # Another side of the answer.

    def _with_side(self, subject: _Subject, side: Side, question: str) -> Continuation:
        related = self._related(subject)
        if side is Side.SOURCE:
            return _found([subject.passage, *related], side)
        if side is Side.AFTERWARDS and (following := self._following(subject.passage)) is not None:
            return _found([following], side)
        if side is Side.DURATION and (self._is_about_the_way(subject) or _GETS_THERE.search(question)):
            return Continuation(self._search.find(question), side)
        if side is Side.SHORT:
            return replace(_found([subject.passage, *related], side), sentence=0)
        if side in (Side.MORE, Side.HOW, Side.MEANING):
            fresh = [
                each for each in related if each not in subject.shown and (side is Side.MORE or _suits(each, side))
            ]
            if side is Side.MEANING and not fresh:
                return replace(_found([subject.passage, *related], Side.SHORT), sentence=0)
            return _found(fresh, side) if fresh else self._nothing(subject, related, side)
        asked = self._asked(subject, side, question) if side is not Side.AFTERWARDS else []
        if asked and asked[0] not in subject.shown:
            return _found([*asked, *related], side)
        same = [each for each in related if each.document == subject.passage.document]
        rest = [each for each in same if each not in subject.shown] if side is Side.REASON else []
        told = _told_by([subject.passage, *same], related, side)
        if told is None and rest:
            return _found([*rest, *related], side)
        return told or _told_by(related, related, side) or self._nothing(subject, related, side)

    def _asked(self, subject: _Subject, side: Side, question: str) -> list[Passage]:
        """List the passages that answer the question for that side of the subject, best first."""
        asks = _WHICH if side is Side.CHOICE else side.asks
        return [
            self._search.passages[number]
            for rank, number in enumerate(self._in_context(subject, question))
            if any(asks.search(text) for text in questions_of(self._search.passages[number]))
            and self._is_about(number, subject, is_best=rank == 0 and side in _MEASURES)
        ]

    def _is_about(self, number: int, subject: _Subject, *, is_best: bool) -> bool:
        """Tell if a passage is about a subject. The best answer to a question with its subject may say that in other words."""
        search, about = self._search, self._key_words(subject)
        passage = search.passages[number]
        if search.share_beyond(about, words_in(f"{passage.topic} {passage.text}")) <= _MAX_BEYOND:
            return True
        return is_best and search.coverage(number, search.parse(about)) >= _MIN_CONTEXT

    def _following(self, passage: Passage) -> Passage | None:
        """Find the step of the path after one; None for anything else, and after the last."""
        steps = [each for each in self._search.passages if each.document.startswith("step:")]
        return steps[steps.index(passage) + 1] if passage in steps[:-1] else None

    def _is_about_the_way(self, subject: _Subject) -> bool:
        return subject.passage.document.startswith(_PATH) or subject.passage.command.startswith("brief path")

    def _related(self, subject: _Subject) -> list[Passage]:
        """List the other passages on the subject: those of the same document, then the nearest."""
        search, shown = self._search, subject.passage
        topic = search.parse(shown.topic)
        scores = {
            search.passages[number]: score_of(alike, search.passages[number].kind, frozenset())
            for number, alike in search.compared(search.parse(shown.topic, background=subject.text))
            if alike.any_asked >= _MIN_SHARED <= search.coverage(number, topic)
        }
        least = _MIN_RELATED * scores.get(shown, 0.0)
        near = sorted((each for each, score in scores.items() if score >= least), key=lambda each: -scores[each])
        same = [each for each in search.passages if each.document == shown.document]
        return [each for each in dict.fromkeys([*same, *near]) if each is not shown]

    def _nothing(self, subject: _Subject, related: Sequence[Passage], side: Side | None) -> Continuation:
        """Say that no passage tells it, with others on the subject, or else what came near it when it was asked about."""
        search, asked = self._search, self._search.parse(subject.text)
        hits = (hit.passage for hit in search.find(subject.text).hits)
        near = [*related, *(each for each in hits if search.coverage(search.number_of(each), asked) >= _MIN_SHARED)]
        fresh = [each for each in dict.fromkeys(near) if each not in subject.shown]
        if side is Side.MORE and fresh:
            return _found(fresh, side)
        return _found([subject.passage, *fresh], side, told=False)

    # Something new.

    def _with_new(self, subject: _Subject, question: str) -> Continuation:
        if subject.passage.kind is Kind.PAY and (pay := self._search.find(f"pay {question}")).about_pay:
            return Continuation(pay)
        search, added, alone = self._search, self._added(question), self._search.find(_LEAD.sub("", question))
        about, ranked = search.parse(self._key_words(subject)), self._in_context(subject, question)
        near = [number for number in ranked if search.coverage(number, about) >= _MIN_SHARED]
        best = ranked[0] if ranked else None
        if _asks_what_is(question) and alone.confident and _asks_what_is(alone.hits[0].passage.topic):
            return Continuation(alone)
        is_asked = best is not None and self._is_asked(best, added)
        if best is not None and is_asked and search.passages[best] not in subject.shown:
            is_alone = alone.confident and alone.hits[0].passage == search.passages[best]
            if best in near or (is_alone and (alone.sure or subject.passage.kind is not Kind.PAY)):
                return self._told(ranked, added)
        if (told := self._told_in_passing(subject, added)) is not None:
            return told
        if best is not None and is_asked and added.topical and search.passages[best] in subject.shown:
            return replace(_found([search.passages[best]], None), sentence=_best_sentence(search.hit(best, 0.0, added)))
        fitting = [
            number
            for number in ranked[:_MAX_FITTING]
            if number in near and search.passages[number] not in subject.shown and self._is_asked(number, added)
        ]
        if fitting and added.topical:
            return self._told([*fitting, *near], added)
        leans = _REFERS.search(question) or _NARROWS.match(question)
        if (
            alone.sure
            and not leans
            and added.topical
            and self._is_asked(search.number_of(alone.hits[0].passage), added)
        ):
            return Continuation(alone)
        if alone.match is Match.NONE or any(each.search(question) for each in (_NARROWS, _STANDS_FOR)):
            return self._nothing(subject, [search.passages[number] for number in near], None)
        return _found([subject.passage, *(hit.passage for hit in alone.hits)], None, told=False)

    def _told(self, numbers: Sequence[int], added: Question) -> Continuation:
        hits = tuple(self._search.hit(number, 0.0, added) for number in dict.fromkeys(numbers))[:3]
        return Continuation(SearchResult(hits, Match.ANSWER))

    def _is_asked(self, number: int, added: Question) -> bool:
        """Tell if a passage answers a question that has most of what's new."""
        return not added.topical or self._search.asked_by(number, added) >= _MIN_NEW

    def _in_context(self, subject: _Subject, question: str) -> list[int]:
        """Rank passages by how well they answer a question by itself, with its subject, and how near they are to that.

        Only the best of each document counts.
        """
        search, said = self._search, _LEAD.sub("", question)
        alone, together = search.parse(said), self._together(subject, said)
        about = search.parse(self._key_words(subject))
        compared = {number for each in (alone, together) for number, _ in search.compared(each)}
        numbers = {
            each for each in compared if together.asked_kinds or search.passages[each].kind not in _PUT_TO_CANDIDATES
        }
        by_itself, with_subject = search.scores(alone, numbers), search.scores(together, numbers)
        says_itself = self._added(question).topical or side_of(question) in _MEASURES
        weight = _ALONE if says_itself else 0.0  # “which one should I take” says nothing by itself
        scores = {
            number: with_subject[number] + weight * by_itself[number] + _IN_CONTEXT * search.coverage(number, about)
            for number in numbers
        }
        best: dict[str, int] = {}
        for number in sorted(numbers, key=lambda number: (-scores[number], number)):
            best.setdefault(search.passages[number].document, number)
        return list(best.values())

    def _told_in_passing(self, subject: _Subject, added: Question) -> Continuation | None:
        """Find a sentence on the subject that has what's new."""
        document = subject.passage.document
        same = [
            each for each in self._related(subject) if each.document == document and not document.startswith("skill:")
        ]
        for passage in (subject.passage, *same) if added.topical else ():
            for index, terms in enumerate(self._search.terms_of(passage)):
                told = sum(slot.weight for slot in added.topical if slot.stem in terms or slot.group in terms)
                if told >= _MIN_TOLD * sum(slot.weight for slot in added.topical):
                    return replace(_found([passage], None), sentence=index)
        return None

    def _together(self, subject: _Subject, question: str) -> Question:
        """Read a question with what it goes on with, which it asks about as much as about what's new."""
        return self._search.parse(f"{question.rstrip(' ?.!')} {self._key_words(subject)}")

    def _key_words(self, subject: _Subject) -> str:
        """Give the words of what was asked that say something, or else of the passage that answered it."""
        for text in (subject.text, subject.passage.topic):
            words = [word for word in words_in(text) if not self._search.says_nothing(word)]
            if self._search.knows(" ".join(words)):
                return " ".join(words)
        return subject.text

    def _added(self, question: str) -> Question:
        """Read what a question adds: its words without those that only connect it, or ask for a side."""
        return self._search.parse(" ".join(self.new_words(question)))

    def new_words(self, question: str) -> list[str]:
        """List the words of a question that aren't for what was answered before, or for a side of it."""
        rest = _ABOUT_JOIN.sub(" ", _LEAD.sub(" ", question))
        for side in Side:
            rest = side.asks.sub(" ", rest)
        return [word for word in words_in(rest) if word not in _LIGHT and not self._search.says_nothing(word)]


def _found(found: Sequence[Passage], side: Side | None, *, told: bool = True) -> Continuation:
    hits = tuple(Hit(passage, 0.0, (0.0,) * len(passage.sentences)) for passage in found[:3])
    return Continuation(SearchResult(hits, Match.ANSWER if told else Match.CLOSE), side, told=told)


def _told_by(passages: Sequence[Passage], related: Sequence[Passage], side: Side) -> Continuation | None:
    """Find a sentence that tells the side, in one of some passages. The `related` are on the same subject."""
    for passage in passages:
        telling = [index for index, each in enumerate(passage.sentences) if side.tells and side.tells.search(each)]
        if telling:
            others = [each for each in related if each is not passage]
            index = next(filter(None, telling), 0)  # the first sentence was the answer's title
            return replace(_found([passage, *others], side), sentence=index)
    return None


def _without_repetition(found: Continuation, subject: _Subject) -> Continuation:
    """Lead with the second sentence of a short answer that was shown already."""
    if not found.told or found.sentence is not None or not found.result.hits or found.side is Side.SOURCE:
        return found
    shown = found.result.hits[0].passage
    is_again = shown in subject.shown and shown.kind is Kind.ANSWER and len(shown.sentences) > 1
    return replace(found, sentence=1) if is_again else found


def _asks_what_is(question: str) -> bool:
    """Tell if a question asks what something that it names is."""
    return bool(ways_of(question) & WHAT_IT_IS) and not _OF_IT.search(question)


def _best_sentence(hit: Hit) -> int:
    """Find the sentence of a passage that has most of a question; the second, if none has any of it."""
    best = max(range(len(hit.sentence_scores)), key=lambda index: hit.sentence_scores[index])
    return best if hit.sentence_scores[best] else min(1, len(hit.sentence_scores) - 1)


def _items(passage: Passage) -> Sequence[str]:
    """List the things a passage names: its entries, or those that one of its sentences counts up."""
    if passage.entries:
        return [entry.partition(" (")[0] for entry in passage.entries]
    for sentence in passage.sentences:
        items = _BETWEEN_ITEMS.split(sentence.rpartition(": ")[2].rstrip("."))
        if len(items) >= _MIN_ITEMS and all(len(item.split()) <= _MAX_ITEM_WORDS for item in items):
            return items
    return ()


def turns_of(text: str) -> tuple[str, ...]:
    """Read the questions of a conversation, one a line."""
    return tuple(filter(None, map(str.strip, text.splitlines())))


def joined(turns: Sequence[str]) -> str:
    """Write the questions of a conversation so that `turns_of` reads them: the first, and as many of the last as are read."""
    kept = (turns[0], *turns[1:][-(MAX_TURNS - 1) :]) if turns else ()
    return "\n".join(" ".join(turn.split()) for turn in kept)


def _suits(passage: Passage, side: Side) -> bool:
    """Tell if a passage is of the kind that shows a side: how something is done, or what it is."""
    if side is Side.MEANING:
        return passage.topic.lower().startswith("what ")
    return passage.kind in (Kind.MILESTONE, Kind.TIP) or passage.topic.lower().startswith("how do")
