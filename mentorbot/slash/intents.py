"""Finding the command that a sentence asks for, by the few sentences each command declares.

A declared sentence may have slots: “finished {step}” has one for the option `step`. A slot is a term like any word, so what
matters is what people mention (a step, a date, hours) as much as how they put it. Terms are weighed by how few commands
have them. It's generic over its host: words that mean the same are the host's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from types import MappingProxyType

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from mentorbot.slash.associations import Associations
from mentorbot.slash.negation import denied_words, is_negation
from mentorbot.slash.registry import FREE_TEXT, CommandSpec, OptionSpec, OptionType, Registry

_MAX_STEMS = 10_000
"""Words whose stems are kept. A sentence is compared with every name it may mention, again and again in the same words."""
_MAX_CORRECTIONS, _MIN_CORRECTED = 10, 4
"""Likely words a slip is compared with, and the letters of the shortest slip. In one that short, only swapped letters are mended:
“rain” is no slip for “raise”."""
MAX_WORDS = 60
"""Words of a message that are looked at. Nobody asks for a command in more, so a longer one is a text."""
_WORD = re.compile(r"\{[a-z-]+\}|[^\W_]+(?:['’][^\W_]+)*|[✅🎉]", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(r"[.!?;:,](?=\s)|\s[-–—]\s")
"""Between two words; in “9:30” and “example.org” nothing ends."""
_BEGINS_CLAUSE = frozenset({"but", "because", "cause", "cuz", "bc", "so"})
_SLOT = re.compile(r"\{([a-z-]+)\}")
_SLOT_WEIGHT, _COMMON_WEIGHT = 0.6, 0.3
"""Weight of a slot, and of a word so common that it says little, next to a telling word's, which begins at 1."""
_MISSED_WEIGHT, _EXTRA_WEIGHT = 0.55, 0.35
"""Weights against a match of a declared term that's missing, and of a telling word that isn't in it."""
_TAKEN_WEIGHT, _UNTAKEN_WEIGHT, _MISSED_SLOT_WEIGHT = 0.2, 0.5, 0.4
"""Weight of a mentioned value that a command has an option for, and weights against it of one it has none for and of a required
one that isn't mentioned."""
_SLOT_FACTORS = {"date": 0.5, "day": 0.5, "time": 0.5, "now": 0.0}
"""People mention when something is for all kinds of reasons, so an untaken date counts less, and “this week” not at all."""
_MAX_STRANGENESS, _FITTING_SCORE = 0.4, 0.72
"""The least share of strange words in a sentence about something else, and the score of one that fits well."""
_VALUE_SHARE = 0.5
"""Weight of a value of a command's own, next to a word's, when it comes to how strange a sentence is to it."""
_AMOUNTS = frozenset({"hours", "minutes"})
"""A sentence may be declared with an amount in it: “I have 20 minutes”."""
_INTRODUCED_FACTOR = 0.4
"""Factor of what else a sentence says if it begins like a declared one with a free text: “tell Ben …”."""
_VALUE_ALONE_TRUST = 0.75
"""Trust in a declared sentence if someone says only a value of it: “Ben” asks for nothing."""
_ASKED_TRUST = 0.75
"""Trust in a command that writes if someone begins with “what” or “how”, and none of its sentences does."""
_CLAUSE_DOUBT = 0.25
"""Doubt in a clause beside the whole sentence, for all that it leaves out of what's told."""
_ADMIN_TRUST = 0.85
"""Few people are admins, so a sentence has to fit better to ask for what's theirs."""
_ASSOCIATION_WEIGHT, _MIN_SHARE = 0.6, 0.1
"""Weight of what words usually ask for beside the declared sentences, and the least likelihood of a command it counts for."""
_DOUBT, _DOUBT_EXPONENT = 0.7, 6
"""Doubt in a declared sentence that fits if the words surely ask for something else. One that fits fully keeps its
score: the higher the power of the score, the fewer do.

All follow from sentences left out: 0.68 of them have what's right first (0.57 without doubt), and of those with a score of a
sure one, 0.8 are right (0.7).
"""
_MAX_REMEMBERED = 4
"""Sentences whose likely wishes are kept for a moment."""
_COMMON = """
a about again all also am an and any are as at be been but by can cant could d did do does doing dont even for from get give
got had has have he her here him his how i if ill im in into is it its ive just kind know like ll lot m make me more my need
now of off oh ok okay on one or our out actually honestly mine please pls re really s see she should so some stuff t take
tell than that thats the their them then there these they thing things this those to too u ur up us use ve very want was way we
well what whats when where which who why will with would yeah yes you your date time zone day number yesterday
"""
COMMON_WORDS = frozenset(_COMMON.split())
"""Words that say little about what someone wants."""
_IN_FULL = {"u": "you", "r": "are", "ur": "your", "cuz": "because", "tho": "though", "abt": "about", "wk": "week"}
"""Words people shorten, in full."""
_WITH_NOT = "am is are was were do does did have has can could will would should must may might"
_BEFORE_NOT = frozenset(_WITH_NOT.split())
"""Verbs whose own negation “not” is, so that it belongs to none after it."""


