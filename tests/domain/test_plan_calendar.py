"""Calendar files: valid, and imported again they change, finish or remove the events of the file before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from icalendar import Calendar

from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_calendar import CalendarEvent, EventKind, EventStatus, plan_events, to_calendar
from mentorbot.domain.plan_layout import lay_out
from mentorbot.domain.step_guide import StepGuide
from tests.domain.plans import START, plans

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WEEK = monday(START)
DUE = date(2026, 12, 24)
GUIDES = {"milestone:a": StepGuide("Do it.", "begin.", ("A book",), "it's there.")}
PLAN = lay_out(
    Plan(
        hours_per_week=4,
        next_number=3,
        steps=(PlanStep(1, "Serve a model", 6, origin="milestone:a"), PlanStep(2, "=1+1", 5, due=DUE)),
    ),
    WEEK,
)


def uids() -> Callable[[], str]:
    """Give UIDs that count up."""
    numbers = count(1)
    return lambda: f"uid-{next(numbers)}"


def export(plan: Plan, known: tuple[CalendarEvent, ...] = ()) -> tuple[CalendarEvent, ...]:
    """Export again; what's remembered of `known` has no description."""
    return plan_events(plan, GUIDES, [replace(event, description="") for event in known], uids())


def settled(number: int, state: StepState) -> Plan:
    """PLAN with one step settled."""
    step = replace(PLAN.step(number), state=state, allocations=(), status_since=START + timedelta(days=9))
    return PLAN.with_step(step)


def by_kind(events: tuple[CalendarEvent, ...]) -> dict[tuple[int, EventKind], CalendarEvent]:
    return {(event.step, event.kind): event for event in events}


@given(plans())
def test_a_calendar_file_is_valid_and_reads_back(plan: Plan) -> None:
    events = export(plan)
    if not events:
        return
    calendar: Any = Calendar.from_ical(to_calendar(events, NOW))
    read = list(calendar.walk("VEVENT"))
    assert calendar["version"] == "2.0"
    assert len(read) == len(events) == len({str(event["uid"]) for event in read})
    for event, component in zip(events, read, strict=True):
        assert str(component["summary"]) == event.summary
        assert (component["dtstart"].dt, component["dtend"].dt) == (event.starts, event.ends)
        assert event.starts < event.ends
        assert component["dtstamp"].dt == NOW
        assert component["status"] == "CONFIRMED"


def test_a_step_has_an_event_over_its_weeks_and_one_on_its_due_day() -> None:
    weeks, other, due = export(PLAN)
    assert (weeks.summary, weeks.starts) == ("Serve a model", PLAN.step(1).allocations[0].week)
    assert weeks.description.splitlines() == [
        "What to do: Do it.",
        "First 30 minutes: begin.",
        "Recommended reading: A book",
        "Done when: it's there.",
        "6 h.",
    ]
    assert (other.kind, due.kind, due.summary) == (EventKind.WEEKS, EventKind.DUE, "Due: =1+1")
    assert (due.starts, due.ends) == (DUE, DUE + timedelta(days=1))


def test_exporting_again_changes_nothing() -> None:
    first = export(PLAN)
    assert export(PLAN, first) == first
    assert to_calendar(first, NOW) == to_calendar(first, NOW)


def test_a_moved_step_gets_a_higher_sequence_and_keeps_its_uid() -> None:
    first = export(PLAN)
    later = PLAN.with_step(replace(PLAN.step(2), due=DUE + timedelta(days=1)))
    changed = [event for event in export(later, first) if event not in first]
    assert [(event.uid, event.sequence, event.starts) for event in changed] == [
        (first[2].uid, 1, DUE + timedelta(days=1))
    ]


def test_a_dropped_step_is_cancelled_once_with_a_higher_sequence() -> None:
    first = export(PLAN)
    second = export(settled(2, StepState.DROPPED), first)
    assert [(event.uid, event.status, event.sequence) for event in second] == [
        (first[0].uid, EventStatus.CONFIRMED, 0),
        (first[1].uid, EventStatus.CANCELLED, 1),
        (first[2].uid, EventStatus.CANCELLED, 1),
    ]
    assert "STATUS:CANCELLED\r\n" in to_calendar(second, NOW)
    third = export(settled(2, StepState.DROPPED), second)
    assert [event.sequence for event in third] == [0, 1, 1]
    again = export(PLAN, third)
    assert [(event.uid, event.status, event.sequence) for event in again] == [
        (first[0].uid, EventStatus.CONFIRMED, 0),
        (first[1].uid, EventStatus.CONFIRMED, 2),
        (first[2].uid, EventStatus.CONFIRMED, 2),
    ]


def test_a_step_that_was_dropped_before_its_first_export_is_left_out() -> None:
    assert {event.step for event in export(settled(2, StepState.DROPPED))} == {1}


def test_a_step_that_is_gone_altogether_is_cancelled() -> None:
    first = export(PLAN)
    events = by_kind(export(replace(PLAN, steps=PLAN.steps[:1]), first))
    assert events[2, EventKind.WEEKS].status is events[2, EventKind.DUE].status is EventStatus.CANCELLED


def test_a_due_day_that_is_taken_off_is_cancelled() -> None:
    events = by_kind(export(PLAN.with_step(replace(PLAN.step(2), due=None)), export(PLAN)))
    assert events[2, EventKind.DUE].status is EventStatus.CANCELLED
    assert events[2, EventKind.WEEKS].status is EventStatus.CONFIRMED


def test_a_finished_step_stays_and_is_marked_done() -> None:
    first = export(PLAN)
    second = by_kind(export(settled(2, StepState.DONE), first))
    weeks, due = second[2, EventKind.WEEKS], second[2, EventKind.DUE]
    assert (weeks.uid, weeks.sequence, weeks.starts, weeks.ends) == (first[1].uid, 1, first[1].starts, first[1].ends)
    assert (weeks.summary, due.summary) == ("✓ =1+1", "✓ Due: =1+1")
    assert weeks.status is EventStatus.CONFIRMED
    assert "Done on 4 December 2026" in weeks.description


def test_a_step_finished_before_its_first_export_is_on_the_day_it_was_finished() -> None:
    finished = by_kind(export(settled(2, StepState.DONE)))
    day = START + timedelta(days=9)
    assert finished[2, EventKind.WEEKS].ends == day + timedelta(days=1)
    assert (2, EventKind.DUE) not in finished


@pytest.mark.parametrize("plan", [Plan(), replace(PLAN, steps=(settled(1, StepState.DROPPED).steps[0],))])
def test_a_plan_without_anything_to_do_or_done_has_no_events(plan: Plan) -> None:
    assert export(plan) == ()
