"""Asking for a missing option: with a form where the platform has one, otherwise with an example of what to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mentorbot.chat.cards import Choice, Field, Form, Input
from mentorbot.errors import BadValue
from mentorbot.slash.choices import short
from mentorbot.slash.converters import MAX_FILE_LENGTH, ParseContext, suggest
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
}


class MissingOption(BadValue):
    """A command can't run without this option."""

    code = "missing_option"

    def __init__(
        self,
        option: str,
        message: str = "",
        *,
        suggestions: Sequence[str] = (),
        current: Mapping[str, str] | None = None,
        question: str = "",
        alone: bool = False,
    ) -> None:
        super().__init__(message or f"“{option}” is missing.", option=option, suggestions=suggestions)
        self.current = dict(current or {})
        """Saved values of the command's options, for the form to show."""
        self.question, self.alone = question, alone
        """What to ask someone who said it in a sentence, and whether a form asks for nothing else that's optional."""


def form_for(
    command: CommandSpec,
    raw: Mapping[str, str],
    context: ParseContext,
    required: str = "",
    current: Mapping[str, str] | None = None,
    *,
    alone: bool = False,
) -> Form:
    """Build a form that asks for every option not in `raw`; the options in `raw` stay in the form's line.

    `required` names an option that's optional by declaration but needed this time; `alone` leaves out what's still optional.
    `current` values are filled in. A line can't hold a file, so a file is always asked for again.
    """
    values = current or {}
    prefilled = without_files(command, raw)
    missing_options = [
        option for option in command.options if option.name not in prefilled and not option.declared.keyword_only
    ]
    asked = command.option(required)
    if alone and asked is not None:
        missing_options = [option for option in missing_options if option.required or option.name == required]
    fields = tuple(
        _field(option, context, values.get(option.name, ""), required=option.required or option.name == required)
        for option in missing_options
    )
    title = "One more thing" if alone and asked else command.label_for({})
    return Form(title, format_line(command.path, prefilled), fields)


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


def _field(option: OptionSpec, context: ParseContext, value: str, *, required: bool) -> Field:
    choices = _menu(option, context)
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
    if option.declared.choices is not None or option.kind is OptionType.WEEKDAY:
        return suggest(option, "", context, None)
    return ()


def missing_text(command: CommandSpec, missing: MissingOption, raw: Mapping[str, str], prefix: str) -> str:
    """Explain, where there are no forms, which option is missing, how `raw` was understood, and give an example.

    `prefix` is the registry's: the word a line begins with.
    """
    option = command.option(missing.option)
    description = option.description if option else missing.option
    example = command.examples[0] if command.examples else command.usage
    understood = ", ".join(f"{name}: “{short(value, 40)}”" for name, value in without_files(command, raw).items())
    return (
        f"“{command.name}” needs one more thing: {description[:1].lower()}{description[1:]}. "
        f"{f'I read {understood}. ' if understood else ''}For example: {f'{prefix} {example}'.strip()}"
    )
