"""Cleaning text before it's split into tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.slash.tokenizer import clean


@given(st.text())
def test_clean_removes_unsafe_characters_and_is_idempotent(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not set(cleaned) & {"\x00", "\x1b", "\r", "\u202e", "\u2066"}
    cleaned.encode()


def test_what_cannot_be_stored_or_seen_is_removed() -> None:
    for mark in "\ud800\udfff\0\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        assert clean(f"a{mark}b") == "ab", ascii(mark)
    assert clean("\ud83d\ude00") == "😀"
