"""`checkin now | mark | plan | outcome | close | skip | snooze | pause | resume`: ten minutes a week on one's own plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from mentorbot.cards import (
    Answer,
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    Form,
    Heading,
    Note,
    Paragraph,
    bold,
    words,
)
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.desk import Desk
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.plan import StepNumber, settled
from mentorbot.commands.plan_cards import step_words
from mentorbot.commands.values import short
from mentorbot.errors import BadValue, NotFound
from mentorbot.learning import changes
from mentorbot.learning.checkin import if_then, streak
from mentorbot.learning.plan import WEEK, Step
from mentorbot.packs.model import Pack
from mentorbot.storage import CheckIn

MAX_WORDS = 300
CHECKIN = "checkin"
WITH_BUTTONS = 6

registry.group("checkin", "Your weekly check-in.")


async def checkins(desk: Desk) -> list[CheckIn]:
    """The caller's check-ins, oldest first."""
    return await desk.call.unit.checkins.all(desk.call.caller.person, desk.call.pack.info.role)


def streak_of(desk: Desk, found: list[CheckIn]) -> int:
    """Weeks in a row with a check-in; skipped weeks and weeks off neither count nor break."""
    held = {one.week for one in found if one.state == "held"}
    free = {one.week for one in found if one.state == "skipped"} | desk.plan.off
    return streak(held, free, desk.week)


@registry.command("checkin now", "This week's steps, and what comes next.", examples=("checkin now",))
async def checkin_now(call: Call) -> Answer:
    """The check-in of the present week, whenever one likes."""
    return await checkin_card(await Desk.open(call))


async def weekly_card(desk: Desk, late: str | None) -> Card:
    """The check-in as it is sent every week; `late` says in one line why it comes late."""
    return await checkin_card(desk, *([late] if late else []))


async def unwanted(desk: Desk) -> str:
    """Why a check-in is not to be sent now; "" when it is."""
    if desk.learner.paused_until and desk.today < desk.learner.paused_until:
        return f"check-ins are paused until {desk.learner.paused_until.isoformat()}"
    if desk.off:
        return "this week is off"
    this = next((one for one in await checkins(desk) if one.week == desk.week), None)
    return f"this week's check-in was {this.state} already" if this else ""


async def checkin_card(desk: Desk, *news: str) -> Card:
    """The present week: what was planned, each step with its buttons, and the if-then plan for the next one."""
    found = await checkins(desk)
    blocks: list[Block] = [Paragraph(words(bold(line))) for line in (*news, *([desk.moved] if desk.moved else []))]
    blocks += _last_week(desk, found)
    blocks += _steps(desk)
    this = next((one for one in found if one.week == desk.week), None)
    blocks += _next_week(this)
    count = streak_of(desk, found)
    if count > 1:
        row = f"{count} weeks in a row with a check-in. Skipped weeks and weeks off do not break the row."
        blocks.append(Note(words(row)))
    blocks.append(Buttons(_ways_on(this)))
    return Card(f"Check-in: week of {desk.week:%-d %B}", tuple(blocks))


def _last_week(desk: Desk, found: list[CheckIn]) -> list[Block]:
    """The newest if-then plan of an earlier week comes back as a question, until it is answered."""
    last = next((one for one in reversed(found) if one.week < desk.week and one.fallback), None)
    if last is None or last.outcome:
        return []
    week = f"week:{last.week.isoformat()}"
    buttons = (
        Button("It came up, and it helped", f"checkin outcome helped {week}", "primary"),
        Button("It came up, and it did not", f"checkin outcome failed {week}"),
        Button("It did not come up", f"checkin outcome unneeded {week}"),
    )
    text = Paragraph(
        words(f"In the week of {last.week:%-d %B} you wrote: ", bold(if_then(last.obstacle, last.fallback)))
    )
    return [text, Buttons(buttons)]


