"""Slack's side of every conversation: what travels in the acknowledgement, after it, and into a modal."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mentorbot.adapters.slack.door import SlackDoor
from mentorbot.app import Core
from mentorbot.cards import Card, Paragraph, words
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Registry
from mentorbot.commands.dispatch import Dispatcher
from mentorbot.errors import BadSettings
from mentorbot.settings import Settings

from .conftest import Http, open_http
from .server import SECRET, HttpSlack, SlackServer


def shown(answer: dict[str, Any]) -> str:
    """All words of a message or a view."""
    return json.dumps(answer.get("blocks"), ensure_ascii=False)


def buttons(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of a message by their value."""
    rows = (block for block in answer["blocks"] if block["type"] == "actions")
    return {element["value"]: element for row in rows for element in row["elements"]}


def press(server: SlackServer, value: str, *, ephemeral: bool = True, **extra: Any) -> dict[str, Any]:
    """The payload of a press on a button with this value."""
    return server.interaction(
        "block_actions",
        container={"type": "message", "is_ephemeral": ephemeral, "channel_id": "C1"},
        actions=[
            {"type": "button", "action_id": "mentor:3.0", "block_id": "key::0.3", "value": value, "action_ts": "1.2"}
        ],
        **extra,
    )


def submission(
    server: SlackServer, view: dict[str, Any], values: dict[str, str], view_id: str = "V9"
) -> dict[str, Any]:
    """The payload of a form that was sent."""
    state = {f"field:{name}": {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    return server.interaction("view_submission", view={**view, "id": view_id, "hash": "h", "state": {"values": state}})


async def until(condition: Any) -> None:
    """Wait for what follows an acknowledgement."""
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_fast_answer_travels_in_the_acknowledgement(http: Http, slack: SlackServer) -> None:
    answer = await http.say(slack, "salary senior")
    assert answer["response_type"] == "ephemeral"
    assert "$200K-$280K+" in shown(answer)
    assert "$200K-$280K+" in answer["text"]
    assert slack.responses == []


async def test_socket_mode_answers_alike(socket: SlackDoor, slack: SlackServer) -> None:
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e1")
    assert "$200K-$280K+" in shown(answer)


async def test_a_wrong_signature_and_an_old_request_are_refused(http: Http, slack: SlackServer) -> None:
    form = slack.slash("salary")
    assert (await http.slack.post(form, secret="another")).status_code == 401
    assert (await http.slack.post(form, age=600)).status_code == 401


async def test_a_command_that_comes_twice_is_executed_once(http: Http, slack: SlackServer) -> None:
    form = slack.slash("plan add Read a paper")
    first, second = await http.slack.post(form), await http.slack.post(form, retry=1)
    assert first.json()["blocks"] == second.json()["blocks"]
    assert shown(await http.say(slack, "plan")).count("Read a paper") == 1


async def test_twice_at_the_same_time_is_executed_once_too(socket: SlackDoor, slack: SlackServer) -> None:
    payload = slack.slash("plan add Read a paper")
    await asyncio.gather(*(slack.envelope("slash_commands", payload, f"e{number}") for number in range(4)))
    plan = await slack.envelope("slash_commands", slack.slash("plan"), "e9")
    assert shown(plan).count("Read a paper") == 1


async def test_a_slow_answer_is_acknowledged_in_time_and_follows(
    settings: Settings, core: Core, slack: SlackServer
) -> None:
    registry = Registry()

    @registry.command("help", "Takes its time.")
    async def slow(_: Call) -> Card:
        await asyncio.sleep(3.2)
        return Card("At last", (Paragraph(words("Here it is")),))

    patient = Dispatcher(registry, core.store, core.library, core.clock)
    http = await open_http(settings, replace(core, dispatcher=patient))
    began = asyncio.get_running_loop().time()
    response = await http.slack.post(slack.slash("help"))
    assert asyncio.get_running_loop().time() - began < 3
    assert response.text == ""
    await until(lambda: slack.responses)
    assert "Here it is" in shown(slack.responses[0])
    assert slack.responses[0]["response_type"] == "ephemeral"
    await http.door.stop()


async def test_a_stop_waits_for_the_answer_in_flight(settings: Settings, core: Core, slack: SlackServer) -> None:
    registry = Registry()

    @registry.command("help", "Takes its time.")
    async def slow(_: Call) -> Card:
        await asyncio.sleep(1)
        return Card("At last")

    http = await open_http(
        settings, replace(core, dispatcher=Dispatcher(registry, core.store, core.library, core.clock))
    )
    asked = asyncio.create_task(http.slack.post(slack.slash("help")))
    await asyncio.sleep(0.3)
    await http.door.stop()
    assert "At last" in shown((await asked).json())


async def test_a_button_works_after_a_restart_and_replaces_what_only_one_person_sees(
    settings: Settings, core: Core, slack: SlackServer
) -> None:
    before = await open_http(settings, core)
    value = next(iter(buttons(await before.say(slack, "plan add Read a paper"))))
    await before.door.stop()
    after = await open_http(settings, core)
    assert value == "plan done 1"
    assert (await after.slack.interact(press(slack, value))).status_code == 200
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is True
    assert "Done: Read a paper" in shown(slack.responses[0])
    await after.door.stop()


async def test_a_press_on_a_public_message_is_answered_to_one_person(http: Http, slack: SlackServer) -> None:
    await http.slack.interact(press(slack, "tip why:mlops-trace-one-prediction", ephemeral=False))
    await until(lambda: slack.responses)
    assert slack.responses[0]["replace_original"] is False
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_a_missing_option_opens_a_form_and_its_values_are_kept(http: Http, slack: SlackServer) -> None:
    assert await http.say(slack, "plan add") == {}
    view = slack.views[0]
    assert [block["block_id"] for block in view["blocks"]][:2] == ["field:what", "field:by"]
    response = await http.slack.interact(submission(slack, view, {"what": "Draw the path", "by": "2099-01-01"}))
    assert response.text == ""
    await until(lambda: slack.responses)
    assert "Draw the path" in shown(slack.responses[0])
    assert "Draw the path" in shown(await http.say(slack, "plan"))


async def test_a_wrong_value_keeps_the_form_open_and_says_where(http: Http, slack: SlackServer) -> None:
    await http.say(slack, "plan add")
    response = await http.slack.interact(submission(slack, slack.views[0], {"what": "Draw", "by": "31 feb"}))
    answer = response.json()
    assert answer["response_action"] == "errors"
    assert "31 feb" in answer["errors"]["field:by"]
    assert "Draw" not in shown(await http.say(slack, "plan"))


async def test_when_slack_does_not_open_the_form_a_button_does(http: Http, slack: SlackServer) -> None:
    await http.say(slack, "plan add", trigger="expired1")
    assert slack.views == []
    assert "plan add" in buttons(slack.responses[0])


async def test_the_shortcuts_and_the_home_tab(http: Http, slack: SlackServer) -> None:
    await http.slack.interact(slack.interaction("shortcut", callback_id="mentor_help"))
    await until(lambda: len(slack.views) == 1)
    assert "How I can help" in shown(slack.views[0])
    message = {"text": "Look at &lt;this&gt; paper", "ts": "1.0"}
    await http.slack.interact(slack.interaction("message_action", callback_id="mentor_add_step", message=message))
    await until(lambda: len(slack.views) == 2)
    assert "Look at <this> paper" in shown(slack.views[1])
    event = {"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event, "api_app_id": "A1"}
    await post_json(http.slack, body)
    await until(lambda: len(slack.views) == 3)
    assert slack.views[2]["type"] == "home"


async def post_json(slack: HttpSlack, body: dict[str, Any]) -> None:
    """An event; Slack sends those as JSON."""
    text, stamp = json.dumps(body), str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{text}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    async with httpx.AsyncClient() as client:
        response = await client.post(slack._url, content=text, headers=headers)
    assert response.status_code == 200


async def test_only_an_admin_sets_a_tip_and_only_where_the_bot_is(http: Http, slack: SlackServer) -> None:
    refused = await http.say(slack, "tips here monday 09:00 Europe/Berlin", user="U2")
    assert "people who manage this workspace" in shown(refused)
    slack.rooms["C1"].member = False
    outside = await http.say(slack, "tips here monday 09:00 Europe/Berlin")
    assert "/invite @mentorbot" in shown(outside)
    slack.rooms["C1"].member = True
    assert "every Monday at 09:00 (Europe/Berlin)" in shown(await http.say(slack, "tips here monday 09:00"))


@pytest.mark.parametrize(
    "text",
    [
        "ask " + "x" * 40_000,
        "ask <!channel> <@U1> `code` *bold* @everyone",
        "ask \u202eabc\x00\x1b 👩‍👩‍👧",
        'plan add "open',
        "&lt;",
    ],
)
async def test_hostile_text_is_answered_and_stays_text(http: Http, slack: SlackServer, text: str) -> None:
    answer = await http.say(slack, text)
    assert answer["blocks"]
    assert "<!channel>" not in answer["text"]
    kinds = {block["type"] for block in answer["blocks"]}
    assert kinds <= {"header", "rich_text", "context", "actions", "divider"}
    assert '"mrkdwn"' not in shown(answer)


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_wrong_token_is_named_and_never_printed(settings: Settings, core: Core, variable: str) -> None:
    tokens = {"slack_bot_token": "xoxb-wrong"} if variable == "SLACK_BOT_TOKEN" else {"slack_app_token": "xapp-wrong"}
    door = SlackDoor(replace(settings, **tokens), core.dispatcher)
    with pytest.raises(BadSettings, match=variable) as raised:
        await door.start()
    assert "wrong" not in str(raised.value)


async def test_a_revoked_token_is_said_to_be_so(settings: Settings, core: Core, slack: SlackServer) -> None:
    slack.revoked = True
    with pytest.raises(BadSettings, match="token_revoked"):
        await SlackDoor(settings, core.dispatcher).start()


async def test_a_slack_that_does_not_answer_is_said_to_be_so(settings: Settings, core: Core) -> None:
    door = SlackDoor(replace(settings, slack_api_url="http://127.0.0.1:9/api/"), core.dispatcher)
    with pytest.raises(BadSettings, match="SLACK_API_URL"):
        await door.start()


async def test_another_team_sees_nothing_of_the_first(http: Http, slack: SlackServer) -> None:
    await http.say(slack, "plan add Our secret")
    form = {**slack.slash("plan"), "team_id": "T2"}
    assert "Our secret" not in (await http.slack.post(form)).text
