"""`pair request | list | end | accept | decline | offer`: finding a mentor, and being one."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import subscriptions_of
from mentorbot.domain.mentoring import MAX_LEARNERS
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services import mentor_requests
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import UTC
from mentorbot.services.mentoring import ANSWER_WITHIN, MentorMatcher
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import Option
from mentorbot.views import mentoring as views

ANY = "any"
MAX_ID = 2**31 - 1
RequestId = Annotated[int, Option("Which request", low=1, high=MAX_ID)]


def matcher_of(context: Context) -> MentorMatcher:
    """Open the matching of the caller's workspace, as of now."""
    return MentorMatcher(context.uow, context.pack, context.now)


async def _ensure_caller_with_zone(context: Context) -> None:
    """Record the caller, with their zone if the platform knows it, because matching compares working hours."""
    person = await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    if person.zone is None and (zone := await context.zone()):
        await context.uow.people.set_zone(context.caller.user_id, zone)


async def _suggest_mentors(context: Context, _: str) -> tuple[Choice, ...]:
    mentors = await context.uow.mentorships.mentors(context.role)
    others = (mentor for mentor in mentors if mentor.room and mentor.user_id != context.caller.user_id)
    return (Choice("Whoever fits best", ANY), *(Choice(mentor.name, mentor.user_id) for mentor in others))


@registry.command("pair request", "Ask for a mentor.", writes=True, examples=("pair request any", "pair request Ada"))
async def pair_request(
    context: Context,
    who: Annotated[str, Option("A mentor's name, or any", suggest=_suggest_mentors, greedy=True)] = ANY,
) -> Answer:
    """Ask one mentor, or the best match."""
    await _ensure_caller_with_zone(context)
    name = None if who.strip().lower().lstrip("@") == ANY else who
    caller = context.caller
    request = await mentor_requests.request_mentor(matcher_of(context), caller.user_id, caller.name, name)
    return views.request_card(request, ANSWER_WITHIN.days)


@registry.command("pair list", "Who offers to mentor, in what, and who has room.")
async def pair_list(context: Context) -> Answer:
    """List the workspace's mentors who take learners."""
    mentors = await context.uow.mentorships.mentors(context.role)
    offering = [mentor for mentor in mentors if mentor.offering]
    return views.mentors_card(context.pack, offering, context.caller.user_id)


@registry.command(
    "pair end", "End it with your mentor, or with a learner.", writes=True, examples=("pair end", "pair end 12")
)
async def pair_end(
    context: Context,
    request: Annotated[int | None, Option("Which one, if you are the mentor", low=1, high=MAX_ID)] = None,
) -> Answer:
    """End a mentorship from either side, and let the other side know. A mentor who ends a request declines it."""
    ended = await mentor_requests.end_mentorship(matcher_of(context), context.caller.user_id, request)
    return views.ended_card(*ended)


@registry.command("pair accept", "Take on a learner who asks for you.", writes=True)
async def pair_accept(context: Context, request: RequestId) -> Answer:
    """Accept a request. A mentor's first learner also starts the weekly digest."""
    user_id = context.caller.user_id
    mentorship, is_new = await mentor_requests.accept_request(matcher_of(context), user_id, request)
    if not is_new:
        return views.already_accepted_card(mentorship)
    digest = await subscriptions_of(context).ensure_digest(context.to_caller, await context.zone() or UTC)
    next_messages = (await forecast_for(await context.learner())).next_messages()
    return views.accepted_card(mentorship, digest, next_messages.get(digest.id) if digest else None)


@registry.command("pair decline", "Say no to a learner who asks for you.", writes=True)
async def pair_decline(context: Context, request: RequestId) -> Answer:
    """Decline a request, and ask the next mentor."""
    user_id = context.caller.user_id
    return views.declined_card(await mentor_requests.decline_request(matcher_of(context), user_id, request))


@registry.command(
    "pair offer", "Offer to be a mentor.", writes=True, examples=("pair offer mlops, cloud max:3", "pair offer max:0")
)
async def pair_offer(
    context: Context,
    skills: Annotated[str | None, Option("Skills you offer, with commas; none means any", greedy=True)] = None,
    max: Annotated[int, Option("How many learners at once; 0 takes no new ones", low=0, high=MAX_LEARNERS)] = 3,  # noqa: A002  what people type
) -> Answer:
    """Save the offer, and find mentors for everyone waiting."""
    offered = _read_skills(context.pack, skills or "")
    await _ensure_caller_with_zone(context)
    await mentor_requests.offer_mentoring(matcher_of(context), context.caller.user_id, offered, max)
    return views.offer_card(context.pack, offered, max)


def _read_skills(pack: Pack, text: str) -> list[str]:
    """Read a list of skills, each by its id or title; “any” gives an empty list."""
    names = {skill: skill for skill in pack.skill_titles}
    names |= {title.lower(): skill for skill, title in pack.skill_titles.items()}
    words = [word.strip() for word in text.split(",")]
    skills = [_read_skill(names, word) for word in words if word and text.strip().lower() != ANY]
    return list(dict.fromkeys(skills))


def _read_skill(names: dict[str, str], word: str) -> str:
    skill = names.get(word.lower()) or names.get(nearest(word, list(names), cutoff=80) or "")
    if skill is None:
        listed = ", ".join(dict.fromkeys(names.values()))
        raise BadValue(f"I do not know the skill “{short(word, 40)}”. I know: {listed}.", option="skills")
    return skill
