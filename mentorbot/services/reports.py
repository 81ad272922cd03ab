"""Figures over a workspace, for its admins."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.domain.mentoring import WeeklyReport
from mentorbot.domain.plan import monday
from mentorbot.packs.schema import Pack
from mentorbot.storage import UnitOfWork

DEPARTURES_WITHIN = timedelta(days=30)
"""Time in which people who left are counted."""


async def weekly_report(uow: UnitOfWork, pack: Pack, now: datetime, zone: ZoneInfo) -> WeeklyReport:
    """Gather the figures of the present week in `zone`."""
    role, week = pack.info.role, monday(now.astimezone(zone).date())
    mentors = [mentor for mentor in await uow.mentorships.mentors(role) if mentor.offering]
    return WeeklyReport(
        week=week,
        stats=await uow.reports.figures(role, week),
        mentors=len(mentors),
        room=sum(mentor.room for mentor in mentors),
        departures=await uow.privacy.departures(now.date() - DEPARTURES_WITHIN),
    )
