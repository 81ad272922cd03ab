"""Cards as Components V2, through discord.py's LayoutView. Pure.

Buttons are stateless: a custom_id holds the command line its button runs, so it works after a restart and on any replica.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, assert_never

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import cut, one_line, size, visible
from mentorbot.adapters.discord.splitting import (
    ButtonRow,
    Component,
    Separator,
    TextWithButton,
    merge_texts,
    split_components,
    split_text,
)
from mentorbot.adapters.files import File, Files, file_stubs
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, RichText, bold, code, rich

CommandMentions = Mapping[str, str]
"""Mentions by a command's name, e.g. `</mentor plan show:123>` for `plan show`."""
BUTTON_PREFIX = "m:"
PAGE = "page:"
_PAGE_LINE = re.compile(rf"{PAGE}(\d{{1,3}}):(.+)")
_CODE = re.compile(r"(?<!\\)`(?:/mentor )?([a-z-]+(?: [a-z-]+)?)((?: [<\[][^`\n]*)?)`")
"""A command's name in code, and the names of its options."""
ATTACHMENT_URL = "attachment://"
_CUSTOM_ID = re.compile(BUTTON_PREFIX + r"([a-z0-9-]*)(?:\.\d+)?:(.*)", re.DOTALL)
_MAX_TEXT = limits.MESSAGE_TEXT - 300
"""Of one text. The rest is reserve for what escaping adds where texts meet."""
_COLOUR, _ERROR_COLOUR = discord.Colour(0x3B5BDB), discord.Colour(0xD9822B)
_BUTTON_STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}
CACHED_CARDS = 64
"""Cards whose messages are cached."""
HELP_BUTTON = cards.Button("Help", "help")


class ControlId(NamedTuple):
    """The contents of a custom_id: the key of the message, and the command line to run."""

    key: str
    line: str


def render(
    card: Card, key: str = "", files: Files = MappingProxyType({}), mentions: CommandMentions = MappingProxyType({})
) -> list[ui.LayoutView]:
    """Render the messages that show `card`, usually one.

    `key` travels in the buttons' custom ids; a card without buttons gets a Help button, so something carries it. `files`
    refer to attachments of the message by name; a chart or document that isn't among them is shown as text. Commands that
    have `mentions` can be tapped.
    """
    colour = _ERROR_COLOUR if card.error else _COLOUR
    if files:
        pages = list(split_components(_all_components(card, key, files, mentions)))
    else:
        pages = _pages(card, key, tuple(mentions.items()))
    return [_layout_view(page, colour) for page in pages]


def count_pages(card: Card) -> int:
    """Count the messages that show `card`."""
    return len(_pages(card, "", ()))


@lru_cache(maxsize=CACHED_CARDS)
def _pages(card: Card, key: str, mentions: tuple[tuple[str, str], ...]) -> list[list[Component]]:
    """Lay out the messages of a card without files. Each is counted before it's sent, and many are the same for everyone."""
    return list(split_components(_all_components(card, key, MappingProxyType({}), dict(mentions))))


def render_page(card: Card, number: int, kept: str, key: str, mentions: CommandMentions) -> ui.LayoutView:
    """Render one page of a long card, counted from 0, with buttons to the others. `kept` names the draft that has the card."""
    components = _all_components(card, key, MappingProxyType({}), mentions)
    pages = list(split_components(components, reserve=1 + len(("Back", "Next"))))
    number = max(0, min(number, len(pages) - 1))
    turns = [("Back", number - 1), (f"Page {number + 2} of {len(pages)}", number + 1)]
    buttons = tuple(
        (cards.Button(label, ""), custom_id(f"{PAGE}{page}:{kept}", key))
        for label, page in turns
        if 0 <= page < len(pages)
    )
    return _layout_view([*pages[number], *([ButtonRow(buttons)] if buttons else [])], _COLOUR)


