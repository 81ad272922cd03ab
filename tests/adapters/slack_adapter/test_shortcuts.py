"""Shortcuts: a box for questions, the check-in, and steps made from messages of every kind, with a link back."""

from __future__ import annotations

import pytest

from mentorbot.adapters.slack.shortcuts import message_text, with_link
from mentorbot.app import AppContext
from mentorbot.settings import Settings

from .block_kit import view_errors
from .harness import LATE_CARD, HttpHarness, SlowBot, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import interaction, press_in_view
from .server import SlackServer
from .state import Json

BOX = "mentor_ask"


def asked(slack: SlackServer, view: Json, text: str) -> Json:
    """Build the payload of a question sent from the modal."""
    state = {"values": {BOX: {BOX: {"type": "plain_text_input", "value": text or None}}}}
    return interaction(slack, "view_submission", view={**view, "state": state})


async def open_box(http: HttpHarness, slack: SlackServer) -> Json:
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await wait_until(lambda: slack.views)
    return slack.views[-1]


async def test_ask_opens_a_box_and_answers_in_the_same_modal(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("ask what does a senior earn?")  # the first question of all reads the pack, which takes a moment
    view = await open_box(http, slack)
    assert view["title"]["text"] == "Ask mentorbot"
    answer = await http.interact(asked(slack, view, "what does a senior earn?"))
    assert answer["response_action"] == "update"
    assert "$200K–$280K+" in visible_text(answer["view"])
    assert view_errors(answer["view"]) == []


async def test_a_sentence_that_would_write_is_offered_as_a_button(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.interact(asked(slack, await open_box(http, slack), "pause until 11 jan"))
    line = next(line for line in button_lines(answer["view"]) if line.startswith("checkin pause"))
    assert "Enjoy the break" not in visible_text(slack.views[-1])  # it's offered, and not done yet
    await http.interact(press_in_view(slack, {**answer["view"], "id": slack.views[-1]["id"]}, line))
    await wait_until(lambda: "Enjoy the break" in visible_text(slack.views[-1]))


async def test_empty_question_is_a_greeting(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.interact(asked(slack, await open_box(http, slack), ""))
    assert "Hi" in visible_text(answer["view"])


async def test_slow_answer_follows_in_the_modal(
    settings: Settings, app_context: AppContext, http: HttpHarness, slack: SlackServer
) -> None:
    view = await open_box(http, slack)
    slow = await start_http_adapter(settings, SlowBot(app_context, LATE_CARD, 3.2).dispatcher, slack)
    answer = await slow.interact(asked(slack, view, "help"))
    assert "One moment" in visible_text(answer["view"])
    await wait_until(lambda: "Here it is" in visible_text(slack.views[-1]))
    await slow.adapter.stop()


async def test_check_in_asks_how_the_week_went(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("plan add Read a paper")
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_check_in"))
    await wait_until(lambda: slack.views)
    assert "How did your week go" in visible_text(slack.views[-1])
    assert any(line.startswith("checkin worked") for line in button_lines(slack.views[-1]))


LINK = "https://team.slack.com/archives/C1/p1700000000000100"
MESSAGES: dict[str, tuple[Json, str]] = {
    "a person's": ({"text": "Read <https://example.org|this> by Friday"}, "Read this (https://example.org) by Friday"),
    "an app's, with blocks alone": (
        {
            "text": "",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Release 2"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": "See <https://example.org>"}},
                {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a chart"},
            ],
        },
        "Release 2 See https://example.org a chart",
    ),
    "rich text": (
        {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "Try "},
                                {"type": "link", "url": "https://example.org", "text": "this"},
                                {"type": "emoji", "name": "tada"},
                            ],
                        }
                    ],
                }
            ]
        },
        "Try this :tada:",
    ),
    "an app's, with an attachment": (
        {"text": "", "attachments": [{"fallback": "Build failed", "title": "Build 7 failed"}]},
        "Build 7 failed",
    ),
    "a file": ({"text": "", "files": [{"name": "notes.pdf", "title": "Notes"}, {"name": "b.png"}]}, "Notes, b.png"),
    "one that's gone": ({"text": ""}, ""),
}


@pytest.mark.parametrize("kind", MESSAGES)
async def test_messages_of_every_kind_become_a_step_with_their_link(
    http: HttpHarness, slack: SlackServer, kind: str
) -> None:
    message, text = MESSAGES[kind]
    assert message_text(message) == text
    payload = interaction(
        slack,
        "message_action",
        callback_id="mentor_add_step",
        channel={"id": "C1", "name": "general"},
        message={"type": "message", "ts": "1700000000.000100", **message},
    )
    await http.interact(payload)
    await wait_until(lambda: slack.views)
    assert slack.views[0]["blocks"][0]["element"]["initial_value"] == f"{text} {LINK}".strip()


async def test_form_opens_without_a_link_that_takes_too_long(http: HttpHarness, slack: SlackServer) -> None:
    slack.fail("chat.getPermalink", "slow:3")
    message = {"ts": "1700000000.000100", "text": "Read it"}
    await http.interact(
        interaction(slack, "message_action", callback_id="mentor_add_step", channel={"id": "C1"}, message=message)
    )
    await wait_until(lambda: slack.views)
    assert slack.views[0]["blocks"][0]["element"]["initial_value"] == "Read it"


def test_long_text_is_cut_but_its_link_is_not() -> None:
    text = with_link("x" * 5_000, LINK, 200)
    assert len(text) == 200
    assert text.endswith(f"… {LINK}")
    assert with_link("", LINK, 200) == LINK
    assert with_link("short", "https://example.org/" + "y" * 300, 200) == "short"
