"""`mentees`, `pair share | note | digest`: what a mentor sees, and who decides it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time
from hashlib import sha256
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Footnote,
    Heading,
    Paragraph,
    bold,
    rich,
)
from mentorbot.chat.platform import Member
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.cadences import NINE
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, title_name
from mentorbot.commands.mentor import must_be_mentor
from mentorbot.commands.pair import table_of
from mentorbot.commands.pairing import learners_of
from mentorbot.commands.progress import progress_blocks
from mentorbot.domain.checkins import if_then
from mentorbot.domain.plan import StepState
from mentorbot.domain.records import Mentorship, Visibility
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.storage.schedules import DIGEST, direct_to

MAX_NOTE = 500


async def desk_of_person(context: Context, person: str, name: str) -> Desk:
    """Somebody's plan, for others to look at as far as they may; nothing is saved."""
    caller = replace(context.caller, person=person, name=name, member=_unknown(person, name))
    return await Desk.open(replace(context, caller=caller), shown=False)


async def desk_of(context: Context, pairing: Mentorship) -> Desk:
    """A learner's plan, for their mentor."""
    return await desk_of_person(context, pairing.learner, pairing.learner_name)


def _unknown(person: str, name: str) -> Callable[[], Awaitable[Member]]:
    """Nobody asks the platform about a learner because their mentor looks."""

    async def member() -> Member:
        return Member(person, name)

    return member


@registry.command("mentees", "Your learners: who moved, who is blocked, since when.")
async def mentees(
    context: Context,
    learner: Annotated[int | None, Option("One of them, by the number of the pairing", low=1, high=2**31 - 1)] = None,
) -> Answer:
    """All learners in one card, or one of them."""
    pairings = await learners_of(context)
    must_be_mentor(pairings)
    if learner is None:
        return await mentees_card(context, pairings)
    found = next((one for one in pairings if one.id == learner), None)
    if found is None:
        raise NotFound("That is not a learner of yours.", suggestions=("mentees",))
    desk = await desk_of(context, found)
    blocks = await shared_blocks(desk, desk.learner.visibility)
    return Card(
        found.learner_name,
        (*blocks, Buttons((Button("Write a note", f"pair note {found.id}"), Button("All learners", "mentees")))),
    )


async def mentees_card(context: Context, pairings: list[Mentorship], late: str | None = None) -> Card:
    """Who moved, who is blocked and since when; as far as each learner shares it."""
    blocks: list[Block] = [Footnote(rich(late))] if late else []
    for pairing in pairings:
        desk = await desk_of(context, pairing)
        blocks.append(Paragraph(rich(bold(pairing.learner_name), f"  {await _in_a_line(desk)}")))
        blocks += _blocked(desk)
        blocks.append(
            Buttons((Button("Look", f"mentees {pairing.id}"), Button("Write a note", f"pair note {pairing.id}")))
        )
    return Card("Your learners", tuple(blocks))


async def _in_a_line(desk: Desk) -> str:
    aim = title_name(desk.context, desk.plan.title) or "no aim chosen yet"
    if desk.learner.visibility == "nothing":
        return f"{aim} · shares nothing else"
    recent = [step for step in desk.plan.steps if step.status_since and (desk.today - step.status_since).days <= 7]
    moved = [step for step in recent if step.state in (StepState.DOING, StepState.DONE)]
    done = [step.number for step in moved if step.state is StepState.DONE]
    rest = "on a break" if _resting(desk) else "nothing new this week"
    news = f"finished {len(done)} this week" if done else f"moved {len(moved)} this week" if moved else rest
    return f"{aim} · {desk.plan.hours_done} of {desk.plan.hours_total} h · {news}"


def _resting(desk: Desk) -> bool:
    until = desk.learner.paused_until
    return bool(until and desk.today < until) or desk.week in desk.plan.weeks_off


def _blocked(desk: Desk) -> list[Block]:
    if desk.learner.visibility == "nothing":
        return []
    items = tuple(
        rich(
            bold("Blocked"),
            f" {_days(step.status_since, desk.today)}: {short(step.text, 80)} — {short(step.blocker, 160)}",
        )
        for step in desk.plan.active
        if step.state is StepState.BLOCKED
    )
    return [Bullets(items)] if items else []


def _days(since: date | None, today: date) -> str:
    days = (today - since).days if since else 0
    return "since today" if days == 0 else f"for {days} day{'s' if days != 1 else ''}"


async def shared_blocks(desk: Desk, share: Visibility) -> list[Block]:
    """Exactly what a mentor sees of a learner who shares `share`."""
    aim = title_name(desk.context, desk.plan.title) or "no aim chosen yet"
    blocks: list[Block] = [Paragraph(rich("Aim: ", bold(aim)))]
    if share == "nothing":
        return [*blocks, Footnote(rich("Nothing else is shared."))]
    blocks += await progress_blocks(desk)
    if share == "checkins":
        blocks += await _checkins(desk)
    return blocks


