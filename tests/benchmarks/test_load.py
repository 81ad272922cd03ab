"""The busy minute in small: every answer arrives, says what was asked for, and every message goes out once."""

from __future__ import annotations

import pytest

from tests.benchmarks.load import KINDS, measure

SECONDS, PEOPLE, WORKSPACES = 6, 60, 6


@pytest.mark.slow
async def test_nothing_is_lost_or_wrong_while_messages_go_out() -> None:
    load = await measure(SECONDS, PEOPLE, WORKSPACES)
    assert load.wrong == ""
    assert load.lost == 0
    assert set(load.latencies) == set(KINDS)
    assert sum(map(len, load.latencies.values())) == PEOPLE
    # Whoever has checked in by then gets no check-in.
    assert set(load.states) <= {"sent", "cancelled"}
    assert sum(load.states.values()) == PEOPLE
    assert load.messages == load.states["sent"]
    assert load.twice == 0
