"""The order of tips, for schedules and for browsing: none comes twice before all have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.domain.tips import distance, next_personal_tip, next_tip, tip_to_browse, tips_taken
from mentorbot.packs.schema import Pack
from tests.small_pack import SIX_TIPS, small_pack

ALL = {"a1", "a2", "b1", "b2", "c1", "c2"}


def posted(pack: Pack, weeks: int, used: Sequence[str] = (), schedule_id: int = 1) -> list[str]:
    """List the tips a schedule posts in the next `weeks` weeks after the `used` ones."""
    history = list(used)
    for _ in range(weeks):
        tip = next_tip(pack.tip_entries, schedule_id, history)
        assert tip is not None
        history.append(tip)
    return history[len(used) :]


@given(st.integers(1, 10**6))
def test_each_round_has_every_tip_once_from_foundation_to_mastery(schedule_id: int) -> None:
    weeks = posted(small_pack(SIX_TIPS), 18, schedule_id=schedule_id)
    for start in (0, 6, 12):
        tip_round = weeks[start : start + 6]
        assert set(tip_round) == ALL
        assert [tip[0] for tip in tip_round] == ["a", "a", "b", "b", "c", "c"]


def test_schedules_have_different_orders() -> None:
    orders = {tuple(posted(small_pack(SIX_TIPS), 6, schedule_id=number)) for number in range(40)}
    assert len(orders) == 8


def test_a_skill_does_not_come_twice_in_a_row_while_there_is_another() -> None:
    pack = small_pack({"one": {"foundation": ["x1", "x2", "x3"]}, "two": {"foundation": ["y1", "y2", "y3"]}})
    skills = [tip[0] for tip in posted(pack, 6)]
    assert skills in (["x", "y"] * 3, ["y", "x"] * 3)


@given(st.integers(0, 20), st.integers(1, 100))
def test_a_new_tip_joins_the_round_and_then_waits_its_turn(before: int, schedule_id: int) -> None:
    used = posted(small_pack(SIX_TIPS), before, schedule_id=schedule_id)
    round_position = before % 6 or min(before, 6)
    grown = small_pack({**SIX_TIPS, "three": {"foundation": ["new"]}})
    until_end = 7 - round_position
    after = posted(grown, until_end + 14, used, schedule_id)
    rest, second, third = after[:until_end], after[until_end : until_end + 7], after[until_end + 7 :]
    assert set(rest) == (ALL | {"new"}) - set(used[before - round_position :])
    assert set(second) == set(third) == ALL | {"new"}


@given(st.integers(0, 20), st.sets(st.sampled_from(sorted(ALL)), min_size=1, max_size=5))
def test_a_removed_tip_never_comes_again(before: int, removed: set[str]) -> None:
    used = posted(small_pack(SIX_TIPS), before)
    remaining = {
        skill: {level: [tip for tip in tips if tip not in removed] for level, tips in levels.items()}
        for skill, levels in SIX_TIPS.items()
    }
    after = posted(small_pack(remaining), 12, used)
    assert set(after) == ALL - removed
    remaining_count = len(ALL - removed)
    assert remaining_count == 1 or all(tip != following for tip, following in pairwise([*used[-1:], *after]))


def test_a_pack_of_one_tip_has_it_every_week() -> None:
    assert posted(small_pack({"one": {"foundation": ["only"]}}), 3) == ["only"] * 3


def test_a_pack_without_tips_has_none() -> None:
    assert next_tip(small_pack({"one": {}}).tip_entries, 1, ["a1"]) is None


TIP_IDS = [f"tip-{number}" for number in range(7)]


def test_browsing_shows_every_tip_before_the_first_again() -> None:
    browsed = [tip_to_browse(TIP_IDS, "ada", week_number=48)]
    while len(browsed) < len(TIP_IDS):
        browsed.append(tip_to_browse(TIP_IDS, "ada", week_number=48, after=browsed[-1]))
    assert sorted(browsed) == TIP_IDS
    assert tip_to_browse(TIP_IDS, "ada", week_number=48, after=browsed[-1]) == browsed[0]


def test_browsing_starts_with_another_tip_each_week() -> None:
    assert len({tip_to_browse(TIP_IDS, "ada", week_number=week) for week in range(7)}) == 7
    assert tip_to_browse(TIP_IDS, "ada", week_number=3) == tip_to_browse(TIP_IDS, "ada", week_number=3)


def test_browsing_starts_over_after_a_removed_tip() -> None:
    assert tip_to_browse(TIP_IDS, "ada", week_number=3, after="gone") == tip_to_browse(TIP_IDS, "ada", week_number=0)


def test_a_persons_tips_fit_their_level() -> None:
    entries = small_pack(SIX_TIPS).tip_entries
    for level, stages in ((0, "a"), (1, "a"), (2, "b"), (3, "c"), (4, "c")):
        levels = {"one": level, "two": level}
        distances = {tip.id: distance(tip, levels) for tip in entries}
        browsed = [tip_to_browse(list(distances), "ada", 48, distances=distances)]
        while len(browsed) < len(distances):
            browsed.append(tip_to_browse(list(distances), "ada", 48, browsed[-1], distances))
        assert (browsed[0][0], set(browsed)) == (stages, ALL)
        first = next_personal_tip(entries, [], levels, {})
        assert first is not None
        assert first[0] == stages


def test_a_tip_taken_into_the_plan_does_not_come_back() -> None:
    entries = small_pack(SIX_TIPS).tip_entries
    done = PlanStep(1, "Do it", origin="tip:a1", state=StepState.DONE)
    taken = tips_taken(Plan(steps=(done, PlanStep(2, "Mine"))))
    assert taken == {"a1"}
    used: list[str] = []
    while (tip := next_personal_tip(entries, used, {}, {}, taken)) not in used:
        assert tip is not None
        used.append(tip)
    assert set(used) == ALL - taken
    assert next_personal_tip(entries, used, {}, {}, ALL) is None
