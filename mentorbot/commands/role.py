"""`role`: which role someone learns, and which others there are."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import read_choice
from mentorbot.slash.registry import Option
from mentorbot.views import role as views


async def role_values(context: Context, _: str) -> tuple[Choice, ...]:
    """List the roles the bot has packs for."""
    return _choices(context.library)


def _choices(library: Library) -> tuple[Choice, ...]:
    return tuple(Choice(pack.info.title, pack.info.role) for pack in library.packs.values())


def read_role(library: Library, option: str, text: str) -> Pack:
    """Find the pack of the role a text names.

    Raises:
        BadValue: no pack has such a role; the nearest ones are suggested.
    """
    return library.packs[read_choice(option, text, _choices(library))]


@registry.command(
    "role",
    "The role you're learning, and the others I know.",
    writes=True,
    examples=("role", "role engineering manager"),
    intents=(
        "which role am I learning",
        "which roles do you know",
        "I want to become {name}",
        "switch to {name}",
        "change my role to {name}",
        "learn a different role",
    ),
    label="Switch to {name}|Choose a role",
)
async def role(
    context: Context,
    name: Annotated[str | None, Option("Which role", suggest=role_values, greedy=True)] = None,
) -> Answer:
    """Show the caller's role, or change it. Plans for other roles are kept."""
    others = [pack for pack in context.library.packs.values() if pack.info.role != context.pack.info.role]
    if name is None:
        return views.role_card(context.pack, others)
    pack = read_role(context.library, "name", name)
    await context.ensure_caller()
    await context.uow.roles.choose(context.caller.user_id, pack.info.role)
    has_plan, had_plan = await _has_plan(context, pack), await _has_plan(context, context.pack)
    return views.role_chosen_card(pack, before=context.pack, has_plan=has_plan, had_plan=had_plan)


async def _has_plan(context: Context, pack: Pack) -> bool:
    """Tell whether the caller has a plan for the role of `pack`."""
    return bool((await context.uow.learner(context.caller.user_id, pack.info.role).plans.get()).plan.steps)
