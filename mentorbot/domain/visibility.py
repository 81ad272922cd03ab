"""Visibility of a learner's plan. The learner decides; until they do, nobody sees more than a name and a target title."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median


class Visibility(StrEnum):
    """The parts of a plan the learner's mentor sees, beyond their name and target title. The values are stored."""

    NOTHING = "nothing"
    PROGRESS = "progress"
    CHECKINS = "checkins"

    @property
    def shows_progress(self) -> bool:
        """True if the mentor sees progress, levels and blocked steps."""
        return self is not Visibility.NOTHING

    @property
    def shows_checkins(self) -> bool:
        """True if the mentor sees check-ins, too."""
        return self is Visibility.CHECKINS


MIN_GROUP_SIZE = 5
"""The smallest group a report gives figures for. A median of three says too much about each of them."""


def count_of_people(number: int) -> int | None:
    """Give a count that singles nobody out: 0 or at least `MIN_GROUP_SIZE`, else None."""
    return number if number == 0 or number >= MIN_GROUP_SIZE else None


def median_of_people(values: Sequence[float]) -> float | None:
    """Give the median of one value for each person; None for fewer than `MIN_GROUP_SIZE` people."""
    return median(values) if len(values) >= MIN_GROUP_SIZE else None
