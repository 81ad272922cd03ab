"""`plan split`: a step cut into parts, “in 3”, “10 and 20 h”, “15 h each”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import StepRef, asks_which_step
from mentorbot.domain.plan import PlanStep
from mentorbot.errors import BadValue, Impossible, StepSettled
from mentorbot.services import plans
from mentorbot.services.steps import find_step
from mentorbot.slash.choices import short
from mentorbot.slash.numbers import in_digits
from mentorbot.slash.registry import Option
from mentorbot.views import plan as views

MAX_PARTS = 10
_MIN_PARTS = 2
_HOURS = r"(?:h|hrs?|hours?)\b"
_PART = r"(?:parts?|steps?|pieces?|chunks?|bits?|halves|sessions?|ones)"
_NUMBER = r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten"
_EACH = re.compile(
    rf"(?:(?P<count>{_NUMBER}) ?(?:{_PART},? (?:of|with|at|)|[x×,]) ?(?:about )?)?(?P<hours>\d{{1,3}}) ?{_HOURS}(?: each)?"
    rf"|(?P<each>\d{{1,3}}) ?(?:{_HOURS} ?)?each"
)
_LISTED = re.compile(rf"\d{{1,3}} ?(?:{_HOURS})?(?: ?(?:,? and|&|\+|/|,) ?\d{{1,3}} ?(?:{_HOURS})?)+")
_COUNT = re.compile(rf"(?P<count>{_NUMBER})(?: (?:equal |even |smaller )?{_PART})?")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a step: how many, or the hours of each of them, in order; with `each`, as many as it takes."""

    count: int = 0
    hours: tuple[int, ...] = ()
    each: int = 0

    def __str__(self) -> str:
        if self.each:
            return f"parts of {self.each} h"
        if not self.hours:
            return f"{self.count} parts"
        first, last = (f"{hours} h" for hours in self.hours[:-1]), f"{self.hours[-1]} h"
        return f"{', '.join(first)} and {last}"

    def of(self, step: PlanStep) -> tuple[int, ...]:
        """Give the hours of each part of a step. What's been worked on it is in the first one.

        Raises:
            BadValue: it has too few hours for that many parts, or makes too many.
        """
        if self.hours:
            return self.hours
        count = self.count or -(-step.hours // self.each)
        if not _MIN_PARTS <= count <= min(MAX_PARTS, step.hours):
            most = f"up to {min(MAX_PARTS, step.hours)} parts" if step.hours > 1 else "no parts: I count whole hours"
            raise BadValue(f"“{short(step.text, 60)}” has {step.hours} h. That makes {most}.", option="into")
        if self.each:
            return (*[self.each] * (count - 1), step.hours - self.each * (count - 1))
        first = max(-(-step.hours // count), min(step.hours_logged, step.hours - count + 1))
        whole, over = divmod(step.hours - first, count - 1)
        return (first, *(whole + (place < over) for place in range(count - 1)))


def read_parts(text: str) -> Parts | None:
    """Read how a step is split: “3”, “two parts”, “in half”, “10 and 20 h”, “2 steps of 15 hours”, “5 h each”; None for others.

    Raises:
        Impossible: it's a single part.
    """
    said = re.sub(r"^(?:in|into|over|across|to)\s+", "", " ".join(text.lower().split()).strip(" .!"))
    if said in ("half", "halves", "a half", "the middle"):
        return Parts(_MIN_PARTS)
    if each := _EACH.fullmatch(said):
        hours, count = int(each["each"] or each["hours"]), each["count"]
        return Parts(hours=(hours,) * _parts(count)) if count else Parts(each=hours)
    if _LISTED.fullmatch(said):
        return Parts(hours=tuple(map(int, re.findall(r"\d+", said))))
    counted = _COUNT.fullmatch(said)
    return Parts(_parts(counted["count"])) if counted else None


def _parts(count: str) -> int:
    number = int(in_digits(count))
    if not _MIN_PARTS <= number <= MAX_PARTS:
        raise Impossible(f"How many parts? From {_MIN_PARTS} to {MAX_PARTS}, e.g. 2.", option="into")
    return number


@registry.command(
    "plan split",
    "Split a step into parts.",
    writes=True,
    needs=("step",),
    label="Split “{step}”[ into {into}]|Split a step",
    examples=("plan split rag into:3", 'plan split 2 into:"10 and 20 h"'),
    intents=(
        "split {step}",
        "divide {step} into parts",
        "split a step into parts",
        "make two steps out of {step}",
    ),
)
@asks_which_step("plan split", "Which step would you like to split?")
async def plan_split(
    context: Context,
    step: StepRef = None,
    into: Annotated[
        Parts | None,
        Option(
            "How many parts, or their hours",
            reader=read_parts,
            claims=lambda _: False,  # the 3 of “plan split 2 3” could be a slip
            words=str,
            max_length=60,
            called=("in", "parts"),
        ),
    ] = None,
) -> Answer:
    """Cut a step in two, or into the parts that were asked for, one after the other."""
    session = await context.learner()
    found, before = find_step(session.plan, step or ""), session.plan
    try:
        parts = await plans.split_step(session, found.number, (into or Parts(_MIN_PARTS)).of(found))
    except StepSettled as settled:
        return views.settled_card(session.plan.step(settled.number))
    return views.split_card(before, session.snapshot, parts)
