"""Figures for the dashboard: a mentor's learners, as far as each shares them, or an admin's workspace without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mentorbot.domain.dashboard import CheckInRate, DashboardFigures, burn_up_of, checkin_rate, standing_of
from mentorbot.domain.learner import CheckInState
from mentorbot.domain.visibility import MIN_GROUP_SIZE
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import LearnerSession
from mentorbot.services.mentoring import session_of
from mentorbot.storage import UnitOfWork


async def dashboard_figures(
    uow: UnitOfWork, pack: Pack, now: datetime, user_id: str, *, admin: bool
) -> DashboardFigures:
    """Gather the figures of a mentor's learners, or of the whole workspace for an admin without learners."""
    mentorships = await uow.mentorships.learners_of(user_id, pack.info.role)
    if not mentorships and admin:
        return await _workspace_figures(uow, pack, now)
    sessions = [
        await session_of(uow, pack, mentorship.learner, mentorship.learner_name, now) for mentorship in mentorships
    ]
    shown = [session for session in sessions if session.profile.visibility.shows_progress]
    rated = [session for session in shown if session.profile.visibility.shows_checkins]
    return DashboardFigures(
        is_workspace=False,
        learners=tuple(standing_of(session.snapshot) for session in shown),
        hidden=len(sessions) - len(shown),
        burn_up=burn_up_of([session.snapshot for session in shown]),
        checkin_rate=await _checkin_rate(shown, rated),
    )


async def _workspace_figures(uow: UnitOfWork, pack: Pack, now: datetime) -> DashboardFigures:
    learners = await uow.reports.learners(pack.info.role)
    sessions = [await session_of(uow, pack, user_id, name, now) for user_id, name in learners]
    sessions = [session for session in sessions if session.plan.steps]
    if len(sessions) < MIN_GROUP_SIZE:
        return DashboardFigures(is_workspace=True, is_too_small=bool(sessions))
    return DashboardFigures(
        is_workspace=True,
        burn_up=burn_up_of([session.snapshot for session in sessions]),
        checkin_rate=await _checkin_rate(sessions, sessions, MIN_GROUP_SIZE),
    )


async def _checkin_rate(
    shown: Sequence[LearnerSession], rated: Sequence[LearnerSession], smallest_group: int = 1
) -> CheckInRate | None:
    """Rate the check-ins of the learners who share them, up to the latest week of anyone shown."""
    if not rated:
        return None
    held = [
        (session.snapshot, {checkin.week for checkin in await session.checkins() if checkin.state is CheckInState.HELD})
        for session in rated
    ]
    return checkin_rate(held, max(session.snapshot.week for session in shown), smallest_group)
