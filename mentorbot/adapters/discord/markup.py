"""Rich text as Discord's Markdown. People's text shows up exactly as written and pings nobody.

discord.py's own `escape_markdown` lets some markup through (emphasis inside a masked link, small print, lists with + or
numbers, indented lists, timestamps and so on), so we do all the escaping here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from discord.utils import escape_mentions

from mentorbot.chat.cards import RichText, Span
from mentorbot.slash.tokenizer import clean

ZERO_WIDTH_SPACE = "\u200b"
"""Keeps two neighbouring marks apart, and an at sign apart from a name."""

# A plain URL stays as it is, so it can be clicked. Next come marks that count at the start of a line, then those that
# count anywhere; a backslash disarms them all.
_MARKUP = re.compile(
    r"(?P<url>https?://[\w.,:;/?&=%#!$'()~-]+(?![^\s]))"
    r"|^(?P<indent>[ \t]*)(?P<start>[-+#>]|\d{1,9}(?=[.)]))"
    r"|(?P<mark>[\\`*_<\[]|~(?=~)|\|(?=\|)|:(?=[\w+-]+:))",
    re.MULTILINE,
)
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn"}


def size(text: str) -> int:
    """The length of `text` in UTF-16 units, the strictest way a server may count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, length: int) -> str:
    """`text`, shortened with an ellipsis if it has more than `length` UTF-16 units."""
    if size(text) <= length:
        return text
    prefix = text[: length - 1]
    while size(prefix) > length - 1:
        prefix = prefix[:-1]
    return prefix + "…"


def visible(text: str) -> bool:
    """True if any of `text` can be seen; Discord refuses blank texts."""
    return any(unicodedata.category(char) not in _INVISIBLE_CATEGORIES for char in text)


def one_line(text: str) -> str:
    """`text` on a single line, for a title or a label."""
    return " ".join(clean(text).split())


def escape(text: str) -> str:
    """`text`, escaped so Discord shows it as it was written."""
    return escape_mentions(_MARKUP.sub(_escape_match, clean(text)))


def _escape_match(match: re.Match[str]) -> str:
    if match["url"]:
        return match["url"]
    if match["mark"]:
        return "\\" + match["mark"]
    start = match["start"]
    return match["indent"] + (start + "\\" if start.isdecimal() else "\\" + start)


def to_markdown(line: RichText) -> str:
    """Render `line` with its styles as Markdown."""
    text = ""
    for span in line:
        markdown = _span_markdown(span)
        touching = text[-1:] in ("*", "`") and markdown[:1] in ("*", "`")
        text += ZERO_WIDTH_SPACE + markdown if touching else markdown
    return text


def timestamp(at: datetime) -> str:
    """Write an instant so that everyone sees it in their own time and language, and how far off it is.

    See https://docs.discord.com/developers/reference#message-formatting-timestamp-styles.
    """
    return f"<t:{int(at.timestamp())}:F> (<t:{int(at.timestamp())}:R>)"


def _span_markdown(span: Span) -> str:
    """Put marks right at the words: with spaces between, Discord would show the asterisks."""
    if span.at is not None:
        return timestamp(span.at)
    text = clean(span.text)
    inner = text.strip()
    if not inner or not (span.code or span.bold or span.italic):
        return escape(text)
    start = text.index(inner)
    return text[:start] + _styled_text(span, inner) + text[start + len(inner) :]


def _styled_text(span: Span, text: str) -> str:
    # Inside code nothing but a backtick means anything, so code is not escaped.
    if span.code and "`" not in text:
        return f"`{escape_mentions(text)}`"
    marks = "**" * span.bold + "*" * span.italic
    return f"{marks}{escape(text)}{marks}"
