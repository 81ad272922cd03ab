"""The commands a sentence may ask for, best first: no more than would be offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mentorbot.commands.heard import Surroundings
from mentorbot.commands.lexicon import INTENT_SCORE, MAX_OFFERS, NEAR_SHARE, Lexicon
from mentorbot.commands.wording import ASKS_SOMEONE, ASKS_STATE, ENDINGS, SAME
from mentorbot.slash.intents import IntentMatch, Mention

_FAINT_SCORE = 0.25
"""From this score on, a command is the closest thing."""
_IMPOSSIBLE_TRUST = 0.8
"""Factor for a command the person has nothing to use on."""


class RequestRanker:
    """Ranks commands by what a sentence says and by who says it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def rank(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> list[IntentMatch]:
        """Rank what a sentence may ask for, as the few things that would be offered."""
        matches = []
        for match in self._lexicon.matcher.rank(sentence, mentions):
            if self._is_fallback(match) and ASKS_SOMEONE.search(sentence):
                continue
            if match.command.admin and ASKS_STATE.match(sentence) and not await around.is_admin():
                continue
            trust = 1.0 if await self._lexicon.is_possible(match.command, around) else _IMPOSSIBLE_TRUST
            matches.append(replace(match, score=trust * match.score))
        likely = [match for match in matches if match.score >= _FAINT_SCORE]
        enough = max(INTENT_SCORE, NEAR_SHARE * max((match.score for match in likely), default=0.0))
        asked = [
            match
            for match in likely
            if match.command.path not in ENDINGS
            or (match.score >= enough and self._lexicon.is_named(match, sentence, mentions))
        ]
        best_first = _one_of_each(sorted(asked, key=lambda match: -match.score))
        return [match for match in best_first if match is best_first[0] or not self._is_fallback(match)][:MAX_OFFERS]

    def _is_fallback(self, match: IntentMatch) -> bool:
        """Return True for `ask`: a button that only asks for a question is worth nothing beside others."""
        return match.command.path == (self._lexicon.registry.fallback_command,)


def lead(ranked: Sequence[IntentMatch]) -> float:
    """Return by how much the best match leads."""
    return ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)


def _one_of_each(ranked: Iterable[IntentMatch]) -> list[IntentMatch]:
    """Keep the best of commands that do the same, so that the few offers differ."""
    kept: list[IntentMatch] = []
    for match in ranked:
        if not any({match.command.name, other.command.name} <= set(same) for other in kept for same in SAME):
            kept.append(match)
    return kept
