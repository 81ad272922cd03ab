"""A plan that is not kept yet: made from where a learner stands, exactly as it would be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.domain import plan_edits
from mentorbot.domain.curriculum import Milestone, SkillGap, Target, build_plan, gaps
from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.packs.schema import Pack


def work_of(pack: Pack) -> tuple[Milestone, ...]:
    """The pack's milestones as work for a plan, in the order of the path."""
    return tuple(
        Milestone(one.id, one.title, one.hours, one.raises, one.requires, one.evidence)
        for part in pack.path
        for one in part.milestones
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is not kept yet, and what it was made from.

    `plan` is the whole plan as it would be kept, the learner's own steps, weeks off and hours worked among it; `steps` are
    those that lead to the title. `gaps` counts levels to climb, over all skills; `open` names the skills in which the pack
    has no work left for one of them.
    """

    plan: Plan
    steps: tuple[PlanStep, ...]
    title: str
    by: date | None
    hours: int
    gaps: int
    open: tuple[str, ...]
    basis: str

    @property
    def work(self) -> int:
        """Hours that are left of the steps to the title."""
        return sum(step.hours_left for step in self.steps)

    @property
    def endless(self) -> bool:
        """Whether it takes longer than can be laid out."""
        return any(not step.allocations for step in self.steps)


async def draft_for(desk: Desk, title: str, by: date | None, hours: int | None) -> Draft:
    """The plan for `title` from where the learner stands. Work that is done already is not planned again."""
    context, pace = desk.context, hours or desk.plan.hours_per_week
    names = {skill.id: skill.title for skill in context.pack.skills}
    aim = Target(title, await desk.levels(), needs(context, title), names)
    work, found = _still_to_do(desk), gaps(aim.have, aim.need)
    built = build_plan(work, aim, hours_per_week=pace, target_date=by, today=desk.today)
    plan = plan_edits.merge_plan(desk.plan, built, desk.today)
    origins = {step.origin for step in built.steps}
    steps = tuple(step for step in plan.active if step.origin in origins)
    climb = sum(gap.need - gap.have for gap in found)
    return Draft(plan, steps, title, by, pace, climb, _uncovered(work, found, names), await _basis(desk))


def _uncovered(work: Sequence[Milestone], found: Sequence[SkillGap], names: Mapping[str, str]) -> tuple[str, ...]:
    """The skills with a level to climb to which no piece of work leads."""
    covered = {pair for one in work for pair in one.raises.items()}
    return tuple(
        names.get(gap.skill, gap.skill)
        for gap in found
        if any((gap.skill, level) not in covered for level in range(gap.have + 1, gap.need + 1))
    )


def _still_to_do(desk: Desk) -> Sequence[Milestone]:
    done = {step.origin for step in desk.plan.steps if step.state is StepState.DONE}
    return [one for one in work_of(desk.context.pack) if f"milestone:{one.id}" not in done]


async def _basis(desk: Desk) -> str:
    """In one line, where the levels come from."""
    assessed = {one.skill for one in await desk.assessments()}
    name = title_name(desk.context, desk.learner.current_title)
    rest = f"what your title {name} implies" if name else "level 0"
    if len(assessed) == len(desk.context.pack.skills):
        return "It starts from your own assessment."
    if assessed:
        return f"It starts from your own assessment, and from {rest} for the skills that you have not looked at yet."
    if name:
        return f"You have not assessed yourself yet, so it starts from {rest}."
    return (
        "You have not assessed yourself yet and I do not know the title you have, so it starts from level 0 everywhere. "
        "Assess yourself, or tell me your present title, and it leaves out what you can already do."
    )
