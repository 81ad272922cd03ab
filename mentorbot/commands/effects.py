"""Questions about what's offered, or what was just done: “can Ben still write then?”, “does my tip come anyway?”.

They change nothing, so the offer stays open. `EFFECTS` has the answers that the command's own cards don't give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mentorbot.commands.chatter import mood_in
from mentorbot.commands.heard import Heard, Hearing, Understood
from mentorbot.commands.wording import ASKS_END, POLITE, STARTS_QUESTION, SUGGESTS
from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.search import SearchResult
from mentorbot.slash.intents import clauses_of, word_spans
from mentorbot.slash.registry import Registry

EFFECTS: Mapping[str, str] = {
    "checkin pause": "While you're away, I write nothing by myself. That goes for check-ins, tips and recall questions; notes "
    "from people still arrive. Your plan moves along, and your streak waits.",
    "checkin skip": "Your plan moves along by a week, and your streak is safe. Tips and recall questions stop for the week, too.",
    "checkin resume": "I'll check in and send tips again from now on, and this week is open for steps.",
    "checkin settings": "It changes nothing but that. In quiet hours, whatever falls due waits until they're over, notes too.",
    "checkin stop": "You'd get no more check-ins. Your plan, tips and recall questions stay.",
    "checkin stuck": "I'd note what's in the way, and suggest what helps. Your mentor sees it if you share your progress.",
    "plan done": "The step counts as finished, and the next one moves up. You can undo it.",
    "plan log": "The hours count for your week and for the step. You can undo it.",
    "plan drop": "The step and its hours leave your plan, and the rest moves up. You can undo it.",
    "plan add": "Your plan gets one step more. Its hours move the end date, and you can change or drop it any time.",
    "plan edit": "Only that step changes. You can undo it.",
    "plan move": "Only the order and the weeks change; the hours stay. You can undo it.",
    "plan hours": "Your steps are laid out again for those hours, so the end date moves. You can change it any time.",
    "plan new": "You'll see the plan and when it'd end before anything's saved. Hours, dates and steps can change any time.",
    "plan adjust": "You'll see the new plan and its end before anything's saved.",
    "pair request": "They see your name and target role until they accept, and then what you choose to share. "
    "They can say yes or no. If they don't answer, I'll ask someone else.",
    "pair offer": "I'd ask you about each learner, and you accept or decline each one. "
    "Nobody comes to you beyond your limit: they wait, or go to someone else.",
    "pair accept": "I'd let them know right away. You see only what they choose to share.",
    "pair decline": "I'd ask someone else. I don't say who passed.",
    "pair end": "I'd let the other side know right away, and ask you once more before. You'd no longer write or see each other's "
    "plan here.",
    "pair note": "I'd send it in a direct message. It's only for whoever gets it, and you can undo it for a moment.",
    "pair share": "Nobody but your mentor sees it, and you can change it any time. Admins only see counts, without names.",
    "pair digest": "It's one message a week about all your learners: who's stuck, who's made progress, as far as they share it.",
    "tips me": "You'd get one short task or idea each time, in our direct messages. A pause or a day off stops it.",
    "tips here": "Everyone in that channel would see the tip. It changes nobody's own messages.",
    "recall on": "You'd get a question about what you've finished, just before you'd forget it. A pause or a day off stops it.",
    "admin calendar": "Days off are for everyone here: nobody gets check-ins, tips or reports on them.",
    "me forget": "Your plan, your settings and what we've talked about are deleted for good. Get the file first, if you want it.",
}
"""What each command leads to and leaves alone, in a sentence or two; the first one is the title of an answer."""
_BEGINS = r"^(?:(?:and|but|ok(?:ay)?|so|hm+|oh|wait|then|ouch|sorry|well|yes|fine|cool|good)\b[\s,.!]*)+"
_BEGINNING = re.compile(_BEGINS, re.IGNORECASE)
_LEANS = (
    r"that|this|those|then|still|he|she|they|him|her|them|his|their|meanwhile|in the meantime|either way|would|will|won['’]?t|"
    r"gonna"
)
_LEANS_ON = re.compile(rf"\b(?:{_LEANS})\b", re.IGNORECASE)
_REFERS = re.compile(rf"\b(?:{_LEANS}|it|too|already|anyway|also|again|later|there)\b", re.IGNORECASE)
"""Leans on what was said before, or may: “is Docker worth it” doesn't."""
_ASKS_NOT = re.compile(
    r"(?:is|are|was|do|does|did|wo|would|ca|could|should|has|have)n['’]?t (?!you (?:do|make|move|send|put)\b)\w+",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"(?:is|are|was|were|am|do(?! (?:it|that|this|them)\b)|does|did|will|would|has|have|should)\b", re.IGNORECASE
)
_ORDERS = re.compile(
    r"^(?:please |pls )?(?:(?:can|could) (?:you|u|i|we)|would (?:you|u)|what about|how about|may i)\b(?!.*\b(?:still|then)\b)",
    re.IGNORECASE,
)
"""Asks for something to be done, although it's put as a question."""
_SUPPOSED = frozenset({"plan", "checkin", "tips", "recall"})
"""First words of commands that the state can be shown with."""
_STATES = frozenset({"plan", "progress", "settings", "why", "tips", "checkin", "recall", "pair", "mentees", "me"})
"""First words of commands that show how things are."""
_OF_SETTINGS = (("tips", "me"), ("recall",), ("checkin", "settings"))
_SETTINGS, _PROGRESS, _CHANNEL_TIPS = ("settings",), ("progress",), ("tips", "when")
_BREAKS, _DROP = frozenset({("checkin", "pause"), ("checkin", "skip"), ("checkin", "resume")}), ("plan", "drop")
_REQUEST, _MENTORS, _SHARE = ("pair", "request"), ("pair", "list"), ("pair", "share")
_ABOUT_THEM = re.compile(r"\b(?:is|are|isn['’]?t|does|has|who(?:['’]?s)?|what(?:['’]?s)?|which|how)\b", re.IGNORECASE)
_SEES = re.compile(r"\b(?:see|sees|read|know|knows|told|tell|hear|notice|share|shared|show)\b", re.IGNORECASE)
"""Asks what a mentor gets to know, rather than about the mentor."""
_UNCLEAR = frozenset(
    {
        SmallTalk.REMARK,
        SmallTalk.UNABLE,
        SmallTalk.STORY,
        SmallTalk.LATER,
        SmallTalk.MISREAD,
        SmallTalk.SORRY,
        SmallTalk.GLAD,
    }
)
"""Small talk that a question may be taken for by mistake."""


