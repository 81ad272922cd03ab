"""Requests the bot can't meet: for what no command does, and for a change to what's someone else's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mentorbot.commands.filling import fills, word_at
from mentorbot.commands.heard import Heard, Hearing, Kind, Understood
from mentorbot.commands.lexicon import INTENT_SCORE, LIKELY_SHARE, PART_SCORE, SURE_SCORE, Lexicon
from mentorbot.commands.remarks import Subject, asks_for_something, orders_in, subject_of
from mentorbot.commands.statement_reader import PEOPLE_SLOTS, names_step, takes
from mentorbot.commands.wording import word_set
from mentorbot.domain.conversation import SmallTalk
from mentorbot.slash.intents import IntentMatch, Mention

_MIN_UNABLE = 0.2
"""The likelihood that a text asks for something no command does, if it's about nothing the bot knows in any case."""
_OWNERS = re.compile(r"['’]s?$")
_OF_A_STRANGER = re.compile(
    r"\b(?!(?:it|that|this|what|who|there|here|let|how|where|today|yesterday|tomorrow|(?:to)?night|week|month|year|\w+day"
    r"|role|company|team|workspace|bot|mentorbot|mentor|step|plan)['’])[a-z]+['’]s (?:whole |entire |learning )?"
    r"(?:data|plan|account|profile|progress|steps?|hours|levels|goals?|settings|check-?ins?|streak|history)\b",
    re.IGNORECASE,
)
"""Names what's kept about someone the speaker has nothing to do with: “Chen's data”."""
_APPOINTS = re.compile(
    r"^(?:(?:please|pls|can we|could we|let['’]?s|i want to|i['’]?d like to|and)[\s,]+)*"
    r"(?:(?:make|appoint|nominate|promote|register|add|set(?: up)?|sign up|turn)\s+(?!me\b|it\b|that\b|this\b|a\b|my\b)"
    r"[\w@<>'’., -]{1,60}?\s+(?:up\s+)?(?:(?:in)?to\s+|as\s+|to be(?:come)?\s+)?(?:(?:an?|new|another)\s+)*mentors?\b|"
    r"(?:remove|demote|strip|kick|take|delete|unset)\s+(?!me\b|my\b)[\w@<>'’.-]{1,40}\s+(?:\w+\s+){0,2}"
    r"(?:as|from being)\s+(?:an?\s+|the\s+)?mentors?\b(?!\s+(?:for|of) me))",
    re.IGNORECASE,
)
"""Makes someone else a mentor, or no longer one: “make Dana and Priya mentors”."""
_MENTORS = ("pair", "list")
_NOTE = ("pair", "note")
_FOR_PEOPLE = (_NOTE, ("mentees",))
"""The bot's ways to help about someone else: pass on a message, and show how a learner is doing."""
_OF_LEARNERS = frozenset({"plan", "progress", "portfolio", "recall", "home"})
_ASKS_ABOUT = word_set("did does is has was will can are")
"""The words before someone whom a question is about: “what did Ben do”."""
_MAX_NEAREST = 2


class RefusalReader:
    """Says no to what the bot can't do, and offers what's nearest."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def as_refused(self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch]) -> Heard | None:
        """Say no to what's someone else's or what no command does; None for what the bot can do."""
        if _APPOINTS.match(sentence):
            listed = Understood(self._lexicon.registry.commands[_MENTORS])
            return Heard(Hearing.SMALL_TALK, (listed,), small_talk=SmallTalk.APPOINTS)
        people = [mention for mention in mentions if mention.slot in PEOPLE_SLOTS and mention.value]
        owners = [person for person in people if _OWNERS.search(person.text)]
        is_change = orders_in(sentence) and any(match.command.writes for match in ranked)
        is_theirs = owners or (not people and _OF_A_STRANGER.search(sentence))
        if is_theirs and is_change and (ranked[0].command.path == _NOTE or not takes(ranked[0], owners)):
            return Heard(Hearing.SMALL_TALK, self._about(owners), small_talk=SmallTalk.THEIRS)
        doers = [each for each in people if each.start and word_at(sentence, each.start - 1) in _ASKS_ABOUT]
        if (meant := owners or doers) and ranked and _shows_own(ranked[0]) and not takes(ranked[0], meant):
            shown = next(filter(None, (self._lexicon.shown(each.slot, each.value) for each in meant)), None)
            return Heard(Hearing.RUN, (shown,)) if shown else None
        if not owners and ranked and (_is_for(ranked[0], people) or _changes_named_step(ranked[0], mentions)):
            return None
        return self.as_beyond(sentence, people, ranked)

    def as_beyond(
        self, sentence: str, people: Sequence[Mention] = (), ranked: Sequence[IntentMatch] = ()
    ) -> Heard | None:
        """Say no to what no command does; None for anything else."""
        if subject_of(sentence) is not Subject.NONE and not asks_for_something(sentence):
            return None  # “I paused the video to make tea” just tells something
        shares = self._lexicon.kinds_of(sentence)
        if shares[Kind.UNABLE] < _MIN_UNABLE or shares[Kind.UNABLE] + shares[Kind.OFF] < LIKELY_SHARE:
            return None
        close = [
            Understood(match.command)
            for match in ranked
            if match.score >= PART_SCORE and not match.command.writes and not match.command.admin
        ]
        return Heard(Hearing.SMALL_TALK, (*self._about(people), *close)[:_MAX_NEAREST], small_talk=SmallTalk.UNABLE)

    def _about(self, people: Sequence[Mention]) -> tuple[Understood, ...]:
        """List what the bot can do about the people mentioned."""
        return tuple(
            Understood(command, {option.name: person.value})
            for command in (self._lexicon.registry.commands[path] for path in _FOR_PEOPLE)
            for option in command.options
            for person in people
            if fills(person, option)
        )


def _shows_own(best: IntentMatch) -> bool:
    """Return True for a command that shows the caller something of their own, which someone else has as well."""
    return not best.command.writes and best.command.path[0] in _OF_LEARNERS


def _changes_named_step(best: IntentMatch, mentions: Sequence[Mention]) -> bool:
    """Return True for a likely change of a step that's named: “postpone the certificate to March” is no appointment."""
    return names_step(mentions) and best.score >= INTENT_SCORE and best.command.path[0] == "plan"


def _is_for(best: IntentMatch, people: Sequence[Mention]) -> bool:
    """Return True for what the bot surely can do about someone, whatever the words are that they're to be told."""
    return best.score >= SURE_SCORE and best.command.path in _FOR_PEOPLE and takes(best, people)
