"""Pictures and documents on Slack: the bytes, the words for who cannot see them, and that nobody else sees them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.forms import Origin, form_view
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.app import AppContext
from mentorbot.chat import charts
from mentorbot.chat.cards import Answer, Card, Chart, ChartImage, Field, FileBlock, Form, Paragraph, Series, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .harness import Http, open_http, shown, until
from .payloads import interaction, press, press_in_view, submission
from .server import SlackServer
from .state import TEAM, Json, Room

PNG = b"\x89PNG\r\n\x1a\n"
CHART = Chart("bars", ("Python", "SQL"), (Series("You", (2.0, 3.0)),), high=4)
ALT = "Python 2 of 4, SQL 3 of 4"
MINE = Card(
    "Mine & yours", (Paragraph(rich("See")), ChartImage("skills", ALT, CHART), FileBlock("plan.md", "# Plan ü"))
)
NOTE = "You will find the picture and plan.md in our direct messages, where nobody else sees them."
ASKS = Form("Mine", "mine", (Field("what", "What"),))

pytestmark = pytest.mark.skipif(not charts.available(), reason="no matplotlib here (the extra charts)")


def registered() -> Registry:
    """A command for each card; `late` is slower than Slack waits for it."""
    registry = Registry()

    async def mine(_: Context) -> Answer:
        return MINE

    async def loud(_: Context) -> Answer:
        return MINE.with_public()

    async def late(_: Context) -> Answer:
        await asyncio.sleep(2.3)
        return MINE

    for handler in (mine, loud, late):
        registry.command(handler.__name__, "Try it.")(handler)
    registry.command("help", "Try it.")(mine)
    return registry


@pytest.fixture
async def http(settings: Settings, core: AppContext, slack: SlackServer) -> AsyncIterator[Http]:
    opened = await open_http(settings, Dispatcher(registered(), core.store, core.library, core.clock), slack)
    yield opened
    await opened.door.stop()


def files(slack: SlackServer, room: str) -> list[Json]:
    """The files that lie in a conversation."""
    given = (one for message in slack.rooms[room].messages for one in message.get("files", ()))
    return [slack.files[one["id"]] for one in given]


async def until_filed(slack: SlackServer, room: str) -> Json:
    """The message with the files, once it is there; they are as they were meant, and lie nowhere else."""
    await until(lambda: files(slack, room))
    picture, document = files(slack, room)
    assert (picture["name"], picture["alt"], picture["data"][:8]) == ("skills.png", ALT, PNG)
    assert (document["name"], document["alt"], document["data"]) == ("plan.md", None, "# Plan ü".encode())
    assert [name for name in list(slack.rooms) if name != room and files(slack, name)] == []
    return slack.rooms[room].messages[-1]


async def test_files_of_an_answer_for_one_lie_in_the_direct_conversation(http: Http, slack: SlackServer) -> None:
    answer = await http.say("mine")
    assert answer["response_type"] == "ephemeral"
    assert NOTE in shown(answer)
    assert ALT in shown(answer)
    assert "# Plan" not in answer["text"]
    message = await until_filed(slack, "DU1")
    assert message["text"] == "Mine &amp; yours"
    assert slack.responses == []


async def test_files_for_everyone_lie_below_the_card(http: Http, slack: SlackServer) -> None:
    answer = await http.say("loud")
    assert answer["response_type"] == "in_channel"
    assert "direct messages" not in shown(answer)
    assert "plan.md follows as a file" in shown(answer)
    await until_filed(slack, "C1")


async def test_in_the_direct_conversation_they_follow(http: Http, slack: SlackServer) -> None:
    answer = await http.say("mine", channel="DU1")
    assert "direct messages" not in shown(answer)
    await until_filed(slack, "DU1")
    assert slack.responses == []


async def test_between_two_people_it_is_said_where_they_are(http: Http, slack: SlackServer) -> None:
    await http.say("mine", channel="DBEN")
    await until_filed(slack, "DU1")
    await until(lambda: slack.responses)
    assert NOTE in shown(slack.responses[0])
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_no_acknowledgement_waits_for_an_upload(http: Http, slack: SlackServer) -> None:
    slack.fail("upload", "slow:4")
    slack.fail("conversations.open", "slow:1")
    began = asyncio.get_running_loop().time()
    await http.say("mine")
    assert asyncio.get_running_loop().time() - began < 1
    await until_filed(slack, "DU1")


async def test_a_late_answer_brings_its_files(http: Http, slack: SlackServer) -> None:
    assert await http.say("late") == {}
    await until(lambda: slack.responses)
    assert NOTE in shown(slack.responses[0])
    await until_filed(slack, "DU1")


async def test_a_button_brings_files_in_a_channel_and_in_a_view(http: Http, slack: SlackServer) -> None:
    await http.interact(press(slack, "mine"))
    await until_filed(slack, "DU1")
    assert NOTE in shown(slack.responses[0])
    slack.rooms["DU1"].messages.clear()
    await http.interact(press_in_view(slack, {"id": "VHOME", "type": "home"}, "mine"))
    await until_filed(slack, "DU1")
    assert NOTE in shown(slack.views[-1])


@pytest.mark.parametrize("line", ["mine", "late"])
async def test_a_form_brings_files_to_where_it_was_asked_for_and_in_a_modal(
    http: Http, slack: SlackServer, line: str
) -> None:
    view = {**form_view(Form("Mine", line, ASKS.fields)), "id": "V1", "hash": "h"}
    slack.views.append(view)
    answer = await http.interact(submission(slack, view, {}))
    await until_filed(slack, "DU1")
    assert NOTE in shown(answer["view"] if line == "mine" else slack.views[-1])


async def test_a_public_form_brings_its_files_once_and_to_all(http: Http, slack: SlackServer) -> None:
    _, url = slack.issue()
    origin = Origin("C1", "general", url, 2**40)
    view = {**form_view(Form("Mine", "loud", ASKS.fields), origin), "id": "V1", "hash": "h"}
    assert await http.interact(submission(slack, view, {})) == {}
    await until_filed(slack, "C1")


@pytest.mark.parametrize(
    ("method", "fault", "advice"),
    [
        ("files.getUploadURLExternal", "missing_scope", "install"),
        ("files.getUploadURLExternal", "500", "again in a minute"),
        ("upload", "500", "again in a minute"),
        ("upload", "close_before", "again in a minute"),
        ("files.completeUploadExternal", "file_uploads_disabled", "switched off"),
        ("conversations.open", "user_not_found", "again in a minute"),
    ],
)
async def test_an_upload_that_fails_leaves_the_card_and_says_what_is_missing(
    http: Http, slack: SlackServer, method: str, fault: str, advice: str
) -> None:
    slack.fail(method, fault)
    assert "See" in shown(await http.say("mine"))
    await until(lambda: slack.responses)
    (told,) = slack.responses
    assert told["response_type"] == "ephemeral"
    assert told["replace_original"] is False
    for words_of_it in ("the picture and plan.md", ALT, advice):
        assert words_of_it in shown(told)
    assert files(slack, "DU1") == []


async def test_in_a_channel_without_the_bot_it_says_how_to_invite_it(http: Http, slack: SlackServer) -> None:
    slack.rooms["C1"].member = False
    await http.say("loud")
    await until(lambda: slack.responses)
    assert "/invite me" in shown(slack.responses[0])


async def test_in_a_modal_what_is_missing_stands_above_the_answer(http: Http, slack: SlackServer) -> None:
    slack.fail("upload", "500")
    await http.interact(interaction(slack, "shortcut", callback_id="mentor_help"))
    await until(lambda: len(slack.views) == 2)
    assert "I could not send the picture and plan.md" in shown(slack.views[1])
    assert "See" in shown(slack.views[1])
    assert slack.views[0]["id"] == slack.views[1]["id"]


async def test_where_no_charts_are_drawn_their_words_are_the_answer(
    http: Http, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    answer = await http.say("mine")
    assert ALT in shown(answer)
    assert "You will find plan.md in our direct messages, where nobody else sees it." in shown(answer)
    await until(lambda: files(slack, "DU1"))
    assert [file["name"] for file in files(slack, "DU1")] == ["plan.md"]


async def test_a_chart_that_cannot_be_drawn_costs_no_document(
    http: Http, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Chart) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(charts, "draw", broken)
    await http.say("mine")
    await until(lambda: slack.responses)
    assert [file["name"] for file in files(slack, "DU1")] == ["plan.md"]
    assert "could not send the picture with it" in shown(slack.responses[0])


@pytest.fixture
def platform(settings: Settings, core: AppContext) -> SlackPlatform:
    return SlackAdapter(settings, core.dispatcher).platform


async def test_a_post_is_followed_by_its_files(platform: SlackPlatform, slack: SlackServer) -> None:
    sent = await platform.post(Channel(Workspace("slack", TEAM), "C1"), MINE, "d-1")
    await until_filed(slack, "C1")
    assert slack.rooms["C1"].messages[0]["ts"] == sent
    assert "direct messages" not in shown(slack.rooms["C1"].messages[0])


@pytest.mark.parametrize("fault", ["missing_scope", "500", "429:30"])
async def test_a_post_whose_files_fail_is_posted_and_says_so(
    platform: SlackPlatform, slack: SlackServer, fault: str
) -> None:
    slack.rooms["D1"] = Room()
    slack.fail("files.getUploadURLExternal", fault)
    assert await platform.post(Channel(Workspace("slack", TEAM), "D1", direct=True), MINE, "d-1")
    card, told = slack.rooms["D1"].messages
    assert "See" in shown(card)
    assert "plan.md" in shown(told)


async def test_long_words_behind_a_picture_are_cut_as_slack_wants_it(
    platform: SlackPlatform, slack: SlackServer
) -> None:
    card: Any = Card("T", (ChartImage("skills", "Python 2 of 4, " * 90, CHART),))
    await platform.post(Channel(Workspace("slack", TEAM), "C1"), card, "d-1")
    (picture,) = files(slack, "C1")
    assert len(picture["alt"]) == 1_000
