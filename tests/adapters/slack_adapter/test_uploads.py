"""Files that people put into a form: fetched with our token from Slack alone, read as text, and refused kindly."""

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

from .harness import Http, open_http, shown, until
from .payloads import submission
from .server import SlackServer
from .state import Json


@dataclass
class Reader:
    """A core of one command that asks for a file, and the texts that it got."""

    core: AppContext
    got: list[tuple[str, str]] = field(default_factory=list)

    def dispatcher(self) -> Dispatcher:
        async def read(
            _: Context, table: Annotated[File, Option("Your table")], name: Annotated[str, Option("A name")]
        ) -> Answer:
            self.got.append((name, table))
            return Card("Read", (Paragraph(rich(f"{len(table)} characters")),))

        registry = Registry()
        registry.command("read", "Read a table.", writes=True)(read)
        return Dispatcher(registry, self.core.store, self.core.library, self.core.clock)


@pytest.fixture
def reader(core: AppContext) -> Reader:
    return Reader(core)


@pytest.fixture
async def http(settings: Settings, reader: Reader, slack: SlackServer) -> AsyncIterator[Http]:
    opened = await open_http(settings, reader.dispatcher(), slack)
    yield opened
    await opened.door.stop()


async def sent(http: Http, file: Json | str) -> Json:
    """Ask for the form and send it with this file; the acknowledgement."""
    view = await http.ask("read")
    return await http.interact(submission(http.server, view, {"table": file, "name": "ada"}))


def said(answer: Json) -> str:
    """What stands beneath the place for the file."""
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["field:table"]
    return str(answer["errors"]["field:table"])


async def test_the_text_of_a_file_is_the_options_value(http: Http, slack: SlackServer, reader: Reader) -> None:
    view = await http.ask("read")
    place = next(block for block in view["blocks"] if block["block_id"] == "field:table")
    assert place["element"] == {"type": "file_input", "action_id": "value", "max_files": 1}
    file = slack.own("skills.csv", "\ufeffname,übung\r\nada,2\n".encode())
    assert await http.interact(submission(slack, view, {"table": file, "name": "ada"})) == {}
    await until(lambda: slack.responses)
    assert reader.got == [("ada", "name,übung\nada,2")]
    assert "Read" in shown(slack.responses[0])


async def test_a_million_bytes_are_read_and_no_more(http: Http, slack: SlackServer, reader: Reader) -> None:
    await sent(http, slack.own("t.csv", b"x" * 1_000_000))
    assert [len(text) for _, text in reader.got] == [1_000_000]
    assert "1,000,001 bytes; I read at most 1,000,000" in said(await sent(http, slack.own("t.csv", b"x" * 1_000_001)))
    assert len(slack.fetched) == 1


async def test_a_file_that_is_larger_than_it_was_said_to_be_is_not_read_to_its_end(
    http: Http, slack: SlackServer, reader: Reader
) -> None:
    assert "too long" in said(await sent(http, slack.own("t.csv", b"x" * 5_000_000, size=10)))
    assert reader.got == []


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\xff", "text".encode("utf-16"), b"%PDF\x00 text"])
async def test_what_is_no_text_is_refused_with_what_to_do(http: Http, slack: SlackServer, data: bytes) -> None:
    assert "Save it as plain text in UTF-8" in said(await sent(http, slack.own("t.csv", data)))


@pytest.mark.parametrize("fault", ["500", "close_before", "missing_scope"])
async def test_a_file_that_slack_does_not_give_is_asked_for_again(
    http: Http, slack: SlackServer, reader: Reader, fault: str
) -> None:
    slack.fail("download", fault, fault)  # a broken connection is tried again
    assert "could not get that file from Slack" in said(await sent(http, slack.own("t.csv", b"a")))
    assert reader.got == []


async def test_the_token_goes_to_slack_alone(http: Http, slack: SlackServer, reader: Reader) -> None:
    other = SlackServer()
    await other.start()
    elsewhere = slack.own("t.csv", b"a", host=f"http://127.0.0.1:{other.port}")
    assert "could not get" in said(await sent(http, elsewhere))
    await other.stop()
    assert other.fetched == []


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
def test_which_hosts_are_slacks(url: str, ours: bool) -> None:
    assert is_slack_url(url, "https://proxy.example/api/") is ours


async def test_a_file_that_takes_its_time_delays_no_acknowledgement(
    http: Http, slack: SlackServer, reader: Reader
) -> None:
    slack.fail("download", "slow:3.2")
    began = asyncio.get_running_loop().time()
    answer = await sent(http, slack.own("t.csv", b"a"))
    assert asyncio.get_running_loop().time() - began < 3
    assert answer["response_action"] == "push"
    await until(lambda: reader.got)
    await until(lambda: "1 characters" in shown(slack.views[-1]))


async def test_without_a_file_the_form_says_that_it_is_missing(http: Http, slack: SlackServer) -> None:
    view = await http.ask("read")
    answer: Any = await http.interact(submission(slack, view, {"table": "", "name": "ada"}))
    assert "table" in said(answer)
