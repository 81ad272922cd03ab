"""`tip` for a person, `tips here | stop | when` for a channel, and the card that the scheduler posts."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.cadence import Cadence
from mentorbot.cards import Answer, Block, Button, Buttons, Card, Facts, Note, Paragraph, code, words
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.cadences import Coming, posted_next, recurring, weeks, when_rows
from mentorbot.commands.call import Call
from mentorbot.commands.declare import registry
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.options import Option, Weekdays
from mentorbot.commands.reach import must_reach, way_out
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.model import Pack
from mentorbot.packs.practice import Tip
from mentorbot.packs.prose import inline
from mentorbot.storage import Schedule


def all_tips(pack: Pack) -> dict[str, tuple[Tip, str]]:
    """Every tip of the pack by its id, with the id of its skill."""
    return {tip.id: (tip, tips.skill) for tips in pack.tips for tip in tips.tips}


def tip_card(pack: Pack, tip: Tip, *, scheduled: bool = False, late: str | None = None) -> Card:
    """One tip. A `scheduled` one is for the whole channel; `late` says in a few words why it comes late."""
    skill = all_tips(pack)[tip.id][1]
    name = next(entry.title for entry in pack.skills if entry.id == skill)
    blocks: list[Block] = [Paragraph(inline(tip.do)), Note(words(f"{name} · {tip.level} · {tip.minutes} minutes"))]
    if late:
        blocks.append(Note(words(late)))
    buttons = (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("Why this tip", f"tip why:{tip.id}"),
        Button("Another one", f"tip after:{tip.id}"),
    )
    title = f"Tip of the week: {tip.title}" if scheduled else tip.title
    return Card(title, (*blocks, Buttons(buttons)), public=scheduled)


@registry.command("tip", "One concrete thing to do in 15-30 minutes.", examples=("tip mlops", "tip"))
async def tip(
    call: Call,
    skill: Annotated[str | None, Option("For which skill", choices=skill_choices)] = None,
    after: Annotated[str | None, Option("The tip that comes after this one", named_only=True)] = None,
    why: Annotated[str | None, Option("Why this tip is worth your time", named_only=True)] = None,
) -> Answer:
    """This week's tip for the caller; `after` gives the next one, `why` the reason for one."""
    if why is not None:
        return _why_card(call.pack, why)
    order = [found for found, of in all_tips(call.pack).values() if skill in (None, of)]
    if not order:
        raise NotFound("There are no tips for that skill yet.", tries=("tip",))
    random.Random(call.caller.person).shuffle(order)  # noqa: S311  variety, not a secret
    place = call.now.isocalendar().week
    if after is not None:
        place = next((number for number, found in enumerate(order) if found.id == after), -1) + 1
    return tip_card(call.pack, order[place % len(order)])


def _why_card(pack: Pack, wanted: str) -> Card:
    if wanted not in all_tips(pack):
        raise NotFound("That tip is no longer in the pack.", tries=("tip",))
    found, skill = all_tips(pack)[wanted]
    name = next(entry.title for entry in pack.skills if entry.id == skill)
    rows = (("Skill", words(name)), ("Level", words(found.level)), ("Time", words(f"{found.minutes} minutes")))
    buttons = (
        Button("Add to my plan", f"plan add tip:{found.id}", "primary"),
        Button("About this skill", f"skill {skill}"),
    )
    note = Note(words("A channel gets every tip of the pack once before one comes again. Advice by the pack's author."))
    return Card(f"Why: {found.title}", (Paragraph(inline(found.why)), Facts(rows), note, Buttons(buttons)))


LONGEST_PAUSE = timedelta(days=366)


@registry.command("tips when", "When the next weekly tip comes in this channel.")
async def tips_when(call: Call) -> Answer:
    """The channel's schedule and its next date."""
    schedule = await call.unit.schedules.get(call.caller.channel.id)
    if schedule is None:
        return _no_tips()
    if schedule.state == "paused":
        blocks: tuple[Block, ...] = (
            Paragraph(words(way_out(schedule.paused_reason or ""))),
            Buttons((Button("Start it again", _here_line(schedule.cadence), "primary"),)),
        )
        return Card("The weekly tip is paused", blocks)
    until, today = schedule.cadence.pause_until, call.now.astimezone(schedule.cadence.zone).date()
    pause = Button("Pause it", "tips pause until:?")
    if until is not None and today < until:
        pause = Button("End the pause", "tips resume", "primary")
    buttons = Buttons((pause, Button("Stop it", "tips stop")))
    facts = Facts(tuple(when_rows(schedule.cadence, await _coming(call, schedule))))
    return Card("The weekly tip in this channel", (facts, buttons))


