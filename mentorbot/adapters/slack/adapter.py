"""The Slack adapter: it receives events from slack_bolt and answers them in time.

Slack waits three seconds for an acknowledgement. An answer that's ready by then travels in it; a later one follows through the
response_url. Nothing slow may happen before an acknowledgement, and that includes other calls to Slack.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from starlette.routing import Route

from mentorbot.adapters.drafts import Drafts, error_text
from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack import limits, removal
from mentorbot.adapters.slack.acknowledgements import Acknowledgements, acknowledgement
from mentorbot.adapters.slack.checkin_messages import CheckInMessages
from mentorbot.adapters.slack.clients import ManyWorkspaces, OneWorkspace
from mentorbot.adapters.slack.errors import AppRemoved
from mentorbot.adapters.slack.events import (
    NOT_PRESSED,
    Pressed,
    action_key,
    command_caller,
    form_key,
    interaction_caller,
    make_origin,
    pressed_key,
    pressed_message,
    unescape,
)
from mentorbot.adapters.slack.events import workspace as workspace_of
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.forms import (
    CALLBACK,
    FIELD,
    ZONE,
    Origin,
    as_card,
    card_view,
    parse_submission,
    zone_options,
)
from mentorbot.adapters.slack.home_tab import QUESTION, HomeTab, question_in
from mentorbot.adapters.slack.manifest import POST_TIP, SEND_CHECK_IN
from mentorbot.adapters.slack.messages import MessageReply, parse_message, spoken_caller, spoken_text
from mentorbot.adapters.slack.modals import Modals, card_answer_view
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.reinstall_notices import ReinstallNotices
from mentorbot.adapters.slack.render import ACTION, fits_button, has_table
from mentorbot.adapters.slack.reply import Reply
from mentorbot.adapters.slack.shortcuts import (
    ADD_STEP,
    ASK,
    ASK_FORM,
    CHECK_IN,
    message_text,
    permalink_of,
    question_of,
    question_view,
    with_link,
)
from mentorbot.adapters.slack.splitting import truncate
from mentorbot.adapters.slack.transport import SlackClient, Transport, make_app, make_transport, on_error, verify
from mentorbot.adapters.slack.uploads import SlackFile, read_upload, uploaded_files
from mentorbot.adapters.slack.workflow_steps import WorkflowSteps
from mentorbot.adapters.uploads import refusal_card
from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadValue, SendError
from mentorbot.settings import Settings
from mentorbot.storage import Store
from mentorbot.tasks import join
from mentorbot.views.start import installed_card

log = logging.getLogger(__name__)
READY_SECONDS = limits.ACK_SECONDS - 1
"""Time an answer may take to still travel in the acknowledgement. The last second is for the network."""
Acknowledged = asyncio.Future[BoltResponse]
"""The acknowledgement of a command, once there's one."""
MAX_ERROR_CHARS = 300
"""Characters in the error beneath a field. More would push the form off the screen."""


