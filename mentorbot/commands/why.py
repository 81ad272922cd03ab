"""`why`: the last messages and the next ones, each with its reason; and the words for what became of a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Block, Bullets, Button, Buttons, Card, Footnote, Heading, Paragraph, bold, rich
from mentorbot.commands import registry
from mentorbot.commands.cadences import Coming
from mentorbot.commands.coming import ON_TIME, Outlook
from mentorbot.commands.context import Context
from mentorbot.commands.desk import UTC
from mentorbot.commands.reach import CLOSED_TO_ME
from mentorbot.domain.records import Delivery, Schedule
from mentorbot.storage.schedules import CHECKIN, DIGEST, NOTICE, OWN_TIP, RECALL, REMINDER, REPORT, TIP

LAST = 10
_KINDS = {
    TIP: "weekly tip",
    OWN_TIP: "weekly tip of your own",
    CHECKIN: "check-in",
    RECALL: "recall question",
    DIGEST: "digest of your learners",
    REPORT: "weekly report",
}
_CALL_FOR_MENTORS = "call for mentors, since a request finds none"
_NOTICES = {
    CHECKIN: "check-in that you put off",
    REMINDER: "reminder of your check-in",
    "pair": "request to be a mentor",
    "accepted": "answer of a mentor",
    "waiting": "news of your request for a mentor",
    "expired": "request that was passed on",
    "ended": "end of a pairing",
    "note": "note from your mentor",
}
_REASONS = {
    CHECKIN: "you set it with /mentor checkin settings",
    OWN_TIP: "you set it with /mentor tips me",
    RECALL: "you turned it on with /mentor recall on, if a question is due then",
    DIGEST: "you have learners",
}


def name_of(delivery: Delivery) -> str:
    """What a message is, in a few words."""
    if delivery.kind == NOTICE:
        return _NOTICES.get(delivery.item.partition(":")[0], "message")
    if delivery.kind == REPORT and delivery.item:
        return _CALL_FOR_MENTORS
    return _KINDS.get(delivery.kind, delivery.kind)


def outcome(delivery: Delivery, zone: ZoneInfo) -> str:
    """What became of a message, in one sentence; times in `zone`."""
    due = _at(delivery.due_at, zone)
    match delivery.state:
        case "sent" if delivery.sent_at is not None:
            late = delivery.sent_at - delivery.due_at > ON_TIME
            why = f", late: {delivery.trouble}" if late and delivery.trouble else ", late" if late else ""
            together = ", in one message with another" if delivery.merged_into else ""
            return f"due {due}, sent {_at(delivery.sent_at, zone)}{together}{why}"
        case "pending" if not delivery.attempts and delivery.not_before == delivery.due_at:
            return f"due {due}, not sent yet"
        case "pending":
            held = f": {delivery.trouble}" if delivery.trouble else ""
            return f"due {due}, not sent yet{held}; next try {_at(delivery.not_before, zone)}"
        case "cancelled":
            return f"due {due}, not sent: {delivery.trouble}"
        case "missed":
            return f"due {due}, missed: {delivery.trouble}"
        case _:
            return f"due {due}, failed after {delivery.attempts} attempts: {delivery.trouble}"


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %-d %b %Y %H:%M}"


@registry.command("why", "My last messages to you and the next ones, each with its reason.")
async def why(context: Context) -> Answer:
    """What was sent, late, put off or left out, and why; and what will come."""
    outlook = await Outlook.open(context)
    last, coming = outlook.last, outlook.schedules
    if not last and not coming:
        text = (
            "I have sent you nothing by myself, and nothing is planned. Check-ins begin with /mentor checkin settings."
        )
        return Card("My messages to you", (Paragraph(rich(text)), _ways_on()))
    blocks: list[Block] = []
    if last:
        zone = await context.zone() or next((one.cadence.zone for one in coming), UTC)
        waiting = outlook.waiting()
        items = tuple(
            rich(bold(name_of(delivery)), f"  {outcome(delivery, zone)}{_doubt(waiting.get(delivery.id))}")
            for delivery in last[:LAST]
        )
        blocks += [Heading("Last"), Bullets(items), Footnote(rich(f"These times are those of {zone.key}."))]
    if coming:
        found = outlook.coming()
        lines = tuple(rich(bold(_KINDS[one.kind]), f"  {_coming(one, found)}") for one in coming)
        blocks += [Heading("Next"), Bullets(lines)]
    return Card("My messages to you", (*blocks, _ways_on()))


def _doubt(reason: str | None) -> str:
    return f"; as things stand it will be left out: {reason}" if reason else ""


def _coming(schedule: Schedule, coming: Mapping[int, Coming]) -> str:
    if schedule.state == "paused":
        return f"stopped. {CLOSED_TO_ME}"
    cadence, found = schedule.cadence, coming[schedule.id]
    if found.at is None:
        return f"nothing more: {found.skipped}"
    quiet = ", when your quiet hours end" if found.quiet else ""
    passed = f"; before that none, since {found.skipped}" if found.skipped else ""
    return f"{_at(found.at, cadence.zone)} ({cadence.zone.key}){quiet}, because {_REASONS[schedule.kind]}{passed}"


def _ways_on() -> Buttons:
    return Buttons((Button("When I write to you", "checkin settings"), Button("What I keep of you", "me show")))
