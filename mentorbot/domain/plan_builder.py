"""A plan built for a target title: the milestones that close the gap in skill levels, in order and with reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from mentorbot.domain.ordering import in_order
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MILESTONE_PREFIX, Plan, PlanStep, monday
from mentorbot.domain.plan_layout import first_full_week, lay_out, week_to_lay_out

Levels = Mapping[str, int]
"""Levels from 0 to 4 by skill id."""
WEEKS_PER_YEAR = 52
MIN_JOB_WEEKS = 26
"""Shorter than this, the time a title still takes isn't worth a step of its own."""
_LAST_LEVEL = 5
"""Place of work for the end of a plan: after every level."""


@dataclass(frozen=True, slots=True)
class SkillGap:
    """A skill the learner has yet to bring to the level the title needs."""

    skill: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """A piece of work from the pack. `raises` holds the level it leads to, by skill; the other ids are those of milestones.

    It `requires` milestones that come with it into a plan, and comes `after` others only if the plan has them anyway.
    `always` are the titles (ids) whose plans contain it whatever the gaps. One of its `alternatives` in the plan, or finished,
    stands in for it. Anyone who began at one of the levels in `skip_at` doesn't need it. `weeks` is the fewest weeks from its
    first hour to its last. `is_job` marks the job that comes before the title: it lasts as long as the title still takes.
    """

    id: str
    text: str
    hours: int
    raises: Levels
    requires: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    done_when: str = ""
    always: Set[str] = frozenset()
    alternatives: tuple[str, ...] = ()
    skip_at: Levels = field(default_factory=dict)
    weeks: int = 1
    is_job: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The target title (an id) of a plan, with the levels the learner has and those it needs, and skill names by id.

    `name` is the title as people read it, `years` the fewest years of work it takes from scratch, and `first_job` the job that
    comes before it. `began` are the learner's first known levels, `finished` the ids of finished milestones. `is_held` is true
    for someone who has the title today, and so needs nothing but the levels.
    """

    title: str
    have: Levels
    need: Levels
    names: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    years: int = 0
    first_job: str = ""
    began: Levels = field(default_factory=dict)
    finished: Set[str] = frozenset()
    is_held: bool = False

    @property
    def weeks_left(self) -> int:
        """Weeks of work the title still takes: its years, less the share of its levels the learner has already."""
        needed = sum(self.need.values())
        missing = sum(gap.need - gap.have for gap in gaps(self.have, self.need))
        return round(self.years * WEEKS_PER_YEAR * missing / needed) if needed else 0


def gaps(have: Levels, need: Levels) -> tuple[SkillGap, ...]:
    """List the skills where `have` falls short of `need`, in the order of `need`."""
    skills = (SkillGap(skill, have.get(skill, 0), level) for skill, level in need.items())
    return tuple(gap for gap in skills if gap.have < gap.need)


def choose_milestones(milestones: Sequence[Milestone], target: Target) -> tuple[Milestone, ...]:
    """Choose the milestones that belong in every plan for the title, and those that close every gap, prerequisites first.

    Each round takes the milestone that closes the most gaps per hour, together with its prerequisites. Work that leads only to
    levels the learner already has is left out. Deterministic: the order of `milestones` breaks ties.
    """
    choice = _Choice(milestones, target)
    for milestone in choice.candidates:
        if target.title in milestone.always and choice.is_open(milestone) and not target.is_held:
            choice.take(choice.with_prerequisites(milestone))
    while choice.missing:
        # Prerequisites count towards the hours, or a cheap milestone behind an expensive one would look like a bargain.
        bundles = [choice.with_prerequisites(milestone) for milestone in choice.candidates if choice.is_open(milestone)]
        best = max(bundles, key=choice.gaps_per_hour, default=())
        if not best or choice.gaps_per_hour(best) == 0:
            break  # the pack has nothing for the remaining gaps
        choice.take(best)
    return _in_work_order([milestone for milestone in milestones if milestone.id in choice.chosen])


class _Choice:
    """A choice of milestones in the making: those `chosen` so far, and the (skill, level) pairs still `missing`."""

    def __init__(self, milestones: Sequence[Milestone], target: Target) -> None:
        self.candidates = [milestone for milestone in milestones if _suits(milestone, target)]
        self.chosen: dict[str, Milestone] = {}
        self.missing = {
            (gap.skill, level) for gap in gaps(target.have, target.need) for level in range(gap.have + 1, gap.need + 1)
        }
        self._by_id = {milestone.id: milestone for milestone in self.candidates}
        self._have, self._finished = target.have, target.finished
        self._stand_ins = _stand_ins(milestones)

    def is_open(self, milestone: Milestone) -> bool:
        """Check that a milestone is still to be chosen: neither it nor a stand-in is, and it leads somewhere new."""
        settled = self.chosen.keys() | self._finished
        if milestone.id in settled or not self._stand_ins.get(milestone.id, set()).isdisjoint(settled):
            return False
        return not milestone.raises or not all(
            self._have.get(skill, 0) >= level for skill, level in milestone.raises.items()
        )

    def with_prerequisites(self, milestone: Milestone) -> tuple[Milestone, ...]:
        """Bundle a milestone with everything that still has to come before it."""
        bundle: dict[str, Milestone] = {}
        waiting = [milestone]
        while waiting:
            current = waiting.pop()
            if current.id in bundle or not self.is_open(current):
                continue
            bundle[current.id] = current
            waiting += [self._by_id[id_] for id_ in current.requires if id_ in self._by_id]
        return tuple(bundle.values())

    def gaps_per_hour(self, bundle: Sequence[Milestone]) -> float:
        """Rate a bundle by the gaps it closes, per hour of work."""
        closed = {pair for milestone in bundle for pair in milestone.raises.items()} & self.missing
        return len(closed) / max(1, sum(milestone.hours for milestone in bundle))

    def take(self, bundle: Sequence[Milestone]) -> None:
        """Choose a bundle."""
        for milestone in bundle:
            self.chosen[milestone.id] = milestone
            self.missing -= set(milestone.raises.items())


def _suits(milestone: Milestone, target: Target) -> bool:
    """Check that a milestone is for someone who began where the learner did, and a job for the time the title still takes."""
    if milestone.is_job and target.weeks_left < MIN_JOB_WEEKS:
        return False
    return not any(target.began.get(skill, 0) >= level for skill, level in milestone.skip_at.items())


def _stand_ins(milestones: Sequence[Milestone]) -> Mapping[str, set[str]]:
    """Collect each milestone's alternatives, whichever of the two names the other."""
    pairs = [(milestone.id, other) for milestone in milestones for other in milestone.alternatives]
    stand_ins: dict[str, set[str]] = {}
    for one, other in pairs:
        stand_ins.setdefault(one, set()).add(other)
        stand_ins.setdefault(other, set()).add(one)
    return stand_ins