_ASKING = re.compile(
    r"(?!(?:how|what) about|what if|why (?:don['’]?t|not)|how (?:do|can|could|to|would))"
    r"(?:what|what['’]?s|which|how|why|where|when|who|whom)\b",
    re.IGNORECASE,
)
"""Begins a question that wants to know something, unlike “how about friday” and “how do I add a step”."""


TYPED_SLOTS: Mapping[OptionType, str] = {
    OptionType.DATE: "date",
    OptionType.DATE_RANGE: "date",
    OptionType.TIME: "time",
    OptionType.ZONE: "zone",
    OptionType.WEEKDAY: "day",
    OptionType.WEEKDAYS: "day",
    OptionType.NUMBER: "number",
}
"""Slots that any option of a type can fill. All others are named after their option."""


NOW = "now"
"""The slot of “this week” without a word like “until”: only an option that takes several days can mean it."""


def slot_of(option: OptionSpec) -> str:
    """Name the slot an option's values fill: by their type, by the list of the caller's own they're from, or by the option."""
    if option.declared.choices is not None or option.declared.listed is not None:
        return option.name
    if option.declared.source:
        return option.declared.source
    if option.declared.suggest is not None:
        return option.declared.suggest.__name__.removeprefix("_").removeprefix("suggest_")
    return option.declared.unit or TYPED_SLOTS.get(option.kind, option.name)


