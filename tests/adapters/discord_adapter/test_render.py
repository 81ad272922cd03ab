"""No card, however long or hostile, breaks a limit of Discord's, loses a word or pings anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import size, visible
from mentorbot.adapters.discord.render import custom_id, parse_custom_id, preview, render
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, Span, rich, text_of

HOSTILE = [
    "@everyone",
    "<@123456789012345678>",
    "<#123456789012345678>",
    "</help:123456789012345678>",
    "<t:1618953630:R>",
    "`code`",
    "```",
    "*b* _i_ ~~s~~ ||x||",
    "> quote",
    "  - item",
    "[**a**](https://a.example)",
    "\u202eback",
    "\x00\x1b",
    "👩‍👩‍👧",
    " ",
    "",
    "x" * 10_000,
    "*" * 3_000,
    "https://a.example/?a=1&b=2_c_d",
    "\n\n",
    "\u200b",
]
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=80), st.lists(st.sampled_from(HOSTILE), max_size=5).map(" ".join)
)
spans = st.builds(Span, texts, st.booleans(), st.booleans(), st.booleans())
lines = st.lists(spans, max_size=4).map(tuple)
buttons = st.builds(cards.Button, texts, texts, st.sampled_from(["plain", "primary", "danger"]))
blocks = st.one_of(
    st.builds(cards.Paragraph, lines),
    st.builds(cards.Heading, texts),
    st.builds(cards.Bullets, st.lists(lines, max_size=8).map(tuple), st.booleans()),
    st.builds(cards.FieldList, st.lists(st.tuples(texts, lines), max_size=4).map(tuple)),
    st.builds(cards.Footnote, lines),
    st.builds(cards.Divider),
    st.builds(cards.Buttons, st.lists(buttons, max_size=60).map(tuple)),
)
values = st.lists(st.one_of(st.none(), st.floats(0, 4)), max_size=3).map(tuple)
charts = st.builds(
    cards.Chart, st.just("bars"), texts.map(lambda text: (text,)), st.builds(cards.Series, texts, values)
)
blocks |= st.builds(cards.ChartImage, texts, texts, charts) | st.builds(cards.FileBlock, texts, texts)
any_card = st.builds(Card, texts, st.lists(blocks, max_size=8).map(tuple), st.booleans())
keys = st.sampled_from(["", "d-12-ab"])


def flat(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, however deep."""
    for component in components:
        yield component
        yield from flat(component.get("components", []))


def messages(card: Card, key: str = "") -> list[list[dict[str, Any]]]:
    return [list(flat(view.to_components())) for view in render(card, key, file_stubs(card))]


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def shown(card: Card) -> str:
    """The letters and digits of all texts of a card, in order."""
    return letters("".join(part["content"] for page in messages(card) for part in page if part["type"] == 10))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card, keys)
def test_every_limit_is_held(card: Card, key: str) -> None:
    made = messages(card, key)
    assert made
    assert len({file.name for file in file_stubs(card).values()}) == len(file_stubs(card))
    for page in made:
        said = [part["content"] for part in page if part["type"] == 10]
        pressed = [part for part in page if part["type"] == 2]
        files = [
            part["items"][0]["media"] if part["type"] == 12 else part["file"]
            for part in page
            if part["type"] in (12, 13)
        ]
        assert len(files) <= limits.MESSAGE_FILES
        assert all(re.fullmatch(r"attachment://[A-Za-z0-9._-]{1,120}", file["url"]) for file in files)
        assert len(page) <= limits.MESSAGE_COMPONENTS
        assert all(visible(text) for text in said)
        assert sum(map(size, said)) <= limits.MESSAGE_TEXT
        assert all(part["label"].strip() and size(part["label"]) <= limits.BUTTON_LABEL for part in pressed)
        assert all(size(part["custom_id"]) <= limits.CUSTOM_ID for part in pressed)
        assert len({part["custom_id"] for part in pressed}) == len(pressed)
        assert not any("@everyone" in text for text in said)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(lines, st.sampled_from([cards.Paragraph, cards.Footnote, lambda line: cards.Bullets((line,))]))
