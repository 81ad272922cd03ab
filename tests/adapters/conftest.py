"""Fixtures for the tests of all adapters."""

from __future__ import annotations

import pytest

from mentorbot.packs.library import Library


@pytest.fixture(scope="session", autouse=True)
def indexed_packs(shared_packs: None) -> None:
    """Index the built-in packs before a platform waits for an answer, as a bot does when it starts."""
    Library.open(None, "ai-architect").index()
