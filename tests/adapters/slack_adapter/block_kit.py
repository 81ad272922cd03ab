"""Block Kit's rules from Slack's reference, written independently of the renderer's own table of limits.

`block_errors` knows the blocks and elements answers may use, and reports any other as an error; slack_sdk's models check them,
too. For undocumented limits (of rich_text, of a whole message) it uses the strictest value anyone has reported.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

MESSAGE, MODAL, HOME = "message", "modal", "home"
_MAX_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}


def block_errors(blocks: list[Json]) -> list[str]:
    """Describe everything Slack would reject in the `blocks` of a message; empty if they're valid."""
    return [*_blocks(blocks, MESSAGE), *_model_errors(blocks)]


def view_errors(view: Json) -> list[str]:
    """Describe everything Slack would reject in a view, which is a modal or the App Home."""
    errors = [*_blocks(view["blocks"], view["type"]), *_model_errors(view["blocks"])]
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        errors.append(f"slack_sdk: {error}")
    return [*errors, *(_modal(view) if view["type"] == MODAL else ())]


def _model_errors(blocks: list[Json]) -> Iterator[str]:
    """Check blocks with slack_sdk's models: each is one they know, valid, and without anything they don't know."""
    for block in blocks:
        try:
            parsed = Block.parse(copy.deepcopy(block))
            if parsed is None:
                yield f"slack_sdk knows no {block.get('type')}"
                continue
            parsed.validate_json()
        except SlackObjectFormationError as error:
            yield f"slack_sdk: {error}"
            continue
        if unknown := set(block) - set(parsed.to_dict()):
            yield f"slack_sdk drops {unknown} of a {block['type']}"


def _blocks(blocks: list[Json], surface: str) -> Iterator[str]:
    if not 1 <= len(blocks) <= _MAX_BLOCKS[surface]:
        yield f"{len(blocks)} blocks"
    if surface == MESSAGE and (size := len(json.dumps(blocks, ensure_ascii=False))) > 13_200:
        yield f"msg_blocks_too_long: {size}"
    ids = [block.get("block_id", "") for block in blocks]
    if len(set(ids)) != len(ids) or not all(1 <= len(block_id) <= 255 for block_id in ids):
        yield "block_id missing, twice or too long"
    actions = [element["action_id"] for block in blocks for element in _controls(block)]
    if len(set(actions)) != len(actions) or not all(1 <= len(action_id) <= 255 for action_id in actions):
        yield "action_id twice or too long"
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield "only_one_table_allowed"
    for block in blocks:
        yield from _block(block, surface)


def _controls(block: Json) -> list[Json]:
    if "accessory" in block:
        return [block["accessory"]]
    if block["type"] == "input" and block.get("dispatch_action"):
        return [block["element"]]
    controls: list[Json] = block["elements"] if block["type"] == "actions" else []
    return controls


def _block(block: Json, surface: str) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"type": "plain_text"} as text}:
            yield from _text(text, 150)
        case {"type": "rich_text", "elements": [_, *_] as elements}:
            yield from _rich_text(elements)
        case {"type": "section", "text": {"type": "plain_text"} as text, "accessory": accessory}:
            yield from _text(text, 3_000)
            yield from _button(accessory)
        case {"type": "context", "elements": [_, *_] as elements} if len(elements) <= 10:
            for element in elements:
                yield from _text(element, 3_000)
        case {"type": "actions", "elements": [_, *_] as elements} if len(elements) <= 25:
            for element in elements:
                yield from _button(element)
        case {"type": "input", "label": {"type": "plain_text"} as label, "element": element} if surface != MESSAGE:
            yield from _text(label, 2_000)
            yield from _text(block["hint"], 2_000) if "hint" in block else ()
            yield from _input(element)
        case {"type": "table", "rows": [[_, *_] as heading, *rows]} if surface == MESSAGE:
            yield from _table([heading, *rows])
        case {"type": "divider"}:
            pass
        case _:
            yield f"no such block on a {surface}: {json.dumps(block)[:200]}"


