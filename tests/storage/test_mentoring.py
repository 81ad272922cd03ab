"""Many people who look for a mentor at once."""

from __future__ import annotations

import asyncio

from mentorbot.app import open_context
from mentorbot.chat.platform import Channel, Member
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.settings import Settings

from .conftest import OURS


def command(user_id: str, line: str) -> CommandRequest:
    """A command line that a person types in a channel."""

    async def member() -> Member:
        return Member(user_id, user_id)

    return CommandRequest(Caller(Channel(OURS, "C1", "general"), user_id, user_id, member), line)


async def test_a_mentor_is_not_asked_by_more_than_they_take(url: str, clock: FrozenClock) -> None:
    async with open_context(Settings(database_url=url), clock) as context:
        answer = context.dispatcher.answer
        await answer(command("chen", "pair offer any max:2"))
        requests = [command(f"u{number}", f"pair request {'chen' if number % 2 else 'any'}") for number in range(8)]
        # Each comes twice: nobody has two requests either.
        answers = await asyncio.gather(*(answer(request) for request in (*requests, *requests)))
        assert not [card for card in answers if getattr(card, "error", None) in ("internal", "busy", "database")]
        async with context.store.unit_of_work(OURS) as uow:
            mentor = await uow.mentorships.mentor("chen", context.library.default.info.role)
        assert mentor is not None
        assert mentor.load == 2
