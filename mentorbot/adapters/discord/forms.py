"""Forms as modals, and the submissions that come back.

A modal's custom_id holds the command line, so a submission still works after a restart or on another replica.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.files import FILE_UPLOAD
from mentorbot.adapters.discord.markup import cut, escape, one_line, size, visible
from mentorbot.adapters.discord.render import custom_id
from mentorbot.adapters.drafts import PREFIX
from mentorbot.chat.cards import Button, Buttons, Card, Field, Form, Paragraph, code, rich
from mentorbot.errors import NotUnderstood
from mentorbot.slash.tokenizer import format_line, tokens_of

_FORM = re.compile(r"f:(?:([a-z0-9-]*):)?(.*)", re.DOTALL)
_FORM_WITH_DRAFT = re.compile(r"g:([a-z0-9-]*):([A-Za-z0-9_-]*):(.*)", re.DOTALL)


_PICKED = {
    "people": discord.SelectDefaultValueType.user,
    "channel": discord.SelectDefaultValueType.channel,
    "role": discord.SelectDefaultValueType.role,
}


class Submission(NamedTuple):
    """A submitted modal. `draft` is the line that names its form, kept so it can be opened again; "" if it wasn't kept."""

    line: str
    values: dict[str, str]
    key: str
    draft: str = ""


def fits_button(line: str, key: str) -> bool:
    """True if a button with `key` can carry this line."""
    return size(custom_id(line, key, 99)) <= limits.CUSTOM_ID


def _custom_id(line: str, key: str, draft: str = "") -> str:
    if not draft:
        return f"f:{key}:{line}"
    start = f"g:{key}:{draft.removeprefix(PREFIX)}:"
    return start + line if size(start + line) <= limits.CUSTOM_ID else start  # the draft has the line, too


def fits_modal(form: Form, key: str = "", draft: str = "") -> bool:
    """True if Discord can show this form as a modal, opened from a message posted with `key`."""
    if draft:
        return bool(form.fields)
    line, moved_fields = _shorten_line(form.line, key)
    first, later = _split_fields(moved_fields, form)
    # The fields taken out of the line must all be on this modal, plus one more, or the person would never get ahead.
    return size(_custom_id(line, key)) <= limits.CUSTOM_ID and len(first) > (len(moved_fields) if later else 0)


def build_modal(form: Form, key: str = "", draft: str = "") -> ui.Modal:
    """Build a modal for `form`, which must fit. It carries `key`, which ties the submission to the same message.

    With a `draft`, the whole form is kept on the server under that name, so its line may be of any length. Without one, an
    option that makes the line too long for a custom_id becomes a prefilled field. If there are more fields than fit, required
    ones come first and the modal names the rest, which are asked for next. A paged form shows its first fields; the answer to
    its submission asks for the rest.
    """
    line, moved_fields = (form.line, []) if draft else _shorten_line(form.line, key)
    first, later = _split_fields(moved_fields, form)
    modal = ui.Modal(
        title=cut(_visible_or(form.title, "mentorbot"), limits.MODAL_TITLE), custom_id=_custom_id(line, key, draft)
    )
    for field in first:
        modal.add_item(_labelled_input(field))
    if later and not form.paged:
        modal.add_item(ui.TextDisplay(_later_fields_note(later)))
    # discord.py doesn't keep a stopped modal. We don't need it to: submissions are read from the interaction itself.
    modal.stop()
    return modal


def _shorten_line(line: str, key: str) -> tuple[str, list[Field]]:
    """Take the longest options out of `line` until it fits a custom_id; return the line and those options as fields."""
    moved_fields: list[Field] = []
    try:
        tokens = tokens_of(line)
    except NotUnderstood:
        return line, moved_fields  # an unreadable line has no options to take out
    path = [token.text for token in tokens if token.name is None]
    options = {token.name: token.text for token in tokens if token.name is not None}
    while options and size(_custom_id(line, key)) > limits.CUSTOM_ID:
        longest = max(options, key=lambda name: size(options[name]))
        value = options.pop(longest)
        moved_fields.append(
            Field(longest, longest.capitalize(), "long_text", value=value, max_length=limits.INPUT_TEXT)
        )
        line = format_line(path, options)
    return line, moved_fields


def _split_fields(moved_fields: Sequence[Field], form: Form) -> tuple[Sequence[Field], Sequence[Field]]:
    """Split the fields into those for this modal and those for later.

    If some are left for later, one slot goes to the note that says so, except in a paged form.
    """
    if form.paged:
        pages = [*moved_fields, *form.fields]
        return pages[: limits.MODAL_FIELDS], pages[limits.MODAL_FIELDS :]
    fields = [*moved_fields, *sorted(form.fields, key=lambda field: not field.required)]
    if len(fields) <= limits.MODAL_FIELDS:
        return fields, ()
    return fields[: limits.MODAL_FIELDS - 1], fields[limits.MODAL_FIELDS - 1 :]


def _later_fields_note(fields: Sequence[Field]) -> str:
    required = ", ".join(field.label for field in fields if field.required)
    optional = ", ".join(field.name for field in fields if not field.required)
    texts = [
        f"Next, I'll ask for: {required}." if required else "",
        f"You can also type: {optional}." if optional else "",
    ]
    return cut(escape(" ".join(filter(None, texts))), limits.MESSAGE_TEXT)


