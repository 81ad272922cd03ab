"""Answers that follow from the role pack and a typed line alone, made once for everyone who types it."""

from __future__ import annotations

from dataclasses import dataclass

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands.context import CommandRequest
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec

FROM_PACK = frozenset(("ask", "brief", "salary", "about"))
"""Commands whose handlers take a `PackContext`, so they see no caller, no database and no clock."""
MAX_ANSWERS = 500
"""Answers kept at a time; the oldest goes first. A pack has fewer sections, entries and levels to ask for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer, and the name of the command it's from."""

    command: str
    answer: Card


class PreparedAnswers:
    """The answers to `FROM_PACK` commands, by line. All of them go when the pack changes, so none is stale or somebody else's.

    Free texts aren't kept: nobody needs to find a question in our memory, and it rarely comes twice.
    """

    def __init__(self, library: Library) -> None:
        self._library, self._pack = library, library.default
        self._answers: dict[str, Prepared] = {}

    def get(self, request: CommandRequest) -> Prepared | None:
        """Look up the answer to a request; None if it has to be made."""
        if request.spoken or request.options:
            return None
        if self._pack is not self._library.default:
            self._pack = self._library.default
            self._answers.clear()
        return self._answers.get(request.line)

    def keep(self, request: CommandRequest, command: CommandSpec, pack: Pack, answer: Answer) -> None:
        """Keep the answer that a command made from `pack`, if it can be kept and the pack hasn't changed meanwhile."""
        if (
            command.name not in FROM_PACK
            or request.spoken
            or request.options
            or not isinstance(answer, Card)
            or answer.error
        ):
            return
        if any(option.declared.multiline for option in command.options):
            return
        if pack is not self._pack or pack is not self._library.default:
            return
        if len(self._answers) >= MAX_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[request.line] = Prepared(command.name, answer)
