"""`checkin settings | stop`: when a check-in comes, quiet hours, and how many messages a week are welcome."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Button, Buttons, Card, Choice, FieldList, Footnote, Paragraph, rich
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.cadences import NINE, recurring, weeks, when_rows
from mentorbot.commands.checkin_cards import answered
from mentorbot.commands.coming import MAX_BUDGET, Outlook
from mentorbot.commands.context import Context
from mentorbot.commands.reach import CLOSED_TO_ME
from mentorbot.domain.records import MessageSettings, Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.storage.schedules import CHECKIN, direct_to

_HOURS = re.compile(r"(\d{1,2}):?(\d{2})?\s*(?:-|–|to)\s*(\d{1,2}):?(\d{2})?")


def _on_or_off(_: Pack) -> list[Choice]:
    return [Choice("on", "on"), Choice("off", "off")]


@registry.command(
    "checkin settings",
    "When your check-in comes, quiet hours, messages a week.",
    writes=True,
    examples=("checkin settings friday 15:00", "checkin settings quiet:20:00-08:00 budget:3"),
)
async def checkin_settings(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day of the week, or several")] = None,
    at: Annotated[time | None, Option("Local time, as 15:00")] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    quiet: Annotated[str | None, Option("Quiet hours, as 20:00-08:00, or none", max_length=20)] = None,
    budget: Annotated[
        int | None, Option("Messages a week that you want from me at most", low=0, high=MAX_BUDGET)
    ] = None,
    every: Annotated[str | None, Option("How often", choices=weeks)] = None,
    reminder: Annotated[str | None, Option("Whether I ask once more, a day later", choices=_on_or_off)] = None,
) -> Answer:
    """Keep what is given; without anything, show what is kept."""
    person = context.caller.user_id
    before = await context.uow.schedules.get(f"@{person}", CHECKIN)
    given = (day, at, zone, quiet, budget, every, reminder)
    if all(value is None for value in given):
        if before is None:
            raise MissingOption("day")
        return await _settings_card(context, before)
    await context.uow.people.ensure(person, context.caller.name)
    await _keep_messages(context, quiet, budget, reminder)
    if zone is not None:
        await context.uow.people.set_zone(person, zone)
    cadence = await _cadence(context, before, day, at, zone, every)
    if cadence is None:
        return await _settings_card(context, before)
    role = context.pack.info.role
    place = direct_to(context.caller.channel.workspace, person, context.caller.name)
    after = await context.uow.schedules.start(place, cadence, role, person, context.now, CHECKIN)
    return await _settings_card(context, after)


async def _cadence(
    context: Context,
    before: Schedule | None,
    day: Weekdays | None,
    at: time | None,
    zone: ZoneInfo | None,
    every: str | None,
) -> Recurrence | None:
    """The check-in's new cadence, with what was given put over it; None when there is none to set."""
    if before is None and day is None:
        if at is not None or every is not None:
            raise MissingOption("day")
        return None
    zone = zone or (before.cadence.zone if before else await context.zone())
    if zone is None:
        raise MissingOption("zone")
    known = before.cadence if before else Recurrence((Weekday.FRIDAY,), NINE, zone)
    changed = replace(known, weekdays=day or known.weekdays, at=at or known.at, zone=zone)
    return recurring(changed, context.now, every=every) if every else changed


async def _keep_messages(context: Context, quiet: str | None, budget: int | None, reminder: str | None) -> None:
    before = settings = await context.uow.people.message_settings(context.caller.user_id)
    if reminder is not None:
        settings = replace(settings, reminders=reminder == "on")
        if not settings.reminders:
            await answered(context)
    if budget is not None:
        settings = replace(settings, budget=budget)
    if quiet is not None:
        start, end = _quiet_hours(quiet)
        settings = replace(settings, quiet_from=start, quiet_to=end)
    if settings != before:
        await context.uow.people.set_messages(context.caller.user_id, settings)


