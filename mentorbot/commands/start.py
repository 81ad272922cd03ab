"""`start`: the first minute, three taps from a welcome to a first thing to do."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.guests import ensure_no_guest
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MIN_HOURS_PER_WEEK
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.progress import level_basis
from mentorbot.slash.registry import Option
from mentorbot.views import start as views
from mentorbot.views.plan_draft import nothing_to_plan_card


class Goal(StrEnum):
    """The goals that bring people here."""

    ROLE = "role"
    LOOK = "look"
    MENTOR = "mentor"


def _goal_choices(pack: Pack) -> tuple[Choice, ...]:
    return (
        Choice(f"Become {views.a_role(pack)}", Goal.ROLE),
        Choice("Look around", Goal.LOOK),
        Choice("I want to mentor", Goal.MENTOR),
    )


@registry.command(
    "start",
    "New here? Three taps to your first step.",
    examples=("start",),
    intents=("I'm new here", "how do I get started", "where do I begin", "I'd like to start over"),
    label="Get started",
)
async def start(
    context: Context,
    goal: Annotated[str | None, Option("What brings you here", choices=_goal_choices)] = None,
    hours: Annotated[
        int | None, Option("Hours per week you have", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK)
    ] = None,
    persona: Annotated[str | None, Option("A typical starting point, by its id", keyword_only=True)] = None,
) -> Answer:
    """Welcome someone, and ask one question at a time until there's a first thing to do. Nothing is saved yet."""
    pack = context.pack
    match Goal(goal) if goal else Goal.ROLE if hours or persona else None:
        case None:
            return views.welcome_card(pack, await context.name())
        case Goal.LOOK:
            return views.look_around_card(pack)
        case Goal.MENTOR:
            await ensure_no_guest(context.caller)
            return views.mentor_start_card()
        case Goal.ROLE:
            return await _towards_role(context, hours, persona)


async def _towards_role(context: Context, hours: int | None, persona: str | None) -> Answer:
    if hours is None:
        return views.hours_question_card()
    if persona is None:
        return views.persona_question_card(context.pack, hours).in_place()
    session = await context.learner()
    draft = await plans.draft_for(session, _main_title(context.pack), None, hours, persona)
    basis = await level_basis(session, persona)
    if not draft.steps:
        return nothing_to_plan_card(context.pack, draft, basis)
    nearer = plans.nearer_title_than(session, draft)
    return views.first_step_card(context.pack, nearer.draft if nearer else draft, basis).in_place()


def _main_title(pack: Pack) -> str:
    """Give the title the pack is about: the one named like the role, or else its first."""
    titles = [title.id for title in pack.titles.titles]
    return pack.info.role if pack.info.role in titles else titles[0]
