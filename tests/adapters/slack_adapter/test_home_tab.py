"""The App Home: published when it's opened, kept up to date, and never too long; its box takes questions."""

from __future__ import annotations

import asyncio
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.app import AppContext
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.settings import Settings

from .harness import HttpHarness, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import interaction, press, press_in_view
from .server import SlackServer
from .state import TEAM, Json


async def open_home(http: HttpHarness, slack: SlackServer, user: str = "U1") -> Json:
    shown = len(slack.homes[user])
    await http.slack.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": f"D{user}"})
    await wait_until(lambda: len(slack.homes[user]) > shown)
    return slack.homes[user][-1]


def ask_in_home(slack: SlackServer, home: Json, text: str, *, by_button: bool) -> Json:
    """Build the payload of a question typed into the box."""
    box = next(block for block in home["blocks"] if block["type"] == "input")
    ask = home["blocks"][-1]["elements"][0]
    state = {box["block_id"]: {box["element"]["action_id"]: {"type": "plain_text_input", "value": text or None}}}
    action: dict[str, Any] = (
        {"type": "button", "action_id": ask["action_id"], "block_id": home["blocks"][-1]["block_id"]}
        if by_button
        else {"type": "plain_text_input", "action_id": "mentor_question", "block_id": box["block_id"], "value": text}
    )
    payload = interaction(
        slack,
        "block_actions",
        user=home["id"].removeprefix("V"),
        container={"type": "view", "view_id": home["id"]},
        view={**home, "state": {"values": state}},
        actions=[action],
    )
    return {name: value for name, value in payload.items() if name not in ("response_url", "channel")}


async def test_newcomer_sees_one_thing_to_do_and_a_box(http: HttpHarness, slack: SlackServer) -> None:
    home = await open_home(http, slack, "U2")
    assert home["type"] == "home"
    assert home["blocks"][0]["text"]["text"] == "Become an AI Architect, a few hours a week"
    assert button_lines(home)[0] == "start goal:role"
    assert not any(line.startswith("admin") for line in button_lines(home))
    assert [block["type"] for block in home["blocks"][-2:]] == ["input", "actions"]


async def test_button_on_home_opens_modal(http: HttpHarness, slack: SlackServer) -> None:
    home = await open_home(http, slack, "U2")
    await http.interact(press_in_view(slack, home, button_lines(home)[0]))
    await wait_until(lambda: slack.views)
    assert slack.views[0]["type"] == "modal"
    assert "How many hours a week" in visible_text(slack.views[0])


