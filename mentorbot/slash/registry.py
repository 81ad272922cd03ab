"""Declaring a command once.

`@command("plan add", "Add a step to your plan.")` on an async function whose annotated parameters are its options. From that
come the text grammar, Discord's command tree, the forms, the help, the README's table and the playground's completion.
What a platform would refuse (Discord's names, lengths and counts) is refused here, when the module is imported.
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
from enum import Enum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Choice
from mentorbot.clock import Weekday

Pack: TypeAlias = Any
"""What a host makes choices from; this framework never looks into it."""

# https://docs.discord.com/developers/interactions/application-commands
MAX_CHILDREN = 25
MAX_DESCRIPTION = 100
NAME = re.compile(r"^[a-z][a-z-]{0,31}$")
Handler = Callable[..., Awaitable[Answer]]
PackChoices = Callable[[Pack], Sequence[Choice]]
Suggest = Callable[[Any, str], Awaitable[Sequence[Choice]]]
Each = Callable[[Pack], Mapping[str, "Option"]]
File = typing.NewType("File", str)
"""The text inside a file that somebody sends."""
Weekdays = typing.NewType("Weekdays", tuple[Weekday, ...])
"""One or more days of the week, in their order."""


class OptionType(Enum):
    """What an option's value is. `values.py` reads each from text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    ZONE = "zone"
    WEEKDAY = "weekday"
    WEEKDAYS = "weekdays"
    FILE = "file"


_TYPES: dict[object, OptionType] = {
    str: OptionType.TEXT,
    int: OptionType.NUMBER,
    date: OptionType.DATE,
    time: OptionType.TIME,
    ZoneInfo: OptionType.ZONE,
    Weekday: OptionType.WEEKDAY,
    Weekdays: OptionType.WEEKDAYS,
    File: OptionType.FILE,
}


@dataclass(frozen=True, slots=True)
class Option:
    """What an annotated parameter says of itself beyond its type.

    `choices` come from the pack and are the only values allowed; `suggest` proposes values from the caller's own data.
    `greedy` takes all words that belong to no other option.
    `keyword_only` is for what buttons give: no bare word
    means it, and no form asks for it. Lengths are in characters, `low` and `high` inclusive. A file has a length of its own.
    `each` makes an option of its own out of each of the pack's (a level for each skill); the handler gets those that were
    given, by name.
    """

    description: str
    choices: PackChoices | None = None
    suggest: Suggest | None = None
    greedy: bool = False
    max_length: int = 200
    low: int | None = None
    high: int | None = None
    multiline: bool = False
    keyword_only: bool = False
    each: Each | None = None


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of a command, complete. `part_of` names the parameter whose `each` made it."""

    name: str
    kind: OptionType
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
        return OptionSpec(parameter.name, OptionType.TEXT, required, about)
    return OptionSpec(parameter.name, _TYPES[_without_none(typing.get_args(hint)[0])], required, about)


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command, complete. `path` is its words: ("plan", "add")."""

    path: tuple[str, ...]
    summary: str
    handler: Handler
    options: tuple[OptionSpec, ...]
    admin: bool = False
    writes: bool = False
    examples: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The words as typed: `plan add`."""
        return " ".join(self.path)

    @property
    def usage(self) -> str:
        """The words with their options: `plan add <what> [by:]`."""
        return " ".join((self.name, *(_usage(option) for option in self.options if not option.about.keyword_only)))

    def for_pack(self, pack: Pack) -> CommandSpec:
        """The command with every option that the pack gives it.

        Raises:
            ValueError: a platform would refuse it.
        """
        made = tuple(option for given in self.options for option in _made_of(given, pack))
        if len(made) > MAX_CHILDREN:
            raise ValueError(f"{self.name} has more than {MAX_CHILDREN} options")
        return self if made == self.options else replace(self, options=made)

    def option(self, name: str) -> OptionSpec | None:
        """The option of that name, if there is one."""
        return next((option for option in self.options if option.name == name), None)


def _made_of(option: OptionSpec, pack: Pack) -> Iterator[OptionSpec]:
    if option.about.each is None:
        yield option
        return
    for name, about in option.about.each(pack).items():
        check_words((name,), about.description)
        yield OptionSpec(name, OptionType.TEXT, required=False, about=about, part_of=option.name)


def _usage(option: OptionSpec) -> str:
    return f"<{option.name}>" if option.required else f"[{option.name}]"


@dataclass(slots=True)
class Registry:
    """All commands, in the order of their declaration."""

    commands: dict[tuple[str, ...], CommandSpec] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[CommandSpec]:
        return iter(self.commands.values())

    def group(self, name: str, summary: str) -> None:
        """Declare a word that has commands below it."""
        check_words((name,), summary)
        self.groups[name] = summary

    def command(
        self,
        name: str,
        summary: str,
        *,
        admin: bool = False,
        writes: bool = False,
        examples: Sequence[str] = (),
    ) -> Callable[[Handler], Handler]:
        """Declare an async function as the command `name` ("plan add").

        `admin` commands are for those who manage the workspace; one that `writes` runs once for each idempotency key.

        Raises:
            ValueError: a platform would refuse it.
        """

        def declare(handler: Handler) -> Handler:
            path = tuple(name.split())
            spec = CommandSpec(path, summary, handler, options_of(handler), admin, writes, tuple(examples))
            self._add(spec)
            return handler

        return declare

    def _add(self, spec: CommandSpec) -> None:
        check_words(spec.path, spec.summary)
        if spec.path in self.commands:
            raise ValueError(f"{spec.name} is declared twice")
        if len(spec.path) > 2 or (len(spec.path) == 2 and spec.path[0] not in self.groups):
            raise ValueError(f"{spec.name}: declare the group {spec.path[0]} first; groups do not nest")
        if len(spec.options) > MAX_CHILDREN:
            raise ValueError(f"{spec.name} has more than {MAX_CHILDREN} options")
        self.commands[spec.path] = spec
        for parent in {(), spec.path[:-1]}:
            if len(self.children(parent)) > MAX_CHILDREN:
                raise ValueError(f"more than {MAX_CHILDREN} commands below {parent or 'the top'}")

    def children(self, parent: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The words that can follow `parent`, in order."""
        depth = len(parent)
        words = (path[depth] for path in self.commands if path[:depth] == parent and len(path) > depth)
        return tuple(dict.fromkeys(words))
