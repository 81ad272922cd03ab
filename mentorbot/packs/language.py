"""The English of questions: words, stems, stop words, plural acronyms, typos and groups of words that mean the same."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from importlib.resources import files
from pathlib import Path

import tantivy
import yaml
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from stop_words import get_stop_words

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][a-z]+)?")
_PLURAL_ACRONYM = re.compile(r"(?:[A-Z]{2,}|[A-Z][a-z][A-Z])s")
_NUMBER = re.compile(r"(\d+)[kKs]")
_ADDRESS = re.compile(r"(\S*(?:://|www\.)\S*)")
_TYPED_WORD = re.compile(r"(?<![\w.@/-])[A-Za-z]{3,}(?![\w@/-]|\.\w|://)")
_COUNTED = re.compile(rb'"([^"]+)": ?(\d+)')
_GROUPS = Path(__file__).with_name("english_synonyms.yaml")
# A correction of a short word is a guess: it has too many neighbours.
_MIN_TYPO_LENGTH, _LONG_WORD_LENGTH = 5, 8
# Of the 160,000 words counted, about 30,000 are as frequent as the first, 13,000 as the second, and 3,300 as the third.
_MIN_FREQUENCY, _COMMON_FREQUENCY, _EVERYDAY_FREQUENCY = 300, 2_000, 20_000
# Words that mean nothing in a chat, beyond the list of stop words.
_CHATTER = (
    "lol",
    "pls",
    "plz",
    "thx",
    "btw",
    "imo",
    "tbh",
    "hey",
    "guys",
    "folks",
    "sir",
    "dear",
    "idea",
    "advice",
    "suggestion",
    "hint",
    "handle",
    "deal",
    "cope",
    "belong",
    "exist",
    "relevant",
    "typical",
    "actual",
    "realistic",
)
# They only hold a sentence together or go with anything, unlike “say”, “enough” and “back”.
_FUNCTION_WORDS = """
i me my myself we our ours you your he him his she her it its they them their what which who whom this that these those am is are
was were be been being have has had having do does did doing a an the and but if or because as until while of at by for with about
against between into through during before after above below to from up down in out on off over under again further then once
here there when where why how all any both each few more most other some such no nor not only own same so than too very can will
just should would could may might must shall now i'm i've i'd you're don't can't isn't doesn't won't let get got go
need needs want wants take takes took make makes made one two three four five six ten first second third last
"""
# On the list of stop words, but a subject of its own.
_NO_STOP_WORDS = frozenset(
    [
        "bill",
        "computer",
        "cry",
        "fire",
        "fix",
        "highest",
        "home",
        "invention",
        "mill",
        "mug",
        "net",
        "novel",
        "older",
        "page",
        "research",
        "ring",
        "wed",
        "we'd",
        "world",
        "younger",
    ]
)


def words_in(text: str) -> list[str]:
    """List the words of a text in lower case, without accents and the endings of possessives, “LLMs” and “200k”."""
    return [_plain(word) for word in _WORD.findall(text if text.isascii() else _without_accents(text))]


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _plain(word: str) -> str:
    if number := _NUMBER.fullmatch(word):
        return number[1]
    if _PLURAL_ACRONYM.fullmatch(word):
        return word[:-1].lower()
    return word.lower().replace("’", "'").removesuffix("'s").replace("'", "")


def _stemmer() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("english")).build()


_STEMMER = _stemmer()


# Endings that are spelled differently in Britain and America.
_OUR, _ISE = re.compile(r"(?<=...)our(?=$|s$|ed|ing|al|abl|it)"), re.compile(r"(?<=..)is(?=e$|ed$|es$|er$|ing$|ation)")
# The stemmer's mistakes for our purposes: words it takes for one, and forms of verbs it doesn't know.
_STEMS = {
    **dict.fromkeys(("response", "responses"), "response"),
    **dict.fromkeys(("accountable", "accountability"), "accountable"),
    **dict.fromkeys(("explainability", "explainable"), "explainability"),
    **dict.fromkeys(("doctorate", "doctorates", "doctoral"), "doctorate"),
    "management": "management",
    "networking": "networking",
    **dict.fromkeys(("normalisation", "normalization", "normalise", "normalize", "normalising"), "normalisation"),
    **dict.fromkeys(("regularisation", "regularization", "regularise", "regularize"), "regularisation"),
    **dict.fromkeys(("probability", "probabilities"), "probability"),
    "busy": "busy",
    **dict.fromkeys(("excellent", "excellence"), "excellent"),
    **dict.fromkeys(("chose", "chosen"), "choos"),
    **dict.fromkeys(("grew", "grown"), "grow"),
    **dict.fromkeys(("broke", "broken"), "break"),
    **dict.fromkeys(("wrote", "written"), "write"),
    # Short forms people type in a hurry.
    **dict.fromkeys(("yr", "yrs"), "year"),
    "rly": "realli",
    "ppl": "peopl",
    "mgr": "manag",
    "mgmt": "management",
    **dict.fromkeys(("app", "apps"), "applic"),
    **dict.fromkeys(("dev", "devs"), "develop"),
    **dict.fromkeys(("eval", "evals"), "evalu"),
    **dict.fromkeys(("prod", "production"), "production"),
    "infra": "infrastructur",
    "config": "configur",
    "exp": "experi",
    "paid": "pay",
    "led": "lead",
    "built": "build",
    "taught": "teach",
    "froze": "freez",
}


@cache
def _known_stem(word: str) -> str:
    return _stem(word)


def _stem(word: str) -> str:
    return _STEMS.get(word) or "".join(_STEMMER.analyze(_american(word))) or word


def _american(word: str) -> str:
    """Spell a word's endings as Americans do: “behaviour” and “behavior” are one word. It needn't be a real one."""
    return _OUR.sub("or", _ISE.sub("iz", word))


def stem_of(word: str) -> str:
    """Return the stem of a word in lower case. It isn't cached, so the word can be anyone's."""
    return _stem(word)


def stems_in(text: str) -> list[str]:
    """List the stems of the words in an author's text. They're cached for good, so never call this with people's text."""
    return [_known_stem(word) for word in words_in(text)]


