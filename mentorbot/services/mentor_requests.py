"""Requests for a mentor: making, accepting, declining and ending them, and offers to mentor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.mentoring import Mentor, MentorRequest, Mentorship, MentorshipEnding, MentorshipState
from mentorbot.domain.person_names import fold, people_called
from mentorbot.errors import BadValue, Conflict, NotFound
from mentorbot.services.mentoring import MentorMatcher, round_key, unanswered_by
from mentorbot.slash.choices import nearest, short


class MentorNotFound(NotFound):
    """Nobody who mentors here has that name, or several have: `matches`. `near` is the one it may be a slip of."""

    def __init__(self, name: str, matches: Sequence[Mentor] = (), near: Mentor | None = None) -> None:
        super().__init__(f"I can't find a mentor called {short(name, 40)}", suggestions=("pair list",))
        self.name, self.matches, self.near = name, tuple(matches), near


class OwnMentor(BadValue):
    """People can't mentor themselves."""


class MentorIsFull(Conflict):
    """The mentor can't take another learner."""

    def __init__(self, mentor: Mentor) -> None:
        super().__init__(f"{mentor.name} has no room right now", suggestions=("pair list",))
        self.mentor = mentor


async def request_mentor(
    matcher: MentorMatcher, user_id: str, name: str, mentor_name: str | None, wish: str = ""
) -> MentorRequest:
    """Ask a mentor on behalf of a learner. `mentor_name` may be a name, an id or a mention; None asks the best match.

    The mentor reads the `wish`, which is what the learner would like help with. A learner on the waitlist may name a mentor with
    room, even one who was asked before and hasn't answered.

    Raises:
        MentorNotFound: no mentor, or more than one, has that name.
        MentorIsFull: the mentor can't take another learner.
        OwnMentor: learners can't mentor themselves.
    """
    mentorships, role = matcher.uow.mentorships, matcher.role
    await mentorships.lock()
    known = await mentorships.of_learner(user_id, role)
    is_waiting = known is not None and known.state is MentorshipState.WAITING
    if known and is_waiting and wish:
        await mentorships.set_wish(known, wish)
    if known and not (is_waiting and mentor_name):
        return await _known(matcher, await mentorships.get(known.id) or known)
    if mentor_name is None:
        return await _request_anyone(matcher, user_id, wish)
    mentor = await _find_mentor(matcher, user_id, name, mentor_name)
    if known:
        await matcher.ask(known, mentor.user_id)
        return await _asked(matcher, known)
    request = await mentorships.request(
        user_id, role, mentor.user_id, await matcher.deadline_of(mentor.user_id), wish=wish
    )
    await matcher.notify(mentor.user_id, MessageKind.MENTOR_REQUEST, request, round_key("p", request, 1))
    return MentorRequest(request, mentor, await matcher.why(user_id, replace(mentor, load=mentor.load + 1)))


async def _known(matcher: MentorMatcher, mentorship: Mentorship) -> MentorRequest:
    """Describe a request that's there already, or the mentor the learner has."""
    unanswered = await unanswered_by(matcher.uow, mentorship)
    return MentorRequest(mentorship, is_new=False, unanswered=unanswered)


async def _asked(matcher: MentorMatcher, mentorship: Mentorship) -> MentorRequest:
    """Describe a request that has just been made again: of a mentor, or with a place on the waitlist."""
    mentorships = matcher.uow.mentorships
    renewed = await mentorships.get(mentorship.id) or mentorship
    mentor = await mentorships.mentor(renewed.mentor, matcher.role) if renewed.mentor else None
    return MentorRequest(renewed, mentor, await matcher.why(renewed.learner, mentor) if mentor else (), others=1)


async def _request_anyone(matcher: MentorMatcher, user_id: str, wish: str) -> MentorRequest:
    """Put a learner on the waitlist, and find mentors for everyone on it."""
    waiting = await matcher.uow.mentorships.wait(user_id, matcher.role, wish=wish)
    await matcher.match_waiting()
    request = await matcher.uow.mentorships.get(waiting.id) or waiting
    mentor = await matcher.uow.mentorships.mentor(request.mentor, matcher.role) if request.mentor else None
    if mentor is None:
        await matcher.call_for_mentors(waiting)
        mentors = await matcher.uow.mentorships.mentors(matcher.role)
        others = sum(mentor.offering for mentor in mentors if mentor.user_id != user_id)
        return MentorRequest(request, others=others)
    return MentorRequest(request, mentor, await matcher.why(user_id, mentor))


