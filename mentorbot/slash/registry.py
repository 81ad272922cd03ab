"""Declaring a command once, with everything that follows from its declaration.

`@command("plan add", "Add a step to your plan.")` goes on an async function whose annotated parameters are its options. The
text grammar, Discord's command tree, the forms, the help, the README's table and completion are all derived from that.
Anything a platform would refuse (Discord's names, lengths and counts) is refused here, when the module is imported.
"""

from __future__ import annotations

import inspect
import itertools
import re
import types
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import Enum, StrEnum
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Choice
from mentorbot.clock import Weekday
from mentorbot.slash.dates import DateRange, Sense

Pack: TypeAlias = Any
"""Whatever the host's choices come from. The framework hands it on and never looks into it."""

# https://docs.discord.com/developers/interactions/application-commands
MAX_CHILDREN = 25
"""Options of a command, commands of a group, and words that can come first."""
MAX_DESCRIPTION = 100
"""Characters."""
_MAX_DEPTH = 2
"""Words of a command: Discord allows three, but one of them is the host's own."""
_NAME = re.compile(r"^[a-z][a-z-]{0,31}$")
_OPTIONAL_PART = re.compile(r"\[([^\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(?P<silent>!?)(?P<option>[a-z-]+)\}")
_COUNTED = re.compile(r"\b(\d+) ([a-z]+)\(s\)")
_IMPLIED = re.compile(r"\s*\{(?P<option>[a-z-]+)=(?P<value>[^{}]+)\}")
_NEEDED = re.compile(r"\{([a-z-]+)!\}")
_ENTRY = re.compile(r"\{(?P<kind>skill|title|responsibility)(?:\.(?P<place>\d))?\}")
Handler = Callable[..., Awaitable[Answer]]
PackChoices = Callable[[Pack], Sequence[Choice]]
Suggest = Callable[[Any, str], Awaitable[Sequence[Choice]]]
"""Takes the host's context and the text typed so far."""
AtHand = Callable[[Any], Awaitable[str]]
"""Takes the host's context."""
Saved = Callable[[Any], Awaitable[Mapping[str, str]]]
"""Takes the host's context, and returns values by option, as they'd be typed."""
Complete = Callable[[Pack, str], Sequence[Choice]]
"""Takes the pack and the text typed so far, and returns what may be meant, likeliest first."""
PerEntry = Callable[[Pack], Mapping[str, "Option"]]
File = typing.NewType("File", str)
"""The text inside a file that someone sends."""
Weekdays = typing.NewType("Weekdays", tuple[Weekday, ...])
"""One or more days of the week, in their order."""
Person = typing.NewType("Person", str)
"""Someone in the workspace: their name, or a mention (`<@id>`), which is what a platform's own picker gives."""

Entries = typing.NewType("Entries", tuple[str, ...])
"""One or more entries of the pack, by their values."""
MemberRole = typing.NewType("MemberRole", str)
"""The platform's id of a role that members of the workspace have; "" for none."""


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel that someone picked or mentioned: the platform's id, and the name, if it's known."""

    id: str
    name: str = ""


class OptionType(Enum):
    """The type of an option's value. `converters` has a reader for each."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATE_RANGE = "date_range"
    TIME = "time"
    ZONE = "zone"
    WEEKDAY = "weekday"
    WEEKDAYS = "weekdays"
    FILE = "file"
    PERSON = "person"
    CHANNEL = "channel"
    ROLE = "role"
    CUSTOM = "custom"


_TYPES: dict[object, OptionType] = {
    str: OptionType.TEXT,
    Entries: OptionType.TEXT,
    int: OptionType.NUMBER,
    date: OptionType.DATE,
    DateRange: OptionType.DATE_RANGE,
    time: OptionType.TIME,
    ZoneInfo: OptionType.ZONE,
    Weekday: OptionType.WEEKDAY,
    Weekdays: OptionType.WEEKDAYS,
    File: OptionType.FILE,
    Person: OptionType.PERSON,
    ChannelRef: OptionType.CHANNEL,
    MemberRole: OptionType.ROLE,
}


class NoValue(StrEnum):
    """The value “none” gives to an option whose value can be taken away."""

    NONE = "none"


