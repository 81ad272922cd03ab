"""The request a text turned out to be, and everything hearing it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from mentorbot.chat.cards import Choice
from mentorbot.domain.conversation import SmallTalk
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.registry import CommandSpec, OptionSpec
from mentorbot.slash.tokenizer import format_line

_REMARKS = frozenset(
    {
        SmallTalk.REMARK,
        SmallTalk.LAUGH,
        SmallTalk.GLAD,
        SmallTalk.LATER,
        SmallTalk.STORY,
        SmallTalk.REVOCABLE,
        SmallTalk.WOULD,
        SmallTalk.DID,
    }
)
"""Small talk beside the matter."""


class Surroundings(Protocol):
    """Everything hearing depends on besides the text. Each part is looked up only if it's needed."""

    @property
    def rough(self) -> ParseContext:
        """The parse context with today's date in UTC, which is enough to find a command."""

    async def local(self) -> ParseContext:
        """Return the parse context with the caller's local day."""

    async def own_values(self, option: OptionSpec) -> Sequence[Choice]:
        """List the values an option can have among the caller's own data, e.g. their steps."""

    async def former_values(self, option: OptionSpec) -> Sequence[Choice]:
        """List those of the caller's values that may still be named, e.g. steps that are done."""

    async def values_in_order(self, option: OptionSpec) -> Sequence[Choice]:
        """List the same values in the order the caller sees them in."""

    async def at_hand(self, option: OptionSpec) -> str:
        """Give the one of these values that “it” means, e.g. the step under way; "" if it could be several."""

    async def is_admin(self) -> bool:
        """Return True if the caller manages the workspace."""


class Hearing(Enum):
    """The kinds of text."""

    RUN = "run"
    OFFER = "offer"
    SMALL_TALK = "small talk"
    QUESTION = "question"
    CLOSEST = "closest"
    WHICH = "which"


class Kind(Enum):
    """A text that asks for none of the commands but `ask`, which answers what people want to learn.

    `BOT` is about the bot itself, `OFF` about nothing it knows, `UNABLE` for what no bot like this can do, and `DENIAL` leaves
    things as they are.
    """

    LEARN = "ask"
    BOT = "bot"
    REMARK = "remark"
    MOOD = "mood"
    OFF = "off"
    UNABLE = "unable"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Understood:
    """A command and the text of its options, as far as they were said."""

    command: CommandSpec
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The command as a line that parses back to it."""
        return format_line(self.command.path, self.raw)

    @property
    def names_own(self) -> bool:
        """True if it's about something of the caller's own, like a step or a learner."""
        return any(option.declared.suggest is not None for option in self.command.options if option.name in self.raw)


@dataclass(frozen=True, slots=True)
class Heard:
    """The request in a text.

    RUN runs the first command, and offers the others; OFFER has one or several, and it's `clear` if the first is likely the one;
    SMALL_TALK has those that may help.
    It's `in_full` if a button was meant, e.g. with “tell me more”: what that shows isn't cut.
    `leftover` are words that weren't understood, and `misread` is the slip a command's word was read in spite of. `question` is
    what to look up, if that isn't the text itself. It's `proposed` if a language model took the text for that, `guessed` if only
    its words speak for it, and it asks for `several` things if all its commands are meant. `choices` are the labels and lines
    of the buttons a text left open. It `amends` the command that was open before, if there was one. What the first command would
    do is told if someone `supposes` it, or asks. `shows` is the command whose answer says how things would be then.
    """

    hearing: Hearing
    commands: tuple[Understood, ...] = ()
    small_talk: SmallTalk | None = None
    leftover: str = ""
    misread: str = ""
    question: str = ""
    clear: bool = False
    in_full: bool = False
    proposed: bool = False
    guessed: bool = False
    several: bool = False
    choices: Sequence[tuple[str, str]] = ()
    amends: Understood | None = None
    supposes: bool = False
    shows: Understood | None = None

    @property
    def line(self) -> str:
        """The line that was run or offered, which a follow-up may refer to; "" if a question was answered."""
        return self.commands[0].line if self.commands and self.hearing is not Hearing.QUESTION else ""

    @property
    def changes_nothing(self) -> bool:
        """True for a remark on what was said, or a question beside it, after which people still refer to that."""
        return self.small_talk in _REMARKS

    def still_offered(self, earlier: str) -> str:
        """Give the line that's to be pressed after this, where the one offered before was `earlier`; "" if there's none."""
        if self.hearing is Hearing.OFFER:
            return self.line
        is_done = self.hearing is Hearing.RUN and self.commands[0].command.writes
        return "" if is_done or self.small_talk is SmallTalk.NOTHING else earlier

    def names(self, command: CommandSpec | None) -> bool:
        """Return True if the command is the first one heard."""
        return bool(self.commands) and command is not None and self.commands[0].command.path == command.path
