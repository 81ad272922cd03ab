"""Notifications as one card: every message that comes by itself, quiet hours, and forms with what's saved so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    ActionLine,
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    Footnote,
    Form,
    Paragraph,
    rich,
)
from mentorbot.clock import WORKDAYS, Weekday
from mentorbot.domain.deliveries import MessageKind, Schedule, ScheduleState
from mentorbot.domain.forecast import Forecast
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.channel_access import CLOSED_DM_CODES, CLOSED_TO_ME
from mentorbot.views.private_thread import THREAD_BUTTON
from mentorbot.views.rhythms import day_text, days_text, options_of, rhythm_text, zone_time
from mentorbot.views.subscriptions import coming_up


class Setting(StrEnum):
    """The settings people change with a form of their own."""

    CHECKIN = "checkin"
    TIPS = "tips"
    RECALL = "recall"
    DIGEST = "digest"
    QUIET = "quiet"
    ZONE = "zone"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that comes by itself: its name on the card, what one of them is called, and the command that turns it on.

    `change` is the command that moves it.
    """

    name: str
    one: str
    turn_on: str
    change: str


_MESSAGES: Mapping[MessageKind, _Message] = {
    MessageKind.CHECKIN: _Message("Check-in", "check-in", "checkin settings friday 15:00", "checkin settings"),
    MessageKind.PERSONAL_TIP: _Message("Tips", "tip", "tips me monday 09:00", "tips me"),
    MessageKind.RECALL: _Message("Recall", "question", "recall on", "recall on"),
    MessageKind.DIGEST: _Message("Mentor digest", "digest", "pair digest", "pair digest"),
}
_TURN_OFF = {
    MessageKind.CHECKIN: "checkin stop",
    MessageKind.PERSONAL_TIP: "tips me-off",
    MessageKind.RECALL: "recall off",
    MessageKind.DIGEST: "pair digest off:yes",
}
_FORM_OF = {
    MessageKind.CHECKIN: Setting.CHECKIN,
    MessageKind.PERSONAL_TIP: Setting.TIPS,
    MessageKind.RECALL: Setting.RECALL,
    MessageKind.DIGEST: Setting.DIGEST,
}
_LINES = {
    Setting.CHECKIN: ("Check-in", "checkin settings"),
    Setting.TIPS: ("Your weekly tip", "tips me"),
    Setting.RECALL: ("Recall", "recall on"),
    Setting.DIGEST: ("Mentor digest", "pair digest"),
    Setting.HERE: ("Weekly tip", "tips here"),
}
"""The title of each form, and the command that saves it."""
_ON, _OFF = Choice("Ask once more", "on"), Choice("Don't ask again", "off")


def settings_card(
    learner: LearnerSnapshot,
    forecast: Forecast,
    zone: ZoneInfo | None,
    title: str,
    changed: MessageKind | None,
    undo: str,
) -> Card:
    """Show what comes by itself, with a button for each line.

    `changed` adds when the message just set comes next, and `undo` is the line that brings the settings back.
    """
    by_kind = {schedule.kind: schedule for schedule in forecast.schedules}
    blocks: list[Block] = []
    if any(schedule.paused_reason for schedule in forecast.schedules):
        blocks.append(Paragraph(rich(CLOSED_TO_ME)))
        if any(schedule.paused_reason in CLOSED_DM_CODES for schedule in forecast.schedules):
            blocks.append(Buttons((THREAD_BUTTON,)))
    if title and (pause := paused_note(learner)):
        blocks.append(Paragraph(rich(f"{pause}.")))
    if changed is not None and (schedule := by_kind.get(changed)):
        blocks += coming_up(schedule, forecast, f"Next {_MESSAGES[changed].one}")
    blocks += [_message_line(kind, by_kind.get(kind), zone) for kind in _MESSAGES]
    blocks.append(_quiet_line(forecast.settings))
    if notes := _notes(forecast.settings, by_kind.get(MessageKind.CHECKIN)):
        blocks.append(Footnote(rich(notes)))
    turn_off = (Button("Turn off", _TURN_OFF[changed]),) if changed is not None and changed in by_kind else ()
    take_back = (Button("Undo", undo),) if undo else ()
    blocks.append(
        Buttons((*take_back, *turn_off, _pause_button(learner), Button("Next message", "why"), _zone_button(zone)))
    )
    usual = f"Notifications, {zone_time(zone)}" if zone else "Notifications"
    return Card(title or paused_note(learner) or usual, tuple(blocks))


_MAX_OTHER_DAYS = 2
"""Days offered instead of one that doesn't suit, for each message."""


