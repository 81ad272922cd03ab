"""Messages in plain language: in direct messages, in channels and threads, over both transports, each answered once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Form
from mentorbot.commands.context import CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings

from .harness import HttpHarness, SlowBot, start_http_adapter, visible_text, wait_until
from .payloads import direct_message, event_body, mention, submission
from .server import SlackServer
from .state import Json


class Listener(Dispatcher):
    """A dispatcher that records what it's asked, and answers with `card`."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.dispatcher.registry, context.store, context.library, context.clock)
        self.requests: list[CommandRequest] = []
        self.card: Answer = Card("I heard you")

    async def answer(self, request: CommandRequest, _platform: Any = None) -> Answer:
        self.requests.append(request)
        return self.card


@pytest.fixture
def listener(app_context: AppContext) -> Listener:
    return Listener(app_context)


@pytest.fixture
async def bot(settings: Settings, listener: Listener, slack: SlackServer) -> AsyncIterator[HttpHarness]:
    slack.conversations["DU1"], slack.conversations["DU2"] = slack.conversations["DU1"], slack.conversations["DU2"]
    harness = await start_http_adapter(settings, listener, slack)
    yield harness
    await harness.adapter.stop()


def posted(slack: SlackServer, channel: str) -> list[Json]:
    """The bot's messages in a channel."""
    return slack.conversations[channel].messages


async def test_direct_message_is_answered_in_place(bot: HttpHarness, listener: Listener, slack: SlackServer) -> None:
    assert (await bot.slack.event(direct_message("I&amp;m stuck &lt;3"))).status_code == 200
    await wait_until(lambda: posted(slack, "DU1"))
    (answer,), (request,) = posted(slack, "DU1"), listener.requests
    assert "I heard you" in visible_text(answer)
    assert "thread_ts" not in answer
    assert (request.line, request.spoken, request.forms) == ("I&m stuck <3", True, False)
    assert (request.key, request.caller.name) == ("DU1:1700000000.000100", "ada")
    assert (request.caller.channel.direct, request.caller.channel.workspace.id) == (True, "T1")


