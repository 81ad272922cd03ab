"""Looking through tips: each person has an order of their own, and sees all of them before one comes again."""

from __future__ import annotations

from mentorbot.domain.tips import tip_to_browse

TIPS = [f"tip-{number}" for number in range(7)]


def test_one_after_another_all_tips_come() -> None:
    seen = [tip_to_browse(TIPS, "ada", week_number=48)]
    while len(seen) < len(TIPS):
        seen.append(tip_to_browse(TIPS, "ada", week_number=48, after=seen[-1]))
    assert sorted(seen) == TIPS
    assert tip_to_browse(TIPS, "ada", week_number=48, after=seen[-1]) == seen[0]


def test_each_week_has_a_tip_of_its_own() -> None:
    assert len({tip_to_browse(TIPS, "ada", week_number=week) for week in range(7)}) == 7
    assert tip_to_browse(TIPS, "ada", week_number=3) == tip_to_browse(TIPS, "ada", week_number=3)


def test_after_a_tip_that_is_gone_the_order_begins_again() -> None:
    assert tip_to_browse(TIPS, "ada", week_number=3, after="gone") == tip_to_browse(TIPS, "ada", week_number=0)
