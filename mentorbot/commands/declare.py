"""Declaring a command once.

`@command("plan add", "Add a step to your plan.")` on an async function whose annotated parameters are its options. From that
come the text grammar, Discord's command tree, the forms, the help, the README's table and the playground's completion.
What a platform would refuse (Discord's names, lengths and counts) is refused here, when the module is imported.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mentorbot.commands.options import MAX_CHILDREN, Handler, Kind, OptionSpec, check_words, options_of

if typing.TYPE_CHECKING:
    from mentorbot.packs.model import Pack


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
        return " ".join((self.name, *(_usage(option) for option in self.options if not option.about.named_only)))

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
        yield OptionSpec(name, Kind.TEXT, required=False, about=about, part_of=option.name)


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


registry = Registry()
"""The commands of this bot. Importing `mentorbot.commands.all` fills it."""
_GROUPS = {
    "tips": "The weekly tip in this channel.",
    "plan": "Your own learning plan.",
    "checkin": "Your weekly check-in.",
    "recall": "One-tap questions on what you have learned.",
    "pair": "Mentors and learners.",
    "me": "What I keep of you.",
    "admin": "For people who manage the workspace.",
}
"""In the order of help, whichever module of theirs is imported first."""
for _name, _summary in _GROUPS.items():
    registry.group(_name, _summary)
