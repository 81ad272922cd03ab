"""Forums, announcement channels, and the private thread that stands in for closed direct messages."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.app import AppContext
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock

from .discord_rules import flat
from .payloads import CHANNEL, GUILD, MANAGE_GUILD, PERSON
from .server import DiscordServer

FORUM, NEWS = "770000000000000015", "770000000000000005"
WORKSPACE = Workspace("discord", GUILD)
TIP = Card("Tip of the week", (Paragraph(rich("Do it")), Buttons((Button("Why", "tip"),))), public=True, shareable=True)
REPORT = Card("Report", (Paragraph(rich("Counts")), Buttons((Button("Stop", "admin stop"),))), public=True)
LONG = Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3)), public=True)


@pytest.fixture
def kinds(server: DiscordServer) -> None:
    """A forum and an announcement channel."""
    server.channel_types.update({FORUM: 15, NEWS: 5})


@pytest.mark.usefixtures("kinds")
async def test_forum_gets_a_post_that_is_found_again(server: DiscordServer, platform: DiscordPlatform) -> None:
    since, forum = Clock().now() - timedelta(minutes=1), Channel(WORKSPACE, FORUM)
    posted = await platform.post(forum, TIP, "d-1")
    (body,) = server.sent("POST", f"/channels/{FORUM}/threads")
    assert (body["name"], body["applied_tags"]) == ("Tip of the week", ["51"])  # this forum asks for a tag
    assert await platform.find_by_key(forum, "d-1", since) == posted == server.threads[0]["id"]
    assert await platform.find_by_key(forum, "d-2", since) is None
    assert not server.violations


@pytest.mark.usefixtures("kinds")
async def test_long_message_stays_in_one_post(server: DiscordServer, platform: DiscordPlatform) -> None:
    await platform.post(Channel(WORKSPACE, FORUM), LONG, "d-1")
    assert len(server.threads) == 1
    assert len(server.history[server.threads[0]["id"]]) == 3
    assert not server.violations


@pytest.mark.usefixtures("kinds")
async def test_tip_in_an_announcement_channel_is_passed_on_but_no_report(
    server: DiscordServer, platform: DiscordPlatform
) -> None:
    news = Channel(WORKSPACE, NEWS)
    await platform.post(news, REPORT, "d-1")
    assert not [request for request in server.requests if request.path.endswith("/crosspost")]
    server.planned_errors["/crosspost"] = [(403, {"code": 50013, "message": "Missing Permissions"})]
    for number in (2, 3):
        assert await platform.post(news, TIP, f"d-{number}")
    assert len([request for request in server.requests if request.path.endswith("/crosspost")]) == 2


@pytest.fixture
async def adapter(server: DiscordServer, app_context: AppContext) -> AsyncIterator[DiscordAdapter]:
    running = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await running.start()
    yield running
    await running.stop()


async def press(server: DiscordServer, line: str, **extra: object) -> str:
    """Press a button, and return what the answer says."""
    data = {"custom_id": f"m::{line}", "component_type": 2}
    number = await server.interact(3, data, message=server.message({}, flags=64), **extra)
    answer = (await server.answer_to(number))["data"]
    return "\n".join(part["content"] for part in flat(answer["components"]) if part["type"] == 10)


async def test_thread_opens_only_once_people_know_who_reads_it(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext
) -> None:
    assert "moderators" in await press(server, "checkin thread")
    assert not server.threads
    assert "Your thread is open" in await press(server, "checkin thread agree:yes")
    (thread,) = server.threads
    assert (thread["type"], thread["parent_id"]) == (12, CHANNEL)
    assert [request.path for request in server.requests if "thread-members" in request.path] == [
        f"/channels/{thread['id']}/thread-members/{PERSON}"
    ]
    with closing(sqlite3.connect(app_context.settings.database.removeprefix("sqlite:///"))) as database:
        assert database.execute("SELECT direct_id FROM people_settings").fetchall() == [(thread["id"],)]
    assert not server.violations


async def test_thread_that_may_not_be_opened_is_explained(server: DiscordServer, adapter: DiscordAdapter) -> None:
    server.planned_errors["/threads"] = [(403, {"code": 50013, "message": "Missing Permissions"})]
    assert "Send Messages" in await press(server, "checkin thread agree:yes")
    assert "Which channel?" in await press(server, "checkin thread", guild=None)


async def test_tip_is_set_up_for_a_picked_channel(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext
) -> None:
    options = [
        {"name": "day", "type": 3, "value": "monday"},
        {"name": "at", "type": 3, "value": "09:00"},
        {"name": "zone", "type": 3, "value": "Europe/Berlin"},
        {"name": "channel", "type": 7, "value": FORUM},
    ]
    here = {"type": 1, "name": "here", "options": options}
    data = {"id": "1", "name": "mentor-admin", "type": 1, "options": [{"type": 2, "name": "tips", "options": [here]}]}
    answer = await server.answer_to(await server.interact(2, data, permissions=MANAGE_GUILD))
    text = "\n".join(part["content"] for part in flat(answer["data"]["components"]) if part["type"] == 10)
    assert "in \\#general" in text or "in #general" in text
    buttons = [part["custom_id"] for part in flat(answer["data"]["components"]) if part["type"] == 2]
    assert any(f"<#{FORUM}" in button for button in buttons)
    async with app_context.store.unit_of_work(WORKSPACE) as uow:
        (schedule,) = await uow.schedules.in_channels()
    assert schedule.destination.channel == Channel(WORKSPACE, FORUM, "general")
    server.channel_guilds[FORUM] = "880000000000000777"
    foreign = await server.answer_to(await server.interact(2, data, permissions=MANAGE_GUILD))
    assert "can't see this channel" in str(foreign)
