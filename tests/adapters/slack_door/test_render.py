"""No card, however long or hostile, breaks a limit of Slack's, loses a word or pings anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot import cards
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.forms import form_view, submitted
from mentorbot.adapters.slack.render import render
from mentorbot.cards import Card, Field, Form, Span

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
    "\u202eback",
    "\x00\x1b",
    "👩‍👩‍👧",
    " ",
    "",
    "x" * 10_000,
    "https://example.org/?a=1&b=2",
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
    st.builds(cards.Facts, st.lists(st.tuples(texts, lines), max_size=4).map(tuple)),
    st.builds(cards.Note, lines),
    st.builds(cards.Divider),
    st.builds(cards.Buttons, st.lists(buttons, max_size=60).map(tuple)),
)
any_card = st.builds(Card, texts, st.lists(blocks, max_size=8).map(tuple), st.booleans())


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a block, with the name that it stands under."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card)
def test_every_limit_is_held_and_every_word_is_there(card: Card) -> None:
    messages = render(card, "d1-2")
    shown = "".join(text for message in messages for name, text in strings(message.blocks) if name in ("text", "value"))
    for message in messages:
        check_message(message.blocks, message.text)
    for block in card.blocks:
        if isinstance(block, cards.Paragraph):
            for span in block.words:
                assert len(span.text) > limits.RICH_TEXT or not cards.text_of(block.words).strip() or span.text in shown


def check_message(made: list[dict[str, Any]], text: str) -> None:
    assert 1 <= len(made) <= limits.MESSAGE_BLOCKS
    assert 1 <= len(text) <= limits.FALLBACK_TEXT
    assert not {"<!channel>", "<@U1>"} & set(text.split())
    ids = [block["block_id"] for block in made]
    assert len(set(ids)) == len(ids)
    assert all(len(block_id) <= 255 and block_id.startswith("key:d1-2:") for block_id in ids)
    for block in made:
        check_block(block)


def check_block(block: dict[str, Any]) -> None:
    match block["type"]:
        case "header":
            assert 1 <= len(block["text"]["text"]) <= limits.HEADER_TEXT
            assert block["text"]["type"] == "plain_text"
        case "rich_text":
            found = [text for name, text in strings(block) if name == "text" and text != "text"]
            assert sum(map(len, found)) <= 3_000
            assert all(found)
            assert {name for name, text in strings(block) if text in ("user", "broadcast", "channel", "link")} <= {
                "text"
            }
        case "context":
            assert all(
                element["type"] == "plain_text" and len(element["text"]) <= 2_000 for element in block["elements"]
            )
        case "actions":
            assert 1 <= len(block["elements"]) <= limits.BUTTONS_IN_A_ROW
            assert len({element["action_id"] for element in block["elements"]}) == len(block["elements"])
            for element in block["elements"]:
                assert 1 <= len(element["text"]["text"]) <= limits.BUTTON_TEXT
                assert len(element.get("value", "")) <= limits.BUTTON_VALUE
        case other:
            assert other == "divider"


@given(texts, texts, texts)
@settings(deadline=None)
def test_a_form_holds_slacks_limits_and_reads_back(label: str, line: str, value: str) -> None:
    fields = (Field("what", label[:200], "long_text", value=value[:200], hint=label[:100]),)
    view = form_view(Form(label, line[:1000], fields), {"channel": "C1"})
    assert len(view["title"]["text"]) <= limits.VIEW_TITLE
    assert len(view["private_metadata"]) <= limits.PRIVATE_METADATA
    view["state"] = {"values": {"field:what": {"value": {"value": value}}}}
    assert submitted(json.loads(json.dumps(view))) == (line[:1000], {"what": value}, {"channel": "C1"})
