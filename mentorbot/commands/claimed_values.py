"""Values only one command knows, like a country's name, looked for once a sentence is likely about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from mentorbot.commands.filling import word_at
from mentorbot.errors import BadValue
from mentorbot.slash.intents import Mention, slot_of, word_spans
from mentorbot.slash.registry import CommandSpec, OptionSpec

_MAX_WORDS, _MAX_CODE_LENGTH = 5, 3
_REJECTING = frozenset({"not", "than"})
"""Words before a value that isn't meant: “Bavaria, not Berlin”."""


def claimed_in(sentence: str, command: CommandSpec, mentions: Sequence[Mention]) -> Mention | None:
    """Find the value of the command's option that claims words of a sentence; None if there's none, or several.

    Of two values that are one together, that's the one: “the German holidays, for Berlin”.
    """
    for option in command.options:
        if option.declared.claims is None or option.declared.reader is None or option.declared.keyword_only:
            continue
        found = list(_found(sentence, option, mentions))
        if len(found) == 1:
            return found[0]
        for one, other in permutations(found, 2):
            if together := _value(option, f"{one.text}, {other.text}"):
                return Mention(one.slot, one.text, one.start, one.end, together)
    return None


def _found(sentence: str, option: OptionSpec, mentions: Sequence[Mention]) -> Iterator[Mention]:
    spans = word_spans(sentence)
    taken = {index for mention in mentions if mention.slot != "zone" for index in mention.words}
    index = 0
    while index < len(spans):
        ends = range(min(index + _MAX_WORDS, len(spans)), index, -1)
        texts = {
            end: sentence[spans[index][0] : spans[end - 1][1]] for end in ends if taken.isdisjoint(range(index, end))
        }
        values = ((end, text, _value(option, text)) for end, text in texts.items())
        end, text, value = next((each for each in values if each[2]), (index + 1, "", ""))
        if value and (index == 0 or word_at(sentence, index - 1) not in _REJECTING):
            yield Mention(slot_of(option), text, index, end, value)
        index = end


def _value(option: OptionSpec, text: str) -> str:
    """Give what the option reads in a text, as its command puts it; "" if it's nothing it claims.

    Short words are codes only in capitals.
    """
    its, is_word = option.declared, len(text) <= _MAX_CODE_LENGTH and not text.isupper()
    if its.claims is None or its.reader is None or is_word or len(text) > its.max_length or not its.claims(text):
        return ""
    try:
        value = its.reader(text)
    except BadValue:
        return ""
    return its.words(value) if its.words is not None else text
