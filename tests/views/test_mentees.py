"""Learners as their mentor sees them: who's stuck comes first, and nothing is shown that isn't shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mentorbot.chat.cards import Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.mentoring import LearnerOverview, RecentProgress, SharedLearner
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.views.mentees import digest_card, learners_card, shared_card, visibility_card

from .conftest import MENTORSHIP, NOW


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.open(None, "ai-architect").default


def stuck_step(days: int) -> PlanStep:
    since = NOW.date() - timedelta(days=days)
    return PlanStep(
        1, "Put a model behind an interface", state=StepState.BLOCKED, status_since=since, blocker="No GPU quota."
    )


def overview(
    name: str,
    *blocked: PlanStep,
    finished: int = 0,
    moved: int = 0,
    hours: int = 0,
    is_away: bool = False,
    silent_weeks: int = 0,
) -> LearnerOverview:
    progress = RecentProgress(
        today=NOW.date(),
        hours_done=36,
        hours_total=212,
        finished=finished,
        moved=moved,
        is_away=is_away,
        blocked=blocked,
        hours=hours,
        silent_weeks=silent_weeks,
    )
    mentorship = replace(MENTORSHIP, id=len(name), learner=name.lower(), learner_name=name)
    return LearnerOverview(mentorship, "ai-architect", progress)


def lines(card: Card) -> list[str]:
    return [card.title, *plain_text(Card("", card.blocks[:-1])).strip().split("\n\n")]


def labels(card: Card) -> list[str]:
    return [button.label for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def test_a_digest_leads_with_who_is_stuck() -> None:
    card = digest_card([overview("Ada", finished=1), overview("Dee", is_away=True), overview("Chen", stuck_step(9))])
    assert lines(card) == [
        "Chen's been stuck for 9 days",
        'Put a model behind an interface: "No GPU quota."',
        "Ada finished a step. Dee's on a break.",
    ]
    assert labels(card) == ["Message Chen", "My learners"]


def test_a_digest_names_the_longest_wait_first() -> None:
    card = digest_card(
        [overview("Ada", stuck_step(1)), overview("Chen", stuck_step(9)), overview("Dee", stuck_step(0))]
    )
    assert card.title == "Chen's been stuck for 9 days"
    text = plain_text(card)
    assert text.index("Ada's been stuck for a day on Put a model") < text.index("Dee got stuck today on Put")


def test_good_news_is_short() -> None:
    card = digest_card([overview("Ada", finished=1), overview("Chen", moved=1, hours=4), overview("Dee", is_away=True)])
    assert lines(card) == [
        "All three are doing fine",
        "Ada finished a step. Chen worked 4 h. Dee's on a break.",
    ]
    assert labels(card) == ["Cheer Ada", "My learners"]


@pytest.mark.parametrize(
    ("names", "title"),
    [("A", "A's doing fine"), ("AB", "Both are doing fine"), ("ABCDEFGHIJKL", "All 12 are doing fine")],
)
def test_a_calm_title_counts_the_learners(names: str, title: str) -> None:
    assert digest_card([overview(name, hours=2) for name in names]).title == title


def test_nobody_is_doing_fine_whose_week_nothing_is_known_of() -> None:
    assert digest_card([overview("Ada", hours=2), overview("Chen")]).title == "Nobody's stuck, as far as I can see"


def test_a_digest_names_who_has_been_silent_for_weeks() -> None:
    card = digest_card([overview("Ada", finished=1), overview("Chen", silent_weeks=3), overview("Dee", silent_weeks=1)])
    assert lines(card) == [
        "I haven't heard from Chen lately",
        "Chen hasn't answered me for 3 weeks. Ada finished a step. Dee had a quiet week.",
    ]
    assert labels(card) == ["Message Chen", "My learners"]


def test_a_digest_says_nothing_about_learners_who_share_nothing() -> None:
    card = digest_card([overview("Ada", finished=2), LearnerOverview(replace(MENTORSHIP, learner_name="Eve"), "")])
    assert lines(card) == ["Nobody's stuck, as far as I can see", "Ada finished 2 steps. Eve isn't sharing progress."]


def test_a_late_digest_says_so_below_the_news() -> None:
    assert "Late." in plain_text(digest_card([overview("Ada")], "Late."))


def test_many_learners_still_fit_a_card(pack: Pack) -> None:
    everyone = [overview(f"Learner {number}", stuck_step(number)) for number in range(20)]
    assert len(lines(digest_card(everyone))) <= 8
    card = learners_card(pack, everyone)
    assert len(plain_text(Card(card.title, card.blocks[:-1])).splitlines()) <= 10
    assert len(labels(card)) == 20


@pytest.mark.parametrize("current", Visibility)
def test_a_learner_agrees_only_to_a_change(pack: Pack, current: Visibility) -> None:
    card = visibility_card(pack, SharedLearner("Ada", ""), Visibility.NOTHING, current, "Ben")
    assert ("share nothing agree:yes" in plain_text(card)) == (current is not Visibility.NOTHING)


def test_a_change_of_visibility_can_be_undone() -> None:
    card = shared_card(Visibility.PROGRESS, Visibility.NOTHING, "Ben")
    assert card.title == "Ben now sees your progress and what you're stuck on"
    assert "Undo" in labels(card)
    assert "Undo" not in labels(shared_card(Visibility.PROGRESS, Visibility.PROGRESS, ""))
