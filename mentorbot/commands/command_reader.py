"""Texts read as commands, as typed, with a slip, or without their group."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import Lexicon
from mentorbot.commands.runner import PROMPT
from mentorbot.commands.wording import STARTS_QUESTION
from mentorbot.errors import BadValue, NotUnderstood, PersonError
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import find_choice, nearest
from mentorbot.slash.converters import DATED, read
from mentorbot.slash.intents import COMMON_WORDS, word_spans
from mentorbot.slash.parser import ParsedCommand, parse_command
from mentorbot.slash.registry import CommandSpec, OptionType
from mentorbot.slash.tokenizer import tokens_of

_ADDRESS = re.compile(r"^\s*[/@]?mentor(?:bot)?\b[\s,:]*", re.IGNORECASE)
"""The bot's name in front of what's asked."""
_TO_SOMEONE = re.compile(
    r"(?:(?:me|us|again|him|her|them|later)\b|@?[\w'’-]+ to (?:be(?:come)? (?:my|a) mentor|mentor me)\b)", re.IGNORECASE
)
_NAMES_VALUE = re.compile(r"\b[a-z][a-z-]*:\S", re.IGNORECASE)
"""A value with a name: nobody says “mlops:2”, so the line is a command."""
_NAMING_WORDS = 2
"""Words that name a command for certain: a sentence begins with one by chance, not with two."""
MAX_SLIP_WORDS = 4
"""Words of a text that may be a command with a slip; a longer one is a sentence."""
_MIN_SLIP_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read as a command: what it is, or what's wrong with it; neither if it isn't one.

    It's `named` if its first two words are a command's, and `certain` if it can be nothing else.
    """

    heard: Heard | None = None
    problem: PersonError | None = None
    command: CommandSpec | None = None
    certain: bool = False
    named: bool = False

    @property
    def is_command(self) -> bool:
        """True if it names a command at all."""
        return self.heard is not None or self.problem is not None

    @property
    def is_slip(self) -> bool:
        """True if it only begins like a command, and the rest is no value for it."""
        return self.problem is not None and not self.named

    def result(self) -> Heard:
        """Return what it is.

        Raises:
            PersonError: it can't be read; the message says what to type instead.
        """
        if self.heard is None:
            raise self.problem or NotUnderstood("")
        return self.heard


