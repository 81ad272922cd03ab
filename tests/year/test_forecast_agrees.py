"""Forecasts and the sender agree: what comes, when it comes, what's left out and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .forecast_year import new_forecast_year

DAYS = 365


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_messages_come_as_foretold(migrated_sqlite: Path, tmp_path: Path, seed: int) -> None:
    file = tmp_path / "year.db"
    shutil.copy(migrated_sqlite, file)
    year = await new_forecast_year(f"sqlite:///{file}", seed)
    await year.live(DAYS)
    comparison = await year.compare()
    await year.store.close()
    assert list(comparison.disagreements()) == []
    assert comparison.confirmed > DAYS
    assert comparison.confirmed_skips > 0
