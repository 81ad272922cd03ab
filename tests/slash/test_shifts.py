"""Distances things move, as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.errors import Impossible
from mentorbot.slash.date_patterns import Shift, read_shift


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("by two weeks", Shift(2, "week")),
        ("a month later", Shift(1, "month")),
        ("forward by 3 days", Shift(-3, "day")),
        ("one week earlier", Shift(-1, "week")),
        ("two weeks", None),
        ("by friday", None),
    ],
)
def test_how_far_something_moves(text: str, shift: Shift | None) -> None:
    assert read_shift(text) == shift


def test_a_shift_is_counted_from_a_day() -> None:
    assert Shift(1, "month").applied_to(date(2027, 1, 31)) == date(2027, 2, 28)
    assert str(Shift(-2, "week")) == "2 weeks earlier"
    with pytest.raises(Impossible):
        Shift(9999, "year").applied_to(date(2027, 1, 1))
