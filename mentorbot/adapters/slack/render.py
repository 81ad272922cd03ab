"""Cards as Block Kit, through slack_sdk's own models. Pure.

Words go into rich_text, whose text Slack never reads as markup: nothing that a person wrote can format, link or ping.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.text import cut, one_line, pieces, runs, visible
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, Footnote, RichText, Span, bold, code, rich, text_of
from mentorbot.chat.plain_text import plain_text
from mentorbot.slash.tokenizer import clean

ACTION = "mentor"
KEY = "key:"
NAMELESS = "mentorbot"
ROW_SIZE = 4_000
"""Characters of the lines behind one row of buttons; they count towards the size of the message."""
REMEMBERED = 64
"""Cards whose blocks are remembered."""


@dataclass(frozen=True, slots=True)
class Message:
    """One Slack message: its blocks, and the text for notifications and screen readers."""

    blocks: list[dict[str, Any]]
    text: str


def render(card: Card, key: str = "") -> list[Message]:
    """The messages that show `card`, usually one. `key` travels in their block ids."""
    return [Message(_with_ids(page, key, number), text) for number, (page, text) in enumerate(_messages(card))]


@lru_cache(maxsize=REMEMBERED)
def _messages(card: Card) -> list[tuple[list[dict[str, Any]], str]]:
    """The messages without their ids, so that a tip which goes to many channels is made once."""
    pages = list(_pages([block.to_dict() for block in _blocks(card)]))
    if len(pages) == 1:
        return [(pages[0], _fallback(plain_text(card)))]
    return [(page, _fallback(_page_text(page))) for page in pages]


def preview(card: Card) -> list[dict[str, Any]]:
    """What Slack gets for `card`, as plain JSON values."""
    return [
        {"response_type": visibility(card), "text": message.text, "blocks": message.blocks} for message in render(card)
    ]


def visibility(card: Card) -> str:
    """Slack's `response_type` of `card`."""
    return "in_channel" if card.public else "ephemeral"


def view_blocks(card: Card) -> list[dict[str, Any]]:
    """The blocks of `card` for a modal or the App Home; one that is too long says so."""
    blocks = list(_blocks(card))
    if len(blocks) > limits.VIEW_BLOCKS:
        rest = "There is more than fits here. Type the command in a channel to see all of it."
        blocks = [*blocks[: limits.VIEW_BLOCKS - 1], *_block(Footnote(rich(rest)))]
    return _with_ids([block.to_dict() for block in blocks], "", 0)


