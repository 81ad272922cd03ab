"""The Slack door: what comes in through slack_bolt, and how it is answered in time.

Slack waits three seconds for an acknowledgement. What is ready by then travels in it; what is not follows through the
response_url. Nothing that could be slow, another call to Slack included, stands before an acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.events import (
    action_key,
    command_caller,
    form_key,
    interaction_caller,
    is_private,
    origin_of,
    readable,
    unescape,
)
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.forms import CALLBACK, FIELD, Origin, as_card, card_view, submitted
from mentorbot.adapters.slack.modals import Modals, shown_in_view
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.render import ACTION, view_blocks, visibility
from mentorbot.adapters.slack.reply import Reply
from mentorbot.adapters.slack.text import cut
from mentorbot.adapters.slack.transport import SlackClient, Transport, make_app, make_transport, verify
from mentorbot.adapters.slack.uploads import SlackFile, attached, text_of
from mentorbot.adapters.uploads import refused
from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings, BadValue
from mentorbot.settings import Settings

log = logging.getLogger(__name__)
READY_SECONDS = limits.ACK_SECONDS - 1
"""How long an answer may take and still travel in the acknowledgement; the rest of Slack's time is the way."""
ERROR_TEXT = 300
"""Characters beneath a field. More would push the form off the screen."""


