"""Shortcuts, which also work where slash commands don't: in threads and on a phone.

"Ask mentorbot" opens a modal with a box, "Check in" the week's question, and "Add to my plan" makes a step from a message of any
kind, with a link back to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.events import to_readable
from mentorbot.adapters.slack.splitting import one_line, truncate
from mentorbot.errors import SendError

log = logging.getLogger(__name__)
ASK, CHECK_IN, ADD_STEP = "mentor_help", "mentor_check_in", "mentor_add_step"
"""Callback ids. The first is older than its name: apps that are installed have it."""
ASK_FORM = "mentor_ask"
LINK_SECONDS = 1.0
"""Time Slack has to tell a message's link. The form has to open within three seconds."""


def question_view() -> dict[str, Any]:
    """Build the modal with a box for a question."""
    box = PlainTextInputElement(
        action_id=ASK_FORM,
        multiline=True,
        max_length=limits.INPUT_TEXT,
        placeholder=_plain("e.g. What does a senior earn? Or: I'm stuck"),
    )
    view = View(
        type="modal",
        callback_id=ASK_FORM,
        title=_plain("Ask mentorbot"),
        submit=_plain("Ask"),
        close=_plain("Cancel"),
        blocks=[InputBlock(block_id=ASK_FORM, label=_plain("What's on your mind?"), element=box)],
    )
    data: dict[str, Any] = view.to_dict()
    return data


def question_of(view: Mapping[str, Any]) -> str:
    """Read what was typed into the box."""
    return str(view["state"]["values"][ASK_FORM][ASK_FORM].get("value") or "").strip()


def _plain(text: str) -> PlainTextObject:
    return PlainTextObject(text=text, emoji=False)


def message_text(message: Mapping[str, Any]) -> str:
    """Read any message as one line: a person's, an app's blocks or attachments, or the names of files."""
    text = to_readable(str(message.get("text") or ""))
    if not text:
        text = " ".join(_texts(message.get("blocks")))
    if not text:
        kinds = ("pretext", "title", "text", "fallback")
        attachments = [part for part in message.get("attachments") or () if isinstance(part, Mapping)]
        text = next((str(part[kind]) for part in attachments for kind in kinds if part.get(kind)), "")
        text = to_readable(text) or " ".join(_texts([part.get("blocks") for part in attachments]))
    if not text:
        files = [file for file in message.get("files") or () if isinstance(file, Mapping)]
        text = ", ".join(str(file.get("title") or file.get("name") or "a file") for file in files)
    return one_line(text)


def _texts(data: object) -> Iterator[str]:
    """Collect what blocks say, in order."""
    match data:
        case {"type": "mrkdwn", "text": str(text)}:
            yield to_readable(text)
        case {"type": "link", "text": str(text)} | {"type": "link", "url": str(text)}:
            yield text
        case {"type": "emoji", "name": str(name)}:
            yield f":{name}:"
        case {"text": str(text)}:
            yield text.strip()
        case {"type": "image", "alt_text": str(text)}:
            yield text
        case dict():
            for part in ("text", "fields", "elements"):
                yield from _texts(data.get(part))
        case list():
            for part in data:
                yield from _texts(part)


def with_link(text: str, link: str, max_length: int) -> str:
    """Put a link below a text of at most `max_length` characters together; the link is never cut."""
    if not link or len(link) + 2 > max_length:
        return truncate(text, max_length)
    return f"{truncate(text, max_length - len(link) - 1)} {link}".strip()


async def permalink_of(client: AsyncWebClient, body: Mapping[str, Any]) -> str:
    """Ask Slack for the link to the message a shortcut was used on; "" if it doesn't say in time."""
    channel, timestamp = (body.get("channel") or {}).get("id"), (body.get("message") or {}).get("ts")
    if not channel or not timestamp:
        return ""
    try:
        async with asyncio.timeout(LINK_SECONDS):
            with translated_errors():
                found = await client.chat_getPermalink(channel=channel, message_ts=timestamp)
    except (SendError, TimeoutError) as error:
        log.info("a step is added without a link to its message (%s)", type(error).__name__)
        return ""
    return str(found.get("permalink") or "")
