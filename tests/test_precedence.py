"""What can wait gives way to people's answers, but not forever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import pytest

from mentorbot.precedence import MANY_ANSWERS, MAX_WAIT_SECONDS, MOST_ANSWERS, Precedence

WAYS = [
    pytest.param(Precedence.give_way, MANY_ANSWERS, id="messages"),
    pytest.param(Precedence.take_turn, MOST_ANSWERS, id="requests"),
]


@pytest.mark.parametrize(("wait", "limit"), WAYS)
async def test_nothing_waits_below_the_limit(wait: Callable[[Precedence], Awaitable[None]], limit: int) -> None:
    precedence = Precedence()
    began = time.monotonic()
    with ExitStack() as answers:
        for _ in range(limit - 1):
            answers.enter_context(precedence.answering())
        for _ in range(100):
            await wait(precedence)
    assert time.monotonic() - began < MAX_WAIT_SECONDS


@pytest.mark.parametrize(("wait", "limit"), WAYS)
async def test_at_the_limit_one_begins_after_the_other_and_all_once_there_is_room(
    wait: Callable[[Precedence], Awaitable[None]], limit: int
) -> None:
    precedence, begun = Precedence(), list[int]()

    async def begin(number: int) -> None:
        await wait(precedence)
        begun.append(number)

    with ExitStack() as answers:
        for _ in range(limit):
            answers.enter_context(precedence.answering())
        beginning = [asyncio.create_task(begin(number)) for number in range(50)]
        await asyncio.sleep(MAX_WAIT_SECONDS * 2.5)
        assert 0 < len(begun) < 10
    await asyncio.gather(*beginning)
    assert begun == list(range(50))


async def test_messages_wait_longer_than_requests() -> None:
    precedence = Precedence()
    with ExitStack() as answers:
        for _ in range(MANY_ANSWERS):
            answers.enter_context(precedence.answering())
        sending = asyncio.create_task(precedence.give_way())
        await precedence.take_turn()
        await asyncio.sleep(0)
        assert not sending.done()
    await sending
