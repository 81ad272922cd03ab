"""Message settings as a card: the check-in, quiet hours, and messages per week."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, rich
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import Schedule, ScheduleState
from mentorbot.domain.forecast import Forecast
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.people import MessageSettings
from mentorbot.views.channel_access import CLOSED_TO_ME
from mentorbot.views.subscriptions import when_rows


def settings_card(learner: LearnerSnapshot, forecast: Forecast, schedule: Schedule | None) -> Card:
    """Show a person's message settings; `schedule` is their check-in's, None if they have none."""
    settings = forecast.settings
    rows = [("Check-in", rich(_checkin_text(schedule)))]
    if schedule is not None and schedule.state is ScheduleState.ACTIVE:
        rows += when_rows(schedule, forecast.next_messages()[schedule.id], forecast.on_its_way(schedule))[1:]
    rows.append(("If I hear nothing", rich(_reminder_text(settings, schedule))))
    rows += [("Quiet hours", rich(_quiet_text(settings))), ("Messages a week", rich(_budget_text(settings)))]
    if learner.is_paused and learner.profile.paused_until:
        rows.append(("On a break", rich(f"until {learner.profile.paused_until:%A, %-d %B %Y}")))
    note = Footnote(rich("Check-ins come in our direct messages. Nobody else sees them."))
    problem: tuple[Block, ...] = (Paragraph(rich(CLOSED_TO_ME)),) if schedule and schedule.paused_reason else ()
    buttons = (Button("Change it", "checkin settings day:?", "primary"), Button("Stop check-ins", "checkin stop"))
    return Card("When I write to you", (*problem, FieldList(tuple(rows)), note, Buttons(buttons)))


def _checkin_text(schedule: Schedule | None) -> str:
    if schedule is None:
        return "none yet: /mentor checkin settings friday 15:00"
    stopped = " (stopped, since I could not reach you)" if schedule.state is ScheduleState.PAUSED else ""
    return f"{schedule.recurrence.in_words()}{stopped}"


def _quiet_text(settings: MessageSettings) -> str:
    if settings.quiet_from is None or settings.quiet_to is None:
        return "none"
    return f"{settings.quiet_from:%H:%M} to {settings.quiet_to:%H:%M}; what is due then comes when they end"


def _reminder_text(settings: MessageSettings, schedule: Schedule | None) -> str:
    """Name the days on which a reminder comes: a day later, in the same week, and not next to the next check-in."""
    if not settings.reminders:
        return "I do not ask again"
    days = schedule.recurrence.weekdays if schedule else ()
    without = [day for day in days if day == Weekday.SUNDAY or day + 1 in days]
    if without and len(without) == len(days):
        return "I do not ask again: a day later the week is over, or the next check-in is due"
    unless = ", unless the week is over by then or the next check-in is due" if without else ""
    return f"I ask once more, a day later{unless}"


def _budget_text(settings: MessageSettings) -> str:
    if settings.budget == 0:
        return "0; I do not write to you of my own accord"
    return "no limit" if settings.budget is None else f"at most {settings.budget}"


def checkins_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that check-ins have stopped; `schedule` is None if there were none."""
    text = "I will send no more check-ins. Your plan stays." if schedule else "You had no weekly check-in."
    buttons = (Button("Set one", "checkin settings day:?"), Button("My plan", "plan show"))
    return Card("Check-ins", (Paragraph(rich(text)), Buttons(buttons)))