async def _checkins(desk: Desk) -> list[Block]:
    found = await desk.context.uow.checkins.all(desk.context.caller.user_id, desk.context.pack.info.role)
    items = tuple(
        rich(
            bold(f"Week of {one.week:%-d %B}: "),
            f"{one.next_step}. {if_then(one.obstacle, one.fallback)}" if one.fallback else one.state,
        )
        for one in reversed(found[-5:])
    )
    return [Heading("Check-ins"), Bullets(items)] if items else []


def _shares(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Nothing but my name and aim", "nothing"),
        Choice("My progress and what blocks me", "progress"),
        Choice("My progress and my check-ins", "checkins"),
    )


def _yes(_: Pack) -> tuple[Choice, ...]:
    return (Choice("Yes, share this", "yes"),)


@registry.command(
    "pair share",
    "What your mentor sees: you look at it before you agree.",
    writes=True,
    examples=("pair share progress",),
)
async def pair_share(
    context: Context,
    what: Annotated[str | None, Option("How much your mentor sees", choices=_shares)] = None,
    agree: Annotated[str | None, Option("Say yes once you have seen it", choices=_yes)] = None,
) -> Answer:
    """Show exactly what a mentor would see; keep it when the learner agrees."""
    desk = await Desk.open(context, shown=False)
    wanted: Visibility = what or desk.learner.visibility  # type: ignore[assignment]  # one of the choices
    if agree == "yes" and what is not None:
        await context.uow.people.ensure(context.caller.user_id, context.caller.name)
        await context.uow.learners.set_share(context.caller.user_id, context.pack.info.role, wanted)
        text = rich("Your mentor sees just that from now on. You can change it at any time.")
        return Card("Shared", (Paragraph(text), Buttons((Button("What is shared", "pair share"),))))
    now = (
        "This is what your mentor sees:"
        if wanted == desk.learner.visibility
        else "This is exactly what your mentor would see:"
    )
    others = [
        Button(choice.label, f"pair share {choice.value}") for choice in _shares(context.pack) if choice.value != wanted
    ]
    if wanted != desk.learner.visibility:
        others.insert(0, Button("Share this", f"pair share {wanted} agree:yes", "primary"))
    return Card(
        "What your mentor sees", (Footnote(rich(now)), *await shared_blocks(desk, wanted), Buttons(tuple(others)))
    )


@registry.command("pair note", "Write your learner a short note.", writes=True, examples=("pair note 12 Well done",))
async def pair_note(
    context: Context,
    learner: Annotated[int, Option("Which learner, by the number of the pairing", low=1, high=2**31 - 1)],
    text: Annotated[
        str | None, Option("What you want to say", greedy=True, max_length=MAX_NOTE, multiline=True)
    ] = None,
) -> Answer:
    """Send a learner a few words, in their direct messages."""
    found = next((one for one in await learners_of(context) if one.id == learner), None)
    if found is None:
        raise NotFound("That is not a learner of yours.", suggestions=("mentees",))
    if text is None:
        raise MissingOption("text")
    # Two notes in one instant are two notes.
    mark = sha256(f"{found.id}\0{context.now.isoformat()}\0{text}".encode()).hexdigest()[:11]
    await table_of(context).tell(found.learner, f"note:{found.id}", f"t{mark}", body=text)
    return Card(
        "On its way",
        (Paragraph(rich(f"I bring it to {found.learner_name}.")), Buttons((Button("My learners", "mentees"),))),
    )


@registry.command(
    "pair digest", "One message a week about all your learners.", writes=True, examples=("pair digest monday 09:00",)
)
async def pair_digest(
    context: Context,
    day: Annotated[Weekday, Option("Day of the week")] = Weekday.MONDAY,
    at: Annotated[time, Option("Local time, as 09:00")] = NINE,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    off: Annotated[str | None, Option("Say yes to stop it", choices=lambda _: (Choice("Yes, stop it", "yes"),))] = None,
) -> Answer:
    """Start, move or stop the weekly digest."""
    person, role = context.caller.user_id, context.pack.info.role
    await context.uow.people.ensure(person, context.caller.name)
    if off == "yes":
        await context.uow.schedules.stop(f"@{person}", DIGEST)
        return Card(
            "No more digests",
            (Paragraph(rich("Look yourself whenever you like.")), Buttons((Button("My learners", "mentees"),))),
        )
    zone = zone or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    cadence = Recurrence.weekly(day, at, zone)
    place = direct_to(context.caller.channel.workspace, person, context.caller.name)
    await context.uow.schedules.start(place, cadence, role, person, context.now, DIGEST)
    text = (
        f"Every {day.label} at {at:%H:%M} ({cadence.zone.key}): who moved, who is blocked. One message for all of them."
    )
    return Card(
        "Your weekly digest",
        (Paragraph(rich(text)), Buttons((Button("Show it now", "mentees"), Button("Stop it", "pair digest off:yes")))),
    )
