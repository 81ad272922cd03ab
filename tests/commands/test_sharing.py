"""Answers made from the role pack may be shown to a channel; anything else may not."""

from __future__ import annotations

from mentorbot.chat.cards import Card
from mentorbot.commands import load_commands
from mentorbot.commands.sharing import SHAREABLE, mark_shareable
from mentorbot.views.talk import with_alternatives

from .conftest import Chat


async def test_answers_from_the_pack_are_shareable_and_personal_ones_are_not(chat: Chat) -> None:
    assert (await chat.card("salary senior")).shareable
    for line in ("plan show", "progress", "me show", "why", "salary nonsense"):
        assert not (await chat.card(line)).shareable


def test_marking_twice_changes_nothing() -> None:
    registry = load_commands()
    before = dict(registry.commands)
    mark_shareable(registry)
    assert registry.commands == before
    assert not [name for name in SHAREABLE if registry.find(tuple(name.split())) is None]


def test_an_answer_that_offers_something_personal_is_for_its_author() -> None:
    shareable = Card("5-10 years", shareable=True)
    assert with_alternatives(shareable, []) == shareable
    offered = with_alternatives(shareable, [("Finish “Talk to my boss”", "plan done 1")])
    assert isinstance(offered, Card)
    assert not offered.shareable