def test_no_word_is_lost(line: cards.RichText, block: Any) -> None:
    assert letters(text_of(line)) in shown(Card("Title", (block(line),)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(buttons, max_size=60))
def test_every_button_can_be_pressed_or_typed(asked: list[cards.Button]) -> None:
    card = Card("Title", (cards.Buttons(tuple(asked)),))
    pressed = [part["custom_id"] for page in messages(card) for part in page if part["type"] == 2]
    can_press = [found[1] for custom in pressed if (found := parse_custom_id(custom))]
    for button in asked:
        assert button.line in can_press or letters(button.line) in shown(card)


def test_two_hundred_buttons_are_all_there_and_still_run_their_lines() -> None:
    asked = tuple(cards.Button(f"Step {number}", f"plan done {number}") for number in range(200))
    pages = messages(Card("Plan", (cards.Buttons(asked),)))
    found = [parse_custom_id(part["custom_id"]) for page in pages for part in page if part["type"] == 2]
    assert found == [("", button.line) for button in asked]


def test_two_buttons_with_the_same_line_get_ids_of_their_own() -> None:
    again = cards.Button("Again", "tip")
    ids = [
        part["custom_id"] for page in messages(Card("T", (cards.Buttons((again, again)),)), "k") for part in page[3:]
    ]
    assert ids == ["m:k:tip", "m:k.1:tip"]
    assert [parse_custom_id(custom) for custom in ids] == [("k", "tip"), ("k", "tip")]


def test_a_line_that_is_too_long_for_a_button_is_words() -> None:
    line = "plan add what:" + "x" * 100
    card = Card("T", (cards.Buttons((cards.Button("Add", line), cards.Button("Show", "plan show"))),))
    (page,) = messages(card)
    assert [part["custom_id"] for part in page if part["type"] == 2] == [custom_id("plan show")]
    assert any(f"`/mentor {line}`" in part.get("content", "") for part in page)


def test_a_key_travels_even_with_a_card_that_has_no_buttons() -> None:
    (page,) = messages(Card("T", (cards.Paragraph(rich("text")),)), "d-1")
    assert [part["custom_id"] for part in page if part["type"] == 2] == ["m:d-1:help"]


def test_a_hundred_steps_are_few_messages() -> None:
    steps = tuple(cards.Paragraph(rich(f"{number}. Read a post-mortem")) for number in range(100))
    assert len(render(Card("Plan", steps))) <= 2


def test_lines_of_an_item_stay_with_it() -> None:
    (page,) = messages(Card("T", (cards.Bullets((rich("one\n- two"), rich("three")), numbered=True),)))
    assert page[-1]["content"] == "1. one\n   \\- two\n2. three"


def test_small_print_is_small_on_every_line() -> None:
    (page,) = messages(Card("T", (cards.Footnote(rich("one\n\n# two")),)))
    assert page[-1]["content"] == "-# one\n-# \\# two"


def test_the_preview_is_what_is_sent_with_who_sees_it() -> None:
    private, public = preview(Card("T")), preview(Card("T", public=True))
    assert private[0]["flags"] == 64 | 1 << 15
    assert public[0]["flags"] == 1 << 15
    assert private[0]["components"] == render(Card("T"))[0].to_components()


def test_texts_have_air_between_them_and_small_print_is_no_part_of_a_list() -> None:
    blocks: tuple[cards.Block, ...] = (
        cards.Paragraph(rich("one")),
        cards.Footnote(rich("small")),
        cards.Heading("Head"),
        cards.Bullets((rich("item"),)),
        cards.Footnote(rich("small")),
        cards.FieldList((("Name", rich("value")),)),
    )
    (page,) = messages(Card("T", blocks))
    assert [part["content"] for part in page[1:]] == [
        "## T",
        "one\n-# small\n### Head\n- item\n\n-# small\n\n**Name:** value",
    ]
