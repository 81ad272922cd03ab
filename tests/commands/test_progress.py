"""The current week in a learner's progress: before, during and after the work."""

from __future__ import annotations

from .conftest import Chat


async def test_a_finished_week_keeps_its_hours(chat: Chat) -> None:
    await chat.say("plan add Read hours:1")
    await chat.say("plan add Write hours:2")
    assert "This week: 0 hours worked, 3 more planned" in await chat.text("progress")
    await chat.say("plan done 1")
    assert "This week: 1 hour worked, 2 more planned" in await chat.text("progress")
    await chat.say("plan done 2")
    assert "This week: 3 hours worked, no more planned" in await chat.text("progress")


async def test_a_week_without_work_says_so(chat: Chat) -> None:
    await chat.say("plan add Read")
    await chat.say("plan drop 1")
    assert "This week: nothing planned" in await chat.text("progress")