def _steps(desk: Desk) -> list[Block]:
    steps = desk.plan.this_week(desk.week)
    if not steps:
        return [Paragraph(words(_nothing(desk)))]
    blocks: list[Block] = [Heading("How did it go?")]
    for place, step in enumerate(steps):
        blocks.append(Paragraph(step_words(step, step.in_week(desk.week))))
        if place < WITH_BUTTONS:
            blocks.append(Buttons(_marks(step)))
    return blocks


def _nothing(desk: Desk) -> str:
    if desk.off:
        return "This week is off. Nothing is planned, and nothing is lost."
    if not desk.plan.active:
        return "You have no open steps. Add one with /mentor plan add, or let me make a plan: /mentor plan new."
    return "Nothing is planned for this week."


def _marks(step: Step) -> tuple[Button, ...]:
    line = f"checkin mark {step.number}"
    return (
        Button("Done", f"{line} done", "primary"),
        Button("Still on it", f"{line} doing"),
        Button("Blocked", f"{line} blocked"),
    )


def _next_week(this: CheckIn | None) -> list[Block]:
    if this is None or not this.fallback:
        return []
    return [
        Heading("Next"),
        Paragraph(words(bold(this.next_step), "  ", if_then(this.obstacle, this.fallback))),
    ]


def _ways_on(this: CheckIn | None) -> tuple[Button, ...]:
    plan = Button("Change the if-then plan" if this and this.fallback else "Make an if-then plan", "checkin plan")
    if this is not None and this.state == "skipped":
        return plan, Button("I am here after all", "checkin resume"), Button("My plan", "plan show")
    if this is not None:
        return plan, Button("My plan", "plan show"), Button("My progress", "progress")
    return (
        plan,
        Button("That was my week", "checkin close"),
        Button("Skip this week", "checkin skip"),
        Button("Ask me tomorrow", "checkin snooze"),
    )


async def hold(desk: Desk, **told: str) -> None:
    """Put down that this week has its check-in."""
    call = desk.call
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    await call.unit.checkins.hold(call.caller.person, call.pack.info.role, desk.week, **told)


def _hows(_: Pack) -> tuple[Choice, ...]:
    return Choice("Done", "done"), Choice("Still on it", "doing"), Choice("Blocked", "blocked")


@registry.command(
    "checkin mark",
    "How a step went this week.",
    writes=True,
    examples=("checkin mark 2 blocked No GPU quota", "checkin mark 2 done"),
)
async def checkin_mark(
    call: Call,
    step: StepNumber,
    how: Annotated[str, Option("How it went", choices=_hows)],
    why: Annotated[str | None, Option("What is in the way", rest=True, max_length=MAX_WORDS, long=True)] = None,
) -> Answer:
    """Done, still on it (its hours of this week are worked), or blocked."""
    if how == "blocked" and why is None:
        raise MissingOption("why")
    desk = await Desk.open(call)
    before = desk.plan.step(step)
    if not before.active:
        return await checkin_card(desk, settled(before))
    if how == "doing":
        plan, said = changes.still_on(desk.plan, step, desk.today), "Still on it"
    elif how == "done":
        plan, said = changes.mark(desk.plan, step, "done", desk.today), "Done"
    else:
        plan, said = changes.mark(desk.plan, step, "blocked", desk.today, blocker=why or ""), "Blocked"
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
    call: Call,
    step: Annotated[str | None, Option("Your next step", max_length=MAX_WORDS)] = None,
    obstacle: Annotated[str | None, Option("What may get in the way (if …)", max_length=MAX_WORDS)] = None,
    then: Annotated[str | None, Option("What you will do then", max_length=MAX_WORDS)] = None,
) -> Answer:
    """Keep the if-then plan for the days to come."""
    desk = await Desk.open(call)
    if step is None or obstacle is None or then is None:
        return await _plan_form(desk, step, obstacle, then)
    await hold(desk, next_step=step, obstacle=obstacle, fallback=then, outcome="")
    return await checkin_card(desk, "Kept. Next week I will ask how it went.")


