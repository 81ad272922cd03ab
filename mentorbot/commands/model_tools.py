"""The commands as a language model's tools, and reading what it proposes: nothing it says is trusted.

Each tool's schema comes from the declaration that Discord's command tree and the parser come from, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mentorbot.commands.heard import Understood
from mentorbot.domain.language_model import Tool, ToolCall
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext, read
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import clean

_SEPARATOR = "_"
"""Between the words of a command. No command's word has one, so a name leads back to its command."""
_MAX_CHOICES, _MAX_INTENTS = 40, 3
_HINTS = {
    OptionType.DATE: "A day, in the person's own words translated to English, e.g. “next friday” or “5 march”.",
    OptionType.DATE_RANGE: "One day or several, e.g. “23-25 dec”.",
    OptionType.TIME: "A time of day, e.g. “15:00”.",
    OptionType.ZONE: "A time zone or city, e.g. “Berlin”.",
    OptionType.WEEKDAY: "A weekday, e.g. “friday”.",
    OptionType.WEEKDAYS: "One or more weekdays, e.g. “monday and friday”.",
    OptionType.PERSON: "The person exactly as they're called in the message, e.g. “PERSON_1”.",
    OptionType.CHANNEL: "The channel exactly as it's mentioned in the message.",
}


def tools_for(registry: Registry, pack: Pack, *, admin: bool) -> tuple[Tool, ...]:
    """Describe every command a person could ask for in words."""
    return tuple(_tool(command.for_pack(pack), pack) for command in _offered(registry, admin=admin))


def _offered(registry: Registry, *, admin: bool) -> Iterator[CommandSpec]:
    return (command for command in registry if command.is_listed and (admin or not command.admin))


def _tool(command: CommandSpec, pack: Pack) -> Tool:
    like = ", ".join(f"“{intent}”" for intent in command.intents[:_MAX_INTENTS])
    description = f"{command.summary}{f' For example: {like}.' if like else ''}"
    properties = {option.name: _schema(option, pack) for option in _proposable(command, pack)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return Tool(_SEPARATOR.join(command.path), description, schema)


def _proposable(command: CommandSpec, pack: Pack) -> Iterator[OptionSpec]:
    """List the options the model may fill in: no files, nothing only buttons carry, and no confirmation of anything."""
    for option in command.options:
        is_confirmation = option.declared.choices is not None and len(option.declared.choices(pack)) == 1
        if not option.declared.keyword_only and option.kind is not OptionType.FILE and not is_confirmation:
            yield option


def _schema(option: OptionSpec, pack: Pack) -> dict[str, object]:
    if option.declared.choices is not None:
        choices = option.declared.choices(pack)[:_MAX_CHOICES]
        named = ", ".join(f"{choice.value}: {choice.label}" for choice in choices if choice.label != choice.value)
        description = f"{option.description}.{f' {named}' if named else ''}"
        return {"type": "string", "enum": [choice.value for choice in choices], "description": description}
    if option.kind is OptionType.NUMBER:
        bounds = {"minimum": option.declared.low, "maximum": option.declared.high}
        unit = f" In {option.declared.unit}." if option.declared.unit else ""
        limits = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"type": "integer", **limits, "description": f"{option.description}.{unit}"}
    hint = _HINTS.get(option.kind, "")
    return {"type": "string", "description": f"{option.description}. {hint}".strip()}


def proposed(
    registry: Registry, call: ToolCall, context: ParseContext, *, admin: bool, reveal: Callable[[str], str]
) -> Understood | None:
    """Read a proposal with our own converters; None if it's no command, or any part of it can't be used.

    `reveal` puts back the names that didn't leave the workspace.
    """
    command = registry.commands.get(tuple(call.name.split(_SEPARATOR)))
    if command is None or not command.is_listed or (command.admin and not admin):
        return None
    command = command.for_pack(context.pack)
    options = {option.name: option for option in _proposable(command, context.pack)}
    raw: dict[str, str] = {}
    for name, value in call.arguments.items():
        if value is None or value == "":
            continue
        text = reveal(_text_of(value))
        if name not in options or not text:
            return None
        raw[name] = text
    try:
        for name, text in raw.items():
            read(options[name], text, context)
    except BadValue:
        return None
    return Understood(command, raw)


def _text_of(value: object) -> str:
    """Return an argument as a person would type it; "" if it can't be one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(clean(str(value)).split())
