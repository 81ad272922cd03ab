"""Button presses: after a restart, in channels, direct messages, modals and on the Home tab, and when delivered twice."""

from __future__ import annotations

import asyncio

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.settings import Settings

from .harness import LATE_CARD, HttpHarness, SlowBot, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import interaction, press, press_in_view, submission
from .server import SlackServer


async def test_button_works_after_restart_and_replaces_ephemeral_message(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    before = await start_http_adapter(settings, app_context.dispatcher, slack)
    line = button_lines(await before.say("plan add Read a paper"))[0]
    assert line == "plan done 1"
    await before.adapter.stop()
    after = await start_http_adapter(settings, app_context.dispatcher, slack)
    assert await after.interact(press(slack, line)) == {}
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is True
    assert "Done: Read a paper" in visible_text(slack.responses[0])
    await after.adapter.stop()


async def test_button_press_over_socket_mode(socket: SlackAdapter, slack: SlackServer) -> None:
    await slack.envelope("interactive", press(slack, "salary senior"), "e1")
    await wait_until(lambda: slack.responses)
    assert "$200K-$280K+" in visible_text(slack.responses[0])


async def test_button_press_on_public_message_gets_ephemeral_answer(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "tip why:mlops-trace-one-prediction", ephemeral=False, key="d1-a"))
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_button_press_in_dm_replaces_answer_but_not_posted_tip(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "help", channel="D1", ephemeral=False))
    await wait_until(lambda: len(slack.responses) == 1)
    await http.interact(press(slack, "help", channel="D1", ephemeral=False, key="d1-a"))
    await wait_until(lambda: len(slack.responses) == 2)
    assert [response["replace_original"] for response in slack.responses] == [True, False]


async def test_error_does_not_replace_message(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "plan done 77"))
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False


async def test_redelivered_button_press_runs_once(http: HttpHarness, slack: SlackServer) -> None:
    payload = press(slack, "plan add what:Once")
    await asyncio.gather(*(http.interact(payload) for _ in range(3)))
    await wait_until(lambda: len(slack.responses) == 3)
    assert visible_text(await http.say("plan")).count("Once") == 1


async def test_slow_button_press_is_answered_through_response_url(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 3.5).dispatcher, slack)
    started = asyncio.get_running_loop().time()
    await http.interact(press(slack, "help"))
    assert asyncio.get_running_loop().time() - started < 1
    await wait_until(lambda: slack.responses)
    assert "Here it is" in visible_text(slack.responses[0])
    await http.adapter.stop()


async def test_form_opened_by_button_replaces_card(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "plan add"))
    await wait_until(lambda: slack.views)
    await http.interact(submission(slack, slack.views[0], {"what": "Draw the path", "by": ""}))
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is True
    assert "Draw the path" in visible_text(slack.responses[0])


async def test_button_in_modal_updates_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await wait_until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "salary senior"))
    await wait_until(lambda: len(slack.views) == 2)
    assert slack.views[1]["id"] == slack.views[0]["id"]
    assert "$200K-$280K+" in visible_text(slack.views[1])


async def test_form_opened_in_modal_is_answered_in_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await wait_until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "plan add"))
    await wait_until(lambda: len(slack.views) == 2)
    answer = await http.interact(submission(slack, slack.views[1], {"what": "Draw the path", "by": ""}))
    assert answer["response_action"] == "update"
    assert "Draw the path" in visible_text(answer["view"])


async def test_button_on_home_tab_opens_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.slack.event({"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"})
    await wait_until(lambda: slack.views)
    assert slack.views[0]["type"] == "home"
    await http.interact(press_in_view(slack, slack.views[0], button_lines(slack.views[0])[0]))
    await wait_until(lambda: len(slack.views) == 2)
    assert slack.views[1]["type"] == "modal"


async def test_slow_answer_on_home_tab_opens_waiting_modal_first(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 3.5).dispatcher, slack)
    home = {"type": "home", "id": "V0", "blocks": []}
    await http.interact(press_in_view(slack, home, "help"))
    await wait_until(lambda: len(slack.views) == 2)
    assert "One moment" in visible_text(slack.views[0])
    assert "Here it is" in visible_text(slack.views[1])
    assert slack.views[0]["id"] == slack.views[1]["id"]
    await http.adapter.stop()


async def test_opening_messages_tab_publishes_no_view(http: HttpHarness, slack: SlackServer) -> None:
    await http.slack.event({"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "D1"})
    await http.say("help")
    assert slack.views == []
