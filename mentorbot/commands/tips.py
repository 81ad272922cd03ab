"""`tip` for a person, `tips here | stop | when` for a channel, and the card that the scheduler posts."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, code, rich
from mentorbot.commands import registry
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.cadences import Coming, posted_next, recurring, weeks, when_rows
from mentorbot.commands.context import Context
from mentorbot.commands.reach import must_reach, way_out
from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.markdown import inline
from mentorbot.packs.schema import Pack, Tip
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays


def all_tips(pack: Pack) -> dict[str, tuple[Tip, str]]:
    """Every tip of the pack by its id, with the id of its skill."""
    return {tip.id: (tip, tips.skill) for tips in pack.tips for tip in tips.tips}


def tip_card(pack: Pack, tip: Tip, *, scheduled: bool = False, late: str | None = None) -> Card:
    """One tip. A `scheduled` one is for the whole channel; `late` says in a few words why it comes late."""
    skill = all_tips(pack)[tip.id][1]
    name = next(entry.title for entry in pack.skills if entry.id == skill)
    blocks: list[Block] = [Paragraph(inline(tip.do)), Footnote(rich(f"{name} · {tip.level} · {tip.minutes} minutes"))]
    if late:
        blocks.append(Footnote(rich(late)))
    buttons = (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("Why this tip", f"tip why:{tip.id}"),
        Button("Another one", f"tip after:{tip.id}"),
    )
    title = f"Tip of the week: {tip.title}" if scheduled else tip.title
    return Card(title, (*blocks, Buttons(buttons)), public=scheduled)


@registry.command("tip", "One concrete thing to do in 15-30 minutes.", examples=("tip mlops", "tip"))
async def tip(
    context: Context,
    skill: Annotated[str | None, Option("For which skill", choices=skill_choices)] = None,
    after: Annotated[str | None, Option("The tip that comes after this one", keyword_only=True)] = None,
    why: Annotated[str | None, Option("Why this tip is worth your time", keyword_only=True)] = None,
) -> Answer:
    """This week's tip for the caller; `after` gives the next one, `why` the reason for one."""
    if why is not None:
        return _why_card(context.pack, why)
    order = [found for found, of in all_tips(context.pack).values() if skill in (None, of)]
    if not order:
        raise NotFound("There are no tips for that skill yet.", suggestions=("tip",))
    random.Random(context.caller.user_id).shuffle(order)  # noqa: S311  variety, not a secret
    place = context.now.isocalendar().week
    if after is not None:
        place = next((number for number, found in enumerate(order) if found.id == after), -1) + 1
    return tip_card(context.pack, order[place % len(order)])


def _why_card(pack: Pack, wanted: str) -> Card:
    if wanted not in all_tips(pack):
        raise NotFound("That tip is no longer in the pack.", suggestions=("tip",))
    found, skill = all_tips(pack)[wanted]
    name = next(entry.title for entry in pack.skills if entry.id == skill)
    rows = (("Skill", rich(name)), ("Level", rich(found.level)), ("Time", rich(f"{found.minutes} minutes")))
    buttons = (
        Button("Add to my plan", f"plan add tip:{found.id}", "primary"),
        Button("About this skill", f"skill {skill}"),
    )
    note = Footnote(
        rich("A channel gets every tip of the pack once before one comes again. Advice by the pack's author.")
    )
    return Card(f"Why: {found.title}", (Paragraph(inline(found.why)), FieldList(rows), note, Buttons(buttons)))


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