def other_days_card(schedules: Sequence[Schedule], refused: Sequence[Weekday]) -> Card:
    """Offer other days for what comes to someone on days that don't suit them."""
    days = days_text(tuple(refused))
    coming = [
        schedule
        for schedule in schedules
        if schedule.kind in _MESSAGES and not set(refused).isdisjoint(schedule.recurrence.weekdays)
    ]
    if not coming:
        text = Paragraph(rich("Your messages all come on other days."))
        return Card(f"Nothing comes on {days}", (text, Buttons((Button("Notifications", "settings"),))))
    names = [f"{_MESSAGES[schedule.kind].name} {rhythm_text(schedule.recurrence)}" for schedule in coming]
    buttons = [button for schedule in coming for button in _other_days(schedule, refused)]
    text = Paragraph(rich(f"On {days} so far: {', '.join(names)}."))
    pause = Button("Pause all", "checkin pause until:?")
    return Card("Which day suits you better?", (text, Buttons((*buttons[:4], pause))))


def _other_days(schedule: Schedule, refused: Sequence[Weekday]) -> Iterator[Button]:
    """Offer the days a message comes on without those refused, or else the days nearest to it that are left of the week."""
    message, recurrence = _MESSAGES[schedule.kind], schedule.recurrence
    left = tuple(day for day in recurrence.weekdays if day not in refused)
    free = [day for day in WORKDAYS if day not in refused]
    nearest = sorted(free, key=lambda day: (abs(day - recurrence.weekdays[0]), day))[:_MAX_OTHER_DAYS]
    for days in [left] if left else [(day,) for day in nearest]:
        line = format_line((message.change,), {"day": ",".join(day.name.lower() for day in days)})
        yield Button(f"{message.name}: {days_text(days)}", line)


def _message_line(kind: MessageKind, schedule: Schedule | None, zone: ZoneInfo | None) -> ActionLine:
    message = _MESSAGES[kind]
    if schedule is None:
        return ActionLine(rich(f"{message.name}: off"), Button("Turn on", message.turn_on))
    change = Button("Change", f"settings change:{_FORM_OF[kind]}")
    if schedule.state is ScheduleState.PAUSED:
        return ActionLine(rich(f"{message.name}: stopped, I couldn't reach you"), change)
    recurrence = schedule.recurrence
    elsewhere = "" if recurrence.zone == zone else f", {zone_time(recurrence.zone)}"
    return ActionLine(rich(f"{message.name}: {rhythm_text(recurrence)}{elsewhere}"), change)


def _quiet_line(settings: MessageSettings) -> ActionLine:
    hours = quiet_hours_text(settings)
    return ActionLine(
        rich(f"Quiet hours: {hours or 'none'}"),
        Button("Change" if hours else "Set", f"settings change:{Setting.QUIET}"),
    )


def quiet_hours_text(settings: MessageSettings) -> str:
    """Name a person's quiet hours, “20:00–08:00”; "" if they have none."""
    if settings.quiet_from is None or settings.quiet_to is None:
        return ""
    return f"{settings.quiet_from:%H:%M}–{settings.quiet_to:%H:%M}"


def _notes(settings: MessageSettings, checkin: Schedule | None) -> str:
    """Say how many messages come at most, and whether a check-in is followed by a nudge."""
    return " ".join(filter(None, (_limit_text(settings), _nudge_text(settings, checkin))))


def _limit_text(settings: MessageSettings) -> str:
    match settings.budget:
        case None:
            return ""
        case 0:
            return "I never message you first: your limit is 0 a week."
        case budget:
            return f"At most {budget} message{'' if budget == 1 else 's'} a week."


def _nudge_text(settings: MessageSettings, checkin: Schedule | None) -> str:
    """Name the days a nudge comes: a day later, in the same week, and not next to the next check-in."""
    if checkin is None or settings.budget == 0:
        return ""
    if not settings.reminders:
        return "No nudges."
    days = checkin.recurrence.weekdays
    without = [day for day in days if day == Weekday.SUNDAY or day + 1 in days]
    if len(without) == len(days):
        return "No nudges: by the next day, the week's over or the next check-in is due."
    unless = ", unless the week is over or the next check-in is due" if without else ""
    return f"If you don't answer, I'll nudge you once, a day later{unless}."


def _pause_button(learner: LearnerSnapshot) -> Button:
    if learner.is_paused:
        return Button("Come back now", "checkin resume")
    return Button("Pause all", "checkin pause until:?")


def _zone_button(zone: ZoneInfo | None) -> Button:
    return Button(
        "Time zone" if zone else "Pick a city", f"settings change:{Setting.ZONE}", "plain" if zone else "primary"
    )


