"""Statements: what people tell, deny, feel or wonder about without asking for a command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from mentorbot.commands.chatter import HELPS, is_foreign, mood_in
from mentorbot.commands.filling import fill, fill_match, fills
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import CERTAIN_SCORE, INTENT_SCORE, SURE_SCORE, Lexicon
from mentorbot.commands.remarks import (
    Subject,
    asks_for_something,
    exclaims,
    is_future,
    is_past_deed,
    is_remark,
    subject_of,
    tone_of,
)
from mentorbot.commands.wording import ORDERS, QUESTION, SOUNDS_ASKED
from mentorbot.domain.conversation import SmallTalk
from mentorbot.domain.plan import monday
from mentorbot.packs.schema import Pack
from mentorbot.slash.intents import IntentMatch, Mention, denied_in, slot_of, word_spans
from mentorbot.slash.registry import CommandSpec

_FORBIDS = re.compile(
    rf"^(?:(?:please|pls|no|just)[, ]+)*(?:don['’]?t|do not|never) (?:ever )?(?:{'|'.join(sorted(ORDERS))})\b",
    re.IGNORECASE,
)
"""Says what isn't to be done."""
_WHAT_IF = re.compile(r"\bwhat (?:happens|would happen) (?:if|when) (?:i|we)\b", re.IGNORECASE)
"""Asks what a command does rather than for it."""
_STORY_SCORE = 0.7
"""From this score on, what's told about a thing may ask for a command: “the service is live”."""
_MAX_HELP = 2
_PAUSE, _SHORT_PAUSE = ("checkin", "pause"), timedelta(weeks=1)
"""The length of the pause to offer people who need one, from the Monday of this week."""
_GIVEN = frozenset({"until", "hours"})
"""Values people in a mood may give about the help they need."""
PEOPLE_SLOTS = frozenset({"learners", "contacts"})
_REPORTED = frozenset(
    {("plan", last) for last in ("done", "log", "start", "undo")}
    | {("checkin", last) for last in ("worked", "finished", "stuck", "skip", "pause", "resume", "now", "close")}
)
"""Commands that people ask for by telling what they did."""
_MAX_DENIAL_WORDS = 15
"""Words of a sentence that's no more than a denial: “I never said stop”. A longer one tells a story."""


