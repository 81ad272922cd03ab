"""A running Slack adapter, and helpers to use it and read its answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.transport import SignedHttp
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Card, Paragraph, rich
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .block_kit import block_errors
from .payloads import RequestSender
from .server import SlackServer
from .state import Json

LATE_CARD = Card("At last", (Paragraph(rich("Here it is")),))


@dataclass
class HttpHarness:
    """A running adapter over signed HTTP, with the fake Slack that sends it requests."""

    adapter: SlackAdapter
    slack: RequestSender
    server: SlackServer

    async def say(self, text: str, **extra: Any) -> Json:
        """Type a slash command, and return the acknowledgement."""
        response = await self.slack.post(self.server.slash(text, **extra))
        assert response.status_code == 200
        answer = cast(Json, response.json()) if response.text else {}
        assert not answer or block_errors(answer["blocks"]) == []
        return answer

    async def ask(self, text: str, **extra: Any) -> Json:
        """Type a slash command that opens a form, and return the form's view."""
        shown_before = len(self.server.views)
        assert await self.say(text, **extra) == {}
        await wait_until(lambda: len(self.server.views) > shown_before)
        return self.server.views[-1]

    async def interact(self, payload: Json) -> Json:
        """Send an interaction, and return the acknowledgement. A view in it is stored, since Slack would show it."""
        response = await self.slack.interact(payload)
        assert response.status_code == 200
        answer = cast(Json, response.json()) if response.text else {}
        if "view" in answer:
            self.server.store_view(answer["view"])
        return answer


async def start_http_adapter(settings: Settings, dispatcher: Dispatcher, server: SlackServer) -> HttpHarness:
    adapter = SlackAdapter(settings, dispatcher, dispatcher._store)
    await adapter.start()
    transport = cast(SignedHttp, adapter._transport)
    return HttpHarness(adapter, RequestSender(transport.server.port), server)


class SlowBot:
    """A dispatcher whose `help` and `plan add` take `seconds` and then return `answer`."""

    def __init__(self, app_context: AppContext, answer: Answer, seconds: float) -> None:
        self.runs = 0
        registry = Registry()
        registry.group("plan", "A learner's steps.")

        async def handler(_: Context) -> Answer:
            self.runs += 1
            await asyncio.sleep(seconds)
            return answer

        registry.command("help", "Takes its time.", writes=True)(handler)
        registry.command("plan add", "Takes its time too.")(handler)
        self.dispatcher = Dispatcher(registry, app_context.store, app_context.library, app_context.clock)


async def wait_until(condition: Callable[[], Any]) -> None:
    """Poll until `condition` is true, for things that happen after an acknowledgement."""
    async with asyncio.timeout(9):
        while not condition():
            await asyncio.sleep(0.01)


def visible_text(answer: Json) -> str:
    """Return the blocks of a message or a view as one string to search in."""
    return json.dumps(answer.get("blocks"), ensure_ascii=False)


def button_lines(answer: Json) -> list[str]:
    """List the command lines behind the buttons of a message or a view, in order."""
    rows = [
        block["elements"] if block["type"] == "actions" else [block["accessory"]]
        for block in answer["blocks"]
        if block["type"] == "actions" or "accessory" in block
    ]
    return [element.get("value", "") for row in rows for element in row]
