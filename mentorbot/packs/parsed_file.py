"""One file of a pack as plain values that know their lines: YAML, or Markdown with YAML front matter.

Built from the events of PyYAML's C parser. Its own composer recurses in C, so a file of opening brackets would end the
process. It also reads `no`, `on` and `2026-01-01` as booleans and dates, although YAML 1.2 says they're plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mentorbot.chat.safe_text import REORDERING
from mentorbot.packs.issues import FieldPath, PackIssue, UnreadableFile


@dataclass(slots=True)
class ParsedFile:
    """The values of one file, and the line of each by its path.

    `issues` are those that didn't stop the reading. `doubts` are for whoever checks the pack: it may be read as it's meant.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[FieldPath, int] = field(default_factory=dict)
    issues: list[PackIssue] = field(default_factory=list)
    doubts: list[PackIssue] = field(default_factory=list)

    def line(self, path: FieldPath) -> int:
        """Find the line of a value, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def issue(self, path: FieldPath, problem: str, fix: str) -> PackIssue:
        """Report an issue with the value at `path`."""
        return PackIssue(self.name, self.line(path), problem, fix)


MAX_DEPTH = 12
"""Levels of nesting. A pack needs 5; a file beyond this isn't part of one."""
_PLAIN_SCALARS = (
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"-?(?:0|[1-9][0-9]{0,17})"), int),
    (re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}"), float),
    (re.compile(r"~|null|"), lambda _: None),
)
"""Values without quotes that aren't text, after YAML 1.2's core schema, minus numbers no pack needs (hex, huge, 1e9)."""
_CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f]|{REORDERING.pattern}")


def read_yaml(text: str, name: str, lines_above: int = 0) -> ParsedFile:
    """Read the fields in `text`, which begins `lines_above` lines down in the file called `name`.

    Raises:
        UnreadableFile: it isn't YAML, or not a set of fields.
    """
    file = ParsedFile(name)
    text = _with_plain_spaces(text, file, lines_above)
    try:
        events = (event for event in yaml.parse(text, Loader=yaml.CSafeLoader) if _is_content(event))
        file.values = _Builder(file, lines_above, events, text).fields()
    except yaml.MarkedYAMLError as error:
        raise UnreadableFile(*file.issues, *_syntax_issues(error, text, name, lines_above)) from error
    except UnreadableFile as error:
        raise UnreadableFile(*file.issues, *error.issues) from error
    except yaml.reader.ReaderError as error:
        line = lines_above + 1 + text.encode()[: error.position].count(b"\n")  # the C parser counts bytes
        raise UnreadableFile(PackIssue(name, line, "there's a control character", "remove it")) from error
    except yaml.YAMLError as error:
        raise UnreadableFile(PackIssue(name, lines_above + 1, "something here isn't text", "type it again")) from error
    return file


def _is_content(event: yaml.Event) -> bool:
    return not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent)


class _Builder:
    """Builder of one file's values from its events. Issues that don't stop it are added to `file`."""

    def __init__(self, file: ParsedFile, lines_above: int, events: Iterator[yaml.Event], text: str) -> None:
        self._file, self._lines_above, self._events = file, lines_above, events
        self._text = text.split("\n")

    def fields(self) -> dict[str, Any]:
        """Build the whole file."""
        next(self._events, None)  # the start of the document
        event = next(self._events, None)
        if event is None or (isinstance(event, yaml.ScalarEvent) and not event.value):
            raise self._unreadable(event, "there are no fields", "write them; content/README.md has an example")
        if not isinstance(event, yaml.MappingStartEvent):
            raise self._unreadable(event, "this isn't a set of fields", "write `name: value`, one on each line")
        values = self._mapping(event, ())
        if (more := next(self._events, None)) is not None:
            raise self._unreadable(more, "a second document begins here", "remove the line `---`")
        return values

    def _value(self, event: yaml.Event, path: FieldPath) -> Any:
        self._file.lines.setdefault(path, self._line(event))
        if len(path) > MAX_DEPTH:
            raise self._unreadable(event, _TOO_DEEP, _COUNT_BRACKETS)
        # Anchors and aliases are refused: authors type a * or & by accident, and nested aliases grow without limit.
        if isinstance(event, yaml.AliasEvent):
            self._report(event, f"`*{event.anchor}` refers to another value", "put text that begins with * in quotes")
            return f"*{event.anchor}"
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor or (tag and tag != "!"):
            mark = f"&{anchor}" if anchor else tag
            self._report(event, f"`{mark}` is an instruction to YAML", "put text that begins with & or ! in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        raise self._unreadable(event, "there's something where a value should be", "put the whole value in quotes")

    def _mapping(self, start: yaml.MappingStartEvent, parent: FieldPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self._file.lines.setdefault(parent, self._line(start))
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._unreadable(event, "a field's name must be a word", "write `name: value`; quote { and [")
            name, path = event.value, (*parent, event.value)
            if name in values:
                first = self._file.lines[path]
                self._report(event, f"the field `{name}` is here twice", f"keep this or line {first}")
                # The value is still built, so its events are consumed and its own issues reported.
                self._value(next(self._events), (*parent, f"{name} again"))
                continue
            self._file.lines[path] = self._line(event)
            values[name] = self._value(next(self._events), path)
        return values

    def _sequence(self, parent: FieldPath) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*parent, len(values))))
        return values

    def _scalar(self, event: yaml.ScalarEvent, path: FieldPath) -> Any:
        text: str = event.value
        if control := _CONTROL.search(text):
            problem = f"`{path[-1]}` holds the control character {control[0]!r}, which can't be shown"
            self._report(event, problem, "remove it")
            text = _CONTROL.sub("", text)
        if not event.style and event.implicit[0]:  # plain: neither quoted nor a block of text
            if cut := _CUT_OFF.match(after := self._after(event)):
                self._report(event, f"the value ends before `{cut[0].strip()}`", "put the whole value in quotes")
            elif _COMMENT.match(after) and not _TERM.fullmatch(text):
                fix = "put the whole value in quotes, or a comment on a line of its own"
                problem = f"the value ends before `{after.strip()}`"
                self._file.doubts.append(PackIssue(self._file.name, self._line(event), problem, fix))
            for pattern, convert in _PLAIN_SCALARS:
                if pattern.fullmatch(text):
                    return convert(text)
        return text

    def _after(self, event: yaml.Event) -> str:
        """Return what's behind a value on its last line."""
        end = event.end_mark
        return self._text[end.line][end.column :] if end and end.line < len(self._text) else ""

    def _line(self, event: yaml.Event) -> int:
        return self._lines_above + (event.start_mark.line if event.start_mark else 0) + 1

    def _report(self, event: yaml.Event, problem: str, fix: str) -> None:
        self._file.issues.append(PackIssue(self._file.name, self._line(event), problem, fix))

    def _unreadable(self, event: yaml.Event | None, problem: str, fix: str) -> UnreadableFile:
        line = self._line(event) if event else self._lines_above + 1
        return UnreadableFile(PackIssue(self._file.name, line, problem, fix))


