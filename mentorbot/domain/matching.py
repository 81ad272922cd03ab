"""The match of learners and mentors: the assignment that is best for everyone together, as a min-cost flow. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

WORKDAY = range(9, 17)
"""Local hours when people can talk to each other."""
# Weights in the cost: for gaps the mentor covers, for each hour both work, for each learner the mentor already has.
_FIT_WEIGHT, _HOUR_WEIGHT, _LOAD_WEIGHT = 100, 5, 12
_COST_SCALE = 1_000
"""The solver needs whole numbers, so costs are scaled up. The scale leaves room for a tie-breaker of up to 255."""
_UNKNOWN_OVERLAP = 4
"""Shared hours to assume if a zone is unknown: half a working day."""
_ANY_SKILL_FIT = 0.6
"""Fit of a mentor who names no skills: better than one whose skills miss the gaps, worse than one whose skills cover them."""


@dataclass(frozen=True, slots=True)
class MentorSearch:
    """A learner looking for a mentor. `gaps` holds the number of missing levels by skill id."""

    id: str
    gaps: Mapping[str, int]
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class MentorCapacity:
    """A mentor with `room` for that many more learners. No `skills` means any; `load` is the number of learners they have."""

    id: str
    skills: frozenset[str] = field(default_factory=frozenset)
    room: int = 1
    load: int = 0
    zone: ZoneInfo | None = None


def fit(search: MentorSearch, mentor: MentorCapacity) -> float:
    """Compute the fraction (0-1) of the learner's gaps that the mentor covers."""
    if not mentor.skills or not search.gaps:
        return _ANY_SKILL_FIT
    return sum(gap for skill, gap in search.gaps.items() if skill in mentor.skills) / sum(search.gaps.values())


def overlap(search: MentorSearch, mentor: MentorCapacity, now: datetime) -> int | None:
    """Count the working hours a day that both share, at the UTC offsets of `now`; None if a zone is unknown."""
    if search.zone is None or mentor.zone is None:
        return None
    return len(_working_hours(search.zone, now) & _working_hours(mentor.zone, now))


def _working_hours(zone: ZoneInfo, now: datetime) -> set[int]:
    """Convert the local working hours to UTC, rounded to whole hours."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    return {round(hour - offset / timedelta(hours=1)) % 24 for hour in WORKDAY}


def _cost(search: MentorSearch, mentor: MentorCapacity, now: datetime) -> int:
    shared = overlap(search, mentor, now)
    value = _FIT_WEIGHT * fit(search, mentor) + _HOUR_WEIGHT * (_UNKNOWN_OVERLAP if shared is None else shared)
    # A hash breaks ties: nobody can influence it, it plays no favourites, and it's the same on every run.
    tie_breaker = sha256(f"{search.id}\0{mentor.id}".encode()).digest()[0]
    return -round(value) * _COST_SCALE + tie_breaker


def assign(
    searches: Sequence[MentorSearch],
    mentors: Sequence[MentorCapacity],
    declined: Collection[tuple[str, str]],
    now: datetime,
) -> dict[str, str]:
    """Assign mentors to learners, by id: as many as there's room for, at the lowest total cost.

    `declined` are pairs (learner, mentor) that are ruled out. A mentor gets more expensive with each learner, which spreads the
    load.
    """
    import networkx as nx  # 25 MB that only a team with mentors needs

    graph: nx.DiGraph[Any] = nx.DiGraph()
    for search in searches:
        graph.add_edge("source", ("learner", search.id), capacity=1, weight=0)
        for mentor in mentors:
            if (search.id, mentor.id) not in declined and search.id != mentor.id and mentor.room > 0:
                cost = _cost(search, mentor, now)
                graph.add_edge(("learner", search.id), ("mentor", mentor.id), capacity=1, weight=cost)
    for mentor in mentors:
        # One node per free slot, because a mentor's price grows with each learner and an edge has a single price.
        for index in range(min(mentor.room, len(searches))):
            slot, price = ("slot", mentor.id, index), _LOAD_WEIGHT * _COST_SCALE * (mentor.load + index)
            graph.add_edge(("mentor", mentor.id), slot, capacity=1, weight=price)
            graph.add_edge(slot, "sink", capacity=1, weight=0)
    if "source" not in graph or "sink" not in graph:
        return {}
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    return {
        search.id: node[1]
        for search in searches
        for node, units in flow.get(("learner", search.id), {}).items()
        if units
    }


def reasons(
    search: MentorSearch, mentor: MentorCapacity, skill_names: Mapping[str, str], now: datetime
) -> tuple[str, ...]:
    """Explain why a learner and a mentor go together, in a few words each."""
    skills = [skill_names.get(skill, skill) for skill in search.gaps if skill in mentor.skills]
    shared = overlap(search, mentor, now)
    phrases = []
    if skills:
        phrases.append(f"can help with {', '.join(skills)}")
    elif not mentor.skills:
        phrases.append("can help with any skill")
    if shared is not None:
        phrases.append(
            f"shares {shared} working hours a day with you" if shared else "shares no working hours with you"
        )
    load = mentor.load
    phrases.append("has no learners yet" if not load else f"has {load} learner{'s' if load > 1 else ''}")
    return tuple(phrases)