def parse_page(line: str) -> tuple[int, str] | None:
    """Read the line of a button that turns a page: the page's number, and the draft's name; None if it's a different line."""
    match = _PAGE_LINE.fullmatch(line)
    return (int(match[1]), match[2]) if match else None


def _all_components(card: Card, key: str, files: Files, mentions: CommandMentions) -> list[Component]:
    components = [_with_mentions(each, mentions) for each in merge_texts(_components_of(card, key, files))]
    if key and not any(isinstance(component, ButtonRow | TextWithButton) for component in components):
        components.append(ButtonRow(((HELP_BUTTON, custom_id(HELP_BUTTON.line, key)),)))
    return components


def _with_mentions(component: Component, mentions: CommandMentions) -> Component:
    """Make commands in a text tappable: those that stand alone in code, with or without their options."""
    if not mentions:
        return component
    if isinstance(component, TextWithButton):
        return replace(component, text=_CODE.sub(lambda match: _mention(match, mentions), component.text))
    return _CODE.sub(lambda match: _mention(match, mentions), component) if isinstance(component, str) else component


def _mention(match: re.Match[str], mentions: CommandMentions) -> str:
    mention = mentions.get(match[1])
    if mention is None:
        return match[0]
    return f"{mention} `{match[2].strip()}`" if match[2] else mention


def preview(card: Card) -> list[dict[str, Any]]:
    """The JSON Discord would get for `card`."""
    flags = discord.MessageFlags(components_v2=True, ephemeral=not card.public).value
    return [{"flags": flags, "components": view.to_components()} for view in render(card, files=file_stubs(card))]


def custom_id(line: str, key: str = "", repetition: int = 0) -> str:
    """Build a button's custom_id.

    Custom ids must be unique in a message, so `repetition` tells apart two buttons that run the same line.
    """
    return f"{BUTTON_PREFIX}{key}.{repetition}:{line}" if repetition else f"{BUTTON_PREFIX}{key}:{line}"


def parse_custom_id(button_id: str) -> ControlId | None:
    """Read the custom_id of one of our buttons; None if it isn't ours."""
    match = _CUSTOM_ID.fullmatch(button_id)
    return ControlId(match[1], match[2]) if match else None


def _layout_view(page: Iterable[Component], colour: discord.Colour) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*map(_discord_item, page), accent_colour=colour))
    # discord.py doesn't keep a stopped view. We don't need it to: a press is answered from its custom_id.
    view.stop()
    return view


def _discord_item(component: Component) -> ui.Item[ui.LayoutView]:
    match component:
        case str():
            return ui.TextDisplay(component)
        case ButtonRow():
            return ui.ActionRow(*(_button(button, button_id) for button, button_id in component.buttons))
        case TextWithButton():
            return ui.Section(component.text, accessory=_button(component.button, component.button_id))
        case Separator():
            return ui.Separator()
        case File(picture=True):
            media = f"{ATTACHMENT_URL}{component.name}"
            return ui.MediaGallery(
                discord.MediaGalleryItem(media, description=cut(component.alt, limits.ALT_TEXT) or None)
            )
        case File():
            return ui.File(f"{ATTACHMENT_URL}{component.name}")
        case _:
            assert_never(component)


def _button(button: cards.Button, button_id: str) -> ui.Button[ui.LayoutView]:
    label = one_line(button.label)
    if not visible(label):
        label = one_line(button.line) if visible(button.line) else "…"
    return ui.Button(label=cut(label, limits.BUTTON_LABEL), custom_id=button_id, style=_BUTTON_STYLES[button.style])


def _components_of(card: Card, key: str, files: Files) -> Iterator[Component]:
    title = one_line(card.title)
    yield from _heading("## ", title if visible(title) else "mentorbot")
    line_counts: Counter[str] = Counter()
    for block in card.blocks:
        if isinstance(block, cards.ChartImage | cards.FileBlock) and block in files:
            yield from _file_components(files[block])
        else:
            yield from _block_components(block, key, line_counts)