_TOO_DEEP, _COUNT_BRACKETS = "this is nested too deeply", "count the brackets and the spaces before it"
_SYNTAX_ADVICE = (
    ("nesting depth", _TOO_DEEP, _COUNT_BRACKETS),  # since PyYAML 6.0.4, libyaml has its own limit
    ("cannot start any token", "a value begins with a character that YAML reserves", "put the value in quotes"),
    ("a tab", "there's a tab", "indent with spaces, not with tabs"),
    ("mapping values", "there's a second `: ` on one line", "put a value that holds `: ` in quotes"),
    ("could not find expected ':'", "a field's name has no `:` after it", "write `name: value`; indent longer text"),
    ("end of stream", "a quote or a bracket is left open", "close it, or put the whole value in quotes"),
    ("document start", "there's text after the end of the fields", "check the quotes and the indentation"),
    ("alphabetic", "a text begins with * or &", "put it in quotes"),
    ("escape", "there's a \\ inside double quotes", "use single quotes, or write \\\\"),
    ("expected <block end>", "the indentation doesn't fit the line above", "begin fields of one set at one column"),
    ("block end", "the indentation doesn't fit the line above", "begin fields of one set at one column"),
    ("node content", "there's something where a value should be", "put the whole value in quotes"),
    ("expected ',' or", "a list in brackets isn't closed, or lacks a comma", "write [one, two]"),
)
"""A piece of the parser's message, the problem it stands for, and the fix."""


_MAX_SYNTAX_ISSUES = 20
_ODD_SPACE = re.compile(r"^[ \t]*[\u00a0\u2007\u202f\u3000]|(?<=[:-])[\u00a0\u2007\u202f\u3000]")
"""A space YAML doesn't take for one, where the structure of a file needs one. Word processors and web pages write them."""
_CUT_OFF = re.compile(r"\s+#[^\s#]\S*")
"""A word that begins with # behind a value. YAML takes it and all that follows for a comment; one of ours begins with `# `."""
_COMMENT, _TERM = re.compile(r"\s+#"), re.compile(r"[a-z0-9][a-z0-9-]*")
"""A comment belongs behind a number or one of a few terms. Behind a text it may be the rest of it: `We write C # and F #`."""
_VALUE = re.compile(r"^(\s*(?:- )*(?:[\w-]+:)?)\s*(.*)$")
_OPEN_QUOTE = re.compile(r"""^(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$""")
"""A quoted value that doesn't end on its line."""


