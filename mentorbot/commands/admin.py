"""`admin report | here | stop | match`: figures over the workspace, without names, and requests that nobody has taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from statistics import median
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, RichText, rich
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.cadences import NINE
from mentorbot.commands.context import Context
from mentorbot.commands.desk import UTC
from mentorbot.commands.pair import table_of
from mentorbot.commands.reach import must_reach
from mentorbot.domain.plan import monday
from mentorbot.domain.records import WorkspaceStats
from mentorbot.domain.recurrence import Recurrence
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.storage.schedules import REPORT

SMALLEST_GROUP = 5
"""Of fewer people nothing is told: a median of three says too much about each."""


@registry.command("admin report", "How learning goes in this workspace: counts and medians, no names.", admin=True)
async def admin_report(context: Context) -> Answer:
    """The figures of the present week."""
    return await report_card(context, (await context.zone()) or UTC)


async def report_card(context: Context, zone: ZoneInfo, late: str | None = None) -> Card:
    """The figures as they stand in `zone`'s present week; `late` says in one line why they come late."""
    week = monday(context.now.astimezone(zone).date())
    figures = await context.uow.reports.figures(context.pack.info.role, week)
    mentors = [one for one in await context.uow.mentorships.mentors(context.pack.info.role) if one.offering]
    left = await context.uow.privacy.departures(context.now.date() - timedelta(days=30))
    rows = [
        ("Mentors", rich(f"{len(mentors)} offer, with room for {sum(one.room for one in mentors)} more")),
        ("Learners who wait for a mentor", rich(_count(figures.pairings.get("waiting", 0)))),
    ]
    blocks: list[Block] = [FieldList((*_learner_rows(figures, week), *rows))]
    if left:
        blocks.append(
            Paragraph(rich(f"{left} {'person has' if left == 1 else 'people have'} left in the last 30 days."))
        )
    if late:
        blocks.append(Footnote(rich(late)))
    blocks.append(Footnote(rich(f"Counts and medians only. Of fewer than {SMALLEST_GROUP} learners nothing is told.")))
    buttons = (Button("Find mentors for those who wait", "admin match"), Button("Every week here", "admin here"))
    return Card("Learning in this workspace", (*blocks, Buttons(buttons)), public=False)


def _learner_rows(figures: WorkspaceStats, week: date) -> list[tuple[str, RichText]]:
    if figures.learners < SMALLEST_GROUP:
        return [("Learners", rich(f"fewer than {SMALLEST_GROUP}"))]
    return [
        ("Learners with a plan", rich(str(figures.learners))),
        ("Hours a week", rich(f"{median(figures.hours_per_week):g} (median)")),
        ("Of the plan done", rich(_percent(figures.completion))),
        ("With a blocked step", rich(_count(figures.blocked))),
        ("Check-ins last week", rich(_count(figures.checkins.get(week - timedelta(weeks=1), 0)))),
        ("Check-ins this week so far", rich(_count(figures.checkins.get(week, 0)))),
    ]


def _percent(shares: Sequence[float]) -> str:
    return f"{100 * median(shares):.0f}% (median)" if len(shares) >= SMALLEST_GROUP else "nothing yet"


def _count(number: int) -> str:
    """A count of people, without telling one from four."""
    return str(number) if number == 0 or number >= SMALLEST_GROUP else f"fewer than {SMALLEST_GROUP}"


@registry.command(
    "admin here",
    "Post the weekly report here, and requests that find no mentor.",
    admin=True,
    writes=True,
    examples=("admin here monday 09:00 Europe/Berlin",),
)
async def admin_here(
    context: Context,
    day: Annotated[Weekday, Option("Day of the week")] = Weekday.MONDAY,
    at: Annotated[time, Option("Local time, as 09:00")] = NINE,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
) -> Answer:
    """Start (or move) the weekly report in this channel."""
    await must_reach(context, context.caller.channel)
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    zone = zone or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    cadence = Recurrence.weekly(day, at, zone)
    await context.uow.schedules.start(
        context.caller.channel, cadence, context.pack.info.role, context.caller.user_id, context.now, REPORT
    )
    text = f"Every {day.label} at {at:%H:%M} ({cadence.zone.key}) the report comes here. So do requests that find no mentor."
    return Card("The weekly report is set", (Paragraph(rich(text)), Buttons((Button("Stop it", "admin stop"),))))


@registry.command("admin stop", "Stop the weekly report in this channel.", admin=True, writes=True)
async def admin_stop(context: Context) -> Answer:
    """Stop the report of this channel."""
    stopped = await context.uow.schedules.stop(context.caller.channel.id, REPORT)
    text = "No more reports come here." if stopped else "No report was posted here."
    return Card("The weekly report", (Paragraph(rich(text)), Buttons((Button("Start it", "admin here"),))))


@registry.command(
    "admin match", "Find mentors for all who wait, so that all together fare best.", admin=True, writes=True
)
async def admin_match(context: Context) -> Answer:
    """Ask mentors for everybody who waits; who is asked is between them and the mentor."""
    role = context.pack.info.role
    before = len(await context.uow.mentorships.waiting(role))
    await table_of(context).place_waiting()
    after = len(await context.uow.mentorships.waiting(role))
    if not before:
        text = "Nobody waits for a mentor."
    else:
        text = f"{before - after} of {before} who wait have a mentor to answer them now."
        text += "" if not after else " For the others nobody has room: find more mentors, or ask one to take more."
    return Card("Matching", (Paragraph(rich(text)), Buttons((Button("Report", "admin report"),))))


def waiting_card() -> Card:
    """What the admins' channel hears when a request has found nobody."""
    text = "A learner looks for a mentor, and everybody who offers has been asked or is full. Could somebody take one more?"
    buttons = (Button("I offer to mentor", "pair offer max:3", "primary"), Button("Who offers", "pair list"))
    return Card("A request finds no mentor", (Paragraph(rich(text)), Buttons(buttons)), public=True)
