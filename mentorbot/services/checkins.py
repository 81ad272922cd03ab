"""Weekly check-ins: recording an answer, taking it back, and skipping, snoozing or pausing without breaking the streak."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from mentorbot.clock import Weekday
from mentorbot.domain import checkins as domain
from mentorbot.domain import plan_edits, time_off
from mentorbot.domain.checkins import IfThenOutcome
from mentorbot.domain.deliveries import MessageKind, ScheduleState
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckInState
from mentorbot.domain.mentoring import MentorshipState
from mentorbot.domain.plan import MILESTONE_PREFIX, SMALLER_PREFIX, WEEK, PlanStep, StepState, monday
from mentorbot.domain.plan_edits import StepChange
from mentorbot.domain.recurrence import DAY, instant_of
from mentorbot.domain.step_guide import NO_GUIDE, StepGuide
from mentorbot.errors import BadValue, NotFound
from mentorbot.services import plans
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import LearnerSession
from mentorbot.storage import UnitOfWork

MAX_EXCUSED_WEEKS = 53
"""Weeks of silence that don't break a streak. After a year, a streak is history."""


@dataclass(frozen=True, slots=True)
class SkippedWeek:
    """A week that was skipped. `version` is that of the plan now, if it has moved, and 0 otherwise."""

    week: date
    version: int = 0


async def record_checkin(session: LearnerSession, week: date | None = None, **answers: str) -> None:
    """Record a week's check-in with its answers (by default the present week's), and cancel its reminder."""
    await ensure_person(session)
    await session.repository.checkins.hold(week or session.snapshot.week, **answers)
    await cancel_reminder(session.uow, session.snapshot.user_id)


async def cancel_reminder(uow: UnitOfWork, user_id: str) -> None:
    """Cancel the reminder of a person's check-in, if one is pending."""
    await uow.deliveries.cancel(MessageKind.REMINDER, user_id=user_id)


async def ensure_person(session: LearnerSession) -> None:
    """Record the learner as a person who's been heard from."""
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)
    await hear(session)


async def hear(session: LearnerSession) -> None:
    """Record that the learner has been heard from. Weeks of a long silence don't count against their streak."""
    uow, user_id = session.uow, session.snapshot.user_id
    person = await uow.people.get(user_id)
    if person is None or not person.silence.weeks:
        return
    if person.silence.is_long:
        await _excuse_silent_weeks(session)
    await uow.people.end_silence(user_id)


async def _excuse_silent_weeks(session: LearnerSession) -> None:
    known, week = {checkin.week for checkin in await session.checkins()}, session.snapshot.week
    first = max(known, default=week)
    for number in range(1, MAX_EXCUSED_WEEKS):
        silent = week - number * WEEK
        if silent <= first:
            return
        await session.repository.checkins.skip(silent)


async def is_open(session: LearnerSession, week: date) -> bool:
    """Check whether the check-in of a week (its Monday) can still be answered."""
    return domain.is_open(week, session.snapshot.today, await _asked_week(session))


async def _asked_week(session: LearnerSession) -> date | None:
    person = await session.uow.people.get(session.snapshot.user_id)
    return person.silence.asked_week if person else None


def steps_of(session: LearnerSession, week: date) -> tuple[PlanStep, ...]:
    """List the steps the check-in of a week (its Monday) is about."""
    return domain.steps_to_ask_about(session.plan, week) or domain.steps_to_ask_about(
        session.plan, session.snapshot.week
    )


def guide_of(session: LearnerSession, step: PlanStep) -> StepGuide:
    """Look up how to do a step; an empty guide for a step the pack knows nothing about."""
    return session.pack.step_guide(step) or NO_GUIDE


async def log_hours(session: LearnerSession, number: int, week: date, hours: int) -> PlanStep:
    """Record the hours worked on a step in a week (its Monday), and that week's check-in."""
    plan = domain.log_hours(session.plan, number, week, hours, session.snapshot.today)
    await session.save(plan, f"{hours} h on step {number}")
    await record_checkin(session, week)
    return session.plan.step(number)


async def finish_step(session: LearnerSession, number: int, week: date) -> StepChange:
    """Finish a step in the check-in of a week (its Monday)."""
    change = await plans.finish_step(session, number, None)
    if not change.was_settled:
        await record_checkin(session, week)
    return change


