"""Outcomes of messages in words: for `why`, for the command line, and for a message that comes late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Footnote,
    Heading,
    Paragraph,
    RichText,
    bold,
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

KIND_NAMES = {
    MessageKind.TIP: "weekly tip",
    MessageKind.PERSONAL_TIP: "weekly tip of your own",
    MessageKind.CHECKIN: "check-in",
    MessageKind.REMINDER: "reminder of your check-in",
    MessageKind.RECALL: "recall question",
    MessageKind.DIGEST: "digest of your learners",
    MessageKind.REPORT: "weekly report",
    MessageKind.CALL_FOR_MENTORS: "call for mentors, since a request finds none",
    MessageKind.MENTOR_REQUEST: "request to be a mentor",
    MessageKind.REQUEST_ACCEPTED: "answer of a mentor",
    MessageKind.REQUEST_WAITING: "news of your request for a mentor",
    MessageKind.REQUEST_EXPIRED: "request that was passed on",
    MessageKind.MENTOR_LEFT: "message",
    MessageKind.MENTORSHIP_ENDED: "end of a pairing",
    MessageKind.NOTE: "note from your mentor",
}


def message_name(delivery: Delivery) -> str:
    """Name a message in a few words."""
    if delivery.kind is MessageKind.CHECKIN and delivery.schedule is None:
        return "check-in that you put off"
    return KIND_NAMES[delivery.kind]


def outcome(delivery: Delivery, zone: ZoneInfo) -> str:
    """Give the outcome of a message in one sentence, with times in `zone`."""
    due, problem = short_time(delivery.due_at, zone), problem_text(delivery)
    match delivery.state:
        case DeliveryState.SENT if delivery.sent_at is not None:
            late = delivery.sent_at - delivery.due_at > ON_TIME
            why = f", late: {problem}" if late and problem else ", late" if late else ""
            together = ", in one message with another" if delivery.parent_delivery else ""
            return f"due {due}, sent {short_time(delivery.sent_at, zone)}{together}{why}"
        case DeliveryState.PENDING if not delivery.attempts and delivery.not_before == delivery.due_at:
            return f"due {due}, not sent yet"
        case DeliveryState.PENDING:
            held_up = f": {problem}" if problem else ""
            return f"due {due}, not sent yet{held_up}; next try {short_time(delivery.not_before, zone)}"
        case DeliveryState.CANCELLED:
            return f"due {due}, not sent: {problem}"
        case DeliveryState.MISSED:
            return f"due {due}, missed: {problem}"
        case _:
            return f"due {due}, failed after {delivery.attempts} attempts: {problem}"


def short_time(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant in `zone`, in short."""
    return f"{instant.astimezone(zone):%a %-d %b %Y %H:%M}"


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant in `zone`."""
    return f"{instant.astimezone(zone):%A, %-d %B %Y, %H:%M}"


def problem_text(delivery: Delivery) -> str:
    """Explain a delay or failure: why the message was given up before a resend, and the latest reason; "" if there's none."""
    last = reason_text(delivery.reason) if delivery.reason else ""
    return "; then: ".join(filter(None, (_given_up_text(delivery), last)))


_ENDINGS = {
    DeliveryState.FAILED: "it failed",
    DeliveryState.MISSED: "it was missed",
    DeliveryState.CANCELLED: "it was left out",
}


def _given_up_text(delivery: Delivery) -> str:
    if delivery.given_up is None:
        return ""
    state, reason = delivery.given_up
    why = reason_text(reason) if reason else ""
    return f"an operator asked for it again; before that {_ENDINGS[state]}: {why}"


def reason_text(reason: Reason) -> str:
    """Put a reason into words. Releases before 1.0 stored a whole sentence, found under `text` in its details."""
    earlier = reason_text(reason.earlier) if reason.earlier else ""
    if text := reason.details.get("text"):
        return str(text)
    if reason.code is ReasonCode.TOO_MANY_ATTEMPTS:
        return f"{reason.details['attempts']} attempts: {earlier}"
    return "; then ".join(filter(None, (earlier, _sentence(reason))))


_SENTENCES = {
    ReasonCode.QUIET_HOURS: "quiet hours",
    ReasonCode.WAITS_FOR_COMPANY: "waits some minutes for what else may be due, so that both come as one",
    ReasonCode.REMINDERS_OFF: "reminders are off",
    ReasonCode.SILENT: "I haven't heard from you for a while, so I'm waiting until you say hi",
    ReasonCode.NO_CHECKIN_SENT: "there was no check-in",
    ReasonCode.CHECKIN_WEEK_OVER: "the week of its check-in is over",
    ReasonCode.CHECKIN_CAME_LATE: "the check-in came late",
    ReasonCode.NO_QUESTION_DUE: "no question is due",
    ReasonCode.NO_LEARNERS: "there are no learners",
    ReasonCode.NO_TIPS: "the role pack has no tips",
    ReasonCode.ALREADY_SETTLED: "it is settled already",
    ReasonCode.MENTOR_FOUND: "the request has found somebody",
    ReasonCode.PERSON_GONE: "the person is gone",
    ReasonCode.BOT_NOT_RUNNING: "the bot was not running in time",
    ReasonCode.NOT_SENT_IN_TIME: "it could not be sent in time",
}

_UNTIL_SENTENCES = {
    ReasonCode.SCHEDULE_PAUSED: "paused until {until}",
    ReasonCode.LEARNER_PAUSED: "there is a break until {until}",
    ReasonCode.NONE_LEFT: "all until {until} falls on days off or in a pause",
}


