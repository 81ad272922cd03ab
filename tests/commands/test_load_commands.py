"""The bot's own commands as they're declared: explained, with examples, in the right order."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from mentorbot.commands import load_commands
from mentorbot.packs.library import Library
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import MAX_DESCRIPTION


def test_every_command_has_a_summary_a_docstring_and_described_options() -> None:
    for command in load_commands():
        assert command.summary.endswith(".")
        assert command.handler.__doc__
        for option in command.options:
            assert 1 <= len(option.description) <= MAX_DESCRIPTION


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
def test_every_example_can_be_typed_by_a_learner_of_the_role(role: str) -> None:
    pack, registry = Library.open(None, role).default, load_commands()
    for command in registry:
        for example in command.for_pack(pack).examples:
            parse_context = ParseContext(pack, date(2026, 11, 23))
            parsed = parse_command(registry, example, parse_context)
            assert parsed.command.name == command.name
            assert parsed.bind(parse_context).leftover == "", example


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
def test_an_example_goes_from_a_lesser_title_to_a_greater(role: str) -> None:
    pack = Library.open(None, role).default
    command = load_commands().commands[("plan", "new")].for_pack(pack)
    aim, today = next(re.findall(r"new (\S+) current:(\S+)", each) for each in command.examples if "current:" in each)[
        0
    ]
    needs = {title.id: sum(title.needs.values()) for title in pack.titles.titles}
    assert needs[aim] > needs[today]


def test_a_groups_name_alone_runs_its_first_command() -> None:
    """Checked in a fresh process, since the order modules import each other in mustn't decide this."""
    script = "from mentorbot.commands import load_commands; r = load_commands(); "
    script += "print(*(r.children((group,))[0] for group in r.groups))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["when", "show", "now", "now", "show", "show", "report"]
