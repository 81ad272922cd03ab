"""`/mentor` for everyone and `/mentor-admin` for admins, as Discord registers them and as their interactions come back.

Both follow from the command declarations alone. Values from a role pack are suggested while people type, so no pack can make a
command too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from discord import AppCommandOptionType, AppCommandType, ChannelType, Permissions

from mentorbot.adapters.discord import context_menus, limits, translations
from mentorbot.adapters.discord.markup import cut, size
from mentorbot.chat.cards import Choice
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry

NAME, ADMIN_NAME = "mentor", "mentor-admin"
DESCRIPTION = "Ask your mentor"
ADMIN_DESCRIPTION = "Set up mentorbot in this server"
_ADMIN_GROUP = "admin"
"""Its commands are directly below `/mentor-admin`."""
_IN_SERVER, _IN_DM, _IN_PRIVATE = 0, 1, 2
"""Contexts: A#application-command-object-application-command-contexts, see limits.py."""
_ON_SERVER, _ON_USER = 0, 1
"""Places an application is installed in: https://docs.discord.com/developers/resources/application#application-object"""
_SUBCOMMAND, _GROUP = AppCommandOptionType.subcommand.value, AppCommandOptionType.subcommand_group.value
_OPTION_TYPES: Mapping[OptionType, AppCommandOptionType] = {
    OptionType.NUMBER: AppCommandOptionType.integer,
    OptionType.PERSON: AppCommandOptionType.user,
    OptionType.CHANNEL: AppCommandOptionType.channel,
    OptionType.ROLE: AppCommandOptionType.role,
    OptionType.FILE: AppCommandOptionType.attachment,
}
"""Types that Discord has something better for than text."""
_PICKED_CHANNELS = [
    kind.value for kind in (ChannelType.text, ChannelType.news, ChannelType.public_thread, ChannelType.forum)
]
_OPEN_LISTS = frozenset(
    {
        OptionType.DATE,
        OptionType.DATE_RANGE,
        OptionType.TIME,
        OptionType.ZONE,
        OptionType.WEEKDAY,
        OptionType.WEEKDAYS,
    }
)
Payload = dict[str, Any]


def payload(registry: Registry) -> list[Payload]:
    """Build the commands for Discord's bulk overwrite.

    `/mentor` also works in direct messages and for people who installed it for themselves; `/mentor-admin` is for servers, where
    Discord hides it from everyone without Manage Server.
    """
    shown = [command for command in registry if command.is_listed]
    return [
        _texts(NAME, DESCRIPTION)
        | {
            "type": 1,
            "options": _subcommands(registry, [command for command in shown if not command.admin]),
            "contexts": [_IN_SERVER, _IN_DM, _IN_PRIVATE],
            "integration_types": [_ON_SERVER, _ON_USER],
        },
        _texts(ADMIN_NAME, ADMIN_DESCRIPTION)
        | {
            "type": 1,
            "options": _subcommands(registry, [command for command in shown if command.admin]),
            "contexts": [_IN_SERVER],
            "integration_types": [_ON_SERVER],
            "default_member_permissions": Permissions(manage_guild=True).value,
        },
        *(_menu_command(menu) for menu in context_menus.MENUS),
    ]


def _menu_command(menu: context_menus.Menu) -> Payload:
    """An entry of the menu that opens on a message or a person. It has no description."""
    return {
        "name": menu.name,
        "name_localizations": translations.names(menu.name),
        "type": menu.kind.value,
        "contexts": [_IN_SERVER, _IN_DM, _IN_PRIVATE] if menu.everywhere else [_IN_SERVER],
        "integration_types": [_ON_SERVER, _ON_USER] if menu.everywhere else [_ON_SERVER],
    }


def _texts(name: str, description: str, key: str = "", otherwise: str = "") -> Payload:
    """A name and a description with their translations. Those of the description are under `key` or `otherwise`."""
    return {
        "name": name,
        "description": cut(description, limits.COMMAND_DESCRIPTION),
        "name_localizations": translations.names(name),
        "description_localizations": translations.descriptions(key or name, otherwise),
    }


