"""Rendering: no card, however long or hostile, breaks Slack's limits, loses text or pings anyone."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.slack.file_notes import with_file_notes
from mentorbot.adapters.slack.forms import Origin, card_view, form_view, parse_submission
from mentorbot.adapters.slack.render import preview, render
from mentorbot.chat import cards
from mentorbot.chat.cards import Bullets, Card, Choice, Field, Form, Paragraph, Span, bold, code, instant, rich
from mentorbot.slash.tokenizer import clean

from .block_kit import block_errors, view_errors

HOSTILE = [
    "@everyone",
    "<!channel>",
    "<@U1>",
    "<#C1|x>",
    "`code`",
    "```",
    "*b* _i_ ~s~",
    "> quote",
    "&lt;",
    "\u202eback\u202c",
    "\x00\x1b",
    "👩‍👩‍👧",
    "e\u0301" * 300,
    " ",
    "",
    "x" * 10_000,
    "&" * 5_000,
    "https://example.org/?a=1&b=2",
    "\n\n",
    "\u200b",
    "\ud800",
]
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=80), st.lists(st.sampled_from(HOSTILE), max_size=5).map(" ".join)
)
spans = st.builds(Span, texts, st.booleans(), st.booleans(), st.booleans())
lines = st.lists(spans, max_size=4).map(tuple)
many_lines = st.one_of(st.lists(lines, max_size=8), st.lists(lines, max_size=2).map(lambda some: some * 100))
buttons = st.builds(cards.Button, texts, texts, st.sampled_from(["plain", "primary", "danger"]))
blocks = st.one_of(
    st.builds(cards.Paragraph, lines),
    st.builds(cards.Heading, texts),
    st.builds(cards.Bullets, many_lines.map(tuple), st.booleans()),
    st.builds(cards.FieldList, st.lists(st.tuples(texts, lines), max_size=4).map(tuple)),
    st.builds(cards.Footnote, lines),
    st.builds(cards.Divider),
    st.builds(
        cards.Buttons,
        st.one_of(st.lists(buttons, max_size=60), st.just([]) | buttons.map(lambda b: [b] * 200)).map(tuple),
    ),
)
blocks |= st.builds(cards.ActionLine, lines, buttons)
charts = st.builds(cards.Chart, st.just("bars"), texts.map(lambda text: (text,)), st.just(()))
blocks |= st.builds(cards.ChartImage, texts, texts, charts) | st.builds(cards.FileBlock, texts, texts)
any_card = st.builds(Card, texts, st.lists(blocks, max_size=8).map(tuple), st.booleans())
slow = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string in a block with the key it's stored under."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, name)


def letters(text: str) -> str:
    """Keep only the visible characters of a text."""
    unseen = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
    return "".join(char for char in clean(text) if unicodedata.category(char) not in unseen)


def required_texts(block: cards.Block) -> Iterator[str]:
    """Yield the texts of a block that must be visible in full."""
    match block:
        case cards.Paragraph() | cards.Footnote():
            yield cards.text_of(block.words)
        case cards.Heading():
            yield block.text
        case cards.Bullets():
            yield from map(cards.text_of, block.items)
        case cards.FieldList():
            for name, value in block.rows:
                yield name
                yield cards.text_of(value)
        case cards.Buttons():
            yield from (button.line for button in block.buttons)
        case cards.ActionLine():
            yield cards.text_of(block.words)
            yield block.button.line
        case cards.ChartImage():
            yield block.alt
        case cards.FileBlock():
            pass  # see below


@slow
@given(any_card, st.booleans())
def test_any_card_keeps_limits_and_loses_no_text(card: Card, files_below: bool) -> None:
    messages = render(with_file_notes(card, files_below=files_below), "d1-2")
    shown = {"text": "{}", "value": "{}", "url": "{}", "fallback": "{}", "name": ":{}:"}  # an emoji has a name
    rendered = [
        shown[name].format(text) for message in messages for name, text in strings(message.blocks) if name in shown
    ]
    visible = letters("".join(rendered))
    for message in messages:
        assert block_errors(message.blocks) == []
        assert 1 <= len(message.text) <= 4_000
        assert not any(sign in message.text for sign in ("<", ">", "\x00"))
        assert all(block["block_id"].startswith("key:d1-2:") for block in message.blocks)
    for text in (card.title, *(text for block in card.blocks for text in required_texts(block))):
        assert letters(text) in visible
    # A file in a direct message has its name there.
    for block in card.blocks if files_below else ():
        assert not isinstance(block, cards.FileBlock) or letters(block.name) in visible


@slow
@given(any_card)
def test_modal_of_any_card_is_valid(card: Card) -> None:
    assert view_errors(card_view(card)) == []


@slow
@given(texts, texts, texts, st.lists(st.builds(Choice, texts, texts), max_size=30).map(tuple))
def test_any_form_is_valid_and_reads_back(label: str, line: str, value: str, choices: tuple[Choice, ...]) -> None:
    fields = (
        Field("what", label, "long_text", value=value, hint=label, max_length=300),
        Field("which", label, "choice", value=value, choices=choices),
    )
    view = form_view(Form(label, line[:900], fields, submit=label), Origin("C1"))
    assert view_errors(view) == []
    view["state"] = {"values": {"field:what": {"value": {"value": value}}, "field:which": {"value": {"value": None}}}}
    submission = parse_submission(json.loads(json.dumps(view)))
    assert submission == (line[:900], {"what": value, "which": ""}, Origin("C1"))


def test_card_order_and_fallback_text() -> None:
    facts = cards.FieldList((("When", rich("Monday")), ("Next", rich("tomorrow"))))
    card = Card(
        "Title", (cards.Paragraph(rich("Some ", bold("bold"))), facts, cards.Buttons((cards.Button("Go", "go"),)))
    )
    (message,) = preview(card)
    assert [block["type"] for block in message["blocks"]] == ["header", "rich_text", "rich_text", "actions"]
    elements = message["blocks"][2]["elements"][0]["elements"]
    assert [element["text"] for element in elements] == ["When: ", "Monday", "\n", "Next: ", "tomorrow"]
    assert message["text"] == "Title\n\nSome bold\n\nWhen: Monday\nNext: tomorrow\n\n[Go]"


def test_a_line_has_its_button_beside_it() -> None:
    card = Card("Title", (cards.ActionLine(rich("Tips: off"), cards.Button("Turn on", "tips me")),))
    (message,) = preview(card)
    section = message["blocks"][1]
    assert (section["type"], section["text"]["text"]) == ("section", "Tips: off")
    assert (section["accessory"]["value"], section["accessory"]["action_id"]) == ("tips me", "mentor:1.0")
    assert "Tips: off [Turn on]" in message["text"]


def test_long_text_is_split_between_words() -> None:
    card = Card("T", (cards.Paragraph(rich("lorem ipsum " * 600)),))
    pieces = [text for name, text in strings(render(card)[0].blocks[1:]) if name == "text" and "lorem" in text]
    assert len(pieces) == 3
    assert {word for piece in pieces for word in piece.split()} == {"lorem", "ipsum"}


def test_split_numbered_list_continues_numbering() -> None:
    card = Card("T", (cards.Bullets(tuple(rich(f"item {number} " * 20) for number in range(60)), numbered=True),))
    lists = [
        block["elements"][0] for message in render(card) for block in message.blocks if block["type"] == "rich_text"
    ]
    assert len(lists) > 1
    count = 0
    for list_element in lists:
        assert list_element.get("offset", 0) == count
        count += len(list_element["elements"])
    assert count == 60


def test_every_page_has_fallback_text() -> None:
    card = Card("T", tuple(cards.Paragraph(rich(f"part{number} " + "x " * 700)) for number in range(20)))
    pages = render(card)
    assert len(pages) > 1
    for page in pages:
        for name, text in strings(page.blocks):
            if name == "text" and text.startswith("part") and text.split()[0] not in page.text:
                assert page.text.endswith("…")


def native_parts(text: str) -> list[tuple[str, str]]:
    """Render a paragraph, and return the kind and the content of each part."""
    (message,) = render(Card("T", (Paragraph(rich(text)),)))
    assert block_errors(message.blocks) == []
    (section,) = message.blocks[1]["elements"]
    return [(part["type"], part.get("text") or part.get("url") or part.get("name", "")) for part in section["elements"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "See https://example.org/a?b=1 (or not).",
            [("text", "See "), ("link", "https://example.org/a?b=1"), ("text", " (or not).")],
        ),
        ("(https://example.org).", [("text", "("), ("link", "https://example.org"), ("text", ").")]),
        ("Done :tada:!", [("text", "Done "), ("emoji", "tada"), ("text", "!")]),
        ("at 10:30:45 or a:b:c", [("text", "at 10:30:45 or a:b:c")]),
        ("javascript:alert(1) ftp://example.org", [("text", "javascript:alert(1) ftp://example.org")]),
        ("<https://evil.example|https://bank.example>", [
            ("text", "<"), ("link", "https://evil.example"), ("text", "|"), ("link", "https://bank.example"), ("text", ">"),
        ]),
        ("<@U1> <!channel> @here", [("text", "<@U1> <!channel> @here")]),
    ],
)  # fmt: skip
def test_addresses_and_emoji_are_slacks_own(text: str, expected: list[tuple[str, str]]) -> None:
    assert native_parts(text) == expected


def test_instants_are_shown_in_each_readers_own_time() -> None:
    at = datetime(2026, 12, 7, 8, tzinfo=UTC)
    line = rich("Next one: ", instant("Monday, 7 Dec, 09:00", at), ".")
    (message,) = render(Card("T", (Paragraph(line),)))
    assert block_errors(message.blocks) == []
    (section,) = message.blocks[1]["elements"]
    before, date, after = section["elements"]
    assert (before["text"], after["text"]) == ("Next one: ", ".")
    assert (date["type"], date["timestamp"]) == ("date", int(at.timestamp()))
    assert date["fallback"] == "Monday, 7 Dec, 09:00"
    assert "Monday, 7 Dec, 09:00" in message.text, "a notification can't show an instant"


def test_code_stays_as_it_is() -> None:
    (message,) = render(Card("T", (Paragraph(rich(code("https://example.org :tada:"))),)))
    (section,) = message.blocks[1]["elements"]
    assert [part["type"] for part in section["elements"]] == ["text"]


def test_hundreds_of_emoji_and_links_stay_within_slacks_limits() -> None:
    for text in (":tada: " * 400, "https://a.io/x " * 190):
        for message in render(Card("T", (Paragraph(rich(text)), Bullets(tuple(rich(text) for _ in range(5)))))):
            assert block_errors(message.blocks) == []


def test_split_card_names_addresses_in_its_notification() -> None:
    pages = render(
        Card("T", tuple(Paragraph(rich(f"https://example.org/{number} " + "x" * 2_500)) for number in range(9)))
    )
    assert len(pages) > 1
    assert "https://example.org/8" in pages[-1].text
