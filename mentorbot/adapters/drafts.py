"""Answers to requests whose controls can't hold everything they mean.

A button or a form carries its command line, and each platform limits how long that is. A longer line is kept on the server, and
the control carries the draft's id instead: `draft:` and the id, where the line would be.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Form, Paragraph, rich, text_of
from mentorbot.chat.platform import Channel, ChatPlatform, Workspace
from mentorbot.commands.context import CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Draft, Store

log = logging.getLogger(__name__)
PREFIX = "draft:"
GONE = Card(
    "I don't have that any more",
    (Paragraph(rich("I only save what you type for a day. Please start over.")),),
    error="draft_gone",
)
_FORM: TypeAdapter[Form] = TypeAdapter(Form)
_CARD: TypeAdapter[Card] = TypeAdapter(Card)
Fits = Callable[[str], bool]
"""Tells whether a line fits into a control of the platform."""
ParentOf = Callable[[Channel], Awaitable[str]]
"""Looks up the id of the channel a thread is in; "" for a channel that isn't a thread."""


class Drafts:
    """The dispatcher of one bot, with drafts for what doesn't fit into a control."""

    def __init__(self, dispatcher: Dispatcher, store: Store) -> None:
        self._dispatcher, self._store = dispatcher, store

    async def answer(self, request: CommandRequest, platform: ChatPlatform, fits: Fits) -> Answer:
        """Answer a request. Its line may name a draft, and every line in the answer fits. Never raises."""
        workspace, user_id = request.caller.channel.workspace, request.caller.user_id
        if request.line.startswith(PREFIX) and not request.spoken:
            draft = await self.get(workspace, request.line)
            if draft is None:
                return GONE
            if draft.form and not request.options:
                return form_of(draft) or GONE
            request = replace(request, line=draft.line)
        answer = await self._dispatcher.answer(request, platform)
        return await self.shortened(answer, workspace, user_id, fits)

    async def get(self, workspace: Workspace, line: str) -> Draft | None:
        """Read the draft that `line` names; None if it names none, or one that's gone."""
        if not line.startswith(PREFIX):
            return None
        try:
            async with self._store.unit_of_work(workspace) as uow:
                return await uow.drafts.get(line.removeprefix(PREFIX))
        except DatabaseProblem:
            log.exception("couldn't read a draft")
            return None

    async def save(self, workspace: Workspace, user_id: str, line: str, form: Form | None = None) -> str:
        """Save a line, or a form someone's filling in, and return the line that names it; "" if that failed."""
        try:
            async with self._store.unit_of_work(workspace) as uow:
                draft = Draft(line, _FORM.dump_json(form).decode() if form else "")
                return PREFIX + await uow.drafts.save(user_id, draft)
        except DatabaseProblem:
            log.exception("couldn't save a draft")
            return ""

    async def save_card(self, workspace: Workspace, user_id: str, card: Card) -> str:
        """Save a card whose pages are to be turned, and return the line that names it; "" if that failed."""
        try:
            async with self._store.unit_of_work(workspace) as uow:
                return PREFIX + await uow.drafts.save(user_id, Draft("", _CARD.dump_json(card).decode()))
        except DatabaseProblem:
            log.exception("couldn't save a card's pages")
            return ""

    async def card(self, workspace: Workspace, line: str) -> Card:
        """Read the card that `line` names, or say that it's gone."""
        draft = await self.get(workspace, line)
        try:
            return _CARD.validate_json(draft.form) if draft else GONE
        except ValidationError:
            return GONE

    async def shortened(self, answer: Answer, workspace: Workspace, user_id: str, fits: Fits) -> Answer:
        """Replace every line of `answer` that doesn't fit by a draft's."""

        async def short(line: str) -> str:
            return line if fits(line) else await self.save(workspace, user_id, line) or line

        if isinstance(answer, Form):
            return replace(answer, line=await short(answer.line))
        if _all_fit(answer, fits):
            return answer  # the very same card, which an adapter may have rendered before
        blocks: list[Block] = []
        for block in answer.blocks:
            if isinstance(block, Buttons):
                buttons = [replace(button, line=await short(button.line)) for button in block.buttons]
                blocks.append(replace(block, buttons=tuple(buttons)))
            else:
                blocks.append(block)
        return replace(answer, blocks=tuple(blocks))

    async def shortened_card(self, card: Card, workspace: Workspace, fits: Fits) -> Card:
        """Shorten a card that's posted unasked. Its drafts belong to nobody."""
        shortened = await self.shortened(card, workspace, "", fits)
        return shortened if isinstance(shortened, Card) else card

    async def answers_mentions(self, channel: Channel, parent_of: ParentOf | None = None) -> bool:
        """Tell whether a message that mentions the bot gets an answer in its channel. An admin can turn that off.

        `parent_of` looks up the channel a thread is in, on platforms where threads have ids of their own.
        """
        if channel.direct:
            return True
        try:
            async with self._store.unit_of_work(channel.workspace) as uow:
                muted = await uow.muted_channels.ids()
        except DatabaseProblem:
            log.exception("couldn't find out whether a channel is muted")
            return True
        if not muted or channel.id in muted:
            return not muted
        return parent_of is None or await parent_of(channel) not in muted

    async def is_first_delivery(self, workspace: Workspace, key: str) -> bool:
        """Tell whether a message is new, so that only one process answers it, and only once."""
        try:
            async with self._store.unit_of_work(workspace) as uow:
                return await uow.interactions.claim(f"heard:{key}")
        except DatabaseProblem:
            log.exception("couldn't find out whether a message was answered before")
            return True  # an apology that comes twice is better than silence


def _all_fit(card: Card, fits: Fits) -> bool:
    rows = (block.buttons for block in card.blocks if isinstance(block, Buttons))
    return all(fits(button.line) for row in rows for button in row)


def form_of(draft: Draft) -> Form | None:
    """Read the form of a draft; None if it has none, or one of an older release."""
    try:
        return _FORM.validate_json(draft.form)
    except ValidationError:
        return None


def refilled(form: Form, values: dict[str, str]) -> Form:
    """Fill in a form with what someone has entered."""
    fields = tuple(replace(field, value=values.get(field.name) or field.value) for field in form.fields)
    return replace(form, fields=fields)


def error_text(card: Card) -> str:
    """Return what an error card says, to show at a form's field."""
    more = next((text_of(block.words) for block in card.blocks if isinstance(block, Paragraph)), "")
    return f"{card.title}. {more}".strip()


def with_try_again(card: Card, line: str) -> Card:
    """Add a button to an error that opens the form again, before any others."""
    again = Button("Try again", line, "primary")
    return replace(card, blocks=(*card.blocks, Buttons((again,)))) if line else card
