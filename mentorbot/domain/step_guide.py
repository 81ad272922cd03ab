"""Instructions for one step of a plan, as the pack gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mentorbot.domain.plan import PlanStep


@dataclass(frozen=True, slots=True)
class SmallerStep:
    """A smaller version of a step that still counts as a start. `hours` is about what it takes."""

    text: str
    hours: int


@dataclass(frozen=True, slots=True)
class StepSwap:
    """A different way to the same skills. `milestone` is the id of the milestone to do instead, or "" if `text` says it all."""

    text: str
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class StepGuide:
    """The guide to a step: what to `do`, its `first` 30 minutes, one or two `readings`, and when it's done. All plain text.

    A step that needs a job where one can do it says what to do `without_job`.
    Texts are "" and the rest is empty where the pack says nothing.
    """

    do: str
    first: str = ""
    readings: tuple[str, ...] = ()
    done_when: str = ""
    smaller: SmallerStep | None = None
    swap: StepSwap | None = None
    without_job: str = ""

    @property
    def swapped(self) -> StepGuide:
        """The guide to the swap, if its text says it all. What it's for and when it's done are the same."""
        return replace(self, do=f"In place of this: {self.do}", first="", smaller=None, swap=None, without_job="")


NO_GUIDE = StepGuide("")
"""The guide of a step the pack knows nothing about."""

Guides = Mapping[str, StepGuide]
"""Guides by the origin of the step, e.g. `milestone:<id>`."""


def guide_of(step: PlanStep, guides: Guides) -> StepGuide | None:
    """Look up how to do a step; None if the pack says nothing about it.

    A step that was swapped is still the same milestone, done in a different way, so only its text tells.
    """
    guide = guides.get(step.origin)
    is_swapped = guide is not None and guide.swap is not None and guide.swap.text == step.text
    return guide.swapped if guide is not None and is_swapped else guide


def instructions(done_when: str, guide: StepGuide | None) -> Iterator[tuple[str, str]]:
    """Yield how to do a step as labels and texts, in the order to read them.

    `done_when` is the step's own, which comes before the guide's because it's what was agreed on.
    """
    known = guide or NO_GUIDE
    for label, text in (
        (WHAT_TO_DO, known.do),
        (FIRST_MINUTES, known.first),
        (READING, "; ".join(known.readings)),
        (WITHOUT_JOB, known.without_job),
        (DONE_WHEN, done_when or known.done_when),
    ):
        if text:
            yield label, text


WHAT_TO_DO, FIRST_MINUTES, READING, DONE_WHEN = "What to do", "First 30 minutes", "Recommended reading", "Done when"
WITHOUT_JOB = "Not possible at work"
