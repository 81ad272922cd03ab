"""A plan and its changes: steps, hours per week, a draft for a title, and undoing the last change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from mentorbot.domain import plan_edits, time_off
from mentorbot.domain.export import merge_imported
from mentorbot.domain.learner import SavedPlan
from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.domain.plan_builder import Levels
from mentorbot.domain.plan_draft import (
    DraftAlternatives,
    NearerTitle,
    PlanDraft,
    draft_alternatives,
    draft_plan,
    is_far_away,
    nearer_title,
)
from mentorbot.domain.plan_edits import StepChange, undo_to
from mentorbot.domain.plan_layout import lay_out
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import LearnerSession
from mentorbot.slash.choices import short
from mentorbot.storage import LearnerRepository


@dataclass(frozen=True, slots=True)
class AddedStep:
    """The step a learner asked for; `is_new` is False if the plan had it already."""

    step: PlanStep
    is_new: bool = True


class DependentsChoice(StrEnum):
    """The learner's choice for the steps that build on one they drop."""

    KEEP = "keep"
    DROP = "drop"


class StepPlace(StrEnum):
    """Places of a step in the order of work."""

    AFTER = "after"
    BEFORE = "before"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of work; `other` is the number of the step that one comes after or before."""

    where: StepPlace
    other: int = 0


@dataclass(frozen=True, slots=True)
class DroppedStep:
    """The result of dropping a step. `step` is the step before, `dropped_too` are the steps dropped with it.

    `undecided` are the steps that build on it: unless it's empty, nothing was dropped, and the learner has to choose first.
    """

    step: PlanStep
    dropped_too: tuple[PlanStep, ...] = ()
    undecided: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoneChange:
    """A change that was undone. `paused_until` is set if undoing it has brought a pause back."""

    what: str
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class LevelsNowAndThen:
    """A learner's level in each skill, by skill id: `now`, and `at_first`, before any step of a plan."""

    now: Levels
    at_first: Levels


async def add_step(session: LearnerSession, step: PlanStep, place: Place | None = None) -> AddedStep:
    """Add a step, in some place if one's given, unless the plan already has one of the same origin."""
    if step.origin and (known := session.plan.step_from(step.origin)):
        return AddedStep(known, is_new=False)
    plan, added = plan_edits.add(session.plan, step, session.snapshot.today)
    if place is not None:
        plan = _placed(plan, added.number, place, session.snapshot.today)
    await session.save(plan, f"add {short(step.text, 80)}")
    return AddedStep(session.plan.step(added.number))


def step_from_tip(packs: Iterable[Pack], tip_id: str, hours: int, due: date | None) -> PlanStep:
    """Make a step out of a tip. A channel's tip may be for another role than the learner's.

    Raises:
        NotFound: no pack has that tip any more.
    """
    tip = next((pack.tips_by_id[tip_id][0] for pack in packs if tip_id in pack.tips_by_id), None)
    if tip is None:
        raise NotFound("I don't have that tip any more.", suggestions=("tip",))
    return PlanStep(
        number=0,
        text=f"{tip.title} ({tip.minutes} minutes)",
        hours=hours,
        due=due,
        origin=f"tip:{tip_id}",
    )


async def edit_step(
    session: LearnerSession,
    number: int,
    *,
    text: str | None,
    hours: int | None,
    due: date | None,
    undated: bool,
    done_when: str | None = None,
) -> PlanStep:
    """Change a step's text, hours, due date or proof; None leaves them as they are, and `undated` takes the due date away."""
    today = session.snapshot.today
    plan = plan_edits.edit(
        session.plan, number, today, text=text, hours=hours, due=due, undated=undated, done_when=done_when
    )
    await session.save(plan, f"edit of step {number}")
    return session.plan.step(number)


async def reword_step(session: LearnerSession, number: int, text: str) -> PlanStep:
    """Give a step the text someone typed as a whole, without the due date that was read from the end of it."""
    await session.save(plan_edits.reword(session.plan, number, text, session.snapshot.today), f"edit of step {number}")
    return session.plan.step(number)


