"""An invented team for the playground: six weeks of six learners, so that mentors' and admins' views have something to show.

The team says what people would have said, on a clock of its own that runs from six weeks ago until now. Nobody is messaged on the
way. Every run gives the same team.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from mentorbot.adapters.playground.team_chat import dm_channel_id
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Member
from mentorbot.clock import Clock, FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.domain.mentoring import MentorshipState
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.storage import Store

log = logging.getLogger(__name__)

WEEKS = 6
MENTORS = (("ben", "Ben"), ("chen", "Chen"))
"""People of the playground who mentor the team. Ada, the admin, sees the workspace as a whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something a learner says, `days` ago."""

    days: float
    text: str


@dataclass(frozen=True, slots=True)
class SampleLearner:
    """An invented learner. `mentor` is one of `MENTORS`, or "" for the waitlist."""

    name: str
    mentor: str
    visibility: Visibility
    lines: tuple[Line, ...]

    @property
    def user_id(self) -> str:
        """The id in the playground's workspace."""
        return "sample-" + self.name.split()[0].lower()


def _start(title: str, hours: int, *levels: str) -> tuple[Line, ...]:
    """A first day: own levels, then a plan."""
    levels_line = (Line(7 * WEEKS, f"assess {' '.join(levels)}"),) if levels else ()
    return (*levels_line, Line(7 * WEEKS, f"plan keep {title} hours:{hours}"))


def _weeks(step: int, hours: Sequence[int]) -> tuple[Line, ...]:
    """One check-in a week, from the first week on, with the hours worked on a step; 0 means a week without one."""
    return tuple(
        line
        for week, worked in enumerate(hours)
        if worked
        for line in (
            Line(7 * (WEEKS - week) - 4, f"plan doing {step} hours:{worked}"),
            Line(7 * (WEEKS - week) - 4, "checkin close"),
        )
    )


_LOW, _MIDDLE, _HIGH = range(3)
"""Titles of the role that ask for little, more and most."""


class _Sketch(NamedTuple):
    """A learner in short: the `levels` of the next skills, the hours a week they want and those they worked each week."""

    name: str
    mentor: str
    visibility: Visibility
    title: int
    hours: int
    levels: tuple[int, ...]
    worked: tuple[int, ...]
    others: tuple[Line, ...] = ()


_NO_ACCESS = "plan block 1 why:No access to the test system, my ticket's been open for a week"
_TEAM = (
    _Sketch(
        "Sam Sample", "ben", Visibility.CHECKINS, _LOW, 6, (1, 1, 1), (5, 6, 6, 4, 6, 5), (Line(1.5, "plan done 1"),)
    ),
    _Sketch("Ella Example", "ben", Visibility.PROGRESS, _MIDDLE, 5, (2, 2), (4, 5, 5, 3), (Line(9, _NO_ACCESS),)),
    _Sketch(
        "Demi Demo",
        "ben",
        Visibility.CHECKINS,
        _HIGH,
        4,
        (2,),
        (4, 0, 4, 4, 3),
        (Line(31, "checkin skip"), Line(2, "checkin pause in 2 weeks")),
    ),
    _Sketch("Tess Template", "chen", Visibility.CHECKINS, _LOW, 8, (1, 2), (8, 7, 8, 6, 8, 8)),
    _Sketch("Pat Placeholder", "chen", Visibility.NOTHING, _MIDDLE, 3, (), (3, 2, 0, 3, 0, 2)),
    _Sketch("Fay Fiction", "", Visibility.NOTHING, _HIGH, 4, (0, 0), (2, 4, 0, 4, 4, 3)),
)


def sample_learners(pack: Pack) -> tuple[SampleLearner, ...]:
    """Invent six learners of a pack's role, whose titles ask for little, more and most."""
    titles = sorted(pack.titles.titles, key=lambda title: sum(title.needs.values()))
    titles = [titles[0], titles[len(titles) // 2], titles[-1]]
    skills = itertools.cycle(skill.id for skill in pack.skills)
    learners = []
    for each in _TEAM:
        levels = [f"{next(skills)}:{level}" for level in each.levels]
        lines = (*_start(titles[each.title].id, each.hours, *levels), *_weeks(1, each.worked), *each.others)
        learners.append(SampleLearner(each.name, each.mentor, each.visibility, lines))
    return tuple(learners)


class SampleTeam:
    """Fills the playground's database with the team, and empties it of them again."""

    def __init__(self, dispatcher: Dispatcher, store: Store, clock: Clock) -> None:
        self._dispatcher, self._store, self._clock = dispatcher, store, clock
        self._role = dispatcher.library.default.info.role
        self.learners = sample_learners(dispatcher.library.default)
        self._lock = asyncio.Lock()

    async def is_here(self) -> bool:
        """Check whether the team has been filled in."""
        async with self._store.unit_of_work(LOCAL_WORKSPACE) as uow:
            return await uow.people.get(self.learners[0].user_id) is not None

    async def fill(self) -> None:
        """Add the team, unless it's here already."""
        async with self._lock:
            if await self.is_here():
                return
            now, clock = self._clock.now(), FrozenClock(self._clock.now())
            dispatcher = Dispatcher(
                self._dispatcher.registry, self._store.with_clock(clock), self._dispatcher.library, clock
            )
            for learner in self.learners:
                for line in sorted(learner.lines, key=lambda line: -line.days):
                    clock.travel_to(_moment(now, line.days))
                    await _say(dispatcher, learner, line.text)
            await self._pair(now)

    async def _pair(self, now: datetime) -> None:
        """Give the learners their mentors. The rows are written directly, so nobody gets six-week-old messages about it."""
        start = FrozenClock(_moment(now, 7 * WEEKS))
        async with self._store.with_clock(start).unit_of_work(LOCAL_WORKSPACE) as uow:
            for user_id, name in MENTORS:
                await uow.people.ensure(user_id, name)
                if await uow.mentorships.mentor(user_id, self._role) is None:
                    await uow.mentorships.save_offer(user_id, self._role, (), 3, offering=True)
            for learner in self.learners:
                if not learner.mentor:
                    await uow.mentorships.wait(learner.user_id, self._role)
                    continue
                deadline = start.now() + timedelta(days=3)
                request = await uow.mentorships.request(learner.user_id, self._role, learner.mentor, deadline)
                await uow.mentorships.change(request, MentorshipState.ACTIVE)
                await uow.learner(learner.user_id, self._role).set_visibility(learner.visibility)

    async def clear(self) -> None:
        """Remove the team. Their mentors keep what they offer."""
        async with self._lock:
            for learner in self.learners:
                async with self._store.unit_of_work(LOCAL_WORKSPACE) as uow:
                    await uow.privacy.erase(learner.user_id)


def _moment(now: datetime, days: float) -> datetime:
    """The moment `days` ago, at ten in the morning (UTC), but never after `now`."""
    morning = datetime.combine((now - timedelta(days=days)).date(), time(10), now.tzinfo)
    return min(morning, now)


async def _say(dispatcher: Dispatcher, learner: SampleLearner, text: str) -> None:
    async def member() -> Member:
        return Member(learner.user_id, learner.name)

    channel = Channel(LOCAL_WORKSPACE, dm_channel_id(learner.user_id), direct=True)
    caller = Caller(channel, learner.user_id, learner.name, member)
    answer = await dispatcher.answer(CommandRequest(caller, text, forms=False))
    if not isinstance(answer, Card) or answer.error:
        log.warning("the sample team couldn't say “%s”: %s", text, answer)
