"""Reading one file of a pack: YAML, or Markdown with YAML front matter."""

from __future__ import annotations

import re
from pathlib import Path

from mentorbot.packs.source import Fault, Source, Unreadable
from mentorbot.packs.yaml_text import CONTROL, read_yaml

MAX_BYTES = 500_000
"""A file of a pack is text that people read; something larger is there by mistake."""


def read(path: Path, file: str) -> Source:
    """Read the file at `path`, called `file` in messages. A Markdown file's text becomes the value `body`.

    Raises:
        Unreadable: it is too large, not UTF-8, or not YAML.
    """
    text = _text(path, file)
    if path.suffix != ".md":
        return read_yaml(text, file)
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise Unreadable(
            Fault(file, 1, "the front matter is missing", "begin with a line `---`, the fields, and `---`")
        )
    source = read_yaml(found[1], file, 1)
    if "body" in source.values:
        source.faults.append(
            source.fault(("body",), "`body` is not written here", "write the text below the second `---`")
        )
    _take_body(source, text, found.end())
    return source


def _take_body(source: Source, text: str, start: int) -> None:
    body = text[start:].lstrip()
    first = text[: len(text) - len(body)].count("\n") + 1
    source.values["body"] = body.rstrip()
    source.lines[("body",)] = first
    if control := CONTROL.search(body):
        line = first + body[: control.start()].count("\n")
        what = f"the text holds the control character {control[0]!r}, which cannot be shown"
        source.faults.append(Fault(source.file, line, what, "remove it"))


def _text(path: Path, file: str) -> str:
    try:
        if not path.is_file():
            raise Unreadable(Fault(file, 0, "this is not an ordinary file", "remove it"))
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
