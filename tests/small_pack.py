"""A small role pack with tips and little else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mentorbot.packs.library import Library
from mentorbot.packs.schema import Band, Citation, Pack, PackInfo, Salaries, Skill, Tip, TipLevel, Tips, Title, Titles

ROLE = "tester"

LEVELS = ("0", "1", "2", "3", "4")

TipIds = Mapping[str, Mapping[TipLevel, Sequence[str]]]
"""The ids of tips by skill and level."""

SIX_TIPS: TipIds = {
    "one": {"foundation": ["a1"], "practice": ["b1"], "mastery": ["c1"]},
    "two": {"foundation": ["a2"], "practice": ["b2"], "mastery": ["c2"]},
}


def small_pack(ids: TipIds = SIX_TIPS) -> Pack:
    """Make a pack with these tips."""
    return Pack(
        info=PackInfo(
            role=ROLE,
            title="Tester",
            version="1.0",
            date="2026-01-01",
            summary="For tests.",
            author="Nobody",
            licence="MIT",
            sources=(Citation(id="brief", title="A brief", region="USA", date="2026"),),
        ),
        sections=(),
        responsibilities=(),
        skills=tuple(_skill(name) for name in ids),
        titles=Titles(
            source="brief",
            titles=(Title(id="tester", name="Tester", level="junior", focus="Tests", needs={}, advice="Test."),),
        ),
        salaries=Salaries(
            source="brief",
            currency="USD",
            overall="Unknown.",
            bands=(Band(level="entry", low=1),),
            top_paying=(),
            drivers=(),
        ),
        tips=tuple(
            Tips(skill=skill, tips=tuple(_tip(tip, level) for level, tips in levels.items() for tip in tips))
            for skill, levels in ids.items()
            if any(levels.values())
        ),
        interview=(),
        path=(),
        faq=(),
        resources=(),
        synonyms=(),
    )


def _skill(name: str) -> Skill:
    return Skill(source="brief", title=f"Skill {name}", order=1, levels=LEVELS, in_short=LEVELS, id=name)


def _tip(tip: str, level: TipLevel) -> Tip:
    return Tip(id=tip, level=level, minutes=15, title=f"Tip {tip}", do="Do it.", why="Because.")


def small_library(folder: Path, ids: TipIds = SIX_TIPS) -> Library:
    """Make a library whose only pack is `small_pack(ids)`. `folder` may be empty."""
    return Library(folder, ROLE, {ROLE: small_pack(ids)})
