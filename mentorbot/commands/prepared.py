"""Answers that follow from the role pack and what's typed alone, made once for everyone who types it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands.context import CommandRequest
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec
from mentorbot.views.ask import offers_plan, without_plan_offer

FROM_PACK = frozenset(("ask", "brief", "salary", "about"))
"""Commands whose handlers take a `PackContext`, so they see no caller, no database and no clock."""
MAX_ANSWERS = 500
"""Answers of each kind kept at a time; the oldest goes first. A pack has fewer sections, entries and levels to ask for."""


Kept = TypeVar("Kept")


class _PackAnswers(Generic[Kept]):
    """Answers made from the packs, by role and a key of texts. All of them go when a pack changes, so none is stale."""

    def __init__(self, library: Library) -> None:
        self._library, self._packs = library, library.packs
        self._answers: dict[tuple[str, ...], tuple[Pack, Kept]] = {}

    def _find(self, pack: Pack, *key: str) -> Kept | None:
        if self._packs is not self._library.packs:
            self._packs = self._library.packs
            self._answers.clear()
        made_from, kept = self._answers.get((pack.info.role, *key), (None, None))
        return kept if made_from is pack else None

    def _keep(self, kept: Kept, pack: Pack, *key: str) -> None:
        """Keep what was made from `pack`, unless the packs have changed meanwhile."""
        if self._packs is not self._library.packs:
            return
        if len(self._answers) >= MAX_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[pack.info.role, *key] = pack, kept


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer, and the name of the command it's from."""

    command: str
    answer: Card


class PreparedAnswers(_PackAnswers[Prepared]):
    """The answers to `FROM_PACK` commands, by role, locale and line. Free texts aren't among them: see `QuestionAnswers`."""

    def get(self, request: CommandRequest, pack: Pack, locale: str) -> Prepared | None:
        """Look up the answer to someone who learns the role of `pack` and reads `locale`; None if it has to be made."""
        if request.spoken or request.options:
            return None
        return self._find(pack, locale, request.line)

    def keep(self, request: CommandRequest, command: CommandSpec, pack: Pack, locale: str, answer: Answer) -> None:
        """Keep the answer that a command made from `pack`, if it can be kept."""
        if (
            command.name not in FROM_PACK
            or request.spoken
            or request.options
            or not isinstance(answer, Card)
            or answer.error
        ):
            return
        if not any(option.declared.multiline for option in command.options):
            self._keep(Prepared(command.name, answer), pack, locale, request.line)


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """The answer to a question, and the one for people who have a plan already."""

    answer: Answer
    with_plan: Answer

    @property
    def offers_plan(self) -> bool:
        """True if it makes a difference."""
        return self.with_plan is not self.answer

    @classmethod
    def of(cls, answer: Answer) -> QuestionAnswer:
        """Make both from what the handler of `ask` gives."""
        offers = isinstance(answer, Card) and offers_plan(answer)
        return cls(answer, without_plan_offer(answer) if isinstance(answer, Card) and offers else answer)


class QuestionAnswers(_PackAnswers[QuestionAnswer]):
    """The answers to questions asked lately, by role, locale and the handler's options.

    Searching takes most of an answer's time, and buttons with related questions bring the same ones again. A question itself
    isn't kept, only its digest: nobody needs to find one in our memory.
    """

    def get(self, pack: Pack, locale: str, values: Mapping[str, object]) -> QuestionAnswer | None:
        """Look up the answer to a question; None if it has to be made."""
        return self._find(pack, locale, _digest(values))

    def keep(self, pack: Pack, locale: str, values: Mapping[str, object], answer: Answer) -> QuestionAnswer:
        """Keep an answer that was made from `pack`, and return it."""
        kept = QuestionAnswer.of(answer)
        self._keep(kept, pack, locale, _digest(values))
        return kept


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode(errors="surrogatepass")).hexdigest()
