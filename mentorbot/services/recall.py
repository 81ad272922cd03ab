"""Recall questions: listing those that are due, and recording answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorbot.domain.deliveries import Destination, MessageKind, Schedule
from mentorbot.domain.learner import RecallState, proved_levels
from mentorbot.domain.recall import review
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.schema import RecallQuestion
from mentorbot.services.learners import LearnerSession
from mentorbot.services.subscriptions import Subscriptions

MAX_NEW_QUESTIONS = 5
"""New questions in one round, so a finished milestone doesn't flood anyone."""


@dataclass(frozen=True, slots=True)
class RecallAnswer:
    """The result of an answer. `due_at` (UTC) is when the question comes back.

    `is_right` is None if the answer changed nothing, because the question isn't due yet.
    """

    question: RecallQuestion
    is_right: bool | None
    due_at: datetime


async def due_questions(session: LearnerSession) -> list[RecallState]:
    """List the questions due now, the longest due first. New ones on finished milestones are added, a few at a time."""
    known = await known_questions(session)
    waiting = [state for state in known if state.due_at <= session.now and not state.asked]
    ids = {state.question for state in known}
    free_slots = 0 if waiting else MAX_NEW_QUESTIONS  # topped up after each answer, a round would never get shorter
    new = [question for question in _learned_questions(session) if question not in ids][:free_slots]
    if new:
        await session.repository.recall.add(new)
        known = await known_questions(session)
    return [state for state in known if state.due_at <= session.now]


async def known_questions(session: LearnerSession) -> list[RecallState]:
    """List the learner's questions that the pack still has, by due time, the earliest first."""
    states = await session.repository.recall.all()
    return [state for state in states if state.question in session.pack.recall_by_id]


def _learned_questions(session: LearnerSession) -> list[str]:
    """List the questions up to the levels that finished milestones lead to, the lowest level first."""
    raises = {milestone.id: milestone.raises for milestone in session.pack.milestones.values()}
    levels: dict[str, int] = {}
    for skill, level, _ in proved_levels(session.plan, raises):
        levels[skill] = max(level, levels.get(skill, 0))
    learned = [
        (question.level, question.id)
        for question, skill in session.pack.recall_by_id.values()
        if question.level <= levels.get(skill, 0)
    ]
    return [question_id for _, question_id in sorted(learned)]


async def answer_question(session: LearnerSession, question_id: str, choice: int | None) -> RecallAnswer:
    """Record an answer (a choice, counted from 1; None if they don't know). Answering an old card again changes nothing.

    Raises:
        NotFound: the pack no longer has the question, or the learner wasn't asked it.
        BadValue: the question has no such choice.
    """
    question = _question(session, question_id, choice)
    state = await _state_of(session, question_id)
    if state is None:
        raise NotFound("I haven't asked you that one yet.", suggestions=("recall now",))
    if state.due_at > session.now:
        return RecallAnswer(question, None, state.due_at)
    right = choice == question.answer
    memory, due_at = review(state.memory, session.now, right=right)
    if await session.repository.recall.save_answer(state, memory, due_at, right=right):
        return RecallAnswer(question, right, due_at)
    # Another tap was saved first.
    current = await _state_of(session, question_id) or state
    return RecallAnswer(question, None, current.due_at)


def _question(session: LearnerSession, question_id: str, choice: int | None) -> RecallQuestion:
    if question_id not in session.pack.recall_by_id:
        raise NotFound("I don't ask that question any more.", suggestions=("recall now",))
    question, _ = session.pack.recall_by_id[question_id]
    if choice is not None and choice > len(question.choices):
        raise BadValue(
            f"That question has {len(question.choices)} choices. Pick one of them.", option="choice", suggestions=("1",)
        )
    return question


async def _state_of(session: LearnerSession, question_id: str) -> RecallState | None:
    states = await session.repository.recall.all()
    return next((state for state in states if state.question == question_id), None)


async def start_recall(session: LearnerSession, destination: Destination, recurrence: Recurrence) -> Schedule:
    """Start asking the learner due questions, as often as `recurrence` says."""
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)
    await session.repository.set_recall(enabled=True)
    return await _subscriptions(session).start(destination, MessageKind.RECALL, recurrence)


async def stop_recall(session: LearnerSession, destination: Destination) -> None:
    """Stop asking questions. The answers so far are kept for later."""
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)
    await session.repository.set_recall(enabled=False)
    await _subscriptions(session).stop(destination, MessageKind.RECALL)


def _subscriptions(session: LearnerSession) -> Subscriptions:
    return Subscriptions(session.uow, session.pack, session.snapshot.user_id, session.now)
