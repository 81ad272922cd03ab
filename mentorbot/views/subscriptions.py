"""Recurring messages as cards: a channel's tips, a person's own tips, and the mentor's digest, each with its times."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.chat.platform import Channel
from mentorbot.domain.deliveries import Schedule, ScheduleState
from mentorbot.domain.forecast import Forecast, NextMessage
from mentorbot.domain.recurrence import Recurrence, next_after
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.channel_access import CLOSED_TO_ME, access_help
from mentorbot.views.deliveries import reason_text
from mentorbot.views.rhythms import day_text, moment, options_of, rhythm_text, undo_button, zone_time

_STOP_TIPS = Button("Stop", "tips stop")
_STOP_PERSONAL_TIPS = Button("Stop", "tips me-off")
_CHANGE_PERSONAL_TIPS = Button("Change", "settings change:tips")
_CHANGE_TIPS = Button("Change", "settings change:here")
_RESUME = Button("Resume", "tips resume", "primary")
_PROMISE = "It pings nobody and skips days off."


def next_lines(schedule: Schedule, message: NextMessage, now: datetime, first: str = "Next one") -> list[Block]:
    """Say when a schedule's next message comes, and why an earlier one is skipped or none comes."""
    skipped = reason_text(message.skipped) if message.skipped else ""
    if message.at is None:
        return [Paragraph(rich(f"Nothing's coming: {skipped}." if skipped else "Nothing's coming."))]
    quiet = ", when your quiet hours end" if message.after_quiet_hours else ""
    none_before = f" Nothing before that: {skipped}." if skipped else ""
    when = moment(message.at, schedule.recurrence.zone, now)
    return [Paragraph(rich(f"{first}: ", when, f"{quiet}.{none_before}"))]


def coming_up(schedule: Schedule, forecast: Forecast, first: str = "Next one") -> list[Block]:
    """Say when a person's next message of a schedule comes, and name the ones already on their way."""
    if schedule.state is ScheduleState.PAUSED:
        return []
    zone = schedule.recurrence.zone
    on_its_way = [
        Paragraph(rich("On its way: ", moment(at, zone, forecast.now), ".")) for at in forecast.on_its_way(schedule)
    ]
    message = forecast.next_messages().get(schedule.id, NextMessage(None))
    return [*on_its_way, *next_lines(schedule, message, forecast.now, first)]


def _missed_title(schedule: Schedule) -> str:
    days, channel = schedule.recurrence.weekdays, schedule.destination.channel
    tip = f"{dates.weekday_name(days[0], days[0].label)}'s tip" if len(days) == 1 else "The weekly tip"
    return f"{tip} didn't reach {f'#{channel.name}' if channel and channel.name else 'this channel'}"


def _where(schedule: Schedule) -> str:
    channel = schedule.destination.channel
    return f"in #{channel.name}" if channel is not None and channel.name else "here"


_HERE = re.compile(r"\bhere\b")
_ABOUT_A_CHANNEL = re.compile(r"(?:tips (?:here|pause|resume|stop)|admin (?:here|stop))\b")


def card_about_channel(card: Card, channel: Channel) -> Card:
    """Make a card that says “here” fit to be shown elsewhere: its texts name `channel`, and its buttons carry it."""
    where = f"in #{channel.name}" if channel.name else "in that channel"
    blocks = tuple(_block_about(block, channel, where) for block in card.blocks)
    return replace(card, title=_HERE.sub(lambda _: where, card.title), blocks=blocks)


def _block_about(block: Block, channel: Channel, where: str) -> Block:
    if isinstance(block, Buttons):
        return Buttons(tuple(_button_about(button, channel) for button in block.buttons))
    if isinstance(block, Paragraph | Footnote):
        return replace(block, words=tuple(replace(s, text=_HERE.sub(lambda _: where, s.text)) for s in block.words))
    return block


