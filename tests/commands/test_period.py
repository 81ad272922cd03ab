"""What was done in some days, and what's due or planned in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock

from .conftest import STEPS, Chat


@pytest.fixture
async def worker(chat: Chat, clock: FrozenClock) -> Chat:
    """Ada a week after she worked 3 h on a step and finished another; a third one is due before Christmas."""
    for step in STEPS[:3]:
        await chat.say(f'plan add what:"{step}" hours:4')
    await chat.say("plan log 1 hours:3")
    await chat.say("plan done 2")
    await chat.say("plan edit 3 by:2026-12-18")
    clock.travel_to(clock.now() + timedelta(days=7))
    return chat


async def told(chat: Chat, text: str) -> str:
    card = await chat.speak(text)
    assert isinstance(card, Card)
    return plain_text(card)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what did i do last week", "23–29 Nov: 3 h done, 1 step finished"),
        ("how many hours did I log in november", "1–30 Nov: 3 h done, 1 step finished"),
        ("what have I done since 20 november", "20–30 Nov: 3 h done, 1 step finished"),
        ("how many hours did I do in october", "1–31 Oct: no hours logged"),
        ("what's due before christmas?", "30 Nov – 25 Dec: 5 h planned"),
        ("what do i have next week", "7–13 Dec: 1 h planned"),
    ],
)
async def test_some_days_are_summed_up(worker: Chat, text: str, title: str) -> None:
    assert (await told(worker, text)).splitlines()[0] == title


async def test_whats_due_is_named_with_its_day(worker: Chat) -> None:
    assert f"Due 18 December: {STEPS[2]}" in await told(worker, "what's due in december")
    assert "Nothing's due." in await told(worker, "what's due next week")


async def test_a_past_due_date_is_told_as_one(worker: Chat, clock: FrozenClock) -> None:
    clock.travel_to(clock.now() + timedelta(days=30))
    assert "was due 18 December" in await worker.text("plan show")
