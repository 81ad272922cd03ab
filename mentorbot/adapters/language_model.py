"""A language model behind any endpoint with OpenAI's chat API: hosted, Azure, vLLM, Ollama, llama.cpp.

https://platform.openai.com/docs/api-reference/chat/create is the wire format. Servers support different parts of it, so a
parameter that an endpoint refuses is left out from then on, and tools are described in words instead.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletion

from mentorbot import metrics
from mentorbot.domain.language_model import REPLY_SECONDS, Prompt, Reply, Tool, ToolCall, Usage
from mentorbot.errors import ModelUnavailable

log = logging.getLogger(__name__)
MAX_REPLY_LENGTH = 8_000
"""Characters of a reply that are read. What we ask for fits into far fewer."""
_NO_KEY = "none"
"""Sent to endpoints without keys, since the SDK insists on one."""
_OPTIONAL = ("tools", "temperature", "max_tokens")
"""Parameters that some endpoints refuse, and that can be left out."""
_REFUSED = (400, 404, 422, 501)
"""HTTP statuses that tell a parameter isn't supported, if the message names it."""
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
"""The words some local models say to themselves first."""
_FAILURES, _REST_SECONDS = 3, 60.0
"""After so many failures in a row, the endpoint is left alone for so many seconds."""
for _name in ("openai", "httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at DEBUG, they log what people say


class CircuitBreaker:
    """Leaves an endpoint alone for a while after several failures in a row, then lets one question through to try.

    https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._failures, self._closed_at = 0, 0.0

    def enter(self) -> None:
        """Begin a call. Raises `ModelUnavailable` while the endpoint is left alone."""
        if self._failures < _FAILURES:
            return
        if self._monotonic() < self._closed_at:
            raise ModelUnavailable("resting")
        self._closed_at = self._monotonic() + _REST_SECONDS  # others wait until this call has ended

    def succeed(self) -> None:
        """End a call well."""
        self._failures = 0

    def fail(self) -> None:
        """End a call badly."""
        self._failures += 1
        self._closed_at = self._monotonic() + _REST_SECONDS


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Capabilities of an endpoint. Each one it lacks is done without."""

    tools: bool
    structured_output: bool
    streaming: bool


class OpenAIModel:
    """A model at an endpoint. One question at a time per task; the connections are shared."""

    def __init__(self, url: str, model: str, key: str = "", breaker: CircuitBreaker | None = None) -> None:
        self._model, self._host = model, urlsplit(url).hostname or url
        self._client = openai.AsyncOpenAI(base_url=url, api_key=key or _NO_KEY, timeout=REPLY_SECONDS, max_retries=0)
        self._breaker = breaker or CircuitBreaker()
        self._refused: set[str] = set()

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model

    @property
    def host(self) -> str:
        """The host the words go to."""
        return self._host

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def reply(self, prompt: Prompt, seconds: float = REPLY_SECONDS) -> Reply:
        """Ask the model, and wait at most `seconds`.

        Raises:
            ModelUnavailable: there's no usable reply: an error, a time-out, nonsense, or too many failures before.
        """
        began = time.perf_counter()
        try:
            self._breaker.enter()
            reply = await self._reply_within(prompt, seconds)
        except ModelUnavailable as error:
            metrics.MODEL_CALLS.labels(prompt.purpose, error.code).inc()
            if error.code != "resting":
                self._breaker.fail()
                log.warning("the language model gave no usable reply (%s)", error.code)
            raise
        self._breaker.succeed()
        took = time.perf_counter() - began
        metrics.MODEL_CALLS.labels(prompt.purpose, "ok").inc()
        metrics.MODEL_SECONDS.labels(prompt.purpose).observe(took)
        metrics.MODEL_TOKENS.labels("sent").inc(reply.usage.prompt_tokens)
        metrics.MODEL_TOKENS.labels("received").inc(reply.usage.reply_tokens)
        return Reply(reply.text, reply.calls, Usage(took, reply.usage.prompt_tokens, reply.usage.reply_tokens))

    async def _reply_within(self, prompt: Prompt, seconds: float) -> Reply:
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return _read(await self._complete(prompt))
        except (TimeoutError, openai.APITimeoutError):
            raise ModelUnavailable("timeout") from None
        except openai.APIStatusError as error:
            raise ModelUnavailable(f"http_{error.status_code}") from None
        except openai.APIConnectionError:
            raise ModelUnavailable("connection") from None
        except (openai.OpenAIError, AttributeError, TypeError, ValueError, LookupError, RecursionError):
            # The SDK doesn't validate what it parses, so nonsense fails where it's read. Its text may be in the error.
            raise ModelUnavailable("nonsense") from None

    async def _complete(self, prompt: Prompt) -> object:
        """Send a prompt, without what the endpoint has refused."""
        while True:
            try:
                return await self._client.chat.completions.create(**self._arguments(prompt))
            except openai.APIStatusError as error:
                refused = [name for name in _named(error) if name not in self._refused]
                if error.status_code not in _REFUSED or not refused:
                    raise
                self._refused.update(refused)
                log.info("the language model's endpoint doesn't take %s, so it's left out", ", ".join(refused))

    def _arguments(self, prompt: Prompt) -> dict[str, Any]:
        arguments: dict[str, Any] = {"model": self._model, "temperature": 0, "max_tokens": prompt.max_tokens}
        system = prompt.system
        if prompt.tools and "tools" in self._refused:
            system = f"{system}\n\n{_tools_in_words(prompt.tools)}"
        elif prompt.tools:
            arguments["tools"] = [_function(tool) for tool in prompt.tools]
        arguments["messages"] = [
            {"role": "system", "content": system},
            {"role": "user", "content": prompt.user},
        ]
        return {name: value for name, value in arguments.items() if name not in self._refused}

    async def capabilities(self) -> Capabilities:
        """Try what the endpoint can do.

        Raises:
            ModelUnavailable: it doesn't even answer.
        """
        await self.reply(Prompt("doctor", "Reply with one word.", "Say: ready", max_tokens=20))
        tool = Tool("ready", "Report that you're ready.", {"type": "object", "properties": {}})
        try:
            reply = await self.reply(Prompt("doctor", "Always call the tool.", "Are you ready?", (tool,)))
            has_tools = "tools" not in self._refused and any(call.name == "ready" for call in reply.calls)
        except ModelUnavailable:
            has_tools = False
        return Capabilities(has_tools, await self._has_structured_output(), await self._has_streaming())

    async def _has_structured_output(self) -> bool:
        schema = {
            "type": "object",
            "properties": {"ready": {"type": "boolean"}},
            "required": ["ready"],
            "additionalProperties": False,
        }
        shape: Any = {"type": "json_schema", "json_schema": {"name": "ready", "strict": True, "schema": schema}}
        arguments = self._arguments(Prompt("doctor", "Reply with JSON.", "Are you ready?", max_tokens=50))
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                answer = await self._client.chat.completions.create(**arguments, response_format=shape)
            return isinstance(json.loads(answer.choices[0].message.content or "")["ready"], bool)
        except (openai.OpenAIError, TimeoutError, AttributeError, TypeError, ValueError, LookupError):
            return False

    async def _has_streaming(self) -> bool:
        arguments = self._arguments(Prompt("doctor", "Reply with one word.", "Say: ready", max_tokens=20))
        text = ""
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                async for chunk in await self._client.chat.completions.create(**arguments, stream=True):
                    text += "".join(choice.delta.content or "" for choice in chunk.choices)
        except (openai.OpenAIError, TimeoutError, AttributeError, TypeError, ValueError):
            return False
        return bool(text.strip())


def _named(error: openai.APIStatusError) -> Iterator[str]:
    """List the parameters an error is about: the one it gives, or else those its message names."""
    body = error.body if isinstance(error.body, Mapping) else {}
    text = f"{body.get('param') or ''} {body.get('message') or error.message}".lower().replace("functions", "tools")
    return (name for name in _OPTIONAL if re.search(rf"\b{name}\b", text) or (name == "tools" and "tool" in text))


def _function(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def _tools_in_words(tools: tuple[Tool, ...]) -> str:
    """Describe the tools to a model whose endpoint has none."""
    listed = "\n".join(f"{tool.name}: {tool.description} {json.dumps(tool.parameters)}" for tool in tools)
    shape = '{"name": "<tool>", "arguments": {...}}'
    return f"Reply with nothing but JSON of the form {shape}, with one of these tools, or with {{}}.\n{listed}"


def _read(completion: object) -> Reply:
    """Read a completion. Raises one of several errors if it's nonsense."""
    if not isinstance(completion, ChatCompletion):
        raise TypeError("no completion")  # e.g. a page of HTML, which the SDK hands on as a string
    message = completion.choices[0].message
    text = _THOUGHTS.sub("", (message.content or "")[:MAX_REPLY_LENGTH]).strip()
    calls = tuple(_calls(message.tool_calls or ()))
    if not calls and (written := _written_call(text)) is not None:
        calls = (written,)
    usage = completion.usage
    sent, received = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
    return Reply(text, calls, Usage(0.0, max(0, int(sent)), max(0, int(received))))


def _calls(calls: Any) -> Iterator[ToolCall]:
    for call in calls:
        arguments = json.loads((call.function.arguments or "{}")[:MAX_REPLY_LENGTH])
        if not isinstance(call.function.name, str) or not isinstance(arguments, dict):
            raise TypeError("no call")
        yield ToolCall(call.function.name, arguments)


def _written_call(text: str) -> ToolCall | None:
    """Read a tool call that was written as text; None if the text is anything else."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        data = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    name = data.get("name") if isinstance(data, dict) else None
    arguments = data.get("arguments", {}) if isinstance(data, dict) else None
    return ToolCall(name, arguments) if isinstance(name, str) and isinstance(arguments, dict) else None
