"""Recipients: the people messages are due for, with everything that matters at that moment. A few queries read many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.deliveries import Delivery, DeliveryState, MessageKind, ScheduleState
from mentorbot.domain.learner import CheckIn, LearnerProfile, SavedPlan
from mentorbot.domain.people import MessageSettings, Person, PlatformProfile
from mentorbot.domain.recurrence import jitter
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.domain.zones import is_known
from mentorbot.storage.checkins import read_checkins
from mentorbot.storage.deliveries import read_deliveries
from mentorbot.storage.people import person_record, profile_record, settings_record
from mentorbot.storage.plans import NO_PLAN, read_plans
from mentorbot.storage.tables import CheckInRow, DeliveryRow, LearnerRow, PersonRow, PersonSettingsRow, ScheduleRow

MAX_MERGED = 5
"""The most other deliveries merged into one message."""
_WEEK = timedelta(days=8)
"""A week in any zone, with a day to spare: a budget's week begins on Monday in the person's own zone."""

# Statements that run for every message are compiled once.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PEOPLE = (
    select(PersonRow, PersonSettingsRow)
    .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(PersonRow.id.in_(_IDS))
)
# Here and below, the state is checked in Python. With a condition on it, SQLite would use the index on states, because it doesn't
# know how many rows a state has, and scan everything that's due for or was sent to anyone.
_REPEATING = select(
    ScheduleRow.person_id, ScheduleRow.kind, ScheduleRow.id, ScheduleRow.state, ScheduleRow.next_run_at
).where(ScheduleRow.person_id.in_(_IDS))
_RECENT = (
    select(
        DeliveryRow.person_id,
        DeliveryRow.id,
        DeliveryRow.state,
        DeliveryRow.not_before,
        DeliveryRow.begun_at,
        DeliveryRow.sent_at,
        DeliveryRow.parent_id,
        ScheduleRow.state,
    )
    .outerjoin(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
    .where(DeliveryRow.person_id.in_(_IDS), DeliveryRow.occurrence_at >= bindparam("since"))
    .order_by(DeliveryRow.id)
)


@dataclass(frozen=True, slots=True)
class RecipientQuery:
    """A query for the person `delivery` is due for at `now`, and for everything else due for them by `until` (UTC)."""

    delivery: Delivery
    now: datetime
    until: datetime


class LearningState(NamedTuple):
    """A person's plan and check-ins for a role; by default, those of someone who's just beginning."""

    plan: tuple[SavedPlan, LearnerProfile] = NO_PLAN
    checkins: Sequence[CheckIn] = ()


class UpcomingRun(NamedTuple):
    """The next run (UTC) of one of a person's schedules."""

    kind: MessageKind
    id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person a message is due for. `workspace_id` is the database's.

    `others` are deliveries also due for them now that nobody has begun to send. `planned` are instants (UTC) when more is due
    soon, and `upcoming` are schedules that run soon. `sent` are the instants (UTC) of the messages they've had in the last days,
    or may be getting right now. `learning` is by role.
    """

    person: Person
    workspace_id: int
    settings: MessageSettings
    profile: PlatformProfile
    others: tuple[Delivery, ...] = ()
    sent: tuple[datetime, ...] = ()
    planned: tuple[datetime, ...] = ()
    upcoming: tuple[UpcomingRun, ...] = ()
    learning: Mapping[str, LearningState] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo | None:
        """Their zone: the one they told us, or else the platform's if this machine knows it; None if there's neither."""
        platform_zone = self.profile.zone
        usable = platform_zone if platform_zone is not None and is_known(platform_zone) else None
        return self.person.zone or usable

    def count_since(self, since: datetime) -> int:
        """Count the messages they've had since an instant. Deliveries merged into one message count once."""
        return sum(at >= since for at in self.sent)

    def others_due(self, until: datetime, calendar: WorkCalendar) -> list[datetime]:
        """List the instants (UTC) when more is due for them by `until`: planned deliveries, or else runs not planned yet.

        If something is planned, runs are ignored. Otherwise each message would keep waiting for the next one.
        """
        minutes = calendar.spread_minutes
        upcoming = (
            run.at + (jitter(run.id, minutes) if run.kind is MessageKind.CHECKIN else timedelta(0))
            for run in self.upcoming
        )
        return [*self.planned] or [at for at in upcoming if at <= until]


class _Message(NamedTuple):
    """The columns read of each message; `schedule_state` is None for a one-off."""

    id: int
    state: str
    not_before: datetime
    begun_at: datetime | None
    sent_at: datetime | None
    parent_delivery: int | None
    schedule_state: str | None


