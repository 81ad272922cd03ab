"""The lexicon texts are matched with: the commands, their wording and evidence, and what the packs answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from mentorbot.commands.filling import names_of
from mentorbot.commands.heard import Heard, Hearing, Kind, Surroundings, Understood
from mentorbot.commands.references import referred_to
from mentorbot.commands.synonyms import SYNONYMS
from mentorbot.commands.wording import ABOUT_BOT, ABOUT_ME, ASKS_ABILITY, QUESTION, STARTS_QUESTION, THE_ONE
from mentorbot.packs.language import word_frequencies
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Match
from mentorbot.slash.associations import Associations
from mentorbot.slash.intents import (
    COMMON_WORDS,
    MAX_WORDS,
    TYPED_SLOTS,
    IntentMatch,
    IntentMatcher,
    Mention,
    Wording,
    clauses_of,
    is_open,
    slot_of,
    word_spans,
    words_of,
)
from mentorbot.slash.mentions import MentionFinder
from mentorbot.slash.registry import CommandSpec, OptionSpec, Registry

_CURRENT = re.compile(r"\b(?:current(?:ly)?|under way|i['’]?m (?:on|doing|at))\b", re.IGNORECASE)
"""Says that it's the one under way, whatever was talked about before."""
_CURRENT_ONE = re.compile(
    r"\b(?:the|my) (?:current (?:one|step|task)|(?:one|step|task) (?:under way|i['’]?m (?:on|doing|working on)))\b",
    re.IGNORECASE,
)
"""Names the step under way."""
INTENT_WEIGHTS = Path(__file__).with_name("intent_weights.tsv")
"""The signs words give of the command that's wanted, or of the kind of thing a text is."""
INTENT_SCORE, SURE_SCORE, CERTAIN_SCORE = 0.42, 0.66, 0.92
"""From the first on, a command is what was meant; from the second on, one that reads runs at once; and from the last on, nothing
else is offered beside it."""
QUESTION_SCORE = 0.8
"""From this score on, a command is meant even if the sentence could be a question about the role."""
NEAR_SHARE = 0.8
"""The share of the best score that what's offered beside the answer from a pack needs."""
PART_SCORE = 0.58
"""The score that a second request needs after one that's sure, and the nearest thing to what can't be done."""
LIKELY_SHARE, UNLIKELY_SHARE = 0.6, 0.1
"""Likelihoods of a kind of text: high enough to decide about a command that may not be meant, and too low to matter."""
_ASKED_SHARE = 0.5
"""The least likelihood of one to answer for what's put as a question to be taken for that."""
TOLD_CHANCE = 0.7
"""The least likelihood of an answer in the pack to something people tell of themselves, if they're to get it."""
_OTHER_CHANCE = 0.35
"""The least likelihood of asking for another command at which a text is no answer to the open one's question."""
MAX_OFFERS = 3
_TYPED = frozenset({*TYPED_SLOTS.values(), "hours", "minutes", "channel", "link"})
_PLACED = re.compile(
    r"\b(?:last(?! (?:step|task|one) .*added)|first|second|third|fourth|fifth|sixth|seventh|eighth|[1-8](?:st|nd|rd|th))\b"
    r"(?= (?:step|task|one)\b)",
    re.IGNORECASE,
)
_APART = re.compile(r"'s$|(?<=^what)s$|(?<=^where)s$|(?<=^who)s$|(?<=^how)s$|(?<=^that)s$")
"""The “is” of “what's”, also without its apostrophe."""
_FOR_MENTORS = frozenset({"pair stop", "pair digest"})
"""Commands without options that only mentors with learners need."""


