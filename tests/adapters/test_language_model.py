"""The language model's client, at a server that speaks the API and at one that does everything wrong."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from mentorbot.adapters.language_model import MAX_REPLY_LENGTH, Capabilities, CircuitBreaker, OpenAIModel
from mentorbot.domain.language_model import Prompt, Tool
from mentorbot.errors import ModelUnavailable
from tests.chat_api import ChatApi, Script, calls, chat_api, completion, error

TOOL = Tool("plan_add", "Add a step.", {"type": "object", "properties": {"what": {"type": "string"}}})
ASK = Prompt("test", "Be brief.", "Hello?", (TOOL,), max_tokens=50)


@pytest.fixture
async def api() -> AsyncIterator[ChatApi]:
    async with chat_api() as server:
        yield server


@pytest.fixture
async def model(api: ChatApi) -> AsyncIterator[OpenAIModel]:
    client = OpenAIModel(api.url, "test-model", "sk-secret")
    yield client
    await client.close()


async def test_a_question_goes_out_whole_and_the_reply_comes_back(api: ChatApi, model: OpenAIModel) -> None:
    api.script = lambda _: calls("plan_add", {"what": "Read the RAG paper"})
    reply = await model.reply(ASK)
    assert [(call.name, call.arguments) for call in reply.calls] == [("plan_add", {"what": "Read the RAG paper"})]
    assert (reply.usage.prompt_tokens, reply.usage.reply_tokens) == (120, 8)
    body = api.requests[0]
    assert body["model"] == "test-model"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["tools"][0]["function"]["name"] == "plan_add"
    assert api.headers[0]["Authorization"] == "Bearer sk-secret"


@pytest.mark.parametrize("refused", ["tools", "temperature", "max_tokens"])
async def test_what_an_endpoint_refuses_is_left_out(api: ChatApi, model: OpenAIModel, refused: str) -> None:
    api.refuses = {refused}
    api.script = lambda body: (
        calls("plan_add")
        if "tools" in body
        else 'Sure!\n```json\n{"name": "plan_add", "arguments": {"what": "x"}}\n```'
    )
    for _ in range(2):
        assert (await model.reply(ASK)).calls[0].name == "plan_add"
    assert [refused in body for body in api.requests] == [True, False, False]
    if refused == "tools":
        assert "plan_add: Add a step." in api.requests[1]["messages"][0]["content"]


async def test_an_endpoint_that_refuses_everything_is_asked_a_few_times_at_most(
    api: ChatApi, model: OpenAIModel
) -> None:
    api.script = lambda _: error(400, "no tools, no temperature, no max_tokens")
    with pytest.raises(ModelUnavailable, match="http_400"):
        await model.reply(ASK)
    assert len(api.requests) == 2


def _raw(text: str, content_type: str = "application/json") -> Script:
    return lambda _: web.Response(text=text, content_type=content_type)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (lambda _: error(401, "bad key sk-secret"), "http_401"),
        (lambda _: error(429), "http_429"),
        (lambda _: error(503), "http_503"),
        (_raw("<html>welcome</html>", "text/html"), "nonsense"),
        (_raw("not json"), "nonsense"),
        (_raw("[]"), "nonsense"),
        (_raw("{}"), "nonsense"),
        (_raw(json.dumps({"choices": []})), "nonsense"),
        (_raw(json.dumps({"choices": [{"message": 7}]})), "nonsense"),
        (_raw(json.dumps({"choices": [{"message": {"content": 7}}]})), "nonsense"),
        (lambda _: calls("plan_add", "{not json"), "nonsense"),
        (lambda _: calls("plan_add", "[1]"), "nonsense"),
        (lambda _: calls("plan_add", "[" * 5000), "nonsense"),
    ],
)
async def test_anything_but_a_reply_is_one_kind_of_error(
    api: ChatApi, model: OpenAIModel, script: Script, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.script = script
    with pytest.raises(ModelUnavailable, match=code):
        await model.reply(ASK)
    assert "sk-secret" not in caplog.text


async def test_a_slow_reply_is_not_waited_for(api: ChatApi, model: OpenAIModel) -> None:
    api.delay = 30
    async with asyncio.timeout(5):
        with pytest.raises(ModelUnavailable, match="timeout"):
            await model.reply(ASK, seconds=0.1)


async def test_a_closed_port_is_a_failed_connection() -> None:
    async with chat_api() as api:
        url = api.url
    model = OpenAIModel(url, "test-model")
    with pytest.raises(ModelUnavailable, match="connection"):
        await model.reply(ASK)
    await model.close()


async def test_an_endless_reply_is_cut_and_thoughts_are_dropped(api: ChatApi, model: OpenAIModel) -> None:
    api.script = lambda _: "<think>They want a tool.</think> Hi." + "x" * 2 * MAX_REPLY_LENGTH
    reply = await model.reply(ASK)
    assert reply.text.startswith("Hi.")
    assert len(reply.text) < MAX_REPLY_LENGTH


async def test_after_three_failures_the_endpoint_is_left_alone_for_a_minute(api: ChatApi) -> None:
    now = 0.0
    model = OpenAIModel(api.url, "test-model", breaker=CircuitBreaker(lambda: now))
    api.script = lambda _: error(500)
    for _ in range(5):
        with pytest.raises(ModelUnavailable):
            await model.reply(ASK)
    assert len(api.requests) == 3
    now = 61.0
    with pytest.raises(ModelUnavailable, match="http_500"):
        await model.reply(ASK)  # one question goes through to try
    with pytest.raises(ModelUnavailable, match="resting"):
        await model.reply(ASK)
    now, api.script = 122.0, lambda _: "back"
    assert [(await model.reply(ASK)).text for _ in range(2)] == ["back", "back"]
    await model.close()


async def test_logs_never_hold_what_people_say(
    api: ChatApi, model: OpenAIModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await model.reply(Prompt("test", "Be brief.", "my secret plan"))
    api.script = lambda _: error(500, "my secret plan")
    with pytest.raises(ModelUnavailable) as raised:
        await model.reply(Prompt("test", "Be brief.", "my secret plan"))
    assert "secret plan" not in caplog.text + str(raised.value)


@pytest.mark.parametrize("refused", [set(), {"tools"}, {"response_format"}, {"stream"}])
async def test_capabilities_are_tried(api: ChatApi, model: OpenAIModel, refused: set[str]) -> None:
    def able(body: dict[str, object]) -> dict[str, object] | str:
        return calls("ready") if "tools" in body else '{"ready": true}' if "response_format" in body else "ready"

    api.script, api.refuses = able, refused
    expected = Capabilities("tools" not in refused, "response_format" not in refused, "stream" not in refused)
    assert await model.capabilities() == expected


async def test_a_completion_without_usage_counts_nothing(api: ChatApi, model: OpenAIModel) -> None:
    body = completion({"role": "assistant", "content": "hi"}) | {"usage": None}
    api.script = lambda _: web.json_response(body)
    reply = await model.reply(ASK)
    assert (reply.text, reply.usage.prompt_tokens) == ("hi", 0)
