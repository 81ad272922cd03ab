"""Asking for what is missing: a form where the platform has one, else an example of what to type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mentorbot.chat.cards import Choice, Field, Form
from mentorbot.errors import BadValue
from mentorbot.slash.choices import short
from mentorbot.slash.converters import MAX_FILE_LENGTH, ParseContext, suggest
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType
from mentorbot.slash.tokenizer import format_line

_HINTS = {
    OptionType.DATE: "fri, in 2 weeks, 2026-12-01",
    OptionType.TIME: "09:00",
    OptionType.ZONE: "Europe/Berlin",
    OptionType.WEEKDAYS: "monday, or several: mon wed fri",
}


class MissingOption(BadValue):
    """A command cannot run without this option."""

    code = "missing_option"

    def __init__(self, option: str) -> None:
        super().__init__(f"“{option}” is missing.", option=option)


def form_for(command: CommandSpec, raw: Mapping[str, str], reading: ParseContext, also: str = "") -> Form:
    """A form for `command`: what is given already stays in its line, everything else is asked for.

    `also` is an option that is not required as such but is needed this time. No line holds a file: it is asked for again.
    """
    kept = without_files(command, raw)
    asked = [option for option in command.options if option.name not in kept and not option.about.keyword_only]
    fields = tuple(_field(option, reading, required=option.required or option.name == also) for option in asked)
    return Form(command.summary.removesuffix("."), format_line(command.path, kept), fields)


def without_files(command: CommandSpec, raw: Mapping[str, str]) -> dict[str, str]:
    """What of the options can stand in a line."""
    files = {option.name for option in command.options if option.kind is OptionType.FILE}
    return {name: text for name, text in raw.items() if name not in files}


def _field(option: OptionSpec, reading: ParseContext, *, required: bool) -> Field:
    choices = _choices(option, reading)
    return Field(
        name=option.name,
        label=option.description,
        input=_input(option, choices),
        required=required,
        hint="" if choices else _HINTS.get(option.kind, ""),
        choices=choices,
        max_length=MAX_FILE_LENGTH if option.kind is OptionType.FILE else option.about.max_length,
    )


def _input(option: OptionSpec, choices: tuple[Choice, ...]) -> Literal["text", "long_text", "choice", "file"]:
    if option.kind is OptionType.FILE:
        return "file"
    return "choice" if choices else "long_text" if option.about.multiline else "text"


def _choices(option: OptionSpec, reading: ParseContext) -> tuple[Choice, ...]:
    """A closed list becomes a menu; an open one (zones, dates) stays a text field with an example."""
    if option.about.choices is not None or option.kind is OptionType.WEEKDAY:
        return suggest(option, "", reading, None)
    return ()


def missing_text(command: CommandSpec, missing: MissingOption, raw: Mapping[str, str]) -> str:
    """What is missing, what was read of the line (`raw`) and how the whole command looks, for where there are no forms."""
    option = command.option(missing.option)
    about = option.description if option else missing.option
    example = command.examples[0] if command.examples else command.usage
    read = ", ".join(f"“{short(value, 40)}” as {name}" for name, value in without_files(command, raw).items())
    return (
        f"“{command.name}” still needs {missing.option}: {about[:1].lower()}{about[1:]}. "
        f"{f'I read {read}. ' if read else ''}For example: /mentor {example}"
    )
