"""What all tests share: which of them are fast."""

from __future__ import annotations

import pytest

_START_SERVERS = (
    "adapters",
    "benchmarks",
    "resilience",
    "storm",
    "year",
    "cli",
    "test_app.py",
)
"""Folders and files here whose tests start servers or processes, or take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `fast` what starts no server: no chat platform, no PostgreSQL, no process of our own."""
    for item in items:
        folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        slow = ("browser", "postgresql", "slow")
        if folder not in _START_SERVERS and not any(item.get_closest_marker(name) for name in slow):
            item.add_marker(pytest.mark.fast)
