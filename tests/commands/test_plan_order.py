"""Moving steps, and when they come then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from .conftest import Chat, stored_plan


async def test_moving_a_step_says_which_week_it_lands_in(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    plan = await stored_plan(chat)
    last = next(step for step in reversed(plan.active) if step.requires)
    assert "Other steps come first" in await chat.text(f"plan move {last.number} to:tomorrow")
    await chat.say("plan undo")
    number = plan.next_number
    await chat.say("plan add mine")
    assert "mine now starts Monday, 1 Feb" in await chat.text(f"plan move {number} to:2027-02-03")


async def test_a_move_says_that_the_due_date_moved_along(chat: Chat) -> None:
    await chat.say("plan add mine by:2026-12-18")
    assert "It's due 1 January now." in await chat.text('plan move 1 shift:"2 weeks later"')


@pytest.mark.parametrize(
    ("line", "later"),
    [
        ('shift:"two weeks"', {"weeks": 2}),
        ('shift:"2 weeks"', {"weeks": 2}),
        ('shift:"a week"', {"weeks": 1}),
        ('shift:"by 10 days"', {"days": 10}),
        ("2 weeks", {"weeks": 2}),
        ("to:2026-12-28", {"days": 10}),
    ],
)
async def test_an_amount_of_time_moves_a_step_later_by_that_much(chat: Chat, line: str, later: dict[str, int]) -> None:
    await chat.say("plan add mine by:2026-12-18")
    await chat.say(f"plan move 1 {line}")
    assert (await stored_plan(chat)).step(1).due == date(2026, 12, 18) + timedelta(**later)


async def test_a_step_cannot_come_after_itself(chat: Chat) -> None:
    await chat.say("plan add mine")
    assert "That's the same step twice" in await chat.text("plan move 1 after:1")
