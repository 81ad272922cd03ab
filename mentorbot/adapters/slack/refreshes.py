"""Background refreshes: something of a person's is brought up to date after each change they make, when nobody waits for more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from mentorbot.adapters.in_flight import InFlight
from mentorbot.chat.platform import Workspace
from mentorbot.commands.context import Caller
from mentorbot.errors import DatabaseProblem, SendError
from mentorbot.precedence import Precedence
from mentorbot.tasks import join

log = logging.getLogger(__name__)
_Person = tuple[Workspace, str]


class Refreshes:
    """At most one `refresh` at a time for each person. Changes that come meanwhile are covered by one more."""

    def __init__(
        self,
        refresh: Callable[[Caller], Awaitable[None]],
        in_flight: InFlight,
        precedence: Precedence,
        name: str,
    ) -> None:
        self._refresh, self._in_flight, self._precedence, self._name = refresh, in_flight, precedence, name
        self._waiting: dict[_Person, asyncio.Task[None]] = {}
        self._running: dict[_Person, asyncio.Task[None]] = {}
        self._again: set[_Person] = set()

    def soon(self, caller: Caller) -> None:
        """Refresh in the background, once it's the turn of something nobody waits for."""
        person = (caller.channel.workspace, caller.user_id)
        if person in self._running:
            self._again.add(person)
        elif person not in self._waiting:
            self._waiting[person] = asyncio.create_task(self._wait(caller, person), name=self._name)

    async def now(self, caller: Caller) -> None:
        """Refresh at once, and wait until that's done."""
        person = (caller.channel.workspace, caller.user_id)
        if (waiting := self._waiting.pop(person, None)) is not None:
            waiting.cancel()
        await join(self._begin(caller, person))

    def _begin(self, caller: Caller, person: _Person) -> asyncio.Task[None]:
        if person in self._running:
            self._again.add(person)
        else:
            self._running[person] = asyncio.create_task(self._run(caller, person), name=self._name)
        return self._running[person]

    async def _wait(self, caller: Caller, person: _Person) -> None:
        with self._in_flight:
            await self._precedence.give_way()
            self._waiting.pop(person, None)
            await asyncio.wait({self._begin(caller, person)})  # so that it counts as in flight all the time

    async def _run(self, caller: Caller, person: _Person) -> None:
        try:
            with self._in_flight:
                while True:
                    self._again.discard(person)
                    await self._refresh(caller)
                    if person not in self._again:
                        return
        except (SendError, DatabaseProblem) as error:
            log.warning("%s: not brought up to date: %s", self._name, error)
        finally:
            del self._running[person]
