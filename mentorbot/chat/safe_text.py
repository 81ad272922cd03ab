"""Clean text from outside: whatever can't be stored, can't be seen, or makes other text look different is dropped."""

from __future__ import annotations

import re

# Control characters except line ends and tabs; everything that changes the direction of text (Unicode's Bidi_Control,
# https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters); zero-width spaces and soft hyphens, which nobody
# sees and which split words. Arabic and Hebrew run from right to left by themselves.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
REORDERING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Remove control characters (except line ends and tabs), text-reordering marks and lone surrogates from `text`."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return _UNSAFE.sub("", text)
