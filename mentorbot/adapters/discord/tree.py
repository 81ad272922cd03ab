"""`/mentor` with its groups and subcommands, built from the command declarations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from discord import Attachment, Client, Interaction, app_commands

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.files import ATTACHMENT_OPTION
from mentorbot.adapters.discord.markup import cut, size
from mentorbot.chat.cards import Choice
from mentorbot.clock import Weekday
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry

NAME = "mentor"
DESCRIPTION = "Ask your mentor"

_NAME = re.compile(r"[-_\w]{1,32}")  # https://docs.discord.com/developers/interactions/application-commands


@dataclass(frozen=True, slots=True)
class Fit:
    """What a command has room for: lists as menus of so many characters in total, a pack's own options, long descriptions."""

    menu: int = limits.COMMAND_TEXT
    entries: bool = True
    description: int = limits.COMMAND_DESCRIPTION


_FITS = (
    *(Fit(menu) for menu in (limits.COMMAND_TEXT, 250, 120, 60, 0)),
    Fit(0, entries=False),
    *(Fit(0, entries=False, description=characters) for characters in (60, 40, 20, 1)),
)
"""Ways to build the command, the fullest first. The first that stays within Discord's limit is taken."""

RunCommand = Callable[[Interaction], Awaitable[None]]
Suggest = Callable[[Interaction, str, str, str], Awaitable[list[Choice]]]
Choices = Callable[[OptionSpec], list[app_commands.Choice[str]]]


def build(registry: Registry, pack: Pack, run: RunCommand, suggest: Suggest) -> app_commands.Group:
    """Build the whole command. `run` answers any of its subcommands; `suggest` completes one option of one of them.

    The pack's short lists become menus. If they add up to more than a command may hold, the longer ones are suggested while
    people type instead. After that, the pack's own options are left out, and descriptions are shortened.
    """
    return _fitted(registry, pack, run, suggest)[1]


def _fitted(registry: Registry, pack: Pack, run: RunCommand, suggest: Suggest) -> tuple[Fit, app_commands.Group]:
    """Build the command as fully as Discord takes it."""
    commands = [command.for_pack(pack) for command in registry]

    def build_with(fit: Fit) -> app_commands.Group:
        fitting = [replace(command, options=fitting_options(command, entries=fit.entries)) for command in commands]
        return _build(registry.groups, fitting, partial(_menu, pack=pack, max_menu_size=fit.menu), fit, run, suggest)

    built = ((fit, build_with(fit)) for fit in _FITS)
    smallest = _FITS[-1]
    fits = ((fit, group) for fit, group in built if fit is smallest or command_size(group) <= limits.COMMAND_TEXT)
    return next(fits)


def fitting_options(command: CommandSpec, *, entries: bool = True) -> tuple[OptionSpec, ...]:
    """List the options Discord takes. A pack's own (`entries`) are left out if their name isn't one there, or from the 26th on.

    Values that only buttons carry are left out, too.
    """
    declared = [option for option in command.options if not option.parameter and option.is_typed]
    names = {option.name for option in command.options if not option.parameter}
    own = [option for option in command.options if option.parameter and _is_option_name(option.name, names)]
    room = max(limits.OPTIONS - len(declared), 0) if entries else 0
    chosen = (*declared, *own[:room])
    return tuple(option for option in command.options if option in chosen)


def _is_option_name(name: str, declared: Collection[str]) -> bool:
    return _NAME.fullmatch(name) is not None and name not in declared


def pack_notes(registry: Registry, pack: Pack) -> list[str]:
    """Say which of a pack's own options Discord has no room for. They can still be chosen in a form or a message there."""

    async def run(_: Interaction) -> None:
        """Do nothing: this command is only measured."""

    async def suggest(*_: object) -> list[Choice]:
        return []

    fit, _ = _fitted(registry, pack, run, suggest)
    notes = []
    for command in (declared.for_pack(pack) for declared in registry):
        shown = fitting_options(command, entries=fit.entries)
        missing = [option.name for option in command.options if option.parameter and option not in shown]
        if missing and fit.entries:
            notes.append(
                f"Discord's “{command.name}” leaves out {', '.join(missing)}: it takes {limits.OPTIONS} options, "
                "with names of up to 32 characters that no other option has"
            )
        elif missing:
            notes.append(
                f"Discord's “{command.name}” leaves out the pack's own options, because they'd take it over "
                f"{limits.COMMAND_TEXT:,} characters: use shorter names"
            )
    return notes


