"""The one ear of every door: a text is a command, an intent, a question for the pack, small talk, or the closest thing.

`Ear.hear` decides and changes nothing. A command that writes is only run as it stands if it was typed as a command and every word
of it was understood; from a sentence it's offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from mentorbot.commands.chatter import is_foreign, is_told, mood_in, small_talk_in
from mentorbot.commands.filling import fill, fills, left_out, rest_of
from mentorbot.commands.heard import Heard, Hearing, Kind, Surroundings, Understood
from mentorbot.commands.memory import Memory
from mentorbot.commands.prepared import FROM_PACK
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
from mentorbot.commands.wording import (
    ABOUT_BOT,
    ABOUT_ME,
    ADDRESS,
    ANY_ONE,
    ASKS_ABILITY,
    ASKS_ABOUT_PEOPLE,
    ASKS_DONE,
    ASKS_SOMEONE,
    ASKS_WHICH,
    BEGINS_ANEW,
    CONNECTING,
    CONTINUES,
    FORBIDS,
    HELPS,
    IT,
    JOINED,
    PERSONAL,
    POLITE,
    QUESTION,
    REJECTED,
    REORDERED,
    SAME,
    SOUNDS_ASKED,
    STARTS_QUESTION,
    SYNONYMS,
    TAKES_BACK,
    THE_ONE,
    TO_SOMEONE,
    UNREAL,
    WANTS_TO_KNOW,
    WHAT_IF,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.domain.plan import monday
from mentorbot.errors import BadValue, NotUnderstood, PersonError
from mentorbot.packs.follow_ups import FollowUps, joined, turns_of
from mentorbot.packs.language import word_frequencies
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Match
from mentorbot.slash.associations import Associations
from mentorbot.slash.choices import find_choice, nearest
from mentorbot.slash.converters import DATED, ParseContext, accepts
from mentorbot.slash.intents import (
    COMMON_WORDS,
    MAX_WORDS,
    NOW,
    IntentMatch,
    IntentMatcher,
    Mention,
    Wording,
    clauses_of,
    denied_in,
    is_open,
    slot_of,
    word_spans,
    words_of,
)
from mentorbot.slash.mentions import MentionFinder
from mentorbot.slash.parser import ParsedCommand, parse_command
from mentorbot.slash.registry import CommandSpec, OptionSpec, Registry
from mentorbot.slash.tokenizer import clean, tokens_of

INTENT_EVIDENCE = Path(__file__).with_name("intent_evidence.json")
KIND_EVIDENCE = Path(__file__).with_name("kind_evidence.json")
"""What words tell about the command that's wanted, and about the kind of thing a text is."""
_INTENT_SHARPNESS, _KIND_SHARPNESS = 12.0, 4.0
_LIKELY_KIND = 0.6
"""How likely a text is of a kind if that decides what's to be made of a command that may not be meant."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text read as a command: what it is, or what's wrong with it; neither if it isn't one.

    It's `named` if its first two words are a command's, and `certain` if it can be nothing else.
    """

    heard: Heard | None = None
    problem: PersonError | None = None
    command: CommandSpec | None = None
    certain: bool = False
    named: bool = False

    @property
    def is_command(self) -> bool:
        """True if it names a command at all."""
        return self.heard is not None or self.problem is not None

    def result(self) -> Heard:
        """Return what it is.

        Raises:
            PersonError: it can't be read; the message says what to type instead.
        """
        if self.heard is None:
            raise self.problem or NotUnderstood("")
        return self.heard


_FAINT_SCORE, _INTENT_SCORE, _SURE_SCORE, _QUESTION_SCORE, _CERTAIN_SCORE = 0.25, 0.42, 0.66, 0.8, 0.92
"""From the first on, a command is the closest thing; from the second on, it's what was meant; from the third on, one that reads
runs at once; from the fourth on, it's that even if the sentence could be a question about the role; and from the last on, nothing
else is offered beside it."""
_STORY_SCORE = 0.7
"""From this score on, what's told about a thing may ask for a command: “the service is live”."""
_PART_SCORE = 0.58
"""The score that a second request needs after one that's sure."""
_LIKELY_SHARE, _NEAR_SHARE = 0.45, 0.8
"""The share of the best score that what's offered beside it needs, and beside the answer from a pack."""
_MAX_TEXT_SHARE = 0.6
"""The share of a question's telling words that may be a text to save."""
_CLOSE, _CLEAR = 0.25, 0.1
"""Commands whose scores are nearer than the first are offered side by side, however well the best one fits. If it leads by the
second, the others come after it."""
_IMPOSSIBLE_TRUST = 0.8
"""Factor for a command the person has nothing to use on."""
_FOR_MENTORS = frozenset({"pair stop", "pair digest"})
"""Commands without options that only mentors with learners need."""
_ASKED_BEYOND, _TOLD_BEYOND = 0.4, 0.6
"""The share of what's asked that has nothing to do with a command, if it's for the pack; and of what's told, or asked without a
likely answer."""
_FAINT_CHANCE, _TOLD_CHANCE = 0.35, 0.7
"""How likely the pack has an answer to what someone says without asking, if they're to get it; and to what they tell of
themselves."""
_MAX_OFFERS, _MAX_HELP = 3, 2
_PAUSE, _SHORT_PAUSE = ("checkin", "pause"), timedelta(weeks=1)
"""How long a pause to offer someone who needs one, from the Monday of this week."""
_GIVEN = frozenset({"until", "hours"})
"""What someone in a mood may say about the help they need."""
_PEOPLE_SLOTS = frozenset({"learners", "contacts"})
_REPORTED = frozenset(
    {("plan", last) for last in ("done", "log", "start", "undo")}
    | {("checkin", last) for last in ("worked", "finished", "stuck", "skip", "pause", "resume", "now", "close")}
)
"""Commands that people ask for by telling what they did."""
MAX_SENTENCE_LENGTH = 400
"""Characters of a text that are read as a sentence; nobody asks for something in more."""
_MAX_TERSE_WORDS, _MAX_SLIP_WORDS = 2, 4
"""Words of a text that's hardly more than a command, and of one that may be a command with a slip; a longer one is a sentence."""
_MAX_DENIAL_WORDS = 15
"""Words of a sentence that's no more than a denial: “I never said stop”. A longer one tells a story."""
_MIN_SLIP_LENGTH, _MAX_FOLLOW_UP_LENGTH = 3, 120


