"""Transports: signed HTTP and Socket Mode, signature checks, shutdown, and the errors when opening fails."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
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
from mentorbot.errors import BadSettings, PlatformDown
from mentorbot.settings import Settings

from .harness import HttpHarness, SlowBot, visible_text, wait_until
from .payloads import RequestSender
from .server import APP_TOKEN, SECRET, SlackServer
from .state import TEAM

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


async def test_wrong_signature_and_old_request_are_rejected_and_logged(
    http: HttpHarness, slack: SlackServer, caplog: pytest.LogCaptureFixture
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
async def test_unsigned_request_is_rejected(http: HttpHarness, body: bytes, kind: str) -> None:
    signature = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=x"}
    async with httpx.AsyncClient() as client:
        for headers in ({}, signature):
            response = await client.post(http.slack.url, content=body, headers={"Content-Type": kind, **headers})
            assert response.status_code == 401


async def test_signed_body_that_cannot_be_read_is_a_bad_request(http: HttpHarness) -> None:
    documents = ["{", "[1]", "null", "[" * 100_000, '{"type": "event_callback"', '{"team": 5}']
    forms = ["payload=[1]", "payload={", "payload=", "", "command=/mentor"]
    for body, kind in [*((body, JSON) for body in documents), *((body, FORM) for body in forms)]:
        assert (await http.slack.send(body, kind)).status_code == 400, body[:50]


async def test_absurd_timestamp_is_refused(http: HttpHarness) -> None:
    async with httpx.AsyncClient() as client:
        for stamp in ("9" * 400, "-" + "9" * 400, "1e400", "nan", "0", "", "\u0663"):
            digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{{}}".encode(), hashlib.sha256).hexdigest()
            headers = {b"X-Slack-Request-Timestamp": stamp.encode(), b"X-Slack-Signature": f"v0={digest}".encode()}
            response = await client.post(http.slack.url, content="{}", headers=headers)
            assert response.status_code == 401, stamp


UNHANDLED = (
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "team_join", "user": {"id": "U1"}}},
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "message", "subtype": "bot_message"}},
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "invented_next_year"}},
    {"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1},
    {"type": "block_actions", "team": {"id": TEAM}, "actions": [{"type": "button", "action_id": "gone"}]},
    {"type": "view_closed", "team": {"id": TEAM}, "view": {"callback_id": "gone", "type": "modal"}},
    {"type": "view_submission", "team": {"id": TEAM}, "view": {"callback_id": "gone", "type": "modal"}},
    {"type": "shortcut", "team": {"id": TEAM}, "callback_id": "gone"},
    {"type": "block_suggestion", "team": {"id": TEAM}, "action_id": "gone"},
    {"type": "invented_next_year", "team": {"id": TEAM}},
)


async def test_what_nobody_handles_is_acknowledged(http: HttpHarness) -> None:
    for body in UNHANDLED:
        assert (await http.slack.send(json.dumps(body), JSON)).status_code == 200, body


async def test_socket_mode_acknowledges_what_nobody_handles(socket: SlackAdapter, slack: SlackServer) -> None:
    body = {"type": "event_callback", "team_id": TEAM, "event": {"type": "invented_next_year"}}
    await slack.envelope("events_api", body, "e1")
    assert slack.acknowledgements == {"e1": None}


async def test_refused_requests_are_one_line(http: HttpHarness, caplog: pytest.LogCaptureFixture) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(50):
            assert (await client.post(http.slack.url, content="{}")).status_code == 401
    assert len([record for record in caplog.records if "SLACK_SIGNING_SECRET" in record.message]) == 1


async def test_too_long_body_is_rejected(http: HttpHarness) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.post(http.slack.url, content=b"x" * 1_000_001)
    assert response.status_code == 413


async def test_slack_url_verification_and_ssl_check(http: HttpHarness) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"})
    response = await http.slack.send(challenge, JSON)
    assert response.json() == {"challenge": "c1"}
    async with httpx.AsyncClient() as client:
        assert (await client.post(http.slack.url, data={"ssl_check": "1", "token": "t"})).status_code == 200
        assert (await client.get(http.slack.url, params={"ssl_check": "1"})).status_code == 200
        assert (await client.get(http.slack.url)).status_code == 404
        health = await client.get(http.slack.url.replace("/slack/events", "/healthz"))
    assert health.json() == {"status": "ok"}


async def test_bolt_ignores_tokens_in_environment(
    settings: Settings,
    app_context: AppContext,
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "something-else")
    adapter = SlackAdapter(settings, app_context.dispatcher, app_context.store)
    await adapter.start()
    response = await RequestSender(cast(SignedHttp, adapter._transport).server.port).post(slack.slash("salary senior"))
    await adapter.stop()
    assert "$200K–$280K+" in visible_text(response.json())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_socket_mode_reconnects(socket: SlackAdapter, slack: SlackServer) -> None:
    await slack.request_reconnect()
    assert slack.connections == 2
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e1")
    assert "$200K–$280K+" in visible_text(answer)


async def test_malformed_envelope_keeps_connection(socket: SlackAdapter, slack: SlackServer) -> None:
    with pytest.raises(TimeoutError):
        await slack.envelope("slash_commands", {"command": "/mentor"}, "e1")
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e2")
    assert "$200K–$280K+" in visible_text(answer)


async def test_stop_keeps_connection_until_acknowledged(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slow = SlowBot(app_context, Card("At last"), 1)
    adapter = SlackAdapter(
        Settings(**settings.model_dump() | {"slack_app_token": APP_TOKEN}), slow.dispatcher, app_context.store
    )
    await adapter.start()
    await slack.connected.wait()
    answering = asyncio.create_task(
        slack.envelope("slash_commands", slack.slash("help"), "e1"), name="envelope in flight"
    )
    await wait_until(lambda: slow.runs)
    await adapter.stop()
    assert "At last" in visible_text(await answering)


async def test_socket_mode_requests_one_address(socket: SlackAdapter, slack: SlackServer) -> None:
    assert [method for method, _ in slack.calls].count("apps.connections.open") == 1


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_wrong_token_error_names_variable_without_value(
    settings: Settings, app_context: AppContext, variable: str
) -> None:
    tokens = {"slack_bot_token": "xoxb-wrong"} if variable == "SLACK_BOT_TOKEN" else {"slack_app_token": "xapp-wrong"}
    adapter = SlackAdapter(Settings(**settings.model_dump() | tokens), app_context.dispatcher, app_context.store)
    with pytest.raises(BadSettings, match=variable) as raised:
        await adapter.start()
    assert "wrong" not in str(raised.value)


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_revoked_token_error(settings: Settings, app_context: AppContext, slack: SlackServer, code: str) -> None:
    slack.fail("auth.test", code)
    with pytest.raises(BadSettings, match=f"SLACK_BOT_TOKEN.*{code}"):
        await SlackAdapter(settings, app_context.dispatcher, app_context.store).start()


@pytest.mark.parametrize(("method", "kind"), [("auth.test", "500"), ("auth.test", "page"), ("auth.test", "half")])
async def test_malformed_answer_is_not_a_token_error(
    settings: Settings, app_context: AppContext, slack: SlackServer, method: str, kind: str
) -> None:
    slack.fail(method, kind)
    with pytest.raises(PlatformDown, match="SLACK_API_URL") as raised:
        await SlackAdapter(settings, app_context.dispatcher, app_context.store).start()
    assert "TOKEN" not in str(raised.value)


async def test_temporary_error_is_not_an_app_token_error(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.fail("apps.connections.open", "500")
    with pytest.raises(PlatformDown, match="Can't reach"):
        await SlackAdapter(
            Settings(**settings.model_dump() | {"slack_app_token": APP_TOKEN}),
            app_context.dispatcher,
            app_context.store,
        ).start()


async def test_unreachable_slack_error(settings: Settings, app_context: AppContext) -> None:
    adapter = SlackAdapter(
        Settings(**settings.model_dump() | {"slack_api_url": "http://127.0.0.1:9/api/"}),
        app_context.dispatcher,
        app_context.store,
    )
    with pytest.raises(PlatformDown, match="SLACK_API_URL"):
        await adapter.start()


async def test_port_in_use_error(http: HttpHarness, settings: Settings, app_context: AppContext) -> None:
    port = cast(SignedHttp, http.adapter._transport).server.port
    with pytest.raises(BadSettings, match="--port"):
        await SlackAdapter(
            Settings(**settings.model_dump() | {"port": port}), app_context.dispatcher, app_context.store
        ).start()


@given(body=st.binary(max_size=60), kind=st.sampled_from([JSON, FORM]))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_unsigned_body_is_rejected(body: bytes, kind: str) -> None:
    """Call the application directly, without a network, to try many bodies quickly."""
    assert asyncio.run(_status(body, kind)) == 401


async def _status(body: bytes, kind: str) -> int:
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415  only here

    signed = SignedHttp(AsyncApp(token="xoxb-x", signing_secret="s"), Settings(slack_signing_secret="s"))
    transport = httpx.ASGITransport(app=signed.server._app)
    async with httpx.AsyncClient(transport=transport, base_url="http://adapter") as client:
        return (await client.post("/slack/events", content=body, headers={"Content-Type": kind})).status_code