async def test_opening_messages_tab_publishes_nothing(http: HttpHarness, slack: SlackServer) -> None:
    await http.slack.event({"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "D1"})
    await http.say("help")
    assert not slack.homes
    assert slack.views == []


async def test_own_change_shows_within_five_seconds(http: HttpHarness, slack: SlackServer) -> None:
    await open_home(http, slack)
    started = asyncio.get_running_loop().time()
    await http.say("plan add Read a paper")
    await wait_until(lambda: "This week: Read a paper" in visible_text(slack.homes["U1"][-1]))
    await http.interact(press(slack, "plan done 1"))
    await wait_until(lambda: "Every step is done" in visible_text(slack.homes["U1"][-1]))
    assert asyncio.get_running_loop().time() - started < 5
    assert not slack.homes["U2"], "nobody else's page has changed"


async def test_questions_alone_publish_nothing(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("salary senior")
    await http.adapter._in_flight.drained()
    assert not slack.homes


@pytest.mark.parametrize("by_button", [True, False])
async def test_box_takes_questions_and_is_empty_afterwards(
    http: HttpHarness, slack: SlackServer, by_button: bool
) -> None:
    await http.say("ask what does a senior earn?")  # the first question of all reads the pack, which takes a moment
    home = await open_home(http, slack, "U2")
    await http.interact(ask_in_home(slack, home, "what does a senior earn?", by_button=by_button))
    await wait_until(lambda: slack.views and len(slack.homes["U2"]) == 2)
    assert "$200K–$280K+" in visible_text(slack.views[-1])
    before, after = (next(b["block_id"] for b in page["blocks"] if b["type"] == "input") for page in slack.homes["U2"])
    assert before != after, "Slack keeps what was typed into a block it knows"


async def test_empty_box_gets_a_greeting(http: HttpHarness, slack: SlackServer) -> None:
    home = await open_home(http, slack, "U2")
    await http.interact(ask_in_home(slack, home, "", by_button=True))
    await wait_until(lambda: slack.views)
    assert "Hi" in visible_text(slack.views[-1])


async def test_admin_sees_what_is_broken_first_and_never_more_than_100_blocks(
    http: HttpHarness, slack: SlackServer, app_context: AppContext
) -> None:
    workspace = Workspace("slack", TEAM)
    weekly = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with app_context.store.unit_of_work(workspace) as uow:
        for number in range(120):
            channel = Channel(workspace, f"C{number}", f"channel-{number}")
            await uow.schedules.start(
                Destination(workspace, channel), MessageKind.TIP, weekly,
                role="ai-architect", created_by="U1", now=app_context.clock.now(),
            )  # fmt: skip
    home = await open_home(http, slack)
    assert len(home["blocks"]) <= 100
    assert "#channel-0: weekly tip" in visible_text(home).replace('", "type": "text"}, {"text": "', "")
    assert "admin schedules" in button_lines(home)
    assert "Learners: shown from 5. Waitlist: nobody." in visible_text(home)


async def test_two_workspaces_never_see_each_other(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("plan add My own step")
    await http.adapter._in_flight.drained()
    body = {"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "DU1"}
    assert "My own step" in visible_text(slack.homes["U1"][-1])
    slack.homes.clear()
    await http.slack.event_from("T9", body)
    await wait_until(lambda: slack.homes["U1"])
    assert "My own step" not in visible_text(slack.homes["U1"][-1])


async def test_page_stays_when_refresh_fails(http: HttpHarness, slack: SlackServer) -> None:
    await open_home(http, slack)
    slack.fail("views.publish", "500")
    assert "Read" in visible_text(await http.say("plan add Read"))
    await http.adapter._in_flight.drained()
    assert "This week: Read" in visible_text(await open_home(http, slack))


async def test_days_follow_the_readers_language(http: HttpHarness, slack: SlackServer, app_context: AppContext) -> None:
    slack.users["U2"]["locale"] = "de-DE"
    await open_home(http, slack, "U2")
    for user in ("U1", "U2"):
        await http.say("plan add Read a paper", user=user)
        await http.say("checkin settings friday 15:00 Berlin", user=user)
        await http.adapter._in_flight.drained()
    assert "Next check-in: Freitag, " in visible_text(await open_home(http, slack, "U2"))
    assert "Next check-in: Friday, " in visible_text(await open_home(http, slack))
    async with app_context.store.unit_of_work(Workspace("slack", TEAM)) as uow:
        person = await uow.people.get("U2")
        assert person is not None
        assert person.locale == "de-DE", "what's sent unprompted follows, too"


async def test_people_go_by_the_name_others_see(http: HttpHarness, slack: SlackServer, app_context: AppContext) -> None:
    slack.users["U2"]["profile"] = {"display_name": "Ben Müller"}
    assert slack.slash("x", user="U2")["user_name"] == "ben", "Slack's commands have a legacy handle alone"
    for _ in range(2):
        await http.say("pair offer any max:2", user="U2")
        await http.adapter._in_flight.drained()
        async with app_context.store.unit_of_work(Workspace("slack", TEAM)) as uow:
            (mentor,) = await uow.mentorships.mentors("ai-architect")
        assert mentor.name == "Ben Müller"
        http.adapter.platform.members._cached.clear()


async def test_admins_learn_what_installing_again_would_add(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.scopes = [scope for scope in SCOPES if scope not in ("im:history", "app_mentions:read")]
    http = await start_http_adapter(settings, app_context.dispatcher, slack)
    text = visible_text(await open_home(http, slack))
    assert "Reinstall me to add:" in text
    assert "only messages that mention the bot in a channel" in text
    assert "Reinstall me" not in visible_text(await open_home(http, slack, "U2"))
    assert "Hello" in visible_text(await http.say("plan add Hello")), "it works without them"
    await http.adapter.stop()


async def test_prompts_fit_the_learners_week_if_the_app_is_an_agent(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.scopes = [*SCOPES, "assistant:write"]
    http = await start_http_adapter(settings, app_context.dispatcher, slack)
    opened = {"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "DU1"}
    await http.slack.event(opened)
    await wait_until(lambda: slack.prompts)
    assert slack.prompts["DU1"][0]["title"] == "Get started"
    await http.say("plan add Read a paper")
    await http.slack.event(opened)
    await wait_until(lambda: slack.prompts["DU1"][0]["title"] == "This week")
    assert not [view for view in slack.views if view["type"] == "home"]
    await http.adapter.stop()