def _sentence(reason: Reason) -> str:
    details = reason.details
    match reason.code:
        case ReasonCode.BUDGET_SPENT:
            return _budget_text(int(details["budget"]))
        case ReasonCode.DAY_OFF:
            name = f" ({details['name']})" if "name" in details else ""
            return f"{_day(details['day']):%-d %B} is a day off here{name}"
        case ReasonCode.SCHEDULE_PAUSED | ReasonCode.LEARNER_PAUSED | ReasonCode.NONE_LEFT:
            return _UNTIL_SENTENCES[reason.code].format(until=f"{_day(details['until']):%-d %B %Y}")
        case ReasonCode.SCHEDULE_INACTIVE:
            return f"the schedule is {details['state']}"
        case ReasonCode.WEEK_OFF:
            return f"the week of {_day(details['week']):%-d %B} is off"
        case ReasonCode.ALREADY_ANSWERED:
            state = CheckInState(str(details["state"])).value
            return f"the check-in of the week of {_day(details['week']):%-d %B} was {state} already"
        case ReasonCode.UNKNOWN_ZONE:
            return f"the time zone {details['zone']} is not known to the machine that was to send it"
        case ReasonCode.RATE_LIMITED:
            return str(details.get("error", "the platform has asked to wait"))
        case ReasonCode.SEND_ERROR | ReasonCode.DM_REOPENED:
            return str(details.get("error", ""))
        case ReasonCode.MAYBE_DELIVERED:
            return f"nobody can tell whether it was posted: {details['error']}"
        case code:
            return _SENTENCES[code]


def _budget_text(budget: int) -> str:
    if budget == 0:
        return "no messages are wanted (budget:0)"
    number = "one message" if budget == 1 else f"{budget} messages"
    return f"the budget of {number} a week is spent"


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def late_note(delivery: Delivery, zone: ZoneInfo, now: datetime) -> str:
    """Say in one line that a message comes late, and why."""
    due = delivery.due_at.astimezone(zone)
    # A weekday alone would be read as the most recent one.
    day = f"{due:%A}" if now - delivery.due_at < timedelta(days=6) else f"{due:%A, %-d %B}"
    at = f"{day} at {due:%H:%M} ({zone.key})"
    if delivery.first_due_at is not None:
        return f"Late: this was due on {at}; whoever runs me has had it sent after all."
    if delivery.reason and delivery.reason.code is ReasonCode.QUIET_HOURS:
        return f"This was due on {at} and has waited for the end of your quiet hours."
    return f"Late: this was due on {at}, and I could not post it then."


def next_message_text(message: NextMessage, zone: ZoneInfo) -> str:
    """Say when the next message comes, in `zone`, or why none will."""
    if message.at is None:
        return f"nothing more: {reason_text(message.skipped) if message.skipped else ''}"
    return f"{local_time(message.at, zone)}{', when your quiet hours end' if message.after_quiet_hours else ''}"


MAX_LISTED = 10
"""Newest past messages that `messages_card` lists."""
_CAUSES = {
    MessageKind.CHECKIN: "you set it with /mentor checkin settings",
    MessageKind.PERSONAL_TIP: "you set it with /mentor tips me",
    MessageKind.RECALL: "you turned it on with /mentor recall on, if a question is due then",
    MessageKind.DIGEST: "you have learners",
}


def messages_card(forecast: Forecast, zone: ZoneInfo) -> Card:
    """List a person's last messages and the next ones, each with its reason. Past times are in `zone`."""
    buttons = Buttons((Button("When I write to you", "checkin settings"), Button("What I keep of you", "me show")))
    if not forecast.recent and not forecast.schedules:
        text = (
            "I have sent you nothing by myself, and nothing is planned. Check-ins begin with /mentor checkin settings."
        )
        return Card("My messages to you", (Paragraph(rich(text)), buttons))
    return Card("My messages to you", (*_past_messages(forecast, zone), *_next_messages(forecast), buttons))


def _past_messages(forecast: Forecast, zone: ZoneInfo) -> list[Block]:
    if not forecast.recent:
        return []
    pending = forecast.pending()
    items = tuple(_past_message(delivery, pending.get(delivery.id), zone) for delivery in forecast.recent[:MAX_LISTED])
    return [Heading("Last"), Bullets(items), Footnote(rich(f"These times are those of {zone.key}."))]


def _past_message(delivery: Delivery, skipped: Reason | None, zone: ZoneInfo) -> RichText:
    doubt = f"; as things stand it will be left out: {reason_text(skipped)}" if skipped else ""
    return rich(bold(message_name(delivery)), f"  {outcome(delivery, zone)}{doubt}")


def _next_messages(forecast: Forecast) -> list[Block]:
    if not forecast.schedules:
        return []
    next_messages = forecast.next_messages()
    items = tuple(
        rich(bold(KIND_NAMES[schedule.kind]), f"  {_next_message(schedule, next_messages)}")
        for schedule in forecast.schedules
    )
    return [Heading("Next"), Bullets(items)]


def _next_message(schedule: Schedule, next_messages: Mapping[int, NextMessage]) -> str:
    if schedule.state is ScheduleState.PAUSED:
        return f"stopped. {CLOSED_TO_ME}"
    zone, message = schedule.recurrence.zone, next_messages[schedule.id]
    skipped = reason_text(message.skipped) if message.skipped else ""
    if message.at is None:
        return f"nothing more: {skipped}"
    quiet = ", when your quiet hours end" if message.after_quiet_hours else ""
    before = f"; before that none, since {skipped}" if skipped else ""
    return f"{short_time(message.at, zone)} ({zone.key}){quiet}, because {_CAUSES[schedule.kind]}{before}"
