"""A learner's plan: read and saved as a whole, with each change on record so it can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.learner import LearnerProfile, PlanChange, SavedPlan
from mentorbot.domain.plan import ACTIVE_STATES, STORED_PLAN, Plan, PlanStep, StepState, WeekAllocation
from mentorbot.domain.visibility import Visibility
from mentorbot.storage.learner_scope import THIS_LEARNER, LearnerScope
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import Upsert, upsert
from mentorbot.storage.tables import Base, LearnerRow, PersonRow, PlanChangeRow, PlanRow, StepRow

MAX_UNDO_STEPS = 50
"""The number of changes of one plan that can be undone."""
MAX_UNDO_CHARS = 2_000_000
"""Characters of all changes of one plan that can be undone. A plan of a hundred steps takes about 50,000."""
NO_PLAN = (SavedPlan(Plan(), 0), LearnerProfile())
"""The plan and profile of someone who's just beginning."""
_REREAD = {"populate_existing": True}


class StalePlan(Exception):
    """The plan has changed since it was read. Roll this transaction back and try again."""


class Plans:
    """Repository of one learner's plan: it's read and saved as a whole, with each change on record."""

    def __init__(self, learner: LearnerScope) -> None:
        self._learner, self._scope = learner, learner.scope
        self._prefetched: tuple[SavedPlan, LearnerProfile] | None = None

    async def get(self) -> SavedPlan:
        """Read the plan; an empty one with version 0 if there's none."""
        return (await self.read())[0]

    async def read(self) -> tuple[SavedPlan, LearnerProfile]:
        """Read the plan and the learner's profile."""
        if self._prefetched is not None:
            prefetched, self._prefetched = self._prefetched, None
            return prefetched
        heads = await self._scope.rows(_HEAD, user_id=self._learner.user_id, role=self._learner.role)
        if not heads:
            return NO_PLAN
        steps = await self._scope.rows(_STEPS, learner_id=heads[0].learner_id)
        return _plan_records(heads[0], heads[0].next_number, tuple(steps))

    async def profile(self) -> LearnerProfile:
        """Read the learner's profile alone."""
        if self._prefetched is not None:
            return self._prefetched[1]
        heads = await self._scope.rows(_HEAD, user_id=self._learner.user_id, role=self._learner.role)
        return _profile(heads[0]) if heads else NO_PLAN[1]

    async def of_week(self, week: date) -> tuple[SavedPlan, LearnerProfile] | None:
        """Read as much of the plan as a card about `week` (the present one's Monday) needs, and the learner's profile.

        That's `Plan.steps_around` the week, as noted when the plan was saved. The plan is for reading only: whoever saved it
        would lose the other steps. None if it takes the whole plan: there are no steps in the week or too many, or the plan
        isn't laid out for it yet.
        """
        heads = await self._scope.rows(_HEAD, user_id=self._learner.user_id, role=self._learner.role)
        if not heads or heads[0].flowed != week or not (numbers := _noted_steps(heads[0])):
            return None
        head = heads[0]
        padded = numbers + numbers[:1] * (_MAX_OF_WEEK - len(numbers))
        steps = await self._scope.rows(
            _SOME_STEPS, learner_id=head.learner_id, **dict(zip(_NUMBERS, padded, strict=True))
        )
        return _plan_records(head, head.next_number, tuple(steps))

    async def has_active_steps(self) -> bool:
        """Tell whether the plan has any step with work left to do."""
        return bool(await self._scope.rows(_FIRST_ACTIVE_STEP, user_id=self._learner.user_id, role=self._learner.role))

    def prefetch(self, plan: tuple[SavedPlan, LearnerProfile]) -> None:
        """Provide the result of the next read, so it needs no query."""
        self._prefetched = plan

    async def save(self, saved: SavedPlan, plan: Plan, change: str) -> SavedPlan:
        """Save `plan` in place of `saved`. `change` describes the change in a few words, for anyone who undoes it.

        If the change comes with a pause, set the pause afterwards, so the previous one is on record.

        Raises:
            StalePlan: another plan has been saved since `saved` was read.
        """
        learner = await self._learner.ensure()
        paused_until = await self._write(learner, saved, plan)
        version = saved.version + 1
        await self._record(learner, version, saved.plan, change, paused_until)
        await self._forget_undone_and_old_changes(learner, version)
        return SavedPlan(plan, version)

    async def add_levels(self, version: int, levels: Mapping[str, int]) -> None:
        """Record that the change that led to `version` came with these levels, by skill."""
        change = (PlanChangeRow.learner_id.in_(self._learner.id()), PlanChangeRow.version == version)
        await self._scope.session.execute(update(PlanChangeRow).where(*change).values(levels=dict(levels)))

    async def _record(
        self,
        learner: LearnerRow,
        version: int,
        before: Plan,
        change: str,
        paused_until: date | None,
        levels: Mapping[str, int] | None = None,
    ) -> None:
        values = {
            "learner_id": learner.id,
            "version": version,
            "what": change[:300],
            "before": STORED_PLAN.dump_python(before, mode="json", by_alias=True),
            "created_at": self._scope.now(),
            "paused_until": paused_until,
            "levels": dict(levels) if levels else None,
        }
        await self._scope.session.execute(_RECORD, values)

    async def _forget_undone(self, learner: LearnerRow) -> None:
        undone = (PlanChangeRow.learner_id == learner.id, PlanChangeRow.version < 0)
        await self._scope.session.execute(delete(PlanChangeRow).where(*undone))

    async def _forget_undone_and_old_changes(self, learner: LearnerRow, version: int) -> None:
        """Delete what was undone, and the oldest changes beyond `MAX_UNDO_STEPS` or `MAX_UNDO_CHARS`.

        The newest stays whatever its length.
        """
        # Undone changes have negative versions.
        oldest, total = max(0, version - MAX_UNDO_STEPS + 1), 0
        for number, length in (await self._scope.session.execute(_CHANGE_SIZES, {"learner": learner.id})).all():
            total += length
            if total > MAX_UNDO_CHARS and number < version:
                oldest = max(oldest, number + 1)
                break
        await self._scope.session.execute(_FORGET_BEFORE, {"learner": learner.id, "oldest": oldest})

    async def last_change(self) -> PlanChange | None:
        """Read the newest change on record; None if there's none."""
        query = select(PlanChangeRow).where(PlanChangeRow.version > 0).order_by(PlanChangeRow.version.desc())
        return await self._change(query)

    async def undone_change(self, version: int) -> PlanChange | None:
        """Read the change whose undoing made `version` of the plan; None if the last thing that happened was something else.

        Its `before` is the plan from before the undoing.
        """
        return await self._change(select(PlanChangeRow).where(PlanChangeRow.version == -version))

    async def _change(self, query: Select[PlanChangeRow]) -> PlanChange | None:
        own = query.where(PlanChangeRow.learner_id.in_(self._learner.id()))
        row = (await self._scope.session.scalars(own.limit(1))).one_or_none()
        if row is None:
            return None
        before = STORED_PLAN.validate_python(row.before)
        return PlanChange(row.version, row.what, before, row.paused_until, row.levels or {})

    async def take_back(self, change: PlanChange, saved: SavedPlan, plan: Plan) -> SavedPlan:
        """Save `plan` in place of `saved`, and take `change` off the record of what can be undone; it can be redone.

        Raises:
            StalePlan: another plan has been saved since `saved` was read.
        """
        learner = await self._learner.ensure()
        paused_until = await self._write(learner, saved, plan)
        version = saved.version + 1
        undone = (PlanChangeRow.learner_id == learner.id, PlanChangeRow.version == change.version)
        await self._scope.session.execute(delete(PlanChangeRow).where(*undone))
        await self._forget_undone(learner)
        # Versions count up from 1, so a negative one marks a change that can be redone from the version it names.
        await self._record(learner, -version, saved.plan, change.description, paused_until, change.levels)
        return SavedPlan(plan, version)

    async def _write(self, learner: LearnerRow, saved: SavedPlan, plan: Plan) -> date | None:
        """Write the differences, with the next version. Returns the first day the learner is back from a pause."""
        head = {
            "version": saved.version + 1,
            "title": plan.title,
            "pace": plan.hours_per_week,
            "by": plan.target_date,
            "off": _stored_time_off(plan),
            "week_hours": [(special.week.isoformat(), special.hours) for special in plan.week_hours],
            "flowed": plan.laid_out_week,
            "week_steps": {"version": saved.version + 1, "numbers": _numbers_of_week(plan)},
        }
        same = {"learner": learner.id, "saved_version": saved.version}
        written = (await self._scope.session.execute(_WRITE, {**head, **same})).one_or_none()
        if written is None:
            raise StalePlan
        learner.next_number = max(learner.next_number, plan.next_number)
        await self._save_steps(learner.id, saved.plan, plan)
        paused_until: date | None = written[0]
        return paused_until

    async def _save_steps(self, learner_id: int, before: Plan, after: Plan) -> None:
        old = {step.number: step for step in before.steps}
        new = {step.number: step for step in after.steps}
        removed = [number for number in old if number not in new]
        changed = [step for number, step in new.items() if old.get(number) != step]
        # Steps that go or stop being active come first, or two steps with one origin would be active for a moment.
        if removed:
            await self._scope.session.execute(
                delete(StepRow).where(StepRow.learner_id == learner_id, StepRow.number.in_(removed))
            )
        rows = [
            {"learner_id": learner_id, "number": step.number, "created_at": self._scope.now(), **_row_values(step)}
            for step in sorted(changed, key=lambda step: step.active)
        ]
        if rows:
            # One statement for all: a change of the hours per week moves every step.
            await self._scope.session.execute(_step_upsert(self._scope.dialect), rows)


