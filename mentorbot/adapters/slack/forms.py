"""Forms as modals, and what people wrote in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock, Option, PlainTextInputElement, PlainTextObject, StaticSelectElement
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.render import view_blocks
from mentorbot.cards import Card, Field, Form

FIELD = "field:"
CALLBACK = "mentor_form"


def form_view(form: Form, context: Mapping[str, str]) -> dict[str, Any]:
    """A modal for `form`. `context` comes back with the submission: where the form was asked for."""
    view = View(
        type="modal",
        callback_id=CALLBACK,
        title=_plain(form.title, limits.VIEW_TITLE),
        submit=_plain(form.submit, limits.VIEW_TITLE),
        close=_plain("Cancel", limits.VIEW_TITLE),
        blocks=[_input(field) for field in form.fields],
        private_metadata=_metadata(form.line, context),
    )
    data: dict[str, Any] = view.to_dict()
    return data


def card_view(card: Card) -> dict[str, Any]:
    """A modal that shows `card`."""
    title = _plain("mentorbot", limits.VIEW_TITLE).to_dict()
    close = _plain("Close", limits.VIEW_TITLE).to_dict()
    return {"type": "modal", "title": title, "close": close, "blocks": view_blocks(card)}


def _metadata(line: str, context: Mapping[str, str]) -> str:
    """The line and the context; without the context where both together are too long."""
    full = json.dumps({**context, "line": line})
    return full if len(full) <= limits.PRIVATE_METADATA else json.dumps({"line": line})[: limits.PRIVATE_METADATA]


def _plain(text: str, length: int) -> PlainTextObject:
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return PlainTextObject(text=cut or "…", emoji=False)


def _input(field: Field) -> InputBlock:
    return InputBlock(
        block_id=f"{FIELD}{field.name}",
        label=_plain(field.label, limits.LABEL_TEXT),
        optional=not field.required,
        element=_element(field),
        hint=_plain(f"For example: {field.hint}", limits.LABEL_TEXT) if field.hint else None,
    )


def _element(field: Field) -> InputInteractiveElement:
    if field.input == "choice":
        options = [
            Option(text=_plain(choice.label, limits.OPTION_TEXT), value=choice.value)
            for choice in field.choices[: limits.OPTIONS]
        ]
        initial = next((option for option in options if option.value == field.value), None)
        return StaticSelectElement(action_id="value", options=options, initial_option=initial)
    return PlainTextInputElement(
        action_id="value",
        multiline=field.input == "long_text",
        max_length=min(field.max_length, limits.INPUT_TEXT),
        initial_value=field.value or None,
    )


def submitted(view: Mapping[str, Any]) -> tuple[str, dict[str, str], dict[str, str]]:
    """The line, the values by field name, and the context of a submitted modal."""
    context = {str(name): str(value) for name, value in json.loads(view["private_metadata"]).items()}
    line = context.pop("line")
    values = {}
    for block_id, inputs in view["state"]["values"].items():
        given = inputs["value"]
        chosen = given.get("selected_option") or {}
        values[block_id.removeprefix(FIELD)] = given.get("value") or chosen.get("value") or ""
    return line, values, context