@cache
def stop_stems() -> frozenset[str]:
    """The stems of words that say nothing about a question's topic."""
    words = set(get_stop_words("english")) - _NO_STOP_WORDS
    return frozenset(stem for word in (*words, *_CHATTER) for stem in stems_in(word))


@cache
def function_stems() -> frozenset[str]:
    """The stems of pronouns, prepositions, auxiliaries, light verbs and small numbers."""
    return frozenset(stems_in(_FUNCTION_WORDS))


@cache
def english_groups() -> tuple[tuple[str, ...], ...]:
    """Groups of English words that mean the same to anyone asking about a job, whatever the role."""
    groups = yaml.safe_load(_GROUPS.read_text(encoding="utf-8"))["groups"]
    return tuple(tuple(map(str, group)) for group in groups)


@cache
def word_frequencies() -> Mapping[str, int]:
    """Count how often English words occur in pyspellchecker's subtitles, for words that aren't rare."""
    # pyspellchecker itself would hold all of them, and what it frees again stays with this process: 25 MB.
    listed = gzip.decompress((files("spellchecker") / "resources" / "en.json.gz").read_bytes())
    counts = ((match[1], int(match[2])) for match in _COUNTED.finditer(listed))
    return {word.decode(): count for word, count in counts if count >= _MIN_FREQUENCY}


@cache
def common_stems() -> frozenset[str]:
    """The stems of words that aren't rare. A word of a pack that isn't among them is a term of its trade."""
    return _stems_from(_COMMON_FREQUENCY)


@cache
def everyday_stems() -> frozenset[str]:
    """The stems of the words everyone uses, whatever they're talking about."""
    return _stems_from(_EVERYDAY_FREQUENCY)


def _stems_from(frequency: int) -> frozenset[str]:
    """List the stems of words that occur at least so often, as they're found in a text: “i'm” is “im”."""
    return frozenset(
        stem for word, count in word_frequencies().items() if count >= frequency for stem in stems_in(word)
    )


