"""Outcomes of messages in words: for `why`, for the command line, and for a message that comes late."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Heading,
    Paragraph,
    RichText,
    bold,
    instant,
    rich,
)
from mentorbot.domain.deliveries import (
    Delivery,
    DeliveryState,
    MessageKind,
    Reason,
    ReasonCode,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.delivery_policy import ON_TIME
from mentorbot.domain.forecast import Forecast, NextMessage
from mentorbot.domain.learner import CheckInState
from mentorbot.views.channel_access import CLOSED_TO_ME
from mentorbot.views.rhythms import moment_text, sentence_start, zone_time, zoned_moment

KIND_NAMES = {
    MessageKind.TIP: "weekly tip",
    MessageKind.PERSONAL_TIP: "your weekly tip",
    MessageKind.CHECKIN: "check-in",
    MessageKind.REMINDER: "check-in nudge",
    MessageKind.RECALL: "recall question",
    MessageKind.DIGEST: "mentor digest",
    MessageKind.REPORT: "weekly report",
    MessageKind.CALL_FOR_MENTORS: "call for mentors",
    MessageKind.MENTOR_REQUEST: "mentor request",
    MessageKind.REQUEST_ACCEPTED: "answer from a mentor",
    MessageKind.REQUEST_WAITING: "news about your mentor request",
    MessageKind.REQUEST_EXPIRED: "mentor request that moved on",
    MessageKind.MENTOR_LEFT: "news about your mentor",
    MessageKind.MENTORSHIP_ENDED: "end of a mentorship",
    MessageKind.NOTE: "note from your mentor",
    MessageKind.CHANNEL_CLOSED: "news about a channel I can't post in",
    MessageKind.DOWNTIME: "news about messages that were missed or late",
}


def message_name(delivery: Delivery) -> str:
    """Name a message in a few words."""
    if delivery.kind is MessageKind.CHECKIN and delivery.schedule is None:
        return "check-in you snoozed"
    return KIND_NAMES[delivery.kind]


def outcome(delivery: Delivery, zone: ZoneInfo, *, for_operator: bool = False) -> str:
    """Give the outcome of a message in one sentence, with times in `zone`."""
    due, problem = short_time(delivery.due_at, zone), problem_text(delivery, for_operator=for_operator)
    match delivery.state:
        case DeliveryState.SENT if delivery.sent_at is not None:
            late = delivery.sent_at - delivery.due_at > ON_TIME
            why = f", late: {problem}" if late and problem else ", late" if late else ""
            together = ", together with another message" if delivery.parent_delivery else ""
            return f"due {due}, sent {short_time(delivery.sent_at, zone)}{together}{why}"
        case DeliveryState.PENDING if not delivery.attempts and delivery.not_before == delivery.due_at:
            return f"due {due}, not sent yet"
        case DeliveryState.PENDING:
            held_up = f": {problem}" if problem else ""
            return f"due {due}, not sent yet{held_up}; I'll try again {short_time(delivery.not_before, zone)}"
        case DeliveryState.CANCELLED:
            return f"due {due}, skipped: {problem}"
        case DeliveryState.MISSED:
            return f"due {due}, missed: {problem}"
        case _:
            return f"due {due}, failed after {delivery.attempts} tries: {problem}"


def short_time(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant in `zone`, in short."""
    local = instant.astimezone(zone)
    if dates.in_english():
        return f"{local:%a %-d %b %Y %H:%M}"
    return f"{dates.short_day(local, year=True)} {local:%H:%M}"


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant in `zone`."""
    local = instant.astimezone(zone)
    return f"{dates.weekday(local)}, {dates.long_day(local, year=True)}, {local:%H:%M}"


def problem_text(delivery: Delivery, *, for_operator: bool) -> str:
    """Explain a delay or failure: why the message was given up before a resend, and the latest reason; "" if there's none."""
    last = reason_text(delivery.reason, for_operator=for_operator) if delivery.reason else ""
    return "; then: ".join(filter(None, (_given_up_text(delivery, for_operator=for_operator), last)))


_ENDINGS = {
    DeliveryState.FAILED: "it failed",
    DeliveryState.MISSED: "it was missed",
    DeliveryState.CANCELLED: "it was skipped",
}


def _given_up_text(delivery: Delivery, *, for_operator: bool) -> str:
    if delivery.given_up is None:
        return ""
    state, reason = delivery.given_up
    why = reason_text(reason, for_operator=for_operator) if reason else ""
    return f"an operator resent it; before that {_ENDINGS[state]}: {why}"


