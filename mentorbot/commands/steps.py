"""The option that names a step, and asking which one is meant."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands.context import Context
from mentorbot.domain.plan import Plan, StepState, monday
from mentorbot.domain.plan_layout import roll_forward
from mentorbot.errors import BadValue, NumberedStep, StepNotFound, StepUnclear
from mentorbot.services.learners import UTC
from mentorbot.services.plans import Place, StepPlace
from mentorbot.services.steps import MAX_SUGGESTED_STEPS, current_steps, find_step, step_labels
from mentorbot.slash.choices import short
from mentorbot.slash.dates import DateRange
from mentorbot.slash.registry import Option
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.plan import calendar_order, which_step_card


async def suggest_steps(context: Context, _: str) -> tuple[Choice, ...]:
    """Suggest the caller's steps that aren't settled."""
    plan = (await context.repository.plans.get()).plan
    return tuple(Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in plan.active)


async def steps_in_order(context: Context, _: str) -> tuple[Choice, ...]:
    """List the same steps in the order of the calendar, as a list of all steps shows them."""
    today = context.now.astimezone(await context.zone() or UTC).date()
    plan = roll_forward((await context.repository.plans.get()).plan, monday(today))[0]
    return tuple(Choice(short(step.text, 80), str(step.number)) for step in sorted(plan.active, key=calendar_order))


async def settled_steps(context: Context, _: str) -> tuple[Choice, ...]:
    """List the caller's steps that are done or dropped."""
    plan = (await context.repository.plans.get()).plan
    return tuple(
        Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in plan.steps if not step.active
    )


async def stuck_steps(context: Context, _: str) -> tuple[Choice, ...]:
    """List the caller's stuck steps, each with what's in the way."""
    plan = (await context.repository.plans.get()).plan
    return tuple(
        Choice(f"{step.number}. {short(step.text, 80)}", str(step.number), step.blocker) for step in plan.blocked
    )


async def step_at_hand(context: Context) -> str:
    """Give the number of the step that's under way, or the only one that's open; "" if there are several."""
    plan = (await context.repository.plans.get()).plan
    steps = [step for step in plan.active if step.state is StepState.DOING] or plan.active
    return str(steps[0].number) if len(steps) == 1 else ""


CALLED = ("number", "task", "item")
"""Other names people give the option."""
Days = Annotated[
    DateRange | None,
    Option(
        "Which days, e.g. last week or december",
        past=True,
        ranges=True,
        unlisted=True,
        called=("in", "by", "until", "till", "before", "during", "since", "for", "on", "this"),
    ),
]
"""Some days in a row, which may have passed; a single day means all up to it, or since then."""


def days_up_to(days: DateRange, today: date) -> DateRange:
    """Give all days between today and a single day that's named: “before christmas”, “since 1 december”."""
    if days.days > 1 or days.first == today:
        return days
    return DateRange(min(days.first, today), max(days.first, today))


HOUR_WORDS = ("hour", "h", "time", "takes")
"""Other names people give an option for hours."""
MAX_STEP_TEXT = 300
"""Characters of what a step is, or of what blocks it."""
_of_a_step = functools.partial(
    Option,
    "Which step: its number or name",
    suggest=suggest_steps,
    in_order=steps_in_order,
    former=settled_steps,
    called=CALLED,
)
StepRef = Annotated[str | None, _of_a_step(at_hand=step_at_hand)]
"""A step, followed by other words: the handler tells them apart with `find_step_and_rest`."""
StepName = Annotated[str | None, _of_a_step(at_hand=step_at_hand, greedy=True)]
"""A step at the end of a line, in as many words as there are."""
NewStepName = Annotated[str | None, _of_a_step(greedy=True)]
"""The same for a step that isn't under way yet."""
StuckStepName = Annotated[
    str | None,
    Option(
        "Which step: its number or name",
        suggest=stuck_steps,
        former=suggest_steps,
        source="steps",
        called=CALLED,
        greedy=True,
    ),
]
"""A step that's stuck, at the end of a line."""
SettledStepName = Annotated[
    str | None,
    Option(
        "Which step: its number or name",
        suggest=settled_steps,
        former=suggest_steps,
        source="steps",
        called=CALLED,
        greedy=True,
    ),
]
"""A step that's done or dropped, at the end of a line."""


def other_step(description: str, *called: str) -> Option:
    """Declare an option for a second step, which comes after one of the words it's `called`."""
    return Option(description, suggest=suggest_steps, former=settled_steps, called=called, led=True)


def find_other(plan: Plan, text: str, option: str) -> int:
    """Find the number of a second step, which an `option` names.

    Raises:
        BadValue: no step has that number or those words, or several do. The suggestions are those to offer.
    """
    try:
        return find_step(plan, text).number
    except (StepUnclear, StepNotFound) as error:
        numbers = [str(step.number) for step in error.steps]
        raise BadValue(error.message, option=option, suggestions=numbers) from error


def place_beside(plan: Plan, after: str | None, before: str | None) -> Place | None:
    """Read where a step goes, by the step it comes after or before."""
    if not (other := after or before):
        return None
    where = StepPlace.AFTER if after else StepPlace.BEFORE
    return Place(where, find_other(plan, other, where))


Handler = Callable[..., Awaitable[Answer]]


def asks_which_step(name: str, question: str, rest: str = "") -> Callable[[Handler], Handler]:
    """Ask `question` with the likely steps as buttons when a command can't tell which step is meant, or none is given.

    If something else is given, a week's only step isn't asked about. `name` is the command's name, and `rest` the option
    that takes the words after the step. Everything given stays on the buttons.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def ask(context: Context, *, step: str | None = None, **options: object) -> Answer:
            # A file is too long for a button, so it has to be sent again.
            given = {
                key.replace("_", "-"): str(value)
                for key, value in options.items()
                if value is not None and key != "file"
            }
            again = " Send the file with it again." if options.get("file") else ""
            if step is None or step == "?":
                plan = (await context.learner()).plan
                steps = current_steps(plan)
                if step is None and given and len(steps) == 1:  # “I worked 2 h” in a week with one step
                    return await handler(context, step=str(steps[0].number), **options)
                steps = tuple(dict.fromkeys((*steps, *plan.active)))[:MAX_SUGGESTED_STEPS]
                return _which(f"{question}{again}" if steps else "You don't have any open steps", name, steps, given)
            try:
                return await handler(context, step=step, **options)
            except StepUnclear as unclear:
                given |= {rest: unclear.rest} if rest and unclear.rest else {}
                return _which(f"{question}{again}", name, unclear.steps, given, words="" if rest else unclear.rest)
            except StepNotFound as missing:
                return _which(missing.message.removesuffix("."), name, missing.steps, given, error=missing.code)

        return ask

    return decorate


def _which(
    question: str,
    name: str,
    steps: Sequence[NumberedStep],
    given: dict[str, str],
    *,
    words: str = "",
    error: str | None = None,
) -> Answer:
    lines = [
        (label, format_line(name.split(), {"step": f"{step.number} {words}".strip()} | given))
        for label, step in step_labels(steps)
    ]
    return which_step_card(question, lines, error)
