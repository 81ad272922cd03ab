"""The pictures and documents of messages, for those who see the message."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from mentorbot.adapters.playground.requests import who_of
from mentorbot.adapters.playground.room import Room
from mentorbot.chat import charts
from mentorbot.chat.cards import Block, ChartImage, FileBlock

MEDIA = {
    ".md": "text/markdown",
    ".ics": "text/calendar",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".json": "application/json",
}


class Files:
    """The requests for them: `as` is the person, `message` its id, `block` the place in its card, from 0."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def picture(self, request: HttpRequest) -> Response:
        """A chart as PNG."""
        block = self._block(request)
        if not isinstance(block, ChartImage) or not charts.available():
            raise HTTPException(404, "There is no such picture.")
        return Response(await asyncio.to_thread(charts.draw, block.chart), media_type="image/png")

    async def document(self, request: HttpRequest) -> Response:
        """A document, to keep."""
        block = self._block(request)
        if not isinstance(block, FileBlock):
            raise HTTPException(404, "There is no such document.")
        media = MEDIA.get(PurePath(block.name).suffix.lower(), "application/octet-stream")
        named = f"attachment; filename*=utf-8''{quote(block.name, safe='')}"
        return Response(block.text.encode(errors="replace"), media_type=media, headers={"Content-Disposition": named})

    def _block(self, request: HttpRequest) -> Block:
        asked = request.query_params
        message = self._room.find(asked.get("message", ""), who_of(asked).id)
        blocks = dict(enumerate(message.card.blocks)) if message and message.card else {}
        place = asked.get("block", "")
        found = blocks.get(int(place)) if place.isascii() and place.isdigit() and len(place) < 5 else None
        if found is None:
            raise HTTPException(404, "There is no such message here.")
        return found
