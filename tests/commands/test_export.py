"""Files of a plan: each says how to do the steps, and a calendar file changes what an earlier one put into a calendar."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from mentorbot.chat.cards import Buttons, Card, FileBlock
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, stored_plan


def file_text(card: Card) -> str:
    return next(block.text for block in card.blocks if isinstance(block, FileBlock))


async def events(chat: Chat) -> dict[str, Any]:
    """Export the calendar, and read its events by their summaries."""
    calendar: Any = Calendar.from_ical(file_text(await chat.card("plan export ics")))
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize("file_format", ["md", "csv", "json", "ics"])
async def test_an_empty_plan_has_nothing_to_export(chat: Chat, file_format: str) -> None:
    card = await chat.card(f"plan export {file_format}")
    assert card.title == "There's nothing to export yet"
    assert not any(isinstance(block, FileBlock) for block in card.blocks)


async def test_a_plan_of_dropped_steps_is_no_calendar(chat: Chat) -> None:
    await chat.say("plan add Never mind")
    await chat.say("plan drop 1")
    assert (await chat.card("plan export ics")).title == "There's nothing to export yet"


@pytest.mark.parametrize("file_format", ["md", "csv", "json", "ics"])
async def test_every_format_says_how_to_do_a_step(chat: Chat, file_format: str) -> None:
    await chat.say("plan keep ml-architect")
    text = file_text(await chat.card(f"plan export {file_format}")).replace("\r\n ", "").replace("\\", "")
    for words in (
        "Serve a trained model over HTTP with input and health checks.",
        "put a model you have behind one FastAPI route.",
        "Designing Machine Learning Systems, chapter 7",
        "a repo holds the service and its load-test report",
    ):
        assert words in text


async def test_a_calendar_follows_the_plan(chat: Chat) -> None:
    await chat.say("plan add Read a paper hours:3 by:2026-12-24")
    await chat.say("plan add Write a page hours:2")
    first = await events(chat)
    assert set(first) == {"Read a paper", "Due: Read a paper", "Write a page"}
    await chat.say("plan drop 1")
    await chat.say("plan done 2")
    second = await events(chat)
    for name in ("Read a paper", "Due: Read a paper"):
        assert (second[name]["uid"], str(second[name]["status"])) == (first[name]["uid"], "CANCELLED")
        assert second[name]["sequence"] > first[name]["sequence"]
    assert second["✓ Write a page"]["uid"] == first["Write a page"]["uid"]
    assert str(second["✓ Write a page"]["status"]) == "CONFIRMED"
    assert plain_text(await chat.card("plan export ics")) == plain_text(await chat.card("plan export ics"))


async def test_no_uid_is_given_twice_even_after_starting_over(chat: Chat) -> None:
    await chat.say("plan add Read a paper")
    before = await events(chat)
    await chat.say("me forget confirm:yes")
    await chat.say("plan add Read a paper")
    after = await events(chat)
    assert before["Read a paper"]["uid"] != after["Read a paper"]["uid"]
    assert (await events(chat))["Read a paper"]["uid"] == after["Read a paper"]["uid"]


async def test_two_people_share_no_uid(chat: Chat) -> None:
    ben = chat.copy(person="ben")
    for person in (chat, ben):
        await person.say("plan add Read a paper")
    assert (await events(chat))["Read a paper"]["uid"] != (await events(ben))["Read a paper"]["uid"]


async def test_a_portfolio_names_what_was_gained_and_asks_for_a_link(chat: Chat) -> None:
    assert (await chat.card("portfolio")).title == "Your portfolio starts with your first finished step"
    await chat.say("assess cloud:0")
    await chat.say("plan keep ml-architect")
    number = next(step.number for step in (await stored_plan(chat)).steps if "Know one cloud" in step.text)
    await chat.say(f"plan done {number}")
    card = await chat.card("portfolio")
    assert card.title == "Your portfolio: 1 step finished"
    text = plain_text(card)
    assert "Know one cloud's building blocks. Cloud: 0 → 1. No proof yet." in text
    assert [button.label for block in card.blocks if isinstance(block, Buttons) for button in block.buttons] == [
        "Add proof"
    ]
    await chat.say(f"plan done {number} evidence:https://example.org/proof")
    text = plain_text(await chat.card("portfolio"))
    assert "Link added." in text
    assert "Evidence: https://example.org/proof" in text


async def test_a_portfolio_calls_words_no_link(chat: Chat) -> None:
    await chat.say("plan add Read")
    await chat.say("plan done 1 finished it yesterday, see notion")
    text = await chat.text("portfolio")
    assert "Read. Noted: finished it yesterday, see notion." in text
    assert "Link added" not in text
