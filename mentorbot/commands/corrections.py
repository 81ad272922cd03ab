"""Correcting what was just offered or done: “no, 5”, “3, not 4”, “make that Thursday”. Only the value they name changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mentorbot.commands.filling import rest_of
from mentorbot.commands.heard import Understood
from mentorbot.commands.remarks import is_verb
from mentorbot.commands.wording import CONNECTING, MEANT, ORDERS, QUOTED, REJECTED
from mentorbot.slash.intents import COMMON_WORDS, Mention, clauses_of, is_open, word_spans
from mentorbot.slash.numbers import in_digits
from mentorbot.slash.registry import OptionSpec, OptionType

_MIN_PART_WORDS, _MAX_PART_WORDS = 2, 5
"""Words that may stand for a part of a text: with one, nothing shows which part."""
_NUMBER = re.compile(r"\d+")
_BARE_NUMBER = re.compile(
    r"(?<!at )(?<![\d:.])\b\d{1,2}\b(?![\d:.]|\s*(?:[ap]m|h|hours?|m|min\w*|days?|weeks?|messages?|%)\b)", re.IGNORECASE
)
_AND_A_HALF = re.compile(r"\b(\w+) and a half\b(?=\W*$)", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:more like|closer to|rather like|about|around|roughly|almost|nearly)\b", re.IGNORECASE)
"""Comes before an amount, and never before a step's number."""
_ONE = re.compile(r"(^|\b(?:by|back|forward|for) )(?:a|an|one)(?= (?:hour|hr|h|day|week|month|year)\b)", re.IGNORECASE)


def without_rejected(reply: str) -> tuple[str, str]:
    """Split off what someone takes back: “3, not 4” is “3”, and “4” is what they don't mean."""
    rejected = " ".join(match[0] for match in REJECTED.finditer(reply))
    return REJECTED.sub(" ", reply).strip() or reply, rejected


def corrected_numbers(before: Understood, said: str, reply: str, rejected: str) -> list[Understood]:
    """Change the number that a reply with a bare one corrects: that of the hours, after “log 3 hours”.

    It corrects a number that was `said`, or the one that's `rejected`. If that may be either of two, both are possible.
    """
    if not (number := _bare_number(_AND_A_HALF.sub(r"\1", reply))):
        return []
    if _AND_A_HALF.search(reply):
        number = f"{number}.5"
    numeric = [
        option for option in _numeric_options(before) if not (option.declared.suggest and _ROUGHLY.search(reply))
    ]
    given = {option.name: in_digits_all(before.raw[option.name]) for option in numeric}
    named = (_NUMBER.findall(in_digits_all(text)) for text in (rejected, said))
    meant = next(
        filter(None, ([name for name, text in given.items() if _has(text, numbers)] for numbers in named)), given
    )
    return [replace(before, raw={**before.raw, name: _NUMBER.sub(number, given[name], count=1)}) for name in meant]


def with_number(before: Understood, reply: str) -> Understood | None:
    """Give a bare number to the one option that counts something and has no value yet; None if there's none, or several."""
    counting = [
        option
        for option in before.command.options
        if option.is_typed and option.kind is OptionType.NUMBER and option.declared.suggest is None
    ]
    if any(option.kind is OptionType.TIME for option in before.command.options):
        return None  # it's rather an hour
    if len(counting) != 1 or counting[0].name in before.raw or not (number := _bare_number(reply)):
        return None
    return replace(before, raw={**before.raw, counting[0].name: number})


def _bare_number(reply: str) -> str:
    """Give the number that's all a reply says; "" if it says more, or none."""
    used = set(connecting_words(reply))
    words = [reply[start:end] for index, (start, end) in enumerate(word_spans(reply)) if index not in used]
    telling = [in_digits(word) for word in words if word.lower() not in COMMON_WORDS]
    return telling[0] if len(telling) == 1 and telling[0].isdecimal() else ""


def _has(text: str, numbers: Sequence[str]) -> bool:
    return any(number in numbers for number in _NUMBER.findall(text))


def as_time(before: Understood, reply: str, *, is_span: bool = False) -> str:
    """Give a bare hour as a time of day, after something that has a time, or may: “no, 10” is “at 10” after “check in at 9”.

    It's also one after something with the span of time between two, like quiet hours.
    """
    options = [option for option in before.command.options if option.kind is OptionType.TIME]
    has_number = any(_NUMBER.search(text) for text in before.raw.values())
    timed = is_span or any(option.name in before.raw or not has_number for option in options)
    return _NUMBER.sub(r"at \g<0>", reply) if timed and _BARE_NUMBER.search(reply) else reply


