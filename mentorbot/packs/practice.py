"""What learners practise with: tips, recall questions, interview questions, and the milestones of the path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mentorbot.packs.base import Also, Id, Line, Part, Prose, Sourced

Choice = Annotated[str, StringConstraints(min_length=1, max_length=75, strip_whitespace=True)]
TipLevel = Literal["foundation", "practice", "mastery"]


class Tip(Part):
    """One weekly tip: one concrete thing to do, and why."""

    id: Id
    level: TipLevel
    minutes: int = Field(ge=15, le=30)
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    do: Prose
    why: Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Tips(Part):
    """`tips/<skill>.yaml`."""

    skill: Id
    tips: Annotated[tuple[Tip, ...], Field(min_length=1, strict=False)]


class RecallQuestion(Part):
    """A short question that brings something learned back to mind, with its choices and the reason."""

    id: Id
    level: int = Field(ge=1, le=4, description="The level of the skill at which one should know this.")
    question: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=4, strict=False)] = Field(
        description="Each short enough for a button of a chat."
    )
    answer: int = Field(ge=1, le=4, description="Which choice is right, counted from 1.")
    why: Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)] = Field(
        description="Why it is right, and what the tempting wrong one misses."
    )


class Recall(Part):
    """`recall/<skill>.yaml`."""

    skill: Id
    questions: Annotated[tuple[RecallQuestion, ...], Field(min_length=1, strict=False)]


class InterviewQuestion(Part):
    """A question, what a strong answer shows, and where candidates slip."""

    id: Id
    question: Prose
    shows: Annotated[tuple[Prose, ...], Field(min_length=2, max_length=5, strict=False)]
    trap: Prose


class Interview(Part):
    """`interview/<responsibility>.yaml`."""

    responsibility: Id
    questions: Annotated[tuple[InterviewQuestion, ...], Field(min_length=1, strict=False)]


class Milestone(Part):
    """A piece of work that raises skills and leaves evidence behind."""

    id: Id
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    do: Prose
    hours: int = Field(ge=1, le=400)
    raises: Mapping[Id, Annotated[int, Field(ge=1, le=4)]] = Field(description="Skill: the level it leads to.")
    requires: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        default=(), description="Milestones that come before this one."
    )
    evidence: Prose = Field(description="What you can show that proves it is done.")


class Step(Sourced):
    """`path/<id>.yaml`: one of the steps into the role, with its milestones. The title is sourced."""

    title: Line
    order: int
    summary: Prose
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1, strict=False)]
    also: Also = ()
    id: Id
