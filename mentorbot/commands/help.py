"""`help` and `about`, both written from what is declared and loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import mentorbot
from mentorbot.chat.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    FieldList,
    Heading,
    Paragraph,
    RichText,
    bold,
    code,
    italic,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.errors import NotFound
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.registry import CommandSpec, Option, OptionSpec

PRIVACY = (
    "I keep what you tell me to keep: your plan, evidence, levels, check-ins, and who mentors whom. /mentor me show lists it.",
    "You alone see it, and your mentor what you have agreed to. Nothing leaves the database of whoever runs me.",
)
_UNREACHED: tuple[Block, ...] = (
    Paragraph(
        rich(
            bold("I could not write to you, so I have stopped trying."),
            " Open your direct messages to me, then start again.",
        )
    ),
    Buttons((Button("When I write to you", "checkin settings", "primary"), Button("What happened", "why"))),
)
"""At the top of what people see first, until it is mended: a person who takes no direct messages hears of it nowhere else."""
_START = (
    Button("What is the role?", "brief", "primary"),
    Button("What does it pay?", "salary"),
    Button("A tip for today", "tip"),
    Button("My plan", "plan show"),
)


async def _suggest_commands(_call: Context, _typed: str) -> tuple[Choice, ...]:
    return tuple(Choice(command.name, command.name) for command in registry)


@registry.command("help", "What I can do, and how to ask for it.", examples=("help plan add",))
async def help_(
    context: Context,
    command: Annotated[str | None, Option("Which command", suggest=_suggest_commands, greedy=True)] = None,
) -> Answer:
    """All commands, or one with its options and examples."""
    if command is None:
        return await _overview(context)
    name = " ".join(command.lower().removeprefix("/mentor").split())
    found = registry.commands.get(tuple(name.split()))
    if found is not None:
        return _detail(found.for_pack(context.pack))
    if name in registry.groups:
        below = [entry for entry in registry if entry.path[0] == name]
        return Card(f"/mentor {name}", (Paragraph(rich(registry.groups[name])), _listing(below)))
    near = nearest(name, [entry.name for entry in registry])
    raise NotFound(f"There is no command “{short(command)}”.", suggestions=(f"help {near}",) if near else ("help",))


async def _overview(context: Context) -> Card:
    intro = rich(f"I am a mentor for the role {context.pack.info.title}. Type ", code("/mentor"), " and one of these:")
    blocks = (Paragraph(intro), Bullets(tuple(_overview_lines())), Buttons(_START))
    stopped = any(one.state == "paused" for one in await context.uow.deliveries.schedules(context.caller.user_id))
    return Card("How I can help", (*(_UNREACHED if stopped else ()), *blocks))


def _overview_lines() -> Iterator[RichText]:
    """A line for each word that can come first; a group's commands are one step away."""
    for word in registry.children():
        if word in registry.groups:
            children = registry.children((word,))
            yield rich(code(f"{word} …"), f"  {registry.groups[word]} ", italic(", ".join(children)))
        else:
            command = registry.commands[(word,)]
            yield rich(code(command.usage), f"  {command.summary}")


def _listing(commands: list[CommandSpec]) -> Bullets:
    return Bullets(tuple(rich(code(entry.usage), "  ", entry.summary) for entry in commands))


def _detail(found: CommandSpec) -> Card:
    blocks: list[Block] = [Paragraph(rich(found.summary)), Paragraph(rich(code(f"/mentor {found.usage}")))]
    if found.options:
        blocks.append(FieldList(tuple((option.name, _about(option)) for option in found.options)))
    if found.examples:
        blocks += [Heading("For example"), Bullets(tuple(rich(code(f"/mentor {line}")) for line in found.examples))]
    if found.admin:
        blocks.append(Paragraph(rich("For people who manage the workspace.")))
    return Card(f"/mentor {found.name}", tuple(blocks))


def _about(option: OptionSpec) -> RichText:
    return rich(option.description, "" if option.required else " (may be left out)")


@registry.command("about", "Which version this is, whose figures it gives, and what it keeps.")
async def about(context: Context) -> Answer:
    """Version, pack and its date, sources, privacy in two lines."""
    info = context.pack.info
    sources = "; ".join(f"{source.title}, {source.region}, {source.date}" for source in info.sources)
    rows = (
        ("mentorbot", rich(mentorbot.__version__)),
        ("Role pack", rich(f"{info.title} {info.version}, revised {info.date}, by {info.author} ({info.licence})")),
        ("Figures from", rich(sources)),
    )
    return Card("About me", (FieldList(rows), Heading("Privacy"), Bullets(tuple(rich(line) for line in PRIVACY))))
