"""Pictures, documents and files in forms, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.chat import charts
from mentorbot.commands.dispatcher import to_json

from .samples import ALT, CARD, IMPORT, PLAN, post
from .visitor import Visitor, shown


def asked(message: str, block: object, who: str = "ada") -> dict[str, Any]:
    return {"as": who, "message": message, "block": block}


async def test_a_picture_is_drawn(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    picture = await ada.http.get("/api/picture", params=asked(post(adapter).id, 1))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


async def test_ten_pictures_at_once_leave_room_for_others(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    message = post(adapter)
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
    ada: Visitor, adapter: PlaygroundAdapter, block: int, name: str, media: str
) -> None:
    kept = await ada.http.get("/api/document", params=asked(post(adapter).id, block))
    document = CARD.blocks[block]
    assert document.kind == "document"
    assert kept.content == document.text.encode()
    assert kept.headers["content-disposition"] == f"attachment; filename*=utf-8''{name}"
    assert kept.headers["content-type"] == media
    assert kept.headers["x-content-type-options"] == "nosniff"


async def test_who_does_not_see_the_message_gets_nothing_of_it(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    for message in (post(adapter), post(adapter, only_for=None, channel="dm-ada")):
        for path, block in (("/api/picture", 1), ("/api/document", 2)):
            assert (await ada.http.get(path, params=asked(message.id, block))).status_code == 200
            assert (await ada.http.get(path, params=asked(message.id, block, "ben"))).status_code == 404
            assert (await ada.http.get(path, params=asked(message.id, block, "mallory"))).status_code == 404


@pytest.mark.parametrize("block", ["0", "2", "9", "-1", "", "x", "²", "1" * 5000])
async def test_what_is_no_picture_is_not_drawn(ada: Visitor, adapter: PlaygroundAdapter, block: str) -> None:
    assert (await ada.http.get("/api/picture", params=asked(post(adapter).id, block))).status_code == 404


async def test_where_nothing_can_draw_there_is_no_picture(
    ada: Visitor, adapter: PlaygroundAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    assert (await ada.http.get("/api/picture", params=asked(post(adapter).id, 1))).status_code == 404


async def test_a_form_may_bring_a_file_of_one_megabyte(ada: Visitor) -> None:
    form = to_json(IMPORT)
    answer = await ada.submit(form, what='"\n' * 500_000, by="in 2 weeks")
    assert answer["card"]["error"] == "bad_value"
    big = await ada.post("/api/submit", line="plan add", options={"what": "x" * 2_300_000}, message="")
    assert big.status_code == 413
    assert (await ada.post("/api/say", text="x" * 300_000)).status_code == 413


async def test_as_plain_text_nothing_is_missing(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    post(adapter)
    (message,) = await ada.messages()
    text = (await ada.view(message, "text")).json()
    assert ALT in text
    assert PLAN in text
    assert ALT in shown(message) or ALT.replace('"', '\\"') in shown(message)
