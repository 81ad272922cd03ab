"""An open door, and what one does and sees in front of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.transport import SignedHttp
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .block_kit import refused
from .payloads import HttpSlack
from .server import SlackServer
from .state import Json


@dataclass
class Http:
    """An open door over signed HTTP, and Slack's side of it."""

    door: SlackAdapter
    slack: HttpSlack
    server: SlackServer

    async def say(self, text: str, **extra: Any) -> Json:
        """Type a slash command; what came back in the acknowledgement."""
        response = await self.slack.post(self.server.slash(text, **extra))
        assert response.status_code == 200
        answer = cast(Json, response.json()) if response.text else {}
        assert not answer or refused(answer["blocks"]) == []
        return answer

    async def ask(self, text: str, **extra: Any) -> Json:
        """Type a slash command that is answered with a form; the form."""
        seen = len(self.server.views)
        assert await self.say(text, **extra) == {}
        await until(lambda: len(self.server.views) > seen)
        return self.server.views[-1]

    async def interact(self, payload: Json) -> Json:
        """Press, send a form or use a shortcut; the acknowledgement. A view in it is shown, as Slack does."""
        response = await self.slack.interact(payload)
        assert response.status_code == 200
        answer = cast(Json, response.json()) if response.text else {}
        if "view" in answer:
            self.server.keep_view(answer["view"])
        return answer


async def open_http(settings: Settings, dispatcher: Dispatcher, server: SlackServer) -> Http:
    door = SlackAdapter(settings, dispatcher)
    await door.start()
    transport = cast(SignedHttp, door._transport)
    return Http(door, HttpSlack(transport.server.port), server)


class Slow:
    """A core of one command, `help`, that takes `seconds` and then gives `answer`; it asks for nothing else."""

    def __init__(self, core: AppContext, answer: Answer, seconds: float) -> None:
        self.runs = 0
        registry = Registry()
        registry.group("plan", "A learner's steps.")

        async def handler(_: Context) -> Answer:
            self.runs += 1
            await asyncio.sleep(seconds)
            return answer

        registry.command("help", "Takes its time.", writes=True)(handler)
        registry.command("plan add", "Takes its time too.")(handler)
        self.dispatcher = Dispatcher(registry, core.store, core.library, core.clock)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for what follows an acknowledgement."""
    async with asyncio.timeout(9):
        while not condition():
            await asyncio.sleep(0.01)


def shown(answer: Json) -> str:
    """All words of a message or a view."""
    return json.dumps(answer.get("blocks"), ensure_ascii=False)


def buttons(answer: Json) -> list[str]:
    """The command lines behind the buttons of a message or a view, in order."""
    rows = [block["elements"] for block in answer["blocks"] if block["type"] == "actions"]
    return [element.get("value", "") for row in rows for element in row]
