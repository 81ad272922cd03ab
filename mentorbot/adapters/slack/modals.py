"""Opening, changing and publishing views. A trigger_id lasts three seconds; a view that is open can change for longer."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.file_notes import announced, follows
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.forms import Origin, card_view, form_view
from mentorbot.chat.cards import Answer, Card, Form, Paragraph, rich
from mentorbot.commands.context import Caller
from mentorbot.errors import SendError

log = logging.getLogger(__name__)

WORKING = Card("One moment", (Paragraph(rich("I am on it …")),))
TRIES = 6
PAUSE = 0.5
"""Seconds between tries to change a view that Slack has been told of and may not have made yet."""


def _as_it_is(answer: Answer) -> Answer:
    return answer


class Modals:
    """One workspace's views. Faults are logged; there is nobody left to tell."""

    def __init__(self, client: AsyncWebClient, courier: FileDelivery) -> None:
        self._client, self._courier = client, courier

    async def open_form(self, form: Form, trigger: str, origin: Origin) -> bool:
        """Whether the form is open now."""
        fault = await _fault_of(self._client.views_open(trigger_id=trigger, view=form_view(form, origin)))
        if fault is None or fault.code == "exchanged_trigger_id":  # delivered twice: the first delivery has opened it
            return True
        log.warning("Slack did not open a form: %s", fault)
        return False

    async def show(
        self,
        task: asyncio.Task[Answer],
        caller: Caller,
        trigger: str,
        view: Mapping[str, Any] | None = None,
        change: Callable[[Answer], Answer] = _as_it_is,
    ) -> None:
        """Show what `task` answers: in the modal `view`, or in a new one. A slow answer has a modal that says so."""
        modal = str(view["id"]) if view and view["type"] == "modal" else ""
        try:
            with translated_errors():
                if not modal and not task.done():
                    modal = (await self._client.views_open(trigger_id=trigger, view=card_view(WORKING)))["view"]["id"]
                answer = change(await task)
                modal = await self._put(shown_in_view(answer, caller), trigger, modal)
        except SendError as fault:
            log.warning("Slack did not show a view: %s", fault)
            return
        if isinstance(answer, Card):
            await self.deliver(answer, caller, modal)

    async def _put(self, view: dict[str, Any], trigger: str, modal: str) -> str:
        """Show `view` in the place of `modal`, or in a new one; its id."""
        if modal:
            await self._client.views_update(view_id=modal, view=view)
            return modal
        return str((await self._client.views_open(trigger_id=trigger, view=view))["view"]["id"])

    async def deliver(self, card: Card, caller: Caller, modal: str) -> None:
        """Bring the files of `card` to `caller`; what is to be said of them stands above it in the modal that shows it."""

        async def tell(more: Card) -> None:
            view = card_view(replace(card, blocks=(*more.blocks, *card.blocks)))
            if fault := await _fault_of(self._client.views_update(view_id=modal, view=view)):
                log.warning("Slack did not show what became of files: %s", fault)

        await self._courier.deliver(card, caller, tell)

    def waiting(self, trigger: str) -> dict[str, Any]:
        """A view to stand in for the answer to a form, until `end_wait` with the same trigger."""
        return card_view(WORKING, external_id=_external_id(trigger))

    async def end_wait(self, card: Card, caller: Caller, trigger: str) -> str:
        """Change what `waiting` has opened; its id, or nothing. Slack may be a moment behind with opening it."""
        view = shown_in_view(card, caller)
        for left in reversed(range(TRIES)):
            try:
                with translated_errors():
                    changed = await self._client.views_update(external_id=_external_id(trigger), view=view)
                return str(changed["view"]["id"])
            except SendError as fault:
                if fault.code != "not_found" or not left:
                    log.warning("Slack did not show the answer to a form: %s", fault)
                    break
            await asyncio.sleep(PAUSE)
        return ""

    async def publish(self, person: str, blocks: list[dict[str, Any]]) -> None:
        """Show `blocks` on the person's App Home."""
        view = {"type": "home", "blocks": blocks}
        if fault := await _fault_of(self._client.views_publish(user_id=person, view=view)):
            log.warning("Slack did not show the App Home: %s", fault)


def shown_in_view(answer: Answer, caller: Caller) -> dict[str, Any]:
    """A modal for any answer."""
    if isinstance(answer, Form):
        return form_view(answer)
    return card_view(announced(answer, here=follows(answer, caller.channel)))


async def _fault_of(call: Awaitable[object]) -> SendError | None:
    try:
        with translated_errors():
            await call
    except SendError as fault:
        return fault
    return None


def _external_id(trigger: str) -> str:
    """An id of our own for a view: unique in the workspace, and short (https://docs.slack.dev/reference/views)."""
    return hashlib.sha256(trigger.encode()).hexdigest()[:32]
