"""A learner's weekly check-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.storage.learner_scope import THIS_LEARNER, LearnerScope
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import Upsert, upsert
from mentorbot.storage.tables import Base, CheckInRow, LearnerRow, PersonRow

# A year has fifty of them, and every check-in reads them all. Plain columns are faster than ORM objects.
_COLUMNS = (
    CheckInRow.week,
    CheckInRow.state,
    CheckInRow.next_step,
    CheckInRow.obstacle,
    CheckInRow.fallback,
    CheckInRow.outcome,
)

_OF_LEARNER = Query(
    select(*_COLUMNS)
    .join(LearnerRow, CheckInRow.learner_id == LearnerRow.id)
    .join(PersonRow, LearnerRow.person_id == PersonRow.id)
    .where(*THIS_LEARNER)
    .order_by(CheckInRow.week)
)


class CheckIns:
    """Check-ins of one learner. A week goes by its Monday."""

    def __init__(self, learner: LearnerScope) -> None:
        self._learner, self._scope = learner, learner.scope
        self._prefetched: Sequence[CheckIn] | None = None

    async def all(self) -> list[CheckIn]:
        """Read all check-ins, oldest first."""
        if self._prefetched is not None:
            prefetched, self._prefetched = self._prefetched, None
            return list(prefetched)
        rows = await self._scope.rows(_OF_LEARNER, user_id=self._learner.user_id, role=self._learner.role)
        return [CheckIn(week, CheckInState(state), *answers) for week, state, *answers in rows]

    def prefetch(self, checkins: Sequence[CheckIn]) -> None:
        """Provide the result of the next read, so it needs no query."""
        self._prefetched = checkins

    async def hold(self, week: date, **answers: str) -> None:
        """Record that a week had its check-in, with its `next_step`, `obstacle`, `fallback` or `outcome`.

        Any that aren't given stay as they were.
        """
        learner = await self._learner.ensure()
        values = {**_new_row(learner.id, week, CheckInState.HELD), **answers, "created_at": self._scope.now()}
        await self._scope.session.execute(_held(self._scope.dialect, frozenset(answers)), values)

    async def skip(self, week: date) -> None:
        """Record that a week's check-in was skipped. One that was held stays held."""
        learner = await self._learner.ensure()
        values = _new_row(learner.id, week, CheckInState.SKIPPED)
        insert = self._scope.upsert(CheckInRow).values(**values, created_at=self._scope.now())
        await self._scope.session.execute(insert.on_conflict_do_nothing())

    async def unskip(self, week: date) -> None:
        """Forget that a week was skipped."""
        skipped = (CheckInRow.week == week, CheckInRow.state == CheckInState.SKIPPED.value)
        await self._scope.session.execute(
            delete(CheckInRow).where(CheckInRow.learner_id.in_(self._learner.id()), *skipped)
        )

    async def forget(self, week: date) -> None:
        """Forget a week's check-in, as if it had never been answered."""
        of_week = (CheckInRow.learner_id.in_(self._learner.id()), CheckInRow.week == week)
        await self._scope.session.execute(delete(CheckInRow).where(*of_week))

    async def set_outcome(self, week: date, outcome: str) -> None:
        """Record the outcome of the if-then plan made in a week."""
        of_week = update(CheckInRow).where(CheckInRow.learner_id.in_(self._learner.id()), CheckInRow.week == week)
        await self._scope.session.execute(of_week.values(outcome=outcome).execution_options(synchronize_session=False))


async def read_checkins(session: AsyncSession, condition: ColumnElement[bool]) -> dict[int, list[CheckIn]]:
    """Read the check-ins that meet a condition, oldest first, by learner id."""
    by_learner: defaultdict[int, list[CheckIn]] = defaultdict(list)
    query = select(CheckInRow.learner_id, *_COLUMNS).where(condition).order_by(CheckInRow.week)
    for learner_id, week, state, *answers in await session.execute(query):
        by_learner[learner_id].append(CheckIn(week, CheckInState(state), *answers))
    return by_learner


@cache
def _held(dialect: str, answers: frozenset[str]) -> Upsert:
    """Make the INSERT of a week's check-in with some answers. It's made once, without the ORM."""
    row = upsert(dialect, Base.metadata.tables[CheckInRow.__tablename__])
    changed = {name: row.excluded[name] for name in ("state", *sorted(answers))}
    return row.on_conflict_do_update(index_elements=["learner_id", "week"], set_=changed)


def _new_row(learner_id: int, week: date, state: CheckInState) -> dict[str, object]:
    empty = dict.fromkeys(("next_step", "obstacle", "fallback", "outcome"), "")
    return {"learner_id": learner_id, "week": week, "state": state.value, **empty}
