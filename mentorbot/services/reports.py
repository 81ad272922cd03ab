"""Figures over a workspace, for its admins: counts and medians, and none of a group small enough to single someone out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.domain.mentoring import LearnerFigures, MentorshipState, WeeklyReport, WorkspaceStats
from mentorbot.domain.plan import monday
from mentorbot.domain.visibility import MIN_GROUP_SIZE, count_of_people, median_of_people
from mentorbot.packs.schema import Pack
from mentorbot.storage import UnitOfWork

DEPARTURES_WITHIN = timedelta(days=30)
"""People who left this recently are counted."""


async def weekly_report(uow: UnitOfWork, pack: Pack, now: datetime, zone: ZoneInfo) -> WeeklyReport:
    """Gather the figures of the present week in `zone`."""
    role, week = pack.info.role, monday(now.astimezone(zone).date())
    mentors = [mentor for mentor in await uow.mentorships.mentors(role) if mentor.offering]
    stats = await uow.reports.figures(role, week)
    return WeeklyReport(
        learners=learner_figures(stats, week),
        waiting=count_of_people(stats.mentorships.get(MentorshipState.WAITING, 0)),
        mentors=len(mentors),
        room=sum(mentor.room for mentor in mentors),
        departures=await uow.privacy.departures(now.date() - DEPARTURES_WITHIN),
    )


def learner_figures(stats: WorkspaceStats, week: date) -> LearnerFigures | None:
    """Take from a workspace's statistics what singles nobody out, in the week of `week` (a Monday)."""
    if stats.learners < MIN_GROUP_SIZE:
        return None
    return LearnerFigures(
        learners=stats.learners,
        hours_per_week=median_of_people(stats.hours_per_week),
        completion=median_of_people(stats.completion),
        blocked=count_of_people(stats.blocked),
        checkins_last_week=count_of_people(stats.checkins.get(week - timedelta(weeks=1), 0)),
        checkins_this_week=count_of_people(stats.checkins.get(week, 0)),
    )
