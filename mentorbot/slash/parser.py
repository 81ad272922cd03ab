"""The text grammar: words, "quotes" and name:value, in any order, as typed after `/mentor`.

`locate` finds the command, `Located.options` gives its options as text; `values.py` reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mentorbot.errors import BadValue, NotUnderstood
from mentorbot.slash.choices import nearest, short
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import Token, clean, format_line, tokens_of

MAX_LINE_LENGTH = 4000
"""Characters in one command. Discord's option and Slack's text input stop near here too."""
_LONGEST_RUN = 6
_MAX_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A line whose command is known, and whose other words still wait for their options."""

    command: CommandSpec
    tokens: list[Token]
    line: str

    def options(self, reading: ParseContext) -> dict[str, str]:
        """What was given to the command, as text.

        Raises:
            BadValue: an option is unknown or given twice.
            NotUnderstood: words are left over.
        """
        return _Assignment(self.command, self.tokens, self.line, reading).options()


def parse_command(registry: Registry, line: str, reading: ParseContext) -> ParsedCommand:
    """Find the command of `line` (what stands after `/mentor`; a leading `/mentor` is dropped).

    Raises:
        NotUnderstood: there is no such command, or a quote is left open.
        BadValue: the line is too long.
    """
    if len(line) > MAX_LINE_LENGTH:
        raise BadValue(f"That is {len(line):,} characters; I read at most {MAX_LINE_LENGTH:,}. Send a shorter text.")
    line = re.sub(r"^\s*/mentor\b", "", clean(line), flags=re.IGNORECASE)
    command, rest = _command(registry, tokens_of(line), reading, line)
    return ParsedCommand(command.for_pack(reading.pack), rest, line)


def _command(
    registry: Registry, tokens: list[Token], reading: ParseContext, line: str
) -> tuple[CommandSpec, list[Token]]:
    if not tokens:
        return registry.commands[("help",)], []
    word = _word(tokens[0])
    if (word,) in registry.commands:
        return registry.commands[(word,)], tokens[1:]
    if word not in registry.groups:
        raise _unknown(registry, word, (), line)
    return _in_group(registry, word, tokens, reading, line)


def _in_group(
    registry: Registry, group: str, tokens: list[Token], reading: ParseContext, line: str
) -> tuple[CommandSpec, list[Token]]:
    children = registry.children((group,))
    first = registry.commands[(group, children[0])]
    if len(tokens) == 1 or tokens[1].name is not None:
        return first, tokens[1:]
    child = _word(tokens[1])
    if child in children:
        return registry.commands[(group, child)], tokens[2:]
    if any(accepts(option, tokens[1].text, reading) for option in first.options if not option.about.greedy):
        return first, tokens[1:]
    raise _unknown(registry, child, (group,), line)


def _word(token: Token) -> str:
    return "" if token.quoted or token.name else token.text.lower()


def _unknown(registry: Registry, word: str, parent: tuple[str, ...], line: str) -> NotUnderstood:
    """What to type instead: the command that is meant with the rest of the line kept, or the line as a question."""
    choices, meant = registry.children(parent), _meant(registry, word, parent)
    rest = line.strip().split(None, len(parent) + 1)[len(parent) + 1 :]
    tries = [" ".join((name, *rest)) for name in meant]
    if not parent and 3 <= len(line.strip()) <= 200:
        tries.append(format_line(("ask",), {"question": line.strip()}))
    guess = f" Did you mean {' or '.join(f'“{name}”' for name in meant)}?" if meant else ""
    listed = ", ".join(" ".join((*parent, choice)) for choice in choices)
    return NotUnderstood(
        f"I do not know “{short(word or line.strip(), 40)}”.{guess} I know: {listed}.", suggestions=tries
    )


def _meant(registry: Registry, word: str, parent: tuple[str, ...]) -> list[str]:
    """Commands of other groups that end in this word, as “checkin pause” does in “pause”; else the nearest one here."""
    if not word:
        return []
    if same := [command.name for command in registry if command.path[-1] == word and not command.admin]:
        return same[:_MAX_SUGGESTIONS]
    near = nearest(word, registry.children(parent))
    return [" ".join((*parent, near))] if near else []


