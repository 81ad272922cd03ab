"""Sentences that give a message to pass on: whatever the message says, it asks for nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mentorbot.slash.intents import Mention, word_spans

_VERB = r"(?:tell|write|send|message|msg|dm|ping|text|let|drop|remind|inform|notify|(?:a )?(?:note|message) (?:to|for))"
_KIND = r"(?:(?:an?|the|this|my) )?(?:short |quick |little )?(?:note|message|dm|msg|line|word)"
_BEFORE = re.compile(
    rf"^(?:(?:please|pls|and|then|also|can you|could you)[\s,]+)*{_VERB}(?:\s+{_KIND})?(?:\s+to)?\s+@?$", re.IGNORECASE
)
_AFTER = re.compile(rf"^(?:[\s,]+{_KIND})?\s*(?::\s*\S|[\s,]+(?:that|know|saying)\b[\s:,]*\S)", re.IGNORECASE)
"""The words before and after the person a message is for."""
ALL_LEARNERS = (
    r"(?:all (?:of )?my|every one of my|each of my|all the|my) (?:learners|mentees|people)|every(?:one|body) i mentor"
)
_TO_ALL = re.compile(rf"\b(?:{ALL_LEARNERS})", re.IGNORECASE)


def is_message(sentence: str, mentions: Sequence[Mention]) -> bool:
    """Return True for a message to someone the speaker knows, or to all their learners: “send Chen a note: ask ops first”."""
    spans = word_spans(sentence)
    named = (
        (spans[each.start][0], spans[each.end - 1][1]) for each in mentions if each.slot in ("contacts", "learners")
    )
    everyone = (group.span() for group in _TO_ALL.finditer(sentence))
    return any(
        _BEFORE.match(sentence[:start]) is not None and _AFTER.match(sentence[end:]) is not None
        for start, end in (*named, *everyone)
    )
