"""The text grammar: words, "quotes" and name:value, in any order, as typed after the registry's prefix.

`parse_command` finds the command and `ParsedCommand.bind` binds the other words to its options, still as text; `converters.read`
turns each text into a value. A word never lands in an option it wasn't meant for: what no option takes is left over.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from mentorbot.errors import BadValue, Impossible, NotUnderstood
from mentorbot.slash.choices import did_you_mean, find_choice, nearest, short
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.date_patterns import LEADERS
from mentorbot.slash.dates import read_range
from mentorbot.slash.numbers import names_unit
from mentorbot.slash.registry import FREE_TEXT, CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import Token, clean, format_line, tokens_of

MAX_LINE_LENGTH = 4000
"""Characters in one command. Discord's option and Slack's text input stop near here too."""
_MAX_WORDS_PER_VALUE = 6
"""“the 2nd of December” or “America/Argentina/Buenos Aires” fit; trying longer runs would only cost time."""
_MAX_LEFTOVER_WORDS, _MAX_TRIED_WORDS = 4, 40
"""Words no option takes until the rest isn't tried any more, and words until none is: that's a text, not a command.
So reading a line takes a few milliseconds, whatever is in it."""
_MAX_SUGGESTIONS = 3
_PREFIX_CUTOFF = 75
"""The least likeness (0 to 100) of a word that counts as a slip of the prefix."""
_MIN_FALLBACK_LENGTH, _MAX_FALLBACK_LENGTH = 3, 200
"""Characters of a line that's worth offering to the fallback command, and still fits on a button."""


_LASTING = frozenset({"for", "away"})
"""Names of an option for days that say how long something lasts; any other, like “until”, says when it's over."""
_FUNCTION = "a an and at for from i in is it me my of on or please pls so that the then this to with"
_FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words that carry nothing by themselves, so one that's left over changes nothing."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The words of a line as the options of its command.

    `raw` is the text of each option given, by name; `leftover` are the words no option takes, as typed.
    """

    raw: dict[str, str]
    leftover: str = ""


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A line whose command is known and whose other tokens aren't bound to options yet.

    `words` is the number of those that name it, the prefix included.
    """

    command: CommandSpec
    words: int
    tokens: list[Token]
    line: str
    prefix: str

    def bind(self, context: ParseContext) -> Binding:
        """Bind the tokens to the command's options.

        Raises:
            BadValue: an option is unknown or given twice.
        """
        return _OptionBinder(self, context).bind()

    def options(self, context: ParseContext) -> dict[str, str]:
        """Bind the tokens to the command's options and return the text of each option given.

        Raises:
            BadValue: an option is unknown or given twice.
            NotUnderstood: words are left over.
        """
        binding = self.bind(context)
        if binding.leftover:
            raise leftover_error(self, binding.leftover)
        return binding.raw


def leftover_error(parsed: ParsedCommand, leftover: str) -> NotUnderstood:
    """Build the error about words that no option of the command takes."""
    usage = f"{parsed.prefix} {parsed.command.usage}".strip()
    return NotUnderstood(
        f"I didn't get “{short(leftover, 40)}”. “{parsed.command.name}” goes like this: {usage}",
    )


def parse_command(registry: Registry, line: str, context: ParseContext) -> ParsedCommand:
    """Find the command that `line` calls. The registry's prefix may stand in front of it.

    Raises:
        NotUnderstood: there's no such command, or a quote isn't closed.
        BadValue: the line is too long.
    """
    if len(line) > MAX_LINE_LENGTH:
        raise BadValue(
            f"That's {len(line):,} characters, and I can only read {MAX_LINE_LENGTH:,}. Send something shorter."
        )
    typed = clean(line)
    line = _without_prefix(registry, typed)
    tokens = tokens_of(line)
    command, others = _find_command(registry, tokens, context, line)
    words = len(tokens) - len(others) + (line != typed)
    return ParsedCommand(command.for_pack(context.pack), words, others, line, registry.prefix)


