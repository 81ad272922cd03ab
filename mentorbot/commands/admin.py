"""`admin model | report | here | stop | match | calendar | role`: for people who manage the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Choice
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentoring import matcher_of
from mentorbot.commands.role import read_role, role_values
from mentorbot.commands.schedule_options import (
    EVERY,
    ChannelOption,
    StartOption,
    about_channel,
    channel_to_post_in,
    destination_of,
    read_weeks,
    rhythm_of,
    subscriptions_of,
)
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.forecast import next_in_channel
from mentorbot.domain.language_model import ModelMode
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.domain.work_calendar import (
    MAX_COUNTRY_LENGTH,
    DayEntries,
    country_name,
    country_names,
    entries_text,
    find_country,
    find_region,
    parse_country,
    read_entries,
    regions_of,
)
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services.calendars import CalendarChanges, change_calendar
from mentorbot.services.learners import UTC
from mentorbot.services.mentoring import shorten_waitlist
from mentorbot.services.reports import weekly_report
from mentorbot.services.subscriptions import DEFAULT_TIME, Timing, ensure_can_post
from mentorbot.slash.choices import complete_choice, did_you_mean, nearest, short
from mentorbot.slash.converters import NONE_WORDS
from mentorbot.slash.dates import DateRange
from mentorbot.slash.folding import fold
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import ChannelRef, Option, Weekdays
from mentorbot.slash.tokenizer import format_line
from mentorbot.views import reports as views
from mentorbot.views import role as role_views
from mentorbot.views.calendar import calendar_card
from mentorbot.views.language_model import MODE_LABELS, mode_card, no_model_card

MAX_SPREAD = 240
"""Minutes."""
MAX_ENTRIES_LENGTH = 3000
"""Characters an undo needs for the days it sets back; a line may have 4,000."""


@registry.command(
    "admin report",
    "How learning is going here: counts and medians, no names.",
    admin=True,
    intents=(
        "how many people use this",
        "who uses this bot",
        "how is learning going in the team",
        "report on learners",
        "how is the team doing",
        "show the team's progress",
        "workspace report",
    ),
    label="Report",
)
async def admin_report(context: Context) -> Answer:
    """Show the figures of the present week."""
    zone = await context.zone() or UTC
    report = await weekly_report(context.uow, context.pack, context.now, zone)
    return views.report_card(report, term=context.workspace.term)


@registry.command(
    "admin here",
    "Post a weekly report here, and a call for mentors if there are too few.",
    admin=True,
    writes=True,
    intents=(
        "post the report in this channel every week",
        "weekly report here",
        "weekly report in {channel}",
        "post the weekly report here",
        "send the team report to this channel",
        "post the report in {channel} {every}",
        "weekly report in {channel}",
        "the report here {every} on {day} at {at}",
    ),
    label="Post the report in {channel}[ {every}][ on {day}][ at {at}][, from {start}]|"
    "Post the report here[ {every}][ on {day}][ at {at}][, from {start}]",
    examples=("admin here monday 09:00 Berlin",),
)
async def admin_here(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Time, e.g. 09:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone or city, e.g. Berlin", called=("timezone", "city"))] = None,
    every: Annotated[str | None, EVERY] = None,
    start: StartOption = None,
    channel: ChannelOption = None,
) -> Answer:
    """Start (or move) the weekly report in a channel."""
    target = channel_to_post_in(context, channel)
    target = await ensure_can_post(context.platform, target)
    await context.ensure_caller()
    destination = Destination(context.workspace, target)
    known = await context.uow.schedules.get(destination, MessageKind.REPORT)
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every), starts_on=start)
    rhythm = await rhythm_of(context, known, timing, (Weekday.MONDAY, DEFAULT_TIME))
    started = await subscriptions_of(context).start(destination, MessageKind.REPORT, rhythm)
    coming = next_in_channel(started, await context.uow.calendars.get())
    card = views.report_started_card(started, known, coming, context.now)
    return about_channel(context, ChannelRef(target.id, target.name), card)


@registry.command(
    "admin stop",
    "Stop the weekly report in this channel.",
    admin=True,
    writes=True,
    intents=("stop the weekly report", "no more reports here"),
    label="Stop the report in {channel}|Stop the report here",
)
async def admin_stop(context: Context, channel: ChannelOption = None) -> Answer:
    """Stop the report of a channel."""
    stopped = await subscriptions_of(context).stop(destination_of(context, channel), MessageKind.REPORT)
    return about_channel(context, channel, views.report_stopped_card(stopped))


@registry.command(
    "admin match",
    "Find mentors for everyone on the waitlist.",
    admin=True,
    writes=True,
    intents=(
        "find mentors for everyone waiting",
        "match the waitlist",
        "match everyone on the waitlist",
        "find mentors for the people waiting",
    ),
    label="Match the waitlist",
)
async def admin_match(context: Context) -> Answer:
    """Find mentors for everyone waiting. The card gives counts only: names stay between learner and mentor."""
    return views.match_card(*await shorten_waitlist(matcher_of(context)))


# Codes that are also words: among other words, they're only codes in capitals.
_WORDS = frozenset(
    ["am", "as", "at", "be", "by", "do", "hm", "id", "in", "is", "it", "me", "my", "no", "so", "to", "us"]
)


def claims_country(text: str) -> bool:
    """Return True if a text without a name is meant as a country or region: its name, or its code standing alone."""
    text = fold(text)
    is_code = parse_country(text) is not None and (text.lower() not in _WORDS or text.isupper())
    return is_code or find_country(text) is not None or find_region(text) is not None


def read_country(text: str) -> str:
    """Read a country by its name or its code; "" means no country.

    Raises:
        BadValue: the country's holidays aren't known.
    """
    text = fold(text)
    if text.lower() in NONE_WORDS:
        return ""
    code = parse_country(text) or find_country(text) or find_region(text)
    if code is None:
        near = nearest(text, list(country_names()))
        raise BadValue(
            f"I don't know the holidays of “{short(text)}”.{did_you_mean(near.title() if near else None)} "
            "Enter a country, e.g. Germany, or its code, e.g. DE-BE or US-CA.",
            option="country",
            suggestions=(near.title(),) if near else (),
        )
    return code


def _read_days(text: str) -> DayEntries:
    try:
        return read_entries(text)
    except ValueError as error:
        raise BadValue("That can't be undone any more.", option="days", suggestions=("admin calendar",)) from error


def complete_country(_pack: Pack, typed: str) -> Sequence[Choice]:
    """List the countries whose name begins like `typed`, then those with such a word; for a country's name, its regions."""
    country, _, region = typed.partition(",")
    code = find_country(country)
    own_regions = [Choice(country_name(each), each) for each in regions_of(code)] if code and "-" not in code else []
    nations = [Choice(country_name(each), each) for each in dict.fromkeys(country_names().values())]
    ordered = sorted(nations, key=lambda nation: nation.label)
    return [*complete_choice(typed, ordered), *complete_choice(region, own_regions)]


