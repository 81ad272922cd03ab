"""The chat platform is down for an hour, or the clock jumps by one: late is said, and nothing is lost or comes twice."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from .conftest import DUE, Bot

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALL_SENT = {"sent": 40}


@pytest.mark.parametrize("kinds", [("500", "page", "close_before"), ("500", "close_before", "close_after")])
async def test_the_platform_is_down_for_an_hour(bot: Bot, kinds: tuple[str, ...]) -> None:
    dice = random.Random(1)  # noqa: S311  no secret
    for method in ("chat.postMessage", "conversations.history"):
        bot.slack.fail(method, *(dice.choice(kinds) for _ in range(5_000)))
    for number in range(0, 60, 5):
        await bot.tick_at(DUE + number * MINUTE)
    bot.slack.mend()
    for number in range(60, 160, 10):
        await bot.tick_at(DUE + number * MINUTE)
    assert await bot.states() == ALL_SENT
    assert list(bot.posted.values()) == [1] * 40
    if "close_after" not in kinds:
        texts = [json.dumps(message) for room in bot.slack.conversations.values() for message in room.messages]
        assert all("Late: this was due on Monday at 09:00" in text for text in texts)


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_the_clock_jumps_while_messages_are_in_doubt(bot: Bot, jump: timedelta) -> None:
    dice = random.Random(2)  # noqa: S311  no secret
    bot.slack.fail("chat.postMessage", *(dice.choice(("", "close_after", "close_before", "500")) for _ in range(40)))
    await bot.tick_at(DUE)
    assert 0 < (await bot.states())["pending"] < 40
    for number in range(0, 180, 15):  # the clock of the platform stays as it is
        await bot.tick_at(DUE + jump + number * MINUTE)
    assert await bot.states() == ALL_SENT
    assert list(bot.posted.values()) == [1] * 40
