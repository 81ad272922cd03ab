"""Four people who use the bot through one door, in words a script reads well with."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.app import AppContext
from mentorbot.chat.platform import Workspace
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import travel_to
from mentorbot.domain import time_off
from mentorbot.domain.checkins import current_streak
from mentorbot.domain.learner import LearnerProfile
from mentorbot.domain.plan import Plan, StepState
from mentorbot.services.learners import LearnerSession

from .doors import NAMES, Control, Door, Shown

BERLIN = ZoneInfo("Europe/Berlin")
MAX_LINES = 8
"""Lines of a card, counting a row of buttons as one."""
MAX_PREVIEW_LINES = 12
_LONGER = ("Your plan: ", "All ", "Notifications", "Saved. Check-ins")
"""Beginnings of cards that may be longer than others: previews, lists of steps, and one line for each setting."""


@dataclass
class Person:
    """Someone in the team. What they do waits for its answer."""

    name: str
    team: Team
    taps: int = 0
    read: int = 0
    """Messages they've looked at."""

    @property
    def _messages(self) -> list[Shown]:
        return self.team.door.seen[self.name]

    @property
    def last(self) -> Shown:
        """The message that appeared or changed last."""
        return self.team.door.newest[self.name]

    async def says(self, words: str) -> None:
        """Write to the bot in direct messages."""
        self.read = len(self._messages)
        await self.team.door.say(self.name, words)
        self.team.check(self)

    async def asks_in_public(self, words: str) -> None:
        """Mention the bot in #general."""
        self.read = len(self._messages)
        await self.team.door.say(self.name, words, in_channel=True)
        self.team.check(self)

    async def types(self, line: str) -> None:
        """Type `/mentor …` in #general."""
        self.read = len(self._messages)
        await self.team.door.type(self.name, line)
        self.team.check(self)

    async def presses(self, label: str, *, on: str = "") -> None:
        """Press a button: on the newest message that has it, or the newest whose title begins with `on`."""
        card, control = self._find(label, on)
        self.read, self.taps = len(self._messages), self.taps + 1
        await self.team.door.press(self.name, card, control)
        self.team.check(self)

    async def fills_in(self, **values: str) -> None:
        """Send the form that's open; fields not named keep what they hold."""
        form = self.team.door.forms[self.name]
        assert form is not None, f"{self.name} has no form open, but sees:\n{self.last}"
        assert set(values) <= set(form.values), f"the form has {list(form.values)}"
        self.read = len(self._messages)
        await self.team.door.fill_in(self.name, values)
        self.team.check(self)

    def _find(self, label: str, on: str) -> tuple[Shown, Control]:
        for card in reversed(self._messages):
            if card.title.startswith(on):
                for control in card.controls:
                    if control.label == label:
                        return card, control
        shown = "\n\n".join(str(card) for card in self._messages[-3:])
        raise AssertionError(f"{self.name} sees no [{label}]{f' on {on}' if on else ''}, but:\n{shown}")

    def sees(self, title: str, *texts: str, buttons: Iterable[str] = ()) -> None:
        """Check the message that appeared or changed last: its title contains `title`, its text `texts`, and it has `buttons`."""
        assert self._messages, f"{self.name} sees nothing"
        card = self.last
        assert title in card.title, f"{self.name} sees:\n{card}"
        for words in texts:
            assert words in card.text, f"no “{words}” in what {self.name} sees:\n{card}"
        missing = set(buttons) - set(card.labels)
        assert not missing, f"no {missing} on what {self.name} sees:\n{card}"

    def sees_a_form(self, title: str) -> None:
        """Check that a form is open."""
        form = self.team.door.forms[self.name]
        assert form is not None, f"{self.name} has no form open, but sees:\n{self.last}"
        assert title in form.title, form.title

    def has_been_told(self, title: str, *texts: str) -> Shown:
        """Check that one of all their messages has this title, and return the newest."""
        found = [card for card in self._messages if title in card.title and all(words in card.text for words in texts)]
        assert found, f"{self.name} has seen only:\n" + "\n".join(card.title for card in self._messages)
        return found[-1]

    def has_heard(self, title: str) -> int:
        """Count their messages whose title contains `title`."""
        return sum(title in card.title for card in self._messages)

    async def plan(self) -> Plan:
        """Their plan as it's stored."""
        async with self.team.session(self) as session:
            return session.plan

    async def steps(self, state: StepState) -> list[str]:
        """The names of their steps in a state."""
        return [step.text for step in (await self.plan()).steps if step.state is state]

    async def streak(self) -> int:
        """Their streak in weeks."""
        async with self.team.session(self) as session:
            return current_streak(await session.checkins(), time_off.of(session.plan), session.snapshot.week)

    async def profile(self) -> LearnerProfile:
        """Their settings as a learner."""
        async with self.team.session(self) as session:
            return session.profile

    async def checkins(self) -> int:
        """The number of weeks they've checked in."""
        async with self.team.session(self) as session:
            return len(await session.checkins())

    async def levels(self) -> dict[str, int]:
        """Their levels by skill."""
        async with self.team.session(self) as session:
            return await session.levels()