def _table(rows: list[list[Json]]) -> Iterator[str]:
    """Check a table: at most 100 rows of the same length, at most 20 cells each, every cell with some text."""
    if len(rows) > 100 or not 1 <= len(rows[0]) <= 20 or len({len(row) for row in rows}) != 1:
        yield f"a table of {len(rows)} rows and {[len(row) for row in rows]} cells"
    for cell in itertools.chain.from_iterable(rows):
        match cell:
            case {"type": "raw_text", "text": str(text)} if text.strip():
                yield from _characters(text)
            case {"type": "rich_text", "elements": [_, *_] as elements}:
                yield from _rich_text(elements)
            case _:
                yield f"no such cell: {cell}"
    if len(json.dumps(rows)) > 10_000:
        yield "more than 10,000 characters in a table"


def _text(text: Json, max_length: int) -> Iterator[str]:
    if text["type"] not in ("plain_text", "mrkdwn") or not 1 <= len(text["text"]) <= max_length:
        yield f"text of {len(text['text'])} characters where {max_length} may be"
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
        for span in line:
            if span["type"] in ("link", "emoji", "date", "user"):
                yield from _native(span)
                length += len(span.get("url") or span.get("fallback") or span.get("name") or span["user_id"])
                continue
            if span["type"] != "text" or not span["text"] or set(span.get("style", {})) - {"bold", "italic", "code"}:
                yield f"not a plain run of text: {span}"
            length += len(span["text"])
            yield from _characters(span["text"])
        if line and not "".join(span.get("text") or span["type"] for span in line).strip():
            yield "a blank line of rich_text"
    if length > 3_000:
        yield f"{length} characters of rich_text"


def _native(span: Json) -> Iterator[str]:
    """Check a link, which shows its own address, an emoji, or a date."""
    if span["type"] == "date" and not (
        isinstance(span["timestamp"], int) and re.search(r"\{(date|time)[a-z_]*\}", span["format"]) and span["fallback"]
    ):
        yield f"no date: {span}"
    if span["type"] == "user" and not re.fullmatch(r"[UW][A-Z0-9]+", span["user_id"]):
        yield f"nobody: {span}"
    if span["type"] == "link" and not re.fullmatch(r"https?://\S{1,3000}", span["url"]):
        yield f"no web address: {span}"
    if span["type"] == "link" and span.get("text") not in (None, span["url"]):
        yield f"a link that shows something else: {span}"
    if span["type"] == "emoji" and not re.fullmatch(r"[a-z0-9_+'-]{1,100}", span["name"]):
        yield f"no emoji: {span}"


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
        case {"type": "plain_text_input", "max_length": int(max_length)}:
            if not 1 <= max_length <= 3_000 or len(element.get("initial_value", "")) > max_length:
                yield f"an input of {max_length} characters"
            yield from _text(element["placeholder"], 150) if "placeholder" in element else ()
        case {"type": "static_select", "options": [_, *_] as options} if len(options) <= 100:
            for option in options:
                yield from _text(option["text"], 75)
                if not 1 <= len(option["value"]) <= 150:
                    yield "an option's value is too long"
            if element.get("initial_option", options[0]) not in options:
                yield "the initial option is none of the options"
        case {"type": "multi_static_select", "options": [_, *_] as options} if len(options) <= 100:
            for option in options:
                yield from _text(option["text"], 75)
            if any(option not in options for option in element.get("initial_options") or ()):
                yield "an initial option is none of the options"
        case {"type": "external_select", "min_query_length": int(), "placeholder": placeholder}:
            yield from _text(placeholder, 150)
            yield from _text(element.get("initial_option", {"text": placeholder})["text"], 75)
        case {"type": "file_input", "max_files": int(count)} if 1 <= count <= 10:
            pass
        case _:
            yield from _picker(element)


def _picker(element: Json) -> Iterator[str]:
    match element:
        case {"type": "datepicker"} if re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-12-01")):
            pass
        case {"type": "timepicker"} if re.fullmatch(r"[0-2]\d:[0-5]\d", element.get("initial_time", "09:00")):
            pass
        case {"type": "users_select"} if element.get("initial_user", "U1").startswith(("U", "W")):
            pass
        case {"type": "conversations_select"} if element.get("initial_conversation", "C1").startswith(("C", "G")):
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
