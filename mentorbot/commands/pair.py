"""`pair request | accept | decline | list | offer | end`: finding a mentor, and being one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from typing import Annotated

from mentorbot.cadence import Cadence, Weekday
from mentorbot.cards import Answer, Block, Bullets, Button, Buttons, Card, Choice, Note, Paragraph, bold, words
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.desk import UTC, Desk, title_name
from mentorbot.commands.pairing import ANSWER_IN, Table
from mentorbot.commands.values import nearest, short
from mentorbot.errors import BadValue, NotAllowed, NotFound
from mentorbot.packs.model import Pack
from mentorbot.storage import Mentor, Pairing, Schedule
from mentorbot.storage.schedules import DIGEST, direct_to

registry.group("pair", "Mentors and learners.")

ANY = "any"
MOST_LEARNERS = 20
_MENTION = re.compile(r"<@[!]?([A-Za-z0-9]+)(?:\|[^>]*)?>")

PairingId = Annotated[int, Option("Which request", low=1, high=2**31 - 1)]


def table_of(call: Call) -> Table:
    """The caller's workspace, now."""
    return Table(call.unit, call.pack, call.now)


async def known_here(call: Call) -> None:
    """Keep who the caller is, and their zone if the platform tells it: matching looks at working hours."""
    person = await call.unit.people.ensure(call.caller.person, call.caller.name)
    if person.zone is None and (zone := await call.zone()):
        await call.unit.people.set_zone(call.caller.person, zone)


async def _suggest_mentors(call: Call, _: str) -> tuple[Choice, ...]:
    mentors = await call.unit.pairs.mentors(call.pack.info.role)
    free = [Choice(one.name, one.name) for one in mentors if one.room and one.person != call.caller.person]
    return (Choice("Whoever fits best", ANY), *free)


@registry.command("pair request", "Ask for a mentor.", writes=True, examples=("pair request any", "pair request Ada"))
async def pair_request(
    call: Call, who: Annotated[str, Option("A mentor's name, or any", suggest=_suggest_mentors, rest=True)] = ANY
) -> Answer:
    """Ask one mentor, or whoever fits best."""
    await known_here(call)
    role, person = call.pack.info.role, call.caller.person
    known = await call.unit.pairs.of_learner(person, role)
    if known is not None:
        return _open_already(known)
    table = table_of(call)
    if who.strip().lower().lstrip("@") == ANY:
        return await _ask_any(call, table)
    mentor = await _meant(call, who)
    pairing = await call.unit.pairs.request(person, role, mentor.person, call.now + ANSWER_IN)
    await table.tell(mentor.person, f"pair:{pairing.id}", f"p{pairing.id:x}-1")
    return await _asked(call, table, replace(mentor, load=mentor.load + 1))


async def _ask_any(call: Call, table: Table) -> Card:
    """Put the learner among those who wait, and bring all of them together with whoever has room."""
    role, person = call.pack.info.role, call.caller.person
    pairing = await call.unit.pairs.wait(person, role)
    await table.place_waiting()
    now = await call.unit.pairs.get(pairing.id)
    if now is None or now.mentor is None:
        text = "No mentor has room just now. I keep your request, and ask as soon as somebody has."
        return Card("You are on the list", (Paragraph(words(text)), _ways_on("pair list", "pair end")))
    mentor = await call.unit.pairs.mentor(now.mentor, role)
    return await _asked(call, table, mentor) if mentor else _open_already(now)


async def _asked(call: Call, table: Table, mentor: Mentor) -> Card:
    why = await table.why(call.caller.person, mentor)
    days = ANSWER_IN.days
    blocks: list[Block] = [
        Paragraph(words("I have asked ", bold(mentor.name), ".")),
        Bullets(tuple(words(reason) for reason in why)),
        Note(
            words(
                f"Without an answer within {days} days I ask the next one. They see your name and your aim, nothing else."
            )
        ),
        _ways_on("pair share", "pair end"),
    ]
    return Card("Your request is on its way", tuple(blocks))


_LABELS = {
    "pair share": "What a mentor sees",
    "pair end": "Take it back",
    "pair list": "Who offers to mentor",
    "mentees": "My learners",
}


def _ways_on(*lines: str) -> Buttons:
    return Buttons(tuple(Button(_LABELS[line], line) for line in lines))


def _open_already(known: Pairing) -> Card:
    told = {
        "active": f"{known.mentor_name} is your mentor. End that first if you want another one.",
        "requested": f"I have asked {known.mentor_name} already and wait for the answer.",
        "waiting": "You are on the list. I ask as soon as a mentor has room.",
    }
    return Card(
        "You have asked already", (Paragraph(words(told.get(known.state, ""))), _ways_on("pair share", "pair end"))
    )


