"""Texts read as replies to what was just shown: a button in words, a value that was missing, or a question that goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mentorbot.commands.amendments import Amendment, Amendments, adds_to, parts_of
from mentorbot.commands.chatter import ASKS_DONE, small_talk_in
from mentorbot.commands.command_reader import CommandReader
from mentorbot.commands.corrections import connecting_words, last_clause, open_text, without_rejected
from mentorbot.commands.effects import as_asked_of, asks_whether
from mentorbot.commands.filling import fill, fills, rest_of
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import Lexicon, plain
from mentorbot.commands.memory import Memory
from mentorbot.commands.prepared import FROM_PACK
from mentorbot.commands.references import names_neighbour
from mentorbot.commands.remarks import asks_for_something, is_future, is_past_deed, is_verb, orders_in, tells
from mentorbot.commands.runner import PROMPT
from mentorbot.commands.wording import (
    ABOUT_BOT,
    ABOUT_ME,
    ADDS_IT,
    ADDS_MORE,
    ALL_OF,
    AND_THEN,
    ASKS_EFFECT,
    ASKS_END,
    ASKS_FOR_OTHERS,
    ASKS_REASON,
    ASKS_REVOCABLE,
    ASKS_TO_BEGIN,
    ASKS_WHEN,
    ASKS_WHICH,
    CONTINUES,
    CORRECTS,
    DOESNT_KNOW,
    DROPS,
    GIVES_REASON,
    INTERJECTED,
    IT,
    LEAVES_OUT,
    ONE_MORE,
    ONLY,
    POLITE,
    PRONOUN,
    QUESTION,
    RESTATES,
    SUGGESTS,
    TAKES_BACK,
    THE_ONE,
    YES_BUT,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.errors import PersonError
from mentorbot.packs.follow_ups import FollowUps, joined, turns_of
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.intents import Mention, clauses_of, is_open, slot_of, word_spans, words_of
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Spoken

_MAX_FOLLOW_UP_LENGTH = 120
_MIN_SEVERAL, _MAX_TOPIC_WORDS, _MAX_OTHERS = 2, 6, 2
_AMOUNTS = frozenset({"lot", "much", "many", "enough", "big", "okay", "ok", "realistic"})
"""Questions people ask about anything with hours or a date."""
_ABLE = re.compile(r"^(?:can|could|will|would)\b", re.IGNORECASE)
"""Begins what's asked politely, which needn't be about the bot: “can you give me an example”."""
_MAX_UNREAD_SHARE = 0.5
"""The share of the words of an amendment that may say something else."""
_ADDING = frozenset({"plan log", "plan add", "plan done", "checkin worked", "checkin finished"})
"""Commands that don't replace what they did before."""


