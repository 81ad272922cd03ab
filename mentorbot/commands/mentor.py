"""`pair accept | decline | offer`: the mentor's side."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.cadences import NINE
from mentorbot.commands.coming import Outlook
from mentorbot.commands.context import Context
from mentorbot.commands.desk import UTC, Desk, title_name
from mentorbot.commands.pair import ANY, MOST_LEARNERS, decline, known_here, table_of, ways_on
from mentorbot.commands.reach import CLOSED_TO_ME
from mentorbot.domain.records import Mentorship, Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue, NotAllowed, NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import Option
from mentorbot.storage.schedules import DIGEST, direct_to

PairingId = Annotated[int, Option("Which request", low=1, high=2**31 - 1)]


@registry.command("pair accept", "Take on a learner who asks for you.", writes=True)
async def pair_accept(context: Context, request: PairingId) -> Answer:
    """Say yes to a request."""
    pairing = await _asked_of_me(context, request)
    if pairing.state == "active":
        return Card(
            "You said yes already", (Paragraph(rich(f"You are {pairing.learner_name}'s mentor.")), ways_on("mentees"))
        )
    if not await context.uow.mentorships.change(pairing, "active"):
        raise NotFound("That request has gone to somebody else meanwhile.", suggestions=("mentees",))
    await table_of(context).tell(pairing.learner, f"accepted:{pairing.id}", f"y{pairing.id:x}-{len(pairing.asked):x}")
    blocks: tuple[Block, ...] = (
        Paragraph(
            rich(f"You are {pairing.learner_name}'s mentor now. I tell them. They choose what you see of their plan.")
        ),
        Footnote(rich(await _digest_words(context))),
        Buttons(
            (Button("My learners", "mentees", "primary"), Button("Another time for the digest", "pair digest day:?"))
        ),
    )
    return Card("Thank you", blocks)


async def _digest_words(context: Context) -> str:
    digest = await _start_digest(context)
    if digest is None:
        return "You have stopped the weekly message about your learners; it stays so."
    if digest.state == "paused":
        return f"The weekly message about your learners has stopped. {CLOSED_TO_ME}"
    coming = (await Outlook.open(context)).coming()[digest.id]
    return f"Once a week you get one message about all your learners. Next: {coming.in_words(digest.cadence.zone)}."


async def _start_digest(context: Context) -> Schedule | None:
    """The caller's weekly digest; started for Monday morning in their own zone, unless they have one. None when they have
    stopped it.
    """
    person, role = context.caller.user_id, context.pack.info.role
    known = await context.uow.schedules.get(f"@{person}", DIGEST)
    if known is not None or await context.uow.schedules.stopped(f"@{person}", DIGEST):
        return known
    cadence = Recurrence.weekly(Weekday.MONDAY, NINE, await context.zone() or UTC)
    place = direct_to(context.caller.channel.workspace, person, context.caller.name)
    return await context.uow.schedules.start(place, cadence, role, person, context.now, DIGEST)


@registry.command("pair decline", "Say no to a learner who asks for you.", writes=True)
async def pair_decline(context: Context, request: PairingId) -> Answer:
    """Say no; the next mentor is asked."""
    pairing = await _asked_of_me(context, request)
    if pairing.state != "requested":
        raise NotFound("That request is settled. To end it, use pair end.", suggestions=("mentees",))
    return await decline(context, pairing)


async def _asked_of_me(context: Context, request: int) -> Mentorship:
    """A pairing in which the caller is the mentor. Nobody can tell one of others from one that is not there."""
    await context.uow.mentorships.hold()
    pairing = await context.uow.mentorships.get(request)
    if pairing is None or pairing.mentor != context.caller.user_id or pairing.state not in ("requested", "active"):
        raise NotFound(
            "That request is no longer open to you. It may have gone to somebody else.", suggestions=("mentees",)
        )
    return pairing


@registry.command(
    "pair offer", "Offer to be a mentor.", writes=True, examples=("pair offer mlops, cloud max:3", "pair offer max:0")
)
async def pair_offer(
    context: Context,
    skills: Annotated[str | None, Option("Skills you offer, with commas; none means any", greedy=True)] = None,
    max: Annotated[int, Option("How many learners at once; 0 takes no new ones", low=0, high=MOST_LEARNERS)] = 3,  # noqa: A002  what people type
) -> Answer:
    """Keep the offer, and place whoever waits."""
    chosen = _skill_ids(context.pack, skills or "")
    await known_here(context)
    role = context.pack.info.role
    await context.uow.mentorships.offer(context.caller.user_id, role, chosen, max_or_one(max), offering=max > 0)
    if max == 0:
        return Card(
            "No new learners",
            (Paragraph(rich("I ask you for nobody new. Those you have stay yours.")), ways_on("mentees")),
        )
    await table_of(context).place_waiting()
    names = {skill.id: skill.title for skill in context.pack.skills}
    what = ", ".join(names[skill] for skill in chosen) or "any skill"
    text = f"You offer {what}, for up to {max} learner{'s' if max != 1 else ''} at once. I write to you when somebody asks."
    return Card("Thank you for offering", (Paragraph(rich(text)), ways_on("mentees")))


def max_or_one(most: int) -> int:
    """The number that is kept: who takes nobody new still has their number for later."""
    return most or 1


def _skill_ids(pack: Pack, text: str) -> list[str]:
    """The skills that a list names, by id or title."""
    found: list[str] = []
    for word in filter(None, ("" if text.strip().lower() == ANY else part.strip() for part in text.split(","))):
        known = {skill.id: skill.id for skill in pack.skills} | {skill.title.lower(): skill.id for skill in pack.skills}
        near = known.get(word.lower()) or known.get(nearest(word, list(known), cutoff=80) or "")
        if near is None:
            listed = ", ".join(skill.id for skill in pack.skills)
            raise BadValue(f"I do not know the skill “{short(word, 40)}”. I know: {listed}.", option="skills")
        found.append(near)
    return list(dict.fromkeys(found))


async def request_card(context: Context, pairing: Mentorship) -> Card:
    """What a mentor gets when a learner asks: who, what for, why them, and two buttons."""
    table = table_of(context)
    plan = (await context.uow.plans.get(pairing.learner, pairing.role)).plan
    aim = title_name(context, plan.title)
    mentor = await context.uow.mentorships.mentor(context.caller.user_id, pairing.role)
    offered = table.useful(plan.title, mentor) if mentor else []
    blocks: list[Block] = [
        Paragraph(
            rich(
                bold(pairing.learner_name),
                " asks whether you would be their mentor",
                f" on the way to {aim}." if aim else ".",
            )
        ),
    ]
    if offered:
        # Neither levels nor working hours: the learner was promised that their name and aim are all that is seen.
        blocks.append(Paragraph(rich(f"You offer what that takes: {', '.join(offered)}.")))
    if pairing.deadline:
        zone = (await Desk.open(context, shown=False)).zone
        blocks.append(
            Footnote(
                rich(f"Without an answer by {pairing.deadline.astimezone(zone):%A, %-d %B, %H:%M} I ask somebody else.")
            )
        )
    buttons = (
        Button("Accept", f"pair accept {pairing.id}", "primary"),
        Button("Decline", f"pair decline {pairing.id}"),
    )
    return Card("Would you be a mentor?", (*blocks, Buttons(buttons)))


def must_be_mentor(pairings: list[Mentorship]) -> None:
    """Raise `NotAllowed` for somebody who has no learners."""
    if not pairings:
        raise NotAllowed(
            "You have no learners. Offer to mentor, and I ask you when somebody looks for one.",
            suggestions=("pair offer max:3",),
        )