@dataclass(slots=True)
class _Collected:
    """Results of the queries for one person."""

    others: list[int] = field(default_factory=list)
    sent: list[datetime] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)
    upcoming: list[UpcomingRun] = field(default_factory=list)


_ByPerson = Mapping[int, list[tuple[RecipientQuery, _Collected]]]


async def read_recipients(session: AsyncSession, queries: Sequence[RecipientQuery]) -> list[Recipient | None]:
    """Read a recipient for each query, in the same order; None for a person who's been erased."""
    results = [(query, _Collected()) for query in queries]
    by_person: defaultdict[int, list[tuple[RecipientQuery, _Collected]]] = defaultdict(list)
    for query, collected in results:
        by_person[query.delivery.destination.person_id or 0].append((query, collected))
    people = await _people(session, by_person)
    await _collect_recent(session, by_person)
    await _collect_upcoming(session, by_person)
    others = await _others(session, [number for _, collected in results for number in collected.others[:MAX_MERGED]])
    learning = await _learning(session, list(people))
    return [
        _recipient(people.get(query.delivery.destination.person_id or 0), collected, others, learning)
        for query, collected in results
    ]


def _recipient(
    row: tuple[PersonRow, PersonSettingsRow | None] | None,
    collected: _Collected,
    others: Mapping[int, Delivery],
    learning: Mapping[int, Mapping[str, LearningState]],
) -> Recipient | None:
    if row is None:
        return None
    person, settings = row
    return Recipient(
        person=person_record(person),
        workspace_id=person.workspace_id,
        settings=settings_record(settings),
        profile=profile_record(settings),
        others=tuple(others[number] for number in collected.others[:MAX_MERGED] if number in others),
        sent=tuple(collected.sent),
        planned=tuple(collected.planned),
        upcoming=tuple(collected.upcoming),
        learning=learning.get(person.id, {}),
    )


async def _people(session: AsyncSession, ids: Iterable[int]) -> dict[int, tuple[PersonRow, PersonSettingsRow | None]]:
    rows = await session.execute(_PEOPLE, {"ids": list(ids)})
    return {person.id: (person, settings) for person, settings in rows}


async def _others(session: AsyncSession, deliveries: Sequence[int]) -> Mapping[int, Delivery]:
    if not deliveries:
        return {}
    return {delivery.id: delivery for delivery in await read_deliveries(session, deliveries)}


async def _learning(session: AsyncSession, people: Sequence[int]) -> Mapping[int, Mapping[str, LearningState]]:
    """Read some people's plans and check-ins, by person id and role."""
    by_person: defaultdict[int, dict[str, LearningState]] = defaultdict(dict)
    query = select(LearnerRow.id, LearnerRow.person_id, LearnerRow.role).where(LearnerRow.person_id.in_(people))
    learners = (await session.execute(query)).all()
    if learners:
        ids = [row[0] for row in learners]
        plans = await read_plans(session, LearnerRow.id.in_(ids))
        checkins = await read_checkins(session, CheckInRow.learner_id.in_(ids))
        for number, person_id, role in learners:
            by_person[person_id][role] = LearningState(plans.get(number, NO_PLAN), checkins.get(number, ()))
    return by_person


async def _collect_recent(session: AsyncSession, by_person: _ByPerson) -> None:
    """Sort recent and coming deliveries into those to merge, to wait for, or already sent. Older ones are missed by now."""
    first = min(query.now for results in by_person.values() for query, _ in results)
    for row in await session.execute(_RECENT, {"ids": list(by_person), "since": first - 2 * _WEEK}):
        for query, collected in by_person[row[0] or 0]:
            _sort(query, collected, _Message._make(row[1:]))


def _sort(query: RecipientQuery, collected: _Collected, message: _Message) -> None:
    if message.id == query.delivery.id or message.parent_delivery is not None:
        return
    if message.sent_at is not None and message.sent_at >= query.now - _WEEK:
        collected.sent.append(message.sent_at)
    if message.state != DeliveryState.PENDING:
        return
    if message.begun_at is not None:
        collected.sent.append(query.now)  # it may have arrived
    elif query.now < message.not_before <= query.until:
        collected.planned.append(message.not_before)
    elif message.not_before <= query.now and message.schedule_state in (None, ScheduleState.ACTIVE):
        collected.others.append(message.id)


async def _collect_upcoming(session: AsyncSession, by_person: _ByPerson) -> None:
    for person_id, kind, schedule_id, state, at in await session.execute(_REPEATING, {"ids": list(by_person)}):
        for query, collected in by_person[person_id or 0]:
            if state == ScheduleState.ACTIVE and at is not None and query.now < at <= query.until:
                collected.upcoming.append(UpcomingRun(MessageKind(kind), schedule_id, at))
