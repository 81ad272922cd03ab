"""Errors as cards: the option a form marks, and the suggested command lines."""

from __future__ import annotations

from mentorbot.chat.cards import Button, Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.errors import BadValue, NotFound, StepNotFound, StepSettled
from mentorbot.views.errors import error_card


def lines(card: Card) -> list[str]:
    return [button.line for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def test_a_bad_value_marks_its_option_and_shows_what_was_read() -> None:
    error = BadValue("No.", option="by", suggestions=("plan add x by:fri",), understood_as="plan add x by:mars")
    card = error_card(error)
    assert (card.error, card.error_option, lines(card)) == ("bad_value", "by", ["plan add x by:fri"])
    assert "I read it as: /mentor plan add x by:mars" in plain_text(card)


def test_errors_of_the_domain_lead_to_the_plan() -> None:
    assert lines(error_card(StepNotFound("No step 9."))) == ["plan show"]
    assert lines(error_card(StepSettled("Done."))) == ["plan show", "plan undo"]
    assert error_card(StepSettled("Done.")).error == "conflict"


def test_an_errors_own_suggestions_come_first_and_long_lines_are_cut() -> None:
    line = "plan add " + "x" * 80
    card = error_card(NotFound("No.", suggestions=(line,)))
    (button,) = (block for block in card.blocks if isinstance(block, Buttons))
    assert button.buttons == (Button(f"/mentor {line[:59]}…", line),)
    assert card.error_option is None