def _button_about(button: Button, channel: Channel) -> Button:
    line = "tips here day:?" if button == _CHANGE_TIPS else button.line
    if not _ABOUT_A_CHANNEL.match(line):
        return button
    mention = f"<#{channel.id}|{channel.name}>" if channel.name else f"<#{channel.id}>"
    return replace(button, line=format_line((line,), {"channel": mention}))


# A channel's tips.


def channel_tips_card(schedule: Schedule | None, next_message: NextMessage, now: datetime) -> Card:
    """Say when tips come to a channel, if they do."""
    if schedule is None:
        return no_tips_card()
    recurrence = schedule.recurrence
    if schedule.state is ScheduleState.PAUSED:
        buttons = Buttons((Button("Try again", start_line(recurrence), "primary"), Button("Stop tip", "tips stop")))
        return Card(
            _missed_title(schedule),
            (Paragraph(rich(access_help(schedule.paused_reason or "", schedule.workspace.platform))), buttons),
        )
    until, today = recurrence.pause_until, now.astimezone(recurrence.zone).date()
    pause = _RESUME if until is not None and today < until else Button("Pause", "tips pause until:?")
    title = f"Weekly tip here: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    return Card(title, (*next_lines(schedule, next_message, now), Buttons((_CHANGE_TIPS, pause, _STOP_TIPS))))


def no_tips_card() -> Card:
    """Say that no tips come to a channel."""
    text = "An admin can turn one on. You can have one of your own, in our direct messages."
    buttons = (
        Button("Set up", "tips here", "primary"),
        Button("Get a weekly tip", "tips me"),
        Button("See sample", "tip"),
    )
    return Card("No weekly tip here", (Paragraph(rich(text)), Buttons(buttons)))


def start_line(recurrence: Recurrence) -> str:
    """The command line that starts tips again as they were."""
    days = ",".join(day.name.lower() for day in recurrence.weekdays)
    every = "" if recurrence.every == 1 else f" every:{recurrence.every}-weeks"
    until = f" until:{recurrence.ends_on}" if recurrence.ends_on else ""
    return f"tips here {days} {recurrence.at:%H:%M} {recurrence.zone.key}{every}{until}"


def start_again_line(recurrence: Recurrence, now: datetime) -> str:
    """The command line that brings tips back as they were: in the same weeks, if they don't come every week."""
    in_phase = next_after(recurrence, now) if recurrence.every > 1 else None
    start = f" start:{in_phase.astimezone(recurrence.zone).date()}" if in_phase else ""
    return start_line(recurrence) + start


def offer_tips_card(channel: Channel, recurrence: Recurrence, first: date, today: date) -> Card:
    """Show what a weekly tip in a channel would be before it's turned on."""
    where = f"in #{channel.name}" if channel.name else "here"
    title = f"Weekly tip {where}, {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}?"
    buttons = (Button("Turn on", start_line(recurrence), "primary"), _CHANGE_TIPS, Button("See sample", "tip"))
    return Card(title, (Paragraph(rich(f"First one: {day_text(first, today)}. {_PROMISE}")), Buttons(buttons)))


def tips_started_card(schedule: Schedule, next_message: NextMessage, now: datetime, before: Schedule | None) -> Card:
    """Confirm that tips come to a channel. `before` is how they came until now, if they did."""
    recurrence = schedule.recurrence
    title = f"Weekly tip is on {_where(schedule)}: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    undo = Button("Undo", start_again_line(before.recurrence, now) if before else _STOP_TIPS.line)
    buttons = Buttons((Button("See sample", "tip"), undo, _CHANGE_TIPS, _STOP_TIPS))
    first = "Next one" if before else "First one"
    return Card(title, (*next_lines(schedule, next_message, now, first), Footnote(rich(_PROMISE)), buttons))


def tips_paused_card(schedule: Schedule, next_message: NextMessage, until: date, now: datetime) -> Card:
    """Confirm the pause of a channel's tips."""
    title = f"No tips here until {day_text(until, now.astimezone(schedule.recurrence.zone).date())}"
    return Card(title, (*next_lines(schedule, next_message, now), Buttons((_RESUME, _STOP_TIPS))))


