"""Messages read as said about the question that's open: one of an interview to practise, or one of a quiz.

That a question is open decides how a short message is read: “next” is the next question, and “no idea” asks for the answer.
Whatever is longer is the answer, unless it clearly asks for something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mentorbot.commands.chatter import small_talk_in
from mentorbot.commands.heard import Heard, Hearing, Understood
from mentorbot.commands.lexicon import Lexicon
from mentorbot.commands.memory import Memory
from mentorbot.commands.remarks import INTERJECTIONS, Subject, asks_for_something, begins_with_wish, subject_of
from mentorbot.commands.reply_reader import ReplyReader
from mentorbot.commands.runner import PROMPT
from mentorbot.commands.wording import DOESNT_KNOW, QUESTION, word_set
from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.schema import Pack
from mentorbot.slash.intents import COMMON_WORDS, words_of

_QUIZ, _INTERVIEW = "recall", "interview"
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_AT_ONCE = re.compile(r"[.!?;…]\s+|,\s+")
"""Comes between what's said one after the other: “uff no idea. what's the answer?”."""
_PASSING = """
question questions interview interviews quiz practice practising practicing session today uff hi here id youd show thanks thx
thank lets"""
_IN_PASSING = (COMMON_WORDS | INTERJECTIONS | word_set(_PASSING)) - word_set("enough more no sure right good")
"""Words that don't tell what to do about a question."""
_ENDS = word_set("stop stopping enough quit end finish finished done exit over cancel leave")
_GOES_ON = word_set("next another other different skip pass harder easier easy hard simple difficult new continue more")
_ASKS = word_set("answer answers answered solution idea clue dunno idk hint help blank say said respond explain")
_BESIDE = word_set(
    "strong good model right correct best sample example ideal perfect no not sure more look lost asking today"
)
"""Words that go with those: “a strong answer”, “one more”, “no idea”."""
_WHY = word_set("why wrong right correct explain reason")
_MIN_ANSWER_WORDS = 4
"""Words of an answer to a question of an interview; whoever says less says something about it."""
_THINKS = re.compile(
    r"\b(?:let me (?:think|see)|thinking|(?:give me )?(?:a|one) (?:moment|minute|second|sec|min)|good question|hold on)\b",
    re.IGNORECASE,
)
_MIN_SHARED = 0.6
"""The share of the words of an answer to a quiz that the choice it's meant for has."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A question that was shown: `asked` shows a strong answer to it, or says that one doesn't know.

    `choices` are the buttons that answer one of a quiz. It's `answered` if a strong answer or a verdict was shown, too.
    """

    asked: Understood
    choices: tuple[tuple[str, Understood], ...] = ()
    answered: bool = False

    @property
    def is_quiz(self) -> bool:
        return self.asked.command.path[0] == _QUIZ