def _in_work_order(milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Sort milestones: prerequisites first, then lower levels, then the pack's order. Work for no level comes last.

    What the next level waits for has that level's place: a CV comes early if a job does.
    """
    by_id = {milestone.id: milestone for milestone in milestones}
    requires: dict[str, list[str]] = {id_: [] for id_ in by_id}
    for before, after in _requirements(milestones):
        requires[after].append(before)
    keys = {id_: _own_key(milestone) for id_, milestone in by_id.items()}
    for id_ in reversed(list(in_order(requires, lambda _: 0))):
        # A job is begun when the way to it is done, and doesn't hurry it.
        if not by_id[id_].is_job:
            for before in requires[id_]:
                keys[before] = min(keys[before], keys[id_])
    # The pack check reports cycles. In an unchecked pack, milestones in a cycle are left out.
    return tuple(by_id[id_] for id_ in in_order(requires, keys.__getitem__))


def _own_key(milestone: Milestone) -> int:
    if milestone.is_job:
        return 3  # between levels 1 and 2, as a job is best begun as soon as it can be
    # Work that needs nothing first, such as choosing the target, comes with level 1.
    last = 1 if not milestone.requires else _LAST_LEVEL
    return 2 * max(milestone.raises.values(), default=last)


def _requirements(milestones: Sequence[Milestone]) -> Iterator[tuple[str, str]]:
    """Yield each of `milestones` that comes before another, with that one. A stand-in comes where the original would."""
    ids, stand_ins = {milestone.id for milestone in milestones}, _stand_ins(milestones)
    for milestone in milestones:
        for id_ in milestone.requires:
            standing_in = stand_ins.get(id_, set()) & ids - {milestone.id}
            yield from ((first, milestone.id) for first in ({id_} if id_ in ids else standing_in))
        yield from ((id_, milestone.id) for id_ in milestone.after if id_ in ids.difference(milestone.requires))


def build_plan(
    milestones: Sequence[Milestone], target: Target, *, hours_per_week: int, target_date: date | None, today: date
) -> Plan:
    """Make a plan that closes the gaps of `target`, laid out from this week on, or from Monday if this week is nearly over."""
    chosen = choose_milestones(milestones, target)
    numbers = {milestone.id: number for number, milestone in enumerate(chosen, 1)}
    required: dict[str, list[int]] = {}
    for first, then in _requirements(chosen):
        required.setdefault(then, []).append(numbers[first])
    steps = tuple(
        PlanStep(
            number=numbers[milestone.id],
            text=milestone.text,
            hours=milestone.hours,
            origin=f"{MILESTONE_PREFIX}{milestone.id}",
            reason=reason,
            done_when=milestone.done_when,
            requires=tuple(required.get(milestone.id, ())),
            weeks=target.weeks_left if milestone.is_job else milestone.weeks,
        )
        for milestone, reason in zip(chosen, _reasons(chosen, target), strict=True)
    )
    plan = Plan(
        title=target.title,
        hours_per_week=hours_per_week,
        target_date=target_date,
        next_number=len(steps) + 1,
        steps=steps,
    )
    return lay_out(plan, first_full_week(today))


def _reasons(chosen: Sequence[Milestone], target: Target) -> Iterator[str]:
    """Explain in a few words why each milestone is in the plan, with the levels reached by the ones before it."""
    texts = {milestone.id: milestone.text for milestone in chosen}
    builds_on = {first: texts[then] for first, then in reversed(list(_requirements(chosen)))}
    levels = dict(target.have)
    for milestone in chosen:
        gained = [(skill, level) for skill, level in milestone.raises.items() if levels.get(skill, 0) < level]
        wanted = [(skill, level) for skill, level in gained if level <= target.need.get(skill, 0)]
        if milestone.is_job:
            yield _job_reason(target)
        elif wanted:
            yield _gain_reason(*wanted[0], levels, target)
        elif milestone.id in builds_on:
            yield f"Comes before “{builds_on[milestone.id]}”"
        else:
            yield f"Part of every plan for {target.name or 'this role'}"
        levels.update(gained)


def _gain_reason(skill: str, level: int, levels: Levels, target: Target) -> str:
    need = target.need[skill]
    aim = "" if level == need else f" (target {need})"
    return f"Takes {target.names.get(skill, skill)} from {levels.get(skill, 0)} to {level}{aim}"


def _job_reason(target: Target) -> str:
    job = f", starting as {target.first_job}" if target.first_job else ""
    return f"{target.name or 'This role'} takes at least {target.years} years of work from scratch{job}"


def misses_target_date(plan: Plan) -> bool:
    """Check whether the pack's steps end after the week of the target date. The learner's own steps may go on longer."""
    return bool(plan.target_date and plan.milestones_end and monday(plan.milestones_end) > plan.target_date)


def hours_to_meet_target_date(plan: Plan, today: date) -> int | None:
    """Find the fewest hours per week that finish the pack's steps in time; None if even the maximum isn't enough."""
    most = replace(plan, hours_per_week=MAX_HOURS_PER_WEEK)
    if misses_target_date(lay_out(most, week_to_lay_out(plan, today))):
        return None  # the weeks some steps take at least are too many, whatever the hours
    for hours in range(plan.hours_per_week + 1, MAX_HOURS_PER_WEEK + 1):
        if not misses_target_date(lay_out(replace(plan, hours_per_week=hours), week_to_lay_out(plan, today))):
            return hours
    return None