async def _meant(call: Call, who: str) -> Mentor:
    """The mentor that is meant, who must have room and be somebody else."""
    mentors = await call.unit.pairs.mentors(call.pack.info.role)
    mention = _MENTION.search(who)
    wanted = (mention[1] if mention else who.strip().lstrip("@")).lower()
    if wanted in (call.caller.person.lower(), call.caller.name.lower()):
        raise BadValue("You cannot be your own mentor. Ask somebody else, or write any.", option="who", tries=(ANY,))
    found = [one for one in mentors if wanted in (one.person.lower(), one.name.lower())]
    if not found or not found[0].offering:
        near = nearest(wanted, [one.name for one in mentors if one.room])
        guess = f" Did you mean {near}?" if near else ""
        raise NotFound(
            f"“{short(who, 40)}” does not offer to mentor here.{guess} Look who does, or write any.",
            tries=(*((f"pair request {near}",) if near else ()), "pair list", "pair request any"),
        )
    if not found[0].room:
        raise NotFound(
            f"{found[0].name} has no room for another learner just now.", tries=("pair request any", "pair list")
        )
    return found[0]


@registry.command("pair accept", "Take on a learner who asks for you.", writes=True)
async def pair_accept(call: Call, request: PairingId) -> Answer:
    """Say yes to a request."""
    pairing = await _asked_of_me(call, request)
    if pairing.state == "active":
        return Card(
            "You said yes already", (Paragraph(words(f"You are {pairing.learner_name}'s mentor.")), _ways_on("mentees"))
        )
    if not await call.unit.pairs.change(pairing, "active"):
        raise NotFound("That request has gone to somebody else meanwhile.", tries=("mentees",))
    await table_of(call).tell(pairing.learner, f"accepted:{pairing.id}", f"y{pairing.id:x}-{len(pairing.asked):x}")
    digest = await start_digest(call)
    local = digest.next_run_at.astimezone(digest.cadence.zone)
    blocks: tuple[Block, ...] = (
        Paragraph(
            words(f"You are {pairing.learner_name}'s mentor now. I tell them. They choose what you see of their plan.")
        ),
        Note(words(f"Once a week you get one message about all your learners, first on {local:%A, %-d %B, %H:%M}.")),
        Buttons(
            (Button("My learners", "mentees", "primary"), Button("Another time for the digest", "pair digest day:?"))
        ),
    )
    return Card("Thank you", blocks)


async def start_digest(call: Call) -> Schedule:
    """The caller's weekly digest; started, if they have none, for Monday morning in their own zone."""
    person, role = call.caller.person, call.pack.info.role
    known = await call.unit.schedules.get(f"@{person}", DIGEST)
    if known is not None:
        return known
    cadence = Cadence(Weekday.MONDAY, time(9), await call.zone() or UTC)
    place = direct_to(call.caller.channel.workspace, person, call.caller.name)
    return await call.unit.schedules.start(place, cadence, role, person, call.now, DIGEST)


@registry.command("pair decline", "Say no to a learner who asks for you.", writes=True)
async def pair_decline(call: Call, request: PairingId) -> Answer:
    """Say no; the next mentor is asked."""
    pairing = await _asked_of_me(call, request)
    if pairing.state != "requested":
        raise NotFound("That request is settled. To end it, use pair end.", tries=("mentees",))
    await table_of(call).place([pairing])
    return Card(
        "That is fine",
        (Paragraph(words(f"I ask somebody else for {pairing.learner_name}. They do not hear who said no.")),),
    )


async def _asked_of_me(call: Call, request: int) -> Pairing:
    """A pairing in which the caller is the mentor. Nobody can tell one of others from one that is not there."""
    pairing = await call.unit.pairs.get(request)
    if pairing is None or pairing.mentor != call.caller.person or pairing.state not in ("requested", "active"):
        raise NotFound("That request is no longer open to you. It may have gone to somebody else.", tries=("mentees",))
    return pairing


@registry.command("pair list", "Who offers to mentor, in what, and who has room.")
async def pair_list(call: Call) -> Answer:
    """The mentors of the workspace."""
    mentors = [one for one in await call.unit.pairs.mentors(call.pack.info.role) if one.offering]
    if not mentors:
        text = "Nobody offers to mentor here yet. You could be the first."
        return Card("Mentors", (Paragraph(words(text)), Buttons((Button("Offer to mentor", "pair offer max:3"),))))
    items = tuple(words(bold(one.name), f": {_skills_of(call.pack, one)} · {_room_of(one)}") for one in mentors)
    free = [one for one in mentors if one.room and one.person != call.caller.person]
    buttons = tuple(
        Button(f"Ask {short(one.name, 40)}", f'pair request "{one.name}"') for one in free[:5] if '"' not in one.name
    )
    best = (Button("Ask whoever fits best", "pair request any", "primary"),) if free else ()
    return Card("Mentors", (Bullets(items), Buttons((*best, *buttons, Button("Offer to mentor", "pair offer max:3")))))


def _skills_of(pack: Pack, mentor: Mentor) -> str:
    names = {skill.id: skill.title for skill in pack.skills}
    return ", ".join(names.get(skill, skill) for skill in mentor.skills) or "any skill"


def _room_of(mentor: Mentor) -> str:
    return f"room for {mentor.room} more" if mentor.room else "no room just now"


