"""`pair request | list | end`: finding a mentor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from mentorbot.chat.cards import Answer, Block, Bullets, Button, Buttons, Card, Choice, Footnote, Paragraph, bold, rich
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.pairing import ANSWER_IN, Table
from mentorbot.domain.records import Mentor, Mentorship
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import Option
from mentorbot.slash.tokenizer import format_line

ANY = "any"
MOST_LEARNERS = 20
_MENTION = re.compile(r"<@[!]?([A-Za-z0-9]+)(?:\|[^>]*)?>")


def table_of(context: Context) -> Table:
    """The caller's workspace, now."""
    return Table(context.uow, context.pack, context.now)


async def known_here(context: Context) -> None:
    """Keep who the caller is, and their zone if the platform tells it: matching looks at working hours."""
    person = await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    if person.zone is None and (zone := await context.zone()):
        await context.uow.people.set_zone(context.caller.user_id, zone)


async def _suggest_mentors(context: Context, _: str) -> tuple[Choice, ...]:
    mentors = await context.uow.mentorships.mentors(context.pack.info.role)
    free = [Choice(one.name, one.person) for one in mentors if one.room and one.person != context.caller.user_id]
    return (Choice("Whoever fits best", ANY), *free)


@registry.command("pair request", "Ask for a mentor.", writes=True, examples=("pair request any", "pair request Ada"))
async def pair_request(
    context: Context,
    who: Annotated[str, Option("A mentor's name, or any", suggest=_suggest_mentors, greedy=True)] = ANY,
) -> Answer:
    """Ask one mentor, or whoever fits best."""
    await known_here(context)
    await context.uow.mentorships.hold()
    role, person = context.pack.info.role, context.caller.user_id
    known = await context.uow.mentorships.of_learner(person, role)
    if known is not None:
        return _open_already(known)
    table = table_of(context)
    if who.strip().lower().lstrip("@") == ANY:
        return await _ask_any(context, table)
    mentor = await _meant(context, who)
    pairing = await context.uow.mentorships.request(person, role, mentor.person, context.now + ANSWER_IN)
    await table.tell(mentor.person, f"pair:{pairing.id}", f"p{pairing.id:x}-1")
    return await _asked(context, table, replace(mentor, load=mentor.load + 1))


async def _ask_any(context: Context, table: Table) -> Card:
    """Put the learner among those who wait, and bring all of them together with whoever has room."""
    role, person = context.pack.info.role, context.caller.user_id
    pairing = await context.uow.mentorships.wait(person, role)
    await table.place_waiting()
    now = await context.uow.mentorships.get(pairing.id)
    if now is None or now.mentor is None:
        await table.tell_admins(pairing)
        text = "No mentor has room just now. I keep your request, and ask as soon as somebody has."
        return Card("You are on the list", (Paragraph(rich(text)), ways_on("pair list", "pair end")))
    mentor = await context.uow.mentorships.mentor(now.mentor, role)
    return await _asked(context, table, mentor) if mentor else _open_already(now)


