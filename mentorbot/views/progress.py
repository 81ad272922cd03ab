"""Progress as a card: steps done, this week, the streak and levels, with charts and the same figures in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mentorbot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    ChartImage,
    FieldList,
    Footnote,
    Heading,
    Paragraph,
    Series,
    rich,
)
from mentorbot.domain.plan import PlanStep, monday
from mentorbot.domain.progress_figures import BurnUp, LearnerProgress, burn_up
from mentorbot.packs.schema import Pack, Skill

MAX_LEVEL = 4


def progress_card(pack: Pack, progress: LearnerProgress) -> Card:
    """A learner's own progress."""
    if progress.is_empty:
        text = Paragraph(rich("There is nothing to show yet. Tell me where you stand, or let me make you a plan."))
        first_steps = Buttons((Button("Assess myself", "assess", "primary"), Button("Make me a plan", "plan new")))
        return Card("Your progress", (text, first_steps))
    buttons = (
        Button("My plan", "plan show", "primary"),
        Button("Assess again", "assess"),
        Button("Portfolio", "portfolio"),
    )
    return Card("Your progress", (*progress_blocks(pack, progress), Buttons(buttons)))


def progress_blocks(pack: Pack, progress: LearnerProgress) -> list[Block]:
    """Progress as the learner sees it, and a mentor they share it with."""
    learner = progress.snapshot
    blocks: list[Block] = [FieldList(tuple((name, rich(text)) for name, text in _fields(pack, progress)))]
    if learner.plan.steps:
        blocks.append(_burn_up_image(burn_up([learner.plan], learner.week)))
    if progress.levels:
        note = "Levels are the learner's own view; milestones that are done count with the level they lead to."
        blocks += [Heading("Levels"), _levels_image(pack, progress), Footnote(rich(note))]
    return blocks


def _fields(pack: Pack, progress: LearnerProgress) -> Iterable[tuple[str, str]]:
    plan, count = progress.snapshot.plan, progress.steps_done
    if plan.title:
        yield "Aim", pack.title_name(plan.title)
    yield "Done", f"{count} step{'s' if count != 1 else ''}, {plan.hours_done} of {plan.hours_total} hours"
    yield "This week", _this_week(progress.hours_worked, progress.hours_ahead)
    yield "Check-ins in a row", str(progress.streak)
    if plan.end_date:
        yield "Ends", f"in the week of {monday(plan.end_date):%-d %B %Y}, at {plan.hours_per_week} hours a week"
    for step in progress.snapshot.plan.blocked:
        yield "Blocked", f"step {step.number}, {_blocked_since(step)}: {step.blocker}"


def _this_week(worked: int, ahead: int) -> str:
    if not worked and not ahead:
        return "nothing planned"
    return f"{worked} hour{'s' if worked != 1 else ''} worked, {ahead or 'no'} more planned"


def _blocked_since(step: PlanStep) -> str:
    return f"since {step.status_since:%-d %B}" if step.status_since else "for a while"


def _levels_image(pack: Pack, progress: LearnerProgress) -> ChartImage:
    """A bar chart with each skill's first level, present level, and target."""
    target = pack.title_needs(progress.snapshot.plan.title)
    series = [
        Series("At first", _values(pack, progress.first_levels), "before"),
        Series("Now", _values(pack, progress.levels), "main"),
        *([Series("Target", _values(pack, target), "goal")] if target else []),
    ]
    words = " ".join(_level_text(skill, progress, target) for skill in pack.skills)
    chart = Chart("bars", labels=tuple(pack.skill_titles.values()), series=tuple(series), unit="level", high=MAX_LEVEL)
    return ChartImage("levels", f"Levels from 0 to {MAX_LEVEL}. {words}", chart)


def _values(pack: Pack, levels: Mapping[str, int]) -> tuple[float | None, ...]:
    return tuple(levels.get(skill.id) for skill in pack.skills)


def _level_text(skill: Skill, progress: LearnerProgress, target: Mapping[str, int]) -> str:
    first, now = progress.first_levels.get(skill.id), progress.levels.get(skill.id)
    words = [] if first is None else [f"at first {first}"]
    words.append("not assessed" if now is None else f"now {now}")
    words += [f"target {target[skill.id]}"] if skill.id in target else []
    return f"{skill.title}: {', '.join(words)}."


def _burn_up_image(totals: BurnUp) -> ChartImage:
    worked = [hours for hours in totals.done if hours is not None]
    planned = [hours for hours in totals.planned if hours is not None]
    end = f"{planned[-1]} hours by the week of {totals.weeks[-1]:%-d %B %Y}" if planned else "nothing more"
    text = f"{worked[-1] if worked else 0} hours done so far. Planned: {end}."
    return ChartImage("burn-up", text, burn_up_chart(totals))


def burn_up_chart(totals: BurnUp) -> Chart:
    """A line chart by week: hours done, and hours planned from now on."""
    labels = tuple(f"{week:%-d %b}" for week in totals.weeks)
    series = (Series("Done", totals.done, "main"), Series("Plan", totals.planned, "goal"))
    return Chart("lines", labels=labels, series=series, unit="hours")
