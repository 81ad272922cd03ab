"""A person's start page, read from storage."""

from __future__ import annotations

from mentorbot.domain import time_off
from mentorbot.domain.checkins import current_streak
from mentorbot.domain.home import AdminHome, Home
from mentorbot.domain.mentoring import MentorshipState
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import LearnerSession
from mentorbot.services.mentoring import learner_overview
from mentorbot.services.reports import weekly_report

MAX_LEARNERS_READ = 20
"""Learners whose plans are read for the page. That's as many as one mentor can take."""


async def home_of(session: LearnerSession, *, admin: bool) -> Home:
    """Gather someone's start page, with the workspace's affairs if they're an `admin`."""
    uow, learner, role = session.uow, session.snapshot, session.pack.info.role
    forecast = await forecast_for(session)
    mentorships = await uow.mentorships.of_mentor(learner.user_id, role)
    active = [mentorship for mentorship in mentorships if mentorship.state is MentorshipState.ACTIVE]
    overviews = [
        await learner_overview(uow, session.pack, mentorship, session.now) for mentorship in active[:MAX_LEARNERS_READ]
    ]
    return Home(
        learner=learner,
        forecast=forecast,
        streak=current_streak(forecast.checkins, time_off.of(learner.plan), learner.week),
        mentorship=await uow.mentorships.of_learner(learner.user_id, role),
        requests=tuple(mentorship for mentorship in mentorships if mentorship not in active),
        learners=tuple(overviews),
        offer=await uow.mentorships.mentor(learner.user_id, role),
        admin=await _admin_home(session) if admin else None,
    )


async def _admin_home(session: LearnerSession) -> AdminHome:
    uow = session.uow
    return AdminHome(
        schedules=tuple(await uow.schedules.in_channels()),
        report=await weekly_report(uow, session.pack, session.now, session.snapshot.zone),
        calendar=await uow.calendars.get(),
        muted=tuple(await uow.muted_channels.all()),
    )
