"""Choice of the next tip, for a channel and for one person. Pure: it depends only on the tips there are and those sent before.

The same rule holds for both: no tip comes twice before every tip has come once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import NamedTuple


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


def tip_to_browse(tips: Sequence[str], user_id: str, week_number: int, after: str | None = None) -> str:
    """Choose the tip (an id from `tips`) a person gets on asking: a different one each week, in an order of their own.

    With `after`, choose the tip that follows that one, or the first if it's gone.
    """
    order = list(tips)
    Random(user_id).shuffle(order)  # noqa: S311  variety, not a secret
    if after is None:
        return order[week_number % len(order)]
    index = order.index(after) + 1 if after in order else 0
    return order[index % len(order)]


def next_personal_tip(
    tips: Sequence[TipEntry], used: Sequence[str], levels: Mapping[str, int], needs: Mapping[str, int]
) -> str | None:
    """Choose the tip that helps a person most after `used` (ids); None if there are no tips.

    The skill furthest below what the target title `needs` comes first, and within a skill the tips from foundation to mastery.
    """
    ranks = skill_ranks(list(dict.fromkeys(tip.skill for tip in tips)), levels, needs)
    had = Counter(used)
    order = [(had[tip.id], ranks[tip.skill], tip.stage, tip.id) for tip in tips]
    return min(order)[-1] if order else None


def skill_ranks(skills: Sequence[str], levels: Mapping[str, int], needs: Mapping[str, int]) -> dict[str, int]:
    """Rank the skills from 0: furthest to go first, then the lowest level, then the given order."""
    far = sorted(
        (levels.get(skill, 0) - needs.get(skill, 0), levels.get(skill, 0), index, skill)
        for index, skill in enumerate(skills)
    )
    return {skill: rank for rank, (*_, skill) in enumerate(far)}
