"""How requests to Slack are written: not at all by a process that was frozen beyond its lease, and over the operator's proxy."""

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
    """A Slack with one channel."""
    made = SlackServer()
    made.rooms["C1"].member = True
    await made.start()
    yield made
    await made.stop()


async def test_nothing_is_written_over_a_new_or_a_kept_connection(server: SlackServer) -> None:
    client = SlackClient(BOT_TOKEN, server.api_url)
    await client.open()
    platform = SlackPlatform(client)
    try:
        for posted_before in (0, 1):
            token = LEASE_GUARD.set(lambda: False)
            with pytest.raises(TemporarySendError, match="asleep"):
                await platform.post(CHANNEL, CARD, "d1-a")
            LEASE_GUARD.reset(token)
            assert len(server.rooms["C1"].messages) == posted_before
            await platform.post(CHANNEL, CARD, f"d1-b{posted_before}")
            assert len(server.rooms["C1"].messages) == posted_before + 1
    finally:
        await client.close()


async def test_a_freeze_right_before_the_first_byte_writes_nothing(server: SlackServer) -> None:
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
    assert server.rooms["C1"].messages == []
    assert server.calls == []


async def post(api_url: str) -> str:
    """Post one card; its id."""
    client = SlackClient(BOT_TOKEN, api_url)
    await client.open()
    try:
        return await SlackPlatform(client).post(CHANNEL, CARD, "d1-a")
    finally:
        await client.close()


async def test_passwords_that_the_machine_keeps_for_others_are_not_sent(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await post(server.api_url)
    assert len(server.rooms["C1"].messages) == 1


async def test_a_proxy_of_the_environment_is_used(server: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.api_url.removesuffix("api/"))
    await post("http://slack.invalid/api/")
    assert len(server.rooms["C1"].messages) == 1
