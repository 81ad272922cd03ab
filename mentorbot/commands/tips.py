"""`tips here | stop | when | pause | resume`: the weekly tip of a channel."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, code, rich
from mentorbot.commands import registry
from mentorbot.commands.cadences import Coming, posted_next, recurring, weeks, when_rows
from mentorbot.commands.context import Context
from mentorbot.commands.reach import must_reach, way_out
from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays

LONGEST_PAUSE = timedelta(days=366)


@registry.command("tips when", "When the next weekly tip comes in this channel.")
async def tips_when(context: Context) -> Answer:
    """The channel's schedule and its next date."""
    schedule = await context.uow.schedules.get(context.caller.channel.id)
    if schedule is None:
        return _no_tips()
    if schedule.state == "paused":
        blocks: tuple[Block, ...] = (
            Paragraph(rich(way_out(schedule.paused_reason or ""))),
            Buttons((Button("Start it again", _here_line(schedule.cadence), "primary"),)),
        )
        return Card("The weekly tip is paused", blocks)
    until, today = schedule.cadence.pause_until, context.now.astimezone(schedule.cadence.zone).date()
    pause = Button("Pause it", "tips pause until:?")
    if until is not None and today < until:
        pause = Button("End the pause", "tips resume", "primary")
    buttons = Buttons((pause, Button("Stop it", "tips stop")))
    facts = FieldList(tuple(when_rows(schedule.cadence, await _coming(context, schedule))))
    return Card("The weekly tip in this channel", (facts, buttons))


def _no_tips() -> Card:
    how = code("/mentor tips here monday 09:00 Europe/Berlin")
    text = rich("No weekly tip is posted here. An admin can start it with ", how, ".")
    return Card("No weekly tip here", (Paragraph(text), Buttons((Button("Start it", "tips here", "primary"),))))


def _here_line(cadence: Recurrence) -> str:
    days = ",".join(day.name.lower() for day in cadence.weekdays)
    every = "" if cadence.every == 1 else f" every:{cadence.every}-weeks"
    until = f" until:{cadence.ends_on}" if cadence.ends_on else ""
    return f"tips here {days} {cadence.at:%H:%M} {cadence.zone.key}{every}{until}"


async def _coming(context: Context, schedule: Schedule) -> Coming:
    return posted_next(schedule, await context.uow.calendars.get())


@registry.command(
    "tips here",
    "Post a weekly tip in this channel.",
    admin=True,
    writes=True,
    examples=("tips here monday 09:00 Europe/Berlin", "tips here tue,thu 15:30 every:2-weeks"),
)
async def tips_here(
    context: Context,
    day: Annotated[Weekdays, Option("Day of the week, or several")],
    at: Annotated[time, Option("Local time")],
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=weeks)] = None,
    start: Annotated[date | None, Option("First day; without it, from now on")] = None,
    until: Annotated[date | None, Option("Last day; without it, until you stop it")] = None,
) -> Answer:
    """Start (or move) the weekly tip of this channel."""
    zone = zone or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    await must_reach(context, context.caller.channel)
    person = await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    cadence = recurring(Recurrence(day, at, zone), context.now, every=every, start=start, until=until)
    schedule = await context.uow.schedules.start(
        context.caller.channel, cadence, context.pack.info.role, person.platform_user_id, context.now
    )
    note = Footnote(rich("Every tip comes once before one comes again. Stop it with ", code("/mentor tips stop"), "."))
    facts = FieldList(tuple(when_rows(cadence, await _coming(context, schedule))))
    return Card("The weekly tip is set", (facts, note, Buttons((Button("Show me a tip now", "tip"),))))


@registry.command(
    "tips pause", "No tips here until a day.", admin=True, writes=True, examples=("tips pause 2027-01-11",)
)
async def tips_pause(
    context: Context, until: Annotated[date | None, Option("The day from which tips come again")] = None
) -> Answer:
    """Leave out what falls before a day, at most a year away."""
    schedule = await context.uow.schedules.get(context.caller.channel.id)
    if schedule is None:
        return _no_tips()
    if until is None:
        raise MissingOption("until")
    today = context.now.astimezone(schedule.cadence.zone).date()
    if not today < until <= today + LONGEST_PAUSE:
        raise BadValue(
            "A pause lasts from one day to one year. Write the day from which tips come again, from tomorrow on.",
            option="until",
        )
    paused = await context.uow.schedules.pause_until(context.caller.channel.id, until) or schedule
    coming = await _coming(context, paused)
    then = "Then they go on by themselves." if coming.at else "None is left after that."
    text = f"No tips come here until {until:%A, %-d %B %Y}. {then}"
    buttons = Buttons((Button("End the pause", "tips resume", "primary"), Button("Stop it", "tips stop")))
    facts = FieldList(tuple(when_rows(paused.cadence, coming)))
    return Card("The weekly tip is paused", (Paragraph(rich(text)), facts, buttons))


@registry.command("tips resume", "Tips come here again: end the pause.", admin=True, writes=True)
async def tips_resume(context: Context) -> Answer:
    """End a pause."""
    schedule = await context.uow.schedules.pause_until(context.caller.channel.id, None)
    if schedule is None:
        return _no_tips()
    facts = FieldList(tuple(when_rows(schedule.cadence, await _coming(context, schedule))))
    return Card("Tips come here again", (facts, Buttons((Button("Stop it", "tips stop"),))))


@registry.command("tips stop", "Stop the weekly tip in this channel.", admin=True, writes=True)
async def tips_stop(context: Context) -> Answer:
    """Stop the weekly tip of this channel."""
    schedule = await context.uow.schedules.stop(context.caller.channel.id)
    if schedule is None:
        return _no_tips()
    again = Buttons((Button("Start it again", _here_line(schedule.cadence)),))
    return Card("The weekly tip has stopped", (Paragraph(rich("No more tips will be posted here.")), again))
