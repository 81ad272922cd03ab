"""Markdown rendering and escaping: people's text shows up exactly as they wrote it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.adapters.discord.markup import cut, escape, size, to_markdown
from mentorbot.adapters.discord.splitting import split_text
from mentorbot.chat.cards import Span, bold, code, instant, italic, rich, text_of
from mentorbot.slash.tokenizer import clean

texts = st.text(st.sampled_from("ab1 \n\t-#+>*_~|`[](){}<>@:.\\/?=\u202e\u200d\x00😀") | st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("# heading", "\\# heading"),
        ("-# small", "\\-# small"),
        ("  - item", "  \\- item"),
        ("+ item", "\\+ item"),
        ("1. one\n20) two", "1\\. one\n20\\) two"),
        ("> quote", "\\> quote"),
        ("[**x**](https://a.example)", "\\[\\*\\*x\\*\\*](https://a.example)"),
        ("<t:1618953630:R> </help:1> <#1>", "\\<t\\:1618953630:R> \\</help:1> \\<#1>"),
        ("~~gone~~ ~5 h", "\\~~gone\\~~ ~5 h"),
        ("||x|| a|b", "\\||x\\|| a|b"),
        ("so :smile: at 10:30", "so \\:smile: at 10:30"),
        ("snake_case and 3*4", "snake\\_case and 3\\*4"),
        ("@everyone @here", "@\u200beveryone @\u200bhere"),
        ("see https://a.example/x_y?b=1&c=~d now", "see https://a.example/x_y?b=1&c=~d now"),
        ("https://a.example/**b**", "https://a.example/\\*\\*b\\*\\*"),
    ],
)
def test_escape_disarms_each_markup_and_changes_nothing_else(written: str, sent: str) -> None:
    assert escape(written) == sent


@given(texts)
def test_escape_only_adds_backslashes_and_zero_width_spaces(text: str) -> None:
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escape(text))
    assert shown.replace("\u200b", "") == clean(text).replace("\u200b", "")


@given(texts)
def test_escape_leaves_no_bare_mark(text: str) -> None:
    without_links = re.sub(r"https?://\S+", "", escape(text))
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "·", without_links)
    assert not re.search(r"[*_`<\[]|~~|\|\||:[\w+-]+:", bare)
    assert not re.search(r"^[ \t]*([-+#>]|\d{1,9}[.)])", bare, re.MULTILINE)


def test_style_marks_touch_the_words_and_stay_apart() -> None:
    line = rich(bold("a "), italic(" b"), bold("c"), code("/mentor d"), code("it's `e`"))
    assert to_markdown(line) == "**a**  *b*\u200b**c**\u200b`/mentor d`it's \\`e\\`"


@given(st.lists(st.builds(Span, texts, st.booleans(), st.booleans(), st.booleans()), max_size=5), st.integers(60, 400))
def test_split_text_keeps_all_letters_in_order(line: list[Span], max_size: int) -> None:
    letters = [char for span in line for char in clean(span.text) if char.isalnum()]
    assert [char for piece in split_text(tuple(line), max_size) for char in piece if char.isalnum()] == letters


@given(st.lists(st.builds(Span, texts | st.just("x" * 9_000), st.booleans(), st.booleans()), max_size=4))
def test_split_text_respects_the_maximum_size(line: list[Span]) -> None:
    assert all(size(piece) <= 500 for piece in split_text(tuple(line), 480))


def test_split_text_breaks_between_words() -> None:
    text = "word " * 300
    assert all(piece.split() == ["word"] * len(piece.split()) for piece in split_text(rich(text), 200))


def test_cut_counts_utf_16_units() -> None:
    assert cut("😀" * 50, 20) == "😀" * 9 + "…"
    assert cut("short", 20) == "short"


def test_instant_is_shown_in_each_readers_time() -> None:
    at = datetime(2026, 12, 7, 8, tzinfo=UTC)
    line = rich("Next one: ", instant("Monday, 7 Dec, 09:00", at), ".")
    assert to_markdown(line) == "Next one: <t:1796630400:F> (<t:1796630400:R>)."
    assert "".join(split_text(line, 60)) == to_markdown(line)
    assert text_of(line) == "Next one: Monday, 7 Dec, 09:00."
