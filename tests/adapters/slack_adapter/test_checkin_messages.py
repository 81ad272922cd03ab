"""A check-in in someone's direct messages follows what they've answered, whichever way they did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from mentorbot.adapters.slack import adapter
from mentorbot.app import AppContext, open_context
from mentorbot.clock import FrozenClock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.settings import Settings

from .harness import HttpHarness, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import press, submission
from .server import SlackServer
from .state import Json

FRIDAY = datetime(2026, 12, 4, 13, 59, tzinfo=UTC)


@dataclass
class Asked:
    """Ada, who has been asked how her week went."""

    http: HttpHarness
    slack: SlackServer
    context: AppContext
    clock: FrozenClock
    key: str = ""

    @property
    def message(self) -> Json:
        """The check-in as it is now."""
        return self.slack.conversations["DU1"].messages[0]

    async def settled(self) -> str:
        """Return what the check-in shows once nothing's left to do."""
        await self.http.adapter._in_flight.drained()
        return visible_text(self.message)

    def updates(self) -> int:
        """Count how often it was updated."""
        return sum(method == "chat.update" for method, _ in self.slack.calls)

    async def wait_for(self, instant: datetime) -> list[Json]:
        """Send what's due by an instant, and return everything in Ada's direct messages."""
        self.clock.travel_to(instant)
        platform = self.http.adapter.platform
        await Scheduler(self.context.store, self.context.library, self.clock, {"slack": platform}).tick()
        return self.slack.conversations["DU1"].messages


@pytest.fixture
async def learner(settings: Settings, slack: SlackServer) -> AsyncIterator[Asked]:
    """Ada, who will be asked."""
    clock = FrozenClock(FRIDAY)
    async with open_context(settings, clock) as context:
        http = await start_http_adapter(settings, context.dispatcher, slack)
        await http.say("plan add Read a paper")
        await http.say("checkin settings friday 15:00 Berlin")
        await http.adapter._in_flight.drained()
        yield Asked(http, slack, context, clock)
        await http.adapter.stop()


@pytest.fixture
async def asked(learner: Asked) -> Asked:
    (message,) = await learner.wait_for(FRIDAY + timedelta(minutes=1))
    assert "How did your week go, ada?" in visible_text(message)
    return replace(learner, key=message["blocks"][0]["block_id"].split(":")[1])


async def test_an_answer_by_command_shows_in_the_message(asked: Asked) -> None:
    await asked.http.say("checkin worked hours:2")
    assert "You've checked in this week" in await asked.settled()
    assert "▓" in visible_text(asked.message)
    assert asked.message["blocks"][0]["block_id"].startswith(f"key:{asked.key}:"), "it's found again by its key"
    assert asked.message["text"].startswith("You've checked in this week")
    assert asked.updates() == 1


async def test_taking_it_back_asks_again(asked: Asked) -> None:
    answer = await asked.http.say("checkin worked hours:2")
    assert "checked in" in await asked.settled()
    undo = next(line for line in button_lines(answer) if line.startswith("checkin undo"))
    await asked.http.interact(press(asked.slack, undo))
    assert "How did your week go, ada?" in await asked.settled()


async def test_it_follows_changes_that_different_processes_handle(asked: Asked, settings: Settings) -> None:
    other = await start_http_adapter(settings, asked.context.dispatcher, asked.slack)
    answer = await asked.http.say("checkin worked hours:2")
    assert "You've checked in this week" in await asked.settled()
    undo = next(line for line in button_lines(answer) if line.startswith("checkin undo"))
    await other.interact(press(asked.slack, undo))
    await other.adapter.stop()
    assert "How did your week go, ada?" in await asked.settled()
    await asked.http.say("checkin worked hours:2")
    assert "You've checked in this week" in await asked.settled()


async def test_a_skipped_week_and_an_answer_from_another_message_show_too(asked: Asked) -> None:
    await asked.http.interact(press(asked.slack, "checkin skip week:2026-11-30"))
    assert "This week's off" in await asked.settled()
    await asked.http.say("checkin resume")
    assert "How did your week go" in await asked.settled()


