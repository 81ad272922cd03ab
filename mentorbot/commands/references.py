"""References: words that name something by what was talked about before: “the one after that”, “the other one”, “him”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mentorbot.chat.cards import Choice
from mentorbot.commands.heard import Surroundings, Understood
from mentorbot.commands.wording import ORDERS, PRONOUN
from mentorbot.slash.choices import find_choice
from mentorbot.slash.intents import Mention, slot_of, word_spans
from mentorbot.slash.registry import OptionSpec, OptionType

_KIND = r"(?:one|step|task|thing|item)"
_THAT = rf"(?:\s+(?:that|this|it|the current)(?:\s+{_KIND})?)?"
_SIDE = rf"(?:right |just |directly )?(?P<{{}}>after|before)\b{_THAT}"
_BESIDE = re.compile(
    rf"\bthe {_KIND} {_SIDE.format('side')}"
    r"|\b(?:the|my)\s+(?P<rank>(?:next|following|previous|prior)(?=\s+one\b)|(?:following|previous|prior)(?=\s+(?:step|task)\b))\s+\w+"
    rf"|\b(?:what|which\s+{_KIND})(?:['’]?s|\s+is|\s+comes)?\s+(?:right |next )?(?P<asked>after|before)\b{_THAT}"
    rf"|^(?:and\s+|ok\s+)*{_SIDE.format('alone')}(?=\W*$)",
    re.IGNORECASE,
)
"""Words for something beside the thing that was talked about, or beside one that's named right after these words."""
_RANKS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_RANK = re.compile(
    rf"\bthe (?P<rank>{'|'.join(_RANKS)})(?=(?: too| as well| also| then| instead| please)*\W*$)", re.IGNORECASE
)
"""Names an entry of a numbered list by its place alone."""
_BACK = frozenset({"before", "previous", "prior"})
_OTHER = re.compile(
    rf"\b(?:the|my)\s+other(?:\s+(?:{_KIND}|person|learner|mentee|mentor))?\b(?!\s+(?:day|week|way)\b)", re.IGNORECASE
)
_ORDERED = re.compile(
    rf"\b(?:do|{'|'.join(sorted(ORDERS))})\s+(?P<it>(?:it|this|that)(?:\s+(?:one|step|task))?)\b(?!\s+(?:\d|to \d))",
    re.IGNORECASE,
)
"""Says what to do with the thing that was talked about."""
_PAIR = 2
_STRANGERS = "mentors"
"""The list of people one may ask, whom nobody has talked about just because there's only one."""


async def referred_to(
    text: str,
    named: Sequence[Mention],
    before: Understood | None,
    lists: Mapping[str, OptionSpec],
    around: Surroundings,
) -> list[Mention]:
    """List what a text names, with what it means by words that stand for something else.

    `named` are the values it mentions, and `before` is the command that was talked about. `lists` has an option for each list
    of the caller's own, by its slot.
    """
    mentions = list(named)
    if not any(pattern.search(text) for pattern in (_BESIDE, _OTHER, _RANK, _ORDERED, PRONOUN)):
        return mentions
    person = await _person_in(before, around)
    for slot, option in lists.items():
        choices = await around.own_values(option)
        is_person = option.kind is OptionType.PERSON
        current = person if is_person else await _entry_in(before, slot, around)
        if is_person and any(choice.value == person for choice in choices):
            mentions += _covering(slot, text, PRONOUN.search(text), person)
        others = [choice.value for choice in choices if choice.value != current]
        if current and len(choices) == _PAIR and len(others) == 1:
            mentions += _covering(slot, text, _OTHER.search(text), others[0])
        if current.isdecimal() and (rank := _RANK.search(text)):
            mentions += _covering(slot, text, rank, str(_RANKS.index(rank["rank"].lower()) + 1))
        if not current and before is not None and not is_person and _BESIDE.search(text):
            current = await around.at_hand(option)  # the plan was shown
        if current and not is_person and (ordered := _ORDERED.search(text)):
            mentions += _at(slot, text, ordered.span("it"), current)
        if not is_person:
            mentions = _with_neighbour(mentions, slot, text, current, choices)
    return mentions


