"""Markers and databases all the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.storage import migrations

_ONLINE = ("adapters", "benchmarks", "cli", "resilience", "storm", "year", "test_app.py")
"""Folders and files in here whose tests start servers or processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests as `slow` and `fast`, as pyproject.toml describes these markers."""
    for item in items:
        folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        if _has_marker(item, "hypothesis"):  # its plugin sets it; such a test runs a hundred times
            item.add_marker(pytest.mark.slow)
        if folder not in _ONLINE and not _has_marker(item, "browser", "postgresql", "slow"):
            item.add_marker(pytest.mark.fast)


def _has_marker(item: pytest.Item, *names: str) -> bool:
    return any(item.get_closest_marker(name) for name in names)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables and no rows, to copy; migrating a new file takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path
