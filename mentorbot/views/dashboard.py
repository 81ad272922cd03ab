"""The dashboard in the shape its page draws: names, figures and charts. Field names are wire names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mentorbot.chat import dates
from mentorbot.chat.cards import Chart, Series
from mentorbot.domain.dashboard import CheckInRate, DashboardFigures, LearnerStanding
from mentorbot.domain.visibility import MIN_GROUP_SIZE
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.progress import burn_up_chart


@dataclass(frozen=True, slots=True)
class BlockedStep:
    """A blocked step, the day it was blocked, and the reason, as far as they're known."""

    step: str
    since: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LearnerSummary:
    """One learner's progress. `now` is the step they're at; `done` and `open` count steps. `to` addresses notes to them."""

    name: str
    now: str
    done: int
    open: int
    hours_done: int
    hours_all: int
    blocked: tuple[BlockedStep, ...] = ()
    to: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the dashboard page shows.

    `burn_up` is a line chart by week (hours worked, and the goal), `rate` a bar chart by week (check-ins held, in %). Either is
    None while there's nothing to draw.
    """

    title: str
    people: tuple[LearnerSummary, ...] = ()
    burn_up: Chart | None = None
    rate: Chart | None = None
    note: str = ""


def dashboard(pack: Pack, figures: DashboardFigures) -> Dashboard:
    """Put figures into words and charts."""
    return Dashboard(
        title="Learning in this workspace" if figures.is_workspace else "Your learners",
        people=tuple(_learner_summary(pack, learner) for learner in figures.learners),
        burn_up=burn_up_chart(figures.burn_up) if figures.burn_up else None,
        rate=_rate_chart(figures.checkin_rate) if figures.checkin_rate else None,
        note=_note(figures),
    )


def _note(figures: DashboardFigures) -> str:
    if figures.is_too_small:
        return f"Shown once there are {MIN_GROUP_SIZE} learners, to protect privacy."
    if figures.is_workspace:
        return "All learners together. Nobody's named." if figures.burn_up else ""
    hidden = figures.hidden
    return f"{hidden} of your learners {'isn' if hidden == 1 else 'aren'}'t sharing progress." if hidden else ""


def _learner_summary(pack: Pack, learner: LearnerStanding) -> LearnerSummary:
    return LearnerSummary(
        name=learner.name,
        now=short(learner.current.text, 100) if learner.current else pack.title_name(learner.title),
        done=learner.done,
        open=learner.open,
        hours_done=learner.hours_done,
        hours_all=learner.hours_total,
        blocked=tuple(
            BlockedStep(short(step.text, 100), step.status_since, short(step.blocker, 200)) for step in learner.blocked
        ),
        to=learner.user_id,
    )


def _rate_chart(rate: CheckInRate) -> Chart:
    labels = tuple(dates.short_day(week) for week in rate.weeks)
    return Chart("bars", labels=labels, series=(Series("Check-ins answered", rate.percentages),), unit="%", high=100)
