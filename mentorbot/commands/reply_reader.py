"""Texts read as replies to what was just shown: a button in words, a value that was missing, or a question that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mentorbot.commands.chatter import small_talk_in
from mentorbot.commands.command_reader import CommandReader
from mentorbot.commands.filling import fill, fills, rest_of
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import Lexicon, plain
from mentorbot.commands.memory import Memory
from mentorbot.commands.prepared import FROM_PACK
from mentorbot.commands.wording import (
    ABOUT_ME,
    ASKS_DONE,
    ASKS_WHICH,
    CONNECTING,
    CONTINUES,
    QUESTION,
    REJECTED,
    STARTS_QUESTION,
    TAKES_BACK,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.errors import PersonError
from mentorbot.packs.follow_ups import FollowUps, joined, turns_of
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.intents import COMMON_WORDS, is_open, word_spans
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import OptionSpec

_MAX_FOLLOW_UP_LENGTH = 120


class ReplyReader:
    """Reads what refers to the answer before."""

    def __init__(self, lexicon: Lexicon, typed: CommandReader) -> None:
        self._lexicon, self._typed = lexicon, typed

    def command_before(self, memory: Memory, pack: Pack) -> Understood | None:
        """Read the command of the message before; None if it had none."""
        parse_context = ParseContext(pack, memory.day)
        try:
            parsed = parse_command(self._lexicon.registry, memory.line, parse_context)
            return Understood(parsed.command, parsed.bind(parse_context).raw) if memory.line else None
        except PersonError:
            return None

    async def as_reply(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text as a reply to what was just shown; None if it isn't one."""
        pressed = await self._as_pressed(text, sentence, memory, around)
        return pressed or await self._as_follow_up(sentence, memory, around)

    async def _as_pressed(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that presses a button of the answer before, or takes back what that reported; None for others."""
        line = memory.pressed_by(text) or memory.pressed_by(sentence)
        if line := line or (memory.undo if TAKES_BACK.match(sentence) else ""):
            pressed = (await self._typed.read(line, around)).heard
            return replace(pressed, in_full=True) if pressed is not None else None
        if memory.asks_which(text):
            return Heard(Hearing.WHICH, choices=memory.buttons)
        if ASKS_WHICH.match(sentence) and (step := _step_of(self.command_before(memory, around.rough.pack))):
            return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[("plan", "step")], {"step": step}),))
        if not ASKS_DONE.match(sentence) or not memory.undo:
            return None
        undo = (await self._typed.read(memory.undo, around)).heard
        return Heard(Hearing.SMALL_TALK, undo.commands if undo else (), small_talk=SmallTalk.DONE)

    async def _as_follow_up(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that goes on with what was just said: “no, monday”, “and for seniors?”."""
        if len(sentence) > _MAX_FOLLOW_UP_LENGTH:
            return None
        if (before := self.command_before(memory, around.rough.pack)) is None:
            return None
        sentence = REJECTED.sub(" ", sentence).strip() or sentence
        mentions = await self._lexicon.mentions.find(sentence, await around.local(), around.own_values)
        hearing = Hearing.OFFER if before.command.writes else Hearing.RUN
        if memory.missing and not QUESTION.search(sentence) and small_talk_in(sentence) is None:
            filled = fill(before.command, (), sentence, mentions)
            missing = before.command.option(memory.missing)
            if memory.missing not in filled.raw and missing is not None:
                value = await self._answer_to(missing, sentence, around)
                filled = Understood(before.command, {**filled.raw, **({memory.missing: value} if value else {})})
            if memory.missing in filled.raw:
                return Heard(hearing, (Understood(before.command, {**before.raw, **filled.raw}),))
        if (number := _corrected_number(sentence, before)) is not None:
            return Heard(hearing, (replace(before, raw={**before.raw, **number}),))
        options = [option for option in before.command.options if not option.declared.keyword_only]
        taken = [mention for mention in mentions if any(fills(mention, option) for option in options)]
        covered = {index for mention in taken for index in range(mention.start, mention.end)}
        if (
            taken
            and not STARTS_QUESTION.match(sentence)
            and not rest_of(sentence, covered | set(_connecting_words(sentence)))
        ):
            raw = {**before.raw, **fill(before.command, (), sentence, taken).raw}
            return Heard(hearing, (Understood(before.command, raw),))
        if CONTINUES.match(sentence) and not before.command.writes:
            return Heard(Hearing.QUESTION, question=f"{memory.text} {sentence}")
        return None

    @staticmethod
    async def _answer_to(option: OptionSpec, reply: str, around: Surroundings) -> str:
        """Give the value that a whole reply is of the option asked for, like “london” for a time zone; "" if it's none."""
        if is_open(option):
            return reply
        value, is_listed = reply.rstrip(" .!"), option.declared.choices or option.declared.suggest
        return value if not is_listed and accepts(option, value, await around.local()) else ""

    def as_going_on(self, text: str, memory: Memory, pack: Pack) -> Heard | None:
        """Take a text for a question that goes on with an answer from the pack, such as “why?” or “do I need one?”."""
        turns = self._questions_before(memory, pack)
        if (
            not turns
            or memory.missing
            or memory.pressed_by(text)
            or ABOUT_ME.search(text)
            or plain(text) in self._lexicon.verbatim
        ):
            return None
        if not FollowUps(self._lexicon.library.search_of(pack)).goes_on(turns, text):
            return None
        ask = self._lexicon.registry.commands[(self._lexicon.registry.fallback_command,)]
        question, after = ask.options[:2]
        return Heard(Hearing.RUN, (Understood(ask, {question.name: text, after.name: joined(turns)}),))

    def _questions_before(self, memory: Memory, pack: Pack) -> tuple[str, ...]:
        """List the questions the last answer from the pack was for; none if there was no such answer."""
        if not memory.line:
            return turns_of(memory.text)
        before = self.command_before(memory, pack)
        if before is None or before.command.path[0] not in FROM_PACK:
            return ()
        return (*turns_of(before.raw.get("after", "")), before.raw.get("question", memory.text))


def _step_of(understood: Understood | None) -> str:
    """Give the step that a command is about; "" if it's about none."""
    return understood.raw.get("step", "") if understood is not None else ""


def _corrected_number(sentence: str, before: Understood) -> dict[str, str] | None:
    """Read a bare number that corrects the one before: “I meant 4”, after “log 3 hours”; None if there's none, or several."""
    used = set(_connecting_words(sentence))
    words = [sentence[start:end] for index, (start, end) in enumerate(word_spans(sentence)) if index not in used]
    telling = [word for word in words if word.lower() not in COMMON_WORDS]
    numbers = [option.name for option in before.command.options if option.declared.unit and option.name in before.raw]
    if len(telling) != 1 or len(numbers) != 1 or not telling[0].isdecimal():
        return None
    return {numbers[0]: telling[0]}


def _connecting_words(sentence: str) -> Iterator[int]:
    """Give the offsets of words that only connect a follow-up with what it follows: “and for”, “better”, “do it”."""
    for index, (start, end) in enumerate(word_spans(sentence)):
        if sentence[start:end].lower() in CONNECTING:
            yield index