def _file_components(file: File) -> Iterator[Component]:
    """The file; if its alt text is too long for Discord, the text follows below."""
    yield file
    if size(file.alt) > limits.ALT_TEXT:
        yield from _footnote(rich(file.alt))


def _block_components(block: cards.Block, key: str, line_counts: Counter[str]) -> Iterator[Component]:
    match block:
        case cards.Paragraph():
            yield from _text_blocks([("", block.words)])
        case cards.Heading():
            yield from _heading("### ", one_line(block.text))
        case cards.Bullets():
            yield from _text_blocks(
                (f"{number}. " if block.numbered else "- ", item) for number, item in enumerate(block.items, 1)
            )
        case cards.Table():
            yield from _block_components(block.as_list, key, line_counts)
        case cards.FieldList():
            yield from _text_blocks(("", rich(bold(f"{name}: "), *value)) for name, value in block.rows)
        case cards.Footnote():
            yield from _footnote(block.words)
        case cards.Divider():
            yield Separator()
        case cards.Buttons():
            yield from _button_rows(block, key, line_counts)
        case cards.ActionLine():
            yield from _action_line(block, key, line_counts)
        case cards.ChartImage():
            yield from _footnote(rich(block.alt))
        case cards.FileBlock():
            yield from _footnote(rich(block.name))
        case _:
            assert_never(block)


def _heading(mark: str, text: str) -> Iterator[str]:
    """A heading; text too long for one goes on below it."""
    for number, piece in enumerate(split_text(rich(text), _MAX_TEXT)):
        if visible(piece):
            yield mark + piece if number == 0 else piece


def _footnote(line: RichText) -> Iterator[str]:
    for piece in split_text(line, _MAX_TEXT // 2):
        if visible(piece):
            yield "\n".join(f"-# {row}" for row in piece.splitlines() if row.strip())


def _text_blocks(items: Iterable[tuple[str, RichText]]) -> Iterator[str]:
    """Lines with a mark before each, in as few texts as possible.

    Further lines of an item are indented, so they stay part of it.
    """
    text = ""
    for mark, item in items:
        for number, piece in enumerate(split_text(item, _MAX_TEXT)):
            if not visible(piece):
                continue
            line = (mark if number == 0 else "") + piece.strip("\n").replace("\n", "\n" + " " * len(mark))
            if text and size(text) + 1 + size(line) > _MAX_TEXT:
                yield text
                text = ""
            text = f"{text}\n{line}" if text else line
    if text:
        yield text


def _action_line(block: cards.ActionLine, key: str, line_counts: Counter[str]) -> Iterator[Component]:
    """A text with its button beside it; below it, if one of them is too long for that."""
    texts = [piece for piece in split_text(block.words, _MAX_TEXT) if visible(piece)]
    button_id = custom_id(block.button.line, key, line_counts[block.button.line])
    if len(texts) != 1 or size(button_id) > limits.CUSTOM_ID or not visible(button_id):
        yield from texts
        yield from _button_rows(cards.Buttons((block.button,)), key, line_counts)
        return
    line_counts[block.button.line] += 1
    yield TextWithButton(texts[0], block.button, button_id)


def _button_rows(block: cards.Buttons, key: str, line_counts: Counter[str]) -> Iterator[Component]:
    """Rows of five buttons. A line too long for a custom_id becomes a text that says what to type."""
    as_buttons: list[tuple[cards.Button, str]] = []
    as_text: list[cards.Button] = []
    for button in block.buttons:
        button_id = custom_id(button.line, key, line_counts[button.line])
        if size(button_id) <= limits.CUSTOM_ID and visible(button_id):
            line_counts[button.line] += 1
            as_buttons.append((button, button_id))
        else:
            as_text.append(button)
    for start in range(0, len(as_buttons), limits.BUTTONS_PER_ROW):
        yield ButtonRow(tuple(as_buttons[start : start + limits.BUTTONS_PER_ROW]))
    yield from _text_blocks(("", rich(f"{button.label}: ", code(f"/mentor {button.line}"))) for button in as_text)
