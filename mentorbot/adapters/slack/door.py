"""The Slack door: what comes in through slack_bolt, and how it is answered in time.

Slack waits three seconds for an acknowledgement (https://docs.slack.dev/tools/bolt-python/concepts/acknowledge). What is
ready by then travels in it; what is not follows through the response_url.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.inflight import InFlight
from mentorbot.adapters.slack.forms import CALLBACK, FIELD, card_view, form_view, submitted
from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.adapters.slack.payload import command_caller, interaction_caller, unescape
from mentorbot.adapters.slack.render import ACTION, Message, render, view_blocks
from mentorbot.adapters.slack.transport import Transport, make_transport, verify
from mentorbot.cards import Answer, Button, Buttons, Card, Form, Paragraph, plain_text, words
from mentorbot.commands.call import Request
from mentorbot.commands.dispatch import Dispatcher
from mentorbot.settings import Settings

ACK_SECONDS = 2.0
"""How long an answer may take and still travel in the acknowledgement; the rest of Slack's three seconds is the way."""

Payload = Mapping[str, Any]
WORKING = Card("One moment", (Paragraph(words("I am on it …")),))


class SlackDoor:
    """Slack, open for one workspace's bot token."""

    def __init__(self, settings: Settings, dispatcher: Dispatcher) -> None:
        self._settings, self._dispatcher = settings, dispatcher
        # Without slack_sdk's own retry after a broken connection: Slack may have taken the message, and a blind second
        # try would post it twice. The scheduler looks in the channel first.
        self._client = AsyncWebClient(
            token=settings.slack_bot_token, base_url=settings.slack_base, timeout=20, retry_handlers=[]
        )
        self.messenger = SlackMessenger(self._client)
        self._app = AsyncApp(client=self._client, signing_secret=settings.slack_signing_secret or "none")
        self._in_flight = InFlight()
        self._transport: Transport | None = None
        self._listen()

    async def start(self) -> None:
        """Check the token and open; raises `BadSettings` naming the variable that is wrong."""
        await verify(self._client)
        self._transport = make_transport(self._app, self._settings)
        await self._transport.start()

    async def stop(self) -> None:
        """Take nothing new, let answers in flight finish, close."""
        await self._in_flight.drained()
        if self._transport is not None:
            await self._transport.stop()

    def _listen(self) -> None:
        app = self._app
        app.command(re.compile(".*"))(self._command)
        app.action(re.compile(f"^{ACTION}:"))(self._action)
        app.view(CALLBACK)(self._view)
        app.shortcut("mentor_help")(self._help)
        app.shortcut("mentor_add_step")(self._add_step)
        app.event("app_home_opened")(self._home)

    async def _answer(self, request: Request) -> Answer:
        return await self._dispatcher.answer(request, self.messenger)

    async def _in_time(self, request: Request) -> asyncio.Task[Answer]:
        """The answer's task, done when it was quick enough to travel in the acknowledgement."""
        task = asyncio.create_task(self._answer(request))
        await asyncio.wait({task}, timeout=ACK_SECONDS)
        return task

    async def _command(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """`/mentor ...` was typed."""
        with self._in_flight:
            caller = command_caller(body, self.messenger)
            request = Request(caller, unescape(body.get("text") or ""), key=body.get("trigger_id"))
            task = await self._in_time(request)
            if not task.done():
                await ack()
                await self._respond_all(await task, respond)
                return
            answer = task.result()
            if isinstance(answer, Form):
                await self._open_form(answer, body, _context(body, caller.channel.id, caller.channel.name), respond)
                await ack()
                return
            first, *others = render(answer)
            await ack(text=first.text, blocks=first.blocks, response_type=_visibility(answer))
            await _respond(others, answer, respond)

    async def _respond_all(self, answer: Answer, respond: AsyncRespond, *, instead: bool = False) -> None:
        """Answer after the acknowledgement. A form cannot be opened any more, so it is offered as a button."""
        card = form_offer(answer) if isinstance(answer, Form) else answer
        await _respond(render(card), card, respond, instead=instead)

    async def _open_form(
        self, form: Form, body: Payload, context: Mapping[str, str], respond: AsyncRespond | None
    ) -> None:
        """Open a modal; when Slack's time for that is over, offer a button that tries again."""
        try:
            await self._client.views_open(trigger_id=body["trigger_id"], view=form_view(form, context))
        except Exception:
            if respond is None:
                raise
            await self._respond_all(form, respond)

    async def _action(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """A button was pressed. On a message that only this person sees, the answer takes its place."""
        with self._in_flight:
            await ack()
            action = body["actions"][0]
            caller = interaction_caller(body, self.messenger)
            answer = await self._answer(Request(caller, action.get("value") or "", key=_action_key(body)))
            if (body.get("container") or {}).get("type") == "view":
                await self._in_view(answer, body)
            elif isinstance(answer, Form):
                await self._open_form(answer, body, _context(body, caller.channel.id, caller.channel.name), respond)
            else:
                private = bool((body.get("container") or {}).get("is_ephemeral")) or caller.channel.direct
                await self._respond_all(answer, respond, instead=private and not answer.public)

    async def _in_view(self, answer: Answer, body: Payload) -> None:
        """A button in a modal changes the modal; one on the App Home opens a modal."""
        view = form_view(answer, {}) if isinstance(answer, Form) else card_view(answer)
        if body["view"]["type"] == "modal":
            await self._client.views_update(view_id=body["view"]["id"], view=view)
        else:
            await self._client.views_open(trigger_id=body["trigger_id"], view=view)

    async def _view(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form was sent."""
        with self._in_flight:
            line, values, context = submitted(body["view"])
            caller = interaction_caller(body, self.messenger, context.get("channel", ""), context.get("name", ""))
            key = f"{body['view']['id']}:{body['view'].get('hash', '')}"
            task = await self._in_time(Request(caller, line, values, key=key, forms=False))
            if not task.done():
                await ack(response_action="update", view=card_view(WORKING))
                answer = await task
                await self._client.views_update(view_id=body["view"]["id"], view=card_view(_card(answer)))
                return
            await self._close_form(_card(task.result()), values, context, ack)

    async def _close_form(
        self, card: Card, values: Mapping[str, str], context: Mapping[str, str], ack: AsyncAck
    ) -> None:
        """A field that is wrong keeps the form open; otherwise the card goes where the form was asked for."""
        if card.error and card.error_option in values:
            message = next((plain_text(Card("", (block,))).strip() for block in card.blocks), card.title)
            await ack(response_action="errors", errors={f"{FIELD}{card.error_option}": message})
        elif context.get("response_url"):
            await ack()
            await _respond(render(card), card, AsyncRespond(response_url=context["response_url"]))
        else:
            await ack(response_action="update", view=card_view(card))

    async def _help(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The global shortcut."""
        with self._in_flight:
            await ack()
            answer = await self._answer(Request(interaction_caller(body, self.messenger), "help", forms=False))
            await self._client.views_open(trigger_id=body["trigger_id"], view=card_view(_card(answer)))

    async def _add_step(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The message shortcut: a step made from somebody's message, to be looked over first."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.messenger)
            answer = await self._answer(Request(caller, "plan add"))
            text = unescape((body.get("message") or {}).get("text") or "")
            view = form_view(_prefilled(answer, text), {}) if isinstance(answer, Form) else card_view(answer)
            await self._client.views_open(trigger_id=body["trigger_id"], view=view)

    async def _home(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """The App Home tab was opened."""
        with self._in_flight:
            caller = interaction_caller({**body, "user": {"id": event["user"]}}, self.messenger)
            answer = _card(await self._answer(Request(caller, "help", forms=False)))
            await self._client.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": view_blocks(answer)}
            )


async def _respond(messages: list[Message], card: Card, respond: AsyncRespond, *, instead: bool = False) -> None:
    for number, message in enumerate(messages):
        await respond(
            text=message.text,
            blocks=message.blocks,
            response_type=_visibility(card),
            replace_original=instead and number == 0,
        )


def _visibility(card: Card) -> str:
    return "in_channel" if card.public else "ephemeral"


def _context(body: Payload, channel: str, name: str) -> dict[str, str]:
    return {"channel": channel, "name": name, "response_url": str(body.get("response_url") or "")}


def _action_key(body: Payload) -> str | None:
    """One press: Slack's action timestamp with who pressed; a repeated delivery carries the same."""
    return body.get("trigger_id") or f"{body['user']['id']}:{body['actions'][0].get('action_ts', '')}"


def _card(answer: Answer) -> Card:
    return form_offer(answer) if isinstance(answer, Form) else answer


def form_offer(form: Form) -> Card:
    """A form that could not be opened, as a button that opens it."""
    text = Paragraph(words("I need a little more from you."))
    return Card(form.title, (text, Buttons((Button("Fill it in", form.line, "primary"),))))


def _prefilled(form: Form, text: str) -> Form:
    first, *others = form.fields
    return replace(form, fields=(replace(first, value=text[: first.max_length]), *others))