class PracticeReader:
    """Reads what's said about the question of the answer before."""

    def __init__(self, lexicon: Lexicon, replies: ReplyReader) -> None:
        self._lexicon, self._replies = lexicon, replies

    def as_said_about(self, text: str, memory: Memory, pack: Pack) -> Heard | None:
        """Read what only says how to go on with a question: “no idea”, “another one”, “stop”; None for anything else."""
        shown = self._shown(memory, pack)
        if shown is None:
            return None
        told = _telling(text)
        if _THINKS.search(text) and not shown.answered:
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.REMARK)
        if told & _ENDS and told <= _ENDS | _GOES_ON | _BESIDE:
            return self._ended(shown)
        if shown.is_quiz and shown.answered and _words(text) & _WHY and told <= _WHY:
            return self._explained(shown, pack)
        if told & _GOES_ON and told <= _GOES_ON | _ASKS | _BESIDE:
            following = next((line for label, line in memory.buttons if label == "Next question"), "")
            understood = self._replies.read_line(following, memory, pack)
            return Heard(Hearing.RUN, (understood,)) if understood is not None else None
        asks_for_answer = bool(told & _ASKS) and told <= _ASKS | _BESIDE
        knows_not = any(DOESNT_KNOW.match(part) for part in _AT_ONCE.split(text))
        if (asks_for_answer or (knows_not and told <= _ASKS | _BESIDE)) and not (shown.is_quiz and shown.answered):
            return Heard(Hearing.RUN, (shown.asked,))
        return None

    def is_open(self, memory: Memory, pack: Pack) -> bool:
        """Tell if a question waits for an answer."""
        shown = self._shown(memory, pack)
        return shown is not None and not shown.answered

    def as_answer(self, text: str, heard: Heard | None, memory: Memory, pack: Pack) -> Heard | None:
        """Read a text as the answer to an open question, unless it was `heard` as something else that's clearly meant."""
        shown = self._shown(memory, pack)
        first, *_ = _SENTENCES.split(text)
        if shown is None or shown.answered or QUESTION.search(first) or _is_request(text, heard):
            return None
        if shown.is_quiz:
            chosen = self._chosen(text, shown)
            return Heard(Hearing.RUN, (chosen,)) if chosen is not None else None
        if len(words_of(text)) < _MIN_ANSWER_WORDS or small_talk_in(text) is not None:
            return None
        return Heard(Hearing.RUN, (replace(shown.asked, raw={**shown.asked.raw, "answer": text}),))

    def _shown(self, memory: Memory, pack: Pack) -> _Shown | None:
        """Find the question that was shown; None if the answer before was about something else."""
        read = [
            (label, each)
            for label, line in memory.buttons
            if line.startswith((_QUIZ, _INTERVIEW)) and (each := self._replies.read_line(line, memory, pack))
        ]
        prompt = next((each for _, each in read if each.raw.get("answer") == PROMPT), None)
        if prompt is not None:
            raw = {name: value for name, value in prompt.raw.items() if name != "answer"}
            is_answered = all("answer" in each.raw for _, each in read if each.raw.get("question") == raw["question"])
            return _Shown(replace(prompt, raw=raw), answered=is_answered)
        choices = tuple((label, each) for label, each in read if each.command.path == (_QUIZ, "answer"))
        before = self._replies.command_before(memory, pack)
        asked = choices[0][1] if choices else before
        if asked is None or asked.command.path != (_QUIZ, "answer"):
            return None
        return _Shown(replace(asked, raw={"question": asked.raw["question"]}), choices, answered=not choices)

    def _ended(self, shown: _Shown) -> Heard:
        """End the practice. Someone who stops a quiz may want no more of them at all."""
        if not shown.is_quiz:
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.PRACTISED)
        commands = self._lexicon.registry.commands
        return Heard(Hearing.RUN, (Understood(commands[(_QUIZ, "enough")]), Understood(commands[(_QUIZ, "off")])))

    def _explained(self, shown: _Shown, pack: Pack) -> Heard | None:
        """Say why an answer is right; None if the pack no longer has the question."""
        question, _ = pack.recall_by_id.get(shown.asked.raw["question"], (None, ""))
        ask = self._lexicon.registry.commands[(self._lexicon.registry.fallback_command,)]
        return Heard(Hearing.RUN, (Understood(ask, {"question": question.question}),)) if question else None

    def _chosen(self, text: str, shown: _Shown) -> Understood | None:
        """Find the choice that a text puts in its own words; None if it's none, or could be two."""
        stem = self._lexicon.wording.stem
        said = {stem(word) for word in _telling(text)}
        shares = [
            (len(said & {stem(word) for word in _words(label)}) / len(said), choice)
            for label, choice in shown.choices
            if said
        ]
        best = max((share for share, _ in shares), default=0.0)
        likely = [choice for share, choice in shares if share == best >= _MIN_SHARED]
        return likely[0] if len(likely) == 1 else None


def _is_request(text: str, heard: Heard | None) -> bool:
    """Tell if a text clearly asks for something else than being taken for an answer."""
    if heard is None or not heard.commands or heard.hearing not in (Hearing.RUN, Hearing.OFFER):
        return False
    if heard.commands[0].names_own or (heard.clear and begins_with_wish(text)):
        return True
    return subject_of(text) in (Subject.NONE, Subject.BOT) and asks_for_something(text)


def _telling(text: str) -> frozenset[str]:
    return _words(text) - _IN_PASSING


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower().replace("'", "").replace("’", "") for word in words_of(text))
