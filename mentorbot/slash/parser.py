"""The text grammar: words, "quotes" and name:value, in any order, as typed after the registry's prefix.

`parse_command` finds the command and `ParsedCommand.options` binds the other words to its options, still as text;
`converters.read` turns each text into a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mentorbot.errors import BadValue, NotUnderstood
from mentorbot.slash.choices import did_you_mean, nearest, short
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import Token, clean, format_line, tokens_of

MAX_LINE_LENGTH = 4000
"""Characters in one command. Discord's option and Slack's text input stop near here too."""
_MAX_WORDS_PER_VALUE = 6
"""“the 2nd of December” or “America/Argentina/Buenos Aires” fit; trying longer runs would only cost time."""
_MAX_SUGGESTIONS = 3
_MIN_FALLBACK_LENGTH, _MAX_FALLBACK_LENGTH = 3, 200
"""Characters of a line that's worth offering to the fallback command, and still fits on a button."""


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A line whose command is known and whose other tokens aren't bound to options yet."""

    command: CommandSpec
    tokens: list[Token]
    line: str
    prefix: str

    def options(self, context: ParseContext) -> dict[str, str]:
        """Bind the tokens to the command's options and return the text of each option given.

        Raises:
            BadValue: an option is unknown or given twice.
            NotUnderstood: words are left over.
        """
        return _OptionBinder(self, context).bind()


def parse_command(registry: Registry, line: str, context: ParseContext) -> ParsedCommand:
    """Find the command that `line` calls. The registry's prefix may stand in front of it.

    Raises:
        NotUnderstood: there's no such command, or a quote isn't closed.
        BadValue: the line is too long.
    """
    if len(line) > MAX_LINE_LENGTH:
        raise BadValue(f"That is {len(line):,} characters; I read at most {MAX_LINE_LENGTH:,}. Send a shorter text.")
    line = _without_prefix(registry, clean(line))
    command, tokens = _find_command(registry, tokens_of(line), context, line)
    return ParsedCommand(command.for_pack(context.pack), tokens, line, registry.prefix)


def _without_prefix(registry: Registry, line: str) -> str:
    if not registry.prefix:
        return line
    return re.sub(rf"^\s*{re.escape(registry.prefix)}\b", "", line, flags=re.IGNORECASE)


def _find_command(
    registry: Registry, tokens: list[Token], context: ParseContext, line: str
) -> tuple[CommandSpec, list[Token]]:
    """Return the command that the first tokens name, and the tokens after them."""
    word = _command_word(tokens[0]) if tokens else registry.default_command
    two_words = tuple(_command_word(token) for token in tokens[:2])
    if (word,) not in registry.commands and (renamed := registry.find(two_words)):
        return renamed, tokens[2:]
    if command := registry.find((word,)):
        return command, tokens[1:]
    if word not in registry.groups:
        raise _unknown_command(registry, word, (), line)
    return _find_in_group(registry, word, tokens, context, line)


def _find_in_group(
    registry: Registry, group: str, tokens: list[Token], context: ParseContext, line: str
) -> tuple[CommandSpec, list[Token]]:
    """Return the command of `group` that the second token names; without such a word, the group's first command."""
    children = registry.children((group,))
    first = registry.commands[(group, children[0])]
    if len(tokens) < 2 or tokens[1].name is not None:
        return first, tokens[1:]
    child = _command_word(tokens[1])
    if child in children:
        return registry.commands[(group, child)], tokens[2:]
    # A value of the first command may follow the group directly: “tips monday” is “tips here monday”.
    if any(accepts(option, tokens[1].text, context) for option in first.options if not option.declared.greedy):
        return first, tokens[1:]
    raise _unknown_command(registry, child, (group,), line)


def _command_word(token: Token) -> str:
    """Return the token as a command's word; empty if it's quoted or named, since no command looks like that."""
    return "" if token.quoted or token.name else token.text.lower()


