"""A Slack in a process of its own: it has people do things, takes the answers, and counts the messages that come meanwhile.

    python -m tests.benchmarks.load_slack

Its address is the second line it prints. Each line it reads is a busy minute, as JSON: the bot's `port`, how many `people` in how
many `workspaces`, and the `seconds` each of them takes to do one thing, at an even pace; with `warm_up`, one of them asks one
question beforehand. It writes one line: the `latencies` of
each kind of thing in milliseconds, ascending, from the request to the arrival of its answer, whichever way that comes; how many
answers were `lost`; and the first that was `wrong`. For an empty object, it writes how many `messages` have come unasked, and how
many of them came `twice`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, TCPConnector, web

from mentorbot.cli.common import run_async
from mentorbot.clock import Clock
from mentorbot.domain.plan import monday
from tests.adapters.slack_adapter.payloads import RequestSender

MAX_WAIT_SECONDS = 30
"""An answer that takes longer counts as lost."""
_WAITING_VIEW = re.compile(r'"external_id": "(\w+)"')
_KEY = re.compile(r"key:([\w-]+):")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def user_id(number: int) -> str:
    """Name a person."""
    return f"L{number}"


def team_id(number: int, workspaces: int) -> str:
    """Name the workspace a person is in."""
    return f"T{number % workspaces}"


def own_step(user: str) -> str:
    """Name the first step of a person's plan, which nobody else has."""
    return f"The step of {user}."


@dataclass
class Doing:
    """Something a person does, and what the answer must say."""

    kind: str
    text: str
    expected: str


COMMANDS = (
    ("salary senior", "Senior: "),
    ("brief responsibilities", "AI Architect: Responsibilities"),
    ("ask how long does it take", "from scratch"),
    ("help", "What would you like to do?"),
    ("plan show", "{step}"),
    ("checkin now", "{step}"),
    ("me show", "Your data"),
)
BUTTONS = (
    ("plan step 1", "{step}"),
    ("plan show all", "{step}"),
    ("checkin worked step:1 week:{week}", "Nice. About how many hours?"),
    ("checkin worked step:1 hours:2 week:{week}", "2 h logged"),
)
FORMS = (("plan add", "Added: A chapter for {user}"),)
SENTENCES = (
    ("what should I do this week?", "{step}"),
    ("what does a senior earn?", "Senior: "),
    ("hi", "{step}"),
)
MIX = (("command", COMMANDS, 10), ("button", BUTTONS, 5), ("form", FORMS, 2), ("direct message", SENTENCES, 3))
"""Things people do, and how many of twenty do them."""


def doing(random: Random, user: str, week: str) -> Doing:
    """Choose something for a person to do."""
    kind, texts, _ = random.choices(MIX, [weight for _, _, weight in MIX])[0]
    text, expected = random.choice(texts)
    values = {"step": own_step(user), "user": user, "week": week}
    return Doing(kind, text.format_map(values), expected.format_map(values))


