"""Options whose value is the text of a file: long, kept out of the line, asked for by a form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated

import pytest

from mentorbot.app import open_context
from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest, Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import File, Option, OptionType, Registry

registry = Registry()
calls: list[tuple[str, str, str | None]] = []


@registry.command("read", "Read a table.")
async def read(
    context: Context,
    name: Annotated[str, Option("A name", max_length=5)],
    table: Annotated[File, Option("Your table")],
    other: Annotated[File | None, Option("Another one")] = None,
) -> Card:
    """Note the call."""
    calls.append((name, table, other))
    return Card("Read")


@pytest.fixture
async def say(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Answer]]]:
    calls.clear()
    async with open_context(Settings(database_url=f"sqlite:///{tmp_path}/b.db"), Clock()) as app_context:
        dispatcher = Dispatcher(registry, app_context.store, app_context.library, app_context.clock)

        async def member() -> Member:
            return Member("U1", "ada")

        async def send(line: str, forms: bool = True, **options: str) -> Answer:
            caller = Caller(Channel(Workspace("slack", "T1"), "C1"), "U1", "ada", member)
            return await dispatcher.answer(CommandRequest(caller, line, options, forms=forms))

        yield send


Say = Callable[..., Awaitable[Answer]]


def test_a_file_has_its_own_option_type() -> None:
    (command,) = registry
    assert [option.kind for option in command.options] == [OptionType.TEXT, OptionType.FILE, OptionType.FILE]


async def test_a_file_of_a_million_characters_is_read(say: Say) -> None:
    await say("read", name="ada", table="x" * 1_000_000)
    assert [(name, len(table), other) for name, table, other in calls] == [("ada", 1_000_000, None)]


@pytest.mark.parametrize("options", [{"table": "x" * 1_000_001}, {"name": "much too long", "table": "SECRET" * 9_000}])
async def test_an_error_does_not_repeat_the_file(say: Say, options: dict[str, str]) -> None:
    card = await say("read", **{"name": "ada", "other": "SECRET", **options})
    assert isinstance(card, Card)
    assert card.error == "bad_value"
    text = plain_text(card)
    assert "SECRET" not in text
    assert len(text) < 500
    assert calls == []


async def test_a_form_asks_for_the_file_and_keeps_it_out_of_its_line(say: Say) -> None:
    form = await say("read", table="SECRET")
    assert isinstance(form, Form)
    assert form.line == "read"
    assert [(field.name, field.input, field.required) for field in form.fields] == [
        ("name", "text", True),
        ("table", "file", True),
        ("other", "file", False),
    ]
    form = await say('read name:ada table:"?"')
    assert isinstance(form, Form)
    assert (form.line, [field.name for field in form.fields]) == ("read name:ada", ["table", "other"])


async def test_a_typed_file_needs_its_option_name(say: Say) -> None:
    await say('read ada table:"a,b"')
    assert calls == [("ada", "a,b", None)]
    await say("read table:a b name:ada")
    assert calls[1] == ("ada", "a b", None)
    missing = await say("read ada", forms=False)
    assert isinstance(missing, Card)
    assert missing.error_option == "table"
    form = await say("read ada b")
    assert isinstance(form, Form)
    assert (form.line, form.fields[0].name) == ('read name:"ada b"', "table")
    assert len(calls) == 2
