"""Button presses: after a restart, in channels, direct messages, modals and on the Home tab, and when delivered twice."""

from __future__ import annotations

import asyncio

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Button, Buttons, Card
from mentorbot.settings import Settings

from .harness import LATE_CARD, HttpHarness, SlowBot, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import press, press_in_view, submission
from .server import SlackServer


async def test_button_works_after_restart(settings: Settings, app_context: AppContext, slack: SlackServer) -> None:
    before = await start_http_adapter(settings, app_context.dispatcher, slack)
    await before.say("plan add Read a paper")
    line = next(line for line in button_lines(await before.say("plan step 1")) if line.startswith("plan done"))
    assert line == "plan done 1"
    await before.adapter.stop()
    after = await start_http_adapter(settings, app_context.dispatcher, slack)
    assert await after.interact(press(slack, line)) == {}
    await wait_until(lambda: slack.responses)
    assert "You finished Read a paper!" in visible_text(slack.responses[0])
    await after.adapter.stop()


async def test_button_press_over_socket_mode(socket: SlackAdapter, slack: SlackServer) -> None:
    await slack.envelope("interactive", press(slack, "salary senior"), "e1")
    await wait_until(lambda: slack.responses)
    assert "$200K–$280K+" in visible_text(slack.responses[0])


async def test_button_press_on_public_message_gets_ephemeral_answer(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "tip why:mlops-trace-one-prediction", ephemeral=False, key="d1-a"))
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_answer_appears_below_pressed_card_unless_it_updates_it(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, Card("Below"), 0).dispatcher, slack)
    await http.interact(press(slack, "help", channel="DU1", ephemeral=False, key="d1-a"))
    await wait_until(lambda: len(slack.responses) == 1)
    await http.adapter.stop()
    http = await start_http_adapter(
        settings, SlowBot(app_context, Card("In its place").in_place(), 0).dispatcher, slack
    )
    for channel, ephemeral in (("DU1", False), ("C1", True), ("C1", False)):
        await http.interact(press(slack, "help", channel=channel, ephemeral=ephemeral, key="d1-a"))
    await wait_until(lambda: len(slack.responses) == 4)
    await http.adapter.stop()
    replaced = [(response["replace_original"], response["response_type"]) for response in slack.responses]
    # In the bot's own direct messages an answer stays; in a channel, others still need the card.
    assert replaced[:2] == [(False, "in_channel"), (True, "in_channel")]
    assert sorted(replaced[2:]) == [(False, "ephemeral"), (True, "ephemeral")]
    assert [response["blocks"][0]["block_id"][:9] for response in slack.responses[:2]] == ["key::0.0", "key:d1-a:"]


async def test_answer_to_a_button_between_two_people_stays_private(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, Card("Mine").in_place(), 0).dispatcher, slack)
    await http.interact(press(slack, "help", channel="DOTHERS", ephemeral=False))
    await wait_until(lambda: slack.responses)
    await http.adapter.stop()
    assert (slack.responses[0]["replace_original"], slack.responses[0]["response_type"]) == (False, "ephemeral")


async def test_answer_to_a_button_in_a_thread_stays_there(http: HttpHarness, slack: SlackServer) -> None:
    payload = press(slack, "salary senior", ephemeral=False)
    payload["container"]["thread_ts"] = "1.5"
    await http.interact(payload)
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["thread_ts"] == "1.5"


async def test_button_with_a_long_line_works_after_restart(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    line = "plan add what:'" + "read " * 500 + "'"
    card = Card("Keep my words", (Buttons((Button("Save", line), Button("Help", "help"))),))
    before = await start_http_adapter(settings, SlowBot(app_context, card, 0).dispatcher, slack)
    short, other = button_lines(await before.say("help"))
    await before.adapter.stop()
    assert short.startswith("draft:")
    assert other == "help"
    after = await start_http_adapter(settings, app_context.dispatcher, slack)
    await after.interact(press(slack, short))
    await after.interact(press(slack, "draft:unknown"))
    await wait_until(lambda: len(slack.responses) == 2)
    await after.adapter.stop()
    texts = " ".join(visible_text(response) for response in slack.responses)
    assert "That's 2,502 characters" in texts  # all the words and their quotes have come back
    assert "I don't have that any more" in texts


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


async def test_form_opened_by_button_is_answered_below_card(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "plan add"))
    await wait_until(lambda: slack.views)
    await http.interact(submission(slack, slack.views[0], {"what": "Draw the path", "by": ""}))
    await wait_until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False
    assert "Draw the path" in visible_text(slack.responses[0])


async def test_button_in_modal_updates_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press_in_view(slack, {"type": "home", "id": "V0", "blocks": []}, "help"))
    await wait_until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "salary senior"))
    await wait_until(lambda: len(slack.views) == 2)
    assert slack.views[1]["id"] == slack.views[0]["id"]
    assert "$200K–$280K+" in visible_text(slack.views[1])


async def test_form_opened_in_modal_is_answered_in_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press_in_view(slack, {"type": "home", "id": "V0", "blocks": []}, "help"))
    await wait_until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "plan add"))
    await wait_until(lambda: len(slack.views) == 2)
    answer = await http.interact(submission(slack, slack.views[1], {"what": "Draw the path", "by": ""}))
    assert answer["response_action"] == "update"
    assert "Draw the path" in visible_text(answer["view"])


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
