"""Sentences read as requests: what they ask for, with the values they mention, or the closest thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from mentorbot.commands.addressed import is_message
from mentorbot.commands.amendments import Amendments
from mentorbot.commands.change_reader import ChangeReader
from mentorbot.commands.chatter import PERSONAL, is_foreign, mood_in
from mentorbot.commands.claimed_values import claimed_in
from mentorbot.commands.corrections import last_clause
from mentorbot.commands.filling import fill_match, fills, for_each, left_out, rest_of, text_words
from mentorbot.commands.heard import Heard, Hearing, Kind, Surroundings, Understood
from mentorbot.commands.lexicon import (
    CERTAIN_SCORE,
    INTENT_SCORE,
    LIKELY_SHARE,
    NEAR_SHARE,
    PART_SCORE,
    QUESTION_SCORE,
    SURE_SCORE,
    Lexicon,
    discussed,
    plain,
)
from mentorbot.commands.pay_places import pay_in_a_place
from mentorbot.commands.refusal_reader import RefusalReader
from mentorbot.commands.remarks import asks_for_something, orders_in, tone_of
from mentorbot.commands.request_ranker import RequestRanker, lead
from mentorbot.commands.several_reader import SeveralReader
from mentorbot.commands.statement_reader import PEOPLE_SLOTS, StatementReader, is_likely_with, names_step, numbers_step
from mentorbot.commands.strangers import stranger_in
from mentorbot.commands.wording import (
    ABOUT_ME,
    ANY_ONE,
    ASKS_ABILITY,
    ASKS_ABOUT_PEOPLE,
    ASKS_IN_TIME,
    ASKS_OPENLY,
    ASKS_STATE,
    ASKS_TO_BEGIN,
    CORRECTS,
    FOR_OTHERS,
    INTRODUCES,
    JOINED,
    JOINS_ON,
    ORDERS_IT,
    POLITE_END,
    QUESTION,
    SHARES,
    SHOWN_BY,
    SOUNDS_ASKED,
    STARTS_QUESTION,
    THE_ONE,
    UNREAL,
    WANTS_TO_KNOW,
    asks_state,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Match
from mentorbot.slash.intents import (
    COMMON_WORDS,
    NOW,
    IntentMatch,
    Mention,
    is_open,
    slot_of,
    word_spans,
)
from mentorbot.slash.mentions import REFUSED_DAY
from mentorbot.slash.registry import CommandSpec, OptionSpec

_WISHED_SHARE = 0.8
"""The least likelihood of a wish to be only talk for it to be taken for that: “I want to scream”."""
_LIKELY_SHARE = 0.45
"""The share of the best score that what's offered beside it needs."""
_MAX_TEXT_SHARE = 0.6
"""The share of a question's telling words that may be a text to save."""
_CLOSE, _CLEAR = 0.25, 0.1
"""Commands whose scores are nearer than the first are offered side by side, however well the best one fits. If it leads by the
second, the others come after it."""
_ASKED_BEYOND, _TOLD_BEYOND = 0.4, 0.6
"""The share of what's asked that has nothing to do with a command, if it's for the pack; and of what's told, or asked without a
likely answer."""
_NOT_TOLD = "".join(rf"(?<!\b{verb} )" for verb in ("tell", "ask", "write", "send", "to"))
"""Before someone's name: it's nobody who's to get a message."""
_ASKS_TO_CHANGE = re.compile(
    r"(?:can|could|shall|should|may) (?:we|i) (?:please |maybe |just )?"
    r"(?:drop|remove|delete|move|swap|switch|postpone|push|delay|skip|split|rename|reword|shorten)\b",
    re.IGNORECASE,
)
"""Asks for a change of what's named, even where the words alone would be a question to the pack: “can we drop the game day”."""
_PAY, _STEP, _START = ("salary",), ("plan", "step"), ("start",)
_SETTINGS, _ABOUT_ELSE = ("settings",), PEOPLE_SLOTS | {"steps", "channel"}
_PROGRESS, _ADJUST, _NOTE, _REPLY = ("progress",), ("plan", "adjust"), ("pair", "note"), ("pair", "reply")
_SHOWING = frozenset({path for path in SHOWN_BY.values() if path} | {("mentees",)})
_MENTEES, _MENTOR = ("mentees",), ("pair", "show")
"""Takes neither a place nor a role, so what's asked about one is a question: “how much does it pay in London”."""


