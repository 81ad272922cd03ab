"""Mentors for learners, and the messages between them. Every request ends with a mentor or on the waitlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from mentorbot.domain.deliveries import MessageKind, ScheduleState
from mentorbot.domain.matching import MentorCapacity, MentorSearch, assign, reasons
from mentorbot.domain.mentoring import (
    Contact,
    LearnerOverview,
    Mentor,
    Mentorship,
    MentorshipMessage,
    MentorshipSide,
    MentorshipState,
    SharedLearner,
    contact_of,
    overview_of,
    reader_of,
    step_to_open,
    waking,
)
from mentorbot.domain.people import NO_SILENCE
from mentorbot.domain.plan_builder import gaps
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import LearnerSession
from mentorbot.services.progress import learner_progress
from mentorbot.storage import UnitOfWork

ANSWER_WITHIN = timedelta(days=3)
"""Time a mentor has to answer before the next one is asked."""
RETRY_AFTER = timedelta(days=30)
"""Earlier mentors may be asked again after this time on the waitlist; by then a holiday or a busy month is over."""
MAX_ASKED = 2
"""Times a mentor is asked for the same learner. Twice without a yes is a no."""
SHARED_CHECKINS = 5
"""Newest check-ins a mentor sees."""
NOTE_DELAY = timedelta(seconds=30)
"""Time people have to take back a note."""
THANKS_WITHIN = timedelta(days=7)
"""Time a learner has to thank a mentor they've parted with."""
RECENT_MESSAGES = 50
"""Newest messages to a person that are searched for the last note to them."""


