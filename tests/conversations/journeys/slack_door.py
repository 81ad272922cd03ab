"""Slack's door: signed requests from a local Slack, and the Block Kit that comes back."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.transport import SignedHttp
from mentorbot.app import AppContext
from mentorbot.chat.platform import ChatPlatform
from mentorbot.settings import Settings
from mentorbot.storage.installations import new_key
from tests.adapters.slack_adapter.harness import wait_until
from tests.adapters.slack_adapter.payloads import RequestSender, direct_message, interaction, mention, submission
from tests.adapters.slack_adapter.server import BOT_TOKEN, SECRET, SlackServer
from tests.adapters.slack_adapter.state import TEAM, Conversation

from .doors import CHANNEL, NAMES, Control, Door, Json, OpenForm, Shown

CHANNEL_ID = "C1"
_PICKED = ("value", "initial_value", "initial_date", "initial_time", "initial_user", "initial_conversation")


class SlackDoor(Door):
    """Four people of one workspace, whose clients say they're in Berlin."""

    workspace, platform = TEAM, "slack"
    knows_zones = True
    channel_id = CHANNEL_ID

    def __init__(self, adapter: SlackAdapter, server: SlackServer) -> None:
        super().__init__()
        self._adapter, self._server = adapter, server
        self._slack = RequestSender(cast(SignedHttp, adapter._transport).server.port)
        self._numbers = itertools.count(1)
        self._read: dict[str, int] = {}
        self._pressed: Shown | None = None
        self._shown = 0
        """Messages and views shown so far."""

    def person_id(self, name: str) -> str:
        return f"U{NAMES.index(name) + 1}"

    def sent_by(self) -> ChatPlatform:
        return self._adapter.platform

    async def install(self) -> None:
        base = self._slack.url.removesuffix("/slack/events")
        async with httpx.AsyncClient() as browser:
            start = await browser.get(f"{base}/slack/install")
            state = httpx.URL(start.headers["location"]).params["state"]
            answer = await browser.get(
                f"{base}/slack/oauth_redirect",
                params={"code": self._server.grant(TEAM), "state": state},
                headers={"Cookie": start.headers["set-cookie"].partition(";")[0]},
            )
        assert answer.status_code == 200
        await wait_until(lambda: self._total)
        await self._adapter._in_flight.drained()
        await self.catch_up()

    async def uninstall(self) -> None:
        response = await self._slack.event({"type": "app_uninstalled"})
        assert response.status_code == 200
        await self._adapter._in_flight.drained()
        self._server.installed.clear()  # Slack revokes the token

    async def say(self, name: str, text: str, *, in_channel: bool = False) -> None:
        stamp = f"1700000000.{next(self._numbers):06}"
        event = mention(f"<@UBOT> {text}", ts=stamp) if in_channel else direct_message(text, ts=stamp)
        if not in_channel:
            event["channel"] = f"D{self.person_id(name)}"
        await self._answered(name, lambda: self._slack.event(event | {"user": self.person_id(name)}))

    async def type(self, name: str, line: str) -> None:
        form = self._server.slash(line, user=self.person_id(name), channel=CHANNEL_ID)
        await self._answered(name, lambda: self._slack.post(form), channel=CHANNEL)

    async def press(self, name: str, card: Shown, control: Control) -> None:
        channel = CHANNEL_ID if card.channel else f"D{self.person_id(name)}"
        in_thread = {"thread_ts": card.source["thread_ts"]} if card.source.get("thread_ts") else {}
        ephemeral = bool(card.channel) and card.private
        payload = interaction(
            self._server,
            "block_actions",
            user=self.person_id(name),
            channel={"id": channel, "name": CHANNEL if card.channel else "directmessage"},
            container={"type": "message", "is_ephemeral": ephemeral, "channel_id": channel, **in_thread},
            message=card.source,
            actions=[{**control.raw, "action_ts": f"{next(self._numbers)}.0"}],
        )
        await self._answered(name, lambda: self._slack.interact(payload), card, card.channel)

    async def fill_in(self, name: str, values: Mapping[str, str]) -> None:
        form = self.forms[name]
        assert form is not None
        filled = {**form.values, **values}
        payload = submission(self._server, form.source, filled, user=self.person_id(name))
        channel = form.pressed.channel if form.pressed else CHANNEL
        errors = await self._answered(name, lambda: self._slack.interact(payload), form.pressed, channel)
        if errors:
            plain = {block.removeprefix("field:"): text for block, text in errors.items()}
            self.forms[name] = OpenForm(form.source, form.title, filled, plain, form.pressed)

    async def _answered(
        self, name: str, send: Callable[[], Any], pressed: Shown | None = None, channel: str = ""
    ) -> Mapping[str, str]:
        """Do something and collect what everyone sees of the answer; return the errors of a form that stays open."""
        self.forms[name] = None
        before, views = self._total, len(self._server.views)
        response = await send()
        assert response.status_code == 200, response.text
        acknowledged: Json = response.json() if response.text else {}
        if "blocks" in acknowledged:
            private = acknowledged.get("response_type") != "in_channel"
            self.show(name, _shown(acknowledged, channel=channel, private=private))
        elif acknowledged.get("response_action") == "errors":
            return cast(Mapping[str, str], acknowledged["errors"])
        elif "view" in acknowledged:
            self._server.store_view(acknowledged["view"])
        else:
            await wait_until(lambda: self._total > before)
        await self._adapter._in_flight.drained()
        for message in self._server.responses[self._read.get("responses", 0) :]:
            replaced = pressed if message.get("replace_original") else None
            private = message.get("response_type") != "in_channel" or not channel
            self.show(name, _shown(message, channel=channel, private=private), replaced)
        self._read["responses"] = len(self._server.responses)
        for view in self._server.views[views:]:
            if view.get("callback_id") and any(block["type"] == "input" for block in view["blocks"]):
                self.forms[name] = OpenForm(view, view["title"]["text"], _values(view), pressed=pressed)
            else:
                self.show(name, _shown(view, channel=channel))
        await self.catch_up()
        return {}

    @property
    def _total(self) -> int:
        server = self._server
        posted = sum(len(conversation.messages) for conversation in server.conversations.values())
        return posted + len(server.responses) + len(server.views) + len(server.ephemerals)

    async def catch_up(self) -> None:
        for name in NAMES:
            for message in self._new(f"D{self.person_id(name)}"):
                self.show(name, _shown(message))
        for message in self._new(CHANNEL_ID):
            for name in NAMES:
                self.show(name, _shown(message, channel=CHANNEL, private=False))
        for message in self._server.ephemerals[self._read.get("ephemerals", 0) :]:
            name = NAMES[int(message["user"][1:]) - 1]
            self.show(name, _shown(message, channel=CHANNEL))
        self._read["ephemerals"] = len(self._server.ephemerals)

    def _new(self, channel: str) -> list[Json]:
        messages = self._server.conversations[channel].messages
        new = messages[self._read.get(channel, 0) :]
        self._read[channel] = len(messages)
        return new