class SlackAdapter:
    """Slack, open for one workspace's bot token."""

    def __init__(self, settings: Settings, dispatcher: Dispatcher) -> None:
        self._settings, self._dispatcher = settings, dispatcher
        self._client = SlackClient(settings.slack_bot_token, settings.slack_base)
        self.platform = SlackPlatform(self._client)
        self._courier = FileDelivery(self.platform)
        self._modals = Modals(self._client, self._courier)
        self._in_flight = InFlight()
        self._ours = AuthorizeResult(enterprise_id=None, team_id=None)
        self._transport: Transport | None = None

        async def who() -> AuthorizeResult:
            return self._ours

        self._app = make_app(settings, self._client, who)
        self._app.command(re.compile(""))(self._command)
        self._app.action(re.compile(f"^{ACTION}:"))(self._action)
        self._app.view(CALLBACK)(self._form)
        self._app.shortcut("mentor_help")(self._help)
        self._app.shortcut("mentor_add_step")(self._add_step)
        self._app.event("app_home_opened")(self._home)

    async def start(self, *, listen: bool = True) -> None:
        """Check the token, and open to `listen`; raises `BadSettings` naming the variable that is wrong."""
        await self._client.open()
        try:
            await self._open(listen=listen)
        except BadSettings:
            await self._client.close()
            raise

    async def _open(self, *, listen: bool) -> None:
        self._ours = await verify(self._client)
        if not listen:
            return
        self._transport = make_transport(self._app, self._settings, self._in_flight)
        await self._transport.start()

    async def stop(self) -> None:
        """Let answers in flight finish, close, and finish what came in meanwhile."""
        await self._in_flight.drained()
        if self._transport is not None:
            await self._transport.stop()
        await self._in_flight.drained()
        await self._client.close()

    async def _answer(self, request: CommandRequest, files: Mapping[str, SlackFile]) -> Answer:
        try:
            texts = {name: await text_of(self._client, name, file) for name, file in files.items()}
        except BadValue as error:
            return refused(error, request)
        return await self._dispatcher.answer(replace(request, options={**request.options, **texts}), self.platform)

    async def _begun(
        self, request: CommandRequest, files: Mapping[str, SlackFile] = MappingProxyType({})
    ) -> asyncio.Task[Answer]:
        """The answer's task, done when it was quick enough to travel in the acknowledgement."""
        task = asyncio.create_task(self._answer(request, files))
        await asyncio.wait({task}, timeout=READY_SECONDS)
        return task

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """`/mentor ...` was typed."""
        with self._in_flight:
            caller = command_caller(body, self.platform)
            reply = self._reply(body, caller)
            task = await self._begun(
                CommandRequest(caller, unescape(body.get("text") or ""), key=body.get("trigger_id"))
            )
            if not task.done():
                await ack()
                await reply.send(as_card(await task))
            elif isinstance(form := task.result(), Form):
                await ack()
                await self._open_form(form, body, origin_of(body, caller, self._now()), reply)
            else:
                await self._acknowledge(as_card(task.result()), ack, reply)

    async def _acknowledge(self, card: Card, ack: AsyncAck, reply: Reply) -> None:
        """One message travels in the acknowledgement; several follow it, or they would overtake each other."""
        message, *others = reply.messages(card)
        if others:
            await ack()
            await reply.send(card)
        else:
            await ack(message.text, message.blocks, response_type=visibility(card), unfurl_links=False)
            await reply.deliver(card)

    async def _open_form(self, form: Form, body: dict[str, Any], origin: Origin, reply: Reply) -> None:
        """Open a modal; when Slack's time for that is over, offer a button that tries again."""
        if not await self._modals.open_form(form, body["trigger_id"], origin):
            await reply.send(as_card(form))

    async def _action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A button was pressed. On a message that only this person sees, the answer takes its place."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            request = CommandRequest(caller, body["actions"][0].get("value") or "", key=action_key(body))
            if view := body.get("view"):
                await self._modals.show(await self._begun(request), caller, body["trigger_id"], view)
                return
            answer, private, reply = await self._answer(request, {}), is_private(body), self._reply(body, caller)
            if isinstance(answer, Form):
                await self._open_form(answer, body, origin_of(body, caller, self._now(), replaces=private), reply)
            else:
                await reply.send(answer, replaces=_replaces(answer, private=private))

    async def _form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form was sent."""
        with self._in_flight:
            line, values, origin = submitted(body["view"])
            caller, key = interaction_caller(body, self.platform, origin), form_key(body)
            task = await self._begun(CommandRequest(caller, line, values, key=key, forms=False), attached(body["view"]))
            reply = self._reply({"response_url": origin.response_url if origin.open_at(self._now()) else ""}, caller)
            if task.done():
                await self._close_form(as_card(task.result()), set(values), body, origin, ack, reply)
                return
            trigger = body.get("trigger_id") or key
            await ack(response_action="push", view=self._modals.waiting(trigger))
            card = as_card(await task)
            modal = await self._modals.end_wait(card, caller, trigger)
            if card.public and origin.open_at(self._now()):
                await reply.send(card)
            elif modal:
                await self._modals.deliver(card, caller, modal)

    async def _close_form(
        self, card: Card, fields: set[str], body: dict[str, Any], origin: Origin, ack: AsyncAck, reply: Reply
    ) -> None:
        """What went wrong leaves the form as it is, so that nothing has to be typed twice."""
        if card.error and card.error_option in fields:
            said = next((plain_text(Card("", (block,))).strip() for block in card.blocks), card.title)
            await ack(response_action="errors", errors={f"{FIELD}{card.error_option}": cut(said, ERROR_TEXT)})
        elif card.error:
            await ack(response_action="push", view=card_view(card))
        elif origin.open_at(self._now()):
            await ack()
            await reply.send(card, replaces=_replaces(card, private=origin.replaces))
        else:
            await ack(response_action="update", view=shown_in_view(card, reply.caller))
            await self._modals.deliver(card, reply.caller, body["view"]["id"])

    async def _help(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The global shortcut."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            task = await self._begun(CommandRequest(caller, "help", forms=False))
            await self._modals.show(task, caller, body["trigger_id"])

    async def _add_step(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The message shortcut: a step made from somebody's message, to be looked over first."""
        with self._in_flight:
            await ack()
            text = readable((body.get("message") or {}).get("text") or "")
            caller = interaction_caller(body, self.platform)
            task = await self._begun(CommandRequest(caller, "plan add", key=action_key(body)))
            await self._modals.show(task, caller, body["trigger_id"], change=lambda answer: _prefilled(answer, text))

    async def _home(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """The App Home was opened; its other tab is the conversation, which needs nothing from us."""
        if event.get("tab", "home") != "home":
            return
        with self._in_flight:
            caller = interaction_caller({**body, "user": {"id": event["user"]}}, self.platform)
            card = as_card(await self._answer(CommandRequest(caller, "help", forms=False), {}))
            await self._modals.publish(event["user"], view_blocks(card))

    def _now(self) -> datetime:
        return self._dispatcher.clock.now()

    def _reply(self, body: dict[str, Any], caller: Caller) -> Reply:
        return Reply(str(body.get("response_url") or ""), self._client, self._courier, caller)


def _replaces(card: Card, *, private: bool) -> bool:
    """What went wrong replaces nothing: the button that was pressed is still there to try again."""
    return private and not card.public and not card.error


def _prefilled(answer: Answer, text: str) -> Answer:
    if not isinstance(answer, Form):
        return answer
    first, *others = answer.fields
    return replace(answer, fields=(replace(first, value=cut(text, first.max_length)), *others))
