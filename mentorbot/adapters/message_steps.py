"""A message in a channel as a step of a plan: its first words, and the link to it."""

from __future__ import annotations

import re

from mentorbot.chat.safe_text import clean

MAX_STEP_TEXT = 300
"""Characters of a step's text, which `plan add` takes."""
_MARKS = re.compile(r"^[#>*\-\s]+|[*_~`|]{2,}|`", re.MULTILINE)
"""Marks of headings, quotes, lists and styles, which would be shown as they are."""


def step_text(text: str, link: str, author: str) -> str:
    """Make a step's text from a message's text and its link. A message without text is named after its author."""
    words = " ".join(_MARKS.sub("", clean(text)).split())
    words = words or (f"Look at what {clean(author)} posted" if clean(author).strip() else "Look at this message")
    room = MAX_STEP_TEXT - len(link) - 1
    shortened = words if len(words) <= room else words[: room - 1].rstrip() + "…"
    return f"{shortened} {link}"