def escape(text: str) -> str:
    """`text` with the three characters that mean something in Slack's own text replaced."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fallback(text: str) -> str:
    """The text beside the blocks: literal, and within its limit once it is escaped."""
    text = escape(clean(text)).strip() or NAMELESS
    if len(text) <= limits.FALLBACK_TEXT:
        return text
    return re.sub(r"&\w{0,4}$", "", text[: limits.FALLBACK_TEXT - 1]) + "…"


def _blocks(card: Card) -> Iterator[Block]:
    title = one_line(card.title)
    title = title if visible(title) else NAMELESS
    yield HeaderBlock(text=PlainTextObject(text=cut(title, limits.HEADER_TEXT), emoji=False))
    if len(title) > limits.HEADER_TEXT:
        yield from _text(rich(title))
    for block in card.blocks:
        yield from _block(block)


def _block(block: cards.Block) -> Iterator[Block]:
    match block:
        case cards.Paragraph():
            yield from _text(block.words)
        case cards.Heading():
            yield from _text(rich(bold(block.text)))
        case cards.Bullets():
            yield from _list(block)
        case cards.FieldList():
            yield from _facts(block)
        case cards.Footnote():
            for piece in pieces(rich(text_of(block.words))):
                yield ContextBlock(elements=[PlainTextObject(text=text_of(piece), emoji=False)])
        case cards.Divider():
            yield DividerBlock()
        case cards.Buttons():
            yield from _buttons(block)
        case cards.ChartImage():
            yield from _block(Footnote(rich(block.alt)))
        case cards.FileBlock():
            yield from _block(Footnote(rich(block.name)))
        case _:
            assert_never(block)


def _text(line: RichText) -> Iterator[Block]:
    for piece in pieces(line):
        yield RichTextBlock(elements=[_section(piece)])


def _section(line: RichText) -> RichTextSectionElement:
    return RichTextSectionElement(elements=[_span(span) for span in line])


def _span(span: Span) -> RichTextElementParts.Text:
    style = RichTextElementParts.TextStyle(bold=span.bold or None, italic=span.italic or None, code=span.code or None)
    plain = not (span.bold or span.italic or span.code)
    return RichTextElementParts.Text(text=span.text, style=None if plain else style)


def _list(block: cards.Bullets) -> Iterator[Block]:
    """A list, cut into several where it is too long for one; numbers go on counting."""
    offset = 0
    for run in runs(block.items):
        style = "ordered" if block.numbered else "bullet"
        numbering: dict[str, Any] = {"offset": offset} if block.numbered and offset else {}
        items = [_section(item) for item in run]
        yield RichTextBlock(elements=[RichTextListElement(elements=items, style=style, indent=0, **numbering)])
        offset += len(run)


def _facts(block: cards.FieldList) -> Iterator[Block]:
    """Pairs as lines of one block, so that they stand close together."""
    for run in runs(rich(bold(f"{name}: "), *value) if visible(clean(name)) else value for name, value in block.rows):
        lines = [span for line in run for span in (*line, Span("\n"))]
        yield RichTextBlock(elements=[_section(tuple(lines[:-1]))])


def _buttons(block: cards.Buttons) -> Iterator[Block]:
    """Rows of buttons; one whose line is too long for a button is shown as something to type."""
    row: list[ButtonElement] = []
    size = 0
    for button in block.buttons:
        if len(button.line) > limits.BUTTON_VALUE:
            yield from _text(rich(f"{button.label}: ", code(f"/mentor {button.line}")))
            continue
        if row and (len(row) >= limits.BUTTONS_IN_A_ROW or size + len(button.line) > ROW_SIZE):
            yield ActionsBlock(elements=row)
            row, size = [], 0
        row.append(_button(button))
        size += len(button.line)
    if row:
        yield ActionsBlock(elements=row)


def _button(button: cards.Button) -> ButtonElement:
    label = one_line(button.label)
    text = PlainTextObject(text=cut(label, limits.BUTTON_TEXT) if visible(label) else "…", emoji=False)
    style = None if button.style == "plain" else button.style
    return ButtonElement(text=text, value=clean(button.line) or None, style=style)


def _pages(blocks: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    page: list[dict[str, Any]] = []
    size = 0
    for block in blocks:
        # 60 for the ids, which come later; a row of buttons has one for each.
        length = len(json.dumps(block, ensure_ascii=False)) + 60 * (1 + len(_controls(block)))
        if page and (len(page) >= limits.MESSAGE_BLOCKS or size + length > limits.MESSAGE_SIZE):
            yield page
            page, size = [], 0
        page.append(block)
        size += length
    yield page


def _controls(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a row."""
    return block["elements"] if block["type"] == ActionsBlock.type else []


def _page_text(page: list[dict[str, Any]]) -> str:
    """The words of one page, for a card that takes several."""
    return "\n".join(filter(None, ("".join(_strings(block)).strip() for block in page)))


def _strings(data: object) -> Iterator[str]:
    match data:
        case {"type": "button", "text": {"text": str(label)}, **rest}:
            yield f"[{label}] /mentor {rest.get('value', '')}\n"
        case {"type": "rich_text_list", "elements": list(items)}:
            yield from (f"• {''.join(_strings(item))}\n" for item in items)
        case {"text": str(text)}:
            yield text
        case {"text": dict(text)}:
            yield from _strings(text)
        case {"elements": list(inner)}:
            for item in inner:
                yield from _strings(item)


def _with_ids(blocks: list[dict[str, Any]], key: str, page: int) -> list[dict[str, Any]]:
    """Copies of blocks with an id each; the key is in the id, so that history tells which message this is."""
    return [_with_id(block, f"{KEY}{key}:{page}", number) for number, block in enumerate(blocks)]


def _with_id(block: dict[str, Any], prefix: str, number: int) -> dict[str, Any]:
    named = block | {"block_id": f"{prefix}.{number}"}
    if controls := _controls(block):
        named["elements"] = [
            control | {"action_id": f"{ACTION}:{number}.{place}"} for place, control in enumerate(controls)
        ]
    return named
