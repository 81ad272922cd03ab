"""Files on Discord: those we send with a card, and those people attach."""

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
from mentorbot.adapters.discord.errors import UNANSWERABLE_CODES, translated_errors
from mentorbot.adapters.discord.markup import cut
from mentorbot.adapters.discord.render import ATTACHMENT_URL
from mentorbot.adapters.files import AttachedBlock, File, Files
from mentorbot.errors import PermanentSendError, SendError

log = logging.getLogger(__name__)
Response = TypeVar("Response")
Send = Callable[[ui.LayoutView, list[discord.File]], Awaitable[Response]]


async def send_with_files(
    view: ui.LayoutView, files: Files, send: Send[Response], tolerated: type[SendError] = PermanentSendError
) -> tuple[Response, list[AttachedBlock]]:
    """Send `view` with the `files` it shows; return what `send` returned and the blocks whose files are missing.

    An error of type `tolerated` costs only the files: the view is sent again without them.
    """
    shown_names = _attachment_names(view)
    sendable = {block: file for block, file in files.items() if file.name in shown_names}
    if sendable:
        try:
            with translated_errors():
                return await send(view, [_upload(file) for file in sendable.values()]), []
        except tolerated as error:
            if error.code in UNANSWERABLE_CODES:
                raise
            log.warning("Discord didn't accept %s: %s %s", ", ".join(shown_names), error.code, error)
            _remove_files(view)
    with translated_errors():
        return await send(view, []), list(sendable)


def _upload(file: File) -> discord.File:
    alt = cut(file.alt, limits.ALT_TEXT) or None
    return discord.File(io.BytesIO(file.data), filename=file.name, description=alt)


def _is_file(item: ui.Item[ui.LayoutView]) -> bool:
    return isinstance(item, ui.File | ui.MediaGallery)


def _attachment_names(view: ui.LayoutView) -> list[str]:
    media = [item.media.url for item in view.walk_children() if isinstance(item, ui.File)]
    galleries = (item for item in view.walk_children() if isinstance(item, ui.MediaGallery))
    media += [item.media.url for gallery in galleries for item in gallery.items]
    return [url.removeprefix(ATTACHMENT_URL) for url in media]


def _remove_files(view: ui.LayoutView) -> None:
    """Take the files out of `view`, and fill a container that would be left empty, which Discord refuses."""
    for container in view.children:
        if isinstance(container, ui.Container):
            for item in [item for item in container.children if _is_file(item)]:
                container.remove_item(item)
            if not container.children:
                container.add_item(ui.TextDisplay("…"))


Attachment = Mapping[str, Any]
"""https://docs.discord.com/developers/resources/message#attachment-object"""
ATTACHMENT_OPTION = discord.AppCommandOptionType.attachment.value
FILE_UPLOAD = discord.ComponentType.file_upload.value


def attachments_by_option(data: Mapping[str, Any]) -> dict[str, Attachment]:
    """The attachments of an interaction, by the name of their option or form field."""
    resolved = (data.get("resolved") or {}).get("attachments") or {}
    return {name: resolved[number] for name, number in _attachment_ids(data) if number in resolved}


def _attachment_ids(element: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of name and attachment id, from an option or component and everything inside it."""
    if element.get("type") == ATTACHMENT_OPTION and "value" in element:
        yield str(element["name"]), str(element["value"])
    elif element.get("type") == FILE_UPLOAD and element.get("values"):
        yield str(element["custom_id"]), str(element["values"][0])
    single = [element["component"]] if isinstance(element.get("component"), dict) else []
    for inner in (*(element.get("options") or ()), *(element.get("components") or ()), *single):
        yield from _attachment_ids(inner)


async def attachment_text(client: discord.Client, option: str, attachment: Attachment) -> str:
    """Download an attachment and decode it.

    Raises:
        BadValue: the file is too large, isn't text, or couldn't be downloaded in time.
    """
    # Discord says the size up front, so an oversized file isn't even downloaded.
    if int(attachment["size"]) > uploads.MAX_BYTES:
        raise uploads.too_large_error(option, int(attachment["size"]))
    try:
        with translated_errors():
            download = client.http.get_from_cdn(str(attachment["url"]))
            data = await asyncio.wait_for(download, uploads.FETCH_SECONDS)
    except SendError as error:
        log.warning("an attachment didn't arrive: %s %s", error.code, error)
        raise uploads.fetch_error(option, "Discord") from error
    return uploads.decode_text(data, option)
