"""Matching of learners and mentors: the best assignment within everyone's capacity, the same on every run."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.matching import (
    _COST_SCALE,
    _LOAD_WEIGHT,
    MentorCapacity,
    MentorSearch,
    _cost,
    assign,
    fit,
    overlap,
    reasons,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SKILLS = ("cloud", "mlops", "strategy")
ZONES = st.sampled_from([None, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")])
Matching = tuple[list[MentorSearch], list[MentorCapacity], set[tuple[str, str]]]


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    """Draw up to four learners and three mentors, and pairs that are ruled out."""
    gaps = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 4))
    searches = [MentorSearch(f"s{number}", draw(gaps), draw(ZONES)) for number in range(draw(st.integers(0, 4)))]
    mentors = [
        MentorCapacity(
            f"m{number}",
            skills=draw(st.frozensets(st.sampled_from(SKILLS))),
            room=draw(st.integers(0, 3)),
            load=draw(st.integers(0, 4)),
            zone=draw(ZONES),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    pairs = [(search.id, mentor.id) for search in searches for mentor in mentors]
    declined = draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs else set()
    return searches, mentors, declined


def cost(searches: list[MentorSearch], mentors: list[MentorCapacity], assigned: dict[str, str]) -> int:
    """Add up the cost of an assignment without the solver."""
    by_id = {mentor.id: mentor for mentor in mentors}
    total = sum(_cost(search, by_id[assigned[search.id]], NOW) for search in searches if search.id in assigned)
    for mentor in mentors:
        learners = list(assigned.values()).count(mentor.id)
        total += sum(_LOAD_WEIGHT * _COST_SCALE * (mentor.load + index) for index in range(learners))
    return total


@given(matchings())
def test_no_other_assignment_is_better(matching: Matching) -> None:
    searches, mentors, declined = matching
    assigned = assign(searches, mentors, declined, NOW)
    choices = [
        [None, *(mentor.id for mentor in mentors if (search.id, mentor.id) not in declined)] for search in searches
    ]
    alternatives = []
    for combination in itertools.product(*choices):
        chosen = {search.id: mentor for search, mentor in zip(searches, combination, strict=True) if mentor}
        if all(list(chosen.values()).count(mentor.id) <= mentor.room for mentor in mentors):
            alternatives.append((-len(chosen), cost(searches, mentors, chosen)))
    assert all(pair not in declined for pair in assigned.items())
    assert (-len(assigned), cost(searches, mentors, assigned)) == min(alternatives)


@given(matchings())
def test_the_order_of_the_input_does_not_matter(matching: Matching) -> None:
    searches, mentors, declined = matching
    assert assign(searches, mentors, declined, NOW) == assign(searches[::-1], mentors[::-1], declined, NOW)


def test_load_is_spread_evenly() -> None:
    searches = [MentorSearch(f"s{number}", {"cloud": 1}) for number in range(4)]
    mentors = [MentorCapacity("a", frozenset({"cloud"}), 4), MentorCapacity("b", frozenset({"cloud"}), 4)]
    assert sorted(assign(searches, mentors, set(), NOW).values()) == ["a", "a", "b", "b"]


def test_nobody_is_matched_with_themselves() -> None:
    assert assign([MentorSearch("a", {})], [MentorCapacity("a")], set(), NOW) == {}


def test_ties_favor_nobody() -> None:
    mentors = [MentorCapacity("a"), MentorCapacity("b")]
    first = [assign([MentorSearch(f"s{number}", {})], mentors, set(), NOW)[f"s{number}"] for number in range(200)]
    assert 60 < first.count("a") < 140


def test_fit_overlap_and_reasons() -> None:
    search = MentorSearch("s", {"cloud": 3, "mlops": 1}, ZoneInfo("Europe/Berlin"))
    mentor = MentorCapacity("m", frozenset({"cloud"}), 1, 2, ZoneInfo("America/New_York"))
    assert fit(search, mentor) == 0.75
    assert overlap(search, mentor, NOW) == 2
    assert overlap(search, MentorCapacity("x"), NOW) is None
    assert reasons(search, mentor, {"cloud": "Cloud"}, NOW) == (
        "can help with Cloud",
        "shares 2 working hours a day with you",
        "has 2 learners",
    )
