"""A command's options, read off the annotated parameters of its handler."""

from __future__ import annotations

import inspect
import itertools
import re
import types
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from zoneinfo import ZoneInfo

from mentorbot.cadence import Weekday
from mentorbot.cards import Answer, Choice

if typing.TYPE_CHECKING:
    from mentorbot.commands.call import Call
    from mentorbot.packs.model import Pack

# https://docs.discord.com/developers/interactions/application-commands
MAX_CHILDREN = 25
MAX_DESCRIPTION = 100
NAME = re.compile(r"^[a-z][a-z-]{0,31}$")

Handler = Callable[..., Awaitable[Answer]]
PackChoices = Callable[["Pack"], Sequence[Choice]]
Suggest = Callable[["Call", str], Awaitable[Sequence[Choice]]]
Each = Callable[["Pack"], Mapping[str, "Option"]]


File = typing.NewType("File", str)
"""The text inside a file that somebody sends."""


Weekdays = typing.NewType("Weekdays", tuple[Weekday, ...])
"""One or more days of the week, in their order."""


class Kind(Enum):
    """What an option's value is. `values.py` reads each from text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    ZONE = "zone"
    WEEKDAY = "weekday"
    WEEKDAYS = "weekdays"
    FILE = "file"


_KINDS: dict[object, Kind] = {
    str: Kind.TEXT,
    int: Kind.NUMBER,
    date: Kind.DATE,
    time: Kind.TIME,
    ZoneInfo: Kind.ZONE,
    Weekday: Kind.WEEKDAY,
    Weekdays: Kind.WEEKDAYS,
    File: Kind.FILE,
}


@dataclass(frozen=True, slots=True)
class Option:
    """What an annotated parameter says of itself beyond its type.

    `choices` come from the pack and are the only values allowed; `suggest` proposes values from the caller's own data.
    `rest` takes all words that belong to no other option.
    `named_only` is for what buttons give: no bare word
    means it, and no form asks for it. Lengths are in characters, `low` and `high` inclusive. A file has a length of its own.
    `each` makes an option of its own out of each of the pack's (a level for each skill); the handler gets those that were
    given, by name.
    """

    description: str
    choices: PackChoices | None = None
    suggest: Suggest | None = None
    rest: bool = False
    max_length: int = 200
    low: int | None = None
    high: int | None = None
    long: bool = False
    named_only: bool = False
    each: Each | None = None


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of a command, complete. `part_of` names the parameter whose `each` made it."""

    name: str
    kind: Kind
    required: bool
    about: Option
    part_of: str = ""

    @property
    def description(self) -> str:
        """One line for people."""
        return self.about.description


def check_words(words: Sequence[str], summary: str) -> None:
    for word in words:
        if not NAME.match(word):
            raise ValueError(f"{word!r} cannot be a name: lower-case letters and hyphens, 1-32 characters")
    if not 1 <= len(summary) <= MAX_DESCRIPTION:
        raise ValueError(f"{' '.join(words)}: the summary must have 1-{MAX_DESCRIPTION} characters")


def options_of(handler: Handler) -> tuple[OptionSpec, ...]:
    """Read the options off a handler's signature: every parameter after the first, which is the call."""
    hints = typing.get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    options = tuple(_option(parameter, hints[parameter.name]) for parameter in parameters)
    if not all(before.required or not after.required for before, after in itertools.pairwise(options)):
        raise ValueError(f"{handler.__qualname__}: required options come first (Discord's rule)")
    return options


def _option(parameter: inspect.Parameter, hint: object) -> OptionSpec:
    about = next((item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Option)), None)
    if about is None:
        raise ValueError(f"{parameter.name}: annotate it with Annotated[type, Option(...)]")
    check_words((parameter.name,), about.description)
    required = parameter.default is inspect.Parameter.empty
    if about.each is not None:
        return OptionSpec(parameter.name, Kind.TEXT, required, about)
    return OptionSpec(parameter.name, _KINDS[_without_none(typing.get_args(hint)[0])], required, about)


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint
