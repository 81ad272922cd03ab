"""Charts, documents and file fields in a real browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.commands.runner import to_json

from .browser import BROWSER_MARKS, FIND_OVERFLOWING, open_channel, say
from .sample_cards import ALT, IMPORT, PLAN, post_card

pytestmark = BROWSER_MARKS


async def test_card_shows_its_chart(page: Page, adapter: PlaygroundAdapter) -> None:
    await open_channel(page, "general")
    post_card(adapter)
    image = page.get_by_role("img", name=ALT)
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 1080)


@pytest.mark.parametrize("view", ["chat", "slackview"])
async def test_document_is_downloaded(page: Page, adapter: PlaygroundAdapter, view: str) -> None:
    await open_channel(page, "general")
    await page.locator("#view").select_option(view)
    post_card(adapter)
    link = page.get_by_role("link", name="Ada's plan – 1/2.md")
    await expect(link).to_contain_text("53 bytes")
    async with page.expect_download() as download:
        await link.click()
    download_path = await (await download.value).path()
    assert await asyncio.to_thread(download_path.read_bytes) == PLAN.encode()
    await expect(page.get_by_role("img", name=ALT)).to_have_js_property("naturalWidth", 1080)


async def test_replaced_card_loads_its_own_chart(page: Page, adapter: PlaygroundAdapter) -> None:
    await open_channel(page, "general")
    old = post_card(adapter)
    first = await page.locator(".picture img").get_attribute("src")
    assert old.card
    adapter.team_chat.replace(old, old.card, old.at.replace(year=old.at.year + 1))
    await expect(page.locator(".picture img")).not_to_have_attribute("src", first or "")


async def test_files_do_not_overflow_on_a_phone(phone: Page, adapter: PlaygroundAdapter) -> None:
    post_card(adapter, only_for=None, channel="dm-ada")
    for view in ("chat", "slackview", "text"):
        await phone.locator("#view").select_option(view)
        await expect(phone.locator(".wide > *")).not_to_have_count(0)
        assert await phone.evaluate(FIND_OVERFLOWING) == []


async def ask_for_a_file(page: Page) -> None:
    """Answer the next line with a file form. What's filled in then goes to the real bot."""
    await page.route("**/api/say", lambda route: route.fulfill(json={"form": to_json(IMPORT)}))
    await open_channel(page, "random")
    await say(page, "/mentor plan import")
    await expect(page.get_by_role("dialog")).to_be_visible()


def chosen(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": data}


async def test_form_sends_the_text_of_a_file(page: Page) -> None:
    await ask_for_a_file(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".field")).to_have_count(6)  # the page shows all fields of a paged form at once
    await dialog.get_by_label("Your plan").set_input_files(chosen("plan.csv", "\ufeffDraw <b>Zoë’s</b> path".encode()))
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".card")).to_contain_text("Draw <b>Zoë’s</b> path")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x" * 1_400_000, "is 1.4 MB, and I can take up to 1.0 MB"),
        (b"PK\x03\x04\xff\xfe\x80", "isn't text I can read"),
    ],
    ids=["too large", "no text"],
)
async def test_unusable_file_is_reported_at_once(page: Page, data: bytes, why: str) -> None:
    await ask_for_a_file(page)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your plan").set_input_files(chosen("plan.xlsx", data))
    await expect(dialog.get_by_role("alert")).to_contain_text(f"“plan.xlsx” {why}")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Your plan").set_input_files(chosen("plan.csv", b"Draw it"))
    await expect(dialog.get_by_role("alert")).to_have_text("")
    await dialog.get_by_role("button", name="Send").click()
    await expect(page.locator(".card")).to_contain_text("Draw it")
