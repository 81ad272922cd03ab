"""A server that speaks OpenAI's chat API on a local port: tools, streaming, errors, silence, nonsense and hostile replies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Answer = web.StreamResponse | str | Body
"""A response as it is, the text of a message, or a message."""
Script = Callable[[Body], Answer]


@dataclass
class ChatApi:
    """The server. `script` answers every request; `refuses` are parameters it answers with an error, as some servers do."""

    script: Script = lambda _: "ready"
    refuses: set[str] = field(default_factory=set)
    delay: float = 0.0
    url: str = ""
    requests: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """Everything the server has been sent, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /v1/chat/completions`."""
        body: Body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        if refused := sorted(self.refuses & body.keys()):
            return error(400, f"Unsupported parameter: '{refused[0]}'", refused[0])
        await asyncio.sleep(self.delay)
        answer = self.script(body)
        if isinstance(answer, web.StreamResponse):
            return answer
        message: Body = {"role": "assistant", "content": answer} if isinstance(answer, str) else answer
        if body.get("stream"):
            return await _stream(request, message)
        return web.json_response(completion(message))


def completion(message: Body) -> Body:
    """A chat completion with one message."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 8, "total_tokens": 128},
    }


def calls(name: str, arguments: Body | str = "{}") -> Body:
    """A message that calls a tool. Arguments given as text go out as they are."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def error(status: int, message: str = "no", param: str | None = None) -> web.Response:
    """An error in the API's own form."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}
    return web.json_response(body, status=status)


async def _stream(request: web.Request, message: Body) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for word in (message.get("content") or "").split(" "):
        choice = {"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "test-model", "choices": [choice]}
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    return response


@asynccontextmanager
async def chat_api() -> AsyncIterator[ChatApi]:
    """Serve the API on a free port."""
    api = ChatApi()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", api.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield api
    finally:
        await runner.cleanup()
