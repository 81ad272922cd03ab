"""The memory a follow-up may refer to: the command and the buttons of the answer before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mentorbot.chat.cards import Answer, Card, buttons_of

_MAX_BUTTONS, _MAX_LINE_LENGTH = 12, 200
_YES = re.compile(
    r"^(?:yes|yep|yeah|yup|sure|ok(?:ay)?|do it|go ahead|please do|sounds good|why not|absolutely|of course|exactly|"
    r"right|correct|perfect|ja|👍)(?:[\s,]+(?:please|pls|do it|go ahead|thanks|ok|that one|sure|do that))*[\s.!👍]*$",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL = re.compile(
    r"^(?:the |number |no\.? |#)?(?:(?P<word>first|second|third|fourth|fifth|last)|(?P<digit>[1-9])(?:st|nd|rd|th)?)"
    r"(?:\s+(?:one|step|please|pls|sounds good|looks good|then|it is))*[\s.!]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:tell me |show me |give me )?(?:more|the rest|more please|read more|go on|continue|details)[\s.!?]*$",
    re.IGNORECASE,
)
_MORE_LABEL = re.compile(r"^(?:read|more|details|all|open|show)", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:another|next|different|other|harder|easier) (?:one|tip|question)\b|^(?:another|one more|next|again)[\s.!?]*$|"
    r"^(?:and |what )?(?:then|next|(?:comes )?after (?:that|this))[\s.!?]*$",
    re.IGNORECASE,
)
_VARYING = ("tip", "recall", "interview")
"""Commands that give something else each time."""
_GROUPS = frozenset({"plan", "checkin", "pair", "tips", "recall", "me", "admin"})
"""First words of commands that do different things."""
_ANOTHER_LABEL = re.compile(r"^(?:another|next|a different)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Memory:
    """The last exchange of a conversation.

    `text` is what they said, `line` the command that was run or offered, `missing` the option it asked for, `buttons` the labels
    and lines of the answer's buttons, and `day` the local day.
    """

    text: str
    line: str
    missing: str
    buttons: Sequence[tuple[str, str]]
    day: date

    @classmethod
    def of(cls, answer: Answer, text: str, line: str, missing: str, day: date) -> Memory:
        """Remember an answer."""
        blocks = answer.blocks if isinstance(answer, Card) else ()
        buttons = [(button.label, button.line) for button in buttons_of(blocks)]
        short = [(label, line) for label, line in buttons if len(line) <= _MAX_LINE_LENGTH]
        return cls(
            text[:_MAX_LINE_LENGTH],
            line if len(line) <= _MAX_LINE_LENGTH * 4 else "",
            missing,
            short[:_MAX_BUTTONS],
            day,
        )

    @classmethod
    def from_state(cls, state: Mapping[str, Any], day: date) -> Memory:
        """Read a memory as it was saved."""
        buttons = [(str(label), str(line)) for label, line in state.get("buttons", ())]
        return cls(str(state.get("text", "")), str(state.get("line", "")), str(state.get("missing", "")), buttons, day)

    def to_state(self) -> dict[str, Any]:
        """Give the JSON values to save."""
        return {
            "text": self.text,
            "line": self.line,
            "missing": self.missing,
            "buttons": [list(button) for button in self.buttons],
        }

    def pressed_by(self, text: str) -> str:
        """Find the line of the button that a text like “yes” or “the second one” presses; "" if there's none."""
        if _YES.match(text):
            return self.buttons[0][1] if self.buttons else ""
        if match := _ORDINAL.match(text):
            return self._nth(match["word"], match["digit"])
        if _MORE.match(text):
            return self._labelled(_MORE_LABEL)
        if _ANOTHER.search(text):
            return self._labelled(_ANOTHER_LABEL) or (self.line if self.line.startswith(_VARYING) else "")
        return next((line for label, line in self.buttons if label.lower() == text.strip(" .!?").lower()), "")

    def _labelled(self, pattern: re.Pattern[str]) -> str:
        return next((line for label, line in self.buttons if pattern.match(label)), "")

    def _nth(self, word: str | None, digit: str | None) -> str:
        """Find the line of the nth thing on the answer: of the buttons that do the same with different things."""
        alike = self._alike_buttons()
        index = (
            int(digit) - 1 if digit else -1 if (word or "").lower() == "last" else _ORDINALS.index((word or "").lower())
        )
        if not alike and self.line.startswith("plan ") and index >= 0:
            return f"plan step {index + 1}"
        return alike[index] if -len(alike) <= index < len(alike) else ""

    def _alike_buttons(self) -> list[str]:
        """List the lines of the buttons that do the same with different things: by their first two words, or their first."""
        lines = [line for _, line in self.buttons]
        for length in (2, 1):
            heads = [" ".join(line.split()[:length]) for line in lines]
            common = max(set(heads), key=heads.count, default="")
            if heads.count(common) > 1 and common not in _GROUPS:
                return [line for head, line in zip(heads, lines, strict=True) if head == common]
        return []
