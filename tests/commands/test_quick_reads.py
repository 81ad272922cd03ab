"""The commonest requests take a few short reads, and SQLite answers those at once: no connection and no thread."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card

from .conftest import Chat

LINES = (
    "help",
    "plan show",
    "checkin now",
    "salary senior",
    "brief responsibilities",
    "ask how long does it take",
)


@pytest.mark.parametrize("line", LINES)
async def test_no_connection_is_opened(chat: Chat, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    await chat.copy(person="ben").say("pair offer any max:2")
    await chat.say("plan save ai-solutions-architect hours:5")
    await chat.say("pair request ben")
    await chat.copy(person="ben").say("pair accept ada")
    monkeypatch.setattr(chat.app_context.store, "_sessions", _refuse)
    answer = await chat.say(line)
    assert isinstance(answer, Card)
    assert answer.error is None


def _refuse() -> None:
    raise AssertionError("this opened a connection")
