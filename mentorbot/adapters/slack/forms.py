"""Forms as modals, and what people wrote in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import InputBlock, Option, PlainTextInputElement, PlainTextObject, StaticSelectElement
from slack_sdk.models.blocks.block_elements import FileInputElement, InputInteractiveElement
from slack_sdk.models.views import View

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.render import NAMELESS, view_blocks
from mentorbot.adapters.slack.text import cut, one_line
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Field, Form, Paragraph, code, rich

FIELD = "field:"
CALLBACK = "mentor_form"
INPUT = "value"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for. It travels with the form, so that the answer goes there; empty for a form in a modal.

    `until` is when the response_url ends, in seconds since 1970; `replaces` says that the answer takes the place of the
    message, since only this person sees it.
    """

    channel: str = ""
    name: str = ""
    response_url: str = ""
    until: int = 0
    replaces: bool = False

    def open_at(self, now: datetime) -> bool:
        """Whether Slack still takes an answer there at `now` (aware)."""
        return bool(self.response_url) and now.timestamp() < self.until


NOWHERE = Origin()


def form_view(form: Form, origin: Origin = NOWHERE) -> dict[str, Any]:
    """A modal for `form`; a card that says so where the line is too long to travel in one."""
    metadata = _metadata(form.line, origin)
    if metadata is None:
        return card_view(too_long(form))
    view = View(
        type="modal",
        callback_id=CALLBACK,
        title=_plain(form.title, limits.VIEW_TITLE),
        submit=_plain(form.submit, limits.VIEW_TITLE),
        close=_plain("Cancel", limits.VIEW_TITLE),
        blocks=[_input(field) for field in form.fields],
        private_metadata=metadata,
    )
    data: dict[str, Any] = view.to_dict()
    return data


def card_view(card: Card, *, external_id: str = "") -> dict[str, Any]:
    """A modal that shows `card`. Closing good news closes a form beneath it as well; what went wrong leaves it open."""
    title, close = (_plain(text, limits.VIEW_TITLE).to_dict() for text in (NAMELESS, "Close"))
    view: dict[str, Any] = {"type": "modal", "title": title, "close": close, "blocks": view_blocks(card)}
    if not card.error:
        view["clear_on_close"] = True
    if external_id:
        view["external_id"] = external_id
    return view


def as_card(answer: Answer) -> Card:
    """The answer where no form can be opened: a button that asks for it again."""
    if isinstance(answer, Card):
        return answer
    text = Paragraph(rich("I need a little more from you."))
    return Card(answer.title, (text, Buttons((Button("Fill it in", answer.line, "primary"),))))


def too_long(form: Form) -> Card:
    """Said in the place of a form whose line does not fit."""
    text = rich("That is too long for a form. Type it whole, or begin again with ", code("/mentor help"), ".")
    return Card(form.title, (Paragraph(text),), error="too_long")


def _metadata(line: str, origin: Origin) -> str | None:
    """The line with where the answer goes; without that where both together are too long, None where the line is."""
    for data in ({"line": line} | asdict(origin), {"line": line}):
        text = json.dumps(data, ensure_ascii=False)
        if len(text) <= limits.PRIVATE_METADATA:
            return text
    return None


def _plain(text: str, length: int) -> PlainTextObject:
    return PlainTextObject(text=cut(one_line(text), length) or "…", emoji=False)


def _input(field: Field) -> InputBlock:
    return InputBlock(
        block_id=f"{FIELD}{field.name}",
        label=_plain(field.label, limits.LABEL_TEXT),
        optional=not field.required,
        element=_element(field),
        hint=_plain(f"For example: {field.hint}", limits.LABEL_TEXT) if field.hint else None,
    )


def _element(field: Field) -> InputInteractiveElement:
    """A menu where Slack has room for all choices, a place for one file, else something to type into."""
    if field.input == "file":
        return FileInputElement(action_id=INPUT, max_files=1)
    fits = all(0 < len(choice.value) <= limits.OPTION_VALUE for choice in field.choices)
    if field.choices and len(field.choices) <= limits.OPTIONS and fits:
        options = [
            Option(text=_plain(choice.label, limits.OPTION_TEXT), value=choice.value) for choice in field.choices
        ]
        initial = next((option for option in options if option.value == field.value), None)
        return StaticSelectElement(action_id=INPUT, options=options, initial_option=initial)
    longest = min(field.max_length, limits.INPUT_TEXT)
    return PlainTextInputElement(
        action_id=INPUT,
        multiline=field.input == "long_text",
        max_length=longest,
        initial_value=cut(field.value, longest) or None,
    )


def submitted(view: Mapping[str, Any]) -> tuple[str, dict[str, str], Origin]:
    """The line, the values by field name, and where a submitted modal was asked for. A file's value is empty yet."""
    data = json.loads(view["private_metadata"])
    line = str(data.pop("line"))
    values = {}
    for block_id, inputs in view["state"]["values"].items():
        given = inputs[INPUT]
        chosen = given.get("selected_option") or {}
        values[block_id.removeprefix(FIELD)] = given.get("value") or chosen.get("value") or ""
    return line, values, Origin(**data)