def names_neighbour(text: str) -> bool:
    """Tell if a text names what stands beside something else."""
    return _BESIDE.search(text) is not None


def _with_neighbour(
    mentions: Sequence[Mention], slot: str, text: str, current: str, choices: Sequence[Choice]
) -> list[Mention]:
    """Mention what stands beside an entry of a list, in place of the entry: “the one after step 3” is step 4."""
    beside = _BESIDE.search(text)
    span = _words_of(text, beside) if beside else range(0)
    if beside is None or not span:
        return list(mentions)
    named = next((each for each in mentions if each.slot == slot and each.start in (span.stop, span.stop + 1)), None)
    if named is None and beside["asked"] and beside.end() < len(text.rstrip(" ?.!")):
        return list(mentions)  # “what's after lunch” is about no step
    words = range(span.start, named.end if named else span.stop)
    way = (beside["side"] or beside["rank"] or beside["asked"] or beside["alone"]).lower()
    value = _neighbour(named.value if named else current, choices, -1 if way in _BACK else 1)
    if not value:
        return list(mentions)
    spans = word_spans(text)
    said = text[spans[words[0]][0] : spans[words[-1]][1]]
    rest = [each for each in mentions if each.end <= words.start or each.start >= words.stop or each.slot != slot]
    return [*rest, Mention(slot, said, words.start, words.stop, value)]


def _neighbour(value: str, choices: Sequence[Choice], way: int) -> str:
    """Give the entry of a numbered list that comes next to one, which may be none that's still listed; "" if there's none."""
    if not value.isdecimal() or not all(choice.value.isdecimal() for choice in choices):
        return ""
    listed = [choice.value for choice in choices]
    if value in listed:
        index = listed.index(value) + way
        return listed[index] if 0 <= index < len(listed) else ""
    beyond = [each for each in listed if (int(each) - int(value)) * way > 0]
    return min(beyond, key=lambda each: abs(int(each) - int(value)), default="")


async def _person_in(before: Understood | None, around: Surroundings) -> str:
    """Give the person a command was about, or the only one it can be about; "" if it's about none."""
    for option in before.command.options if before is not None else ():
        if before is not None and option.kind is OptionType.PERSON and (choices := await around.own_values(option)):
            text = before.raw.get(option.name, "")
            only = choices[0].value if len(choices) == 1 else ""
            return _value_of(text, choices) or ("" if slot_of(option) == _STRANGERS else only)
    return ""


async def _entry_in(before: Understood | None, slot: str, around: Surroundings) -> str:
    """Give the entry of a list that a command was about; "" if it's about none."""
    for option in before.command.options if before is not None else ():
        if (
            before is not None
            and slot_of(option) == slot
            and not option.declared.led
            and (text := before.raw.get(option.name, ""))
        ):
            choices = (*await around.own_values(option), *await around.former_values(option))
            return _value_of(text, choices) or text
    return ""


def _value_of(text: str, choices: Sequence[Choice]) -> str:
    same = next((choice for choice in choices if choice.value == text), None)
    chosen = same or (find_choice(text, choices) if text else None)
    return chosen.value if chosen else ""


def _words_of(text: str, match: re.Match[str]) -> range:
    covered = [index for index, (start, _) in enumerate(word_spans(text)) if match.start() <= start < match.end()]
    return range(covered[0], covered[-1] + 1) if covered else range(0)


def _covering(slot: str, text: str, match: re.Match[str] | None, value: str) -> Iterator[Mention]:
    if match is not None:
        yield from _at(slot, text, match.span(), value)


def _at(slot: str, text: str, span: tuple[int, int], value: str) -> Iterator[Mention]:
    """Mention a value with the words between two places in a text."""
    covered = [index for index, (start, _) in enumerate(word_spans(text)) if span[0] <= start < span[1]]
    if covered:
        yield Mention(slot, text[slice(*span)].strip(), covered[0], covered[-1] + 1, value)
