"""Checking what a language model writes: an answer counts only if its passages say so.

Nothing in here trusts the model. Every sentence cites passages that exist, and every figure, date and name in it is in one of
them; so is most of what it says. An answer that doesn't pass isn't shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentorbot.packs.language import everyday_stems, stem_of, stop_stems, words_in
from mentorbot.packs.passages import Passage

MAX_ANSWER_LENGTH = 900
"""Characters; a longer answer isn't one for a chat."""
_CITED = re.compile(r"(?P<claim>.*?)(?P<numbers>(?:\s*\[\d+(?:\s*[,;]\s*\d+)*\])+)(?P<end>[.!?]?)", re.DOTALL)
_NUMBER = re.compile(r"\d+")
_FIGURE = re.compile(r"[$€£¥]?\d+(?:[.,:/]\d+)*(?:\s?%|[kKmMbB]\b)?")
_WORD = re.compile(r"[^\W\d_][\w'’&-]*(?:\.[\w-]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*)[\"“‘'(]*$")
_UNSAFE = re.compile(
    r"https?:|www\.|://|<[@#!]|@(?:everyone|here|channel)\b|(?<!\w)@\w|\]\(|[\w-]+\.(?:com|org|net|io|dev|ai|co|app|ly|me|xyz|info)\b",
    re.IGNORECASE,
)
"""Links and pings, which nothing we show from a model may have."""
_MARKUP = re.compile(r"[*_`#>~]+|^\s*[-•]\s+", re.MULTILINE)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=2
    )
} | {"twenty": "20", "thirty": "30", "hundred": "100", "thousand": "1000", "million": "1000000"}
_SUPPORT = 0.5
"""The share of a sentence's telling words that its passages must have."""
_PRONOUN = "i"


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence, or a few, and the numbers of the passages it rests on, from 1."""

    text: str
    passages: tuple[int, ...]


def grounded(answer: str, passages: Sequence[Passage], title: str = "") -> tuple[GroundedSentence, ...]:
    """Read an answer with citations like [1] or [1, 3]; empty if any part of it isn't in what it cites.

    `title` is the role's, which may be named anywhere.
    """
    text = without_markup(answer)
    if not text or len(text) > MAX_ANSWER_LENGTH or is_unsafe(text):
        return ()
    sentences = tuple(_sentences(text))
    if not sentences or any(not _is_supported(sentence, passages, title) for sentence in sentences):
        return ()
    return sentences


def without_markup(text: str) -> str:
    """Drop the markup models write, since cards hold none."""
    return _MARKUP.sub("", text).strip()


def is_unsafe(text: str) -> bool:
    """Return True for a text that links or pings."""
    return _UNSAFE.search(text) is not None


def figures_in(text: str) -> set[str]:
    """List the figures of a text in a form that can be compared; small numbers in words count, too."""
    figures = {re.sub(r"[\s,]", "", figure).lower().rstrip(".:/") for figure in _FIGURE.findall(text)}
    return figures | {_NUMBER_WORDS[word] for word in words_in(text) if word in _NUMBER_WORDS}


def _sentences(text: str) -> Iterator[GroundedSentence]:
    """Split at citations. What nothing is cited for makes one without passages."""
    end = 0
    for match in _CITED.finditer(text):
        end = match.end()
        claim = re.sub(r"^[\s.!?;,]+", "", match["claim"]).strip()
        numbers = tuple(dict.fromkeys(int(number[:6]) for number in _NUMBER.findall(match["numbers"])))
        if claim:
            closing = "" if claim[-1] in ".!?" else match["end"] or "."
            yield GroundedSentence(" ".join(claim.split()) + closing, numbers)
    if rest := text[end:].strip(" \n.!?"):
        yield GroundedSentence(rest, ())


def _is_supported(sentence: GroundedSentence, passages: Sequence[Passage], title: str) -> bool:
    if not sentence.passages or any(not 1 <= number <= len(passages) for number in sentence.passages):
        return False
    cited = [passages[number - 1] for number in sentence.passages]
    source = " ".join((title, *(f"{each.topic}. {each.text} {each.label} {each.context}" for each in cited)))
    if not figures_in(sentence.text) <= figures_in(source):
        return False
    known = {word.lower() for word in _WORD.findall(source)} | set(words_in(source))
    if any(not _is_known(name, known) for name in _names_in(sentence.text)):
        return False
    words = (word for word in words_in(sentence.text) if word.isalpha() and word not in _NUMBER_WORDS)
    telling = {stem_of(word) for word in words} - stop_stems()
    found = telling & {stem_of(word) for word in words_in(source)}
    return len(found) >= _SUPPORT * len(telling)


def _names_in(text: str) -> Iterator[str]:
    """List words that may be names, dates or acronyms: capitals in mid-sentence, and at its start what isn't a common word."""
    for match in _WORD.finditer(text):
        word = match[0].rstrip(".'’-")
        if word == word.lower() or word.lower().partition("'")[0].partition("’")[0] == _PRONOUN:
            continue
        starts = _SENTENCE_START.search(text[: match.start()]) is not None
        is_plain = word[1:] == word[1:].lower()
        if starts and is_plain and _is_common(word):
            continue
        yield word


def _is_common(word: str) -> bool:
    """Return True for a word everyone uses, which a sentence may begin with."""
    stem = stem_of("".join(words_in(word)))
    return stem in stop_stems() or stem in everyday_stems()


def _is_known(name: str, known: set[str]) -> bool:
    """Return True if a name is in the source, as a whole or part by part: “RAG-based”, “Google’s”."""
    whole = name.lower().removesuffix("'s").removesuffix("’s")
    return whole in known or all(part in known for part in words_in(name))
