"""Files that people attach on Discord, to a command or in a form: read as text, and refused kindly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from mentorbot.adapters import uploads
from mentorbot.adapters.discord import adapter as adapter_module
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import open_context
from mentorbot.chat.cards import Answer, Card
from mentorbot.clock import Clock
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import File, Option, Registry

from .contract import flat
from .payloads import TOKEN
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
ASKED = 9


class Reader:
    """A bot with one command that asks for a file, and the texts that it got."""

    def __init__(self, server: DiscordServer) -> None:
        self.server, self.registry = server, Registry()
        self.got: list[tuple[str, str]] = []

        async def read(
            _: Context, name: Annotated[str, Option("A name")], table: Annotated[File, Option("Your table")]
        ) -> Answer:
            self.got.append((name, table))
            return Card("Read")

        self.registry.command("read", "Read a table.")(read)

    async def attaches(self, file: dict[str, Any], **resolved: Any) -> Any:
        """Type the command with this file; the answer."""
        options = [{"type": 3, "name": "name", "value": "ada"}, {"type": 11, "name": "table", "value": file["id"]}]
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": "read", "options": options}]}
        known = {"attachments": {file["id"]: file}}
        return await self.server.answer_to(await self.server.interact(COMMAND, data | {"resolved": known | resolved}))

    async def fills_in(self, file: dict[str, Any] | None) -> Any:
        """Ask for the form, as a button does, and send it with this file; the answer."""
        message = self.server.message({}, flags=1 << 15)
        pressed = await self.server.interact(PRESS, {"custom_id": "m::read", "component_type": 2}, message=message)
        asked = await self.server.answer_to(pressed)
        assert asked["type"] == ASKED
        name = {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": "ada"}}
        values = [file["id"]] if file else []
        table = {"type": 18, "id": 3, "component": {"type": 19, "id": 4, "custom_id": "table", "values": values}}
        data = {"custom_id": asked["data"]["custom_id"], "components": [name, table]}
        known = {"resolved": {"attachments": {file["id"]: file}}} if file else {}
        return await self.server.answer_to(await self.server.interact(MODAL, data | known))


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    made = DiscordServer()
    await made.start()
    yield made
    assert not made.objections
    await made.stop()


@pytest.fixture
async def reader(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Reader]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(settings, Clock()) as core:
        made = Reader(server)
        door = DiscordAdapter(settings, Dispatcher(made.registry, core.store, core.library, core.clock))
        await door.start()
        yield made
        await door.stop()


def said(answer: Any) -> str:
    return "\n".join(part["content"] for part in flat(answer["data"]["components"]) if part["type"] == 10)


def pressable(answer: Any) -> list[str]:
    return [part["custom_id"] for part in flat(answer["data"]["components"]) if part["type"] == 2]


def test_a_file_is_an_attachment_among_the_options(server: DiscordServer, reader: Reader) -> None:
    (command,) = server.commands
    assert [(one["name"], one["type"]) for one in command["options"][0]["options"]] == [("name", 3), ("table", 11)]


@pytest.mark.parametrize("way", ["attaches", "fills_in"])
async def test_the_text_of_a_file_is_the_options_value(server: DiscordServer, reader: Reader, way: str) -> None:
    file = server.shelf.attachment("skills.csv", "\ufeffname,übung\r\nada,2\n".encode())
    assert "Read" in said(await getattr(reader, way)(file))
    assert reader.got == [("ada", "name,übung\nada,2")]


@pytest.mark.parametrize("way", ["attaches", "fills_in"])
@pytest.mark.parametrize(
    ("data", "extra", "advice"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", {}, "Save it as plain text in UTF-8"),
        ("text".encode("utf-16"), {}, "Save it as plain text in UTF-8"),
        (b"x" * 1_000_001, {}, "1,000,001 bytes; I read at most 1,000,000"),
        (b"x", {"url": "http://127.0.0.1:9/gone"}, "could not get that file from Discord"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_asked_for_again_with_all_else_kept(
    server: DiscordServer, reader: Reader, way: str, data: bytes, extra: dict[str, Any], advice: str
) -> None:
    answer = await getattr(reader, way)(server.shelf.attachment("t.csv", data, **extra))
    assert advice in said(answer)
    assert "read name:ada" in said(answer)
    assert reader.got == []
    (again,) = pressable(answer)
    assert again == "m::read name:ada table:?"
    message = server.message(answer["data"], flags=1 << 15 | 64)
    pressed = await server.interact(PRESS, {"custom_id": again, "component_type": 2}, message=message)
    asked = await server.answer_to(pressed)
    assert asked["type"] == ASKED
    assert [part["component"]["custom_id"] for part in asked["data"]["components"]] == ["table"]
    assert asked["data"]["custom_id"] == "f::read name:ada"


async def test_a_file_of_a_million_bytes_is_read(server: DiscordServer, reader: Reader) -> None:
    await reader.attaches(server.shelf.attachment("t.csv", b"x" * 1_000_000))
    assert [len(text) for _, text in reader.got] == [1_000_000]


async def test_a_form_without_its_file_says_so(reader: Reader) -> None:
    answer = await reader.fills_in(None)
    assert "I need a little more from you" in said(answer)
    assert pressable(answer) == ["m::read name:ada"]


async def test_a_file_that_takes_its_time_is_waited_for(
    server: DiscordServer, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter_module, "DEFER_SECONDS", 0.0)
    assert (await reader.attaches(server.shelf.attachment("t.csv", b"x")))["type"] == 5
    await server.until(lambda: reader.got)


async def test_a_file_that_never_comes_is_given_up(
    server: DiscordServer, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "FETCH_SECONDS", 0.1)
    server.shelf.wait = 0.5
    answer = await reader.attaches(server.shelf.attachment("t.csv", b"x"))
    assert "could not get that file from Discord" in said(answer)
