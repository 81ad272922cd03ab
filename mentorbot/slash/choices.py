"""Which of some choices a text means, and which it may have meant."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from mentorbot.chat.cards import Choice
from mentorbot.errors import BadValue


def read_choice(option: str, text: str, choices: Sequence[Choice]) -> str:
    """The value of the choice that `text` names, by value or by label, whatever the case and punctuation."""
    found = exact(text, choices) or _only_one_with(text, choices)
    if found is not None:
        return found.value
    words = [] if _numbered(choices) else [word for choice in choices for word in (choice.value, choice.label)]
    near = nearest(text, words)
    values = {word: choice.value for choice in choices for word in (choice.value, choice.label)}
    guess = f" Did you mean “{values[near]}”?" if near else ""
    listed = ", ".join(choice.value for choice in choices[:25])
    raise BadValue(
        f"“{short(text)}” is not one of the choices for {option}.{guess} You can choose: {listed}.",
        option=option,
        suggestions=(values[near],) if near else (),
    )


def _numbered(choices: Sequence[Choice]) -> bool:
    """Whether all values are numbers. Those are not guessed: “-1” is not 1, nor “two” a label that has the word in it."""
    return bool(choices) and all(choice.value.isdecimal() for choice in choices)


def exact(text: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose value or label `text` is, whatever the case and punctuation; a number only as it stands."""
    if _numbered(choices):
        return next((choice for choice in choices if text in (choice.value, choice.label)), None)
    wanted = folded(text)
    return next((choice for choice in choices if wanted in (folded(choice.value), folded(choice.label))), None)


def _only_one_with(text: str, choices: Sequence[Choice]) -> Choice | None:
    """The one choice in whose label or value every word of `text` begins a word, if there is just one."""
    if _numbered(choices):
        return None
    wanted = folded(text).split()
    found = [choice for choice in choices if _has_all(wanted, folded(f"{choice.value} {choice.label}").split())]
    return found[0] if wanted and len(found) == 1 else None


def _has_all(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in wanted)


def folded(text: str) -> str:
    """`text` without case and punctuation, one blank between words."""
    return " ".join(utils.default_process(text).split())


def nearest(word: str, words: Sequence[str], cutoff: float = 65) -> str | None:
    """The one of `words` that `word` most likely stands for; None when none is near: two letters in common come to 60."""
    found = process.extractOne(word, words, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=cutoff)
    return found[0] if found else None


def short(text: str, length: int = 60) -> str:
    """`text` cut to `length` characters for an error message."""
    return text if len(text) <= length else text[: length - 1] + "…"
