"""`pair show | request | list | accept | decline | end | offer | stop`: finding a mentor, and being one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.context import Context
from mentorbot.commands.guests import ensure_no_guest
from mentorbot.commands.mentor_marks import mark_mentor
from mentorbot.commands.schedule_options import subscriptions_of
from mentorbot.domain.mentoring import (
    MAX_LEARNERS,
    Contact,
    ContactChoice,
    MentorshipSide,
    MentorshipState,
    contact_of,
    find_contact,
)
from mentorbot.domain.visibility import Visibility
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services import mentor_requests, mentoring
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import UTC
from mentorbot.services.mentoring import ANSWER_WITHIN, MentorMatcher
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.numbers import in_digits
from mentorbot.slash.registry import Entries, Option, Person, Spoken
from mentorbot.views import mentoring as views

ANY = "any"
_ANY_WORDS = (ANY, "anyone", "anybody", "someone", "best match", "whoever fits best")
MAX_WISH_LENGTH = 200
"""Characters of what someone would like a mentor's help with."""
DEFAULT_LEARNERS = 3
"""Learners at once, for a mentor who names no number."""


def matcher_of(context: Context) -> MentorMatcher:
    """Open the matching of the caller's workspace, as of now."""
    return MentorMatcher(context.uow, context.pack, context.now)


def yes(label: str) -> tuple[Choice, ...]:
    """The only choice of an option that confirms something."""
    return (Choice(label, "yes"),)


async def _ensure_caller_with_zone(context: Context) -> None:
    """Record the caller, with their zone if the platform knows it, because matching compares working hours."""
    person = await context.uow.people.ensure(context.caller.user_id, await context.name(), context.caller.locale)
    if person.zone is None and (zone := await context.zone()):
        await context.uow.people.set_zone(context.caller.user_id, zone)


async def suggest_contacts(context: Context, _: str) -> tuple[Choice, ...]:
    """Suggest the caller's mentor and learners by name."""
    contacts = await mentoring.contacts_of(context.uow, context.role, context.caller.user_id)
    return tuple(Choice(contact.name, contact.user_id) for contact in contacts)


async def _suggest_mentors(context: Context, _: str) -> tuple[Choice, ...]:
    mentors = await context.uow.mentorships.mentors(context.role)
    others = (mentor for mentor in mentors if mentor.room and mentor.user_id != context.caller.user_id)
    return (Choice("the best match", ANY), *(Choice(mentor.name, mentor.user_id) for mentor in others))


async def _suggest_requests(context: Context, _: str) -> tuple[Choice, ...]:
    return tuple(Choice(contact.name, contact.user_id) for contact in await _requests(context))


async def _requests(context: Context, *states: MentorshipState) -> list[Contact]:
    """List the learners who ask for the caller; with `states`, those in one of them instead."""
    user_id, states = context.caller.user_id, states or (MentorshipState.REQUESTED,)
    mentorships = await context.uow.mentorships.of_mentor(user_id, context.role)
    return [contact_of(mentorship, user_id) for mentorship in mentorships if mentorship.state in states]


@registry.command(
    "pair show",
    "Your mentor, and what they see.",
    intents=(
        "who's my mentor",
        "who is my mentor again",
        "do I have a mentor",
        "what happened to my request for a mentor",
        "has my mentor answered yet",
        "any answer to my request",
        "what did my mentor answer",
    ),
    label="Show my mentor",
)
async def pair_show(context: Context) -> Answer:
    """Show the caller's mentor, or the state of their request."""
    uow, role, user_id = context.uow, context.role, context.caller.user_id
    mentorship = await uow.mentorships.of_learner(user_id, role)
    learners = await mentoring.learners_of(uow, role, user_id)
    unanswered = await mentoring.unanswered_by(uow, mentorship) if mentorship else ()
    return views.own_card(mentorship, await _visibility(context), len(learners), unanswered)


