"""Files people attach to a command or a form: read as text, or refused with advice."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest

from mentorbot.adapters import uploads
from mentorbot.adapters.discord import adapter as adapter_module
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Card
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.slash.registry import File, Option, Registry

from .discord_rules import flat
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
MODAL_RESPONSE = 9


class Reader:
    """A bot with one command that takes a file; `received` lists the names and texts it got."""

    def __init__(self, server: DiscordServer) -> None:
        self.server, self.registry = server, Registry()
        self.received: list[tuple[str, str]] = []

        async def read(
            _: Context, name: Annotated[str, Option("A name")], table: Annotated[File, Option("Your table")]
        ) -> Answer:
            self.received.append((name, table))
            return Card("Read")

        self.registry.command("read", "Read a table.")(read)

    async def attach_to_command(self, file: dict[str, Any], **resolved: Any) -> Any:
        """Type the command with this file; return the answer."""
        options = [{"type": 3, "name": "name", "value": "ada"}, {"type": 11, "name": "table", "value": file["id"]}]
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": "read", "options": options}]}
        attachments = {"attachments": {file["id"]: file}}
        return await self.server.answer_to(
            await self.server.interact(COMMAND, data | {"resolved": attachments | resolved})
        )

    async def submit_form(self, file: dict[str, Any] | None) -> Any:
        """Open the form with a button and submit it with this file; return the answer."""
        message = self.server.message({}, flags=1 << 15)
        interaction_id = await self.server.interact(
            PRESS, {"custom_id": "m::read", "component_type": 2}, message=message
        )
        form = await self.server.answer_to(interaction_id)
        assert form["type"] == MODAL_RESPONSE
        name = {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": "ada"}}
        values = [file["id"]] if file else []
        table = {"type": 18, "id": 3, "component": {"type": 19, "id": 4, "custom_id": "table", "values": values}}
        data = {"custom_id": form["data"]["custom_id"], "components": [name, table]}
        resolved_data = {"resolved": {"attachments": {file["id"]: file}}} if file else {}
        return await self.server.answer_to(await self.server.interact(MODAL, data | resolved_data))


@pytest.fixture
async def reader(server: DiscordServer, app_context: AppContext) -> AsyncIterator[Reader]:
    reader = Reader(server)
    dispatcher = Dispatcher(reader.registry, app_context.store, app_context.library, app_context.clock)
    adapter = DiscordAdapter(app_context.settings, dispatcher, app_context.store)
    await adapter.start()
    yield reader
    assert not server.violations
    await adapter.stop()


def text_of(answer: Any) -> str:
    return "\n".join(
        component["content"] for component in flat(answer["data"]["components"]) if component["type"] == 10
    )


def button_ids(answer: Any) -> list[str]:
    return [component["custom_id"] for component in flat(answer["data"]["components"]) if component["type"] == 2]


def test_file_option_is_an_attachment(server: DiscordServer, reader: Reader) -> None:
    command = next(each for each in server.commands if each["name"] == "mentor")
    assert [(option["name"], option["type"]) for option in command["options"][0]["options"]] == [
        ("name", 3),
        ("table", 11),
    ]


@pytest.mark.parametrize("method", ["attach_to_command", "submit_form"])
async def test_text_of_the_file_is_the_option_value(server: DiscordServer, reader: Reader, method: str) -> None:
    file = server.attachments.attachment("skills.csv", "\ufeffname,übung\r\nada,2\n".encode())
    assert "Read" in text_of(await getattr(reader, method)(file))
    assert reader.received == [("ada", "name,übung\nada,2")]


@pytest.mark.parametrize("method", ["attach_to_command", "submit_form"])
@pytest.mark.parametrize(
    ("data", "extra", "advice"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", {}, "Save it as plain text in UTF-8"),
        ("text".encode("utf-16"), {}, "Save it as plain text in UTF-8"),
        (b"x" * 1_000_001, {}, "1,000,001 bytes, and I can only read 1,000,000"),
        (b"x", {"url": "http://127.0.0.1:9/gone"}, "couldn't get that file from Discord"),
    ],
)
async def test_unreadable_file_is_refused_and_asked_for_again(
    server: DiscordServer, reader: Reader, method: str, data: bytes, extra: dict[str, Any], advice: str
) -> None:
    answer = await getattr(reader, method)(server.attachments.attachment("t.csv", data, **extra))
    assert advice in text_of(answer)
    assert "read name:ada" not in text_of(answer)  # the button has it; people don't read commands
    assert reader.received == []
    button_id = button_ids(answer)[0]
    assert button_id == "m::read name:ada table:?"
    message = server.message(answer["data"], flags=1 << 15 | 64)
    interaction_id = await server.interact(PRESS, {"custom_id": button_id, "component_type": 2}, message=message)
    form = await server.answer_to(interaction_id)
    assert form["type"] == MODAL_RESPONSE
    assert [component["component"]["custom_id"] for component in form["data"]["components"]] == ["table"]
    assert re.fullmatch(r"g::[\w-]{16}:read name:ada", form["data"]["custom_id"])


async def test_file_of_a_million_bytes_is_read(server: DiscordServer, reader: Reader) -> None:
    await reader.attach_to_command(server.attachments.attachment("t.csv", b"x" * 1_000_000))
    assert [len(text) for _, text in reader.received] == [1_000_000]


async def test_form_without_its_file_asks_for_it(reader: Reader) -> None:
    answer = await reader.submit_form(None)
    assert "I need a little more from you" in text_of(answer)
    assert button_ids(answer) == ["m::read name:ada"]


async def test_slow_download_defers_the_answer(
    server: DiscordServer, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter_module, "DEFER_SECONDS", 0.0)
    assert (await reader.attach_to_command(server.attachments.attachment("t.csv", b"x")))["type"] == 5
    await server.wait_for(lambda: reader.received)


async def test_download_times_out(server: DiscordServer, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FETCH_SECONDS", 0.1)
    server.attachments.wait = 0.5
    answer = await reader.attach_to_command(server.attachments.attachment("t.csv", b"x"))
    assert "couldn't get that file from Discord" in text_of(answer)
