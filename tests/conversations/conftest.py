"""A small team over a real database, and what the bot does with each thing they say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from mentorbot.app import AppContext, open_context
from mentorbot.chat.cards import Answer, Buttons, Card, Form
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.settings import Settings
from tests.fake_platform import FakePlatform

BERLIN = ZoneInfo("Europe/Berlin")
STEPS = (
    "Know one cloud's building blocks",
    "Put a model behind an interface",
    "Build a pipeline that survives a bad day",
    "Read the RAG paper",
    "Explain one system to three audiences",
)
LEARNERS = ("Ada", "Ben", "Chen")


@dataclass(frozen=True)
class Case:
    """One thing someone says, and what's right to do with it."""

    id: str
    say: str
    who: str
    on: date
    after: str
    actions: tuple[str, ...]
    modes: tuple[str, ...]
    values: dict[str, Any]
    why: str


def cases(name: str) -> list[Case]:
    """Read the cases of a file in this folder."""
    entries = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return [_case(entry) for entry in entries]


def _case(entry: dict[str, Any]) -> Case:
    expected = entry["expect"]
    modes = expected.get("mode", "run")
    return Case(
        id=entry["id"],
        say=entry["say"],
        who=entry.get("who", "learner"),
        on=date.fromisoformat(str(entry.get("on", "2026-12-04"))),
        after=entry.get("after", ""),
        actions=tuple(expected["action"]),
        modes=(modes,) if isinstance(modes, str) else tuple(modes),
        values=expected.get("values", {}),
        why=entry.get("why", ""),
    )


@dataclass
class Team:
    """A newcomer, a learner with five steps, a mentor with three learners, and an admin."""

    context: AppContext
    platform: FakePlatform
    clock: FrozenClock
    counter: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))
    workspace: Workspace = field(default_factory=lambda: Workspace("slack", "T0"))
    conversation: int = 0
    """Number of the conversation; a new one remembers nothing of those before."""

    async def say(self, who: str, text: str, *, spoken: bool = True) -> Answer:
        """Say something as one of them, in the channel #ai-architects (an admin) or in their DM."""

        async def member() -> Member:
            return Member(who, who.title(), BERLIN, who == "admin")

        channel = (
            Channel(self.workspace, f"C{self.conversation}", "ai-architects")
            if who == "admin"
            else Channel(self.workspace, f"D{self.conversation}-{who}", "", direct=True)
        )
        request = CommandRequest(
            Caller(channel, who, who.title(), member), text, {}, f"m{next(self.counter)}", forms=False, spoken=spoken
        )
        return await self.context.dispatcher.answer(request, self.platform)


@asynccontextmanager
async def team(database: Path) -> AsyncIterator[Team]:
    """Open the team over a database with the schema."""
    clock = FrozenClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
    async with open_context(Settings(database_url=f"sqlite:///{database}"), clock) as context:
        made = Team(context, FakePlatform(clock), clock)
        await settle_in(made, "T0")
        yield made


async def settle_in(made: Team, workspace: str) -> None:
    """Give everyone their plans and roles in a workspace where nobody is yet."""
    made.workspace = Workspace("slack", workspace)
    for who in ("learner", "mentor", "admin"):
        for step in STEPS:
            await made.say(who, f'plan add what:"{step}" hours:6', spoken=False)
        await made.say(who, "plan start 1", spoken=False)
    offer = await made.say("mentor", "pair offer max:5", spoken=False)
    await made.say("mentor", lines_of(offer)[0], spoken=False)
    for name in LEARNERS:
        await made.say(name.lower(), 'plan add what:"Put a model behind an interface" hours:6', spoken=False)
        await made.say(name.lower(), "pair request who:mentor", spoken=False)
        await made.say("mentor", f"pair accept {name}", spoken=False)
    await made.say("learner", "pair request who:mentor", spoken=False)


def set_day(made: Team, day: date) -> None:
    """Make it half past ten in Berlin on `day`."""
    made.clock.travel_to(datetime.combine(day, time(10, 30), BERLIN).astimezone(UTC))


def lines_of(answer: Answer) -> list[str]:
    """The command lines an answer offers: those of its buttons, or its form's."""
    if isinstance(answer, Form):
        return [answer.line]
    assert isinstance(answer, Card)
    return [button.line for block in answer.blocks if isinstance(block, Buttons) for button in block.buttons]