async def block_step(session: LearnerSession, number: int, week: date, blocker: str) -> StepChange:
    """Record what's in the way of a step in the check-in of a week (its Monday)."""
    change = await plans.block_step(session, number, blocker)
    if not change.was_settled:
        await record_checkin(session, week)
    return change


async def restart_step(session: LearnerSession, number: int) -> StepChange:
    """Put a step under way. If it was stuck, this week's check-in may be open again."""
    change = await plans.start_step(session, number)
    if change.before.state is StepState.BLOCKED:
        await _ask_after_all(session)
    return change


async def _ask_after_all(session: LearnerSession) -> None:
    """Open this week's check-in again once nothing's stuck any more, if that was all that was said.

    An answer to the question itself stays: only what was said before it came would keep it from coming.
    """
    learner = session.snapshot
    checkin = domain.checkin_of(await session.checkins(), learner.week)
    if checkin is None or checkin.state is CheckInState.SKIPPED or checkin.fallback:
        return
    if await _asked_week(session) != learner.week and not domain.has_answers(session.plan, learner.week):
        await session.repository.checkins.forget(learner.week)


async def start_smaller(session: LearnerSession, number: int) -> PlanStep | None:
    """Put the smaller version of a stuck step into this week, or restart the step if there's none.

    Returns the step to do this week; None if that step was settled or made smaller already.
    """
    step, today = session.plan.step(number), session.snapshot.today
    smaller = guide_of(session, step).smaller
    if step.state is not StepState.BLOCKED:
        return None
    if smaller is None:
        return (await restart_step(session, number)).after
    text = smaller.text[:1].upper() + smaller.text[1:].rstrip(".")
    small = PlanStep(0, text, hours=smaller.hours, origin=step.origin.replace(MILESTONE_PREFIX, SMALLER_PREFIX, 1))
    await session.save(domain.make_smaller(session.plan, number, small, today), f"a smaller step {number}")
    await _ask_after_all(session)
    return session.plan.step_from(small.origin)


def swap_for(session: LearnerSession, step: PlanStep) -> PlanStep | None:
    """Make the step to do instead of a stuck one; None if the pack knows none, or the plan has it already."""
    swap, pack = guide_of(session, step).swap, session.pack
    if swap is None or not step.active:
        return None
    milestone = pack.milestones.get(swap.milestone)
    if milestone is None:
        return PlanStep(
            0,
            swap.text,
            hours=step.hours,
            origin=step.origin,
            reason=step.reason,
            done_when=step.done_when,
            weeks=step.weeks,
        )
    origin = f"{MILESTONE_PREFIX}{milestone.id}"
    if any(known.origin == origin for known in session.plan.steps if known.state is not StepState.DROPPED):
        return None
    text, hours = milestone.title, milestone.hours
    return PlanStep(
        0,
        text,
        hours=hours,
        origin=origin,
        reason=step.reason,
        done_when=milestone.evidence,
        weeks=milestone.calendar,
    )


async def swap_step(session: LearnerSession, number: int) -> PlanStep | None:
    """Replace a step by the one to do instead. Returns that one; None if there's none."""
    step = session.plan.step(number)
    new = swap_for(session, step)
    if new is None:
        return None
    await session.save(domain.swap_step(session.plan, number, new, session.snapshot.today), f"swap of step {number}")
    if step.state is StepState.BLOCKED:
        await _ask_after_all(session)
    return session.plan.steps[-1]


async def mentor_name(session: LearnerSession) -> str:
    """Give the name of the learner's mentor; "" if they have none."""
    mentorship = await session.uow.mentorships.of_learner(session.snapshot.user_id, session.pack.info.role)
    if mentorship is None or mentorship.state is not MentorshipState.ACTIVE:
        return ""
    return mentorship.mentor_name


async def undo(session: LearnerSession, week: date, seen_version: int) -> bool:
    """Take back an answer: the change of the plan that led to `seen_version` (0 for none), and the week's check-in.

    The check-in stays if it holds other answers. Returns False if the plan has changed since, and nothing was undone.
    """
    await ensure_person(session)
    if seen_version and await plans.undo_change(session, seen_version) is None:
        return False
    await _forget_if_empty(session, week)
    return True


async def _forget_if_empty(session: LearnerSession, week: date) -> None:
    """Forget the check-in of a week (its Monday), unless it holds answers."""
    checkin = domain.checkin_of(await session.checkins(), week)
    if checkin is not None and not checkin.fallback and not domain.has_answers(session.plan, week):
        await session.repository.checkins.forget(week)


