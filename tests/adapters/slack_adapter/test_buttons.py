"""Buttons: they work after a restart, answer the right people, and change what only the presser sees."""

from __future__ import annotations

import asyncio

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card, Paragraph, rich
from mentorbot.settings import Settings

from .harness import Http, Slow, buttons, open_http, shown, until
from .payloads import interaction, press, press_in_view, submission
from .server import SlackServer

LATE = Card("At last", (Paragraph(rich("Here it is")),))


async def test_a_button_works_after_a_restart_and_replaces_what_only_one_person_sees(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    before = await open_http(settings, core.dispatcher, slack)
    line = buttons(await before.say("plan add Read a paper"))[0]
    assert line == "plan done 1"
    await before.door.stop()
    after = await open_http(settings, core.dispatcher, slack)
    assert await after.interact(press(slack, line)) == {}
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is True
    assert "Done: Read a paper" in shown(slack.responses[0])
    await after.door.stop()


async def test_a_press_works_over_socket_mode_too(socket: SlackAdapter, slack: SlackServer) -> None:
    await slack.envelope("interactive", press(slack, "salary senior"), "e1")
    await until(lambda: slack.responses)
    assert "$200K-$280K+" in shown(slack.responses[0])


async def test_a_press_on_a_public_message_is_answered_to_one_person(http: Http, slack: SlackServer) -> None:
    await http.interact(press(slack, "tip why:mlops-trace-one-prediction", ephemeral=False, key="d1-a"))
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_an_answer_in_a_direct_conversation_is_replaced_but_a_posted_tip_stays(
    http: Http, slack: SlackServer
) -> None:
    await http.interact(press(slack, "help", channel="D1", ephemeral=False))
    await until(lambda: len(slack.responses) == 1)
    await http.interact(press(slack, "help", channel="D1", ephemeral=False, key="d1-a"))
    await until(lambda: len(slack.responses) == 2)
    assert [response["replace_original"] for response in slack.responses] == [True, False]


async def test_what_went_wrong_replaces_nothing(http: Http, slack: SlackServer) -> None:
    await http.interact(press(slack, "plan done 77"))
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False


async def test_a_press_that_comes_twice_is_executed_once(http: Http, slack: SlackServer) -> None:
    payload = press(slack, "plan add what:Once")
    await asyncio.gather(*(http.interact(payload) for _ in range(3)))
    await until(lambda: len(slack.responses) == 3)
    assert shown(await http.say("plan")).count("Once") == 1


async def test_a_slow_press_is_answered_in_the_end(settings: Settings, core: AppContext, slack: SlackServer) -> None:
    http = await open_http(settings, Slow(core, LATE, 3.5).dispatcher, slack)
    began = asyncio.get_running_loop().time()
    await http.interact(press(slack, "help"))
    assert asyncio.get_running_loop().time() - began < 1
    await until(lambda: slack.responses)
    assert "Here it is" in shown(slack.responses[0])
    await http.door.stop()


async def test_a_form_behind_a_button_ends_in_the_place_of_the_card(http: Http, slack: SlackServer) -> None:
    await http.interact(press(slack, "plan add"))
    await until(lambda: slack.views)
    await http.interact(submission(slack, slack.views[0], {"what": "Draw the path", "by": ""}))
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is True
    assert "Draw the path" in shown(slack.responses[0])


async def test_a_button_in_a_modal_changes_the_modal(http: Http, slack: SlackServer) -> None:
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "salary senior"))
    await until(lambda: len(slack.views) == 2)
    assert slack.views[1]["id"] == slack.views[0]["id"]
    assert "$200K-$280K+" in shown(slack.views[1])


async def test_a_form_asked_for_in_a_modal_is_answered_in_it(http: Http, slack: SlackServer) -> None:
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await until(lambda: slack.views)
    await http.interact(press_in_view(slack, slack.views[0], "plan add"))
    await until(lambda: len(slack.views) == 2)
    answer = await http.interact(submission(slack, slack.views[1], {"what": "Draw the path", "by": ""}))
    assert answer["response_action"] == "update"
    assert "Draw the path" in shown(answer["view"])


async def test_a_button_on_the_home_tab_opens_a_modal(http: Http, slack: SlackServer) -> None:
    await http.slack.event({"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"})
    await until(lambda: slack.views)
    assert slack.views[0]["type"] == "home"
    await http.interact(press_in_view(slack, slack.views[0], buttons(slack.views[0])[0]))
    await until(lambda: len(slack.views) == 2)
    assert slack.views[1]["type"] == "modal"


async def test_a_slow_answer_on_the_home_tab_opens_a_modal_in_time_and_fills_it_later(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, LATE, 3.5).dispatcher, slack)
    home = {"type": "home", "id": "V0", "blocks": []}
    await http.interact(press_in_view(slack, home, "help"))
    await until(lambda: len(slack.views) == 2)
    assert "One moment" in shown(slack.views[0])
    assert "Here it is" in shown(slack.views[1])
    assert slack.views[0]["id"] == slack.views[1]["id"]
    await http.door.stop()


async def test_the_conversations_tab_needs_nothing(http: Http, slack: SlackServer) -> None:
    await http.slack.event({"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "D1"})
    await http.say("help")
    assert slack.views == []
