"""Asking for a missing option: with a form where the platform has one, otherwise with an example of what to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Choice, Field, Form, Input
from mentorbot.clock import Weekday
from mentorbot.errors import BadValue
from mentorbot.slash.choices import short
from mentorbot.slash.converters import MAX_FILE_LENGTH, ParseContext, read, suggest
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType
from mentorbot.slash.tokenizer import format_line

_HINTS = {
    OptionType.DATE: "1 dec, friday or in 2 weeks",
    OptionType.DATE_RANGE: "24 dec or 23-25 dec",
    OptionType.TIME: "09:00 or 5pm",
    OptionType.ZONE: "Berlin or New York",
    OptionType.WEEKDAYS: "monday, mon-thu or weekdays",
}
_UNIT_HINTS = {"hours": "6", "minutes": "30"}
_INPUTS: dict[OptionType, Input] = {
    OptionType.FILE: "file",
    OptionType.DATE: "date",
    OptionType.TIME: "time",
    OptionType.ZONE: "zone",
    OptionType.CHANNEL: "channel",
    OptionType.ROLE: "role",
    OptionType.WEEKDAYS: "choices",
}
_PICKED = frozenset({*_INPUTS, OptionType.DATE_RANGE, OptionType.WEEKDAY}) - {
    OptionType.FILE,
    OptionType.CHANNEL,
    OptionType.ROLE,
}

_MAX_SHOWN = 3
"""Values given that a form shows besides what it asks for. Discord shows four fields, and none of them may get lost."""


class MissingOption(BadValue):
    """A command can't run without this option."""

    code = "missing_option"

    def __init__(
        self,
        option: str,
        message: str = "",
        *,
        suggestions: Sequence[str] = (),
        question: str = "",
        said: str = "",
        alone: bool = False,
    ) -> None:
        super().__init__(message or f"“{option}” is missing.", option=option, suggestions=suggestions)
        self.said = said
        """The words said of it, for people who want to change that."""
        self.question, self.alone = question, alone
        """The question for people who said it in a sentence, and whether a form asks for nothing else that's optional."""


def form_for(
    command: CommandSpec,
    raw: Mapping[str, str],
    context: ParseContext,
    required: str = "",
    *,
    saved: Mapping[str, str] | None = None,
    own: Mapping[str, Sequence[Choice]] | None = None,
    alone: bool = False,
) -> Form:
    """Build a form that asks for every option not in `raw`; the options in `raw` stay in the form's line.

    `required` names an option that's optional by declaration but needed this time; `alone` leaves out what's still optional.
    What's `saved` is filled in, by option, and `own` values are offered in a menu. Values in `raw` that people may want to
    change as well, e.g. a day or hours, come next, filled in. A line can't hold a file, so a file is always asked for again.
    """
    given = without_files(command, raw)
    changeable = [name for name in given if name != required and _is_changeable(command.option(name))]
    in_fields = {required, *(() if alone else changeable[:_MAX_SHOWN])}
    shown = {name: text for name, text in given.items() if name in in_fields}
    values = {**(saved or {}), **_as_pickers_show(command, shown, context)}
    in_line = {name: text for name, text in given.items() if name not in shown}
    asked = [option for option in command.options if option.name not in in_line and _may_be_asked(option, required)]
    if alone:
        asked = [option for option in asked if option.required or option.name == required]
    asked.sort(key=lambda option: 0 if option.name == required else 1 if option.name in shown else 2)
    fields = tuple(
        _field(
            option,
            _menu(option, context) or tuple((own or {}).get(option.name, ())),
            values.get(option.name, ""),
            required=option.required or option.name == required,
        )
        for option in asked
    )
    title = "One more thing" if alone and command.option(required) else command.label_for({})
    return Form(title, format_line(command.path, in_line), fields)


def _may_be_asked(option: OptionSpec, required: str) -> bool:
    """Return False for what no form asks for: a button's own value, and unless it's `required`, a place beside another thing."""
    return not (option.declared.keyword_only or option.declared.unlisted) and (
        not option.declared.led or option.name == required
    )


