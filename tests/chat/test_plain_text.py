"""Plain text of cards and forms: every kind of block, and nothing left out."""

from __future__ import annotations

from mentorbot.chat.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChartImage,
    Choice,
    Divider,
    Field,
    FieldList,
    FileBlock,
    Footnote,
    Form,
    Heading,
    Paragraph,
    bold,
    rich,
)
from mentorbot.chat.plain_text import plain_text


def test_card_with_every_block() -> None:
    card = Card(
        "Title",
        (
            Paragraph(rich("Some ", bold("bold"), " text")),
            Heading("Next"),
            Bullets((rich("first"), rich("second"))),
            Bullets((rich("first"), rich("second")), numbered=True),
            FieldList((("Hours", rich("4")),)),
            Divider(),
            ChartImage("levels", "All levels are 2.", Chart("bars", (), ())),
            FileBlock("plan.md", "# Plan"),
            Buttons((Button("Undo", "plan undo"),)),
            Footnote(rich("a source")),
        ),
    )
    assert plain_text(card).split("\n\n") == [
        "Title",
        "Some bold text",
        "NEXT",
        "• first\n• second",
        "1. first\n2. second",
        "Hours: 4",
        "---",
        "[picture] All levels are 2.",
        "[plan.md]\n# Plan",
        "[Undo] /mentor plan undo",
        "(a source)",
    ]


def test_form_lists_its_fields_with_choices_and_hints() -> None:
    fields = (
        Field("by", "By when", required=False, hint="fri, in 2 weeks"),
        Field("level", "Your level", "choice", choices=(Choice("None", "0"), Choice("Some", "1"))),
    )
    assert plain_text(Form("Add a step", "plan add", fields)).split("\n\n") == [
        "Add a step",
        "By when (optional)\nby: fri, in 2 weeks",
        "Your level (0, 1)\nlevel:",
    ]
