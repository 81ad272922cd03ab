"""The chat platform is down for an hour, or the clock jumps by one: late messages say so, none is lost or sent twice."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from mentorbot.domain.deliveries import DeliveryState

from .conftest import DUE, Bot

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALL_SENT = {DeliveryState.SENT: 40}


@pytest.mark.parametrize("kinds", [("500", "page", "close_before"), ("500", "close_before", "close_after")])
async def test_messages_arrive_once_after_an_hour_of_outage(bot: Bot, kinds: tuple[str, ...]) -> None:
    rng = random.Random(1)
    for method in ("chat.postMessage", "conversations.history"):
        bot.slack.fail(method, *(rng.choice(kinds) for _ in range(5_000)))
    for minutes in range(0, 60, 5):
        await bot.tick_at(DUE + minutes * MINUTE)
    bot.slack.mend()
    for minutes in range(60, 160, 10):
        await bot.tick_at(DUE + minutes * MINUTE)
    assert await bot.states() == ALL_SENT
    assert list(bot.posted.values()) == [1] * 40
    if "close_after" not in kinds:
        texts = [json.dumps(message) for room in bot.slack.conversations.values() for message in room.messages]
        assert all("Late: this was due on Monday at 09:00" in text for text in texts)


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_a_clock_jump_with_unconfirmed_messages_sends_none_twice(bot: Bot, jump: timedelta) -> None:
    rng = random.Random(2)
    bot.slack.fail("chat.postMessage", *(rng.choice(("", "close_after", "close_before", "500")) for _ in range(40)))
    await bot.tick_at(DUE)
    assert 0 < (await bot.states())[DeliveryState.PENDING] < 40
    for minutes in range(0, 180, 15):  # the platform's clock doesn't jump
        await bot.tick_at(DUE + jump + minutes * MINUTE)
    assert await bot.states() == ALL_SENT
    assert list(bot.posted.values()) == [1] * 40