class Spoken(Enum):
    """The words of a sentence a free text takes.

    `REST` takes those that are left, `MESSAGE` all after the words that ask for it to be sent, `REASON` a clause of its own
    after the thing it's about, `PROOF` a link or a few words about it, `NAME` what follows “call it” or stands in quotes, and
    `SUBJECT` what someone's to help with: “a mentor for hiring”; `TOPIC` takes what follows “about” or “on”.
    """

    REST = "rest"
    MESSAGE = "message"
    REASON = "reason"
    PROOF = "proof"
    NAME = "name"
    SUBJECT = "subject"
    TOPIC = "topic"


FREE_TEXT = frozenset({OptionType.TEXT, OptionType.FILE, OptionType.PERSON})
"""Types any text is a value of, unless their option has a list of choices."""


@dataclass(frozen=True, slots=True)
class Option:
    """The declaration of an option, beyond the name and type of its annotated parameter.

    - `choices` come from the pack and are the only values allowed; `suggest` proposes values from the caller's own data.
    - `listed` are entries of the pack that a text names one or more of; the handler gets a tuple of their values.
    - `former` lists the caller's values that are no longer suggested, but may still be named, like a step that's done.
    - `in_order` lists the caller's values in the order they see them in, if that isn't the one of `suggest`.
    - `at_hand` finds the one of the caller's own values that “it” means; "" if it could be several.
    - `greedy` takes all words that belong to no other option.
    - `keyword_only` is for values that buttons carry: a word without a name never means it, and no form asks for it.
    - `unlisted` is for what people rather say than fill in: no form and no platform's list of options has it.
    - `multiline` gets a large text field in a form.
    - `max_length` is in characters (a file has a limit of its own); `low` and `high` are inclusive.
    - `per_entry` makes one option for each entry of the pack, e.g. a level for each skill. The handler gets a mapping of
      those that were given, by name.
    - `unit` says what a number counts, so that “6 h” or “six hours a week” is one too; if it's `weekly`, so many a week.
    - `sense` says which day a week, a month or a season stands for: its last (`END`) or its first (`START`).
    - `past` allows days that have passed. `ranges` takes several days in a row too; the handler gets a `DateRange` for them.
    - `reader` reads a value of the command's own: it returns it, or raises `BadValue` (`Impossible` for a text that's clearly
      meant as one). `claims` says which words without a name are meant; without it, those that `reader` takes. `words` puts
      such a value into words again.
    - `clears` is what people call a value that can be taken away, e.g. “deadline”: for “none”, the handler gets `NoValue.NONE`.
    - `source` names the list of the caller's own that `suggest` is a part of, if it isn't named after that.
    - `led` takes a value from a sentence only after one of the option's names, like the step of “after step 3”.
    - `spoken` says which words of a sentence a free text takes.
    - `complete` proposes values of an open list while someone types, likeliest first. Nothing limits the option to them.
    - `called` are other names people give the option in a typed line, e.g. `due` for `by`.
    """

    description: str
    choices: PackChoices | None = None
    suggest: Suggest | None = None
    listed: PackChoices | None = None
    former: Suggest | None = None
    in_order: Suggest | None = None
    at_hand: AtHand | None = None
    greedy: bool = False
    max_length: int = 200
    low: int | None = None
    high: int | None = None
    multiline: bool = False
    keyword_only: bool = False
    unlisted: bool = False
    per_entry: PerEntry | None = None
    called: tuple[str, ...] = ()
    unit: Literal["", "hours", "minutes"] = ""
    weekly: bool = False
    sense: Sense = Sense.END
    past: bool = False
    ranges: bool = False
    reader: Callable[[str], object] | None = None
    claims: Callable[[str], bool] | None = None
    complete: Complete | None = None
    words: Callable[[Any], str] | None = None
    clears: tuple[str, ...] = ()
    source: str = ""
    led: bool = False
    spoken: Spoken = Spoken.REST


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of a command: its declaration, completed from the handler's signature.

    `parameter` is the handler's parameter that collects this option, if `per_entry` made it; otherwise it's empty.
    """

    name: str
    kind: OptionType
    required: bool
    declared: Option
    parameter: str = ""

    @property
    def description(self) -> str:
        """One line for people."""
        return self.declared.description

    @property
    def is_typed(self) -> bool:
        """False for a value only buttons carry. One that people have their own names for is typed, too."""
        return not self.declared.keyword_only or bool(self.declared.called)


def _check_texts(words: Sequence[str], summary: str) -> None:
    """Raise `ValueError` if a platform would refuse one of the names or the summary."""
    for word in words:
        if not _NAME.match(word):
            raise ValueError(f"{word!r} can't be a name: lower-case letters and hyphens, 1-32 characters")
    if not 1 <= len(summary) <= MAX_DESCRIPTION:
        raise ValueError(f"{' '.join(words)}: the summary must have 1-{MAX_DESCRIPTION} characters")


def _options_of(handler: Handler) -> tuple[OptionSpec, ...]:
    """Read the options off a handler's signature: every parameter after the first, which is the host's context."""
    hints = typing.get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    options = tuple(_option(parameter, hints[parameter.name]) for parameter in parameters)
    if not all(before.required or not after.required for before, after in itertools.pairwise(options)):
        raise ValueError(f"{handler.__qualname__}: required options come first (Discord's rule)")
    return options


def _option(parameter: inspect.Parameter, hint: object) -> OptionSpec:
    declared = next((item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Option)), None)
    if declared is None:
        raise ValueError(f"{parameter.name}: annotate it with Annotated[type, Option(...)]")
    _check_texts((parameter.name,), declared.description)
    required = parameter.default is inspect.Parameter.empty
    if declared.per_entry is not None:
        return OptionSpec(name=parameter.name, kind=OptionType.TEXT, required=required, declared=declared)
    if declared.reader is not None:
        return OptionSpec(name=parameter.name, kind=OptionType.CUSTOM, required=required, declared=declared)
    return OptionSpec(
        name=parameter.name, kind=_TYPES[_without_none(typing.get_args(hint)[0])], required=required, declared=declared
    )


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command, complete. `path` is its words: ("plan", "add").

    An example may hold `{skill}`, `{title}` or `{responsibility}`, or `{skill.2}` for a second one: `for_pack` fills them in.
    `intents` are a few ways people ask for it in a sentence, `implied` are the values that some of them mean without saying
    so, and `strict` are those that ask for it only as a whole. `aliases` are its earlier names, which stay valid in typed
    lines and on old buttons. `label` is what a button for it says: one or several wordings, separated by `|`; the one with
    a place for most of the values given is used. A part in brackets is left out without its value, `{!off}` is
    the place of a value that the words around it say, one with `{by=none}` is for that value, and “{max} learner(s)” becomes
    “1 learner” or “2 learners”. `saved` looks up what the caller has saved of the options, for a form to show. `needs` are
    options without which it only asks or shows, `a|b` if one of several is enough; `instead` are those of which only one counts.
    """

    path: tuple[str, ...]
    summary: str
    handler: Handler
    options: tuple[OptionSpec, ...]
    admin: bool = False
    writes: bool = False
    examples: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    implied: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    strict: frozenset[str] = frozenset()
    aliases: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    saved: Saved | None = None
    needs: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The words as typed: `plan add`."""
        return " ".join(self.path)

    @property
    def is_listed(self) -> bool:
        """False if platforms needn't show it where people choose a command: it has a button, but nobody asks for it."""
        return bool(self.intents) or not self.label

    @property
    def usage(self) -> str:
        """The words with their options: `plan add <what> [by]`."""
        return " ".join((self.name, *(_usage(option) for option in self.options if not option.declared.keyword_only)))

    def label_for(self, values: Mapping[str, str]) -> str:
        """Fill in the label with `values` as people read them: the wording that says most of them, or else the summary."""
        given = {name for name, value in values.items() if value}
        best, most = self.summary.removesuffix("."), -1
        for wording in filter(None, self.label.split("|")):
            if any(values.get(only["option"]) != only["value"] for only in _IMPLIED.finditer(wording)):
                continue
            places = _IMPLIED.sub(r"{!\g<option>}", wording)
            parts = _OPTIONAL_PART.sub(lambda part: part[1] if _names(part[1]) <= given else "", places)
            if _names(parts) <= given and len(_names(parts)) > most:
                best, most = _PLACEHOLDER.sub(lambda place: _said(place, values), parts), len(_names(parts))
        return _COUNTED.sub(lambda count: f"{count[1]} {count[2]}{'' if count[1] == '1' else 's'}", best)

    def only_asks(self, given: Mapping[str, str]) -> bool:
        """Return True if the command can do nothing with these values but ask for more, or show what's saved."""
        required = (option.name for option in self.options if option.required)
        return any(given.keys().isdisjoint(need.split("|")) for need in (*self.needs, *required))

    def with_new(self, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
        """Give some values with `new` ones for some, each of which also takes the place of those it's said instead of."""
        changed = {name for name, text in new.items() if old.get(name) != text}
        groups = [group for each in self.instead if changed & (group := set(each.split("|")))]
        gone = {name for group in groups for name in group if name not in changed}
        return {name: text for name, text in {**old, **new}.items() if name not in gone}

    def for_pack(self, pack: Pack) -> CommandSpec:
        """Return the command with an option for each entry of `pack`, where an option asks for that, and examples from it.

        A pack may have entries that a platform wouldn't take as options. Typed lines take all of them, and adapters leave out
        those that don't fit.
        """
        options = tuple(expanded for option in self.options for expanded in _expand(option, pack))
        examples = tuple(_with_entries(example, pack) if "{" in example else example for example in self.examples)
        same = options == self.options and examples == self.examples
        return self if same else replace(self, options=options, examples=examples)

    def option(self, name: str) -> OptionSpec | None:
        """Find the option of that name."""
        return next((option for option in self.options if option.name == name), None)


def _with_entries(example: str, pack: Pack) -> str:
    """Fill in the places of an example for entries of a pack; one too few and the first stands in.

    Of the first two titles, the one that asks for more comes first: from the other, one gets there.
    """
    first_titles = sorted(pack.titles.titles[:2], key=lambda title: -sum(title.needs.values()))
    entries: Mapping[str, Sequence[str]] = {
        "skill": [skill.id for skill in pack.skills],
        "title": [title.id for title in first_titles],
        "responsibility": [responsibility.id for responsibility in pack.responsibilities],
    }

    def entry(match: re.Match[str]) -> str:
        ids, place = entries[match["kind"]], int(match["place"] or 1) - 1
        return ids[place if place < len(ids) else 0]

    return _ENTRY.sub(entry, example)


def _names(text: str) -> set[str]:
    """List the options that `text` has places for."""
    return {place["option"] for place in _PLACEHOLDER.finditer(text)}


def _said(place: re.Match[str], values: Mapping[str, str]) -> str:
    return "" if place["silent"] else values[place["option"]]


def _check_label(spec: CommandSpec) -> None:
    """Raise `ValueError` if a button could hide something that was understood in a sentence."""
    only = {(each["option"], each["value"]) for each in _IMPLIED.finditer(spec.label)}
    implied = {given for values in spec.implied.values() for given in values.items()}
    hidden = set().union(*map(_names, spec.intents), {name for name, _ in implied - only}) - _names(spec.label)
    if spec.label and hidden:
        raise ValueError(f"{spec.name}: the label doesn't say {', '.join(sorted(hidden))}, which a sentence can give")


def _implied(intents: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Map each sentence that implies values to these, by their options' names."""
    values = ((intent, {each["option"]: each["value"] for each in _IMPLIED.finditer(intent)}) for intent in intents)
    return {_worded(intent): given for intent, given in values if given}


def _worded(intent: str) -> str:
    """Give the words and places of a declared sentence, without what's declared about them."""
    return _NEEDED.sub(r"{\1}", _IMPLIED.sub("", intent))


def _expand(option: OptionSpec, pack: Pack) -> Iterator[OptionSpec]:
    if option.declared.per_entry is None:
        yield option
        return
    for name, declared in option.declared.per_entry(pack).items():
        yield OptionSpec(name, OptionType.TEXT, required=False, declared=declared, parameter=option.name)


def _usage(option: OptionSpec) -> str:
    return f"<{option.name}>" if option.required else f"[{option.name}]"


@dataclass(slots=True)
class Registry:
    """All commands of one host, in the order of their declaration.

    - `prefix` is the word that a typed line begins with, e.g. `/mentor`: dropped when a line is read, shown in examples.
    - `default_command` is run by an empty line.
    - `fallback_command` is suggested for a line that names no command; its first option takes the whole line.
    """

    prefix: str = ""
    default_command: str = ""
    fallback_command: str = ""
    commands: dict[tuple[str, ...], CommandSpec] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[CommandSpec]:
        return iter(self.commands.values())

    def group(self, name: str, summary: str) -> None:
        """Declare a word that has commands below it."""
        _check_texts((name,), summary)
        self.groups[name] = summary

    def command(  # noqa: PLR0913  each is a part of the declaration
        self,
        name: str,
        summary: str,
        *,
        admin: bool = False,
        writes: bool = False,
        examples: Sequence[str] = (),
        intents: Sequence[str] = (),
        aliases: Sequence[str] = (),
        label: str = "",
        needs: Sequence[str] = (),
        instead: Sequence[str] = (),
    ) -> Callable[[Handler], Handler]:
        """Declare an async function as the command `name` ("plan add").

        `admin` commands are for people who manage the workspace. One that `writes` runs once for each idempotency key.
        `intents` are sentences that ask for the command without naming it. One may end with a value that it implies:
        “stop the digest {off=yes}”. That one, and one with a value it can't do without (“done by {by!}”), has to be said in all
        its telling words. `aliases` are names it had before, `label` is what a button for it says, and
        without one of the options it `needs`, it only asks or shows: then a sentence may run it at once. Of those in each
        `instead`, like `a|b`, the one that's said last counts.

        Raises:
            ValueError: a platform would refuse it, or it's declared already.
        """

        def declare(handler: Handler) -> Handler:
            path = tuple(name.split())
            self._add(
                CommandSpec(
                    path=path,
                    summary=summary,
                    handler=handler,
                    options=_options_of(handler),
                    admin=admin,
                    writes=writes,
                    examples=tuple(examples),
                    intents=tuple(map(_worded, intents)),
                    implied=_implied(intents),
                    strict=frozenset(
                        _worded(each) for each in intents if _IMPLIED.search(each) or _NEEDED.search(each)
                    ),
                    aliases=tuple(tuple(alias.split()) for alias in aliases),
                    label=label,
                    needs=tuple(needs),
                    instead=tuple(instead),
                )
            )
            return handler

        return declare

    def fills_in(self, name: str) -> Callable[[Saved], Saved]:
        """Declare an async function that looks up what the caller has saved of a command's options, for its form to show."""

        def declare(saved: Saved) -> Saved:
            path = tuple(name.split())
            self.commands[path] = replace(self.commands[path], saved=saved)
            return saved

        return declare

    def find(self, path: tuple[str, ...]) -> CommandSpec | None:
        """Find a command by its name or by one it had before."""
        return self.commands.get(path) or next((spec for spec in self if path in spec.aliases), None)

    def _add(self, spec: CommandSpec) -> None:
        _check_texts(spec.path, spec.summary)
        _check_label(spec)
        if any(self.find(path) for path in (spec.path, *spec.aliases)):
            raise ValueError(f"{spec.name} is declared twice")
        if len(spec.path) > _MAX_DEPTH or (len(spec.path) == _MAX_DEPTH and spec.path[0] not in self.groups):
            raise ValueError(f"{spec.name}: declare the group {spec.path[0]} first; groups don't nest")
        if len(spec.options) > MAX_CHILDREN:
            raise ValueError(f"{spec.name} has more than {MAX_CHILDREN} options")
        self.commands[spec.path] = spec
        for parent in {(), spec.path[:-1]}:
            if len(self.children(parent)) > MAX_CHILDREN:
                raise ValueError(f"more than {MAX_CHILDREN} commands below {parent or 'the top'}")

    def children(self, parent: tuple[str, ...] = ()) -> tuple[str, ...]:
        """List the words that can follow `parent`, in the order of their declaration."""
        depth = len(parent)
        words = (path[depth] for path in self.commands if path[:depth] == parent and len(path) > depth)
        return tuple(dict.fromkeys(words))