def _is_changeable(option: OptionSpec | None) -> bool:
    """Return True for what someone wants, e.g. by when or how many hours; False for what it's about, like a step."""
    if option is None or option.declared.keyword_only:
        return False
    return option.kind in _PICKED or bool(option.declared.unit) or option.declared.multiline


def _as_pickers_show(command: CommandSpec, raw: Mapping[str, str], context: ParseContext) -> dict[str, str]:
    """Write values the way pickers need them; one that can't be read stays as it was typed."""
    shown = {}
    for option in command.options:
        if option.name in raw:
            try:
                shown[option.name] = _as_picker_shows(read(option, raw[option.name], context))
            except BadValue:
                shown[option.name] = raw[option.name]
    return shown


def _as_picker_shows(value: object) -> str:
    match value:
        case time():
            return f"{value:%H:%M}"
        case ZoneInfo():
            return value.key
        case Weekday():
            return value.label.lower()
        case tuple():
            return ",".join(map(_as_picker_shows, value))
    return str(value)


def _without_example(description: str) -> str:
    return description.partition(", e.g.")[0]


def question_for(option: OptionSpec) -> str:
    """Turn an option's description into a question: “Your target role?”."""
    return f"{_without_example(option.description)}?"


def example_of(option: OptionSpec) -> str:
    """Give an example of what to type for an option; "" if anything goes."""
    return _HINTS.get(option.kind, "") or _UNIT_HINTS.get(option.declared.unit, "")


def without_files(command: CommandSpec, raw: Mapping[str, str]) -> dict[str, str]:
    """Return the options that a line can hold: all of `raw` except files."""
    files = {option.name for option in command.options if option.kind is OptionType.FILE}
    return {name: text for name, text in raw.items() if name not in files}


def _field(option: OptionSpec, choices: tuple[Choice, ...], value: str, *, required: bool) -> Field:
    return Field(
        name=option.name,
        label=option.description,
        input=_input(option, choices),
        required=required,
        hint="" if choices or "e.g." in option.description else example_of(option),
        value=value,
        choices=choices,
        max_length=MAX_FILE_LENGTH if option.kind is OptionType.FILE else option.declared.max_length,
    )


def _input(option: OptionSpec, choices: tuple[Choice, ...]) -> Input:
    if option.kind in _INPUTS:
        return _INPUTS[option.kind]
    return "choice" if choices else "long_text" if option.declared.multiline else "text"


def _menu(option: OptionSpec, context: ParseContext) -> tuple[Choice, ...]:
    """Return the entries of a closed list. An open one (zones, dates) is too long for a menu and stays a text field."""
    if option.kind is OptionType.WEEKDAYS:
        return tuple(Choice(day.label, day.label.lower()) for day in Weekday)
    if option.declared.choices is not None or option.kind is OptionType.WEEKDAY:
        return suggest(option, "", context, None)
    return ()


def missing_text(command: CommandSpec, missing: MissingOption, raw: Mapping[str, str], prefix: str) -> str:
    """Explain, where there are no forms, which option is missing, how `raw` was understood, and give an example.

    `prefix` is the registry's: the word a line begins with.
    """
    option = command.option(missing.option)
    description = option.description if option else missing.option
    telling = (example for example in command.examples if f"{missing.option}:" in example)
    example = next(telling, command.examples[0] if command.examples else command.usage)
    carried = {each.name for each in command.options if each.declared.keyword_only}  # by buttons: nobody knows those
    said = {name: value for name, value in without_files(command, raw).items() if name not in carried}
    given = ", ".join(f"{name}: “{short(value, 40)}”" for name, value in said.items())
    understood = f"I've got {given}. " if given else ""
    return (
        f"“{command.name}” needs one more thing: {description[:1].lower()}{description[1:]}. "
        f"{understood}For example: {f'{prefix} {example}'.strip()}"
    )
