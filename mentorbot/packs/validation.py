"""Validation of one file of a pack: pydantic's errors in an author's words, and the entries that are valid nevertheless."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from mentorbot.packs.issues import FieldPath, PackIssue
from mentorbot.packs.parsed_file import ParsedFile
from mentorbot.packs.schema import PackModel


def validate(
    file: ParsedFile, model_type: type[PackModel], *, salvage: bool
) -> tuple[list[tuple[PackModel, ParsedFile]], list[PackIssue]]:
    """Build a file's model, in a list of at most one, and collect its issues.

    With `salvage`, an invalid file still gives a model of its valid entries, and the file as if it held only those.
    """
    try:
        return [(model_type.model_validate(file.values), file)], []
    except ValidationError as error:
        issues = list(_issues_of(error, file, model_type))
        rest = _salvaged(file, error) if salvage else None
    if rest is not None:
        with suppress(ValidationError):
            return [(model_type.model_validate(rest.values), rest)], issues
    return [], issues


def _issues_of(error: ValidationError, file: ParsedFile, model: type[BaseModel]) -> Iterator[PackIssue]:
    """Translate each of pydantic's errors into an issue."""
    for details in error.errors(include_url=False):
        path = tuple(key for key in details["loc"] if key != "[key]")
        if path == ("id",):  # nobody writes an id: the file's name is the id
            yield PackIssue(file.name, 0, "a file with this name doesn't belong here", _file_name_fix(model))
            continue
        if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
            continue  # pydantic only counts valid entries, and the invalid ones have issues of their own
        problem, fix = _problem_and_fix(details, path, model)
        yield file.issue(path, problem, fix)


def _file_name_fix(model: type[BaseModel]) -> str:
    choices = get_args(model.model_fields["id"].annotation)
    names = ", ".join(choices) or "lower-case words joined by hyphens, e.g. data-pipelines"
    return f"rename it: {names}"


_TEXTS = {
    "missing": ("{name} is missing", "add the line {bare}: ..."),
    "string_too_long": ("{name} is too long", "shorten it to {max_length} characters"),
    "string_too_short": ("{name} is empty", "write its text"),
    "too_short": ("{name} has too few entries", "write at least {min_length}"),
    "too_long": ("{name} has too many entries", "keep at most {max_length}"),
    "literal_error": ("{name} is {input!r}, which isn't one of the choices", "write {expected}"),
    "int_type": ("{name} isn't a whole number", "write digits only, without quotes"),
    "bool_type": ("{name} is neither true nor false", "write true or false"),
    "string_type": ("{name} isn't text", "write words, in quotes when they look like a number"),
    "greater_than_equal": ("{name} is {input}, which is too small", "write at least {ge}"),
    "greater_than": ("{name} is {input}, which is too small", "write more than {gt}"),
    "less_than_equal": ("{name} is {input}, which is too large", "write at most {le}"),
    "tuple_type": ("{name} isn't a list", "write one entry on each line, each beginning with `- `"),
    "mapping_type": ("{name} isn't a set of fields", "write `name: value`, one on each line"),
    "dict_type": ("{name} isn't a set of fields", "write `name: value`, one on each line"),
    "model_type": ("{name} isn't a set of fields", "write `name: value`, one on each line"),
}
"""The problem and the fix for each of pydantic's error types that needs nothing but its context."""
_EMPTY_VALUE = ("{name} is empty", "write its value after the `:`, or remove the line")


def _problem_and_fix(details: ErrorDetails, path: FieldPath, model: type[BaseModel]) -> tuple[str, str]:
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this entry"
    context = details.get("ctx", {})
    if details["type"] == "extra_forbidden":
        return f"{name} isn't a field I know", _nearest_field(str(path[-1]), _model_at(model, path[:-1]))
    if details["type"] == "string_pattern_mismatch":
        return f"{name} isn't written the way it should be", _pattern_fix(str(context["pattern"]))
    if details["type"] not in _TEXTS:
        return f"{name} isn't right: {details['msg'].removeprefix('Value error, ')}", "look at content/README.md"
    problem, fix = _EMPTY_VALUE if details["input"] is None else _TEXTS[details["type"]]
    values = {**context, "name": name, "bare": name.strip("`"), "input": _shortened(details["input"])}
    return problem.format(**values), fix.format(**values)


def _shortened(value: object) -> object:
    return f"{value[:40]}…" if isinstance(value, str) and len(value) > 40 else value


def _nearest_field(unknown: str, model: type[BaseModel] | None) -> str:
    names = [name for name in model.model_fields if name not in ("id", "body")] if model else []
    nearest = process.extractOne(unknown, names, score_cutoff=60)
    guess = f"did you mean `{nearest[0]}`? " if nearest else ""
    return f"{guess}The fields are {', '.join(names)}" if names else "remove it"


def _pattern_fix(pattern: str) -> str:
    # Patterns are told apart by a piece that only one of them has: the currency, the version, and otherwise an id.
    if "[A-Z]{3}" in pattern:
        return "write a currency's three letters, e.g. USD"
    if r"\d" in pattern:
        return "write a version in quotes, e.g. '2026.1'"
    return "write lower-case words joined by hyphens, e.g. data-pipelines"


def _model_at(model: type[BaseModel] | None, path: FieldPath) -> type[BaseModel] | None:
    """Find the model that describes the fields at `path`."""
    for name in path:
        if isinstance(name, str) and model is not None and name in model.model_fields:
            model = _model_in(model.model_fields[name].annotation)
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Dig the model out of an annotation, e.g. `Tip` out of `tuple[Tip, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in getattr(annotation, "__args__", ()) if (model := _model_in(arg))), None)


def _salvaged(file: ParsedFile, error: ValidationError) -> ParsedFile | None:
    """Copy `file` without the entries and unknown fields that `error` names; None when a required field is invalid.

    With the valid entries at hand, their ids stay known, so one mistake doesn't raise issues in every other file.
    """
    invalid: set[FieldPath] = set()
    for details in error.errors(include_url=False):
        path = details["loc"]
        if len(path) > 1 and isinstance(path[1], int):
            invalid.add(path[:2])
        elif details["type"] == "extra_forbidden":
            invalid.add(path[:1])
        elif details["type"] != "too_short":  # a list may only seem too short because its entries are invalid
            return None
    return _without(file, invalid)


def _without(file: ParsedFile, invalid: set[FieldPath]) -> ParsedFile:
    rest = ParsedFile(file.name)
    moved: dict[FieldPath, FieldPath] = {}
    for name, value in file.values.items():
        if (name,) in invalid:
            continue
        if isinstance(value, list):
            indexes = [index for index in range(len(value)) if (name, index) not in invalid]
            moved |= {(name, old): (name, new) for new, old in enumerate(indexes)}
            rest.values[name] = [value[index] for index in indexes]
        else:
            rest.values[name] = value
    for path, line in file.lines.items():
        if path[:2] not in invalid:
            # Entries behind a removed one move up, and their lines move with them.
            rest.lines[moved.get(path[:2], path[:2]) + path[2:]] = line
    return rest
