"""`ask`: a free question, answered from the pack, or an honest "That's beyond me"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import PackContext
from mentorbot.commands.pay_places import pay_elsewhere, pay_in_a_place
from mentorbot.domain.places import last_place
from mentorbot.packs.follow_ups import FollowUps, turns_of
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Match, Search
from mentorbot.slash.choices import normalize
from mentorbot.slash.registry import Option
from mentorbot.views.ask import (
    both_card,
    closest_card,
    continued_card,
    found_card,
    title_pay_card,
    unknown_card,
)
from mentorbot.views.role import other_role_card
from mentorbot.views.salary import no_pay_card, salary_card


def complete_question(pack: Pack, typed: str) -> Sequence[Choice]:
    """List what was typed, if it's anything, and the questions of the pack that are like it."""
    asked = [Choice(entry.question, entry.question) for entry in pack.faq]
    words = [word for word in normalize(typed).split() if len(word) > 1]
    like = [choice for choice in asked if all(word in normalize(choice.label) for word in words)]
    return [*([Choice(typed, typed)] if typed.strip() else []), *like]


@registry.command(
    "ask",
    "Ask anything about the role in your own words.",
    examples=("ask how long does it take from scratch",),
    intents=("I have a question", "can I ask you something", "ask something"),
    label="Ask[ “{question}”]",
)
async def ask(
    context: PackContext,
    question: Annotated[
        str, Option("Your question", greedy=True, max_length=500, multiline=True, complete=complete_question)
    ],
    after: Annotated[str | None, Option("The questions it goes on with", keyword_only=True, max_length=2000)] = None,
) -> Answer:
    """Give the passage that answers the question with its source, and related ones as buttons. Without one, say so."""
    pack, search = context.pack, context.library.search_of(context.pack)
    if after and (card := _going_on(pack, search, turns_of(after), question)):
        return card
    other = context.library.other_role_in(question, pack)
    shorter, _ = last_place(question)
    if other and context.library.search_of(other).find(shorter).chance > search.find(shorter).chance:
        return other_role_card(pack, other)
    return _answer(pack, search, question)


def _going_on(pack: Pack, search: Search, before: Sequence[str], question: str) -> Answer | None:
    """Answer a question that goes on with those before it; None if they have no answer to go on with."""
    for turn in dict.fromkeys((before[-1], before[0])):
        if card := pay_in_a_place(pack, search, f"{turn} {question}"):
            return card
    found = FollowUps(search).answer(before, question)
    if found is None or not found.result.hits:
        return None
    if found.result.about_pay and pack.salaries and found.result.titles:
        return title_pay_card(pack, pack.salaries, found.result.titles)
    return continued_card(pack, found)


def _answer(pack: Pack, search: Search, question: str) -> Answer:
    if card := pay_in_a_place(pack, search, question):
        return card
    results = search.answers(question)
    best = results[0]
    if pack.salaries is None and (
        (not best.sure and pay_elsewhere(search, question)) or (best.about_pay and not best.confident)
    ):
        return no_pay_card(pack)
    if not best.confident and pay_elsewhere(search, question):
        return salary_card(pack)  # “pay in finance”: all that's known about it
    if best.about_pay and pack.salaries and best.titles:
        return title_pay_card(pack, pack.salaries, best.titles)
    if len(results) > 1:
        return both_card(pack, results[0].hits[0], results[1].hits[0])
    if best.match is Match.NONE:
        return unknown_card(pack)
    return found_card(pack, best.hits, sure=best.sure) if best.confident else closest_card(pack, best.hits)
