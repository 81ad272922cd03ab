"""Cards as Components V2, through discord.py's LayoutView. Pure.

Buttons are stateless: the custom_id holds the line that they run, so that they work after a restart and on any replica.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, assert_never

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import cut, one_line, pieces, size, visible
from mentorbot.adapters.files import File, Files, file_stubs
from mentorbot.chat import cards
from mentorbot.chat.cards import Card, RichText, bold, code, rich

BUTTON = "m:"
ATTACHMENT = "attachment://"
_OURS = re.compile(BUTTON + r"([a-z0-9-]*)(?:\.\d+)?:(.*)", re.DOTALL)
_ROOM = limits.MESSAGE_TEXT - 300
"""For one text; the rest is for what escaping adds at the seams."""
_JOINED = limits.MESSAGE_TEXT // 2 - 100
"""How long a text grows by taking in its neighbours: two such fill a message."""
_COLOUR, _ERROR_COLOUR = discord.Colour(0x3B5BDB), discord.Colour(0xD9822B)
_AIR = "\n\n"
_IN_LIST = re.compile(r"- |\d+\. |  ")
_STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}
HELP = cards.Button("Help", "help")


@dataclass(frozen=True, slots=True)
class Row:
    """Up to five buttons, each with its custom_id."""

    buttons: tuple[tuple[cards.Button, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line."""


Part = str | Row | Line | File


def render(card: Card, key: str = "", files: Files = MappingProxyType({})) -> list[ui.LayoutView]:
    """The messages that show `card`, usually one.

    `key` travels in the custom ids of the buttons; a card without buttons gets one for help then, or nothing would
    carry it. `files` are shown as what is attached to the message under their names; pictures and documents that are
    not among them are shown in words.
    """
    parts = list(_joined(_parts(card, key, files)))
    if key and not any(isinstance(part, Row) for part in parts):
        parts.append(Row(((HELP, custom_id(HELP.line, key)),)))
    return [_view(page, _ERROR_COLOUR if card.error else _COLOUR) for page in _pages(parts)]


def preview(card: Card) -> list[dict[str, Any]]:
    """What Discord gets for `card`, as plain JSON values."""
    flags = discord.MessageFlags(components_v2=True, ephemeral=not card.public).value
    return [{"flags": flags, "components": view.to_components()} for view in render(card, files=file_stubs(card))]


def custom_id(line: str, key: str = "", repeat: int = 0) -> str:
    """What a button carries. `repeat` tells two buttons of one card apart that run the same line."""
    return f"{BUTTON}{key}.{repeat}:{line}" if repeat else f"{BUTTON}{key}:{line}"


def key_and_line(custom: str) -> tuple[str, str] | None:
    """The key and the line of one of our buttons; None when it is not ours."""
    found = _OURS.fullmatch(custom)
    return (found[1], found[2]) if found else None


def _view(page: Iterable[Part], colour: discord.Colour) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*map(_item, page), accent_colour=colour))
    # A finished view is not kept by discord.py: our controls answer for themselves, by their custom_id.
    view.stop()
    return view


def _item(part: Part) -> ui.Item[ui.LayoutView]:
    match part:
        case str():
            return ui.TextDisplay(part)
        case Row():
            return ui.ActionRow(*(_button(button, custom) for button, custom in part.buttons))
        case Line():
            return ui.Separator()
        case File(picture=True):
            media = f"{ATTACHMENT}{part.name}"
            return ui.MediaGallery(discord.MediaGalleryItem(media, description=cut(part.alt, limits.ALT_TEXT) or None))
        case File():
            return ui.File(f"{ATTACHMENT}{part.name}")
        case _:
            assert_never(part)


def _button(button: cards.Button, custom: str) -> ui.Button[ui.LayoutView]:
    label = one_line(button.label)
    if not visible(label):
        label = one_line(button.line) if visible(button.line) else "…"
    return ui.Button(label=cut(label, limits.BUTTON_LABEL), custom_id=custom, style=_STYLES[button.style])


def _parts(card: Card, key: str, files: Files) -> Iterator[Part]:
    title = one_line(card.title)
    yield from _headed("## ", title if visible(title) else "mentorbot")
    uses: Counter[str] = Counter()
    for block in card.blocks:
        if isinstance(block, cards.ChartImage | cards.FileBlock) and block in files:
            yield from _file(files[block])
        else:
            yield from _block(block, key, uses)