_DRAFT = ("plan", "new")
"""Shows a plan that isn't saved yet."""
_ORDERS_TO_TELL = frozenset(
    {"explain", "describe", "tell", "show", "give", "help", "repeat", "answer", "summarise", "test", "ask"}
)
"""Orders for an answer, rather than for something to be done."""
_FINAL = frozenset({("me", "forget"), ("pair", "note"), ("pair", "reply"), ("pair", "request"), ("pair", "end")})
"""Commands with effects that can't be taken back, or not for long."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """A command that a reply may amend, with what was `said` to ask for it, and the line that takes it back."""

    understood: Understood
    said: str = ""
    undo: str = ""
    pending: bool = False


class ReplyReader:
    """Reads what refers to the answer before."""

    def __init__(self, lexicon: Lexicon, typed: CommandReader) -> None:
        self._lexicon, self._typed, self._amendments = lexicon, typed, Amendments(lexicon)

    def command_before(self, memory: Memory, pack: Pack) -> Understood | None:
        """Read the command of the message before; None if it had none."""
        return self.read_line(memory.line, memory, pack)

    def subject_before(self, memory: Memory, pack: Pack) -> Understood | None:
        """Find what was talked about before: the command, or the one thing of the caller's own that its answer can show."""
        before = self.command_before(memory, pack)
        if before is not None and _own_option(before) is not None:
            return before
        read = (self.read_line(line, memory, pack) for _, line in memory.buttons)
        shown = {each.line: each for each in read if each and not each.command.writes and _own_option(each) is not None}
        return next(iter(shown.values())) if len(shown) == 1 else before

    async def subject_in(self, memory: Memory, around: Surroundings) -> Understood | None:
        """Find what was talked about before, which may be the one step that a question for the pack named."""
        before = self.subject_before(memory, around.rough.pack)
        for turn in reversed(self._questions_before(memory, around.rough.pack)):
            mentions = await self._lexicon.mentions_in(turn, around)
            steps = {mention.value for mention in mentions if mention.slot == "steps"}
            if len(steps) == 1 and (shown := self._lexicon.shown("steps", steps.pop())):
                return shown
        return before

    async def _orders_about_step(self, text: str, memory: Memory, around: Surroundings) -> bool:
        """Return True for something to be done with the step that a question for the pack named: “ok, move it to the end”."""
        order = POLITE.sub("", INTERJECTED.sub("", text))
        verb = order.lower().partition(" ")[0]
        if not orders_in(order) or not IT.search(order) or verb in _ORDERS_TO_TELL:
            return False
        subject = await self.subject_in(memory, around)
        return subject is not None and subject.names_own

    def without_suggestion(self, sentence: str, memory: Memory, pack: Pack) -> str:
        """Put a suggestion about a step or a person that was talked about as an order: “why not just postpone it?”."""
        suggested, subject = SUGGESTS.match(sentence), self.subject_before(memory, pack)
        if suggested is None or subject is None or not subject.names_own:
            return sentence
        return f"actually {suggested['order']}"  # which comes in the place of what's open

    def read_line(self, line: str, memory: Memory, pack: Pack) -> Understood | None:
        """Read the line of a button; None if it can't be read any more."""
        parse_context = ParseContext(pack, memory.day)
        try:
            parsed = parse_command(self._lexicon.registry, line, parse_context)
            return Understood(parsed.command, parsed.bind(parse_context).raw) if line else None
        except PersonError:
            return None

    async def as_reply(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text as a reply to what was just shown; None if it isn't one."""
        pressed = await self._as_pressed(text, sentence, memory, around)
        return pressed or await self._as_follow_up(text, sentence, memory, around)

    async def _as_pressed(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that presses a button of the answer before, or takes back what that reported; None for others."""
        if memory.agrees_to_earlier(text) and (offered := self.read_line(memory.offer, memory, around.rough.pack)):
            return Heard(Hearing.OFFER, (offered,))
        line = memory.pressed_by(text) or memory.pressed_by(sentence)
        single = await self._by_themselves(sentence, around)
        takes_back = TAKES_BACK.match(sentence) or any(map(TAKES_BACK.match, single))
        if line := line or (memory.undo if takes_back else ""):
            pressed = (await self._typed.read(line, around)).heard
            if pressed is None:
                return None
            if pressed.commands[0].command.writes and not memory.proposes(line):
                return replace(pressed, hearing=Hearing.OFFER)
            return replace(pressed, in_full=True)
        if memory.several and memory.asks_which(text):
            return _all_of(self._offered(memory, around.rough.pack))
        if memory.asks_which(text):
            return Heard(Hearing.WHICH, choices=memory.buttons)
        if (
            memory.declined_by(text)
            or any(map(memory.declined_by, single))
            or self._drops_offer(sentence, memory, around.rough.pack)
        ):
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.NOTHING)
        if DOESNT_KNOW.match(text) and (asked := self._asked_again(memory, around.rough.pack)):
            return asked
        if ASKS_WHICH.match(sentence) and (step := _step_of(self.command_before(memory, around.rough.pack))):
            return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[("plan", "step")], {"step": step}),))
        if not ASKS_DONE.match(sentence) or not memory.undo:
            return None
        undo = (await self._typed.read(memory.undo, around)).heard
        return Heard(Hearing.SMALL_TALK, undo.commands if undo else (), small_talk=SmallTalk.DONE)

    async def _by_themselves(self, sentence: str, around: Surroundings) -> tuple[str, ...]:
        """Give the first and the last clause of a text if the others just explain it: “bring it back, Ben wants it”."""
        spans, clauses = word_spans(sentence), clauses_of(sentence)
        if len(clauses) < _MIN_SEVERAL:
            return (sentence,)
        second, last = spans[clauses[1][0]][0], spans[clauses[-1][0]][0]
        parts = (sentence[:second], sentence[second:]), (sentence[last:], sentence[:last])
        return tuple([part.strip(" ,;:–-") for part, rest in parts if await self._explains(rest, around)]) or (
            sentence,
        )

    async def _explains(self, rest: str, around: Surroundings) -> bool:
        """Return True for clauses that just tell something, and give no value: “8 is crazy” gives none."""
        if not (tells(rest) or is_future(rest)) or asks_for_something(rest) or is_past_deed(rest):
            return False
        mentions = await self._lexicon.mentions_in(rest, around)
        people = {slot for slot, option in self._lexicon.options.items() if option.kind is OptionType.PERSON}
        words = [word.lower() for word in words_of(rest)]
        values = (mention for mention in mentions if mention.slot not in people)
        return all(any(map(is_verb, words[mention.end : mention.end + 1])) for mention in values)

    def _drops_offer(self, sentence: str, memory: Memory, pack: Pack) -> bool:
        """Tell if a text gives up what's offered by naming it: “drop the blog post thing” after the offer to add it."""
        offered = self.still_open(memory, pack)
        text = open_text(offered[0]) if offered and memory.asked else None
        named = DROPS.match(sentence)
        if text is None or named is None or offered[0].names_own:
            return False
        stem = self._lexicon.wording.stem
        said = {stem(word) for word in words_of(rest_of(named["words"], set()))}
        return bool(said) and said <= {stem(word) for word in words_of(offered[0].raw[text.name])}

    def _asked_again(self, memory: Memory, pack: Pack) -> Heard | None:
        """Ask again what someone has no answer to, or offer what they can do without it; None if nothing was asked."""
        if memory.asked and not memory.missing and (offered := self.still_open(memory, pack)):
            return Heard(Hearing.OFFER, offered)
        before = self.command_before(memory, pack)
        if before is not None and (memory.missing or before.command.only_asks(before.raw)):
            return Heard(Hearing.RUN, (before,))
        return None

    async def _as_follow_up(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that goes on with what was just said: “no, monday”, “and for seniors?”."""
        if len(sentence) > _MAX_FOLLOW_UP_LENGTH:
            return None
        before = self.command_before(memory, around.rough.pack)
        if filled := await self._with_missing(text, sentence, memory, before, around):
            return filled
        if several := (
            await self._as_several(sentence, memory, around) or await self._as_one_more(sentence, memory, around)
        ):
            return several
        if restated := await self._as_restated(text, memory, around):
            return restated
        for topic in self._topics(memory, around.rough.pack):
            if amended := await self._as_amendment(sentence, topic, around):
                return amended
        offered = self.still_open(memory, around.rough.pack)
        if offered and memory.asked and (agreed := YES_BUT.match(sentence)):
            condition = agreed["but"] or agreed["limit"]  # it's no plain “yes”
            if not orders_in(condition):
                return Heard(Hearing.OFFER, offered, leftover=condition, clear=True)
        if other := await self._as_value_of_other(sentence, memory, around):
            return other
        if offered and GIVES_REASON.match(sentence):
            return Heard(Hearing.OFFER, offered, leftover=sentence)
        goes_on = CONTINUES.match(sentence) is not None and not names_neighbour(sentence)
        is_asked = before is not None and before.command.name != self._lexicon.registry.fallback_command
        if before is not None and is_asked and goes_on and not before.command.writes and not before.names_own:
            return Heard(Hearing.QUESTION, question=f"{memory.text} {sentence}")
        return None

    async def _as_restated(self, text: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Do what's offered if a text agrees in its own words, and says nothing else: “ok, 5 it is”.

        What's just said again is offered again.
        """
        proposed = self.read_line(memory.proposal, memory, around.rough.pack)
        said = RESTATES.sub("", text).strip()
        if proposed is None or not memory.asked or not said or QUESTION.search(text):
            return None
        if not await self._amendments.repeats(proposed, said, around):
            return None
        pressed = (await self._typed.read(memory.proposal, around)).heard if said != text else None
        return replace(pressed, in_full=True) if pressed is not None else Heard(_hearing(proposed), (proposed,))

    async def _as_value_of_other(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Offer the commands of the same group that take what a text only gives: “just on fridays” after “stop the tips”."""
        offered = self.still_open(memory, around.rough.pack)
        before = offered[0] if offered else self.command_before(memory, around.rough.pack)
        if before is None or not before.command.writes or before.names_own or QUESTION.search(sentence):
            return None
        mentions = await self._lexicon.mentions_in(sentence, around, before)
        covered = {index for mention in mentions for index in mention.words} | set(connecting_words(sentence))
        if not mentions or rest_of(sentence, covered):
            return None
        group = [each for each in self._lexicon.registry if each.path[0] == before.command.path[0] and each.writes]
        others = [each for each in group if each is not before.command and (before.command.admin or not each.admin)]
        taking = [fill(each, (), sentence, mentions) for each in others if _takes_all(each, mentions)]
        taking = [each for each in taking if each.names_own or not any(map(_is_own, each.command.options))]
        same = [each for each in taking if _first_word(each.command) == _first_word(before.command)]
        found = same or taking  # after “tips me-off”, it's rather for “tips me”
        return Heard(Hearing.OFFER, tuple(found)) if 0 < len(found) <= _MAX_OTHERS else None

    async def _as_several(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Take some of the things that were offered, perhaps with other values: “both”, “the first two on friday”."""
        named, offered = ALL_OF.search(sentence), self._offered(memory, around.rough.pack)
        if some := await self._some_of(sentence, offered, around):
            return some
        if named is None or len(offered) < _MIN_SEVERAL:
            return None
        chosen = offered[:2] if named["first"] else offered[-2:] if named["last"] else offered
        rest = ALL_OF.sub(" ", sentence).strip()
        are_all_meant = memory.several or len({each.command.path for each in offered}) == 1
        if not rest_of(rest, set(connecting_words(rest))):
            return _all_of(chosen) if are_all_meant else Heard(Hearing.OFFER, tuple(chosen))
        amended = [await self._amendments.read(each, "", rest, around, pending=True) for each in chosen]
        commands = [each.commands[0] for each in amended if each is not None and not each.rest]
        return Heard(Hearing.OFFER, tuple(commands)) if len(commands) == len(chosen) else None

    async def _as_one_more(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Offer the same with words of its own beside what's open: “oh and one more: shadow an interview, 2 h”."""
        more, offered = ONE_MORE.match(sentence), self.still_open(memory, around.rough.pack)
        before = next(iter(offered), None) or self.command_before(memory, around.rough.pack)
        text = (
            next((each for each in before.command.options if each.declared.greedy and is_open(each)), None)
            if before
            else None
        )
        if more is None or before is None or text is None or text.name not in before.raw or not before.command.writes:
            return None
        what = more["what"]
        new = fill(before.command, (), what, await self._lexicon.mentions_in(what, around), {text.name})
        if text.name not in new.raw:
            return None
        open_ones = offered if memory.asked else ()
        return Heard(Hearing.OFFER, (*open_ones, new), several=bool(open_ones), clear=True)

    async def _some_of(self, sentence: str, offered: Sequence[Understood], around: Surroundings) -> Heard | None:
        """Leave out of what's offered what's to be kept, or all but what's named: “no, keep the talk”, “only the exam”."""
        left_out, only = LEAVES_OUT.search(sentence), ONLY.search(sentence)
        options = [_own_option(each) for each in offered]
        if not (left_out or only) or not offered or any(option is None for option in options):
            return None
        values = [each.raw[option.name] for each, option in zip(offered, options, strict=True) if option is not None]
        slots = {slot_of(option) for option in options if option is not None}
        mentions = await self._lexicon.mentions_in(sentence, around)
        named = {mention.value for mention in mentions if mention.slot in slots}
        if not named or not named <= set(values) or any(mention.slot not in slots for mention in mentions):
            return None
        kept = tuple(
            each for each, value in zip(offered, values, strict=True) if (value in named) is not bool(left_out)
        )
        if not kept:
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.NOTHING)
        return Heard(Hearing.OFFER, kept) if len(kept) < len(offered) else None

    def _offered(self, memory: Memory, pack: Pack) -> list[Understood]:
        """List what the answer before offered to do."""
        read = (self.read_line(line, memory, pack) for _, line in memory.buttons if memory.asked)
        return [each for each in read if each and each.command.writes and not _is_asking(each)]

    def _topics(self, memory: Memory, pack: Pack) -> list[_Topic]:
        """List what a reply may amend: the last command, the one thing its answer shows, and what's still offered."""
        before, subject = self.command_before(memory, pack), self.subject_before(memory, pack)
        pending = memory.asked and before is not None and (before.command.writes or bool(memory.missing))
        topics = [_Topic(before, memory.text, memory.undo, pending)] if before else []
        topics += [_Topic(subject)] if subject is not None and subject != before else []
        offered = [*self._offered(memory, pack), *self.still_open(memory, pack)]
        return topics + [_Topic(each, pending=True) for each in offered if each != before]

    def going_on(self, text: str, heard: Heard, memory: Memory, pack: Pack) -> Heard:
        """Keep the values of an offer that's still open, if the same is asked for again with others: “log it on Docker”."""
        before = self.command_before(memory, pack)
        if (
            before is None
            or not memory.proposal
            or heard.hearing is not Hearing.OFFER
            or not heard.names(before.command)
        ):
            return heard
        first = heard.commands[0]
        about = [option for option in before.command.options if is_open(option) or option.declared.suggest is not None]
        is_other = any(
            first.raw.get(option.name, said) != said for option in about if (said := before.raw.get(option.name))
        )
        if is_other and not IT.search(text):
            return heard
        merged = replace(first, raw=first.command.with_new(before.raw, first.raw))
        return replace(heard, commands=(merged, *heard.commands[1:]), amends=before)

    def with_more(self, text: str, heard: Heard, memory: Memory, pack: Pack) -> Heard:
        """Keep what's open beside what's asked for with an “and”: both are meant."""
        offered = self._offered(memory, pack) if memory.several else self.still_open(memory, pack)
        is_sure = heard.hearing is Hearing.OFFER and (heard.clear or len(heard.commands) == 1)
        if not offered or not memory.asked or not is_sure or heard.amends is not None or not ADDS_MORE.match(text):
            return heard
        return replace(heard, commands=(*offered, heard.commands[0]), clear=False, several=True)

    def beside_open(self, text: str, heard: Heard, memory: Memory, pack: Pack) -> Heard:
        """Keep the open offer beside a new one for the same step or person: “took me 9 hours” after “finished step 2”."""
        offered = self.still_open(memory, pack)
        if heard.hearing is not Hearing.OFFER or not offered or heard.several:
            return heard
        if heard.names(offered[0].command) or CORRECTS.match(text):
            return heard
        about = [
            understood.raw[option.name]
            for understood in (offered[0], heard.commands[0])
            if (option := _own_option(understood))
        ]
        same = len(about) == 2 and about[0] == about[1]
        return replace(heard, commands=(heard.commands[0], *offered), clear=False) if same else heard

    async def _with_missing(
        self, text: str, sentence: str, memory: Memory, before: Understood | None, around: Surroundings
    ) -> Heard | None:
        """Fill in the value that was asked for; None if nothing was, or a text gives none."""
        before, name = (before, memory.missing) if memory.missing else self._asking(memory, around.rough.pack)
        missing = before.command.option(name) if before is not None else None
        if before is not None and missing is not None and missing.declared.spoken is Spoken.MESSAGE:
            return Heard(Hearing.OFFER, (replace(before, raw={**before.raw, missing.name: text}),))
        if before is None or missing is None or QUESTION.search(sentence) or small_talk_in(sentence) is not None:
            return None
        reply, _ = without_rejected(sentence)
        if reply.isdecimal() and missing.declared.unit:  # “3” counts hours, even where there's a step 3
            return Heard(_hearing(before), (replace(before, raw={**before.raw, missing.name: reply}),))
        filled = fill(before.command, (), reply, await self._lexicon.mentions_in(reply, around))
        if missing.name not in filled.raw:
            first, *_ = parts_of(reply) or (reply,)
            value = await self._answer_to(missing, reply, around) or await self._answer_to(missing, first, around)
            filled = replace(filled, raw={**filled.raw, **({missing.name: value} if value else {})})
        if missing.name not in filled.raw:
            return None
        return Heard(_hearing(before), (replace(before, raw=before.command.with_new(before.raw, filled.raw)),))

    def _asking(self, memory: Memory, pack: Pack) -> tuple[Understood | None, str]:
        """Find the command that the answer before proposed, and the option it only asks for; "" if it asks for none.

        [Other], beside some hours, asks for them, too.
        """
        others = [line for label, line in memory.buttons if label == "Other"]
        for line in (memory.proposal, *others):
            proposed = self.read_line(line, memory, pack)
            asked = [name for name, value in proposed.raw.items() if value == PROMPT] if proposed is not None else []
            if len(asked) == 1 and proposed is not None:
                return proposed, asked[0]
        return None, ""

    async def _as_amendment(
        self, sentence: str, topic: _Topic, around: Surroundings, *, in_part: bool = False
    ) -> Heard | None:
        """Change what a text amends: “no, monday”, “make it 4 then, I have time again”; also `in_part`, if more is said."""
        before = topic.understood
        amendment = await self._amendments.read(before, topic.said, sentence, around, pending=topic.pending)
        if amendment is None or (
            amendment.rest
            and not (in_part and _may_be_in_part(sentence, topic) and _is_mostly_read(sentence, amendment))
        ):
            return None
        commands = amendment.commands
        if ADDS_MORE.match(sentence) and before.raw.keys() - commands[0].raw.keys():
            return None  # “and give it until april” leaves the place it was moved to
        if topic.pending:
            kept = (before,) if adds_to(before, commands[0], sentence) else ()
            leftover = amendment.rest or amendment.left_out
            return Heard(_hearing(before), (*commands, *kept), leftover=leftover, amends=before)
        undoes = topic.undo and (before.command.name in _ADDING or _is_about_another(before, commands[0]))
        undo = (await self._typed.read(topic.undo, around)).heard if undoes else None  # so it isn't done twice
        return Heard(_hearing(before), (*(undo.commands if undo else ()), *commands))

    async def as_amended_in_part(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Take a text for an amendment of the open offer though it says more than that; None if it changes nothing."""
        if len(sentence) > _MAX_FOLLOW_UP_LENGTH or asks_whether(sentence):
            return None
        for topic in self._topics(memory, around.rough.pack):
            if amended := await self._as_amendment(sentence, topic, around, in_part=True):
                return amended
        return None

    def still_open(self, memory: Memory, pack: Pack) -> tuple[Understood, ...]:
        """Give the command that's still offered, if there is one."""
        offered = self.read_line(memory.offer, memory, pack) if memory.offer else None
        return (offered,) if offered is not None else ()

    @staticmethod
    async def _answer_to(option: OptionSpec, reply: str, around: Surroundings) -> str:
        """Give the value that a whole reply is of the option asked for, like “london” for a time zone; "" if it's none."""
        if is_open(option):
            return reply
        value, is_listed = reply.rstrip(" .!"), option.declared.choices or option.declared.suggest
        return value if not is_listed and accepts(option, value, await around.local()) else ""

    async def as_added(self, text: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Offer to add what the pack was asked about to the plan: “put that on my plan, 2 hours”; None for anything else."""
        turns = self._questions_before(memory, around.rough.pack)
        asked = ADDS_IT.search(text)
        if not turns or asked is None:
            return None
        topic = FollowUps(self._lexicon.library.search_of(around.rough.pack)).topic_of(turns)
        add = self._lexicon.registry.commands[("plan", "add")]
        rest = f"{text[: asked.start()]} {text[asked.end() :]}"
        mentions = await self._lexicon.mentions_in(rest, around)
        covered = {index for mention in mentions for index in mention.words} | set(connecting_words(rest))
        if rest_of(rest, covered) or len(topic.split()) > _MAX_TOPIC_WORDS:
            return None  # it says itself what to add, or isn't about one thing
        given = fill(add, (), rest, mentions).raw
        values = {
            option.name: given[option.name] for option in add.options if option.name in given and not is_open(option)
        }
        return Heard(Hearing.OFFER, (Understood(add, {"what": f"Learn about {topic}", **values}),)) if topic else None

    async def as_going_on(self, text: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Take a text for a question that goes on with an answer from the pack, such as “why?” or “do I need one?”."""
        pack = around.rough.pack
        turns = self._questions_before(memory, pack)
        if (
            not turns
            or memory.missing
            or memory.pressed_by(text)
            or ADDS_IT.search(text)
            or ABOUT_ME.search(text)
            or (ABOUT_BOT.match(text) and not _ABLE.match(text))
            or plain(text) in self._lexicon.verbatim
            or await self._orders_about_step(text, memory, around)
        ):
            return None
        follow_ups = FollowUps(self._lexicon.library.search_of(pack))
        if (orders_in(text) and follow_ups.new_words(text)) or not follow_ups.goes_on(turns, text):
            return None
        return self._asked_after(turns, text)

    def as_read_with(self, text: str, memory: Memory, pack: Pack, *, is_asked: bool) -> Heard | None:
        """Take a text for something about an answer from the pack if it's told in that light: “we've no budget”; None if not.

        A question that's asked of nobody else is one in any case.
        """
        turns = self._questions_before(memory, pack)
        is_wish = asks_for_something(text) and not QUESTION.search(text)
        if not turns or is_wish or ABOUT_ME.search(text):
            return None
        goes_on = is_asked or FollowUps(self._lexicon.library.search_of(pack)).is_read_with(turns, text)
        return self._asked_after(turns, text) if goes_on else None

    def _asked_after(self, turns: Sequence[str], text: str) -> Heard:
        """Ask the pack with the questions before."""
        ask = self._lexicon.registry.commands[(self._lexicon.registry.fallback_command,)]
        question, after = ask.options[:2]
        return Heard(Hearing.RUN, (Understood(ask, {question.name: text, after.name: joined(turns)}),))

    def as_asked_about(self, text: str, memory: Memory, pack: Pack) -> Heard | None:
        """Show what was talked about to someone who asks about it: “why?”, “when is it due?”; None for anything else."""
        if memory.missing or memory.pressed_by(text) or ASKS_DONE.match(text):
            return None
        subject, offered = self.subject_before(memory, pack), self.still_open(memory, pack)
        before = self.command_before(memory, pack)
        is_drafted = memory.asked and before is not None and before.command.path == _DRAFT
        draft = before if is_drafted else self.read_line(memory.draft, memory, pack)
        if (awaiting := offered[0] if offered else draft) and (told := self._as_asked_of_offer(text, awaiting)):
            return told
        if SUGGESTS.match(text):
            return None
        option = _own_option(subject) if subject is not None else None
        shown = self._lexicon.shown(slot_of(option), subject.raw[option.name]) if subject and option else None
        if shown is None and offered and ASKS_REASON.match(text):
            return Heard(Hearing.SMALL_TALK, offered, small_talk=SmallTalk.WOULD)
        if shown is None or option is None or not self._asks_about(text, slot_of(option), pack):
            return None
        again = shown.command.option("more") is not None and (shown.line == memory.line or ASKS_WHEN.search(text))
        again = again and not ASKS_TO_BEGIN.match(text)
        return Heard(Hearing.RUN, (replace(shown, raw={**shown.raw, "more": "yes"}) if again else shown,))

    def as_asked_of_open(self, text: str, heard: Heard, memory: Memory, pack: Pack) -> Heard | None:
        """Take a question for one about what's offered, or was just done; None for one of its own, which `heard` is."""
        before = self.command_before(memory, pack)
        is_done = not memory.asked and bool(memory.undo) and before is not None and before.command.writes
        is_offered = memory.asked and before is not None and (before.command.writes or before.command.path == _DRAFT)
        if before is None or not (is_done or is_offered):
            return None
        found = self._lexicon.library.search_of(pack).find(text)
        asked = as_asked_of(text, heard, before, self._lexicon.registry, is_done=is_done, found=found)
        return replace(asked, choices=memory.buttons) if asked is not None else None

    def _as_asked_of_offer(self, text: str, offered: Understood) -> Heard | None:
        """Say what the open offer would do, or that it can be changed again, to someone who asks that; None for others."""
        if len(text) > _MAX_FOLLOW_UP_LENGTH:
            return None
        is_final = offered.command.path in _FINAL
        if ASKS_REVOCABLE.match(text) and not is_final:
            return Heard(Hearing.SMALL_TALK, (offered,), small_talk=SmallTalk.REVOCABLE)
        if (
            offered.command.path[0] == "plan"
            and offered.command.path != ("plan", "save")
            and ASKS_END.search(text)
            and QUESTION.search(text)
        ):
            return Heard(Hearing.OFFER, (offered,), supposes=True)
        if ASKS_EFFECT.match(text) or (is_final and ASKS_REVOCABLE.match(text)):
            return Heard(Hearing.SMALL_TALK, (offered,), small_talk=SmallTalk.WOULD)
        return None

    def _asks_about(self, text: str, slot: str, pack: Pack) -> bool:
        """Tell if a text asks about the thing it calls “it”, and names nothing else but what can be set for it."""
        if ASKS_REASON.match(text):
            return True
        if ASKS_FOR_OTHERS.match(text):
            return False
        refers = THE_ONE.search(text) or PRONOUN.search(text)
        if not refers or names_neighbour(text) or not QUESTION.search(POLITE.sub("", text)) or ABOUT_ME.search(text):
            return False
        new = FollowUps(self._lexicon.library.search_of(pack)).new_words(text)
        return (self._lexicon.settings_named(slot) | _AMOUNTS).issuperset(word.lower() for word in new)

    async def about_subject(self, sentence: str, memory: Memory, around: Surroundings) -> str:
        """Give a text that only says values with the thing they're for, which was talked about; "" for any other text."""
        before = self.command_before(memory, around.rough.pack)
        option = _own_option(before) if before is not None else None
        if before is None or option is None or QUESTION.search(sentence) or ABOUT_ME.search(sentence):
            return ""
        value = before.raw[option.name]
        named = f"step {value}" if value.isdecimal() else value
        for said in dict.fromkeys((sentence, last_clause(sentence))):
            if await self._says_values(said, slot_of(option), around):
                return f"{said.rstrip(' .!')} for {named}"
        return ""

    async def _says_values(self, text: str, slot: str, around: Surroundings) -> bool:
        """Tell if a text says nothing but values for something it doesn't name."""
        mentions = await self._lexicon.mentions_in(text, around)
        covered = {index for mention in mentions for index in mention.words} | set(connecting_words(text))
        named = self._lexicon.settings_named(slot)
        covered |= {index for index, word in enumerate(words_of(text)) if word.lower() in named}
        return bool(mentions) and not rest_of(text, covered) and all(mention.slot != slot for mention in mentions)

    def _questions_before(self, memory: Memory, pack: Pack) -> tuple[str, ...]:
        """List the questions the last answer from the pack was for; none if there was no such answer."""
        if not memory.line:
            return turns_of(memory.text)
        before = self.command_before(memory, pack)
        if before is None or before.command.path[0] not in FROM_PACK:
            return ()
        return (*turns_of(before.raw.get("after", "")), before.raw.get("question", memory.text))


def _all_of(offered: Sequence[Understood]) -> Heard:
    """Do several things that someone agrees to, unless one can't be taken back."""
    is_final = any(each.command.path in _FINAL for each in offered)
    return Heard(Hearing.OFFER if is_final else Hearing.RUN, tuple(offered), several=True, in_full=not is_final)


def _own_option(understood: Understood) -> OptionSpec | None:
    """Find the option that names a command's step or person; None if it's about neither."""
    named = (option for option in understood.command.options if understood.raw.get(option.name))
    return next((option for option in named if option.declared.former or option.kind is OptionType.PERSON), None)


def _is_about_another(before: Understood, after: Understood) -> bool:
    """Return True if a command is about another step or person than the one before."""
    option = _own_option(before)
    return option is not None and after.raw.get(option.name) != before.raw[option.name]


def _takes_all(command: CommandSpec, mentions: Sequence[Mention]) -> bool:
    """Return True if a command has an option for each value; the same words may be several."""
    typed = [option for option in command.options if option.is_typed]
    read = {index for each in mentions if any(fills(each, option) for option in typed) for index in each.words}
    return all(not read.isdisjoint(each.words) for each in mentions)


def _is_own(option: OptionSpec) -> bool:
    """Return True for an option for something of the caller's own, like a step."""
    return option.is_typed and option.declared.suggest is not None


def _first_word(command: CommandSpec) -> str:
    """Give the word that tells a command from the others of its group."""
    return command.path[-1].partition("-")[0]


def _step_of(understood: Understood | None) -> str:
    """Give the step that a command is about; "" if it's about none."""
    return understood.raw.get("step", "") if understood is not None else ""


def _may_be_in_part(sentence: str, topic: _Topic) -> bool:
    """Return True for what changes an open offer, and for what goes on with something that was shown: “and Chen, any news?”."""
    goes_on = AND_THEN.match(sentence) or CONTINUES.match(sentence)
    return topic.pending or (not topic.understood.command.writes and goes_on is not None)


def _is_mostly_read(sentence: str, amendment: Amendment) -> bool:
    return len(amendment.rest.split()) <= _MAX_UNREAD_SHARE * len(sentence.split())


def _hearing(before: Understood) -> Hearing:
    return Hearing.OFFER if before.command.writes else Hearing.RUN


def _is_asking(understood: Understood) -> bool:
    """Return True for a command that asks for one of its values again."""
    return any(text.startswith(PROMPT) for text in understood.raw.values())
