"""What to offer while somebody types a slash command in the playground. Everything comes from the declarations."""

from __future__ import annotations

from dataclasses import dataclass

from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.slash.registry import CommandSpec, OptionSpec, Registry

MAX_OFFERS = 12
PREFIX = "/mentor"


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion: what is shown, what it means, and the whole text once it is taken."""

    label: str
    about: str
    text: str


async def complete(dispatcher: Dispatcher, caller: Caller, text: str) -> list[Completion]:
    """Completions of `text` as it stands, best first; none when it is no slash command."""
    if not text.startswith("/"):
        return []
    if " " not in text:
        return [Completion(PREFIX, "Ask the mentor", f"{PREFIX} ")] if PREFIX.startswith(text) else []
    if not text.startswith(f"{PREFIX} "):
        return []
    *whole, typed = text.removeprefix(f"{PREFIX} ").split(" ")
    path, given = _split(dispatcher.registry, [word for word in whole if word])
    start = f"{PREFIX} {' '.join(word for word in whole if word)}".rstrip() + " "
    command = dispatcher.registry.commands.get(path)
    if command is None:
        return _words(dispatcher.registry, path, typed, start)
    command = command.for_pack(dispatcher.library.default)
    return await _options(dispatcher, CommandRequest(caller, command.name), command, given, typed, start)


def _split(registry: Registry, words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    for length in (2, 1):
        path = tuple(word.lower() for word in words[:length])
        if path in registry.commands:
            return path, words[length:]
    return tuple(word.lower() for word in words), []


def _words(registry: Registry, path: tuple[str, ...], typed: str, start: str) -> list[Completion]:
    offers = []
    for word in registry.children(path):
        if word.startswith(typed.lower()):
            command = registry.commands.get((*path, word))
            about = command.summary if command else registry.groups[word]
            offers.append(Completion(" ".join((*path, word)), about, f"{start}{word} "))
    return offers[: 2 * MAX_OFFERS]


async def _options(
    dispatcher: Dispatcher, request: CommandRequest, command: CommandSpec, given: list[str], typed: str, start: str
) -> list[Completion]:
    name, colon, value = typed.partition(":")
    if colon and (option := command.option(name.lower())):
        return await _values(dispatcher, request, option, value, f"{start}{name}:")
    free = [option for option in command.options if not any(word.startswith(f"{option.name}:") for word in given)]
    offers: list[Completion] = []
    for position, option in enumerate(free):
        if position >= len(given) - sum(":" in word for word in given):
            offers += await _values(dispatcher, request, option, typed, start)
            break
    offers += [
        Completion(f"{option.name}:", option.description, f"{start}{option.name}:")
        for option in free
        if f"{option.name}:".startswith(typed.lower()) and not (option.required and option.declared.greedy)
    ]
    return offers[:MAX_OFFERS]


async def _values(
    dispatcher: Dispatcher, request: CommandRequest, option: OptionSpec, typed: str, start: str
) -> list[Completion]:
    found = await dispatcher.suggest(request, option.name, typed)
    return [
        Completion(choice.value, choice.label, f"{start}{_as_typed(choice.value)} ") for choice in found[:MAX_OFFERS]
    ]


def _as_typed(value: str) -> str:
    return f'"{value}"' if " " in value else value
