"""Drafts of a plan: made from a learner's present levels and plan, exactly as they'd be saved. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentorbot.domain.plan import MILESTONE_PREFIX, Plan, PlanStep, StepState
from mentorbot.domain.plan_builder import (
    Milestone,
    SkillGap,
    Target,
    build_plan,
    gaps,
    hours_to_meet_target_date,
    misses_target_date,
)
from mentorbot.domain.plan_edits import merge_plan

FAR_AWAY = timedelta(days=2 * 365)
"""A title further away than this is years of work."""
CLEARLY_SOONER = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class LevelBasis:
    """The basis of a learner's levels: how many of the `skills` they've `assessed`, and their present title (an id) if known.

    `persona` is the typical starting point they've chosen, as people read it, and `persona_id` its id; "" without one.
    """

    assessed: int
    skills: int
    current_title: str
    persona: str = ""
    persona_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan that isn't saved yet, and the target it was made for.

    `plan` is the whole plan as it would be saved, with the learner's own steps, weeks off and hours worked. `steps` are the ones
    that lead to the title, and `job` the one among them that's the job before it. `levels_to_climb` counts levels over all
    skills. `uncovered` are the ids of skills with a level that no remaining milestone of the pack leads to.
    """

    plan: Plan
    target: Target
    steps: tuple[PlanStep, ...]
    levels_to_climb: int
    uncovered: tuple[str, ...]
    job: PlanStep | None = None

    @property
    def hours_left(self) -> int:
        """Hours left to work on the steps to the title."""
        return sum(step.hours_left for step in self.steps)

    @property
    def exceeds_layout(self) -> bool:
        """True if it takes longer than can be laid out."""
        return any(not step.allocations for step in self.steps)

    @property
    def is_late(self) -> bool:
        """True if it ends after its target date."""
        return misses_target_date(self.plan)


@dataclass(frozen=True, slots=True)
class DraftAlternatives:
    """Ways to make a late plan fit, if there are any: a later date, more hours a week, a smaller target."""

    later_date: date | None = None
    more_hours: int | None = None
    smaller: PlanDraft | None = None


@dataclass(frozen=True, slots=True)
class NearerTitle:
    """A draft for a title that's reached sooner; `shared` of its steps lead to the original one, too."""

    draft: PlanDraft
    shared: int

    @property
    def beside(self) -> int:
        """The number of its steps that lead elsewhere."""
        return len(self.draft.steps) - self.shared


def is_far_away(draft: PlanDraft, today: date) -> bool:
    """Check whether a draft takes years, so that a nearer title is worth a look first."""
    end = draft.plan.milestones_end
    return draft.exceeds_layout or (end is not None and end > today + FAR_AWAY)


def nearer_title(draft: PlanDraft, others: Sequence[PlanDraft], today: date) -> NearerTitle | None:
    """Find the draft of another title that's on the way, i.e. shares most of its steps, and reached clearly sooner.

    Of those that don't take years, it's the one with the fewest steps that lead elsewhere: nobody who leads needs a beginner's
    title first, and a text specialist's is for those who said so. If all take years, it's the soonest.
    """
    end = draft.plan.milestones_end
    origins = {step.origin for step in draft.steps}
    candidates = [
        (other_end, NearerTitle(other, sum(step.origin in origins for step in other.steps)))
        for other in others
        if other.steps and not other.exceeds_layout and (other_end := other.plan.milestones_end)
        and (end is None or draft.exceeds_layout or other_end <= end - CLEARLY_SOONER)
    ]  # fmt: skip
    on_the_way = [found for found in candidates if found[1].shared * 2 > len(found[1].draft.steps)]
    in_reach = [found for found in on_the_way if found[0] <= today + FAR_AWAY]
    if in_reach:
        return min(in_reach, key=lambda found: (found[1].beside, found[0]))[1]
    return min(on_the_way, key=lambda found: (found[0], -found[1].shared), default=(None, None))[1]


def draft_plan(
    plan: Plan,
    milestones: Sequence[Milestone],
    target: Target,
    *,
    target_date: date | None,
    hours_per_week: int,
    today: date,
) -> PlanDraft:
    """Make a plan for `target` out of the present one. Finished milestones aren't planned again."""
    finished = {step.origin.removeprefix(MILESTONE_PREFIX) for step in plan.steps if step.state is StepState.DONE}
    target = replace(target, finished=frozenset(finished))
    todo = [milestone for milestone in milestones if milestone.id not in finished]
    built = build_plan(todo, target, hours_per_week=hours_per_week, target_date=target_date, today=today)
    merged, origins = merge_plan(plan, built, today), {step.origin for step in built.steps}
    skill_gaps = gaps(target.have, target.need)
    steps = tuple(step for step in merged.active if step.origin in origins)
    jobs = {f"{MILESTONE_PREFIX}{milestone.id}" for milestone in todo if milestone.is_job}
    return PlanDraft(
        plan=merged,
        target=target,
        steps=steps,
        job=next((step for step in steps if step.origin in jobs), None),
        levels_to_climb=sum(gap.need - gap.have for gap in skill_gaps),
        uncovered=tuple(_uncovered(todo, skill_gaps)),
    )


def _uncovered(milestones: Sequence[Milestone], skill_gaps: Sequence[SkillGap]) -> Iterator[str]:
    """Yield the skills with a level to climb that no milestone leads to."""
    covered = {pair for milestone in milestones for pair in milestone.raises.items()}
    for gap in skill_gaps:
        if any((gap.skill, level) not in covered for level in range(gap.have + 1, gap.need + 1)):
            yield gap.skill


def draft_alternatives(draft: PlanDraft, others: Sequence[PlanDraft], today: date) -> DraftAlternatives:
    """Find ways to make a late plan fit; `others` are drafts for the other titles, with the same date and hours."""
    return DraftAlternatives(
        later_date=None if draft.exceeds_layout else draft.plan.milestones_end,
        more_hours=hours_to_meet_target_date(draft.plan, today),
        smaller=_smaller(draft, [other for other in others if other.steps]),
    )


def _smaller(draft: PlanDraft, others: Sequence[PlanDraft]) -> PlanDraft | None:
    """Find the most demanding draft that fits. If none fits, find the one with the least work, as long as that's less."""
    fitting = [other for other in others if not other.is_late]
    if fitting:
        return max(fitting, key=lambda other: sum(other.target.need.values()))
    least = min(others, key=lambda other: other.hours_left, default=None)
    return least if least and least.hours_left < draft.hours_left else None
