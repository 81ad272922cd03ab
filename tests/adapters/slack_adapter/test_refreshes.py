"""Refreshes wait until fewer people wait for answers, unless someone waits for the refresh itself."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack.refreshes import Refreshes
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.context import Caller
from mentorbot.precedence import MANY_ANSWERS, MAX_WAIT_SECONDS, Precedence

WORKSPACE = Workspace("slack", "T1")


def caller(user_id: str) -> Caller:
    async def member() -> Member:
        return Member(user_id, user_id, admin=False)

    return Caller(Channel(WORKSPACE, "C1", "general"), user_id, user_id, member)


async def test_whoever_opens_a_page_gets_it_before_those_nobody_waits_for() -> None:
    refreshed, in_flight, precedence = list[str](), InFlight(), Precedence()

    async def refresh(person: Caller) -> None:
        refreshed.append(person.user_id)

    refreshes = Refreshes(refresh, in_flight, precedence, "pages")
    with ExitStack() as answers:
        for _ in range(MANY_ANSWERS):
            answers.enter_context(precedence.answering())
        for number in range(20):
            refreshes.soon(caller(f"U{number}"))
        refreshes.soon(caller("U19"))
        await refreshes.now(caller("U19"))
        assert refreshed == ["U19"]
        await asyncio.sleep(MAX_WAIT_SECONDS * 1.5)
        assert len(refreshed) < 10
    await in_flight.drained()
    assert refreshed == ["U19", *(f"U{number}" for number in range(19))]
