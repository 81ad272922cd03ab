"""The bot's own commands as they're declared: explained, with examples, in the right order."""

from __future__ import annotations

import subprocess
import sys

from mentorbot.commands import load_commands
from mentorbot.slash.registry import MAX_DESCRIPTION


def test_every_command_has_a_summary_a_docstring_and_described_options() -> None:
    for command in load_commands():
        assert command.summary.endswith(".")
        assert command.handler.__doc__
        for option in command.options:
            assert 1 <= len(option.description) <= MAX_DESCRIPTION


def test_every_example_begins_with_its_command() -> None:
    for command in load_commands():
        assert all(example.startswith(command.path[0]) for example in command.examples)


def test_a_groups_name_alone_runs_its_first_command() -> None:
    """Checked in a fresh process, since the order in which modules import each other mustn't decide this."""
    script = "from mentorbot.commands import load_commands; r = load_commands(); "
    script += "print(*(r.children((group,))[0] for group in r.groups))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["when", "show", "now", "now", "show", "show", "report"]
