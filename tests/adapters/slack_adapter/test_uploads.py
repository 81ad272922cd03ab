"""Files people upload in a form: downloaded only from Slack, decoded as text, or answered with a helpful error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest

from mentorbot.adapters.slack.uploads import is_slack_url
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Card, Paragraph, rich
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import File, Option, Registry

from .harness import HttpHarness, start_http_adapter, visible_text, wait_until
from .payloads import submission
from .server import SlackServer
from .state import Json


@dataclass
class Reader:
    """A dispatcher with one command that needs a file, and the texts it received."""

    app_context: AppContext
    received: list[tuple[str, str]] = field(default_factory=list)

    def dispatcher(self) -> Dispatcher:
        async def read(
            _: Context, table: Annotated[File, Option("Your table")], name: Annotated[str, Option("A name")]
        ) -> Answer:
            self.received.append((name, table))
            return Card("Read", (Paragraph(rich(f"{len(table)} characters")),))

        registry = Registry()
        registry.command("read", "Read a table.", writes=True)(read)
        return Dispatcher(registry, self.app_context.store, self.app_context.library, self.app_context.clock)


@pytest.fixture
def reader(app_context: AppContext) -> Reader:
    return Reader(app_context)


@pytest.fixture
async def http(settings: Settings, reader: Reader, slack: SlackServer) -> AsyncIterator[HttpHarness]:
    harness = await start_http_adapter(settings, reader.dispatcher(), slack)
    yield harness
    await harness.adapter.stop()


async def submit_file(http: HttpHarness, file: Json | str) -> Json:
    """Open the form, submit it with this file, and return the acknowledgement."""
    view = await http.ask("read")
    return await http.interact(submission(http.server, view, {"table": file, "name": "ada"}))


def field_error(answer: Json) -> str:
    """Return the error shown beneath the file input."""
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["field:table"]
    return str(answer["errors"]["field:table"])


async def test_uploaded_text_becomes_option_value(http: HttpHarness, slack: SlackServer, reader: Reader) -> None:
    view = await http.ask("read")
    input_block = next(block for block in view["blocks"] if block["block_id"] == "field:table")
    assert input_block["element"] == {"type": "file_input", "action_id": "value", "max_files": 1}
    file = slack.add_user_file("skills.csv", "\ufeffname,übung\r\nada,2\n".encode())
    assert await http.interact(submission(slack, view, {"table": file, "name": "ada"})) == {}
    await wait_until(lambda: slack.responses)
    assert reader.received == [("ada", "name,übung\nada,2")]
    assert "Read" in visible_text(slack.responses[0])


async def test_upload_size_limit(http: HttpHarness, slack: SlackServer, reader: Reader) -> None:
    await submit_file(http, slack.add_user_file("t.csv", b"x" * 1_000_000))
    assert [len(text) for _, text in reader.received] == [1_000_000]
    assert "1,000,001 bytes, and I can only read 1,000,000" in field_error(
        await submit_file(http, slack.add_user_file("t.csv", b"x" * 1_000_001))
    )
    assert len(slack.downloads) == 1


async def test_upload_larger_than_declared_is_not_read_to_end(
    http: HttpHarness, slack: SlackServer, reader: Reader
) -> None:
    assert "too long" in field_error(await submit_file(http, slack.add_user_file("t.csv", b"x" * 5_000_000, size=10)))
    assert reader.received == []


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\xff", "text".encode("utf-16"), b"%PDF\x00 text"])
async def test_binary_upload_error_says_how_to_fix(http: HttpHarness, slack: SlackServer, data: bytes) -> None:
    assert "Save it as plain text in UTF-8" in field_error(await submit_file(http, slack.add_user_file("t.csv", data)))


@pytest.mark.parametrize("failure", ["500", "close_before", "missing_scope"])
async def test_failed_download_error(http: HttpHarness, slack: SlackServer, reader: Reader, failure: str) -> None:
    slack.fail("download", failure, failure)  # a broken connection is tried again
    assert "couldn't get that file from Slack" in field_error(
        await submit_file(http, slack.add_user_file("t.csv", b"a"))
    )
    assert reader.received == []


async def test_token_is_sent_only_to_slack(http: HttpHarness, slack: SlackServer, reader: Reader) -> None:
    other = SlackServer()
    await other.start()
    foreign_file = slack.add_user_file("t.csv", b"a", host=f"http://127.0.0.1:{other.port}")
    assert "couldn't get" in field_error(await submit_file(http, foreign_file))
    await other.stop()
    assert other.downloads == []


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.csv", True),
        ("https://files.slack-gov.com/files-pri/T1-F1/download/a.csv", True),
        ("https://proxy.example/files-pri/a.csv", True),
        ("http://files.slack.com/a.csv", False),
        ("https://files.slack.com.evil.example/a.csv", False),
        ("https://evil-slack.com/a.csv", False),
        ("https://files.slack.com:8443/a.csv", False),
        ("https://files.slack.com@evil.example/a.csv", False),
        ("https://evil.example/a.csv?.slack.com", False),
        ("", False),
    ],
)
def test_is_slack_url(url: str, ours: bool) -> None:
    assert is_slack_url(url, "https://proxy.example/api/") is ours


async def test_slow_download_does_not_delay_acknowledgement(
    http: HttpHarness, slack: SlackServer, reader: Reader
) -> None:
    slack.fail("download", "slow:3.2")
    started = asyncio.get_running_loop().time()
    answer = await submit_file(http, slack.add_user_file("t.csv", b"a"))
    assert asyncio.get_running_loop().time() - started < 3
    assert answer["response_action"] == "push"
    await wait_until(lambda: reader.received)
    await wait_until(lambda: "1 characters" in visible_text(slack.views[-1]))


async def test_missing_file_is_a_field_error(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("read")
    answer: Any = await http.interact(submission(slack, view, {"table": "", "name": "ada"}))
    assert "table" in field_error(answer)
