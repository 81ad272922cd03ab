"""The messages posted in a workspace's channels, for its admins: one list, and a message to whoever set up what has stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    Footnote,
    Form,
    Paragraph,
    RichText,
    bold,
    rich,
)
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import MessageKind, Overdue, Schedule, ScheduleState
from mentorbot.domain.visibility import count_of_people
from mentorbot.packs.schema import Pack
from mentorbot.views.channel_access import access_notice
from mentorbot.views.deliveries import KIND_NAMES
from mentorbot.views.rhythms import moment, rhythm_text, sentence_start, zone_time
from mentorbot.views.start import a_role

MAX_LISTED = 5
"""Schedules that fit on a card of eight lines."""
_SHORT_NAMES = {MessageKind.TIP: "tip", MessageKind.REPORT: "report"}


def channel_text(schedule: Schedule) -> str:
    """Name a schedule's channel: “#general”."""
    channel = schedule.destination.channel
    return f"#{channel.name}" if channel is not None and channel.name else "a channel without a name"


def missed_title(schedule: Schedule, due: datetime) -> str:
    """Say that the message due at an instant didn't arrive: “Monday's tip didn't reach #general”."""
    day = dates.weekday(due.astimezone(schedule.recurrence.zone))
    return f"{day}'s {_SHORT_NAMES.get(schedule.kind, 'message')} didn't reach {channel_text(schedule)}"


def channel_closed_card(schedule: Schedule, due: datetime) -> Card:
    """Tell the person who set up a channel's messages that they've stopped, and how to fix that."""
    text = access_notice(schedule.paused_reason or "", schedule.workspace.platform)
    buttons = (
        Button("Try again", f"admin fix retry:{schedule.id}", "primary"),
        Button("Other channel", f"admin fix move:{schedule.id}"),
        Button(f"Stop {_SHORT_NAMES.get(schedule.kind, 'it')}", f"admin fix end:{schedule.id}"),
    )
    return Card(missed_title(schedule, due), (Paragraph(rich(text)), Buttons(buttons)))


def downtime_card(overdue: Sequence[Overdue]) -> Card:
    """Tell an admin what was missed and what came late because the bot wasn't there. Nobody is named or singled out."""
    in_channels = [entry for entry in overdue if is_channels(entry.schedule)]
    lines = [
        rich(bold(channel_text(entry.schedule)), f": {KIND_NAMES[entry.schedule.kind]}, {_overdue_text(entry)}")
        for entry in in_channels[:MAX_LISTED]
    ]
    if more := len(in_channels) - len(lines):
        lines.append(rich(f"And {more} more."))
    if personal := [entry for entry in overdue if not is_channels(entry.schedule)]:
        lines.append(rich(bold("Direct messages"), f": {_personal_text(personal)}"))
    note = "I won't send what was missed. Everything else goes ahead as planned."
    buttons = Buttons((Button("Schedules", "admin schedules"),))
    return Card(
        "I was away, so some messages were missed or late", (Bullets(tuple(lines)), Footnote(rich(note)), buttons)
    )


def is_channels(schedule: Schedule) -> bool:
    """True if everyone in a channel sees the schedule's messages."""
    return schedule.destination.channel is not None and not schedule.destination.channel.direct


def _overdue_text(overdue: Overdue) -> str:
    parts = (f"{overdue.missed} missed" if overdue.missed else "", f"{overdue.late} late" if overdue.late else "")
    return ", ".join(filter(None, parts))


def _personal_text(overdue: Sequence[Overdue]) -> str:
    """Count people's own messages, unless there are so few people that a count would single someone out."""
    people = {entry.schedule.destination.user_id for entry in overdue}
    if count_of_people(len(people)) is None:
        return "some missed or late"
    return _overdue_text(
        Overdue(overdue[0].schedule, sum(entry.missed for entry in overdue), sum(entry.late for entry in overdue))
    )


def schedules_card(schedules: Sequence[Schedule], overdue: Mapping[int, Overdue]) -> Card:
    """List everything posted in a workspace's channels: what has stopped comes first, with its fix.

    `overdue` holds what was missed or late in the past week, by schedule.
    """
    if not schedules:
        text = "Once you set up a weekly tip or report, you'll see it here."
        buttons = Buttons((Button("Set up a tip", "tips here", "primary"), Button("Set up a report", "admin here")))
        return Card("I don't post in any channels yet", (Paragraph(rich(text)), buttons))
    stopped = [schedule for schedule in schedules if schedule.state is ScheduleState.PAUSED]
    ordered = [*stopped, *(schedule for schedule in schedules if schedule.state is not ScheduleState.PAUSED)]
    blocks: list[Block] = [
        Bullets(tuple(schedule_line(schedule, overdue.get(schedule.id)) for schedule in ordered[:MAX_LISTED]))
    ]
    if len(ordered) > MAX_LISTED:
        blocks.append(Footnote(rich(f"And {len(ordered) - MAX_LISTED} more.")))
    retry = tuple(
        Button(f"Fix {channel_text(schedule)}", f"admin fix retry:{schedule.id}") for schedule in stopped[:MAX_LISTED]
    )
    if retry:
        blocks.append(Buttons(retry))
    return Card(_title(len(ordered), len(stopped)), tuple(blocks))


