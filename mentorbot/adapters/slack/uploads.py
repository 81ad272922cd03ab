"""Files people upload in a form: finding them in the payload, downloading and decoding them.

The download carries the bot's token, so it may only go to Slack: the host of the Web API, or one of Slack's own domains.
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

_SLACK_DOMAINS = ("slack.com", "slack-gov.com")
_CHUNK_BYTES = 65_536


def uploaded_files(view: Mapping[str, Any]) -> dict[str, SlackFile]:
    """Return the uploaded file of each field that has one, from a submitted modal."""
    fields = {name.removeprefix(FIELD): inputs.get(INPUT) or {} for name, inputs in view["state"]["values"].items()}
    return {name: value["files"][0] for name, value in fields.items() if value.get("files")}


async def read_upload(client: AsyncWebClient, option: str, file: SlackFile) -> str:
    """Download an uploaded file and decode its text.

    Raises:
        BadValue: the file is too large, isn't text, or couldn't be downloaded.
    """
    if int(file.get("size") or 0) > uploads.MAX_BYTES:
        raise uploads.too_large_error(option, int(file["size"]))
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    try:
        with translated_errors():
            data = await _download(client, url)
    except SendError as error:
        log.warning("a file didn't arrive: %s", error)
        raise uploads.fetch_error(option, "Slack") from error
    if len(data) > uploads.MAX_BYTES:
        raise uploads.too_large_error(option)
    return uploads.decode_text(data, option)


def is_slack_url(url: str, base: str) -> bool:
    """Tell whether `url` may receive our token: it's on the host of `base`, the Web API's address, or on a Slack domain."""
    target, api = urlsplit(url), urlsplit(base)
    if (target.scheme, target.netloc) == (api.scheme, api.netloc):
        return True
    host = target.hostname or ""
    # Comparing netloc with the bare host rules out ports and user names, which could disguise another host.
    return (
        target.scheme == "https"
        and target.netloc == host
        and host.endswith(tuple(f".{name}" for name in _SLACK_DOMAINS))
    )


async def _download(client: AsyncWebClient, url: str) -> bytes:
    """Download `url`. Stop just past `MAX_BYTES`, so the caller can tell the file is too large."""
    if not is_slack_url(url, client.base_url):
        raise TemporarySendError("not_slacks", f"not Slack's: {urlsplit(url).hostname}")
    headers = {"Authorization": f"Bearer {client.token}"}
    timeout = aiohttp.ClientTimeout(total=uploads.FETCH_SECONDS)
    options: dict[str, Any] = {"allow_redirects": False, "proxy": client.proxy, "ssl": client.ssl or True}
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(url, headers=headers, **options) as response,
    ):
        if response.status != 200:
            # Without the scope files:read, Slack redirects to its sign-in page.
            raise TemporarySendError(str(response.status), f"Slack's file server says {response.status}")
        data = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            data += chunk
            if len(data) > uploads.MAX_BYTES:
                break
        return bytes(data)
