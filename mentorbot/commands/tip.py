"""`tip`: one concrete thing to do, and the reason it's worth the time."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.context import Context
from mentorbot.domain.tips import distance, tip_to_browse, tips_taken
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import Option
from mentorbot.views.tips import tip_card, tip_reason_card


@registry.command(
    "tip",
    "One thing to do in 15-30 minutes.",
    examples=("tip {skill}", "tip"),
    intents=(
        "give me a tip",
        "get me a tip",
        "something small to do",
        "another tip",
        "I have 20 minutes",
        "something small I can do today",
        "what can I learn in half an hour",
    ),
    label="Get a tip[ for {skill}]",
)
async def tip(
    context: Context,
    skill: Annotated[str | None, Option("Which skill", choices=skill_choices, called=("for", "about"))] = None,
    after: Annotated[str | None, Option("The tip that comes after this one", keyword_only=True)] = None,
    why: Annotated[str | None, Option("Why this tip is worth your time", keyword_only=True)] = None,
) -> Answer:
    """Show this week's tip for the caller, the tip that follows `after`, or the reason for the tip `why`."""
    pack = context.pack
    if why is not None:
        return _reason(pack, why)
    entries = [entry for entry in pack.tip_entries if skill in (None, entry.skill)]
    if not entries:
        raise NotFound("I don't have tips for that skill yet.", suggestions=("tip",))
    session = await context.learner()
    levels, taken = await session.levels(), tips_taken(session.plan)
    tips = [entry.id for entry in entries if entry.id not in taken] or [entry.id for entry in entries]
    distances = {entry.id: distance(entry, levels) for entry in entries}
    chosen = tip_to_browse(tips, context.caller.user_id, context.now.isocalendar().week, after, distances)
    return tip_card(pack.tips_by_id[chosen][0])


def _reason(pack: Pack, tip_id: str) -> Answer:
    if tip_id not in pack.tips_by_id:
        raise NotFound("I don't have that tip any more.", suggestions=("tip",))
    return tip_reason_card(pack, pack.tips_by_id[tip_id][0])
