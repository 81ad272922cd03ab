"""Recurring messages as cards: a channel's tips, a person's own tips, and the mentor's digest, each with its times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mentorbot.chat.cards import Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, RichText, code, rich
from mentorbot.domain.deliveries import Schedule, ScheduleState
from mentorbot.domain.forecast import Forecast, NextMessage
from mentorbot.domain.recurrence import Recurrence
from mentorbot.views.channel_access import CLOSED_TO_ME, access_help
from mentorbot.views.deliveries import local_time, next_message_text, reason_text

_STOP_TIPS = Button("Stop it", "tips stop")
_STOP_PERSONAL_TIPS = Button("Stop it", "tips me-off")
_RESUME = Button("End the pause", "tips resume", "primary")


def when_rows(
    schedule: Schedule, next_message: NextMessage, on_its_way: Sequence[datetime] = ()
) -> list[tuple[str, RichText]]:
    """List a schedule's times: its recurrence, messages on their way, the next one, and any skipped before that."""
    zone = schedule.recurrence.zone
    rows = [("When", rich(schedule.recurrence.in_words()))]
    rows += [("On its way", rich(local_time(at, zone))) for at in on_its_way]
    rows.append(("Next", rich(next_message_text(next_message, zone))))
    if next_message.at is not None and next_message.skipped:
        rows.append(("Left out", rich(reason_text(next_message.skipped))))
    return rows


# A channel's tips.


def channel_tips_card(schedule: Schedule | None, next_message: NextMessage, today: date) -> Card:
    """Say when tips come to a channel, if they do; `today` is the date in the schedule's zone."""
    if schedule is None:
        return no_tips_card()
    if schedule.state is ScheduleState.PAUSED:
        restart = Buttons((Button("Start it again", _start_line(schedule.recurrence), "primary"),))
        return Card("The weekly tip is paused", (Paragraph(rich(access_help(schedule.paused_reason or ""))), restart))
    until = schedule.recurrence.pause_until
    pause = _RESUME if until is not None and today < until else Button("Pause it", "tips pause until:?")
    facts = FieldList(tuple(when_rows(schedule, next_message)))
    return Card("The weekly tip in this channel", (facts, Buttons((pause, _STOP_TIPS))))


def no_tips_card() -> Card:
    """Say that no tips come to a channel."""
    how = code("/mentor tips here monday 09:00 Europe/Berlin")
    text = rich("No weekly tip is posted here. An admin can start it with ", how, ".")
    return Card("No weekly tip here", (Paragraph(text), Buttons((Button("Start it", "tips here", "primary"),))))


def _start_line(recurrence: Recurrence) -> str:
    """The command line that starts tips again as they were."""
    days = ",".join(day.name.lower() for day in recurrence.weekdays)
    every = "" if recurrence.every == 1 else f" every:{recurrence.every}-weeks"
    until = f" until:{recurrence.ends_on}" if recurrence.ends_on else ""
    return f"tips here {days} {recurrence.at:%H:%M} {recurrence.zone.key}{every}{until}"


def tips_started_card(schedule: Schedule, next_message: NextMessage) -> Card:
    """Confirm that tips come to a channel."""
    note = Footnote(rich("Every tip comes once before one comes again. Stop it with ", code("/mentor tips stop"), "."))
    facts = FieldList(tuple(when_rows(schedule, next_message)))
    return Card("The weekly tip is set", (facts, note, Buttons((Button("Show me a tip now", "tip"),))))


def tips_paused_card(schedule: Schedule, next_message: NextMessage, until: date) -> Card:
    """Confirm the pause of a channel's tips."""
    then = "Then they go on by themselves." if next_message.at else "None is left after that."
    text = f"No tips come here until {until:%A, %-d %B %Y}. {then}"
    facts = FieldList(tuple(when_rows(schedule, next_message)))
    return Card("The weekly tip is paused", (Paragraph(rich(text)), facts, Buttons((_RESUME, _STOP_TIPS))))


def tips_resumed_card(schedule: Schedule, next_message: NextMessage) -> Card:
    """Confirm that a channel's tips go on after a pause."""
    facts = FieldList(tuple(when_rows(schedule, next_message)))
    return Card("Tips come here again", (facts, Buttons((_STOP_TIPS,))))


def tips_stopped_card(schedule: Schedule) -> Card:
    """Confirm that a channel's tips have stopped."""
    restart = Buttons((Button("Start it again", _start_line(schedule.recurrence)),))
    return Card("The weekly tip has stopped", (Paragraph(rich("No more tips will be posted here.")), restart))


# A person's own tips.


def personal_tips_card(schedule: Schedule, forecast: Forecast) -> Card:
    """Say when a person's own tips come."""
    if schedule.state is ScheduleState.PAUSED:
        choose_day = Button("Choose the day again", "tips me day:?", "primary")
        return Card("Your own weekly tip", (Paragraph(rich(CLOSED_TO_ME)), Buttons((choose_day, _STOP_PERSONAL_TIPS))))
    next_message = forecast.next_messages()[schedule.id]
    blocks: tuple[Block, ...] = (
        FieldList(tuple(when_rows(schedule, next_message, forecast.on_its_way(schedule)))),
        Footnote(rich("It comes in our direct messages, and counts as one of your messages a week.")),
        Buttons((Button("Say where I stand", "assess"), _STOP_PERSONAL_TIPS)),
    )
    return Card("Your own weekly tip", blocks)


def personal_tips_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that a person's own tips have stopped; `schedule` is None if there were none."""
    text = "No more tips come to you alone." if schedule else "You had no weekly tip of your own."
    return Card("Your own weekly tip", (Paragraph(rich(text)), Buttons((Button("Set one", "tips me day:?"),))))


# The mentor's digest.


def digest_started_card(schedule: Schedule) -> Card:
    """Confirm when a mentor's digest comes."""
    recurrence = schedule.recurrence
    when = f"Every {recurrence.days} at {recurrence.at:%H:%M} ({recurrence.zone.key})"
    text = f"{when}: who moved, who is blocked. One message for all of them."
    buttons = (Button("Show it now", "mentees"), Button("Stop it", "pair digest off:yes"))
    return Card("Your weekly digest", (Paragraph(rich(text)), Buttons(buttons)))


def digest_stopped_card() -> Card:
    """Confirm that a mentor's digest has stopped."""
    text = "Look yourself whenever you like."
    return Card("No more digests", (Paragraph(rich(text)), Buttons((Button("My learners", "mentees"),))))
