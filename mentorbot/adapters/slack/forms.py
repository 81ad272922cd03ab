"""Forms as modals: building the view, and reading the submitted values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import (
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    ExternalDataSelectElement,
    FileInputElement,
    InputInteractiveElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.render import DEFAULT_TITLE, view_blocks
from mentorbot.adapters.slack.splitting import one_line, truncate
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Field, Form, Paragraph, code, rich
from mentorbot.slash.zones import complete_zone

FIELD = "field:"
CALLBACK = "mentor_form"
INPUT = "value"
ZONE = "mentor_zone"
"""The action id of a menu of zones. Slack asks us what fits the letters typed so far."""
_PICKED = ("selected_date", "selected_time", "selected_user", "selected_conversation")
_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ID = re.compile(r"[A-Z][A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel a form was requested in. It travels with the form, so the answer goes there; empty for a form in a modal.

    `until` is when the response_url expires, in seconds since 1970 (UTC). `replaces` means the answer may take the place of the
    message with the pressed button, because only this person sees it. `key` is the key that message was posted with, `thread`
    its thread. `lasting` means it's in their direct messages with the bot, where answers stay.
    """

    channel: str = ""
    name: str = ""
    response_url: str = ""
    until: int = 0
    replaces: bool = False
    key: str = ""
    thread: str = ""
    lasting: bool = False

    def open_at(self, now: datetime) -> bool:
        """Tell whether the response_url still accepts an answer at `now` (timezone-aware)."""
        return bool(self.response_url) and now.timestamp() < self.until


NOWHERE = Origin()


def form_view(form: Form, origin: Origin = NOWHERE, *, loads_options: bool = False) -> dict[str, Any]:
    """Build a modal for `form`, or an error card if its command line doesn't fit into the modal's metadata.

    `loads_options`: Slack can ask us for a menu's options. Without that, zones are typed.
    """
    metadata = _metadata(form.line, origin)
    if metadata is None:
        return card_view(too_long_card(form))
    view = View(
        type="modal",
        callback_id=CALLBACK,
        title=_plain(form.title, limits.VIEW_TITLE),
        submit=_plain(form.submit, limits.VIEW_TITLE),
        close=_plain("Cancel", limits.VIEW_TITLE),
        blocks=[_input(field, loads_options) for field in form.fields],
        private_metadata=metadata,
    )
    data: dict[str, Any] = view.to_dict()
    return data


def card_view(card: Card, *, external_id: str = "") -> dict[str, Any]:
    """Build a modal that shows `card`. Closing it also closes a form beneath it, unless the card reports an error."""
    title, close = (_plain(text, limits.VIEW_TITLE).to_dict() for text in (DEFAULT_TITLE, "Close"))
    view: dict[str, Any] = {"type": "modal", "title": title, "close": close, "blocks": view_blocks(card)}
    # After an error the form beneath stays open, so nothing has to be typed twice.
    if not card.error:
        view["clear_on_close"] = True
    if external_id:
        view["external_id"] = external_id
    return view


def as_card(answer: Answer) -> Card:
    """Turn an answer into a card. A form becomes a button that requests it again, for channels where no modal can open."""
    if isinstance(answer, Card):
        return answer
    text = Paragraph(rich("I need a little more from you."))
    return Card(answer.title, (text, Buttons((Button("Fill it in", answer.line, "primary"),))))


def too_long_card(form: Form) -> Card:
    """Build the card shown instead of a form whose command line is too long."""
    text = rich("That's too long for a form. Type the whole thing, or start over with ", code("/mentor help"), ".")
    return Card(form.title, (Paragraph(text),), error="too_long")


def _metadata(line: str, origin: Origin) -> str | None:
    """Encode the command line and the origin; drop the origin if both are too long, and return None if the line alone is."""
    # Slack limits private_metadata. Without the origin, the answer still appears in the modal.
    for data in ({"line": line} | asdict(origin), {"line": line}):
        text = json.dumps(data, ensure_ascii=False)
        if len(text) <= limits.PRIVATE_METADATA:
            return text
    return None


def _plain(text: str, length: int) -> PlainTextObject:
    return PlainTextObject(text=truncate(one_line(text), length) or "…", emoji=False)