@dataclass
class Slack:
    """The Web API, and the people."""

    url: str = ""
    waiting: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    """Answers people wait for, by the response_url's last part or by the direct messages they come to."""
    views: dict[str, str] = field(default_factory=dict)
    """The contents of views that had stood in for a slow answer, by their external id."""
    latencies: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    people: int = 0
    workspaces: int = 1
    lost: int = 0
    wrong: str = ""
    messages: Counter[str] = field(default_factory=Counter)
    posted: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """The messages in each channel, as far as the bot looks for them when it can't tell if one has arrived."""
    _ids: Any = field(default_factory=count)

    async def serve(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/api/respond/{id}", self._respond)
        app.router.add_route("*", "/api/{method}", self._api)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    async def _respond(self, request: web.Request) -> web.Response:
        self._arrived(request.match_info["id"], await request.text())
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.text()
        team = request.headers.get("Authorization", "").removeprefix("Bearer xoxb-")
        if method == "chat.postMessage":
            channel = str(json.loads(body)["channel"])
            timestamp = f"{next(self._ids)}.0"
            if key := _KEY.search(body):
                self.messages[key[1]] += 1
                self.posted[channel].append({"ts": timestamp, "blocks": [{"block_id": f"{key[0]}0.0"}]})
            else:
                self._arrived(channel, body)
            return web.json_response({"ok": True, "ts": timestamp, "channel": channel})
        sent = await request.post() if request.content_type == FORM else json.loads(body or "{}")
        values = {**request.query, **sent}
        if external_id := values.get("external_id"):  # of the view that stood in for a slow answer
            self.views[str(external_id)] = body
            self._arrived(str(external_id), body)
        if method == "users.list":
            number = int(team.removeprefix("T"))
            members = [
                {"id": user_id(one), "tz": "Europe/Berlin"} for one in range(number, self.people, self.workspaces)
            ]
            return web.json_response({"ok": True, "members": members})
        user = str(values.get("user") or values.get("users") or "")
        return web.json_response(
            {
                "ok": True, "team_id": team, "user_id": "UBOT", "bot_id": "B1", "channel": {"id": f"D{user}", "name": "general"},
                "messages": self.posted.get(str(values.get("channel")), []), "view": {"id": "V1"},
                "user": {"id": user, "name": user, "tz": "Europe/Berlin", "locale": "en-US"},
            }
        )  # fmt: skip

    def _arrived(self, place: str, body: str) -> None:
        answer = self.waiting.get(place)
        if answer is not None and not answer.done():
            answer.set_result(body)

    async def day(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have everyone do one thing, and wait for the answers."""
        self.latencies.clear()
        self.lost, self.wrong = 0, ""
        people, workspaces, seconds = order["people"], order["workspaces"], order["seconds"]
        self.people, self.workspaces = people, workspaces
        random, week = Random(1), monday(Clock().now().date()).isoformat()
        numbers = random.sample(range(people), people)
        async with ClientSession(f"http://127.0.0.1:{order['port']}", connector=TCPConnector(limit=0)) as session:
            if order.get("warm_up"):
                text, expected = SENTENCES[1]
                await self._do(session, Doing("direct message", text, expected), user_id(0), team_id(0, workspaces))
                return {}
            began, running = time.monotonic(), []
            for turn, number in enumerate(numbers):
                await asyncio.sleep(max(0.0, began + turn * seconds / people - time.monotonic()))
                user = user_id(number)
                todo = doing(random, user, week)
                running.append(asyncio.create_task(self._do(session, todo, user, team_id(number, workspaces))))
            await asyncio.gather(*running)
        return {
            "latencies": {kind: sorted(latencies) for kind, latencies in self.latencies.items()},
            "lost": self.lost,
            "wrong": self.wrong,
        }

    async def _do(self, session: ClientSession, todo: Doing, user: str, team: str) -> None:
        response = f"{next(self._ids)}"
        place = f"D{user}" if todo.kind == "direct message" else response
        later = self.waiting[place] = asyncio.get_running_loop().create_future()
        body, content_type = _REQUESTS[todo.kind](todo, user, team, f"{self.url}respond/{response}")
        headers = {"Content-Type": content_type, **RequestSender.headers(body)}
        began = time.perf_counter()
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                async with session.post("/slack/events", data=body, headers=headers) as answer:
                    status, text = answer.status, await answer.text()
                if status == 200 and todo.expected not in text:
                    text = await self._later(place, text, later)
        except (TimeoutError, ClientError):
            self.lost += 1
            return
        finally:
            self.waiting.pop(place, None)
        self.latencies[todo.kind].append((time.perf_counter() - began) * 1000)
        if (status != 200 or todo.expected not in text) and not self.wrong:
            self.wrong = f"{todo}: {status} {text[:500]}"

    async def _later(self, place: str, acknowledgement: str, later: asyncio.Future[str]) -> str:
        """Wait for an answer that comes after its acknowledgement, perhaps in place of a view that says it's on its way."""
        if waiting_view := _WAITING_VIEW.search(acknowledgement):
            place = waiting_view[1]
            if place in self.views:
                return self.views.pop(place)
            later = self.waiting[place] = asyncio.get_running_loop().create_future()
        try:
            return await later
        finally:
            self.waiting.pop(place, None)


def _command(todo: Doing, user: str, team: str, response_url: str) -> tuple[str, str]:
    form = {
        "command": "/mentor", "text": todo.text, "user_id": user, "user_name": user, "channel_id": "C1",
        "channel_name": "general", "team_id": team, "trigger_id": response_url, "response_url": response_url, "api_app_id": "A1",
    }  # fmt: skip
    return urlencode(form), FORM


def _interaction(kind: str, user: str, team: str, response_url: str, **extra: Any) -> tuple[str, str]:
    who = {"id": user, "username": user, "team_id": team}
    common = {"type": kind, "team": {"id": team}, "user": who, "trigger_id": response_url, "response_url": response_url}
    return urlencode({"payload": json.dumps(common | extra)}), FORM


def _button(todo: Doing, user: str, team: str, response_url: str) -> tuple[str, str]:
    action = {"type": "button", "action_id": "mentor:3.0", "block_id": "key::0.3", "value": todo.text}
    return _interaction(
        "block_actions",
        user,
        team,
        response_url,
        channel={"id": "C1", "name": "general"},
        container={"type": "message", "is_ephemeral": True, "channel_id": "C1"},
        actions=[action | {"action_ts": response_url}],
    )


def _form(todo: Doing, user: str, team: str, response_url: str) -> tuple[str, str]:
    words = {"type": "plain_text_input", "value": todo.expected.removeprefix("Added: ")}
    view = {
        "id": f"V{response_url}", "hash": "1", "callback_id": "mentor_form", "type": "modal", "blocks": [],
        "private_metadata": json.dumps({"line": todo.text}), "state": {"values": {"field:what": {"value": words}}},
    }  # fmt: skip
    return _interaction("view_submission", user, team, response_url, view=view)


def _direct_message(todo: Doing, user: str, team: str, response_url: str) -> tuple[str, str]:
    number = response_url.rpartition("/")[2]
    event = {
        "type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": todo.text,
        "ts": f"1700000000.{number}",
    }  # fmt: skip
    installation = {"team_id": team, "enterprise_id": None, "user_id": "UBOT", "is_enterprise_install": False}
    body = {"type": "event_callback", "team_id": team, "event_id": f"Ev{number}", "event": event, "api_app_id": "A1"}
    return json.dumps(body | {"authorizations": [installation]}), JSON


_REQUESTS: dict[str, Callable[[Doing, str, str, str], tuple[str, str]]] = {
    "command": _command,
    "button": _button,
    "form": _form,
    "direct message": _direct_message,
}


async def main() -> None:
    """Serve, and have a day for each line of input; an empty object asks for the messages that have come."""
    slack = Slack()
    await slack.serve()
    print(f"ready\n{slack.url}", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        twice = sum(times > 1 for times in slack.messages.values())
        result = await slack.day(order) if order else {"messages": len(slack.messages), "twice": twice}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    run_async(main())
