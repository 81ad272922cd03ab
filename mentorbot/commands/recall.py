"""`recall now | answer | on | off`: one-tap questions on what was learned, just before it would be forgotten."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import (
    EVERY,
    StartOption,
    read_weeks,
    rhythm_of,
    saved_rhythm,
    subscriptions_of,
)
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.recurrence import next_after
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.recall import answer_question, due_questions, known_questions, start_recall, stop_recall
from mentorbot.services.subscriptions import Timing
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.views.recall import (
    answered_before_card,
    answered_card,
    enough_card,
    nothing_due_card,
    question_card,
    recall_off_card,
    recall_on_card,
    unanswered_card,
)

MAX_CHOICES = 4


@registry.command(
    "recall now",
    "Get a quick question on what you've learned.",
    intents=(
        "quiz me",
        "test me",
        "ask me something i learned",
        "ask me a question",
        "test me on what i've learned",
        "next question",
    ),
    label="Quiz me",
)
async def recall_now(context: Context) -> Answer:
    """Ask the question that has been due longest."""
    session = await context.learner()
    due = await due_questions(session)
    return (
        question_card(context.pack, due) if due else nothing_due_card(session.snapshot, await known_questions(session))
    )


@registry.command(
    "recall answer",
    "Answer a recall question.",
    writes=True,
    label="Answer",
)
async def recall_answer(
    context: Context,
    question: Annotated[str, Option("The question's id", max_length=60)],
    choice: Annotated[
        int | None, Option("The number of your choice; without one, you don't know", low=1, high=MAX_CHOICES)
    ] = None,
) -> Answer:
    """Say whether an answer is right, and why. Answering an old card again changes nothing."""
    session = await context.learner()
    answer = await answer_question(session, question, choice)
    learner = session.snapshot
    next_at = await _next_asked(context, answer.due_at)
    if answer.is_right is None:
        return answered_before_card(answer.question, next_at, learner)
    is_last = not await due_questions(session)
    if choice is None:
        return unanswered_card(context.pack, answer.question, next_at, learner, is_last=is_last)
    return answered_card(context.pack, answer.question, next_at, learner, is_right=answer.is_right, is_last=is_last)


async def _next_asked(context: Context, due_at: datetime) -> datetime:
    """Find when a question that's due then is asked: on the day questions come, if they come by themselves."""
    schedule = await context.uow.schedules.get(context.to_caller, MessageKind.RECALL)
    return (next_after(schedule.recurrence, due_at) if schedule else None) or due_at


@registry.command("recall enough", "Stop the questions for today.", label="That's enough")
async def recall_enough(context: Context) -> Answer:
    """End a round of questions; the others stay due."""
    session = await context.learner()
    return enough_card(session.snapshot, await known_questions(session))


@registry.command(
    "recall on",
    "Get a few questions once a week, in a direct message.",
    writes=True,
    examples=("recall on wed 12:00", "recall on mon,thu 09:00 every:2-weeks"),
    intents=(
        "quiz me every {day}",
        "ask me old stuff every {day}",
        "ask me questions every week",
        "quiz me every week",
        "quiz me {every}",
        "recall on {day} at {at}",
        "recall questions {every}",
        "quiz me less often {every=2-weeks}",
        "start the recall questions {start}",
    ),
    label="Quiz me {every}[ on {day}][ at {at}][, from {start}]|"
    "Quiz me on {day}[ at {at}][, from {start}]|Quiz me every week[ at {at}][, from {start}]",
)
async def recall_on(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Local time, e.g. 12:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone or city, e.g. Berlin")] = None,
    every: Annotated[str | None, EVERY] = None,
    start: StartOption = None,
) -> Answer:
    """Turn weekly questions on, or change when they come. A week without a due question stays silent."""
    await context.ensure_caller()
    await subscriptions_of(context).save_zone(zone)
    known = await context.uow.schedules.get(context.to_caller, MessageKind.RECALL)
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every), starts_on=start)
    recurrence = await rhythm_of(context, known, timing, (Weekday.WEDNESDAY, time(12)))
    session = await context.learner()
    started = await start_recall(session, context.to_caller, recurrence)
    return recall_on_card(started, known, await forecast_for(session))


registry.fills_in("recall on")(partial(saved_rhythm, kind=MessageKind.RECALL))


@registry.command(
    "recall off",
    "Stop the weekly questions.",
    writes=True,
    intents=(
        "stop the quiz",
        "no more memory questions",
        "stop quizzing me",
        "stop asking me questions",
        "stop the recall questions",
        "stop the weekly questions",
        "no more questions",
    ),
    label="Stop the weekly questions",
)
async def recall_off(context: Context) -> Answer:
    """Turn weekly questions off. The answers so far are kept for later."""
    schedule = await context.uow.schedules.get(context.to_caller, MessageKind.RECALL)
    await stop_recall(await context.learner(), context.to_caller)
    return recall_off_card(schedule)