class Lexicon:
    """Everything texts are matched with, built once for all of them."""

    def __init__(self, registry: Registry, library: Library) -> None:
        self.registry, self.library = registry, library

    @cached_property
    def wording(self) -> Wording:
        return Wording(SYNONYMS, word_frequencies().__contains__)

    # Built with the first sentence, since most texts are commands that need neither.
    @cached_property
    def matcher(self) -> IntentMatcher:
        return IntentMatcher(self.registry, self.wording, self.associations)

    @cached_property
    def associations(self) -> Associations:
        return Associations.of(INTENT_WEIGHTS.read_text(encoding="utf-8"))

    @cached_property
    def verbatim(self) -> dict[str, CommandSpec]:
        return {plain(intent): command for command in self.registry for intent in command.intents if "{" not in intent}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words commands are asked for with, in lower case."""
        texts = (text for command in self.registry for text in (command.name, command.summary, *command.intents))
        called = (name for command in self.registry for option in command.options for name in option.declared.called)
        return frozenset(word.lower() for text in (*texts, *called) for word in words_of(text))

    @cached_property
    def mentions(self) -> MentionFinder:
        return MentionFinder(self.registry, self.wording)

    async def mentions_in(self, text: str, around: Surroundings, before: Understood | None = None) -> list[Mention]:
        """List the values a text mentions, or refers to if `before` is the command that was talked about."""
        found = await self.mentions.find(text, await around.local(), around.own_values, around.former_values)
        named = [*await self._in_place(found, around), *await self._at_hand_named(text, around)]
        return await referred_to(text, named, before, self._lists, around)

    async def _in_place(self, mentions: Sequence[Mention], around: Surroundings) -> list[Mention]:
        """Let “the last step”, or “the second one”, be what's last or second on the list that's shown.

        Others than the last one go by number until the step with the first number isn't the first one any more.
        """
        return [
            replace(each, value=await self._value_at(placed[0].lower(), each, around))
            if each.value and (placed := _PLACED.search(each.text)) is not None
            else each
            for each in mentions
        ]

    async def _value_at(self, place: str, mention: Mention, around: Surroundings) -> str:
        option = self.options[mention.slot]
        listed = [choice.value for choice in await around.values_in_order(option)]
        numbered = [choice.value for choice in await around.own_values(option)]
        if place == "last" or not listed:
            return listed[-1] if listed else mention.value
        at = int(mention.value) - 1
        return mention.value if listed[:1] == numbered[:1] or at >= len(listed) else listed[at]

    async def _at_hand_named(self, text: str, around: Surroundings) -> list[Mention]:
        """Find “the current one”, which names a step like its number does."""
        named = _CURRENT_ONE.search(text)
        option = next(
            (option for option in self.options.values() if option.declared.at_hand and option.declared.former), None
        )
        if named is None or option is None or not (value := await around.at_hand(option)):
            return []
        covered = [index for index, (start, _) in enumerate(word_spans(text)) if named.start() <= start < named.end()]
        return [Mention(slot_of(option), named[0], covered[0], covered[-1] + 1, value)] if covered else []

    def warm_up(self) -> None:
        """Build what sentences are matched with."""
        _ = self.matcher, self.verbatim, self.mentions

    @cached_property
    def _lists(self) -> dict[str, OptionSpec]:
        return {slot: option for slot, option in self.options.items() if option.declared.suggest is not None}

    @cached_property
    def options(self) -> dict[str, OptionSpec]:
        """The first option for each of what people have of their own, e.g. learners."""
        options = [option for command in self.registry for option in command.options]
        return {slot_of(option): option for option in reversed(options)}

    def kinds_of(self, sentence: str) -> Mapping[Kind, float]:
        """Tell how likely a sentence is of each kind; the rest is how likely it asks for a command.

        Words like “the” around others that nobody has used tell nothing.
        """
        telling = [word for word in words_of(sentence)[:MAX_WORDS] if word.lower() not in COMMON_WORDS]
        if telling and not any(map(self.associations.has_word, telling)):
            return dict.fromkeys(Kind, 0.0)
        shares = self.matcher.shares_of(sentence)
        return {kind: shares[kind.value] for kind in Kind}

    async def is_possible(self, command: CommandSpec, around: Surroundings) -> bool:
        """Return False for a command about something of the caller's own, like a step or a learner, if they have none."""
        if command.name in _FOR_MENTORS and (learners := self.options.get("learners")) is not None:
            return bool(await around.own_values(learners))
        sources = [option for option in command.options if option.declared.suggest is not None]
        return not sources or any([bool(await around.own_values(option)) for option in sources])

    def is_declared(self, sentence: str) -> bool:
        """Return True for a sentence that's one of those declared, word for word."""
        return plain(sentence) in self.verbatim

    async def lacks_steps(self, command: CommandSpec, around: Surroundings) -> bool:
        """Return True for a command that changes one of the caller's steps if they have none that it could."""
        option = next((each for each in command.options if slot_of(each) == "steps" and not each.declared.led), None)
        return command.writes and option is not None and not await around.own_values(option)

    def is_strange(self, best: IntentMatch, sentence: str, mentions: Sequence[Mention]) -> bool:
        """Return True if most words are about something else: “will it rain tomorrow” isn't about tomorrow's check-in."""
        takes_text = any(is_open(option) for option in best.command.options if option.required or best.command.writes)
        return not takes_text and self.matcher.is_strange(sentence, mentions, best)

    def is_named(self, match: IntentMatch, sentence: str, mentions: Sequence[Mention]) -> bool:
        """Return True if a telling term speaks for a command, rather than only a value like a name."""
        speaking = match.words.difference(*(mention.words for mention in mentions))
        terms = self.wording.terms_of(words_of(sentence)[:MAX_WORDS], correct=True)
        return any(
            term not in self.matcher.common and not speaking.isdisjoint(range(start, end)) for term, start, end in terms
        )

    def is_request(self, sentence: str) -> bool:
        """Return True if a sentence likely asks for a command or about the bot, and hardly for what the pack tells."""
        kinds = self.kinds_of(sentence)
        others = sum(share for kind, share in kinds.items() if kind is not Kind.BOT)
        return 1 - others >= LIKELY_SHARE and kinds[Kind.LEARN] < UNLIKELY_SHARE

    def is_telling(self, mention: Mention) -> bool:
        """Return True for a value of a type, or something of the caller's own; a skill's name may be just a word."""
        option = self.options.get(mention.slot)
        return mention.slot in _TYPED or (option is not None and option.declared.suggest is not None)

    def asks_for_other(self, sentence: str, command: CommandSpec) -> bool:
        """Return True if a sentence may well ask for a change by another command than one that's open: “I've finished it”."""
        shares = self.matcher.shares_of(sentence)
        others = (
            share
            for name, share in shares.items()
            if (each := self.registry.find(tuple(name.split()))) and each.writes and each.path != command.path
        )
        return sum(others) >= _OTHER_CHANCE

    def is_answered(self, sentence: str, pack: Pack) -> bool:
        """Tell if the pack likely has an answer to something that's told."""
        if ABOUT_ME.search(sentence):
            return False
        return self.library.search_of(pack).find(sentence).chance >= TOLD_CHANCE or self.is_asked(sentence, pack)

    def is_asked(self, sentence: str, pack: Pack) -> bool:
        """Tell if a sentence is likelier to ask for what the pack tells than for anything else: “my team won't talk”."""
        shares = self.matcher.shares_of(sentence)
        is_learning = max(shares, key=shares.__getitem__) == Kind.LEARN.value
        return is_learning and self.library.search_of(pack).find(sentence).match is not Match.NONE

    def is_about_bot(self, sentence: str, pack: Pack) -> bool:
        """Tell if a question is about the bot. “You” may be anyone, if the pack surely answers: “how do you test a chatbot”."""
        return ABOUT_BOT.match(sentence) is not None and not self.is_about_anyone(sentence, pack)

    def is_about_anyone(self, sentence: str, pack: Pack) -> bool:
        """Tell if “you” in a question is anyone, because the pack surely answers it."""
        asks_you = ABOUT_BOT.match(sentence) and not ASKS_ABILITY.match(sentence) and not ABOUT_ME.search(sentence)
        return bool(asks_you) and self.library.search_of(pack).find(sentence).sure

    def is_no_request(self, sentence: str) -> bool:
        """Tell if a sentence is likely something to answer, from a pack or with what's beyond it, and no request."""
        kinds = self.kinds_of(sentence)
        return kinds[Kind.LEARN] + kinds[Kind.OFF] >= (_ASKED_SHARE if QUESTION.search(sentence) else LIKELY_SHARE)

    def is_beyond(self, sentence: str) -> bool:
        """Tell if a sentence likely asks for what no bot like this knows or does."""
        kinds = self.kinds_of(sentence)
        return kinds[Kind.OFF] + kinds[Kind.UNABLE] >= LIKELY_SHARE

    def question_in(self, sentence: str, pack: Pack) -> str:
        """Return the clause that's a question the pack has an answer to; "" if there's none."""
        if ABOUT_ME.search(sentence) or self.is_about_bot(sentence, pack):
            return ""
        spans = word_spans(sentence)
        clauses = [sentence[spans[start][0] : spans[end - 1][1]] for start, end in clauses_of(sentence)]
        asked = next((clause for clause in clauses if STARTS_QUESTION.match(clause)), "")
        if not asked and not QUESTION.search(sentence):
            return ""
        return (asked or sentence) if self.library.search_of(pack).find(sentence).confident else ""

    def shown(self, slot: str, value: str) -> Understood | None:
        """Show something of the caller's own, like a step or a learner; None if nothing shows it."""
        for command in self.registry:
            option = next((option for option in command.options if slot_of(option) == slot), None)
            if value and option is not None and option.declared.suggest is not None and not command.writes:
                return Understood(command, {option.name: value})
        return None

    def step_shown(self, mentions: Sequence[Mention]) -> Heard | None:
        """Show the step that's mentioned, to someone who says that it isn't done or asks what would be; None if there's none."""
        step = next((mention for mention in mentions if mention.slot == "steps" and mention.value), None)
        shown = self.shown(step.slot, step.value) if step else None
        return Heard(Hearing.RUN, (shown,)) if shown else None

    def settings_named(self, slot: str) -> frozenset[str]:
        """List what people call the values of what the commands about a kind of thing change, like “due” for a step's."""
        about = (command for command in self.registry if any(slot_of(option) == slot for option in command.options))
        return frozenset(name for command in about for option in command.options for name in names_of(option))

    async def with_it(
        self,
        understood: Understood,
        sentence: str,
        around: Surroundings,
        before: Understood | None = None,
        *,
        is_complete: bool = False,
    ) -> Understood:
        """Fill in what “it” means: “I finished it” is about the step the command before was about, or else the one under way.

        That's also what “done” is about if nothing else is said.
        """
        declared = ((option, option.declared) for option in understood.command.options)
        option = next((option for option, its in declared if (its.at_hand or its.former) and not its.led), None)
        if option is None or option.name in understood.raw:
            return understood
        names_it = THE_ONE.search(sentence) is not None
        shown = before is not None and (names_it or is_complete) and not option.declared.keyword_only
        if before is not None and shown and not _CURRENT.search(sentence) and (value := discussed(before, option)):
            return replace(understood, raw={option.name: value, **understood.raw})
        if not (value := await around.at_hand(option)):
            return understood
        label = next((choice.label for choice in await around.own_values(option) if choice.value == value), "")
        # People never say which change to undo.
        if is_complete or names_it or option.declared.keyword_only or self._is_like(sentence, label):
            return replace(understood, raw={option.name: value, **understood.raw})
        return understood

    async def with_entry(
        self, understood: Understood, sentence: str, used: Collection[int], around: Surroundings
    ) -> Understood:
        """Fill in the step, or the topic, that a word left over can only be from: “log 2 hours on evaluation”."""
        for topic in understood.command.options:
            if (
                topic.declared.choices is not None
                and "about" in topic.declared.called
                and topic.name not in understood.raw
            ):
                choices = topic.declared.choices(around.rough.pack)
                value = self.mentions.entry_named(sentence, used, choices)
                understood = replace(understood, raw={topic.name: value, **understood.raw}) if value else understood
        named = (each for each in understood.command.options if each.declared.former is not None)
        option = next((each for each in named if not each.declared.led), None)
        if option is None or option.name in understood.raw:
            return understood
        value = self.mentions.entry_named(sentence, used, await around.own_values(option))
        return replace(understood, raw={option.name: value, **understood.raw}) if value else understood

    async def settled_step(self, understood: Understood, around: Surroundings) -> Heard | None:
        """Show the step a command would change, if it's done or dropped; None if it can be changed, or gets its proof."""
        command = self.registry.find(("plan", "step"))
        if command is None or not understood.command.writes or "evidence" in understood.raw:
            return None
        for option in understood.command.options:
            value = understood.raw.get(option.name) if not option.declared.led else None
            if value and value in {choice.value for choice in await around.former_values(option)}:
                return Heard(Hearing.RUN, (Understood(command, {"step": value}),))
        return None

    def _is_like(self, sentence: str, label: str) -> bool:
        """Return True if a sentence has a telling word of a label, in any form: “serving” for “Serve a model”."""
        said, named = (
            {self.wording.stem(text[start:end]) for start, end in word_spans(text)} for text in (sentence, label)
        )
        return not (said & named).isdisjoint(named - {self.wording.stem(word) for word in COMMON_WORDS})


def discussed(before: Understood, option: OptionSpec) -> str:
    """Give the value that the command before has for the same kind of thing; "" if it has none."""
    same = (each for each in before.command.options if slot_of(each) == slot_of(option))
    return next((before.raw[each.name] for each in same if each.name in before.raw), "")


def plain(sentence: str) -> str:
    """Return the words of a sentence, for telling whether it's worded exactly as declared."""
    words = (sentence[start:end].lower().replace("’", "'") for start, end in word_spans(sentence))
    return " ".join(_APART.sub(" is", re.sub(r"'m$|(?<=^i)m$", " am", word)) for word in words)