def with_prefix_mended(registry: Registry, line: str) -> str:
    """Write the registry's prefix right where it's mistyped in front of a command: “/mentro plan”.

    A lone word with its sign, e.g. “/mentors”, may be anything.
    """
    word, _, rest = line.strip().partition(" ")
    is_signed = rest and registry.prefix and word.startswith(registry.prefix[0])
    if is_signed and nearest(word, [registry.prefix], _PREFIX_CUTOFF):
        return f"{registry.prefix} {rest}"
    return line


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
        f"I don't know “{short(word or line.strip(), 40)}”.{guess} You can say: {listed}.", suggestions=suggestions
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
        self._command, self._line = parsed.command, parsed.line
        self._tokens, self._context = parsed.tokens, context
        self._greedy = next((option for option in self._command.options if option.declared.greedy), None)
        self._bound: dict[str, str] = {}

    def bind(self) -> Binding:
        """Return the text of each option given, and the words left over."""
        self._tokens = [self._resolve_name(token) for token in self._tokens]
        positional = self._bind_named(self._tokens)
        unbound = self._bind_positional(positional)
        if unbound and self._greedy is not None and self._greedy.name not in self._bound:
            self._bound[self._greedy.name] = self._as_typed(unbound)
            unbound = []
        unbound = self._bind_leftover(unbound)
        return Binding(self._bound, self._as_typed(unbound) if unbound else "")

    def _resolve_name(self, token: Token) -> Token:
        """Give a `name:value` the option's own name, or turn it back into an ordinary word if the command has no such option.

        Raises:
            BadValue: the name looks like a slip for one of the options, or there's no greedy option to take the word.
        """
        if token.name is None or self._command.option(token.name):
            return token
        if called := self._option_called(token.name):
            return replace(token, name=called.name)
        if any(char.isdigit() for char in token.name):
            return self._as_word(token)  # only a pack's own options have digits in their names; “fri15:00” has no name
        names = [option.name for option in self._command.options if not option.declared.keyword_only]
        near = nearest(token.name, names, cutoff=75)
        if near or self._greedy is None:
            near = near or self._only_option_accepting(token.text)
            guess = did_you_mean(f"“{near}:”" if near else None)
            listed = ", ".join(f"{name}:" for name in names) or "none"
            raise BadValue(
                f"“{self._command.name}” has no “{token.name}:”.{guess} Its options: {listed}. "
                "If you meant it as text, put it in quotes."
            )
        return self._as_word(token)

    def _as_word(self, token: Token) -> Token:
        return replace(token, name=None, text=self._line[token.start : token.end], quoted=False)

    def _option_called(self, word: str) -> OptionSpec | None:
        return next((option for option in self._command.options if word.lower() in option.declared.called), None)

    def _only_option_accepting(self, text: str) -> str | None:
        """Name the one option that can have this value, like `at` for “time:09:00”. Free text accepts anything: not counted."""
        names = [
            option.name
            for option in self._command.options
            if not is_free_text(option) and accepts(option, text, self._context)
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
                raise BadValue(f"You've entered “{option.name}:” twice. Keep one of them.", option=option.name)
            self._bound[option.name], used = self._extend_value(option, token, tokens[index:])
            index += used
        return positional

    def _extend_value(self, option: OptionSpec, token: Token, following: list[Token]) -> tuple[str, int]:
        """Return the value of a named token and how many of the words after it belong to it: `by:in 2 weeks`."""
        if token.quoted:
            return token.text, 0
        words = [token.text] if token.text else []
        run = next((count for count, after in enumerate(following) if after.name or after.quoted), len(following))
        free_text = is_free_text(option)
        if free_text and (self._greedy in (None, option) or self._greedy_is_given(token)):
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

    def _greedy_is_given(self, token: Token) -> bool:
        """Return True if the greedy option has words of its own, so those after `token` are the named one's.

        “plan edit 2 what:Read two papers” names the step first; in “plan edit what:Reading 2”, the 2 is the step.
        """
        return self._greedy is not None and any(
            other.name == self._greedy.name or (other.name is None and other.start < token.start)
            for other in self._tokens
        )

    def _bind_positional(self, tokens: list[Token]) -> list[Token]:
        """Bind words without a name to the options that accept them, and return those that no option accepts."""
        if self._greedy is None and len(tokens) > _MAX_TRIED_WORDS:
            return tokens
        unbound: list[Token] = []
        index = 0
        while index < len(tokens):
            count = self._bind_first(tokens[index : index + _MAX_WORDS_PER_VALUE + 1])
            if count == 0 and (self._greedy is not None or len(unbound) >= _MAX_LEFTOVER_WORDS):
                # The first word that no option accepts starts the greedy option's text.
                return unbound + tokens[index:]
            if count == 0:
                unbound.append(tokens[index])
            index += count or 1
        return unbound

    def _bind_first(self, tokens: list[Token]) -> int:
        """Bind leading words to the first open option that accepts them; return how many, or 0.

        A word the option is called by, e.g. “until”, may come first. The longest run wins, even one that turns out impossible:
        “5 dec 2025” is refused instead of read as “5 dec”.
        """
        options = self._open_options()
        for count in range(min(len(tokens), _MAX_WORDS_PER_VALUE + 1), 0, -1):
            for option in options:
                skipped = int(count > 1 and tokens[0].text.lower() in option.declared.called and not tokens[0].quoted)
                text = " ".join(token.text for token in tokens[skipped:count])
                if self._is_for_earlier_text(option, text, tokens[count:]):
                    continue
                if count - skipped <= _MAX_WORDS_PER_VALUE and self._accepts_run(option, text, tokens[skipped:count]):
                    is_end = skipped and tokens[0].text.lower() not in _LASTING
                    self._bound[option.name] = text if is_end else self._whole_span(option, text)
                    return count
        return 0

    def _accepts_run(self, option: OptionSpec, text: str, tokens: list[Token]) -> bool:
        """Return True if the words may be the option's value. Free text takes one quoted word, or one that nothing else needs."""
        if is_free_text(option):
            return len(tokens) == 1 and (tokens[0].quoted or self._takes_single_words(option))
        if option.declared.keyword_only and not names_unit(text, option.declared.unit):
            return False
        return accepts(option, text, self._context)

    def _whole_span(self, option: OptionSpec, text: str) -> str:
        """Give the first and the last day of a week or more, for an option that takes several days: “pause next week”.

        With “until” in front, the same words are the day it ends, so they stay as they are.
        """
        if not option.declared.ranges or re.match(rf"{LEADERS}\b", text.lower()):
            return text
        try:
            days = read_range(text, self._context.today)
        except Impossible:
            return text  # its reader says what's wrong
        return str(days) if days is not None and days.days > 1 else text

    def _is_for_earlier_text(self, option: OptionSpec, text: str, following: list[Token]) -> bool:
        """Return True for a bare number that a text declared before `option` should get, since another number follows.

        “worked 1 3” is step 1 and 3 hours, in the order they're declared in.
        """
        if option.kind is not OptionType.NUMBER or not text.isdecimal():
            return False
        if not any(
            is_free_text(before) for before in itertools.takewhile(lambda it: it != option, self._open_options())
        ):
            return False
        ends = range(1, len(following) + 1)
        texts = (" ".join(token.text for token in following[start:end]) for end in ends for start in range(end))
        return any(accepts(option, text, self._context) for text in texts)

    def _takes_single_words(self, option: OptionSpec) -> bool:
        """Return True if a lone word can be the free-text option: another option takes the remaining words."""
        return self._greedy is not None and self._greedy is not option

    def _open_options(self) -> list[OptionSpec]:
        """List the options without a value yet that a word without a name can mean: those before the greedy one.

        A number's unit is as good as a name, wherever its option stands: “log 2 hours on rag”.
        """
        options, before_greedy = [], True
        for option in self._command.options:
            before_greedy = before_greedy and not option.declared.greedy
            if option.declared.keyword_only:
                takes_words = option.is_typed and bool(option.declared.unit)
            else:
                takes_words = before_greedy and option.kind is not OptionType.FILE
            if takes_words and option.name not in self._bound:
                options.append(option)
        return options

    def _bind_leftover(self, unbound: list[Token]) -> list[Token]:
        """Bind words that fit nowhere yet, where they can only mean one option; return those that are left over.

        A choice takes words that name just one of its entries by a part. A free text that comes first takes all that's left.
        Otherwise an open option takes a few words, a required one first, so that its converter says what's wrong with them.
        """
        options = [option for option in self._open_options() if not option.declared.keyword_only]
        for option in options:
            if unbound and option.declared.choices is not None and self._names_choice(option, unbound):
                return self._take(option, unbound)
        content = [token for token in unbound if token.quoted or token.text.lower() not in _FUNCTION_WORDS]
        free_text = [option for option in options if is_free_text(option) and option in self._command.options[:1]]
        if content and free_text:
            return self._take(free_text[0], unbound)
        explaining = [option for option in options if option.required] or [
            option
            for option in options
            if not is_free_text(option) and (option.declared.choices is None or option in self._command.options[:1])
        ]
        if content and explaining and len(unbound) <= _MAX_WORDS_PER_VALUE:
            return self._take(explaining[0], unbound)
        return unbound if content else []

    def _names_choice(self, option: OptionSpec, tokens: list[Token]) -> bool:
        choices = option.declared.choices(self._context.pack) if option.declared.choices else ()
        return (
            len(tokens) <= _MAX_WORDS_PER_VALUE
            and find_choice(" ".join(token.text for token in tokens), choices) is not None
        )

    def _take(self, option: OptionSpec, tokens: list[Token]) -> list[Token]:
        self._bound[option.name] = self._as_typed(tokens)
        return []

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


def is_free_text(option: OptionSpec) -> bool:
    """Return True if any text is a value of `option`."""
    return option.kind in FREE_TEXT and option.declared.choices is None