def _title(total: int, stopped: int) -> str:
    if not stopped:
        return "What I post in channels"
    if total == 1:
        return "I can't post this"
    return f"{'One' if stopped == 1 else stopped} of these {total} {'is' if stopped == 1 else 'are'}n't getting through"


def schedule_line(schedule: Schedule, overdue: Overdue | None = None) -> RichText:
    """Say what comes to a channel and when, or why it has stopped."""
    name = KIND_NAMES[schedule.kind]
    if schedule.state is ScheduleState.PAUSED:
        why = access_notice(schedule.paused_reason or "", schedule.workspace.platform)
        return rich(bold(channel_text(schedule)), f": {name} has stopped. {why}")
    when = f"{rhythm_text(schedule.recurrence)}, {zone_time(schedule.recurrence.zone)}"
    gaps = f". While I was away: {_overdue_text(overdue)}" if overdue else ""
    return rich(bold(channel_text(schedule)), f": {name}, {when}{gaps}")


def back_card(schedule: Schedule, now: datetime) -> Card:
    """Confirm that a channel gets its messages again."""
    title = f"{sentence_start(KIND_NAMES[schedule.kind])} is back in {channel_text(schedule)}"
    return Card(title, (_coming(schedule, now), Buttons((_stop_button(schedule),))))


def _coming(schedule: Schedule, now: datetime) -> Paragraph:
    if schedule.next_run_at is None:
        return Paragraph(rich("I'll post it when it's due."))
    return Paragraph(rich("Next one: ", moment(schedule.next_run_at, schedule.recurrence.zone, now), "."))


def ended_card(schedule: Schedule) -> Card:
    """Confirm that a channel's messages have stopped."""
    title = f"No more {KIND_NAMES[schedule.kind]} in {channel_text(schedule)}"
    undo = Button("Undo", f"admin fix retry:{schedule.id}")
    return Card(title, (Paragraph(rich("I won't post it there any more.")), Buttons((undo,))))


def move_form(schedule: Schedule) -> Form:
    """Ask for the channel a schedule moves to, with the platform's own menu of channels."""
    field = Field("to", "Channel", input="channel", hint="#general")
    return Form("Which channel should get it?", f"admin fix move:{schedule.id}", (field,), submit="Move")


def moved_card(schedule: Schedule, now: datetime) -> Card:
    """Confirm that messages go to a different channel from now on."""
    title = f"{sentence_start(KIND_NAMES[schedule.kind])} now goes to {channel_text(schedule)}"
    return Card(title, (_coming(schedule, now), Buttons((_stop_button(schedule),))))


def move_card(schedule: Schedule) -> Card:
    """Explain how a channel's messages move to a different one."""
    words = f"set up the {KIND_NAMES[schedule.kind]} here"
    text = f"Go to the channel you'd like, mention me there and say “{words}”. Then stop the old one."
    return Card("Which channel should get it?", (Paragraph(rich(text)), Buttons((_stop_button(schedule),))))


def _stop_button(schedule: Schedule) -> Button:
    return Button(f"Stop {_SHORT_NAMES.get(schedule.kind, 'it')}", f"admin fix end:{schedule.id}")


def setup_form(packs: Sequence[Pack], current: Pack, zone: ZoneInfo | None) -> Form:
    """Ask for everything a new workspace needs: a channel, a day, a time, and a role if there's more than one."""
    days = tuple(Choice(dates.weekday_name(day, day.label), day.name.lower()) for day in Weekday)
    roles = tuple(Choice(pack.info.title, pack.info.role) for pack in packs)
    role = (Field("role", "Role", "choice", value=current.info.role, choices=roles),) if len(roles) > 1 else ()
    fields = (
        Field("channel", "Channel for the weekly tip", "channel", hint="#general"),
        Field("day", "Day", "choice", value="monday", choices=days),
        Field("at", "Time", "time", hint="09:00", value="09:00"),
        Field("zone", "Time zone or city", "zone", hint="Berlin", value=zone.key if zone else "", max_length=60),
        *role,
    )
    return Form("Set up mentorbot", "admin setup", fields, submit="Turn on")


def setup_card() -> Card:
    """Explain how a channel gets its weekly tip, where there are no forms."""
    text = "Go to the channel you'd like, mention me there and say “set up the weekly tip here”."
    return Card("Which channel should get a weekly tip?", (Paragraph(rich(text)), Buttons((Button("Help", "help"),))))


def set_up_card(schedule: Schedule, pack: Pack, now: datetime) -> Card:
    """Confirm the first things an admin has decided."""
    recurrence = schedule.recurrence
    title = (
        f"All set: a weekly tip in {channel_text(schedule)}, {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    )
    coming = ("First one: ", moment(schedule.next_run_at, recurrence.zone, now), ". ") if schedule.next_run_at else ()
    text = f"It's for people who want to become {a_role(pack)}. It pings nobody and skips days off."
    buttons = (
        Button("See sample", "tip"),
        Button("Other channel", f"admin fix move:{schedule.id}"),
        _stop_button(schedule),
        Button("Days off", "admin calendar"),
    )
    return Card(title, (Paragraph(rich(*coming, text)), Buttons(buttons)))