def corrected_text(
    before: Understood, reply: str, mentions: Sequence[Mention], inside: Sequence[Mention]
) -> Understood | None:
    """Change the words of a free text: all of them (“I meant …”, or quoted ones), a value in them (“rather Friday”), or a part.

    `inside` are the values that the text mentions. None if a reply does none of these.
    """
    option = open_text(before)
    if option is None:
        return None
    text = before.raw[option.name]
    if words := QUOTED.search(reply) or MEANT.match(reply):
        return replace(before, raw={**before.raw, option.name: words[1].strip()})
    changed = _with_value(text, reply, mentions, inside) or _with_part(text, reply) or _with_figure(text, reply)
    return replace(before, raw={**before.raw, option.name: changed}) if changed else None


def _with_value(text: str, reply: str, mentions: Sequence[Mention], inside: Sequence[Mention]) -> str:
    """Put the values that are all a reply says in the place of the one of their kind; "" if that can't be told."""
    covered = {index for mention in mentions for index in mention.words}
    if not mentions or rest_of(reply, covered | set(connecting_words(reply))):
        return ""
    slots = {mention.slot for mention in mentions}
    old = {mention.text for mention in inside if mention.slot in slots}
    spans, words = word_spans(reply), sorted(covered)
    return text.replace(old.pop(), reply[spans[words[0]][0] : spans[words[-1]][1]], 1) if len(old) == 1 else ""


def _with_part(text: str, reply: str) -> str:
    """Put a few words in the place of those that are like them: “4 H100” in “serve it on 2 H100”; "" if none are."""
    said, used = word_spans(reply), set(connecting_words(reply))
    left = [index for index in range(len(said)) if index not in used]
    new = range(left[0], left[-1] + 1) if left else range(0)
    words = [reply[slice(*said[index])].lower() for index in new]
    is_part = _MIN_PART_WORDS <= len(words) <= _MAX_PART_WORDS and words[0] not in ORDERS
    if not is_part or len(clauses_of(reply)) > 1 or any(map(is_verb, words)):
        return ""
    spans = word_spans(text)
    runs = [spans[start : start + len(words)] for start in range(len(spans) - len(words) + 1)]
    same = [sum(_same(text[slice(*at)], word) for at, word in zip(run, words, strict=True)) for run in runs]
    best = max(same, default=0)
    if best < 1 or best == len(words) or same.count(best) != 1:
        return ""
    run = runs[same.index(best)]
    return f"{text[: run[0][0]]}{reply[said[new[0]][0] : said[new[-1]][1]]}{text[run[-1][1] :]}"


def _with_figure(text: str, reply: str) -> str:
    """Put a word with a figure in the place of the one that's written like it: “3b” for the “7b” of a text; "" if it's none."""
    used = set(connecting_words(reply))
    new = [reply[slice(*span)] for index, span in enumerate(word_spans(reply)) if index not in used]
    if len(new) != 1 or not any(map(str.isdigit, new[0])) or new[0].isdecimal():
        return ""
    alike = [span for span in word_spans(text) if _shape(text[slice(*span)]) == _shape(new[0])]
    return f"{text[: alike[0][0]]}{new[0]}{text[alike[0][1] :]}" if len(alike) == 1 else ""


def _shape(word: str) -> str:
    return _NUMBER.sub("0", word.lower())


def _same(old: str, new: str) -> bool:
    """Return True for the same word, if it tells anything."""
    return old.lower() == new and new not in COMMON_WORDS


def last_clause(text: str) -> str:
    """Give the last clause of a text."""
    spans, clauses = word_spans(text), clauses_of(text)
    return text[spans[clauses[-1][0]][0] :] if clauses else text


def open_text(understood: Understood) -> OptionSpec | None:
    """Find the option that has a free text someone typed; None if there's none."""
    given = (option for option in understood.command.options if option.is_typed and option.name in understood.raw)
    return next((option for option in given if is_open(option)), None)


def in_digits_all(text: str) -> str:
    """Write every number in a text in digits, also that of “a week”."""
    text = _ONE.sub(r"\g<1>1", text)
    return re.sub(r"[^\W\d_]+", lambda word: in_digits(word[0]), text)


def connecting_words(reply: str) -> Iterator[int]:
    """Give the offsets of words that only connect a reply with what it follows: “and for”, “better”, “do it”."""
    for index, (start, end) in enumerate(word_spans(reply)):
        if reply[start:end].lower() in CONNECTING:
            yield index


def _numeric_options(understood: Understood) -> list[OptionSpec]:
    """List the options whose values were given as one number: hours, or a step by its number."""
    given = [option for option in understood.command.options if option.name in understood.raw]
    return [
        option
        for option in given
        if len(_NUMBER.findall(in_digits_all(understood.raw[option.name]))) == 1
        and (option.declared.unit or option.kind is OptionType.CUSTOM or understood.raw[option.name].isdecimal())
    ]
