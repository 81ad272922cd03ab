"""Which tip comes next. Pure: decided from the pack and from what a schedule has posted."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import get_args

from mentorbot.packs.model import Pack
from mentorbot.packs.practice import TipLevel

_LEVELS = get_args(TipLevel)


def next_tip(pack: Pack, schedule_id: int, used: Sequence[str]) -> str | None:
    """The id of the tip that comes after `used` (ids, oldest first); None when the pack has no tips.

    None comes again before the pack's others have all come. A new tip joins the round that is under way, and one that the
    pack has lost is no longer counted.
    """
    ids = {tip.id for tips in pack.tips for tip in tips.tips}
    rounds, had = _progress(ids, used)
    order = [tip for tip in _order(pack, f"{schedule_id}/{rounds}") if tip not in had]
    last = used[-1] if used else ""
    return next((tip for tip in order if tip != last), order[0] if order else None)


def _progress(ids: set[str], used: Sequence[str]) -> tuple[int, set[str]]:
    """How many rounds are behind, and what the present one has had."""
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


def _order(pack: Pack, seed: str) -> list[str]:
    """From foundation to mastery, the skills by turns, otherwise as the seed shuffles them.

    Adding or removing a tip leaves the others in their order.
    """
    places: dict[str, tuple[int, int, str]] = {}
    for tips in pack.tips:
        for level, name in enumerate(_LEVELS):
            shuffled = sorted((tip.id for tip in tips.tips if tip.level == name), key=lambda tip: _dice(seed, tip))
            places |= {tip: (level, turn, _dice(f"{seed}/{name}", tips.skill)) for turn, tip in enumerate(shuffled)}
    return sorted(places, key=lambda tip: places[tip])


def _dice(seed: str, name: str) -> str:
    return sha256(f"{seed}/{name}".encode()).hexdigest()
