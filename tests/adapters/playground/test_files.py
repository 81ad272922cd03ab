"""Pictures, documents and files in forms: over HTTP, and in a real browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from mentorbot import charts
from mentorbot.adapters.playground.door import PlaygroundDoor
from mentorbot.commands.dispatch import to_json

from .browsing import IN_A_BROWSER, SPILLING, say, visit
from .samples import ALT, CARD, IMPORT, PLAN, post
from .visitor import Visitor, shown


def asked(message: str, block: object, who: str = "ada") -> dict[str, Any]:
    return {"as": who, "message": message, "block": block}


async def test_a_picture_is_drawn(ada: Visitor, door: PlaygroundDoor) -> None:
    picture = await ada.http.get("/api/picture", params=asked(post(door).id, 1))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


async def test_ten_pictures_at_once_leave_room_for_others(ada: Visitor, door: PlaygroundDoor) -> None:
    message = post(door)
    drawn = asyncio.gather(*(ada.http.get("/api/picture", params=asked(message.id, 1)) for _ in range(10)))
    assert (await ada.state())["messages"]
    assert {picture.status_code for picture in await drawn} == {200}


@pytest.mark.parametrize(
    ("block", "name", "media"),
    [
        (2, "Ada%27s%20plan%20%E2%80%93%201%2F2.md", "text/markdown; charset=utf-8"),
        (3, "plan.ics", "text/calendar; charset=utf-8"),
        (4, "notes.xyz", "application/octet-stream"),
    ],
)
async def test_a_document_is_kept_under_its_name(
    ada: Visitor, door: PlaygroundDoor, block: int, name: str, media: str
) -> None:
    kept = await ada.http.get("/api/document", params=asked(post(door).id, block))
    document = CARD.blocks[block]
    assert document.kind == "document"
    assert kept.content == document.text.encode()
    assert kept.headers["content-disposition"] == f"attachment; filename*=utf-8''{name}"
    assert kept.headers["content-type"] == media
    assert kept.headers["x-content-type-options"] == "nosniff"


async def test_who_does_not_see_the_message_gets_nothing_of_it(ada: Visitor, door: PlaygroundDoor) -> None:
    for message in (post(door), post(door, only_for=None, channel="dm-ada")):
        for path, block in (("/api/picture", 1), ("/api/document", 2)):
            assert (await ada.http.get(path, params=asked(message.id, block))).status_code == 200
            assert (await ada.http.get(path, params=asked(message.id, block, "ben"))).status_code == 404
            assert (await ada.http.get(path, params=asked(message.id, block, "mallory"))).status_code == 404


@pytest.mark.parametrize("block", ["0", "2", "9", "-1", "", "x", "²", "1" * 5000])
async def test_what_is_no_picture_is_not_drawn(ada: Visitor, door: PlaygroundDoor, block: str) -> None:
    assert (await ada.http.get("/api/picture", params=asked(post(door).id, block))).status_code == 404


async def test_where_nothing_can_draw_there_is_no_picture(
    ada: Visitor, door: PlaygroundDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    assert (await ada.http.get("/api/picture", params=asked(post(door).id, 1))).status_code == 404


async def test_a_form_may_bring_a_file_of_one_megabyte(ada: Visitor) -> None:
    form = to_json(IMPORT)
    answer = await ada.submit(form, what='"\n' * 500_000, by="in 2 weeks")
    assert answer["card"]["error"] == "bad_value"
    big = await ada.post("/api/submit", line="plan add", options={"what": "x" * 2_300_000}, message="")
    assert big.status_code == 413
    assert (await ada.post("/api/say", text="x" * 300_000)).status_code == 413


async def test_as_plain_text_nothing_is_missing(ada: Visitor, door: PlaygroundDoor) -> None:
    post(door)
    (message,) = await ada.messages()
    text = (await ada.view(message, "text")).json()
    assert ALT in text
    assert PLAN in text
    assert ALT in shown(message) or ALT.replace('"', '\\"') in shown(message)


def in_a_browser(test: Any) -> Any:
    for mark in IN_A_BROWSER:
        test = mark(test)
    return test


@in_a_browser
async def test_a_card_shows_its_picture(page: Page, door: PlaygroundDoor) -> None:
    await visit(page, "general")
    post(door)
    image = page.get_by_role("img", name=ALT)
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 1080)


@in_a_browser
@pytest.mark.parametrize("view", ["chat", "slackview"])
async def test_a_document_is_downloaded(page: Page, door: PlaygroundDoor, view: str) -> None:
    await visit(page, "general")
    await page.locator("#view").select_option(view)
    post(door)
    link = page.get_by_role("link", name="Ada's plan – 1/2.md")
    await expect(link).to_contain_text("53 bytes")
    async with page.expect_download() as download:
        await link.click()
    kept = await (await download.value).path()
    assert await asyncio.to_thread(kept.read_bytes) == PLAN.encode()
    await expect(page.get_by_role("img", name=ALT)).to_have_js_property("naturalWidth", 1080)


@in_a_browser
async def test_an_answer_in_the_place_of_another_has_its_own_picture(page: Page, door: PlaygroundDoor) -> None:
    await visit(page, "general")
    old = post(door)
    first = await page.locator(".picture img").get_attribute("src")
    assert old.card
    door.room.replace(old, old.card, old.at.replace(year=old.at.year + 1), "plan show")
    await expect(page.locator(".asked")).to_be_visible()
    assert await page.locator(".picture img").get_attribute("src") != first


@in_a_browser
async def test_files_do_not_reach_out_of_a_phone(phone: Page, door: PlaygroundDoor) -> None:
    post(door, only_for=None, channel="dm-ada")
    for view in ("chat", "slackview", "text"):
        await phone.locator("#view").select_option(view)
        await expect(phone.locator(".wide > *")).not_to_have_count(0)
        assert await phone.evaluate(SPILLING) == []


async def ask_for_a_file(page: Page) -> None:
    """The server answers the next line with the form, and what is filled in goes to the real bot."""
    await page.route("**/api/say", lambda route: route.fulfill(json={"form": to_json(IMPORT)}))
    await visit(page, "random")
    await say(page, "/mentor plan import")
    await expect(page.get_by_role("dialog")).to_be_visible()


def chosen(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": data}


@in_a_browser
async def test_a_form_sends_the_text_of_a_file(page: Page) -> None:
    await ask_for_a_file(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".field")).to_have_count(6)  # a paged form has room for all here
    await dialog.get_by_label("Your plan").set_input_files(chosen("plan.csv", "\ufeffDraw <b>Zoë’s</b> path".encode()))
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".card")).to_contain_text("Draw <b>Zoë’s</b> path")


@in_a_browser
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x" * 1_400_000, "has 1.4 MB, and I can take 1.0 MB"),
        (b"PK\x03\x04\xff\xfe\x80", "is no text that I can read"),
    ],
    ids=["too large", "no text"],
)
async def test_a_file_that_cannot_be_taken_is_said_so_at_once(page: Page, data: bytes, why: str) -> None:
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
