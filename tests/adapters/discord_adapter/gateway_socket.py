"""The gateway's socket. All messages of a connection form one compressed stream, flushed after each message."""

from __future__ import annotations

import importlib
import json
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import web


class CompressedSocket(web.WebSocketResponse):
    """A WebSocket that compresses its messages the way the client asked for."""

    def __init__(self, kind: str) -> None:
        super().__init__(compress=False)
        self._compress_chunk = _compressor(kind)

    async def send_json(
        self, data: Any, compress: int | None = None, *, dumps: Callable[[Any], str] = json.dumps
    ) -> None:
        """Send `data` as the next part of the stream."""
        await self.send_bytes(self._compress_chunk(dumps(data).encode()), compress)


def _compressor(kind: str) -> Callable[[bytes], bytes]:
    if kind == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        frames = importlib.import_module("compression.zstd").ZstdCompressor()  # since Python 3.14
        return lambda data: bytes(frames.compress(data, mode=frames.FLUSH_BLOCK))
    raise ValueError(f"{kind}: Discord knows zlib-stream and zstd-stream")