async def move_step(session: LearnerSession, number: int, to: date, due: date | None = None) -> PlanStep:
    """Plan a step no earlier than the week of the day `to`; the other steps close up. `due` replaces a due date it had."""
    plan = plan_edits.move(session.plan, number, to, session.snapshot.today, due=due)
    await session.save(plan, f"step {number} moved")
    return session.plan.step(number)


async def shift_step(session: LearnerSession, number: int, later: Callable[[date], date]) -> PlanStep:
    """Plan a step so much later than now, or sooner: its week and its due date, but neither before today."""
    step, today = session.plan.step(number), session.snapshot.today
    to = max(later(step.starts or session.snapshot.week), today)
    return await move_step(session, number, to, max(later(step.due), today) if step.due else None)


async def place_step(session: LearnerSession, number: int, place: Place) -> PlanStep:
    """Put a step somewhere else in the order of work."""
    await session.save(_placed(session.plan, number, place, session.snapshot.today), f"step {number} moved")
    return session.plan.step(number)


def _placed(plan: Plan, number: int, place: Place, today: date) -> Plan:
    match place.where:
        case StepPlace.AFTER:
            return plan_edits.put_after(plan, number, place.other, today)
        case StepPlace.BEFORE:
            return plan_edits.put_before(plan, number, place.other, today)
        case StepPlace.FIRST:
            return plan_edits.move(plan, number, today, today, due=plan.step(number).due)
        case StepPlace.LAST:
            return plan_edits.put_last(plan, number, today)
    assert_never(place.where)


async def swap_steps(session: LearnerSession, number: int, other: int) -> None:
    """Let two steps swap places."""
    plan = plan_edits.swap(session.plan, number, other, session.snapshot.today)
    await session.save(plan, f"steps {number} and {other} swapped")


async def split_step(session: LearnerSession, number: int, hours: Sequence[int]) -> tuple[PlanStep, ...]:
    """Cut a step into parts of so many hours, and return them."""
    later = range(session.plan.next_number, session.plan.next_number + len(hours) - 1)
    await session.save(plan_edits.split(session.plan, number, hours, session.snapshot.today), f"step {number} split")
    return tuple(map(session.plan.step, (number, *later)))


async def postpone_all(session: LearnerSession, weeks: int) -> None:
    """Move all that's planned so many weeks later."""
    plan = plan_edits.postpone_all(session.plan, weeks, session.snapshot.today)
    await session.save(plan, "the whole plan moved")


async def reopen_step(session: LearnerSession, number: int) -> StepChange:
    """Reopen a step that's done or dropped."""
    before = session.plan.step(number)
    await session.save(plan_edits.reopen(session.plan, number, session.snapshot.today), f"step {number} reopened")
    return StepChange(before, session.plan.step(number))


async def set_hours_per_week(session: LearnerSession, hours: int, start: date | None = None) -> None:
    """Change the hours per week from the week of `start` on, or from now on, and lay the steps out again."""
    plan = plan_edits.set_hours_per_week(session.plan, hours, session.snapshot.today, start)
    await session.save(plan, f"{hours} h a week")


async def set_hours_of_weeks(session: LearnerSession, hours: int, first: date, last: date) -> None:
    """Change the hours of just the weeks from that of `first` to that of `last`, and lay the steps out again."""
    plan = plan_edits.set_hours_of_weeks(session.plan, hours, first, last, session.snapshot.today)
    await session.save(plan, f"{hours} h in those weeks")


async def start_step(session: LearnerSession, number: int) -> StepChange:
    """Put a step under way. A blocked step is unblocked."""
    return await _mark_step(session, number, StepState.DOING, f"step {number} under way")


async def log_hours(session: LearnerSession, number: int, hours: int) -> StepChange:
    """Log hours worked on a step this week. That starts it, or unblocks it."""
    return await _mark_step(session, number, StepState.DOING, f"{hours} h on step {number}", hours=hours)


