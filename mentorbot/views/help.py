"""Help and the bot's own details, both generated from the declared commands and the loaded pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import mentorbot
from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    FieldList,
    Heading,
    Paragraph,
    RichText,
    bold,
    code,
    italic,
    rich,
)
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec, OptionSpec, Registry

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
"""A warning on the help card, because people who block our direct messages see it nowhere else."""
_START = (
    Button("What is the role?", "brief", "primary"),
    Button("What does it pay?", "salary"),
    Button("A tip for today", "tip"),
    Button("My plan", "plan show"),
)


def help_card(pack: Pack, registry: Registry, *, unreached: bool) -> Card:
    """All commands, below a warning if messages to the person couldn't be delivered (`unreached`)."""
    intro = rich(f"I am a mentor for the role {pack.info.title}. Type ", code("/mentor"), " and one of these:")
    blocks = (Paragraph(intro), Bullets(tuple(_overview_lines(registry))), Buttons(_START))
    return Card("How I can help", (*(_UNREACHED if unreached else ()), *blocks))


def _overview_lines(registry: Registry) -> Iterator[RichText]:
    """Yield a line for each command and group; a group's commands are one click away."""
    for word in registry.children():
        if word in registry.groups:
            children = registry.children((word,))
            yield rich(code(f"{word} …"), f"  {registry.groups[word]} ", italic(", ".join(children)))
        else:
            command = registry.commands[(word,)]
            yield rich(code(command.usage), f"  {command.summary}")


def group_card(name: str, summary: str, commands: Sequence[CommandSpec]) -> Card:
    """The commands of a group."""
    lines = tuple(rich(code(command.usage), "  ", command.summary) for command in commands)
    return Card(f"/mentor {name}", (Paragraph(rich(summary)), Bullets(lines)))


def command_card(command: CommandSpec) -> Card:
    """One command with its options and examples."""
    return Card(f"/mentor {command.name}", tuple(_command_blocks(command)))


def _command_blocks(command: CommandSpec) -> Iterable[Block]:
    yield Paragraph(rich(command.summary))
    yield Paragraph(rich(code(f"/mentor {command.usage}")))
    if command.options:
        yield FieldList(tuple((option.name, _option_text(option)) for option in command.options))
    if command.examples:
        yield Heading("For example")
        yield Bullets(tuple(rich(code(f"/mentor {line}")) for line in command.examples))
    if command.admin:
        yield Paragraph(rich("For people who manage the workspace."))


def _option_text(option: OptionSpec) -> RichText:
    return rich(option.description, "" if option.required else " (may be left out)")


def about_card(pack: Pack) -> Card:
    """The version, the pack with its date and sources, and privacy in two lines."""
    info = pack.info
    sources = "; ".join(f"{source.title}, {source.region}, {source.date}" for source in info.sources)
    rows = (
        ("mentorbot", rich(mentorbot.__version__)),
        ("Role pack", rich(f"{info.title} {info.version}, revised {info.date}, by {info.author} ({info.licence})")),
        ("Figures from", rich(sources)),
    )
    return Card("About me", (FieldList(rows), Heading("Privacy"), Bullets(tuple(rich(line) for line in PRIVACY))))