async def test_direct_message_in_a_thread_is_answered_there(bot: HttpHarness, slack: SlackServer) -> None:
    await bot.slack.event(direct_message("what's next?", thread_ts="1699.1"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert posted(slack, "DU1")[0]["thread_ts"] == "1699.1"


@pytest.mark.parametrize(("scopes", "statuses"), [(["assistant:write"], [("DU1", "1699.1", "is thinking…")]), ([], [])])
async def test_an_agent_shows_that_it_is_thinking_if_an_answer_takes_long(
    settings: Settings, app_context: AppContext, slack: SlackServer, scopes: list[str], statuses: list[object]
) -> None:
    slack.conversations["DU1"] = slack.conversations["DU1"]
    slack.scopes = [*SCOPES, *scopes]
    http = await start_http_adapter(settings, SlowBot(app_context, Card("At last"), 2.5).dispatcher, slack)
    await http.slack.event(direct_message("help", thread_ts="1699.1"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert "At last" in visible_text(posted(slack, "DU1")[0])
    assert slack.statuses == statuses
    await http.adapter.stop()


async def test_personal_answer_to_a_mention_is_for_its_author_alone(
    bot: HttpHarness, listener: Listener, slack: SlackServer
) -> None:
    await bot.slack.event(mention("<@UBOT> show my plan"))
    await wait_until(lambda: slack.ephemerals)
    assert (slack.ephemerals[0]["user"], slack.ephemerals[0]["thread_ts"]) == ("U1", "1700000000.000200")
    assert posted(slack, "C1") == []
    assert (listener.requests[0].line, listener.requests[0].caller.channel.name) == ("show my plan", "general")


async def test_shareable_answer_to_a_mention_is_posted_in_its_thread(
    bot: HttpHarness, listener: Listener, slack: SlackServer
) -> None:
    listener.card = Card("Typically 5-10 years", shareable=True)
    await bot.slack.event(mention("<@UBOT>: how long does it take?", thread_ts="1699.1"))
    await wait_until(lambda: posted(slack, "C1"))
    assert posted(slack, "C1")[0]["thread_ts"] == "1699.1"
    assert slack.ephemerals == []


async def test_only_the_pack_is_quoted_in_public(http: HttpHarness, slack: SlackServer) -> None:
    await http.slack.event(mention("<@UBOT> salary senior", ts="1.1"))
    await http.slack.event(mention("<@UBOT> plan show", ts="1.2"))
    await wait_until(lambda: posted(slack, "C1") and slack.ephemerals)
    assert "$200K" in visible_text(posted(slack, "C1")[0])
    assert len(posted(slack, "C1")) == len(slack.ephemerals) == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("<@UBOT>", "hi"),
        ("<@UBOT|mentorbot>, tips here", "tips here"),
        ("hey <@UBOT> what is RAG?", "hey what is RAG?"),
        ("<@UBOT> note <@U2> nice work", "note @ben nice work"),
        ("<@UBOT> tips <#C9|ai>", "tips #ai"),
        ("<@UBOT> evidence <https://example.org/a|example.org/a>", "evidence https://example.org/a"),
    ],
)
async def test_mentions_are_read_as_their_author_sees_them(
    bot: HttpHarness, listener: Listener, text: str, heard: str
) -> None:
    await bot.slack.event(mention(text))
    await wait_until(lambda: listener.requests)
    assert listener.requests[0].line == heard


IGNORED: list[Json] = [
    direct_message("I'm a bot", bot_id="B9"),
    direct_message("I'm myself", user="UBOT"),
    direct_message("Reminder", user="USLACKBOT"),
    direct_message("changed", subtype="message_changed", message={"text": "changed"}),
    direct_message("gone", subtype="message_deleted"),
    direct_message("joined", subtype="channel_join"),
    direct_message("edited", edited={"user": "U1", "ts": "1.2"}),
    direct_message("  "),
    direct_message("", files=[{"id": "F1"}], subtype="file_share"),
    direct_message("in a channel", channel_type="channel", channel="C1"),
    mention("<@UBOT> hi from a bot", bot_id="B9"),
    {"type": "reaction_added", "user": "U1", "reaction": "eyes"},
]


async def test_messages_nobody_wrote_to_the_bot_get_no_answer(
    bot: HttpHarness, listener: Listener, slack: SlackServer
) -> None:
    for number, event in enumerate(IGNORED):
        assert (await bot.slack.event({"ts": f"1.{number}", **event})).status_code == 200
    await bot.slack.event(direct_message("the last one", ts="9.9"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert [request.line for request in listener.requests] == ["the last one"]


async def test_a_message_with_a_file_is_heard(bot: HttpHarness, listener: Listener) -> None:
    await bot.slack.event(direct_message("here's my proof", subtype="file_share", files=[{"id": "F1"}]))
    await wait_until(lambda: listener.requests)
    assert listener.requests[0].line == "here's my proof"


async def test_a_message_is_answered_once_however_many_processes_hear_it(
    bot: HttpHarness, settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    second = await start_http_adapter(settings, Listener(app_context), slack)
    event = direct_message("hello")
    deliveries = [bot.slack.event(event), second.slack.event(event), bot.slack.event(event, retry=1)]
    assert [response.status_code for response in await asyncio.gather(*deliveries)] == [200] * 3
    await second.adapter.stop()
    await bot.adapter._in_flight.drained()
    assert len(posted(slack, "DU1")) == 1


async def test_a_form_becomes_a_button(bot: HttpHarness, listener: Listener, slack: SlackServer) -> None:
    listener.card = Form("Add a step", "plan add", ())
    await bot.slack.event(direct_message("add a step"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert "Fill it in" in visible_text(posted(slack, "DU1")[0])


async def test_a_notification_shows_no_command_lines(bot: HttpHarness, listener: Listener, slack: SlackServer) -> None:
    listener.card = Card("Ready?", (Buttons((Button("Start", "plan start"),)),))
    await bot.slack.event(direct_message("hello"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert posted(slack, "DU1")[0]["text"] == "Ready?\n\n[Start]"


async def test_an_answer_waits_out_a_rate_limit(bot: HttpHarness, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", "429:0", "500")
    await bot.slack.event(direct_message("hello"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert len(posted(slack, "DU1")) == 1


async def test_direct_message_over_socket_mode(socket: SlackAdapter, slack: SlackServer) -> None:
    slack.conversations["DU1"] = slack.conversations["DU1"]
    await slack.envelope("events_api", event_body(direct_message("salary senior")), "e1")
    await wait_until(lambda: posted(slack, "DU1"))
    assert "$200K" in visible_text(posted(slack, "DU1")[0])


async def test_answer_a_channel_refuses_goes_to_the_direct_messages(bot: HttpHarness, slack: SlackServer) -> None:
    slack.fail("chat.postEphemeral", "user_not_in_channel")
    await bot.slack.event(mention("<@UBOT> show my plan"))
    await wait_until(lambda: posted(slack, "DU1"))
    assert "I heard you" in visible_text(posted(slack, "DU1")[0])


async def test_admins_turn_answers_to_mentions_off_channel_by_channel(http: HttpHarness, slack: SlackServer) -> None:
    assert "I don't answer mentions in #general" in visible_text(await http.say("admin mentions off"))
    await http.slack.event(mention("<@UBOT> salary senior", ts="1.1"))
    await http.slack.event(mention("<@UBOT> salary senior", ts="1.2", channel="C2"))
    slack.conversations["C2"], slack.conversations["DU1"] = slack.conversations["C2"], slack.conversations["DU1"]
    await http.slack.event(direct_message("salary senior", ts="1.3"))
    await wait_until(lambda: posted(slack, "C2") and posted(slack, "DU1"))
    assert "$200K" in visible_text(await http.say("salary senior")), "commands work there all the same"
    await http.slack.event(mention("<@UBOT> salary senior", ts="1.4", thread_ts="1.0"))
    await http.adapter._in_flight.drained()
    assert posted(slack, "C1") == slack.ephemerals == []
    await http.say("admin mentions on")
    await http.slack.event(mention("<@UBOT> salary senior", ts="1.5"))
    await wait_until(lambda: posted(slack, "C1"))


async def test_a_channel_is_picked_from_slacks_menu(http: HttpHarness, slack: SlackServer) -> None:
    form = await http.ask("admin mentions off channel:?")
    assert form["blocks"][0]["element"]["type"] == "conversations_select"
    await http.interact(submission(slack, form, {"channel": "C1"}))
    await wait_until(lambda: slack.responses)
    assert "mentions in #general" in visible_text(slack.responses[-1])
    assert "mentions in #general" not in visible_text(await http.say("admin mentions", team_id="T9"))
    assert "You need admin rights" in visible_text(await http.say("admin mentions on", user="U2"))
