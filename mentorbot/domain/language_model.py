"""Questions to a language model, and who allows them: records without I/O. An adapter speaks to the endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

REPLY_SECONDS = 20.0
"""Time a person's message may wait for the model, however many times it's asked."""


class ModelMode(StrEnum):
    """The mode of the model in a workspace: nothing, answer from the role pack, or also answer in general."""

    OFF = "off"
    PACK = "pack"
    GENERAL = "general"


class Consent(StrEnum):
    """A person's consent to sending the model what they say. Nobody's words are sent before they've been told."""

    OFF = "off"
    UNTOLD = "untold"
    DECLINED = "declined"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Permission:
    """A workspace's mode and a person's choice, added up."""

    mode: ModelMode
    consent: Consent

    @property
    def given(self) -> bool:
        """True if the person's words may be sent."""
        return self.mode is not ModelMode.OFF and self.consent is Consent.GIVEN


@dataclass(frozen=True, slots=True)
class ModelBudget:
    """Calls a day, in UTC, of one person and of one workspace."""

    person: int = 50
    workspace: int = 1_000


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the model can propose: a name of letters, digits, `_` and `-`, and a JSON Schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to the model. `purpose` is a word of ours for the metrics. `max_tokens` limits the reply."""

    purpose: str
    system: str
    user: str
    tools: tuple[Tool, ...] = ()
    max_tokens: int = 600


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model proposes, with arguments that nobody has checked yet."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """The cost of a reply: seconds, and tokens as the endpoint counts them (0 if it doesn't)."""

    seconds: float = 0.0
    prompt_tokens: int = 0
    reply_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Add up two replies."""
        return Usage(
            self.seconds + other.seconds,
            self.prompt_tokens + other.prompt_tokens,
            self.reply_tokens + other.reply_tokens,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """The model's reply. It's text and proposals, and nothing in it has any effect."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    usage: Usage = field(default_factory=Usage)


class LanguageModel(Protocol):
    """An endpoint with a model."""

    @property
    def model(self) -> str:
        """The model's name, as the operator configured it."""
        ...

    @property
    def host(self) -> str:
        """The host the words go to."""
        ...

    async def reply(self, prompt: Prompt, seconds: float = REPLY_SECONDS) -> Reply:
        """Ask the model, and wait at most `seconds`. Raises `ModelUnavailable` if there's no usable reply."""
        ...