def is_open(option: OptionSpec) -> bool:
    """Return True if any text is a value of the option, so that it's nothing a sentence can be recognised by."""
    declared = option.declared
    return option.kind in FREE_TEXT and not (declared.choices or declared.suggest or declared.listed)


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that a sentence mentions: `slot` names what it's of, `text` is it as typed, from word `start` up to `end`.

    `value` is what to put in a command's line for it. A mention of several things at once has no value. `days` is the same for an
    option that takes several days: all of “next week”, unless it's when something ends.
    """

    slot: str
    text: str
    start: int
    end: int
    value: str = ""
    days: str = ""

    @property
    def words(self) -> range:
        """The offsets of its words."""
        return range(self.start, self.end)


@dataclass(frozen=True, slots=True)
class IntentMatch:
    """A command that a sentence may ask for. `score` is 0 to 1; `words` are the offsets of the words that speak for it.

    Of the declared sentence it's most like, `texts` are the options that take free text, and `implied` the values it means
    without saying so.
    """

    command: CommandSpec
    score: float
    words: frozenset[int] = frozenset()
    texts: frozenset[str] = frozenset()
    implied: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A declared sentence: its terms with their weights, and its options that take free text.

    With such options, `introduces` is the term it begins with, or "". It's `negative` if it says what isn't so: “I can't take
    that learner”.
    """

    command: CommandSpec
    terms: Mapping[str, float] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    introduces: str = ""
    negative: bool = False
    asks: bool = False
    """True if it begins like a question: “where do I stand”."""
    implied: Mapping[str, str] = field(default_factory=dict)
    """The values it means without saying so, by their options' names."""
    strict: bool = False
    """True if half of it asks for nothing: half of “stop the digest” doesn't stop it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or one of its clauses: its terms with the offsets of their words, and the values it mentions."""

    terms: Mapping[str, set[int]]
    mentions: Sequence[Mention]
    first: str = ""
    """The term it begins with, if that tells anything."""
    denied: Mapping[int, int] = field(default_factory=dict)
    """The offset of each word that's denied, with that of the word that does so."""
    asks: bool = False
    """True if it begins like a question."""

    @property
    def names_by_number(self) -> bool:
        """True if it names something the person has already, like “step 3”, which is no free text."""
        return any(
            mention.value
            and mention.text != mention.value
            and mention.text.endswith(mention.value)
            and mention.value.isdecimal()
            for mention in self.mentions
        )

    @property
    def slots(self) -> set[str]:
        """The slots of the values mentioned, as terms."""
        return {f"{{{mention.slot}}}" for mention in self.mentions}

    @property
    def inside(self) -> set[int]:
        """The offsets of the words that are part of a value."""
        return {index for mention in self.mentions for index in mention.words}


class Wording:
    """Terms for words: stems, one term for words that mean the same, and slips corrected.

    What's an English word by `is_word` is no slip, even if no command has it.
    """

    def __init__(self, synonyms: Iterable[Sequence[str]], is_word: Callable[[str], bool] = lambda _: False) -> None:
        self._is_word = is_word
        stemmer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        for text_filter in (tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("english")):
            stemmer = stemmer.filter(text_filter)
        self._stemmer = stemmer.build()
        self._stem = lru_cache(_MAX_STEMS)(self._reduced)
        self._groups: dict[tuple[str, ...], str] = {}
        for group in synonyms:
            for member in group:
                self._groups.setdefault(tuple(map(self.stem, words_of(member))), f"#{group[0]}")
        self._longest = max(map(len, self._groups), default=1)
        self._vocabulary = {stem for phrase in self._groups for stem in phrase}
        self._corrections: dict[str, str] = {}

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self._vocabulary)

    def learn(self, words: Iterable[str]) -> None:
        """Add words that slips may be corrected to."""
        self._vocabulary |= {self.stem(word) for word in words if len(word) > 2}
        self.__dict__.pop("_ordered", None)

    def is_known(self, word: str) -> bool:
        """Return True if the word says something, so that it's no slip."""
        return word.lower() in COMMON_WORDS or self.stem(word) in self._vocabulary

    def stem(self, word: str) -> str:
        """Reduce a word to its stem, without case, accents and apostrophes."""
        return self._stem(word)

    def _reduced(self, word: str) -> str:
        word = _IN_FULL.get(word.lower(), word)
        stems = self._stemmer.analyze(word.replace("'", "").replace("’", ""))
        return stems[0] if stems else word

    def terms_of(self, words: Sequence[str], *, correct: bool = False) -> list[tuple[str, int, int]]:
        """List the terms of some words, each with the offset of its first word and of the word after its last."""
        stems = [self._corrected(word) if correct else self.stem(word) for word in words]
        if correct:  # “I not understand” is “I don't understand”, which is what's declared
            stems = [
                "dont" if stem == "not" and not _is_after(words, at, _BEFORE_NOT) else stem
                for at, stem in enumerate(stems)
            ]
        terms = []
        index = 0
        while index < len(stems):
            lengths = range(min(self._longest, len(stems) - index), 0, -1)
            length = next((n for n in lengths if tuple(stems[index : index + n]) in self._groups), 0)
            term = self._groups[tuple(stems[index : index + length])] if length else stems[index]
            terms.append((term, index, index + (length or 1)))
            index += length or 1
        return terms

    def _corrected(self, word: str) -> str:
        stem = self.stem(word)
        if len(word) < _MIN_CORRECTED or not word.isalpha() or self.is_known(word) or self._is_word(word.lower()):
            return stem
        if stem not in self._corrections:
            if len(self._corrections) > 10_000:  # hostile texts mustn't fill the memory
                self._corrections.clear()
            # A stem that only lost its “e” is as long as its word: “pauze” may be corrected, the “leak” of “leaking” may not.
            limit, long_enough = 1 if len(stem) < 7 else 2, len(stem) + (len(word) == len(stem) + 1) > _MIN_CORRECTED
            near = process.extract(
                stem, self._ordered, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=_MAX_CORRECTIONS
            )
            likely = [
                (distance, sorted(word) != sorted(stem), index)
                for index, (word, distance, _) in enumerate(near)
                if word[:1] == stem[:1] and (long_enough or sorted(word) == sorted(stem))
            ]
            # Letters in the wrong order are the commonest slip, so “doen” is “done” rather than “does”.
            self._corrections[stem] = near[min(likely)[2]][0] if likely else stem
        return self._corrections[stem]


