"""Amending what's open: a reply read as values for the options of the command that was offered, asked about or run.

Each option's own reader looks for its value in the reply. What's left over tells an amendment from a request of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mentorbot.commands.chatter import small_talk_in
from mentorbot.commands.corrections import (
    as_time,
    connecting_words,
    corrected_numbers,
    corrected_text,
    open_text,
    with_number,
    without_rejected,
)
from mentorbot.commands.filling import (
    fill,
    fills,
    for_each,
    lands_in,
    names_of,
    rest_of,
    rough_time,
    with_place,
    word_at,
)
from mentorbot.commands.heard import Surroundings, Understood
from mentorbot.commands.lexicon import Lexicon
from mentorbot.commands.remarks import asks_for_something
from mentorbot.commands.wording import (
    ADDS_WORDS,
    ALSO,
    AND_THEN,
    ASIDES,
    ASKS_OPENLY,
    CORRECTS,
    GIVES_REASON,
    JOINED,
    NAMES_IT,
)
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import DATED, ParseContext, accepts, read
from mentorbot.slash.dates import DateRange
from mentorbot.slash.intents import COMMON_WORDS, NOW, Mention, clauses_of, is_open, slot_of, word_spans, words_of
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Spoken
from mentorbot.slash.relative_days import BEGINS, ENDS, RETURNS, begins_span, corrected_days, lead_of, shifted
from mentorbot.slash.times import times_of_bare_hour

_DAY_MINUTES = 24 * 60
_MAX_SHIFT_WORDS, _MAX_REST_WORDS = 5, 3
_PREPOSITIONS = ENDS | {"at", "before", "by", "for", "from", "in", "on"}
_TAKING_AWAY = (
    r"\b(?:without|no|not|(?:leave|take|cut)(?: (?:out|off|away))?|drop|remove|forget|skip|delete|lose|scrap)"
    r"(?: about)? (?:the |a |any |that |its )?(?:{names})\b(?: (?:out|off|away))?"
)
_KEEPING = r"\b(?:just|only) (?:the )?(?:{names})\b"
_IN_CHANNEL = re.compile(r"\b(?:in|into|to)(?: the)? $", re.IGNORECASE)
_SAYS_NOT = re.compile(r"\b(?:ca|wo|do|does|is|are)n['’]?t\b|\bcannot\b", re.IGNORECASE)
"""A clause with one of these names what isn't meant: “friday, on monday I can't”."""
_REMARKS_ON = re.compile(
    r"^\W*(?:(?:no|nope|oh|ah|hm+|wait|ok(?:ay)?|well|sorry|actually|but|because)[\s,.!]+)*"
    r"(?:that['’]?s|that (?:is|was|would be)|this is)\b",
    re.IGNORECASE,
)
"""Begins a remark on the value there is, which gives none: “oh, that's Christmas”."""
_SAYS_WHEN_DONE = re.compile(
    r"^\W*(?:(?:and|also|then|it['’]?s|its|it is|counts as)[\s,]+)*"
    r"(?:done|finished|complete) (?:when|once|if|as soon as) (?P<when>.+)",
    re.IGNORECASE,
)
_A_WEEK = re.compile(r"\b(?:hours?|hrs?|h) (?:a|per|each|every) week\b", re.IGNORECASE)
"""“3 hours a week” is no correction of the 2 hours that were logged."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A command as a reply changes it: the commands to offer instead, likeliest first.

    `rest` are the words that say something else, and `left_out` are values that the command has no option for.
    """

    commands: tuple[Understood, ...]
    rest: str = ""
    left_out: str = ""


@dataclass(slots=True)
class _Draft:
    """The values of a command while a reply changes them, and the offsets of the words that are understood."""

    reply: str
    raw: dict[str, str]
    used: set[int] = field(default_factory=set)

    def use(self, start: int, end: int) -> None:
        """Take the words between two places in the reply for understood."""
        self.used |= {index for index, (at, _) in enumerate(word_spans(self.reply)) if start <= at < end}


