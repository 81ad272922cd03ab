"""A plan as a calendar file (RFC 5545) that can be imported again and again. Pure.

A calendar recognises an event by its UID and takes over a copy with a higher SEQUENCE, so both are remembered between exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from mentorbot.chat.dates import long_day
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState
from mentorbot.domain.step_guide import Guides, guide_of, instructions

if TYPE_CHECKING:
    from icalendar import Event


class EventKind(StrEnum):
    """The two events a step can have: the weeks it's planned for, and its due day. The values are stored."""

    WEEKS = "weeks"
    DUE = "due"


class EventStatus(StrEnum):
    """The status of an event, in RFC 5545's words. The values are stored."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An all-day event as last exported. `ends` is exclusive.

    `digest` changes with anything people see. `description` isn't stored, so it's empty in a remembered event.
    """

    step: int
    kind: EventKind
    uid: str
    starts: date
    ends: date
    summary: str
    status: EventStatus = EventStatus.CONFIRMED
    sequence: int = 0
    digest: str = ""
    description: str = ""


_DAY = timedelta(days=1)
_Known = Mapping[tuple[int, EventKind], CalendarEvent]


def plan_events(
    plan: Plan, guides: Guides, known: Sequence[CalendarEvent], new_uid: Callable[[], str]
) -> tuple[CalendarEvent, ...]:
    """Make the events of a plan, given those exported before.

    What has changed since gets a higher sequence. What's no longer planned is cancelled, so calendars remove it. A finished step
    keeps its events and is marked done.
    """
    by_key = {(event.step, event.kind): event for event in known}
    drafts = [draft for step in plan.steps for draft in _drafts(step, guides, by_key)]
    kept = {(draft.step, draft.kind) for draft in drafts}
    drafts += [replace(event, status=EventStatus.CANCELLED) for key, event in by_key.items() if key not in kept]
    events = (_revised(draft, by_key.get((draft.step, draft.kind)), new_uid) for draft in drafts)
    return tuple(sorted(events, key=lambda event: (event.step, event.kind != EventKind.WEEKS)))


def _drafts(step: PlanStep, guides: Guides, known: _Known) -> Iterator[CalendarEvent]:
    if step.state is StepState.DROPPED:
        return
    mark, description = "✓ " if step.state is StepState.DONE else "", _description(step, guides)
    for kind, dates in (
        (EventKind.WEEKS, _weeks(step, known.get((step.number, EventKind.WEEKS)))),
        (EventKind.DUE, _due_day(step, known.get((step.number, EventKind.DUE)))),
    ):
        if dates:
            label = "Due: " if kind is EventKind.DUE else ""
            yield CalendarEvent(step.number, kind, "", *dates, f"{mark}{label}{step.text}", description=description)


def _weeks(step: PlanStep, before: CalendarEvent | None) -> tuple[date, date] | None:
    if step.active and step.allocations:
        return step.allocations[0].week, step.allocations[-1].week + WEEK
    if before:
        return before.starts, before.ends
    if step.state is StepState.DONE and step.status_since:
        return min([*(logged.week for logged in step.logged), step.status_since]), step.status_since + _DAY
    return None


def _due_day(step: PlanStep, before: CalendarEvent | None) -> tuple[date, date] | None:
    if step.due and (step.active or before):
        return step.due, step.due + _DAY
    return None


def _description(step: PlanStep, guides: Guides) -> str:
    lines = [f"{label}: {text}" for label, text in instructions(step.done_when, guide_of(step, guides))]
    lines += [f"{step.hours} h. {step.reason}".strip()]
    lines += (
        [f"Done on {long_day(step.status_since, year=True)}"]
        if step.state is StepState.DONE and step.status_since
        else []
    )
    return "\n".join(lines)


def _revised(draft: CalendarEvent, before: CalendarEvent | None, new_uid: Callable[[], str]) -> CalendarEvent:
    digest = _digest(draft)
    if before is None:
        return replace(draft, uid=new_uid(), digest=digest)
    return replace(draft, uid=before.uid, digest=digest, sequence=before.sequence + (digest != before.digest))


def _digest(event: CalendarEvent) -> str:
    # A cancelled event has lost its description, so it would seem to change again with each export.
    if event.status is EventStatus.CANCELLED:
        return event.status.value
    seen = (event.starts, event.ends, event.summary, event.description)
    return sha256("\0".join(map(str, seen)).encode()).hexdigest()[:16]


def to_calendar(events: Iterable[CalendarEvent], now: datetime) -> str:
    """Write events as an iCalendar file. `now` is aware. At least one event is needed: RFC 5545 allows no empty calendar."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//mentorbot//learning plan//EN")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(_component(event, now))
    return str(calendar.to_ical().decode())


def _component(event: CalendarEvent, now: datetime) -> Event:
    from icalendar import Event

    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", now.astimezone(UTC))
    component.add("dtstart", event.starts)
    component.add("dtend", event.ends)
    component.add("summary", event.summary)
    if event.description:
        component.add("description", event.description)
    component.add("status", event.status.value)
    # People can still be booked for meetings in the weeks of a step.
    component.add("transp", "TRANSPARENT")
    return component
