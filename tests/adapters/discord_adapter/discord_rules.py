"""What Discord takes: its OpenAPI file where that is at hand, and the rules of messages that the file does not state."""

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


# Templates of the file for what the bot calls; `@me` and the like come before names.
_TEMPLATES = (
    "/applications/{application_id}/commands",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "/webhooks/{webhook_id}/{webhook_token}",
    "/channels/{channel_id}/messages",
)


def template(path: str) -> str | None:
    """The file's own name for a path; None when nothing is sent there."""
    matches = (one for one in _TEMPLATES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path))
    return next(matches, None)


def objection(method: str, path: str, body: Any) -> str | None:
    """What Discord would say to this request of the bot's; None when it is fine. `path` is the path itself."""
    known = template(path)
    if body is None or known is None:
        return None
    if found := fault(method, known, body):
        return found
    match known.rsplit("/", 1)[-1]:
        case "messages" | "@original" | "{webhook_token}":
            return refusal(body, edited=method == "PATCH")
        case "callback" if body["type"] in (4, 7):
            return refusal(body["data"], edited=body["type"] == 7)
        case "callback" if body["type"] == 9:
            return modal_refusal(body["data"])
        case _:
            return None


@cache
def _validator(method: str, path: str) -> Draft202012Validator | None:
    operation = _document()["paths"][path][method.lower()]
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": _document()["components"]})


def fault(method: str, path: str, body: Any) -> str | None:
    """What the OpenAPI file has against `body`; `path` is a template of its own. None when nothing, or without the file."""
    validator = _validator(method, path) if OPENAPI.exists() else None
    if validator is None:
        return None
    if isinstance(body, dict) and "attachments" in body:
        # Discord's own examples number new files with integers, which the file calls strings:
        # https://docs.discord.com/developers/reference#uploading-files
        body = {**body, "attachments": [{**part, "id": str(part["id"])} for part in body["attachments"]]}
    error = None if validator.is_valid(body) else best_match(validator.iter_errors(body))
    return f"{method} {path}: {error.json_path}: {error.message[:300]}" if error else None


def flat(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, however deep."""
    for component in components:
        yield component
        yield from flat(component.get("components", []))
        yield from flat([component["component"]] if "component" in component else [])


def refusal(message: dict[str, Any], *, edited: bool = False) -> str | None:
    """Why Discord would refuse a message of Components V2; its numbers are written here again, on purpose.

    An edited message has its flag already.
    """
    parts = list(flat(message.get("components") or []))
    customs = [part["custom_id"] for part in parts if "custom_id" in part]
    said = [part["content"] for part in parts if part["type"] == 10]
    labels = [part["label"] for part in parts if part["type"] == 2]
    checks = {
        "a message is empty": bool(parts),
        "no content beside components": not message.get("content"),
        "the flag of Components V2 is missing": edited or bool(message.get("flags", 0) & V2),
        "at most 40 components": len(parts) <= 40,
        "at most 4000 characters": sum(map(len, said)) <= 4000,
        "a text is blank": all(text.strip() for text in said),
        "custom ids have 1-100 characters": all(0 < len(custom) <= 100 for custom in customs),
        "custom ids are unique": len(set(customs)) == len(customs),
        "labels have 1-80 characters": all(0 < len(label.strip()) <= 80 for label in labels),
        "an action row has 1-5 buttons": all(1 <= len(part["components"]) <= 5 for part in parts if part["type"] == 1),
    }
    return next((rule for rule, kept in checks.items() if not kept), None)


def modal_refusal(modal: dict[str, Any]) -> str | None:
    """Why Discord would refuse a modal."""
    parts = list(flat(modal["components"]))
    inputs = [part for part in parts if part["type"] == 4]
    menus = [part for part in parts if part["type"] == 3]
    uploads = [part for part in parts if part["type"] == 19]
    labels = [part for part in parts if part["type"] == 18]
    options = [option for menu in menus for option in menu["options"]]
    checks = {
        "a title has 1-45 characters": 0 < len(modal["title"].strip()) <= 45,
        "a custom id has 1-100 characters": 0 < len(modal["custom_id"]) <= 100,
        "1-5 components": 1 <= len(modal["components"]) <= 5,
        "labels have 1-45 characters": all(0 < len(label["label"].strip()) <= 45 for label in labels),
        "descriptions have 1-100 characters": all(
            0 < len(label["description"]) <= 100 for label in labels if label.get("description") is not None
        ),
        "a default fits its field": all(len(part.get("value") or "") <= part["max_length"] for part in inputs),
        "at most 4000 characters": all(1 <= part["max_length"] <= 4000 for part in inputs),
        "1-25 options": all(1 <= len(menu["options"]) <= 25 for menu in menus),
        "options have 1-100 characters": all(
            0 < len(option[name].strip()) <= 100 for option in options for name in ("label", "value")
        ),
        "option values are unique in a menu": all(
            len({option["value"] for option in menu["options"]}) == len(menu["options"]) for menu in menus
        ),
        "something is asked": bool(inputs or menus or uploads),
        "a place for 1-10 files": all(
            part["min_values"] <= part["max_values"] <= 10 and part["required"] == bool(part["min_values"])
            for part in uploads
        ),
    }
    return next((rule for rule, kept in checks.items() if not kept), None)
