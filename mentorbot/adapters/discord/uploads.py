"""Files that people attach to a command or put into a form: which they are, and the text inside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from mentorbot.adapters import uploads
from mentorbot.adapters.discord.faults import faults
from mentorbot.errors import SendFailed

log = logging.getLogger(__name__)

Attachment = Mapping[str, Any]
"""https://docs.discord.com/developers/resources/message#attachment-object"""

OPTION = discord.AppCommandOptionType.attachment.value
UPLOAD = discord.ComponentType.file_upload.value


def attached(data: Mapping[str, Any]) -> dict[str, Attachment]:
    """What came with an interaction, by the name of its option or its field."""
    known = (data.get("resolved") or {}).get("attachments") or {}
    return {name: known[number] for name, number in _chosen(data) if number in known}


def _chosen(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if part.get("type") == OPTION and "value" in part:
        yield str(part["name"]), str(part["value"])
    elif part.get("type") == UPLOAD and part.get("values"):
        yield str(part["custom_id"]), str(part["values"][0])
    single = [part["component"]] if isinstance(part.get("component"), dict) else []
    for inner in (*(part.get("options") or ()), *(part.get("components") or ()), *single):
        yield from _chosen(inner)


async def text_of(client: discord.Client, option: str, attachment: Attachment) -> str:
    """The text of a file.

    Raises:
        BadValue: it is too large, no text, or did not come.
    """
    if int(attachment["size"]) > uploads.LARGEST:
        raise uploads.too_large(option, int(attachment["size"]))
    try:
        with faults():
            fetched = client.http.get_from_cdn(str(attachment["url"]))
            data = await asyncio.wait_for(fetched, uploads.SECONDS)
    except SendFailed as fault:
        log.warning("an attachment did not come: %s %s", fault.code, fault)
        raise uploads.not_fetched(option, "Discord") from fault
    return uploads.text_in(data, option)
