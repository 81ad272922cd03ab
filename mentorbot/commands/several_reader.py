"""Sentences with several requests in them, like “log 2 hours and show my plan”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mentorbot.commands.corrections import connecting_words
from mentorbot.commands.filling import fill, fill_match, names_of, rest_of
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import MAX_OFFERS, PART_SCORE, QUESTION_SCORE, SURE_SCORE, Lexicon
from mentorbot.commands.request_ranker import RequestRanker
from mentorbot.commands.wording import BEGINS_ANEW, IT, JOINED, UNREAL, WANTS_TO_KNOW
from mentorbot.slash.intents import is_open, words_of

_BARE_AMOUNT = re.compile(r"^\d+(?=\s|$)(?! ?(?:h|hrs?|hours?|m|mins?|minutes?)\b)", re.IGNORECASE)


class SeveralReader:
    """Finds what each part of a sentence asks for."""

    def __init__(self, lexicon: Lexicon, ranker: RequestRanker) -> None:
        self._lexicon, self._ranker = lexicon, ranker

    async def as_several(self, sentence: str, around: Surroundings) -> Heard | None:
        """Hear each of several requests, like “log 2 hours and show my plan”; None unless every part clearly is one.

        “It” in a later part is the step of an earlier one. Of two questions, the first is answered, and of a request and a
        question, the question; the other gets a button.
        """
        parts = [part for part in JOINED.split(sentence) if part.strip()]
        if not 2 <= len(parts) <= MAX_OFFERS or UNREAL.search(sentence):
            return None
        asked: list[Understood] = []
        for part in parts:
            if asked and (longer := await self._with_entry_added(part, asked[-1], around)):
                asked[-1] = longer
                continue
            heard = await self._same_again(part, asked, around) or await self._part_heard(part, asked, around)
            if heard is None:
                return None
            if asked and (both := _as_one(asked[-1], heard)):
                asked[-1] = both
            else:
                asked.append(heard)
        if len(asked) == 1 and asked[0].command.writes:
            return Heard(Hearing.OFFER, (asked[0],), clear=True)
        if len({understood.line for understood in asked}) < len(asked) or _is_one(asked):
            return None
        if any(understood.command.writes for understood in asked):
            question = next(filter(self._is_question, asked), None)
            if question is None:
                return Heard(Hearing.OFFER, tuple(asked))
            asked.sort(key=lambda each: each is not question)
        elif not all(BEGINS_ANEW.match(part.strip()) for part in parts[1:]):
            return None  # “data scientists and ML engineers” are two things in one question
        return Heard(Hearing.RUN, tuple(asked), several=True)

    def _is_question(self, understood: Understood) -> bool:
        return understood.command.path == (self._lexicon.registry.fallback_command,)

    async def _with_entry_added(self, part: str, first: Understood, around: Surroundings) -> Understood | None:
        """Add to what the request before lists: “I can mentor in strategy | and cloud, two people”; None for others."""
        names = [option.name for option in first.command.options if option.declared.listed and option.name in first.raw]
        mentions = await self._lexicon.mentions_in(part, around) if names else []
        own = fill(first.command, (), part, mentions).raw
        words = {name for option in first.command.options if option.name in own for name in names_of(option)}
        covered = {index for mention in mentions for index in mention.words} | set(connecting_words(part))
        covered |= {index for index, word in enumerate(words_of(part)) if word.lower() in words}
        if not any(name in own for name in names) or rest_of(part, covered):
            return None
        return replace(
            first,
            raw={**first.raw, **own, **{name: f"{first.raw[name]}, {own[name]}" for name in names if name in own}},
        )

    async def _same_again(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> Understood | None:
        """Hear the request before with values of its own: “log 2 hours on RAG and | 1 hour on Docker”; None for others."""
        if not earlier:
            return None
        first = earlier[-1]
        amounts = {option.name: option.declared.unit for option in first.command.options if option.name in first.raw}
        if unit := next(filter(None, amounts.values()), ""):
            part = _BARE_AMOUNT.sub(rf"\g<0> {unit}", part)
        mentions = await self._lexicon.mentions_in(part, around)
        own = fill(first.command, (), part, mentions)
        covered = {index for mention in mentions for index in mention.words} | set(connecting_words(part))
        again = {name for name in own.raw if first.raw.get(name) and (amounts[name] or _is_listed(own, name))}
        if not any(own.raw[name] != first.raw[name] for name in again) or rest_of(part, covered):
            return None
        return replace(first, raw={**first.raw, **own.raw})

    async def _part_heard(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> Understood | None:
        """Hear one of several requests; None if it isn't clearly one. After a free text, it may be the rest of that.

        What asks more about the subject of a question, as in “what is a PIP and when do you do it”, is part of that.
        """
        if earlier and self._is_question(earlier[-1]) and IT.search(part) and WANTS_TO_KNOW.match(part.strip()):
            return None
        mentions = await self._lexicon.mentions_in(part, around)
        ranked = await self._ranker.rank(part, mentions, around)
        after_text = bool(earlier) and any(
            is_open(option) and option.name in earlier[-1].raw for option in earlier[-1].command.options
        )
        question = self._lexicon.question_in(part, around.rough.pack)
        enough = QUESTION_SCORE if question else SURE_SCORE if after_text or not earlier else PART_SCORE
        if ranked and ranked[0].score >= enough:
            heard = await self._lexicon.with_entry(fill_match(ranked[0], part, mentions), part, ranked[0].words, around)
            step = next((other.raw["step"] for other in earlier[::-1] if "step" in other.raw), None)
            if step and IT.search(part) and heard.command.option("step") is not None and "step" not in heard.raw:
                heard = replace(heard, raw={**heard.raw, "step": step})
            return await self._lexicon.with_it(heard, part, around)
        ask = self._lexicon.registry.commands.get((self._lexicon.registry.fallback_command,))
        if ask is None or after_text or not question:
            return None
        return Understood(ask, {ask.options[0].name: part.strip()})


def _as_one(first: Understood, second: Understood) -> Understood | None:
    """Put two requests that change different things about the same step into one; None if they aren't that."""
    same = [name for name in first.raw if _is_listed(first, name) and second.raw.get(name) == first.raw[name]]
    others = (first.raw.keys() & second.raw.keys()) - set(same)
    if first.command.path != second.command.path or not same or others:
        return None
    return replace(first, raw={**first.raw, **second.raw})


def _is_one(asked: Sequence[Understood]) -> bool:
    """Return True if parts add up to one request: “I'm on holiday, and back on Monday”, but not “step 3 is done and 4 too”."""
    subjects = [
        (
            understood.command.path,
            tuple(text for name, text in understood.raw.items() if _tells_apart(understood, name)),
        )
        for understood in asked
    ]
    return len(set(subjects)) < len(subjects)


def _tells_apart(understood: Understood, name: str) -> bool:
    """Return True for an option that two requests differ by: what they're about, or how many hours they log."""
    option = understood.command.option(name)
    return _is_listed(understood, name) or (option is not None and bool(option.declared.unit))


def _is_listed(understood: Understood, name: str) -> bool:
    """Return True if an option has its values from a list, such as the caller's steps."""
    option = understood.command.option(name)
    return option is not None and (option.declared.suggest is not None or option.declared.choices is not None)
