"""Everything that the bot can say, as frozen data: a `Card` or a `Form`.

No text in a card is markup. Style is data (`Span.bold`), and every other character is literal, so whatever a person has
typed can be shown on any platform without being parsed and without pinging anybody. Renderers draw a card; nothing else
knows a platform. `pydantic.TypeAdapter(Answer)` turns both into JSON and back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A run of literal text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


RichText: TypeAlias = tuple[Span, ...]


def rich(*parts: str | Span) -> RichText:
    """Join plain strings and styled spans into one line of words; empty parts are left out."""
    spans = (Span(part) if isinstance(part, str) else part for part in parts)
    return tuple(span for span in spans if span.text)


def bold(text: str) -> Span:
    """`text` in bold."""
    return Span(text, bold=True)


def italic(text: str) -> Span:
    """`text` in italics."""
    return Span(text, italic=True)


def code(text: str) -> Span:
    """`text` as something to type."""
    return Span(text, code=True)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    words: RichText
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a card."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` lists count from 1."""

    items: tuple[RichText, ...]
    numbered: bool = False
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class FieldList:
    """Pairs of a name and its value, drawn as a small table or as lines."""

    rows: tuple[tuple[str, RichText], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Footnote:
    """Small print: where a figure comes from, why a message was sent."""

    words: RichText
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""

    kind: Literal["divider"] = "divider"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that runs a command: `line` is what one would type after `/mentor`.

    So it works after a restart, on another replica, a month later; and whatever it does can be typed as well.
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
class Series:
    """One row of figures of a chart; None is a gap. `tone` says how it is drawn: what matters most, or the ground to it."""

    name: str
    values: tuple[float | None, ...]
    tone: Literal["main", "before", "goal"] = "main"


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows: `bars` side by side for each label, or `lines` over the labels. `high` is the end of the scale.

    Each series has as many values as there are labels.
    """

    shape: Literal["bars", "lines"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ChartImage:
    """A chart, drawn where the card is shown. `name` is its file's, without a suffix; `alt` says all that it shows."""

    name: str
    alt: str
    chart: Chart
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class FileBlock:
    """A text file to keep; the suffix of `name` says of which kind it is (`plan.md`, `plan.ics`)."""

    name: str
    text: str
    kind: Literal["document"] = "document"


Block: TypeAlias = Paragraph | Heading | Bullets | FieldList | Footnote | Divider | Buttons | ChartImage | FileBlock


@dataclass(frozen=True, slots=True)
class Card:
    """One answer. `public` cards are seen by the whole channel, others by the person who asked alone.

    `error` is the stable code of what went wrong, or None; `error_option` names the option at fault, for a form to mark.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    public: bool = False
    error: str | None = None
    error_option: str | None = None
    kind: Literal["card"] = "card"

    def with_public(self) -> Card:
        """The same card, for everyone in the channel."""
        return replace(self, public=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an option can take: what is shown, and what is typed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `value` is what it starts with; `max_length` is in characters.

    Of a `file` the text inside is what is sent.
    """

    name: str
    label: str
    input: Literal["text", "long_text", "choice", "file"] = "text"
    required: bool = True
    hint: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class Form:
    """Asks for what a command still needs. Submitting it runs `line` with each field as an option.

    Of a `paged` form a platform may show the first fields only: the answer to them asks for the others.
    """

    title: str
    line: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    paged: bool = False
    kind: Literal["form"] = "form"


Answer: TypeAlias = Card | Form


def text_of(line: RichText) -> str:
    """The words without their style."""
    return "".join(span.text for span in line)