def _file(file: File) -> Iterator[Part]:
    """What is attached; words that are too long to stand behind a picture stand below it."""
    yield file
    if size(file.alt) > limits.ALT_TEXT:
        yield from _small(rich(file.alt))


def _block(block: cards.Block, key: str, uses: Counter[str]) -> Iterator[Part]:
    match block:
        case cards.Paragraph():
            yield from _lines([("", block.words)])
        case cards.Heading():
            yield from _headed("### ", one_line(block.text))
        case cards.Bullets():
            yield from _lines(
                (f"{number}. " if block.numbered else "- ", item) for number, item in enumerate(block.items, 1)
            )
        case cards.FieldList():
            yield from _lines(("", rich(bold(f"{name}: "), *value)) for name, value in block.rows)
        case cards.Footnote():
            yield from _small(block.words)
        case cards.Divider():
            yield Line()
        case cards.Buttons():
            yield from _rows(block, key, uses)
        case cards.ChartImage():
            yield from _small(rich(block.alt))
        case cards.FileBlock():
            yield from _small(rich(block.name))
        case _:
            assert_never(block)


def _headed(mark: str, text: str) -> Iterator[str]:
    """A heading; what is too long for one goes on below it."""
    for number, piece in enumerate(pieces(rich(text), _ROOM)):
        if visible(piece):
            yield mark + piece if number == 0 else piece


def _small(line: RichText) -> Iterator[str]:
    for piece in pieces(line, _ROOM // 2):
        if visible(piece):
            yield "\n".join(f"-# {row}" for row in piece.splitlines() if row.strip())


def _lines(items: Iterable[tuple[str, RichText]]) -> Iterator[str]:
    """Lines with a mark before each, as few texts as hold them. An item's further lines are indented to stay with it."""
    text = ""
    for mark, item in items:
        for number, piece in enumerate(pieces(item, _ROOM)):
            if not visible(piece):
                continue
            line = (mark if number == 0 else "") + piece.strip("\n").replace("\n", "\n" + " " * len(mark))
            if text and size(text) + 1 + size(line) > _ROOM:
                yield text
                text = ""
            text = f"{text}\n{line}" if text else line
    if text:
        yield text


def _rows(block: cards.Buttons, key: str, uses: Counter[str]) -> Iterator[Part]:
    """Rows of five. A line that no custom_id can hold becomes words that say what to type."""
    fitting: list[tuple[cards.Button, str]] = []
    typed: list[cards.Button] = []
    for button in block.buttons:
        custom = custom_id(button.line, key, uses[button.line])
        if size(custom) <= limits.CUSTOM_ID and visible(custom):
            uses[button.line] += 1
            fitting.append((button, custom))
        else:
            typed.append(button)
    for start in range(0, len(fitting), limits.BUTTONS_IN_A_ROW):
        yield Row(tuple(fitting[start : start + limits.BUTTONS_IN_A_ROW]))
    yield from _lines(("", rich(f"{button.label}: ", code(f"/mentor {button.line}"))) for button in typed)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbouring texts as one, with air between them: a component is dearer than a line. The title stays by itself."""
    text = ""
    for number, part in enumerate(parts):
        if isinstance(part, str) and text and number > 1 and size(text) + len(_AIR) + size(part) <= _JOINED:
            text += _gap(text, part) + part
            continue
        if text:
            yield text
        text = part if isinstance(part, str) else ""
        if not isinstance(part, str):
            yield part
    if text:
        yield text


def _gap(above: str, below: str) -> str:
    """Small print stands close, but not so close that a list takes it in; Discord gives headings air of their own."""
    last = above.rpartition("\n")[2]
    close = last.startswith("#") or below.startswith("#") or (below.startswith("-#") and not _IN_LIST.match(last))
    return "\n" if close else _AIR


def _pages(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Messages that hold as much as Discord takes; the container counts as a component too."""
    most = (limits.MESSAGE_TEXT, limits.MESSAGE_COMPONENTS - 1, limits.MESSAGE_FILES)
    page: list[Part] = []
    used = (0, 0, 0)
    for part in parts:
        cost = (size(part) if isinstance(part, str) else 0, _components(part), int(isinstance(part, File)))
        if page and any(has + more > limit for has, more, limit in zip(used, cost, most, strict=True)):
            yield page
            page, used = [], (0, 0, 0)
        page.append(part)
        used = (used[0] + cost[0], used[1] + cost[1], used[2] + cost[2])
    yield page


def _components(part: Part) -> int:
    return 1 + len(part.buttons) if isinstance(part, Row) else 1