class StatementReader:
    """Answers what asks for nothing, by how it sounds."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def as_told(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], around: Surroundings
    ) -> Heard | None:
        """Answer a statement that asks for nothing by how it sounds; None if it asks for something.

        What weighs on someone keeps the commands that may help.
        """
        best = ranked[0] if ranked else None
        if _FORBIDS.match(sentence) or is_foreign(sentence):
            return None
        pack = around.rough.pack
        mood = mood_in(sentence)
        helps = best is not None and best.command.path in HELPS.get(mood or SmallTalk.NOTHING, ())
        if asks_for_something(sentence) or (best is not None and best.score >= CERTAIN_SCORE and not helps):
            return None
        if _is_news(mentions, best):
            return Heard(Hearing.SMALL_TALK, small_talk=tone_of(sentence))
        if names_step(mentions):
            return None
        if self._lexicon.is_asked(sentence, pack):
            return None
        is_meant = best is not None and best.score >= INTENT_SCORE and takes(best, mentions) and not exclaims(sentence)
        if mood is not None and (helps or not is_meant):
            return Heard(Hearing.SMALL_TALK, await self._help_with(mood, sentence, mentions, around), small_talk=mood)
        is_faint = best is None or best.score < INTENT_SCORE or self._lexicon.is_strange(best, sentence, mentions)
        is_told = is_faint and not is_likely_with(best, mentions) and self.is_told(sentence)
        is_talk = is_told or self._is_story(sentence, mentions, best)
        if is_talk and not self._lexicon.is_answered(sentence, pack):
            return Heard(Hearing.SMALL_TALK, small_talk=tone_of(sentence))
        return None

    def is_told(self, sentence: str) -> bool:
        """Return True for a remark, but not for one like “best pizza in town”, which has no subject and is likely a request."""
        return is_remark(sentence) and (
            subject_of(sentence) is not Subject.NONE or not self._lexicon.is_beyond(sentence)
        )

    async def _help_with(
        self, mood: SmallTalk, sentence: str, mentions: Sequence[Mention], around: Surroundings
    ) -> tuple[Understood, ...]:
        """List what may help someone in a mood, filled in with what they mention, and a pause with an end."""
        helping = []
        for path in HELPS.get(mood, ()):
            command = self._lexicon.registry.commands[path]
            if await self._lexicon.is_possible(command, around):
                given = [mention for mention in mentions if mention.slot in ("date", "hours")]
                said = {name: value for name, value in fill(command, (), sentence, given).raw.items() if name in _GIVEN}
                understood = Understood(command, await self._for_help(command, around) | said)
                helping.append(await self._lexicon.with_it(understood, sentence, around, is_complete=True))
        return tuple(helping[:_MAX_HELP])

    async def _for_help(self, command: CommandSpec, around: Surroundings) -> dict[str, str]:
        """Give the values that help most people: a pause of a week, and their only mentor or learner."""
        if command.path == _PAUSE:
            return {"until": (monday((await around.local()).today) + _SHORT_PAUSE).isoformat()}
        people = next((option for option in command.options if slot_of(option) == "contacts"), None)
        known = await around.own_values(people) if people is not None else ()
        return {people.name: known[0].value} if people is not None and len(known) == 1 else {}

    def _is_story(self, sentence: str, mentions: Sequence[Mention], best: IntentMatch | None) -> bool:
        """Return True for what others did, and for what the speaker did that only the bot could be asked to do."""
        subject, is_sure = subject_of(sentence), best is not None and best.score >= SURE_SCORE
        if not is_sure and exclaims(sentence):
            return True
        if subject is Subject.SELF and best is not None and not best.command.writes and is_future(sentence):
            return True
        if any(mention.slot in PEOPLE_SLOTS for mention in mentions) or (best is not None and takes(best, mentions)):
            return False  # it's news of one's learners or mentor, or has a value for a command
        if subject is Subject.SELF and best is not None:
            return is_past_deed(sentence) and best.command.writes and best.command.path not in _REPORTED
        return subject is Subject.PERSON or (subject is Subject.OTHER and (best is None or best.score < _STORY_SCORE))

    def as_unasked(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], question: str, pack: Pack
    ) -> Heard | None:
        """Answer someone who asks what a command would do, denies something, or only says how they find it; None for others."""
        if _WHAT_IF.search(sentence) and (about := next((match for match in ranked if match.command.writes), None)):
            meant = fill_match(about, sentence, mentions)
            if meant.command.only_asks(meant.raw):
                return Heard(Hearing.SMALL_TALK, (meant,), small_talk=SmallTalk.WOULD)
            return Heard(Hearing.OFFER, (meant,), clear=True, supposes=True)
        mood = mood_in(sentence)
        if mood and mood not in HELPS and ranked and not ranked[0].words:  # “Ben is awesome” only mentions Ben
            return Heard(Hearing.SMALL_TALK, small_talk=mood)
        asks = QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence)
        is_asked = bool(question or asks) or self._lexicon.is_answered(sentence, pack)
        return self._as_denial(sentence, mentions, ranked, is_asked=is_asked)

    def _as_denial(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], *, is_asked: bool
    ) -> Heard | None:
        """Answer what isn't so, or isn't to happen, with the step it's about, or by saying that nothing has; None for others.

        Where the denial itself is what asks for something, as in “I don't need step 2”, it speaks for the best match.
        """
        denied, enough = denied_in(sentence), SURE_SCORE if _FORBIDS.match(sentence) else INTENT_SCORE
        is_close = bool(ranked) and ranked[0].score >= enough
        if not denied or (is_close and not ranked[0].words.isdisjoint(denied.values())):
            return None
        if any(mention.slot == "steps" and mention.start in denied for mention in mentions):
            return self._lexicon.step_shown(mentions)
        beside = [mention for mention in mentions if mention.start not in denied and mention.slot in ("day", "time")]
        if ranked and is_likely_with(ranked[0], beside):
            return None  # “don't ask on tuesdays, wednesdays are better” says when instead
        is_short = len(word_spans(sentence)) <= _MAX_DENIAL_WORDS
        if is_asked or not is_short or is_close:
            return None
        return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.NOTHING)


def _is_news(mentions: Sequence[Mention], best: IntentMatch | None) -> bool:
    """Return True for what someone the caller knows did: “Ben finished his RAG course”."""
    people = [mention for mention in mentions if mention.slot in PEOPLE_SLOTS and not mention.start]
    return bool(people) and not is_likely_with(best, people)


def names_step(mentions: Sequence[Mention]) -> bool:
    """Return True if one of the caller's steps is mentioned."""
    return any(mention.slot == "steps" and mention.value for mention in mentions)


def numbers_step(mentions: Sequence[Mention]) -> bool:
    """Return True if one of the caller's steps is mentioned by its number."""
    return any(
        mention.slot == "steps" and mention.value and mention.text.endswith(mention.value) for mention in mentions
    )


def is_likely_with(best: IntentMatch | None, mentions: Sequence[Mention]) -> bool:
    """Return True if the best match may be meant, and has an option for a value that's mentioned."""
    return best is not None and best.score >= INTENT_SCORE and takes(best, mentions)


def takes(match: IntentMatch, mentions: Sequence[Mention]) -> bool:
    """Return True if a command has an option for a value that a sentence mentions."""
    return any(fills(mention, option) for mention in mentions for option in match.command.options)