@dataclass
class Team:
    """Everyone, the door they use, and the time."""

    context: AppContext
    door: Door
    scheduler: Scheduler
    people: dict[str, Person] = field(default_factory=dict)
    texts: list[Shown] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = {name: Person(name, self) for name in NAMES}
        self.ada, self.ben, self.chen, self.dee = self.people.values()

    @property
    def workspace(self) -> Workspace:
        """The workspace as the bot knows it."""
        return Workspace(self.door.platform, self.door.workspace)

    async def wait_until(self, moment: str) -> None:
        """Let time pass until a moment in Berlin, e.g. "2026-12-04 15:05", with everything that's due on the way."""
        target = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
        assert target > self.context.clock.now()
        for person in self.people.values():
            person.read = len(self.door.seen[person.name])
        await travel_to(target, self.context.clock, self.context.store, self.scheduler)
        await self.door.catch_up()
        for person in self.people.values():
            self.check(person)

    async def wait(self, **time: float) -> None:
        """Let some time pass."""
        target = self.context.clock.now().astimezone(BERLIN) + timedelta(**time)
        await self.wait_until(target.replace(tzinfo=None).isoformat())

    @asynccontextmanager
    async def session(self, person: Person) -> AsyncIterator[LearnerSession]:
        """Open what's stored about a person as a learner."""
        pack = self.context.library.default
        async with self.context.store.unit_of_work(self.workspace) as uow:
            yield await LearnerSession.open(
                uow,
                pack,
                user_id=self.door.person_id(person.name),
                name=person.name,
                now=self.context.clock.now(),
                zone=BERLIN,
            )

    async def noticed(self, *, removed: bool) -> None:
        """Wait until the bot has noticed that it was removed, or is back; a gateway tells it when it likes."""
        async with asyncio.timeout(10):
            while bool(await self.context.store.workspaces.removed(1)) is not removed:
                await asyncio.sleep(0.01)

    async def maintain(self) -> None:
        """Run the hourly maintenance."""
        context = self.context
        platforms = {self.door.platform: self.door.sent_by()}
        await MaintenanceTasks(context.store, context.library, context.clock, platforms).run()

    def rows(self, table: str) -> int:
        """Count the rows of a table."""
        path = self.context.settings.database_url.get_secret_value().removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def check(self, person: Person) -> None:
        """Check what holds for every message, on what a person has just seen."""
        for card in self.door.seen[person.name][person.read :]:
            assert "/mentor" not in card.notification, f"a notification shows a command line:\n{card.notification}"
            most = MAX_PREVIEW_LINES if card.title.startswith(_LONGER) else MAX_LINES
            assert card.height <= most, f"{card.height} lines:\n{card}"


async def says_yes_to_fridays(person: Person) -> None:
    """Take the check-in that's suggested after a plan was saved; say where they are if the platform doesn't."""
    if person.team.door.knows_zones:
        person.sees("Plan saved", "Fridays at 15:00, Berlin time?")
        await person.presses("Yes")
        return
    person.sees("Plan saved", "Shall I check in on Fridays at 15:00? In which city's time?")
    await person.presses("Pick a city")
    await person.fills_in(zone="Berlin")


async def gets_started(person: Person) -> None:
    """Make the plan a data scientist gets for 6 hours a week, with a check-in on Fridays at 15:00."""
    await person.says("hi")
    for label in ("Become an AI Architect", "6 h", "Data scientist", "Start"):
        await person.presses(label)
    await says_yes_to_fridays(person)