class Amendments:
    """Reads replies as amendments of a command."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def read(
        self, before: Understood, said: str, reply: str, around: Surroundings, *, pending: bool
    ) -> Amendment | None:
        """Read a reply as an amendment of a command that was asked for with what was `said`; None if it changes nothing.

        One clause may amend it while the others explain, if the command is still `pending` or the reply begins like a correction.
        """
        if ASKS_OPENLY.match(reply) or (reply.endswith("?") and any(map(ASKS_OPENLY.match, parts_of(reply)))):
            return None
        if _A_WEEK.search(reply) and not any(option.declared.weekly for option in before.command.options):
            return None
        reply = ASIDES.sub(" ", reply).strip() or reply
        parts = parts_of(reply)
        others = [part for part in parts if not _REMARKS_ON.match(part)]
        if 0 < len(others) < len(parts) and (
            amended := await self.read(before, said, ", ".join(others), around, pending=pending)
        ):
            return amended
        reply = await self._after_first_day(before, said, reply, around)
        whole = await self._of_part(before, said, reply, around, pending=pending)
        if (whole is not None and not whole.rest) or not (pending or CORRECTS.match(reply)):
            return whole
        return await self._of_clauses(before, said, reply, around, pending=pending) or whole

    async def _after_first_day(self, before: Understood, said: str, reply: str, around: Surroundings) -> str:
        """Put the first day that was said before a reply that says the last: “from 20 december”, “until 3 january”."""
        lacking = any(option.declared.ranges and option.name not in before.raw for option in before.command.options)
        if not lacking or reply.lower().partition(" ")[0] not in ENDS:
            return reply
        mentions = await self._lexicon.mentions_in(said, around, before)
        first = next((each.text for each in mentions if each.slot == "date" and begins_span(each.text)), "")
        return f"{first} {reply}".strip()

    async def repeats(self, before: Understood, reply: str, around: Surroundings) -> bool:
        """Tell if a reply names nothing but values that a command has: “5” after “5 hours a week”."""
        reply, context = ASIDES.sub(" ", reply).strip(), await around.local()
        if numbers := corrected_numbers(before, "", reply, ""):
            return all(each.raw == before.raw for each in numbers)
        reply = as_time(before, reply)
        mentions = await self._lexicon.mentions_in(reply, around, before)
        taken = [mention for mention in mentions if any(fills(mention, option) for option in before.command.options)]
        given = fill(before.command, (), reply, taken).raw
        covered = {index for mention in taken for index in mention.words}
        if not given or rest_of(reply, covered | set(connecting_words(reply))):
            return False
        named = [(option, before.raw.get(option.name, "")) for option in before.command.options if option.name in given]
        return all(was and _is_same(option, was, given[option.name], context) for option, was in named)

    async def _of_clauses(
        self, before: Understood, said: str, reply: str, around: Surroundings, *, pending: bool
    ) -> Amendment | None:
        """Read each clause that amends a command, one after the other: “make it 12, and put it last”; None if none does."""
        texts = parts_of(reply)
        last: Amendment | None = None
        others: list[str] = []
        for text in texts if len(texts) > 1 else ():
            amended = last.commands[0] if last is not None else before
            part = await self._of_part(amended, said, text, around, pending=pending)
            if part is None or part.rest or _SAYS_NOT.search(text):
                others.append(text)
            else:
                last = part
        if last is None:
            return None
        return replace(last, left_out=await self._left_out(before.command, others, around))

    async def _left_out(self, command: CommandSpec, clauses: Sequence[str], around: Surroundings) -> str:
        """Give the clauses that ask for something else, and the values in others that a command has no option for, as typed."""
        left: list[str] = []
        for clause in clauses:
            if asks_for_something(clause) or _SAYS_WHEN_DONE.match(clause):
                left.append(clause.strip(" ,.!"))
                continue
            mentions = await self._lexicon.mentions_in(clause, around)
            untaken = (each for each in mentions if not any(fills(each, option) for option in command.options))
            left += [with_place(each, clause) for each in untaken if each.value]
        return ", ".join(dict.fromkeys(left))

    async def _of_part(
        self, before: Understood, said: str, reply: str, around: Surroundings, *, pending: bool
    ) -> Amendment | None:
        reply, rejected = without_rejected(reply)
        if numbers := corrected_numbers(before, said, reply, rejected):
            return Amendment(tuple(numbers))
        context = await around.local()
        timed = as_time(before, reply, is_span=any(_span_in(before, each, context) for each in before.command.options))
        if pending and timed == reply and (counted := with_number(before, reply)):
            return Amendment((counted,))
        reply = timed
        mentions = [*_led_again(before, reply), *await self._lexicon.mentions_in(reply, around, before)]
        draft = _Draft(reply, dict(before.raw))
        if pending:
            await self._change_text(before, draft, mentions, around)
        if pending or not before.command.writes:
            _take_away(before.command, draft)
        mentions = [mention for mention in mentions if draft.used.isdisjoint(mention.words)]
        if pending:  # what isn't a day by itself is one as the answer to “by when?”
            mentions = [replace(each, slot="date", value=each.text) if each.slot == NOW else each for each in mentions]
        if any(option.kind in DATED for option in before.command.options):
            mentions = _relative_to(before, draft, mentions, await around.local())
        taken = [each for each in mentions if any(lands_in(each, option, reply) for option in before.command.options)]
        taken = [mention for mention in taken if not _changes_hours(before, draft, mention, await around.local())]
        _take_values(before, draft, [_near_old(before, mention, context) for mention in taken])
        if pending:
            _take_part_of_day(before, draft)
        draft.used |= {*connecting_words(reply), *self._own_words(before.command, reply)}
        if pending and before.command.only_asks(before.raw):
            self._take_reason(before, draft, around)
        left = [mention for mention in mentions if mention not in taken and self._lexicon.is_telling(mention)]
        if not left and (pending or not before.command.writes or CORRECTS.match(reply)):
            await self._take_rest(before, draft, around, await self._rejected_in(before, rejected, around))
        raw = _with_changes(before, draft.raw)
        commands = for_each(replace(before, raw=raw), taken, reply)
        changes = any(each.raw != before.raw for each in commands)
        return Amendment(tuple(commands), rest_of(reply, draft.used)) if changes else None

    async def _rejected_in(self, before: Understood, rejected: str, around: Surroundings) -> OptionSpec | None:
        """Find the option whose value someone takes back, by what it's called: “not general”; None if it's none."""
        said = {self._lexicon.wording.stem(word) for word in words_of(rejected) if word.lower() not in COMMON_WORDS}
        for option in before.command.options if said else ():
            value = before.raw.get(option.name, "")
            labels = [choice.label for choice in await around.own_values(option) if choice.value == value]
            if said & {self._lexicon.wording.stem(word) for text in (value, *labels) for word in words_of(text)}:
                return option
        return None

    async def _take_rest(
        self, before: Understood, draft: _Draft, around: Surroundings, rejected: OptionSpec | None = None
    ) -> None:
        """Take what's left of a reply for a value that only the open command makes clear: “no, the exam”, “porto then”.

        If one was taken back, it's for the same option.
        """
        rest = rest_of(draft.reply, draft.used)
        if not rest or len(rest.split()) > _MAX_REST_WORDS:
            return
        context, at = await around.local(), draft.reply.index(rest)
        for option in (rejected,) if rejected is not None else before.command.options:
            is_changed = draft.raw.get(option.name) != before.raw.get(option.name)
            if (
                is_changed
                or not option.is_typed
                or is_open(option)
                or option.declared.choices
                or option.declared.listed
            ):
                continue
            choices = await around.own_values(option)
            value = self._lexicon.mentions.entry_named(draft.reply, draft.used, choices) if choices else ""
            is_channel = option is rejected or _IN_CHANNEL.search(draft.reply[:at])
            if option.kind is OptionType.CHANNEL and option.name in before.raw and is_channel and " " not in rest:
                value = f"#{rest}"  # they've named one before, so there's no doubt that this is one
            if value or (option.declared.suggest is None and accepts(option, rest, context)):
                draft.raw[option.name] = value or rest
                draft.use(at, at + len(rest))
                return

    def _take_reason(self, before: Understood, draft: _Draft, around: Surroundings) -> None:
        """Take what's told to someone who asked for a reason: “I can't get access to the data”."""
        option = next((each for each in before.command.options if each.declared.spoken is Spoken.REASON), None)
        own = [each.name for each in before.command.options if each.declared.suggest is not None]
        is_other = any(draft.raw.get(name) != before.raw.get(name) for name in own)
        if option is None or option.name in draft.raw or is_other or not rest_of(draft.reply, draft.used):
            return
        words = draft.reply.strip(" .!")
        tells = len(word_spans(words)) > 1 and small_talk_in(words) is None and not asks_for_something(words)
        if tells and not self._lexicon.asks_for_other(words, before.command):
            draft.raw |= {option.name: words, **_choices_named(before.command, words, around.rough.pack)}
            draft.use(0, len(draft.reply))

    def _own_words(self, command: CommandSpec, reply: str) -> Iterator[int]:
        """Find the words that the command itself is asked for with, which begin no other request."""
        names = (name for option in command.options for name in (option.name, *names_of(option)))
        texts, stem = (command.name, command.label, *command.intents, *names), self._lexicon.wording.stem
        own = {stem(word) for text in texts for word in words_of(text) if "{" not in word}
        return (index for index, word in enumerate(words_of(reply)) if stem(word) in own)

    async def _change_text(
        self, before: Understood, draft: _Draft, mentions: Sequence[Mention], around: Surroundings
    ) -> None:
        """Change the command's free text: by what's added to it, by the words it should have, or by a reason or a proof."""
        when = _SAYS_WHEN_DONE.match(draft.reply)
        if when is not None and before.command.option("when") is not None:
            draft.raw["when"] = when["when"].strip(" .!")
            draft.use(0, len(draft.reply))
            return
        for option in before.command.options:
            if not is_open(option) or not option.is_typed:
                continue
            text = before.raw.get(option.name, "")
            named = re.match(
                rf"\W*(?:{_any_of(names_of(option))})\s*(?::|=|is\b)\s*(?P<words>.+)", draft.reply, re.IGNORECASE
            )
            named = named or (NAMES_IT.match(draft.reply) if "name" in names_of(option) else None)
            reason = GIVES_REASON.match(draft.reply) if "because" in option.declared.called else None
            added = ADDS_WORDS.match(draft.reply) if text else None
            if (match := named or reason) and not text:
                draft.raw[option.name] = match["words"].strip()
            elif match := added:
                draft.raw[option.name] = _joined(text, match["words"].strip())
            else:
                continue
            draft.use(0, len(draft.reply))
            return
        if (text_option := open_text(before)) is not None:
            inside = await self._lexicon.mentions_in(before.raw[text_option.name], around)
            if changed := corrected_text(before, draft.reply, mentions, inside):
                draft.raw |= changed.raw
                draft.use(0, len(draft.reply))


def _with_changes(before: Understood, raw: Mapping[str, str]) -> dict[str, str]:
    """Give the values as they were changed, where each that's new takes the place of those it's said instead of."""
    kept = {name: text for name, text in before.raw.items() if name in raw}
    return before.command.with_new(kept, {name: text for name, text in raw.items() if kept.get(name) != text})


def parts_of(reply: str) -> list[str]:
    """List the clauses of a reply, and what “and” joins in them."""
    spans = word_spans(reply)
    clauses = (reply[spans[start][0] : spans[end - 1][1]] for start, end in clauses_of(reply))
    return [part for clause in clauses for part in JOINED.split(clause) if part]


def _led_again(before: Understood, reply: str) -> Iterator[Mention]:
    """Mention the thing that something's put beside, if only the side changes: “rather after it”."""
    led = [option for option in before.command.options if option.declared.led]
    value = next((before.raw[option.name] for option in led if option.name in before.raw), "")
    for index, (start, end) in enumerate(word_spans(reply)):
        is_it = value and index and reply[start:end].lower() in ("it", "that", "this")
        if is_it and any(word_at(reply, index - 1) in (option.name, *option.declared.called) for option in led):
            yield Mention(slot_of(led[0]), reply[start:end], index, index + 1, value)


