"""One file of a pack as plain values that know their lines: YAML, or Markdown with YAML front matter.

Built from the events of PyYAML's C parser. Its own composer recurses in C, so a file of opening brackets would end the
process; and it takes `no`, `on` and `2026-01-01` for something else than the words that they are (YAML 1.2 does not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mentorbot.packs.issues import FieldPath, PackIssue, Unreadable


@dataclass(slots=True)
class ParsedFile:
    """What one file holds. `lines` gives the line of a value by its place; `faults` did not stop the reading."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[FieldPath, int] = field(default_factory=dict)
    faults: list[PackIssue] = field(default_factory=list)

    def line(self, place: FieldPath) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: FieldPath, what: str, instead: str) -> PackIssue:
        """A fault of the value at `place`."""
        return PackIssue(self.file, self.line(place), what, instead)


MAX_DEPTH = 12
"""Nothing in a pack is nested deeper than 5; a file beyond this is no pack's."""
_PLAIN_SCALARS = (
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"-?(?:0|[1-9][0-9]{0,17})"), int),
    (re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}"), float),
    (re.compile(r"~|null|"), lambda _: None),
)
"""What a value without quotes may be, besides text: YAML 1.2's core, and no number that a pack cannot need."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_yaml(text: str, file: str, above: int = 0) -> ParsedFile:
    """The fields in `text`, whose first line stands `above` lines down in the file.

    Raises:
        Unreadable: it is no YAML, or no set of fields.
    """
    source = ParsedFile(file)
    try:
        events = (event for event in yaml.parse(text, Loader=yaml.CSafeLoader) if _counts(event))
        source.values = _Builder(source, above, events).fields()
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_put_plainly(error, text, file, above)) from error
    except yaml.reader.ReaderError as error:
        line = above + 1 + text.encode()[: error.position].count(b"\n")  # the C parser counts bytes
        raise Unreadable(PackIssue(file, line, "there is a control character", "remove it")) from error
    except yaml.YAMLError as error:
        raise Unreadable(PackIssue(file, above + 1, "there is something that is not text", "type it again")) from error
    return source


def _counts(event: yaml.Event) -> bool:
    return not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent)


class _Builder:
    """Builds the values of one file from its events. Faults that do not stop it are kept in `source`."""

    def __init__(self, source: ParsedFile, above: int, events: Iterator[yaml.Event]) -> None:
        self._source, self._above, self._events = source, above, events

    def fields(self) -> dict[str, Any]:
        """The whole file."""
        next(self._events, None)  # the start of the document
        event = next(self._events, None)
        if event is None or (isinstance(event, yaml.ScalarEvent) and not event.value):
            raise self._unreadable(event, "there are no fields", "write them; content/README.md has an example")
        if not isinstance(event, yaml.MappingStartEvent):
            raise self._unreadable(event, "this is not a set of fields", "write `name: value`, one on each line")
        values = self._mapping(event, ())
        if (more := next(self._events, None)) is not None:
            raise self._unreadable(more, "a second document begins here", "remove the line `---`")
        return values

    def _value(self, event: yaml.Event, place: FieldPath) -> Any:
        self._source.lines.setdefault(place, self._line(event))
        if len(place) > MAX_DEPTH:
            raise self._unreadable(event, _TOO_DEEP, _COUNT)
        if isinstance(event, yaml.AliasEvent):
            self._add(event, f"`*{event.anchor}` stands for another value", "put a text that begins with * in quotes")
            return f"*{event.anchor}"
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor or (tag and tag != "!"):
            mark = f"&{anchor}" if anchor else tag
            self._add(event, f"`{mark}` is an instruction to YAML", "put a text that begins with & or ! in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        raise self._unreadable(event, "there is something where a value should be", "put the whole value in quotes")

    def _mapping(self, start: yaml.MappingStartEvent, place: FieldPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self._source.lines.setdefault(place, self._line(start))
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._unreadable(event, "a field's name must be a word", "write `name: value`; quote { and [")
            name, where = event.value, (*place, event.value)
            if name in values:
                first = self._source.lines[where]
                self._add(event, f"the field `{name}` stands here for the second time", f"keep this or line {first}")
                self._value(next(self._events), (*place, f"{name} again"))
                continue
            self._source.lines[where] = self._line(event)
            values[name] = self._value(next(self._events), where)
        return values

    def _sequence(self, place: FieldPath) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*place, len(values))))
        return values

    def _scalar(self, event: yaml.ScalarEvent, place: FieldPath) -> Any:
        text: str = event.value
        if found := CONTROL.search(text):
            what = f"`{place[-1]}` holds the control character {found[0]!r}, which cannot be shown"
            self._add(event, what, "remove it")
        if not event.style and event.implicit[0]:  # plain: neither quoted nor a block of text
            for pattern, made in _PLAIN_SCALARS:
                if pattern.fullmatch(text):
                    return made(text)
        return text

    def _line(self, event: yaml.Event) -> int:
        return self._above + (event.start_mark.line if event.start_mark else 0) + 1

    def _add(self, event: yaml.Event, what: str, instead: str) -> None:
        self._source.faults.append(PackIssue(self._source.file, self._line(event), what, instead))

    def _unreadable(self, event: yaml.Event | None, what: str, instead: str) -> Unreadable:
        line = self._line(event) if event else self._above + 1
        return Unreadable(PackIssue(self._source.file, line, what, instead))


_TOO_DEEP, _COUNT = "this is nested too deeply", "count the brackets and the spaces before it"
_ADVICE = (
    ("nesting depth", _TOO_DEEP, _COUNT),  # libyaml has a limit of its own since PyYAML 6.0.4
    ("cannot start any token", "a value begins with a character that YAML keeps for itself", "put the value in quotes"),
    ("a tab", "there is a tab", "indent with spaces, not with tabs"),
    ("mapping values", "there is a second `: ` on one line", "put a value that holds `: ` in quotes"),
    ("could not find expected ':'", "a field's name has no `:` after it", "write `name: value`; indent longer text"),
    ("end of stream", "a quote or a bracket is left open", "close it, or put the whole value in quotes"),
    ("document start", "there is text after the end of the fields", "check the quotes and the indentation"),
    ("alphabetic", "a text begins with * or &", "put it in quotes"),
    ("escape", "there is a \\ inside double quotes", "use single quotes, or write \\\\"),
    ("expected <block end>", "the indentation does not fit the line above", "begin fields of one set at one column"),
    ("block end", "the indentation does not fit the line above", "begin fields of one set at one column"),
    ("node content", "there is something where a value should be", "put the whole value in quotes"),
    ("expected ',' or", "a list in brackets is not closed, or lacks a comma", "write [one, two]"),
)
"""A piece of the parser's message: what it means, and what to do."""


