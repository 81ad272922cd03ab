"""Matching typed text against a list of choices: exactly, by the start of its words, or by likeness."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA

from mentorbot.chat.cards import Choice
from mentorbot.errors import BadValue
from mentorbot.slash.folding import fold

MAX_CHOICE_LENGTH = 100
"""Characters of a typed choice. No value or label is longer, and matching a longer text would only cost time."""
MAX_LISTED = 25
"""Choices that an error message lists; more would fill a screen."""


def read_choice(option: str, text: str, choices: Sequence[Choice]) -> str:
    """Return the value of the choice that `text` names by value or label, ignoring case and punctuation.

    Raises:
        BadValue: no choice matches, or several do; the message lists the choices and guesses the nearest one.
    """
    match = find_choice(text, choices)
    if match is not None:
        return match.value
    by_word = {word: choice for choice in choices for word in (choice.value, choice.label)}
    numeric = _all_numeric(choices)
    near = None if numeric else nearest(text, list(by_word))
    guess = did_you_mean(f"“{by_word[near].label}”" if near else None)
    listed = ", ".join(choice.value if numeric else choice.label for choice in choices[:MAX_LISTED])
    raise BadValue(
        f"I don't know “{short(text)}”.{guess} You can choose: {listed}.",
        option=option,
        suggestions=(by_word[near].value,) if near else (),
    )


def find_choice(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Find the choice that `text` names by value or label, or the only one its words begin; None if there's none."""
    text = fold(text[: MAX_CHOICE_LENGTH + 1])
    if len(text) > MAX_CHOICE_LENGTH:
        return None
    return exact_choice(text, choices) or _unique_partial_match(text, choices)


def did_you_mean(*guesses: str | None) -> str:
    """Word the guesses of an error message, with a blank before them; "" when there are none."""
    likely = [guess for guess in guesses if guess]
    return f" Did you mean {' or '.join(likely)}?" if likely else ""


def _all_numeric(choices: Sequence[Choice]) -> bool:
    """Return True if every value is a number. Numbers are never guessed: “-1” isn't 1, and “two” isn't a label with that word."""
    return bool(choices) and all(choice.value.isdecimal() for choice in choices)


def exact_choice(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Find the choice whose value or label is `text`, ignoring case and punctuation (numbers must match literally)."""
    if len(text) > MAX_CHOICE_LENGTH:
        return None
    text = fold(text)
    if _all_numeric(choices):
        return next((choice for choice in choices if text in (choice.value, choice.label)), None)
    target = normalize(text)
    return next((choice for choice in choices if target in (normalize(choice.value), normalize(choice.label))), None)


def _unique_partial_match(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Find the only choice with words in its value or label that begin with those of `text`; None if several match."""
    if _all_numeric(choices):
        return None
    prefixes = normalize(text).split()
    matches = [
        choice for choice in choices if _all_begin_a_word(prefixes, normalize(f"{choice.value} {choice.label}").split())
    ]
    return matches[0] if prefixes and len(matches) == 1 else None


def _all_begin_a_word(prefixes: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(prefix) for word in words) for prefix in prefixes)


def normalize(text: str) -> str:
    """Fold `text` for comparison: lower case, no punctuation, one blank between words."""
    return " ".join(utils.default_process(text).split())


def complete_choice(typed: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """List the choices `typed` may be the beginning of: of their value or label first, then of a word in them, then any part."""
    query = normalize(typed[:MAX_CHOICE_LENGTH])
    ranked = ((_completion_rank(query, choice), choice) for choice in choices)
    return tuple(choice for _, choice in sorted(((r, c) for r, c in ranked if r < _NO_MATCH), key=lambda pair: pair[0]))


_NO_MATCH = 3


def _completion_rank(query: str, choice: Choice) -> int:
    texts = normalize(choice.value), normalize(choice.label)
    if any(text.startswith(query) for text in texts):
        return 0
    if any(f" {query}" in text for text in texts):
        return 1
    return 2 if any(query in text for text in texts) else _NO_MATCH


def nearest(word: str, words: Sequence[str], cutoff: float = 65) -> str | None:
    """Return the one of `words` that `word` is most likely a slip of, or None if none scores `cutoff` (0 to 100).

    The default is above 60, the score of two words that merely share two letters. What's returned contains every word typed,
    give or take a slip of the finger: “mentro” isn't “me”, and “weekday” isn't “Wednesday”.
    """
    if not words or len(word) > MAX_CHOICE_LENGTH:
        return None
    matches = process.extract(
        word, words, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=cutoff, limit=_MAX_COMPARED
    )
    return next((match for match, _, _ in matches if _is_slip(normalize(word), normalize(match))), None)


_MAX_COMPARED = 5
_LETTERS_PER_SLIP = 4


def _is_slip(typed: str, meant: str) -> bool:
    """Return True if `typed` is `meant` with a few slips, or each of its words is one of a word in `meant`."""
    words = meant.split()
    return _differ_little(typed.replace(" ", ""), meant.replace(" ", "")) or all(
        any(_differ_little(word, other) for other in words) for word in typed.split()
    )


def _differ_little(word: str, other: str) -> bool:
    slips = max(1, (len(word) + 1) // _LETTERS_PER_SLIP)
    return len(word) > 1 and OSA.distance(word, other, score_cutoff=slips) <= slips


def short(text: str, length: int = 60) -> str:
    """Cut `text` to `length` characters, for quoting it in an error message."""
    return text if len(text) <= length else text[: length - 1] + "…"
