"""The order of tips: none comes twice before all have, in schedules and for those who look through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.tips import next_tip, tip_to_browse
from mentorbot.packs.schema import Pack
from tests.small_pack import SIX, small_pack

ALL = {"a1", "a2", "b1", "b2", "c1", "c2"}


def posted(pack: Pack, weeks: int, used: Sequence[str] = (), schedule_id: int = 1) -> list[str]:
    """What a schedule posts in so many weeks more."""
    every = list(used)
    for _ in range(weeks):
        tip = next_tip(pack.tip_entries, schedule_id, every)
        assert tip is not None
        every.append(tip)
    return every[len(used) :]


@given(st.integers(1, 10**6))
def test_every_round_has_every_tip_once_from_foundation_to_mastery(schedule_id: int) -> None:
    weeks = posted(small_pack(SIX), 18, schedule_id=schedule_id)
    for start in (0, 6, 12):
        one_round = weeks[start : start + 6]
        assert set(one_round) == ALL
        assert [tip[0] for tip in one_round] == ["a", "a", "b", "b", "c", "c"]


def test_schedules_differ_from_each_other() -> None:
    orders = {tuple(posted(small_pack(SIX), 6, schedule_id=number)) for number in range(40)}
    assert len(orders) == 8


def test_one_skill_does_not_come_twice_in_a_row_while_another_is_left() -> None:
    pack = small_pack({"one": {"foundation": ["x1", "x2", "x3"]}, "two": {"foundation": ["y1", "y2", "y3"]}})
    skills = [tip[0] for tip in posted(pack, 6)]
    assert skills in (["x", "y"] * 3, ["y", "x"] * 3)


@given(st.integers(0, 20), st.integers(1, 100))
def test_a_new_tip_joins_the_round_and_then_waits_its_turn(before: int, schedule_id: int) -> None:
    used = posted(small_pack(SIX), before, schedule_id=schedule_id)
    had = before % 6 or min(before, 6)
    grown = small_pack({**SIX, "three": {"foundation": ["new"]}})
    after = posted(grown, 7 - had + 14, used, schedule_id)
    rest, second, third = after[: 7 - had], after[7 - had : 14 - had], after[14 - had :]
    assert set(rest) == (ALL | {"new"}) - set(used[before - had :])
    assert set(second) == set(third) == ALL | {"new"}


@given(st.integers(0, 20), st.sets(st.sampled_from(sorted(ALL)), min_size=1, max_size=5))
def test_a_tip_that_has_gone_never_comes_again(before: int, gone: set[str]) -> None:
    used = posted(small_pack(SIX), before)
    left = {
        skill: {level: [tip for tip in of if tip not in gone] for level, of in levels.items()}
        for skill, levels in SIX.items()
    }
    after = posted(small_pack(left), 12, used)
    assert set(after) == ALL - gone
    left_in_pack = len(ALL - gone)
    assert left_in_pack == 1 or all(one != two for one, two in pairwise([*used[-1:], *after]))


def test_a_pack_of_one_tip_has_it_every_week() -> None:
    assert posted(small_pack({"one": {"foundation": ["only"]}}), 3) == ["only"] * 3


def test_a_pack_without_tips_has_none() -> None:
    assert next_tip(small_pack({"one": {}}).tip_entries, 1, ["a1"]) is None


BROWSED = [f"tip-{number}" for number in range(7)]


def test_one_after_another_all_tips_come() -> None:
    seen = [tip_to_browse(BROWSED, "ada", week_number=48)]
    while len(seen) < len(BROWSED):
        seen.append(tip_to_browse(BROWSED, "ada", week_number=48, after=seen[-1]))
    assert sorted(seen) == BROWSED
    assert tip_to_browse(BROWSED, "ada", week_number=48, after=seen[-1]) == seen[0]


def test_each_week_has_a_tip_of_its_own() -> None:
    assert len({tip_to_browse(BROWSED, "ada", week_number=week) for week in range(7)}) == 7
    assert tip_to_browse(BROWSED, "ada", week_number=3) == tip_to_browse(BROWSED, "ada", week_number=3)


def test_after_a_tip_that_is_gone_the_order_begins_again() -> None:
    assert tip_to_browse(BROWSED, "ada", week_number=3, after="gone") == tip_to_browse(BROWSED, "ada", week_number=0)
