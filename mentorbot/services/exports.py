"""Files of a learner's plan that remember what was exported before."""

from __future__ import annotations

from uuid import uuid4

from mentorbot.domain.plan_calendar import CalendarEvent, plan_events
from mentorbot.services.learners import LearnerSession


async def calendar_events(session: LearnerSession) -> tuple[CalendarEvent, ...]:
    """Make the events of the learner's calendar file, and remember them for the next one; empty if there's nothing to export."""
    if not session.plan.steps:
        return ()
    repository = session.repository.calendar_events
    known = await repository.locked()
    # Random, because step numbers start again for anyone who's been forgotten.
    events = plan_events(session.plan, session.pack.step_guides, known, lambda: f"{uuid4()}@mentorbot")
    saved = {(event.uid, event.sequence) for event in known}
    await repository.save(event for event in events if (event.uid, event.sequence) not in saved)
    return events
