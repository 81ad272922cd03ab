"""Sentences on each platform's own wire: the same right actions, and never a write nobody asked for.

Slack's events come in signed HTTP requests, Discord's through its gateway, the playground's from its page. A third of the cases
is said at each door, a different third at each, so that together they say everything.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, closing
from datetime import datetime
from pathlib import Path

import pytest

from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.platform import Channel, ChatPlatform, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.packs.library import Library
from mentorbot.settings import Settings
from mentorbot.storage import Store

from .conftest import BERLIN, LEARNERS, STEPS, Case, cases, lines_of
from .journeys.discord_door import discord_door
from .journeys.doors import Door
from .journeys.playground_door import playground_door
from .journeys.slack_door import slack_door
from .test_cases import RecordingEar, is_right, may_write, rows

pytestmark = pytest.mark.slow

SPEAKERS = {"newcomer": "dee", "learner": "chen", "mentor": "ben", "admin": "ada"}
"""The people at the doors, and those they speak for in the cases. The mentor's learners are three others."""
DOORS = ("slack", "discord", "playground")
FLOOR = 0.88


class RecordingDispatcher(Dispatcher):
    """A dispatcher that keeps its last answer."""

    last: Answer | None = None

    async def answer(self, request: CommandRequest, platform: ChatPlatform | None = None) -> Answer:
        self.last = await super().answer(request, platform)
        return self.last


class Wire:
    """A door with the cases' team behind it, set back to how it was before each thing that's said."""

    def __init__(self, door: Door, context: AppContext, database: Path) -> None:
        assert isinstance(context.dispatcher, RecordingDispatcher)
        self.door, self.dispatcher, self._clock, self.database = door, context.dispatcher, context.clock, database
        self._saved = database.with_suffix(".saved")
        self._workspace = Workspace(door.platform, door.workspace)
        self._count = 0

    async def settle_in(self) -> None:
        """Give everyone the cases' plans and roles, and keep that. They've all said hi, so that the platform knows them."""
        people = {who: self.door.person_id(name) for who, name in SPEAKERS.items()}
        for who in ("learner", "mentor", "admin"):
            for step in STEPS:
                await self._do(people[who], who, f'plan add what:"{step}" hours:6')
            await self._do(people[who], who, "plan start 1")
        offer = await self._do(people["mentor"], "mentor", "pair offer max:5")
        await self._do(people["mentor"], "mentor", lines_of(offer)[0])
        for number, name in enumerate(LEARNERS):
            learner = f"{self.door.person_id('dee')}{number}"
            await self._do(learner, name, 'plan add what:"Put a model behind an interface" hours:6')
            await self._do(learner, name, "pair request who:mentor")
            await self._do(people["mentor"], "mentor", f"pair accept {name}")
        await self._do(people["learner"], "learner", "pair request who:mentor")
        for who, name in SPEAKERS.items():
            await self.door.say(name, "hi", in_channel=who == "admin")
        with closing(sqlite3.connect(self.database)) as now, closing(sqlite3.connect(self._saved)) as saved:
            now.backup(saved)

    async def _do(self, user: str, name: str, line: str) -> Answer:
        async def member() -> Member:
            return Member(user, name.title(), BERLIN, admin=False)

        self._count += 1
        channel = Channel(self._workspace, f"settling-{user}", "", direct=True)
        caller = Caller(channel, user, name.title(), member)
        request = CommandRequest(caller, line, {}, f"settling{self._count}", forms=False)
        answer = await self.dispatcher.answer(request, self.door.sent_by())
        assert not isinstance(answer, Card) or answer.error is None, f"{line}: {answer.title}"
        return answer

    def set_back(self) -> None:
        """Put back what was saved when everyone had settled in: plans, roles, and conversations that never were."""
        with closing(sqlite3.connect(self._saved)) as saved, closing(sqlite3.connect(self.database)) as now:
            saved.backup(now)

    async def hears(self, case: Case) -> tuple[bool, bool]:
        """Say a case as its speaker: is the right thing done or offered, and has anything changed?"""
        assert isinstance(self._clock, FrozenClock)
        self.set_back()
        self._clock.travel_to(datetime.fromisoformat(f"{case.on}T10:30").replace(tzinfo=BERLIN))
        name, ear = SPEAKERS[case.who], self.dispatcher.ear
        assert isinstance(ear, RecordingEar)
        if case.after:
            await self.door.say(name, case.after, in_channel=case.who == "admin")
        before, seen = rows(self.database), len(self.door.seen[name])
        await self.door.say(name, case.say, in_channel=case.who == "admin")
        answer = self.dispatcher.last
        assert answer is not None
        assert len(self.door.seen[name]) > seen, f"{name} sees no answer"
        return is_right(case, ear.heard, answer), rows(self.database) != before


@pytest.fixture(params=DOORS)
async def wire(request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Wire]:
    database = Path(shutil.copy(migrated_sqlite, tmp_path / "team.db"))
    settings, clock = (
        Settings(database_url=f"sqlite:///{database}"),
        FrozenClock(datetime(2026, 11, 16, 10, tzinfo=BERLIN)),
    )
    library = Library.open(settings.content, settings.role)
    store = await Store.open(settings.database, clock)
    dispatcher = RecordingDispatcher(load_commands(), store, library, clock)
    dispatcher.ear = RecordingEar(dispatcher.registry, library)
    context = AppContext(settings=settings, clock=clock, store=store, library=library, dispatcher=dispatcher)
    try:
        async with _open(request.param, context) as door:
            made = Wire(door, context, database)
            await made.settle_in()
            yield made
    finally:
        await store.close()


def _open(name: str, context: AppContext) -> AbstractAsyncContextManager[Door]:
    match name:
        case "slack":
            return slack_door(context, context.settings)
        case "discord":
            return discord_door(context, context.settings)
    return playground_door(context)


async def test_every_door_hears_the_right_action_and_writes_nothing_unasked(wire: Wire) -> None:
    files = ("open_cases", "more_cases", "held_out_cases", "fresh_cases")
    everything = [case for name in files for case in cases(f"{name}.yaml")]
    said = everything[DOORS.index({"local": "playground"}.get(wire.door.platform, wire.door.platform)) :: len(DOORS)]
    right, wrong_writes = 0, []
    for case in said:
        is_good, changed = await wire.hears(case)
        right += is_good
        if changed and not may_write(case):
            wrong_writes.append(case.id)
    assert wrong_writes == []
    assert right / len(said) >= FLOOR, f"{right} of {len(said)}"
