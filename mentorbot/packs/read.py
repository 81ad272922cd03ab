"""Reading one file of a pack: YAML, or Markdown with YAML front matter. Every value keeps the line that it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 500_000
"""A file of a pack is text that people read; something larger is there by mistake."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a pack. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.instead}"


class Unreadable(Exception):
    """A file that is no YAML or no text at all. Carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(slots=True)
class Source:
    """The values of one file, and the line of each: `lines[("tips", 0, "title")]`."""

    file: str
    values: dict[str, Any]
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's plain values: `no`, `on` and `2026-01-01` stay the words that they are."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def read(path: Path, file: str) -> Source:
    """Read the file at `path`, called `file` in messages. A Markdown file's text becomes the value `body`.

    Raises:
        Unreadable: it is too large, not UTF-8, or not YAML.
    """
    text = _text(path, file)
    if path.suffix != ".md":
        return _yaml(text, file, 0)
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise Unreadable(
            Fault(file, 1, "the front matter is missing", "begin with a line `---`, the fields, and `---`")
        )
    source = _yaml(found[1], file, 1)
    source.values["body"] = text[found.end() :].strip()
    source.lines[("body",)] = text[: found.end()].count("\n") + 1
    return source


def _text(path: Path, file: str) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(
                Fault(file, 0, f"the file is larger than {MAX_BYTES // 1000} kB", "split it, or remove it")
            )
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(Fault(file, 0, f"the file cannot be read ({error.strerror})", "check its rights")) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(Fault(file, line, "this is not UTF-8 text", "save the file as UTF-8")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _yaml(text: str, file: str, above: int) -> Source:
    """Parse `text`, whose first line stands `above` lines down in the file."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        source = Source(file, {})
        if node is None:
            raise Unreadable(
                Fault(file, above + 1, "the file holds nothing", "write its fields; content/README.md has an example")
            )
        if not isinstance(node, yaml.MappingNode):
            raise Unreadable(
                Fault(file, above + 1, "the file is not a set of fields", "write `name: value`, one on each line")
            )
        source.values = _value(loader, node, (), source, above)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = above + (mark.line + 1 if mark else 1)
        raise Unreadable(
            Fault(file, line, f"this is not YAML ({error.problem})", _yaml_advice(str(error.problem)))
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0]
        raise Unreadable(
            Fault(file, above + 1, f"this is not YAML ({what})", "remove what is not plain text")
        ) from error
    return source


def _yaml_advice(problem: str) -> str:
    if "tab" in problem or r"\t" in problem:
        return "indent with spaces, not with tabs"
    if "mapping values" in problem:
        return "put a value that holds `: ` in quotes"
    if "same" in problem:
        return "keep one of the two"
    return "check the indentation and the quotes on this line and the one before"


def _value(loader: _Loader, node: yaml.Node, path: Path_, source: Source, above: int) -> Any:
    source.lines[path] = above + node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, source, above)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, place), source, above) for place, item in enumerate(node.value)]
    return loader.construct_object(node)


def _mapping(loader: _Loader, node: yaml.MappingNode, path: Path_, source: Source, above: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(getattr(key_node, "value", ""))
        if key in values:
            raise yaml.MarkedYAMLError(problem=f"the same field `{key}` twice", problem_mark=key_node.start_mark)
        values[key] = _value(loader, value_node, (*path, key), source, above)
        source.lines[(*path, key)] = above + key_node.start_mark.line + 1
    return values
