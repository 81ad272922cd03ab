"""Opening, updating and publishing views. A trigger_id expires after three seconds, but an open view can be updated later."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.clients import Clients
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.file_notes import files_follow, with_file_notes
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.forms import Origin, card_view, form_view
from mentorbot.chat.cards import Answer, Card, Form, Paragraph, rich
from mentorbot.commands.context import Caller
from mentorbot.errors import SendError
from mentorbot.tasks import join

log = logging.getLogger(__name__)

WORKING = Card("One moment", (Paragraph(rich("I'm on it …")),))
MAX_ATTEMPTS = 6
RETRY_SECONDS = 0.5
"""Pause between attempts to update a view Slack may not have created yet."""


def _unchanged(answer: Answer) -> Answer:
    return answer


class Modals:
    """The views people see. Errors are only logged, because there's no other way to reach the person."""

    def __init__(self, clients: Clients, file_delivery: FileDelivery, *, loads_options: bool) -> None:
        self._clients, self._file_delivery, self._loads_options = clients, file_delivery, loads_options

    async def open_form(self, form: Form, caller: Caller, trigger: str, origin: Origin) -> bool:
        """Open a modal for `form`, and return whether that worked."""
        return await self.open(form_view(form, origin, loads_options=self._loads_options), caller, trigger)

    async def open(self, view: dict[str, Any], caller: Caller, trigger: str) -> bool:
        """Open a modal, and return whether that worked."""
        client = await self._client_of(caller)
        error = await _error_of(client.views_open(trigger_id=trigger, view=view))
        # A used trigger means Slack delivered the request twice, and the first delivery opened the form.
        if error is None or error.code == "exchanged_trigger_id":
            return True
        log.warning("Slack didn't open a form: %s", error)
        return False

    async def show(
        self,
        task: asyncio.Task[Answer],
        caller: Caller,
        trigger: str,
        view: Mapping[str, Any] | None = None,
        change: Callable[[Answer], Answer] = _unchanged,
    ) -> None:
        """Show the answer from `task` in the modal `view`, or in a new one. A slow answer first gets a "working" modal.

        `change` edits the answer before it is shown.
        """
        modal = str(view["id"]) if view and view["type"] == "modal" else ""
        client = await self._client_of(caller)
        try:
            with translated_errors():
                if not modal and not task.done():
                    opened = await client.views_open(trigger_id=trigger, view=card_view(WORKING))
                    modal = opened["view"]["id"]
                answer = change(await join(task))
                modal = await _show_view(client, self._answer_view(answer, caller), trigger, modal)
        except SendError as error:
            log.warning("Slack didn't show a view: %s", error)
            return
        if isinstance(answer, Card):
            await self.deliver(answer, caller, modal)

    async def deliver(self, card: Card, caller: Caller, modal: str) -> None:
        """Deliver the files of `card` to `caller`. Notes about them go above the card in the modal that shows it."""

        async def show(notes: Card) -> None:
            view = card_view(replace(card, blocks=(*notes.blocks, *card.blocks)))
            client = await self._client_of(caller)
            if error := await _error_of(client.views_update(view_id=modal, view=view)):
                log.warning("Slack didn't show what became of files: %s", error)

        await self._file_delivery.deliver(card, caller, show)

    def waiting_view(self, trigger: str) -> dict[str, Any]:
        """Build a "working" view, to be replaced by `fill_waiting_view` with the same trigger."""
        return card_view(WORKING, external_id=_external_id(trigger))

    async def fill_waiting_view(self, card: Card, caller: Caller, trigger: str) -> str:
        """Replace the waiting view by `card`, and return its id, or "" on failure.

        Slack may need a moment to create the view after the acknowledgement, hence the retries.
        """
        view, client = card_answer_view(card, caller), await self._client_of(caller)
        for attempts_left in reversed(range(MAX_ATTEMPTS)):
            try:
                with translated_errors():
                    updated = await client.views_update(external_id=_external_id(trigger), view=view)
                return str(updated["view"]["id"])
            except SendError as error:
                if error.code != "not_found" or not attempts_left:
                    log.warning("Slack didn't show the answer to a form: %s", error)
                    break
            await asyncio.sleep(RETRY_SECONDS)  # only "not_found" gets here: the view doesn't exist yet
        return ""

    async def publish(self, caller: Caller, blocks: list[dict[str, Any]]) -> None:
        """Show `blocks` on the person's App Home tab."""
        view, client = {"type": "home", "blocks": blocks}, await self._client_of(caller)
        if error := await _error_of(client.views_publish(user_id=caller.user_id, view=view)):
            log.warning("Slack didn't show the App Home: %s", error)

    def _answer_view(self, answer: Answer, caller: Caller) -> dict[str, Any]:
        if isinstance(answer, Form):
            return form_view(answer, loads_options=self._loads_options)
        return card_answer_view(answer, caller)

    async def _client_of(self, caller: Caller) -> AsyncWebClient:
        return await self._clients.of(caller.channel.workspace)


async def _show_view(client: AsyncWebClient, view: dict[str, Any], trigger: str, modal: str) -> str:
    """Update the modal with id `modal`, or open a new one if it's empty, and return its id."""
    if modal:
        await client.views_update(view_id=modal, view=view)
        return modal
    return str((await client.views_open(trigger_id=trigger, view=view))["view"]["id"])


def card_answer_view(card: Card, caller: Caller) -> dict[str, Any]:
    """Build a modal for an answer that's a card."""
    return card_view(with_file_notes(card, files_below=files_follow(card, caller.channel)))


async def _error_of(call: Awaitable[object]) -> SendError | None:
    """Await a call to Slack, and return its error instead of raising it."""
    try:
        with translated_errors():
            await call
    except SendError as error:
        return error
    return None


def _external_id(trigger: str) -> str:
    """Make our own id for a view, unique in the workspace. Slack allows 255 characters: https://docs.slack.dev/reference/views."""
    return hashlib.sha256(trigger.encode()).hexdigest()[:32]
