"""The Web API client: it writes nothing after its lease is lost, sends no foreign passwords, and uses the operator's proxy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.chat.cards import Card, Paragraph, rich
from mentorbot.chat.platform import LEASE_GUARD, Channel, Workspace
from mentorbot.errors import TemporarySendError

from .server import BOT_TOKEN, SlackServer

CHANNEL = Channel(Workspace("slack", "T1"), "C1")
CARD = Card("A tip", (Paragraph(rich("Write the retrieval test first.")),))


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    """Start a fake Slack with one channel."""
    server = SlackServer()
    server.conversations["C1"].member = True
    await server.start()
    yield server
    await server.stop()


async def test_lost_lease_writes_nothing_over_new_or_reused_connection(server: SlackServer) -> None:
    client = SlackClient(BOT_TOKEN, server.api_url)
    await client.open()
    platform = SlackPlatform(client)
    try:
        for posted_before in (0, 1):
            token = LEASE_GUARD.set(lambda: False)
            with pytest.raises(TemporarySendError, match="asleep"):
                await platform.post(CHANNEL, CARD, "d1-a")
            LEASE_GUARD.reset(token)
            assert len(server.conversations["C1"].messages) == posted_before
            await platform.post(CHANNEL, CARD, f"d1-b{posted_before}")
            assert len(server.conversations["C1"].messages) == posted_before + 1
    finally:
        await client.close()


async def test_lease_lost_before_first_byte_writes_nothing(server: SlackServer) -> None:
    client = SlackClient(BOT_TOKEN, server.api_url)
    await client.open()
    answers = iter([True, False])
    token = LEASE_GUARD.set(lambda: next(answers))
    try:
        with pytest.raises(TemporarySendError):
            await SlackPlatform(client).post(CHANNEL, CARD, "d1-a")
    finally:
        LEASE_GUARD.reset(token)
        await client.close()
    assert next(answers, None) is None, "the second check was not made"
    assert server.conversations["C1"].messages == []
    assert server.calls == []


async def post(api_url: str) -> str:
    """Post one card, and return its id."""
    client = SlackClient(BOT_TOKEN, api_url)
    await client.open()
    try:
        return await SlackPlatform(client).post(CHANNEL, CARD, "d1-a")
    finally:
        await client.close()


async def test_netrc_passwords_are_not_sent(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await post(server.api_url)
    assert len(server.conversations["C1"].messages) == 1


async def test_proxy_from_environment_is_used(server: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.api_url.removesuffix("api/"))
    await post("http://slack.invalid/api/")
    assert len(server.conversations["C1"].messages) == 1
