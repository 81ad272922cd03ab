"""Moving steps, and when they come then."""

from __future__ import annotations

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
