"""Weekly check-ins: recording one, and skipping, snoozing or pausing without breaking the streak."""

from __future__ import annotations

from datetime import date

from mentorbot.domain import plan_edits
from mentorbot.domain.checkins import IfThenOutcome
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.plan import WEEK, Plan, StepState
from mentorbot.domain.plan_edits import StepChange
from mentorbot.domain.recurrence import DAY, instant_of
from mentorbot.errors import BadValue, NotFound
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import LearnerSession
from mentorbot.storage import UnitOfWork


async def record_checkin(session: LearnerSession, **answers: str) -> None:
    """Record this week's check-in with its answers, and cancel its reminder."""
    await _ensure_person(session)
    await session.repository.checkins.hold(session.snapshot.week, **answers)
    await cancel_reminder(session.uow, session.snapshot.user_id)


async def cancel_reminder(uow: UnitOfWork, user_id: str) -> None:
    """Cancel the reminder of a person's check-in, if one is pending."""
    await uow.deliveries.cancel(MessageKind.REMINDER, user_id=user_id)


async def _ensure_person(session: LearnerSession) -> None:
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)


async def mark_in_checkin(session: LearnerSession, number: int, state: StepState, blocker: str) -> StepChange:
    """Record how a step went this week: done, still under way (its hours this week count as worked), or blocked.

    A settled step doesn't change, and marking it doesn't count as a check-in.
    """
    before = session.plan.step(number)
    if not before.active:
        return StepChange(before, before)
    await session.save(_with_mark(session, number, state, blocker), f"step {number}: {_STATE_NAMES[state]}")
    await record_checkin(session)
    return StepChange(before, session.plan.step(number))


_STATE_NAMES = {StepState.DOING: "still on it", StepState.DONE: "done", StepState.BLOCKED: "blocked"}


def _with_mark(session: LearnerSession, number: int, state: StepState, blocker: str) -> Plan:
    today = session.snapshot.today
    if state is StepState.DOING:
        return plan_edits.log_week(session.plan, number, today)
    return plan_edits.mark(session.plan, number, state, today, blocker=blocker)


async def record_outcome(session: LearnerSession, outcome: IfThenOutcome, week: str | None) -> None:
    """Record the outcome of an earlier week's if-then plan: the one of the week that begins on `week`, or the newest one.

    Raises:
        NotFound: there's no such plan.
    """
    weeks_with_plan = [
        checkin.week
        for checkin in await session.checkins()
        if checkin.fallback and checkin.week < session.snapshot.week and week in (None, checkin.week.isoformat())
    ]
    if not weeks_with_plan:
        raise NotFound("You have made no if-then plan in an earlier week.", suggestions=("checkin plan",))
    await session.repository.checkins.set_outcome(weeks_with_plan[-1], outcome.value)
    await record_checkin(session)


async def skip_week(session: LearnerSession) -> None:
    """Take the present week off, without a check-in and without work."""
    await _ensure_person(session)
    week = session.snapshot.week
    await session.repository.checkins.skip(week)
    await cancel_reminder(session.uow, session.snapshot.user_id)
    plan = plan_edits.add_weeks_off(session.plan, week, week + WEEK, session.snapshot.today)
    await session.save(plan, "the skipped week")


async def snooze(session: LearnerSession) -> NextMessage:
    """Send the check-in again in a day; snoozing that one adds another day.

    Returns the forecast of that message. If it wouldn't be sent, nothing changes.
    """
    learner = session.snapshot
    local = session.now.astimezone(learner.zone)
    at = instant_of(local.date() + DAY, local.time(), learner.zone)
    message = (await forecast_for(session)).once(at)
    if message.at is None:
        return message
    await session.uow.deliveries.cancel(MessageKind.CHECKIN, user_id=learner.user_id)
    await cancel_reminder(session.uow, learner.user_id)
    await _ensure_person(session)
    key = f"c{int(at.timestamp()):x}"
    await session.uow.deliveries.enqueue(learner.user_id, session.pack.info.role, MessageKind.CHECKIN, at, key=key)
    return message


async def pause(session: LearnerSession, until: date) -> date:
    """Take the weeks before `until` off, and return the first day the learner is back.

    Raises:
        BadValue: `until` isn't within the next year.
    """
    learner = session.snapshot
    if not learner.today < until <= learner.today + plan_edits.MAX_PAUSE:
        raise BadValue(
            "A pause lasts from one day to one year. Write the day on which you are back, from tomorrow on; "
            "you can pause again then.",
            option="until",
        )
    until = max(until, learner.week + WEEK)  # half a week off would break the streak
    await _ensure_person(session)
    await cancel_reminder(session.uow, learner.user_id)
    # An earlier pause is removed first, because otherwise a shorter one would have no effect.
    plan = plan_edits.end_weeks_off(session.plan, learner.today)
    await session.save(plan_edits.add_weeks_off(plan, learner.week, until, learner.today), "the pause")
    await session.repository.set_pause(until)
    return until


async def resume(session: LearnerSession) -> None:
    """End a pause or a skipped week."""
    await _ensure_person(session)
    await session.save(plan_edits.end_weeks_off(session.plan, session.snapshot.today), "the end of the pause")
    await session.repository.set_pause(None)
    await session.repository.checkins.unskip(session.snapshot.week)
