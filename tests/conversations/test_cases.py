"""Measure how well the bot hears: the right action for what people say, and never a write nobody asked for.

Each file was written by someone who knew the design but not the code. `open_cases` and `more_cases` were worked with;
`held_out_cases` are only ever scored, so theirs is the figure that tells what strangers get.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands import registry
from mentorbot.commands.ear import Ear
from mentorbot.commands.heard import Heard, Hearing, Surroundings
from mentorbot.commands.memory import Memory

from .conftest import Case, Team, cases, set_day, settle_in, team

pytestmark = pytest.mark.slow

EQUIVALENT = {
    "plan block": ("checkin stuck",),  # both ask what's in the way and offer help
    "plan doing": ("plan log", "checkin worked"),  # "worked on it" logs hours on this week's step
    "plan done": ("checkin finished",),
    "plan new": ("plan adjust", "start"),
    "plan move": ("checkin swap",),
    "checkin settings": ("settings",),  # the card of all notifications
    "checkin now": ("checkin worked", "checkin finished", "checkin close"),
    "help": ("start",),  # for someone without a plan
    "tips when": ("why",),
}
"""Actions of the cases that a newer command does as well."""
QUESTIONS = {"brief", "skill", "salary", "ask"}
UNSAVED = ("conversations", "drafts", "requests", "alembic_version")
"""Tables that remember what was said, not what was decided."""


_SPOKEN = tuple(f'INSERT INTO "{table}"' for table in UNSAVED)


class RecordingEar(Ear):
    """An ear that tells what it heard last."""

    heard: Heard | None = None

    async def hear(self, text: str, around: Surroundings, memory: Memory | None = None) -> Heard:
        self.heard = None
        self.heard = await super().hear(text, around, memory)
        return self.heard


@pytest.fixture
async def settled(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Team]:
    shutil.copy(migrated_sqlite, tmp_path / "team.db")
    async with team(tmp_path / "team.db") as made:
        made.context.dispatcher.ear = RecordingEar(registry, made.context.library)
        yield made


def rows(database: Path) -> list[str]:
    """Everything that's saved, but for what was said."""
    with sqlite3.connect(database) as connection:
        return [
            line
            for line in connection.iterdump()
            if not line.startswith(tuple(f'INSERT INTO "{table}"' for table in UNSAVED))
        ]


def actions(heard: Heard | None, answer: Answer) -> list[str]:
    """The actions that were run or offered."""
    if heard is None:
        return []
    names = [understood.command.name for understood in heard.commands]
    if heard.hearing is Hearing.QUESTION:
        outside = isinstance(answer, Card) and "beyond me" in answer.title
        return ["ask", *(["closest"] if outside else []), *names]
    return {Hearing.SMALL_TALK: ["smalltalk"], Hearing.CLOSEST: ["closest"]}.get(heard.hearing, []) + names


def is_right(case: Case, heard: Heard | None, answer: Answer) -> bool:
    """Tell if the action is one of the case's, or if the answer asks or refuses as it should."""
    allowed = {name for action in case.actions for name in (current(action), *EQUIVALENT.get(action, ()))}
    done = set(actions(heard, answer))
    error = answer.error if isinstance(answer, Card) else None
    asks = error in ("bad_value", "missing_option", "not_found", "not_allowed") and bool(
        {"ask", "refuse"} & set(case.modes)
    )
    return bool(done & allowed) or ("ask" in case.actions and bool(done & QUESTIONS)) or asks


def current(action: str) -> str:
    """The present name of an action's command."""
    command = registry.find(tuple(action.split()))
    return command.name if command else action


def may_write(case: Case) -> bool:
    """Tell if the case allows a write at once."""
    return "run" in case.modes and "must not write" not in case.why


@pytest.mark.parametrize(
    ("name", "floor"), [("open_cases", 0.9), ("more_cases", 0.9), ("held_out_cases", 0.8), ("fresh_cases", 0.86)]
)
async def test_people_get_the_right_action_and_no_write_they_did_not_ask_for(
    name: str, floor: float, settled: Team, tmp_path: Path
) -> None:
    right, wrong_writes = 0, []
    said = cases(f"{name}.yaml")
    ear = settled.context.dispatcher.ear
    assert isinstance(ear, RecordingEar)
    for case in said:
        settled.conversation += 1
        set_day(settled, case.on)
        if case.after:
            await settled.say(case.who, case.after)
        before = rows(tmp_path / "team.db")
        answer = await settled.say(case.who, case.say)
        right += is_right(case, ear.heard, answer)
        if rows(tmp_path / "team.db") != before:
            if not may_write(case):
                wrong_writes.append(case.id)
            await settle_in(settled, f"T{settled.conversation}")
    assert wrong_writes == []
    assert right / len(said) >= floor, f"{right} of {len(said)}"
