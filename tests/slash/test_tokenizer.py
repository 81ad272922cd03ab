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
