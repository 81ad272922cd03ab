"""People to whom something is due, as they are at that moment: many are looked up at once, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mentorbot.domain.records import (
    CheckIn,
    Delivery,
    LearnerProfile,
    MessageSettings,
    Person,
    PlatformProfile,
    SavedPlan,
    Schedule,
)
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.domain.zones import is_known
from mentorbot.storage.checkins import read_checkins
from mentorbot.storage.deliveries import ScheduledDelivery, read_receipts
from mentorbot.storage.people import THEIR_OWN, person_record, profile_record, settings_record
from mentorbot.storage.plans import NO_PLAN, read_plans
from mentorbot.storage.schedules import NOTICE, PERSONAL, turn_of
from mentorbot.storage.tables import CheckInRow, DeliveryRow, LearnerRow, PersonRow, PersonSettingsRow, ScheduleRow

MAX_MERGED = 5
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
_PEOPLE = (
    select(ScheduleRow.id, PersonRow, PersonSettingsRow)
    .join(PersonRow, THEIR_OWN)
    .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(ScheduleRow.id.in_(_IDS))
)
# No state is asked for, here and below, but looked at in what comes: SQLite would take the index of the states instead, and go
# through what is due, or was sent, to everybody. It knows nothing of how many rows a state has.
_REPEATING = (
    select(_OWN.id, ScheduleRow.kind, ScheduleRow.id, ScheduleRow.state, ScheduleRow.next_run_at)
    .join(ScheduleRow, _SAME_PLACE)
    .where(_OWN.id.in_(_IDS))
)
_LATELY = (
    select(
        _OWN.id,
        DeliveryRow.id,
        DeliveryRow.state,
        DeliveryRow.not_before,
        DeliveryRow.begun_at,
        DeliveryRow.sent_at,
        DeliveryRow.merged_into,
        ScheduleRow.state,
    )
    .join(ScheduleRow, _SAME_PLACE)
    .join(DeliveryRow, DeliveryRow.schedule_id == ScheduleRow.id)
    .where(_OWN.id.in_(_IDS), DeliveryRow.occurrence_at >= bindparam("since"))
    .order_by(DeliveryRow.id)
)


@dataclass(frozen=True, slots=True)
class RecipientQuery:
    """Who is looked up: the person of `schedule`, to whom `delivery` is due `now`, and what else is due by `until` (UTC)."""

    delivery: Delivery
    schedule: Schedule
    now: datetime
    until: datetime


class LearningState(NamedTuple):
    """What a role's plan and weeks are like, of one who learns for it; of another one, as of somebody who has just begun."""

    plan: tuple[SavedPlan, LearnerProfile] = NO_PLAN
    checkins: Sequence[CheckIn] = ()


class Repeating(NamedTuple):
    """A schedule of theirs, and when it comes next (UTC)."""

    kind: str
    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to whom something is due. `others` are due for them now as well, and nobody has begun to send them.

    `planned` is due soon (UTC), and `ahead` what repeats and comes next then. `had` are the instants (UTC) of what they have
    had in the last days, or may be having just now.
    """

    person: Person
    settings: MessageSettings
    profile: PlatformProfile
    others: tuple[ScheduledDelivery, ...]
    had: tuple[datetime, ...]
    planned: tuple[datetime, ...]
    ahead: tuple[Repeating, ...]
    carrier: int | None
    """The id of the schedule that carries single messages to them; None when it is not there yet."""
    learning: Mapping[str, LearningState]
    """By role."""

    @property
    def zone(self) -> ZoneInfo | None:
        """Their zone: the one that they told us, else the platform's if it is known here; None when there is neither."""
        told = self.profile.zone
        return self.person.zone or (told if told is not None and is_known(told) else None)

    def number_since(self, since: datetime) -> int:
        """How many messages they have had since an instant. What travelled in the same message counts once."""
        return sum(at >= since for at in self.had)

    def coming(self, until: datetime, calendar: WorkCalendar) -> list[datetime]:
        """When more is due for them until an instant (UTC): what is planned, and only else what is not yet. What waits for
        company already is not waited past, or each would wait for the next one.
        """
        ahead = (one.at + turn_of(one.kind, one.id, calendar) for one in self.ahead)
        return [*self.planned] or [at for at in ahead if at <= until]


class _Message(NamedTuple):
    """What is read of each message; `schedule` is the state of its schedule."""

    id: int
    state: str
    not_before: datetime
    begun_at: datetime | None
    sent_at: datetime | None
    merged_into: int | None
    schedule: str