def _values(view: Json) -> dict[str, str]:
    """The values a form holds when it opens, by field."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            chosen = (element.get("initial_option") or {}).get("value")
            known = next((element[name] for name in _PICKED if element.get(name)), "")
            values[block["block_id"].removeprefix("field:")] = chosen or known
    return values


def _shown(message: Json, *, channel: str = "", private: bool = True) -> Shown:
    blocks = message["blocks"]
    texts = [line for block in blocks for line in _text(block).splitlines() if line.strip()]
    title, lines = (texts[0], texts[1:]) if texts else (message.get("text", ""), [])
    controls = tuple(
        Control(element["text"]["text"], element | {"block_id": block["block_id"]})
        for block in blocks
        for element in _controls(block)
    )
    rows = sum(block["type"] == "actions" for block in blocks)
    notification = message.get("text") or title
    return Shown(message, title, tuple(lines), controls, notification, rows, channel, private)


def _controls(block: Json) -> list[Json]:
    if block["type"] == "actions":
        return list(block["elements"])
    return [block["accessory"]] if "accessory" in block else []


def _text(data: Any) -> str:
    """The text of a block, one line of it per line; buttons aside."""
    match data:
        case {"type": "button"} | {"type": "actions"} | {"type": "divider"}:
            return ""
        case {"type": "rich_text_list" | "context" | "rich_text", "elements": list(parts)}:
            return "\n".join(map(_text, parts))
        case {"elements": list(parts)}:
            return "".join(map(_text, parts))
        case {"type": "link", "url": str(url)}:
            return url
        case {"type": "emoji", "name": str(name)}:
            return f":{name}:"
        case {"type": "user", "user_id": str(number)}:
            return NAMES[int(number[1:]) - 1].title()
        case {"type": "date", "fallback": str(fallback)}:
            return fallback
        case {"text": str(text)}:
            return text
        case {"text": dict(inner)}:
            return _text(inner)
    return ""


def _people() -> Iterator[tuple[str, Json]]:
    for number, name in enumerate(NAMES, 1):
        yield f"U{number}", {"id": f"U{number}", "name": name.title(), "tz": "Europe/Berlin", "is_admin": name == "ada"}


@asynccontextmanager
async def slack_door(context: AppContext, settings: Settings, *, installed: bool = True) -> AsyncIterator[SlackDoor]:
    """Open Slack: a local server, and the bot over signed HTTP. If it isn't `installed`, it's an app for many workspaces."""
    server = SlackServer()
    await server.start()
    server.users = dict(_people())
    for number in server.users:
        server.conversations[f"D{number}"] = Conversation()
    identity: Json = (
        {"slack_bot_token": BOT_TOKEN}
        if installed
        else {"slack_client_id": "1.2", "slack_client_secret": "a-client-secret", "token_key": new_key()}
    )
    identity |= {"slack_signing_secret": SECRET, "slack_api_url": server.api_url, "port": 0}
    connected = settings.model_copy(update=Settings(**identity).model_dump(include=set(identity)))
    adapter = SlackAdapter(connected, context.dispatcher, context.store)
    await adapter.start()
    yield SlackDoor(adapter, server)
    await adapter.stop()
    await server.stop()
    assert server.violations == [], server.violations