def _is_asked(words: Sequence[str]) -> bool:
    return _ASKING.match(" ".join(words[:2])) is not None


def _is_after(words: Sequence[str], index: int, others: frozenset[str]) -> bool:
    return index > 0 and words[index - 1].lower() in others


def words_of(text: str) -> list[str]:
    """Split a text into words, slots and ticks."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give the offsets in `text` of each of its words, at most `MAX_WORDS`."""
    return [match.span() for match, _ in zip(_WORD.finditer(text), range(MAX_WORDS), strict=False)]


def _raised(match: IntentMatch, share: float, speaking: frozenset[int], whole: _Part) -> IntentMatch:
    """Raise the score of a command that the words at some offsets are associated with, unless they're denied."""
    if not speaking or any(whole.denied.get(index, index) not in speaking for index in speaking):
        return match
    trust = _ADMIN_TRUST if match.command.admin else 1.0
    if whole.asks and match.command.writes:
        trust *= _ASKED_TRUST
    score = 1 - (1 - match.score) * (1 - _ASSOCIATION_WEIGHT * trust * share)
    return replace(match, score=score, words=match.words or speaking)


def clauses_of(text: str) -> list[tuple[int, int]]:
    """List the clauses of a text: the offsets of the first word of each and of the word after its last."""
    spans = word_spans(text)
    starts = [0]
    for index in range(1, len(spans)):
        end, (start, after) = spans[index - 1][1], spans[index]
        if _ENDS_CLAUSE.search(text[end:start]) or text[start:after].lower() in _BEGINS_CLAUSE:
            starts.append(index)
    return [(start, end) for start, end in pairwise([*starts, len(spans)]) if end > start]


def denied_in(text: str) -> Mapping[int, int]:
    """Map the offset of each word that a text denies to that of the word that does so."""
    return denied_words(words_of(text)[:MAX_WORDS], clauses_of(text))


def _is_denied(hit: set[str], words: frozenset[int], telling: set[int], phrase: _Phrase, part: _Part) -> bool:
    """Return True if a part denies words or values that speak for a declared sentence, unless the sentence denies them, too."""
    if phrase.negative or not part.denied:
        return False
    valued = {index for mention in part.mentions if f"{{{mention.slot}}}" in hit for index in mention.words}
    return any(part.denied.get(index, index) not in words | valued for index in telling | valued)


def _untaken(mentions: Sequence[Mention], own_slots: set[str]) -> set[str]:
    """List the slots of mentions that a command has no option for, unless it has one for something else in the same words."""
    taken = [mention for mention in mentions if f"{{{mention.slot}}}" in own_slots]
    return {
        mention.slot
        for mention in mentions
        if not any(mention.start < other.end and other.start < mention.end for other in taken)
    }


