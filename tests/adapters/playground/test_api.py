"""The playground's HTTP interface, with the whole bot behind it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings

from .visitor import Visitor, button_lines, text_of


async def test_page_and_static_files_are_served(ada: Visitor) -> None:
    page = await ada.http.get("/")
    assert "mentorbot playground" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    for name in ("app.js", "style.css", "icon.svg"):
        assert f"/static/{name}" in page.text
        assert (await ada.http.get(f"/static/{name}")).status_code == 200


async def test_welcome_buttons_work_for_everyone(ada: Visitor) -> None:
    for person in (await ada.state())["people"]:
        visitor = ada.as_person(person["id"], f"dm-{person['id']}")
        (welcome,) = await visitor.messages()
        assert person["name"] in welcome["card"]["title"]
        for line in button_lines(welcome):
            answer = await visitor.post_json("/api/press", message="", line=line)
            if "form" in answer:
                continue  # some commands ask for more first
            message = next(shown for shown in await visitor.messages() if shown["id"] == answer["message"])
            assert message["card"]["error"] is None


async def test_command_is_answered_privately(ada: Visitor) -> None:
    answer = await ada.say("/mentor salary senior")
    assert "$200K–$280K+" in text_of(answer)
    assert answer["private"]
    (said, _) = await ada.messages()
    assert (said["author"], said["text"], said["private"]) == ("ada", "/mentor salary senior", True)
    assert await ada.as_person("ben").messages() == []


async def test_message_in_a_channel_is_seen_by_all_and_not_answered(ada: Visitor) -> None:
    await ada.say("mentor, are you there?")
    (message,) = await ada.as_person("ben").messages()
    assert (message["author"], message["text"], message["card"]) == ("ada", "mentor, are you there?", None)


@pytest.mark.parametrize(
    "typed",
    [
        "how much money does someone with a lot of experience make?",
        "salary senior",
        "/mentor salary senior",
        "/salary senior",
    ],
)
async def test_dm_accepts_questions_and_commands_in_any_form(ada: Visitor, typed: str) -> None:
    answer = await ada.as_person("ada", "dm-ada").say(typed)
    assert answer["card"]["error"] is None
    assert "$200K–$280K+" in text_of(answer)


async def test_pressed_button_is_shown_by_its_label_with_the_answer_below(ada: Visitor) -> None:
    first = await ada.say("/mentor salary")
    second = await ada.press(first, "salary senior")
    assert "Senior: " in second["card"]["title"]
    typed, card, pressed, answer = await ada.messages()
    assert (typed["text"], card["id"], answer["id"]) == ("/mentor salary", first["id"], second["id"])
    assert (pressed["author"], pressed["text"], pressed["private"]) == ("ada", "Senior", True)
    assert await ada.as_person("ben").messages() == []


async def test_card_that_updates_takes_the_place_of_the_pressed_one(
    ada: Visitor, adapter: PlaygroundAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await ada.say("/mentor salary")
    seen_by_all = adapter.team_chat.post("general", "mentorbot", adapter.team_chat.messages[0].at, card=Card("For all"))

    async def updated(*_: object) -> Card:
        return Card("In its place", updates=True)

    monkeypatch.setattr(Dispatcher, "answer", updated)
    assert (await ada.press(first, "salary senior"))["id"] == first["id"]
    below = await ada.post_json("/api/press", message=seen_by_all.id, line="help")
    assert below["message"] != seen_by_all.id


async def test_mention_in_a_channel_is_answered(ada: Visitor) -> None:
    answer = await ada.say("@mentorbot salary senior")
    assert "$200K–$280K+" in text_of(answer)
    said, seen = await ada.as_person("ben").messages()
    assert (said["text"], seen["id"]) == ("@mentorbot salary senior", answer["id"])
    assert (await ada.say("Hey @mentorbot, plan show"))["private"]


async def test_mention_is_left_alone_where_an_admin_turned_answers_off(ada: Visitor) -> None:
    await ada.say("/mentor admin mentions off channel:random")
    ben = ada.as_person("ben", "random")
    assert await ben.post_json("/api/say", text="@mentorbot salary senior") == {}
    assert [message["author"] for message in await ben.messages()] == ["ben"]
    assert "$200K" in text_of(await ben.say("/mentor salary senior")), "commands work there all the same"
    assert "$200K" in text_of(await ada.say("@mentorbot salary senior")), "other channels get answers"


async def test_form_with_an_error_stays_open(ada: Visitor) -> None:
    form = (await ada.say("/mentor plan add"))["form"]
    before = len(await ada.messages())
    answer = await ada.submit(form, what="Draw our inference path", by="31 feb")
    assert answer["error"]["field"] == "by"
    assert "31 Feb" in answer["error"]["text"]
    assert len(await ada.messages()) == before


async def test_concurrent_presses_are_both_answered(ada: Visitor) -> None:
    first = await ada.say("/mentor salary")
    answers = await asyncio.gather(*(ada.press(first, line) for line in ("salary senior", "salary entry")))
    assert [answer["card"]["error"] for answer in answers] == [None, None]


async def test_missing_options_open_a_form(ada: Visitor) -> None:
    form = (await ada.say("/mentor plan add"))["form"]
    assert [field["name"] for field in form["fields"]][:2] == ["what", "by"]
    answer = await ada.submit(form, what="Draw our inference path", by="in 2 weeks")
    assert "Draw our inference path" in text_of(answer)
    assert "Draw our inference path" in text_of(await ada.say("/mentor plan show"))
    assert "Draw our inference path" not in text_of(await ada.as_person("ben").say("/mentor plan show"))


async def test_completion_offers_declared_commands_and_choices(ada: Visitor, app_context: AppContext) -> None:
    commands = [completion["text"].split()[1] for completion in await ada.complete("/mentor ")]
    assert commands == list(app_context.dispatcher.registry.children())
    (only,) = await ada.complete("/mentor sal")
    assert only["text"] == "/mentor salary "
    assert {"entry", "mid", "senior", "top"} <= {
        completion["label"] for completion in await ada.complete("/mentor salary ")
    }
    assert [completion["text"] for completion in await ada.complete("/me")] == ["/mentor "]
    assert await ada.complete("hello") == []


async def test_completed_commands_are_understood(ada: Visitor) -> None:
    for start in ("/mentor salary ", "/mentor skill ", "/mentor brief ", "/mentor interview ", "/mentor tip skill:"):
        for completion in await ada.complete(start):
            if not completion["text"].endswith(":"):
                assert (await ada.say(completion["text"]))["card"]["error"] is None, completion


async def test_view_renders_a_card_for_other_platforms(ada: Visitor) -> None:
    answer = await ada.say("/mentor salary senior")
    assert "$200K–$280K+ a year" in (await ada.view(answer, "text")).json()
    (slack,) = (await ada.view(answer, "slack")).json()
    assert slack["blocks"][0]["type"] == "header"
    assert "$200K–$280K+" in json.dumps((await ada.view(answer, "discord")).json(), ensure_ascii=False)
    assert (await ada.view(answer, "telegram")).status_code == 404


async def test_private_message_is_not_available_by_id_to_others(ada: Visitor) -> None:
    ben = ada.as_person("ben")
    ephemeral = await ada.say("/mentor salary senior")
    (welcome,) = await ada.as_person("ada", "dm-ada").messages()
    said = await ada.messages()
    for message in (ephemeral, welcome):
        assert (await ben.view(message, "text")).status_code == 404
        answer = await ben.post_json("/api/press", message=message["id"], line="tip")
        assert answer["message"] != message["id"]
    assert await ada.messages() == said
    assert (await ben.as_person("ben", "dm-ada").post("/api/say", text="salary")).status_code == 404


async def test_events_reach_only_people_who_may_see_them(ada: Visitor) -> None:
    ben = ada.as_person("ben")
    async with ada.listening() as to_ada, ben.listening() as to_ben:
        await ada.say("/mentor salary senior")
        await ada.say("hello all")
        async with asyncio.timeout(5):
            assert (await to_ada.get())[1]["text"] == "/mentor salary senior"
            assert "$200K–$280K+" in text_of((await to_ada.get())[1])
            assert (await to_ada.get())[1]["text"] == "hello all"
            event, first = await to_ben.get()
        assert (event, first["text"]) == ("message", "hello all")


async def test_moving_the_clock_posts_what_is_due(ada: Visitor) -> None:
    await ada.say("/mentor tips here monday 09:00 Europe/Berlin")
    before = datetime.fromisoformat((await ada.state())["now"])
    async with ada.as_person("ben").listening() as to_ben:
        moved = await ada.post_json("/api/clock", to="monday", zone="Europe/Berlin")
        async with asyncio.timeout(5):
            events = [await to_ben.get(), await to_ben.get()]
    now = datetime.fromisoformat(moved["now"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert (now.weekday(), now.hour, now.minute) == (0, 9, 0)
    assert timedelta(0) < now - before <= timedelta(days=7)
    tip = next(data for event, data in events if event == "message")
    assert (tip["channel"], tip["author"]) == ("general", "mentorbot")
    assert datetime.fromisoformat(tip["at"]).astimezone(ZoneInfo("Europe/Berlin")).hour == 9
    assert [data["moved"] for event, data in events if event == "clock"] == [True]


async def test_four_weeks_post_four_different_tips(ada: Visitor) -> None:
    await ada.say("/mentor tips here monday 09:00 Europe/Berlin")
    for _ in range(4):
        await ada.post_json("/api/clock", to="week")
    tips = [message["card"]["title"] for message in await ada.as_person("ben").messages()]
    assert len(tips) == len(set(tips)) == 4


async def test_clock_can_be_reset_to_now(ada: Visitor) -> None:
    start = datetime.fromisoformat((await ada.state())["now"])
    for to in ("hour", "day", "week", "now"):
        await ada.post_json("/api/clock", to=to)
    state = await ada.state()
    assert datetime.fromisoformat(state["now"]) - start < timedelta(minutes=1)


@pytest.mark.parametrize("target", [{"to": "yesterday"}, {"to": "monday", "zone": "Mars/Olympus"}, {"to": "monday"}])
async def test_invalid_clock_target_is_refused(ada: Visitor, target: dict[str, str]) -> None:
    assert (await ada.post("/api/clock", **target)).status_code == 422
    assert not (await ada.state())["moved"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
async def test_foreign_host_or_origin_is_refused(ada: Visitor, headers: dict[str, str]) -> None:
    for path in ("/", "/api/state?as=ada", "/events?as=ada", "/static/app.js"):
        response = await ada.http.get(path, headers=headers)
        assert response.status_code == 403
    response = await ada.http.post("/api/say", json={"as": "ada", "channel": "general", "text": "x"}, headers=headers)
    assert response.status_code == 403
    assert await ada.messages() == []


async def test_own_page_is_accepted_as_127_0_0_1_and_localhost(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    for host in ("127.0.0.1", "localhost"):
        address = adapter.url.removeprefix("http://").rstrip("/").replace("127.0.0.1", host)
        headers = {"Host": address, "Origin": f"http://{address}"}
        assert (await ada.http.get("/api/state?as=ada", headers=headers)).status_code == 200


async def test_long_text_is_shown_or_answered_with_an_error(ada: Visitor) -> None:
    long = "lorem ipsum " * 3334
    await ada.say(long)
    assert (await ada.messages())[-1]["text"] == long
    answer = await ada.say(f"/mentor ask {long}")
    assert answer["card"]["error"] == "bad_value"
    assert "4,000" in text_of(answer)
    direct = await ada.as_person("ada", "dm-ada").say(long)
    assert direct["card"]["error"] == "bad_value"
    assert (await ada.post("/api/say", text="x" * 300_000)).status_code == 413


HOSTILE = "<img src=x onerror=alert(1)> @everyone <!channel> <@U1> `*_~ \u202eevil\u202c 👩‍👩‍👧 </script>"


async def test_hostile_text_stays_text(ada: Visitor) -> None:
    await ada.say(HOSTILE)
    assert (await ada.messages())[-1]["text"] == HOSTILE.replace("\u202e", "").replace("\u202c", "")
    added = await ada.say(f'/mentor plan add "{HOSTILE}"')
    assert added["card"]["error"] is None
    assert "<img src=x onerror=alert(1)> @everyone <!channel>" in text_of(added)


async def test_half_a_character_breaks_nobody_s_page(ada: Visitor) -> None:
    ben = ada.as_person("ben")
    for body in (b'{"as": "ada", "channel": "general", "text": "a\\ud800b\\u0000"}',
                 b'{"as": "ada", "channel": "general", "text": "/mentor ask a\\ud800b"}'):  # fmt: skip
        assert (await ada.http.post("/api/say", content=body)).status_code == 200
    form = (
        b'{"as": "ada", "channel": "general", "line": "plan add", "title": "\\udfff", "options": {"what": "c\\ud800d"}}'
    )
    assert (await ada.http.post("/api/submit", content=form)).status_code == 200
    for visitor in (ada, ben):
        assert (await visitor.http.get("/api/state", params={"as": visitor.person_id})).status_code == 200
    assert any(message.get("text") == "ab" for message in await ben.messages())
    assert "cd" in text_of(await ada.say("/mentor plan"))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/say", b"not json", 422),
        ("/api/say", b"[]", 422),
        ("/api/say", b'{"as": "mallory", "channel": "general", "text": "x"}', 404),
        ("/api/say", b'{"as": "ada", "channel": "secret", "text": "x"}', 404),
        ("/api/submit", b'{"as": "ada", "channel": "general", "line": "tip", "options": []}', 422),
    ],
)
async def test_invalid_request_is_refused(ada: Visitor, path: str, body: bytes, status: int) -> None:
    assert (await ada.http.post(path, content=body)).status_code == status


async def test_only_an_admin_starts_the_weekly_tip(ada: Visitor) -> None:
    refused = await ada.as_person("ben").say("/mentor tips here monday 09:00 Europe/Berlin")
    assert refused["card"]["error"] == "not_allowed"
    accepted: dict[str, Any] = await ada.say("/mentor tips here monday 09:00 Europe/Berlin")
    assert accepted["card"]["error"] is None


async def test_taken_port_is_a_settings_error(adapter: PlaygroundAdapter, app_context: AppContext) -> None:
    async def stay(_: datetime) -> None:
        return None

    port = int(adapter.url.rstrip("/").rpartition(":")[2])
    second = PlaygroundAdapter(app_context.dispatcher, app_context.clock, previews={}, travel=stay, port=port)
    with pytest.raises(BadSettings, match="--port"):
        await second.start()


async def test_stop_ends_the_event_streams(ada: Visitor, adapter: PlaygroundAdapter) -> None:
    async def read(stream: httpx.Response) -> str:
        return "".join([chunk async for chunk in stream.aiter_text()])

    async with ada.http.stream("GET", "/events", params={"as": "ada"}) as stream:
        reading = asyncio.create_task(read(stream), name="reading the stream")
        await asyncio.sleep(0)
        assert not reading.done()
        await adapter.stop()
        ended, _ = await asyncio.wait([reading], timeout=30)
    assert ended == {reading}  # the server ended the stream; nobody cancelled it
    assert reading.exception() is None