_HEAD_COLUMNS = (
    PlanRow.learner_id,
    PlanRow.version,
    PlanRow.title,
    PlanRow.current_title,
    PlanRow.pace,
    PlanRow.by,
    PlanRow.off,
    PlanRow.week_hours,
    PlanRow.flowed,
    PlanRow.paused_until,
    PlanRow.recall,
    PlanRow.visibility.label("visibility"),
    PlanRow.week_steps,
    LearnerRow.next_number,
)
_HEAD = Query(
    select(*_HEAD_COLUMNS)
    .join(LearnerRow, PlanRow.learner_id == LearnerRow.id)
    .join(PersonRow, LearnerRow.person_id == PersonRow.id)
    .where(*THIS_LEARNER)
)
# A statement that runs for each change is made once, and uses the tables directly, to skip the ORM's work for objects in memory.
_PLANS, _CHANGES = (Base.metadata.tables[row.__tablename__] for row in (PlanRow, PlanChangeRow))
_HEAD_VALUES = ("version", "title", "pace", "by", "off", "week_hours", "flowed", "week_steps")
_WRITE = (
    update(_PLANS)
    .where(_PLANS.c.learner_id == bindparam("learner"), _PLANS.c.version == bindparam("saved_version"))
    .values({name: bindparam(name) for name in _HEAD_VALUES})
    .returning(_PLANS.c.paused_until)
)
_RECORD = insert(_CHANGES)
_CHANGE_SIZES = (
    select(_CHANGES.c.version, func.length(cast(_CHANGES.c.before, Text)))
    .where(_CHANGES.c.learner_id == bindparam("learner"), _CHANGES.c.version > 0)
    .order_by(_CHANGES.c.version.desc())
)
_FORGET_BEFORE = delete(_CHANGES).where(
    _CHANGES.c.learner_id == bindparam("learner"), _CHANGES.c.version < bindparam("oldest")
)
_IS_ACTIVE = tuple(StepRow.state != state.value for state in StepState if state not in ACTIVE_STATES)
_FIRST_ACTIVE_STEP = Query(
    select(StepRow.id)
    .join(LearnerRow, StepRow.learner_id == LearnerRow.id)
    .join(PersonRow, LearnerRow.person_id == PersonRow.id)
    .where(*THIS_LEARNER, *_IS_ACTIVE)
    .limit(1)
)


