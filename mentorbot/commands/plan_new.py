"""`plan new | keep`: draft a plan for a title, and save it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MIN_HOURS_PER_WEEK
from mentorbot.domain.plan_draft import DraftAlternatives
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.learners import LearnerSession
from mentorbot.services.progress import level_basis
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views.plan_draft import draft_card, draft_saved_card, nothing_to_plan_card


def title_choices(pack: Pack) -> tuple[Choice, ...]:
    """List the titles of the pack."""
    return tuple(Choice(title.name, title.id) for title in pack.titles.titles)


TargetTitle = Annotated[str | None, Option("The title you aim at", choices=title_choices)]
TargetDate = Annotated[date | None, Option("By when you want to be there")]
HoursPerWeek = Annotated[
    int | None, Option("Hours a week that you have", unit="hours", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK)
]
CurrentTitle = Annotated[str | None, Option("The title you have today", choices=title_choices)]


@registry.command(
    "plan new",
    "Make a plan for a title; you see it before it is kept.",
    examples=("plan new ai-solutions-architect by:2027-09-01 hours:5", "plan new ai-architect current:ml-architect"),
)
async def plan_new(
    context: Context,
    title: TargetTitle = None,
    by: TargetDate = None,
    hours: HoursPerWeek = None,
    current: CurrentTitle = None,
) -> Answer:
    """Show a draft of the plan. Only the learner's present title is saved, if they give it."""
    session = await context.learner()
    if current is not None:
        await plans.set_current_title(session, current)
    draft = await plans.draft_for(session, title or _present_title(session), by, hours)
    basis = await level_basis(session)
    if not draft.steps:
        return nothing_to_plan_card(context.pack, draft, basis)
    alternatives = plans.alternatives_to(session, draft) if draft.is_late else DraftAlternatives()
    return draft_card(context.pack, session.snapshot, draft, basis, alternatives)


def _present_title(session: LearnerSession) -> str:
    """Give the title the present plan is made for.

    Raises:
        MissingOption: the plan has none, or the pack no longer has it.
    """
    if all(title.id != session.plan.title for title in session.pack.titles.titles):
        raise MissingOption("title")
    return session.plan.title


@registry.command(
    "plan keep", "Keep the plan that was shown.", writes=True, examples=("plan keep ai-architect hours:5",)
)
async def plan_keep(
    context: Context, title: TargetTitle = None, by: TargetDate = None, hours: HoursPerWeek = None
) -> Answer:
    """Draft the same plan again, and save it. It keeps finished steps and those the learner added."""
    session = await context.learner()
    draft = await plans.draft_for(session, title or _present_title(session), by, hours)
    if not draft.steps:
        return nothing_to_plan_card(context.pack, draft, await level_basis(session))
    await plans.save_draft(session, draft)
    return draft_saved_card(context.pack, session.snapshot)
