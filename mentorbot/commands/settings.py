"""`settings` and `checkin settings | stop`: every message that comes by itself, quiet hours, and a limit per week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import (
    EVERY,
    StartOption,
    read_quiet_hours,
    read_weeks,
    saved_rhythm,
    subscriptions_of,
)
from mentorbot.domain.deliveries import MessageKind, Schedule
from mentorbot.domain.forecast import MAX_BUDGET
from mentorbot.domain.people import MessageSettings
from mentorbot.packs.schema import Pack
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.subscriptions import QuietHours, Timing, save_message_settings
from mentorbot.slash.mentions import REFUSED_DAY
from mentorbot.slash.registry import NoValue, Option, Weekdays
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.rhythms import rhythm_options
from mentorbot.views.settings import (
    Setting,
    checkin_saved_title,
    checkins_stopped_card,
    other_days_card,
    setting_form,
    settings_card,
)


class Switch(StrEnum):
    """The two values of an option that turns something on or off."""

    ON = "on"
    OFF = "off"


def _switch_choices(_: Pack) -> list[Choice]:
    return [Choice(switch.value, switch.value) for switch in Switch]


_KINDS = {
    Setting.CHECKIN: MessageKind.CHECKIN,
    Setting.TIPS: MessageKind.PERSONAL_TIP,
    Setting.RECALL: MessageKind.RECALL,
    Setting.DIGEST: MessageKind.DIGEST,
}


def _setting_choices(_: Pack) -> list[Choice]:
    return [Choice(setting.value, setting.value) for setting in Setting]


@registry.command(
    "settings",
    "Your notifications: check-in, tips, recall, digest, quiet hours.",
    examples=("settings",),
    intents=(
        "when do you message me",
        "change my notifications",
        "you message me too often",
        "too many messages",
        "fewer messages please",
        "message me less often",
        "show my settings",
        "change my time zone",
        "turn off notifications",
        "mute me on {without}",
        "don't message me on some days",
        "no messages on {without}",
        "no tips on {without}",
        "don't message me on {without}",
        "{without} don't work for me",
        "{without} is bad for check-ins",
        "i can't do {without} anymore",
        "not on {without}",
        "{without}",
    ),
    aliases=("notifications",),
    label="Not on {without}|Notifications",
)
async def settings(
    context: Context,
    change: Annotated[
        str | None, Option("Which setting to change", choices=_setting_choices, keyword_only=True)
    ] = None,
    without: Annotated[
        Weekdays | None,
        Option(
            "Days that don't suit you",
            source=REFUSED_DAY,
            keyword_only=True,
            unlisted=True,
            called=("not-on", "except"),
        ),
    ] = None,
) -> Answer:
    """Show everything that comes by itself, or what comes on days that don't suit; `change` asks for one setting."""
    if change is None and without is not None:
        return other_days_card(await context.uow.schedules.of_person(context.caller.user_id), without)
    if change is None:
        return await _notifications(context)
    setting = Setting(change)
    saved = await context.uow.people.message_settings(context.caller.user_id)
    destination = context.to_channel if setting is Setting.HERE else context.to_caller
    kind = MessageKind.TIP if setting is Setting.HERE else _KINDS.get(setting)
    schedule = await context.uow.schedules.get(destination, kind) if kind else None
    return setting_form(setting, schedule.recurrence if schedule else None, await context.zone(), saved)


async def _notifications(context: Context, title: str = "", changed: MessageKind | None = None, undo: str = "") -> Card:
    session = await context.learner()
    forecast = await forecast_for(session)
    return settings_card(session.snapshot, forecast, await context.zone(), title, changed, undo)


def _undo_line(
    given: Mapping[str, object], saved: MessageSettings, schedule: Schedule | None, zone: ZoneInfo | None
) -> str:
    """Write the line that brings the settings back that are about to change; "" if no line can. `zone` is the caller's so far."""
    before = {name: value or NoValue.NONE for name, value in _options(saved).items() if given.get(name) is not None}
    rhythm = [name for name in ("day", "at", "zone", "every", "start") if given.get(name) is not None]
    if rhythm == ["zone"]:  # it moves everything, so it's all that has to be taken back
        before |= {"zone": zone.key} if zone else {}
    elif rhythm:
        if schedule is None:
            return "checkin stop" if not before else ""
        before |= rhythm_options(schedule.recurrence)
    return format_line(("checkin", "settings"), before) if before else ""