async def block_step(session: LearnerSession, number: int, blocker: str) -> StepChange:
    """Record what blocks a step; its hours this week go to the other steps."""
    return await _mark_step(session, number, StepState.BLOCKED, f"step {number} blocked", blocker=blocker)


async def finish_step(
    session: LearnerSession, number: int, evidence: str | None, attachment: str | None = None
) -> StepChange:
    """Settle a step as done. Repeating it changes only the evidence and the attachment, and a dropped step stays dropped."""
    return await _mark_step(
        session,
        number,
        StepState.DONE,
        f"step {number} done",
        evidence=evidence or "",
        attachment=attachment or "",
    )


async def _mark_step(
    session: LearnerSession,
    number: int,
    state: StepState,
    what: str,
    *,
    evidence: str = "",
    attachment: str = "",
    blocker: str = "",
    hours: int = 0,
) -> StepChange:
    before = session.plan.step(number)
    plan = plan_edits.mark(
        session.plan,
        number,
        state,
        session.snapshot.today,
        evidence=evidence,
        attachment=attachment,
        blocker=blocker,
        hours=hours,
    )
    await session.save(plan, what)
    return StepChange(before, session.plan.step(number))


async def drop_step(session: LearnerSession, number: int, choice: DependentsChoice | None) -> DroppedStep:
    """Settle a step as dropped, and with `choice` DROP the steps that build on it too.

    Nothing changes while steps build on it and `choice` is None, or if the step is settled already.
    """
    step, dependents = session.plan.step(number), session.plan.dependents(number)
    if not step.active:
        return DroppedStep(step)
    if dependents and choice is None:
        return DroppedStep(step, undecided=dependents)
    with_dependents = choice is DependentsChoice.DROP
    plan = plan_edits.drop(session.plan, number, session.snapshot.today, dependents=with_dependents)
    await session.save(plan, f"step {number} dropped")
    return DroppedStep(step, dropped_too=dependents if with_dependents else ())


async def undo_change(session: LearnerSession, seen_version: int | None) -> UndoneChange | None:
    """Restore the plan exactly as it was before the last change; None if there was nothing to undo.

    If `seen_version` is given, undo only while the plan is still in that version, so pressing twice undoes one change.
    """
    before = session.snapshot
    undone = await take_back_last_change(session.repository, before.week, seen_version)
    await session.refresh()
    if undone is None:
        return None
    after = session.snapshot
    for week in before.plan.weeks_off - after.plan.weeks_off:
        if week >= after.week:
            await session.repository.checkins.unskip(week)
    pause_is_back = after.is_paused and after.profile.paused_until != before.profile.paused_until
    return UndoneChange(undone[1], after.profile.paused_until if pause_is_back else None)


async def redo_change(session: LearnerSession, seen_version: int | None) -> UndoneChange | None:
    """Make the change again that was just undone; None if something else has happened since.

    If `seen_version` is given, redo only while the plan is still in that version, so pressing twice does it once.
    """
    saved = session.saved
    if seen_version not in (None, saved.version):
        return None
    change = await session.repository.plans.undone_change(saved.version)
    if change is None:
        return None
    plan = undo_to(change.before, session.plan, session.snapshot.week)
    session.saved = await session.repository.plans.save(saved, plan, change.description)
    if change.levels:
        await session.repository.plans.add_levels(session.saved.version, change.levels)
        await session.repository.assess(change.levels)
    if time_off.of(plan) != time_off.of(saved.plan):
        await session.repository.set_pause(change.paused_until)
    await session.refresh()
    return UndoneChange(change.description, session.profile.paused_until)


