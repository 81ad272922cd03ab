"""What Slack refuses in Block Kit, as its reference says it; written apart from the renderer's own table of limits.

`refused` covers the blocks and elements that core answers may use and treats every other one as a fault. Undocumented
limits (of rich_text, of a whole message) are the strictest that were reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE, MODAL, HOME = "message", "modal", "home"
_MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}


def refused(blocks: list[Json], surface: str = MESSAGE) -> list[str]:
    """Everything that Slack would not take, in words; empty when all is well."""
    return list(_blocks(blocks, surface))


def refused_view(view: Json) -> list[str]:
    """The same for a view: a modal or the App Home."""
    return [*_blocks(view["blocks"], view["type"]), *(_modal(view) if view["type"] == MODAL else ())]


def _blocks(blocks: list[Json], surface: str) -> Iterator[str]:
    if not 1 <= len(blocks) <= _MOST_BLOCKS[surface]:
        yield f"{len(blocks)} blocks"
    if surface == MESSAGE and (size := len(json.dumps(blocks, ensure_ascii=False))) > 13_200:
        yield f"msg_blocks_too_long: {size}"
    ids = [block.get("block_id", "") for block in blocks]
    if len(set(ids)) != len(ids) or not all(1 <= len(block_id) <= 255 for block_id in ids):
        yield "block_id missing, twice or too long"
    actions = [element["action_id"] for block in blocks for element in _controls(block)]
    if len(set(actions)) != len(actions) or not all(1 <= len(action_id) <= 255 for action_id in actions):
        yield "action_id twice or too long"
    for block in blocks:
        yield from _block(block, surface)


def _controls(block: Json) -> list[Json]:
    controls: list[Json] = block["elements"] if block["type"] == "actions" else []
    return controls


def _block(block: Json, surface: str) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"type": "plain_text"} as text}:
            yield from _text(text, 150)
        case {"type": "rich_text", "elements": [_, *_] as elements}:
            yield from _rich_text(elements)
        case {"type": "context", "elements": [_, *_] as elements} if len(elements) <= 10:
            for element in elements:
                yield from _text(element, 3_000)
        case {"type": "actions", "elements": [_, *_] as elements} if len(elements) <= 25:
            for element in elements:
                yield from _button(element)
        case {"type": "input", "label": {"type": "plain_text"} as label, "element": element} if surface == MODAL:
            yield from _text(label, 2_000)
            yield from _text(block["hint"], 2_000) if "hint" in block else ()
            yield from _input(element)
        case {"type": "divider"}:
            pass
        case _:
            yield f"no such block on a {surface}: {json.dumps(block)[:200]}"


def _text(text: Json, longest: int) -> Iterator[str]:
    if text["type"] not in ("plain_text", "mrkdwn") or not 1 <= len(text["text"]) <= longest:
        yield f"text of {len(text['text'])} characters where {longest} may be"
    if not text["text"].strip():
        yield "blank text"
    yield from _characters(text["text"])


def _characters(text: str) -> Iterator[str]:
    if any((ord(char) < 32 and char not in "\n\t") or "\ud800" <= char <= "\udfff" for char in text):
        yield f"characters that are no text: {text[:40]!r}"


def _rich_text(elements: list[Json]) -> Iterator[str]:
    length = 0
    for line in _lines(elements):
        if not line:
            yield "an empty line of rich_text"
        for part in line:
            if part["type"] != "text" or not part["text"] or set(part.get("style", {})) - {"bold", "italic", "code"}:
                yield f"not a plain run of text: {part}"
            length += len(part["text"])
            yield from _characters(part["text"])
        if line and not "".join(part["text"] for part in line).strip():
            yield "a blank line of rich_text"
    if length > 3_000:
        yield f"{length} characters of rich_text"


def _lines(elements: list[Json]) -> Iterator[list[Json]]:
    for element in elements:
        if element["type"] == "rich_text_list":
            assert element["style"] in ("bullet", "ordered")
            yield from _lines(element["elements"])
        else:
            assert element["type"] == "rich_text_section"
            yield element["elements"]


def _button(element: Json) -> Iterator[str]:
    if element["type"] != "button" or element.get("style", "primary") not in ("primary", "danger"):
        yield f"no such control: {element}"
    if not 1 <= len(element.get("value", "x")) <= 2_000:
        yield f"a button's value of {len(element['value'])} characters"
    yield from _text(element["text"], 75)


def _input(element: Json) -> Iterator[str]:
    match element:
        case {"type": "plain_text_input", "max_length": int(longest)}:
            if not 1 <= longest <= 3_000 or len(element.get("initial_value", "")) > longest:
                yield f"an input of {longest} characters"
        case {"type": "static_select", "options": [_, *_] as options} if len(options) <= 100:
            for option in options:
                yield from _text(option["text"], 75)
                if not 1 <= len(option["value"]) <= 150:
                    yield "an option's value is too long"
            if element.get("initial_option", options[0]) not in options:
                yield "the initial option is none of the options"
        case {"type": "file_input", "max_files": int(most)} if 1 <= most <= 10:
            pass
        case _:
            yield f"no such input: {json.dumps(element)[:200]}"


def _modal(view: Json) -> Iterator[str]:
    for name in {"title", "submit", "close"} & set(view):
        yield from _text(view[name], 24)
    if "title" not in view:
        yield "a modal without a title"
    has_inputs = any(block["type"] == "input" for block in view["blocks"])
    if has_inputs and "submit" not in view:
        yield "a modal with inputs and nothing to submit them with"
    if len(view.get("private_metadata", "")) > 3_000 or len(view.get("external_id", "")) > 255:
        yield "private_metadata or external_id too long"
