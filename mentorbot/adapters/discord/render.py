"""Cards as Components V2, through discord.py's LayoutView. Pure.

Buttons are stateless: the custom_id holds the line that they run, so that they work after a restart and on any replica.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

import discord
from discord import ui

from mentorbot import cards
from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import cut, escape, marked, pieces, size
from mentorbot.cards import Card, Words, bold, code, words

BUTTON = "m:"
# Escaping at most doubles a text, and a style adds a few characters.
_PIECE = 1_500
_TEXT = limits.MESSAGE_TEXT - 200
_STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}

Part = str | ui.ActionRow[ui.LayoutView] | ui.Separator[ui.LayoutView]


def render(card: Card, key: str = "") -> list[ui.LayoutView]:
    """The messages that show `card`, usually one. `key` travels in the custom ids of its buttons."""
    return [_view(card, page) for page in _pages(list(_joined(_parts(card, key))))]


def preview(card: Card) -> list[dict[str, Any]]:
    """What Discord gets for `card`, as plain JSON values."""
    flags = discord.MessageFlags(components_v2=True, ephemeral=not card.public).value
    return [{"flags": flags, "components": view.to_components()} for view in render(card)]


def custom_id(line: str, key: str = "") -> str:
    """What a button carries."""
    return f"{BUTTON}{key}:{line}"


def line_of(custom: str) -> str | None:
    """The line of one of our buttons; None when it is not ours."""
    if not custom.startswith(BUTTON):
        return None
    return custom.removeprefix(BUTTON).partition(":")[2]


def _view(card: Card, page: list[Part]) -> ui.LayoutView:
    colour = discord.Colour(0xD9822B) if card.error else discord.Colour(0x3B5BDB)
    items: list[Any] = [ui.TextDisplay(part) if isinstance(part, str) else part for part in page]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=colour))
    # A finished view is not kept by discord.py: our controls answer for themselves, by their custom_id.
    view.stop()
    return view


def _parts(card: Card, key: str) -> Iterator[Part]:
    for number, piece in enumerate(pieces(words(card.title or "mentorbot"), _PIECE)):
        yield f"### {marked(piece)}".replace("\n", " ") if number == 0 else marked(piece)
    for block in card.blocks:
        yield from _block(block, key)


def _block(block: cards.Block, key: str) -> Iterator[Part]:
    match block:
        case cards.Paragraph():
            yield from _text(block.words)
        case cards.Heading():
            yield from _text(words(bold(block.text)))
        case cards.Bullets():
            for number, item in enumerate(block.items, 1):
                yield from _text(item, f"{number}. " if block.numbered else "- ")
        case cards.Facts():
            for name, value in block.rows:
                yield from _text(words(bold(f"{name}: "), *value))
        case cards.Note():
            for piece in pieces(block.words, _PIECE):
                yield f"-# {marked(piece)}".replace("\n", "\n-# ")
        case cards.Divider():
            yield ui.Separator()
        case cards.Buttons():
            yield from _buttons(block, key)
        case _:
            assert_never(block)


def _text(line: Words, mark: str = "") -> Iterator[str]:
    for number, piece in enumerate(pieces(line, _PIECE)):
        text = marked(piece)
        if text.strip():
            yield (mark if number == 0 else "") + text


def _buttons(block: cards.Buttons, key: str) -> Iterator[Part]:
    """Rows of five. A line that no custom_id can hold becomes words that can be typed."""
    fitting = [button for button in block.buttons if size(custom_id(button.line, key)) <= limits.CUSTOM_ID]
    unique = {button.line: button for button in reversed(fitting)}
    kept = [button for button in fitting if unique[button.line] is button]
    for start in range(0, len(kept), limits.BUTTONS_IN_A_ROW):
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        for button in kept[start : start + limits.BUTTONS_IN_A_ROW]:
            row.add_item(_button(button, key))
        yield row
    for button in block.buttons:
        if button not in kept:
            yield from _text(words(f"{button.label}: ", code(f"/mentor {button.line}")))


def _button(button: cards.Button, key: str) -> ui.Button[ui.LayoutView]:
    label = cut(button.label.strip() or "…", limits.BUTTON_LABEL)
    return ui.Button(label=label, custom_id=custom_id(button.line, key), style=_STYLES[button.style])


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbouring texts as one, as long as they fit: a component is dearer than a line."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            joined = f"{text}\n{part}" if text else part
            if size(joined) <= _TEXT // 2:
                text = joined
                continue
            yield text
            text = part
        else:
            if text:
                yield text
            text = ""
            yield part
    if text:
        yield text


def _pages(parts: list[Part]) -> Iterator[list[Part]]:
    page: list[Part] = []
    text = components = 0
    ids: set[str] = set()
    for part in parts:
        length = size(part) if isinstance(part, str) else 0
        count = 1 + len(part.children) if isinstance(part, ui.ActionRow) else 1
        own = (
            {str(child.custom_id) for child in part.children if isinstance(child, ui.Button)}
            if isinstance(part, ui.ActionRow)
            else set()
        )
        full = text + length > _TEXT or components + count > limits.MESSAGE_COMPONENTS - 1 or own & ids
        if page and full:
            yield page
            page, text, components, ids = [], 0, 0, set()
        page.append(part)
        text, components, ids = text + length, components + count, ids | own
    yield page or [escape("…")]
