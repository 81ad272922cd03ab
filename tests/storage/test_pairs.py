"""Many people who look for a mentor at once."""

from __future__ import annotations

import asyncio

from mentorbot.app import open_core
from mentorbot.clock import StoppedClock
from mentorbot.commands.call import Caller, Request
from mentorbot.messenger import Channel, Member, Workspace
from mentorbot.settings import Settings


def request(person: str, line: str) -> Request:
    async def member() -> Member:
        return Member(person, person)

    return Request(Caller(Channel(Workspace("slack", "T1"), "C1", "general"), person, person, member), line)


async def test_a_mentor_is_not_asked_by_more_than_they_take(url: str, clock: StoppedClock) -> None:
    async with open_core(Settings(database_url=url), clock) as core:
        answer = core.dispatcher.answer
        await answer(request("chen", "pair offer max:2"))
        lines = [request(f"u{number}", f"pair request {'chen' if number % 2 else 'any'}") for number in range(8)]
        # Each comes twice: nobody has two requests either.
        told = await asyncio.gather(*(answer(one) for one in (*lines, *lines)))
        assert not [one for one in told if getattr(one, "error", None) in ("internal", "busy", "database")]
        async with core.store.unit(Workspace("slack", "T1")) as unit:
            mentor = await unit.pairs.mentor("chen", core.library.default.info.role)
        assert mentor is not None
        assert mentor.load == 2
