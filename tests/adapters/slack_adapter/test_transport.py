"""The two ways in: signed HTTP and Socket Mode, and what is said when they cannot be opened."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from typing import cast

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.transport import SignedHttp
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card
from mentorbot.errors import BadSettings
from mentorbot.settings import Settings

from .harness import Http, Slow, shown, until
from .payloads import HttpSlack
from .server import APP_TOKEN, SlackServer

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


async def test_a_wrong_signature_and_an_old_request_are_refused_and_the_operator_is_told(
    http: Http, slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    form = slack.slash("plan add A secret plan")
    assert (await http.slack.post(form, secret="another")).status_code == 401
    assert (await http.slack.post(form, age=301)).status_code == 401
    assert (await http.slack.post(form, age=280)).status_code == 200
    assert "SLACK_SIGNING_SECRET" in caplog.text
    assert "A secret plan" not in caplog.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"\xff\xfe", JSON), (b"{", JSON), (b"[1]", JSON), (b"payload=[1]", FORM), (b"payload={", FORM), (b"", FORM)],
)
async def test_what_slack_did_not_sign_is_refused_whatever_it_is(http: Http, body: bytes, kind: str) -> None:
    signature = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=x"}
    async with httpx.AsyncClient() as client:
        for headers in ({}, signature):
            response = await client.post(http.slack.url, content=body, headers={"Content-Type": kind, **headers})
            assert response.status_code == 401


async def test_a_body_without_end_is_refused(http: Http) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.post(http.slack.url, content=b"x" * 1_000_001)
    assert response.status_code == 413


async def test_slacks_own_checks_are_answered(http: Http) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"})
    response = await http.slack.send(challenge, JSON)
    assert response.json() == {"challenge": "c1"}
    async with httpx.AsyncClient() as client:
        assert (await client.post(http.slack.url, data={"ssl_check": "1", "token": "t"})).status_code == 200
        assert (await client.get(http.slack.url, params={"ssl_check": "1"})).status_code == 200
        assert (await client.get(http.slack.url)).status_code == 404
        health = await client.get(http.slack.url.replace("/slack/events", "/healthz"))
    assert health.json() == {"status": "ok"}


async def test_bolt_takes_no_tokens_from_the_environment(
    settings: Settings,
    core: AppContext,
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "something-else")
    door = SlackAdapter(settings, core.dispatcher)
    await door.start()
    response = await HttpSlack(cast(SignedHttp, door._transport).server.port).post(slack.slash("salary senior"))
    await door.stop()
    assert "$200K-$280K+" in shown(response.json())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_socket_mode_survives_the_connection_that_slack_ends(socket: SlackAdapter, slack: SlackServer) -> None:
    await slack.refresh()
    assert slack.connections == 2
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e1")
    assert "$200K-$280K+" in shown(answer)


async def test_an_envelope_that_makes_no_sense_does_not_end_the_connection(
    socket: SlackAdapter, slack: SlackServer
) -> None:
    with pytest.raises(TimeoutError):
        await slack.envelope("slash_commands", {"command": "/mentor"}, "e1")
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e2")
    assert "$200K-$280K+" in shown(answer)


async def test_a_stop_keeps_the_connection_until_what_is_in_flight_is_acknowledged(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    slow = Slow(core, Card("At last"), 1)
    door = SlackAdapter(replace(settings, slack_app_token=APP_TOKEN), slow.dispatcher)
    await door.start()
    await slack.connected.wait()
    asked = asyncio.create_task(slack.envelope("slash_commands", slack.slash("help"), "e1"))
    await until(lambda: slow.runs)
    await door.stop()
    assert "At last" in shown(await asked)


async def test_socket_mode_asks_for_one_address(socket: SlackAdapter, slack: SlackServer) -> None:
    assert [method for method, _ in slack.calls].count("apps.connections.open") == 1


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_wrong_token_is_named_and_never_printed(settings: Settings, core: AppContext, variable: str) -> None:
    tokens = {"slack_bot_token": "xoxb-wrong"} if variable == "SLACK_BOT_TOKEN" else {"slack_app_token": "xapp-wrong"}
    door = SlackAdapter(replace(settings, **tokens), core.dispatcher)
    with pytest.raises(BadSettings, match=variable) as raised:
        await door.start()
    assert "wrong" not in str(raised.value)


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_a_revoked_token_is_said_to_be_so(
    settings: Settings, core: AppContext, slack: SlackServer, code: str
) -> None:
    slack.fail("auth.test", code)
    with pytest.raises(BadSettings, match=f"SLACK_BOT_TOKEN.*{code}"):
        await SlackAdapter(settings, core.dispatcher).start()


@pytest.mark.parametrize(("method", "kind"), [("auth.test", "500"), ("auth.test", "page"), ("auth.test", "half")])
async def test_a_slack_that_makes_no_sense_is_not_taken_for_a_wrong_token(
    settings: Settings, core: AppContext, slack: SlackServer, method: str, kind: str
) -> None:
    slack.fail(method, kind)
    with pytest.raises(BadSettings, match="SLACK_API_URL") as raised:
        await SlackAdapter(settings, core.dispatcher).start()
    assert "TOKEN" not in str(raised.value)


async def test_a_fault_of_a_moment_is_not_taken_for_a_wrong_app_token(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    slack.fail("apps.connections.open", "500")
    with pytest.raises(BadSettings, match="cannot be reached"):
        await SlackAdapter(replace(settings, slack_app_token=APP_TOKEN), core.dispatcher).start()


async def test_a_slack_that_does_not_answer_is_said_to_be_so(settings: Settings, core: AppContext) -> None:
    door = SlackAdapter(replace(settings, slack_api_url="http://127.0.0.1:9/api/"), core.dispatcher)
    with pytest.raises(BadSettings, match="SLACK_API_URL"):
        await door.start()


async def test_an_address_that_is_taken_is_said_to_be_so(http: Http, settings: Settings, core: AppContext) -> None:
    port = cast(SignedHttp, http.door._transport).server.port
    with pytest.raises(BadSettings, match="--port"):
        await SlackAdapter(replace(settings, port=str(port)), core.dispatcher).start()


@given(body=st.binary(max_size=60), kind=st.sampled_from([JSON, FORM]))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_breaks_the_check_of_the_signature(body: bytes, kind: str) -> None:
    """Straight at the application, without a network."""
    assert asyncio.run(_status(body, kind)) == 401


async def _status(body: bytes, kind: str) -> int:
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415  only here

    signed = SignedHttp(AsyncApp(token="xoxb-x", signing_secret="s"), Settings(slack_signing_secret="s"))
    transport = httpx.ASGITransport(app=signed.server._app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        return (await client.post("/slack/events", content=body, headers={"Content-Type": kind})).status_code
