"""`recall now | answer | on | off`: what one has learned comes back as a one-tap question, just before it would be forgotten."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.cadences import own_zone
from mentorbot.commands.context import Context
from mentorbot.commands.desk import UTC, Desk
from mentorbot.domain.recall import review
from mentorbot.domain.records import RecallState
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.schema import Pack, RecallQuestion
from mentorbot.slash.registry import Option
from mentorbot.storage.schedules import RECALL, direct_to

NEW_AT_ONCE = 5
"""New questions taken in at one time, so that a finished milestone is no flood."""
MOST = 4


def questions_of(pack: Pack) -> dict[str, tuple[RecallQuestion, str]]:
    """Every recall question of the pack by its id, with the id of its skill."""
    return {one.id: (one, part.skill) for part in pack.recall for one in part.questions}


async def due_questions(desk: Desk) -> list[RecallState]:
    """What is due now, soonest first. Questions on skills that were worked on are taken in, a few at a time."""
    context, known = desk.context, await _known(desk)
    room = NEW_AT_ONCE - len([one for one in known if one.due_at <= context.now and not one.asked])
    fresh = [name for name in _learned(desk) if name not in {one.question for one in known}][: max(0, room)]
    if fresh:
        await context.uow.recall.begin(context.caller.user_id, context.pack.info.role, fresh)
        known = await _known(desk)
    return [one for one in known if one.due_at <= context.now]


async def _known(desk: Desk) -> list[RecallState]:
    """The learner's questions that the pack still has, soonest first."""
    has = questions_of(desk.context.pack)
    found = await desk.context.uow.recall.all(desk.context.caller.user_id, desk.context.pack.info.role)
    return [one for one in found if one.question in has]


def _learned(desk: Desk) -> list[str]:
    """Questions up to the levels that finished milestones lead to, the lowest first."""
    levels: dict[str, int] = {}
    for skill, level, _ in desk.proved():
        levels[skill] = max(level, levels.get(skill, 0))
    found = [
        (one.level, name)
        for name, (one, skill) in questions_of(desk.context.pack).items()
        if one.level <= levels.get(skill, 0)
    ]
    return [name for _, name in sorted(found)]


@registry.command("recall now", "A question on what you have learned, if one is due.")
async def recall_now(context: Context) -> Answer:
    """The question that is due longest."""
    desk = await Desk.open(context, shown=False)
    due = await due_questions(desk)
    return question_card(desk, due) if due else await _nothing_due(desk)


def question_card(desk: Desk, due: list[RecallState], late: str | None = None) -> Card:
    """One question with a button for each choice; `late` says in one line why it comes late."""
    found, skill = questions_of(desk.context.pack)[due[0].question]
    name = next(entry.title for entry in desk.context.pack.skills if entry.id == skill)
    buttons = tuple(
        Button(choice, f"recall answer {found.id} {number}") for number, choice in enumerate(found.choices, 1)
    )
    more = {1: "", 2: " · 1 more is due"}.get(len(due), f" · {len(due) - 1} more are due")
    notes = tuple(Footnote(rich(line)) for line in (f"{name}{more}", late) if line)
    return Card("Do you remember?", (Paragraph(rich(bold(found.question))), Buttons(buttons), *notes))


async def _nothing_due(desk: Desk) -> Card:
    known = await _known(desk)
    if known:
        at = known[0].due_at.astimezone(desk.zone)
        when = f"today at {at:%H:%M}" if at.date() == desk.today else f"on {_day(at, desk.zone)}"
        text = f"Nothing is due yet. The next question is due {when}."
    else:
        text = "Questions come once you have finished a milestone of your plan: I ask again before it fades."
    ways = () if desk.learner.recall else (Button("Ask me every week", "recall on", "primary"),)
    return Card("Nothing to recall now", (Paragraph(rich(text)), Buttons((*ways, Button("My plan", "plan show")))))