async def _plan_form(desk: Desk, step: str | None, obstacle: str | None, then: str | None) -> Form:
    if not desk.call.forms:
        raise MissingOption("step" if step is None else "obstacle" if obstacle is None else "then")
    first = next(iter(desk.plan.this_week(desk.week)), None)
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
    call: Call,
    outcome: Annotated[str, Option("What became of it", choices=_outcomes)],
    week: Annotated[str | None, Option("The week in which you made it, by its Monday", named_only=True)] = None,
) -> Answer:
    """Keep what became of an earlier week's if-then plan."""
    desk = await Desk.open(call)
    found = await checkins(desk)
    made = [one for one in found if one.fallback and one.week < desk.week and week in (None, one.week.isoformat())]
    if not made:
        raise NotFound("You have made no if-then plan in an earlier week.", tries=("checkin plan",))
    await call.unit.checkins.set_outcome(call.caller.person, call.pack.info.role, made[-1].week, outcome)
    await hold(desk)
    return await checkin_card(desk, _SAID[outcome])


@registry.command("checkin close", "That was my week; there is nothing more to tell.", writes=True)
async def checkin_close(call: Call) -> Answer:
    """Count this week's check-in as held."""
    desk = await Desk.open(call)
    await hold(desk)
    return await checkin_card(desk, "Thank you. See you next week.")


@registry.command("checkin skip", "Skip this week; your steps move on, your streak stays.", writes=True)
async def checkin_skip(call: Call) -> Answer:
    """No check-in and no work in the present week."""
    desk = await Desk.open(call)
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    await call.unit.checkins.skip(call.caller.person, call.pack.info.role, desk.week)
    await desk.save(changes.take_off(desk.plan, desk.week, desk.week + WEEK, desk.today), "the skipped week")
    text = "Your steps have moved on. Nothing is lost, and your streak stays."
    return _rest_card("This week is skipped", text, Button("I am here after all", "checkin resume", "primary"))


@registry.command("checkin snooze", "Ask me again tomorrow at this time.", writes=True)
async def checkin_snooze(call: Call) -> Answer:
    """Send the check-in once more, in a day; whoever asks again has it a day after that."""
    await call.unit.notices.take_back(CHECKIN, call.caller.person)
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    at = call.now + timedelta(days=1)
    await call.unit.notices.add(call.caller.person, call.pack.info.role, CHECKIN, at, key=f"c{int(at.timestamp()):x}")
    return _rest_card("Until tomorrow", "I will ask you again in a day, at this time.")


@registry.command(
    "checkin pause", "No check-ins and no work until a day.", writes=True, examples=("checkin pause 2027-01-11",)
)
async def checkin_pause(
    call: Call, until: Annotated[date | None, Option("The day on which you are back")] = None
) -> Answer:
    """Weeks off until the one in which the learner is back."""
    if until is None:
        raise MissingOption("until")
    desk = await Desk.open(call)
    if not desk.today < until <= desk.today + changes.MAX_OFF:
        raise BadValue(
            "A pause lasts from one day to one year. Write the day on which you are back, from tomorrow on; "
            "you can pause again then.",
            option="until",
        )
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    await call.unit.learners.set_pause(call.caller.person, call.pack.info.role, until)
    free = changes.come_back(desk.plan, desk.today)  # an earlier pause gives way, or a shorter one would change nothing
    await desk.save(changes.take_off(free, desk.week, until, desk.today), "the pause")
    text = f"I will leave you in peace until {until:%A, %-d %B %Y}. Your steps have moved on, and your streak stays."
    return _rest_card("You are on a break", text, Button("I am back", "checkin resume", "primary"))


@registry.command("checkin resume", "I am back: end a pause or a skipped week.", writes=True)
async def checkin_resume(call: Call) -> Answer:
    """End a pause, or take up a skipped week after all."""
    desk = await Desk.open(call)
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    await desk.come_back()
    await desk.save(changes.come_back(desk.plan, desk.today), "the end of the pause")
    return await checkin_card(desk, "Welcome back. This is what fits this week.")


def _rest_card(title: str, text: str, *more: Button) -> Card:
    return Card(title, (Paragraph(words(text)), Buttons((*more, Button("My plan", "plan show")))))