async def test_a_press_on_the_message_itself_is_answered_in_its_place_alone(asked: Asked) -> None:
    line = next(line for line in button_lines(asked.message) if line.startswith("checkin worked"))
    await asked.http.interact(press(asked.slack, line, channel="DU1", ephemeral=False, key=asked.key))
    await wait_until(lambda: asked.slack.responses)
    await asked.settled()
    assert asked.slack.responses[-1]["replace_original"] is True
    assert asked.updates() == 0


async def test_a_form_opened_from_the_message_is_answered_in_its_place_too(asked: Asked) -> None:
    shown = len(asked.slack.views)
    await asked.http.interact(press(asked.slack, "checkin pause", channel="DU1", ephemeral=False, key=asked.key))
    await wait_until(lambda: len(asked.slack.views) > shown)
    await asked.http.interact(submission(asked.slack, asked.slack.views[-1], {"until": "2026-12-21"}))
    await wait_until(lambda: asked.slack.responses)
    await asked.settled()
    assert asked.slack.responses[-1]["replace_original"] is True
    assert asked.updates() == 0


@pytest.mark.parametrize("slow", [True, False], ids=["slow", "late"])
async def test_a_form_answered_in_a_modal_updates_the_message_it_was_opened_from(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    shown = len(asked.slack.views)
    await asked.http.interact(press(asked.slack, "checkin pause", channel="DU1", ephemeral=False, key=asked.key))
    await wait_until(lambda: len(asked.slack.views) > shown)
    if slow:
        monkeypatch.setattr(adapter, "READY_SECONDS", 0)
    else:
        asked.clock.travel_to(asked.clock.now() + timedelta(hours=1))  # Slack takes no answer by then
    await asked.http.interact(submission(asked.slack, asked.slack.views[shown], {"until": "2026-12-21"}))
    await wait_until(asked.updates)
    assert "You're on a break" in await asked.settled()


async def test_an_answer_that_takes_no_messages_place_updates_it(asked: Asked) -> None:
    await asked.http.interact(
        press(asked.slack, 'plan add "Write a paper" hours:1', channel="DU1", ephemeral=False, key=asked.key)
    )
    await wait_until(lambda: asked.slack.responses)
    assert "Write a paper" in await asked.settled()
    assert asked.slack.responses[-1]["replace_original"] is False


async def test_changes_of_others_and_questions_update_nothing(asked: Asked) -> None:
    await asked.http.say("plan add Write a paper", user="U2")
    await asked.http.say("salary senior")
    await asked.settled()
    assert asked.updates() == 0


async def test_a_deleted_message_is_left_alone(asked: Asked) -> None:
    asked.slack.fail("chat.update", "message_not_found")
    assert "▓" in visible_text(await asked.http.say("checkin worked hours:2"))
    assert "How did your week go" in await asked.settled()


async def test_the_reminder_follows_too(asked: Asked) -> None:
    _, reminder = await asked.wait_for(FRIDAY + timedelta(days=1, minutes=1))
    assert "Quick nudge" in visible_text(reminder)
    await asked.http.say("checkin worked hours:2")
    assert "You've checked in this week" in await asked.settled()
    assert "You've checked in this week" in visible_text(reminder)
    assert "Quick nudge" not in visible_text(reminder)


async def test_a_message_that_holds_something_else_keeps_it(learner: Asked) -> None:
    await learner.http.say("tips me friday 15:00 Berlin")
    (message,) = await learner.wait_for(FRIDAY + timedelta(minutes=1))
    before = visible_text(message)
    assert "How did your week go" in before
    assert "Tip for you" in before
    await learner.http.say("checkin worked hours:2")
    assert await learner.settled() == before


async def test_an_older_check_in_is_left_alone(asked: Asked) -> None:
    await asked.wait_for(FRIDAY + timedelta(days=7, minutes=1))
    first, *_, latest = asked.slack.conversations["DU1"].messages
    await asked.http.say("checkin worked hours:2")
    await asked.settled()
    assert "You've checked in this week" in visible_text(latest)
    assert "How did your week go" in visible_text(first)