class SynonymGroups:
    """Groups of words and phrases that mean the same. A group is one term, e.g. `#12`, whichever member occurs."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._terms: dict[tuple[str, ...], str] = {}
        for number, group in enumerate(groups):
            phrases = [phrase for member in group if (phrase := tuple(stems_in(member)))]
            # A group that shares a member with an earlier one belongs to it. No stem holds a #.
            term = next((self._terms[phrase] for phrase in phrases if phrase in self._terms), f"#{number}")
            for phrase in phrases:
                self._terms.setdefault(phrase, term)
        self._max_length = max(map(len, self._terms), default=1)

    @property
    def words(self) -> Iterator[str]:
        """The members that are single words, as stems."""
        return (phrase[0] for phrase in self._terms if len(phrase) == 1)

    def __contains__(self, phrase: tuple[str, ...]) -> bool:
        return phrase in self._terms

    def terms_of(self, groups: Iterable[Sequence[str]]) -> frozenset[str]:
        """The terms of some of the groups."""
        phrases = (tuple(stems_in(member)) for group in groups for member in group)
        return frozenset(self._terms[phrase] for phrase in phrases if phrase)

    def matches_in(self, stems: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """List the groups that occur, each with where it begins and how many stems it takes. The longest phrase wins."""
        index = 0
        while index < len(stems):
            for length in range(min(self._max_length, len(stems) - index), 0, -1):
                if term := self._terms.get(tuple(stems[index : index + length])):
                    yield term, index, length
                    index += length - 1
                    break
            index += 1


class Spelling:
    """Corrects typos in questions, towards the words a pack uses and the commonest of English."""

    def __init__(self, words: Set[str]) -> None:
        self._words = words | {word for word in get_stop_words("english") if word.isalpha()}
        self._stem_by_word = {word: _known_stem(word) for word in self._words}
        self._stems = set(self._stem_by_word.values())
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self._words):
            self._by_letter.setdefault(word[0], []).append(word)

    def knows(self, word: str) -> bool:
        """Tell if a word is one, in the pack or in English."""
        return word in self._words or word in word_frequencies()

    def stem(self, word: str) -> str:
        """Return the stem of a word, of the nearest known word if it's a typo, or of an acronym if it's its plural."""
        if word in self._stem_by_word:
            return self._stem_by_word[word]
        stem = _stem(word)
        if stem in self._stems:
            return stem
        if word.endswith("s") and word[:-1] in self._words:
            return _known_stem(word[:-1])
        near = "" if self.knows(word) else self._nearest(word)
        return _known_stem(near) if near else stem

    def mended(self, text: str) -> str:
        """Replace likely typos in a text by the words they're likely for. Names, acronyms and unusual words stay."""
        parts = _ADDRESS.split(text)  # every second one is an address, which isn't ours to spell
        return "".join(
            part if place % 2 else _TYPED_WORD.sub(self._mended_word, part) for place, part in enumerate(parts)
        )

    def _mended_word(self, match: re.Match[str]) -> str:
        typed, word = match[0], match[0].lower()
        is_name = typed[0].isupper() and match.start() > 0
        if is_name or typed[1:] != typed[1:].lower() or word in self._stems or self.knows(word):
            return typed
        near = self._nearest(word) or self._swapped(word)
        if not near or near.replace("z", "s") == word.replace("z", "s"):  # British spelling is no typo
            return typed
        return near.capitalize() if typed[0].isupper() else near

    def _swapped(self, word: str) -> str:
        """Find the known word that has the same letters in a different order; "" if there's none."""
        letters = sorted(word)
        return next((known for known in self._by_letter.get(word[0], ()) if sorted(known) == letters), "")

    def _nearest(self, word: str) -> str:
        if len(word) < _MIN_TYPO_LENGTH or not word.isalpha():
            return ""
        distance = 1 if len(word) < _LONG_WORD_LENGTH else 2
        candidates = self._by_letter.get(word[0], ())
        found = process.extractOne(word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=distance)
        return found[0] if found else ""
