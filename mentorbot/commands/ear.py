"""The one ear of every door: a text is a command, an intent, a question for the pack, small talk, or the closest thing.

`Ear.hear` decides and changes nothing. A command that writes is only run as it stands if it was typed as a command and every word
of it was understood; from a sentence it's offered.
"""

from __future__ import annotations

from dataclasses import replace

from mentorbot.commands.chatter import HELPS, THANKED, is_foreign, is_told, mood_in, small_talk_in
from mentorbot.commands.command_reader import MAX_SLIP_WORDS, CommandReader, Reading
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import MAX_OFFERS, TOLD_CHANCE, Lexicon
from mentorbot.commands.memory import Memory
from mentorbot.commands.practice_reader import PracticeReader
from mentorbot.commands.prepared import FROM_PACK
from mentorbot.commands.remarks import asks_for_something, orders_in, tone_of
from mentorbot.commands.reply_reader import ReplyReader
from mentorbot.commands.sentence_reader import SentenceReader
from mentorbot.commands.statement_reader import StatementReader
from mentorbot.commands.synonyms import REORDERED
from mentorbot.commands.wording import (
    ABOUT_BOT,
    ABOUT_ME,
    ASKS_END,
    CORRECTS,
    INTERJECTED,
    POLITE,
    QUESTION,
    SOUNDS_ASKED,
    SUPPOSES,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Match
from mentorbot.slash.parser import with_prefix_mended
from mentorbot.slash.registry import Registry
from mentorbot.slash.tokenizer import clean

MAX_SENTENCE_LENGTH = 400
"""Characters of a text that are read as a sentence; nobody asks for something in more."""
_MAX_TERSE_WORDS = 2
"""Words of a text that's hardly more than a command."""
_OF_PACK = FROM_PACK | {"interview"}
"""Commands the pack answers, so what they can't take may be a question: “interview questions on agents”."""
_FAINT_CHANCE = 0.35
"""The least chance of an answer in the pack for a text that asks nothing to be answered from it."""

_TOLD_OR_RUN = (Hearing.RUN, Hearing.SMALL_TALK)


class Ear:
    """Hears what texts ask for, with the commands of a registry and the search of a library's packs."""

    def __init__(self, registry: Registry, library: Library) -> None:
        self._lexicon = Lexicon(registry, library)
        self._typed = CommandReader(self._lexicon)
        self._replies = ReplyReader(self._lexicon, self._typed)
        self._practice = PracticeReader(self._lexicon, self._replies)
        self._statements = StatementReader(self._lexicon)
        self._sentences = SentenceReader(self._lexicon, self._statements)

    def warm_up(self) -> None:
        """Build what sentences are matched with."""
        self._lexicon.warm_up()

    async def hear(self, text: str, around: Surroundings, memory: Memory | None = None) -> Heard:
        """Decide what `text` asks for. `memory` is what was said before, if it's recent enough to be referred to.

        Raises:
            PersonError: it's a command, but can't be read as one; the message says what to type instead.
        """
        text = with_prefix_mended(self._lexicon.registry, clean(text).strip())
        heard = await self._heard(text, around, memory)
        is_asked = _is_hardly_asked(text, heard)
        if memory is not None and (is_asked or _asks_nothing(heard)):
            heard = self._replies.as_read_with(text, memory, around.rough.pack, is_asked=is_asked) or heard
        if SUPPOSES.search(text) or ASKS_END.search(text):
            heard = replace(heard, supposes=True)
        return heard if memory is None else self._with_offer(heard, text, memory, around.rough.pack)

    def _with_offer(self, heard: Heard, text: str, memory: Memory, pack: Pack) -> Heard:
        """Offer again what's still open, with a text that asks about it, asks for nothing known, or says something of its own."""
        if asked := self._replies.as_asked_of_open(text, heard, memory, pack):
            return asked
        if small_talk_in(text) is None and memory.is_left_open_by(heard):
            if not memory.proposal or memory.draft:
                return Heard(Hearing.WHICH, choices=memory.buttons)
            if CORRECTS.match(text):
                return Heard(Hearing.OFFER, self._replies.still_open(memory, pack), leftover=text)
        is_unknown = heard.hearing is Hearing.CLOSEST or (
            heard.hearing is Hearing.QUESTION and self._lexicon.library.search_of(pack).find(text).match is Match.NONE
        )
        offered = self._replies.still_open(memory, pack) if is_unknown else ()
        others = [each for each in heard.commands if each not in offered]
        return replace(heard, commands=(*offered, *others)[:MAX_OFFERS]) if offered else heard

    async def _heard(self, text: str, around: Surroundings, memory: Memory | None) -> Heard:
        if memory is not None and (asked := await self._asked_again(text, memory, around)):
            return asked
        if (command := self._lexicon.registry.commands.get(tuple(text.split(" ")))) is not None:
            return Heard(Hearing.RUN, (Understood(command.for_pack(around.rough.pack)),))
        reading = await self._typed.read(text, around)
        if reading.certain:
            return reading.result()
        sentence = _in_order(POLITE.sub("", text[:MAX_SENTENCE_LENGTH]) or text[:MAX_SENTENCE_LENGTH])
        if memory is not None:
            sentence = self._replies.without_suggestion(sentence, memory, around.rough.pack)
            if reply := await self._as_reply(text, sentence, memory, around):
                return reply
        if small_talk := _small_talk_alone(text, sentence):
            return Heard(Hearing.SMALL_TALK, small_talk=small_talk)
        if reading.heard is not None and reading.named:
            return reading.heard
        if len(text.split()) <= MAX_SLIP_WORDS and (slip := await self._typed.with_slip_mended(text, around)):
            return slip
        if whole := await self._typed.with_group_added(text, around):
            return whole
        intent = await self._as_intent(sentence, memory, around)
        is_terse = len(text.split()) <= _MAX_TERSE_WORDS
        isnt_asked = intent is not None and intent.hearing is Hearing.QUESTION and not QUESTION.search(sentence)
        is_line = is_terse or (isnt_asked and not (reading.heard and reading.heard.leftover))
        if reading.is_command and (intent is None or intent.names(reading.command) or is_line):
            return self._better_than(reading, intent, is_line=is_line) or reading.result()
        if intent is not None and intent.hearing is not Hearing.CLOSEST:
            return intent
        return reading.result() if reading.is_command else self._as_question(sentence, around.rough.pack, intent)

    async def _asked_again(self, text: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Take a text for something about what was just shown, whatever else its words may ask for; None if it's not."""
        replies, pack = self._replies, around.rough.pack
        if said := self._practice.as_said_about(text, memory, pack):
            return said
        added = await replies.as_added(text, memory, around)
        goes_on = added or await replies.as_going_on(text, memory, around)
        return goes_on or replies.as_asked_about(text, memory, pack)

    async def _as_reply(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Take a text for a reply to what was shown, such as the answer to a question that's practised; None if it's none."""
        if self._practice.is_open(memory, around.rough.pack):
            request = await self._sentences.as_intent(sentence, around, None)
            if answer := self._practice.as_answer(text, request, memory, around.rough.pack):
                return answer
        return await self._replies.as_reply(text, sentence, memory, around)

    async def _as_intent(self, sentence: str, memory: Memory | None, around: Surroundings) -> Heard | None:
        """Take a sentence for a request, or for part of one that's still open; None if it's neither."""
        if memory is None:
            return await self._sentences.as_intent(sentence, around, None)
        before = await self._replies.subject_in(memory, around)
        if (about := await self._replies.about_subject(sentence, memory, around)) and (
            completed := await self._sentences.as_offer_of_all(about, around)
        ):
            return self._replies.with_more(sentence, completed, memory, around.rough.pack)
        intent = await self._sentences.as_intent(INTERJECTED.sub("", sentence) or sentence, around, before)
        if intent is not None:
            intent = self._replies.going_on(sentence, intent, memory, around.rough.pack)
            intent = self._replies.with_more(sentence, intent, memory, around.rough.pack)
        if intent is not None and (intent.hearing in _TOLD_OR_RUN or intent.clear or intent.amends is not None):
            return self._replies.beside_open(sentence, intent, memory, around.rough.pack)
        return await self._replies.as_amended_in_part(sentence, memory, around) or intent

    @staticmethod
    def _better_than(reading: Reading, intent: Heard | None, *, is_line: bool) -> Heard | None:
        """Give what a sentence means that only begins like a command which reads; None if it may be that command.

        “Why do you write me” asks for `why` with nothing left over, “salary in Berlin” names no level but asks about pay, and of
        “salary for seniors in Berlin” nothing may be left out. “Interview question for managers” has words that are no topic.
        """
        if reading.is_slip and intent is not None and intent.names(reading.command):
            return intent  # “interview questions on people” has no number in it
        if reading.command is None or reading.command.writes:
            return None
        answers = reading.command.name in _OF_PACK
        if reading.heard is None:
            return Heard(Hearing.QUESTION) if answers else None
        if reading.heard.leftover:
            if intent is not None and intent.hearing is Hearing.RUN:
                return intent
            return Heard(Hearing.QUESTION) if answers else None
        values = list(reading.heard.commands[0].raw.values())
        is_phrase = len(values) == 1 and " " in values[0]
        if is_phrase and answers:
            return Heard(Hearing.QUESTION)
        is_better = intent is not None and intent.hearing is Hearing.RUN and not is_line
        return intent if is_better and not reading.certain else None

    def _as_question(self, sentence: str, pack: Pack, closest: Heard | None) -> Heard:
        """Take a sentence for a question, if it may be one; otherwise there's just the closest thing."""
        if closest is not None and ABOUT_ME.search(sentence):
            return closest
        if self._lexicon.is_about_bot(sentence, pack):
            return self._sentences.about_bot(sentence, None)
        sounds_asked = QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence)
        found = self._lexicon.library.search_of(pack).find(sentence)
        if not found.confident and is_foreign(sentence):
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.FOREIGN)
        if not sounds_asked:
            mood, asks = mood_in(sentence), asks_for_something(sentence)
            talk = mood if (not asks or mood not in HELPS) and not self._lexicon.is_asked(sentence, pack) else None
            if (
                talk is None
                and not asks
                and not (closest is not None and closest.commands[0].raw)
                and self._statements.is_told(sentence)
                and not self._lexicon.is_answered(sentence, pack)
            ):
                talk = tone_of(sentence)
            if talk is not None:
                return Heard(Hearing.SMALL_TALK, small_talk=talk)
        if closest is not None and not sounds_asked and closest.commands[0].names_own:
            return closest  # “split step 2” is about their step, not about the pack's
        enough = TOLD_CHANCE if is_told(sentence) else _FAINT_CHANCE
        if sounds_asked or found.chance >= enough or self._lexicon.is_asked(sentence, pack):
            # The closest thing is no help below an answer, nor for someone who only asks.
            helps = closest is not None and not found.confident and not self._lexicon.is_no_request(sentence)
            return Heard(Hearing.QUESTION, closest.commands if closest and helps else ())
        return self._sentences.of_another_kind(sentence) or closest or Heard(Hearing.CLOSEST)


def _asks_nothing(heard: Heard) -> bool:
    """Return True for a question to the pack, for a mere statement, and for what's like nothing in particular."""
    if heard.hearing is Hearing.SMALL_TALK:
        return heard.small_talk in (SmallTalk.REMARK, SmallTalk.STORY)
    return heard.hearing is Hearing.CLOSEST or (heard.hearing is Hearing.QUESTION and not heard.question)


def _is_hardly_asked(text: str, heard: Heard) -> bool:
    """Return True for a question that only has some words of a command which reads: “why not train all of it then?”."""
    is_part = heard.hearing is Hearing.OFFER and heard.leftover and not heard.commands[0].command.writes
    return bool(is_part) and QUESTION.search(text) is not None and not ABOUT_BOT.match(text)


def _small_talk_alone(text: str, sentence: str) -> SmallTalk | None:
    """Tell what kind of small talk a text is; None if it only begins with it, like “thanks, and now quiz me”."""
    for rest in (sentence, THANKED.sub("", text)):
        if rest != text and small_talk_in(rest) is None and asks_for_something(rest):
            return None
    talk = small_talk_in(text)
    return None if talk is SmallTalk.WISH and orders_in(sentence) else talk  # “log 2 h, and have a nice weekend”


def _in_order(sentence: str) -> str:
    """Put words into the order they're declared in: “when I will be ready” is “when will I be ready”."""
    for pattern, order in REORDERED:
        sentence = pattern.sub(order, sentence)
    return sentence
