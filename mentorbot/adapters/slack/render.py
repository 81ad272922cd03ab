"""Cards as Block Kit, straight to the JSON values Slack gets. Pure functions.

slack_sdk's models would check each element again on every answer, which takes longer than everything else here. The tests check
what's rendered against Slack's rules instead, so nothing is checked twice.

Text goes into rich_text, which Slack never parses as markup, so nothing a person wrote can format or ping. A web address links to
itself, and only to itself. People are mentioned where nobody else reads it, so a mention pings nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, assert_never

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.splitting import (
    ACTIONS,
    buttons_of,
    group_lines,
    has_visible_text,
    one_line,
    split_blocks,
    split_rich_text,
    truncate,
)
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, Footnote, RichText, Span, bold, code, rich, text_of
from mentorbot.chat.plain_text import plain_text
from mentorbot.slash.tokenizer import clean

Json = dict[str, Any]
ACTION = "mentor"
KEY = "key:"
DEFAULT_TITLE = "mentorbot"
MAX_ROW_CHARS = 4_000
"""Characters of the command lines in one row of buttons, since they count toward the message's size."""
MAX_NATIVE_PARTS = 50
"""Links and emoji in one block. What's beyond stays text."""
_NATIVE = re.compile(
    r"(?P<url>https?://[^\s<>\"“”|]{3,1000})|(?<![\w:]):(?P<emoji>(?=[a-z0-9_+-]*[a-z])[a-z0-9_+-]{2,60}):(?![\w:])"
)
_PERSON = re.compile(r"[UW][A-Z0-9]{1,20}")
"""Slack's ids of people."""
_NOT_LINKED = ".,;:!?…)]}'’*_~"
"""Characters at the end of a web address that belong to the sentence."""
DATE_FORMAT = "{date_long_pretty}, {time}"
"""https://docs.slack.dev/messaging/formatting-message-text#date-formatting"""
CACHED_CARDS = 64
"""Cards whose rendered blocks are cached."""


@dataclass(frozen=True, slots=True)
class Message:
    """One Slack message: its blocks, and the text for notifications and screen readers."""

    blocks: list[Json]
    text: str


@dataclass(frozen=True, slots=True)
class _Native:
    """The abilities of a place: whether it shows `people` as mentions, and `tables`."""

    people: bool
    tables: bool


def render(card: Card, key: str = "", *, tables: bool = True) -> list[Message]:
    """Render `card` as messages, usually one. `key` is stored in their block ids. Without `tables` they become lists."""
    return [Message(_with_ids(page, key, number), text) for number, (page, text) in enumerate(_messages(card, tables))]


def has_table(message: Message) -> bool:
    """Tell whether a message has a table, which servers that only look like Slack may refuse."""
    return any(block["type"] == "table" for block in message.blocks)


@lru_cache(maxsize=CACHED_CARDS)
def _messages(card: Card, tables: bool) -> list[tuple[list[Json], str]]:
    """Render the messages without ids, so a tip that goes to many channels is rendered once."""
    pages = list(split_blocks(list(_blocks(card, tables=tables))))
    if len(pages) == 1:
        return [(pages[0], _fallback(plain_text(card, lines=False)))]
    return [(page, _fallback(_page_text(page))) for page in pages]


def preview(card: Card) -> list[Json]:
    """Render what Slack would get for `card`, as JSON values."""
    return [
        {"response_type": response_type(card), "text": message.text, "blocks": message.blocks}
        for message in render(card)
    ]


def response_type(card: Card) -> str:
    """Return Slack's `response_type` for `card`."""
    return "in_channel" if card.public else "ephemeral"


def view_blocks(card: Card, max_blocks: int = limits.VIEW_BLOCKS) -> list[Json]:
    """Render `card` for a modal or the App Home tab. A card that's too long ends with a note saying so."""
    blocks = list(_blocks(card, tables=False))
    if len(blocks) > max_blocks:
        note = "There's more than fits here. Type the command in a channel to see it all."
        blocks = [*blocks[: max_blocks - 1], *_block(Footnote(rich(note)), _PLAIN)]
    return _with_ids(blocks, "", 0)


def fits_button(line: str) -> bool:
    """Tell whether a button can carry a command line. A form's metadata has room for as much, and for its origin."""
    return len(line) <= limits.BUTTON_VALUE


