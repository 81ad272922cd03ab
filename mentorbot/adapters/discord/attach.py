"""Sending a message together with its files; without them, where Discord takes the message and not the files."""

from __future__ import annotations

import io
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.faults import TOO_LATE, faults
from mentorbot.adapters.discord.markup import cut
from mentorbot.adapters.discord.render import ATTACHMENT
from mentorbot.adapters.files import Attached, File, Files
from mentorbot.errors import PermanentFault, SendFailed

log = logging.getLogger(__name__)

T = TypeVar("T")
Send = Callable[[ui.LayoutView, list[discord.File]], Awaitable[T]]


async def with_files(
    view: ui.LayoutView, files: Files, send: Send[T], forgives: type[SendFailed] = PermanentFault
) -> tuple[T, list[Attached]]:
    """`send` the view with those of `files` that it shows; what that gave, and the files that are missing.

    A fault that is one of `forgives` costs the files alone: the view is sent again without them.
    """
    shown = _names(view)
    carried = {block: file for block, file in files.items() if file.name in shown}
    if carried:
        try:
            with faults():
                return await send(view, [_upload(file) for file in carried.values()]), []
        except forgives as fault:
            if fault.code in TOO_LATE:
                raise
            log.warning("Discord did not take %s: %s %s", ", ".join(shown), fault.code, fault)
            _strip(view)
    with faults():
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
