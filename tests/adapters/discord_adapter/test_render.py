"""Rendering of cards: even long or hostile ones respect every limit, lose no text and ping nobody."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import size, visible
from mentorbot.adapters.discord.render import custom_id, parse_custom_id, preview, render
from mentorbot.adapters.files import file_stubs
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, rich, text_of

from .card_strategies import any_card, buttons, keys, lines
from .discord_rules import flat


def messages(card: Card, key: str = "") -> list[list[dict[str, Any]]]:
    return [list(flat(view.to_components())) for view in render(card, key, file_stubs(card))]


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def shown_letters(card: Card) -> str:
    """The letters and digits of all texts of the rendered card, in order."""
    return letters(
        "".join(component["content"] for page in messages(card) for component in page if component["type"] == 10)
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card, keys)
def test_messages_respect_every_limit(card: Card, key: str) -> None:
    pages = messages(card, key)
    assert pages
    assert len({file.name for file in file_stubs(card).values()}) == len(file_stubs(card))
    for page in pages:
        texts = [component["content"] for component in page if component["type"] == 10]
        pressable = [component for component in page if component["type"] == 2]
        files = [
            component["items"][0]["media"] if component["type"] == 12 else component["file"]
            for component in page
            if component["type"] in (12, 13)
        ]
        assert len(files) <= limits.MESSAGE_FILES
        assert all(re.fullmatch(r"attachment://[A-Za-z0-9._-]{1,120}", file["url"]) for file in files)
        assert len(page) <= limits.MESSAGE_COMPONENTS
        assert all(visible(text) for text in texts)
        assert sum(map(size, texts)) <= limits.MESSAGE_TEXT
        assert all(
            component["label"].strip() and size(component["label"]) <= limits.BUTTON_LABEL for component in pressable
        )
        assert all(size(component["custom_id"]) <= limits.CUSTOM_ID for component in pressable)
        assert len({component["custom_id"] for component in pressable}) == len(pressable)
        assert not any("@everyone" in text for text in texts)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(lines, st.sampled_from([cards.Paragraph, cards.Footnote, lambda line: cards.Bullets((line,))]))
def test_no_text_is_lost(line: cards.RichText, block: Any) -> None:
    assert letters(text_of(line)) in shown_letters(Card("Title", (block(line),)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(buttons, max_size=60))
def test_every_button_is_a_button_or_a_command_to_type(card_buttons: list[cards.Button]) -> None:
    card = Card("Title", (cards.Buttons(tuple(card_buttons)),))
    pressable = [component["custom_id"] for page in messages(card) for component in page if component["type"] == 2]
    lines_of_buttons = [control.line for custom in pressable if (control := parse_custom_id(custom))]
    for button in card_buttons:
        assert button.line in lines_of_buttons or letters(button.line) in shown_letters(card)


def test_two_hundred_buttons_keep_their_lines() -> None:
    card_buttons = tuple(cards.Button(f"Step {number}", f"plan done {number}") for number in range(200))
    pages = messages(Card("Plan", (cards.Buttons(card_buttons),)))
    controls = [
        parse_custom_id(component["custom_id"]) for page in pages for component in page if component["type"] == 2
    ]
    assert controls == [("", button.line) for button in card_buttons]


def test_buttons_with_the_same_line_get_unique_custom_ids() -> None:
    button = cards.Button("Again", "tip")
    ids = [
        component["custom_id"]
        for page in messages(Card("T", (cards.Buttons((button, button)),)), "k")
        for component in page[3:]
    ]
    assert ids == ["m:k:tip", "m:k.1:tip"]
    assert [parse_custom_id(custom) for custom in ids] == [("k", "tip"), ("k", "tip")]


def test_a_line_has_its_button_beside_it() -> None:
    line = cards.ActionLine(rich("Tips: off"), cards.Button("Turn on", "tips me"))
    (page,) = messages(Card("T", (line, line)))
    assert [component["content"] for component in page if component["type"] == 10][1:] == ["Tips: off", "Tips: off"]
    assert [component["custom_id"] for component in page if component["type"] == 2] == ["m::tips me", "m:.1:tips me"]
    assert sum(component["type"] == 9 for component in page) == 2


def test_line_too_long_for_a_custom_id_is_shown_as_text() -> None:
    line = "plan add what:" + "x" * 100
    card = Card("T", (cards.Buttons((cards.Button("Add", line), cards.Button("Show", "plan show"))),))
    (page,) = messages(card)
    assert [component["custom_id"] for component in page if component["type"] == 2] == [custom_id("plan show")]
    assert any(f"`/mentor {line}`" in component.get("content", "") for component in page)


def test_card_without_buttons_carries_the_key_in_a_help_button() -> None:
    (page,) = messages(Card("T", (cards.Paragraph(rich("text")),)), "d-1")
    assert [component["custom_id"] for component in page if component["type"] == 2] == ["m:d-1:help"]


def test_hundred_paragraphs_fit_two_messages() -> None:
    steps = tuple(cards.Paragraph(rich(f"{number}. Read a post-mortem")) for number in range(100))
    assert len(render(Card("Plan", steps))) <= 2


def test_further_lines_of_a_bullet_are_indented() -> None:
    (page,) = messages(Card("T", (cards.Bullets((rich("one\n- two"), rich("three")), numbered=True),)))
    assert page[-1]["content"] == "1. one\n   \\- two\n2. three"


def test_footnote_marks_every_line() -> None:
    (page,) = messages(Card("T", (cards.Footnote(rich("one\n\n# two")),)))
    assert page[-1]["content"] == "-# one\n-# \\# two"


def test_preview_equals_the_message_and_its_visibility() -> None:
    private, public = preview(Card("T")), preview(Card("T", public=True))
    assert private[0]["flags"] == 64 | 1 << 15
    assert public[0]["flags"] == 1 << 15
    assert private[0]["components"] == render(Card("T"))[0].to_components()


def test_merged_texts_are_separated_and_footnotes_stay_outside_lists() -> None:
    blocks: tuple[cards.Block, ...] = (
        cards.Paragraph(rich("one")),
        cards.Footnote(rich("small")),
        cards.Heading("Head"),
        cards.Bullets((rich("item"),)),
        cards.Footnote(rich("small")),
        cards.FieldList((("Name", rich("value")),)),
    )
    (page,) = messages(Card("T", blocks))
    assert [component["content"] for component in page[1:]] == [
        "## T",
        "one\n-# small\n### Head\n- item\n\n-# small\n\n**Name:** value",
    ]
