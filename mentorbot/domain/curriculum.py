"""The way from the levels one has to the levels a title asks for: which pieces of work, in which order, and why. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, Plan, PlanStep, monday
from mentorbot.domain.plan_layout import lay_out

Levels = Mapping[str, int]
"""Skill id: level 0-4."""


@dataclass(frozen=True, slots=True)
class SkillGap:
    """One skill in which there is something to learn."""

    skill: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """A piece of work that a plan can hold: a milestone of the pack. `raises` says which level of which skill it leads to."""

    id: str
    text: str
    hours: int
    raises: Levels
    requires: tuple[str, ...] = ()
    done_when: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan is made for: the levels one has and needs, the names of the skills, and how the title is called."""

    title: str
    have: Levels
    need: Levels
    names: Mapping[str, str] = field(default_factory=dict)


def gaps(have: Levels, need: Levels) -> tuple[SkillGap, ...]:
    """The skills in which `have` falls short of `need`, in the order of `need`."""
    found = (SkillGap(skill, have.get(skill, 0), level) for skill, level in need.items())
    return tuple(gap for gap in found if gap.have < gap.need)


def choose(work: Sequence[Milestone], have: Levels, need: Levels) -> tuple[Milestone, ...]:
    """The pieces of work that fill every gap, level by level, prerequisites first; cheap ones that fill much are preferred.

    A prerequisite that leads only to levels one has already is left out. Repeatable: the order of `work` decides ties.
    """
    by_id = {one.id: one for one in work}
    wanted = {(gap.skill, level) for gap in gaps(have, need) for level in range(gap.have + 1, gap.need + 1)}
    chosen: dict[str, Milestone] = {}
    while wanted:
        offers = [_with_prerequisites(one, by_id, have, chosen) for one in work if one.id not in chosen]
        best = max(offers, key=lambda offer: _worth(offer, wanted), default=())
        if not best or _worth(best, wanted) == 0:
            break  # the pack has nothing for what is left
        for one in best:
            chosen[one.id] = one
            wanted -= set(one.raises.items())
    return _ordered([one for one in work if one.id in chosen])


def _worth(offer: Sequence[Milestone], wanted: set[tuple[str, int]]) -> float:
    filled = {pair for one in offer for pair in one.raises.items()} & wanted
    return len(filled) / max(1, sum(one.hours for one in offer))


def _with_prerequisites(
    one: Milestone, by_id: Mapping[str, Milestone], have: Levels, chosen: Mapping[str, Milestone]
) -> tuple[Milestone, ...]:
    """A piece of work with all that it still needs before it."""
    found: dict[str, Milestone] = {}
    waiting = [one]
    while waiting:
        current = waiting.pop()
        if current.id in found or current.id in chosen:
            continue
        found[current.id] = current
        waiting += [by_id[name] for name in current.requires if name in by_id and not _held(by_id[name], have)]
    return tuple(found.values())


def _held(one: Milestone, have: Levels) -> bool:
    return all(have.get(skill, 0) >= level for skill, level in one.raises.items())


def _ordered(work: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Prerequisites first, then lower levels, then the pack's order."""
    place = {one.id: number for number, one in enumerate(work)}
    before = {one.id: {name for name in one.requires if name in place} for one in work}
    heap = [(max(one.raises.values()), place[one.id]) for one in work if not before[one.id]]
    heapq.heapify(heap)
    order: list[Milestone] = []
    while heap:
        one = work[heapq.heappop(heap)[1]]
        order.append(one)
        for other in work:
            if one.id in before[other.id]:
                before[other.id].discard(one.id)
                if not before[other.id]:
                    heapq.heappush(heap, (max(other.raises.values()), place[other.id]))
    return tuple(order)


def build(work: Sequence[Milestone], aim: Target, *, pace: int, by: date | None, today: date) -> Plan:
    """A plan for the gaps of `aim`, laid out from `today`'s week on."""
    chosen = choose(work, aim.have, aim.need)
    numbers = {one.id: number for number, one in enumerate(chosen, 1)}
    steps = tuple(
        PlanStep(
            numbers[one.id],
            one.text,
            one.hours,
            origin=f"milestone:{one.id}",
            reason=_reason(one, aim),
            done_when=one.done_when,
            requires=tuple(numbers[name] for name in one.requires if name in numbers),
        )
        for one in chosen
    )
    plan = Plan(title=aim.title, hours_per_week=pace, target_date=by, next_number=len(steps) + 1, steps=steps)
    return lay_out(plan, monday(today))


def _reason(one: Milestone, aim: Target) -> str:
    """Why a piece of work is in the plan, in a few words."""
    for skill, level in one.raises.items():
        have, need = aim.have.get(skill, 0), aim.need.get(skill, 0)
        if have < level <= need:
            return (
                f"{aim.names.get(skill, skill)}: you are at {have}, this title needs {need}; this takes you to {level}"
            )
    return "other steps build on it"


def too_late(plan: Plan) -> bool:
    """Whether the pack's steps end after the week in which they should; the learner's own may go on."""
    return bool(plan.target_date and plan.milestones_end and monday(plan.milestones_end) > plan.target_date)


def enough_hours(plan: Plan, today: date) -> int | None:
    """The fewest hours a week with which the pack's steps end in time; None when even the most do not suffice."""
    for hours in range(plan.hours_per_week + 1, MAX_HOURS_PER_WEEK + 1):
        if not too_late(lay_out(replace(plan, hours_per_week=hours), monday(today))):
            return hours
    return None
