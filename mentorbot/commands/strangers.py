"""People whom a sentence names although nobody like that is the caller's: “accept Chen” if only Sam is asking."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from mentorbot.commands.filling import fills
from mentorbot.slash.intents import COMMON_WORDS, Mention, slot_of, word_spans
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType

_PLACE = re.compile(r"\{[a-z-]+[!?]?\}")
_FIRST_NAME = r"@?(?P<name>[^\W\d_][\w'’-]*?)"
_NAME = rf"{_FIRST_NAME[:-1]}(?: (?-i:[A-Z])[\w'’-]+)?)"
_END = r"(?=\s*(?:[.!?,;]|$|(?:please|pls|now|as|instead|too)\b))"
_MESSAGE = r"(?=\s*:\s*\S|\s+\S)"
"""What follows a name at the end of what's asked for, and before a message."""
_ARTICLE = re.compile(r"\b(?:my|a|the)\b")
_MAX_LEAD, _MAX_TAIL = 2, 3
"""Words of a declared sentence around someone's place that have to be there."""
_NOBODY = frozenset(
    {"mentor", "mentors", "mentee", "mentees", "learners", "everyone", "everybody", "anyone", "anybody", "someone"}
    | {"somebody", "nobody", "both", "others", "another", "people", "team", "group", "down", "back", "no", "yes"}
)
"""Words that stand where a name could, and name nobody."""


def stranger_in(
    sentence: str, command: CommandSpec, mentions: Sequence[Mention], words: Collection[str]
) -> Mention | None:
    """Find the person named where a declared sentence of the command has someone; None if somebody known is, or nobody.

    The `words` of commands are no names.
    """
    option = next((each for each in command.options if each.kind is OptionType.PERSON), None)
    if option is None or any(fills(mention, option) for mention in mentions):
        return None
    for pattern in _patterns(command.intents, option.name):
        named = pattern.search(sentence)
        if (
            named is not None
            and named["name"].lower() not in COMMON_WORDS | _NOBODY
            and named["name"].lower() not in words
        ):
            return _mention(sentence, named, option, mentions)
    return None


@lru_cache
def _patterns(intents: tuple[str, ...], option: str) -> tuple[re.Pattern[str], ...]:
    """Turn a command's declared sentences into patterns of the words around someone's place."""
    return tuple(
        _pattern(*re.split(rf"\{{{option}[!?]?\}}", intent, maxsplit=1))
        for intent in intents
        if f"{{{option}" in intent
    )


def _pattern(before: str, after: str) -> re.Pattern[str]:
    lead = before.split()[-_MAX_LEAD:]
    follows_text = after.lstrip().startswith("{")
    tail = _PLACE.split(after)[0].split()[:_MAX_TAIL]
    end = r"\s+" + r"\s+".join(map(_worded, tail)) + r"\b" if tail else _MESSAGE if follows_text else _END
    start = r"\b" + r"\s+".join(map(_worded, lead)) + r"\s+" if lead else r"(?:^|\b(?:want|like|have|get|with)\s+)"
    return re.compile(f"{start}{_FIRST_NAME if follows_text else _NAME}{end}", re.IGNORECASE)


def _worded(word: str) -> str:
    return _ARTICLE.sub("(?:my|a|the|our)", re.escape(word))


def _mention(sentence: str, named: re.Match[str], option: OptionSpec, mentions: Sequence[Mention]) -> Mention | None:
    """Give the person as something mentioned, unless the same words mention a value of another kind, like a day.

    The “@” says that it's a name: who isn't found may be the first word of a message otherwise.
    """
    spans = word_spans(sentence)
    start = sum(end <= named.start("name") for _, end in spans)
    end = sum(first < named.end("name") for first, _ in spans)
    others = (each for each in mentions if each.start < end and start < each.end and each.slot != "zone")
    name = named["name"]
    return None if any(others) else Mention(slot_of(option), name, start, end, f"@{name}")