def _near_old(before: Understood, mention: Mention, context: ParseContext) -> Mention:
    """Read a bare hour as the time that's nearer to the one before: “no, 7” after 20:00 is 19:00."""
    option = next(
        (each for each in before.command.options if each.kind is OptionType.TIME and each.name in before.raw), None
    )
    times = times_of_bare_hour(mention.text) if mention.slot == "time" and option is not None else ()
    if option is None or len(times) < 2:
        return mention
    try:
        old = f"{read(option, before.raw[option.name], context):%H:%M}"
    except BadValue:
        return mention
    return replace(mention, value=min(times, key=lambda time: _apart(time, old)))


def _take_part_of_day(before: Understood, draft: _Draft) -> None:
    """Offer a time for a part of a day, if a reply names no time: “in the morning”."""
    option = next((each for each in before.command.options if each.kind is OptionType.TIME), None)
    rough = rough_time(draft.reply)
    if option is None or rough is None or draft.raw.get(option.name) != before.raw.get(option.name):
        return
    draft.raw[option.name] = rough[0]
    draft.use(*rough[1])


def _choices_named(command: CommandSpec, words: str, pack: Pack) -> dict[str, str]:
    """Give the choices of a command whose labels stand in some words, by their options."""
    return {
        option.name: choice.value
        for option in command.options
        if option.declared.choices is not None
        for choice in option.declared.choices(pack)
        if re.search(rf"\b{re.escape(choice.label)}\b", words, re.IGNORECASE)
    }


