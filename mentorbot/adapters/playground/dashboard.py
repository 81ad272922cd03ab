"""What the dashboard shows of a mentor's learners, as frozen data. The page draws it; where it comes from is said elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from pydantic import TypeAdapter

from mentorbot.cards import Chart


@dataclass(frozen=True, slots=True)
class Blocked:
    """A step that does not go on: since which day, and why, as far as they are known."""

    step: str
    since: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Learner:
    """How far one person has come. `now` is the step they are at; `done` and `open` count steps."""

    name: str
    now: str
    done: int
    open: int
    hours_done: int
    hours_all: int
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`burn_up` is a chart of lines over weeks (done, and the goal), `rate` one of bars over weeks (share of check-ins, in %).

    Each series has a value for each label or None, as in every chart. None in place of a chart: there is nothing to draw yet.
    """

    title: str
    people: tuple[Learner, ...] = ()
    burn_up: Chart | None = None
    rate: Chart | None = None
    note: str = ""


Overview: TypeAlias = Callable[[str, bool], Awaitable[Dashboard]]
"""Makes the dashboard of a person (their id, and whether they are an admin)."""

_DASHBOARD = TypeAdapter(Dashboard)


async def nothing_yet(_person: str, _admin: bool) -> Dashboard:
    """The dashboard of somebody who is nobody's mentor."""
    return Dashboard("Your learners")


def dashboard_json(dashboard: Dashboard) -> dict[str, object]:
    """The dashboard as plain JSON values."""
    data: dict[str, object] = _DASHBOARD.dump_python(dashboard, mode="json")
    return data