def reason_text(reason: Reason, *, for_operator: bool = False) -> str:
    """Put a reason into words. Releases before 1.0 stored a whole sentence, found under `text` in its details.

    An operator also gets the platform's own words for an error, to look it up.
    """
    earlier = reason_text(reason.earlier, for_operator=for_operator) if reason.earlier else ""
    if text := str(reason.details.get("text", "")):
        return text if for_operator or not _CODE.fullmatch(text) else _refusal(text)
    if reason.code is ReasonCode.TOO_MANY_ATTEMPTS:
        return f"{reason.details['attempts']} tries: {earlier}"
    return "; then ".join(filter(None, (earlier, _sentence(reason, for_operator=for_operator))))


_CODE = re.compile(r"[a-z0-9_]+")
_REFUSALS = {
    ("cannot_dm", "cannot_dm_bot", "no_mutual_guild"): "your direct messages are closed to me",
    ("channel_not_found", "not_in_channel", "missing_access"): "I can't see that channel",
    ("missing_permissions", "restricted_action"): "I'm not allowed to post there",
    ("is_archived", "thread_archived"): "that channel is archived",
    ("account_inactive", "invalid_auth", "token", "token_revoked", "guild_not_found"): "I'd lost access here",
}
"""The codes platforms refuse a message with, in words. Anything else is between the operator and the platform."""


def _refusal(error: str) -> str:
    """Put a platform's error, which begins with its code, into words for the person it concerns."""
    code = error.partition(":")[0]
    return next((words for codes, words in _REFUSALS.items() if code in codes), "it couldn't be delivered")


_SENTENCES = {
    ReasonCode.QUIET_HOURS: "quiet hours",
    ReasonCode.WAITS_FOR_COMPANY: "waiting a few minutes, so messages that are due together arrive as one",
    ReasonCode.REMINDERS_OFF: "nudges are off",
    ReasonCode.SILENT: "I haven't heard from you for a while, so I'm waiting until you say hi",
    ReasonCode.NO_CHECKIN_SENT: "there was no check-in to follow up",
    ReasonCode.CHECKIN_WEEK_OVER: "that check-in's week is over",
    ReasonCode.CHECKIN_CAME_LATE: "the check-in itself came late",
    ReasonCode.NO_QUESTION_DUE: "no question is due",
    ReasonCode.NO_LEARNERS: "there are no learners yet",
    ReasonCode.NO_TIPS: "I don't have any tips for this role",
    ReasonCode.ALREADY_SETTLED: "it's already settled",
    ReasonCode.MENTOR_FOUND: "the request has found a mentor",
    ReasonCode.PERSON_GONE: "the person has left",
    ReasonCode.BOT_NOT_RUNNING: "I wasn't running at the time",
    ReasonCode.NOT_SENT_IN_TIME: "I couldn't send it in time",
}

_UNTIL_SENTENCES = {
    ReasonCode.SCHEDULE_PAUSED: "paused until {until}",
    ReasonCode.LEARNER_PAUSED: "on a break until {until}",
    ReasonCode.NONE_LEFT: "everything until {until} falls on a day off or in a pause",
}


def _sentence(reason: Reason, *, for_operator: bool) -> str:
    details = reason.details
    match reason.code:
        case ReasonCode.BUDGET_SPENT:
            return _budget_text(int(details["budget"]))
        case ReasonCode.DAY_OFF:
            name = f" ({details['name']})" if "name" in details else ""
            return f"{dates.short_day(_day(details['day']))} is a day off here{name}"
        case ReasonCode.SCHEDULE_PAUSED | ReasonCode.LEARNER_PAUSED | ReasonCode.NONE_LEFT:
            return _UNTIL_SENTENCES[reason.code].format(until=dates.short_day(_day(details["until"]), year=True))
        case ReasonCode.SCHEDULE_INACTIVE:
            return f"the schedule is {details['state']}"
        case ReasonCode.WEEK_OFF:
            return f"the week of {dates.short_day(_day(details['week']))} is off"
        case ReasonCode.ALREADY_ANSWERED:
            state = CheckInState(str(details["state"]))
            done = "done" if state is CheckInState.HELD else "skipped"
            return f"the check-in for the week of {dates.short_day(_day(details['week']))} is already {done}"
        case ReasonCode.UNKNOWN_ZONE:
            return f"this machine doesn't know the time zone {details['zone']}"
        case ReasonCode.RATE_LIMITED:
            asked = "the platform asked me to wait"
            return str(details.get("error", asked)) if for_operator else asked
        case ReasonCode.SEND_ERROR | ReasonCode.DM_REOPENED | ReasonCode.CHANNEL_RECHECKED:
            return _error_text(details, for_operator=for_operator)
        case ReasonCode.MAYBE_DELIVERED:
            return f"it may or may not have arrived: {_error_text(details, for_operator=for_operator)}"
        case code:
            return _SENTENCES[code]


def _error_text(details: Mapping[str, object], *, for_operator: bool) -> str:
    error = str(details.get("error", ""))
    return error if for_operator or not error else _refusal(error)