@registry.command(
    "pair request",
    "Ask for a mentor.",
    writes=True,
    examples=("pair request any", "pair request Ada"),
    intents=(
        "find me a mentor",
        "i need a human to talk to",
        "{who} as my mentor",
        "ask {who} to be my mentor",
        "can {who} mentor me",
        "switch to {who} as my mentor",
        "i want another mentor",
        "someone who could guide me",
        "I'd like a mentor",
        "can somebody mentor me",
        "I want to talk to someone who has done this",
        "find me a mentor for {about}",
        "I want a mentor who knows about {about}",
        "someone who can help me with {about}",
        "a different mentor, someone for {about}",
    ),
    label=(
        "Ask {who} to mentor me, about “{about}”|Ask {who} to mentor me|Ask for a mentor for “{about}”|Ask for a mentor"
    ),
)
async def pair_request(
    context: Context,
    who: Annotated[
        Person | None, Option("A mentor, if you have one in mind", suggest=_suggest_mentors, called=("mentor", "from"))
    ] = None,
    switch: Annotated[
        str | None, Option("Leave your current mentor", choices=lambda _: yes("Yes, switch"), keyword_only=True)
    ] = None,
    about: Annotated[
        str | None,
        Option(
            "What you'd like help with",
            max_length=MAX_WISH_LENGTH,
            keyword_only=True,
            called=("for", "topic", "with"),
            spoken=Spoken.SUBJECT,
        ),
    ] = None,
) -> Answer:
    """Ask one mentor, or the best match. The mentor reads what it's `about`."""
    await ensure_no_guest(context.caller)
    await _ensure_caller_with_zone(context)
    name = None if who is None or who.strip().lower().lstrip("@") in _ANY_WORDS else who
    caller, ask = context.caller, mentor_requests.switch_mentor if switch else mentor_requests.request_mentor
    try:
        request = await ask(matcher_of(context), caller.user_id, await context.name(), name, about or "")
    except mentor_requests.MentorNotFound as error:
        return views.no_such_mentor_card(context.pack, error.name, error.matches, error.near)
    except mentor_requests.MentorIsFull as error:
        return views.mentor_full_card(error.mentor)
    except mentor_requests.OwnMentor:
        return views.own_mentor_card()
    return views.request_card(request, ANSWER_WITHIN.days, name or ANY, await _visibility(context), about or "")


async def _visibility(context: Context) -> Visibility:
    """Read what the caller shares with a mentor."""
    return (await context.repository.profile()).visibility


@registry.command(
    "pair list",
    "The mentors here, their skills, and who has room.",
    intents=(
        "who mentors here",
        "anyone who knows something and could guide me",
        "which mentors are there",
        "who could be my mentor",
        "show me the mentors",
        "who has room for a learner",
    ),
    label="Show the mentors",
)
async def pair_list(context: Context) -> Answer:
    """List the workspace's mentors who take learners."""
    await ensure_no_guest(context.caller)
    mentors = await context.uow.mentorships.mentors(context.role)
    offering = [mentor for mentor in mentors if mentor.offering]
    return views.mentors_card(context.pack, offering, context.caller.user_id)


@registry.command(
    "pair end",
    "End a mentorship, or cancel a request.",
    writes=True,
    examples=("pair end", "pair end Ben"),
    intents=(
        "end it with my mentor",
        "i don't want {who} as a mentor",
        "it doesn't work with {who}",
        "{who} and me don't click",
        "I don't want my mentor any more",
        "stop working with my mentor",
        "I can't mentor {who} any more",
        "take me off the waitlist",
        "hand {who} over to someone else",
        "{who} needs a different mentor",
        "close the mentorship with {who}",
        "stop mentoring {who}",
        "end it with {who}",
        "leave the waitlist",
    ),
    label="End mentorship with {who}|End my mentorship or request",
)
async def pair_end(
    context: Context,
    who: Annotated[
        Person | None,
        Option("Who, if it isn't your mentor", suggest=suggest_contacts, called=("request", "learner")),
    ] = None,
    confirm: Annotated[str | None, Option("End it", choices=lambda _: yes("Yes, end it"), keyword_only=True)] = None,
    undo: Annotated[int | None, Option("The request to make again", keyword_only=True)] = None,
) -> Answer:
    """End a mentorship from either side, and let the other side know. A mentor who ends a request declines it.

    The other side hears of it at once, so a mentorship ends only with a `confirm`. `undo` makes a withdrawn request again.
    """
    user_id, everyone = context.caller.user_id, await _everything_open(context)
    if undo is not None:
        request = await mentor_requests.renew_request(matcher_of(context), user_id, undo)
        return views.request_card(request, ANSWER_WITHIN.days, ANY, await _visibility(context))
    own = [contact for contact in everyone if contact.side is MentorshipSide.MENTOR]
    if who is not None:
        found = find_contact(who, everyone)
    else:
        # Without a name only a learner's own mentorship is meant, so a mentor is asked which learner.
        found = own[0] if own else ContactChoice("", tuple(everyone), tuple(everyone))
    if not isinstance(found, Contact):
        return views.contact_choice_card(found, "pair end")
    if confirm is None and found.mentorship.state is MentorshipState.ACTIVE:
        return views.end_preview_card(found)
    ended = await mentor_requests.end_mentorship(matcher_of(context), user_id, found.mentorship.id)
    return views.ended_card(*ended)