def _quiet_hours(text: str) -> tuple[time | None, time | None]:
    """The hours that `text` means; (None, None) for none."""
    if text.strip().lower() in ("none", "no", "off"):
        return None, None
    found = _HOURS.fullmatch(text.strip().lower())
    if not found:
        raise BadValue(
            f"I cannot read “{short(text)}”. Write a day as friday, a time as 15:00, a zone as Europe/Berlin, quiet hours as "
            "20:00-08:00 (none for none).",
            option="quiet",
        )
    hours = int(found[1]), int(found[2] or 0), int(found[3]), int(found[4] or 0)
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59 or hours[:2] == hours[2:]:
        raise BadValue(
            f"Quiet hours cannot be {text}. Write when they begin and when they end, as 20:00-08:00, or write none.",
            option="quiet",
            suggestions=("20:00-08:00",),
        )
    return time(hours[0], hours[1]), time(hours[2], hours[3])


async def _settings_card(context: Context, schedule: Schedule | None) -> Card:
    outlook = await Outlook.open(context)
    settings, desk = outlook.settings, outlook.desk
    rows = [("Check-in", rich(_when(schedule)))]
    if schedule is not None and schedule.state == "active":
        rows += when_rows(schedule.cadence, outlook.coming()[schedule.id], outlook.on_its_way(schedule))[1:]
    rows.append(("If I hear nothing", rich(_reminder_words(settings, schedule))))
    rows += [("Quiet hours", rich(_quiet_words(settings))), ("Messages a week", rich(_budget_words(settings)))]
    paused = desk.learner.paused_until
    if paused and desk.today < paused:
        rows.append(("On a break", rich(f"until {paused:%A, %-d %B %Y}")))
    note = Footnote(rich("Check-ins come in our direct messages. Nobody else sees them."))
    problem = (Paragraph(rich(CLOSED_TO_ME)),) if schedule and schedule.paused_reason else ()
    buttons = (Button("Change it", "checkin settings day:?", "primary"), Button("Stop check-ins", "checkin stop"))
    return Card("When I write to you", (*problem, FieldList(tuple(rows)), note, Buttons(buttons)))


def _when(schedule: Schedule | None) -> str:
    if schedule is None:
        return "none yet: /mentor checkin settings friday 15:00"
    cadence = schedule.cadence
    stopped = " (stopped, since I could not reach you)" if schedule.state == "paused" else ""
    return f"{cadence.in_words()}{stopped}"


def _quiet_words(settings: MessageSettings) -> str:
    if settings.quiet_from is None or settings.quiet_to is None:
        return "none"
    return f"{settings.quiet_from:%H:%M} to {settings.quiet_to:%H:%M}; what is due then comes when they end"


def _reminder_words(settings: MessageSettings, schedule: Schedule | None) -> str:
    """A reminder comes a day later: in the same week, and not beside the next check-in."""
    if not settings.reminders:
        return "I do not ask again"
    days = schedule.cadence.weekdays if schedule else ()
    without = [day for day in days if day == Weekday.SUNDAY or day + 1 in days]
    if without and len(without) == len(days):
        return "I do not ask again: a day later the week is over, or the next check-in is due"
    unless = ", unless the week is over by then or the next check-in is due" if without else ""
    return f"I ask once more, a day later{unless}"


def _budget_words(settings: MessageSettings) -> str:
    if settings.budget == 0:
        return "0; I do not write to you of my own accord"
    return "no limit" if settings.budget is None else f"at most {settings.budget}"


@registry.command("checkin stop", "No more weekly check-ins.", writes=True)
async def checkin_stop(context: Context) -> Answer:
    """Stop the weekly check-in; the plan stays."""
    stopped = await context.uow.schedules.stop(f"@{context.caller.user_id}", CHECKIN)
    await context.uow.notices.take_back(CHECKIN, context.caller.user_id)
    await answered(context)
    text = "I will send no more check-ins. Your plan stays." if stopped else "You had no weekly check-in."
    how = Buttons((Button("Set one", "checkin settings day:?"), Button("My plan", "plan show")))
    return Card("Check-ins", (Paragraph(rich(text)), how))