def _unknown_command(registry: Registry, word: str, parent: tuple[str, ...], line: str) -> NotUnderstood:
    """Build the error, whose suggestions are the line with a likely command in it, and the line as the fallback's text."""
    choices, likely = registry.children(parent), _likely_commands(registry, word, parent)
    other_words = line.strip().split(None, len(parent) + 1)[len(parent) + 1 :]
    suggestions = [" ".join((name, *other_words)) for name in likely]
    if not parent:
        suggestions += _fallback_line(registry, line.strip())
    guess = did_you_mean(*(f"“{name}”" for name in likely))
    listed = ", ".join(" ".join((*parent, choice)) for choice in choices)
    return NotUnderstood(
        f"I do not know “{short(word or line.strip(), 40)}”.{guess} I know: {listed}.", suggestions=suggestions
    )


def _fallback_line(registry: Registry, text: str) -> list[str]:
    """Return, as a list of at most one line, the fallback command with `text` as its first option."""
    fallback = registry.commands.get((registry.fallback_command,))
    if fallback is None or not _MIN_FALLBACK_LENGTH <= len(text) <= _MAX_FALLBACK_LENGTH:
        return []
    return [format_line(fallback.path, {fallback.options[0].name: text})]


def _likely_commands(registry: Registry, word: str, parent: tuple[str, ...]) -> list[str]:
    """List commands of any group that end in `word`, like “checkin pause” for “pause”; otherwise the nearest child."""
    if not word:
        return []
    if same := [command.name for command in registry if command.path[-1] == word and not command.admin]:
        return same[:_MAX_SUGGESTIONS]
    near = nearest(word, registry.children(parent))
    return [" ".join((*parent, near))] if near else []