class SentenceReader:
    """Finds what sentences ask for."""

    def __init__(self, lexicon: Lexicon, statements: StatementReader) -> None:
        self._lexicon, self._statements, self._amendments = lexicon, statements, Amendments(lexicon)
        self._refusals = RefusalReader(lexicon)
        self._ranker = RequestRanker(lexicon)
        self._changes = ChangeReader(lexicon)
        self._several = SeveralReader(lexicon, self._ranker, self._changes)

    def about_bot(self, sentence: str, likely: Understood | None) -> Heard:
        """Answer a question about the bot with what's likely, if that reads; otherwise with what it is, or that it can't."""
        if likely is not None and not likely.command.writes and not likely.command.admin:
            return Heard(Hearing.RUN, (likely,))
        if ASKS_ABILITY.match(sentence):
            return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.UNABLE)
        return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[("about",)]),))

    async def as_intent(self, sentence: str, around: Surroundings, before: Understood | None) -> Heard | None:
        """Find the command a sentence asks for, which may refer to the one before; None if it asks for none."""
        sentence = await self._with_mentor(sentence, around)
        if begins := await self._as_beginning(sentence, around, before):
            return begins
        verbatim = self._lexicon.verbatim.get(plain(sentence)) or self._lexicon.verbatim.get(plain(_bare(sentence)))
        if verbatim is not None:
            is_complete = not ANY_ONE.search(sentence)
            asked = await self._worded_as_declared(verbatim, sentence, around)
            asked = await self._lexicon.with_it(asked, sentence, around, before, is_complete=is_complete)
            if await self._lexicon.lacks_steps(verbatim, around):
                return self._plan_shown()
            return Heard(Hearing.OFFER if verbatim.writes else Hearing.RUN, (asked,))
        mentions = await self._lexicon.mentions_in(sentence, around, before)
        if not FOR_OTHERS.search(sentence):
            mentions = _without_own_role(mentions, around.rough.pack)
        is_told = is_message(sentence, mentions) or self._tells_stranger(sentence, mentions)
        if not is_told and (own := await self._as_worded_so(sentence, mentions, around, before)):
            return own
        if UNREAL.search(sentence) and (unreal := self._lexicon.step_shown(mentions)):
            return unreal
        is_name = len(mentions) == 1 and len(mentions[0].words) == len(word_spans(_bare(sentence)))
        if is_name and (shown := self._lexicon.shown(mentions[0].slot, mentions[0].value)):
            return Heard(Hearing.RUN, (shown,))
        mentions, ranked = await self._ranked(sentence, mentions, around)
        if refused := self._refusals.as_refused(sentence, mentions, ranked):
            return refused
        question = self._lexicon.question_in(sentence, around.rough.pack)
        if not question and (told := await self._statements.as_told(sentence, mentions, ranked, around)):
            return told
        unasked = self._statements.as_unasked(sentence, mentions, ranked, question, around.rough.pack)
        if unasked or (unasked := self._asked_about(sentence, mentions, ranked)):
            return unasked
        if not ranked:
            return Heard(Hearing.QUESTION) if question else None
        return await self._chosen(ranked, sentence, mentions, question, around, before)

    async def _as_worded_so(
        self, sentence: str, mentions: Sequence[Mention], around: Surroundings, before: Understood | None
    ) -> Heard | None:
        """Hear what shows in how it's put, whatever its words are: a change, a correction, a list; None for the rest."""
        return (
            self._as_refused_days(sentence, mentions)
            or await self._as_change(sentence, mentions, around)
            or await self._as_parts(sentence, around, before)
            or await self._as_feasible(sentence, mentions, around)
        )

    def _as_refused_days(self, sentence: str, mentions: Sequence[Mention]) -> Heard | None:
        """Show what comes on days of every week that don't suit someone: “I can't do fridays anymore”; None for others."""
        refused = next((mention for mention in mentions if mention.slot == REFUSED_DAY), None)
        if refused is None or not refused.text.lower().endswith("s") or QUESTION.search(sentence):
            return None
        if any(mention.value and mention.slot in _ABOUT_ELSE for mention in mentions):
            return None
        return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[_SETTINGS], {"without": refused.value}),))

    async def _as_change(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> Heard | None:
        """Offer what a sentence changes about a step, with whatever else it asks for; None if it changes nothing."""
        changed = await self._changes.read(sentence, mentions, around)
        if not changed:
            return None
        if not changed[0].command.writes:
            return Heard(Hearing.RUN, (changed[0],))
        several = await self._several.as_several(sentence, around) if _may_go_on(changed) else None
        # “You write too often, max 2 a week” asks for the limit, not to see the settings as well.
        shown = {SHOWN_BY.get(each.command.path[:1]) for each in changed}
        if several is not None and not any(
            each.command.only_asks(each.raw) or each.command.path in shown for each in several.commands
        ):
            return several
        return Heard(Hearing.OFFER, tuple(changed), clear=len(changed) == 1, several=len(changed) > 1)

    async def _as_feasible(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> Heard | None:
        """Show someone with a plan how far it takes them if they ask whether they'll be done in time; None for others."""
        commands = self._lexicon.registry.commands
        if not ASKS_IN_TIME.search(sentence) or names_step(mentions):
            return None
        if await self._lexicon.lacks_steps(commands[("plan", "edit")], around):
            return None
        by = next((mention for mention in mentions if mention.slot == "date"), None)
        change = (Understood(commands[_ADJUST], {"by": by.value or by.text}),) if by else ()
        return Heard(Hearing.RUN, (Understood(commands[_PROGRESS]), *change))

    async def _ranked(
        self, sentence: str, mentions: list[Mention], around: Surroundings
    ) -> tuple[list[Mention], list[IntentMatch]]:
        """Rank what a sentence may ask for, with what only the likely commands know among what's mentioned."""
        ranked = await self._ranker.rank(sentence, mentions, around)
        if is_message(sentence, mentions):
            note = next((each for each in ranked if each.command.path == _NOTE), None)
            return mentions, [replace(note or IntentMatch(self._lexicon.registry.commands[_NOTE], 1.0), score=1.0)]
        is_likely = bool(ranked) and ranked[0].score >= INTENT_SCORE
        named = [match.command for match in ranked if self._lexicon.is_named(match, sentence, mentions)]
        added = next(filter(None, (claimed_in(sentence, command, mentions) for command in named)), None)
        if added is None and is_likely:
            added = self._stranger(sentence, ranked[0].command, mentions)
        if added is None:
            return mentions, ranked
        mentions = [*(each for each in mentions if not _is_same(each, added)), added]
        return mentions, await self._ranker.rank(sentence, mentions, around)

    def _tells_stranger(self, sentence: str, mentions: Sequence[Mention]) -> bool:
        """Return True for a message to someone who isn't the caller's: “tell Chen: hi! When do you have time?”."""
        addressed = self._stranger(sentence, self._lexicon.registry.commands[_NOTE], mentions)
        return addressed is not None and addressed.start == 1

    def _stranger(self, sentence: str, command: CommandSpec, mentions: Sequence[Mention]) -> Mention | None:
        """Find someone named who isn't the caller's, so that no command goes on without them; None if there's nobody."""
        likely = self._lexicon.registry.commands[_NOTE] if command.path == _REPLY else command
        return stranger_in(sentence, likely, mentions, self._lexicon.vocabulary)

    async def _as_beginning(self, sentence: str, around: Surroundings, before: Understood | None) -> Heard | None:
        """Show the step to begin with, or welcome someone without a plan, if they ask for the first thing to do."""
        is_new = not ASKS_TO_BEGIN.match(sentence)
        if is_new and not (INTRODUCES.search(sentence) and ASKS_TO_BEGIN.match(last_clause(sentence))):
            return None
        commands = self._lexicon.registry.commands
        show = commands[_STEP]
        steps = show.options[0]
        still_open = [choice.value for choice in await around.own_values(steps)]
        if is_new and still_open:
            return None
        talked = discussed(before, steps) if before is not None and THE_ONE.search(sentence) else ""
        likely = (talked, await around.at_hand(steps), *still_open)
        first = next((value for value in likely if value in still_open), "")
        return Heard(Hearing.RUN, (Understood(show, {steps.name: first}) if first else Understood(commands[_START]),))

    async def as_offer_of_all(self, sentence: str, around: Surroundings) -> Heard | None:
        """Offer the commands that take every value a sentence mentions; None if none of the likely ones does."""
        heard = await self.as_intent(sentence, around, None)
        if heard is None or heard.hearing not in (Hearing.OFFER, Hearing.CLOSEST):
            return None
        mentions = await self._lexicon.mentions_in(sentence, around)
        taking = tuple(
            each
            for each in heard.commands
            if all(any(fills(mention, option) for option in each.command.options) for mention in mentions)
        )
        is_clear = heard.clear and taking[:1] == heard.commands[:1]
        return Heard(Hearing.OFFER, taking, clear=is_clear) if taking else None

    async def _with_mentor(self, sentence: str, around: Surroundings) -> str:
        """Call someone's mentor that in a question, and where something's shared: “has Ben answered”, “hide this from Ben”."""
        people, learners = self._lexicon.options.get("contacts"), self._lexicon.options.get("learners")
        if people is None or learners is None or not (ASKS_ABOUT_PEOPLE.match(sentence) or SHARES.match(sentence)):
            return sentence
        own = {choice.value for choice in await around.own_values(learners)}
        for choice in await around.own_values(people):
            if choice.value not in own:
                named = rf"{_NOT_TOLD}\b{re.escape(choice.label)}\b"
                sentence = re.sub(named, "my mentor", sentence, flags=re.IGNORECASE)
        return sentence

    async def _chosen(
        self,
        ranked: Sequence[IntentMatch],
        sentence: str,
        mentions: Sequence[Mention],
        question: str,
        around: Surroundings,
        before: Understood | None,
    ) -> Heard:
        """Decide by its scores whether the best match is run, offered, or just the closest thing to a question."""
        best, pack = ranked[0], around.rough.pack
        asks = best.command.path == (self._lexicon.registry.fallback_command,)
        if asks and (best.score < SURE_SCORE or QUESTION.search(sentence) or self._lexicon.is_answered(sentence, pack)):
            return Heard(Hearing.QUESTION)
        asks_how = best.score < QUESTION_SCORE and ASKS_OPENLY.match(sentence)
        if asks_how and self._lexicon.is_about_anyone(sentence, pack):
            return Heard(Hearing.QUESTION)  # “how do you test a chatbot”
        certain = best.score >= CERTAIN_SCORE and lead(ranked) >= _CLOSE
        likely = ranked[:1] if certain else ranked
        understood = tuple([await self._filled(match, sentence, mentions, before, around) for match in likely])
        if not names_step(mentions) and (about := self._as_about_bot(sentence, ranked, understood[0], pack)):
            return about
        near = _worth_a_button(understood, ranked, sentence, NEAR_SHARE) if best.score >= INTENT_SCORE else ()
        is_question = question and best.score < (SURE_SCORE if PERSONAL.search(question) else QUESTION_SCORE)
        search = self._lexicon.library.search_of(pack)
        is_answered = best.score < SURE_SCORE and search.find(sentence).sure
        is_requested = PERSONAL.search(sentence) and self._lexicon.is_request(sentence)
        asks_to_change = names_step(mentions) and _ASKS_TO_CHANGE.match(sentence) is not None
        is_own = numbers_step(mentions) or asks_to_change or (is_requested and not is_answered)
        if not is_own and (is_question or self._is_for_pack(best, sentence, mentions, pack)):
            return Heard(Hearing.QUESTION, () if is_answered else near)
        if best.command.path == _PAY and (
            pay_in_a_place(pack, search, sentence) or self._lexicon.library.other_role_in(sentence, pack)
        ):
            return Heard(Hearing.QUESTION)
        if best.score < SURE_SCORE and not names_step(mentions) and self._lexicon.is_asked(sentence, pack):
            return Heard(Hearing.QUESTION, guessed=True)
        has_value = is_likely_with(best, mentions)
        is_asked = QUESTION.search(sentence) and self._lexicon.is_no_request(sentence)
        other = self.of_another_kind(sentence) if best.score < (QUESTION_SCORE if is_asked else SURE_SCORE) else None
        if other is not None and not (has_value and other.hearing is Hearing.SMALL_TALK):
            return other
        if best.score >= INTENT_SCORE and (shown := await self._as_state(sentence, near, mentions, around)):
            return shown
        if settled := await self._lexicon.settled_step(understood[0], around):
            return settled
        is_meant = has_value and best.score >= SURE_SCORE
        if best.score < INTENT_SCORE or (not is_meant and self._lexicon.is_strange(best, sentence, mentions)):
            return Heard(Hearing.CLOSEST, _worth_a_button(understood, ranked, sentence))
        if await self._lexicon.lacks_steps(best.command, around):
            return self._plan_shown()
        return _run_or_offered(understood, ranked, sentence, mentions)

    def _plan_shown(self) -> Heard:
        """Show the plan to someone who'd change a step but has none: it says so, and how to get one."""
        return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[("plan", "show")]),))

    async def _as_state(
        self, sentence: str, likely: Sequence[Understood], mentions: Sequence[Mention], around: Surroundings
    ) -> Heard | None:
        """Show how things are to someone who asks that, instead of what'd change them; None for others: “am I getting tips”."""
        asks = asks_state(sentence) or (ASKS_ABOUT_PEOPLE.match(sentence) and _begins_with_person(mentions))
        if not likely or not asks or orders_in(sentence):
            return None
        command = likely[0].command
        if command.path[0] == "plan" and (step := self._lexicon.step_shown(mentions)):
            return step
        if command.path[0] == "pair" and (learner := self._learner_shown(mentions)):
            return learner
        if not command.writes and command.path not in _SHOWING and not ASKS_STATE.match(sentence):
            return None
        path = SHOWN_BY.get(command.path, SHOWN_BY.get(command.path[:1]) if command.writes else command.path)
        if path == _MENTEES and not await self._lexicon.is_possible(self._lexicon.registry.commands[_MENTEES], around):
            path = _MENTOR
        if not path:
            return None
        shown = likely[0] if path == command.path else self._filled_alike(path, sentence, mentions)
        others = [other for other in likely[1:] if not other.command.writes and other.command.path != path]
        return Heard(Hearing.RUN, (shown, *others))

    def _asked_about(self, sentence: str, mentions: Sequence[Mention], ranked: Sequence[IntentMatch]) -> Heard | None:
        """Show a learner to the mentor who asks something about them that no command tells: “what's Chen up to this week”."""
        asks = STARTS_QUESTION.match(sentence) and _begins_with_person(mentions)
        return None if not asks or (ranked and ranked[0].score >= SURE_SCORE) else self._learner_shown(mentions)

    def _learner_shown(self, mentions: Sequence[Mention]) -> Heard | None:
        """Show the learner a mentor asks about; None if none is named."""
        named = next((mention for mention in mentions if mention.slot == "learners" and mention.value), None)
        shown = self._lexicon.shown(named.slot, named.value) if named else None
        return Heard(Hearing.RUN, (shown,)) if shown else None

    def _filled_alike(self, path: tuple[str, ...], sentence: str, mentions: Sequence[Mention]) -> Understood:
        """Fill in the command that shows something with what a sentence mentions: the day of “are we off on Friday?”."""
        return fill_match(IntentMatch(self._lexicon.registry.commands[path], 1.0), sentence, mentions)

    def _as_about_bot(
        self, sentence: str, ranked: Sequence[IntentMatch], likely: Understood, pack: Pack
    ) -> Heard | None:
        """Answer a question about the bot that names nothing it's sure of; None for others."""
        best, asks_ability = ranked[0], ASKS_ABILITY.match(sentence) is not None
        if best.score >= SURE_SCORE or not self._lexicon.is_about_bot(sentence, pack):
            return None
        is_close = best.score >= INTENT_SCORE and lead(ranked) < _CLEAR and not best.command.writes
        if is_close and not asks_ability:
            return None
        enough = PART_SCORE if asks_ability else INTENT_SCORE
        return self.about_bot(sentence, likely if best.score >= enough else None)

    async def _worded_as_declared(self, command: CommandSpec, sentence: str, around: Surroundings) -> Understood:
        """Fill in the command of a sentence worded exactly as declared: with what that implies, and with “this week”."""
        worded = (plain(sentence), plain(_bare(sentence)))
        implied = next((given for intent, given in command.implied.items() if plain(intent) in worded), {})
        mentions = await self._lexicon.mentions_in(sentence, around)
        days = next((mention.days for mention in mentions if mention.slot == NOW), "")
        ranges = [option.name for option in command.options if option.declared.ranges] if days else []
        return Understood(command, {**implied, **dict.fromkeys(ranges, days)})

    def of_another_kind(self, sentence: str) -> Heard | None:
        """Take a sentence for a question or for talk if it's likely of that kind; None for a request."""
        if is_foreign(sentence):
            return None
        if self._lexicon.is_no_request(sentence):
            return Heard(Hearing.QUESTION, guessed=True)
        shares = self._lexicon.kinds_of(sentence)
        kind = max(shares, key=shares.__getitem__)
        is_wished = kind in (Kind.REMARK, Kind.MOOD) and asks_for_something(sentence)
        if shares[kind] < (_WISHED_SHARE if is_wished else LIKELY_SHARE):
            return None
        if kind is Kind.DENIAL and QUESTION.search(sentence):
            return None  # a question denies nothing
        match kind:
            case Kind.LEARN | Kind.OFF:
                return Heard(Hearing.QUESTION, guessed=True)
            case Kind.BOT:
                return Heard(Hearing.RUN, (Understood(self._lexicon.registry.commands[("about",)]),), guessed=True)
            case Kind.REMARK | Kind.MOOD:
                return Heard(Hearing.SMALL_TALK, small_talk=mood_in(sentence) or tone_of(sentence), guessed=True)
            case Kind.DENIAL:
                return Heard(Hearing.SMALL_TALK, small_talk=SmallTalk.NOTHING, guessed=True)
            case Kind.UNABLE:
                return self._refusals.as_beyond(sentence)
        assert_never(kind)

    async def _as_self_corrected(self, sentence: str, around: Surroundings, before: Understood | None) -> Heard | None:
        """Hear a request whose last part corrects what's before it: “log 3 hours. No, 4”; None for others."""
        parts = list(JOINED.finditer(sentence))
        if not parts or not CORRECTS.match(correction := sentence[parts[-1].end() :]):
            return None
        heard = await self.as_intent(said := sentence[: parts[-1].start()], around, before)
        if heard is None or heard.hearing is not Hearing.OFFER:
            return None
        changed = await self._amendments.read(heard.commands[0], said, correction, around, pending=False)
        if changed is None or changed.rest:
            return None
        return replace(heard, commands=(changed.commands[0], *heard.commands[1:]))

    async def _as_parts(self, sentence: str, around: Surroundings, before: Understood | None) -> Heard | None:
        """Hear a sentence whose parts are requests, or correct or explain one; None for one whole."""
        return (
            await self._as_self_corrected(sentence, around, before)
            or await self._as_order_after_remark(sentence, around)
            or await self._several.as_several(sentence, around)
        )

    async def _as_order_after_remark(self, sentence: str, around: Surroundings) -> Heard | None:
        """Hear what's to be done with a step someone has just told about: “step 3 is too much, push it to the end”."""
        order = last_clause(sentence)
        remark = sentence[: len(sentence) - len(order)].strip(" ,;.!")
        if not remark or not ORDERS_IT.match(order) or asks_for_something(remark):
            return None
        steps = [each.value for each in await self._lexicon.mentions_in(remark, around) if each.slot == "steps"]
        shown = self._lexicon.shown("steps", steps[0]) if len(steps) == 1 else None
        heard = await self.as_intent(order, around, shown) if shown is not None else None
        return heard if heard is not None and heard.commands and steps[0] in heard.commands[0].raw.values() else None

    def _is_for_pack(self, best: IntentMatch, sentence: str, mentions: Sequence[Mention], pack: Pack) -> bool:
        """Tell if the pack answers a sentence that's mostly about something else than what speaks for a command."""
        asked = QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence)
        if best.score >= (CERTAIN_SCORE if asked else SURE_SCORE) or ABOUT_ME.search(sentence):
            return False
        if self._lexicon.is_about_bot(sentence, pack):
            return False
        if not asked and mood_in(sentence) is not None:
            return False
        search = self._lexicon.library.search_of(pack)
        found = search.find(sentence)
        if not found.confident and (found.match is Match.NONE or not asked or best.score >= SURE_SCORE):
            return False
        said = best.words.union(*(mention.words for mention in mentions if mention.value))
        words = [sentence[start:end] for index, (start, end) in enumerate(word_spans(sentence)) if index in said]
        return search.share_beyond(sentence, words) >= (_ASKED_BEYOND if asked and found.confident else _TOLD_BEYOND)

    async def _filled(
        self,
        match: IntentMatch,
        sentence: str,
        mentions: Sequence[Mention],
        before: Understood | None,
        around: Surroundings,
    ) -> Understood:
        """Fill in a command with what a sentence mentions, and with what it leaves unsaid."""
        understood = fill_match(match, sentence, mentions)
        taken = [mention for mention in mentions if any(fills(mention, option) for option in match.command.options)]
        said = set(match.words).union(*(mention.words for mention in taken), text_words(understood, sentence))
        is_complete = not rest_of(sentence, said) and not ANY_ONE.search(sentence)
        understood = await self._lexicon.with_entry(understood, sentence, said, around)
        return await self._lexicon.with_it(understood, sentence, around, before, is_complete=is_complete)


