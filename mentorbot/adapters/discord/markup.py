"""Words as Discord's Markdown, in which what people wrote stays what it is and pings nobody.

discord.py's own `escape_markdown` lets some markup through (emphasis inside a masked link, small print, lists with + or
numbers, indented lists, time stamps and the like), so the whole of it is done here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from discord.utils import escape_mentions

from mentorbot.chat.cards import RichText, Span
from mentorbot.slash.tokenizer import clean

NOTHING = "\u200b"
"""Zero width: keeps two neighbouring marks apart, and an at sign from its name."""

# A plain address stays as it is, so that it can be followed. Then what means something at the start of a line, then what
# does anywhere; a backslash takes the meaning of all of them away.
_MARKUP = re.compile(
    r"(?P<url>https?://[\w.,:;/?&=%#!$'()~-]+(?![^\s]))"
    r"|^(?P<indent>[ \t]*)(?P<start>[-+#>]|\d{1,9}(?=[.)]))"
    r"|(?P<mark>[\\`*_<\[]|~(?=~)|\|(?=\|)|:(?=[\w+-]+:))",
    re.MULTILINE,
)
_WORD = re.compile(r"\S{1,200}\s{0,20}|\s{1,20}")
_MARKS_ROOM = 8
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn"}


def size(text: str) -> int:
    """The length of `text` in UTF-16 units, the strictest way in which a server may count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, length: int) -> str:
    """`text` with an ellipsis where it is longer than `length` UTF-16 units."""
    if size(text) <= length:
        return text
    kept = text[: length - 1]
    while size(kept) > length - 1:
        kept = kept[:-1]
    return kept + "…"


def visible(text: str) -> bool:
    """Whether anything of `text` can be seen; Discord refuses texts that are blank."""
    return any(unicodedata.category(char) not in _UNSEEN for char in text)


def one_line(text: str) -> str:
    """`text` for a place that has no lines: a title, a label."""
    return " ".join(clean(text).split())


def escape(text: str) -> str:
    """`text` so that Discord shows it as it was written."""
    return escape_mentions(_MARKUP.sub(_escaped, clean(text)))


def _escaped(found: re.Match[str]) -> str:
    if found["url"]:
        return found["url"]
    if found["mark"]:
        return "\\" + found["mark"]
    start = found["start"]
    return found["indent"] + (start + "\\" if start.isdecimal() else "\\" + start)


def marked(line: RichText) -> str:
    """The words with their style, as Markdown."""
    text = ""
    for span in line:
        part = _span(span)
        text += NOTHING + part if text[-1:] in ("*", "`") and part[:1] in ("*", "`") else part
    return text


def _span(span: Span) -> str:
    """Marks stand at the words, not at the spaces around them, or Discord shows the stars."""
    text = clean(span.text)
    inner = text.strip()
    if not inner or not (span.code or span.bold or span.italic):
        return escape(text)
    start = text.index(inner)
    return text[:start] + _styled(span, inner) + text[start + len(inner) :]


def _styled(span: Span, text: str) -> str:
    if span.code and "`" not in text:
        return f"`{escape_mentions(text)}`"
    marks = "**" * span.bold + "*" * span.italic
    return f"{marks}{escape(text)}{marks}"


def pieces(line: RichText, room: int) -> Iterator[str]:
    """The words as Markdown, in pieces of about `room` UTF-16 units, broken between words wherever there are any."""
    part: list[Span] = []
    used = 0
    for span in line:
        for word in _WORD.findall(clean(span.text)):
            goes_on = bool(part) and replace(part[-1], text="") == replace(span, text="")
            cost = _cost(word) + (0 if goes_on else _MARKS_ROOM)
            if part and used + cost > room:
                yield marked(tuple(part))
                part, used, goes_on = [], 0, False
            if goes_on:
                part[-1] = replace(part[-1], text=part[-1].text + word)
            else:
                part.append(replace(span, text=word))
            used += cost
    if part:
        yield marked(tuple(part))


def _cost(word: str) -> int:
    """At least what `word` takes once it is escaped. What follows an address decides whether it stays as it is."""
    return 2 * size(word) if "://" in word or len(word) >= 200 else size(escape(word))