@dataclass(frozen=True, slots=True)
class MentorMatcher:
    """Matches learners and mentors of one workspace, at one instant (aware)."""

    uow: UnitOfWork
    pack: Pack
    now: datetime

    @property
    def role(self) -> str:
        """The id of the role people learn."""
        return self.pack.info.role

    async def match_waiting(self) -> None:
        """Find mentors for everyone on the waitlist, all at once."""
        await self.match([])

    async def match(self, mentorships: Sequence[Mentorship]) -> None:
        """Ask a mentor for each mentorship, or put it on the waitlist if nobody is left, and notify everyone concerned.

        Everyone on the waitlist is matched along with them, since a mentor who declines one learner can take another.
        """
        await self.uow.mentorships.lock()
        mentorships = [*mentorships, *await self.uow.mentorships.waiting(self.role)]
        chosen = await self.choose(mentorships) if mentorships else {}
        for mentorship in mentorships:
            if mentorship.id in chosen:
                await self.ask(mentorship, chosen[mentorship.id])
            elif mentorship.state is not MentorshipState.WAITING:
                await self._put_on_waitlist(mentorship)

    async def choose(self, mentorships: Sequence[Mentorship]) -> dict[int, str]:
        """Choose a mentor for each mentorship, by its id, so that the whole matching is the best possible.

        A mentorship without an available mentor is left out.
        """
        # A mentor whose request is passed on can take another learner.
        freed = Counter(mentorship.mentor for mentorship in mentorships if mentorship.mentor)
        mentors = await self.uow.mentorships.mentors(self.role)
        capacities = [capacity_of(replace(mentor, load=mentor.load - freed[mentor.user_id])) for mentor in mentors]
        searches = [await self._search_of(mentorship.learner) for mentorship in mentorships]
        declined = {
            (mentorship.learner, mentor)
            for mentorship in mentorships
            for mentor, times in Counter(mentorship.asked).items()
            if times >= MAX_ASKED or not self._may_ask_again(mentorship)
        }
        mentor_of = assign(searches, capacities, declined, self.now)
        return {
            mentorship.id: mentor_of[mentorship.learner]
            for mentorship in mentorships
            if mentorship.learner in mentor_of
        }

    async def ask(self, mentorship: Mentorship, mentor: str) -> bool:
        """Ask one mentor; False if the mentorship has changed in the meantime."""
        requested, deadline = MentorshipState.REQUESTED, await self.deadline_of(mentor)
        if not await self.uow.mentorships.change(mentorship, requested, mentor=mentor, deadline=deadline):
            return False
        key = round_key("p", mentorship, len(mentorship.asked) + 1)
        await self.notify(mentor, MessageKind.MENTOR_REQUEST, mentorship, key)
        return True

    async def why(self, learner: str, mentor: Mentor) -> tuple[str, ...]:
        """Explain why the two fit, leaving this very request out of the mentor's load."""
        capacity = capacity_of(replace(mentor, load=max(0, mentor.load - 1)))
        return reasons(await self._search_of(learner), capacity, self.pack.skill_titles, self.now)

    async def release(self, user_id: str) -> list[Mentorship]:
        """Find new mentors for everyone who learns with a mentor, or has asked them, because the mentor stops for good.

        Learners have agreed to share with this mentor only, so the next one starts without seeing anything. Returns the
        mentorships that have ended this way.
        """
        mentorships = self.uow.mentorships
        await mentorships.lock()
        mentor = await mentorships.mentor(user_id, self.role)
        if mentor is not None and mentor.offering:
            await mentorships.save_offer(user_id, self.role, mentor.skills, mentor.max_learners, offering=False)
        await self.pass_on_requests(user_id)
        active = await mentorships.learners_of(user_id, self.role)
        for mentorship in active:
            await self.settle(mentorship)
            if await mentorships.change(mentorship, MentorshipState.WAITING):
                await self.hide_learner(mentorship)
                key = round_key("l", mentorship, len(mentorship.asked))
                await self.notify(mentorship.learner, MessageKind.MENTOR_LEFT, mentorship, key)
        await self.match_waiting()
        return active

    async def pass_on_requests(self, user_id: str) -> None:
        """Pass the open requests to a mentor on to others, because the mentor takes nobody new."""
        await self.uow.mentorships.lock()
        open_requests = [
            mentorship
            for mentorship in await self.uow.mentorships.of_mentor(user_id, self.role)
            if mentorship.state is MentorshipState.REQUESTED
        ]
        for request in open_requests:
            await self.uow.deliveries.cancel(MessageKind.MENTOR_REQUEST, str(request.id))
        await self.match(open_requests)

    async def reassign_overdue(self) -> int:
        """Pass all requests without a timely answer on to the next mentor, and return their number."""
        await self.uow.mentorships.lock()
        overdue = [request for request in await self.uow.mentorships.overdue(self.now) if request.role == self.role]
        for request in overdue:
            if request.mentor:
                key = round_key("x", request, len(request.asked))
                await self.notify(request.mentor, MessageKind.REQUEST_EXPIRED, request, key)
        await self.match(overdue)
        return len(overdue)

    async def settle(self, mentorship: Mentorship) -> None:
        """Cancel messages between the two that haven't been sent yet."""
        for kind in (MessageKind.MENTOR_REQUEST, MessageKind.NOTE, MessageKind.REQUEST_ACCEPTED):
            await self.uow.deliveries.cancel(kind, str(mentorship.id))

    async def hide_learner(self, mentorship: Mentorship) -> None:
        """Share nothing about a learner any more."""
        await self.uow.learner(mentorship.learner, mentorship.role).set_visibility(Visibility.NOTHING)

    async def notify(self, user_id: str, kind: MessageKind, mentorship: Mentorship, key: str, body: str = "") -> bool:
        """Queue a one-off message to one of the two; False if there is one with that key already.

        One that someone wrote, its `body`, waits a little, so they can still take it back; one that the bot writes, for the
        morning.
        """
        item = str(mentorship.id)
        author = (mentorship.mentor if user_id == mentorship.learner else mentorship.learner) if body else None
        at = self.now + NOTE_DELAY if body else await self._waking(user_id)
        return await self.uow.deliveries.enqueue(
            user_id, self.role, kind, at, key=key, item=item, body=body, author=author
        )

    async def deadline_of(self, mentor: str) -> datetime:
        """Give the instant until which a mentor who's asked now may answer: their days count from the morning they read it."""
        return await self._waking(mentor) + ANSWER_WITHIN

    async def _waking(self, user_id: str) -> datetime:
        """The first instant from now on when someone is likely to be awake."""
        person = await self.uow.people.get(user_id)
        return waking(self.now, person.zone if person else None)

    async def call_for_mentors(self, mentorship: Mentorship) -> None:
        """Let the channels with a weekly report know that a request has found no mentor."""
        # Once a month is enough: a channel that's asked each time somebody declines stops reading.
        key, item = f"a{mentorship.id:x}-{self.now:%y%m}", str(mentorship.id)
        for schedule in await self.uow.schedules.all():
            if schedule.kind is MessageKind.REPORT and schedule.state is ScheduleState.ACTIVE:
                kind = MessageKind.CALL_FOR_MENTORS
                at = waking(self.now, schedule.recurrence.zone)
                await self.uow.deliveries.enqueue_in_channel(schedule, kind, at, key=key, item=item)

    async def _put_on_waitlist(self, mentorship: Mentorship) -> None:
        if await self.uow.mentorships.change(mentorship, MentorshipState.WAITING):
            key = round_key("w", mentorship, len(mentorship.asked))
            await self.notify(mentorship.learner, MessageKind.REQUEST_WAITING, mentorship, key)
            await self.call_for_mentors(mentorship)

    async def _search_of(self, learner: str) -> MentorSearch:
        """Describe a learner for matching, by the skill gaps between their newest levels and their target title."""
        repository = self.uow.learner(learner, self.role)
        needs = self.pack.title_needs((await repository.plans.get()).plan.title)
        levels = {assessment.skill: assessment.level for assessment in await repository.assessments()}
        person = await self.uow.people.get(learner)
        missing = {gap.skill: gap.need - gap.have for gap in gaps(levels, needs)}
        return MentorSearch(learner, missing, person.zone if person else None)

    def _may_ask_again(self, mentorship: Mentorship) -> bool:
        waiting = mentorship.state is MentorshipState.WAITING
        return waiting and mentorship.changed_at <= self.now - RETRY_AFTER


