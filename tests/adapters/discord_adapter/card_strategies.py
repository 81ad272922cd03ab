"""Hypothesis strategies for cards: long, blank, hostile and every kind of block."""

from __future__ import annotations

from hypothesis import strategies as st

from mentorbot.chat import cards
from mentorbot.chat.cards import Card, Span

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
blocks |= st.builds(cards.ActionLine, lines, buttons)
values = st.lists(st.one_of(st.none(), st.floats(0, 4)), max_size=3).map(tuple)
charts = st.builds(
    cards.Chart, st.just("bars"), texts.map(lambda text: (text,)), st.builds(cards.Series, texts, values)
)
blocks |= st.builds(cards.ChartImage, texts, texts, charts) | st.builds(cards.FileBlock, texts, texts)
any_card = st.builds(Card, texts, st.lists(blocks, max_size=8).map(tuple), st.booleans())
keys = st.sampled_from(["", "d-12-ab"])