def _subcommands(registry: Registry, commands: Sequence[CommandSpec]) -> list[Payload]:
    """Commands of one word and groups, in the order of their declaration."""
    entries: dict[str, Payload] = {}
    for command in commands:
        group, subcommand = command.path[0] if len(command.path) > 1 else "", _subcommand(command)
        if group in ("", _ADMIN_GROUP):
            entries[command.path[-1]] = subcommand
            continue
        entry = entries.setdefault(group, _texts(group, registry.groups[group]) | {"type": _GROUP, "options": []})
        entry["options"].append(subcommand)
    return list(entries.values())


def _subcommand(command: CommandSpec) -> Payload:
    options = [_option(command, option) for option in shown_options(command)]
    return _texts(command.path[-1], command.summary, command.name) | {"type": _SUBCOMMAND, "options": options}


def shown_options(command: CommandSpec) -> list[OptionSpec]:
    """List the options people type. Values only buttons carry are left out, and so are those a pack has: a form asks for them."""
    typed = [option for option in command.options if option.is_typed and option.declared.per_entry is None]
    has_form = any(option.declared.per_entry is not None for option in command.options)
    listed = [option for option in typed if not option.declared.unlisted]
    return [option for option in listed if not (has_form and option.declared.keyword_only)]


def _option(command: CommandSpec, option: OptionSpec) -> Payload:
    kind = _OPTION_TYPES.get(option.kind, AppCommandOptionType.string)
    shown = _texts(option.name, option.description, f"{command.name} {option.name}", option.name) | {
        "type": kind.value,
        "required": option.required,
    }
    if kind is AppCommandOptionType.integer:
        bounds = {"min_value": option.declared.low, "max_value": option.declared.high}
        completed = {"autocomplete": True} if _is_completed(option) else {}
        return shown | {name: value for name, value in bounds.items() if value is not None} | completed
    if kind is AppCommandOptionType.channel:
        return shown | {"channel_types": _PICKED_CHANNELS}
    if kind is not AppCommandOptionType.string:
        return shown
    if _is_completed(option):
        return shown | {"autocomplete": True}
    return shown | {"min_length": 1, "max_length": min(option.declared.max_length, limits.OPTION_LENGTH)}


def _is_completed(option: OptionSpec) -> bool:
    declared = option.declared
    return bool(declared.choices or declared.suggest or declared.complete) or option.kind in _OPEN_LISTS


class Invocation(NamedTuple):
    """A command as someone entered it: its line, and its options as text. `focused` names the one they're typing.

    `counts` is True if that one takes whole numbers only.
    """

    line: str
    options: dict[str, str]
    focused: str = ""
    counts: bool = False


def parse(data: Mapping[str, Any], guild: str = "") -> Invocation:
    """Read a command from an interaction's data, also one that isn't registered any more. Files are left out."""
    if data.get("type", AppCommandType.chat_input.value) != AppCommandType.chat_input.value:
        return Invocation(*context_menus.parse(data, guild))
    words, options = [], data.get("options") or []
    while options and options[0].get("type") in (_SUBCOMMAND, _GROUP):
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    if data.get("name") == ADMIN_NAME and len(words) == 1:
        words.insert(0, _ADMIN_GROUP)
    resolved = data.get("resolved") or {}
    texts = {
        str(option["name"]): _text(option, resolved)
        for option in options
        if option.get("type") != AppCommandOptionType.attachment.value
    }
    focused: Mapping[str, Any] = next((option for option in options if option.get("focused")), {})
    counts = focused.get("type") == AppCommandOptionType.integer.value
    return Invocation(" ".join(words), texts, str(focused.get("name", "")), counts)


def typed_line(text: str) -> str:
    """Read a message that begins with `/mentor-admin`, typed out, as the line it means; any other stays as it is."""
    match = _TYPED_ADMIN.match(text)
    if match is None:
        return text
    return match[1] if match[1].lower().startswith("tips") else f"{_ADMIN_GROUP} {match[1]}"


