"""Gaps a pack's plans leave: milestones no plan can contain, readings nobody sees, levels nothing leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mentorbot.domain.plan import MAX_HOURS_PER_WEEK
from mentorbot.domain.plan_builder import WEEKS_PER_YEAR, build_plan, choose_milestones
from mentorbot.packs.cross_checks import FilesByKind
from mentorbot.packs.issues import PackIssue
from mentorbot.packs.schema import Pack, Title

_ANY_MONDAY = date(2026, 1, 5)
"""Plans are laid out from here to see how long they take. Any other Monday would do."""


def coverage_hints(files: FilesByKind, pack: Pack) -> Iterator[PackIssue]:
    """Find what no plan shows, in a pack without issues. `files` are the pack's own."""
    planned = planned_milestones(pack)
    yield from _unplanned(files, planned)
    yield from _unseen_resources(files, pack, planned)
    yield from _levels_without_milestones(files, pack)
    yield from _titles_too_soon(files, pack)


def planned_milestones(pack: Pack) -> frozenset[str]:
    """Collect the milestones (ids) that some plan can contain, for some title and some levels to start from."""
    levels = [dict.fromkeys(pack.skill_titles, level) for level in range(5)]
    levels += [dict(persona.levels) for persona in pack.personas]
    planned = {id_ for title in pack.titles.titles for start in levels for id_ in _chosen(pack, title, start)}
    for milestone in pack.milestones.values():
        for title in pack.titles.titles if milestone.id not in planned else ():
            just_below = {skill: level - 1 for skill, level in milestone.raises.items()}
            planned |= _chosen(pack, title, {**title.needs, **just_below})
    return frozenset(planned)


def _chosen(pack: Pack, title: Title, levels: Mapping[str, int]) -> set[str]:
    return {milestone.id for milestone in choose_milestones(pack.plan_milestones, pack.target(title.id, levels))}


def _unplanned(files: FilesByKind, planned: frozenset[str]) -> Iterator[PackIssue]:
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            if milestone.id not in planned:
                fix = (
                    "name titles under `always`, raise a level a title needs for fewer hours, or let another require it"
                )
                yield file.issue(("milestones", index, "id"), f"no plan can contain `{milestone.id}`", fix)


def _unseen_resources(files: FilesByKind, pack: Pack, planned: frozenset[str]) -> Iterator[PackIssue]:
    seen = {reading.resource for id_ in planned for reading in pack.milestones[id_].readings}
    seen |= {resource.id for skill in pack.skills for resource in pack.reading_on(skill.id)}
    for resources, file in files["resources"]:
        for index, resource in enumerate(resources.resources):
            if resource.id not in seen:
                fix = "recommend it under `readings` of a milestone, or move it up in this file"
                yield file.issue(
                    ("resources", index, "id"), f"nobody sees `{resource.id}` in a plan or on a skill", fix
                )


def _levels_without_milestones(files: FilesByKind, pack: Pack) -> Iterator[PackIssue]:
    reached = {pair for milestone in pack.milestones.values() for pair in milestone.raises.items()}
    for skill, file in files["skills"]:
        needed = max((title.needs.get(skill.id, 0) for title in pack.titles.titles), default=0)
        missing = [str(level) for level in range(1, needed + 1) if (skill.id, level) not in reached]
        if missing:
            problem = f"no milestone leads to level {', '.join(missing)} of `{skill.id}`, which a title needs"
            yield file.issue(("levels",), problem, f"add one, e.g. with raises: {{{skill.id}: {missing[0]}}}")
        elif not any(name == skill.id for name, _ in reached):
            yield file.issue(("title",), f"no milestone raises `{skill.id}`", "add one for each level")


def _titles_too_soon(files: FilesByKind, pack: Pack) -> Iterator[PackIssue]:
    """Find titles that a plan from scratch promises sooner than their `years`."""
    for titles, file in files["titles"]:
        for index, title in enumerate(titles.titles):
            weeks = _fewest_weeks(pack, title)
            if weeks < title.years * WEEKS_PER_YEAR:
                problem = f"a plan from scratch reaches `{title.id}` in week {weeks}, and `years` says {title.years}"
                fix = "add a milestone with is_job: true to every plan for it"
                yield file.issue(("titles", index, "years"), problem, fix)


def _fewest_weeks(pack: Pack, title: Title) -> int:
    target = pack.target(title.id, {})
    plan = build_plan(
        pack.plan_milestones, target, hours_per_week=MAX_HOURS_PER_WEEK, target_date=None, today=_ANY_MONDAY
    )
    return (plan.milestones_end - _ANY_MONDAY).days // 7 + 1 if plan.milestones_end else 0
