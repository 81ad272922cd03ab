"""The commands a sentence may ask for, best first: no more than would be offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mentorbot.commands.filling import fills, word_at
from mentorbot.commands.heard import Surroundings
from mentorbot.commands.lexicon import INTENT_SCORE, MAX_OFFERS, NEAR_SHARE, Lexicon
from mentorbot.commands.wording import ENDINGS, asks_state
from mentorbot.slash.intents import IntentMatch, Mention, clauses_of

_SAME: tuple[tuple[str, ...], ...] = (
    ("plan log", "checkin worked"),
    ("plan done", "checkin finished"),
    ("plan undo", "checkin undo"),
    ("settings", "checkin settings"),
    ("plan new", "plan adjust", "start"),
    ("plan hours", "plan adjust"),
)
"""Of each of these groups, one command is enough to offer."""
_FOR_CHANNEL = re.compile(
    r"[#<]|\b(?:channels?|here|rooms?|team|group|everyone|everybody|us|public(?:ly)?|post(?:ed|ing)?|report|mentions?|all)\b",
    re.IGNORECASE,
)
"""Says that something's for a channel."""
_REPLIES = re.compile(r"\b(?:repl(?:y|ies|ied|ying)|answer\w*|respond\w*|response|back|him|her|them)\b", re.IGNORECASE)
"""Says that something's to be answered, rather than just told."""
_ASKS_SOMEONE = re.compile(r"\bask(?:s|ing)?\s+(?:me|us|him|her|them|again|later)\b", re.IGNORECASE)
"""Tells whom to ask, so it's no question itself."""
_FAINT_SCORE = 0.25
"""From this score on, a command is the closest thing."""
_IMPOSSIBLE_TRUST = 0.8
"""Factor for a command the person has nothing to use on."""
_CHANNEL_TRUST = 0.75
"""Factor for a command about a channel if nothing says that it's for others than the speaker."""
_ELSEWHERE_TRUST = 0.6
"""Factor for a command that has nothing to do with a channel if one is named."""
_WORKDAYS, _LOOKED_UP_TRUST = ("workdays",), 0.5
"""Factor for looking a day up if nobody asks about it: “24 December is off”."""
_FOR_ALL = frozenset({_WORKDAYS, ("admin", "calendar")})
_OWN_DAYS = re.compile(
    r"^(?!.*\b(?:we|us|our|team|company|office|everyone|everybody|public|national|bank)\b)"
    r"(?:.*\b(?:i|i['’]?m|i['’]?ll|me|my)\b|(?:taking|having)\b)",
    re.IGNORECASE,
)
"""Says when the speaker is off, rather than everyone."""
_OF_PLAN = frozenset({("plan", "new"), ("plan", "adjust")})
"""Commands whose date is the whole plan's."""
_REPLY = ("pair", "reply")
_DEADLINE = frozenset({"by", "before", "until", "till"})


class RequestRanker:
    """Ranks commands by what a sentence says and by who says it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def rank(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> list[IntentMatch]:
        """Rank what a sentence may ask for, as the few things that would be offered."""
        matches = []
        in_channel, has_day = (any(each.slot == slot for each in mentions) for slot in ("channel", "date"))
        for match in self._lexicon.matcher.rank(sentence, mentions):
            if self._is_fallback(match) and _ASKS_SOMEONE.search(sentence):
                continue
            if match.command.path == _REPLY and not _REPLIES.search(sentence):
                continue
            if match.command.admin and asks_state(sentence) and not await around.is_admin():
                continue
            trust = 1.0 if await self._lexicon.is_possible(match.command, around) else _IMPOSSIBLE_TRUST
            if in_channel and match.command.option("channel") is None:
                trust *= _ELSEWHERE_TRUST
            if match.command.path == _WORKDAYS and has_day and not asks_state(sentence):
                trust *= _LOOKED_UP_TRUST
            if match.command.path in _FOR_ALL and _OWN_DAYS.search(sentence):
                trust *= _LOOKED_UP_TRUST
            if _is_for_channel(match) and not _FOR_CHANNEL.search(sentence):
                trust *= _CHANNEL_TRUST
            matches.append(replace(match, score=trust * match.score))
        likely = _due_for_step([match for match in matches if match.score >= _FAINT_SCORE], sentence, mentions)
        enough = max(INTENT_SCORE, NEAR_SHARE * max((match.score for match in likely), default=0.0))
        asked = [
            match
            for match in likely
            if match.command.path not in ENDINGS
            or (match.score >= enough and self._lexicon.is_named(match, sentence, mentions))
        ]
        best_first = _one_of_each(sorted(asked, key=lambda match: -match.score))
        return [match for match in best_first if match is best_first[0] or await self._helps(match, around)][
            :MAX_OFFERS
        ]

    async def _helps(self, match: IntentMatch, around: Surroundings) -> bool:
        """Return False for a button that's worth nothing beside others: it asks for a question, or has no step to change."""
        return not self._is_fallback(match) and not await self._lexicon.lacks_steps(match.command, around)

    def _is_fallback(self, match: IntentMatch) -> bool:
        return match.command.path == (self._lexicon.registry.fallback_command,)


def _is_for_channel(match: IntentMatch) -> bool:
    return match.command.admin and match.command.option("channel") is not None


def lead(ranked: Sequence[IntentMatch]) -> float:
    """Return by how much the best match leads."""
    return ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)


def _due_for_step(matches: Sequence[IntentMatch], sentence: str, mentions: Sequence[Mention]) -> Sequence[IntentMatch]:
    """Take a date beside a step for the step's, not for the plan's: “I want to be done with the talk by June”.

    What has a deadline isn't finished yet, so finishing it comes second. Who names a title means the plan.
    """
    step, date = (
        next((each for each in mentions if each.slot == slot and each.value), None) for slot in ("steps", "date")
    )
    if step is None or date is None or any(each.slot == "title" for each in mentions):
        return matches
    if not any(
        start <= min(step.start, date.start) and max(step.end, date.end) <= end for start, end in clauses_of(sentence)
    ):
        return matches
    dating = max((each for each in matches if _takes(each, step) and _takes(each, date)), key=_score, default=None)
    if dating is None:
        return matches
    taking = [each for each in matches if _takes(each, step) or _takes(each, date)]
    kept = [each for each in taking if each is not dating and each.command.path not in _OF_PLAN]
    is_ahead = date.start > 0 and word_at(sentence, date.start - 1) in _DEADLINE
    rivals = [each for each in taking if each not in kept or (is_ahead and each.command.path == ("plan", "done"))]
    return [replace(dating, score=max(map(_score, rivals))), *kept]


def _takes(match: IntentMatch, mention: Mention) -> bool:
    return any(fills(mention, option) and not option.declared.led for option in match.command.options)


def _score(match: IntentMatch) -> float:
    return match.score


def _one_of_each(ranked: Iterable[IntentMatch]) -> list[IntentMatch]:
    """Keep the best of commands that do the same, so that the few offers differ."""
    kept: list[IntentMatch] = []
    for match in ranked:
        if not any({match.command.name, other.command.name} <= set(same) for other in kept for same in _SAME):
            kept.append(match)
    return kept