class SlackAdapter:
    """The connection to Slack, for one bot token or for an app that many workspaces have installed."""

    def __init__(self, settings: Settings, dispatcher: Dispatcher, store: Store) -> None:
        self._settings, self._dispatcher, self._store = settings, dispatcher, store
        self._drafts = Drafts(dispatcher, store)
        self._client = SlackClient(settings.slack_bot_token.get_secret_value() or None, settings.slack_base)
        self._pages: Sequence[Route] = ()
        self._clients = self._make_clients()
        self.platform = SlackPlatform(self._clients, self._drafts)
        self._file_delivery = FileDelivery(self.platform)
        # Over signed HTTP, Slack needs one more address for that, which apps that are installed may lack.
        by_socket = bool(settings.slack_app_token)
        self._modals = Modals(self._clients, self._file_delivery, loads_options=by_socket)
        self._acknowledgements = Acknowledgements()
        self._in_flight = InFlight()
        precedence = dispatcher.precedence
        self._home = HomeTab(self._run, self._clients, self._modals, self._in_flight, precedence)
        self._checkins = CheckInMessages(self._run, self.platform, store, self._in_flight, precedence)
        self._reinstall_notices = ReinstallNotices(store, self._clients, self.platform, self._in_flight)
        self._transport: Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

        async def authorize(
            context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
        ) -> AuthorizeResult | None:
            tenant = enterprise_id if context.is_enterprise_install else team_id
            return await self._clients.identity(Workspace("slack", tenant or ""))

        self._app = make_app(settings, self._client, authorize)
        self._register_handlers()

    def _register_handlers(self) -> None:
        """Say which of our methods answers which of Slack's requests. Of several that fit one, bolt takes the first."""
        # Whatever its name, so an app that renames /mentor still works.
        self._app.on_command = self._on_command
        self._app.action(re.compile(f"^{ACTION}:"))(self._on_action)
        self._app.action(re.compile(f"^{QUESTION}"))(self._on_question)
        self._app.options(ZONE)(_on_zones)
        self._app.view(CALLBACK)(self._on_form)
        self._app.view(ASK_FORM)(self._on_asked)
        self._app.shortcut(ASK)(self._on_ask)
        self._app.shortcut(CHECK_IN)(self._on_check_in)
        self._app.shortcut(ADD_STEP)(self._on_add_step)
        self._app.event("app_home_opened")(self._on_home)
        self._app.event("message")(self._on_message)
        self._app.event("app_mention")(self._on_message)
        self._app.event("app_uninstalled")(self._on_removed)
        self._app.event("tokens_revoked")(self._on_removed)
        self._app.event("user_change")(self._on_member_changed)
        dispatcher = self._dispatcher
        steps = WorkflowSteps(
            self._store, dispatcher.library, dispatcher.clock, self.platform, self._drafts, self._in_flight
        )
        self._app.function(POST_TIP)(steps.post_tip)
        self._app.function(SEND_CHECK_IN)(steps.send_check_in)
        # Slack switches off an app that leaves most of its events unacknowledged.
        self._app.event(re.compile(""))(_on_other_event)

    async def start(self, *, listen: bool = True) -> None:
        """Check the token, and accept requests if `listen` is set.

        Raises:
            BadSettings: a token is wrong; the message names the variable to fix.
            PlatformDown: Slack can't be reached.
        """
        await self._client.open()
        try:
            await self._open(listen=listen)
        except BaseException:  # another adapter that can't start cancels this one
            await self._client.close()
            raise

    def _make_clients(self) -> OneWorkspace | ManyWorkspaces:
        """Use the only token, or those of all workspaces that have installed the app."""
        settings = self._settings
        if not settings.slack_client_id:
            return OneWorkspace(self._client)
        from mentorbot.adapters.slack.oauth import install_routes  # noqa: PLC0415  a bot with one token has none to encrypt

        installations, states = self._store.installations(
            settings.slack_client_id, settings.token_key.get_secret_value()
        )
        self._pages = install_routes(settings, self._client, installations, states, self._on_installed)
        return ManyWorkspaces(self._client, settings, installations)

    async def _open(self, *, listen: bool) -> None:
        if isinstance(self._clients, OneWorkspace):
            await self._verify_token(self._clients)
        if not listen:
            return
        self._transport = make_transport(self._app, self._settings, self._in_flight, self._pages)
        await self._transport.start()
        if isinstance(self._clients, OneWorkspace) and (team := self._clients.authorization.team_id):
            self._reinstall_notices.soon(Workspace("slack", team))

    async def _verify_token(self, clients: OneWorkspace) -> None:
        try:
            clients.authorization = await verify(self._client)
        except AppRemoved:
            await removal.record_refused_token(self._store, self._now())
            raise
        await removal.record_presence(self._store, clients.authorization)

    async def _on_installed(self, workspace: Workspace, user_id: str) -> None:
        """Welcome the person who has installed the app, after their browser has got its answer."""
        if isinstance(self._clients, ManyWorkspaces):
            self._clients.forget(workspace)
        await self._store.workspaces.mark_present(workspace)
        log.info("the app was installed in slack/%s", workspace.id)
        self._tasks.add(task := asyncio.create_task(self._welcome(workspace, user_id), name="slack welcome"))
        task.add_done_callback(self._tasks.discard)

    async def _welcome(self, workspace: Workspace, user_id: str) -> None:
        with self._in_flight:
            try:
                await self.platform.post(await self.platform.open_dm(workspace, user_id), installed_card(), "")
            except SendError as error:
                log.warning("couldn't message whoever installed the app: %s", error)

    async def trouble(self) -> str:
        """Say what's wrong with the connection for incoming requests; "" if it works, or if there's none."""
        return await self._transport.trouble() if self._transport else ""

    async def stop(self) -> None:
        """Let answers in flight finish, close, and finish what came in meanwhile."""
        # Drained first, because an answer in Socket Mode needs the connection for its acknowledgement.
        await self._in_flight.drained()
        if self._transport is not None:
            await self._transport.stop()
        await self._in_flight.drained()
        await self.platform.members.close()
        await self._client.close()

    async def _answer(
        self, request: CommandRequest, files: Mapping[str, SlackFile] = MappingProxyType({}), pressed: str = ""
    ) -> Answer:
        """Run the command, with the texts of uploaded `files` added to its options.

        A change shows in the App Home and in check-ins, too. `pressed` is the key of the message with the pressed button.
        """
        changes: list[None] = []
        try:
            # Downloaded here, not while decoding the payload, so it never delays an acknowledgement.
            client = await self._clients.of(request.caller.channel.workspace)
            texts = {name: await read_upload(client, name, file) for name, file in files.items()}
        except BadValue as error:
            return refusal_card(error, request)
        options = {**request.options, **texts} if texts else request.options
        answer = await self._run(replace(request, options=options, on_change=partial(changes.append, None)))
        self._reinstall_notices.soon(request.caller.channel.workspace, request.caller.user_id)
        if changes:
            self._home.refresh_soon(request.caller)
            replaced = pressed if isinstance(answer, Card) and answer.updates else ""
            self._checkins.refresh_soon(request.caller, replaced)
        return answer

    async def _run(self, request: CommandRequest) -> Answer:
        return await self._drafts.answer(request, self.platform, fits_button)

    async def _start_answer(
        self, request: CommandRequest, files: Mapping[str, SlackFile] = MappingProxyType({}), pressed: str = ""
    ) -> asyncio.Task[Answer]:
        """Start answering and wait `READY_SECONDS`. The task is done if it's quick enough for the acknowledgement."""
        task = asyncio.create_task(self._answer(request, files, pressed), name="slack answer")
        await asyncio.wait({task}, timeout=READY_SECONDS)
        return task

    async def _on_command(self, body: dict[str, Any]) -> BoltResponse | None:
        """Acknowledge a typed `/mentor ...`, with its answer if that's ready in time; None if the app isn't installed there."""
        caller = command_caller(body, self.platform)
        if await self._clients.identity(caller.channel.workspace) is None:
            return None
        loop = asyncio.get_running_loop()
        acknowledged: Acknowledged = loop.create_future()
        late = loop.call_later(READY_SECONDS, _acknowledge, acknowledged)
        self._tasks.add(task := loop.create_task(self._answer_command(body, caller, acknowledged), name="slack answer"))
        task.add_done_callback(self._tasks.discard)
        try:
            return await acknowledged
        finally:
            late.cancel()

    async def _answer_command(self, body: dict[str, Any], caller: Caller, acknowledged: Acknowledged) -> None:
        """Answer a command in its acknowledgement, or below if that's gone already."""
        try:
            with self._in_flight:
                reply = self._reply(body, caller)
                answer = await self._answer(
                    CommandRequest(caller, unescape(body.get("text") or ""), key=body.get("trigger_id"))
                )
                if acknowledged.done():
                    await reply.send(as_card(answer))
                elif isinstance(answer, Form):
                    _acknowledge(acknowledged)
                    await self._open_form(answer, body, make_origin(body, caller, self._now()), reply)
                else:
                    await self._acknowledge(answer, acknowledged, reply)
        except Exception as error:
            if acknowledged.done():
                await on_error(error, body, None)
            else:
                acknowledged.set_exception(error)

    async def _acknowledge(self, card: Card, acknowledged: Acknowledged, reply: Reply) -> None:
        """Acknowledge with the answer. One that takes several messages follows later, or they could overtake each other.

        So does one with a table, because only there a refusal would be noticed.
        """
        if (prepared := self._acknowledgements.of(card)) is not None:
            _acknowledge(acknowledged, prepared)
            return
        message, *others = reply.messages(card)
        if others or has_table(message):
            _acknowledge(acknowledged)
            await reply.send(card)
        else:
            _acknowledge(acknowledged, acknowledgement(message, card))
            await reply.deliver(card)

    async def _open_form(self, form: Form, body: dict[str, Any], origin: Origin, reply: Reply) -> None:
        """Open a modal, or offer a button to try again if Slack's time for opening one is over."""
        if not await self._modals.open_form(form, reply.caller, body["trigger_id"], origin):
            await reply.send(as_card(form))

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a pressed button: below the message, or in its place if the answer says so and only this person sees it."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            request = CommandRequest(caller, body["actions"][0].get("value") or "", key=action_key(body), pressed=True)
            if view := body.get("view"):
                await self._modals.show(await self._start_answer(request), caller, body["trigger_id"], view)
                return
            answer, own_dm = await asyncio.gather(
                self._answer(request, pressed=pressed_key(body)), self._own_dm(body, caller)
            )
            pressed = pressed_message(body, own_dm)
            reply = self._reply(body, caller, pressed)
            if isinstance(answer, Form):
                await self._open_form(answer, body, make_origin(body, caller, self._now(), pressed), reply)
            else:
                await reply.send(answer)

    async def _own_dm(self, body: dict[str, Any], caller: Caller) -> str:
        """Find the person's direct messages with the bot, if they may be where the button was pressed."""
        if not caller.channel.id.startswith("D") or (body.get("container") or {}).get("is_ephemeral"):
            return ""
        return await self.platform.own_dm(caller.channel.workspace, caller.user_id)

    async def _on_form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a submitted form."""
        with self._in_flight:
            line, values, origin = parse_submission(body["view"])
            caller, key = interaction_caller(body, self.platform, origin), form_key(body)
            task = await self._start_answer(
                CommandRequest(caller, line, options=values, key=key, forms=False),
                uploaded_files(body["view"]),
                origin.key if origin.open_at(self._now()) else "",
            )
            reply = self._reply(
                {"response_url": origin.response_url if origin.open_at(self._now()) else ""},
                caller,
                Pressed(origin.replaces, origin.lasting, origin.key, origin.thread),
            )
            if task.done():
                await self._close_form(as_card(await join(task)), set(values), body, origin, ack, reply)
                return
            # The form is too slow for its acknowledgement, so a waiting modal stands in until the answer is ready.
            trigger = body.get("trigger_id") or key
            await ack(response_action="push", view=self._modals.waiting_view(trigger))
            card = as_card(await join(task))
            modal = await self._modals.fill_waiting_view(card, caller, trigger)
            if card.public and origin.open_at(self._now()):
                await reply.send(card)
                return
            if origin.key:  # the modal has taken the message's place, so that has to be brought up to date
                self._checkins.refresh_soon(caller, "")
            if modal:
                await self._modals.deliver(card, caller, modal)

    async def _close_form(
        self, card: Card, fields: set[str], body: dict[str, Any], origin: Origin, ack: AsyncAck, reply: Reply
    ) -> None:
        """Acknowledge a form with its answer. After an error the form stays open, so nothing has to be typed twice."""
        # Slack can show an error beneath a field only if the field is in this form.
        if card.error and card.error_option in fields:
            message = truncate(error_text(card), MAX_ERROR_CHARS)
            await ack(response_action="errors", errors={f"{FIELD}{card.error_option}": message})
        elif card.error:
            await ack(response_action="push", view=card_view(card))
        elif origin.open_at(self._now()):
            await ack()
            await reply.send(card)
        else:
            await ack(response_action="update", view=card_answer_view(card, reply.caller))
            await self._modals.deliver(card, reply.caller, body["view"]["id"])

    async def _on_ask(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer the global shortcut with a box for a question."""
        with self._in_flight:
            await ack()
            await self._modals.open(question_view(), interaction_caller(body, self.platform), body["trigger_id"])

    async def _on_asked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer what was typed into that box, in the same modal."""
        with self._in_flight:
            caller = interaction_caller(body, self.platform)
            text = question_of(body["view"]) or "hi"
            request = CommandRequest(caller, text, key=form_key(body), forms=False, spoken=True)
            task = await self._start_answer(request)
            if task.done():
                card, modal = as_card(await join(task)), str(body["view"]["id"])
                await ack(response_action="update", view=card_answer_view(card, caller))
            else:
                trigger = body.get("trigger_id") or form_key(body)
                await ack(response_action="update", view=self._modals.waiting_view(trigger))
                card = as_card(await join(task))
                modal = await self._modals.fill_waiting_view(card, caller, trigger)
            if modal:
                await self._modals.deliver(card, caller, modal)

    async def _on_check_in(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer the other global shortcut with the check-in's question."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            task = await self._start_answer(CommandRequest(caller, "checkin now", forms=False))
            await self._modals.show(task, caller, body["trigger_id"])

    async def _on_add_step(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer the message shortcut with a form that adds a step, filled in with the message's text and its link."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            client = await self._clients.of(caller.channel.workspace)
            request = CommandRequest(caller, "plan add", key=action_key(body))
            task, link = await asyncio.gather(self._start_answer(request), permalink_of(client, body))
            text = message_text(body.get("message") or {})
            await self._modals.show(
                task, caller, body["trigger_id"], change=lambda answer: _prefilled(answer, text, link)
            )

    async def _on_home(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Fill the App Home tab when it's opened, or suggest prompts in the messages tab."""
        with self._in_flight:
            workspace, user = workspace_of(body), str(event["user"])
            name = await self.platform.display_name(workspace, user)
            caller = interaction_caller({**body, "user": {"id": user, "name": name}}, self.platform)
            self._reinstall_notices.soon(workspace, user)
            if event.get("tab", "home") == "home":
                await self._home.opened(caller)
            else:
                await self._home.suggest_prompts(caller, str(event.get("channel") or ""))

    async def _on_question(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer what was typed into the App Home's box, in a modal, and empty the box."""
        with self._in_flight:
            await ack()
            caller = interaction_caller(body, self.platform)
            # A press without words is a greeting.
            text = question_in(body) or "hi"
            request = CommandRequest(caller, text, key=action_key(body), forms=False, spoken=True)
            await self._modals.show(await self._start_answer(request), caller, body["trigger_id"])
            self._home.refresh_soon(caller)

    async def _on_message(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Answer a message written to the bot, or one that mentions it."""
        bot = context.bot_user_id or ""
        message = parse_message(body, bot)
        if message is None:
            return
        with self._in_flight:
            channel = Channel(message.workspace, message.channel, direct=message.direct)
            if not await self._drafts.answers_mentions(channel):
                return
            if not await self._drafts.is_first_delivery(message.workspace, message.key):
                return
            caller = await spoken_caller(message, self.platform)
            text = await spoken_text(message, bot, self.platform)
            request = CommandRequest(caller, text, key=message.key, forms=False, spoken=True)
            reply = MessageReply(message, caller, self._clients, self.platform, self._file_delivery)
            task = await self._start_answer(request)
            if not task.done():
                await reply.show_thinking()
            await reply.send(as_card(await join(task)))

    async def _on_removed(self, body: dict[str, Any]) -> None:
        """Stop sending to a workspace that has uninstalled the app or revoked its token."""
        with self._in_flight:
            if await removal.record_removal(self._store, body, self._now()):
                await self._clients.removed(workspace_of(body))
                self.platform.members.forget(workspace_of(body))

    async def _on_member_changed(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Take note of someone's new rights. Slack tells of every new status, too."""
        with self._in_flight:
            await self.platform.members.changed(workspace_of(body), event["user"])

    def _now(self) -> datetime:
        return self._dispatcher.clock.now()

    def _reply(self, body: dict[str, Any], caller: Caller, pressed: Pressed = NOT_PRESSED) -> Reply:
        return Reply(str(body.get("response_url") or ""), self._client, self._file_delivery, caller, pressed)


def _acknowledge(acknowledged: Acknowledged, body: str = "") -> None:
    """Send an acknowledgement with a `body`, unless there's been one: its sender may have hung up."""
    if not acknowledged.done():
        acknowledged.set_result(BoltResponse(status=200, body=body))


async def _on_zones(ack: AsyncAck, body: dict[str, Any]) -> None:
    """Complete what's typed into a menu of zones."""
    await ack(options=zone_options(str(body.get("value") or "")))


async def _on_other_event() -> None:
    """Acknowledge an event nothing else handles, which slack_bolt does before it calls this."""


def _prefilled(answer: Answer, text: str, link: str) -> Answer:
    """Put `text` and `link` into the first field of a form."""
    if not isinstance(answer, Form):
        return answer
    first, *others = answer.fields
    return replace(answer, fields=(replace(first, value=with_link(text, link, first.max_length)), *others))