@registry.command(
    "pair offer", "Offer to be a mentor.", writes=True, examples=("pair offer mlops, cloud max:3", "pair offer max:0")
)
async def pair_offer(
    call: Call,
    skills: Annotated[str | None, Option("Skills you offer, with commas; none means any", rest=True)] = None,
    max: Annotated[int, Option("How many learners at once; 0 takes no new ones", low=0, high=MOST_LEARNERS)] = 3,  # noqa: A002
) -> Answer:
    """Keep the offer, and place whoever waits."""
    chosen = _skill_ids(call.pack, skills or "")
    await known_here(call)
    role = call.pack.info.role
    await call.unit.pairs.offer(call.caller.person, role, chosen, max_or_one(max), offering=max > 0)
    if max == 0:
        return Card(
            "No new learners",
            (Paragraph(words("I ask you for nobody new. Those you have stay yours.")), _ways_on("mentees")),
        )
    await table_of(call).place_waiting()
    names = {skill.id: skill.title for skill in call.pack.skills}
    what = ", ".join(names[skill] for skill in chosen) or "any skill"
    text = f"You offer {what}, for up to {max} learner{'s' if max != 1 else ''} at once. I write to you when somebody asks."
    return Card("Thank you for offering", (Paragraph(words(text)), _ways_on("mentees")))


def max_or_one(most: int) -> int:
    """The number that is kept: who takes nobody new still has their number for later."""
    return most or 1


def _skill_ids(pack: Pack, text: str) -> list[str]:
    """The skills that a list names, by id or title."""
    found: list[str] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        known = {skill.id: skill.id for skill in pack.skills} | {skill.title.lower(): skill.id for skill in pack.skills}
        near = known.get(word.lower()) or known.get(nearest(word, list(known), cutoff=80) or "")
        if near is None:
            listed = ", ".join(skill.id for skill in pack.skills)
            raise BadValue(f"I do not know the skill “{short(word, 40)}”. I know: {listed}.", option="skills")
        found.append(near)
    return list(dict.fromkeys(found))


@registry.command(
    "pair end", "End it with your mentor, or with a learner.", writes=True, examples=("pair end", "pair end 12")
)
async def pair_end(
    call: Call, request: Annotated[int | None, Option("Which one, if you are the mentor", low=1, high=2**31 - 1)] = None
) -> Answer:
    """End a pairing, from either side; the other one is told."""
    role, person = call.pack.info.role, call.caller.person
    pairing = await call.unit.pairs.of_learner(person, role) if request is None else await call.unit.pairs.get(request)
    if pairing is None or person not in (pairing.learner, pairing.mentor) or pairing.state == "ended":
        raise NotFound("There is nothing open to end.", tries=("pair list", "mentees"))
    if not await call.unit.pairs.change(pairing, "ended"):
        raise NotFound("That has changed meanwhile. Look again.", tries=("pair list", "mentees"))
    await call.unit.notices.take_back(f"pair:{pairing.id}")
    other = pairing.mentor if person == pairing.learner else pairing.learner
    if other is not None and (pairing.state == "active" or person == pairing.mentor):
        await table_of(call).tell(other, f"ended:{pairing.id}", f"e{pairing.id:x}")
    await table_of(call).place_waiting()
    text = (
        "It is ended. From now on they see nothing of the plan."
        if pairing.state == "active"
        else "Your request is taken back."
    )
    return Card("Ended", (Paragraph(words(text)), _ways_on("pair list")))


async def request_card(call: Call, pairing: Pairing) -> Card:
    """What a mentor gets when a learner asks: who, what for, why them, and two buttons."""
    table = table_of(call)
    plan = (await call.unit.plans.get(pairing.learner, pairing.role)).plan
    aim = title_name(call, plan.title)
    mentor = await call.unit.pairs.mentor(call.caller.person, pairing.role)
    why = await table.why(pairing.learner, mentor) if mentor else ()
    blocks: list[Block] = [
        Paragraph(
            words(
                bold(pairing.learner_name),
                " asks whether you would be their mentor",
                f" on the way to {aim}." if aim else ".",
            )
        ),
        Bullets(tuple(words(f"You: {reason}") for reason in why)),
    ]
    if pairing.deadline:
        zone = (await Desk.open(call, shown=False)).zone
        blocks.append(
            Note(
                words(
                    f"Without an answer by {pairing.deadline.astimezone(zone):%A, %-d %B, %H:%M} I ask somebody else."
                )
            )
        )
    buttons = (
        Button("Accept", f"pair accept {pairing.id}", "primary"),
        Button("Decline", f"pair decline {pairing.id}"),
    )
    return Card("Would you be a mentor?", (*blocks, Buttons(buttons)))


def must_be_mentor(pairings: list[Pairing]) -> None:
    """Raise `NotAllowed` for somebody who has no learners."""
    if not pairings:
        raise NotAllowed(
            "You have no learners. Offer to mentor, and I ask you when somebody looks for one.",
            tries=("pair offer max:3",),
        )
