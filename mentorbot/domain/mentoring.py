"""Mentors and mentorships, and everything each side gets to see and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.learner import CheckIn, LearnerSnapshot
from mentorbot.domain.people import NO_SILENCE, Silence
from mentorbot.domain.person_names import people_called
from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.progress_figures import LearnerProgress
from mentorbot.domain.visibility import Visibility

MAX_LEARNERS = 20
"""Learners one mentor can take at once."""
RECENT = timedelta(days=7)
WAKING_HOURS = time(8), time(20)
"""Local times between which people are asked for something they didn't expect."""
SILENT_WEEKS = 2
"""Weeks of silence that a mentor is told about: one may be a busy week."""
"""A change of a step counts as recent for so long."""


class MentorshipState(StrEnum):
    """States of a mentorship, from the request on. The values are stored.

    REQUESTED: a mentor has been asked. WAITING: everyone has been asked, and the admins know.
    """

    REQUESTED = "requested"
    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Mentor:
    """Someone who offers to mentor. No `skills` means any; `load` counts the learners they have or have been asked to take.

    `away_until` is the day they're back if they're on a break today, and None otherwise.
    """

    user_id: str
    name: str
    skills: tuple[str, ...]
    max_learners: int
    offering: bool
    load: int
    zone: ZoneInfo | None
    away_until: date | None = None

    @property
    def room(self) -> int:
        """The number of learners they can still take; none while they're away."""
        return max(0, self.max_learners - self.load) if self.offering and self.away_until is None else 0


@dataclass(frozen=True, slots=True)
class Mentorship:
    """A learner's request for a mentor, and its outcome. People go by their platform ids.

    `asked` are the mentors asked so far, and `wish` is what the learner would like help with, in their words. Instants are in
    UTC; `deadline` is set while a mentor has yet to answer.
    """

    id: int
    role: str
    learner: str
    learner_name: str
    mentor: str | None
    mentor_name: str
    state: MentorshipState
    asked: tuple[str, ...]
    deadline: datetime | None
    changed_at: datetime
    wish: str = ""


class MentorshipSide(StrEnum):
    """The two people of a mentorship."""

    LEARNER = "learner"
    MENTOR = "mentor"


@dataclass(frozen=True, slots=True)
class Contact:
    """The other person of a mentorship, as one of the two sees them. `side` is the contact's."""

    mentorship: Mentorship
    side: MentorshipSide
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ContactChoice:
    """The people someone may have meant by `text`: the `matches` if there are several, otherwise everyone they could mean."""

    text: str
    matches: tuple[Contact, ...]
    everyone: tuple[Contact, ...]


FoundContact: TypeAlias = Contact | ContactChoice
_MY_MENTOR = ("mentor", "my mentor")


def contact_of(mentorship: Mentorship, user_id: str) -> Contact:
    """Give the other person of a mentorship."""
    if user_id == mentorship.learner:
        return Contact(mentorship, MentorshipSide.MENTOR, mentorship.mentor or "", mentorship.mentor_name)
    return Contact(mentorship, MentorshipSide.LEARNER, mentorship.learner, mentorship.learner_name)


def find_contact(text: str | None, contacts: Sequence[Contact]) -> FoundContact:
    """Find the contact someone means, by a name, a mention, or the mentorship's number, which buttons carry.

    None means the only one. Without exactly one match, the answer is the choice to offer.
    """
    if text is None:
        matches = list(contacts)
    elif text.isdecimal() and (numbered := [item for item in contacts if str(item.mentorship.id) == text.lstrip("0")]):
        matches = numbered
    elif text.strip().lower() in _MY_MENTOR:
        matches = [contact for contact in contacts if contact.side is MentorshipSide.MENTOR]
    else:
        matches = people_called(text, contacts)
    return matches[0] if len(matches) == 1 else ContactChoice(text or "", tuple(matches), tuple(contacts))