def _build(
    summaries: Mapping[str, str],
    commands: Sequence[CommandSpec],
    choices: Choices,
    fit: Fit,
    run: RunCommand,
    suggest: Suggest,
) -> app_commands.Group:
    top = app_commands.Group(
        name=NAME,
        description=DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    groups = {
        name: app_commands.Group(name=name, description=cut(summary, fit.description), parent=top)
        for name, summary in summaries.items()
    }
    for command in commands:
        parent = groups[command.path[0]] if len(command.path) == 2 else top
        parent.add_command(_command(command, choices, fit, run, suggest))
    return top


def _command(
    spec: CommandSpec,
    choices: Choices,
    fit: Fit,
    run: RunCommand,
    suggest: Suggest,
) -> app_commands.Command[Any, Any, Any]:
    async def callback(interaction: Interaction, **_: Any) -> None:
        await run(interaction)

    # discord.py reads a command's options from its callback's signature, so we give the callback one.
    parameters = [
        inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction[Client])
    ]
    parameters += [_parameter(option) for option in spec.options]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # inspect looks it up there
    names = {_parameter_name(option): option for option in spec.options}
    app_commands.rename(**{name: option.name for name, option in names.items()})(callback)
    app_commands.describe(**{name: cut(option.description, fit.description) for name, option in names.items()})(
        callback
    )
    menus = {name: menu for name, option in names.items() if (menu := choices(option))}
    if menus:
        app_commands.choices(**menus)(callback)
    handler: Any = callback
    built: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=spec.path[-1], description=cut(spec.summary, fit.description), callback=handler
    )
    for name, option in names.items():
        if _has_autocomplete(option) and name not in menus:
            built.autocomplete(name)(_autocomplete(spec, option, suggest))
    return built


def _parameter_name(option: OptionSpec) -> str:
    """The option's name as a Python identifier. A pack's own may begin with a digit, or be a word of Python's."""
    return f"option_{option.name.replace('-', '_')}"


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


def _menu(option: OptionSpec, pack: Pack, max_menu_size: int) -> list[app_commands.Choice[str]]:
    """The option's closed list, if it fits a menu of `max_menu_size` characters in total; else an empty one."""
    choices = list(option.declared.choices(pack)) if option.declared.choices is not None else []
    if option.kind is OptionType.WEEKDAY:
        choices = [Choice(day.label, day.label.lower()) for day in Weekday]
    if len(choices) > limits.CHOICES or any(size(choice.value) > limits.CHOICE_TEXT for choice in choices):
        return []
    if sum(size(choice.label) + size(choice.value) for choice in choices) > max_menu_size:
        return []
    return [app_commands.Choice(name=cut(choice.label, limits.CHOICE_TEXT), value=choice.value) for choice in choices]


def _has_autocomplete(option: OptionSpec) -> bool:
    open_list = option.kind in (
        OptionType.DATE,
        OptionType.DATE_RANGE,
        OptionType.TIME,
        OptionType.ZONE,
        OptionType.WEEKDAY,
        OptionType.WEEKDAYS,
    )
    return bool(option.declared.choices or option.declared.suggest or open_list)


def _autocomplete(spec: CommandSpec, option: OptionSpec, suggest: Suggest) -> Any:
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[Any]]:
        suggestions = await suggest(interaction, spec.name, option.name, str(current))
        # Discord would refuse the whole list because of one value that is empty or too long.
        fitting = (choice for choice in suggestions if 0 < size(choice.value) <= limits.CHOICE_TEXT)
        choices: list[app_commands.Choice[Any]] = [
            app_commands.Choice(
                name=cut(choice.label or choice.value, limits.CHOICE_TEXT),
                value=int(choice.value) if option.kind is OptionType.NUMBER else choice.value,
            )
            for choice in fitting
        ]
        return choices[: limits.CHOICES]

    return complete


def parse_command_data(data: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Read a subcommand's words and its options as text, except files, from an interaction's data."""
    words: list[str] = []
    options = data.get("options") or []
    while options and options[0].get("type") in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    texts = {str(option["name"]): str(option["value"]) for option in options if option.get("type") != ATTACHMENT_OPTION}
    return " ".join(words), texts


def command_size(command: app_commands.Group) -> int:
    """The characters Discord counts: names, descriptions and values of the command and everything below it."""
    return sum(map(size, _counted_texts(command)))


def _counted_texts(command: app_commands.Group | app_commands.Command[Any, Any, Any]) -> Iterator[str]:
    yield command.name
    yield command.description
    if isinstance(command, app_commands.Group):
        for child in command.commands:
            yield from _counted_texts(child)
        return
    for parameter in command.parameters:
        yield str(parameter.display_name)
        yield str(parameter.description)
        for choice in parameter.choices or ():
            yield choice.name
            yield str(choice.value)


_COMPARED_FIELDS = (
    "name",
    "description",
    "required",
    "autocomplete",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)


def canonical_form(command: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a command payload that matter, in an order of ours, to compare it with Discord's copy."""
    # Discord adds fields of its own and reorders lists; neither is a change.
    form = {name: command[name] for name in _COMPARED_FIELDS if command.get(name)}
    form["type"] = command.get("type", 1)
    form["choices"] = [(choice["name"], choice["value"]) for choice in command.get("choices") or ()]
    form["options"] = [canonical_form(option) for option in command.get("options") or ()]
    form["contexts"] = sorted(command.get("contexts") or ())
    form["installs"] = sorted(command.get("integration_types") or ())
    return form