def _put_plainly(error: yaml.MarkedYAMLError, text: str, file: str, above: int) -> PackIssue:
    problem, mark = str(error.problem), error.problem_mark
    if mark and _at(text, mark) == "\t":
        problem = "a tab"
    if "end of stream" in problem or "expected ',' or" in problem:
        mark = error.context_mark or mark  # where the quote or the bracket was opened
    line = above + (mark.line + 1 if mark else 1)
    for piece, what, instead in _ADVICE:
        if piece in problem:
            return PackIssue(file, line, what, instead)
    return PackIssue(
        file, line, f"this cannot be read ({problem})", "check quotes and indentation here and one line above"
    )


def _at(text: str, mark: yaml.Mark) -> str:
    lines = text.split("\n")
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


MAX_BYTES = 500_000
"""A file of a pack is text that people read; something larger is there by mistake."""


def read_file(path: Path, file: str) -> ParsedFile:
    """Read the file at `path`, called `file` in messages. A Markdown file's text becomes the value `body`.

    Raises:
        Unreadable: it is too large, not UTF-8, or not YAML.
    """
    text = _read_text(path, file)
    if path.suffix != ".md":
        return read_yaml(text, file)
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise Unreadable(
            PackIssue(file, 1, "the front matter is missing", "begin with a line `---`, the fields, and `---`")
        )
    source = read_yaml(found[1], file, 1)
    if "body" in source.values:
        source.faults.append(
            source.fault(("body",), "`body` is not written here", "write the text below the second `---`")
        )
    _take_body(source, text, found.end())
    return source


def _take_body(source: ParsedFile, text: str, start: int) -> None:
    body = text[start:].lstrip()
    first = text[: len(text) - len(body)].count("\n") + 1
    source.values["body"] = body.rstrip()
    source.lines[("body",)] = first
    if control := CONTROL.search(body):
        line = first + body[: control.start()].count("\n")
        what = f"the text holds the control character {control[0]!r}, which cannot be shown"
        source.faults.append(PackIssue(source.file, line, what, "remove it"))


def _read_text(path: Path, file: str) -> str:
    try:
        if not path.is_file():
            raise Unreadable(PackIssue(file, 0, "this is not an ordinary file", "remove it"))
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(
                PackIssue(file, 0, f"the file is larger than {MAX_BYTES // 1000} kB", "split it, or remove it")
            )
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            PackIssue(file, 0, f"the file cannot be read ({error.strerror})", "check its rights")
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(PackIssue(file, line, "this is not UTF-8 text", "save the file as UTF-8")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
