"""Files of an answer or a post: their bytes and descriptions, who can see them, and failed uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

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

from .harness import HttpHarness, start_http_adapter, visible_text, wait_until
from .payloads import press, press_in_view, submission
from .server import SlackServer
from .state import TEAM, Conversation, Json

PNG = b"\x89PNG\r\n\x1a\n"
CHART = Chart("bars", ("Python", "SQL"), (Series("You", (2.0, 3.0)),), high=4)
ALT = "Python 2 of 4, SQL 3 of 4"
PRIVATE = Card(
    "Mine & yours", (Paragraph(rich("See")), ChartImage("skills", ALT, CHART), FileBlock("plan.md", "# Plan ü"))
)
LOCATION_NOTE = "The picture and plan.md are in our DM."
FORM = Form("Mine", "mine", (Field("what", "What"),))

pytestmark = pytest.mark.skipif(not charts.available(), reason="no matplotlib here (the extra charts)")


def make_registry() -> Registry:
    """Register a command for each card. `late` takes longer than an acknowledgement may."""
    registry = Registry()

    async def mine(_: Context) -> Answer:
        return PRIVATE

    async def loud(_: Context) -> Answer:
        return PRIVATE.with_public()

    async def late(_: Context) -> Answer:
        await asyncio.sleep(2.3)
        return PRIVATE

    for handler in (mine, loud, late):
        registry.command(handler.__name__, "Try it.")(handler)
    registry.command("help", "Try it.")(mine)
    return registry


@pytest.fixture
async def http(settings: Settings, app_context: AppContext, slack: SlackServer) -> AsyncIterator[HttpHarness]:
    harness = await start_http_adapter(
        settings, Dispatcher(make_registry(), app_context.store, app_context.library, app_context.clock), slack
    )
    yield harness
    await harness.adapter.stop()


def files_in(slack: SlackServer, channel: str) -> list[Json]:
    """List the files posted to a channel."""
    attached = (file for message in slack.conversations[channel].messages for file in message.get("files", ()))
    return [slack.files[file["id"]] for file in attached]


async def wait_for_files(slack: SlackServer, channel: str) -> Json:
    """Wait for the message with the files, check them, and check that no other channel got any."""
    await wait_until(lambda: files_in(slack, channel))
    picture, document = files_in(slack, channel)
    assert (picture["name"], picture["alt"], picture["data"][:8]) == ("skills.png", ALT, PNG)
    assert (document["name"], document["alt"], document["data"]) == ("plan.md", None, "# Plan ü".encode())
    assert [name for name in list(slack.conversations) if name != channel and files_in(slack, name)] == []
    return slack.conversations[channel].messages[-1]


async def test_private_answer_uploads_files_to_dm(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.say("mine")
    assert answer["response_type"] == "ephemeral"
    assert LOCATION_NOTE in visible_text(answer)
    assert ALT in visible_text(answer)
    assert "# Plan" not in answer["text"]
    message = await wait_for_files(slack, "DU1")
    assert message["text"] == "Mine &amp; yours"
    assert slack.responses == []


async def test_public_answer_uploads_files_to_channel(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.say("loud")
    assert answer["response_type"] == "in_channel"
    assert "direct messages" not in visible_text(answer)
    assert "I've attached plan.md" in visible_text(answer)
    await wait_for_files(slack, "C1")


async def test_answer_in_dm_uploads_files_there(http: HttpHarness, slack: SlackServer) -> None:
    answer = await http.say("mine", channel="DU1")
    assert "direct messages" not in visible_text(answer)
    await wait_for_files(slack, "DU1")
    assert slack.responses == []


async def test_answer_in_dm_between_two_people_says_where_files_are(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("mine", channel="DBEN")
    await wait_for_files(slack, "DU1")
    await wait_until(lambda: slack.responses)
    assert LOCATION_NOTE in visible_text(slack.responses[0])
    assert slack.responses[0]["response_type"] == "ephemeral"


async def test_acknowledgement_does_not_wait_for_upload(http: HttpHarness, slack: SlackServer) -> None:
    slack.fail("upload", "slow:4")
    slack.fail("conversations.open", "slow:1")
    started = asyncio.get_running_loop().time()
    await http.say("mine")
    assert asyncio.get_running_loop().time() - started < 1
    await wait_for_files(slack, "DU1")


async def test_late_answer_uploads_files(http: HttpHarness, slack: SlackServer) -> None:
    assert await http.say("late") == {}
    await wait_until(lambda: slack.responses)
    assert LOCATION_NOTE in visible_text(slack.responses[0])
    await wait_for_files(slack, "DU1")


async def test_button_uploads_files_in_channel_and_in_view(http: HttpHarness, slack: SlackServer) -> None:
    await http.interact(press(slack, "mine"))
    await wait_for_files(slack, "DU1")
    assert LOCATION_NOTE in visible_text(slack.responses[0])
    slack.conversations["DU1"].messages.clear()
    await http.interact(press_in_view(slack, {"id": "VHOME", "type": "home"}, "mine"))
    await wait_for_files(slack, "DU1")
    assert LOCATION_NOTE in visible_text(slack.views[-1])


@pytest.mark.parametrize("line", ["mine", "late"])
async def test_form_answer_in_modal_uploads_files(http: HttpHarness, slack: SlackServer, line: str) -> None:
    view = {**form_view(Form("Mine", line, FORM.fields)), "id": "V1", "hash": "h"}
    slack.views.append(view)
    answer = await http.interact(submission(slack, view, {}))
    await wait_for_files(slack, "DU1")
    assert LOCATION_NOTE in visible_text(answer["view"] if line == "mine" else slack.views[-1])


async def test_public_form_answer_uploads_files_once_to_channel(http: HttpHarness, slack: SlackServer) -> None:
    _, url = slack.issue_trigger()
    origin = Origin("C1", "general", url, 2**40)
    view = {**form_view(Form("Mine", "loud", FORM.fields), origin), "id": "V1", "hash": "h"}
    assert await http.interact(submission(slack, view, {})) == {}
    await wait_for_files(slack, "C1")


@pytest.mark.parametrize(
    ("method", "failure", "advice"),
    [
        ("files.getUploadURLExternal", "missing_scope", "install"),
        ("files.getUploadURLExternal", "500", "again in a minute"),
        ("upload", "500", "again in a minute"),
        ("upload", "close_before", "again in a minute"),
        ("files.completeUploadExternal", "file_uploads_disabled", "turned off"),
        ("conversations.open", "user_not_found", "again in a minute"),
    ],
)
async def test_failed_upload_keeps_card_and_names_missing_files(
    http: HttpHarness, slack: SlackServer, method: str, failure: str, advice: str
) -> None:
    slack.fail(method, failure)
    assert "See" in visible_text(await http.say("mine"))
    await wait_until(lambda: slack.responses)
    (notice,) = slack.responses
    assert notice["response_type"] == "ephemeral"
    assert notice["replace_original"] is False
    for words_of_it in ("the picture and plan.md", ALT, advice):
        assert words_of_it in visible_text(notice)
    assert files_in(slack, "DU1") == []


async def test_failed_upload_without_bot_in_channel_advises_invite(http: HttpHarness, slack: SlackServer) -> None:
    slack.conversations["C1"].member = False
    await http.say("loud")
    await wait_until(lambda: slack.responses)
    assert "/invite @mentorbot" in visible_text(slack.responses[0])


async def test_missing_files_are_named_above_answer_in_modal(http: HttpHarness, slack: SlackServer) -> None:
    slack.fail("upload", "500")
    await http.interact(press_in_view(slack, {"type": "home", "id": "V0", "blocks": []}, "help"))
    await wait_until(lambda: len(slack.views) == 2)
    assert "I couldn't send the picture and plan.md" in visible_text(slack.views[1])
    assert "See" in visible_text(slack.views[1])
    assert slack.views[0]["id"] == slack.views[1]["id"]


async def test_without_charts_the_description_is_shown(
    http: HttpHarness, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    answer = await http.say("mine")
    assert ALT in visible_text(answer)
    assert "The file's in our DM." in visible_text(answer)
    await wait_until(lambda: files_in(slack, "DU1"))
    assert [file["name"] for file in files_in(slack, "DU1")] == ["plan.md"]


async def test_failed_chart_does_not_lose_document(
    http: HttpHarness, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Chart) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(charts, "draw", broken)
    await http.say("mine")
    await wait_until(lambda: slack.responses)
    assert [file["name"] for file in files_in(slack, "DU1")] == ["plan.md"]
    assert "couldn't send the picture with it" in visible_text(slack.responses[0])


async def test_post_is_followed_by_files(platform: SlackPlatform, slack: SlackServer) -> None:
    timestamp = await platform.post(Channel(Workspace("slack", TEAM), "C1"), PRIVATE, "d-1")
    await wait_for_files(slack, "C1")
    assert slack.conversations["C1"].messages[0]["ts"] == timestamp
    assert "direct messages" not in visible_text(slack.conversations["C1"].messages[0])


@pytest.mark.parametrize("failure", ["missing_scope", "500", "429:30"])
async def test_post_with_failed_upload_is_posted_and_names_missing_files(
    platform: SlackPlatform, slack: SlackServer, failure: str
) -> None:
    slack.conversations["D1"] = Conversation()
    slack.fail("files.getUploadURLExternal", failure)
    assert await platform.post(Channel(Workspace("slack", TEAM), "D1", direct=True), PRIVATE, "d-1")
    card, notice = slack.conversations["D1"].messages
    assert "See" in visible_text(card)
    assert "plan.md" in visible_text(notice)


async def test_long_alt_text_is_truncated(platform: SlackPlatform, slack: SlackServer) -> None:
    card: Any = Card("T", (ChartImage("skills", "Python 2 of 4, " * 90, CHART),))
    await platform.post(Channel(Workspace("slack", TEAM), "C1"), card, "d-1")
    (picture,) = files_in(slack, "C1")
    assert len(picture["alt"]) == 1_000
