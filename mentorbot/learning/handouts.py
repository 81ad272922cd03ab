"""A plan for other programs to show: CSV for a spreadsheet, and calendar entries. Pure."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from mentorbot.learning.exchange import Owner
from mentorbot.learning.plan import WEEK, Plan, Step


def to_csv(plan: Plan) -> str:
    """One line for each step, for a spreadsheet. What a spreadsheet would run as a formula is made plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("number", "step", "state", "hours", "worked", "from", "to", "due", "proves it", "evidence", "blocked by")
    )
    for step in plan.steps:
        first = step.shares[0].week.isoformat() if step.shares else ""
        last = (step.shares[-1].week + timedelta(days=6)).isoformat() if step.shares else ""
        due = step.due.isoformat() if step.due else ""
        words = (
            step.text,
            step.state,
            step.hours,
            step.spent,
            first,
            last,
            due,
            step.proof,
            step.evidence,
            step.blocker,
        )
        writer.writerow((step.number, *(_plain(word) for word in words)))
    return out.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def to_calendar(plan: Plan, owner: Owner, now: datetime) -> str:
    """The weeks of each step that is not settled as an entry over whole days (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//mentorbot//learning plan//EN")
    calendar.add("version", "2.0")
    for step in plan.active:
        if step.shares:
            calendar.add_component(_event(step, owner, now))
    return str(calendar.to_ical().decode())


def _event(step: Step, owner: Owner, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{owner.mark}-{step.number}@mentorbot")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", step.shares[0].week)
    event.add("dtend", step.shares[-1].week + WEEK)
    event.add("summary", step.text)
    told = (step.reason, f"{step.hours} hours", f"Proves it: {step.proof}" if step.proof else "")
    event.add("description", "\n".join(part for part in told if part))
    event.add("transp", "TRANSPARENT")
    return event