def capacity_of(mentor: Mentor) -> MentorCapacity:
    """Describe a mentor for matching, by skills, free capacity, load and zone."""
    return MentorCapacity(
        id=mentor.user_id, skills=frozenset(mentor.skills), room=mentor.room, load=mentor.load, zone=mentor.zone
    )


def round_key(prefix: str, mentorship: Mentorship, round_number: int) -> str:
    """Make the key of a message sent once per round of a request, which is one mentor asked."""
    return f"{prefix}{mentorship.id:x}-{round_number:x}"


async def shorten_waitlist(matcher: MentorMatcher) -> tuple[int, int]:
    """Find mentors for everyone on the waitlist, and return its length before and after."""
    before = len(await matcher.uow.mentorships.waiting(matcher.role))
    await matcher.match_waiting()
    return before, len(await matcher.uow.mentorships.waiting(matcher.role))


async def send_note(matcher: MentorMatcher, contact: Contact, text: str) -> str:
    """Send the other person of a mentorship a few words, and return the key of the message.

    After a mentorship's end, one thank-you is sent; "" for any further one.
    """
    mentorship = contact.mentorship
    # The text is part of the key, so two notes at the same instant are both sent.
    digest = sha256(f"{mentorship.id}\0{matcher.now.isoformat()}\0{text}".encode()).hexdigest()[:11]
    key = f"k{mentorship.id:x}" if mentorship.state is MentorshipState.ENDED else f"t{digest}"
    is_new = await matcher.notify(contact.user_id, MessageKind.NOTE, mentorship, key, body=text)
    return key if is_new else ""


async def take_back_note(matcher: MentorMatcher, contact: Contact, key: str) -> str | None:
    """Take back a note to `contact` that hasn't been sent yet, and return its words; None if it's too late."""
    is_to_learner = contact.user_id == contact.mentorship.learner
    author = contact.mentorship.mentor if is_to_learner else contact.mentorship.learner
    return await matcher.uow.deliveries.take_back(contact.user_id, key, author or "")


async def learners_of(uow: UnitOfWork, role: str, user_id: str) -> list[Contact]:
    """List a mentor's learners."""
    return [contact_of(mentorship, user_id) for mentorship in await uow.mentorships.learners_of(user_id, role)]


async def asking(uow: UnitOfWork, role: str, user_id: str) -> list[Mentorship]:
    """List the requests that wait for a mentor's answer."""
    mentorships = await uow.mentorships.of_mentor(user_id, role)
    return [mentorship for mentorship in mentorships if mentorship.state is MentorshipState.REQUESTED]


async def contacts_of(uow: UnitOfWork, role: str, user_id: str) -> list[Contact]:
    """List everyone a person can write to: their mentor and their learners."""
    own = await uow.mentorships.of_learner(user_id, role)
    mentor = [contact_of(own, user_id)] if own and own.state is MentorshipState.ACTIVE else []
    return [*mentor, *await learners_of(uow, role, user_id)]


async def former_mentor(uow: UnitOfWork, user_id: str, mentorship_id: int, now: datetime) -> Contact | None:
    """Find the mentor of a mentorship that ended a short while ago, for the learner to thank."""
    mentorship = await uow.mentorships.get(mentorship_id)
    if mentorship is None or mentorship.learner != user_id or not mentorship.mentor:
        return None
    is_recent = mentorship.state is MentorshipState.ENDED and now - mentorship.changed_at <= THANKS_WITHIN
    return contact_of(mentorship, user_id) if is_recent else None


async def last_writer(uow: UnitOfWork, user_id: str, contacts: Sequence[Contact]) -> Contact | None:
    """Find the contact whose note a person got last."""
    for delivery in await uow.deliveries.recent(user_id, RECENT_MESSAGES):
        if delivery.kind is MessageKind.NOTE:
            matches = (contact for contact in contacts if str(contact.mentorship.id) == delivery.item)
            return next(matches, None)
    return None