@cache
def _step_upsert(dialect: str) -> Upsert:
    """Make the INSERT of steps, in place of those with the same numbers. Making it takes as long as a third of a small change."""
    steps = upsert(dialect, Base.metadata.tables[StepRow.__tablename__])
    saved = {column: steps.excluded[column] for name, column in _FIELDS if name != "number"}
    return steps.on_conflict_do_update(index_elements=["learner_id", "number"], set_=saved)


_COLUMNS = {"done_when": "proof", "logged": "credits", "allocations": "shares", "status_since": "since"}
"""Columns whose names differ from the step's fields."""
_FIELDS = tuple((field.name, _COLUMNS.get(field.name, field.name)) for field in fields(PlanStep))
_STEP = tuple(getattr(StepRow, column) for _, column in _FIELDS)
"""The columns of a step, in the order of its fields."""


def _step_record(values: list[Any]) -> PlanStep:
    """Turn the values of `_STEP` into a step. A plan has dozens, so this is most of the work of reading one."""
    values[_STATE] = _STATES[values[_STATE]]
    values[_REQUIRES] = tuple(values[_REQUIRES])
    values[_LOGGED] = tuple([_allocation(week, hours) for week, hours in values[_LOGGED]])
    values[_ALLOCATIONS] = tuple([_allocation(week, hours) for week, hours in values[_ALLOCATIONS]])
    return PlanStep(*values)


