"""`/mentor` with its groups and subcommands, made from the declarations."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from discord import Client, Interaction, app_commands

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import cut
from mentorbot.commands.declare import CommandSpec, Kind, OptionSpec, Registry
from mentorbot.packs.model import Pack

NAME = "mentor"
DESCRIPTION = "Ask your mentor"

Run = Callable[[Interaction, str, Mapping[str, str]], Awaitable[None]]
Suggest = Callable[[Interaction, str, str, str], Awaitable[list[app_commands.Choice[str]]]]


def build(registry: Registry, pack: Pack, run: Run, suggest: Suggest) -> app_commands.Group:
    """The whole command. `run` gets the command's words and its options as text, `suggest` answers autocomplete."""
    top = app_commands.Group(
        name=NAME,
        description=DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    groups = {
        name: app_commands.Group(name=name, description=summary, parent=top)
        for name, summary in registry.groups.items()
    }
    for command in registry:
        parent = groups[command.path[0]] if len(command.path) == 2 else top
        parent.add_command(_command(command, pack, run, suggest))
    return top


def _command(spec: CommandSpec, pack: Pack, run: Run, suggest: Suggest) -> app_commands.Command[Any, Any, Any]:
    async def callback(interaction: Interaction, **given: Any) -> None:
        options = {name.replace("_", "-"): str(value) for name, value in given.items() if value is not None}
        await run(interaction, spec.name, options)

    # discord.py reads a command's options off its callback's signature, so the callback is given one.
    parameters = [
        inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction[Client])
    ]
    parameters += [_parameter(option) for option in spec.options]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # that is how it is given
    app_commands.describe(**{_python(option.name): option.description for option in spec.options})(callback)
    for option in spec.options:
        if choices := _choices(option, pack):
            app_commands.choices(**{_python(option.name): choices})(callback)
    handler: Any = callback
    made: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=spec.path[-1], description=spec.summary, callback=handler
    )
    for option in spec.options:
        if _completes(option) and not _choices(option, pack):
            made.autocomplete(_python(option.name))(_completer(spec, option, suggest))
    return made


def _python(name: str) -> str:
    return name.replace("-", "_")


def _parameter(option: OptionSpec) -> inspect.Parameter:
    kind: Any = app_commands.Range[str, 1, min(option.about.max_length, limits.OPTION_LENGTH)]
    if option.kind is Kind.NUMBER:
        kind = app_commands.Range[int, option.about.low, option.about.high]
    elif option.about.choices is not None or option.kind is Kind.WEEKDAY:
        kind = str
    return inspect.Parameter(
        _python(option.name),
        inspect.Parameter.KEYWORD_ONLY,
        annotation=kind if option.required else kind | None,
        default=inspect.Parameter.empty if option.required else None,
    )


def _choices(option: OptionSpec, pack: Pack) -> list[app_commands.Choice[str]]:
    """A closed list that is short enough; a longer one is completed while one types."""
    if option.about.choices is None:
        return []
    found = option.about.choices(pack)
    if len(found) > limits.CHOICES:
        return []
    return [app_commands.Choice(name=cut(choice.label, limits.CHOICE_TEXT), value=choice.value) for choice in found]


def _completes(option: OptionSpec) -> bool:
    open_list = option.kind in (Kind.DATE, Kind.TIME, Kind.ZONE, Kind.WEEKDAY)
    return bool(option.about.choices or option.about.suggest or open_list)


def _completer(spec: CommandSpec, option: OptionSpec, suggest: Suggest) -> Any:
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[Any]]:
        found = await suggest(interaction, spec.name, option.name, current)
        if option.kind is Kind.NUMBER:
            return [app_commands.Choice(name=choice.name, value=int(choice.value)) for choice in found]
        return list(found)

    return complete


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
