"""People to whom something is due, as they are at that moment: many are looked up at once, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVarTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mentorbot.days_off import Calendar
from mentorbot.storage.checkins import read_checkins
from mentorbot.storage.learning_tables import CheckInRow, LearnerRow, PersonSettingsRow
from mentorbot.storage.people import THEIR_OWN, person_record, profile_record, settings_record
from mentorbot.storage.plans import NO_PLAN, read_plans
from mentorbot.storage.receipts import Receipt, delivery_record
from mentorbot.storage.records import CheckIn, Delivery, KeptPlan, Learner, MessageSettings, Person, Profile, Schedule
from mentorbot.storage.schedules import NOTICE, PERSONAL, schedule_record, turn_of
from mentorbot.storage.tables import PENDING, DeliveryRow, PersonRow, ScheduleRow

TOGETHER = 5
"""So many other messages travel in one at most."""
_WEEK = timedelta(days=8)
"""A week on any clock: the budget's begins on a Monday of the person's own."""

# Statements that are run for every message are made once.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OWN = aliased(ScheduleRow)
_SAME_PLACE: ColumnElement[bool] = (
    (ScheduleRow.workspace_id == _OWN.workspace_id)
    & (ScheduleRow.channel_id == _OWN.channel_id)
    & ScheduleRow.kind.in_(PERSONAL)
)
Columns = TypeVarTuple("Columns")


def _theirs(query: Select[*Columns]) -> Select[*Columns]:
    """The messages of those whose schedules are named, but for those that travel in another one."""
    return (
        query.join(ScheduleRow, _SAME_PLACE)
        .join(DeliveryRow, DeliveryRow.schedule_id == ScheduleRow.id)
        .where(_OWN.id.in_(_IDS), DeliveryRow.merged_into.is_(None))
    )


_PEOPLE = (
    select(ScheduleRow.id, PersonRow, PersonSettingsRow)
    .join(PersonRow, THEIR_OWN)
    .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(ScheduleRow.id.in_(_IDS))
)
_WAITING = (
    _theirs(select(_OWN.id, DeliveryRow, ScheduleRow))
    .where(PENDING, (DeliveryRow.not_before <= bindparam("last")) | DeliveryRow.begun_at.is_not(None))
    .order_by(DeliveryRow.id)
)
_REPEATING = (
    select(_OWN.id, ScheduleRow.kind, ScheduleRow.id, ScheduleRow.next_run_at)
    .join(ScheduleRow, _SAME_PLACE)
    .where(_OWN.id.in_(_IDS), ScheduleRow.state == "active")
)
# Nothing is sent more than some days after it was due, and what was due is found by the index.
_HAD = _theirs(select(_OWN.id, DeliveryRow.id, DeliveryRow.sent_at)).where(
    DeliveryRow.state == "sent",
    DeliveryRow.sent_at >= bindparam("since"),
    DeliveryRow.occurrence_at >= bindparam("due_since"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """Who is looked up: the person of `schedule`, to whom `delivery` is due `now`, and what else is due by `until` (UTC)."""

    delivery: Delivery
    schedule: Schedule
    now: datetime
    until: datetime


class Learning(NamedTuple):
    """What a role's plan and weeks are like, of one who learns for it; of another one, as of somebody who has just begun."""

    plan: tuple[KeptPlan, Learner] = NO_PLAN
    checkins: Sequence[CheckIn] = ()


class Repeating(NamedTuple):
    """A schedule of theirs, and when it comes next (UTC)."""

    kind: str
    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to whom something is due. `others` are due for them now as well, and nobody has begun to send them.

    `planned` is due soon (UTC), and `ahead` what repeats and comes next then. `had` are the instants (UTC) of what they have
    had in the last days, or may be having just now; only of those with a budget.
    """

    person: Person
    settings: MessageSettings
    profile: Profile
    others: tuple[Receipt, ...]
    had: tuple[datetime, ...]
    planned: tuple[datetime, ...]
    ahead: tuple[Repeating, ...]
    carrier: int | None
    """The id of the schedule that carries single messages to them; None when it is not there yet."""
    learning: Mapping[str, Learning]
    """By role."""

    @property
    def zone(self) -> ZoneInfo | None:
        """Their zone: the one that they told us, else the platform's; None when neither is known here."""
        return self.person.zone or self.profile.zone

    def number_since(self, since: datetime) -> int:
        """How many messages they have had since an instant. What travelled in the same message counts once."""
        return sum(at >= since for at in self.had)

    def coming(self, until: datetime, calendar: Calendar) -> list[datetime]:
        """When more is due for them until an instant, planned or not (UTC)."""
        ahead = (one.at + turn_of(one.kind, one.id, calendar) for one in self.ahead)
        return [*self.planned, *(at for at in ahead if at <= until)]