async def learner_overviews(uow: UnitOfWork, pack: Pack, mentor_id: str, now: datetime) -> list[LearnerOverview]:
    """Summarize each learner of a mentor, as far as they share their progress."""
    mentorships = await uow.mentorships.learners_of(mentor_id, pack.info.role)
    return [await learner_overview(uow, pack, mentorship, now) for mentorship in mentorships]


async def learner_overview(uow: UnitOfWork, pack: Pack, mentorship: Mentorship, now: datetime) -> LearnerOverview:
    """Summarize a mentor's learner, as far as they share their progress."""
    person = await uow.people.get(mentorship.learner)
    session = await session_of(uow, pack, mentorship.learner, mentorship.learner_name, now)
    return overview_of(mentorship, session.snapshot, person.silence if person else NO_SILENCE)


async def session_of(uow: UnitOfWork, pack: Pack, user_id: str, name: str, now: datetime) -> LearnerSession:
    """Open the session of someone other than the caller, in the zone stored for them."""
    person = await uow.people.get(user_id)
    zone = person.zone if person else None
    return await LearnerSession.open(uow, pack, user_id=user_id, name=name, now=now, zone=zone)


async def shared_learner(session: LearnerSession, visibility: Visibility) -> SharedLearner:
    """Read exactly what `visibility` lets a mentor see of a learner."""
    return SharedLearner(
        session.snapshot.name,
        session.plan.title,
        await learner_progress(session) if visibility.shows_progress else None,
        tuple(await session.checkins())[-SHARED_CHECKINS:] if visibility.shows_checkins else (),
    )


async def mentorship_message(
    uow: UnitOfWork, pack: Pack, kind: MessageKind, item: str, user_id: str, zone: ZoneInfo
) -> MentorshipMessage | None:
    """Read the facts for a one-off message about the mentorship `item`; None if the message no longer applies.

    `zone` is the reader's.
    """
    mentorship = await uow.mentorships.get(int(item)) if item.isdecimal() else None
    reader = reader_of(kind, mentorship, user_id) if mentorship else None
    if mentorship is None or reader is None:
        return None
    message = MentorshipMessage(mentorship=mentorship, reader=reader, zone=zone)
    if kind is MessageKind.REQUEST_WAITING:
        return replace(message, unanswered=await unanswered_by(uow, mentorship))
    repository = uow.learner(mentorship.learner, mentorship.role)
    if kind is MessageKind.REQUEST_ACCEPTED:
        return replace(message, visibility=(await repository.profile()).visibility)
    plan = (await repository.plans.get()).plan
    if kind is MessageKind.NOTE and reader is MentorshipSide.LEARNER:
        return replace(message, step=step_to_open(plan))
    if kind is not MessageKind.MENTOR_REQUEST:
        return message
    mentor = await uow.mentorships.mentor(user_id, mentorship.role)
    skills = _useful_skills(pack, plan.title, mentor) if mentor else ()
    # The request itself counts towards the mentor's load.
    room = max(1, mentor.max_learners - mentor.load + 1) if mentor else 1
    return replace(message, title=pack.title_name(plan.title), skills=skills, room=room)


def _useful_skills(pack: Pack, title: str, mentor: Mentor) -> tuple[str, ...]:
    """Name the mentor's skills that a target title needs, which reveals nothing about the learner but the title."""
    needs = pack.title_needs(title)
    return tuple(name for skill, name in pack.skill_titles.items() if skill in mentor.skills and needs.get(skill))


async def unanswered_by(uow: UnitOfWork, mentorship: Mentorship) -> tuple[Mentor, ...]:
    """List the mentors who haven't answered a learner on the waitlist in time, as far as they still take learners.

    Nobody who has declined is among them, because learners don't get to know that.
    """
    if mentorship.state is not MentorshipState.WAITING or not mentorship.asked:
        return ()
    mentors = await uow.mentorships.mentors(mentorship.role)
    asked = [mentor for mentor in mentors if mentor.user_id in mentorship.asked and mentor.offering]
    return tuple([mentor for mentor in asked if await _ran_out(uow, mentorship, mentor.user_id)])


async def _ran_out(uow: UnitOfWork, mentorship: Mentorship, mentor: str) -> bool:
    """Return True if the mentor's last round of this request ended without an answer, which they were told."""
    last_round = max(number for number, asked in enumerate(mentorship.asked, start=1) if asked == mentor)
    return await uow.deliveries.has_one_off(mentor, round_key("x", mentorship, last_round))


async def still_waiting(uow: UnitOfWork, mentorship_id: int) -> Mentorship | None:
    """Read a mentorship that's still on the waitlist, whatever the role; None if it isn't any more."""
    mentorship = await uow.mentorships.get(mentorship_id)
    waiting = await uow.mentorships.waiting(mentorship.role) if mentorship else []
    return next((each for each in waiting if each.id == mentorship_id), None)
