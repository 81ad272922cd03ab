"""`progress`: what is done, this week, the streak, levels then and now; with pictures."""

from __future__ import annotations

from mentorbot.chat.cards import (
    Answer,
    Block,
    Button,
    Buttons,
    Card,
    FieldList,
    Footnote,
    Heading,
    Paragraph,
    RichText,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.checkin_cards import checkins, streak_of
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.commands.pictures import burn_up_picture, levels_picture
from mentorbot.domain.plan import StepState, monday
from mentorbot.domain.progress import burn_up


@registry.command("progress", "What you have done, this week, your streak, your levels; with pictures.")
async def progress(context: Context) -> Answer:
    """The caller's own progress."""
    desk = await Desk.open(context, shown=False)
    if not desk.plan.steps and not await desk.assessments():
        return _nothing_yet()
    blocks = await progress_blocks(desk)
    buttons = (
        Button("My plan", "plan show", "primary"),
        Button("Assess again", "assess"),
        Button("Portfolio", "portfolio"),
    )
    return Card("Your progress", (*blocks, Buttons(buttons)))


def _nothing_yet() -> Card:
    text = Paragraph(rich("There is nothing to show yet. Tell me where you stand, or let me make you a plan."))
    return Card(
        "Your progress",
        (text, Buttons((Button("Assess myself", "assess", "primary"), Button("Make me a plan", "plan new")))),
    )


async def progress_blocks(desk: Desk) -> list[Block]:
    """Progress as it is shown to the learner, and to a mentor with whom it is shared."""
    blocks: list[Block] = [FieldList(tuple(await _facts(desk)))]
    if desk.plan.steps:
        blocks.append(burn_up_picture(burn_up([desk.plan], desk.week)))
    then, now = await _first_levels(desk), await desk.levels()
    if now:
        target = needs(desk.context, desk.plan.title)
        blocks += [Heading("Levels"), levels_picture(desk.context.pack.skills, then, now, target)]
        blocks.append(
            Footnote(
                rich("Levels are the learner's own view; milestones that are done count with the level they lead to.")
            )
        )
    return blocks


async def _first_levels(desk: Desk) -> dict[str, int]:
    """The level in each skill as it was first known."""
    first = dict(desk.implied())
    for one in reversed(await desk.assessments()):
        first[one.skill] = one.level
    return first


async def _facts(desk: Desk) -> list[tuple[str, RichText]]:
    plan = desk.plan
    done = sum(step.state is StepState.DONE for step in plan.steps)
    worked = plan.hours_logged_in(desk.week)
    hours = sum(step.hours_in_week(desk.week) for step in plan.steps_in_week(desk.week))
    count = streak_of(desk, await checkins(desk))
    rows = [
        ("Done", f"{done} step{'s' if done != 1 else ''}, {plan.hours_done} of {plan.hours_total} hours"),
        ("This week", _this_week(worked, hours)),
        ("Check-ins in a row", str(count)),
    ]
    if plan.title:
        rows.insert(0, ("Aim", title_name(desk.context, plan.title)))
    if plan.end_date:
        rows.append(
            ("Ends", f"in the week of {monday(plan.end_date):%-d %B %Y}, at {plan.hours_per_week} hours a week")
        )
    blocked = [step for step in plan.active if step.state is StepState.BLOCKED]
    rows += [("Blocked", f"step {step.number}, {_since(step.status_since)}: {step.blocker}") for step in blocked]
    return [(name, rich(text)) for name, text in rows]


def _this_week(worked: int, planned: int) -> str:
    if not worked and not planned:
        return "nothing planned"
    return f"{worked} hour{'s' if worked != 1 else ''} worked, {planned or 'no'} more planned"


def _since(day: object) -> str:
    return f"since {day:%-d %B}" if day else "for a while"