class MentorshipEnding(StrEnum):
    """Endings of a mentorship, or of a request for one."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED_BY_LEARNER = "ended by the learner"
    ENDED_BY_MENTOR = "ended by the mentor"


@dataclass(frozen=True, slots=True)
class MentorRequest:
    """The result of asking for a mentor: `mentor` has been asked for these `reasons`, or the learner is on the waitlist.

    `is_new` is False if the learner had asked before, so nothing has changed. `others` counts the other people who mentor here,
    and `unanswered` are those a learner on the waitlist has asked in vain.
    """

    mentorship: Mentorship
    mentor: Mentor | None = None
    reasons: tuple[str, ...] = ()
    is_new: bool = True
    others: int = 0
    unanswered: tuple[Mentor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorshipMessage:
    """The content of a one-off message about a mentorship, for its reader. `zone` is the reader's.

    A request to a mentor also has the target `title` ("" if there is none), the mentor's `skills` it calls for, and the number of
    learners they have `room` for. News of the waitlist has the mentors who left the request `unanswered`, an acceptance the
    `visibility` the learner has chosen, and a note to a learner the number of the `step` they're at, or 0.
    """

    mentorship: Mentorship
    reader: MentorshipSide
    zone: ZoneInfo
    title: str = ""
    skills: tuple[str, ...] = ()
    room: int = 0
    unanswered: tuple[Mentor, ...] = ()
    visibility: Visibility = Visibility.NOTHING
    step: int = 0


_OPEN = (MentorshipState.REQUESTED, MentorshipState.WAITING, MentorshipState.ACTIVE)
_CURRENT_STATES: Mapping[tuple[MentorshipSide, MessageKind], tuple[MentorshipState, ...]] = {
    (MentorshipSide.LEARNER, MessageKind.REQUEST_ACCEPTED): (MentorshipState.ACTIVE,),
    (MentorshipSide.LEARNER, MessageKind.REQUEST_WAITING): (MentorshipState.WAITING,),
    (MentorshipSide.LEARNER, MessageKind.MENTOR_LEFT): (MentorshipState.WAITING, MentorshipState.REQUESTED),
    (MentorshipSide.LEARNER, MessageKind.MENTORSHIP_ENDED): tuple(MentorshipState),
    (MentorshipSide.LEARNER, MessageKind.NOTE): (MentorshipState.ACTIVE,),
    (MentorshipSide.MENTOR, MessageKind.MENTOR_REQUEST): (MentorshipState.REQUESTED,),
    (MentorshipSide.MENTOR, MessageKind.REQUEST_EXPIRED): _OPEN,
    (MentorshipSide.MENTOR, MessageKind.MENTORSHIP_ENDED): tuple(MentorshipState),
    # A learner may say thank you when it's over.
    (MentorshipSide.MENTOR, MessageKind.NOTE): (MentorshipState.ACTIVE, MentorshipState.ENDED),
}
"""The states that keep a message true, by its reader and kind."""


def reader_of(kind: MessageKind, mentorship: Mentorship, user_id: str) -> MentorshipSide | None:
    """Find the reader's side of the mentorship; None if the message is no longer true, or none of their business."""
    if user_id not in (mentorship.learner, mentorship.mentor, *mentorship.asked):
        return None
    if kind is MessageKind.MENTOR_REQUEST and user_id != mentorship.mentor:
        return None
    if kind is MessageKind.NOTE and user_id not in (mentorship.learner, mentorship.mentor):
        return None
    side = MentorshipSide.LEARNER if user_id == mentorship.learner else MentorshipSide.MENTOR
    return side if mentorship.state in _CURRENT_STATES.get((side, kind), ()) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentProgress:
    """A learner's last week, for a mentor.

    `moved` includes the `finished` steps, `hours` were worked in the week that yesterday was in, and `blocked` are the steps
    blocked now, longest first. `silent_weeks` counts those in which a check-in stayed unanswered until now.
    """

    today: date
    hours_done: int
    hours_total: int
    finished: int
    moved: int
    is_away: bool
    blocked: tuple[PlanStep, ...]
    hours: int = 0
    silent_weeks: int = 0

    @property
    def is_silent(self) -> bool:
        """True if they've let weeks go by without a sign of life."""
        return self.silent_weeks >= SILENT_WEEKS and not self.is_away

    @property
    def is_quiet(self) -> bool:
        """True if nothing is known of their last week."""
        return not (self.finished or self.moved or self.hours or self.is_away)

    @property
    def days_stuck(self) -> int | None:
        """The number of days the longest blocked step has been blocked; None if nothing is."""
        if not self.blocked:
            return None
        since = self.blocked[0].status_since
        return (self.today - since).days if since else 0