class IntentMatcher:
    """Ranks the commands of a registry by how well their declared sentences match a sentence."""

    def __init__(self, registry: Registry, wording: Wording, associations: Associations | None = None) -> None:
        self._wording, self._associations = wording, associations
        # Several readers ask about the same sentence, and a busy bot reads a few at once.
        self.shares_of = lru_cache(maxsize=_MAX_REMEMBERED)(self._work_out_shares)
        self._commands = {command.name: command for command in registry}
        last_words = {command.path[-1] for command in registry if len(command.path) > 1}
        sentences = {
            command.name: (*(() if command.name in COMMON_WORDS | last_words else (command.name,)), *command.intents)
            if command.intents
            else ()
            for command in registry
        }
        wording.learn(
            word for texts in sentences.values() for text in texts for word in words_of(text) if "{" not in word
        )
        terms = {
            command.name: [self._terms_of(command, text) for text in texts]
            for command, texts in ((command, sentences[command.name]) for command in registry)
        }
        self.common = {wording.stem(word) for word in COMMON_WORDS}
        """Terms that say little about what someone wants."""
        self._frequency = Counter(term for phrases in terms.values() for term in set().union(*phrases))
        self._count = len(terms)
        self._slots = {command.name: {f"{{{slot_of(option)}}}" for option in command.options} for command in registry}
        self._required = {
            command.name: {
                f"{{{slot_of(option)}}}" for option in command.options if option.required and not is_open(option)
            }
            for command in registry
        }
        self._phrases = [
            self._phrase(command, text, {term: self.weight(term) for term in phrase})
            for command in registry
            for text, phrase in zip(sentences[command.name], terms[command.name], strict=True)
        ]

    def _phrase(self, command: CommandSpec, sentence: str, terms: Mapping[str, float]) -> _Phrase:
        texts = frozenset(
            option.name for option in command.options if f"{{{option.name}}}" in sentence and is_open(option)
        )
        words = [word for word in words_of(sentence) if not _SLOT.fullmatch(word)]
        first = self._wording.terms_of(words)[0][0] if words and texts else ""
        return _Phrase(
            command,
            terms,
            texts,
            introduces="" if first in self.common else first,
            negative=any(map(is_negation, terms)),
            asks=_is_asked(words),
            implied=command.implied.get(sentence, {}),
            strict=sentence in command.strict,
        )

    def weight(self, term: str) -> float:
        """Weigh a term: a word that few commands have tells more."""
        if term.startswith("{"):
            return _SLOT_WEIGHT
        rarity = math.log(1 + self._count / (1 + self._frequency[term])) / math.log(1 + self._count / 2)
        return (_COMMON_WEIGHT if term in self.common else 1.0) * (0.3 + 0.7 * rarity)

    def knows(self, term: str) -> bool:
        """Return True if any command has the term."""
        return self._frequency[term] > 0

    def rank(self, text: str, mentions: Sequence[Mention]) -> list[IntentMatch]:
        """List the commands that `text` may ask for, best first. `mentions` are the values it mentions.

        People ask in one clause and explain in the others, so each clause is looked at by itself, too.
        """
        clauses = clauses_of(text)
        whole = self._part(text, mentions, 0, MAX_WORDS)
        ranked = self._rank(whole)
        for start, end in clauses if len(clauses) > 1 else ():
            part = self._part(text, mentions, start, end)
            trust = 1 - _CLAUSE_DOUBT * (1 - self._told(part) / (self._told(whole) or 1.0))
            for name, match in self._rank(part).items():
                if trust * match.score > ranked[name].score:
                    ranked[name] = replace(match, score=trust * match.score)
        weighed = self._associated(text, whole, ranked).values()
        return sorted((match for match in weighed if match.score > 0), key=lambda match: -match.score)

    def _work_out_shares(self, text: str) -> Mapping[str, float]:
        """Tell how likely each thing is to be wanted by a text, from 0 to 1; empty without associations."""
        if self._associations is None:
            return {}
        words = words_of(text)[:MAX_WORDS]
        return MappingProxyType(self._associations.shares(words, self._wording.terms_of(words, correct=True)))

    def _associated(self, text: str, whole: _Part, ranked: Mapping[str, IntentMatch]) -> dict[str, IntentMatch]:
        """Weigh the scores by what the words of a sentence usually ask for.

        What they're associated with is raised, unless those words are denied, and the rest lowered by how much likelier something
        else is, even if that's no command.
        """
        if self._associations is None:
            return dict(ranked)
        words = words_of(text)[:MAX_WORDS]
        terms = self._wording.terms_of(words, correct=True)
        shares = self.shares_of(text)
        likeliest = max(shares.values())
        weighed = {}
        for name, command in self._commands.items():
            share, match = shares.get(name, 0.0), ranked.get(name) or IntentMatch(command, 0.0)
            doubt = _DOUBT * (likeliest - share) * (1 - match.score**_DOUBT_EXPONENT)
            match = replace(match, score=match.score * (1 - doubt))
            speaking = self._associations.words_for(name, words, terms) if share >= _MIN_SHARE else frozenset()
            is_denied = any(words[index].lower() == command.path[-1] for index in whole.denied)
            weighed[name] = match if is_denied else _raised(match, share, speaking, whole)
        return weighed

    def is_strange(self, text: str, mentions: Sequence[Mention], match: IntentMatch) -> bool:
        """Return True if much of what's told, in words and in values of the command, is nothing that any command knows.

        A single such word says little about a sentence that fits well: “actually, undo that”.
        """
        part = self._part(text, mentions, 0, MAX_WORDS)
        telling = [
            term for term, indexes in part.terms.items() if term not in self.common and not indexes <= part.inside
        ]
        strange = sum(not self.knows(term) for term in telling)
        count = len(telling) + _VALUE_SHARE * len(part.slots & self._slots[match.command.name])
        return strange > (match.score >= _FITTING_SCORE) and strange >= _MAX_STRANGENESS * count

    def _told(self, part: _Part) -> float:
        """Weigh what a clause tells: its values, and its words that commands know."""
        known = (term for term in part.terms if term not in self.common and self.knows(term))
        return sum(map(self.weight, known)) + _SLOT_WEIGHT * len(part.slots)

    def _part(self, text: str, mentions: Sequence[Mention], start: int, end: int) -> _Part:
        words = words_of(text)[:MAX_WORDS]
        terms: dict[str, set[int]] = {}
        for term, first, after in self._wording.terms_of(words[start:end], correct=True):
            terms.setdefault(term, set()).update(range(start + first, start + after))
        telling = (term for term in terms if term not in self.common)
        own = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        return _Part(terms, own, next(telling, ""), denied_in(text), _is_asked(words[start:end]))

    def _rank(self, part: _Part) -> dict[str, IntentMatch]:
        """Give each command its best match among the sentences declared for it."""
        best: dict[str, IntentMatch] = {}
        slots, inside = part.slots, part.inside
        for phrase in self._phrases:
            match = self._match(phrase, part, slots, inside)
            name = phrase.command.name
            if name not in best or match.score > best[name].score:
                best[name] = match
        return best

    def _match(self, phrase: _Phrase, part: _Part, slots: set[str], inside: set[int]) -> IntentMatch:
        terms = part.terms
        hit = {term for term in phrase.terms if term in terms or term in slots}
        nothing = IntentMatch(phrase.command, 0.0)
        if self._says_too_little(hit, phrase, part):
            return nothing
        words = frozenset(index for term in hit if term in terms for index in terms[term])
        telling = {index for term in hit - self.common if term in terms for index in terms[term]}
        if _is_denied(hit, words, telling, phrase, part):
            return nothing
        own_slots = self._slots[phrase.command.name]
        taken = len((slots & own_slots) - phrase.terms.keys())
        gained = sum(phrase.terms[term] for term in hit) + _TAKEN_WEIGHT * taken
        missed = sum(weight for term, weight in phrase.terms.items() if term not in hit)
        missed += _MISSED_SLOT_WEIGHT * len(self._required[phrase.command.name] - slots - phrase.terms.keys())
        against = _MISSED_WEIGHT * missed + self._beside(hit, telling, phrase, part, inside)
        score = self._trust(hit, telling, phrase, part) * gained / (gained + against)
        return IntentMatch(phrase.command, score, words, phrase.texts, phrase.implied)

    def _says_too_little(self, hit: set[str], phrase: _Phrase, part: _Part) -> bool:
        """Return True if a declared sentence has only common words in common with a part, or a strict one not all its words."""
        if all(term in self.common for term in hit) and (
            len(hit) < len(phrase.terms) or not all(term in self.common for term in phrase.terms)
        ):
            return True
        return phrase.strict and not phrase.terms.keys() - self._said_by_itself(hit, phrase, part) <= self.common

    def _beside(self, hit: set[str], telling: set[int], phrase: _Phrase, part: _Part, inside: set[int]) -> float:
        """Weigh what a part says besides a declared sentence: words that commands know, and values its command can't take."""
        extra = sum(
            self.weight(term)
            for term, indexes in part.terms.items()
            if term not in hit and not indexes <= inside and (self.knows(term) or term in self.common)
        )
        beyond = [
            mention for mention in part.mentions if mention.slot not in _AMOUNTS or telling.isdisjoint(mention.words)
        ]
        untaken = sum(_SLOT_FACTORS.get(slot, 1.0) for slot in _untaken(beyond, self._slots[phrase.command.name]))
        introduces = phrase.introduces and phrase.introduces == part.first and not part.names_by_number
        return (_EXTRA_WEIGHT * extra + _UNTAKEN_WEIGHT * untaken) * (_INTRODUCED_FACTOR if introduces else 1.0)

    def _trust(self, hit: set[str], telling: set[int], phrase: _Phrase, part: _Part) -> float:
        """Give the trust in a match: less for admins' commands, for a question that'd write, and if there's just a value."""
        trust = _ADMIN_TRUST if phrase.command.admin else 1.0
        if part.asks and phrase.command.writes and not phrase.asks:
            trust *= _ASKED_TRUST
        has_words = any(not term.startswith("{") for term in phrase.terms.keys() - self.common)
        return trust * _VALUE_ALONE_TRUST if not telling and len(hit) == 1 and has_words else trust

    def _said_by_itself(self, hit: set[str], phrase: _Phrase, part: _Part) -> set[str]:
        """Leave out words that are just a part of a value, like the end of “to the end of June” or the first of “first step”."""
        slots = self._slots[phrase.command.name] | {f"{{{slot}}}" for slot in TYPED_SLOTS.values()}
        inside = {index for mention in part.mentions if f"{{{mention.slot}}}" in slots for index in mention.words}
        return {term for term in hit if inside.isdisjoint(part.terms.get(term, ()))}

    def _terms_of(self, command: CommandSpec, sentence: str) -> frozenset[str]:
        """List the terms of a declared sentence. A slot for free text is none: any words fill it."""
        options = {option.name: option for option in command.options}
        slots = [options[name] for name in _SLOT.findall(sentence) if name in options]
        filled = {f"{{{slot_of(option)}}}" for option in slots if not is_open(option)}
        # In “let {who} know”, the words on either side of a value are none that people put next to each other.
        runs = [words_of(run) for run in re.split(r"\{[a-z-]+\}", sentence)]
        return frozenset(filled | {term for run in runs for term, _, _ in self._wording.terms_of(run)})
