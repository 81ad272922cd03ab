"""Progress as pictures: levels then and now, and the burn-up of plans. Each says in words all that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mentorbot.chat.cards import Chart, ChartImage, Series
from mentorbot.domain.progress import BurnUp
from mentorbot.packs.schema import Skill

TOP_LEVEL = 4


def levels_picture(
    skills: Sequence[Skill], then: Mapping[str, int], now: Mapping[str, int], target: Mapping[str, int]
) -> ChartImage:
    """Bars for each skill: the first level, the present one, and a mark for the target."""
    labels = tuple(skill.title for skill in skills)
    series = [
        Series("At first", _values(skills, then), "before"),
        Series("Now", _values(skills, now), "main"),
    ]
    if target:
        series.append(Series("Target", _values(skills, target), "goal"))
    told = (_level_words(skill, then, now, target) for skill in skills)
    return ChartImage(
        "levels", "Levels from 0 to 4. " + " ".join(told), Chart("bars", labels, tuple(series), "level", TOP_LEVEL)
    )


def _values(skills: Sequence[Skill], levels: Mapping[str, int]) -> tuple[float | None, ...]:
    return tuple(levels.get(skill.id) for skill in skills)


def _level_words(skill: Skill, then: Mapping[str, int], now: Mapping[str, int], target: Mapping[str, int]) -> str:
    told = [f"at first {then[skill.id]}"] if skill.id in then else []
    told += [f"now {now[skill.id]}"] if skill.id in now else ["not assessed"]
    told += [f"target {target[skill.id]}"] if skill.id in target else []
    return f"{skill.title}: {', '.join(told)}."


def burn_up_picture(found: BurnUp) -> ChartImage:
    """Lines over the weeks: hours done, and hours as planned from here on."""
    done = [hours for hours in found.done if hours is not None]
    planned = [hours for hours in found.planned if hours is not None]
    chart = burn_up_chart(found)
    now = done[-1] if done else 0
    end = f"{planned[-1]} hours by the week of {found.weeks[-1]:%-d %B %Y}" if planned else "nothing more"
    return ChartImage("burn-up", f"{now} hours done so far. Planned: {end}.", chart)


def burn_up_chart(found: BurnUp) -> Chart:
    """The chart alone."""
    labels = tuple(f"{week:%-d %b}" for week in found.weeks)
    return Chart("lines", labels, (Series("Done", found.done, "main"), Series("Plan", found.planned, "goal")), "hours")
