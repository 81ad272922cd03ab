"""The playground's invented team: mentors' and admins' views have something to show, and nobody gets old messages."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.adapters.playground.sample_team import sample_learners
from mentorbot.app import AppContext
from mentorbot.delivery.scheduler import Scheduler

from .visitor import Visitor

MAX_SECONDS = 10


@pytest.fixture
async def adapter(app_context: AppContext) -> AsyncIterator[PlaygroundAdapter]:
    """A playground that can be filled."""

    async def stay(_: datetime) -> None:
        return None

    started = PlaygroundAdapter(
        app_context.dispatcher, app_context.clock, previews={}, travel=stay, port=0, store=app_context.store
    )
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
async def ada(adapter: PlaygroundAdapter) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=adapter.url, timeout=60) as http:
        yield Visitor(http)


async def dashboard(ada: Visitor, person: str) -> dict[str, Any]:
    answer = (await ada.http.get("/api/dashboard", params={"as": person})).json()
    board: dict[str, Any] = answer["dashboard"] | {"sample": answer["sample"]}
    return board


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
async def test_a_mentor_sees_who_is_stuck_and_an_admin_the_workspace(
    ada: Visitor, adapter: PlaygroundAdapter, app_context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await dashboard(ada, "ben"))["sample"] is False
    before = len(adapter.team_chat.messages)
    started = time.process_time()
    with caplog.at_level(logging.WARNING):
        assert (await ada.post_json("/api/sample-team")) == {"mentor": "ben"}
    assert time.process_time() - started < MAX_SECONDS
    assert caplog.messages == []
    board = await dashboard(ada, "ben")
    people = {person["name"]: person for person in board["people"]}
    assert set(people) == {"Sam Sample", "Ella Example", "Demi Demo"}
    assert people["Ella Example"]["blocked"][0]["why"].startswith("No access to the test system")
    assert people["Sam Sample"]["done"] == 1
    assert board["burn_up"] is not None
    workspace = await dashboard(ada, "ada")
    assert workspace["people"] == []
    rates = workspace["rate"]["series"][0]["values"]
    assert len([rate for rate in rates if rate]) >= 5
    scheduler = Scheduler(app_context.store, app_context.library, app_context.clock, {"local": adapter.platform})
    await scheduler.tick()
    assert len(adapter.team_chat.messages) == before


async def test_filling_twice_changes_nothing_and_the_team_can_be_removed(ada: Visitor) -> None:
    await ada.post_json("/api/sample-team")
    once = await dashboard(ada, "ben")
    await ada.post_json("/api/sample-team")
    assert await dashboard(ada, "ben") == once
    await ada.post_json("/api/sample-team", remove=True)
    removed = await dashboard(ada, "ben")
    assert (removed["people"], removed["sample"]) == ([], False)
    assert (await dashboard(ada, "ada"))["burn_up"] is None


def test_the_team_is_obviously_invented(app_context: AppContext) -> None:
    words = {"Sample", "Example", "Demo", "Template", "Placeholder", "Fiction"}
    assert {learner.name.split()[1] for learner in sample_learners(app_context.library.default)} == words