async def _find_mentor(matcher: MentorMatcher, user_id: str, name: str, mentor_name: str) -> Mentor:
    mentors = await matcher.uow.mentorships.mentors(matcher.role)
    others = [mentor for mentor in mentors if mentor.offering and mentor.user_id != user_id]
    matches = people_called(mentor_name, others)
    if not matches and (fold(mentor_name) == fold(name) or fold(mentor_name).strip("<@!>") == fold(user_id)):
        raise OwnMentor("You can't be your own mentor", option="who", suggestions=("any",))
    if not matches:
        near = nearest(mentor_name, [mentor.name for mentor in others if mentor.room])
        raise MentorNotFound(mentor_name, near=next((mentor for mentor in others if mentor.name == near), None))
    available = [mentor for mentor in matches if mentor.room]
    if not available:
        raise MentorIsFull(matches[0])
    if len(available) > 1:
        raise MentorNotFound(mentor_name, available)
    return available[0]


async def switch_mentor(
    matcher: MentorMatcher, user_id: str, name: str, mentor_name: str | None, wish: str = ""
) -> MentorRequest:
    """End the learner's mentorship, or withdraw their request, and ask someone else.

    Raises:
        MentorNotFound, MentorIsFull, OwnMentor: as for `request_mentor`; nothing has ended then.
    """
    if mentor_name is not None:
        await _find_mentor(matcher, user_id, name, mentor_name)
    if await matcher.uow.mentorships.of_learner(user_id, matcher.role):
        await end_mentorship(matcher, user_id, None)
    return await request_mentor(matcher, user_id, name, mentor_name, wish)


async def end_mentorship(
    matcher: MentorMatcher, user_id: str, mentorship_id: int | None
) -> tuple[Mentorship, MentorshipEnding]:
    """End a mentorship from either side, and let the other side know. None means the learner's own mentorship.

    A mentor who ends a request declines it.

    Raises:
        NotFound: the person has no such open mentorship.
        Conflict: it has changed in the meantime.
    """
    mentorships = matcher.uow.mentorships
    await mentorships.lock()
    if mentorship_id is None:
        mentorship = await mentorships.of_learner(user_id, matcher.role)
    else:
        mentorship = await mentorships.get(mentorship_id)
    if mentorship is None or user_id not in (mentorship.learner, mentorship.mentor):
        raise _nothing_to_end()
    if mentorship.state is MentorshipState.ENDED:
        raise _nothing_to_end()
    ending = _ending(mentorship, user_id)
    if ending is MentorshipEnding.DECLINED:
        await matcher.match([mentorship])
    else:
        await _end(matcher, mentorship, ending)
    return mentorship, ending


async def renew_request(matcher: MentorMatcher, user_id: str, mentorship_id: int) -> MentorRequest:
    """Make a request again that the learner has withdrawn: of the same mentor, or in their old place on the waitlist.

    If the mentor has no room any more, the learner is on the waitlist.

    Raises:
        Conflict: the learner has a mentor or a newer request by now, or this was no request of theirs.
    """
    mentorships = matcher.uow.mentorships
    await mentorships.lock()
    mentorship = await mentorships.get(mentorship_id)
    if known := await mentorships.of_learner(user_id, matcher.role):
        return await _known(matcher, known)
    if mentorship is None or mentorship.learner != user_id or mentorship.role != matcher.role:
        raise Conflict(
            "That request can't be made again. Ask for someone else?", suggestions=("pair request any", "pair list")
        )
    mentor = await mentorships.mentor(mentorship.mentor, matcher.role) if mentorship.mentor else None
    if mentor is not None and mentor.room:
        await matcher.ask(mentorship, mentor.user_id)
    else:
        await mentorships.change(mentorship, MentorshipState.WAITING)
        await matcher.match_waiting()
    return await _asked(matcher, mentorship)


def _nothing_to_end() -> NotFound:
    return NotFound("You don't have a mentor or a request to end.", suggestions=("pair list",))