def _day(at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant where the learner is."""
    return f"{at.astimezone(zone):%A, %-d %B %Y}"


@registry.command("recall answer", "Answer a question.", writes=True, examples=("recall answer mlops-inputs-shift 2",))
async def recall_answer(
    context: Context,
    question: Annotated[str, Option("The question's id", max_length=60)],
    choice: Annotated[int, Option("Which choice, counted from 1", low=1, high=MOST)],
) -> Answer:
    """Right or wrong, and why. An old card that is answered again changes nothing."""
    found, _ = questions_of(context.pack).get(question, (None, ""))
    if found is None:
        raise NotFound("That question is no longer in the pack.", suggestions=("recall now",))
    if choice > len(found.choices):
        raise BadValue(f"This question has {len(found.choices)} choices.", option="choice", suggestions=("1",))
    known = await context.uow.recall.all(context.caller.user_id, context.pack.info.role)
    stands = next((one for one in known if one.question == question), None)
    if stands is None:
        raise NotFound("I have not asked you that question yet.", suggestions=("recall now",))
    zone = await context.zone() or UTC
    if stands.due_at > context.now:
        return _again_later(found, stands.due_at, zone)
    return await _kept(context, found, stands, zone, right=choice == found.answer)


def _again_later(found: RecallQuestion, at: datetime, zone: ZoneInfo) -> Card:
    text = f"You have answered this one already. It comes back on {_day(at, zone)}."
    right = found.choices[found.answer - 1]
    return Card("Answered", (Paragraph(rich(text)), Paragraph(rich(bold(right), f"  {found.why}")), _on()))


def _on() -> Buttons:
    return Buttons((Button("Next question", "recall now", "primary"), Button("My plan", "plan show")))


async def _kept(context: Context, found: RecallQuestion, stands: RecallState, zone: ZoneInfo, *, right: bool) -> Card:
    memory, due = review(stands.memory, context.now, right=right)
    person, role = context.caller.user_id, context.pack.info.role
    if not await context.uow.recall.answered(person, role, stands, memory, due, right=right):
        now = await context.uow.recall.all(person, role)  # a second tap, while the first was being put down
        return _again_later(found, next(one.due_at for one in now if one.question == found.id), zone)
    blocks: list[Block] = [Paragraph(rich(bold(found.question)))]
    blocks.append(Paragraph(rich(bold(found.choices[found.answer - 1]), f"  {found.why}")))
    blocks += [Footnote(rich(f"It comes back on {_day(due, zone)}.")), _on()]
    return Card("That is right" if right else "Not quite", tuple(blocks))


@registry.command(
    "recall on", "Ask me once a week, in our direct messages.", writes=True, examples=("recall on wed 12:00",)
)
async def recall_on(
    context: Context,
    day: Annotated[Weekday, Option("Day of the week")] = Weekday.WEDNESDAY,
    at: Annotated[time, Option("Local time, as 12:00")] = time(12),
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
) -> Answer:
    """Opt in. A week in which nothing is due brings nothing."""
    person, role = context.caller.user_id, context.pack.info.role
    cadence = Recurrence.weekly(day, at, await own_zone(context, zone))
    await context.uow.learners.set_recall(person, role, wanted=True)
    place = direct_to(context.caller.channel.workspace, person, context.caller.name)
    await context.uow.schedules.start(place, cadence, role, person, context.now, RECALL)
    text = f"Every {day.label} at {at:%H:%M} ({cadence.zone.key}) I ask what is due. It counts as one of your messages a week."
    return Card(
        "Recall is on",
        (Paragraph(rich(text)), Buttons((Button("Ask me now", "recall now"), Button("Turn it off", "recall off")))),
    )


@registry.command("recall off", "No more recall questions.", writes=True)
async def recall_off(context: Context) -> Answer:
    """Opt out. What was answered stays, for later."""
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await context.uow.learners.set_recall(context.caller.user_id, context.pack.info.role, wanted=False)
    await context.uow.schedules.stop(f"@{context.caller.user_id}", RECALL)
    text = "I ask no more questions by myself. Your answers stay, in case you come back."
    return Card("Recall is off", (Paragraph(rich(text)), Buttons((Button("Turn it on", "recall on"),))))