_TYPED_ADMIN = re.compile(rf"\s*/?{ADMIN_NAME}\s+(.*)", re.DOTALL | re.IGNORECASE)


def _text(option: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    """An option's value as people could have typed it: who or what was picked from a list is a mention."""
    value = str(option.get("value", ""))
    if option.get("type") == AppCommandOptionType.user.value:
        return f"<@{value}>"
    if option.get("type") == AppCommandOptionType.role.value:
        return f"<@&{value}>"
    if option.get("type") == AppCommandOptionType.channel.value:
        name = str((resolved.get("channels") or {}).get(value, {}).get("name", ""))
        return f"<#{value}|{name.translate(_NOT_IN_MENTIONS)}>" if name else f"<#{value}>"
    return value


_NOT_IN_MENTIONS = str.maketrans(dict.fromkeys("<>|", " "))


def suggestions(choices: Sequence[Choice], *, counts: bool = False) -> list[Payload]:
    """Make the list Discord shows while someone types; `counts`: an option that takes whole numbers.

    Discord would refuse the whole list because of one unusable value.
    """
    usable = (choice for choice in choices if 0 < size(choice.value) <= limits.CHOICE_TEXT)
    listed = [
        {
            "name": cut(choice.label or choice.value, limits.CHOICE_TEXT),
            "value": int(choice.value) if counts else choice.value,
        }
        for choice in usable
        if not counts or choice.value.isdecimal()
    ]
    return listed[: limits.CHOICES]


def command_size(command: Payload) -> int:
    """The characters Discord counts: of each name and description, the longest translation."""
    own = sum(
        max(map(size, [command.get(name, ""), *(command.get(f"{name}_localizations") or {}).values()]))
        for name in ("name", "description")
    )
    return own + sum(map(command_size, command.get("options", ())))


_COMPARED_FIELDS = (
    "name",
    "description",
    "name_localizations",
    "description_localizations",
    "required",
    "autocomplete",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)


def canonical_form(command: Mapping[str, Any]) -> Payload:
    """The parts of a command payload that matter, in an order of ours, to compare it with Discord's copy."""
    # Discord adds fields of its own and reorders lists; neither is a change.
    form = {name: command[name] for name in _COMPARED_FIELDS if command.get(name)}
    form["type"] = command.get("type", 1)
    # Discord's description takes a number; it returns a text.
    form["permissions"] = int(command.get("default_member_permissions") or 0)
    form["options"] = [canonical_form(option) for option in command.get("options") or ()]
    form["channel_types"] = sorted(command.get("channel_types") or ())
    form["contexts"] = sorted(command.get("contexts") or ())
    form["installs"] = sorted(command.get("integration_types") or ())
    return form


def canonical_forms(commands: Sequence[Mapping[str, Any]]) -> list[Payload]:
    """The canonical forms of some commands, in an order of ours."""
    return sorted(map(canonical_form, commands), key=lambda form: (form["type"], form["name"]))


def mentions(registered: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Map the names of commands to mentions that people can tap, from the commands as Discord returns them."""
    found = {}
    for command in registered:
        for path in _paths(command):
            name = parse({"name": command["name"], "options": _nested(path)}).line
            found[name] = f"</{' '.join((command['name'], *path))}:{command['id']}>"
    return found


def _paths(command: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for option in command.get("options") or ():
        if option["type"] == _SUBCOMMAND:
            yield (*before, option["name"])
        elif option["type"] == _GROUP:
            yield from _paths(option, (*before, option["name"]))


def _nested(path: tuple[str, ...]) -> list[Payload]:
    """Write a path as an interaction has it."""
    inner: list[Payload] = []
    for depth, word in enumerate(reversed(path)):
        inner = [{"type": _GROUP if depth else _SUBCOMMAND, "name": word, "options": inner}]
    return inner


def all_texts(commands: Sequence[Payload]) -> Iterator[Payload]:
    """Every command, group, subcommand and option of a payload."""
    for command in commands:
        yield command
        yield from all_texts(command.get("options", ()))