def checkin_saved_title(schedule: Schedule | None) -> str:
    """Say what was saved, for the title of the card that shows all settings."""
    if schedule is None:
        return "Saved"
    recurrence = schedule.recurrence
    return f"Saved. Check-ins: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"


def paused_note(learner: LearnerSnapshot) -> str:
    """Say until when a learner is on a break; "" if they aren't."""
    until = learner.back_on
    return f"On a break until {day_text(until, learner.today)}" if until else ""


def setting_form(
    setting: Setting, recurrence: Recurrence | None, zone: ZoneInfo | None, settings: MessageSettings
) -> Form:
    """Ask for one setting, with what's saved now filled in. `recurrence` is None if the message doesn't come yet."""
    if setting is Setting.ZONE:
        return Form("Your time zone", "checkin settings", (_zone_field(zone),), submit="Save")
    if setting is Setting.QUIET:
        return Form("Quiet hours", "checkin settings", _quiet_fields(settings), submit="Save")
    title, line = _LINES[setting]
    fields = [_day_field(setting, recurrence), _time_field(setting, recurrence)]
    if setting is Setting.CHECKIN:
        fields.append(_nudge_field(settings))
    fields.append(_weeks_field(recurrence))
    fields.append(_zone_field(recurrence.zone if recurrence else zone))
    return Form(title, line, tuple(fields), submit="Save")


def _day_field(setting: Setting, recurrence: Recurrence | None) -> Field:
    days = recurrence.weekdays if recurrence else (Weekday.FRIDAY if setting is Setting.CHECKIN else Weekday.MONDAY,)
    choices = tuple(Choice(dates.weekday_name(day, day.label), day.name.lower()) for day in Weekday)
    return Field(
        "day", "Day or days", input="choices", value=",".join(day.name.lower() for day in days), choices=choices
    )


def _time_field(setting: Setting, recurrence: Recurrence | None) -> Field:
    at = recurrence.at if recurrence else time(15 if setting is Setting.CHECKIN else 9)
    return Field("at", "Time", input="time", hint="15:00", value=f"{at:%H:%M}")


def _weeks_field(recurrence: Recurrence | None) -> Field:
    every = recurrence.every if recurrence else 1
    choices = (
        Choice("Every week", "week"),
        *(Choice(f"Every {number} weeks", f"{number}-weeks") for number in (2, 3, 4)),
    )
    return Field(
        "every", "How often", input="choice", value="week" if every == 1 else f"{every}-weeks", choices=choices
    )


def _zone_field(zone: ZoneInfo | None) -> Field:
    return Field(
        "zone", "Time zone or city", input="zone", hint="Berlin", value=zone.key if zone else "", max_length=60
    )


def _nudge_field(settings: MessageSettings) -> Field:
    value = (_ON if settings.reminders else _OFF).value
    return Field("reminder", "If you don't answer", input="choice", value=value, choices=(_ON, _OFF), required=False)


_NO_QUIET = "none"
_USUAL_QUIET = (
    *("18:00-08:00", "18:00-09:00", "19:00-08:00", "20:00-07:00", "20:00-08:00", "20:00-09:00", "21:00-07:00"),
    *("21:00-08:00", "22:00-07:00", "22:00-08:00", "23:00-07:00", "23:00-08:00"),
)
"""Quiet hours to pick. Others are typed in a form of their own."""


def _quiet_fields(settings: MessageSettings) -> tuple[Field, ...]:
    budget = "" if settings.budget is None else str(settings.budget)
    saved = (quiet_hours_text(settings) or _NO_QUIET).replace("–", "-")
    usual = sorted({*_USUAL_QUIET, saved} - {_NO_QUIET})
    choices = (
        Choice("None", _NO_QUIET),
        *(Choice(hours.replace("-", "–"), hours) for hours in usual),
        Choice("Other hours", "?"),
    )
    return (
        Field("quiet", "Quiet hours", input="choice", value=saved, choices=choices),
        Field("budget", "Max messages a week", required=False, hint="3; leave empty for no limit", value=budget),
    )


def checkins_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that check-ins have stopped; `schedule` is None if there were none."""
    if schedule is None:
        buttons = Buttons(
            (Button("Turn on", _MESSAGES[MessageKind.CHECKIN].turn_on), Button("Notifications", "settings"))
        )
        return Card(
            "You don't have a weekly check-in",
            (Paragraph(rich("Fridays at 15:00 work well for most people.")), buttons),
        )
    again = format_line(("checkin", "settings"), options_of(schedule.recurrence))
    text = f"Your plan stays. No more messages on {days_text(schedule.recurrence.weekdays)}."
    return Card(
        "Check-ins are off",
        (Paragraph(rich(text)), Buttons((Button("Undo", again), Button("My plan", "plan show")))),
    )
