"""Many people who look for a mentor at once."""

from __future__ import annotations

import asyncio

from mentorbot.app import open_context
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.settings import Settings


def request(person: str, line: str) -> CommandRequest:
    async def member() -> Member:
        return Member(person, person)

    return CommandRequest(Caller(Channel(Workspace("slack", "T1"), "C1", "general"), person, person, member), line)


async def test_a_mentor_is_not_asked_by_more_than_they_take(url: str, clock: FrozenClock) -> None:
    async with open_context(Settings(database_url=url), clock) as core:
        answer = core.dispatcher.answer
        await answer(request("chen", "pair offer max:2"))
        lines = [request(f"u{number}", f"pair request {'chen' if number % 2 else 'any'}") for number in range(8)]
        # Each comes twice: nobody has two requests either.
        told = await asyncio.gather(*(answer(one) for one in (*lines, *lines)))
        assert not [one for one in told if getattr(one, "error", None) in ("internal", "busy", "database")]
        async with core.store.unit_of_work(Workspace("slack", "T1")) as uow:
            mentor = await uow.mentorships.mentor("chen", core.library.default.info.role)
        assert mentor is not None
        assert mentor.load == 2
