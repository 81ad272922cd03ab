"""Limits on commands: one person's flood never slows down the others, and what was typed isn't lost."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Buttons, Card
from mentorbot.commands import request_limits
from mentorbot.commands.request_limits import RequestLimits, _Buckets

from .conftest import Chat


class Stopwatch:
    """A monotonic clock that's moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    watch = Stopwatch()
    monkeypatch.setattr(chat.app_context.dispatcher.runner, "limits", RequestLimits(watch))
    return watch


def try_again(card: Card) -> str:
    return next(block.buttons[0].line for block in card.blocks if isinstance(block, Buttons))


async def test_person_gets_twenty_at_once_then_one_a_second(chat: Chat, stopwatch: Stopwatch) -> None:
    other = chat.copy(person="ben")
    for _ in range(20):
        assert (await chat.card("me")).error is None
    refused = await chat.card("plan add Read the RAG paper")
    assert (refused.title, refused.error) == ("Give me 1 second", "too_fast")
    assert (await other.card("me")).error is None
    stopwatch.seconds = 1
    assert (await chat.card(try_again(refused))).error is None
    assert "Read the RAG paper" not in refused.title
    assert (await chat.card("me")).error == "too_fast"
    stopwatch.seconds = 2
    assert "Read the RAG paper" in await chat.text("plan")


async def test_workspace_gets_a_few_imports_and_exports(
    chat: Chat, stopwatch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        assert (await chat.copy(person=f"p{number}").card("plan export json")).error is None
    refused = await chat.card("plan export json")
    assert refused.title == "Give me 10 seconds"
    assert (await chat.card("me")).error is None
    assert (await chat.copy(workspace="T2").card("plan export json")).error is None
    stopwatch.seconds = 10
    assert (await chat.card(try_again(refused))).error is None


def test_memory_of_those_who_have_paused_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "MAX_BUCKETS", 10)
    watch = Stopwatch()
    buckets = _Buckets(20, 1.0, watch)
    for number in range(100):
        watch.seconds += 1.5
        buckets.take(number)
    assert len(buckets._full_at) <= 10