def _no_tips() -> Card:
    how = code("/mentor tips here monday 09:00 Europe/Berlin")
    text = words("No weekly tip is posted here. An admin can start it with ", how, ".")
    return Card("No weekly tip here", (Paragraph(text), Buttons((Button("Start it", "tips here", "primary"),))))


def _here_line(cadence: Cadence) -> str:
    days = ",".join(day.name.lower() for day in cadence.weekdays)
    every = "" if cadence.every == 1 else f" every:{cadence.every}-weeks"
    until = f" until:{cadence.ends_on}" if cadence.ends_on else ""
    return f"tips here {days} {cadence.at:%H:%M} {cadence.zone.key}{every}{until}"


async def _coming(call: Call, schedule: Schedule) -> Coming:
    return posted_next(schedule, await call.unit.calendars.get())


@registry.command(
    "tips here",
    "Post a weekly tip in this channel.",
    admin=True,
    writes=True,
    examples=("tips here monday 09:00 Europe/Berlin", "tips here tue,thu 15:30 every:2-weeks"),
)
async def tips_here(
    call: Call,
    day: Annotated[Weekdays, Option("Day of the week, or several")],
    at: Annotated[time, Option("Local time")],
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=weeks)] = None,
    start: Annotated[date | None, Option("First day; without it, from now on")] = None,
    until: Annotated[date | None, Option("Last day; without it, until you stop it")] = None,
) -> Answer:
    """Start (or move) the weekly tip of this channel."""
    zone = zone or await call.zone()
    if zone is None:
        raise MissingOption("zone")
    await must_reach(call, call.caller.channel)
    person = await call.unit.people.ensure(call.caller.person, call.caller.name)
    cadence = recurring(Cadence(day, at, zone), call.now, every=every, start=start, until=until)
    schedule = await call.unit.schedules.start(
        call.caller.channel, cadence, call.pack.info.role, person.external_id, call.now
    )
    note = Note(words("Every tip comes once before one comes again. Stop it with ", code("/mentor tips stop"), "."))
    facts = Facts(tuple(when_rows(cadence, await _coming(call, schedule))))
    return Card("The weekly tip is set", (facts, note, Buttons((Button("Show me a tip now", "tip"),))))


@registry.command(
    "tips pause", "No tips here until a day.", admin=True, writes=True, examples=("tips pause 2027-01-11",)
)
async def tips_pause(
    call: Call, until: Annotated[date | None, Option("The day from which tips come again")] = None
) -> Answer:
    """Leave out what falls before a day, at most a year away."""
    schedule = await call.unit.schedules.get(call.caller.channel.id)
    if schedule is None:
        return _no_tips()
    if until is None:
        raise MissingOption("until")
    today = call.now.astimezone(schedule.cadence.zone).date()
    if not today < until <= today + LONGEST_PAUSE:
        raise BadValue(
            "A pause lasts from one day to one year. Write the day from which tips come again, from tomorrow on.",
            option="until",
        )
    paused = await call.unit.schedules.pause_until(call.caller.channel.id, until) or schedule
    coming = await _coming(call, paused)
    then = "Then they go on by themselves." if coming.at else "None is left after that."
    text = f"No tips come here until {until:%A, %-d %B %Y}. {then}"
    buttons = Buttons((Button("End the pause", "tips resume", "primary"), Button("Stop it", "tips stop")))
    facts = Facts(tuple(when_rows(paused.cadence, coming)))
    return Card("The weekly tip is paused", (Paragraph(words(text)), facts, buttons))


@registry.command("tips resume", "Tips come here again: end the pause.", admin=True, writes=True)
async def tips_resume(call: Call) -> Answer:
    """End a pause."""
    schedule = await call.unit.schedules.pause_until(call.caller.channel.id, None)
    if schedule is None:
        return _no_tips()
    facts = Facts(tuple(when_rows(schedule.cadence, await _coming(call, schedule))))
    return Card("Tips come here again", (facts, Buttons((Button("Stop it", "tips stop"),))))


@registry.command("tips stop", "Stop the weekly tip in this channel.", admin=True, writes=True)
async def tips_stop(call: Call) -> Answer:
    """Stop the weekly tip of this channel."""
    schedule = await call.unit.schedules.stop(call.caller.channel.id)
    if schedule is None:
        return _no_tips()
    again = Buttons((Button("Start it again", _here_line(schedule.cadence)),))
    return Card("The weekly tip has stopped", (Paragraph(words("No more tips will be posted here.")), again))
