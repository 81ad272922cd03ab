"""`help` and `about`, both generated from the declared commands and the loaded pack."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.deliveries import ScheduleState
from mentorbot.errors import NotFound
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import Option
from mentorbot.views.help import about_card, command_card, group_card, help_card


async def _suggest_commands(_context: Context, _typed: str) -> tuple[Choice, ...]:
    return tuple(Choice(command.name, command.name) for command in registry)


@registry.command("help", "What I can do, and how to ask for it.", examples=("help plan add",))
async def help_(
    context: Context,
    command: Annotated[str | None, Option("Which command", suggest=_suggest_commands, greedy=True)] = None,
) -> Answer:
    """List all commands, or show one command or group with its options and examples."""
    if command is None:
        schedules = await context.uow.schedules.of_person(context.caller.user_id)
        unreached = any(schedule.state is ScheduleState.PAUSED for schedule in schedules)
        return help_card(context.pack, registry, unreached=unreached)
    name = " ".join(command.lower().removeprefix("/mentor").split())
    if (spec := registry.find(tuple(name.split()))) is not None:
        return command_card(spec.for_pack(context.pack))
    if name in registry.groups:
        return group_card(name, registry.groups[name], [entry for entry in registry if entry.path[0] == name])
    near = nearest(name, [entry.name for entry in registry])
    raise NotFound(f"There is no command “{short(command)}”.", suggestions=(f"help {near}",) if near else ("help",))


@registry.command("about", "Which version this is, whose figures it gives, and what it keeps.")
async def about(context: Context) -> Answer:
    """Show the version, the pack with its date and sources, and privacy in two lines."""
    return about_card(context.pack)