async def take_back_last_change(
    learner: LearnerRepository, week: date = date.min, expected_version: int | None = None
) -> tuple[SavedPlan, str] | None:
    """Restore the plan from before the last change. Returns it with the description of the change.

    None if there's no change to undo, or the plan isn't at `expected_version`. Weeks off before `week` are in the past, so they
    stay. If the change was about weeks off, the previous pause is restored, too.

    Raises:
        StalePlan: the plan has changed meanwhile.
    """
    # The plan is read before its last change, so a save in between makes this one fail and nothing is lost.
    saved = await learner.plans.get()
    if expected_version not in (None, saved.version):
        return None
    change = await learner.plans.last_change()
    if change is None:
        return None
    plan = undo_to(change.before, saved.plan, week)
    restored = await learner.plans.take_back(change, saved, plan)
    if time_off.of(plan) != time_off.of(saved.plan):
        await learner.set_pause(change.paused_until)
    await learner.take_back_levels(change.levels)
    return restored, change.description


async def import_plan(session: LearnerSession, imported: Plan) -> int | None:
    """Add the missing steps of an imported plan, its target and its hours per week.

    Returns the number of new steps; None if the plan has everything already.
    """
    plan, added = merge_imported(session.plan, imported)
    if plan == session.plan:
        return None
    await session.save(lay_out(plan, session.snapshot.week), f"import of {added} steps")
    return added


async def set_current_title(session: LearnerSession, title: str) -> None:
    """Save the title the learner has today."""
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)
    await session.repository.set_current_title(title)
    await session.refresh()


async def draft_for(
    session: LearnerSession, title: str, target_date: date | None, hours_per_week: int | None, persona: str
) -> PlanDraft:
    """Draft a plan for a title from the learner's present levels, without saving it.

    `persona` is the id of a typical starting point, for the skills the learner hasn't assessed.
    """
    typical = persona_levels(session.pack, persona)
    levels = LevelsNowAndThen({**typical, **await session.levels()}, {**typical, **await session.first_levels()})
    return _draft(session, levels, title, target_date, hours_per_week or session.plan.hours_per_week)


def persona_levels(pack: Pack, persona: str) -> Mapping[str, int]:
    """Give the levels of a typical starting point, by skill id; empty if the pack doesn't have it."""
    return next((entry.levels for entry in pack.personas if entry.id == persona), {})


def alternatives_to(session: LearnerSession, draft: PlanDraft) -> DraftAlternatives:
    """Find ways to make a late plan fit: a later date, more hours a week, or a different title of the pack."""
    return draft_alternatives(draft, _other_drafts(session, draft), session.snapshot.today)


def nearer_title_than(session: LearnerSession, draft: PlanDraft) -> NearerTitle | None:
    """Find a title on the way to one that's years away; None if this one isn't, or nothing's nearer."""
    if not is_far_away(draft, session.snapshot.today):
        return None
    return nearer_title(draft, _other_drafts(session, draft), session.snapshot.today)


def _other_drafts(session: LearnerSession, draft: PlanDraft) -> list[PlanDraft]:
    plan, titles = draft.plan, (title.id for title in session.pack.titles.titles)
    levels = LevelsNowAndThen(draft.target.have, draft.target.began)
    return [
        _draft(session, levels, title, plan.target_date, plan.hours_per_week)
        for title in titles
        if title != draft.target.title
    ]


def _draft(
    session: LearnerSession, levels: LevelsNowAndThen, title: str, target_date: date | None, hours_per_week: int
) -> PlanDraft:
    pack = session.pack
    return draft_plan(
        session.plan,
        pack.plan_milestones,
        pack.target(title, levels.now, levels.at_first, session.profile.current_title),
        target_date=target_date,
        hours_per_week=hours_per_week,
        today=session.snapshot.today,
    )


async def save_draft(session: LearnerSession, draft: PlanDraft, persona: str) -> None:
    """Save the drafted plan. It keeps finished steps and those the learner added.

    The levels of `persona` are saved for the skills the learner hasn't assessed.
    """
    known = {assessment.skill for assessment in await session.assessments()}
    new = {skill: level for skill, level in persona_levels(session.pack, persona).items() if skill not in known}
    before = session.saved.version
    await session.save(draft.plan, f"the plan for {session.pack.title_name(draft.target.title)}")
    if new:
        if session.saved.version != before:
            await session.repository.plans.add_levels(session.saved.version, new)
        await session.repository.assess(new)
