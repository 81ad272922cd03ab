"""Learners' weekly check-ins in one workspace."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.records import CheckIn, CheckInState
from mentorbot.storage.learners import Learners
from mentorbot.storage.tables import CheckInRow

# A year has fifty of them, and every check-in reads them all: plain columns are made faster than rows as objects.
_COLUMNS = (
    CheckInRow.week,
    CheckInRow.state,
    CheckInRow.next_step,
    CheckInRow.obstacle,
    CheckInRow.fallback,
    CheckInRow.outcome,
)


class CheckIns:
    """Check-ins of a person (the platform's id) for a role; nobody else's, and no other workspace's."""

    def __init__(self, learners: Learners) -> None:
        self._learners = learners
        self._scope = learners.scope
        self._known: dict[tuple[str, str], list[CheckIn]] = {}

    async def all(self, person: str, role: str) -> list[CheckIn]:
        """All check-ins of a learner, oldest first."""
        if (known := self._known.pop((person, role), None)) is not None:
            return known
        own = CheckInRow.learner_id.in_(self._learners.own_id(person, role))
        return next(iter((await read_checkins(self._scope.session, own)).values()), [])

    def know(self, person: str, role: str, read: list[CheckIn]) -> None:
        """Take what was read a moment ago for what is read next."""
        self._known[person, role] = read

    async def hold(self, person: str, role: str, week: date, **told: str) -> None:
        """Put down that the week of `week` (a Monday) had its check-in, with what was told: `next_step`, `obstacle`,
        `fallback`, `outcome`. What is not told stays as it was."""
        await self._put(person, role, week, "held", told)

    async def skip(self, person: str, role: str, week: date) -> None:
        """Put down that a week has none; one that was held stays held."""
        learner = await self._learners.ensure(person, role)
        insert = self._scope.insert(CheckInRow).values(
            **_fresh(learner.id, week, "skipped"), created_at=self._scope.now()
        )
        await self._scope.session.execute(insert.on_conflict_do_nothing())

    async def take_up(self, person: str, role: str, week: date) -> None:
        """Forget that a week was skipped."""
        own = self._learners.own_id(person, role)
        skipped = (CheckInRow.learner_id.in_(own), CheckInRow.week == week, CheckInRow.state == "skipped")
        await self._scope.session.execute(delete(CheckInRow).where(*skipped))

    async def _put(self, person: str, role: str, week: date, state: CheckInState, told: dict[str, str]) -> None:
        learner = await self._learners.ensure(person, role)
        values = _fresh(learner.id, week, state) | told
        insert = self._scope.insert(CheckInRow).values(**values, created_at=self._scope.now())
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["learner_id", "week"], set_={"state": state, **told})
        )

    async def set_outcome(self, person: str, role: str, week: date, outcome: str) -> None:
        """Put down what became of the if-then plan that was made in the week of `week`."""
        own = self._learners.own_id(person, role)
        change = update(CheckInRow).where(CheckInRow.learner_id.in_(own), CheckInRow.week == week)
        await self._scope.session.execute(change.values(outcome=outcome).execution_options(synchronize_session=False))


async def read_checkins(session: AsyncSession, whose: ColumnElement[bool]) -> dict[int, list[CheckIn]]:
    """The check-ins for which `whose` holds, oldest first, by the learner's id."""
    found: defaultdict[int, list[CheckIn]] = defaultdict(list)
    query = select(CheckInRow.learner_id, *_COLUMNS).where(whose).order_by(CheckInRow.week)
    for learner, week, state, *told in await session.execute(query):
        found[learner].append(CheckIn(week, cast(CheckInState, state), *told))
    return found


def _fresh(learner_id: int, week: date, state: CheckInState) -> dict[str, object]:
    empty = dict.fromkeys(("next_step", "obstacle", "fallback", "outcome"), "")
    return {"learner_id": learner_id, "week": week, "state": state, **empty}