def _ending(mentorship: Mentorship, user_id: str) -> MentorshipEnding:
    is_mentor = user_id == mentorship.mentor
    if is_mentor and mentorship.state is MentorshipState.REQUESTED:
        return MentorshipEnding.DECLINED
    if mentorship.state is not MentorshipState.ACTIVE:
        return MentorshipEnding.WITHDRAWN
    return MentorshipEnding.ENDED_BY_MENTOR if is_mentor else MentorshipEnding.ENDED_BY_LEARNER


async def _end(matcher: MentorMatcher, mentorship: Mentorship, ending: MentorshipEnding) -> None:
    if not await matcher.uow.mentorships.change(mentorship, MentorshipState.ENDED):
        raise Conflict("That has just changed. Take another look.", suggestions=("pair show",))
    await matcher.settle(mentorship)
    if ending is not MentorshipEnding.WITHDRAWN:
        await matcher.hide_learner(mentorship)
        other = mentorship.mentor if ending is MentorshipEnding.ENDED_BY_LEARNER else mentorship.learner
        key = round_key("e", mentorship, len(mentorship.asked))  # one whose request is made again may end again
        await matcher.notify(other or mentorship.learner, MessageKind.MENTORSHIP_ENDED, mentorship, key)
    await matcher.match_waiting()


async def accept_request(matcher: MentorMatcher, user_id: str, mentorship_id: int) -> tuple[Mentorship, bool]:
    """Accept a learner. Returns the mentorship, and False if the mentor had accepted it before.

    Raises:
        NotFound: it isn't a request to this mentor.
        Conflict: it has gone to someone else in the meantime.
    """
    request = await _request_to(matcher, user_id, mentorship_id)
    if request.state is MentorshipState.ACTIVE:
        return request, False
    if not await matcher.uow.mentorships.change(request, MentorshipState.ACTIVE):
        raise Conflict("Someone else has that request now, no problem.", suggestions=("mentees",))
    key = round_key("y", request, len(request.asked))
    await matcher.notify(request.learner, MessageKind.REQUEST_ACCEPTED, request, key)
    return request, True


async def decline_request(matcher: MentorMatcher, user_id: str, mentorship_id: int) -> Mentorship:
    """Decline a learner's request, and ask the next mentor.

    Raises:
        NotFound: it isn't a request to this mentor.
        Conflict: the mentor has accepted it already.
    """
    request = await _request_to(matcher, user_id, mentorship_id)
    if request.state is not MentorshipState.REQUESTED:
        text = f"You're already {request.learner_name}'s mentor."
        raise Conflict(text, suggestions=("mentees", f"pair end {request.id}"))
    await matcher.match([request])
    return request


async def _request_to(matcher: MentorMatcher, user_id: str, mentorship_id: int) -> Mentorship:
    """Read a request to this mentor. The error doesn't give away whether it's a request to someone else."""
    await matcher.uow.mentorships.lock()
    mentorship = await matcher.uow.mentorships.get(mentorship_id)
    is_open = mentorship and mentorship.state in (MentorshipState.REQUESTED, MentorshipState.ACTIVE)
    if mentorship is None or mentorship.mentor != user_id or not is_open:
        text = "That request is no longer open. Someone else may have it now."
        raise NotFound(text, suggestions=("mentees",))
    return mentorship


async def offer_mentoring(matcher: MentorMatcher, user_id: str, skills: Sequence[str], max_learners: int) -> None:
    """Save a mentor's offer, and find mentors for everyone waiting."""
    await matcher.uow.mentorships.save_offer(user_id, matcher.role, skills, max_learners, offering=True)
    await matcher.match_waiting()


async def take_nobody_new(matcher: MentorMatcher, user_id: str) -> Mentor | None:
    """Stop offering, and pass open requests on; learners stay. Returns the offer as it was; None if there was none."""
    mentorships = matcher.uow.mentorships
    await mentorships.lock()
    mentor = await mentorships.mentor(user_id, matcher.role)
    if mentor is not None and mentor.offering:
        await mentorships.save_offer(user_id, matcher.role, mentor.skills, mentor.max_learners, offering=False)
        await matcher.pass_on_requests(user_id)
    return mentor
