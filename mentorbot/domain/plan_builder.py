"""Building a plan for a target title: the milestones that close the gap in skill levels, in order and with reasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mentorbot.domain.ordering import in_order
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MILESTONE_PREFIX, Plan, PlanStep, monday
from mentorbot.domain.plan_layout import first_full_week, lay_out, week_to_lay_out

Levels = Mapping[str, int]
"""Levels from 0 to 4 by skill id."""


@dataclass(frozen=True, slots=True)
class SkillGap:
    """A skill the learner has yet to bring to the level the title needs."""

    skill: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """A piece of work from the pack. `raises` holds the level it leads to, by skill; `requires` are milestone ids."""

    id: str
    text: str
    hours: int
    raises: Levels
    requires: tuple[str, ...] = ()
    done_when: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The target title (an id) of a plan, with the levels the learner has and those it needs, and skill names by id."""

    title: str
    have: Levels
    need: Levels
    names: Mapping[str, str] = field(default_factory=dict)


def gaps(have: Levels, need: Levels) -> tuple[SkillGap, ...]:
    """List the skills in which `have` falls short of `need`, in the order of `need`."""
    skills = (SkillGap(skill, have.get(skill, 0), level) for skill, level in need.items())
    return tuple(gap for gap in skills if gap.have < gap.need)


def choose_milestones(milestones: Sequence[Milestone], have: Levels, need: Levels) -> tuple[Milestone, ...]:
    """Choose the milestones that close every gap, level by level, prerequisites first.

    Each round takes the milestone that closes the most gaps per hour, together with its prerequisites. A prerequisite that
    leads only to levels the learner already has is left out. Deterministic: the order of `milestones` breaks ties.
    """
    by_id = {milestone.id: milestone for milestone in milestones}
    missing = {(gap.skill, level) for gap in gaps(have, need) for level in range(gap.have + 1, gap.need + 1)}
    chosen: dict[str, Milestone] = {}
    while missing:
        # Prerequisites count towards the hours, or a cheap milestone behind an expensive one would look like a bargain.
        bundles = [
            _with_prerequisites(milestone, by_id, have, chosen)
            for milestone in milestones
            if milestone.id not in chosen
        ]
        best = max(bundles, key=lambda bundle: _gaps_per_hour(bundle, missing), default=())
        if not best or _gaps_per_hour(best, missing) == 0:
            break  # the pack has nothing for the remaining gaps
        for milestone in best:
            chosen[milestone.id] = milestone
            missing -= set(milestone.raises.items())
    return _in_work_order([milestone for milestone in milestones if milestone.id in chosen])


def _gaps_per_hour(bundle: Sequence[Milestone], missing: set[tuple[str, int]]) -> float:
    closed = {pair for milestone in bundle for pair in milestone.raises.items()} & missing
    return len(closed) / max(1, sum(milestone.hours for milestone in bundle))


def _with_prerequisites(
    milestone: Milestone, by_id: Mapping[str, Milestone], have: Levels, chosen: Mapping[str, Milestone]
) -> tuple[Milestone, ...]:
    """Bundle a milestone with everything that still has to come before it."""
    bundle: dict[str, Milestone] = {}
    waiting = [milestone]
    while waiting:
        current = waiting.pop()
        if current.id in bundle or current.id in chosen:
            continue
        bundle[current.id] = current
        waiting += [by_id[id_] for id_ in current.requires if id_ in by_id and not _reached(by_id[id_], have)]
    return tuple(bundle.values())


def _reached(milestone: Milestone, have: Levels) -> bool:
    return all(have.get(skill, 0) >= level for skill, level in milestone.raises.items())


def _in_work_order(milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Sort milestones: prerequisites first, then lower levels, then the pack's order."""
    by_id = {milestone.id: milestone for milestone in milestones}
    requires = {id_: [other for other in milestone.requires if other in by_id] for id_, milestone in by_id.items()}
    # The pack check reports cycles. In an unchecked pack, milestones in a cycle are left out.
    return tuple(by_id[id_] for id_ in in_order(requires, lambda id_: max(by_id[id_].raises.values())))


def build_plan(
    milestones: Sequence[Milestone], target: Target, *, hours_per_week: int, target_date: date | None, today: date
) -> Plan:
    """Make a plan that closes the gaps of `target`, laid out from this week on, or from Monday if this week is nearly over."""
    chosen = choose_milestones(milestones, target.have, target.need)
    numbers = {milestone.id: number for number, milestone in enumerate(chosen, 1)}
    steps = tuple(
        PlanStep(
            number=numbers[milestone.id],
            text=milestone.text,
            hours=milestone.hours,
            origin=f"{MILESTONE_PREFIX}{milestone.id}",
            reason=_reason(milestone, target),
            done_when=milestone.done_when,
            requires=tuple(numbers[id_] for id_ in milestone.requires if id_ in numbers),
        )
        for milestone in chosen
    )
    plan = Plan(
        title=target.title,
        hours_per_week=hours_per_week,
        target_date=target_date,
        next_number=len(steps) + 1,
        steps=steps,
    )
    return lay_out(plan, first_full_week(today))


def _reason(milestone: Milestone, target: Target) -> str:
    """Explain in a few words why a milestone is in the plan."""
    for skill, level in milestone.raises.items():
        have, need = target.have.get(skill, 0), target.need.get(skill, 0)
        if have < level <= need:
            name = target.names.get(skill, skill)
            return f"Takes {name} from {have} to {level}{'' if level == need else f' (target {need})'}"
    return "Other steps build on it"


def misses_target_date(plan: Plan) -> bool:
    """Check whether the pack's steps end after the week of the target date. The learner's own steps may go on longer."""
    return bool(plan.target_date and plan.milestones_end and monday(plan.milestones_end) > plan.target_date)


def hours_to_meet_target_date(plan: Plan, today: date) -> int | None:
    """Find the fewest hours per week that finish the pack's steps in time; None if even the maximum isn't enough."""
    for hours in range(plan.hours_per_week + 1, MAX_HOURS_PER_WEEK + 1):
        if not misses_target_date(lay_out(replace(plan, hours_per_week=hours), week_to_lay_out(plan, today))):
            return hours
    return None