def _take_values(before: Understood, draft: _Draft, taken: Sequence[Mention]) -> None:
    """Take the values that a reply names. Days of the week that are added go with those there are."""
    filled = fill(before.command, (), draft.reply, taken).raw
    links = [mention.text for mention in taken if mention.slot == "link"]
    for option in before.command.options:
        value, old = filled.get(option.name, ""), before.raw.get(option.name, "")
        if not value or not option.is_typed or (is_open(option) and value not in links):
            continue
        is_added = option.kind is OptionType.WEEKDAYS and old and ALSO.search(draft.reply)
        draft.raw[option.name] = f"{old} and {value}" if is_added else value
    draft.used |= {index for mention in taken for index in mention.words}


def _changes_hours(before: Understood, draft: _Draft, mention: Mention, context: ParseContext) -> bool:
    """Put a time into the hours from one time to another that a command has, like quiet hours; False if it has none.

    Without a word like “until”, it's the nearer of the two that changes.
    """
    for option in before.command.options:
        if mention.slot != "time" or not (span := _span_in(before, option, context)):
            continue
        first, last = span
        lead = word_at(draft.reply, mention.start - 1) if mention.start else ""
        is_nearer = _apart(mention.value, last) < _apart(mention.value, first)
        is_end = lead in ENDS or (is_nearer and lead not in BEGINS)
        hours = f"{first}-{mention.value}" if is_end else f"{mention.value}-{last}"
        if accepts(option, hours, context):
            draft.raw[option.name] = hours
            draft.used |= set(mention.words)
            return True
    return False


