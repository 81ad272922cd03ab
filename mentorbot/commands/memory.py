"""The memory a follow-up may refer to: the command and the buttons of the answer before."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mentorbot.chat.cards import Answer, Card, buttons_of
from mentorbot.clock import Clock
from mentorbot.commands.context import CommandRequest
from mentorbot.commands.heard import Heard, Surroundings
from mentorbot.commands.wording import ENDINGS, POLITE_END
from mentorbot.domain.conversation import SmallTalk
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store

log = logging.getLogger(__name__)
_MAX_BUTTONS, _MAX_LINE_LENGTH = 12, 200
_MIN_NAMING_WORDS, _MIN_ENDING_WORDS = 2, 3
_GO_AHEAD = (
    r"yes|yep|yeah|yup|sure|do (?:it|that|this)(?: one)?|go(?: (?:ahead|for it|on then))?|please do|ja|👍|make it so|"
    r"fine (?:by|with) me|let['’]?s (?:go|do (?:it|that|this)|try (?:it|that|this))|"
    r"(?:that |it )?(?:works|sounds (?:good|great|right|fine|perfect))(?: (?:for|to) me)?"
)
_AGREEING = r"ok(?:ay)?|al(?:l )?right|why not|absolutely|of course|exactly|right|correct|perfect|fair(?: enough)?"
_POLITELY = r"please|pls|thanks|thank you|that one|then|now|anyway"
_WELL = r"fine|good|great|cool|nice|well|hm+|oh"
"""Words before a “yes” that are none by themselves."""
_PHRASES = rf"(?:(?:{_GO_AHEAD}|{_AGREEING}|{_POLITELY})\b[\s,.!👍]*)+$"
_YES = re.compile(
    rf"^(?=.*?\b(?:{_GO_AHEAD})|👍)(?:(?:{_AGREEING}|{_WELL})\b[\s,.!]+)*"
    rf"(?:(?:{_GO_AHEAD}|{_AGREEING})\b|👍)[\s,.!👍]*(?:{_PHRASES})?$",
    re.IGNORECASE,
)
_AGREES = re.compile(rf"^(?:{_AGREEING})\b[\s,.!👍]*(?:{_PHRASES})?$", re.IGNORECASE)
"""A “yes” to a question; after anything else, it only says that it was read."""
_APPROVING = (
    r"(?:(?:it|that|this|the plan|all) ?)?(?:(?:['’]s|looks|sounds|seems|is) )?(?:(?:really|very|so|pretty) )?"
    r"(?:good|great|nice|cool|fine|awesome|excellent|brilliant|fantastic|lovely|wonderful|amazing)(?: (?:for|to|by|with) me)?|"
    r"(?:i )?(?:like|love) (?:it|that|this)"
)
_ACCEPTING = (
    r"(?:(?:let['’]?s|i['’]?ll|we can|you can|let me|i['’]?d (?:like|love) to|i want to) )?"
    r"(?:(?:save|take|use|accept|confirm|go with) (?:it|that|this|the (?P<noun>\w+))(?: one)?|save|confirm|accept)"
)
"""Says what to do with what's shown, so that it's kept."""
_ACCEPTS = re.compile(
    rf"^(?!(?:(?:{_POLITELY})\b[\s,.!👍]*)+$)"
    rf"(?:(?>{_ACCEPTING}|{_APPROVING}|{_GO_AHEAD}|{_AGREEING}|{_POLITELY}|and|so)(?!\w)[\s,.!👍]*)+$",
    re.IGNORECASE,
)
"""Agrees to what waits for that, in praise or in so many words, with or without thanks: “looks good, save it”."""
_DRAFTS = re.compile(r"plan (?:new|save)\b")
"""Lines that show a plan which isn't saved, or save it."""
_IT = "(?:it|that|this)"
_GIVING_UP = (
    "forget|leave|skip|drop|cancel|scratch|ignore|scrap|undo|discard|delete|remove|revert|bin|ditch|kill|lose|stop"
)
_NO = (
    r"no(?: (?:thanks|thank you|way|need))?|nope|nah|never ?mind|nvm|cancel|not (?:now|yet|today|really|for me)|"
    rf"(?:{_GIVING_UP}) (?:about )?{_IT}(?: (?:as (?:it )?is|alone|be|out|one|again|idea|thing))?|"
    r"(?:maybe )?(?:later|another time|some other time)|(?:i['’]?d )?(?:rather|better|maybe) not|let['’]?s not|"
    rf"do ?n['’]?t(?: (?:do|save|add|send|change|log|post) {_IT})?|keep it(?: as (?:it )?is)?|(?:i['’]?ve |i )?changed my mind"
)
_SOFTENED = (
    r"ok(?:ay)?|al(?:l )?right|fair(?: enough)?|hm+|well|oh|ah|uh|actually|sorry|then|for now|now|please|pls|thanks|thank you|"
    r"you['’]?re right|true|right|yeah|i think|i guess|too|after all|it['’]?s fine|all good|cool|lol|wait|so|but"
)
_DECLINES = re.compile(rf"^(?=.*?\b(?:{_NO})\b)(?:(?:{_NO}|{_SOFTENED})\b[\s,.!…:-]*)+$", re.IGNORECASE)
"""Turns an offer down."""
_MAY_BE_SHOWN = re.compile(rf"\b(?!forget|scratch|ignore)(?:{_GIVING_UP}) {_IT}\b", re.IGNORECASE)
"""May be meant for what was shown since the offer."""
_AGREES_TO = re.compile(
    rf"^(?:{_GO_AHEAD}|{_AGREEING})[\s,]+(?:please\s+)?(?!wait|but|don|{_GIVING_UP})\w+\s+"
    rf"(?:it|this|that|them|so)(?:[\s,.!👍]+{_PHRASES})?[\s.!👍]*$",
    re.IGNORECASE,
)
"""Says yes and what to do, in words of one's own: “ok, save it”."""
_BEGINS_WITH_NO = re.compile(r"^no\b[\s,]*")
_NAMES_BUTTON = re.compile(
    rf"^(?:(?:{_GO_AHEAD}|{_AGREEING}|{_WELL}|please)[\s,]+)*(?P<verb>\w+)(?:\s+(?:it|this|that|them|him|her))?"
    r"(?:\s+(?:please|pls|then|now|anyway|again))*[\s.!]*$",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(r"\b(?:what|which|how|when|where|who)\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL = re.compile(
    r"^(?:(?:yes|yeah|yep|ok)[\s,]+)?(?:the |number |no\.? |#)?"
    r"(?:(?P<word>first|second|third|fourth|fifth|last)|(?P<digit>[1-9])(?:st|nd|rd|th)?|"
    r"(?:it['’]?s |i (?:say|think|guess) |answer |option )?\(?(?P<letter>[a-e])\)?)"
    r"(?:\s+(?:one|step|please|pls|sounds good|looks good|then|it is))*[\s.!]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:tell me |show me |give me )?(?:more|the rest|more please|read more|go on|continue|details)[\s.!?]*$",
    re.IGNORECASE,
)
_MORE_LABEL = re.compile(r"^(?:read|more|details|all|open|show)", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:another|next|different|other|harder|easier) (?:one|tip|question)\b|"
    r"^(?:(?:(?:that|this|it)['’]?s )?(?:way |much |a bit )?too (?:easy|hard|difficult|long|boring|simple)[\s,.!]+)?"
    r"(?:a |give me (?:an? )?)?(?:another|one more|next|again|something (?:else|different|easier|harder)|harder|easier)"
    r"(?:[\s,]+(?:please|pls|then))?[\s.!?]*$|"
    r"^(?:and |what )?(?:then|next|(?:comes )?after (?:that|this))[\s.!?]*$",
    re.IGNORECASE,
)
_VARYING = re.compile(r"(?:tip|interview|recall now)\b")
"""Commands that read, and give something else each time."""
_GROUPS = frozenset({"plan", "checkin", "pair", "tips", "recall", "me", "admin"})
"""First words of commands that do different things."""
_HOURS_LABEL = re.compile(r"(\d+) h(?: as planned)?$")
_ANOTHER_LABEL = re.compile(r"^(?:another|next|a different)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Memory:
    """The last exchange of a conversation.

    `text` is what they said, `line` the command that was run or offered, `missing` the option it asked for, `buttons` the labels
    and lines of the answer's buttons, and `day` the local day. `proposal` is the line that a “yes” stands for: that of the one
    button that goes ahead. It's "" if there's none, or several. The answer `asked` something if it was a question. `offer` is the
    line that was offered last, in this answer or an earlier one, if it's still to be pressed. The buttons do `several` things if
    all are meant.
    """

    text: str
    line: str
    missing: str
    buttons: Sequence[tuple[str, str]]
    day: date
    proposal: str = ""
    asked: bool = False
    offer: str = ""
    several: bool = False

    @classmethod
    def of(
        cls, answer: Answer, text: str, line: str, missing: str, day: date, offer: str = "", *, several: bool = False
    ) -> Memory:
        """Remember an answer. A form is no part of the conversation, so it only ends what was said before."""
        blocks = answer.blocks if isinstance(answer, Card) else ()
        buttons = [button for button in buttons_of(blocks) if len(button.line) <= _MAX_LINE_LENGTH][:_MAX_BUTTONS]
        asked = several or bool(missing) or (isinstance(answer, Card) and answer.title.endswith("?"))
        is_open = isinstance(answer, Card) and _OPEN_QUESTION.search(answer.title) is not None
        only = asked and not is_open and len(buttons) == 1
        ahead = ("primary", "danger") if asked else ("primary",)
        going_ahead = [button.line for button in buttons if only or button.style in ahead]
        return cls(
            text[:_MAX_LINE_LENGTH],
            line if len(line) <= _MAX_LINE_LENGTH * 4 else "",
            missing,
            [(button.label, button.line) for button in buttons],
            day,
            going_ahead[0] if len(going_ahead) == 1 else "",
            asked=asked,
            offer=offer if len(offer) <= _MAX_LINE_LENGTH * 4 else "",
            several=several,
        )

    @classmethod
    def from_state(cls, state: Mapping[str, Any], day: date) -> Memory:
        """Read a memory as it was saved."""
        buttons = [(str(label), str(line)) for label, line in state.get("buttons", ())]
        text, line, missing, proposal, offer = (
            str(state.get(name, "")) for name in ("text", "line", "missing", "proposal", "offer")
        )
        asked, several = bool(state.get("asked")), bool(state.get("several"))
        return cls(text, line, missing, buttons, day, proposal, asked=asked, offer=offer, several=several)

    def to_state(self) -> dict[str, Any]:
        """Give the JSON values to save."""
        return {
            "text": self.text,
            "line": self.line,
            "missing": self.missing,
            "buttons": [list(button) for button in self.buttons],
            "proposal": self.proposal,
            "asked": self.asked,
            "offer": self.offer,
            "several": self.several,
        }

    def pressed_by(self, text: str) -> str:
        """Find the line of the button that a text like “yes” or “the second one” presses; "" if there's none."""
        if self._agreed_to(text) or self._accepted(text):
            return self.proposal
        if named := self._named(text):
            return named
        if self.proposal and _AGREES_TO.match(text):
            return self.proposal
        if match := _ORDINAL.match(text):
            if (amounts := self._amounts()) and text.isdecimal():
                return amounts.get(text, "")  # “3” is three hours, not the third button
            digit = str(ord(match["letter"].lower()) - ord("a") + 1) if match["letter"] else match["digit"]
            return self._nth(match["word"], digit) if not match["letter"] or self.line.startswith("recall") else ""
        if _MORE.match(text):
            return self._labelled(_MORE_LABEL)
        if _ANOTHER.search(text):
            return self._labelled(_ANOTHER_LABEL) or (self.line if _VARYING.match(self.line) else "")
        return self._labelled_as(POLITE_END.sub("", text).strip(" .!?").lower())

    def _amounts(self) -> dict[str, str]:
        """Map the hours on buttons like “3 h” to their lines."""
        return {hours[1]: line for label, line in self.buttons if (hours := _HOURS_LABEL.match(label))}

    def proposes(self, line: str) -> bool:
        """Tell if the answer asked whether to do what a line does, or gave it as the way ahead, or as the way back."""
        return self.asked or line in (self.proposal, self.undo) or self.line.startswith("recall")

    @property
    def undo(self) -> str:
        """The line that takes back what the answer reported; "" if it asked something, or has nothing to take back."""
        return "" if self.asked else next((line for label, line in self.buttons if label == "Undo"), "")

    @property
    def draft(self) -> str:
        """The line that saves the plan that's shown, or shows more of it; "" if that's saved."""
        return self.proposal if _DRAFTS.match(self.proposal) else ""

    def declined_by(self, text: str) -> bool:
        """Tell if a text turns down what's been offered or asked: “nah, leave it”."""
        is_said_of_shown = not self.asked and _MAY_BE_SHOWN.search(text) is not None
        return (self.asked or bool(self.offer)) and not is_said_of_shown and _DECLINES.match(text) is not None

    def agrees_to_earlier(self, text: str) -> bool:
        """Tell if a text says “yes” to an offer from before the last answer, which asked nothing."""
        return bool(self.offer) and not self.asked and _YES.match(text) is not None

    def is_left_open_by(self, heard: Heard) -> bool:
        """Tell if what's shown for a choice still waits for one after a remark that chose nothing."""
        awaits = self.asked or bool(self.draft)
        return awaits and heard.small_talk is SmallTalk.REMARK and len(self.buttons) > 1

    def asks_which(self, text: str) -> bool:
        """Tell if a text says “yes” to several things at once, so it's unclear to what."""
        return self.asked and not self.proposal and len(self.buttons) > 1 and self._agreed_to(text)

    def _agreed_to(self, text: str) -> bool:
        return bool(_YES.match(text) or (self.asked and _AGREES.match(text)))

    def _accepted(self, text: str) -> bool:
        """Tell if a text accepts what waits for that: a plan that isn't saved, or the change that was offered last."""
        group, *rest = self.proposal.split() or ("",)
        awaits = self.draft or (self.proposal == self.offer and (group, *rest[:1]) not in ENDINGS)
        accepts = _ACCEPTS.match(text) if self.proposal and awaits else None
        return accepts is not None and accepts["noun"] in (None, group)

    def _named(self, text: str) -> str:
        """Find the line of the one button whose first word a text like “ok, save it” has; "" for a word alone."""
        match = _NAMES_BUTTON.match(text)
        if match is None or len(text.split()) < _MIN_NAMING_WORDS:
            return ""
        lines = {line for label, line in self.buttons if label.lower().split()[:1] == [match["verb"].lower()]}
        return lines.pop() if len(lines) == 1 else ""

    def _labelled_as(self, said: str) -> str:
        """Find the line of the button with a label, or of the only one whose label ends with what's said."""
        lines = {label.lower(): line for label, line in reversed(self.buttons)}
        words = _BEGINS_WITH_NO.sub("", said)
        is_telling = len(words.split()) >= _MIN_ENDING_WORDS and not any(map(str.isdigit, words))  # “3 h” is a value
        ending = {line for label, line in lines.items() if is_telling and label.endswith(f" {words}")}
        return lines.get(said) or lines.get(words) or (ending.pop() if len(ending) == 1 else "")

    def _labelled(self, pattern: re.Pattern[str]) -> str:
        return next((line for label, line in self.buttons if pattern.match(label)), "")

    def _nth(self, word: str | None, digit: str | None) -> str:
        """Find the line of the nth thing on the answer: of the buttons that do the same with different things."""
        alike = self._alike_buttons()
        index = (
            int(digit) - 1 if digit else -1 if (word or "").lower() == "last" else _ORDINALS.index((word or "").lower())
        )
        if not alike and self.line.startswith("plan show") and index >= 0:
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


class Memories:
    """The memories of everybody's conversations, in the database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def recall(self, request: CommandRequest, around: Surroundings) -> Memory | None:
        """Look up what a message may refer to; None if that's nothing, or too long ago."""
        caller = request.caller
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            state = await uow.conversations.recall(caller.user_id, caller.channel.id)
        return Memory.from_state(state, (await around.local()).today) if state else None

    async def keep(
        self,
        request: CommandRequest,
        answer: Answer,
        text: str = "",
        line: str = "",
        missing: str = "",
        offer: str = "",
        *,
        several: bool = False,
    ) -> None:
        """Save what the next message may refer to, in place of what was there, even if that's nothing.

        That's also the answer to a pressed button, and to a command typed in a direct message. A command in a channel has no
        part in what's said there.
        """
        caller = request.caller
        if request.background or not (request.spoken or request.pressed or caller.channel.direct):
            return
        memory = Memory.of(answer, text, line, missing, self._clock.now().date(), offer, several=several)
        try:
            async with self._store.unit_of_work(caller.channel.workspace) as uow:
                await uow.conversations.remember(caller.user_id, caller.channel.id, memory.to_state())
        except DatabaseProblem:
            # The request is done by now. An error would say that nothing has changed.
            log.exception("couldn't remember an answer")