def _budget_text(budget: int) -> str:
    if budget == 0:
        return "the weekly limit is 0 messages"
    number = "one message" if budget == 1 else f"{budget} messages"
    return f"the limit of {number} a week is reached"


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def late_note(delivery: Delivery, zone: ZoneInfo, now: datetime) -> str:
    """Say in one line that a message comes late, and why."""
    due = delivery.due_at.astimezone(zone)
    # A weekday alone would be read as the most recent one.
    day = dates.weekday(due) if now - delivery.due_at < timedelta(days=6) else dates.weekday_and_day(due)
    at = f"{day} at {due:%H:%M}, {zone_time(zone)}"
    if delivery.first_due_at is not None:
        return f"Late: this was due on {at}. Whoever runs this bot resent it."
    if delivery.reason and delivery.reason.code is ReasonCode.QUIET_HOURS:
        return f"This was due on {at}. I waited for the end of your quiet hours."
    return f"Late: this was due on {at}. I couldn't post it then."


def next_message_text(message: NextMessage, zone: ZoneInfo) -> RichText:
    """Say when the next message comes, in `zone`, or why none will."""
    if message.at is None:
        return rich(f"nothing for now ({reason_text(message.skipped)})" if message.skipped else "nothing for now")
    return rich(instant(local_time(message.at, zone), message.at), _after_quiet_hours(message))


def _after_quiet_hours(message: NextMessage) -> str:
    return ", when your quiet hours end" if message.after_quiet_hours else ""


MAX_LISTED = 5
"""Newest past messages that `messages_card` lists."""
_CAUSES = {
    MessageKind.CHECKIN: "You chose that time.",
    MessageKind.PERSONAL_TIP: "You turned it on.",
    MessageKind.RECALL: "It comes if a question is due.",
    MessageKind.DIGEST: "You have learners.",
}
_BUTTONS = Buttons((Button("Notifications", "settings"), Button("Your data", "me show")))


def messages_card(forecast: Forecast, zone: ZoneInfo) -> Card:
    """List a person's next messages and the last ones, each with its reason. Past times are in `zone`."""
    if not forecast.recent and not forecast.schedules:
        text = "I haven't messaged you yet, and nothing's planned. A weekly check-in is a good start."
        buttons = Buttons((Button("Set check-in", "settings change:checkin", "primary"), *_BUTTONS.buttons))
        return Card("No messages coming up", (Paragraph(rich(text)), buttons))
    return Card(_title(forecast), (*_next_messages(forecast), *_past_messages(forecast, zone), _BUTTONS))


def _title(forecast: Forecast) -> str:
    """Name the soonest message to come, so the title alone answers the question."""
    messages = forecast.next_messages()
    coming = [
        (message.at, schedule)
        for schedule in forecast.schedules
        if (message := messages.get(schedule.id)) and message.at
    ]
    if not coming:
        return "No messages coming up"
    at, schedule = min(coming, key=lambda entry: entry[0])
    return f"Next message: {KIND_NAMES[schedule.kind]}, {moment_text(at, schedule.recurrence.zone, forecast.now)}"


def _past_messages(forecast: Forecast, zone: ZoneInfo) -> list[Block]:
    if not forecast.recent:
        return []
    pending = forecast.pending()
    items = tuple(_past_message(delivery, pending.get(delivery.id), zone) for delivery in forecast.recent[:MAX_LISTED])
    return [Heading(f"So far, {zone_time(zone)}"), Bullets(items)]


def _past_message(delivery: Delivery, skipped: Reason | None, zone: ZoneInfo) -> RichText:
    doubt = f". I'd skip it as things stand: {reason_text(skipped)}" if skipped else ""
    return rich(bold(sentence_start(message_name(delivery))), f": {outcome(delivery, zone)}{doubt}")


def _next_messages(forecast: Forecast) -> list[Block]:
    if not forecast.schedules:
        return []
    next_messages = forecast.next_messages()
    items = tuple(
        rich(
            bold(sentence_start(KIND_NAMES[schedule.kind])),
            ": ",
            *_next_message(schedule, next_messages, forecast.now),
        )
        for schedule in forecast.schedules
    )
    return [Heading("Coming up"), Bullets(items)]


def _next_message(schedule: Schedule, next_messages: Mapping[int, NextMessage], now: datetime) -> RichText:
    if schedule.state is ScheduleState.PAUSED:
        return rich(f"stopped. {CLOSED_TO_ME}")
    zone, message = schedule.recurrence.zone, next_messages[schedule.id]
    skipped = reason_text(message.skipped) if message.skipped else ""
    if message.at is None:
        return rich(f"nothing for now ({skipped})")
    before = f" Nothing before that: {skipped}." if skipped else ""
    after = f"{_after_quiet_hours(message)}. {_CAUSES[schedule.kind]}{before}"
    return rich(zoned_moment(message.at, zone, now), after)