def _span_in(before: Understood, option: OptionSpec, context: ParseContext) -> tuple[str, str] | None:
    """Give the first and the last time of the hours that a command has for an option; None if it has none."""
    if option.kind is not OptionType.CUSTOM or option.name not in before.raw:
        return None
    first, _, last = _shown(option, before.raw[option.name], context).partition("-")
    return (first, last) if first and last else None


def _apart(time: str, other: str) -> int:
    """Give the minutes between two times of day, the shorter way round the clock."""
    try:
        ends = [60 * int(hours) + int(minutes) for hours, _, minutes in (each.partition(":") for each in (time, other))]
    except ValueError:
        return 0
    minutes = (ends[0] - ends[1]) % _DAY_MINUTES
    return min(minutes, _DAY_MINUTES - minutes)


def _is_same(option: OptionSpec, text: str, other: str, context: ParseContext) -> bool:
    """Return True if two texts are the same value of an option."""
    try:
        return read(option, text, context) == read(option, other, context)
    except BadValue:
        return False


def _shown(option: OptionSpec, text: str, context: ParseContext) -> str:
    """Put a value of an option's own kind into words; "" if it can't be read, or has no words."""
    try:
        return option.declared.words(read(option, text, context)) if option.declared.words else ""
    except BadValue:
        return ""