class _OptionBinder:
    """Binds the tokens of one line to the options of one command, the named ones first."""

    def __init__(self, parsed: ParsedCommand, context: ParseContext) -> None:
        self._command, self._line, self._prefix = parsed.command, parsed.line, parsed.prefix
        self._tokens, self._context = parsed.tokens, context
        self._greedy = next((option for option in self._command.options if option.declared.greedy), None)
        self._bound: dict[str, str] = {}

    def bind(self) -> dict[str, str]:
        """Return the text of each option given."""
        positional = self._bind_named([self._resolve_name(token) for token in self._tokens])
        unbound = self._bind_positional(positional)
        if unbound and self._greedy is not None and self._greedy.name not in self._bound:
            self._bound[self._greedy.name] = self._as_typed(unbound)
        elif unbound:
            self._bind_leftover(unbound)
        return self._bound

    def _resolve_name(self, token: Token) -> Token:
        """Turn `name:value` back into an ordinary word if the command has no such option.

        Raises:
            BadValue: the name looks like a slip for one of the options, or there's no greedy option to take the word.
        """
        if token.name is None or self._command.option(token.name):
            return token
        names = [option.name for option in self._command.options]
        near = nearest(token.name, names, cutoff=75)
        if near or self._greedy is None:
            near = near or self._only_option_accepting(token.text)
            guess = did_you_mean(f"“{near}:”" if near else None)
            listed = ", ".join(f"{name}:" for name in names) or "none"
            raise BadValue(
                f"“{self._command.name}” has no option “{token.name}:”.{guess} Its options: {listed}. "
                "To write it as ordinary text, put it in quotes."
            )
        return replace(token, name=None, text=self._line[token.start : token.end], quoted=False)

    def _only_option_accepting(self, text: str) -> str | None:
        """Name the one option that can have this value, like `at` for “time:09:00”. Free text accepts anything: not counted."""
        names = [
            option.name
            for option in self._command.options
            if not _is_free_text(option) and accepts(option, text, self._context)
        ]
        return names[0] if len(names) == 1 else None

    def _bind_named(self, tokens: list[Token]) -> list[Token]:
        """Bind every `name:value` and return the other tokens."""
        positional: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            index += 1
            option = self._command.option(token.name) if token.name else None
            if option is None:
                positional.append(token)
                continue
            if option.name in self._bound:
                raise BadValue(f"“{option.name}:” stands there twice. Keep one of them.", option=option.name)
            self._bound[option.name], used = self._extend_value(option, token, tokens[index:])
            index += used
        return positional

    def _extend_value(self, option: OptionSpec, token: Token, following: list[Token]) -> tuple[str, int]:
        """Return the value of a named token and how many of the words after it belong to it: `by:in 2 weeks`."""
        if token.quoted:
            return token.text, 0
        words = [token.text] if token.text else []
        run = next((count for count, after in enumerate(following) if after.name or after.quoted), len(following))
        free_text = _is_free_text(option)
        if free_text and self._greedy in (None, option):
            return " ".join(words + [after.text for after in following[:run]]), run
        if not free_text:
            for count in range(min(run, _MAX_WORDS_PER_VALUE), 0, -1):
                text = " ".join(words + [after.text for after in following[:count]])
                if accepts(option, text, self._context):
                    return text, count
            if words and run and not accepts(option, token.text, self._context):
                # It isn't a value at all. The next words are probably part of it, so the error should show them.
                count = min(run, 2)
                return " ".join(words + [after.text for after in following[:count]]), count
        if not words and following and not following[0].name:
            return following[0].text, 1
        return token.text, 0

    def _bind_positional(self, tokens: list[Token]) -> list[Token]:
        """Bind words without a name to the options that accept them, and return those that no option accepts."""
        unbound: list[Token] = []
        index = 0
        while index < len(tokens):
            count = self._bind_first(tokens[index:])
            if count == 0 and self._greedy is not None:
                # The first word that no option accepts starts the greedy option's text.
                return unbound + tokens[index:]
            if count == 0:
                unbound.append(tokens[index])
            index += count or 1
        return unbound

    def _bind_first(self, tokens: list[Token]) -> int:
        """Bind the longest run of leading words to the first open option that accepts it; return its length, or 0."""
        for option in self._open_options():
            for count in range(min(len(tokens), _MAX_WORDS_PER_VALUE), 0, -1):
                text = " ".join(token.text for token in tokens[:count])
                if self._accepts_run(option, text, count):
                    self._bound[option.name] = text
                    return count
        return 0

    def _accepts_run(self, option: OptionSpec, text: str, count: int) -> bool:
        """Return True if `count` words may be the option's value. Free text takes one word: more would leave none for others."""
        return count == 1 if _is_free_text(option) else accepts(option, text, self._context)

    def _open_options(self) -> list[OptionSpec]:
        """List the options without a value yet that a word without a name can mean: those before the greedy one."""
        options = []
        for option in self._command.options:
            if option.declared.greedy:
                break
            needs_name = option.declared.keyword_only or option.kind is OptionType.FILE
            if option.name not in self._bound and not needs_name:
                options.append(option)
        return options

    def _bind_leftover(self, unbound: list[Token]) -> None:
        """Bind words that fit nowhere to the first open option, so that its converter says what's wrong with them.

        Raises:
            NotUnderstood: no option is open.
        """
        options = self._open_options()
        if not options:
            extra = short(self._as_typed(unbound), 40)
            usage = f"{self._prefix} {self._command.usage}".strip()
            raise NotUnderstood(
                f"I do not know what to do with “{extra}” in “{self._command.name}”. Write: {usage}",
                suggestions=self._command.examples[:1],
            )
        self._bound[options[0].name] = self._as_typed(unbound)

    def _as_typed(self, tokens: list[Token]) -> str:
        """Return the words as they stand in the line, quotes included; a single quoted text loses its quotes."""
        if len(tokens) == 1:
            return tokens[0].text
        # A named value may have stood between two words. Only words with nothing but blanks between them are one run.
        runs: list[list[Token]] = []
        for token in tokens:
            if runs and not self._line[runs[-1][-1].end : token.start].strip():
                runs[-1].append(token)
            else:
                runs.append([token])
        return " ".join(self._line[run[0].start : run[-1].end] for run in runs)


def _is_free_text(option: OptionSpec) -> bool:
    """Return True if any text is a value of `option`."""
    return option.kind in (OptionType.TEXT, OptionType.FILE) and option.declared.choices is None