def _input(field: Field, loads_options: bool) -> InputBlock:
    element = _zone_menu(field) if field.input == "zone" and loads_options else _element(field)
    is_typed = isinstance(element, PlainTextInputElement)
    return InputBlock(
        block_id=f"{FIELD}{field.name}",
        label=_plain(field.label, limits.LABEL_TEXT),
        optional=not field.required,
        element=element,
        hint=_plain(f"For example: {field.hint}", limits.LABEL_TEXT) if field.hint and is_typed else None,
    )


def _element(field: Field) -> InputInteractiveElement:
    """Choose the input element: a menu if all choices fit Slack's limits, a file input, or else a text input."""
    if field.input == "file":
        return FileInputElement(action_id=INPUT, max_files=1)
    picker = _picker(field)
    if picker is not None:
        return picker
    # Slack rejects the whole view over one bad option, so a menu is used only if every option fits.
    fits = all(0 < len(choice.value) <= limits.OPTION_VALUE for choice in field.choices)
    if field.choices and len(field.choices) <= limits.OPTIONS and fits:
        options = [
            Option(text=_plain(choice.label, limits.OPTION_TEXT), value=choice.value) for choice in field.choices
        ]
        if field.input == "choices":
            picked = [option for option in options if option.value in field.chosen]
            return StaticMultiSelectElement(action_id=INPUT, options=options, initial_options=picked or None)
        initial = next((option for option in options if option.value == field.value), None)
        return StaticSelectElement(action_id=INPUT, options=options, initial_option=initial)
    max_length = min(field.max_length, limits.INPUT_TEXT)
    return PlainTextInputElement(
        action_id=INPUT,
        multiline=field.input == "long_text",
        max_length=max_length,
        initial_value=truncate(field.value, max_length) or None,
    )


def _zone_menu(field: Field) -> ExternalDataSelectElement:
    initial = Option(text=_plain(field.value, limits.OPTION_TEXT), value=field.value) if field.value else None
    return ExternalDataSelectElement(
        action_id=ZONE,
        placeholder=_plain("City or time zone", limits.PLACEHOLDER),
        initial_option=initial,
        min_query_length=1,
    )


def zone_options(typed: str) -> list[dict[str, Any]]:
    """List the zones that `typed` may be the beginning of, likeliest first, as options of the menu."""
    found = complete_zone(typed)[: limits.OPTIONS]
    return [Option(text=_plain(label, limits.OPTION_TEXT), value=zone).to_dict() for label, zone in found]


def _picker(field: Field) -> InputInteractiveElement | None:
    """Choose Slack's own picker, unless there's none or it couldn't show the prefilled value."""
    value = field.value or None
    match field.input:
        case "date" if not value or _DATE.fullmatch(value):
            return DatePickerElement(action_id=INPUT, initial_date=value)
        case "time" if not value or _TIME.fullmatch(value):
            return TimePickerElement(action_id=INPUT, initial_time=value)
        case "people" if not value or _ID.fullmatch(value):
            return UserSelectElement(action_id=INPUT, initial_user=value)
        case "channel" if not value or _ID.fullmatch(value):
            types = ConversationFilter(include=["public", "private"], exclude_bot_users=True)
            return ConversationSelectElement(action_id=INPUT, initial_conversation=value, filter=types)
        case _:
            return None


def _entered(element: Mapping[str, Any]) -> str:
    """Read what was entered into an element of any kind; "" for nothing, and for files."""
    chosen = element.get("selected_option") or {}
    several = ",".join(option["value"] for option in element.get("selected_options") or ())
    found = (element.get("value"), chosen.get("value"), several, *(element.get(name) for name in _PICKED))
    return str(next(filter(None, found), ""))


def parse_submission(view: Mapping[str, Any]) -> tuple[str, dict[str, str], Origin]:
    """Return a submitted modal's command line, its values by field name, and its origin. File values are still empty."""
    data = json.loads(view["private_metadata"])
    line = str(data.pop("line"))
    values = {}
    for block_id, inputs in view["state"]["values"].items():
        values[block_id.removeprefix(FIELD)] = _entered(inputs[ZONE if ZONE in inputs else INPUT])
    return line, values, Origin(**data)