class _Assignment:
    """Gives the tokens of one line to the options of one command."""

    def __init__(self, command: CommandSpec, tokens: list[Token], line: str, reading: ParseContext) -> None:
        self._command, self._line, self._reading = command, line, reading
        self._rest = next((option for option in command.options if option.about.greedy), None)
        self._given: dict[str, str] = {}
        self._bare: list[Token] = []
        self._take_named([self._resolved(token) for token in tokens])

    def options(self) -> dict[str, str]:
        left = self._take_positional(self._bare)
        if left and self._rest is not None and self._rest.name not in self._given:
            self._given[self._rest.name] = self._raw(left)
        elif left:
            self._take_leftover(left)
        return self._given

    def _resolved(self, token: Token) -> Token:
        """A token whose name is not an option of this command is a word like any other, unless it looks like a slip."""
        if token.name is None or self._command.option(token.name):
            return token
        names = [option.name for option in self._command.options]
        near = nearest(token.name, names, cutoff=75)
        if near or self._rest is None:
            near = near or self._taken_by(token.text)
            guess = f" Did you mean “{near}:”?" if near else ""
            listed = ", ".join(f"{name}:" for name in names) or "none"
            raise BadValue(
                f"“{self._command.name}” has no option “{token.name}:”.{guess} Its options: {listed}. "
                "To write it as ordinary text, put it in quotes."
            )
        return replace(token, name=None, text=self._line[token.start : token.end], quoted=False)

    def _taken_by(self, text: str) -> str | None:
        """The one option that a value can only be meant for, as `at` is for “time:09:00”."""
        exact = (
            option for option in self._command.options if option.kind is not OptionType.TEXT or option.about.choices
        )
        takers = [
            option.name
            for option in exact
            if option.kind is not OptionType.FILE and accepts(option, text, self._reading)
        ]
        return takers[0] if len(takers) == 1 else None

    def _named(self, name: str) -> OptionSpec:
        return next(option for option in self._command.options if option.name == name)

    def _take_named(self, tokens: list[Token]) -> None:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            place += 1
            if token.name is None:
                self._bare.append(token)
                continue
            option = self._named(token.name)
            if option.name in self._given:
                raise BadValue(f"“{option.name}:” stands there twice. Keep one of them.", option=option.name)
            text, taken = self._extended(option, token, tokens[place:])
            self._given[option.name] = text
            place += taken

    def _extended(self, option: OptionSpec, token: Token, following: list[Token]) -> tuple[str, int]:
        """The value of a named token, with the bare words after it that belong to it: `by:in 2 weeks`."""
        if token.quoted:
            return token.text, 0
        words = [token.text] if token.text else []
        bare = next((count for count, after in enumerate(following) if after.name or after.quoted), len(following))
        free_text = option.kind in (OptionType.TEXT, OptionType.FILE) and option.about.choices is None
        if free_text and self._rest in (None, option):
            return " ".join(words + [after.text for after in following[:bare]]), bare
        if not free_text:
            for count in range(min(bare, _LONGEST_RUN), 0, -1):
                text = " ".join(words + [after.text for after in following[:count]])
                if accepts(option, text, self._reading):
                    return text, count
            if words and bare and not accepts(option, token.text, self._reading):
                # No value at all: the words after it are likely to be a part of it, and the error should show them.
                count = min(bare, 2)
                return " ".join(words + [after.text for after in following[:count]]), count
        if not words and following and not following[0].name:
            return following[0].text, 1
        return token.text, 0

    def _take_positional(self, tokens: list[Token]) -> list[Token]:
        """Give bare words to the options that accept them; what no option accepts is left."""
        left: list[Token] = []
        place = 0
        while place < len(tokens):
            count = self._place(tokens[place:])
            if count == 0 and self._rest is not None:
                return left + tokens[place:]
            if count == 0:
                left.append(tokens[place])
            place += count or 1
        return left

    def _place(self, tokens: list[Token]) -> int:
        """Give the first words to the first free option that accepts them; how many were taken."""
        for option in self._free():
            for count in range(min(len(tokens), _LONGEST_RUN), 0, -1):
                text = " ".join(token.text for token in tokens[:count])
                if self._fits(option, text, count):
                    self._given[option.name] = text
                    return count
        return 0

    def _fits(self, option: OptionSpec, text: str, count: int) -> bool:
        if option.kind is OptionType.TEXT and option.about.choices is None:
            return count == 1
        return accepts(option, text, self._reading)

    def _free(self) -> list[OptionSpec]:
        """Options without a value yet that a bare word can mean: those before the one that takes the rest."""
        free = []
        for option in self._command.options:
            if option.about.greedy:
                break
            named_only = option.about.keyword_only or option.kind is OptionType.FILE
            if option.name not in self._given and not named_only:
                free.append(option)
        return free

    def _take_leftover(self, left: list[Token]) -> None:
        """Words that fit nowhere go to the first free option, whose reader then says what is wrong with them."""
        free = self._free()
        if not free:
            extra = short(self._raw(left), 40)
            raise NotUnderstood(
                f"I do not know what to do with “{extra}” in “{self._command.name}”. Write: /mentor {self._command.usage}",
                suggestions=self._command.examples[:1],
            )
        self._given[free[0].name] = self._raw(left)

    def _raw(self, tokens: list[Token]) -> str:
        """The words as typed, quotes and all; one quoted text loses its quotes."""
        if len(tokens) == 1:
            return tokens[0].text
        runs: list[list[Token]] = []
        for token in tokens:
            if runs and not self._line[runs[-1][-1].end : token.start].strip():
                runs[-1].append(token)
            else:
                runs.append([token])
        return " ".join(self._line[run[0].start : run[-1].end] for run in runs)
