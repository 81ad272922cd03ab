"""Help and the bot's own details, both generated from the declared commands and the loaded pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import mentorbot
from mentorbot.chat.cards import (
    ActionLine,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    FieldList,
    Footnote,
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
from mentorbot.views.guests import MENTORING_WORDS
from mentorbot.views.start import a_role

PRIVACY = (
    "I save your plan, links, levels, check-ins, and who mentors whom. Not your questions.",
    "Drafts and our last ten minutes of chat are saved for a day at most.",
    "Only you see your plan, and your mentor sees what you've agreed to share.",
)
_UNREACHED: tuple[Block, ...] = (
    Paragraph(rich(bold("I couldn't message you, so I've stopped trying."), " Open your direct messages to me first.")),
    Buttons((Button("Notifications", "settings", "primary"), Button("What happened", "why"))),
)
"""A warning on the help card, because people who block our direct messages see it nowhere else."""
_JOBS = (
    ("Learn about the role", Button("Ask", "ask")),
    ("Get or change a plan", Button("Plan", "plan new")),
    ("Do this week's step", Button("This week", "plan show")),
    ("Say how it went", Button("Check in", "checkin now")),
    ("Work with a mentor", Button("Mentor", "pair list")),
    ("Messages and data", Button("Settings", "settings")),
)
_ALL_COMMANDS = Button("All commands", "help all")
_VALUE = re.compile(r"\{[^}]*\}")
_I = re.compile(r"\bi\b(?=['’ ])")


@cache
def help_card(*, unreached: bool, admin: bool, start: str = "") -> Card:
    """Six jobs with a button each, below a warning if messages to the person couldn't be delivered (`unreached`).

    `start` is the line that begins a newcomer's first plan; "" for anyone else. Each card is made once, so that adapters render
    it once.
    """
    lines = tuple(ActionLine(rich(job), button) for job, button in _JOBS)
    buttons = (
        *((Button("Start", start, "primary"),) if start else ()),
        _ALL_COMMANDS,
        *((Button("Schedules", "admin schedules"), Button("Admin", "help admin")) if admin else ()),
    )
    blocks = (*(_UNREACHED if unreached else ()), *lines, Buttons(buttons))
    return Card("What would you like to do?", blocks, shareable=True)


def all_commands_card(registry: Registry, *, admin: bool, guest: bool) -> Card:
    """Every command the person may use, a line for each group. Guests take no part in mentoring."""
    note = "You don't need the exact words: just tell me what you want, e.g. “I'm stuck”."
    words = [word for word in registry.children() if not (guest and word in MENTORING_WORDS)]
    lines = Bullets(tuple(_overview_lines(registry, words, admin=admin)))
    return Card(
        "All commands", (Paragraph(rich(note)), lines, Footnote(rich("Type “help plan” for more on one of them.")))
    )


def _overview_lines(registry: Registry, words: Iterable[str], *, admin: bool) -> Iterator[RichText]:
    """Yield a line for each command and group the person may use, of those with these first words."""
    for word in words:
        if word in registry.groups:
            children = [
                name for name in registry.children((word,)) if admin or not registry.commands[(word, name)].admin
            ]
            if children:
                yield rich(code(word), f"  {registry.groups[word]} ", italic(", ".join(children)))
        elif admin or not registry.commands[(word,)].admin:
            command = registry.commands[(word,)]
            yield rich(code(command.usage), f"  {command.summary}")


def group_card(name: str, summary: str, commands: Sequence[CommandSpec]) -> Card:
    """The commands of a group."""
    lines = tuple(rich(code(command.usage), "  ", command.summary) for command in commands)
    return Card(
        summary.removesuffix("."), (Bullets(lines), Footnote(rich(f"Type “help {name} …” for more on one of them.")))
    )


def command_card(command: CommandSpec) -> Card:
    """One command with its options and examples."""
    return Card(command.summary.removesuffix("."), tuple(_command_blocks(command)))


def _command_blocks(command: CommandSpec) -> Iterable[Block]:
    yield Paragraph(rich("Type ", code(command.usage), *_in_a_sentence(command)))
    if shown := [option for option in command.options if not option.declared.keyword_only]:
        yield FieldList(tuple((option.name, _option_text(option)) for option in shown))
    if command.examples:
        yield Heading("For example")
        yield Bullets(tuple(rich(code(line)) for line in command.examples))
    if command.admin:
        yield Footnote(rich("For admins only."))
    if not command.writes and not any(option.required for option in command.options):
        label = command.label_for({})
        # A command without a label of its own is labelled with its summary, which is the card's title already.
        yield Buttons((Button("Try it" if label in command.summary else label, command.name),))


def _in_a_sentence(command: CommandSpec) -> tuple[str, ...]:
    """Quote a way to ask for the command, in whole words if there is one; “…” stands for a value."""
    ways = sorted(command.intents, key=lambda intent: "{" in intent)
    return (f" or just say “{_I.sub('I', _VALUE.sub('…', ways[0]))}”.",) if ways else (".",)


def _option_text(option: OptionSpec) -> RichText:
    return rich(option.description, "" if option.required else " (optional)")


def about_card(pack: Pack) -> Card:
    """The version, the pack with its date and sources, and privacy in a few lines."""
    info = pack.info
    sources = "; ".join(f"{source.title}, {source.region}, {source.date}" for source in info.sources)
    rows = (
        ("Version", rich(f"{mentorbot.__version__}, open source and free to use")),
        ("Language", rich("English. A few simple words will do.")),
        ("Role pack", rich(f"{info.title} {info.version}, {info.date}, by {info.author} ({info.licence})")),
        ("Figures from", rich(sources)),
    )
    buttons = Buttons((Button("Help", "help"), Button("Your data", "me show")))
    privacy = Bullets(tuple(rich(line) for line in PRIVACY))
    return Card(
        f"I'm mentorbot, a bot that helps you become {a_role(pack)}",
        (FieldList(rows), Heading("Privacy"), privacy, buttons),
    )
