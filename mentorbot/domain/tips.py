"""Choice of the next tip, for a channel and for one person. Pure: it depends only on the tips there are and those sent before.

The same rule holds for both: no tip comes twice before every tip has come once. A person's tips also fit their level, and one
they've taken into their plan doesn't come again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import NamedTuple

from mentorbot.domain.plan import TIP_PREFIX, Plan


class TipEntry(NamedTuple):
    """The parts of a tip that matter for the choice. `stage` counts from 0: foundation, practice, mastery."""

    id: str
    skill: str
    stage: int


def next_tip(tips: Sequence[TipEntry], schedule_id: int, used: Sequence[str]) -> str | None:
    """Choose the tip that a channel's schedule posts after `used` (ids, oldest first); None if there are no tips.

    A new tip joins the current round, and a removed one no longer counts.
    """
    ids = {tip.id for tip in tips}
    rounds, had = _progress(ids, used)
    order = [tip for tip in _order(tips, f"{schedule_id}/{rounds}") if tip not in had]
    last = used[-1] if used else ""
    return next((tip for tip in order if tip != last), order[0] if order else None)


def _progress(ids: set[str], used: Sequence[str]) -> tuple[int, set[str]]:
    """Count the finished rounds, and collect the tips the current one has had."""
    rounds, had = 0, set[str]()
    for tip in used:
        if tip not in ids:
            continue
        if tip in had:  # a round that ended when the pack was smaller
            rounds, had = rounds + 1, set()
        had.add(tip)
        if had == ids:
            rounds, had = rounds + 1, set()
    return rounds, had


def _order(tips: Sequence[TipEntry], seed: str) -> list[str]:
    """Order the tips from foundation to mastery with skills taking turns, and otherwise as the seed shuffles them.

    Adding or removing a tip doesn't reorder the others.
    """
    ranks: dict[str, tuple[int, int, str]] = {}
    for skill, stage in dict.fromkeys((tip.skill, tip.stage) for tip in tips):
        group = [tip.id for tip in tips if (tip.skill, tip.stage) == (skill, stage)]
        shuffled = sorted(group, key=lambda tip: _tie_breaker(seed, tip))
        skill_turn = _tie_breaker(f"{seed}/{_STAGES[stage]}", skill)
        ranks |= {tip: (stage, turn, skill_turn) for turn, tip in enumerate(shuffled)}
    return sorted(ranks, key=lambda tip: ranks[tip])


_STAGES = ("foundation", "practice", "mastery")


def _tie_breaker(seed: str, name: str) -> str:
    return sha256(f"{seed}/{name}".encode()).hexdigest()


def tip_to_browse(
    tips: Sequence[str],
    user_id: str,
    week_number: int,
    after: str | None = None,
    distances: Mapping[str, int] | None = None,
) -> str:
    """Choose the tip (an id from `tips`) a person gets on asking: a different one each week, in an order of their own.

    With `after`, choose the tip that follows that one, or the first if it's gone. `distances` say how far tips are from the
    person's level: near ones come first.
    """
    distances, order = distances or {}, list(tips)
    Random(user_id).shuffle(order)  # noqa: S311  variety, not a secret
    order.sort(key=lambda tip: distances.get(tip, 0))
    if after is None:
        nearest = [tip for tip in order if distances.get(tip, 0) == distances.get(order[0], 0)]
        return nearest[week_number % len(nearest)]
    index = order.index(after) + 1 if after in order else 0
    return order[index % len(order)]


def tips_taken(plan: Plan) -> set[str]:
    """Collect the ids of the tips that are, or were, steps of a plan."""
    origins = (step.origin for step in plan.steps if step.origin.startswith(TIP_PREFIX))
    return {origin.removeprefix(TIP_PREFIX) for origin in origins}


def distance(tip: TipEntry, levels: Mapping[str, int]) -> int:
    """Count the stages between a tip and a person's level in its skill: 0 or 1 is foundation, 2 practice, 3 or 4 mastery."""
    return abs(tip.stage - min(max(levels.get(tip.skill, 0) - 1, 0), len(_STAGES) - 1))


def next_personal_tip(
    tips: Sequence[TipEntry],
    used: Sequence[str],
    levels: Mapping[str, int],
    needs: Mapping[str, int],
    taken: Collection[str] = (),
) -> str | None:
    """Choose the tip that helps a person most after `used` (ids); None if they've `taken` all into their plan.

    Tips that fit the person's level come first; among them, those for the skill furthest below what the target title `needs`.
    """
    ranks = skill_ranks(list(dict.fromkeys(tip.skill for tip in tips)), levels, needs)
    had = Counter(used)
    order = [
        (had[tip.id], distance(tip, levels), ranks[tip.skill], tip.stage, tip.id) for tip in tips if tip.id not in taken
    ]
    return min(order)[-1] if order else None


def skill_ranks(skills: Sequence[str], levels: Mapping[str, int], needs: Mapping[str, int]) -> dict[str, int]:
    """Rank the skills from 0: furthest to go first, then the lowest level, then the given order."""
    far = sorted(
        (levels.get(skill, 0) - needs.get(skill, 0), levels.get(skill, 0), index, skill)
        for index, skill in enumerate(skills)
    )
    return {skill: rank for rank, (*_, skill) in enumerate(far)}
