"""The gateway's socket: all messages of a connection are one compressed stream, flushed after each of them."""

from __future__ import annotations

import importlib
import json
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import web


class Stream(web.WebSocketResponse):
    """A WebSocket that compresses what it sends in the way that the client has asked for."""

    def __init__(self, kind: str) -> None:
        super().__init__(compress=False)
        self._pack = _packer(kind)

    async def send_json(
        self, data: Any, compress: int | None = None, *, dumps: Callable[[Any], str] = json.dumps
    ) -> None:
        """Send `data` as the next part of the stream."""
        await self.send_bytes(self._pack(dumps(data).encode()), compress)


def _packer(kind: str) -> Callable[[bytes], bytes]:
    if kind == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        frames = importlib.import_module("compression.zstd").ZstdCompressor()  # since Python 3.14
        return lambda data: bytes(frames.compress(data, mode=frames.FLUSH_BLOCK))
    raise ValueError(f"{kind}: Discord knows zlib-stream and zstd-stream")
