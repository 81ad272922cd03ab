"""What a new version of a pack changes for the people who learn from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mentorbot.packs.schema import Milestone, Pack


def differences(old: Pack, new: Pack) -> list[str]:
    """List the changes in sentences, those that touch people's plans first; empty if nothing changes for learners."""
    return [
        *_of_milestones(old.milestones, new.milestones),
        *_of_titles(old, new),
        *_of_skills(old, new),
        *_of_pay(old, new),
        *_added_and_removed("tip", _titles_of_tips(old), _titles_of_tips(new)),
        *_added_and_removed("recall question", _recall(old), _recall(new)),
        *_added_and_removed("short answer", _answers(old), _answers(new)),
        *_added_and_removed("interview question", _interview(old), _interview(new)),
        *_added_and_removed("resource", {r.id: r.title for r in old.resources}, {r.id: r.title for r in new.resources}),
        *_added_and_removed("question", {f.id: f.question for f in old.faq}, {f.id: f.question for f in new.faq}),
    ]


def _of_milestones(old: Mapping[str, Milestone], new: Mapping[str, Milestone]) -> Iterator[str]:
    for gone in sorted(old.keys() - new.keys()):
        title = old[gone].title
        yield f"The milestone {gone} (“{title}”) is gone: steps made from it keep their title and lose their instructions."
    for added in sorted(new.keys() - old.keys()):
        yield f"There's a new milestone, {added} (“{new[added].title}”), {new[added].hours} h."
    for same in sorted(old.keys() & new.keys()):
        before, after = old[same], new[same]
        if before.title != after.title:
            yield f"{same} is called “{after.title}” now; steps made earlier keep “{before.title}”."
        if before.hours != after.hours:
            yield f"{same} takes {after.hours} h instead of {before.hours}."
        if dict(before.raises) != dict(after.raises):
            yield f"{same} leads to {_levels(after.raises)} instead of {_levels(before.raises)}."
        if set(before.requires) != set(after.requires):
            first, then = (", ".join(milestone.requires) or "nothing" for milestone in (before, after))
            yield f"{same} comes after {then} instead of {first}."
        if before.calendar != after.calendar:
            yield f"{same} takes at least {after.calendar} weeks instead of {before.calendar}."
        if (before.do, before.first, before.evidence) != (after.do, after.first, after.evidence):
            yield f"{same} has new instructions, which open steps show at once."


def _of_titles(old: Pack, new: Pack) -> Iterator[str]:
    before, after = ({title.id: title for title in pack.titles.titles} for pack in (old, new))
    for gone in sorted(before.keys() - after.keys()):
        yield f"The title {gone} is gone: plans for it stay, and can't be made again."
    for added in sorted(after.keys() - before.keys()):
        yield f"There's a new title, {added}."
    for same in sorted(before.keys() & after.keys()):
        if dict(before[same].needs) != dict(after[same].needs):
            yield f"{same} needs {_levels(after[same].needs)} instead of {_levels(before[same].needs)}."


def _of_skills(old: Pack, new: Pack) -> Iterator[str]:
    before, after = ({skill.id: skill for skill in pack.skills} for pack in (old, new))
    for gone in sorted(before.keys() - after.keys()):
        yield f"The skill {gone} is gone: people's levels in it no longer count."
    for added in sorted(after.keys() - before.keys()):
        yield f"There's a new skill, {added}: people are asked for their level in it."
    for same in sorted(before.keys() & after.keys()):
        for level, (one, other) in enumerate(zip(before[same].levels, after[same].levels, strict=True)):
            if one != other:
                yield f"Level {level} of {same} means something else now."


def _of_pay(old: Pack, new: Pack) -> Iterator[str]:
    if old.salaries != new.salaries:
        yield "The pay figures are gone." if new.salaries is None else "The pay figures have changed."


def _levels(levels: Mapping[str, int]) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in sorted(levels.items())) or "no level"


def _titles_of_tips(pack: Pack) -> dict[str, str]:
    return {tip_id: tip.title for tip_id, (tip, _) in pack.tips_by_id.items()}


def _recall(pack: Pack) -> dict[str, str]:
    return {question_id: question.question for question_id, (question, _) in pack.recall_by_id.items()}


def _answers(pack: Pack) -> dict[str, str]:
    return {answer.id: answer.question for answers in pack.answers for answer in answers.answers}


def _interview(pack: Pack) -> dict[str, str]:
    return {question.id: question.question for entry in pack.interview for question in entry.questions}


def _added_and_removed(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    reworded = [same for same in sorted(old.keys() & new.keys()) if old[same] != new[same]]
    for words, ids in (("new", added), ("gone", removed), ("reworded", reworded)):
        if ids:
            yield f"{len(ids)} {what}{'' if len(ids) == 1 else 's'} {words}: {', '.join(ids)}."