@registry.command(
    "admin calendar",
    "Days off, and how many minutes check-ins are spread over.",
    admin=True,
    writes=True,
    needs=("country|off|name|work|spread|days",),
    intents=(
        "office is closed {off}",
        "days off {off!}",
        "we are closed {off}",
        "the company is off on {off!}",
        "{off!} is off",
        "{off!} is a day off too",
        "public holidays of {country}",
        "days off in {country}",
        "use the holidays of {country}",
        "we're in {country}, use its holidays",
        "we're closed over the holidays",
        "set our public holidays",
        "add a company day off",
    ),
    label="Add days off: {off}[, {country}]|Use the public holidays of {country}|Days off",
    examples=(
        "admin calendar Germany",
        "admin calendar off:23-25 dec name:Company days",
        "admin calendar spread:30",
    ),
)
async def admin_calendar(
    context: Context,
    country: Annotated[
        str | None,
        Option(
            "Country or region with your public holidays, e.g. Germany, or none",
            max_length=MAX_COUNTRY_LENGTH,
            reader=read_country,
            words=lambda code: country_name(code) if code else "none",
            claims=claims_country,
            complete=complete_country,
            called=("region", "holidays"),
        ),
    ] = None,
    off: Annotated[
        DateRange | None, Option("A day off, or several, e.g. 23-25 dec", called=("closed", "holiday", "day"))
    ] = None,
    name: Annotated[str | None, Option("What it's called", max_length=60, called=("called",))] = None,
    work: Annotated[date | None, Option("A day you work anyway", called=("workday",))] = None,
    spread: Annotated[
        int | None, Option("Spread check-ins over this many minutes", unit="minutes", low=0, high=MAX_SPREAD)
    ] = None,
    days: Annotated[
        DayEntries | None,
        Option("Days to set back", keyword_only=True, max_length=MAX_ENTRIES_LENGTH, reader=_read_days),
    ] = None,
) -> Answer:
    """Save the settings that are given, and show the saved ones. `days` sets days back to what they were."""
    if name is not None and off is None:
        raise MissingOption("off")
    if off is not None and work is not None and off.first <= work <= off.last:
        raise BadValue("A day can't be both off and a workday. Choose one of the two.", option="work")
    today = context.now.astimezone(await context.zone() or UTC).date()
    changes = CalendarChanges(
        country=country,
        days_off=off,
        day_off_name=name or UNNAMED_DAY_OFF,
        workday=work,
        spread_minutes=spread,
        entries=days,
    )
    undo = _undo_line(await change_calendar(context.uow, changes, today))
    return calendar_card(await context.uow.calendars.get(), today, undo)


