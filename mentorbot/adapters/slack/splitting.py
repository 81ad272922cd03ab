"""Pieces of what's too long: rich text split to fit a block, at words if possible, and blocks split into messages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from mentorbot.adapters.slack import limits
from mentorbot.chat.cards import RichText, Span, text_of
from mentorbot.slash.tokenizer import clean

ACTIONS = "actions"
"""Type of a block that's a row of buttons."""
SPAN_OVERHEAD = 40
"""Characters a change of style costs on top of its text, because its JSON counts toward the message's size too."""
MAX_GROUP_LINES = 40
"""Lines per block, limited for the same reason."""
# A word and the space after it. Joiners, variation selectors and combining marks stay with the character they modify.
_WORD = re.compile("\\S{1,200}(?:\u200d\\S|[\u0300-\u036f\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]){0,20}\\s{0,20}|\\s{1,20}")
# Unicode categories of control characters, format characters, surrogates and separators.
_INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def has_visible_text(text: str) -> bool:
    """Tell whether any character of `text` is visible. Slack rejects blank elements."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in text)


def one_line(text: str) -> str:
    """Join the lines of `text` for a header or a label."""
    return " ".join(clean(text).split())


def truncate(text: str, length: int) -> str:
    """Cut `text` to `length` characters, ending with an ellipsis if something was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def weight(line: RichText) -> int:
    """Measure how much of a block's limit `line` uses, in characters."""
    return len(text_of(line)) + SPAN_OVERHEAD * len(line)


def split_rich_text(line: RichText) -> Iterator[RichText]:
    """Split `line` into pieces that fit a block each. Blank pieces are dropped, because Slack rejects them."""
    return (piece for piece in _pieces(line) if has_visible_text(text_of(piece)))


def _pieces(line: RichText) -> Iterator[RichText]:
    piece: list[Span] = []
    size = 0
    for span in line:
        new_span, text = True, clean(span.text)
        if text and size + len(text) + SPAN_OVERHEAD <= limits.TEXT:
            piece.append(span if text == span.text else replace(span, text=text))
            size += len(text) + SPAN_OVERHEAD
            continue
        # The span doesn't fit whole, so it is split at words.
        for word in _WORD.finditer(text):
            cost = len(word[0]) + SPAN_OVERHEAD * new_span
            if piece and size + cost > limits.TEXT:
                yield tuple(piece)
                piece, size, new_span = [], 0, True
                cost = len(word[0]) + SPAN_OVERHEAD
            if new_span:
                piece.append(replace(span, text=word[0], at=None, person=""))
            else:
                piece[-1] = replace(span, text=piece[-1].text + word[0])
            size, new_span = size + cost, False
    if piece:
        yield tuple(piece)


def group_lines(lines: Iterable[RichText]) -> Iterator[list[RichText]]:
    """Group `lines` into blocks. A line too long for one block becomes several."""
    group: list[RichText] = []
    size = 0
    for line in lines:
        for piece in split_rich_text(line):
            if group and (size + weight(piece) > limits.TEXT or len(group) >= MAX_GROUP_LINES):
                yield group
                group, size = [], 0
            group.append(piece)
            size += weight(piece)
    if group:
        yield group


def split_blocks(blocks: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Split blocks into messages within Slack's limits of blocks and of JSON size."""
    if len(blocks) <= limits.MESSAGE_BLOCKS and _json_size(blocks) <= limits.MESSAGE_SIZE:  # as nearly all do
        yield blocks
        return
    page: list[dict[str, Any]] = []
    size = 0
    for block in blocks:
        length = _json_size([block])
        if page and (len(page) >= limits.MESSAGE_BLOCKS or size + length > limits.MESSAGE_SIZE):
            yield page
            page, size = [], 0
        page.append(block)
        size += length
    yield page


def _json_size(blocks: list[dict[str, Any]]) -> int:
    """Measure blocks as JSON, with 60 characters for each id, which is added later: one per block, and one per button."""
    ids = sum(1 + len(buttons_of(block)) + ("accessory" in block) for block in blocks)
    return len(json.dumps(blocks, ensure_ascii=False)) + 60 * ids


def buttons_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons of a row, or nothing for any other block."""
    return block["elements"] if block["type"] == ACTIONS else []
