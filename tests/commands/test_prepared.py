"""Answers made in advance are never stale and never someone else's."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mentorbot.app import open_context
from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Member, Workspace
from mentorbot.clock import Clock, FrozenClock
from mentorbot.commands import prepared
from mentorbot.commands.context import Caller, CommandRequest, PackContext
from mentorbot.commands.request_limits import PERSON_BURST, RequestLimits
from mentorbot.packs.library import builtin
from mentorbot.settings import Settings
from tests.commands.conftest import Chat
from tests.fake_platform import FakePlatform

LINES = ("salary senior", "salary", "brief responsibilities", "brief titles", "about", "brief salary")


@pytest.fixture
async def editable(tmp_path: Path, clock: FrozenClock, migrated_sqlite: Path) -> AsyncIterator[tuple[Chat, Path]]:
    """A chat whose pack can be edited, and the pack's folder."""
    shutil.copytree(builtin(), tmp_path / "content")
    shutil.copy(migrated_sqlite, tmp_path / "chat.db")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/chat.db", content=tmp_path / "content")
    async with open_context(settings, clock) as app_context:
        yield Chat(app_context, FakePlatform(clock)), tmp_path / "content" / "ai-architect"


def edit(folder: Path, before: str, after: str) -> None:
    """Replace a text wherever it is in the pack."""
    files = [path for path in folder.rglob("*.yaml") if before in path.read_text()]
    assert files
    for path in files:
        path.write_text(path.read_text().replace(before, after))


async def test_a_line_is_answered_with_the_same_card(chat: Chat, ben: Chat) -> None:
    # “about” says what a language model may do here, so it's made each time.
    for line in sorted(set(LINES) - {"about"}):
        first = await chat.say(line)
        assert await ben.copy(workspace="T2").say(line) is first
        assert await ben.say(line.upper()) == first  # typed differently, so it's read once more


async def test_a_changed_pack_is_answered_from_at_once(editable: tuple[Chat, Path]) -> None:
    chat, folder = editable
    library = chat.app_context.library
    before = {line: await chat.text(line) for line in LINES}
    version = library.default.info.version
    edit(folder, f"version: {version}" if f"version: {version}" in _all(folder) else version, "2099.9")
    assert not library.reload_if_changed()
    assert library.default.info.version == "2099.9"
    after = {line: await chat.text(line) for line in LINES}
    assert "2099.9" in after["about"]
    assert "2099.9" not in before["about"]
    assert [line for line in LINES if after[line] != before[line]] == ["about"]


def _all(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.rglob("*.yaml"))


async def test_an_answer_begun_before_the_change_isnt_kept(editable: tuple[Chat, Path]) -> None:
    chat, folder = editable
    library = chat.app_context.library
    answers = prepared.PreparedAnswers(library)
    old, command = library.default, chat.app_context.dispatcher.registry.commands[("brief",)]
    edit(folder, old.info.version, "2099.9")
    library.reload_if_changed()
    request = _request("brief")
    answers.keep(request, command, old, "", Card("made from the old pack"))
    assert answers.get(request, library.default, "") is None
    answers.keep(request, command, old, "", Card("made from the old pack, a moment later"))
    assert answers.get(request, library.default, "") is None


def _request(line: str, workspace: Workspace = LOCAL_WORKSPACE) -> CommandRequest:
    async def member() -> Member:
        return Member("ada", "ada")

    return CommandRequest(Caller(Channel(workspace, "general", "general"), "ada", "ada", member), line, forms=False)


def test_what_they_are_made_from_knows_nobody() -> None:
    assert [field.name for field in dataclasses.fields(PackContext)] == ["library", "pack"]


async def test_nothing_about_a_person_is_kept(chat: Chat, ben: Chat) -> None:
    await chat.say("plan save ai-architect hours:5")
    kept = chat.app_context.dispatcher._prepared._answers
    for line in ("plan show", "help", "checkin now", "me show", "skill mlops", "settings", "ask how long does it take"):
        assert await chat.say(line) is not None
        assert await ben.say(line) is not None
    assert not kept
    assert "Start" in await ben.text("help")
    assert "Start" not in await chat.text("help")


async def test_memory_for_them_is_bounded(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MAX_ANSWERS", 3)
    for blanks in range(10):
        await chat.say("salary senior" + " " * blanks)
    assert len(chat.app_context.dispatcher._prepared._answers) == 3


async def test_a_question_is_searched_for_once_and_everyone_gets_their_own_buttons(chat: Chat, ben: Chat) -> None:
    line, kept = "ask how long does it take", chat.app_context.dispatcher.runner._questions._answers
    first = await chat.card(line)
    assert await ben.say(line) is first
    assert await ben.press(line) is first
    await ben.say("plan save ai-architect hours:5")
    assert "Plan my path" not in await ben.text(line)
    assert "Plan my path" in await chat.text(line)
    assert len(kept) == 1
    assert "how long" not in str(list(kept))


async def test_a_question_is_answered_from_a_changed_pack_at_once(editable: tuple[Chat, Path]) -> None:
    chat, folder = editable
    before = await chat.text("ask what does a senior earn")
    figure = next(word for word in before.split() if word.startswith("$"))
    for file in folder.rglob("*.yaml"):
        if file.name == "salaries.yaml":
            file.write_text(re.sub(r"\d{3}[,_]?\d{3}", "123456", file.read_text()))
    assert not chat.app_context.library.reload_if_changed()
    after = await chat.text("ask what does a senior earn")
    assert (figure in after) < (figure in before), after


async def test_they_count_toward_the_limits(chat: Chat) -> None:
    chat.app_context.dispatcher.runner.limits = RequestLimits(lambda: 0.0)
    titles = [(await chat.card("salary senior")).error for _ in range(PERSON_BURST + 1)]
    assert titles[:-1] == [None] * PERSON_BURST
    assert titles[-1] is not None


@pytest.mark.slow
async def test_another_processs_changes_show_at_once(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Ada writes through one process and reads through another, in turn."""
    shutil.copy(migrated_sqlite, tmp_path / "chat.db")
    url = f"sqlite:///{tmp_path}/chat.db"

    async def elsewhere(line: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mentorbot", "say", line, "--as", "ada", "--role", "learner"),
            env=os.environ | {"DATABASE_URL": url},
            stdout=asyncio.subprocess.PIPE,
        )
        return (await process.communicate())[0].decode()

    async with open_context(Settings(database_url=url), Clock()) as app_context:

        async def say(line: str) -> str:
            return plain_text(await app_context.dispatcher.answer(_request(line)))

        assert "Start" in await say("help")
        assert "Plan saved" in await elsewhere("plan save ai-architect hours:5")
        assert "Start" not in await say("help")
        shown = await say("plan show all")
        await elsewhere('plan edit 1 what:"Read the other book"')
        assert "Read the other book" in await say("plan show all")
        assert "Read the other book" not in shown
        await say('plan edit 1 what:"Read the first book"')
        assert "Read the first book" in await elsewhere("plan show all")
        await elsewhere("plan hours 9")
        assert "9 h" in await say("plan adjust")