async def _everything_open(context: Context) -> list[Contact]:
    """List the caller's own mentorship or request first, then their learners and the requests to them."""
    user_id, mentorships = context.caller.user_id, context.uow.mentorships
    own = await mentorships.of_learner(user_id, context.role)
    as_mentor = await mentorships.of_mentor(user_id, context.role)
    return [contact_of(mentorship, user_id) for mentorship in (*([own] if own else []), *as_mentor)]


Asking = Annotated[Person | None, Option("Who's asking", suggest=_suggest_requests, called=("request", "learner"))]


async def _find_request(context: Context, who: str | None) -> Contact | ContactChoice:
    """Find the request to answer. A learner who's named may be accepted already."""
    asking = await _requests(context)
    learners = await _requests(context, MentorshipState.ACTIVE) if who else []
    found = find_contact(who, [*asking, *learners])
    return found if isinstance(found, Contact) or found.matches else replace(found, everyone=tuple(asking))


@registry.command(
    "pair accept",
    "Accept a learner who'd like you as a mentor.",
    writes=True,
    examples=("pair accept Ada",),
    intents=(
        "i'll take {who}",
        "accept {who}",
        "yes to {who}",
        "happy to take {who} on",
        "I'll be their mentor",
        "yes, I'll take the learner on",
        "accept the request",
    ),
    label="Accept {who}|Accept a learner",
)
async def pair_accept(context: Context, who: Asking = None) -> Answer:
    """Accept a request. A mentor's first learner also starts the weekly digest."""
    await ensure_no_guest(context.caller)
    found = await _find_request(context, who)
    if not isinstance(found, Contact):
        return views.contact_choice_card(found, "pair accept")
    user_id = context.caller.user_id
    mentorship, is_new = await mentor_requests.accept_request(matcher_of(context), user_id, found.mentorship.id)
    if not is_new:
        return views.already_accepted_card(mentorship)
    digest = await subscriptions_of(context).ensure_digest(context.to_caller, await context.zone() or UTC)
    next_messages = (await forecast_for(await context.learner())).next_messages()
    return views.accepted_card(mentorship, digest, next_messages.get(digest.id) if digest else None)


@registry.command(
    "pair decline",
    "Decline a learner who'd like you as a mentor.",
    writes=True,
    examples=("pair decline Ada",),
    intents=(
        "no room for {who}",
        "decline {who}",
        "i can't take anyone",
        "give {who} to someone else",
        "I can't take that learner",
        "not now, ask someone else",
        "I'm too busy to mentor them",
    ),
    label="Decline {who}|Decline a learner",
)
async def pair_decline(context: Context, who: Asking = None) -> Answer:
    """Decline a request, and ask the next mentor."""
    found = await _find_request(context, who)
    if not isinstance(found, Contact):
        return views.contact_choice_card(found, "pair decline")
    user_id = context.caller.user_id
    return views.declined_card(await mentor_requests.decline_request(matcher_of(context), user_id, found.mentorship.id))


def _skills_or_any(pack: Pack) -> tuple[Choice, ...]:
    return (Choice("Any skill", ANY), *skill_choices(pack))


_LEARNERS = r"(?:learners?|mentees?|people|persons?|juniors?)"
_MORE = re.compile(
    rf"(?:another |an? |one )?(?P<number>\w+)? ?(?:more|additional|extra|new)(?: {_LEARNERS})?|"
    rf"another (?P<others>\w+)? ?{_LEARNERS}|another one",
    re.IGNORECASE,
)


def _read_more(text: str) -> int:
    """Read how many learners more a mentor could take: “one more”, “2 more learners”.

    Raises:
        BadValue: it's something else.
    """
    named = _MORE.fullmatch(text.strip())
    digits = in_digits((named["number"] or named["others"] or "1").lower()) if named else ""
    if not digits.isdecimal() or not 1 <= int(digits) <= MAX_LEARNERS:
        raise BadValue(f"How many more? Enter a number, e.g. 2 more, up to {MAX_LEARNERS}.", option="more")
    return int(digits)


