"""Everything hearing a request depends on, as it is for its caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from mentorbot.chat.cards import Choice
from mentorbot.commands.assistant import Turn
from mentorbot.commands.context import CommandRequest, Context
from mentorbot.domain.people import Person
from mentorbot.errors import PersonError
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import UTC
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.registry import CommandSpec, OptionSpec, Suggest
from mentorbot.storage import Store, UnitOfWork


class CallerSurroundings:
    """The surroundings of one request, each part looked up at most once.

    `person` is the caller as they've just been read, None if they're unknown or weren't read. `turn` is the language model's, if
    there's one.
    """

    def __init__(
        self,
        request: CommandRequest,
        store: Store,
        context_in: Callable[[UnitOfWork], Context],
        pack: Pack,
        locale: str,
        person: Person | None,
        today: date,
    ) -> None:
        self._request, self._store, self._context_in = request, store, context_in
        self.locale, self.person = locale, person
        self.rough = ParseContext(pack, today)
        self._local: ParseContext | None = None
        self._own: dict[object, Sequence[Choice]] = {}
        self.turn: Turn | None = None

    async def local(self) -> ParseContext:
        """Return the parse context with the caller's local day."""
        if self._local is None:
            async with self._store.unit_of_work(self._request.caller.channel.workspace) as uow:
                context = self._context_in(uow)
                zone = await context.zone()
            self._local = ParseContext(self.rough.pack, context.now.astimezone(zone or UTC).date())
        return self._local

    async def is_admin(self) -> bool:
        """Return True if the caller manages the workspace."""
        return (await self._request.caller.member()).admin

    async def at_hand(self, option: OptionSpec) -> str:
        """Give the one of these values that “it” means, e.g. the step under way; "" if it could be several."""
        if option.declared.at_hand is None:
            return ""
        async with self._store.unit_of_work(self._request.caller.channel.workspace) as uow:
            return await option.declared.at_hand(self._context_in(uow))

    async def own_values(self, option: OptionSpec) -> Sequence[Choice]:
        """List the values an option can have among the caller's own data."""
        return await self._listed_by(option.declared.suggest)

    async def former_values(self, option: OptionSpec) -> Sequence[Choice]:
        """List those of the caller's values that may still be named, e.g. steps that are done."""
        return await self._listed_by(option.declared.former)

    async def values_in_order(self, option: OptionSpec) -> Sequence[Choice]:
        """List the same values in the order the caller sees them in."""
        return await self._listed_by(option.declared.in_order or option.declared.suggest)

    async def saved_options(self, command: CommandSpec) -> Mapping[str, str]:
        """Look up what the caller has saved of a command's options."""
        if command.saved is None:
            return {}
        async with self._store.unit_of_work(self._request.caller.channel.workspace) as uow:
            return await command.saved(self._context_in(uow))

    async def _listed_by(self, source: Suggest | None) -> Sequence[Choice]:
        if source is None:
            return ()
        if source not in self._own:
            async with self._store.unit_of_work(self._request.caller.channel.workspace) as uow:
                try:
                    self._own[source] = await source(self._context_in(uow), "")
                except PersonError:
                    self._own[source] = ()  # e.g. someone who mentors nobody has no learners to choose from
        return self._own[source]
