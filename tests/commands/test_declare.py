"""What a platform would refuse is refused when the command is declared."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import pytest

from mentorbot.chat.cards import Card
from mentorbot.commands import load_commands
from mentorbot.commands.context import Context
from mentorbot.slash.registry import MAX_CHILDREN, MAX_DESCRIPTION, Handler, Option, Registry


async def nothing(call: Context) -> Card:
    return Card("nothing")


async def bare(call: Context, word: str) -> Card:
    return Card(word)


async def optional_first(
    call: Context, one: Annotated[str | None, Option("One")] = None, *, two: Annotated[str, Option("Two")]
) -> Card:
    return Card(f"{one}{two}")


@pytest.mark.parametrize(
    ("name", "summary", "handler", "says"),
    [
        ("Plan", "A plan.", nothing, "cannot be a name"),
        ("x" * 33, "A plan.", nothing, "cannot be a name"),
        ("plan", "", nothing, "summary"),
        ("plan", "x" * (MAX_DESCRIPTION + 1), nothing, "summary"),
        ("a b", "No group.", nothing, "declare the group"),
        ("a b c", "Too deep.", nothing, "groups do not nest"),
        ("word", "No annotation.", bare, "annotate it"),
        ("order", "Optional first.", optional_first, "required options come first"),
    ],
)
def test_what_cannot_be_declared(name: str, summary: str, handler: Handler, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Registry().command(name, summary)(handler)


def test_a_command_is_declared_once_and_not_too_many_of_them() -> None:
    full = Registry()
    for number in range(MAX_CHILDREN):
        full.command(f"word-{'x' * number}", "A word.")(nothing)
    with pytest.raises(ValueError, match="more than 25"):
        full.command("one-more", "A word.")(nothing)
    with pytest.raises(ValueError, match="declared twice"):
        full.command("word-", "A word.")(nothing)


def test_every_command_of_ours_explains_itself() -> None:
    for command in load_commands():
        assert command.summary.endswith(".")
        assert command.handler.__doc__
        for option in command.options:
            assert 1 <= len(option.description) <= MAX_DESCRIPTION


def test_every_example_is_a_line_of_its_command() -> None:
    for command in load_commands():
        assert all(example.startswith(command.path[0]) for example in command.examples)


def test_the_word_of_a_group_alone_is_the_command_that_one_means() -> None:
    """As a process of its own finds it: which module imports which other must not decide."""
    script = "from mentorbot.commands import load_commands; r = load_commands(); "
    script += "print(*(r.children((group,))[0] for group in r.groups))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["when", "show", "now", "now", "request", "show", "report"]