def escape(text: str) -> str:
    """Escape &, < and >, the three characters with a meaning in Slack's message text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fallback(text: str) -> str:
    """Make the plain text that goes with the blocks: escaped, and within the limit after escaping."""
    text = escape(clean(text)).strip() or DEFAULT_TITLE
    if len(text) <= limits.FALLBACK_TEXT:
        return text
    # The cut may fall inside an entity such as &amp;, so its remains are removed.
    return re.sub(r"&\w{0,4}$", "", text[: limits.FALLBACK_TEXT - 1]) + "…"


def _blocks(card: Card, *, tables: bool) -> Iterator[Json]:
    native = _Native(people=not (card.public or card.shareable), tables=tables)
    title = one_line(card.title)
    title = title if has_visible_text(title) else DEFAULT_TITLE
    yield {"type": "header", "text": plain(truncate(title, limits.HEADER_TEXT))}
    if len(title) > limits.HEADER_TEXT:  # no word is lost: the whole title follows as text
        yield from _text(rich(title), native)
    for block in card.blocks:
        yield from _block(block, native)
        if isinstance(block, cards.Table):  # a message may have one
            native = replace(native, tables=False)


_PLAIN = _Native(people=False, tables=False)


def _block(block: cards.Block, native: _Native) -> Iterator[Json]:
    match block:
        case cards.Paragraph():
            yield from _text(block.words, native)
        case cards.Heading():
            yield from _text(rich(bold(block.text)), native)
        case cards.Bullets():
            yield from _list(block, native)
        case cards.FieldList():
            yield from _field_list(block, native)
        case cards.Table():
            yield from _table(block, native)
        case cards.Footnote():
            for chunk in split_rich_text(rich(text_of(block.words))):
                yield {"type": "context", "elements": [plain(text_of(chunk))]}
        case cards.Divider():
            yield {"type": "divider"}
        case cards.Buttons():
            yield from _buttons(block)
        case cards.ActionLine():
            yield from _action_line(block)
        case cards.ChartImage(alt=text) | cards.FileBlock(name=text):
            yield from _block(Footnote(rich(text)), native)
        case _:
            assert_never(block)


def plain(text: str) -> Json:
    """Make Slack's text without any markup or emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _rich_text(element: Json) -> Json:
    return {"type": "rich_text", "elements": [element]}


def _text(line: RichText, native: _Native) -> Iterator[Json]:
    for chunk in split_rich_text(line):
        yield _rich_text(_section(chunk, _Budget(native.people)))


class _Budget:
    """The links and emoji one block may still have, because each costs far more than its characters; and whether `people` may."""

    def __init__(self, people: bool) -> None:
        self.people = people
        self._left = MAX_NATIVE_PARTS

    def take(self) -> bool:
        self._left -= 1
        return self._left >= 0


def _section(line: RichText, budget: _Budget) -> Json:
    return {"type": "rich_text_section", "elements": [part for span in line for part in _parts(span, budget)]}


def _parts(span: Span, budget: _Budget) -> Iterator[Json]:
    """Render a run of text. A web address in it becomes a link to itself, and `:tada:` an emoji; Slack does neither by itself.

    An instant is shown to each reader in their own zone and language, and a person leads to their profile.
    """
    if span.at is not None:
        yield {"type": "date", "timestamp": int(span.at.timestamp()), "format": DATE_FORMAT, "fallback": span.text}
        return
    styles = {name: True for name, on in (("bold", span.bold), ("italic", span.italic), ("code", span.code)) if on}
    style: Json = {"style": styles} if styles else {}
    if budget.people and _PERSON.fullmatch(span.person) and budget.take():
        yield {"type": "user", "user_id": span.person, **style}
        return
    end = 0
    for match in _NATIVE.finditer(span.text) if not span.code else ():
        url = match["url"].rstrip(_NOT_LINKED) if match["url"] else ""
        if not budget.take():
            break
        if match.start() > end:
            yield {"type": "text", "text": span.text[end : match.start()], **style}
        if url:
            yield {"type": "link", "url": url, **style}
            end = match.start() + len(url)
        else:
            yield {"type": "emoji", "name": match["emoji"]}
            end = match.end()
    if end < len(span.text):
        yield {"type": "text", "text": span.text[end:], **style}


def _list(block: cards.Bullets, native: _Native) -> Iterator[Json]:
    """Render a list, split into several if it's too long. Numbering continues across the parts."""
    offset = 0
    for group in group_lines(block.items):
        style = "ordered" if block.numbered else "bullet"
        numbering: Json = {"offset": offset} if block.numbered and offset else {}
        budget = _Budget(native.people)
        items = [_section(item, budget) for item in group]
        yield _rich_text({"type": "rich_text_list", "elements": items, "style": style, "indent": 0, **numbering})
        offset += len(group)


