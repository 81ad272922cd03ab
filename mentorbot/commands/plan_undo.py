"""`plan undo | redo`: the last change to a plan, undone and made again."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.services import plans
from mentorbot.slash.registry import Option
from mentorbot.views import plan as views
from mentorbot.views import plan_undo


async def _last_change(context: Context, _: str) -> tuple[Choice, ...]:
    """Name the plan's last change, with the plan's version."""
    saved, change = await context.repository.plans.get(), await context.repository.plans.last_change()
    return (Choice(plan_undo.undoing_text(saved.plan, change), str(saved.version)),) if change else ()


async def _version(context: Context) -> str:
    """Give the plan's version, if there's a change to undo."""
    return next((change.value for change in await _last_change(context, "")), "")


SeenVersion = Annotated[int | None, Option("The version of the plan that was shown", keyword_only=True)]
ChangeToUndo = Annotated[
    int | None,
    Option("After that", suggest=_last_change, at_hand=_version, keyword_only=True),
]


@registry.command(
    "plan undo",
    "Undo the last change to your plan.",
    writes=True,
    label="Undo the last change",
    intents=(
        "undo that",
        "that was a mistake",
        "take it back",
        "revert my last change",
        "i pressed the wrong button",
        "take that back",
        "undo",
        "change it back",
    ),
)
async def plan_undo_(context: Context, seen: ChangeToUndo = None) -> Answer:
    """Undo the last change. A button undoes only the change its card has shown, so pressing twice undoes one."""
    session = await context.learner()
    before, levels = session.plan, await session.levels()
    change = await plans.undo_change(session, seen)
    if change is None:
        return await _nothing_undone(context, session.snapshot, "undo", is_stale=seen is not None)
    both = levels, await session.levels()
    card = plan_undo.undone_card(context.pack, before, session.snapshot, change.what, both, change.paused_until)
    return card.in_place()


async def _nothing_undone(context: Context, learner: LearnerSnapshot, verb: str, *, is_stale: bool) -> Card:
    undoing = next((change.label for change in await _last_change(context, "")), "")
    return views.nothing_undone_card(learner, is_stale=is_stale, verb=verb, undoing=undoing)


@registry.command(
    "plan redo",
    "Redo the change you've just undone.",
    writes=True,
    label="Redo the change",
    intents=("redo that", "undo the undo"),
)
async def plan_redo(context: Context, seen: SeenVersion = None) -> Answer:
    """Make an undone change again, as long as nothing else has changed."""
    session = await context.learner()
    before = session.plan
    change = await plans.redo_change(session, seen)
    if change is None:
        return await _nothing_undone(context, session.snapshot, "redo", is_stale=seen is not None)
    return plan_undo.redone_card(before, session.snapshot, change.what).in_place()