def _with_plain_spaces(text: str, file: ParsedFile, lines_above: int) -> str:
    """Report odd spaces that would break the structure, and replace them, so the rest of the file is checked all the same."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if _ODD_SPACE.search(line):
            fix = "type an ordinary space instead"
            file.issues.append(PackIssue(file.name, lines_above + index + 1, "there's a no-break space", fix))
            lines[index] = _ODD_SPACE.sub(lambda match: match[0][:-1] + " ", line)
    return "\n".join(lines)


def _syntax_issues(error: yaml.MarkedYAMLError, text: str, name: str, lines_above: int) -> list[PackIssue]:
    """List all mistakes of syntax, not just the first: each value that can't be read is replaced by one that can."""
    issues: list[PackIssue] = []
    lines, found = text.split("\n"), error
    while len(issues) < _MAX_SYNTAX_ISSUES:
        issue = _syntax_issue(found, "\n".join(lines), name, lines_above)
        if any(issue.line == other.line for other in issues):
            break  # replacing the value didn't help, so whatever comes next may be wrong
        issues.append(issue)
        index = issue.line - lines_above - 1
        if index >= len(lines):  # past the end: something was left open
            break
        lines[index] = _VALUE.sub(lambda match: f"{match[1]} x" if match[1].strip() else f"# {match[0]}", lines[index])
        try:
            for _ in yaml.parse("\n".join(lines), Loader=yaml.CSafeLoader):
                pass
        except yaml.MarkedYAMLError as another:
            found = another
        except yaml.YAMLError:
            break
        else:
            break
    return issues


def _left_open(lines: list[str], last: int) -> int | None:
    """Find the line (from 0) up to `last` where a quoted value begins that isn't closed before the next one begins."""
    index = 0
    while index <= min(last, len(lines) - 1):
        prefix, value = _parts(lines[index])
        if prefix and _OPEN_QUOTE.match(value):
            end = next((later for later in range(index + 1, len(lines)) if value[0] in lines[later]), None)
            if end is None:
                return index
            next_prefix, next_value = _parts(lines[end])
            if next_prefix and next_value.startswith(value[0]):
                return index
            index = end
        index += 1
    return None


def _parts(line: str) -> tuple[str, str]:
    """Split a line into what comes before its value (a name, dashes), and the value."""
    match = _VALUE.match(line)
    return (match[1].strip(), match[2]) if match else ("", line)


def _syntax_issue(error: yaml.MarkedYAMLError, text: str, name: str, lines_above: int) -> PackIssue:
    message, mark = str(error.problem), error.problem_mark
    if mark and _char_at(text, mark) == "\t":
        message = "a tab"
    # The quote that's missing is behind us: YAML read on until the next one, wherever that was.
    opened = _left_open(text.split("\n"), mark.line) if mark else None
    if opened is not None:
        fix = "close it, or put the whole value in quotes"
        return PackIssue(name, lines_above + opened + 1, "a quote is left open", fix)
    if "end of stream" in message or "expected ',' or" in message:
        mark = error.context_mark or mark  # point to the opening quote or bracket, not the end
    line = lines_above + (mark.line + 1 if mark else 1)
    for piece, problem, fix in _SYNTAX_ADVICE:
        if piece in message:
            return PackIssue(name, line, problem, fix)
    return PackIssue(
        name, line, f"this can't be read ({message})", "check quotes and indentation here and one line above"
    )


def _char_at(text: str, mark: yaml.Mark) -> str:
    lines = text.split("\n")
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


MAX_BYTES = 500_000
"""A pack's files are texts people read; a larger file got there by mistake."""


def read_file(path: Path, name: str) -> ParsedFile:
    """Read the file at `path`, called `name` in messages. A Markdown file's text becomes the value `body`.

    Raises:
        UnreadableFile: it's too large, not UTF-8, or not YAML.
    """
    return parse_file(_read_text(path, name), path.suffix, name)


def parse_file(text: str, suffix: str, name: str) -> ParsedFile:
    """Read the text of a file with the given suffix, called `name` in messages.

    Raises:
        UnreadableFile: it isn't YAML, or not a set of fields.
    """
    if suffix != ".md":
        return read_yaml(text, name)
    front_matter = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not front_matter:
        raise UnreadableFile(
            PackIssue(name, 1, "the front matter is missing", "begin with a line `---`, the fields, and `---`")
        )
    file = read_yaml(front_matter[1], name, lines_above=1)
    if "body" in file.values:
        file.issues.append(file.issue(("body",), "`body` isn't written here", "write the text below the second `---`"))
    _add_body(file, text, front_matter.end())
    return file


def _add_body(file: ParsedFile, text: str, start: int) -> None:
    body = text[start:].lstrip()
    first_line = text[: len(text) - len(body)].count("\n") + 1
    file.values["body"] = body.rstrip()
    file.lines[("body",)] = first_line
    if control := _CONTROL.search(body):
        line = first_line + body[: control.start()].count("\n")
        problem = f"the text holds the control character {control[0]!r}, which can't be shown"
        file.issues.append(PackIssue(file.name, line, problem, "remove it"))
        file.values["body"] = _CONTROL.sub("", file.values["body"])


def _read_text(path: Path, name: str) -> str:
    try:
        if not path.is_file():  # e.g. a named pipe, which would block the reading forever
            raise UnreadableFile(PackIssue(name, 0, "this isn't an ordinary file", "remove it"))
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(
                PackIssue(name, 0, f"the file is larger than {MAX_BYTES // 1000} kB", "split it, or remove it")
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            PackIssue(name, 0, f"the file can't be read ({error.strerror})", "check its rights")
        ) from error
    try:
        text = raw.decode("utf-8-sig")  # Windows editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFile(PackIssue(name, line, "this isn't UTF-8 text", "save the file as UTF-8")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
