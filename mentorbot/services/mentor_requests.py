"""Requests for a mentor: making, accepting, declining and ending them, and offers to mentor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.mentoring import Mentor, MentorRequest, Mentorship, MentorshipEnding, MentorshipState
from mentorbot.errors import BadValue, Conflict, NotFound
from mentorbot.services.mentoring import ANSWER_WITHIN, MentorMatcher, round_key
from mentorbot.slash.choices import nearest, short

_MENTION = re.compile(r"<@[!]?([A-Za-z0-9]+)(?:\|[^>]*)?>")


async def request_mentor(matcher: MentorMatcher, user_id: str, name: str, mentor_name: str | None) -> MentorRequest:
    """Ask a mentor on behalf of a learner. `mentor_name` may be a name, an id or a mention; None asks the best match.

    Raises:
        NotFound: no mentor, or more than one, has that name.
        Conflict: the mentor can't take another learner.
        BadValue: learners can't mentor themselves.
    """
    mentorships, role = matcher.uow.mentorships, matcher.role
    await mentorships.lock()
    if known := await mentorships.of_learner(user_id, role):
        return MentorRequest(known, is_new=False)
    if mentor_name is None:
        return await _request_anyone(matcher, user_id)
    mentor = await _find_mentor(matcher, user_id, name, mentor_name)
    request = await mentorships.request(user_id, role, mentor.user_id, matcher.now + ANSWER_WITHIN)
    await matcher.notify(mentor.user_id, MessageKind.MENTOR_REQUEST, request, round_key("p", request, 1))
    return MentorRequest(request, mentor, await matcher.why(user_id, replace(mentor, load=mentor.load + 1)))


async def _request_anyone(matcher: MentorMatcher, user_id: str) -> MentorRequest:
    """Put a learner on the waitlist, and find mentors for everyone on it."""
    waiting = await matcher.uow.mentorships.wait(user_id, matcher.role)
    await matcher.match_waiting()
    request = await matcher.uow.mentorships.get(waiting.id) or waiting
    mentor = await matcher.uow.mentorships.mentor(request.mentor, matcher.role) if request.mentor else None
    if mentor is None:
        await matcher.call_for_mentors(waiting)
        return MentorRequest(request)
    return MentorRequest(request, mentor, await matcher.why(user_id, mentor))


async def _find_mentor(matcher: MentorMatcher, user_id: str, name: str, mentor_name: str) -> Mentor:
    mentors = await matcher.uow.mentorships.mentors(matcher.role)
    mention = _MENTION.search(mentor_name)
    key = (mention[1] if mention else mentor_name.strip().lstrip("@")).lower()
    others = [mentor for mentor in mentors if mentor.offering and mentor.user_id != user_id]
    # Ids come first, because anyone may call themselves by someone else's id.
    matches = [mentor for mentor in others if mentor.user_id.lower() == key]
    matches = matches or [mentor for mentor in others if mentor.name.lower() == key]
    if not matches and key in (user_id.lower(), name.lower()):
        text = "You cannot be your own mentor. Ask somebody else, or write any."
        raise BadValue(text, option="who", suggestions=("any",))
    if not matches:
        raise _no_such_mentor(mentor_name, nearest(key, [mentor.name for mentor in others if mentor.room]))
    return _only_available(matches)


def _no_such_mentor(mentor_name: str, near: str | None) -> NotFound:
    guess = f" Did you mean {near}?" if near else ""
    return NotFound(
        f"“{short(mentor_name, 40)}” does not offer to mentor here.{guess} Look who does, or write any.",
        suggestions=(*((f"pair request {near}",) if near else ()), "pair list", "pair request any"),
    )


def _only_available(matches: Sequence[Mentor]) -> Mentor:
    """Choose the only one of several namesakes who can take another learner."""
    available = [mentor for mentor in matches if mentor.room]
    if not available:
        text = f"{matches[0].name} has no room for another learner just now."
        raise Conflict(text, suggestions=("pair request any", "pair list"))
    if len(available) > 1:
        text = f"{len(available)} mentors are called {matches[0].name}. Choose one in the list, or mention them with @."
        raise NotFound(text, suggestions=("pair list", "pair request any"))
    return available[0]


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


def _nothing_to_end() -> NotFound:
    return NotFound("There is nothing open to end.", suggestions=("pair list", "mentees"))


def _ending(mentorship: Mentorship, user_id: str) -> MentorshipEnding:
    is_mentor = user_id == mentorship.mentor
    if is_mentor and mentorship.state is MentorshipState.REQUESTED:
        return MentorshipEnding.DECLINED
    if mentorship.state is not MentorshipState.ACTIVE:
        return MentorshipEnding.WITHDRAWN
    return MentorshipEnding.ENDED_BY_MENTOR if is_mentor else MentorshipEnding.ENDED_BY_LEARNER


async def _end(matcher: MentorMatcher, mentorship: Mentorship, ending: MentorshipEnding) -> None:
    if not await matcher.uow.mentorships.change(mentorship, MentorshipState.ENDED):
        raise Conflict("That has changed meanwhile. Look again.", suggestions=("pair list", "mentees"))
    await matcher.settle(mentorship)
    if ending is not MentorshipEnding.WITHDRAWN:
        await matcher.hide_learner(mentorship)
        other = mentorship.mentor if ending is MentorshipEnding.ENDED_BY_LEARNER else mentorship.learner
        key = f"e{mentorship.id:x}"
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
        raise Conflict("That request has gone to somebody else meanwhile.", suggestions=("mentees",))
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
        raise Conflict("That request is settled. To end it, use pair end.", suggestions=("mentees",))
    await matcher.match([request])
    return request


async def _request_to(matcher: MentorMatcher, user_id: str, mentorship_id: int) -> Mentorship:
    """Read a request to this mentor. The error doesn't give away whether it's a request to someone else."""
    await matcher.uow.mentorships.lock()
    mentorship = await matcher.uow.mentorships.get(mentorship_id)
    is_open = mentorship and mentorship.state in (MentorshipState.REQUESTED, MentorshipState.ACTIVE)
    if mentorship is None or mentorship.mentor != user_id or not is_open:
        text = "That request is no longer open to you. It may have gone to somebody else."
        raise NotFound(text, suggestions=("mentees",))
    return mentorship


async def offer_mentoring(matcher: MentorMatcher, user_id: str, skills: Sequence[str], max_learners: int) -> None:
    """Save a mentor's offer, and find mentors for everyone waiting. With 0 learners the mentor takes nobody new."""
    offering = max_learners > 0
    # The database requires at least one learner, even for a mentor who takes nobody new.
    await matcher.uow.mentorships.save_offer(user_id, matcher.role, skills, max_learners or 1, offering=offering)
    if offering:
        await matcher.match_waiting()
