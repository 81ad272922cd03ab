"""Work nobody waits for gives way to people's answers, but not forever."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack

from mentorbot.precedence import MANY_ANSWERS, MAX_WAIT_SECONDS, Precedence


async def test_nothing_waits_on_a_quiet_bot() -> None:
    precedence = Precedence()
    began = time.monotonic()
    with precedence.answering():
        for _ in range(100):
            await precedence.give_way()
    assert time.monotonic() - began < MAX_WAIT_SECONDS


async def test_what_can_wait_begins_one_after_the_other_while_many_wait_for_answers() -> None:
    precedence, begun = Precedence(), list[int]()

    async def send(number: int) -> None:
        await precedence.give_way()
        begun.append(number)

    with ExitStack() as answers:
        for _ in range(MANY_ANSWERS):
            answers.enter_context(precedence.answering())
        sending = [asyncio.create_task(send(number)) for number in range(50)]
        await asyncio.sleep(MAX_WAIT_SECONDS * 2.5)
        assert 0 < len(begun) < 10
    await asyncio.gather(*sending)
    assert begun == list(range(50))