def adds_to(before: Understood, amended: Understood, reply: str) -> bool:
    """Return True if a reply asks for the same with something else as well: “and step 4 too”."""
    changed = [
        option for option in before.command.options if before.raw.get(option.name) != amended.raw.get(option.name)
    ]
    grows = [option for option in changed if option.kind is OptionType.WEEKDAYS or option.declared.ranges]
    if not changed or grows or any(option.name not in before.raw for option in changed):
        return False
    listed = any(option.declared.suggest is not None for option in changed)
    return bool(ALSO.search(reply) or (listed and AND_THEN.match(reply)))


def _relative_to(
    before: Understood, draft: _Draft, mentions: Sequence[Mention], context: ParseContext
) -> list[Mention]:
    """Read the days a reply mentions relative to those it changes: “the 3rd” of that month, “a week later”, “till the 3rd”."""
    option, days = next(_dated(before, context), (None, None))
    if option is None or days is None:
        return list(mentions)
    for start, end in _runs(draft.reply):
        if (moved := shifted(draft.reply[start:end], days)) is not None:
            is_added = option.declared.ranges and (ALSO.search(draft.reply) or AND_THEN.match(draft.reply))
            draft.raw[option.name] = str(DateRange(days.first, moved.last) if is_added else moved)
            draft.use(start, end)
            return [mention for mention in mentions if draft.used.isdisjoint(mention.words)]
    is_start = option.declared.ranges and begins_span(before.raw[option.name])
    return [_beside(mention, draft, option, days, context, is_start=is_start) for mention in mentions]


def _beside(
    mention: Mention, draft: _Draft, option: OptionSpec, days: DateRange, context: ParseContext, *, is_start: bool
) -> Mention:
    if not fills(mention, option):
        return mention
    before = draft.reply[: word_spans(draft.reply)[mention.start][0]]
    corrected = corrected_days(
        mention.text, lead_of(before), days, context.today, ranges=option.declared.ranges, is_start=is_start
    )
    if corrected is not None and (returns := RETURNS.search(before)):
        draft.use(*returns.span())
    return replace(mention, value=str(corrected), days="") if corrected is not None else mention


def _dated(understood: Understood, context: ParseContext) -> Iterator[tuple[OptionSpec, DateRange]]:
    """Give the options of a command that have a day, or several, with these."""
    for option in understood.command.options:
        if option.kind not in DATED or option.name not in understood.raw:
            continue
        try:
            value = read(option, understood.raw[option.name], context)
        except BadValue:
            continue
        if isinstance(value, date):
            yield option, DateRange(value, value)
        elif isinstance(value, DateRange):
            yield option, value


def _runs(reply: str) -> Iterator[tuple[int, int]]:
    """Give where each run of a few words begins and ends, the longest first."""
    spans = word_spans(reply)
    for length in range(min(_MAX_SHIFT_WORDS, len(spans)), 1, -1):
        for first in range(len(spans) - length + 1):
            yield spans[first][0], spans[first + length - 1][1]


def _take_away(command: CommandSpec, draft: _Draft) -> None:
    """Leave out the values that a reply doesn't want any more: “without a date”, “just the hours”."""
    removable = [
        option for option in command.options if option.name in draft.raw and _is_removable(option, draft.raw, command)
    ]
    kept = [option for option in removable if _find(_KEEPING, option, draft)]
    for option in removable:
        if _find(_TAKING_AWAY, option, draft) or (kept and option not in kept):
            del draft.raw[option.name]


def _is_removable(option: OptionSpec, raw: Mapping[str, str], command: CommandSpec) -> bool:
    """Return False for what the command is about: something of the caller's own, or else its text."""
    if option.required or option.declared.suggest is not None:
        return False
    return not is_open(option) or any(each.declared.suggest is not None for each in command.options if each.name in raw)


def _find(pattern: str, option: OptionSpec, draft: _Draft) -> bool:
    """Find a pattern with the names of an option, but for “from” and the like, which lead to a value instead of naming it."""
    names = _any_of(names_of(option) - _PREPOSITIONS)
    match = re.search(pattern.format(names=names), draft.reply, re.IGNORECASE) if names else None
    if match is not None:
        draft.use(*match.span())
    return match is not None


def _any_of(names: Iterable[str]) -> str:
    """Give a pattern for any of some names."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _joined(text: str, words: str) -> str:
    """Add words to a text, as a sentence of their own."""
    return f"{text} {words}" if text[-1:] in ".!?" else f"{text}. {words}"
