"""Figures over a workspace, for its admins: counts and medians, never a name."""

from __future__ import annotations

from datetime import datetime

from mentorbot.chat import dates
from mentorbot.chat.cards import Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, RichText, rich
from mentorbot.domain.deliveries import Schedule
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.mentoring import LearnerFigures, WeeklyReport
from mentorbot.domain.visibility import MIN_GROUP_SIZE
from mentorbot.packs.schema import Pack
from mentorbot.views.rhythms import rhythm_text, undo_button, zone_time
from mentorbot.views.start import a_role
from mentorbot.views.subscriptions import next_lines


def report_card(
    report: WeeklyReport, late: str | None = None, *, weekly: bool = False, term: str = "workspace"
) -> Card:
    """Show the figures of a week; `late` says in one line why they come late. `weekly`: they're posted every week already.

    `term` is what the platform calls a workspace.
    """
    figures = report.learners
    blocks: list[Block] = (
        [Paragraph(rich(f"Learners: shown once there are {MIN_GROUP_SIZE}, to protect privacy."))]
        if figures is None
        else [FieldList(tuple(_learner_rows(figures)))]
    )
    waitlist = "nobody" if report.waiting == 0 else _count_text(report.waiting)
    blocks.append(Paragraph(rich(f"Mentors: {_mentors_text(report)}. Waitlist: {waitlist}.")))
    if report.departures and figures is not None:  # in a small team, a number is a name
        people = "person has" if report.departures == 1 else "people have"
        blocks.append(Paragraph(rich(f"{report.departures} {people} left in the last 30 days.")))
    if late:
        blocks.append(Footnote(rich(late)))
    post = Button("Stop", "admin stop") if weekly else Button("Post weekly", "admin here", "primary")
    match = (Button("Match now", "admin match"),) if report.waiting != 0 else ()
    return Card(f"Learning in this {term}", (*blocks, Buttons((post, *match))), public=False)


def _mentors_text(report: WeeklyReport) -> str:
    if not report.mentors:
        return "nobody yet"
    return f"{report.mentors}, with room for {report.room or 'nobody'}{' more' if report.room else ' new'}"


def _learner_rows(figures: LearnerFigures) -> list[tuple[str, RichText]]:
    return [
        ("Learners with a plan", rich(str(figures.learners))),
        ("Hours per week", rich(_median_text(figures.hours_per_week, 1, ""))),
        ("Plan done", rich(_median_text(figures.completion, 100, "%"))),
        ("Stuck", rich(_count_text(figures.blocked))),
        ("Check-ins last week", rich(_count_text(figures.checkins_last_week))),
        ("Check-ins so far this week", rich(_count_text(figures.checkins_this_week))),
    ]


def _median_text(value: float | None, factor: int, unit: str) -> str:
    """Format a median; None means that too few people have a value yet."""
    if value is None:
        return "nothing yet"
    return f"{dates.number(round(factor * value) if unit else value)}{unit} (median)"


def _count_text(number: int | None) -> str:
    """Format a count of people; None means that there are too few to tell."""
    return f"fewer than {MIN_GROUP_SIZE}" if number is None else str(number)


def report_started_card(schedule: Schedule, before: Schedule | None, coming: NextMessage, now: datetime) -> Card:
    """Confirm that the weekly report comes to a channel. `before` is how it came until now, if it did."""
    recurrence = schedule.recurrence
    title = f"Report here: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}"
    text = "I'll also say here when a learner can't find a mentor. No names, just counts and medians."
    undo = undo_button("admin here", before, "admin stop")
    buttons = Buttons((undo, Button("Stop", "admin stop"), Button("See one", "admin report")))
    return Card(title, (*next_lines(schedule, coming, now), Paragraph(rich(text)), buttons))


def report_stopped_card(schedule: Schedule | None) -> Card:
    """Confirm that the report has stopped; `schedule` is None if there was none."""
    title = "No more reports here" if schedule else "There was no report to stop here"
    again = undo_button("admin here", schedule) if schedule else Button("Post weekly", "admin here")
    return Card(title, (Buttons((again,)),))


def match_card(before: int, after: int) -> Card:
    """Say how many of the `before` people on the waitlist have been matched; `after` are still on it."""
    if not before:
        return Card("Nobody's on the waitlist", (Buttons((Button("Report", "admin report"),)),))
    text = "I've asked mentors for everyone."
    if after:
        text = "For everyone else, you need a new mentor, or one who makes room."
    title = (
        f"Matched {before - after} of {before} on the waitlist" if before > after else "No mentor has room right now"
    )
    return Card(
        title, (Paragraph(rich(text)), Buttons((Button("Mentors", "pair list"), Button("Report", "admin report"))))
    )


def call_for_mentors_card(pack: Pack) -> Card:
    """Ask the report's channel for help with a request of a role's learner that has found no mentor."""
    text = f"They're learning to become {a_role(pack)}. Could someone take one more?"
    buttons = (Button("I'll mentor", "pair offer", "primary"), Button("Mentors", "pair list"))
    return Card("A learner's looking for a mentor", (Paragraph(rich(text)), Buttons(buttons)), public=True)