def tips_resumed_card(schedule: Schedule, next_message: NextMessage, now: datetime) -> Card:
    """Confirm that a channel's tips go on after a pause."""
    buttons = Buttons((Button("Pause", "tips pause until:?"), _STOP_TIPS))
    return Card("The weekly tip is back", (*next_lines(schedule, next_message, now), buttons))


def tips_stopped_card(schedule: Schedule, now: datetime) -> Card:
    """Confirm that a channel's tips have stopped."""
    restart = Buttons((Button("Undo", start_again_line(schedule.recurrence, now)),))
    return Card("The weekly tip has stopped", (Paragraph(rich("I won't post any more tips here.")), restart))


# A person's own tips.


def offer_personal_tips_card(zone: ZoneInfo | None) -> Card:
    """Offer a weekly tip at the usual time; `zone` is the person's, if it's known."""
    when = f"Mondays 09:00{f', {zone_time(zone)}' if zone else ''}"
    text = "In our direct messages, on your weakest skill. About 20 minutes each."
    buttons = (Button("Turn on", "tips me monday 09:00", "primary"), _CHANGE_PERSONAL_TIPS, Button("See sample", "tip"))
    return Card(f"A weekly tip of your own, {when}?", (Paragraph(rich(text)), Buttons(buttons)))


def personal_tips_card(schedule: Schedule, forecast: Forecast, undo: Button | None) -> Card:
    """Say when a person's own tips come. `undo` takes back a change that was just made."""
    if schedule.state is ScheduleState.PAUSED:
        choose_day = Button("Choose the day", "settings change:tips", "primary")
        return Card(
            "Your weekly tip didn't reach you",
            (Paragraph(rich(CLOSED_TO_ME)), Buttons((choose_day, _STOP_PERSONAL_TIPS))),
        )
    recurrence = schedule.recurrence
    title = f"Your weekly tip: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    note = Footnote(rich("I'll send it in our direct messages."))
    buttons = (*((undo,) if undo else ()), _CHANGE_PERSONAL_TIPS, _STOP_PERSONAL_TIPS)
    return Card(title, (*coming_up(schedule, forecast), note, Buttons(buttons)))


def personal_tips_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that a person's own tips have stopped; `schedule` is None if there were none."""
    if schedule is None:
        buttons = Buttons((Button("Turn on", "tips me monday 09:00"),))
        return Card(
            "You don't have a weekly tip of your own", (Paragraph(rich("Mondays at 09:00 are a good start.")), buttons)
        )
    again = Button("Undo", format_line(("tips", "me"), options_of(schedule.recurrence)))
    return Card(
        "Your weekly tip is off",
        (Paragraph(rich("Ask me for a tip whenever you like.")), Buttons((again, Button("Get a tip", "tip")))),
    )


# The mentor's digest.


def digest_started_card(schedule: Schedule, before: Schedule | None, forecast: Forecast) -> Card:
    """Confirm when a mentor's digest comes. `before` is how it came until now, if it did."""
    recurrence = schedule.recurrence
    title = f"Mentor digest: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    buttons = (
        Button("Show it now", "mentees"),
        undo_button("pair digest", before, "pair digest off:yes"),
        Button("Change", "settings change:digest"),
        Button("Stop", "pair digest off:yes"),
    )
    text = "Who's stuck and for how long, and who's made progress. One message for all your learners."
    return Card(title, (*coming_up(schedule, forecast), Paragraph(rich(text)), Buttons(buttons)))


def digest_stopped_card(before: Schedule | None) -> Card:
    """Confirm that a mentor's digest has stopped. `before` is how it came until now; None if it didn't."""
    again = undo_button("pair digest", before) if before else Button("Turn on", "pair digest")
    buttons = Buttons((Button("My learners", "mentees"), again))
    return Card("Mentor digest is off", (Paragraph(rich("You can still look at your learners any time.")), buttons))