@dataclass(frozen=True, slots=True)
class LearnerOverview:
    """A learner in one line, as far as their mentor may see them. `progress` is None if they don't share it.

    `title` is the target title's id.
    """

    mentorship: Mentorship
    title: str
    progress: RecentProgress | None = None


def waking(at: datetime, zone: ZoneInfo | None) -> datetime:
    """Put off an instant (aware) that's at night in `zone` until the next morning there; the same instant without a zone."""
    if zone is None:
        return at
    local, (start, end) = at.astimezone(zone), WAKING_HOURS
    if start <= local.time() < end:
        return at
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, zone).astimezone(at.tzinfo)


def overview_of(mentorship: Mentorship, learner: LearnerSnapshot, silence: Silence = NO_SILENCE) -> LearnerOverview:
    """Sum up a learner and their `silence`, leaving out everything they don't share."""
    progress = recent_progress(learner, silence) if learner.profile.visibility.shows_progress else None
    return LearnerOverview(mentorship, learner.plan.title, progress)


def recent_progress(learner: LearnerSnapshot, silence: Silence) -> RecentProgress:
    """Sum up a learner's last week."""
    plan = learner.plan
    recent = [step for step in plan.steps if step.status_since and learner.today - step.status_since < RECENT]
    return RecentProgress(
        today=learner.today,
        hours_done=plan.hours_done,
        hours_total=plan.hours_total,
        finished=sum(step.state is StepState.DONE for step in recent),
        moved=sum(step.state in (StepState.DOING, StepState.DONE) for step in recent),
        is_away=learner.is_paused or learner.week_is_off,
        blocked=tuple(sorted(plan.blocked, key=lambda step: step.status_since or learner.today)),
        hours=plan.hours_logged_in(monday(learner.today - timedelta(days=1))),
        silent_weeks=silence.weeks,
    )


def step_to_open(plan: Plan) -> int:
    """Find the step a note is most likely about: one that's stuck, otherwise one under way; 0 if there's neither."""
    order = (StepState.BLOCKED, StepState.DOING)
    candidates = sorted((step for step in plan.active if step.state in order), key=lambda step: order.index(step.state))
    return candidates[0].number if candidates else 0


@dataclass(frozen=True, slots=True)
class SharedLearner:
    """The parts of a learner their mentor sees: name and target `title` (an id), with progress and check-ins if shared."""

    name: str
    title: str
    progress: LearnerProgress | None = None
    checkins: tuple[CheckIn, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceStats:
    """Figures for one workspace.

    `hours_per_week` and `completion` (0-1) have one value for each learner with a plan. `blocked` counts learners, `checkins` the
    check-ins held by week (Mondays), and `mentorships` the mentorships in each state.
    """

    learners: int
    hours_per_week: tuple[int, ...]
    completion: tuple[float, ...]
    blocked: int
    checkins: Mapping[date, int]
    mentorships: Mapping[MentorshipState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFigures:
    """A week's figures for the learners of a workspace. None where there are too few people for a figure.

    `hours_per_week` and `completion` (0-1) are medians, the others count people.
    """

    learners: int
    hours_per_week: float | None
    completion: float | None
    blocked: int | None
    checkins_last_week: int | None
    checkins_this_week: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """The weekly figures for admins. Nothing in it singles anyone out.

    `learners` is None if there are too few of them, and `waiting` if it's too few people. `mentors` counts those offering, `room`
    the learners they can still take, and `departures` the people erased in the last 30 days.
    """

    learners: LearnerFigures | None
    waiting: int | None
    mentors: int
    room: int
    departures: int