@registry.fills_in("admin calendar")
async def _saved_calendar(context: Context) -> dict[str, str]:
    calendar = await context.uow.calendars.get()
    return {
        "country": country_name(calendar.country) if calendar.country else "",
        "spread": str(calendar.spread_minutes),
    }


def _undo_line(changes: CalendarChanges) -> str:
    """Write the line that makes some changes; "" if there are none, or too many for a line."""
    given = {
        "country": None if changes.country is None else changes.country or "none",
        "spread": None if changes.spread_minutes is None else str(changes.spread_minutes),
        "days": entries_text(changes.entries) if changes.entries else None,
    }
    values = {name: text for name, text in given.items() if text is not None}
    is_short = len(values.get("days", "")) <= MAX_ENTRIES_LENGTH
    return format_line(("admin", "calendar"), values) if values and is_short else ""


@registry.command(
    "admin role",
    "The role people here learn unless they choose a different one.",
    admin=True,
    writes=True,
    needs=("name",),
    examples=("admin role", "admin role engineering manager"),
    intents=("everyone here should learn {name}", "change the team's role to {name}", "which role is our default"),
    label="Set the role here[ to {name}]",
)
async def admin_role(
    context: Context,
    name: Annotated[str | None, Option("Which role", suggest=role_values, greedy=True)] = None,
) -> Answer:
    """Show the workspace's role, or change it for everyone who hasn't chosen one."""
    packs = context.library.packs.values()
    before = context.library.pack(await context.uow.roles.default())
    if name is None:
        return role_views.workspace_role_card(before, packs)
    pack = read_role(context.library, "name", name)
    await context.uow.roles.set_default(pack.info.role)
    return role_views.workspace_role_chosen_card(pack, before)


def _model_modes(_: Pack) -> list[Choice]:
    return [Choice(label, mode.value) for mode, label in MODE_LABELS.items()]


@registry.command(
    "admin model",
    "What a language model may do here.",
    admin=True,
    writes=True,
    needs=("mode",),
    examples=("admin model pack",),
    intents=(
        "turn on the language model",
        "turn off the language model here {mode=off}",
        "let an AI model help people here",
    ),
    label="Set the language model here[ to “{mode}”]",
)
async def admin_model(
    context: Context,
    mode: Annotated[str | None, Option("What it may do", choices=_model_modes)] = None,
) -> Answer:
    """Show what the language model may do in the workspace, or change it."""
    if context.model is None:
        return no_model_card()
    if mode is not None:
        await context.uow.language_model.set_mode(ModelMode(mode))
    return mode_card(context.model, await context.uow.language_model.mode(), changed=mode is not None)
