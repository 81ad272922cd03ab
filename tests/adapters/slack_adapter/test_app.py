"""The shorter way of slash commands: what Slack gets when one is slow, or breaks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.app import SlackApp
from mentorbot.adapters.slack.transport import make_app
from mentorbot.settings import Settings


def command(**extra: str) -> AsyncBoltRequest:
    return AsyncBoltRequest(body={"command": "/mentor", "team_id": "T1", **extra}, mode="socket_mode")


@pytest.fixture
def app() -> SlackApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1")

    return make_app(Settings(slack_signing_secret="secret"), AsyncWebClient(), authorize)


async def is_installed(_: dict[str, Any]) -> bool:
    return True


async def test_a_command_is_acknowledged_as_soon_as_its_handler_says_so(app: SlackApp) -> None:
    go_on, ended = asyncio.Event(), asyncio.Event()

    async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(text=body["team_id"])
        await go_on.wait()
        ended.set()

    app.take_commands(answer, is_installed)
    response = await app.async_dispatch(command())
    assert (response.status, response.body) == (200, "T1")
    go_on.set()
    await asyncio.wait_for(ended.wait(), 1)


@pytest.mark.parametrize(("error", "status"), [(KeyError("user_id"), 400), (RuntimeError("broke"), 500)])
async def test_a_command_that_breaks_first_is_refused(
    app: SlackApp, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    async def answer(_ack: AsyncAck, _body: dict[str, Any]) -> None:
        raise error

    app.take_commands(answer, is_installed)
    assert (await app.async_dispatch(command())).status == status
    assert "a request of Slack's" in caplog.text


async def test_a_command_that_breaks_later_stays_acknowledged(app: SlackApp, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(ack: AsyncAck, _body: dict[str, Any]) -> None:
        await ack()
        raise RuntimeError("broke")

    app.take_commands(answer, is_installed)
    assert (await app.async_dispatch(command())).status == 200
    await asyncio.sleep(0)
    assert "a request of Slack's failed" in caplog.text
