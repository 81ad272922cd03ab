"""The mentors' dashboard over HTTP: its page and its data."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.app import AppContext

from .sample_cards import load_dashboard, start_playground
from .visitor import Visitor


@pytest.fixture
async def adapter(app_context: AppContext) -> AsyncIterator[PlaygroundAdapter]:
    """A playground where Ada has learners."""
    started = await start_playground(app_context, load_dashboard)
    yield started
    await started.stop()


async def test_dashboard_depends_on_the_person(ada: Visitor) -> None:
    answer = (await ada.http.get("/api/dashboard", params={"as": "ada"})).json()
    assert [learner["name"] for learner in answer["dashboard"]["people"]] == ["Ben", "Chen", "Dee"]
    assert answer["dashboard"]["people"][1]["blocked"][0]["since"] == "2026-03-02"
    assert answer["dashboard"]["rate"]["series"][0]["values"] == [100, 67, None, 33]
    assert [person["id"] for person in answer["people"]] == ["ada", "ben", "chen", "dee"]
    other = (await ada.http.get("/api/dashboard", params={"as": "ben"})).json()
    assert other["dashboard"]["people"] == []
    assert (await ada.http.get("/api/dashboard", params={"as": "mallory"})).status_code == 404


async def test_dashboard_refuses_foreign_origins(ada: Visitor) -> None:
    page = await ada.http.get("/dashboard")
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
        assert (await ada.http.get(path)).status_code == 200
    for path in ("/dashboard", "/api/dashboard?as=ada"):
        assert (await ada.http.get(path, headers={"Origin": "http://evil.example"})).status_code == 403


async def test_dashboard_without_learners_is_empty(app_context: AppContext) -> None:
    bare = await start_playground(app_context, None)
    async with httpx.AsyncClient(base_url=bare.url) as http:
        answer = (await http.get("/api/dashboard", params={"as": "ada"})).json()
    await bare.stop()
    assert answer["dashboard"]["people"] == []
    assert answer["dashboard"]["burn_up"] is None


async def test_dashboard_shows_only_what_learners_share(app_context: AppContext) -> None:
    """The whole way, from the commands to the page."""
    bare = await start_playground(app_context, None)
    async with httpx.AsyncClient(base_url=bare.url) as http:

        async def say(name: str, text: str) -> None:
            body = {"as": name, "channel": "general", "text": f"/mentor {text}"}
            assert (await http.post("/api/say", json=body)).status_code == 200

        await say("ada", "pair offer any max:5")
        for name in ("ben", "chen"):
            await say(name, 'plan add "Draw the path" hours:3')
            await say(name, "pair request ada")
        for number in (1, 2):
            await say("ada", f"pair accept {number}")
        await say("ben", "pair share progress agree:yes")
        await say("ben", "plan block 1 why:No pencil")
        text_of = (await http.get("/api/dashboard", params={"as": "ada"})).json()["dashboard"]
        others = (await http.get("/api/dashboard", params={"as": "dee"})).json()["dashboard"]
    await bare.stop()
    (learner,) = text_of["people"]
    assert (learner["name"], learner["open"], learner["hours_all"]) == ("Ben", 1, 3)
    assert learner["blocked"][0]["why"] == "No pencil"
    assert text_of["burn_up"]["series"][0]["name"] == "Worked"
    assert text_of["note"] == "1 of your learners isn't sharing progress."
    assert others["people"] == []


async def test_a_mentor_writes_a_note_from_the_dashboard(app_context: AppContext) -> None:
    bare = await start_playground(app_context, None)
    async with httpx.AsyncClient(base_url=bare.url) as http:
        for name, text in (("ada", "pair offer any"), ("ben", "pair request ada"), ("ada", "pair accept ben")):
            await http.post("/api/say", json={"as": name, "channel": "general", "text": f"/mentor {text}"})
        await http.post(
            "/api/say", json={"as": "ben", "channel": "general", "text": "/mentor pair share progress agree:yes"}
        )
        (learner,) = (await http.get("/api/dashboard", params={"as": "ada"})).json()["dashboard"]["people"]
        note = {"as": "ada", "to": learner["to"], "text": "Nice log!"}
        assert (await http.post("/api/note", json=note)).json() == {"title": "Sent to Ben", "error": None}
        strangers = (await http.post("/api/note", json={**note, "as": "dee"})).json()
        too_long = (await http.post("/api/note", json={**note, "text": "x" * 501})).json()
        assert (await http.post("/api/note", json={**note, "as": "mallory"})).status_code == 404
    await bare.stop()
    assert strangers["error"] == "not_found"
    assert too_long["error"] == "bad_value"