@registry.command(
    "checkin settings",
    "Check-ins, quiet hours, and how many messages.",
    writes=True,
    needs=("day|at|zone|quiet|budget|every|start|reminder",),
    examples=("checkin settings friday 15:00", "checkin settings quiet:20:00-08:00 budget:3"),
    intents=(
        "ask me on {day} at {at}",
        "message me on {day} at {at}",
        "move my check-in to {day}",
        "check-in on {day} {at}",
        "check in on {day}",
        "my time zone is {zone}",
        "check in {every}",
        "check in less often {every=2-weeks}",
        "{every} is enough for the check-in",
        "i moved to {zone}",
        "quiet hours {quiet}",
        "{quiet}",
        "at most {budget} messages a week",
        "only {budget} messages a week",
        "turn the messages back on {budget=none}",
        "turn everything back on {budget=none}",
        "message me again {budget=none}",
        "no limit on messages {budget=none}",
        "{day} is better for the check-in",
        "change when you check in",
        "start the check-ins {start}",
        "no nudges {reminder=off}",
        "don't nudge me {reminder=off}",
        "nudge me if i don't answer {reminder=on}",
    ),
    label="Check in on {day}[ at {at}][, {zone} time][, {every}][, from {start}]|Check in {every}[, from {start}]|"
    "Check in at {at}[, {zone} time][, from {start}]|Check in from {start}|"
    "Turn nudges off{reminder=off}|Turn nudges on{reminder=on}|Use {zone} time|Set quiet hours to {quiet}|"
    "Send messages again{budget=none}|Get at most {budget} message(s) a week|Change check-ins",
)
async def checkin_settings(  # noqa: PLR0913, PLR0917  each is an option people type
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Time, e.g. 15:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone or city, e.g. Berlin", called=("timezone", "city"))] = None,
    quiet: Annotated[
        QuietHours | None,
        Option(
            "Quiet hours, e.g. 20:00-08:00, or none",
            max_length=60,
            reader=read_quiet_hours,
            words=str,
            called=("silent", "quiet-hours"),
        ),
    ] = None,
    budget: Annotated[
        int | NoValue | None,
        Option(
            "Max messages a week, or none",
            low=0,
            high=MAX_BUDGET,
            called=("limit", "max", "messages"),
            clears=("limit", "message limit", "weekly limit"),
        ),
    ] = None,
    every: Annotated[str | None, EVERY] = None,
    start: StartOption = None,
    reminder: Annotated[
        str | None,
        Option("A nudge a day later if you don't answer", choices=_switch_choices, called=("nudge", "nudges")),
    ] = None,
) -> Answer:
    """Save the settings that are given; without any, show the saved ones."""
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every), starts_on=start)
    if timing.is_empty and quiet is None and budget is None and reminder is None:
        return await _notifications(context, changed=MessageKind.CHECKIN)
    reminders = Switch(reminder) is Switch.ON if reminder is not None else None
    await context.ensure_caller()
    given = {
        "day": day,
        "at": at,
        "zone": zone,
        "every": every,
        "start": start,
        "quiet": quiet,
        "budget": budget,
        "reminder": reminder,
    }
    undo = _undo_line(
        given,
        await context.uow.people.message_settings(context.caller.user_id),
        await context.uow.schedules.get(context.to_caller, MessageKind.CHECKIN),
        await context.zone(),
    )
    await save_message_settings(context.uow, context.caller.user_id, quiet=quiet, budget=budget, reminders=reminders)
    caller_zone = zone or await context.zone()
    if timing.is_empty:
        return await _notifications(context, "Saved", MessageKind.CHECKIN, undo)
    schedule = await subscriptions_of(context).move_checkin(context.to_caller, timing, caller_zone)
    return await _notifications(context, checkin_saved_title(schedule), MessageKind.CHECKIN, undo)


@registry.fills_in("checkin settings")
async def _saved(context: Context) -> dict[str, str]:
    """Give the saved message settings as options of `checkin settings`."""
    settings = await context.uow.people.message_settings(context.caller.user_id)
    return {**await saved_rhythm(context, MessageKind.CHECKIN), **_options(settings)}


def _options(settings: MessageSettings) -> dict[str, str]:
    """Write message settings as options; "" for none."""
    return {
        "quiet": str(QuietHours(settings.quiet_from, settings.quiet_to)),
        "budget": "" if settings.budget is None else str(settings.budget),
        "reminder": (Switch.ON if settings.reminders else Switch.OFF).value,
    }


@registry.command(
    "checkin stop",
    "Turn off weekly check-ins.",
    writes=True,
    intents=(
        "stop the check-ins",
        "no more check-ins",
        "don't want the weekly question",
        "stop checking in",
        "turn off the weekly check-in",
        "stop asking me every week",
    ),
    label="Turn off check-ins",
)
async def checkin_stop(context: Context) -> Answer:
    """Stop the weekly check-in; the plan stays."""
    return checkins_stopped_card(await subscriptions_of(context).stop_checkins(context.to_caller))
