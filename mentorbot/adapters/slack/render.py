"""Cards as Block Kit, through slack_sdk's own models. Pure.

Words go into rich_text, whose text Slack never reads as markup: nothing that a person wrote can format, link or ping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

from mentorbot import cards
from mentorbot.adapters.slack import limits
from mentorbot.cards import Card, Span, Words, bold, code, text_of, words

ACTION = "mentor"
KEY = "key:"


@dataclass(frozen=True, slots=True)
class Message:
    """One Slack message: its blocks, and the text for notifications and screen readers."""

    blocks: list[dict[str, Any]]
    text: str


def render(card: Card, key: str = "") -> list[Message]:
    """The messages that show `card`, usually one. `key` travels in their block ids."""
    blocks = list(_blocks(card))
    pages = list(_pages(blocks))
    title = card.title.strip() or "mentorbot"
    fallback = escape(cards.plain_text(card)).strip() or title
    return [
        Message(
            _with_ids(page, key, number), _cut(fallback if number == 0 else escape(title), limits.FALLBACK_TEXT)
        )
        for number, page in enumerate(pages)
    ]


def preview(card: Card) -> list[dict[str, Any]]:
    """What Slack gets for `card`, as plain JSON values."""
    kind = "in_channel" if card.public else "ephemeral"
    return [{"response_type": kind, "text": message.text, "blocks": message.blocks} for message in render(card)]


def view_blocks(card: Card) -> list[dict[str, Any]]:
    """The blocks of `card` for a modal or the App Home, as many as fit."""
    return _with_ids(list(_blocks(card))[: limits.VIEW_BLOCKS], "", 0)


def escape(text: str) -> str:
    """`text` with the three characters that mean something in Slack's own text replaced."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _blocks(card: Card) -> Iterator[Block]:
    title = visible(card.title) or "mentorbot"
    yield HeaderBlock(text=PlainTextObject(text=_cut(title, limits.HEADER_TEXT), emoji=False))
    if len(title) > limits.HEADER_TEXT:
        yield from _text(words(title))
    for block in card.blocks:
        yield from _block(block)


def _block(block: cards.Block) -> Iterator[Block]:
    match block:
        case cards.Paragraph():
            yield from _text(block.words)
        case cards.Heading():
            yield from _text(words(bold(block.text)))
        case cards.Bullets():
            yield from _list(block)
        case cards.Facts():
            for name, value in block.rows:
                yield from _text(words(bold(f"{name}: "), *value))
        case cards.Note():
            for part in _parts(block.words, limits.CONTEXT_TEXT):
                if visible(text := text_of(part)):
                    yield ContextBlock(elements=[PlainTextObject(text=text, emoji=False)])
        case cards.Divider():
            yield DividerBlock()
        case cards.Buttons():
            yield from _buttons(block)
        case _:
            assert_never(block)


def visible(text: str) -> str:
    """`text` if Slack would show anything of it; it refuses elements that are blank."""
    return text if text.strip() else ""


def _text(line: Words) -> Iterator[Block]:
    for part in _parts(line, limits.RICH_TEXT):
        if visible(text_of(part)):
            yield RichTextBlock(elements=[_section(part)])


def _section(line: Words) -> RichTextSectionElement:
    return RichTextSectionElement(elements=[_span(span) for span in line if span.text])


def _span(span: Span) -> RichTextElementParts.Text:
    style = RichTextElementParts.TextStyle(bold=span.bold or None, italic=span.italic or None, code=span.code or None)
    plain = not (span.bold or span.italic or span.code)
    return RichTextElementParts.Text(text=span.text, style=None if plain else style)


def _list(block: cards.Bullets) -> Iterator[Block]:
    """A list, cut into several where it is too long for one; numbers go on counting."""
    items = [part for item in block.items for part in _parts(item, limits.RICH_TEXT) if visible(text_of(part))]
    offset = 0
    for run in _runs(items, limits.RICH_TEXT):
        style = "ordered" if block.numbered else "bullet"
        elements = [_section(item) for item in run]
        numbering: dict[str, Any] = {"offset": offset} if block.numbered and offset else {}
        yield RichTextBlock(elements=[RichTextListElement(elements=elements, style=style, indent=0, **numbering)])
        offset += len(run)


def _runs(items: Iterable[Words], room: int) -> Iterator[list[Words]]:
    run: list[Words] = []
    size = 0
    for item in items:
        length = len(text_of(item))
        if run and size + length > room:
            yield run
            run, size = [], 0
        run.append(item)
        size += length
    if run:
        yield run


def _parts(line: Words, room: int) -> Iterator[Words]:
    """The words in pieces of at most `room` characters."""
    part: list[Span] = []
    size = 0
    for span in line:
        text = span.text
        while text:
            piece = text[: room - size]
            part.append(Span(piece, span.bold, span.italic, span.code))
            size += len(piece)
            text = text[len(piece) :]
            if size >= room:
                yield tuple(part)
                part, size = [], 0
    if part:
        yield tuple(part)


def _buttons(block: cards.Buttons) -> Iterator[Block]:
    fitting = [button for button in block.buttons if len(button.line) <= limits.BUTTON_VALUE]
    for start in range(0, len(fitting), limits.BUTTONS_IN_A_ROW):
        yield ActionsBlock(elements=[_button(button) for button in fitting[start : start + limits.BUTTONS_IN_A_ROW]])
    for button in block.buttons:
        if button not in fitting:
            yield from _text(words(f"{button.label}: ", code(f"/mentor {button.line}")))


def _button(button: cards.Button) -> ButtonElement:
    label = _cut(visible(button.label) or "…", limits.BUTTON_TEXT)
    style = None if button.style == "plain" else button.style
    return ButtonElement(text=PlainTextObject(text=label, emoji=False), value=button.line, style=style)


def _pages(blocks: list[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    size = 0
    for block in blocks:
        length = len(str(block.to_dict()))
        if page and (len(page) >= limits.MESSAGE_BLOCKS or size + length > limits.MESSAGE_TEXT):
            yield page
            page, size = [], 0
        page.append(block)
        size += length
    yield page


def _with_ids(blocks: list[Block], key: str, page: int) -> list[dict[str, Any]]:
    """Blocks as JSON, each with an id of its own; the key is in the id, so that history tells which message this is."""
    made = []
    for number, block in enumerate(blocks):
        data = block.to_dict()
        data["block_id"] = f"{KEY}{key}:{page}.{number}"
        for place, element in enumerate(data.get("elements", ()) if data["type"] == "actions" else ()):
            element["action_id"] = f"{ACTION}:{number}.{place}"
        made.append(data)
    return made
