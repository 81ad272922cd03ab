"""Everything one person sees first: their week, and what waits for them as a mentor or as an admin."""

from __future__ import annotations

from dataclasses import dataclass

from mentorbot.chat.platform import Channel
from mentorbot.domain.deliveries import DeliveryState, MessageKind, Schedule
from mentorbot.domain.forecast import Forecast
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.mentoring import LearnerOverview, Mentor, Mentorship, WeeklyReport
from mentorbot.domain.visibility import Visibility
from mentorbot.domain.work_calendar import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminHome:
    """A workspace as its admins see it: what's posted in channels, where it's muted, the week's figures, and the days off."""

    schedules: tuple[Schedule, ...]
    report: WeeklyReport
    calendar: WorkCalendar
    muted: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One person's start page, as of `forecast.now`.

    `mentorship` is their own, if it hasn't ended, and `streak` is in weeks. As a mentor they have `requests` to answer,
    `learners`, and an `offer`. `admin` is None for anyone who doesn't manage the workspace.
    """

    learner: LearnerSnapshot
    forecast: Forecast
    streak: int
    mentorship: Mentorship | None
    requests: tuple[Mentorship, ...]
    learners: tuple[LearnerOverview, ...]
    offer: Mentor | None
    admin: AdminHome | None

    @property
    def is_new(self) -> bool:
        """True for someone who has neither a plan, nor a mentor, nor an offer to mentor."""
        return not (self.learner.plan.steps or self.mentorship or self.is_mentor)

    @property
    def is_mentor(self) -> bool:
        """True for someone who mentors, offers to, or has been asked to."""
        return bool(self.requests or self.learners or (self.offer and self.offer.offering))

    @property
    def visibility(self) -> Visibility:
        """The visibility their mentor has."""
        return self.learner.profile.visibility

    @property
    def last_tip(self) -> str:
        """The id of the last tip they were sent; "" if there's none among their newest messages."""
        tips = (
            delivery.item
            for delivery in self.forecast.recent
            if delivery.kind is MessageKind.PERSONAL_TIP and delivery.state is DeliveryState.SENT
        )
        return next(tips, "")
