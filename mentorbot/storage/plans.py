"""Learners' plans in one workspace: read whole, saved whole, each change on the record so that it can be undone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.plan import STORED_PLAN, Plan, PlanStep, StepState, WeekAllocation
from mentorbot.domain.plan_edits import undo_to
from mentorbot.domain.records import LearnerProfile, SavedPlan
from mentorbot.storage.learners import Learners, learner_record
from mentorbot.storage.tables import LearnerRow, PlanChangeRow, PlanRow, StepRow

CHANGES_KEPT = 50
"""How many changes of one plan can be undone."""
NO_PLAN = (SavedPlan(Plan(), 0), LearnerProfile())
"""What is read of somebody who has just begun."""
_FRESH = {"populate_existing": True}


class StalePlan(Exception):
    """Somebody has changed the plan since it was read: this transaction must be rolled back and done again."""


class Plans:
    """Plans of a person (the platform's id) for a role; nobody else's, and no other workspace's."""

    def __init__(self, learners: Learners) -> None:
        self._learners = learners
        self._scope = learners.scope
        self._known: dict[tuple[str, str], tuple[SavedPlan, LearnerProfile]] = {}

    async def get(self, person: str, role: str) -> SavedPlan:
        """The person's plan; an empty one of version 0 when they have none."""
        return (await self.read(person, role))[0]

    async def read(self, person: str, role: str) -> tuple[SavedPlan, LearnerProfile]:
        """The plan, and what is true of the learner as a whole."""
        if (known := self._known.pop((person, role), None)) is not None:
            return known
        found = await read_plans(self._scope.session, LearnerRow.id.in_(self._learners.own_id(person, role)))
        return next(iter(found.values()), NO_PLAN)

    def know(self, person: str, role: str, read: tuple[SavedPlan, LearnerProfile]) -> None:
        """Take what was read a moment ago for what is read next."""
        self._known[person, role] = read

    async def keep(self, person: str, role: str, kept: SavedPlan, plan: Plan, what: str) -> SavedPlan:
        """Save `plan` in the place of `kept`; `what` says in a few words what was done, for whoever undoes it. A break that is
        begun or ended by it is begun or ended afterwards.

        Raises:
            StalePlan: somebody has saved another one since `kept` was read.
        """
        version = await self._save(person, role, kept, plan)
        learner = await self._learners.ensure(person, role)
        self._scope.session.add(
            PlanChangeRow(
                learner_id=learner.id,
                version=version,
                what=what[:300],
                before=STORED_PLAN.dump_python(kept.plan, mode="json", by_alias=True),
                created_at=self._scope.now(),
                paused_until=(await self._learners.get(person, role)).paused_until,
            )
        )
        await self._scope.session.flush()
        old = (PlanChangeRow.learner_id == learner.id, PlanChangeRow.version <= version - CHANGES_KEPT)
        await self._scope.session.execute(delete(PlanChangeRow).where(*old))
        return SavedPlan(plan, version)

    async def undo(
        self, person: str, role: str, week: date = date.min, seen: int | None = None
    ) -> tuple[SavedPlan, str] | None:
        """Put back what was before the last change: the plan, and what was undone. None when there is nothing left, or when
        the plan is not in the version that was `seen` any more. Weeks before `week` that were off have been so; where the change
        was one of weeks off, a break is again as it was.

        Raises:
            StalePlan: somebody has changed the plan meanwhile.
        """
        # The plan is read before its last change: what is saved in between makes the save fail, and nothing is lost.
        kept = await self.get(person, role)
        if seen not in (None, kept.version):
            return None
        own = self._learners.own_id(person, role)
        query = select(PlanChangeRow).where(PlanChangeRow.learner_id.in_(own)).order_by(PlanChangeRow.version.desc())
        last = (await self._scope.session.scalars(query.limit(1))).one_or_none()
        if last is None:
            return None
        before = undo_to(STORED_PLAN.validate_python(last.before), kept.plan, week)
        version = await self._save(person, role, kept, before)
        if before.weeks_off != kept.plan.weeks_off:
            await self._learners.set_pause(person, role, last.paused_until)
        what = last.what
        await self._scope.session.delete(last)
        await self._scope.session.flush()
        return SavedPlan(before, version), what

    async def _save(self, person: str, role: str, kept: SavedPlan, plan: Plan) -> int:
        """Write what is different; the new version."""
        learner = await self._learners.ensure(person, role)
        head = {
            "version": kept.version + 1,
            "title": plan.title,
            "pace": plan.hours_per_week,
            "by": plan.target_date,
            "off": sorted(day.isoformat() for day in plan.weeks_off),
            "flowed": plan.laid_out_week,
        }
        seen = (PlanRow.learner_id == learner.id, PlanRow.version == kept.version)
        result = await self._scope.session.execute(update(PlanRow).where(*seen).values(**head))
        if not getattr(result, "rowcount", 0):
            raise StalePlan
        learner.next_number = max(learner.next_number, plan.next_number)
        await self._save_steps(learner.id, kept.plan, plan)
        return kept.version + 1

    async def _save_steps(self, learner_id: int, before: Plan, after: Plan) -> None:
        old = {step.number: step for step in before.steps}
        new = {step.number: step for step in after.steps}
        gone = [number for number in old if number not in new]
        changed = [step for number, step in new.items() if old.get(number) != step]
        # What stops being active first, or two steps of one origin would be active for a moment.
        for step in sorted(changed, key=lambda step: step.active):
            values = _values(step)
            place = {"learner_id": learner_id, "number": step.number, "created_at": self._scope.now()}
            insert = self._scope.insert(StepRow).values(**place, **values)
            await self._scope.session.execute(
                insert.on_conflict_do_update(index_elements=["learner_id", "number"], set_=values)
            )
        if gone:
            await self._scope.session.execute(
                delete(StepRow).where(StepRow.learner_id == learner_id, StepRow.number.in_(gone))
            )


def _values(step: PlanStep) -> dict[str, object]:
    """A step as a row, without what names it."""
    return {
        "text": step.text,
        "hours": step.hours,
        "state": step.state,
        "since": step.status_since,
        "origin": step.origin,
        "reason": step.reason,
        "proof": step.done_when,
        "evidence": step.evidence,
        "blocker": step.blocker,
        "due": step.due,
        "start": step.start,
        "requires": list(step.requires),
        "credits": _pairs(step.logged),
        "shares": _pairs(step.allocations),
    }


def _pairs(shares: tuple[WeekAllocation, ...]) -> list[list[object]]:
    return [[share.week.isoformat(), share.hours] for share in shares]


async def read_plans(session: AsyncSession, whose: ColumnElement[bool]) -> dict[int, tuple[SavedPlan, LearnerProfile]]:
    """The plans of the learners for whom `whose` holds, by the learner's id."""
    heads = select(PlanRow, LearnerRow.next_number).join(LearnerRow, PlanRow.learner_id == LearnerRow.id).where(whose)
    found = (await session.execute(heads, execution_options=_FRESH)).all()
    steps: defaultdict[int, list[PlanStep]] = defaultdict(list)
    if found:
        query = select(StepRow).where(StepRow.learner_id.in_([head.learner_id for head, _ in found]))
        for row in await session.scalars(query.order_by(StepRow.number), execution_options=_FRESH):
            steps[row.learner_id].append(_step(row))
    return {head.learner_id: _read(head, number, tuple(steps[head.learner_id])) for head, number in found}


def _read(head: PlanRow, number: int, steps: tuple[PlanStep, ...]) -> tuple[SavedPlan, LearnerProfile]:
    off = frozenset(date.fromisoformat(day) for day in head.off)
    plan = Plan(head.title, head.pace, head.by, off, head.flowed, number, steps)
    return SavedPlan(plan, head.version), learner_record(head)


def _step(row: StepRow) -> PlanStep:
    return PlanStep(
        row.number,
        row.text,
        row.hours,
        StepState(row.state),
        row.origin,
        row.reason,
        row.proof,
        row.evidence,
        row.blocker,
        row.due,
        row.start,
        tuple(row.requires),
        _shares(row.credits),
        _shares(row.shares),
        row.since,
    )


def _shares(pairs: list[list[object]]) -> tuple[WeekAllocation, ...]:
    return tuple(WeekAllocation(date.fromisoformat(str(week)), int(str(hours))) for week, hours in pairs)
