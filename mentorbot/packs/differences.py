"""Changes a new version of a pack brings to the people who learn from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Protocol, TypeVar

from mentorbot.packs.schema import Milestone, Pack, PackModel, Skill, Title

_INSTRUCTIONS = {"do", "first", "evidence", "readings", "smaller", "swap", "without_job"}
"""Fields that a step made from a milestone shows, looked up in the pack each time."""
_PLACE_IN_PLANS = {"always", "after", "alternatives", "skip_at", "is_job"}


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_HasId)


def differences(old: Pack, new: Pack) -> list[str]:
    """List the changes in sentences, those that touch people's plans first; empty if nothing changes for learners."""
    changes = [
        *_of_milestones(old.milestones, new.milestones),
        *_of_titles(_by_id(old.titles.titles), _by_id(new.titles.titles)),
        *_of_skills(_by_id(old.skills), _by_id(new.skills)),
        *_of_pay(old, new),
    ]
    if (old.info.title, old.info.summary) != (new.info.title, new.info.summary):
        changes.append("The role has a new name or summary.")
    after = _other_entries(new)
    for what, before in _other_entries(old).items():
        changes += _of_entries(what, before, after[what])
    return changes


def _of_milestones(old: Mapping[str, Milestone], new: Mapping[str, Milestone]) -> Iterator[str]:
    for gone in sorted(old.keys() - new.keys()):
        title = old[gone].title
        yield f"The milestone {gone} (“{title}”) is gone: steps made from it keep their title and lose their instructions."
    for added in sorted(new.keys() - old.keys()):
        yield f"There's a new milestone, {added} (“{new[added].title}”), {new[added].hours} h."
    for same in sorted(old.keys() & new.keys()):
        yield from _of_milestone(same, old[same], new[same])


def _of_milestone(name: str, before: Milestone, after: Milestone) -> Iterator[str]:
    if before.title != after.title:
        yield f"{name} is called “{after.title}” now; steps made earlier keep “{before.title}”."
    if before.hours != after.hours:
        yield f"{name} takes {after.hours} h instead of {before.hours}."
    if dict(before.raises) != dict(after.raises):
        yield f"{name} leads to {_levels(after.raises)} instead of {_levels(before.raises)}."
    if set(before.requires) != set(after.requires):
        first, then = (", ".join(milestone.requires) or "nothing" for milestone in (before, after))
        yield f"{name} comes after {then} instead of {first}."
    if before.calendar != after.calendar:
        yield f"{name} takes at least {after.calendar} weeks instead of {before.calendar}."
    if _differ(before, after, _PLACE_IN_PLANS):
        yield f"{name} is chosen or placed differently in new plans."
    if _differ(before, after, _INSTRUCTIONS):
        yield f"{name} has new instructions, which open steps show at once."


def _of_titles(old: Mapping[str, Title], new: Mapping[str, Title]) -> Iterator[str]:
    for gone in sorted(old.keys() - new.keys()):
        yield f"The title {gone} is gone: plans for it stay, and can't be made again."
    for added in sorted(new.keys() - old.keys()):
        yield f"There's a new title, {added}."
    for same in sorted(old.keys() & new.keys()):
        before, after = old[same], new[same]
        if dict(before.needs) != dict(after.needs):
            yield f"{same} needs {_levels(after.needs)} instead of {_levels(before.needs)}."
        if before.years != after.years:
            yield f"{same} takes {after.years} years or more from scratch instead of {before.years}."
        if _differ(before, after, {"name", "level", "focus", "first_job", "advice"}):
            yield f"{same} is described differently."


def _of_skills(old: Mapping[str, Skill], new: Mapping[str, Skill]) -> Iterator[str]:
    for gone in sorted(old.keys() - new.keys()):
        yield f"The skill {gone} is gone: people's levels in it no longer count."
    for added in sorted(new.keys() - old.keys()):
        yield f"There's a new skill, {added}: people are asked for their level in it."
    for same in sorted(old.keys() & new.keys()):
        before, after = old[same], new[same]
        for level, (one, other) in enumerate(zip(before.levels, after.levels, strict=True)):
            if one != other:
                yield f"Level {level} of {same} means something else now."
        if _differ(before, after, {"title", "short", "in_short", "body"}):
            yield f"{same} is described differently."


def _of_pay(old: Pack, new: Pack) -> Iterator[str]:
    if old.salaries != new.salaries:
        yield "The pay figures are gone." if new.salaries is None else "The pay figures have changed."


def _other_entries(pack: Pack) -> dict[str, Mapping[str, PackModel]]:
    """List everything else people see, by what it's called and by id."""
    return {
        "sources": _by_id(pack.info.sources),
        "sections": _by_id(pack.sections),
        "responsibilities": _by_id(pack.responsibilities),
        "steps of the path": _by_id(pack.path),
        "personas": _by_id(pack.personas),
        "tips": _by_id(chain.from_iterable(tips.tips for tips in pack.tips)),
        "recall questions": _by_id(chain.from_iterable(recall.questions for recall in pack.recall)),
        "short answers": _by_id(chain.from_iterable(answers.answers for answers in pack.answers)),
        "interview questions": _by_id(chain.from_iterable(entry.questions for entry in pack.interview)),
        "resources": _by_id(pack.resources),
        "frequent questions": _by_id(pack.faq),
    }


def _of_entries(what: str, old: Mapping[str, PackModel], new: Mapping[str, PackModel]) -> Iterator[str]:
    changed = {same for same in old.keys() & new.keys() if _shown(old[same]) != _shown(new[same])}
    for word, ids in (("New", new.keys() - old.keys()), ("Removed", old.keys() - new.keys()), ("Changed", changed)):
        if ids:
            yield f"{word} {what}: {', '.join(sorted(ids))}."


def _by_id(entries: Iterable[_Entry]) -> Mapping[str, _Entry]:
    return {entry.id: entry for entry in entries}


def _shown(model: PackModel) -> dict[str, object]:
    """The parts of an entry people see by itself: `aliases` only help to find it, and milestones have changes of their own."""
    return model.model_dump(exclude={"aliases", "milestones"})


def _differ(before: PackModel, after: PackModel, fields: set[str]) -> bool:
    return before.model_dump(include=fields) != after.model_dump(include=fields)


def _levels(levels: Mapping[str, int]) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in sorted(levels.items())) or "no level"
