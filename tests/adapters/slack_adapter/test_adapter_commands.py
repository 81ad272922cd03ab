"""Slash commands: acknowledgements, late and long answers, redeliveries, permissions, hostile text and tenants."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card, Paragraph, rich
from mentorbot.settings import Settings

from .harness import LATE_CARD, HttpHarness, SlowBot, start_http_adapter, visible_text, wait_until
from .server import SlackServer


async def test_fast_answer_is_in_acknowledgement(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.say("salary senior")
    assert answer["response_type"] == "ephemeral"
    assert "$200K–$280K+" in visible_text(answer)
    assert "$200K–$280K+" in answer["text"]
    assert slack.responses == []


async def test_command_over_socket_mode(socket: SlackAdapter, slack: SlackServer) -> None:
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e1")
    assert "$200K–$280K+" in visible_text(answer)


async def test_a_command_may_be_about_a_payload(http: HttpHarness) -> None:
    await http.say("plan add Compress the payload of our events")
    assert "Compress the payload" in visible_text(await http.say("plan show"))


async def test_public_card_is_in_channel(settings: Settings, app_context: AppContext, slack: SlackServer) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD.with_public(), 0).dispatcher, slack)
    assert (await http.say("help"))["response_type"] == "in_channel"
    await http.adapter.stop()


async def test_redelivered_command_runs_once(http: HttpHarness, slack: SlackServer) -> None:
    form = slack.slash("plan add Read a paper")
    first, second = await http.slack.post(form), await http.slack.post(form, retry=1)
    assert first.json()["blocks"] == second.json()["blocks"]
    assert visible_text(await http.say("plan")).count("Read a paper") == 1


async def test_concurrent_redeliveries_run_once(socket: SlackAdapter, slack: SlackServer) -> None:
    payload = slack.slash("plan add Read a paper")
    await asyncio.gather(*(slack.envelope("slash_commands", payload, f"e{number}") for number in range(4)))
    plan = await slack.envelope("slash_commands", slack.slash("plan"), "e9")
    assert visible_text(plan).count("Read a paper") == 1


async def test_slow_answer_is_acknowledged_in_time_and_follows(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 5).dispatcher, slack)
    started = asyncio.get_running_loop().time()
    assert await http.say("help") == {}
    assert asyncio.get_running_loop().time() - started < 3
    await wait_until(lambda: slack.responses)
    assert "Here it is" in visible_text(slack.responses[0])
    assert slack.responses[0]["response_type"] == "ephemeral"
    assert slack.responses[0]["replace_original"] is False
    await http.adapter.stop()


async def test_long_answer_arrives_whole_and_in_order(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    long = Card("Long", tuple(Paragraph(rich(f"part {number} " + "lorem ipsum " * 150)) for number in range(20)))
    http = await start_http_adapter(settings, SlowBot(app_context, long, 0).dispatcher, slack)
    assert await http.say("help") == {}
    await wait_until(lambda: "part 19 " in "".join(map(visible_text, slack.responses)))
    assert 1 < len(slack.responses) <= 5
    whole_text = "".join(map(visible_text, slack.responses))
    indexes = [whole_text.index(f"part {number} ") for number in range(20)]
    assert indexes == sorted(indexes)
    await http.adapter.stop()


async def test_answer_beyond_response_url_limit_says_there_is_more(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    endless = Card("Endless", tuple(Paragraph(rich("lorem ipsum " * 200)) for _ in range(60)))
    http = await start_http_adapter(settings, SlowBot(app_context, endless, 0).dispatcher, slack)
    await http.say("help")
    await wait_until(lambda: len(slack.responses) == 5)
    assert "There's more" in visible_text(slack.responses[4])
    await http.adapter.stop()


async def test_stop_waits_for_answers_in_flight(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 2.6).dispatcher, slack)
    answering = asyncio.create_task(http.say("help"), name="command in flight")
    await asyncio.sleep(0.3)
    await http.adapter.stop()
    assert await answering == {}
    assert "At last" in visible_text(slack.responses[0])


@pytest.mark.parametrize(("seconds", "status"), [(0.0, 500), (2.1, 200)], ids=["in time", "late"])
async def test_answer_that_fails_is_logged(
    settings: Settings,
    app_context: AppContext,
    slack: SlackServer,
    caplog: pytest.LogCaptureFixture,
    seconds: float,
    status: int,
) -> None:
    unknown: Any = object()
    bot = SlowBot(app_context, Card("Nothing can draw this", (unknown,)), seconds)
    http = await start_http_adapter(settings, bot.dispatcher, slack)
    response = await http.slack.post(slack.slash("plan add"))
    assert (response.status_code, response.text) == (status, "")
    await wait_until(lambda: "a request of Slack's failed" in caplog.text)
    await http.adapter.stop()


@pytest.mark.parametrize("kind", ["429:0", "close_before"])
async def test_failed_response_url_is_retried(
    settings: Settings, app_context: AppContext, slack: SlackServer, kind: str
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 2.1).dispatcher, slack)
    slack.fail("response_url", kind)
    await http.say("help")
    await wait_until(lambda: slack.responses)
    assert "At last" in visible_text(slack.responses[0])
    await http.adapter.stop()


async def test_tips_need_admin_and_bot_in_channel(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.say("tips here monday 09:00 Europe/Berlin", user="U2")
    assert "You need admin rights for that" in visible_text(answer)
    slack.conversations["C1"].member = False
    assert "/invite @mentorbot" in visible_text(await http.say("tips here monday 09:00 Europe/Berlin"))
    slack.conversations["C1"].member = True
    assert "Mondays 09:00, Berlin time" in visible_text(await http.say("tips here monday 09:00"))


async def test_tips_are_refused_in_dm_between_two_people(http: HttpHarness) -> None:
    answer = await http.say("tips here monday 09:00", channel="D7", channel_name="directmessage")
    assert "Which channel?" in visible_text(answer)
    assert "Ask me in one: mention me" in visible_text(answer)


@pytest.mark.parametrize(
    "text",
    [
        "ask " + "x" * 40_000,
        "plan add " + "x" * 40_000,
        "ask <!channel> <@U1> `code` *bold* @everyone",
        "plan add <!channel> <@U1> `code` *bold* @everyone &lt; https://example.org/?a=1&b=2",
        "ask \u202eabc\x00\x1b 👩‍👩‍👧",
        'plan add "open',
        "&lt;",
        "",
        "\n\n\x00",
    ],
)
async def test_hostile_text_stays_text(http: HttpHarness, text: str) -> None:
    answer = await http.say(text)
    assert answer["blocks"]
    assert not any(sign in answer["text"] for sign in ("<!", "<@", "\x00", "\x1b"))
    shown = visible_text(answer)
    assert not any(kind in shown for kind in ('"mrkdwn"', '"user"', '"broadcast"'))
    links = re.findall(r'"type": "link", "url": "([^"]*)"|"url": "([^"]*)", "type": "link"', shown)
    assert all((first or second) in text for first, second in links)  # an address leads where it says
    assert shown.count('"link"') == len(links)


async def test_typed_markup_is_shown_literally(http: HttpHarness) -> None:
    text = "Ask <!here> & @ben about *this* `x` <https://example.org|that>"
    assert text in visible_text(await http.say(f'plan add "{text}"'))


@pytest.mark.parametrize(
    "other", [{"team_id": "T2"}, {"enterprise_id": "E1", "is_enterprise_install": "true"}, {"team_id": "E1"}]
)
async def test_tenants_do_not_see_each_other(http: HttpHarness, other: dict[str, str]) -> None:
    await http.say("plan add Our secret")
    assert "Our secret" not in visible_text(await http.say("plan", **other))
    assert "Our secret" in visible_text(await http.say("plan"))


async def test_org_wide_install_is_one_tenant(http: HttpHarness) -> None:
    org = {"enterprise_id": "E1", "is_enterprise_install": "true"}
    await http.say("plan add Our secret", team_id="T1", **org)
    assert "Our secret" in visible_text(await http.say("plan", team_id="T2", **org))


async def test_payload_without_tenant_is_an_error(http: HttpHarness, slack: SlackServer) -> None:
    response = await http.slack.post({**slack.slash("plan"), "team_id": ""})
    assert response.status_code == 400
