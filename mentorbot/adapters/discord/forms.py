"""Forms as modals, and what people wrote in them. The modal's custom_id holds the line, so a restart does no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.files import UPLOAD
from mentorbot.adapters.discord.markup import cut, escape, one_line, size, visible
from mentorbot.chat.cards import Button, Buttons, Card, Field, Form, Paragraph, code, rich
from mentorbot.errors import NotUnderstood
from mentorbot.slash.tokenizer import format_line, tokens_of

_FORM = re.compile(r"f:(?:([a-z0-9-]*):)?(.*)", re.DOTALL)


def _custom_id(line: str, key: str) -> str:
    return f"f:{key}:{line}"


def fits(form: Form, key: str = "") -> bool:
    """Whether Discord can show this form, opened from a message that was posted with `key`."""
    line, moved = _short(form.line, key)
    shown, others = _page(moved, form)
    # Of what goes on to the next modal nothing may be needed to get past this one.
    return size(_custom_id(line, key)) <= limits.CUSTOM_ID and len(shown) > (len(moved) if others else 0)


def modal(form: Form, key: str = "") -> ui.Modal:
    """A modal for `form`, which must fit. It carries `key`, so that its submission belongs to the same message.

    An option that makes the line too long for a custom_id becomes a field that is filled in already. Of more fields than
    fit, the required ones come first, and the modal names the others: what is still missing is asked for next. A paged
    form shows its first ones, and is asked for the others by its answer.
    """
    line, moved = _short(form.line, key)
    shown, others = _page(moved, form)
    made = ui.Modal(title=cut(_text(form.title, "mentorbot"), limits.MODAL_TITLE), custom_id=_custom_id(line, key))
    for field in shown:
        made.add_item(_label(field))
    if others and not form.paged:
        made.add_item(ui.TextDisplay(_named(others)))
    # A finished modal is not kept by discord.py: its submission is read from the interaction itself.
    made.stop()
    return made


def _short(line: str, key: str) -> tuple[str, list[Field]]:
    """The line with its longest options taken out until it fits, and those options as fields."""
    moved: list[Field] = []
    try:
        tokens = tokens_of(line)
    except NotUnderstood:
        return line, moved
    path = [token.text for token in tokens if token.name is None]
    options = {token.name: token.text for token in tokens if token.name is not None}
    while options and size(_custom_id(line, key)) > limits.CUSTOM_ID:
        longest = max(options, key=lambda name: size(options[name]))
        value = options.pop(longest)
        moved.append(Field(longest, longest.capitalize(), "long_text", value=value, max_length=limits.INPUT_TEXT))
        line = format_line(path, options)
    return line, moved


def _page(moved: Sequence[Field], form: Form) -> tuple[Sequence[Field], Sequence[Field]]:
    """The fields for now, and those for later; one place is needed then to say so, except in a paged form."""
    if form.paged:
        pages = [*moved, *form.fields]
        return pages[: limits.MODAL_FIELDS], pages[limits.MODAL_FIELDS :]
    fields = [*moved, *sorted(form.fields, key=lambda field: not field.required)]
    if len(fields) <= limits.MODAL_FIELDS:
        return fields, ()
    return fields[: limits.MODAL_FIELDS - 1], fields[limits.MODAL_FIELDS - 1 :]


def _named(others: Sequence[Field]) -> str:
    later = ", ".join(field.label for field in others if field.required)
    more = ", ".join(field.name for field in others if not field.required)
    texts = [f"After this I ask for: {later}." if later else "", f"You can also type: {more}." if more else ""]
    return cut(escape(" ".join(filter(None, texts))), limits.MESSAGE_TEXT)


def _text(text: str, instead: str) -> str:
    text = one_line(text)
    return text if visible(text) else instead


def _label(field: Field) -> ui.Label[ui.Modal]:
    label = _text(field.label, field.name)
    # A long label is whole below its short form; a place for a file has none of its own for a hint.
    below = label if size(label) > limits.LABEL_TEXT else field.hint if field.input == "file" else ""
    return ui.Label(
        text=cut(label, limits.LABEL_TEXT),
        description=cut(one_line(below), limits.LABEL_DESCRIPTION) if visible(below) else None,
        component=_input(field),
    )


def _input(field: Field) -> ui.Item[Any]:
    if field.input == "file":
        least = 1 if field.required else 0
        return ui.FileUpload(custom_id=field.name, required=field.required, min_values=least, max_values=1)
    options = _options(field)
    if options:
        return ui.Select(custom_id=field.name, options=options, required=field.required)
    # What is filled in already must fit as well, or Discord refuses the whole modal; the command says what is too long.
    value = cut(field.value, limits.INPUT_TEXT)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.long if field.input == "long_text" else discord.TextStyle.short,
        required=field.required,
        default=value or None,
        placeholder=cut(one_line(field.hint), limits.INPUT_PLACEHOLDER) if visible(field.hint) else None,
        max_length=max(1, size(value), min(field.max_length, limits.INPUT_TEXT)),
    )


def _options(field: Field) -> list[discord.SelectOption]:
    """The options of a menu; none when a menu cannot hold all of them, and the person writes the value instead."""
    values = [choice.value for choice in field.choices]
    usable = len(set(values)) == len(values) <= limits.SELECT_OPTIONS
    if field.input != "choice" or not usable or not all(_fits_menu(value) for value in values):
        return []
    return [
        discord.SelectOption(
            label=cut(_text(choice.label, choice.value), limits.OPTION_TEXT),
            value=choice.value,
            default=choice.value == field.value,
        )
        for choice in field.choices
    ]


def _fits_menu(value: str) -> bool:
    return visible(value) and size(value) <= limits.OPTION_TEXT


def submitted(data: Mapping[str, Any]) -> tuple[str, dict[str, str], str] | None:
    """The line of a modal's submission, the values by field name without files, and the key; None when it is not ours."""
    found = _FORM.fullmatch(str(data.get("custom_id", "")))
    if found is None:
        return None
    values = {}
    for component in _inputs(data.get("components", [])):
        if component.get("type") != UPLOAD:
            chosen = component.get("values") or [component.get("value") or ""]
            values[str(component["custom_id"])] = str(chosen[0])
    return found[2], values, found[1] or ""


def _inputs(components: list[Any]) -> Iterator[dict[str, Any]]:
    """The controls inside labels or action rows."""
    for component in components:
        if "custom_id" in component:
            yield component
        yield from _inputs(component.get("components", []))
        if isinstance(component.get("component"), dict):
            yield from _inputs([component["component"]])


def offer(form: Form, key: str = "") -> Card:
    """A form that cannot be opened now, as a button that opens it; as what to type when it never can be."""
    if fits(form, key):
        text = Paragraph(rich("I need a little more from you."))
        return Card(form.title, (text, Buttons((Button("Fill it in", form.line, "primary"),))))
    asked = ", ".join(field.name for field in form.fields)
    return Card(form.title, (Paragraph(rich("Type ", code(f"/mentor {form.line}"), f" and add: {asked}.")),))
