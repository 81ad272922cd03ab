"""Words cut into pieces that fit a block, broken between words wherever there are any."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mentorbot.adapters.slack import limits
from mentorbot.chat.cards import RichText, Span, text_of
from mentorbot.slash.tokenizer import clean

SPAN_WEIGHT = 40
"""What a change of style costs besides its characters: its own JSON counts towards the size of the message too."""
RUN_LENGTH = 40
"""Lines that share a block, for the same reason."""
# A word with the space behind it. Joiners, variation selectors and combining marks stay with what they belong to.
_WORD = re.compile("\\S{1,200}(?:\u200d\\S|[\u0300-\u036f\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]){0,20}\\s{0,20}|\\s{1,20}")
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def visible(text: str) -> bool:
    """Whether anything of `text` can be seen; Slack refuses elements that are blank."""
    return any(unicodedata.category(char) not in _UNSEEN for char in text)


def one_line(text: str) -> str:
    """`text` for a place that has no lines: a header, a label."""
    return " ".join(clean(text).split())


def cut(text: str, length: int) -> str:
    """`text` with an ellipsis where it is longer than `length`."""
    return text if len(text) <= length else text[: length - 1] + "…"


def weight(line: RichText) -> int:
    """How much of a block's room the words take."""
    return len(text_of(line)) + SPAN_WEIGHT * len(line)


def pieces(line: RichText) -> Iterator[RichText]:
    """The words in pieces that fit a block; a piece of which nothing can be seen is left out."""
    return (piece for piece in _pieces(line) if visible(text_of(piece)))


def _pieces(line: RichText) -> Iterator[RichText]:
    piece: list[Span] = []
    used = 0
    for span in line:
        fresh, text = True, clean(span.text)
        if text and used + len(text) + SPAN_WEIGHT <= limits.TEXT:
            piece.append(replace(span, text=text))
            used += len(text) + SPAN_WEIGHT
            continue
        for found in _WORD.finditer(text):
            cost = len(found[0]) + SPAN_WEIGHT * fresh
            if piece and used + cost > limits.TEXT:
                yield tuple(piece)
                piece, used, fresh = [], 0, True
                cost = len(found[0]) + SPAN_WEIGHT
            if fresh:
                piece.append(replace(span, text=found[0]))
            else:
                piece[-1] = replace(span, text=piece[-1].text + found[0])
            used, fresh = used + cost, False
    if piece:
        yield tuple(piece)


def runs(lines: Iterable[RichText]) -> Iterator[list[RichText]]:
    """Lines in groups that fit a block each. A line too long for one is several."""
    run: list[RichText] = []
    used = 0
    for line in lines:
        for piece in pieces(line):
            if run and (used + weight(piece) > limits.TEXT or len(run) >= RUN_LENGTH):
                yield run
                run, used = [], 0
            run.append(piece)
            used += weight(piece)
    if run:
        yield run
