"""Forms as modals: opened in time, answered where they were asked for, and nothing typed is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from mentorbot.adapters.slack.forms import Origin, form_view, parse_submission
from mentorbot.app import AppContext
from mentorbot.chat.cards import Button, Buttons, Card, Choice, Field, Form, Paragraph, rich
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .block_kit import refused_view
from .harness import Http, Slow, buttons, open_http, shown, until
from .payloads import interaction, submission
from .server import SlackServer

ASKS = Form("Plan add", "plan add", (Field("what", "What you will do"),))
FAILED = Card("Sorry", (Paragraph(rich("Try again in a minute.")),), error="database")


async def test_a_missing_option_opens_a_form_and_its_values_are_kept(http: Http, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    assert [block["block_id"] for block in view["blocks"]][:2] == ["field:what", "field:by"]
    values = {"what": "Draw <the> path & *more*", "by": "2099-01-01"}
    assert await http.interact(submission(slack, view, values)) == {}
    await until(lambda: slack.responses)
    assert "Draw <the> path & *more*" in shown(slack.responses[0])
    assert slack.responses[0]["replace_original"] is False
    assert "Draw <the> path & *more*" in shown(await http.say("plan"))


async def test_menus_and_their_choices(http: Http, slack: SlackServer) -> None:
    view = await http.ask("recall on day:?")
    menu = next(block["element"] for block in view["blocks"] if block["block_id"] == "field:day")
    assert menu["type"] == "static_select"
    day = menu["options"][3]["value"]
    await http.interact(submission(slack, view, {"day": day, "at": "09:00", "zone": "Europe/Berlin"}))
    await until(lambda: slack.responses)
    assert "Every Thursday at 09:00 (Europe/Berlin)" in shown(slack.responses[0])


async def test_several_days_are_written_into_one_field(http: Http, slack: SlackServer) -> None:
    view = await http.ask("tips here")
    field = next(block for block in view["blocks"] if block["block_id"] == "field:day")
    assert "mon wed fri" in str(field)
    await http.interact(submission(slack, view, {"day": "fri, mon", "at": "09:00", "zone": "Europe/Berlin"}))
    await until(lambda: slack.responses)
    assert "every Monday and Friday at 09:00 (Europe/Berlin)" in shown(slack.responses[0])


async def test_a_wrong_value_keeps_the_form_open_and_says_where(http: Http, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    answer = await http.interact(submission(slack, view, {"what": "Draw", "by": "31 feb"}))
    assert answer["response_action"] == "errors"
    assert "31 feb" in answer["errors"]["field:by"]
    assert "Draw" not in shown(await http.say("plan"))
    assert await http.interact(submission(slack, view, {"what": "Draw", "by": "2099-01-01"})) == {}
    assert shown(await http.say("plan")).count("Draw") == 1


async def test_a_form_that_is_sent_twice_is_executed_once(http: Http, slack: SlackServer) -> None:
    payload = submission(slack, await http.ask("plan add"), {"what": "Once", "by": ""})
    await asyncio.gather(http.interact(payload), http.interact(payload))
    assert shown(await http.say("plan")).count("Once") == 1


async def test_trouble_lies_on_top_of_the_form_and_leaves_it_as_it_is(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, FAILED, 0).dispatcher, slack)
    view = {**form_view(ASKS, Origin("C1")), "id": "V1", "hash": "h"}
    answer = await http.interact(submission(slack, view, {"what": "A long text"}))
    assert answer["response_action"] == "push"
    assert "Try again in a minute" in shown(answer["view"])
    assert "clear_on_close" not in answer["view"]
    await http.door.stop()


async def test_when_slack_does_not_open_the_form_a_button_does(http: Http, slack: SlackServer) -> None:
    slack.fail("views.open", "expired_trigger_id")
    assert await http.say("plan add") == {}
    await until(lambda: slack.responses)
    assert buttons(slack.responses[0]) == ["plan add"]


async def test_a_form_that_is_asked_for_twice_opens_once_and_says_nothing_else(http: Http, slack: SlackServer) -> None:
    payload = slack.slash("plan add")
    await http.slack.post(payload)
    await http.slack.post(payload, retry=1)
    await http.door.stop()
    assert len(slack.views) == 1
    assert slack.responses == []


async def test_a_slack_that_is_slow_to_open_a_form_delays_no_acknowledgement(http: Http, slack: SlackServer) -> None:
    slack.fail("views.open", "slow:3.5")
    began = asyncio.get_running_loop().time()
    assert await http.say("plan add") == {}
    assert asyncio.get_running_loop().time() - began < 2
    await until(lambda: slack.responses)
    assert buttons(slack.responses[0]) == ["plan add"]


async def test_a_form_that_comes_too_late_is_offered_as_a_button(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, ASKS, 2.5).dispatcher, slack)
    await http.say("help")
    await until(lambda: slack.responses)
    assert buttons(slack.responses[0]) == ["plan add"]
    await http.door.stop()


async def test_after_half_an_hour_the_answer_stays_in_the_modal(http: Http, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    line, _, origin = parse_submission({**view, "state": {"values": {}}})
    assert origin.open_at(Clock().now())
    old = form_view(Form("Plan add", line, ASKS.fields), replace(origin, until=1))
    old_view = {**view, "private_metadata": old["private_metadata"]}
    answer = await http.interact(submission(slack, old_view, {"what": "Late"}))
    assert answer["response_action"] == "update"
    assert "Late" in shown(answer["view"])
    assert slack.responses == []


async def test_a_slow_answer_to_a_form_is_waited_for_in_a_modal(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    done = Card("Added", (Paragraph(rich("Draw the path")),))
    http = await open_http(settings, Slow(core, done, 3.2).dispatcher, slack)
    view = {**form_view(ASKS), "id": "V1", "hash": "h"}
    began = asyncio.get_running_loop().time()
    answer = await http.interact(submission(slack, view, {"what": "x"}))
    assert asyncio.get_running_loop().time() - began < 3
    assert answer["response_action"] == "push"
    assert "One moment" in shown(answer["view"])
    await until(lambda: len(slack.views) == 2)
    assert "Draw the path" in shown(slack.views[1])
    await http.door.stop()


async def test_slack_may_be_behind_with_opening_the_waiting_modal(
    settings: Settings, core: AppContext, slack: SlackServer
) -> None:
    http = await open_http(settings, Slow(core, Card("Added"), 2.2).dispatcher, slack)
    slack.fail("views.update", "not_found", "not_found")
    await http.interact(submission(slack, {**form_view(ASKS), "id": "V1", "hash": "h"}, {"what": "x"}))
    await until(lambda: len(slack.views) == 2)
    assert "Added" in shown(slack.views[1])
    await http.door.stop()


async def test_a_step_from_somebodys_message(http: Http, slack: SlackServer) -> None:
    text = "Look at <https://example.org/a?b=1&amp;c=2|this paper>, <@U2|ben> &amp; <#C2|design>: a &lt; b"
    message = {"text": text, "ts": "1.0"}
    await http.interact(interaction(slack, "message_action", callback_id="mentor_add_step", message=message))
    await until(lambda: slack.views)
    assert slack.views[0]["blocks"][0]["element"]["initial_value"] == (
        "Look at this paper (https://example.org/a?b=1&c=2), @ben & #design: a < b"
    )
    answer = await http.interact(submission(slack, slack.views[0], {"what": "Read it", "by": ""}))
    assert "Read it" in shown(answer["view"])


def have_views(slack: SlackServer, count: int) -> bool:
    return len(slack.views) == count


async def test_a_step_from_a_message_that_is_too_long_or_empty(http: Http, slack: SlackServer) -> None:
    for count, text in enumerate(("x" * 5_000, ""), 1):
        payload = interaction(slack, "message_action", callback_id="mentor_add_step", message={"text": text})
        await http.interact(payload)
        await until(partial(have_views, slack, count))
    first, second = (view["blocks"][0]["element"] for view in slack.views)
    assert first["initial_value"].endswith("…")
    assert "initial_value" not in second


def test_a_line_that_does_not_fit_a_form_is_said_to_be_too_long() -> None:
    fits = form_view(Form("T", "plan add what:" + "é" * 2_900, ASKS.fields), Origin("C1", response_url="x" * 100))
    assert parse_submission({**fits, "state": {"values": {}}})[0].startswith("plan add what:é")
    long = form_view(Form("T", "x" * 3_000, ASKS.fields))
    assert "too long" in shown(long)
    assert refused_view(long) == []


def test_a_menu_that_slack_has_no_room_for_becomes_a_text_field() -> None:
    many = tuple(Choice(f"Choice {number}", str(number)) for number in range(101))
    for choices in ((), many, (Choice("Long", "x" * 151),)):
        view = form_view(Form("T", "x", (Field("a", "A", "choice", choices=choices),)))
        assert view["blocks"][0]["element"]["type"] == "plain_text_input"
        assert refused_view(view) == []


async def test_a_card_too_long_for_a_modal_says_so(settings: Settings, core: AppContext, slack: SlackServer) -> None:
    rows = tuple(Buttons((Button(f"Button {number}", f"x {number}"),)) for number in range(150))
    http = await open_http(settings, Slow(core, Card("Many", rows), 0).dispatcher, slack)
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await until(lambda: slack.views)
    assert len(slack.views[0]["blocks"]) == 100
    assert "more than fits here" in shown(slack.views[0])
    await http.door.stop()
