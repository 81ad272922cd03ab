"""Completion of slash commands typed in the playground, all of it from the command declarations."""

from __future__ import annotations

from dataclasses import dataclass

from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.slash.registry import CommandSpec, OptionSpec, Registry

MAX_COMPLETIONS = 12
PREFIX = "/mentor"


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion: its label, an explanation, and the whole text once it's chosen."""

    label: str
    about: str
    text: str


async def complete(dispatcher: Dispatcher, caller: Caller, text: str) -> list[Completion]:
    """Complete `text`, best match first; nothing if it isn't a slash command."""
    if not text.startswith("/"):
        return []
    if " " not in text:
        return [Completion(PREFIX, "Ask the mentor", f"{PREFIX} ")] if PREFIX.startswith(text) else []
    if not text.startswith(f"{PREFIX} "):
        return []
    *finished_words, typed = text.removeprefix(f"{PREFIX} ").split(" ")
    path, given_words = _split_path(dispatcher.registry, [word for word in finished_words if word])
    start = f"{PREFIX} {' '.join(word for word in finished_words if word)}".rstrip() + " "
    command = dispatcher.registry.commands.get(path)
    if command is None:
        return _complete_word(dispatcher.registry, path, typed, start)
    command = command.for_pack(dispatcher.library.default)
    return await _complete_options(dispatcher, CommandRequest(caller, command.name), command, given_words, typed, start)


def _split_path(registry: Registry, words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Split `words` into a command's path (all of them, if they aren't a command yet) and the words after it."""
    for length in (2, 1):
        path = tuple(word.lower() for word in words[:length])
        if path in registry.commands:
            return path, words[length:]
    return tuple(word.lower() for word in words), []


def _complete_word(registry: Registry, path: tuple[str, ...], typed: str, start: str) -> list[Completion]:
    completions = []
    for word in registry.children(path):
        if word.startswith(typed.lower()):
            command = registry.commands.get((*path, word))
            about = command.summary if command else registry.groups[word]
            completions.append(Completion(" ".join((*path, word)), about, f"{start}{word} "))
    return completions


async def _complete_options(
    dispatcher: Dispatcher,
    request: CommandRequest,
    command: CommandSpec,
    given_words: list[str],
    typed: str,
    start: str,
) -> list[Completion]:
    name, colon, value = typed.partition(":")
    if colon and (option := command.option(name.lower())):
        return await _complete_value(dispatcher, request, option, value, f"{start}{name}:")
    unused = [
        option for option in command.options if not any(word.startswith(f"{option.name}:") for word in given_words)
    ]
    completions: list[Completion] = []
    # Words without a name fill the options in order, so the next one is for the first option they leave over.
    for index, option in enumerate(unused):
        if index >= len(given_words) - sum(":" in word for word in given_words):
            completions += await _complete_value(dispatcher, request, option, typed, start)
            break
    completions += [
        Completion(f"{option.name}:", option.description, f"{start}{option.name}:")
        for option in unused
        if f"{option.name}:".startswith(typed.lower()) and not (option.required and option.declared.greedy)
    ]
    return completions[:MAX_COMPLETIONS]


async def _complete_value(
    dispatcher: Dispatcher, request: CommandRequest, option: OptionSpec, typed: str, start: str
) -> list[Completion]:
    choices = await dispatcher.suggest(request, option.name, typed)
    return [
        Completion(choice.value, choice.label, f"{start}{_quote(choice.value)} ")
        for choice in choices[:MAX_COMPLETIONS]
    ]


def _quote(value: str) -> str:
    return f'"{value}"' if " " in value else value
