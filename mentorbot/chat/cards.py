"""Everything the bot can say, as frozen data: a `Card` or a `Form`.

No text in a card is markup. Style is data (`Span.bold`) and every character is literal, so anything a person typed can be
shown on any platform without being parsed and without pinging anyone. Each platform's renderer draws cards in its own way;
nothing here knows a platform. `pydantic.TypeAdapter(Answer)` turns both into JSON and back, so field names and the values of
`kind` are wire names: stored answers and the playground's page depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A run of literal text in one style.

    `at` is the instant (aware) that the text names, so a platform can show it in each reader's own time and language. `person`
    is the platform's id of the person that the text names, so it can lead to them.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    at: datetime | None = None
    person: str = ""


RichText: TypeAlias = tuple[Span, ...]


def rich(*parts: str | Span) -> RichText:
    """Join plain strings and styled spans into one line, dropping empty parts."""
    spans = (Span(part) if isinstance(part, str) else part for part in parts)
    return tuple(span for span in spans if span.text)


def bold(text: str) -> Span:
    """Style `text` as bold."""
    return Span(text, bold=True)


def italic(text: str) -> Span:
    """Style `text` as italic."""
    return Span(text, italic=True)


def code(text: str) -> Span:
    """Style `text` as something to type."""
    return Span(text, code=True)


def instant(text: str, at: datetime) -> Span:
    """Say in `text` when something happens, for platforms that can't show the instant itself."""
    return Span(text, at=at)


def person(name: str, user_id: str | None, *, bold: bool = True) -> Span:
    """Name someone, so that a platform can lead to them; `user_id` is the platform's id."""
    return Span(name, bold=bold, person=user_id or "")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    words: RichText
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a card."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. If `numbered`, it counts from 1."""

    items: tuple[RichText, ...]
    numbered: bool = False
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class FieldList:
    """Pairs of a name and a value, drawn as a small table or as lines."""

    rows: tuple[tuple[str, RichText], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading for each column. `lines` says the same as a list, for platforms and places without tables."""

    columns: tuple[str, ...]
    rows: tuple[tuple[RichText, ...], ...]
    lines: tuple[RichText, ...]
    kind: Literal["table"] = "table"

    @property
    def as_list(self) -> Bullets:
        """The list instead."""
        return Bullets(self.lines)


@dataclass(frozen=True, slots=True)
class Footnote:
    """Small print: the source of a figure, the reason for a message."""

    words: RichText
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two sections of a card."""

    kind: Literal["divider"] = "divider"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that runs a command: `line` is the text a person could type after `/mentor` instead.

    It carries its whole meaning, so it still works after a restart, on another replica, a month later.
    """

    label: str
    line: str
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons, most useful first."""

    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A line of text with the button for it beside it, e.g. a setting and [Change]."""

    words: RichText
    button: Button
    kind: Literal["action_line"] = "action_line"


@dataclass(frozen=True, slots=True)
class Series:
    """One series of figures in a chart; None is a gap. `tone` picks its look: the main thing, the state before, or the goal."""

    name: str
    values: tuple[float | None, ...]
    tone: Literal["main", "before", "goal"] = "main"


@dataclass(frozen=True, slots=True)
class Chart:
    """The data of a chart: `bars` side by side for each label, or `lines` over the labels.

    Each series has one value per label. `unit` labels the scale; `high` is its upper end unless a value exceeds it.
    """

    shape: Literal["bars", "lines"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ChartImage:
    """A chart, drawn when the card is shown. `name` is the file name without a suffix; `alt` says everything the chart shows."""

    name: str
    alt: str
    chart: Chart
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class FileBlock:
    """A text file to save. The suffix of `name` gives its type (`plan.md`, `plan.ics`)."""

    name: str
    text: str
    kind: Literal["document"] = "document"


Block: TypeAlias = (
    Paragraph
    | Heading
    | Bullets
    | FieldList
    | Table
    | Footnote
    | Divider
    | Buttons
    | ActionLine
    | ChartImage
    | FileBlock
)


@dataclass(frozen=True, slots=True)
class Card:
    """One answer. The whole channel sees a `public` card; only the person who asked sees any other.

    A `shareable` one holds nothing about a person, so everyone in a channel may read it if it was asked for in front of them.
    A card that `updates` takes the place of the card whose button was pressed; any other answer appears below it. `error` is a
    stable error code or None. `error_option` names the option with the bad value, so a form can mark its field.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    public: bool = False
    error: str | None = None
    error_option: str | None = None
    updates: bool = False
    shareable: bool = False
    kind: Literal["card"] = "card"

    def with_public(self) -> Card:
        """Return the same card, for everyone in the channel."""
        return replace(self, public=True)

    def in_place(self) -> Card:
        """Return the same card, to take the place of the pressed one."""
        return replace(self, updates=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible value of an option: the label people see, the value they'd type, and what else may name it."""

    label: str
    value: str
    note: str = ""


Input: TypeAlias = Literal[
    "text", "long_text", "choice", "choices", "file", "date", "time", "zone", "people", "channel", "role"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `value` is prefilled; `max_length` is in characters.

    For a `file`, the text inside is sent, not the file. What a `date` (2026-12-01), a `time` (09:00), a `zone` (Europe/Berlin),
    `people`, a `channel` and a `role` (their ids) send is text, so a platform without a picker shows a text field. `choices`
    takes any number of its `choices`; it's filled in with their values, and sends them, with commas in between.
    """

    name: str
    label: str
    input: Input = "text"
    required: bool = True
    hint: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    max_length: int = 200

    @property
    def chosen(self) -> frozenset[str]:
        """The values filled in, of a field that takes several."""
        return frozenset(filter(None, re.split(r"\s*,\s*", self.value)))


@dataclass(frozen=True, slots=True)
class Form:
    """A request for the options a command still needs. Submitting it runs `line` with each field as an option.

    If a form is `paged`, a platform may show only the first fields: the answer to them asks for the rest.
    """

    title: str
    line: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    paged: bool = False
    kind: Literal["form"] = "form"


Answer: TypeAlias = Card | Form


def buttons_of(blocks: Iterable[Block]) -> Iterator[Button]:
    """List the buttons of some blocks, in order."""
    for block in blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        elif isinstance(block, ActionLine):
            yield block.button


def text_of(line: RichText) -> str:
    """Return the text of `line` without its style."""
    return "".join(span.text for span in line)
