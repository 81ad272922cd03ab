"""Progress as a card: steps done, this week, the streak and levels, with charts and the same figures in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    ChartImage,
    Paragraph,
    Series,
    rich,
)
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.progress_figures import BurnUp, LearnerProgress, burn_up
from mentorbot.packs.schema import Pack, Skill
from mentorbot.slash.choices import short
from mentorbot.views.wording import bar, count, day, of_hours

MAX_LEVEL = 4
MAX_SKILLS_SHOWN = 2
"""Skills with their level in the line; the chart has all of them."""


def progress_card(pack: Pack, progress: LearnerProgress) -> Card:
    """A learner's own progress."""
    if progress.is_empty:
        text = Paragraph(rich("There's nothing to show yet. Three taps, and you have a first step."))
        buttons = Buttons((Button("Make a plan", "start goal:role", "primary"), Button("Take the check", "assess")))
        return Card("Your progress", (text, buttons))
    buttons = Buttons(
        (Button("My plan", "plan show", "primary"), Button("Portfolio", "portfolio"), Button("Update levels", "assess"))
    )
    plan = progress.snapshot.plan
    name = pack.title_name(plan.title) or "Your plan"
    title = f"{name} {bar(plan.hours_done, plan.hours_total)} {of_hours(plan.hours_done, plan.hours_total)}"
    return Card(title if plan.steps else "Your levels", (*progress_blocks(pack, progress), buttons))


def progress_blocks(pack: Pack, progress: LearnerProgress) -> list[Block]:
    """Progress as the learner sees it, and a mentor they share it with."""
    learner = progress.snapshot
    blocks: list[Block] = [Paragraph(rich(text)) for text in _lines(pack, progress)]
    if learner.plan.steps:
        blocks.append(_burn_up_image(burn_up([learner.plan], learner.week)))
    if progress.levels:
        blocks.append(_levels_image(pack, progress))
    return blocks


def _lines(pack: Pack, progress: LearnerProgress) -> Iterable[str]:
    learner = progress.snapshot
    if learner.plan.steps:
        total = sum(step.state is not StepState.DROPPED for step in learner.plan.steps)
        streak = f" Streak: {count(progress.streak, 'week')}." if progress.streak else ""
        yield f"{progress.steps_done} of {count(total, 'step')}.{streak}"
    if progress.levels:
        yield levels_line(pack, progress.levels, learner.plan.title)
    yield from _stuck(learner.plan.blocked, learner.today)
    if learner.plan.end_date:
        yield f"On course for {day(learner.plan.end_date, learner.today)}."


def levels_line(pack: Pack, levels: Mapping[str, int], title: str) -> str:
    """Word levels in a line: "Cloud 1 of 1, ML infrastructure 1 of 2, 5 more". The highest come first."""
    needs = pack.title_needs(title)
    skills = sorted((skill for skill in pack.skill_names if skill in levels or skill in needs), key=_highest(levels))
    shown = [
        f"{pack.skill_names[skill]} {_level_of(levels.get(skill, 0), needs.get(skill, 0))}"
        for skill in skills[:MAX_SKILLS_SHOWN]
    ]
    more = [f"{len(skills) - MAX_SKILLS_SHOWN} more"] if len(skills) > MAX_SKILLS_SHOWN else []
    return ", ".join([*shown, *more])


def _level_of(level: int, need: int) -> str:
    """Word a level as a part of the one that's needed: “1 of 2”; alone if it isn't needed or is higher."""
    return f"{level} of {need}" if need and level <= need else str(level)


def _highest(levels: Mapping[str, int]) -> Callable[[str], int]:
    return lambda skill: -levels.get(skill, 0)


def _stuck(steps: Sequence[PlanStep], today: date) -> Iterable[str]:
    if steps:
        step, more = steps[0], f", and {len(steps) - 1} more" if len(steps) > 1 else ""
        yield f"Stuck{_since(step, today)}: {short(step.text, 60)}, “{short(step.blocker, 80)}”{more}"


def _since(step: PlanStep, today: date) -> str:
    return f" since {day(step.status_since, today)}" if step.status_since else ""


def _levels_image(pack: Pack, progress: LearnerProgress) -> ChartImage:
    """A bar chart with each skill's first level, present level, and target."""
    target = pack.title_needs(progress.snapshot.plan.title)
    series = [
        Series("Start", _values(pack, progress.first_levels), "before"),
        Series("Now", _values(pack, progress.levels), "main"),
        *([Series("Target", _values(pack, target), "goal")] if target else []),
    ]
    words = " ".join(_level_text(pack, skill, progress, target) for skill in pack.skills)
    chart = Chart("bars", labels=tuple(pack.skill_names.values()), series=tuple(series), unit="level", high=MAX_LEVEL)
    return ChartImage("levels", f"Levels from 0 to {MAX_LEVEL}. {words}", chart)


def _values(pack: Pack, levels: Mapping[str, int]) -> tuple[float | None, ...]:
    return tuple(levels.get(skill.id) for skill in pack.skills)


def _level_text(pack: Pack, skill: Skill, progress: LearnerProgress, target: Mapping[str, int]) -> str:
    first, now = progress.first_levels.get(skill.id), progress.levels.get(skill.id)
    words = [] if first is None else [f"started at {first}"]
    words.append("not rated yet" if now is None else f"now {now}")
    words += [f"target {target[skill.id]}"] if skill.id in target else []
    return f"{pack.skill_names[skill.id]}: {', '.join(words)}."


def _burn_up_image(totals: BurnUp) -> ChartImage:
    worked = [hours for hours in totals.done if hours is not None]
    planned = [hours for hours in totals.planned if hours is not None]
    end = f"{planned[-1]} h by the week of {dates.long_day(totals.weeks[-1], year=True)}" if planned else "nothing more"
    text = f"{worked[-1] if worked else 0} h worked so far. Planned: {end}."
    return ChartImage("burn-up", text, burn_up_chart(totals))


def burn_up_chart(totals: BurnUp) -> Chart:
    """A line chart by week: hours worked, and hours planned from now on."""
    labels = tuple(dates.short_day(week) for week in totals.weeks)
    series = (Series("Worked", totals.done, "main"), Series("Plan", totals.planned, "goal"))
    return Chart("lines", labels=labels, series=series, unit="hours")
