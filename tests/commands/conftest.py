"""The real commands over a real database, as somebody in a team's chat would use them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.app import AppContext, open_context
from mentorbot.chat.cards import Answer, Button, Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, ChatPlatform, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.plan import Plan
from mentorbot.settings import Settings
from tests.fake_platform import FakePlatform, Posted

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROLE = "ai-architect"


@dataclass
class Chat:
    """One person in one channel. `say` gives the answer, `text` its words, `press` what a button of it leads to."""

    core: AppContext
    platform: ChatPlatform
    person: str = "ada"
    workspace: str = "T1"
    admin: bool = True
    zone: ZoneInfo | None = None
    forms: bool = True
    answers: list[Answer] = field(default_factory=list)

    def as_(self, **changes: object) -> Chat:
        """The same chat as somebody else sees it."""
        return Chat(**{**self.__dict__, "answers": [], **changes})

    async def say(self, line: str, key: str | None = None, **options: str) -> Answer:
        async def member() -> Member:
            return Member(self.person, self.person, self.zone, self.admin)

        channel = Channel(Workspace("slack", self.workspace), "C1", "general")
        caller = Caller(channel, self.person, self.person, member)
        answer = await self.core.dispatcher.answer(
            CommandRequest(caller, line, options, key, self.forms), self.platform
        )
        self.answers.append(answer)
        return answer

    async def text(self, line: str) -> str:
        return plain_text(await self.say(line))

    @property
    def fake(self) -> FakePlatform:
        """The chat platform in memory."""
        assert isinstance(self.platform, FakePlatform)
        return self.platform

    async def tick(self) -> list[Posted]:
        """Do what is due now; what was posted by it."""
        before = len(self.fake.posted)
        core = self.core
        await Scheduler(core.store, core.library, core.clock, {self.fake.platform: self.fake}).tick()
        return self.fake.posted[before:]

    async def card(self, line: str, **options: str) -> Card:
        answer = await self.say(line, **options)
        assert isinstance(answer, Card)
        return answer


def buttons(card: Card) -> list[Button]:
    """All buttons of a card."""
    return [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def line_of(answer: Answer, label: str) -> str:
    """The line of the first button whose label starts with `label`."""
    assert isinstance(answer, Card)
    return next(button.line for button in buttons(answer) if button.label.startswith(label))


async def plan_of(chat: Chat) -> Plan:
    """The plan of the chat's person, as it's stored."""
    async with chat.core.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        return (await uow.learner(chat.person, ROLE).plans.get()).plan


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MONDAY)


@pytest.fixture
async def chat(tmp_path: Path, clock: FrozenClock, migrated_sqlite: Path) -> AsyncIterator[Chat]:
    shutil.copy(migrated_sqlite, tmp_path / "chat.db")
    async with open_context(Settings(database_url=f"sqlite:///{tmp_path}/chat.db"), clock) as core:
        yield Chat(core, FakePlatform(clock))
