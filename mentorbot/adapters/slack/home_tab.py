"""The App Home: a person's start page with a box for questions.

It's published whenever someone opens it, and again after each change they make, whichever process handled the change: nobody has
to remember who is looking at it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.clients import Clients
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.forms import as_card
from mentorbot.adapters.slack.manifest import AGENT_SCOPE, missing_scopes
from mentorbot.adapters.slack.modals import Modals
from mentorbot.adapters.slack.refreshes import Refreshes
from mentorbot.adapters.slack.render import plain, view_blocks
from mentorbot.chat.cards import Answer, Block, Card, Divider, Paragraph, bold, buttons_of, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.errors import SendError
from mentorbot.precedence import Precedence

log = logging.getLogger(__name__)
QUESTION = "mentor_question"
"""The action id of the box, and the beginning of the button's."""
_BOX_BLOCKS = 2


def home_blocks(card: Card) -> list[dict[str, Any]]:
    """Render the start page, with the box for questions below."""
    return [*view_blocks(card, limits.VIEW_BLOCKS - _BOX_BLOCKS), *_question_box()]


def _question_box() -> tuple[dict[str, Any], dict[str, Any]]:
    # Slack keeps what was typed into a block it has seen before, and an answered question needn't stay.
    block_id = f"{QUESTION}:{uuid4().hex[:8]}"
    box = {
        "type": "plain_text_input",
        "action_id": QUESTION,
        "placeholder": plain("e.g. What does a senior earn?"),
        "max_length": limits.INPUT_TEXT,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    asking = {"type": "button", "text": plain("Ask"), "action_id": f"{QUESTION}:ask"}
    return (
        {
            "type": "input",
            "block_id": block_id,
            "label": plain("Ask me anything"),
            "element": box,
            "dispatch_action": True,
            "optional": True,
        },
        {"type": "actions", "block_id": f"{block_id}:ask", "elements": [asking]},
    )


def question_in(body: Mapping[str, Any]) -> str:
    """Read what's in the box, whether Enter or the button was pressed; "" for nothing."""
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    typed = [inputs[QUESTION].get("value") for inputs in values.values() if QUESTION in inputs]
    return str(next(filter(None, [body["actions"][0].get("value"), *typed]), "")).strip()


_HOW_TO_REINSTALL = "Whoever runs this bot can print the new manifest with: mentorbot manifest slack"
_LEARNER_PROMPTS = (
    ("This week", "What should I do this week?"),
    ("Check in", "I'd like to check in"),
    ("I'm stuck", "I'm stuck"),
    ("How far am I?", "Show my progress"),
)
_MENTOR_PROMPTS = (
    ("My learners", "How are my learners doing?"),
    ("Who's stuck?", "Is anyone stuck?"),
    ("A tip", "Give me a tip"),
    ("Make a plan", "Make me a plan"),
)
_NEWCOMER_PROMPTS = (
    ("Get started", "How do I get started?"),
    ("The role", "What does the role involve?"),
    ("Pay", "What does a senior earn?"),
    ("A tip", "Give me a tip"),
)


class HomeTab:
    """Everyone's App Home in the workspaces of one bot."""

    def __init__(
        self,
        answer: Callable[[CommandRequest], Awaitable[Answer]],
        clients: Clients,
        modals: Modals,
        in_flight: InFlight,
        precedence: Precedence,
    ) -> None:
        self._answer, self._clients, self._modals = answer, clients, modals
        self._refreshes = Refreshes(self._publish, in_flight, precedence, "slack app home")
        self._opened: set[tuple[Workspace, str]] = set()
        """People who have just opened the page, so they're shown an error if there's nothing else."""

    def refresh_soon(self, caller: Caller) -> None:
        """Publish someone's page in the background."""
        self._refreshes.soon(caller)

    async def opened(self, caller: Caller) -> None:
        """Publish someone's page because they've opened it, and wait until it's there."""
        self._opened.add((caller.channel.workspace, caller.user_id))
        await self._refreshes.now(caller)

    async def suggest_prompts(self, caller: Caller, channel: str) -> None:
        """Suggest prompts in someone's direct messages, if the app is among Slack's agents."""
        identity = await self._clients.identity(caller.channel.workspace)
        if identity is None or AGENT_SCOPE not in (identity.bot_scopes or ()):
            return
        card = as_card(await self._answer(CommandRequest(caller, "home", forms=False, background=True)))
        client = await self._clients.of(caller.channel.workspace)
        try:
            with translated_errors():
                await client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=suggested_prompts(card))
        except SendError as error:
            log.info("Slack suggests no prompts: %s", error)

    async def _publish(self, caller: Caller) -> None:
        workspace, user_id = person = caller.channel.workspace, caller.user_id
        own = replace(caller, channel=Channel(workspace, user_id, direct=True))
        card = as_card(await self._answer(CommandRequest(own, "home", forms=False, background=True)))
        card = replace(card, blocks=(*await self._missing(own), *card.blocks))
        # The page as it was is better than an error.
        if not card.error or person in self._opened:
            await self._modals.publish(own, home_blocks(card))
        self._opened.discard(person)

    async def _missing(self, caller: Caller) -> tuple[Block, ...]:
        """Tell admins what installing the app again would add, if it was installed with an earlier manifest."""
        identity = await self._clients.identity(caller.channel.workspace)
        granted = identity.bot_scopes if identity is not None else None
        missing = missing_scopes(granted) if granted else {}
        if not missing or not (await caller.standing()).admin:
            return ()
        text = rich(bold("Reinstall me to add:"), f" {'; '.join(dict.fromkeys(missing.values()))}. ", _HOW_TO_REINSTALL)
        return (Paragraph(text), Divider())


def suggested_prompts(card: Card) -> list[dict[str, str]]:
    """Choose prompts for Slack's agent experience that fit someone's start page `card`."""
    lines = {button.line for button in buttons_of(card.blocks)}
    if "plan show" in lines:
        prompts = _LEARNER_PROMPTS
    elif "mentees" in lines:
        prompts = _MENTOR_PROMPTS
    else:
        prompts = _NEWCOMER_PROMPTS
    return [{"title": title, "message": message} for title, message in prompts]
