"""Files on Discord: those that go with a card, and those that people send."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

import discord
from discord import ui

from mentorbot.adapters import uploads
from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.errors import TOO_LATE, translated_errors
from mentorbot.adapters.discord.markup import cut
from mentorbot.adapters.discord.render import ATTACHMENT
from mentorbot.adapters.files import AttachedBlock, File, Files
from mentorbot.errors import PermanentSendError, SendError

log = logging.getLogger(__name__)
T = TypeVar("T")
Send = Callable[[ui.LayoutView, list[discord.File]], Awaitable[T]]


async def with_files(
    view: ui.LayoutView, files: Files, send: Send[T], forgives: type[SendError] = PermanentSendError
) -> tuple[T, list[AttachedBlock]]:
    """`send` the view with those of `files` that it shows; what that gave, and the files that are missing.

    A fault that is one of `forgives` costs the files alone: the view is sent again without them.
    """
    shown = _names(view)
    carried = {block: file for block, file in files.items() if file.name in shown}
    if carried:
        try:
            with translated_errors():
                return await send(view, [_upload(file) for file in carried.values()]), []
        except forgives as fault:
            if fault.code in TOO_LATE:
                raise
            log.warning("Discord did not take %s: %s %s", ", ".join(shown), fault.code, fault)
            _strip(view)
    with translated_errors():
        return await send(view, []), list(carried)


def _upload(file: File) -> discord.File:
    alt = cut(file.alt, limits.ALT_TEXT) or None
    return discord.File(io.BytesIO(file.data), filename=file.name, description=alt)


def _is_file(item: ui.Item[ui.LayoutView]) -> bool:
    return isinstance(item, ui.File | ui.MediaGallery)


def _names(view: ui.LayoutView) -> list[str]:
    media = [item.media.url for item in view.walk_children() if isinstance(item, ui.File)]
    galleries = (item for item in view.walk_children() if isinstance(item, ui.MediaGallery))
    media += [item.media.url for gallery in galleries for item in gallery.items]
    return [url.removeprefix(ATTACHMENT) for url in media]


def _strip(view: ui.LayoutView) -> None:
    """Take the files out of `view`; a container must not be left empty."""
    for container in view.children:
        if isinstance(container, ui.Container):
            for item in [item for item in container.children if _is_file(item)]:
                container.remove_item(item)
            if not container.children:
                container.add_item(ui.TextDisplay("…"))


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
    if int(attachment["size"]) > uploads.MAX_BYTES:
        raise uploads.too_large_error(option, int(attachment["size"]))
    try:
        with translated_errors():
            fetched = client.http.get_from_cdn(str(attachment["url"]))
            data = await asyncio.wait_for(fetched, uploads.FETCH_SECONDS)
    except SendError as fault:
        log.warning("an attachment did not come: %s %s", fault.code, fault)
        raise uploads.fetch_error(option, "Discord") from fault
    return uploads.decode_text(data, option)
