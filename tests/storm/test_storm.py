"""A short storm in every run; `make storm` has the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.domain.deliveries import DeliveryState
from tests.storage.conftest import NewDatabase

from .storm import storm


async def test_kills_on_sqlite_lose_and_duplicate_nothing(tmp_path: Path) -> None:
    outcome = await storm(f"sqlite:///{tmp_path / 'storm.db'}", messages=300, kills=8)
    assert (outcome.lost, outcome.duplicated, outcome.kills) == (0, 0, 8), str(outcome)
    assert outcome.idle <= 2, str(outcome)
    assert (outcome.states, outcome.wrong_reminders) == ({DeliveryState.SENT: 300}, 0)


@pytest.mark.postgresql
async def test_kills_of_two_replicas_on_postgresql_lose_and_duplicate_nothing(new_database: NewDatabase) -> None:
    outcome = await storm(new_database(), messages=300, kills=8, replicas=2, seed=2)
    assert (outcome.lost, outcome.duplicated, outcome.kills) == (0, 0, 8), str(outcome)
    assert outcome.idle <= 2, str(outcome)
    assert (outcome.states, outcome.wrong_reminders) == ({DeliveryState.SENT: 300}, 0)
