"""Workflow Builder's steps: a tip for a channel, and a check-in for someone who wants them, each done once and answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from mentorbot.app import AppContext, open_context
from mentorbot.clock import FrozenClock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.settings import Settings

from .harness import HttpHarness, visible_text, wait_until
from .payloads import event_body, step_event
from .server import SlackServer

WEDNESDAY = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
TIP, CHECK_IN = "mentor_post_tip", "mentor_send_check_in"


@pytest.fixture
async def app_context(settings: Settings) -> AsyncIterator[AppContext]:
    async with open_context(settings, FrozenClock(WEDNESDAY)) as context:
        yield context


async def test_a_tip_is_posted_once_and_the_workflow_gets_its_title(http: HttpHarness, slack: SlackServer) -> None:
    event = step_event(TIP, {"channel": "C1"})
    assert (await http.slack.event(event)).status_code == 200
    await wait_until(lambda: slack.steps["Fx1"])
    await http.slack.event(event, retry=1)
    await http.adapter._in_flight.drained()
    (message,) = slack.conversations["C1"].messages
    ((outputs),) = slack.steps["Fx1"]
    assert isinstance(outputs, dict)
    assert outputs["tip"][1:20] in visible_text(message)
    assert "Tip of the week" in visible_text(message)
    await http.slack.event(step_event(TIP, {"channel": "C1"}, run="Fx2"))
    await wait_until(lambda: slack.steps["Fx2"])
    assert len(slack.conversations["C1"].messages) == 2, "another run is another message"


async def test_a_channel_without_the_bot_fails_the_step_with_the_fix(http: HttpHarness, slack: SlackServer) -> None:
    slack.conversations["C2"].member = False
    await http.slack.event(step_event(TIP, {"channel": "C2"}))
    await wait_until(lambda: slack.steps["Fx1"])
    (error,) = slack.steps["Fx1"]
    assert "/invite @mentorbot" in str(error)


async def test_a_check_in_goes_to_whoever_has_turned_them_on_and_to_nobody_else(
    http: HttpHarness, slack: SlackServer, app_context: AppContext
) -> None:
    await http.say("plan add Read a paper")
    await http.say("checkin settings friday 15:00 Berlin")
    await http.say("plan add Read a paper", user="U2")
    for run, learner in (("Fx1", "U1"), ("Fx1", "U1"), ("Fx2", "U2"), ("Fx3", "U404")):
        await http.slack.event(step_event(CHECK_IN, {"learner": learner}, run=run))
        await http.adapter._in_flight.drained()
    platform = http.adapter.platform
    await Scheduler(app_context.store, app_context.library, app_context.clock, {"slack": platform}).tick()
    (message,) = slack.conversations["DU1"].messages
    assert "How did your week go, ada?" in visible_text(message)
    assert slack.conversations["DU2"].messages == []
    assert slack.steps["Fx2"] == slack.steps["Fx3"] == [{}], "nobody learns who has turned them on"


@pytest.mark.usefixtures("socket")
async def test_a_step_over_socket_mode(slack: SlackServer) -> None:
    await slack.envelope("events_api", event_body(step_event(TIP, {"channel": "C1"})), "e1")
    await wait_until(lambda: slack.steps["Fx1"])
    assert len(slack.conversations["C1"].messages) == 1


@pytest.mark.parametrize("inputs", [{}, {"channel": ""}, {"channel": "C404"}, {"channel": "U1"}])
async def test_a_missing_channel_fails_the_step(http: HttpHarness, slack: SlackServer, inputs: dict[str, str]) -> None:
    await http.slack.event(step_event(TIP, inputs))
    await wait_until(lambda: slack.steps["Fx1"])
    assert str(slack.steps["Fx1"][0]).startswith("I can't post there.")
