"""The charts and documents of messages, for people who may see the message."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from mentorbot.adapters.playground.requests import person_from
from mentorbot.adapters.playground.team_chat import TeamChat
from mentorbot.chat import charts
from mentorbot.chat.cards import Block, ChartImage, FileBlock

MEDIA_TYPES = {
    ".md": "text/markdown",
    ".ics": "text/calendar",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".json": "application/json",
}


class MessageFiles:
    """HTTP handlers for them: `as` is the person, `message` the message's id, `block` the block's index in its card."""

    def __init__(self, team_chat: TeamChat) -> None:
        self._team_chat = team_chat

    async def picture(self, request: HttpRequest) -> Response:
        """A chart as PNG."""
        block = self._block(request)
        if not isinstance(block, ChartImage) or not charts.available():
            raise HTTPException(404, "There's no such picture.")
        return Response(await asyncio.to_thread(charts.draw, block.chart), media_type="image/png")

    async def document(self, request: HttpRequest) -> Response:
        """A document, as a download."""
        block = self._block(request)
        if not isinstance(block, FileBlock):
            raise HTTPException(404, "There's no such document.")
        media_type = MEDIA_TYPES.get(PurePath(block.name).suffix.lower(), "application/octet-stream")
        disposition = f"attachment; filename*=utf-8''{quote(block.name, safe='')}"
        return Response(
            block.text.encode(errors="replace"), media_type=media_type, headers={"Content-Disposition": disposition}
        )

    def _block(self, request: HttpRequest) -> Block:
        params = request.query_params
        message = self._team_chat.find(params.get("message", ""), person_from(params).id)
        blocks = dict(enumerate(message.card.blocks)) if message and message.card else {}
        index = params.get("block", "")
        # int() alone would accept other alphabets' digits, and a very long number raises an error.
        block = blocks.get(int(index)) if index.isascii() and index.isdigit() and len(index) < 5 else None
        if block is None:
            raise HTTPException(404, "There's no such message here.")
        return block
