"""Slash commands: what travels in the acknowledgement, what follows it, and that each is executed once."""

from __future__ import annotations

import asyncio

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card, Paragraph, rich
from mentorbot.settings import Settings

from .harness import Http, Slow, open_http, shown, until
from .server import SlackServer

LATE = Card("At last", (Paragraph(rich("Here it is")),))


async def test_a_fast_answer_travels_in_the_acknowledgement(http: Http, slack: SlackServer) -> None:
    answer = await http.say("salary senior")
    assert answer["response_type"] == "ephemeral"
    assert "$200K-$280K+" in shown(answer)
    assert "$200K-$280K+" in answer["text"]
    assert slack.responses == []


async def test_socket_mode_answers_alike(socket: SlackAdapter, slack: SlackServer) -> None:
    answer = await slack.envelope("slash_commands", slack.slash("salary senior"), "e1")
    assert "$200K-$280K+" in shown(answer)


async def test_a_public_card_is_for_the_whole_channel(settings: Settings, core: AppContext, slack: SlackServer) -> None:
    http = await open_http(settings, Slow(core, LATE.with_public(), 0).dispatcher, slack)
    assert (await http.say("help"))["response_type"] == "in_channel"
    await http.door.stop()


async def test_a_command_that_comes_twice_is_executed_once(http: Http, slack: SlackServer) -> None:
    form = slack.slash("plan add Read a paper")
    first, second = await http.slack.post(form), await http.slack.post(form, retry=1)
    assert first.json()["blocks"] == second.json()["blocks"]
    assert shown(await http.say("plan")).count("Read a paper") == 1


async def test_twice_at_the_same_time_is_executed_once_too(socket: SlackAdapter, slack: SlackServer) -> None:
    payload = slack.slash("plan add Read a paper")
    await asyncio.gather(*(slack.envelope("slash_commands", payload, f"e{number}") for number in range(4)))
    plan = await slack.envelope("slash_commands", slack.slash("plan"), "e9")
    assert shown(plan).count("Read a paper") == 1


async def test_an_answer_that_takes_five_seconds_is_acknowledged_in_time_and_follows(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, LATE, 5).dispatcher, slack)
    began = asyncio.get_running_loop().time()
    assert await http.say("help") == {}
    assert asyncio.get_running_loop().time() - began < 3
    await until(lambda: slack.responses)
    assert "Here it is" in shown(slack.responses[0])
    assert slack.responses[0]["response_type"] == "ephemeral"
    assert slack.responses[0]["replace_original"] is False
    await http.door.stop()


async def test_a_long_answer_arrives_whole_and_in_order(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    long = Card("Long", tuple(Paragraph(rich(f"part {number} " + "lorem ipsum " * 150)) for number in range(20)))
    http = await open_http(settings, Slow(core, long, 0).dispatcher, slack)
    assert await http.say("help") == {}
    await until(lambda: "part 19 " in "".join(map(shown, slack.responses)))
    assert 1 < len(slack.responses) <= 5
    every = "".join(map(shown, slack.responses))
    places = [every.index(f"part {number} ") for number in range(20)]
    assert places == sorted(places)
    await http.door.stop()


async def test_an_answer_beyond_slacks_limit_says_that_there_is_more(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    endless = Card("Endless", tuple(Paragraph(rich("lorem ipsum " * 200)) for _ in range(60)))
    http = await open_http(settings, Slow(core, endless, 0).dispatcher, slack)
    await http.say("help")
    await until(lambda: len(slack.responses) == 5)
    assert "There is more" in shown(slack.responses[4])
    await http.door.stop()


async def test_a_stop_waits_for_answers_in_flight_and_for_those_that_follow(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, LATE, 2.6).dispatcher, slack)
    asked = asyncio.create_task(http.say("help"))
    await asyncio.sleep(0.3)
    await http.door.stop()
    assert await asked == {}
    assert "At last" in shown(slack.responses[0])


@pytest.mark.parametrize("kind", ["429:0", "close_before"])
async def test_a_response_url_that_fails_once_is_tried_again(
    settings: Settings, core: AppContext, slack: SlackServer, kind: str
) -> None:
    http = await open_http(settings, Slow(core, LATE, 2.1).dispatcher, slack)
    slack.fail("response_url", kind)
    await http.say("help")
    await until(lambda: slack.responses)
    assert "At last" in shown(slack.responses[0])
    await http.door.stop()


async def test_only_an_admin_sets_a_tip_and_only_where_the_bot_is(http: Http, slack: SlackServer) -> None:
    refused = await http.say("tips here monday 09:00 Europe/Berlin", user="U2")
    assert "people who manage this workspace" in shown(refused)
    slack.rooms["C1"].member = False
    assert "/invite @mentorbot" in shown(await http.say("tips here monday 09:00 Europe/Berlin"))
    slack.rooms["C1"].member = True
    assert "every Monday at 09:00 (Europe/Berlin)" in shown(await http.say("tips here monday 09:00"))


async def test_no_tip_is_promised_between_two_people(http: Http) -> None:
    answer = await http.say("tips here monday 09:00", channel="D7", channel_name="directmessage")
    assert "I cannot post there" in shown(answer)


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
async def test_hostile_text_is_answered_and_stays_text(http: Http, text: str) -> None:
    answer = await http.say(text)
    assert answer["blocks"]
    assert not any(sign in answer["text"] for sign in ("<!", "<@", "\x00", "\x1b"))
    assert not any(kind in shown(answer) for kind in ('"mrkdwn"', '"user"', '"broadcast"', '"link"'))


async def test_what_was_typed_is_shown_as_it_was_typed(http: Http) -> None:
    text = "Ask <!here> & @ben about *this* `x` <https://example.org|that>"
    assert text in shown(await http.say(f'plan add "{text}"'))


@pytest.mark.parametrize(
    "other", [{"team_id": "T2"}, {"enterprise_id": "E1", "is_enterprise_install": "true"}, {"team_id": "E1"}]
)
async def test_another_tenant_sees_nothing_of_the_first(http: Http, other: dict[str, str]) -> None:
    await http.say("plan add Our secret")
    assert "Our secret" not in shown(await http.say("plan", **other))
    assert "Our secret" in shown(await http.say("plan"))


async def test_an_org_wide_install_is_one_tenant_in_all_its_teams(http: Http) -> None:
    org = {"enterprise_id": "E1", "is_enterprise_install": "true"}
    await http.say("plan add Our secret", team_id="T1", **org)
    assert "Our secret" in shown(await http.say("plan", team_id="T2", **org))


async def test_a_payload_without_a_tenant_is_not_answered_from_anybodys_data(http: Http, slack: SlackServer) -> None:
    response = await http.slack.post({**slack.slash("plan"), "team_id": ""})
    assert response.status_code == 500
