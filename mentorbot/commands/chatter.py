"""Telling what asks for nothing: small talk, moods, statements of one's own, and other languages."""

from __future__ import annotations

from mentorbot.commands.wording import MOODS, PERSONAL, SMALL_TALK
from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.language import word_frequencies
from mentorbot.slash.intents import COMMON_WORDS, word_spans

_MAX_SMALL_TALK_LENGTH = 100
_MAX_TERM_WORDS, _MIN_FOREIGN_WORDS, _FOREIGN_SHARE = 4, 3, 0.6
"""Words of what's a term to look up rather than a statement; and how many words of a sentence, and which share, aren't English
if it's in another language."""


def mood_in(text: str) -> SmallTalk | None:
    """Tell what a text that asks for nothing is about: a wish, news, or how someone feels about the bot; None for others."""
    return next((kind for kind, pattern in MOODS if pattern.search(text)), None)


def is_told(sentence: str) -> bool:
    """Return True for a statement of someone's own, which no role pack answers."""
    return PERSONAL.search(sentence) is not None and len(word_spans(sentence)) > _MAX_TERM_WORDS


def is_foreign(sentence: str) -> bool:
    """Return True if most words aren't English."""
    words = [sentence[start:end].lower() for start, end in word_spans(sentence)]
    known = word_frequencies()
    strange = [word for word in words if word not in known and word not in COMMON_WORDS and word.isalpha()]
    return len(words) >= _MIN_FOREIGN_WORDS and len(strange) >= _FOREIGN_SHARE * len(words)


def small_talk_in(text: str) -> SmallTalk | None:
    """Tell what kind of small talk a text is; None if it's something else."""
    if len(text) > _MAX_SMALL_TALK_LENGTH:
        return None
    return next((kind for kind, pattern in SMALL_TALK if pattern.match(text)), None)
