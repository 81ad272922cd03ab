"""Who can see a learner's plan: the learner decides, and until they do, nobody sees more than a name and a target title."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """What a learner's mentor sees, beyond the learner's name and target title."""

    NOTHING = "nothing"
    PROGRESS = "progress"
    CHECKINS = "checkins"

    @property
    def shows_progress(self) -> bool:
        """Whether the mentor sees progress, levels and blocked steps."""
        return self is not Visibility.NOTHING

    @property
    def shows_checkins(self) -> bool:
        """Whether the mentor sees check-ins, too."""
        return self is Visibility.CHECKINS


MIN_GROUP_SIZE = 5
"""Fewer people than this get no figures in a report: a median of three says too much about each of them."""
