"""A week as a card: how each step went, last week's if-then plan as a question, and the next one."""

from __future__ import annotations

from dataclasses import replace

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Heading, Paragraph, bold, rich
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.plan_cards import layout_notice, step_words
from mentorbot.domain.checkins import if_then, streak
from mentorbot.domain.plan import PlanStep
from mentorbot.domain.records import CheckIn
from mentorbot.storage.schedules import REMINDER

MAX_WORDS = 300
CHECKIN = "checkin"
WITH_BUTTONS = 6


async def checkins(desk: Desk) -> list[CheckIn]:
    """The caller's check-ins, oldest first."""
    return await desk.context.uow.checkins.all(desk.context.caller.user_id, desk.context.pack.info.role)


def streak_of(desk: Desk, found: list[CheckIn]) -> int:
    """Weeks in a row with a check-in; skipped weeks and weeks off neither count nor break."""
    held = {one.week for one in found if one.state == "held"}
    free = {one.week for one in found if one.state == "skipped"} | desk.plan.weeks_off
    return streak(held, free, desk.week)


def weekly_card(desk: Desk, late: str | None, found: list[CheckIn]) -> Card:
    """The check-in as it is sent every week; `late` says in one line why it comes late."""
    return week_card(desk, found, *([late] if late else []))


def reminder_card(desk: Desk, late: str | None, found: list[CheckIn]) -> Card:
    """The week once more, a day after a check-in that was not answered; `late` says in one line why it comes late."""
    asks = "I have not heard from you since the check-in. One button is enough; skipping is fine too."
    card = week_card(desk, found, *([late] if late else []), asks)
    return replace(card, blocks=(*card.blocks, Buttons((Button("Do not ask twice", "checkin settings reminder:off"),))))


async def answered(context: Context) -> None:
    """There is nothing to remind the caller of any more."""
    await context.uow.notices.take_back(REMINDER, context.caller.user_id)


def away(desk: Desk) -> str:
    """Why a learner is to be left in peace now; "" when they are not."""
    if desk.learner.paused_until and desk.today < desk.learner.paused_until:
        return f"there is a break until {desk.learner.paused_until:%-d %B %Y}"
    return f"the week of {desk.week:%-d %B} is off" if desk.off else ""


def unwanted(desk: Desk, found: list[CheckIn]) -> str:
    """Why a check-in is not to be sent now; "" when it is."""
    if reason := away(desk):
        return reason
    this = next((one for one in found if one.week == desk.week), None)
    return f"the check-in of the week of {desk.week:%-d %B} was {this.state} already" if this else ""


async def checkin_card(desk: Desk, *news: str) -> Card:
    """The present week as it stands now, see `week_card`."""
    return week_card(desk, await checkins(desk), *news)


def week_card(desk: Desk, found: list[CheckIn], *news: str) -> Card:
    """The present week: what was planned, each step with its buttons, and the if-then plan for the next one. `found` are
    all of the caller's check-ins.
    """
    blocks: list[Block] = [
        Paragraph(rich(bold(line))) for line in (*news, *([layout_notice(desk.moved)] if desk.moved else []))
    ]
    blocks += _last_week(desk, found)
    blocks += _steps(desk)
    this = next((one for one in found if one.week == desk.week), None)
    blocks += _next_week(this)
    count = streak_of(desk, found)
    if count > 1:
        row = f"{count} weeks in a row with a check-in. Skipped weeks and weeks off do not break the row."
        blocks.append(Footnote(rich(row)))
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
        rich(f"In the week of {last.week:%-d %B} you wrote: ", bold(if_then(last.obstacle, last.fallback)))
    )
    return [text, Buttons(buttons)]


def _steps(desk: Desk) -> list[Block]:
    steps = desk.plan.steps_in_week(desk.week)
    if not steps:
        return [Paragraph(rich(_nothing(desk)))]
    blocks: list[Block] = [Heading("How did it go?")]
    for place, step in enumerate(steps):
        blocks.append(Paragraph(step_words(step, step.hours_in_week(desk.week))))
        if place < WITH_BUTTONS:
            blocks.append(Buttons(_marks(step)))
    return blocks


def _nothing(desk: Desk) -> str:
    if desk.off:
        return "This week is off. Nothing is planned, and nothing is lost."
    if not desk.plan.active:
        return "You have no open steps. Add one with /mentor plan add, or let me make a plan: /mentor plan new."
    return "Nothing more is planned for this week."


def _marks(step: PlanStep) -> tuple[Button, ...]:
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
        Paragraph(rich(bold(this.next_step), "  ", if_then(this.obstacle, this.fallback))),
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
    context = desk.context
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await context.uow.checkins.hold(context.caller.user_id, context.pack.info.role, desk.week, **told)
    await answered(context)