class CommandReader:
    """Reads texts as the commands they name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._first_words = sorted({path[0] for path in lexicon.registry.commands} | set(lexicon.registry.groups))

    async def read(self, text: str, around: Surroundings) -> Reading:
        """Read `text` as a command, as far as it is one.

        It's certain if every word was understood, or if it names a command by two words. A sentence that only begins with a
        command's word isn't one: “help me, I'm lost” names no command to be helped with.
        """
        reading = Reading()
        for line in dict.fromkeys((text, _ADDRESS.sub("", text))):
            try:
                parsed = parse_command(self._lexicon.registry, line, around.rough)
            except NotUnderstood:
                continue
            except BadValue as error:
                return Reading(problem=error, certain=True)
            named = parsed.words >= _NAMING_WORDS
            try:
                understood, leftover = await self._bound(parsed, around)
            except BadValue as error:
                typed = named or _NAMES_VALUE.search(line) is not None
                reading = Reading(None, error, parsed.command, typed, typed)
                continue
            hearing = Hearing.OFFER if leftover else Hearing.RUN
            fits = not leftover and await self._fits(understood, around)
            heard = Heard(hearing, (understood,), leftover=leftover)
            if not named and len(line.split()) > MAX_SLIP_WORDS and not _chooses(understood, around.rough.pack):
                continue  # “start without me, I'll be late” starts nothing
            if self._lexicon.is_declared(line) and not _chooses(understood, around.rough.pack, is_exact=True):
                continue  # and “start over” starts nothing called “over”
            reading = Reading(heard, None, parsed.command, fits or (named and not leftover), named)
            break
        return reading

    async def _bound(self, parsed: ParsedCommand, around: Surroundings) -> tuple[Understood, str]:
        dated = any(option.kind in DATED for option in parsed.command.options)
        context = await around.local() if dated else around.rough
        binding = parsed.bind(context)
        for option in parsed.command.options:
            value = binding.raw.get(option.name, PROMPT) if option.kind is OptionType.NUMBER else PROMPT
            if not (value.startswith(PROMPT) or any(map(str.isdigit, value))):
                read(option, value, context)  # “interview questions” has no number in it
        return Understood(parsed.command, binding.raw), binding.leftover

    async def _fits(self, understood: Understood, around: Surroundings) -> bool:
        """Return False if some words an option took are none of the values it's for: “start rag next week” is no `start`."""
        if not _chooses(understood, around.rough.pack):
            return False
        greedy = next((option for option in understood.command.options if option.declared.greedy), None)
        if greedy is None or greedy.name not in understood.raw:
            return True
        if understood.command.path == (self._lexicon.registry.fallback_command,) and (
            _TO_SOMEONE.match(understood.raw[greedy.name])
            or await self._is_to_contact(understood.raw[greedy.name], around)
        ):
            return False  # “ask me again tomorrow” and “ask Ben whether he's free” are no questions
        if greedy.declared.suggest is None:
            return True
        choices, text = await around.own_values(greedy), understood.raw[greedy.name]
        return find_choice(text, choices) is not None

    async def _is_to_contact(self, text: str, around: Surroundings) -> bool:
        """Return True if a text begins with someone the caller knows, e.g. their mentor."""
        words = [text[start:end].lower() for start, end in word_spans(text)[:2]]
        people = self._lexicon.options.get("contacts")
        if people is None or not words or STARTS_QUESTION.match(text):
            return False
        names = {name for choice in await around.own_values(people) for name in choice.label.lower().split()}
        return words[0] in names

    async def with_slip_mended(self, text: str, around: Surroundings) -> Heard | None:
        """Read `text` as the command it is but for a slip in one of its first two words."""
        words = _ADDRESS.sub("", text).split()
        for position in range(min(2, len(words))):
            word = words[position].lower()
            known = self._first_words if position == 0 else self._lexicon.registry.children((words[0].lower(),))
            near = (
                nearest(word, known, cutoff=75) if len(word) > _MIN_SLIP_LENGTH and word not in COMMON_WORDS else None
            )
            if near is None or near == word:
                continue
            mended = " ".join((*words[:position], near, *words[position + 1 :]))
            reading = await self.read(mended, around)
            if reading.heard is not None and reading.certain:
                hearing = Hearing.OFFER if reading.heard.commands[0].command.writes else Hearing.RUN
                return Heard(hearing, reading.heard.commands, misread=word)
        return None

    async def with_group_added(self, text: str, around: Surroundings) -> Heard | None:
        """Read a command that lacks its group, like “pause until:2026-12-20”; a lone word only if it'd be offered."""
        line = _ADDRESS.sub("", text)
        tokens = tokens_of(line)
        word = tokens[0].text.lower() if tokens and not tokens[0].name else ""
        same = [command for command in self._lexicon.registry if command.path[-1] == word]
        same = [command for command in same if not command.admin] or same
        if len(same) != 1 or (same[0].admin and not await around.is_admin()):
            return None
        is_line = any(token.name and same[0].option(token.name) for token in tokens)
        if not is_line and (len(tokens) > 1 or not (same[0].writes or same[0].admin)):
            return None
        reading = await self.read(f"{same[0].path[0]} {line}", around)
        if reading.heard is None or not reading.certain:
            return None
        if not same[0].writes:
            return Heard(Hearing.RUN, reading.heard.commands)
        it = await self._lexicon.with_it(reading.heard.commands[0], line, around, is_complete=len(tokens) == 1)
        return Heard(Hearing.OFFER, (it,))


def _chooses(understood: Understood, pack: Pack, *, is_exact: bool = False) -> bool:
    """Return False if an option with choices has words that are none of them; a word that's all there is may be a slip."""
    chosen = ((option.declared.choices, understood.raw.get(option.name, "")) for option in understood.command.options)
    alone = len(understood.raw) == 1
    return not any(
        choices
        and text
        and not (alone and " " not in text and not is_exact)
        and find_choice(text, choices(pack)) is None
        for choices, text in chosen
    )