def _table(block: cards.Table, native: _Native) -> Iterator[Json]:
    """Render a table; as a list if there's no room for one."""
    if native.tables and len(block.rows) < limits.TABLE_ROWS and len(block.columns) <= limits.TABLE_COLUMNS:
        budget = _Budget(native.people)
        heading = [_raw(one_line(column) or "–") for column in block.columns]
        table = {"type": "table", "rows": [heading, *([_cell(cell, budget) for cell in row] for row in block.rows)]}
        if len(json.dumps(table, ensure_ascii=False)) <= limits.TABLE_TEXT:
            yield table
            return
    yield from _list(block.as_list, native)


def _raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def _cell(line: RichText, budget: _Budget) -> Json:
    text = one_line(text_of(line))
    if not has_visible_text(text):
        return _raw("–")
    if all(span == Span(span.text) for span in line):
        return _raw(text)
    return _rich_text(_section(tuple(replace(span, text=clean(span.text)) for span in line), budget))


def _field_list(block: cards.FieldList, native: _Native) -> Iterator[Json]:
    """Render name-value pairs as lines of one block, so they stay close together."""
    for group in group_lines(
        rich(bold(f"{name}: "), *value) if has_visible_text(clean(name)) else value for name, value in block.rows
    ):
        lines = [span for line in group for span in (*line, Span("\n"))]
        yield _rich_text(_section(tuple(lines[:-1]), _Budget(native.people)))


def _buttons(block: cards.Buttons) -> Iterator[Json]:
    """Render rows of buttons. A button whose line is too long for Slack is shown as a command to type."""
    row: list[Json] = []
    size = 0
    for button in block.buttons:
        if len(button.line) > limits.BUTTON_VALUE:
            yield from _text(rich(f"{button.label}: ", code(f"/mentor {button.line}")), _PLAIN)
            continue
        if row and (len(row) >= limits.BUTTONS_PER_ROW or size + len(button.line) > MAX_ROW_CHARS):
            yield {"type": ACTIONS, "elements": row}
            row, size = [], 0
        row.append(_button(button))
        size += len(button.line)
    if row:
        yield {"type": ACTIONS, "elements": row}


def _action_line(block: cards.ActionLine) -> Iterator[Json]:
    """Render a line with its button beside it; below it, if one of them is too long for that."""
    text = clean(text_of(block.words))
    if len(block.button.line) > limits.BUTTON_VALUE or len(text) > limits.TEXT or not has_visible_text(text):
        yield from _text(block.words, _PLAIN)
        yield from _buttons(cards.Buttons((block.button,)))
        return
    yield {"type": "section", "text": plain(text), "accessory": _button(block.button)}


def _button(button: cards.Button) -> Json:
    label, line = one_line(button.label), clean(button.line)
    text = plain(truncate(label, limits.BUTTON_TEXT) if has_visible_text(label) else "…")
    style = {} if button.style == "plain" else {"style": button.style}
    return {"type": "button", "text": text, **({"value": line} if line else {}), **style}


def _page_text(page: list[Json]) -> str:
    """Collect the text of one message, for a card split into several. A mention has no name to give."""
    return "\n".join(filter(None, ("".join(_block_texts(block)).strip() for block in page)))


def _block_texts(data: object) -> Iterator[str]:
    match data:
        case {"type": "button", "text": {"text": str(label)}}:
            yield f"[{label}] "
        case {"type": "section", "text": {"text": str(text)}, "accessory": dict(accessory)}:
            yield f"{text} "
            yield from _block_texts(accessory)
        case {"type": "link", "url": str(url)}:
            yield url
        case {"type": "emoji", "name": str(name)}:
            yield f":{name}:"
        case {"type": "date", "fallback": str(fallback)}:
            yield fallback
        case {"type": "table", "rows": list(rows)}:
            yield from (f"• {', '.join(''.join(_block_texts(cell)) for cell in row)}\n" for row in rows)
        case {"type": "rich_text_list", "elements": list(items)}:
            yield from (f"• {''.join(_block_texts(item))}\n" for item in items)
        case {"text": str(text)}:
            yield text
        case {"text": dict(text)}:
            yield from _block_texts(text)
        case {"elements": list(inner)}:
            for item in inner:
                yield from _block_texts(item)


def _with_ids(blocks: list[Json], key: str, page: int) -> list[Json]:
    """Copy blocks and give each an id that contains the key, so a message can be identified in the channel's history."""
    return [_with_id(block, f"{KEY}{key}:{page}", number) for number, block in enumerate(blocks)]


def _with_id(block: Json, prefix: str, number: int) -> Json:
    with_id = block | {"block_id": f"{prefix}.{number}"}
    if accessory := block.get("accessory"):
        return with_id | {"accessory": accessory | {"action_id": f"{ACTION}:{number}.0"}}
    if controls := buttons_of(block):
        with_id["elements"] = [
            control | {"action_id": f"{ACTION}:{number}.{index}"} for index, control in enumerate(controls)
        ]
    return with_id