_STATE, _REQUIRES, _LOGGED, _ALLOCATIONS = (
    [name for name, _ in _FIELDS].index(name) for name in ("state", "requires", "logged", "allocations")
)
_STATES = {state.value: state for state in StepState}


@lru_cache(maxsize=20_000)
def _allocation(week: str, hours: int) -> WeekAllocation:
    """Make the hours of a week. They're the same few for everyone, and can't change, so each is made once."""
    return WeekAllocation(date.fromisoformat(week), int(hours))


_STEPS = Query(
    select(*_STEP).where(StepRow.learner_id == bindparam("learner_id")).order_by(StepRow.number), _step_record
)
"""The steps of a learner whose id comes from `_HEAD`, so from this workspace."""
_MAX_OF_WEEK = 8
"""Steps that a week's card is made of. If there are more, reading the whole plan takes no longer."""
_NUMBERS = tuple(f"number_{index}" for index in range(_MAX_OF_WEEK))
_SOME_STEPS = Query(
    select(*_STEP)
    .where(StepRow.learner_id == bindparam("learner_id"), StepRow.number.in_([bindparam(name) for name in _NUMBERS]))
    .order_by(StepRow.number),
    _step_record,
)


def _numbers_of_week(plan: Plan) -> list[int]:
    """List the numbers of the steps to note for a card about the week that the plan is laid out for; empty if it takes all."""
    steps = plan.steps_around(plan.laid_out_week) if plan.laid_out_week else ()
    return [step.number for step in steps] if len(steps) <= _MAX_OF_WEEK else []


def _noted_steps(head: Any) -> list[int]:
    """List the numbers noted with this version of a plan; empty if there are none, e.g. from a release before they were noted."""
    noted = head.week_steps or {}
    return noted["numbers"] if noted.get("version") == head.version else []


def _row_values(step: PlanStep) -> dict[str, object]:
    """Turn a step into a row's values, without its number."""
    return {column: _to_column(getattr(step, name)) for name, column in _FIELDS if name != "number"}


def _to_column(value: object) -> object:
    if isinstance(value, tuple):
        return [_to_column(entry) for entry in value]
    if isinstance(value, WeekAllocation):
        return [value.week.isoformat(), value.hours]
    return str(value) if isinstance(value, StrEnum) else value


async def read_plans(
    session: AsyncSession, condition: ColumnElement[bool]
) -> dict[int, tuple[SavedPlan, LearnerProfile]]:
    """Read the plans of learners that meet a condition, by learner id."""
    heads = select(PlanRow, LearnerRow.next_number).join(LearnerRow, PlanRow.learner_id == LearnerRow.id)
    rows = (await session.execute(heads.where(condition), execution_options=_REREAD)).all()
    steps: defaultdict[int, list[PlanStep]] = defaultdict(list)
    if rows:
        query = select(StepRow.learner_id, *_STEP).where(StepRow.learner_id.in_([head.learner_id for head, _ in rows]))
        for learner_id, *columns in await session.execute(query.order_by(StepRow.number)):
            steps[learner_id].append(_step_record(columns))
    return {head.learner_id: _plan_records(head, number, tuple(steps[head.learner_id])) for head, number in rows}


_INTERVAL = "/P1D"
"""Marks a single day off, as an ISO 8601 interval, among the weeks off (Mondays)."""


def _stored_time_off(plan: Plan) -> list[str]:
    return sorted([*(day.isoformat() for day in plan.weeks_off), *(f"{day}{_INTERVAL}" for day in plan.days_off)])


def _plan_records(head: Any, next_number: int, steps: tuple[PlanStep, ...]) -> tuple[SavedPlan, LearnerProfile]:
    plan = Plan(
        title=head.title,
        hours_per_week=head.pace,
        target_date=head.by,
        weeks_off=frozenset(date.fromisoformat(week) for week in head.off if _INTERVAL not in week),
        days_off=frozenset(date.fromisoformat(day.removesuffix(_INTERVAL)) for day in head.off if _INTERVAL in day),
        week_hours=tuple(WeekAllocation(date.fromisoformat(week), hours) for week, hours in head.week_hours or ()),
        laid_out_week=head.flowed,
        next_number=next_number,
        steps=steps,
    )
    return SavedPlan(plan, head.version), _profile(head)


def _profile(head: Any) -> LearnerProfile:
    return LearnerProfile(
        title=head.title,
        current_title=head.current_title,
        paused_until=head.paused_until,
        recall=head.recall,
        visibility=Visibility(head.visibility),
    )