@dataclass(slots=True)
class _Found:
    """What the queries say of one person."""

    others: list[int] = field(default_factory=list)
    had: list[datetime] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)
    ahead: list[Repeating] = field(default_factory=list)
    carrier: int | None = None


async def read_recipients(session: AsyncSession, wanted: Sequence[RecipientQuery]) -> list[Recipient | None]:
    """Those that are asked for, in the same order; None for somebody whom we do not know any more."""
    people = await _people(session, {one.schedule.id for one in wanted})
    by_schedule: defaultdict[int, list[tuple[RecipientQuery, _Found]]] = defaultdict(list)
    answers = [(one, _Found()) for one in wanted]
    for one, found in answers:
        by_schedule[one.schedule.id].append((one, found))
    await _lately(session, by_schedule)
    await _ahead(session, by_schedule)
    others = await _receipts(session, [number for _, found in answers for number in found.others])
    learning = await _learning(session, [known[0].id for known in people.values()])
    return [_recipient(people.get(one.schedule.id), found, others, learning) for one, found in answers]


def _recipient(
    known: tuple[Person, MessageSettings, PlatformProfile] | None,
    found: _Found,
    receipts: Mapping[int, ScheduledDelivery],
    learning: Mapping[int, Mapping[str, LearningState]],
) -> Recipient | None:
    if known is None:
        return None
    others = tuple(receipts[number] for number in found.others[:MAX_MERGED] if number in receipts)
    had, planned, ahead = tuple(found.had), tuple(found.planned), tuple(found.ahead)
    return Recipient(*known, others, had, planned, ahead, found.carrier, learning.get(known[0].id, {}))


async def _receipts(session: AsyncSession, deliveries: Sequence[int]) -> Mapping[int, ScheduledDelivery]:
    """Deliveries and their schedules, by the delivery's id."""
    return {found[0].id: found for found in await read_receipts(session, deliveries)} if deliveries else {}


async def _learning(session: AsyncSession, people: Sequence[int]) -> Mapping[int, Mapping[str, LearningState]]:
    """What some people (ids) learn, by role."""
    found: defaultdict[int, dict[str, LearningState]] = defaultdict(dict)
    query = select(LearnerRow.id, LearnerRow.person_id, LearnerRow.role).where(LearnerRow.person_id.in_(people))
    learners = (await session.execute(query)).all()
    if learners:
        ids = [row[0] for row in learners]
        plans = await read_plans(session, LearnerRow.id.in_(ids))
        checkins = await read_checkins(session, CheckInRow.learner_id.in_(ids))
        for number, person, role in learners:
            found[person][role] = LearningState(plans.get(number, NO_PLAN), checkins.get(number, ()))
    return found


async def _people(
    session: AsyncSession, schedules: Iterable[int]
) -> dict[int, tuple[Person, MessageSettings, PlatformProfile]]:
    """Whose the schedules are, by the schedule's id."""
    found = await session.execute(_PEOPLE, {"ids": list(schedules)})
    return {number: (person_record(one), settings_record(row), profile_record(row)) for number, one, row in found}


_By = Mapping[int, list[tuple[RecipientQuery, _Found]]]


async def _lately(session: AsyncSession, by_schedule: _By) -> None:
    """What was due lately or will be: some of it goes along, or is waited for, or was had. Older things are missed by now."""
    first = min(one.now for asked in by_schedule.values() for one, _ in asked)
    for row in await session.execute(_LATELY, {"ids": list(by_schedule), "since": first - 2 * _WEEK}):
        for one, found in by_schedule[row[0]]:
            _sort(one, found, _Message._make(row[1:]))


def _sort(one: RecipientQuery, found: _Found, other: _Message) -> None:
    if other.id == one.delivery.id or other.merged_into is not None:
        return
    if other.sent_at is not None and other.sent_at >= one.now - _WEEK:
        found.had.append(other.sent_at)
    if other.state != "pending":
        return
    if other.begun_at is not None:
        found.had.append(one.now)  # it may have arrived
    elif one.now < other.not_before <= one.until:
        found.planned.append(other.not_before)
    elif other.not_before <= one.now and other.schedule == "active":
        found.others.append(other.id)


async def _ahead(session: AsyncSession, by_schedule: _By) -> None:
    """What repeats for them and comes soon, and what carries single messages."""
    for number, kind, schedule_id, state, at in await session.execute(_REPEATING, {"ids": list(by_schedule)}):
        for one, found in by_schedule[number]:
            if state != "active":
                continue
            if kind == NOTICE:
                found.carrier = schedule_id
            elif at is not None and one.now < at <= one.until:
                found.ahead.append(Repeating(kind, schedule_id, at))
