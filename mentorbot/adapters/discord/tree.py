"""`/mentor` with its groups and subcommands, made from the declarations."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from discord import Attachment, Client, Interaction, app_commands

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.files import OPTION
from mentorbot.adapters.discord.markup import cut, size
from mentorbot.chat.cards import Choice
from mentorbot.clock import Weekday
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry

NAME = "mentor"
DESCRIPTION = "Ask your mentor"

_LIST_SIZES = (limits.COMMAND_TEXT, 250, 120, 60, 0)
"""Characters of a list that is still a menu, tried one after the other until the command holds all of them."""

Run = Callable[[Interaction], Awaitable[None]]
Suggest = Callable[[Interaction, str, str, str], Awaitable[list[Choice]]]


def build(registry: Registry, pack: Pack, run: Run, suggest: Suggest) -> app_commands.Group:
    """The whole command. `run` answers any of its subcommands; `suggest` completes one option of one of them.

    Short lists of the pack are choices. Where all of them together are more than a command may hold, the long ones are
    offered to people while they type instead.
    """
    commands = [command.for_pack(pack) for command in registry]

    def made(most: int) -> app_commands.Group:
        return _build(registry.groups, commands, lambda option: _choices(option, pack, most), run, suggest)

    fitting = (group for most in _LIST_SIZES if weight(group := made(most)) <= limits.COMMAND_TEXT)
    return next(fitting, None) or made(0)


def _build(
    summaries: Mapping[str, str],
    commands: Sequence[CommandSpec],
    choices: Callable[[OptionSpec], list[app_commands.Choice[str]]],
    run: Run,
    suggest: Suggest,
) -> app_commands.Group:
    top = app_commands.Group(
        name=NAME,
        description=DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    groups = {
        name: app_commands.Group(name=name, description=summary, parent=top) for name, summary in summaries.items()
    }
    for command in commands:
        parent = groups[command.path[0]] if len(command.path) == 2 else top
        parent.add_command(_command(command, choices, run, suggest))
    return top


def _command(
    spec: CommandSpec, choices: Callable[[OptionSpec], list[app_commands.Choice[str]]], run: Run, suggest: Suggest
) -> app_commands.Command[Any, Any, Any]:
    async def callback(interaction: Interaction, **_: Any) -> None:
        await run(interaction)

    # discord.py reads a command's options off its callback's signature, so the callback is given one.
    parameters = [
        inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction[Client])
    ]
    parameters += [_parameter(option) for option in spec.options]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # that is how it is given
    names = {_parameter_name(option): option for option in spec.options}
    app_commands.rename(**{name: option.name for name, option in names.items()})(callback)
    app_commands.describe(**{name: option.description for name, option in names.items()})(callback)
    fixed = {name: found for name, option in names.items() if (found := choices(option))}
    if fixed:
        app_commands.choices(**fixed)(callback)
    handler: Any = callback
    made: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=spec.path[-1], description=spec.summary, callback=handler
    )
    for name, option in names.items():
        if _completes(option) and name not in fixed:
            made.autocomplete(name)(_completer(spec, option, suggest))
    return made


def _parameter_name(option: OptionSpec) -> str:
    """The option's name as Python has it."""
    return option.name.replace("-", "_")


def _parameter(option: OptionSpec) -> inspect.Parameter:
    kind: Any = app_commands.Range[str, 1, min(option.declared.max_length, limits.OPTION_LENGTH)]
    if option.kind is OptionType.NUMBER:
        bounded = option.declared.low is not None or option.declared.high is not None
        kind = app_commands.Range[int, option.declared.low, option.declared.high] if bounded else int
    elif option.kind is OptionType.FILE:
        kind = Attachment
    elif option.declared.choices is not None or option.kind is OptionType.WEEKDAY:
        kind = str
    return inspect.Parameter(
        _parameter_name(option),
        inspect.Parameter.KEYWORD_ONLY,
        annotation=kind if option.required else kind | None,
        default=inspect.Parameter.empty if option.required else None,
    )


def _choices(option: OptionSpec, pack: Pack, most: int) -> list[app_commands.Choice[str]]:
    """A closed list that is short enough for a menu: `most` characters in all."""
    found = list(option.declared.choices(pack)) if option.declared.choices is not None else []
    if option.kind is OptionType.WEEKDAY:
        found = [Choice(day.label, day.label.lower()) for day in Weekday]
    if len(found) > limits.CHOICES or any(size(choice.value) > limits.CHOICE_TEXT for choice in found):
        return []
    if sum(size(choice.label) + size(choice.value) for choice in found) > most:
        return []
    return [app_commands.Choice(name=cut(choice.label, limits.CHOICE_TEXT), value=choice.value) for choice in found]


def _completes(option: OptionSpec) -> bool:
    open_list = option.kind in (
        OptionType.DATE,
        OptionType.TIME,
        OptionType.ZONE,
        OptionType.WEEKDAY,
        OptionType.WEEKDAYS,
    )
    return bool(option.declared.choices or option.declared.suggest or open_list)


def _completer(spec: CommandSpec, option: OptionSpec, suggest: Suggest) -> Any:
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[Any]]:
        found = await suggest(interaction, spec.name, option.name, str(current))
        fitting = (choice for choice in found if 0 < size(choice.value) <= limits.CHOICE_TEXT)
        made: list[app_commands.Choice[Any]] = [
            app_commands.Choice(
                name=cut(choice.label or choice.value, limits.CHOICE_TEXT),
                value=int(choice.value) if option.kind is OptionType.NUMBER else choice.value,
            )
            for choice in fitting
        ]
        return made[: limits.CHOICES]

    return complete


def typed(data: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The words of a subcommand and its options as text, those that are files left out, from an interaction's data."""
    words: list[str] = []
    options = data.get("options") or []
    while options and options[0].get("type") in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    texts = {str(option["name"]): str(option["value"]) for option in options if option.get("type") != OPTION}
    return " ".join(words), texts


def weight(command: app_commands.Group) -> int:
    """The characters that Discord counts: names, descriptions and values of the command and all below it."""
    return sum(map(size, _counted(command)))


def _counted(command: app_commands.Group | app_commands.Command[Any, Any, Any]) -> Iterator[str]:
    yield command.name
    yield command.description
    if isinstance(command, app_commands.Group):
        for child in command.commands:
            yield from _counted(child)
        return
    for parameter in command.parameters:
        yield str(parameter.display_name)
        yield str(parameter.description)
        for choice in parameter.choices or ():
            yield choice.name
            yield str(choice.value)


_KEPT = ("name", "description", "required", "autocomplete", "min_value", "max_value", "min_length", "max_length")


def shape(command: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two commands the same, whatever else Discord adds and however it orders its lists."""
    made = {name: command[name] for name in _KEPT if command.get(name)}
    made["type"] = command.get("type", 1)
    made["choices"] = [(choice["name"], choice["value"]) for choice in command.get("choices") or ()]
    made["options"] = [shape(option) for option in command.get("options") or ()]
    made["contexts"] = sorted(command.get("contexts") or ())
    made["installs"] = sorted(command.get("integration_types") or ())
    return made
