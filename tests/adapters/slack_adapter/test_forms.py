"""Forms as modals: opening in time, answering where they were requested, errors, and Slack's limits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.forms import Origin, form_view, parse_submission
from mentorbot.app import AppContext
from mentorbot.chat.cards import Button, Buttons, Card, Choice, Field, Form, Input, Paragraph, rich
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .block_kit import view_errors
from .harness import HttpHarness, SlowBot, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import interaction, press_in_view, submission
from .server import SlackServer

FORM = Form("Plan add", "plan add", (Field("what", "What you will do"),))
FAILED = Card("Sorry", (Paragraph(rich("Try again in a minute.")),), error="database")


async def test_missing_option_opens_form_and_submission_runs_command(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    assert [block["block_id"] for block in view["blocks"]][:2] == ["field:what", "field:by"]
    values = {"what": "Draw <the> path & *more*", "by": "2099-01-01"}
    assert await http.interact(submission(slack, view, values)) == {}
    await wait_until(lambda: slack.responses)
    assert "Draw <the> path & *more*" in visible_text(slack.responses[0])
    assert slack.responses[0]["replace_original"] is False
    assert "Draw <the> path & *more*" in visible_text(await http.say("plan"))


async def test_menu_offers_choices(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("recall on every:?")
    menu = next(block["element"] for block in view["blocks"] if block["block_id"] == "field:every")
    assert menu["type"] == "static_select"
    every = menu["options"][1]["value"]
    await http.interact(
        submission(slack, view, {"day": "thursday", "at": "09:00", "zone": "Europe/Berlin", "every": every})
    )
    await wait_until(lambda: slack.responses)
    assert "Recall is on: every second Thursday, 09:00, Berlin time" in visible_text(slack.responses[0])


async def test_zones_are_found_while_someone_types(socket: SlackAdapter, slack: SlackServer) -> None:
    """Over the socket, Slack asks for the options of a menu; over signed HTTP, a zone is typed."""
    await slack.envelope("slash_commands", slack.slash("recall on day:?"), "e1")
    await wait_until(lambda: slack.views)
    view = slack.views[-1]
    menu = next(block["element"] for block in view["blocks"] if block["block_id"] == "field:zone")
    assert menu["type"] == "external_select"
    found = {}
    for number, typed in enumerate(("ber", "munich", "new york", "xyzzy")):
        ask = interaction(
            slack, "block_suggestion", action_id=menu["action_id"], block_id="field:zone", value=typed, view=view,
            container={"type": "view", "view_id": view["id"]},
        )  # fmt: skip
        options = (await slack.envelope("interactive", ask, f"o{number}"))["options"]
        assert all(1 <= len(option["text"]["text"]) <= 75 and len(option["value"]) <= 150 for option in options)
        found[typed] = [option["value"] for option in options]
    assert found["ber"][0] == found["munich"][0] == "Europe/Berlin"
    assert found["new york"][0] == "America/New_York"
    assert found["xyzzy"] == []
    values = {"day": "thursday", "at": "09:00", "zone": "America/New_York"}
    await slack.envelope("interactive", submission(slack, view, values), "e2")
    await wait_until(lambda: slack.responses)
    assert "Thursdays 09:00, New York time" in visible_text(slack.responses[-1])


def test_a_known_zone_is_chosen_already() -> None:
    form = Form("Set up", "admin setup", (Field("zone", "Time zone", "zone", value="Europe/Berlin"),))
    menu = form_view(form, loads_options=True)["blocks"][0]["element"]
    assert (menu["type"], menu["initial_option"]["value"]) == ("external_select", "Europe/Berlin")
    assert view_errors(form_view(form, loads_options=True)) == []
    assert form_view(form)["blocks"][0]["element"]["type"] == "plain_text_input"


async def test_several_days_in_one_field(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("tips me day:?")
    menu = next(block["element"] for block in view["blocks"] if block["block_id"] == "field:day")
    assert [option["value"] for option in menu["options"]][::4] == ["monday", "friday"]
    await http.interact(submission(slack, view, {"day": "monday,friday", "at": "09:00", "zone": "Europe/Berlin"}))
    await wait_until(lambda: slack.responses)
    assert "Mondays and Fridays 09:00, Berlin time" in visible_text(slack.responses[0])


async def test_invalid_value_keeps_form_open_and_marks_field(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    answer = await http.interact(submission(slack, view, {"what": "Draw", "by": "31 feb"}))
    assert answer["response_action"] == "errors"
    assert "31 February" in answer["errors"]["field:by"]
    assert "Draw" not in visible_text(await http.say("plan"))
    assert await http.interact(submission(slack, view, {"what": "Draw", "by": "2099-01-01"})) == {}
    assert visible_text(await http.say("plan")).count("Draw") == 1


async def test_redelivered_submission_runs_once(http: HttpHarness, slack: SlackServer) -> None:
    payload = submission(slack, await http.ask("plan add"), {"what": "Once", "by": ""})
    await asyncio.gather(http.interact(payload), http.interact(payload))
    assert visible_text(await http.say("plan")).count("Once") == 1


async def test_error_is_pushed_above_form(settings: Settings, app_context: AppContext, slack: SlackServer) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, FAILED, 0).dispatcher, slack)
    view = {**form_view(FORM, Origin("C1")), "id": "V1", "hash": "h"}
    answer = await http.interact(submission(slack, view, {"what": "A long text"}))
    assert answer["response_action"] == "push"
    assert "Try again in a minute" in visible_text(answer["view"])
    assert "clear_on_close" not in answer["view"]
    await http.adapter.stop()


async def test_form_that_fails_to_open_becomes_button(http: HttpHarness, slack: SlackServer) -> None:
    slack.fail("views.open", "expired_trigger_id")
    assert await http.say("plan add") == {}
    await wait_until(lambda: slack.responses)
    assert button_lines(slack.responses[0]) == ["plan add"]


async def test_redelivered_command_opens_form_once(http: HttpHarness, slack: SlackServer) -> None:
    payload = slack.slash("plan add")
    await http.slack.post(payload)
    await http.slack.post(payload, retry=1)
    await http.adapter.stop()
    assert len(slack.views) == 1
    assert slack.responses == []


async def test_slow_views_open_does_not_delay_acknowledgement(http: HttpHarness, slack: SlackServer) -> None:
    slack.fail("views.open", "slow:3.5")
    started = asyncio.get_running_loop().time()
    assert await http.say("plan add") == {}
    assert asyncio.get_running_loop().time() - started < 2
    await wait_until(lambda: slack.responses)
    assert button_lines(slack.responses[0]) == ["plan add"]


async def test_late_form_becomes_button(settings: Settings, app_context: AppContext, slack: SlackServer) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, FORM, 2.5).dispatcher, slack)
    await http.say("help")
    await wait_until(lambda: slack.responses)
    assert button_lines(slack.responses[0]) == ["plan add"]
    await http.adapter.stop()


async def test_answer_stays_in_modal_after_response_url_expires(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    line, _, origin = parse_submission({**view, "state": {"values": {}}})
    assert origin.open_at(Clock().now())
    old = form_view(Form("Plan add", line, FORM.fields), replace(origin, until=1))
    old_view = {**view, "private_metadata": old["private_metadata"]}
    answer = await http.interact(submission(slack, old_view, {"what": "Late"}))
    assert answer["response_action"] == "update"
    assert "Late" in visible_text(answer["view"])
    assert slack.responses == []


async def test_slow_form_answer_shows_waiting_modal(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    done = Card("Added", (Paragraph(rich("Draw the path")),))
    http = await start_http_adapter(settings, SlowBot(app_context, done, 3.2).dispatcher, slack)
    view = {**form_view(FORM), "id": "V1", "hash": "h"}
    started = asyncio.get_running_loop().time()
    answer = await http.interact(submission(slack, view, {"what": "x"}))
    assert asyncio.get_running_loop().time() - started < 3
    assert answer["response_action"] == "push"
    assert "One moment" in visible_text(answer["view"])
    await wait_until(lambda: len(slack.views) == 2)
    assert "Draw the path" in visible_text(slack.views[1])
    await http.adapter.stop()


async def test_waiting_modal_update_is_retried_until_it_exists(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    http = await start_http_adapter(settings, SlowBot(app_context, Card("Added"), 2.2).dispatcher, slack)
    slack.fail("views.update", "not_found", "not_found")
    await http.interact(submission(slack, {**form_view(FORM), "id": "V1", "hash": "h"}, {"what": "x"}))
    await wait_until(lambda: len(slack.views) == 2)
    assert "Added" in visible_text(slack.views[1])
    await http.adapter.stop()


async def test_message_shortcut_prefills_form(http: HttpHarness, slack: SlackServer) -> None:
    text = "Look at <https://example.org/a?b=1&amp;c=2|this paper>, <@U2|ben> &amp; <#C2|design>: a &lt; b"
    message = {"text": text, "ts": "1.0"}
    await http.interact(interaction(slack, "message_action", callback_id="mentor_add_step", message=message))
    await wait_until(lambda: slack.views)
    assert slack.views[0]["blocks"][0]["element"]["initial_value"] == (
        "Look at this paper (https://example.org/a?b=1&c=2), @ben & #design: a < b"
    )
    answer = await http.interact(submission(slack, slack.views[0], {"what": "Read it", "by": ""}))
    assert "Read it" in visible_text(answer["view"])


def has_views(slack: SlackServer, count: int) -> bool:
    return len(slack.views) == count


async def test_message_shortcut_with_long_or_empty_message(http: HttpHarness, slack: SlackServer) -> None:
    for count, text in enumerate(("x" * 5_000, ""), 1):
        payload = interaction(slack, "message_action", callback_id="mentor_add_step", message={"text": text})
        await http.interact(payload)
        await wait_until(partial(has_views, slack, count))
    first, second = (view["blocks"][0]["element"] for view in slack.views)
    assert first["initial_value"].endswith("…")
    assert "initial_value" not in second


def test_line_too_long_for_metadata_is_an_error_card() -> None:
    fits = form_view(Form("T", "plan add what:" + "é" * 2_900, FORM.fields), Origin("C1", response_url="x" * 100))
    assert parse_submission({**fits, "state": {"values": {}}})[0].startswith("plan add what:é")
    long = form_view(Form("T", "x" * 3_000, FORM.fields))
    assert "too long" in visible_text(long)
    assert view_errors(long) == []


def test_menu_beyond_limits_becomes_text_field() -> None:
    many = tuple(Choice(f"Choice {number}", str(number)) for number in range(101))
    for choices in ((), many, (Choice("Long", "x" * 151),)):
        view = form_view(Form("T", "x", (Field("a", "A", "choice", choices=choices),)))
        assert view["blocks"][0]["element"]["type"] == "plain_text_input"
        assert view_errors(view) == []


async def test_card_too_long_for_modal_is_truncated_with_note(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    rows = tuple(Buttons((Button(f"Button {number}", f"x {number}"),)) for number in range(150))
    http = await start_http_adapter(settings, SlowBot(app_context, Card("Many", rows), 0).dispatcher, slack)
    await http.interact(press_in_view(slack, {"type": "home", "id": "V0", "blocks": []}, "help"))
    await wait_until(lambda: slack.views)
    assert len(slack.views[0]["blocks"]) == 100
    assert "more than fits here" in visible_text(slack.views[0])
    await http.adapter.stop()


def test_dates_times_people_and_channels_are_picked() -> None:
    values = {"date": "2026-12-01", "time": "09:00", "people": "U1", "channel": "C1"}
    inputs: tuple[Input, ...] = ("date", "time", "people", "channel")
    for filled in (True, False):
        fields = tuple(Field(name, name, name, value=values[name] if filled else "") for name in inputs)
        view = form_view(Form("T", "plan add", fields))
        assert view_errors(view) == []
        kinds = [block["element"]["type"] for block in view["blocks"]]
        assert kinds == ["datepicker", "timepicker", "users_select", "conversations_select"]
        states = {
            f"field:{name}": {"value": {f"selected_{picked}": values[name]}}
            for name, picked in zip(inputs, ("date", "time", "user", "conversation"), strict=True)
        }
        assert parse_submission({**view, "state": {"values": states}})[1] == values


def test_several_choices_are_picked_in_one_menu() -> None:
    days = tuple(Choice(name, name.lower()) for name in ("Monday", "Tuesday", "Friday"))
    view = form_view(Form("T", "tips me", (Field("day", "Days", "choices", choices=days, value="monday,friday"),)))
    assert view_errors(view) == []
    element = view["blocks"][0]["element"]
    assert (element["type"], [option["value"] for option in element["initial_options"]]) == (
        "multi_static_select",
        ["monday", "friday"],
    )
    states = {"field:day": {"value": {"selected_options": [{"value": "tuesday"}, {"value": "friday"}]}}}
    assert parse_submission({**view, "state": {"values": states}})[1] == {"day": "tuesday,friday"}


def test_value_that_a_picker_cannot_show_stays_text() -> None:
    inputs: tuple[Input, ...] = ("date", "time", "people", "channel", "zone")
    view = form_view(Form("T", "plan add", tuple(Field(name, name, name, value="next june") for name in inputs)))
    assert view_errors(view) == []
    assert {block["element"]["initial_value"] for block in view["blocks"]} == {"next june"}


async def test_form_with_a_long_line_is_kept_on_the_server(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    text = "read " * 700
    form = Form("When?", f"plan add what:'{text}'", (Field("by", "By when", required=False),))
    before = await start_http_adapter(settings, SlowBot(app_context, form, 0).dispatcher, slack)
    view = await before.ask("plan add")
    await before.adapter.stop()
    after = await start_http_adapter(settings, app_context.dispatcher, slack)
    answer = await after.interact(submission(slack, view, {"by": "2099-01-01"}))
    await after.adapter.stop()
    # It reached the command, which finds the text too long.
    assert "draft" not in str(answer)
    assert answer.get("response_action") == "push"
