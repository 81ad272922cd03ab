"""Files that people put into a form: which they are, and the text inside.

The bot's token travels with the request, so that only Slack may be asked: the host that we talk to anyway, and Slack's own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters import uploads
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.forms import FIELD, INPUT
from mentorbot.errors import SendError, TemporarySendError

log = logging.getLogger(__name__)

SlackFile = Mapping[str, Any]
"""https://docs.slack.dev/reference/objects/file-object"""

_SLACK = ("slack.com", "slack-gov.com")
_PIECE = 65_536


def attached(view: Mapping[str, Any]) -> dict[str, SlackFile]:
    """The file of each field that has one, from a submitted modal."""
    given = {name.removeprefix(FIELD): inputs[INPUT] for name, inputs in view["state"]["values"].items()}
    return {name: value["files"][0] for name, value in given.items() if value.get("files")}


async def text_of(client: AsyncWebClient, option: str, file: SlackFile) -> str:
    """The text of a file.

    Raises:
        BadValue: it is too large, no text, or did not come.
    """
    if int(file.get("size") or 0) > uploads.LARGEST:
        raise uploads.too_large(option, int(file["size"]))
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    try:
        with translated_errors():
            data = await _fetched(client, url)
    except SendError as fault:
        log.warning("a file did not come: %s", fault)
        raise uploads.not_fetched(option, "Slack") from fault
    if len(data) > uploads.LARGEST:
        raise uploads.too_large(option)
    return uploads.text_in(data, option)


def is_slacks(url: str, base: str) -> bool:
    """Whether `url` may see our token: it lies on the host of `base`, the address of the Web API, or on Slack's own."""
    asked, ours = urlsplit(url), urlsplit(base)
    if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
        return True
    host = asked.hostname or ""
    return asked.scheme == "https" and asked.netloc == host and host.endswith(tuple(f".{name}" for name in _SLACK))


async def _fetched(client: AsyncWebClient, url: str) -> bytes:
    """The bytes at `url`; of a file that is too large, a few more than may be."""
    if not is_slacks(url, client.base_url):
        raise TemporarySendError("not_slacks", f"not Slack's: {urlsplit(url).hostname}")
    headers = {"Authorization": f"Bearer {client.token}"}
    limit = aiohttp.ClientTimeout(total=uploads.SECONDS)
    how: dict[str, Any] = {"allow_redirects": False, "proxy": client.proxy, "ssl": client.ssl or True}
    async with aiohttp.ClientSession(timeout=limit) as session, session.get(url, headers=headers, **how) as answer:
        if answer.status != 200:
            # A redirection leads to Slack's front door: the app lacks files:read.
            raise TemporarySendError(str(answer.status), f"Slack's file server says {answer.status}")
        data = bytearray()
        async for piece in answer.content.iter_chunked(_PIECE):
            data += piece
            if len(data) > uploads.LARGEST:
                break
        return bytes(data)
