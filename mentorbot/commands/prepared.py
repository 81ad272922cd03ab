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
    """An answer, the name of the command it's from, and the pack it was made from."""

    command: str
    pack: Pack
    answer: Card


class PreparedAnswers:
    """The answers to `FROM_PACK` commands, by role, locale and line. All of them go when a pack changes, so none is stale.

    Free texts aren't kept: nobody needs to find a question in our memory, and it rarely comes twice.
    """

    def __init__(self, library: Library) -> None:
        self._library, self._packs = library, library.packs
        self._answers: dict[tuple[str, str, str], Prepared] = {}

    def get(self, request: CommandRequest, pack: Pack, locale: str) -> Prepared | None:
        """Look up the answer to someone who learns the role of `pack` and reads `locale`; None if it has to be made."""
        if request.spoken or request.options:
            return None
        if self._packs is not self._library.packs:
            self._packs = self._library.packs
            self._answers.clear()
        prepared = self._answers.get((pack.info.role, locale, request.line))
        return prepared if prepared is not None and prepared.pack is pack else None

    def keep(self, request: CommandRequest, command: CommandSpec, pack: Pack, locale: str, answer: Answer) -> None:
        """Keep the answer that a command made from `pack`, if it can be kept and the packs haven't changed meanwhile."""
        if (
            command.name not in FROM_PACK
            or request.spoken
            or request.options
            or not isinstance(answer, Card)
            or answer.error
        ):
            return
        if any(option.declared.multiline for option in command.options) or self._packs is not self._library.packs:
            return
        if len(self._answers) >= MAX_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[pack.info.role, locale, request.line] = Prepared(command.name, pack, answer)
