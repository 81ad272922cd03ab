"""Charts, documents and file fields over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.chat import charts
from mentorbot.commands.runner import to_json

from .sample_cards import ALT, CARD, IMPORT, PLAN, post_card
from .visitor import Visitor, text_of


def params_for(message: str, block: object, person_id: str = "ada") -> dict[str, Any]:
    return {"as": person_id, "message": message, "block": block}


async def test_chart_is_served_as_png(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    picture = await ada.http.get("/api/picture", params=params_for(post_card(adapter).id, 1))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


async def test_ten_charts_at_once_do_not_block_other_requests(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    message = post_card(adapter)
    requests = asyncio.gather(*(ada.http.get("/api/picture", params=params_for(message.id, 1)) for _ in range(10)))
    assert (await ada.state())["messages"]
    assert {picture.status_code for picture in await requests} == {200}


@pytest.mark.parametrize(
    ("block", "name", "media"),
    [
        (2, "Ada%27s%20plan%20%E2%80%93%201%2F2.md", "text/markdown; charset=utf-8"),
        (3, "plan.ics", "text/calendar; charset=utf-8"),
        (4, "notes.xyz", "application/octet-stream"),
    ],
)
async def test_document_is_downloaded_under_its_name(
    ada: Visitor, adapter: PlaygroundAdapter, block: int, name: str, media: str
) -> None:
    response = await ada.http.get("/api/document", params=params_for(post_card(adapter).id, block))
    document = CARD.blocks[block]
    assert document.kind == "document"
    assert response.content == document.text.encode()
    assert response.headers["content-disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response.headers["content-type"] == media
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_files_are_hidden_from_people_who_may_not_see_the_message(
    ada: Visitor, adapter: PlaygroundAdapter
) -> None:
    for message in (post_card(adapter), post_card(adapter, only_for=None, channel="dm-ada")):
        for path, block in (("/api/picture", 1), ("/api/document", 2)):
            assert (await ada.http.get(path, params=params_for(message.id, block))).status_code == 200
            assert (await ada.http.get(path, params=params_for(message.id, block, "ben"))).status_code == 404
            assert (await ada.http.get(path, params=params_for(message.id, block, "mallory"))).status_code == 404


@pytest.mark.parametrize("block", ["0", "2", "9", "-1", "", "x", "²", "1" * 5000])
async def test_block_that_is_no_chart_is_not_found(ada: Visitor, adapter: PlaygroundAdapter, block: str) -> None:
    assert (await ada.http.get("/api/picture", params=params_for(post_card(adapter).id, block))).status_code == 404


async def test_chart_is_not_found_without_matplotlib(
    ada: Visitor, adapter: PlaygroundAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    assert (await ada.http.get("/api/picture", params=params_for(post_card(adapter).id, 1))).status_code == 404


async def test_form_accepts_a_file_of_one_megabyte(ada: Visitor) -> None:
    form = to_json(IMPORT)
    answer = await ada.submit(form, what='"\n' * 500_000, by="in 2 weeks")
    assert answer["error"]["field"] == "what"
    big = await ada.post("/api/submit", line="plan add", options={"what": "x" * 2_300_000}, message="")
    assert big.status_code == 413
    assert (await ada.post("/api/say", text="x" * 300_000)).status_code == 413


async def test_plain_text_includes_charts_and_documents(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    post_card(adapter)
    (message,) = await ada.messages()
    text = (await ada.view(message, "text")).json()
    assert ALT in text
    assert PLAN in text
    assert ALT in text_of(message) or ALT.replace('"', '\\"') in text_of(message)