def _bare(sentence: str) -> str:
    """Drop what only joins a request to the talk before it: “and what's next then?”."""
    return JOINS_ON.sub("", POLITE_END.sub("", sentence).strip(" ?!."))


def _begins_with_person(mentions: Sequence[Mention]) -> bool:
    """Return True if a question is about someone the speaker knows: “has Dana replied”, “what does Chen do”."""
    return any(mention.slot in PEOPLE_SLOTS and mention.start in (1, 2) for mention in mentions)


def _may_go_on(changed: Sequence[Understood]) -> bool:
    """Return True if a sentence that makes a change may ask for something else as well."""
    return len(changed) == 1 and "when" not in changed[0].raw and changed[0].command.path != _NOTE


def _is_same(mention: Mention, added: Mention) -> bool:
    """Return True for a city where the same words name a country or region."""
    return mention.slot == "zone" and mention.start >= added.start and mention.end <= added.end


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


def _run_or_offered(
    understood: Sequence[Understood], ranked: Sequence[IntentMatch], sentence: str, mentions: Sequence[Mention]
) -> Heard:
    """Run the best match if it's sure and only reads, and otherwise offer it; beside it go others that may be meant.

    If one is clear, the others are worth a button only if they may well be meant.
    """
    best = ranked[0]
    if best.score >= SURE_SCORE and len(each := for_each(understood[0], mentions, sentence)) > 1:
        return Heard(Hearing.OFFER, tuple(each))
    clear = (best.score >= SURE_SCORE and lead(ranked) >= _CLEAR) or lead(ranked) >= _CLOSE
    others = _worth_a_button(understood, ranked, sentence, _LIKELY_SHARE if clear else 0.0)
    commands = (understood[0], *(other for other in others if other is not understood[0]))
    if (best.score >= SURE_SCORE or clear) and not best.command.writes:
        return Heard(Hearing.RUN, commands)
    leftover = left_out(understood[0], mentions, sentence) if best.command.writes else ""
    return Heard(Hearing.OFFER, commands, leftover=leftover, clear=clear)


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
        and not (asked and match.score < INTENT_SCORE and _has(each, is_open))
        and not (match is not best and "when" in each.raw)
        and not (asked and match is not best and (_repeats(each, sentence) or _sets_day_or_count(each)))
    )


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
