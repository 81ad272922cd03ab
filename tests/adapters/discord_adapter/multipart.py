"""Requests with files, as Discord reads them: https://docs.discord.com/developers/reference#uploading-files."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from tests.adapters.discord_adapter.contract import flat


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request's JSON, and the bytes that came with it by file name."""

    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Shelf:
    """What people have attached, at `url`, where it comes after `wait` seconds."""

    url: str = ""
    wait: float = 0
    held: dict[str, bytes] = field(default_factory=dict)

    def attachment(self, name: str, data: bytes, **extra: Any) -> dict[str, Any]:
        """A file that somebody attached, as Discord describes it in what is resolved."""
        self.held[name] = data
        url = f"{self.url}/{name}"
        return {
            "id": f"5500{len(self.held)}",
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            **extra,
        }

    async def give(self, request: web.Request) -> web.StreamResponse:
        """Discord's file server."""
        await asyncio.sleep(self.wait)
        return web.Response(body=self.held[request.match_info["name"]])


async def unpack(request: web.Request) -> Parcel:
    """Read a request of either kind."""
    if not request.can_read_body:
        return Parcel()
    if request.content_type != "multipart/form-data":
        return Parcel(await request.json())
    body: Any = None
    files: dict[str, bytes] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "no part of the bot's is nested"
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            assert re.fullmatch(r"files\[\d\]", part.name or "")
            files[part.filename or ""] = bytes(await part.read())
    return Parcel(body, files)


def refusal(parcel: Parcel) -> str | None:
    """Why Discord would refuse the files: each that is shown must have come, each that came must be named and shown."""
    body = parcel.body.get("data", parcel.body) if isinstance(parcel.body, dict) else {}
    shown = set(_shown(body.get("components") or []))
    named = {part["filename"] for part in body.get("attachments") or []}
    if shown != named or named != set(parcel.files):
        return f"files: {shown} are shown, {named} are named, {set(parcel.files)} have come"
    if not all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in named):
        return f"Discord changes such names: {named}"
    return None


def _shown(components: list[dict[str, Any]]) -> list[str]:
    parts = list(flat(components))
    media = [part["file"] for part in parts if part["type"] == 13]
    media += [item["media"] for part in parts if part["type"] == 12 for item in part["items"]]
    return [one["url"].removeprefix("attachment://") for one in media]


def answered(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Data as an answer: discord.py wants the content type as Discord writes it, without a charset."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json", **(headers or {})}
    )
