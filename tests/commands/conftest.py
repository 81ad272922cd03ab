"""The real commands over a real database, as someone in a team's chat uses them."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.app import AppContext, open_context
from mentorbot.chat.cards import ActionLine, Answer, Button, Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.plan import Plan
from mentorbot.services.mentoring import NOTE_DELAY
from mentorbot.settings import Settings
from tests.fake_platform import FakePlatform, Posted

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROLE = "ai-architect"
STEPS = (
    "Read the RAG paper",
    "Serve a model behind an interface",
    "Write an evaluation set",
    "Package a service with Docker",
    "Explain the design to the board",
)


@dataclass
class Chat:
    """One person in one channel, with every answer they got."""

    app_context: AppContext
    platform: FakePlatform
    person: str = "ada"
    workspace: str = "T1"
    admin: bool = True
    zone: ZoneInfo | None = None
    forms: bool = True
    answers: list[Answer] = field(default_factory=list)

    def copy(self, **changes: object) -> Chat:
        """Copy the chat with other fields, e.g. for a different person, workspace or device."""
        return Chat(**{**self.__dict__, "answers": [], **changes})

    async def say(self, line: str, key: str | None = None, **options: str) -> Answer:
        """Type a command."""
        return await self._send(line, key, options, spoken=False)

    async def speak(self, text: str) -> Answer:
        """Say something in plain language."""
        return await self._send(text, None, {}, spoken=True)

    async def press(self, line: str) -> Answer:
        """Press a button."""
        return await self._send(line, None, {}, spoken=False, pressed=True)

    async def _send(
        self, line: str, key: str | None, options: dict[str, str], *, spoken: bool, pressed: bool = False
    ) -> Answer:
        async def member() -> Member:
            return Member(self.person, self.person, self.zone, self.admin)

        channel = Channel(Workspace("slack", self.workspace), "C1", "general")
        caller = Caller(channel, self.person, self.person, member)
        answer = await self.app_context.dispatcher.answer(
            CommandRequest(caller, line, options, key, self.forms, spoken, pressed), self.platform
        )
        self.answers.append(answer)
        return answer

    async def text(self, line: str) -> str:
        return plain_text(await self.say(line))

    async def tick(self) -> list[Posted]:
        """Send what is due now, and return the new posts."""
        before = len(self.platform.posted)
        await new_scheduler(self).tick()
        return self.platform.posted[before:]

    async def later(self) -> list[Posted]:
        """Wait until a note can't be taken back any more, send what is due, and return the new posts."""
        clock = self.app_context.clock
        assert isinstance(clock, FrozenClock)
        clock.travel_to(clock.now() + NOTE_DELAY)
        return await self.tick()

    async def card(self, line: str, **options: str) -> Card:
        answer = await self.say(line, **options)
        assert isinstance(answer, Card)
        return answer


def new_scheduler(chat: Chat) -> Scheduler:
    """A scheduler that sends through the chat's platform."""
    context = chat.app_context
    return Scheduler(context.store, context.library, context.clock, {chat.platform.platform: chat.platform})


def new_maintenance(chat: Chat) -> MaintenanceTasks:
    """Maintenance tasks that look people up on the chat's platform."""
    context = chat.app_context
    return MaintenanceTasks(context.store, context.library, context.clock, {chat.platform.platform: chat.platform})


def buttons(card: Card) -> list[Button]:
    """All buttons of a card."""
    found: list[Button] = []
    for block in card.blocks:
        found += (
            block.buttons if isinstance(block, Buttons) else [block.button] if isinstance(block, ActionLine) else []
        )
    return found


def button_line(answer: Answer, label: str) -> str:
    """The command line of the first button whose label starts with `label`."""
    assert isinstance(answer, Card)
    return next(button.line for button in buttons(answer) if button.label.startswith(label))


async def stored_plan(chat: Chat) -> Plan:
    """The stored plan of the chat's person."""
    async with chat.app_context.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        return (await uow.learner(chat.person, ROLE).plans.get()).plan


async def said(chat: Chat, *texts: str) -> str:
    """Say some texts one after the other, and give the last answer with its lines."""
    answer = [await chat.speak(text) for text in texts][-1]
    assert isinstance(answer, Card)
    return "\n".join((plain_text(answer), *(button.line for button in buttons(answer))))


async def lines(chat: Chat, *texts: str) -> list[str]:
    """The lines of the last answer's buttons that do something."""
    answer = [await chat.speak(text) for text in texts][-1]
    assert isinstance(answer, Card)
    return [button.line for button in buttons(answer) if not re.search(r':"?\?', button.line)]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MONDAY)


@pytest.fixture
async def chat(tmp_path: Path, clock: FrozenClock, migrated_sqlite: Path) -> AsyncIterator[Chat]:
    shutil.copy(migrated_sqlite, tmp_path / "chat.db")
    async with open_context(Settings(database_url=f"sqlite:///{tmp_path}/chat.db"), clock) as app_context:
        yield Chat(app_context, FakePlatform(clock))


@pytest.fixture
def ben(chat: Chat) -> Chat:
    return chat.copy(person="ben", admin=False)


@pytest.fixture
def chen(chat: Chat) -> Chat:
    return chat.copy(person="chen", admin=False)


@pytest.fixture
def dee(chat: Chat) -> Chat:
    return chat.copy(person="dee", admin=False)


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """Ada has finished her first step and is on the second."""
    for step in STEPS:
        await chat.say("plan add", what=step, hours="6")
    await chat.say("plan done 1")
    await chat.say("plan start 2")
    return chat


@pytest.fixture
async def mentor(ada: Chat) -> Chat:
    """Ada mentors Ben and Chen."""
    await ada.press(buttons(await ada.card("pair offer any max:3"))[0].line)
    for name in ("ben", "chen"):
        learner = ada.copy(person=name)
        await learner.say("plan add one hours:4")
        await learner.say("pair request", who="ada")
        await ada.say(f"pair accept {name}")
    return ada
