"""A short storm in every run; `make storm` has the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.conftest import NewDatabase

from .storm import storm


async def test_killed_again_and_again_on_sqlite_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    outcome = await storm(f"sqlite:///{tmp_path / 'storm.db'}", messages=300, kills=8)
    assert (outcome.lost, outcome.doubled, outcome.kills) == (0, 0, 8), str(outcome)
    assert outcome.idle <= 2, str(outcome)
    assert (outcome.states, outcome.forgotten) == ({"sent": 300}, 0)


@pytest.mark.postgresql
async def test_two_replicas_killed_again_and_again_on_postgresql(new_database: NewDatabase) -> None:
    outcome = await storm(new_database(), messages=300, kills=8, replicas=2, seed=2)
    assert (outcome.lost, outcome.doubled, outcome.kills) == (0, 0, 8), str(outcome)
    assert outcome.idle <= 2, str(outcome)
    assert (outcome.states, outcome.forgotten) == ({"sent": 300}, 0)
