"""Removing the bot from the playground's team and inviting it again, over HTTP and in a browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel
from mentorbot.errors import WorkspaceRevoked

from .browser import BROWSER_MARKS
from .visitor import Visitor


async def test_removed_bot_answers_and_sends_nothing(
    ada: Visitor, adapter: PlaygroundAdapter, app_context: AppContext
) -> None:
    await ada.say("/mentor plan add Read a book")
    first = await ada.say("/mentor salary")
    await ada.post_json("/api/membership", present=False)
    assert [workspace for workspace, _ in await app_context.store.workspaces.removed(9)] == [LOCAL_WORKSPACE]
    for path, data in {
        "/api/say": {"text": "/mentor salary"},
        "/api/press": {"message": first["id"], "line": "salary senior"},
        "/api/submit": {"line": "plan add", "options": {"what": "Read"}},
    }.items():
        response = await ada.post(path, **data)
        assert response.status_code == 409
        assert "isn't in this team any more" in response.text
    assert await ada.complete("/mentor sal") == []
    assert await ada.post_json("/api/say", text="@mentorbot salary") == {}
    assert (await ada.messages())[-1]["text"] == "@mentorbot salary"
    with pytest.raises(WorkspaceRevoked):
        await adapter.platform.post(Channel(LOCAL_WORKSPACE, "general"), Card("Hello"), "d1-a")


async def test_invited_bot_says_hello_once_and_answers_again(ada: Visitor, app_context: AppContext) -> None:
    await ada.say("/mentor plan add Read")
    await ada.post_json("/api/membership", present=False)
    for _ in range(2):
        await ada.post_json("/api/membership", present=True)
    assert await app_context.store.workspaces.removed(9) == []
    ben = ada.as_person("ben")
    assert [message["card"]["title"] for message in await ben.messages()] == ["Hi all, I'm mentorbot"]
    assert (await ada.say("/mentor help"))["card"]["error"] is None


async def test_only_admins_remove_the_bot(ada: Visitor) -> None:
    response = await ada.as_person("ben").post("/api/membership", present=False)
    assert response.status_code == 403
    assert (await ada.state())["has_bot"]


@BROWSER_MARKS[0]
@BROWSER_MARKS[1]
async def test_admin_removes_and_invites_it_in_the_page(page: Page) -> None:
    await page.get_by_role("button", name="Remove mentorbot").click()
    await page.get_by_role("button", name="Invite mentorbot").click()
    await page.get_by_role("button", name="general").click()
    await expect(page.locator(".card h3").last).to_have_text("Hi all, I'm mentorbot")
    await page.locator("#people label", has_text="Ben").click()
    await expect(page.get_by_role("button", name="Remove mentorbot")).to_be_hidden()
