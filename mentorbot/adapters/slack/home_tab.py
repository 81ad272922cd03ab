"""The App Home: a person's start page with a box for questions.

It's published whenever someone opens it, and again after each change they make, whichever process handled the change: nobody has
to remember who is looking at it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.forms import as_card
from mentorbot.adapters.slack.modals import Modals
from mentorbot.adapters.slack.render import view_blocks
from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.tasks import join

QUESTION = "mentor_question"
"""The action id of the box, and the beginning of the button's."""
_BOX_BLOCKS = 2


def home_blocks(card: Card) -> list[dict[str, Any]]:
    """Render the start page, with the box for questions below."""
    return [*view_blocks(card, limits.VIEW_BLOCKS - _BOX_BLOCKS), *(block.to_dict() for block in _question_box())]


def _question_box() -> tuple[InputBlock, ActionsBlock]:
    # Slack keeps what was typed into a block it has seen before, and an answered question needn't stay.
    block_id = f"{QUESTION}:{uuid4().hex[:8]}"
    box = PlainTextInputElement(
        action_id=QUESTION,
        placeholder=PlainTextObject(text="e.g. What does a senior earn?", emoji=False),
        max_length=limits.INPUT_TEXT,
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_enter_pressed"]),
    )
    label = PlainTextObject(text="Ask me anything", emoji=False)
    ask = ButtonElement(text=PlainTextObject(text="Ask", emoji=False), action_id=f"{QUESTION}:ask")
    return (
        InputBlock(block_id=block_id, label=label, element=box, dispatch_action=True, optional=True),
        ActionsBlock(block_id=f"{block_id}:ask", elements=[ask]),
    )


def question_in(body: Mapping[str, Any]) -> str:
    """Read what's in the box, whether Enter or the button was pressed; "" for nothing."""
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    typed = [inputs[QUESTION].get("value") for inputs in values.values() if QUESTION in inputs]
    return str(next(filter(None, [body["actions"][0].get("value"), *typed]), "")).strip()


_Person = tuple[Workspace, str]


class HomeTab:
    """Everyone's App Home in the workspaces of one bot."""

    def __init__(
        self, answer: Callable[[CommandRequest], Awaitable[Answer]], modals: Modals, in_flight: InFlight
    ) -> None:
        self._answer, self._modals, self._in_flight = answer, modals, in_flight
        self._running: dict[_Person, asyncio.Task[None]] = {}
        self._again: set[_Person] = set()
        self._opened: set[_Person] = set()
        """People who have just opened the page, so they're shown an error if there's nothing else."""

    def refresh_soon(self, caller: Caller) -> None:
        """Publish someone's page in the background. Changes that come meanwhile are covered by one more time."""
        person = (caller.channel.workspace, caller.user_id)
        if person in self._running:
            self._again.add(person)
        else:
            self._running[person] = asyncio.create_task(self._refresh(caller, person), name="slack app home")

    async def opened(self, caller: Caller) -> None:
        """Publish someone's page because they've opened it, and wait until it's there."""
        person = (caller.channel.workspace, caller.user_id)
        self._opened.add(person)
        self.refresh_soon(caller)
        await join(self._running[person])

    async def _refresh(self, caller: Caller, person: _Person) -> None:
        try:
            with self._in_flight:
                while True:
                    self._again.discard(person)
                    await self._publish(caller, person)
                    if person not in self._again:
                        return
        finally:
            del self._running[person]

    async def _publish(self, caller: Caller, person: _Person) -> None:
        workspace, user_id = person
        own = Caller(Channel(workspace, user_id, direct=True), user_id, caller.name, caller.member)
        card = as_card(await self._answer(CommandRequest(own, "home", forms=False)))
        # What's on the page already is better than an error.
        if not card.error or person in self._opened:
            await self._modals.publish(own, home_blocks(card))
        self._opened.discard(person)
