"""Progress: the current week before, during and after the work, and charts."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.cards import ChartImage
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from tests.conftest import line_count

from .conftest import Chat


async def test_hours_count_when_they_are_logged(chat: Chat) -> None:
    await chat.say("plan add Read hours:1")
    await chat.say("plan add Write hours:2")
    assert "0 of 3 h" in await chat.text("progress")
    await chat.say("plan log read 1")
    assert "1 of 3 h" in await chat.text("progress")
    await chat.say("plan done read")
    await chat.say("plan log write 2")
    await chat.say("plan done write")
    assert "3 of 3 h" in await chat.text("progress")


async def test_finishing_a_step_assumes_no_hours(chat: Chat) -> None:
    await chat.say("plan add Read hours:4")
    await chat.say("plan done 1")
    assert "1,Read,done,4,0" in await chat.text("plan export csv")


async def test_a_week_without_work_says_so(chat: Chat) -> None:
    await chat.say("plan add Read")
    await chat.say("plan drop 1")
    assert "0 of 0 steps." in await chat.text("progress")


async def test_a_week_that_is_not_over_is_no_zero(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Read hours:10")
    await chat.say("plan log read 2")
    clock.travel_to(clock.now() + timedelta(weeks=1))
    assert _done(await chat.card("progress"))[:2] == (2, None)
    await chat.say("plan log read 1")
    assert _done(await chat.card("progress"))[:2] == (2, 3)


def _done(card: object) -> tuple[float | None, ...]:
    image = next(block for block in getattr(card, "blocks", ()) if isinstance(block, ChartImage))
    return image.chart.series[0].values


async def test_progress_fits_on_a_phone(chat: Chat) -> None:
    await chat.say("plan save ml-architect hours:6")
    await chat.say("assess mlops:1")
    for number in (1, 2, 3):
        await chat.say(f"plan block {number} No GPU quota")
    card = await chat.card("progress")
    assert card.title.startswith("ML Architect ░░░░░ 0 of ")
    assert "and 2 more" in plain_text(card)
    assert line_count(card) <= 8
