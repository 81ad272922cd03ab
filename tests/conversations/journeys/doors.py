"""The doors people come in by, as they see them: what to write and press, and the cards in each platform's own JSON."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

NAMES = ("ada", "ben", "chen", "dee")
"""The people of the playground's team, whom the other doors borrow. Ada is an admin."""
CHANNEL = "general"


@dataclass(frozen=True, slots=True)
class Control:
    """A button as it's shown. `raw` is what the platform needs to press it."""

    label: str
    raw: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as one person sees it. `source` is the platform's own message, `notification` what a locked phone shows."""

    source: Any
    title: str
    lines: tuple[str, ...]
    controls: tuple[Control, ...]
    notification: str
    rows: int = 0
    """Rows of buttons below the text."""
    channel: str = ""
    """The channel it's in, or "" for a direct message."""
    private: bool = True

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons, in order."""
        return [control.label for control in self.controls]

    @property
    def text(self) -> str:
        """Everything it says, without the buttons."""
        return "\n".join((self.title, *self.lines))

    @property
    def height(self) -> int:
        """Its lines, counting a row of buttons as one."""
        return 1 + len(self.lines) + self.rows

    def __str__(self) -> str:
        buttons = " ".join(f"[{label}]" for label in self.labels)
        return "\n".join(filter(None, (self.title, *self.lines, buttons)))


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form on someone's screen: its title, the value each field holds, and the errors it shows."""

    source: Any
    title: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    pressed: Shown | None = None


class Door(ABC):
    """One platform, with the bot behind it. Everyone's messages are in `seen`, oldest first."""

    workspace: str
    """The workspace's id as the bot stores it."""
    platform: str
    knows_zones: bool
    """True if the platform tells the bot people's zones."""
    channel_id: str
    """The id of #general, which pickers of channels send."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Shown]] = {name: [] for name in NAMES}
        self.newest: dict[str, Shown] = {}
        """The message each of them has seen appear or change last."""
        self.forms: dict[str, OpenForm | None] = dict.fromkeys(NAMES)

    @abstractmethod
    def person_id(self, name: str) -> str:
        """The platform's id of a person."""

    @abstractmethod
    def sent_by(self) -> Any:
        """The `ChatPlatform` the scheduler sends through."""

    @abstractmethod
    async def install(self) -> None:
        """Bring the bot into a team that doesn't have it: Ada does that, as admin."""

    @abstractmethod
    async def uninstall(self) -> None:
        """Remove the bot from the team: Ada does that."""

    @abstractmethod
    async def say(self, name: str, text: str, *, in_channel: bool = False) -> None:
        """Write to the bot: a direct message, or a mention in the channel."""

    @abstractmethod
    async def type(self, name: str, line: str) -> None:
        """Type `/mentor …` in the channel."""

    @abstractmethod
    async def press(self, name: str, card: Shown, control: Control) -> None:
        """Press a button of a message."""

    @abstractmethod
    async def fill_in(self, name: str, values: Mapping[str, str]) -> None:
        """Send the form that's open, with some fields changed."""

    @abstractmethod
    async def catch_up(self) -> None:
        """Collect what was sent unprompted."""

    def show(self, name: str, card: Shown, instead_of: Shown | None = None) -> None:
        """Add a message to what a person sees, or put it in the place of another."""
        self.newest[name], cards = card, self.seen[name]
        if instead_of is not None and instead_of in cards:
            cards[cards.index(instead_of)] = card
        else:
            cards.append(card)
