"""`help` and `about`, both generated from the declared commands and the loaded pack."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context, PackContext
from mentorbot.errors import NotFound
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import Option
from mentorbot.views.help import about_card, all_commands_card, command_card, group_card, help_card

_ALL = ("all", "commands", "all commands")
_START = ("start",)
"""The command that begins a newcomer's first plan."""


async def _suggest_commands(_context: Context, _typed: str) -> tuple[Choice, ...]:
    names = (*(command.name for command in registry), *registry.groups, *_ALL)
    return tuple(Choice(name, name) for name in dict.fromkeys(names))


@registry.command(
    "help",
    "What I can do for you.",
    examples=("help plan add", "help all"),
    intents=(
        "what can you do",
        "how does this work",
        "help me",
        "how do i add my own step",
        "how do i change something",
        "what's the difference between pause and stop",
        "I don't know what to do",
        "show me all commands",
    ),
    label="Help[: {command}]",
)
async def help_(
    context: Context,
    command: Annotated[str | None, Option("A command, or “all”", suggest=_suggest_commands, greedy=True)] = None,
) -> Answer:
    """Show what people come for, every command, or one command or group with its options and examples."""
    if command is None:
        return await _jobs(context)
    name = " ".join(command.lower().removeprefix("/mentor").split())
    standing = await context.caller.standing()
    admin = standing.admin
    if name in _ALL:
        return all_commands_card(registry, admin=admin, guest=standing.is_guest)
    if (spec := registry.find(tuple(name.split()))) is not None and (admin or not spec.admin):
        return command_card(spec.for_pack(context.pack))
    if commands := [entry for entry in registry if _is_in_group(entry.path, name) and (admin or not entry.admin)]:
        return group_card(name, registry.groups[name], commands)
    near = nearest(name, [entry.name for entry in registry if admin or not entry.admin])
    raise NotFound(
        f"I don't have a command called “{short(command)}”. Here's what I can do.",
        suggestions=(f"help {near}", "help all") if near else ("help all",),
    )


def _is_in_group(path: tuple[str, ...], group: str) -> bool:
    return len(path) > 1 and path[0] == group


async def _jobs(context: Context) -> Answer:
    """Show the jobs. A short look-up in the database is all it takes, plus the caller's standing."""
    has_steps, unreached = await context.repository.has_steps_and_lost_messages()
    start = "start" if not has_steps and registry.find(_START) else ""
    return help_card(unreached=unreached, admin=(await context.caller.standing()).admin, start=start)


@registry.command(
    "about",
    "Who I am, where my figures come from, and what I save.",
    intents=(
        "who built you",
        "which version is this",
        "where do your figures come from",
        "who are you",
        "are you a bot",
        "what version is this",
        "is this free",
        "do you speak other languages",
        "do you speak german",
        "who made you",
    ),
    label="About me",
)
async def about(context: PackContext) -> Answer:
    """Show the version, the pack with its date and sources, and privacy in two lines."""
    return about_card(context.pack)