async def forget_plan(session: LearnerSession, week: date) -> None:
    """Forget the if-then plan of a week (its Monday)."""
    if domain.checkin_of(await session.checkins(), week) is not None:
        await record_checkin(session, week, next_step="", obstacle="", fallback="", outcome="")


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
        raise NotFound("You haven't planned around anything in an earlier week.", suggestions=("checkin plan",))
    await session.repository.checkins.set_outcome(weeks_with_plan[-1], outcome.value)
    await record_checkin(session)


async def skip_week(session: LearnerSession, week: date | None = None) -> SkippedWeek:
    """Take a week off, without a check-in and without work: the present one, or one (its Monday) that's just over."""
    await ensure_person(session)
    this_week = session.snapshot.week
    week = week or this_week
    await _forget_if_empty(session, week)  # someone who has only closed it may change their mind
    await session.repository.checkins.skip(week)
    await cancel_reminder(session.uow, session.snapshot.user_id)
    if week != this_week:
        return SkippedWeek(week)
    before = session.saved.version
    plan = plan_edits.add_weeks_off(session.plan, week, week + WEEK, session.snapshot.today)
    await session.save(plan, "the skipped week")
    return SkippedWeek(week, session.saved.version if session.saved.version != before else 0)


async def snooze(session: LearnerSession) -> NextMessage:
    """Send the check-in again in a day; snoozing that one adds another day.

    Returns the forecast of that message. If it wouldn't be sent, nothing changes.
    """
    await ensure_person(session)
    learner = session.snapshot
    local = session.now.astimezone(learner.zone)
    at = instant_of(local.date() + DAY, local.time(), learner.zone)
    message = (await forecast_for(session)).once(at)
    if message.at is None:
        return message
    await session.uow.deliveries.cancel(MessageKind.CHECKIN, user_id=learner.user_id)
    await cancel_reminder(session.uow, learner.user_id)
    key = f"c{int(at.timestamp()):x}"
    await session.uow.deliveries.enqueue(learner.user_id, session.pack.info.role, MessageKind.CHECKIN, at, key=key)
    return message


async def ask_now(uow: UnitOfWork, user_id: str, now: datetime, key: str) -> bool:
    """Send someone the check-in at the next moment they take messages, once for each `key` (at most 12 of a-z and 0-9).

    Returns False without sending anything if they haven't turned check-ins on.
    """
    schedules = await uow.schedules.of_person(user_id)
    checkin = next((schedule for schedule in schedules if schedule.kind is MessageKind.CHECKIN), None)
    if checkin is None or checkin.state is not ScheduleState.ACTIVE:
        return False
    return await uow.deliveries.enqueue(user_id, checkin.role, MessageKind.CHECKIN, now, key=key)


async def pause(session: LearnerSession, until: date) -> date:
    """Take the weeks before `until` off, and return the first day the learner is back.

    Raises:
        BadValue: `until` isn't within the next year.
    """
    learner = session.snapshot
    if not learner.today < until <= learner.today + plan_edits.MAX_PAUSE:
        raise BadValue("A pause can last from a day to a year. When will you be back?", option="until", suggestions=())
    await ensure_person(session)
    await cancel_reminder(session.uow, learner.user_id)
    # It replaces the break that's on, and the one it ends in, because otherwise a shorter one would have no effect.
    off = time_off.of(session.plan)
    breaks = [known for day in (learner.today, until) if (known := off.around(day))]
    await _take_off(session, learner.today, until - DAY, "the pause", instead_of=breaks)
    await session.repository.set_pause(until)
    return until


async def _take_off(
    session: LearnerSession, first: date, last: date, what: str, *, instead_of: Collection[tuple[date, date]] = ()
) -> None:
    """Take some days off in the plan, in place of other breaks as far as they're still to come."""
    today = session.snapshot.today
    ended = [(max(start, today), end) for start, end in instead_of]
    weeks_off = session.plan.weeks_off
    plan = plan_edits.take_off(session.plan, first, last, today, instead_of=ended)
    await session.save(plan, what)
    await _unskip(session, weeks_off - session.plan.weeks_off)


