"""Who mentors whom: never worse than any other way, never more than there is room for, the same on every run."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.matching import _LOAD, MentorCapacity, MentorSearch, _cost, assign, fit, overlap, reasons

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SKILLS = ("cloud", "mlops", "strategy")
ZONES = st.sampled_from([None, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[MentorSearch], list[MentorCapacity], set[tuple[str, str]]]:
    """Up to four learners and three mentors, and pairs that will not be."""
    gaps = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 4))
    seekers = [MentorSearch(f"s{number}", draw(gaps), draw(ZONES)) for number in range(draw(st.integers(0, 4)))]
    offers = [
        MentorCapacity(
            f"m{number}",
            draw(st.frozensets(st.sampled_from(SKILLS))),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 4)),
            draw(ZONES),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    pairs = [(seeker.id, offer.id) for seeker in seekers for offer in offers]
    refused = draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs else set()
    return seekers, offers, refused


def cost(seekers: list[MentorSearch], offers: list[MentorCapacity], found: dict[str, str]) -> int:
    """What a way of bringing them together costs, counted without the solver."""
    by_id = {offer.id: offer for offer in offers}
    total = sum(_cost(seeker, by_id[found[seeker.id]], NOW) for seeker in seekers if seeker.id in found)
    for offer in offers:
        number = list(found.values()).count(offer.id)
        total += sum(_LOAD * 1000 * (offer.load + place) for place in range(number))
    return total


@given(tables())
def test_no_other_way_is_better(table: tuple[list[MentorSearch], list[MentorCapacity], set[tuple[str, str]]]) -> None:
    seekers, offers, refused = table
    found = assign(seekers, offers, refused, NOW)
    choices = [[None, *(offer.id for offer in offers if (seeker.id, offer.id) not in refused)] for seeker in seekers]
    ways = []
    for way in itertools.product(*choices):
        chosen = {seeker.id: mentor for seeker, mentor in zip(seekers, way, strict=True) if mentor}
        if all(list(chosen.values()).count(offer.id) <= offer.room for offer in offers):
            ways.append((-len(chosen), cost(seekers, offers, chosen)))
    assert all(pair not in refused for pair in found.items())
    assert (-len(found), cost(seekers, offers, found)) == min(ways)


@given(tables())
def test_the_same_question_has_the_same_answer(
    table: tuple[list[MentorSearch], list[MentorCapacity], set[tuple[str, str]]],
) -> None:
    seekers, offers, refused = table
    assert assign(seekers, offers, refused, NOW) == assign(seekers[::-1], offers[::-1], refused, NOW)


def test_the_load_is_spread() -> None:
    seekers = [MentorSearch(f"s{number}", {"cloud": 1}) for number in range(4)]
    offers = [MentorCapacity("a", frozenset({"cloud"}), 4), MentorCapacity("b", frozenset({"cloud"}), 4)]
    assert sorted(assign(seekers, offers, set(), NOW).values()) == ["a", "a", "b", "b"]


def test_nobody_mentors_themselves() -> None:
    assert assign([MentorSearch("a", {})], [MentorCapacity("a")], set(), NOW) == {}


def test_ties_favour_nobody() -> None:
    offers = [MentorCapacity("a"), MentorCapacity("b")]
    first = [assign([MentorSearch(f"s{number}", {})], offers, set(), NOW)[f"s{number}"] for number in range(200)]
    assert 60 < first.count("a") < 140


def test_fit_overlap_and_reasons() -> None:
    seeker = MentorSearch("s", {"cloud": 3, "mlops": 1}, ZoneInfo("Europe/Berlin"))
    offer = MentorCapacity("m", frozenset({"cloud"}), 1, 2, ZoneInfo("America/New_York"))
    assert fit(seeker, offer) == 0.75
    assert overlap(seeker, offer, NOW) == 2
    assert overlap(seeker, MentorCapacity("x"), NOW) is None
    assert reasons(seeker, offer, {"cloud": "Cloud"}, NOW) == (
        "offers Cloud",
        "2 working hours a day in common",
        "has 2 learners",
    )