def _visible_or(text: str, fallback: str) -> str:
    text = one_line(text)
    return text if visible(text) else fallback


def _labelled_input(field: Field) -> ui.Label[ui.Modal]:
    label = _visible_or(field.label, field.name)
    # A cut label is repeated in full below. A file upload has no placeholder, so its hint goes below, too.
    description = label if size(label) > limits.LABEL_TEXT else field.hint if field.input == "file" else ""
    return ui.Label(
        text=cut(label, limits.LABEL_TEXT),
        description=cut(one_line(description), limits.LABEL_DESCRIPTION) if visible(description) else None,
        component=_input(field),
    )


def _input(field: Field) -> ui.Item[Any]:
    if field.input == "file":
        min_files = 1 if field.required else 0
        return ui.FileUpload(custom_id=field.name, required=field.required, min_values=min_files, max_values=1)
    picker = _picker(field)
    if picker is not None:
        return picker
    options = _options(field)
    if options:
        at_most = len(options) if field.input == "choices" else 1
        return ui.Select(custom_id=field.name, options=options, required=field.required, max_values=at_most)
    # A default longer than max_length makes Discord refuse the whole modal. The command will say it's too long.
    value = cut(field.value, limits.INPUT_TEXT)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.long if field.input == "long_text" else discord.TextStyle.short,
        required=field.required,
        default=value or None,
        placeholder=cut(one_line(field.hint), limits.INPUT_PLACEHOLDER) if visible(field.hint) else None,
        max_length=max(1, size(value), min(field.max_length, limits.INPUT_TEXT)),
    )


def _picker(field: Field) -> ui.Item[Any] | None:
    """Discord's own menu of people, channels or roles. A modal has none for dates, times and zones: those are typed."""
    kind = _PICKED.get(field.input)
    if kind is None or (field.value and not field.value.isdecimal()):
        return None  # a menu can only be filled in with an id
    chosen = [discord.SelectDefaultValue(id=int(field.value), type=kind)] if field.value else []
    required, at_least = field.required, 1 if field.required else 0
    if field.input == "people":
        return ui.UserSelect(custom_id=field.name, required=required, min_values=at_least, default_values=chosen)
    if field.input == "role":
        return ui.RoleSelect(custom_id=field.name, required=required, min_values=at_least, default_values=chosen)
    return ui.ChannelSelect(
        custom_id=field.name,
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        required=required,
        min_values=at_least,
        default_values=chosen,
    )


def _options(field: Field) -> list[discord.SelectOption]:
    """The options of a menu; empty if a menu can't hold all of them, so the person types the value instead."""
    values = [choice.value for choice in field.choices]
    usable = len(set(values)) == len(values) <= limits.SELECT_OPTIONS
    if field.input not in ("choice", "choices") or not usable or not all(_fits_option(value) for value in values):
        return []
    return [
        discord.SelectOption(
            label=cut(_visible_or(choice.label, choice.value), limits.OPTION_TEXT),
            value=choice.value,
            default=choice.value in (field.chosen if field.input == "choices" else (field.value,)),
        )
        for choice in field.choices
    ]


def _fits_option(value: str) -> bool:
    return visible(value) and size(value) <= limits.OPTION_TEXT


def parse_submission(data: Mapping[str, Any]) -> Submission | None:
    """Read a modal's submission, without files; None if it isn't ours."""
    modal_id = str(data.get("custom_id", ""))
    kept, plain = _FORM_WITH_DRAFT.fullmatch(modal_id), _FORM.fullmatch(modal_id)
    if kept is None and plain is None:
        return None
    values = {}
    for component in _inputs(data.get("components", [])):
        if component.get("type") != FILE_UPLOAD:
            # Menus send a list of values, text inputs a single one.
            entered = component.get("values") or [component.get("value") or ""]
            values[str(component["custom_id"])] = ",".join(map(str, entered))
    if kept is not None:
        draft = PREFIX + kept[2]
        return Submission(kept[3] or draft, values, kept[1], draft)
    return Submission(plain[2], values, plain[1] or "") if plain else None


def _inputs(components: list[Any]) -> Iterator[dict[str, Any]]:
    """The controls inside labels (today's modals) or action rows (modals opened by an older version)."""
    for component in components:
        if "custom_id" in component:
            yield component
        yield from _inputs(component.get("components", []))
        if isinstance(component.get("component"), dict):
            yield from _inputs([component["component"]])


def fallback_card(form: Form, key: str = "", draft: str = "") -> Card:
    """A card for a form that can't open now: a button that opens it, or the command to type if no modal can hold it."""
    if fits_modal(form, key, draft):
        text = Paragraph(rich("I need a little more from you."))
        line = form.line if fits_button(form.line, key) else draft or form.line
        return Card(form.title, (text, Buttons((Button("Fill it in", line, "primary"),))))
    names = ", ".join(field.name for field in form.fields)
    return Card(form.title, (Paragraph(rich("Type ", code(f"/mentor {form.line}"), f" and add: {names}.")),))