def _more(count: int) -> str:
    return f"{count} more"


@registry.command(
    "pair offer",
    "Offer to be a mentor.",
    writes=True,
    examples=("pair offer {skill}, {skill.2} max:3", "pair offer max:0"),
    intents=(
        "i want to mentor",
        "happy to take {max} juniors",
        "i could mentor someone",
        "i offer {skills}",
        "I'd like to help others learn",
        "I can be a mentor",
        "I want to become a mentor",
        "I have room for more learners",
        "I can take {max!} learners",
        "I can only take {max!} people",
        "only {max!} learners at a time",
        "don't send me new learners {max=0}",
        "I can't take anyone new {max=0}",
        "no more learners for me {max=0}",
        "I'm full {max=0}",
        "stop new requests {max=0}",
        "I can take {more}",
        "I have room for {more}",
        "happy to take on {more}",
    ),
    label=(
        "Take no new learners{max=0}|Mentor up to {max} learner(s)[, in {skills}]|Take {more} than now|"
        "Offer to mentor[ in {skills}]"
    ),
)
async def pair_offer(
    context: Context,
    skills: Annotated[
        Entries | None,
        Option(
            "Skills you offer, separated by commas, or any", listed=_skills_or_any, greedy=True, called=("skill", "in")
        ),
    ] = None,
    max: Annotated[  # noqa: A002  the word people type
        int | None,
        Option(
            "How many learners at once; 0 for no new ones",
            low=0,
            high=MAX_LEARNERS,
            called=("learners", "people", "limit"),
        ),
    ] = None,
    more: Annotated[
        int | None,
        Option(
            "How many more than now, e.g. one more",
            keyword_only=True,
            unlisted=True,
            called=("extra",),
            reader=_read_more,
            words=_more,
        ),
    ] = None,
    choose: Annotated[
        str | None, Option("Choose the skills", choices=lambda _: yes("Choose skills"), keyword_only=True)
    ] = None,
) -> Answer:
    """Save the offer, and find mentors for everyone waiting. Before someone is offered to everyone, they're asked."""
    if choose is not None and skills is None:
        raise MissingOption("skills")
    user_id, matcher = context.caller.user_id, matcher_of(context)
    if max == 0:
        before = await mentor_requests.take_nobody_new(matcher, user_id)
        learners = await mentoring.learners_of(context.uow, context.role, user_id)
        return views.nobody_new_card(before, [learner.name for learner in learners])
    await ensure_no_guest(context.caller)
    current = await context.uow.mentorships.mentor(user_id, context.role)
    is_offering = current is not None and current.offering
    limit = max or (current.max_learners if current and is_offering else DEFAULT_LEARNERS)
    if more is not None:
        limit = min((current.load if current else 0) + more, MAX_LEARNERS)
    if skills is None and not is_offering:
        return views.offer_preview_card(context.pack, limit)
    offered = [skill for skill in skills or () if skill != ANY] if skills or not current else list(current.skills)
    await _ensure_caller_with_zone(context)
    await mentor_requests.offer_mentoring(matcher, user_id, offered, limit)
    await mark_mentor(context, has=True)
    return views.offer_card(context.pack, offered, limit, current)


@registry.fills_in("pair offer")
async def _saved_offer(context: Context) -> dict[str, str]:
    offer = await context.uow.mentorships.mentor(context.caller.user_id, context.role)
    if offer is None or not offer.offering:
        return {}
    return {"skills": ", ".join(offer.skills) or ANY, "max": str(offer.max_learners)}


@registry.command(
    "pair stop",
    "Stop mentoring; I'll find your learners someone else.",
    writes=True,
    intents=("I can't mentor any more", "hand over my learners", "I want to stop being a mentor"),
    label="Stop mentoring",
)
async def pair_stop(
    context: Context,
    confirm: Annotated[
        str | None, Option("Hand them over", choices=lambda _: yes("Yes, hand them over"), keyword_only=True)
    ] = None,
) -> Answer:
    """Ask first, then let the mentor's learners know and find them someone else."""
    user_id = context.caller.user_id
    learners = [contact.name for contact in await mentoring.learners_of(context.uow, context.role, user_id)]
    if learners and confirm is None:
        return views.stop_preview_card(learners)
    await matcher_of(context).release(user_id)
    await mark_mentor(context, has=False)
    return views.stopped_card(learners)