async def _asked(context: Context, table: Table, mentor: Mentor) -> Card:
    why = await table.why(context.caller.user_id, mentor)
    days = ANSWER_IN.days
    blocks: list[Block] = [
        Paragraph(rich("I have asked ", bold(mentor.name), ".")),
        Bullets(tuple(rich(reason) for reason in why)),
        Footnote(
            rich(
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


def _open_already(known: Mentorship) -> Card:
    told = {
        "active": f"{known.mentor_name} is your mentor. End that first if you want another one.",
        "requested": f"I have asked {known.mentor_name} already and wait for the answer.",
        "waiting": "You are on the list. I ask as soon as a mentor has room.",
    }
    end = Button("End it", "pair end") if known.state == "active" else Button(_LABELS["pair end"], "pair end")
    ways = Buttons((Button(_LABELS["pair share"], "pair share"), end))
    title = "You have a mentor" if known.state == "active" else "You have asked already"
    return Card(title, (Paragraph(rich(told.get(known.state, ""))), ways))


async def _meant(context: Context, who: str) -> Mentor:
    """The mentor that is meant, who must have room and be somebody else."""
    mentors = await context.uow.mentorships.mentors(context.pack.info.role)
    mention = _MENTION.search(who)
    wanted = (mention[1] if mention else who.strip().lstrip("@")).lower()
    others = [one for one in mentors if one.offering and one.person != context.caller.user_id]
    # An id means one person, whatever others call themselves.
    found = [one for one in others if one.person.lower() == wanted]
    found = found or [one for one in others if one.name.lower() == wanted]
    if not found:
        raise _nobody(context, who, wanted, others)
    free = [one for one in found if one.room]
    if not free:
        raise NotFound(
            f"{found[0].name} has no room for another learner just now.", suggestions=("pair request any", "pair list")
        )
    if len(free) > 1:
        raise NotFound(
            f"{len(free)} mentors are called {found[0].name}. Choose one in the list, or mention them with @.",
            suggestions=("pair list", "pair request any"),
        )
    return free[0]


def _nobody(context: Context, who: str, wanted: str, others: Sequence[Mentor]) -> BadValue | NotFound:
    """Why nobody is meant by `wanted`, and what to type instead."""
    if wanted in (context.caller.user_id.lower(), context.caller.name.lower()):
        return BadValue(
            "You cannot be your own mentor. Ask somebody else, or write any.", option="who", suggestions=(ANY,)
        )
    near = nearest(wanted, [one.name for one in others if one.room])
    guess = f" Did you mean {near}?" if near else ""
    return NotFound(
        f"“{short(who, 40)}” does not offer to mentor here.{guess} Look who does, or write any.",
        suggestions=(*((f"pair request {near}",) if near else ()), "pair list", "pair request any"),
    )


@registry.command("pair list", "Who offers to mentor, in what, and who has room.")
async def pair_list(context: Context) -> Answer:
    """The mentors of the workspace."""
    mentors = [one for one in await context.uow.mentorships.mentors(context.pack.info.role) if one.offering]
    if not mentors:
        text = "Nobody offers to mentor here yet. You could be the first."
        return Card("Mentors", (Paragraph(rich(text)), Buttons((Button("Offer to mentor", "pair offer max:3"),))))
    items = tuple(rich(bold(one.name), f": {_skills_of(context.pack, one)} · {_room_of(one)}") for one in mentors)
    free = [one for one in mentors if one.room and one.person != context.caller.user_id]
    buttons = tuple(
        Button(f"Ask {short(one.name, 40)}", format_line(("pair", "request"), {"who": one.person})) for one in free[:5]
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
    context: Context,
    request: Annotated[int | None, Option("Which one, if you are the mentor", low=1, high=2**31 - 1)] = None,
) -> Answer:
    """End a pairing, from either side; the other one is told. A mentor who ends a request declines it."""
    await context.uow.mentorships.hold()
    role, person = context.pack.info.role, context.caller.user_id
    pairing = (
        await context.uow.mentorships.of_learner(person, role)
        if request is None
        else await context.uow.mentorships.get(request)
    )
    if pairing is None or person not in (pairing.learner, pairing.mentor) or pairing.state == "ended":
        raise NotFound("There is nothing open to end.", suggestions=("pair list", "mentees"))
    if person == pairing.mentor and pairing.state == "requested":
        return await decline(context, pairing)
    if not await context.uow.mentorships.change(pairing, "ended"):
        raise NotFound("That has changed meanwhile. Look again.", suggestions=("pair list", "mentees"))
    await table_of(context).settle(pairing)
    if pairing.state == "active":
        # It was agreed with this mentor; the next one sees nothing until it is agreed again.
        await context.uow.learners.set_share(pairing.learner, pairing.role, "nothing")
        other = pairing.mentor if person == pairing.learner else pairing.learner
        await table_of(context).tell(other or pairing.learner, f"ended:{pairing.id}", f"e{pairing.id:x}")
    await table_of(context).place_waiting()
    return _ended(pairing, mine=person == pairing.learner)


def _ended(pairing: Mentorship, *, mine: bool) -> Card:
    if pairing.state != "active":
        return Card("Taken back", (Paragraph(rich("Your request is taken back.")), ways_on("pair list")))
    if mine:
        text = f"{pairing.mentor_name} is no longer your mentor, and sees nothing of your plan any more."
        return Card("Ended", (Paragraph(rich(text)), ways_on("pair list")))
    text = f"You are no longer {pairing.learner_name}'s mentor, and see nothing of their plan any more."
    return Card("Ended", (Paragraph(rich(text)), ways_on("mentees")))


async def decline(context: Context, pairing: Mentorship) -> Card:
    """The mentor who was asked says no; the next one is asked."""
    await table_of(context).place([pairing])
    text = f"I look for somebody else for {pairing.learner_name}, and do not pass on who said no."
    return Card("That is fine", (Paragraph(rich(text)),))
