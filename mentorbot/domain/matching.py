"""Who mentors whom: each learner gets the mentor with whom all together fare best. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import networkx as nx

WORKDAY = range(9, 17)
"""Local hours in which people can talk."""
# What counts how much: a gap that the mentor offers, an hour in which both work, a learner that the mentor has already.
_FIT, _HOUR, _LOAD = 100, 5, 12
_UNKNOWN_OVERLAP = 4
_ANY_FIT = 0.6
"""How well a mentor who names no skills fits: better than one whose skills miss the gaps, not as well as one who names them."""


@dataclass(frozen=True, slots=True)
class MentorSearch:
    """A learner who looks for a mentor. `gaps` says how many levels are missing in which skill."""

    id: str
    gaps: Mapping[str, int]
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class MentorCapacity:
    """A mentor with room for more. No `skills` means any; `load` is how many learners they have."""

    id: str
    skills: frozenset[str] = field(default_factory=frozenset)
    room: int = 1
    load: int = 0
    zone: ZoneInfo | None = None


def fit(seeker: MentorSearch, offer: MentorCapacity) -> float:
    """Which part of the seeker's gaps the mentor offers, from 0 to 1."""
    if not offer.skills or not seeker.gaps:
        return _ANY_FIT
    return sum(gap for skill, gap in seeker.gaps.items() if skill in offer.skills) / sum(seeker.gaps.values())


def overlap(seeker: MentorSearch, offer: MentorCapacity, now: datetime) -> int | None:
    """Hours of a working day that both share, at the offsets of `now`; None when a zone is not known."""
    if seeker.zone is None or offer.zone is None:
        return None
    return len(_working_hours(seeker.zone, now) & _working_hours(offer.zone, now))


def _working_hours(zone: ZoneInfo, now: datetime) -> set[int]:
    """The local working hours as hours of UTC, to the nearest one."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    return {round(hour - offset / timedelta(hours=1)) % 24 for hour in WORKDAY}


def _cost(seeker: MentorSearch, offer: MentorCapacity, now: datetime) -> int:
    shared = overlap(seeker, offer, now)
    good = _FIT * fit(seeker, offer) + _HOUR * (_UNKNOWN_OVERLAP if shared is None else shared)
    # Ties are broken by what nobody can influence and what is the same on every run.
    dice = sha256(f"{seeker.id}\0{offer.id}".encode()).digest()[0]
    return -round(good) * 1000 + dice


def assign(
    seekers: Sequence[MentorSearch],
    offers: Sequence[MentorCapacity],
    refused: Collection[tuple[str, str]],
    now: datetime,
) -> dict[str, str]:
    """Seekers and the mentors that they get, by id: as many as there is room for, at the least cost over all of them.

    `refused` are pairs (seeker, mentor) that will not be. Each learner more makes a mentor dearer, so the load spreads.
    """
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for seeker in seekers:
        graph.add_edge("source", ("seeker", seeker.id), capacity=1, weight=0)
        for offer in offers:
            if (seeker.id, offer.id) not in refused and seeker.id != offer.id and offer.room > 0:
                graph.add_edge(
                    ("seeker", seeker.id), ("mentor", offer.id), capacity=1, weight=_cost(seeker, offer, now)
                )
    for offer in offers:
        for place in range(min(offer.room, len(seekers))):
            slot = ("slot", offer.id, place)
            graph.add_edge(("mentor", offer.id), slot, capacity=1, weight=_LOAD * 1000 * (offer.load + place))
            graph.add_edge(slot, "target", capacity=1, weight=0)
    if "source" not in graph or "target" not in graph:
        return {}
    flows = nx.max_flow_min_cost(graph, "source", "target")
    return {
        seeker.id: mentor[1]
        for seeker in seekers
        for mentor, units in flows.get(("seeker", seeker.id), {}).items()
        if units
    }


def reasons(seeker: MentorSearch, offer: MentorCapacity, names: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """Why the two go together, in a few words each."""
    told = []
    helps = [names.get(skill, skill) for skill in seeker.gaps if skill in offer.skills]
    if helps:
        told.append(f"offers {', '.join(helps)}")
    elif not offer.skills:
        told.append("offers help in any skill")
    shared = overlap(seeker, offer, now)
    if shared is not None:
        told.append(f"{shared} working hours a day in common" if shared else "no working hours in common")
    told.append("has no learner yet" if not offer.load else f"has {offer.load} learner{'s' if offer.load > 1 else ''}")
    return tuple(told)