@dataclass(slots=True)
class _Found:
    """What the queries say of one person."""

    others: list[Receipt] = field(default_factory=list)
    had: list[datetime] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)
    ahead: list[Repeating] = field(default_factory=list)
    carrier: int | None = None


async def look_up(session: AsyncSession, wanted: Sequence[Looked]) -> list[Addressee | None]:
    """Those that are asked for, in the same order; None for somebody whom we do not know any more."""
    people = await _people(session, {one.schedule.id for one in wanted})
    by_schedule: defaultdict[int, list[tuple[Looked, _Found]]] = defaultdict(list)
    answers = [(one, _Found()) for one in wanted]
    for one, found in answers:
        by_schedule[one.schedule.id].append((one, found))
    await _pending(session, by_schedule)
    await _ahead(session, by_schedule)
    counted = [number for number in by_schedule if number in people and people[number][1].budget is not None]
    await _sent(session, {number: by_schedule[number] for number in counted})
    learning = await _learning(session, [known[0].id for known in people.values()])
    return [_addressee(people.get(one.schedule.id), found, learning) for one, found in answers]


def _addressee(
    known: tuple[Person, MessageSettings, Profile] | None, found: _Found, learning: Mapping[int, Mapping[str, Learning]]
) -> Addressee | None:
    if known is None:
        return None
    others, had, planned = tuple(found.others[:TOGETHER]), tuple(found.had), tuple(found.planned)
    return Addressee(*known, others, had, planned, tuple(found.ahead), found.carrier, learning.get(known[0].id, {}))


async def _learning(session: AsyncSession, people: Sequence[int]) -> Mapping[int, Mapping[str, Learning]]:
    """What some people (ids) learn, by role."""
    found: defaultdict[int, dict[str, Learning]] = defaultdict(dict)
    query = select(LearnerRow.id, LearnerRow.person_id, LearnerRow.role).where(LearnerRow.person_id.in_(people))
    learners = (await session.execute(query)).all()
    if learners:
        ids = [row[0] for row in learners]
        plans = await read_plans(session, LearnerRow.id.in_(ids))
        checkins = await read_checkins(session, CheckInRow.learner_id.in_(ids))
        for number, person, role in learners:
            found[person][role] = Learning(plans.get(number, NO_PLAN), checkins.get(number, ()))
    return found


async def _people(
    session: AsyncSession, schedules: Iterable[int]
) -> dict[int, tuple[Person, MessageSettings, Profile]]:
    """Whose the schedules are, by the schedule's id."""
    found = await session.execute(_PEOPLE, {"ids": list(schedules)})
    return {number: (person_record(one), settings_record(row), profile_record(row)) for number, one, row in found}


_By = Mapping[int, list[tuple[Looked, _Found]]]


async def _pending(session: AsyncSession, by_schedule: _By) -> None:
    """What is due now goes along, what is due soon is waited for, and what is in doubt may have arrived."""
    last = max(one.until for asked in by_schedule.values() for one, _ in asked)
    for number, row, of in await session.execute(_WAITING, {"ids": list(by_schedule), "last": last}):
        for one, found in by_schedule[number]:
            schedule = schedule_record(of, one.schedule.workspace)
            _sort(one, found, delivery_record(row, schedule), schedule)


def _sort(one: Looked, found: _Found, other: Delivery, of: Schedule) -> None:
    if other.id == one.delivery.id:
        return
    if other.begun_at is not None:
        found.had.append(one.now)
    elif one.now < other.not_before <= one.until:
        found.planned.append(other.not_before)
    elif other.not_before <= one.now and of.state == "active":
        found.others.append((other, of))


async def _ahead(session: AsyncSession, by_schedule: _By) -> None:
    """What repeats for them and comes soon, and what carries single messages."""
    # Which of them is near is seen here: asked for it, SQLite would go by the time, through what is due for everybody.
    for number, kind, schedule_id, at in await session.execute(_REPEATING, {"ids": list(by_schedule)}):
        for one, found in by_schedule[number]:
            if kind == NOTICE:
                found.carrier = schedule_id
            elif at is not None and one.now < at <= one.until:
                found.ahead.append(Repeating(kind, schedule_id, at))


async def _sent(session: AsyncSession, by_schedule: _By) -> None:
    """What those have had who have a budget."""
    if not by_schedule:
        return
    first = min(one.now for asked in by_schedule.values() for one, _ in asked)
    values = {"ids": list(by_schedule), "since": first - _WEEK, "due_since": first - 2 * _WEEK}
    for number, delivery_id, at in await session.execute(_HAD, values):
        for one, of in by_schedule[number]:
            if at is not None and delivery_id != one.delivery.id:
                of.had.append(at)
