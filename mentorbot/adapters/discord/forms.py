"""Forms as modals, and what people wrote in them. The modal's custom_id holds the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import cut, size
from mentorbot.cards import Field, Form

FORM = "f:"


def fits(form: Form) -> bool:
    """Whether Discord can show this form in one modal."""
    return size(FORM + form.line) <= limits.CUSTOM_ID and 1 <= len(form.fields) <= limits.MODAL_FIELDS


def modal(form: Form) -> ui.Modal:
    """A modal for `form`, which must fit."""
    made = ui.Modal(title=cut(form.title or "mentorbot", limits.MODAL_TITLE), custom_id=FORM + form.line)
    for field in form.fields:
        made.add_item(_label(field))
    # A finished modal is not kept by discord.py: its submission is read from the interaction itself.
    made.stop()
    return made


def _label(field: Field) -> ui.Label[ui.Modal]:
    hint = f"For example: {field.hint}" if field.hint else None
    long_label = field.label if size(field.label) > limits.LABEL_TEXT else None
    about = " · ".join(part for part in (long_label, hint) if part)
    return ui.Label(
        text=cut(field.label or field.name, limits.LABEL_TEXT),
        description=cut(about, limits.LABEL_DESCRIPTION) if about else None,
        component=_input(field),
    )


def _input(field: Field) -> ui.Item[Any]:
    if field.input == "choice":
        options = [
            discord.SelectOption(
                label=cut(choice.label, limits.OPTION_TEXT), value=choice.value, default=choice.value == field.value
            )
            for choice in field.choices[: limits.SELECT_OPTIONS]
        ]
        return ui.Select(custom_id=field.name, options=options, required=field.required)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.long if field.input == "long_text" else discord.TextStyle.short,
        required=field.required,
        default=field.value or None,
        placeholder=cut(field.hint, limits.INPUT_PLACEHOLDER) if field.hint else None,
        max_length=min(field.max_length, limits.INPUT_TEXT),
    )


def submitted(data: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """The line and the values by field name of a modal's submission; None when it is not ours."""
    custom = str(data.get("custom_id", ""))
    if not custom.startswith(FORM):
        return None
    values = {}
    for component in _inputs(data.get("components", [])):
        chosen = component.get("values") or [component.get("value") or ""]
        values[str(component["custom_id"])] = str(chosen[0])
    return custom.removeprefix(FORM), values


def _inputs(components: list[Any]) -> Iterator[dict[str, Any]]:
    """The controls inside labels or action rows."""
    for component in components:
        if "custom_id" in component:
            yield component
        yield from _inputs(component.get("components", []))
        if isinstance(component.get("component"), dict):
            yield from _inputs([component["component"]])