async def take_off(session: LearnerSession, first: date, last: date) -> date | None:
    """Take some days off: a pause if they begin today, and otherwise no messages once they come.

    If a planned break has all of these days, they replace it: it gets shorter. Returns the first day the learner is back from
    a pause; None for days to come.

    Raises:
        BadValue: `last` isn't within the next year.
    """
    learner, last = session.snapshot, await _through_weekend(session, first, last)
    if first <= learner.today or last > learner.today + plan_edits.MAX_PAUSE:
        return await pause(session, last + DAY)
    await ensure_person(session)
    known = time_off.of(session.plan).around(first)
    replaced = [known] if known and last <= known[1] and learner.today < known[0] else ()
    await _take_off(session, first, last, "the days off", instead_of=replaced)
    for week in sorted(session.plan.weeks_off):
        if first <= week <= last:
            await session.repository.checkins.skip(week)
    return None


async def are_free_anyway(session: LearnerSession, first: date, last: date) -> bool:
    """Check whether some days to come are on a weekend, without a check-in."""
    if first <= session.snapshot.today or first.weekday() < Weekday.SATURDAY or monday(first) != monday(last):
        return False
    schedules = await session.uow.schedules.of_person(session.snapshot.user_id)
    days = [day for each in schedules if each.kind is MessageKind.CHECKIN for day in each.recurrence.weekdays]
    return not any(first <= monday(first) + day * DAY <= last for day in days)


async def _through_weekend(session: LearnerSession, first: date, last: date) -> date:
    """Find the last day of a break that's said to end on `last`: on a Friday, it goes on to Sunday.

    Unless there's a message on that weekend, and a week with some work in it to ask about.
    """
    week, sunday = monday(last), monday(last) + WEEK - DAY
    if last.weekday() < Weekday.FRIDAY:
        return last
    schedules = await session.uow.schedules.of_person(session.snapshot.user_id)
    days = [week + day * DAY for each in schedules for day in each.recurrence.weekdays]
    return sunday if first <= week or not any(last < day <= sunday for day in days) else last


async def _unskip(session: LearnerSession, weeks: Collection[date]) -> None:
    """Ask about some weeks (their Mondays) again that were to be skipped."""
    for checkin in await session.checkins():
        if checkin.week in weeks:
            await session.repository.checkins.unskip(checkin.week)


def planned_break(session: LearnerSession, back: date) -> date | None:
    """Find the first day of the break in later weeks that someone who's `back` on a day may mean; None if there's none."""
    learner = session.snapshot
    off = time_off.of(session.plan)
    planned = off.days_between(learner.today, back - DAY)
    found = off.around(planned[-1]) if planned else None
    return found[0] if found and found[0] > learner.today and not learner.is_paused else None


def planned_breaks(session: LearnerSession) -> list[tuple[date, date]]:
    """List the breaks that haven't begun yet, each by its first and its last day."""
    off, today = time_off.of(session.plan), session.snapshot.today
    days = sorted({*off.days, *(week + number * DAY for week in off.weeks for number in range(WEEK.days))})
    found = (off.around(day) for day in days if day - DAY not in off)
    return [known for known in found if known and known[0] > today]


async def cancel_break(session: LearnerSession, first: date, last: date) -> None:
    """Take back a break that was planned for some days to come; their weeks are asked about again."""
    await ensure_person(session)
    weeks_off = session.plan.weeks_off
    plan = plan_edits.end_break(session.plan, first, last, session.snapshot.today)
    await session.save(plan, "the cancelled break")
    await _unskip(session, weeks_off - session.plan.weeks_off)


async def is_away(session: LearnerSession) -> bool:
    """Check whether there's a break to end: a pause, a week off, or one that's skipped."""
    learner = session.snapshot
    checkin = domain.checkin_of(await session.checkins(), learner.week)
    is_skipped = checkin is not None and checkin.state is CheckInState.SKIPPED
    return learner.is_paused or learner.week_is_off or is_skipped


async def resume(session: LearnerSession) -> None:
    """End a pause, the break that's on, a skipped week or a long silence. Breaks planned for later stay."""
    await ensure_person(session)
    learner = session.snapshot
    found = time_off.of(session.plan).around(learner.today)
    # A break planned for right after a pause stays.
    last = learner.back_on - DAY if learner.back_on else found[1] if found else learner.today
    weeks_off = session.plan.weeks_off
    await session.save(plan_edits.end_break(session.plan, learner.today, last, learner.today), "the end of the pause")
    await session.repository.set_pause(None)
    await _unskip(session, {learner.week, *(weeks_off - session.plan.weeks_off)})