class Ear:
    """Hears what texts ask for, with the commands of a registry and the search of a library's packs."""

    def __init__(self, registry: Registry, library: Library) -> None:
        self._registry, self._library = registry, library
        self._first_words = sorted({path[0] for path in registry.commands} | set(registry.groups))

    @cached_property
    def _wording(self) -> Wording:
        return Wording(SYNONYMS, word_frequencies().__contains__)

    # Built with the first sentence, since most texts are commands that need neither.
    @cached_property
    def _matcher(self) -> IntentMatcher:
        return IntentMatcher(
            self._registry, self._wording, Associations.read(INTENT_EVIDENCE, sharpness=_INTENT_SHARPNESS)
        )

    @cached_property
    def _kinds(self) -> Associations:
        return Associations.read(KIND_EVIDENCE, sharpness=_KIND_SHARPNESS)

    @cached_property
    def _verbatim(self) -> dict[str, CommandSpec]:
        return {
            _plain(intent): command for command in self._registry for intent in command.intents if "{" not in intent
        }

    @cached_property
    def _mentions(self) -> MentionFinder:
        return MentionFinder(self._registry, self._wording)

    def warm_up(self) -> None:
        """Build what sentences are matched with."""
        _ = self._matcher, self._kinds, self._verbatim, self._mentions

    async def hear(self, text: str, around: Surroundings, memory: Memory | None = None) -> Heard:
        """Decide what `text` asks for. `memory` is what was said before, if it's recent enough to be referred to.

        Raises:
            PersonError: it's a command, but can't be read as one; the message says what to type instead.
        """
        text = clean(text).strip()
        if memory is not None and (going_on := self._as_going_on(text, memory, around.rough.pack)):
            return going_on
        if (command := self._registry.commands.get(tuple(text.split(" ")))) is not None:
            return Heard(Hearing.RUN, (Understood(command.for_pack(around.rough.pack)),))
        reading = await self._as_command(text, around)
        if reading.certain:
            return reading.result()
        sentence = _in_order(POLITE.sub("", text[:MAX_SENTENCE_LENGTH]) or text[:MAX_SENTENCE_LENGTH])
        if memory is not None and (reply := await self._as_reply(text, sentence, memory, around)):
            return reply
        if small_talk := small_talk_in(text):
            return Heard(Hearing.SMALL_TALK, small_talk=small_talk)
        if reading.heard is not None and reading.named:
            return reading.heard
        if len(text.split()) <= _MAX_SLIP_WORDS and (slip := await self._with_slip_mended(text, around)):
            return slip
        if whole := await self._with_group_added(text, around):
            return whole
        intent = await self._as_intent(sentence, around, memory)
        is_terse = len(text.split()) <= _MAX_TERSE_WORDS
        if reading.is_command and (intent is None or intent.names(reading.command) or is_terse):
            return self._better_than(reading, intent) or reading.result()
        if intent is not None and intent.hearing is not Hearing.CLOSEST:
            return intent
        return reading.result() if reading.is_command else self._as_question(sentence, around.rough.pack, intent)

    @staticmethod
    def _better_than(reading: _Reading, intent: Heard | None) -> Heard | None:
        """Give what a sentence means that only begins like a command which reads; None if it may be that command.

        “Why do you write me” asks for `why` with nothing left over, “salary in Berlin” names no level but asks about pay, and of
        “salary for seniors in Berlin” nothing may be left out.
        """
        if reading.heard is None or reading.command is None or reading.command.writes:
            return None
        if reading.heard.leftover:
            if intent is not None and intent.hearing is Hearing.RUN:
                return intent
            return Heard(Hearing.QUESTION) if reading.command.name in FROM_PACK else None
        values = list(reading.heard.commands[0].raw.values())
        is_phrase = len(values) == 1 and " " in values[0]
        return Heard(Hearing.QUESTION) if is_phrase and reading.command.name in FROM_PACK else None

    def _about_bot(self, sentence: str, likely: Understood | None) -> Heard:
        """Answer a question about the bot with what's likely, if that reads; otherwise with what it is, or that it can't."""
        if likely is not None and not likely.command.writes and not likely.command.admin:
            return Heard(Hearing.RUN, (likely,))
        if ASKS_ABILITY.match(sentence):
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.UNABLE)
        return Heard(Hearing.RUN, (Understood(self._registry.commands[("about",)]),))

    def _as_question(self, sentence: str, pack: Pack, closest: Heard | None) -> Heard:
        """Take a sentence for a question, if it may be one; otherwise there's just the closest thing."""
        if closest is not None and ABOUT_ME.search(sentence):
            return closest
        if ABOUT_BOT.match(sentence):
            return self._about_bot(sentence, None)
        sounds_asked = QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence)
        found = self._library.search_of(pack).find(sentence)
        if not found.confident and is_foreign(sentence):
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.FOREIGN)
        if not sounds_asked:
            mood, asks = mood_in(sentence), asks_for_something(sentence)
            talk = mood if not asks or mood not in HELPS else None
            if talk is None and not asks and is_remark(sentence) and not self._is_answered(sentence, pack):
                talk = tone_of(sentence)
            if talk is not None:
                return Heard(Hearing.SMALL_TALK, small_talk=talk)
        if closest is not None and not sounds_asked and closest.commands[0].names_own:
            return closest  # “split step 2” is about their step, not about the pack's
        if sounds_asked or found.chance >= (_TOLD_CHANCE if is_told(sentence) else _FAINT_CHANCE):
            return Heard(Hearing.QUESTION, closest.commands if closest else ())
        return self._of_another_kind(sentence) or closest or Heard(Hearing.CLOSEST)

    async def _as_command(self, text: str, around: Surroundings) -> _Reading:
        """Read `text` as a command, as far as it is one.

        It's certain if every word was understood, or if it names a command by two words. A sentence that only begins with a
        command's word isn't one: “help me, I'm lost” names no command to be helped with.
        """
        reading = _Reading()
        for line in dict.fromkeys((text, ADDRESS.sub("", text))):
            try:
                parsed = parse_command(self._registry, line, around.rough)
            except NotUnderstood:
                continue
            except BadValue as error:
                return _Reading(problem=error, certain=True)
            named = len(parsed.tokens) <= len(tokens_of(line)) - 2
            try:
                understood, leftover = await self._bound(parsed, around)
            except BadValue as error:
                reading = _Reading(None, error, parsed.command, named, named)
                continue
            hearing = Hearing.OFFER if leftover else Hearing.RUN
            fits = not leftover and await self._fits(understood, around)
            heard = Heard(hearing, (understood,), leftover=leftover)
            if not named and len(line.split()) > _MAX_SLIP_WORDS and not _chooses(understood, around.rough.pack):
                continue  # “start without me, I'll be late” starts nothing
            reading = _Reading(heard, None, parsed.command, fits or (named and not leftover), named)
            break
        return reading

    async def _bound(self, parsed: ParsedCommand, around: Surroundings) -> tuple[Understood, str]:
        dated = any(option.kind in DATED for option in parsed.command.options)
        binding = parsed.bind(await around.local() if dated else around.rough)
        return Understood(parsed.command, binding.raw), binding.leftover

    async def _fits(self, understood: Understood, around: Surroundings) -> bool:
        """Return False if some words an option took are none of the values it's for: “start rag next week” is no `start`."""
        if not _chooses(understood, around.rough.pack):
            return False
        greedy = next((option for option in understood.command.options if option.declared.greedy), None)
        if greedy is None or greedy.name not in understood.raw:
            return True
        if understood.command.path == (self._registry.fallback_command,) and (
            TO_SOMEONE.match(understood.raw[greedy.name])
            or await self._is_to_contact(understood.raw[greedy.name], around)
        ):
            return False  # “ask me again tomorrow” and “ask Ben whether he's free” are no questions
        if greedy.declared.suggest is None:
            return True
        choices, text = await around.own_values(greedy), understood.raw[greedy.name]
        return find_choice(text, choices) is not None

    async def _is_to_contact(self, text: str, around: Surroundings) -> bool:
        """Return True if a text begins with someone the caller knows, e.g. their mentor."""
        words = [text[start:end].lower() for start, end in word_spans(text)[:2]]
        people = self._options.get("contacts")
        if people is None or not words or STARTS_QUESTION.match(text):
            return False
        names = {name for choice in await around.own_values(people) for name in choice.label.lower().split()}
        return words[0] in names

    @cached_property
    def _options(self) -> dict[str, OptionSpec]:
        """The first option for each of what people have of their own, e.g. learners."""
        options = [option for command in self._registry for option in command.options]
        return {slot_of(option): option for option in reversed(options)}

    async def _with_slip_mended(self, text: str, around: Surroundings) -> Heard | None:
        """Read `text` as the command it is but for a slip in one of its first two words."""
        words = ADDRESS.sub("", text).split()
        for position in range(min(2, len(words))):
            word = words[position].lower()
            known = self._first_words if position == 0 else self._registry.children((words[0].lower(),))
            near = (
                nearest(word, known, cutoff=75) if len(word) > _MIN_SLIP_LENGTH and word not in COMMON_WORDS else None
            )
            if near is None or near == word:
                continue
            mended = " ".join((*words[:position], near, *words[position + 1 :]))
            reading = await self._as_command(mended, around)
            if reading.heard is not None and reading.certain:
                hearing = Hearing.OFFER if reading.heard.commands[0].command.writes else Hearing.RUN
                return Heard(hearing, reading.heard.commands, misread=word)
        return None

    async def _with_group_added(self, text: str, around: Surroundings) -> Heard | None:
        """Read a command that lacks its group, like “pause until:2026-12-20”; a lone word only if it'd be offered."""
        line = ADDRESS.sub("", text)
        tokens = tokens_of(line)
        word = tokens[0].text.lower() if tokens and not tokens[0].name else ""
        same = [command for command in self._registry if command.path[-1] == word]
        same = [command for command in same if not command.admin] or same
        if len(same) != 1 or (same[0].admin and not await around.is_admin()):
            return None
        is_line = any(token.name and same[0].option(token.name) for token in tokens)
        if not is_line and (len(tokens) > 1 or not (same[0].writes or same[0].admin)):
            return None
        reading = await self._as_command(f"{same[0].path[0]} {line}", around)
        if reading.heard is None or not reading.certain:
            return None
        if not same[0].writes:
            return Heard(Hearing.RUN, reading.heard.commands)
        it = await self._with_it(reading.heard.commands[0], line, around, is_complete=len(tokens) == 1)
        return Heard(Hearing.OFFER, (it,))

    async def _as_intent(self, sentence: str, around: Surroundings, memory: Memory | None) -> Heard | None:
        """Find the command a sentence asks for; None if it asks for none."""
        sentence = await self._with_mentor(sentence, around)
        if (verbatim := self._verbatim.get(_plain(sentence))) is not None:
            hearing = Hearing.OFFER if verbatim.writes else Hearing.RUN
            is_complete = not ANY_ONE.search(sentence)
            asked = await self._worded_as_declared(verbatim, sentence, around)
            return Heard(hearing, (await self._with_it(asked, sentence, around, is_complete=is_complete),))
        if several := await self._as_several(sentence, around):
            return several
        mentions = await self._mentions.find(sentence, await around.local(), around.own_values)
        mentions = _without_own_role(mentions, around.rough.pack)
        if UNREAL.search(sentence) and (unreal := self._step_shown(mentions)):
            return unreal
        if len(mentions) == 1 and (shown := self._shown(mentions[0], sentence)):
            return Heard(Hearing.RUN, (shown,))
        ranked = await self._ranked(sentence, mentions, around)
        question = self._question_in(sentence, around.rough.pack)
        if not question and (told := await self._as_told(sentence, mentions, ranked, around)):
            return told
        if unasked := self._as_unasked(sentence, mentions, ranked, question):
            return unasked
        if not ranked:
            return Heard(Hearing.QUESTION) if question else None
        return await self._chosen(ranked, sentence, mentions, question, around, memory)

    async def _with_mentor(self, sentence: str, around: Surroundings) -> str:
        """Call someone's mentor that in a question: “has Ben answered” is “has my mentor answered”."""
        people, learners = self._options.get("contacts"), self._options.get("learners")
        if people is None or learners is None or not ASKS_ABOUT_PEOPLE.match(sentence):
            return sentence
        own = {choice.value for choice in await around.own_values(learners)}
        for choice in await around.own_values(people):
            if choice.value not in own:
                sentence = re.sub(rf"\b{re.escape(choice.label)}\b", "my mentor", sentence, flags=re.IGNORECASE)
        return sentence

    async def _chosen(
        self,
        ranked: Sequence[IntentMatch],
        sentence: str,
        mentions: Sequence[Mention],
        question: str,
        around: Surroundings,
        memory: Memory | None,
    ) -> Heard:
        """Decide by its scores whether the best match is run, offered, or just the closest thing to a question."""
        best = ranked[0]
        asks = best.command.path == (self._registry.fallback_command,)
        if asks and (QUESTION.search(sentence) or self._is_answered(sentence, around.rough.pack)):
            return Heard(Hearing.QUESTION)
        lead = best.score - (ranked[1].score if len(ranked) > 1 else 0.0)
        certain = best.score >= _CERTAIN_SCORE and lead >= _CLOSE
        clear = best.score >= _SURE_SCORE and lead >= _CLEAR
        before = self._before(memory, around.rough.pack) if memory is not None else None
        likely = ranked[:1] if certain else ranked
        understood = tuple([await self._filled(match, sentence, mentions, before, around) for match in likely])
        is_close = (
            not ASKS_ABILITY.match(sentence)
            and best.score >= _INTENT_SCORE
            and lead < _CLEAR
            and not best.command.writes
        )
        if ABOUT_BOT.match(sentence) and best.score < _SURE_SCORE and not _names_step(mentions) and not is_close:
            enough = _PART_SCORE if ASKS_ABILITY.match(sentence) else _INTENT_SCORE
            return self._about_bot(sentence, understood[0] if best.score >= enough else None)
        is_question = question and best.score < (_SURE_SCORE if PERSONAL.search(question) else _QUESTION_SCORE)
        if is_question or self._is_for_pack(best, sentence, mentions, around.rough.pack):
            return Heard(Hearing.QUESTION, _worth_a_button(understood, ranked, sentence, _NEAR_SHARE))
        if best.score < _SURE_SCORE and (other := self._of_another_kind(sentence)):
            return other
        if best.score < _INTENT_SCORE or self._is_strange(best, sentence, mentions):
            return Heard(Hearing.CLOSEST, _worth_a_button(understood, ranked, sentence))
        # If one is clear, the others are worth a button only if they may well be meant.
        share = _LIKELY_SHARE if clear else 0.0
        others = _worth_a_button(understood, ranked, sentence, share)
        understood = (understood[0], *(other for other in others if other is not understood[0]))
        leftover = left_out(understood[0], mentions) if best.command.writes else ""
        if best.score >= _SURE_SCORE and not best.command.writes:
            return Heard(Hearing.RUN, understood)
        return Heard(Hearing.OFFER, understood, leftover=leftover, clear=clear)

    async def _worded_as_declared(self, command: CommandSpec, sentence: str, around: Surroundings) -> Understood:
        """Fill in the command of a sentence worded exactly as declared: with what that implies, and with “this week”."""
        implied = next((given for intent, given in command.implied.items() if _plain(intent) == _plain(sentence)), {})
        mentions = await self._mentions.find(sentence, await around.local(), around.own_values)
        days = next((mention.days for mention in mentions if mention.slot == NOW), "")
        ranges = [option.name for option in command.options if option.declared.ranges] if days else []
        return Understood(command, {**implied, **dict.fromkeys(ranges, days)})

    def _of_another_kind(self, sentence: str) -> Heard | None:
        """Take a sentence for a question or for talk if it's likely of that kind; None for a request."""
        words = words_of(sentence)[:MAX_WORDS]
        shares = self._kinds.shares(words, self._wording.terms_of(words, correct=True))
        likely = max(shares, key=shares.__getitem__, default="")
        if not likely or shares[likely] < _LIKELY_KIND or is_foreign(sentence):
            return None
        match Kind(likely):
            case Kind.LEARN | Kind.OFF:
                return Heard(Hearing.QUESTION, guessed=True)
            case Kind.BOT:
                return Heard(Hearing.RUN, (Understood(self._registry.commands[("about",)]),), guessed=True)
            case Kind.REMARK | Kind.MOOD:
                return Heard(Hearing.SMALL_TALK, small_talk=mood_in(sentence) or tone_of(sentence), guessed=True)
        return None

    async def _as_several(self, sentence: str, around: Surroundings) -> Heard | None:
        """Hear each of several requests, like “log 2 hours and show my plan”; None unless every part clearly is one.

        “It” in a later part is the step of an earlier one. Of two questions, the first is answered, and of a request and a
        question, the question; the other gets a button.
        """
        parts = [part for part in JOINED.split(sentence) if part.strip()]
        if not 2 <= len(parts) <= _MAX_OFFERS or UNREAL.search(sentence):
            return None
        asked: list[Understood] = []
        for part in parts:
            heard = await self._part_heard(part, asked, around)
            if heard is None:
                return None
            asked.append(heard)
        if len({understood.line for understood in asked}) < len(asked) or _is_one(asked):
            return None
        if any(understood.command.writes for understood in asked):
            question = next((each for each in asked if each.command.path == (self._registry.fallback_command,)), None)
            if question is None:
                return Heard(Hearing.OFFER, tuple(asked))
            asked.sort(key=lambda each: each is not question)
        elif not all(BEGINS_ANEW.match(part.strip()) for part in parts[1:]):
            return None  # “data scientists and ML engineers” are two things in one question
        return Heard(Hearing.RUN, tuple(asked), several=True)

    async def _part_heard(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> Understood | None:
        """Hear one of several requests; None if it isn't clearly one. After a free text, it may be the rest of that."""
        mentions = await self._mentions.find(part, await around.local(), around.own_values)
        ranked = await self._ranked(part, mentions, around)
        after_text = bool(earlier) and any(
            is_open(option) and option.name in earlier[-1].raw for option in earlier[-1].command.options
        )
        question = self._question_in(part, around.rough.pack)
        enough = _QUESTION_SCORE if question else _SURE_SCORE if after_text or not earlier else _PART_SCORE
        if ranked and ranked[0].score >= enough:
            heard = _filled_in(ranked[0], part, mentions)
            step = next((other.raw["step"] for other in earlier[::-1] if "step" in other.raw), None)
            if step and IT.search(part) and heard.command.option("step") is not None and "step" not in heard.raw:
                heard = replace(heard, raw={**heard.raw, "step": step})
            return await self._with_it(heard, part, around)
        ask = self._registry.commands.get((self._registry.fallback_command,))
        if ask is None or after_text or not question:
            return None
        return Understood(ask, {ask.options[0].name: part.strip()})

    async def _ranked(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> list[IntentMatch]:
        """Rank what a sentence may ask for, as the few things that would be offered."""
        matches = []
        for match in self._matcher.rank(sentence, mentions):
            if match.command.path == (self._registry.fallback_command,) and ASKS_SOMEONE.search(sentence):
                continue
            trust = 1.0 if await self._possible(match.command, around) else _IMPOSSIBLE_TRUST
            matches.append(replace(match, score=trust * match.score))
        likely = [match for match in matches if match.score >= _FAINT_SCORE]
        return _one_of_each(sorted(likely, key=lambda match: -match.score))[:_MAX_OFFERS]

    async def _possible(self, command: CommandSpec, around: Surroundings) -> bool:
        """Return False for a command about something of the caller's own, like a step or a learner, if they have none."""
        if command.name in _FOR_MENTORS and (learners := self._options.get("learners")) is not None:
            return bool(await around.own_values(learners))
        sources = [option for option in command.options if option.declared.suggest is not None]
        return not sources or any([bool(await around.own_values(option)) for option in sources])

    def _is_strange(self, best: IntentMatch, sentence: str, mentions: Sequence[Mention]) -> bool:
        """Return True if most words are about something else: “will it rain tomorrow” isn't about tomorrow's check-in."""
        takes_text = any(is_open(option) for option in best.command.options if option.required or best.command.writes)
        return not takes_text and self._matcher.is_strange(sentence, mentions, best)

    def _question_in(self, sentence: str, pack: Pack) -> str:
        """Return the clause that's a question the pack has an answer to; "" if there's none."""
        if ABOUT_ME.search(sentence) or ABOUT_BOT.match(sentence):
            return ""
        spans = word_spans(sentence)
        clauses = [sentence[spans[start][0] : spans[end - 1][1]] for start, end in clauses_of(sentence)]
        asked = next((clause for clause in clauses if STARTS_QUESTION.match(clause)), "")
        if not asked and not QUESTION.search(sentence):
            return ""
        return (asked or sentence) if self._library.search_of(pack).find(sentence).confident else ""

    def _is_answered(self, sentence: str, pack: Pack) -> bool:
        """Tell if the pack likely has an answer to something that's told."""
        return not ABOUT_ME.search(sentence) and self._library.search_of(pack).find(sentence).chance >= _TOLD_CHANCE

    def _is_for_pack(self, best: IntentMatch, sentence: str, mentions: Sequence[Mention], pack: Pack) -> bool:
        """Tell if the pack answers a sentence that's mostly about something else than what speaks for a command."""
        asked = QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence)
        if best.score >= (_CERTAIN_SCORE if asked else _SURE_SCORE) or ABOUT_ME.search(sentence):
            return False
        if ABOUT_BOT.match(sentence):
            return False
        if not asked and mood_in(sentence) is not None:
            return False
        search = self._library.search_of(pack)
        found = search.find(sentence)
        if not found.confident and (found.match is Match.NONE or not asked or best.score >= _SURE_SCORE):
            return False
        said = best.words.union(*(mention.words for mention in mentions if mention.value))
        words = [sentence[start:end] for index, (start, end) in enumerate(word_spans(sentence)) if index in said]
        return search.share_beyond(sentence, words) >= (_ASKED_BEYOND if asked and found.confident else _TOLD_BEYOND)

    def _shown(self, mention: Mention, sentence: str) -> Understood | None:
        """Show the thing that's all a sentence mentions, e.g. “step 2”; None if there's more to it, or nothing that shows it."""
        if not mention.value or mention.end - mention.start < len(word_spans(sentence)):
            return None
        for command in self._registry:
            option = next((option for option in command.options if slot_of(option) == mention.slot), None)
            if option is not None and option.declared.suggest is not None and not command.writes:
                return Understood(command, {option.name: mention.value})
        return None

    async def _as_told(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], around: Surroundings
    ) -> Heard | None:
        """Answer a statement that asks for nothing by how it sounds; None if it asks for something.

        What weighs on someone keeps the commands that may help.
        """
        best = ranked[0] if ranked else None
        if FORBIDS.match(sentence) or is_foreign(sentence):
            return None
        mood = mood_in(sentence)
        helps = best is not None and best.command.path in HELPS.get(mood or SmallTalk.NOTHING, ())
        if asks_for_something(sentence) or (best is not None and best.score >= _CERTAIN_SCORE and not helps):
            return None
        if _names_step(mentions):
            return None
        if mood is not None and (helps or best is None or best.score < _INTENT_SCORE or not _takes(best, mentions)):
            return Heard(Hearing.SMALL_TALK, await self._help_with(mood, sentence, mentions, around), small_talk=mood)
        is_faint = best is None or best.score < _INTENT_SCORE or self._is_strange(best, sentence, mentions)
        is_talk = self._is_story(sentence, mentions, best) or (is_faint and is_remark(sentence))
        if is_talk and not self._is_answered(sentence, around.rough.pack):
            return Heard(Hearing.SMALL_TALK, small_talk=tone_of(sentence))
        return None

    async def _help_with(
        self, mood: SmallTalk, sentence: str, mentions: Sequence[Mention], around: Surroundings
    ) -> tuple[Understood, ...]:
        """List what may help someone in a mood, filled in with what they mention, and a pause with an end."""
        helping = []
        for path in HELPS.get(mood, ()):
            command = self._registry.commands[path]
            if await self._possible(command, around):
                given = [mention for mention in mentions if mention.slot in ("date", "hours")]
                said = {name: value for name, value in fill(command, (), sentence, given).raw.items() if name in _GIVEN}
                understood = Understood(command, await self._for_help(command, around) | said)
                helping.append(await self._with_it(understood, sentence, around, is_complete=True))
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
        subject, is_sure = subject_of(sentence), best is not None and best.score >= _SURE_SCORE
        if not is_sure and exclaims(sentence):
            return True
        if subject is Subject.SELF and best is not None and not best.command.writes and is_future(sentence):
            return True
        if any(mention.slot in _PEOPLE_SLOTS for mention in mentions) or (best is not None and _takes(best, mentions)):
            return False  # it's news of one's learners or mentor, or has a value for a command
        if subject is Subject.SELF and best is not None:
            return is_past_deed(sentence) and best.command.writes and best.command.path not in _REPORTED
        return subject is Subject.PERSON or (subject is Subject.OTHER and (best is None or best.score < _STORY_SCORE))

    def _as_unasked(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], question: str
    ) -> Heard | None:
        """Answer someone who asks what a command would do, denies something, or only says how they find it; None for others."""
        if WHAT_IF.search(sentence) and (about := next((match for match in ranked if match.command.writes), None)):
            explained = Understood(self._registry.commands[("help",)], {"command": about.command.name})
            return Heard(Hearing.RUN, (explained,))
        mood = mood_in(sentence)
        if mood and mood not in HELPS and ranked and not ranked[0].words:  # “Ben is awesome” only mentions Ben
            return Heard(Hearing.SMALL_TALK, small_talk=mood)
        return self._as_denial(sentence, mentions, ranked, question)

    def _as_denial(
        self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch], question: str
    ) -> Heard | None:
        """Answer what isn't so, or isn't to happen, with the step it's about, or by saying that nothing has; None for others.

        Where the denial itself is what asks for something, as in “I don't need step 2”, it speaks for the best match.
        """
        denied = denied_in(sentence)
        if not denied or (ranked and not ranked[0].words.isdisjoint(denied.values())):
            return None
        if any(mention.slot == "steps" and mention.start in denied for mention in mentions):
            return self._step_shown(mentions)
        is_short = len(word_spans(sentence)) <= _MAX_DENIAL_WORDS
        if question or not is_short or (ranked and ranked[0].score >= _INTENT_SCORE):
            return None
        return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.NOTHING)

    def _step_shown(self, mentions: Sequence[Mention]) -> Heard | None:
        """Show the step that's mentioned, to someone who says that it isn't done or asks what would be; None if there's none."""
        step = next((mention for mention in mentions if mention.slot == "steps" and mention.value), None)
        command = self._registry.find(("plan", "step"))
        return Heard(Hearing.RUN, (Understood(command, {"step": step.value}),)) if step and command else None

    async def _filled(
        self,
        match: IntentMatch,
        sentence: str,
        mentions: Sequence[Mention],
        before: Understood | None,
        around: Surroundings,
    ) -> Understood:
        """Fill in a command with what a sentence mentions, and with what it leaves unsaid."""
        understood = _filled_in(match, sentence, mentions, before)
        taken = [mention for mention in mentions if any(fills(mention, option) for option in match.command.options)]
        said = set(match.words).union(*(mention.words for mention in taken))
        is_complete = not rest_of(sentence, said) and not ANY_ONE.search(sentence)
        return await self._with_it(understood, sentence, around, is_complete=is_complete)

    async def _with_it(
        self, understood: Understood, sentence: str, around: Surroundings, *, is_complete: bool = False
    ) -> Understood:
        """Fill in what “it” means: “I finished it” is about the step under way, and so is “done” if nothing else is said."""
        option = next((each for each in understood.command.options if each.declared.at_hand is not None), None)
        if option is None or option.name in understood.raw or not (value := await around.at_hand(option)):
            return understood
        label = next((choice.label for choice in await around.own_values(option) if choice.value == value), "")
        if is_complete or THE_ONE.search(sentence) or self._is_like(sentence, label):
            return replace(understood, raw={option.name: value, **understood.raw})
        return understood

    def _is_like(self, sentence: str, label: str) -> bool:
        """Return True if a sentence has a telling word of a label, in any form: “serving” for “Serve a model”."""
        said, named = (
            {self._wording.stem(text[start:end]) for start, end in word_spans(text)} for text in (sentence, label)
        )
        return not (said & named).isdisjoint(named - {self._wording.stem(word) for word in COMMON_WORDS})

    def _before(self, memory: Memory, pack: Pack) -> Understood | None:
        """Read the command of the message before; None if it had none."""
        parse_context = ParseContext(pack, memory.day)
        try:
            parsed = parse_command(self._registry, memory.line, parse_context)
            return Understood(parsed.command, parsed.bind(parse_context).raw) if memory.line else None
        except PersonError:
            return None

    async def _as_reply(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text as a reply to what was just shown; None if it isn't one."""
        pressed = await self._as_pressed(text, sentence, memory, around)
        return pressed or await self._as_follow_up(sentence, memory, around)

    async def _as_pressed(self, text: str, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that presses a button of the answer before, or takes back what that reported; None for others."""
        line = memory.pressed_by(text) or memory.pressed_by(sentence)
        if line := line or (memory.undo if TAKES_BACK.match(sentence) else ""):
            pressed = (await self._as_command(line, around)).heard
            return replace(pressed, in_full=True) if pressed is not None else None
        if memory.asks_which(text):
            return Heard(Hearing.WHICH, choices=memory.buttons)
        if ASKS_WHICH.match(sentence) and (step := _step_of(self._before(memory, around.rough.pack))):
            return Heard(Hearing.RUN, (Understood(self._registry.commands[("plan", "step")], {"step": step}),))
        if not ASKS_DONE.match(sentence) or not memory.undo:
            return None
        undo = (await self._as_command(memory.undo, around)).heard
        return Heard(Hearing.SMALL_TALK, undo.commands if undo else (), small_talk=SmallTalk.DONE)

    async def _as_follow_up(self, sentence: str, memory: Memory, around: Surroundings) -> Heard | None:
        """Read a text that goes on with what was just said: “no, monday”, “and for seniors?”."""
        if len(sentence) > _MAX_FOLLOW_UP_LENGTH:
            return None
        if (before := self._before(memory, around.rough.pack)) is None:
            return None
        sentence = REJECTED.sub(" ", sentence).strip() or sentence
        mentions = await self._mentions.find(sentence, await around.local(), around.own_values)
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

    def _as_going_on(self, text: str, memory: Memory, pack: Pack) -> Heard | None:
        """Take a text for a question that goes on with an answer from the pack, such as “why?” or “do I need one?”."""
        turns = self._questions_before(memory, pack)
        if (
            not turns
            or memory.missing
            or memory.pressed_by(text)
            or ABOUT_ME.search(text)
            or _plain(text) in self._verbatim
        ):
            return None
        if not FollowUps(self._library.search_of(pack)).goes_on(turns, text):
            return None
        ask = self._registry.commands[(self._registry.fallback_command,)]
        question, after = ask.options[:2]
        return Heard(Hearing.RUN, (Understood(ask, {question.name: text, after.name: joined(turns)}),))

    def _questions_before(self, memory: Memory, pack: Pack) -> tuple[str, ...]:
        """List the questions the last answer from the pack was for; none if there was no such answer."""
        if not memory.line:
            return turns_of(memory.text)
        before = self._before(memory, pack)
        if before is None or before.command.path[0] not in FROM_PACK:
            return ()
        return (*turns_of(before.raw.get("after", "")), before.raw.get("question", memory.text))


def _without_own_role(mentions: Sequence[Mention], pack: Pack) -> list[Mention]:
    """Leave out the role that someone learns already where the same words name a title: “I want to be an AI Architect”."""
    titled = [mention for mention in mentions if mention.slot == "title"]
    return [
        mention
        for mention in mentions
        if mention.value != pack.info.role
        or mention.slot == "title"
        or not any(mention.start < title.end and title.start < mention.end for title in titled)
    ]


def _filled_in(
    match: IntentMatch, sentence: str, mentions: Sequence[Mention], before: Understood | None = None
) -> Understood:
    """Fill in a command with what a sentence mentions, and with what asking for it like that implies."""
    understood = fill(match.command, match.words, sentence, mentions, before, match.texts)
    return replace(understood, raw={**match.implied, **understood.raw})


def _worth_a_button(
    heard: Sequence[Understood], matches: Sequence[IntentMatch], sentence: str, share: float = 0.0
) -> tuple[Understood, ...]:
    """Keep of what may have been meant what has a share of the best score, and makes sense.

    In a question, most of its words or those for a faint match are no text to save, and a day or a number is rarely meant for
    something else: nobody who asks what's paid after eight years wants to pause until then.
    """
    best, asked = matches[0], WANTS_TO_KNOW.match(sentence) is not None
    return tuple(
        each
        for each, match in zip(heard, matches, strict=False)
        if match.score >= share * best.score
        and not (asked and match.score < _INTENT_SCORE and _has(each, is_open))
        and not (asked and match is not best and (_repeats(each, sentence) or _sets_day_or_count(each)))
    )


def _names_step(mentions: Sequence[Mention]) -> bool:
    """Return True if one of the caller's steps is mentioned."""
    return any(mention.slot == "steps" and mention.value for mention in mentions)


def _step_of(understood: Understood | None) -> str:
    """Give the step that a command is about; "" if it's about none."""
    return understood.raw.get("step", "") if understood is not None else ""


def _takes(match: IntentMatch, mentions: Sequence[Mention]) -> bool:
    """Return True if a command has an option for a value that a sentence mentions."""
    return any(fills(mention, option) for mention in mentions for option in match.command.options)


def _repeats(understood: Understood, sentence: str) -> bool:
    """Return True if a free text has most of the telling words of the sentence it's from."""
    texts = [understood.raw.get(option.name, "") for option in understood.command.options if is_open(option)]
    return max(map(_count_telling, texts), default=0) > _MAX_TEXT_SHARE * _count_telling(sentence)


def _count_telling(text: str) -> int:
    return sum(text[start:end].lower() not in COMMON_WORDS for start, end in word_spans(text))


def _has(understood: Understood, kind: Callable[[OptionSpec], bool]) -> bool:
    return any(kind(option) and option.name in understood.raw for option in understood.command.options)


def _sets_day_or_count(understood: Understood) -> bool:
    return understood.command.writes and _has(understood, _is_day_or_count)


def _is_day_or_count(option: OptionSpec) -> bool:
    """Return True for an option that takes a day, or a number without a unit, which sentences mention for many reasons."""
    return slot_of(option) in ("date", "number")


def _chooses(understood: Understood, pack: Pack) -> bool:
    """Return False if an option with choices has words that are none of them; a word that's all there is may be a slip."""
    chosen = ((option.declared.choices, understood.raw.get(option.name, "")) for option in understood.command.options)
    alone = len(understood.raw) == 1
    return not any(
        choices and text and not (alone and " " not in text) and find_choice(text, choices(pack)) is None
        for choices, text in chosen
    )


def _is_one(asked: Sequence[Understood]) -> bool:
    """Return True if parts add up to one request: “I'm on holiday, and back on Monday”, but not “step 3 is done and 4 too”."""
    subjects = [
        (understood.command.path, tuple(text for name, text in understood.raw.items() if _is_listed(understood, name)))
        for understood in asked
    ]
    return len(set(subjects)) < len(subjects)


def _is_listed(understood: Understood, name: str) -> bool:
    """Return True if an option has its values from a list, such as the caller's steps."""
    option = understood.command.option(name)
    return option is not None and (option.declared.suggest is not None or option.declared.choices is not None)


def _one_of_each(ranked: Iterable[IntentMatch]) -> list[IntentMatch]:
    """Keep the best of commands that do the same, so that the few offers differ."""
    kept: list[IntentMatch] = []
    for match in ranked:
        if not any({match.command.name, other.command.name} <= set(same) for other in kept for same in SAME):
            kept.append(match)
    return kept


def _in_order(sentence: str) -> str:
    """Put words into the order they're declared in: “when I will be ready” is “when will I be ready”."""
    for pattern, order in REORDERED:
        sentence = pattern.sub(order, sentence)
    return sentence


def _plain(sentence: str) -> str:
    """Return the words of a sentence, for telling whether it's worded exactly as declared."""
    words = (sentence[start:end].lower().replace("’", "'") for start, end in word_spans(sentence))
    return " ".join(re.sub(r"'s$", " is", re.sub(r"'m$", " am", word)) for word in words)


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
