"""Requests with files, parsed like Discord does: https://docs.discord.com/developers/reference#uploading-files."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.adapters.discord_adapter.discord_rules import flat


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A request's JSON, and its files by name."""

    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class AttachmentServer:
    """The files people have attached, served under `url` with a delay of `wait` seconds."""

    url: str = ""
    wait: float = 0
    files: dict[str, bytes] = field(default_factory=dict)

    def attachment(self, name: str, data: bytes, **extra: Any) -> dict[str, Any]:
        """Store a file, and describe it like Discord does in an interaction's `resolved` attachments."""
        self.files[name] = data
        url = f"{self.url}/{name}"
        return {
            "id": f"5500{len(self.files)}",
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            **extra,
        }

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one file, as Discord's CDN does."""
        await asyncio.sleep(self.wait)
        return web.Response(body=self.files[request.match_info["name"]])


async def read_body(request: web.Request) -> RequestBody:
    """Read a JSON or a multipart request."""
    if not request.can_read_body:
        return RequestBody()
    if request.content_type != "multipart/form-data":
        return RequestBody(await request.json())
    body: Any = None
    files: dict[str, bytes] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "the bot nests no parts"
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            assert re.fullmatch(r"files\[\d\]", part.name or "")
            files[part.filename or ""] = bytes(await part.read())
    return RequestBody(body, files)


def files_violation(request_body: RequestBody) -> str | None:
    """The rule the files break; None if fine. Every file shown must be uploaded, every upload must be named and shown."""
    body = request_body.body.get("data", request_body.body) if isinstance(request_body.body, dict) else {}
    shown = set(_shown_urls(body.get("components") or []))
    named = {attachment["filename"] for attachment in body.get("attachments") or []}
    if shown != named or named != set(request_body.files):
        return f"files: {shown} are shown, {named} are named, {set(request_body.files)} have come"
    if not all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in named):
        return f"Discord changes such names: {named}"
    return None


def _shown_urls(components: list[dict[str, Any]]) -> list[str]:
    all_components = list(flat(components))
    media_refs = [component["file"] for component in all_components if component["type"] == 13]
    media_refs += [
        item["media"] for component in all_components if component["type"] == 12 for item in component["items"]
    ]
    return [ref["url"].removeprefix("attachment://") for ref in media_refs]


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON response. discord.py expects the content type exactly as Discord sends it, without a charset."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json", **(headers or {})}
    )
