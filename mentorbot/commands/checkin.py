"""`checkin now | mark | plan | outcome | close`: ten minutes a week on one's own plan."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice, Field, Form
from mentorbot.commands import registry
from mentorbot.commands.checkin_cards import MAX_WORDS, checkin_card, checkins, hold
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.plan import StepNumber, settled
from mentorbot.domain import plan_edits
from mentorbot.domain.plan import StepState
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option


@registry.command("checkin now", "This week's steps, and what comes next.", examples=("checkin now",))
async def checkin_now(context: Context) -> Answer:
    """The check-in of the present week, whenever one likes."""
    return await checkin_card(await Desk.open(context))


def _hows(_: Pack) -> tuple[Choice, ...]:
    return Choice("Done", "done"), Choice("Still on it", "doing"), Choice("Blocked", "blocked")


@registry.command(
    "checkin mark",
    "How a step went this week.",
    writes=True,
    examples=("checkin mark 2 blocked No GPU quota", "checkin mark 2 done"),
)
async def checkin_mark(
    context: Context,
    step: StepNumber,
    how: Annotated[str, Option("How it went", choices=_hows)],
    why: Annotated[str | None, Option("What is in the way", greedy=True, max_length=MAX_WORDS, multiline=True)] = None,
) -> Answer:
    """Done, still on it (its hours of this week are worked), or blocked."""
    if how == "blocked" and why is None:
        raise MissingOption("why")
    desk = await Desk.open(context)
    before = desk.plan.step(step)
    if not before.active:
        return await checkin_card(desk, settled(before))
    if how == "doing":
        plan, said = plan_edits.log_week(desk.plan, step, desk.today), "Still on it"
    elif how == "done":
        plan, said = plan_edits.mark(desk.plan, step, StepState.DONE, desk.today), "Done"
    else:
        plan, said = plan_edits.mark(desk.plan, step, StepState.BLOCKED, desk.today, blocker=why or ""), "Blocked"
    await desk.save(plan, f"step {step}: {said.lower()}")
    await hold(desk)
    return await checkin_card(desk, f"{said}: {short(before.text, 100)}")


@registry.command(
    "checkin plan",
    "Your next step, what may get in the way, and what you do then.",
    writes=True,
    examples=('checkin plan "Draft the design" obstacle:"the data team is late" then:"mock the data"',),
)
async def checkin_plan(
    context: Context,
    step: Annotated[str | None, Option("Your next step", max_length=MAX_WORDS)] = None,
    obstacle: Annotated[str | None, Option("What may get in the way (if …)", max_length=MAX_WORDS)] = None,
    then: Annotated[str | None, Option("What you will do then", max_length=MAX_WORDS)] = None,
) -> Answer:
    """Keep the if-then plan for the days to come."""
    desk = await Desk.open(context)
    if step is None or obstacle is None or then is None:
        return await _plan_form(desk, step, obstacle, then)
    await hold(desk, next_step=step, obstacle=obstacle, fallback=then, outcome="")
    return await checkin_card(desk, "Kept. A later week's check-in asks how it went.")


async def _plan_form(desk: Desk, step: str | None, obstacle: str | None, then: str | None) -> Form:
    if not desk.context.forms:
        raise MissingOption("step" if step is None else "obstacle" if obstacle is None else "then")
    first = next(iter(desk.plan.steps_in_week(desk.week)), None)
    asked = (
        (
            "step",
            "Your next step",
            step or (short(first.text, MAX_WORDS) if first else ""),
            "Draft the design's first page",
        ),
        ("obstacle", "If …", obstacle or "", "the data team is late"),
        ("then", "… then I …", then or "", "mock the data and go on"),
    )
    fields = tuple(
        Field(name, label, "text", hint=hint, value=value, max_length=MAX_WORDS) for name, label, value, hint in asked
    )
    return Form("An if-then plan", "checkin plan", fields, "Keep")


def _outcomes(_: Pack) -> tuple[Choice, ...]:
    return Choice("It helped", "helped"), Choice("It did not help", "failed"), Choice("It did not come up", "unneeded")


_SAID = {
    "helped": "Good. That plan is worth keeping.",
    "failed": "Then it was the wrong plan, not the wrong you. Try another “then” this week.",
    "unneeded": "An easy week, then. Keep the plan for the next time.",
}


@registry.command(
    "checkin outcome", "What became of your last if-then plan.", writes=True, examples=("checkin outcome helped",)
)
async def checkin_outcome(
    context: Context,
    outcome: Annotated[str, Option("What became of it", choices=_outcomes)],
    week: Annotated[str | None, Option("The week in which you made it, by its Monday", keyword_only=True)] = None,
) -> Answer:
    """Keep what became of an earlier week's if-then plan."""
    desk = await Desk.open(context)
    found = await checkins(desk)
    made = [one for one in found if one.fallback and one.week < desk.week and week in (None, one.week.isoformat())]
    if not made:
        raise NotFound("You have made no if-then plan in an earlier week.", suggestions=("checkin plan",))
    await context.uow.checkins.set_outcome(context.caller.user_id, context.pack.info.role, made[-1].week, outcome)
    await hold(desk)
    return await checkin_card(desk, _SAID[outcome])


@registry.command("checkin close", "That was my week; there is nothing more to tell.", writes=True)
async def checkin_close(context: Context) -> Answer:
    """Count this week's check-in as held."""
    desk = await Desk.open(context)
    await hold(desk)
    return await checkin_card(desk, "Thank you. That was your week.")
