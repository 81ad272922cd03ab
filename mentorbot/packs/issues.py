"""What is wrong with a pack, in the words of somebody who writes one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

if TYPE_CHECKING:
    from mentorbot.packs.parsed_file import ParsedFile


def issues_of(error: ValidationError, source: ParsedFile, part: type[BaseModel]) -> Iterator[PackIssue]:
    """One fault for each finding."""
    for found in error.errors(include_url=False):
        path = tuple(item for item in found["loc"] if item != "[key]")
        if path == ("id",):  # which is never written, but is the file's name
            yield PackIssue(source.file, 0, "a file of this name does not belong here", _file_name_advice(part))
            continue
        if found["type"] == "too_short" and len(found["input"]) >= found["ctx"]["min_length"]:
            continue  # pydantic counts only entries without a fault, and those have their own
        what, instead = _words(found, path, part)
        yield PackIssue(source.file, source.line(path), what, instead)


def _file_name_advice(part: type[BaseModel]) -> str:
    choices = get_args(part.model_fields["id"].annotation)
    names = ", ".join(choices) or "lower-case words joined by hyphens, as data-pipelines"
    return f"rename it: {names}"


_SIMPLE = {
    "missing": ("{name} is missing", "add the line {bare}: ..."),
    "string_too_long": ("{name} is too long", "shorten it to {max_length} characters"),
    "string_too_short": ("{name} is empty", "write its text"),
    "too_short": ("{name} has too few entries", "write at least {min_length}"),
    "too_long": ("{name} has too many entries", "keep at most {max_length}"),
    "literal_error": ("{name} is {input!r}, which is not one of the choices", "write {expected}"),
    "int_type": ("{name} is not a whole number", "write digits only, without quotes"),
    "bool_type": ("{name} is neither true nor false", "write true or false"),
    "string_type": ("{name} is not text", "write words, in quotes when they look like a number"),
    "greater_than_equal": ("{name} is {input}, which is too small", "write at least {ge}"),
    "greater_than": ("{name} is {input}, which is too small", "write more than {gt}"),
    "less_than_equal": ("{name} is {input}, which is too large", "write at most {le}"),
    "tuple_type": ("{name} is not a list", "write one entry on each line, each beginning with `- `"),
    "mapping_type": ("{name} is not a set of fields", "write `name: value`, one on each line"),
    "dict_type": ("{name} is not a set of fields", "write `name: value`, one on each line"),
    "model_type": ("{name} is not a set of fields", "write `name: value`, one on each line"),
}
"""What pydantic calls a finding: what we say, and what to write instead."""
_EMPTY = ("{name} is empty", "write its value behind the `:`, or remove the line")


def _words(found: ErrorDetails, path: tuple[int | str, ...], part: type[BaseModel]) -> tuple[str, str]:
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this entry"
    context = found.get("ctx", {})
    if found["type"] == "extra_forbidden":
        return f"{name} is not a field that I know", _nearest(str(path[-1]), _model_at(part, path[:-1]))
    if found["type"] == "string_pattern_mismatch":
        return f"{name} is not written as it should be", _pattern(str(context["pattern"]))
    if found["type"] not in _SIMPLE:
        return f"{name} is not right: {found['msg'].removeprefix('Value error, ')}", "look at content/README.md"
    what, instead = _EMPTY if found["input"] is None else _SIMPLE[found["type"]]
    known = {**context, "name": name, "bare": name.strip("`"), "input": _shortened(found["input"])}
    return what.format(**known), instead.format(**known)


def _shortened(value: object) -> object:
    return f"{value[:40]}…" if isinstance(value, str) and len(value) > 40 else value


def _nearest(wanted: str, model: type[BaseModel] | None) -> str:
    names = [name for name in model.model_fields if name not in ("id", "body")] if model else []
    best = process.extractOne(wanted, names, score_cutoff=60)
    guess = f"did you mean `{best[0]}`? " if best else ""
    return f"{guess}The fields are {', '.join(names)}" if names else "remove it"


def _pattern(pattern: str) -> str:
    if "[A-Z]{3}" in pattern:
        return "write a currency's three letters, as USD"
    if r"\d" in pattern:
        return "write a version in quotes, as '2026.1'"
    return "write lower-case words joined by hyphens, as data-pipelines"


def _model_at(part: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that describes the fields at `path`."""
    model: type[BaseModel] | None = part
    for name in path:
        if isinstance(name, str) and model is not None and name in model.model_fields:
            model = _inner(model.model_fields[name].annotation)
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _inner(arg))), None)


FieldPath = tuple[str | int, ...]
"""Where a value stands in a file: the names of fields and the positions (from 0) that lead to it."""
MAX_SHOWN = 400
"""Characters of one part of a message; a longer one would bury the others."""


@dataclass(frozen=True, slots=True, order=True)
class PackIssue:
    """Something wrong in a pack. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{_shown(self.file)}:{self.line}: {_shown(self.what)}; {_shown(self.instead)}"


def _shown(text: str) -> str:
    """`text` on one line and not endless: a pack may hold anything, and this is printed on a terminal."""
    short = text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)


class Unreadable(Exception):
    """A file that is no YAML or no text at all, so that nothing in it can be checked. Carries the fault."""

    def __init__(self, fault: PackIssue) -> None:
        super().__init__(str(fault))
        self.fault = fault
