"""The rules Discord enforces: its OpenAPI file, if there is a copy, and rules for messages the file doesn't state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

OPENAPI = Path(__file__).parents[4] / "shared" / "contracts" / "discord" / "openapi.json"
ABSENT = f"Discord's OpenAPI file is not at {OPENAPI.parent.name}/{OPENAPI.name} beside the checkout"
V2 = 1 << 15
EPHEMERAL = 1 << 6


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(OPENAPI.read_text())
    return document


# The file's paths for messages and modals, whose further rules are checked without the file, too. Fixed ones like `@original`
# come before those with a parameter.
_TEMPLATES = (
    "/interactions/{interaction_id}/{interaction_token}/callback",
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "/webhooks/{webhook_id}/{webhook_token}",
    "/channels/{channel_id}/messages",
    "/channels/{channel_id}/threads",
)


@cache
def _paths(method: str) -> tuple[str, ...]:
    """The paths that take a body with `method`, those with the fewest parameters first."""
    if not OPENAPI.exists():
        return _TEMPLATES
    paths = _document()["paths"]
    with_body = (path for path in paths if "requestBody" in paths[path].get(method.lower(), {}))
    return tuple(sorted(with_body, key=lambda path: path.count("{")))


def path_template(method: str, path: str) -> str | None:
    """The OpenAPI file's name for `path`; None if no body can be sent there."""
    matches = (name for name in _paths(method) if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", name), path))
    return next(matches, None)


def violation(method: str, path: str, body: Any) -> str | None:
    """The rule this request breaks; None if Discord would accept it. `path` is the real path, not a template."""
    if body is None:
        return None
    api_path = path_template(method, path)
    if api_path is None:
        return f"{method} {path} takes no body" if OPENAPI.exists() else None
    if broken := schema_violation(method, api_path, body):
        return broken
    match api_path.rsplit("/", 1)[-1]:
        case "messages" | "@original" | "{webhook_token}":
            return message_violation(body, edited=method == "PATCH")
        case "threads" if "message" in body:
            return message_violation(body["message"])
        case "callback" if body["type"] in (4, 7):
            return message_violation(body["data"], edited=body["type"] == 7)
        case "callback" if body["type"] == 9:
            return modal_violation(body["data"])
        case _:
            return None


@cache
def _validator(method: str, path: str) -> Draft202012Validator | None:
    operation = _document()["paths"][path][method.lower()]
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": _document()["components"]})


def schema_violation(method: str, path: str, body: Any) -> str | None:
    """The part of the OpenAPI file `body` breaks; `path` is one of its templates. None if it's valid, or without a file."""
    validator = _validator(method, path) if OPENAPI.exists() else None
    if validator is None:
        return None
    if isinstance(body, dict) and "attachments" in body:
        # Discord's own examples number new files with integers, but the OpenAPI file wants strings:
        # https://docs.discord.com/developers/reference#uploading-files
        body = {**body, "attachments": [{**file, "id": str(file["id"])} for file in body["attachments"]]}
    error = None if validator.is_valid(body) else best_match(validator.iter_errors(body))
    return f"{method} {path}: {error.json_path}: {error.message[:300]}" if error else None


def flat(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, at any depth."""
    for component in components:
        yield component
        yield from flat(component.get("components", []))
        yield from flat([component[name] for name in ("component", "accessory") if name in component])


def message_violation(message: dict[str, Any], *, edited: bool = False) -> str | None:
    """The rule a Components V2 message breaks; None if Discord would accept it. An edited message already has its flag.

    The numbers repeat those in `limits.py` on purpose, so a wrong limit there fails a test.
    """
    components = list(flat(message.get("components") or []))
    custom_ids = [component["custom_id"] for component in components if "custom_id" in component]
    texts = [component["content"] for component in components if component["type"] == 10]
    labels = [component["label"] for component in components if component["type"] == 2]
    checks = {
        "a message is empty": bool(components),
        "no content beside components": not message.get("content"),
        "the flag of Components V2 is missing": edited or bool(message.get("flags", 0) & V2),
        "at most 40 components": len(components) <= 40,
        "at most 4000 characters": sum(map(len, texts)) <= 4000,
        "a text is blank": all(text.strip() for text in texts),
        "custom ids have 1-100 characters": all(0 < len(custom) <= 100 for custom in custom_ids),
        "custom ids are unique": len(set(custom_ids)) == len(custom_ids),
        "labels have 1-80 characters": all(0 < len(label.strip()) <= 80 for label in labels),
        "an action row has 1-5 buttons": all(
            1 <= len(component["components"]) <= 5 for component in components if component["type"] == 1
        ),
    }
    return next((rule for rule, passed in checks.items() if not passed), None)


def modal_violation(modal: dict[str, Any]) -> str | None:
    """The rule a modal breaks; None if Discord would accept it."""
    components = list(flat(modal["components"]))
    inputs = [component for component in components if component["type"] == 4]
    menus = [component for component in components if component["type"] == 3]
    uploads = [component for component in components if component["type"] == 19]
    pickers = [component for component in components if component["type"] in (5, 6, 8)]
    labels = [component for component in components if component["type"] == 18]
    options = [option for menu in menus for option in menu["options"]]
    checks = {
        "a title has 1-45 characters": 0 < len(modal["title"].strip()) <= 45,
        "a custom id has 1-100 characters": 0 < len(modal["custom_id"]) <= 100,
        "1-5 components": 1 <= len(modal["components"]) <= 5,
        "labels have 1-45 characters": all(0 < len(label["label"].strip()) <= 45 for label in labels),
        "descriptions have 1-100 characters": all(
            0 < len(label["description"]) <= 100 for label in labels if label.get("description") is not None
        ),
        "a default fits its field": all(
            len(component.get("value") or "") <= component["max_length"] for component in inputs
        ),
        "at most 4000 characters": all(1 <= component["max_length"] <= 4000 for component in inputs),
        "1-25 options": all(1 <= len(menu["options"]) <= 25 for menu in menus),
        "options have 1-100 characters": all(
            0 < len(option[name].strip()) <= 100 for option in options for name in ("label", "value")
        ),
        "option values are unique in a menu": all(
            len({option["value"] for option in menu["options"]}) == len(menu["options"]) for menu in menus
        ),
        "something is asked": bool(inputs or menus or uploads or pickers),
        "a place for 1-10 files": all(
            component["min_values"] <= component["max_values"] <= 10
            and component["required"] == bool(component["min_values"])
            for component in uploads
        ),
    }
    return next((rule for rule, passed in checks.items() if not passed), None)
