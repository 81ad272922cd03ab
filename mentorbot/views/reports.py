"""Figures over a workspace, for its admins: counts and medians, never a name."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, RichText, rich
from mentorbot.domain.deliveries import Schedule
from mentorbot.domain.mentoring import LearnerFigures, WeeklyReport
from mentorbot.domain.visibility import MIN_GROUP_SIZE


def report_card(report: WeeklyReport, late: str | None = None) -> Card:
    """Show the figures of a week; `late` says in one line why they come late."""
    rows = [
        ("Mentors", rich(f"{report.mentors} offer, with room for {report.room} more")),
        ("Learners who wait for a mentor", rich(_count_text(report.waiting))),
    ]
    blocks: list[Block] = [FieldList((*_learner_rows(report.learners), *rows))]
    if report.departures:
        people = "person has" if report.departures == 1 else "people have"
        blocks.append(Paragraph(rich(f"{report.departures} {people} left in the last 30 days.")))
    if late:
        blocks.append(Footnote(rich(late)))
    blocks.append(Footnote(rich(f"Counts and medians only. Of fewer than {MIN_GROUP_SIZE} learners nothing is told.")))
    buttons = (Button("Find mentors for those who wait", "admin match"), Button("Every week here", "admin here"))
    return Card("Learning in this workspace", (*blocks, Buttons(buttons)), public=False)


def _learner_rows(figures: LearnerFigures | None) -> list[tuple[str, RichText]]:
    if figures is None:
        return [("Learners", rich(_count_text(None)))]
    return [
        ("Learners with a plan", rich(str(figures.learners))),
        ("Hours a week", rich(_median_text(figures.hours_per_week, 1, ""))),
        ("Of the plan done", rich(_median_text(figures.completion, 100, "%"))),
        ("With a blocked step", rich(_count_text(figures.blocked))),
        ("Check-ins last week", rich(_count_text(figures.checkins_last_week))),
        ("Check-ins this week so far", rich(_count_text(figures.checkins_this_week))),
    ]


def _median_text(value: float | None, factor: int, unit: str) -> str:
    """Format a median; None means that too few people have a value yet."""
    return "nothing yet" if value is None else f"{factor * value:{'.0f' if unit else 'g'}}{unit} (median)"


def _count_text(number: int | None) -> str:
    """Format a count of people; None means that there are too few to tell."""
    return f"fewer than {MIN_GROUP_SIZE}" if number is None else str(number)


def report_started_card(schedule: Schedule) -> Card:
    """Confirm that the weekly report comes to a channel."""
    recurrence = schedule.recurrence
    when = f"Every {recurrence.days} at {recurrence.at:%H:%M} ({recurrence.zone.key})"
    text = f"{when} the report comes here. So do requests that find no mentor."
    return Card("The weekly report is set", (Paragraph(rich(text)), Buttons((Button("Stop it", "admin stop"),))))


def report_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that the report has stopped; `schedule` is None if there was none."""
    text = "No more reports come here." if schedule else "No report was posted here."
    return Card("The weekly report", (Paragraph(rich(text)), Buttons((Button("Start it", "admin here"),))))


def match_card(before: int, after: int) -> Card:
    """Say how many of the `before` people on the waitlist have been matched; `after` are still on it."""
    if not before:
        text = "Nobody waits for a mentor."
    else:
        text = f"{before - after} of {before} who wait have a mentor to answer them now."
        text += "" if not after else " For the others nobody has room: find more mentors, or ask one to take more."
    return Card("Matching", (Paragraph(rich(text)), Buttons((Button("Report", "admin report"),))))


def call_for_mentors_card() -> Card:
    """Ask the report's channel for help with a request that has found no mentor."""
    text = "A learner looks for a mentor, and everybody who offers has been asked or is full. Could somebody take one more?"
    buttons = (Button("I offer to mentor", "pair offer max:3", "primary"), Button("Who offers", "pair list"))
    return Card("A request finds no mentor", (Paragraph(rich(text)), Buttons(buttons)), public=True)