def asks_something(text: str) -> bool:
    """Return True for a text that's a question, or has one in it."""
    text = _bare(text)
    spans = word_spans(text)
    clauses = (_BEGINNING.sub("", text[spans[start][0] : spans[end - 1][1]]) for start, end in clauses_of(text))
    return text.rstrip().endswith("?") or any(STARTS_QUESTION.match(each) or _ASKS_NOT.match(each) for each in clauses)


def asks_whether(text: str) -> bool:
    """Return True for a question that a “yes” answers, and that asks for nothing to be done: “will I still make the 18th?”."""
    text = _bare(text)
    is_asked = _ASKS_WHETHER.match(text) is not None or _ASKS_NOT.match(text) is not None
    return is_asked and _ORDERS.search(text) is None


def as_asked_of(
    text: str, heard: Heard, offered: Understood, registry: Registry, *, is_done: bool, found: SearchResult
) -> Heard | None:
    """Take a question for one about what's offered, or what `is_done`; None if it's one of its own.

    `heard` is what it'd be by itself, and `found` is what the pack has on it.
    """
    is_order = _ORDERS.search(_bare(text)) is not None or SUGGESTS.match(text) is not None
    is_known = heard.hearing is Hearing.QUESTION and (found.sure or (found.confident and not _LEANS_ON.search(text)))
    if heard.amends is not None or heard.in_full or not asks_something(text) or is_order or is_known:
        return None
    if heard.hearing is Hearing.SMALL_TALK and heard.small_talk not in {*_UNCLEAR, mood_in(text)}:
        return None
    first = heard.commands[0] if heard.hearing in (Hearing.RUN, Hearing.OFFER) else None
    if first is not None and first.command.path == offered.command.path and offered.raw.items() <= first.raw.items():
        return None  # it's the value that was asked for
    refers = _REFERS.search(text) is not None or asks_whether(text)
    if not refers and (is_done or heard.hearing is Hearing.RUN):
        return None
    shows = _state(text, None if heard.guessed else first, offered)
    return Heard(
        Hearing.SMALL_TALK,
        (offered,),
        small_talk=SmallTalk.DID if is_done else SmallTalk.WOULD,
        shows=Understood(registry.commands[shows[0]], shows[1]) if shows else None,
    )


def can_be_supposed(offered: Understood) -> bool:
    """Return True for a command whose change of the caller's own can be tried before the state is read."""
    return offered.command.path[0] in _SUPPOSED and offered.command.path != ("plan", "save")


def _bare(text: str) -> str:
    return POLITE.sub("", _BEGINNING.sub("", text)) or text


def _state(
    text: str, asked: Understood | None, offered: Understood
) -> tuple[tuple[str, ...], Mapping[str, str]] | None:
    """Give the command that shows the state a question is about, with its values; None if nothing shows that."""
    path = offered.command.path
    if path == _REQUEST and _ABOUT_THEM.search(text) and not _SEES.search(text):
        return _MENTORS, {}
    if path[0] in ("plan", "checkin") and ASKS_END.search(text):
        return _PROGRESS, {}
    if path in _BREAKS:
        return None  # the settings don't show a break to come
    is_message = any(path[: len(each)] == each for each in _OF_SETTINGS)
    if asked is not None and (asked.command.path[0] == "pair" or path[0] != "pair"):
        shown = asked.command.path
        is_gone = path == _DROP and asked.raw.get("step") == offered.raw.get("step")
        if shown == _SHARE or (
            not asked.command.writes and shown[0] in _STATES and shown != _CHANNEL_TIPS and not is_gone
        ):
            return shown, asked.raw
    return (_SETTINGS, {}) if is_message else None
