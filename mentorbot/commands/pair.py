"""`pair request | list | end`: finding a mentor."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

from mentorbot.cards import Answer, Block, Bullets, Button, Buttons, Card, Choice, Note, Paragraph, bold, words
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.pairing import ANSWER_IN, Table
from mentorbot.commands.values import nearest, short
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.model import Pack
from mentorbot.storage import Mentor, Pairing

registry.group("pair", "Mentors and learners.")

ANY = "any"
MOST_LEARNERS = 20
_MENTION = re.compile(r"<@[!]?([A-Za-z0-9]+)(?:\|[^>]*)?>")


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
        return Card("You are on the list", (Paragraph(words(text)), ways_on("pair list", "pair end")))
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
        ways_on("pair share", "pair end"),
    ]
    return Card("Your request is on its way", tuple(blocks))


_LABELS = {
    "pair share": "What a mentor sees",
    "pair end": "Take it back",
    "pair list": "Who offers to mentor",
    "mentees": "My learners",
}


def ways_on(*lines: str) -> Buttons:
    return Buttons(tuple(Button(_LABELS[line], line) for line in lines))


def _open_already(known: Pairing) -> Card:
    told = {
        "active": f"{known.mentor_name} is your mentor. End that first if you want another one.",
        "requested": f"I have asked {known.mentor_name} already and wait for the answer.",
        "waiting": "You are on the list. I ask as soon as a mentor has room.",
    }
    return Card(
        "You have asked already", (Paragraph(words(told.get(known.state, ""))), ways_on("pair share", "pair end"))
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
    return Card("Ended", (Paragraph(words(text)), ways_on("pair list")))
