"""Errors as cards: what happened as the title, the option a form marks, and what the buttons say."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.chat.cards import Button, Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.commands import load_commands
from mentorbot.errors import BadValue, NotFound, PersonError, StepNotFound, StepSettled
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext
from mentorbot.views.errors import broken_card, error_card, platform_card
from mentorbot.views.labels import Labels


@pytest.fixture
def labels(pack: Pack) -> Labels:
    return Labels(load_commands(), ParseContext(pack, date(2026, 12, 1)))


def buttons(card: Card) -> list[Button]:
    return [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def lines(card: Card) -> list[str]:
    return [button.line for button in buttons(card)]


def test_a_bad_value_marks_its_option_and_shows_what_was_read(labels: Labels) -> None:
    error = BadValue("No.", option="by", suggestions=("plan add x by:4dec",), understood_as="plan add what:x by:mars")
    card = error_card(error, labels)
    assert (card.error, card.error_option, lines(card)) == ("bad_value", "by", ["plan add x by:4dec"])
    assert "I've got what: “x”, by: “mars”." in plain_text(card)


def test_a_button_for_a_value_says_the_value(labels: Labels) -> None:
    error = BadValue(
        "5 Dec 2025 has passed. Did you mean next year?",
        option="by",
        suggestions=("plan add Read by:2026-12-05", "plan add Read by:?"),
    )
    card = error_card(error, labels)
    assert card.title == "5 Dec 2025 has passed"
    assert [button.label for button in buttons(card)] == ["Saturday, 5 Dec", "Pick a date"]


def test_a_button_for_a_command_says_what_it_does(labels: Labels) -> None:
    error = NotFound("Gone.", suggestions=("tips here mon 09:00", "tip skill:mlops", "checkin stop", "help plan"))
    assert [button.label for button in buttons(error_card(error, labels))] == [
        "Post a weekly tip on Mondays at 09:00",
        "Get a tip for MLOps practices",
        "Turn off check-ins",
        "Help: plan",
    ]


def test_a_long_first_sentence_stays_in_the_text() -> None:
    text = f"{'Very ' * 30}long. Try again, e.g. Berlin."
    card = error_card(PersonError(text))
    assert (card.title, text in plain_text(card)) == ("That didn't work", True)
    assert error_card(PersonError("Which city, e.g. Berlin?")).title == "Which city, e.g. Berlin?"


def test_errors_of_the_domain_lead_to_the_plan() -> None:
    assert lines(error_card(StepNotFound("No step 9."))) == ["plan show"]
    assert lines(error_card(StepSettled("Done.", 1))) == ["plan show", "plan undo"]
    assert error_card(StepSettled("Done.", 1)).error == "conflict"


def test_an_errors_own_suggestions_come_first_and_long_lines_are_cut() -> None:
    line = "plan add " + "x" * 80
    card = error_card(NotFound("No.", suggestions=(line,)))
    assert buttons(card) == [Button(f"{line[:59]}…", line)]
    assert card.error_option is None


def test_a_failure_can_be_tried_again() -> None:
    card = broken_card("7F3K", "plan show")
    assert (card.title, lines(card), card.error) == ("Sorry, that's on me", ["plan show"], "internal")
    assert "give your admin this code: 7F3K." in plain_text(card)
    assert platform_card("ratelimited", "plan show", 19.2).title == "Give me 20 seconds"
