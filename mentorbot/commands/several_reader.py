"""Sentences with several requests in them, like “log 2 hours and show my plan”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mentorbot.commands.change_reader import ChangeReader
from mentorbot.commands.chatter import mood_in
from mentorbot.commands.corrections import connecting_words
from mentorbot.commands.filling import fill, fill_match, for_each, names_of, rest_of
from mentorbot.commands.heard import Heard, Hearing, Surroundings, Understood
from mentorbot.commands.lexicon import PART_SCORE, QUESTION_SCORE, SURE_SCORE, Lexicon
from mentorbot.commands.remarks import asks_for_something, is_remark
from mentorbot.commands.request_ranker import RequestRanker
from mentorbot.commands.wording import IT, JOINED, ORDERS, QUOTED, UNREAL, WANTS_TO_KNOW
from mentorbot.slash.intents import is_open, words_of
from mentorbot.slash.registry import OptionSpec, Spoken

_LISTED = re.compile(
    rf"\s*,\s*(?=(?:(?:please|pls) )?(?:{'|'.join(sorted(ORDERS))})\b|"
    r"\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|m|mins?|minutes?)\b(?! (?:a|an|per|each|every)\b)\s+\w)",
    re.IGNORECASE,
)
"""Stands between things that are merely listed: “finish step 4, drop the game day”, “2 h on RAG, 1 h on Docker”."""
_BEGINS_ANEW = re.compile(
    r"(?:what|which|how|why|where|when|who|is|are|do|does|can|could|show|tell|give|list|explain)\b", re.IGNORECASE
)
"""Begins a question or a request of its own after the one before."""
_MAX_REQUESTS = 5
"""Requests in one sentence, each of which gets a button."""
_PACE = ("plan", "hours")
_GOES_ON = re.compile(r"\s*(?:(?:please|pls) )?\w+ (?:it|them|that|those)\b", re.IGNORECASE)
"""Says more of what was named before: “no tips on Mondays, send them on Fridays”."""
_BARE_AMOUNT = re.compile(r"^\d+(?=\s|$)(?! ?(?:h|hrs?|hours?|m|mins?|minutes?)\b)", re.IGNORECASE)


class SeveralReader:
    """Finds what each part of a sentence asks for."""

    def __init__(self, lexicon: Lexicon, ranker: RequestRanker, changes: ChangeReader) -> None:
        self._lexicon, self._ranker, self._changes = lexicon, ranker, changes

    async def as_several(self, sentence: str, around: Surroundings) -> Heard | None:
        """Hear each of several requests, like “log 2 hours and show my plan”; None unless every part clearly is one.

        “It” in a later part is the step of an earlier one. Of two questions, the first is answered, and of a request and a
        question, the question; the other gets a button.
        """
        parts = _parts_of(sentence)
        if len(parts) < 2 or UNREAL.search(sentence):
            return None
        asked = await self._asked_in(parts, around)
        if len(asked) == 1 and asked[0].command.writes:
            return Heard(Hearing.OFFER, (asked[0],), clear=True)
        is_same = len({understood.line for understood in asked}) < len(asked) or _is_one(asked)
        if not asked or is_same or len(asked) > _MAX_REQUESTS:
            return None
        if any(understood.command.writes for understood in asked):
            question = next(filter(self._is_question, asked), None)
            if question is None:
                return Heard(Hearing.OFFER, tuple(asked), several=True)
            asked.sort(key=lambda each: each is not question)
        elif not all(_BEGINS_ANEW.match(part.strip()) for part, _ in parts[1:]):
            return None  # “data scientists and ML engineers” are two things in one question
        return Heard(Hearing.RUN, tuple(asked), several=True)

    def _is_question(self, understood: Understood) -> bool:
        return understood.command.path == (self._lexicon.registry.fallback_command,)

    async def _asked_in(self, parts: Sequence[tuple[str, bool]], around: Surroundings) -> list[Understood]:
        """List what the parts of a sentence ask for; nothing unless every part clearly asks for something."""
        asked: list[Understood] = []
        for before, (part, is_listed) in zip(["", *(part for part, _ in parts)], parts, strict=False):
            last = asked[-1] if asked else None
            if last is not None and (longer := await self._as_longer(last, before, part, around)):
                asked[-1] = longer
                continue
            if is_listed and last is not None and (_takes_more(last) or not last.raw or _GOES_ON.match(part)):
                return []  # “I'm ill, skip this week” gives a reason, and “tell Ben I'm late, move on without me” is one message
            heard = await self._alike(part, asked, around) or await self._part_heard(part, asked, around)
            if not heard and not await self._is_aside(part, asked, around):
                return []
            if last is not None and len(heard) == 1 and (both := _as_one(last, heard[0])):
                asked[-1] = both
            elif last is not None and len(heard) == 1 and (fuller := _fuller(last, heard[0])):
                asked[-1] = fuller
            else:
                asked += heard
        return asked

    async def _as_longer(self, last: Understood, before: str, part: str, around: Surroundings) -> Understood | None:
        """Take a part for the rest of the request before it; None for one of its own."""
        return await self._with_entry_added(part, last, around) or await self._as_pair(before, part, around)

    async def _as_pair(self, before: str, part: str, around: Surroundings) -> Understood | None:
        """Hear one request about two things of the same kind: “swap the talk and | the demo”; None for others."""
        mentions = await self._lexicon.mentions_in(part, around)
        if not mentions or rest_of(part, {index for mention in mentions for index in mention.words}):
            return None
        whole = f"{before} and {part}"
        mentions = await self._lexicon.mentions_in(whole, around)
        ranked = await self._ranker.rank(whole, mentions, around)
        heard = fill_match(ranked[0], whole, mentions) if ranked and ranked[0].score >= PART_SCORE else None
        own = [name for name in heard.raw if _is_listed(heard, name)] if heard else []
        return heard if len(own) > 1 else None

    async def _alike(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> list[Understood]:
        """Hear the request before with values or words of its own."""
        again = await self._same_again(part, earlier, around) or await self._another(part, earlier, around)
        return [again] if again else []

    async def _is_aside(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> bool:
        """Return True for what someone only remarks beside a request that takes no words of theirs: “… Took forever!”."""
        if any(map(_takes_more, earlier)) or asks_for_something(part):
            return False
        if not is_remark(part) and mood_in(part) is None:
            return False
        mentions = await self._lexicon.mentions_in(part, around)
        ranked = [] if mentions else await self._ranker.rank(part, mentions, around)
        return not mentions and (not ranked or ranked[0].score < PART_SCORE)

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

    async def _another(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> Understood | None:
        """Hear another text with an amount after one that has both: “add a talk, 4 h, and | a demo, 2 h”; None for others."""
        if not earlier or not _takes_more(first := earlier[-1]):
            return None
        texts = {option.name for option in first.command.options if _is_text(option) and option.name in first.raw}
        amounts = {option.name for option in first.command.options if option.declared.unit and option.name in first.raw}
        mentions = await self._lexicon.mentions_in(part, around)
        # “Build a vector db” is about no step with a building in its name.
        if not texts or not amounts or any(mention.slot == "steps" and mention.end > 1 for mention in mentions):
            return None
        own = fill(first.command, (), part, mentions, texts)
        return own if texts | amounts <= own.raw.keys() else None

    async def _part_heard(self, part: str, earlier: Sequence[Understood], around: Surroundings) -> list[Understood]:
        """Hear one of several requests, for each thing it names; none if it isn't clearly one.

        After a free text, it may be the rest of that. What asks more about the subject of a question, as in “what is a PIP and
        when do you do it”, is part of that.
        """
        if earlier and self._is_question(earlier[-1]) and IT.search(part) and WANTS_TO_KNOW.match(part.strip()):
            return []
        mentions = await self._lexicon.mentions_in(part, around)
        if changed := await self._changes.read(part, mentions, around):
            return changed
        ranked = await self._ranker.rank(part, mentions, around)
        after_text = bool(earlier) and any(
            is_open(option) and option.name in earlier[-1].raw for option in earlier[-1].command.options
        )
        question = self._lexicon.question_in(part, around.rough.pack)
        enough = QUESTION_SCORE if question else SURE_SCORE if after_text or not earlier else PART_SCORE
        if ranked and ranked[0].score >= enough:
            heard = await self._lexicon.with_entry(fill_match(ranked[0], part, mentions), part, ranked[0].words, around)
            step = next((other.raw["step"] for other in earlier[::-1] if "step" in other.raw), None)
            if step and heard.command.option("step") is not None and "step" not in heard.raw:
                heard = replace(heard, raw={**heard.raw, "step": step})
            return for_each(await self._lexicon.with_it(heard, part, around), mentions, part)
        ask = self._lexicon.registry.commands.get((self._lexicon.registry.fallback_command,))
        if ask is None or after_text or not question:
            return []
        return [Understood(ask, {ask.options[0].name: part.strip()})]


def _parts_of(sentence: str) -> list[tuple[str, bool]]:
    """List the parts of a sentence that may each ask for something, and whether only a comma is before them."""
    parts = [part for part in _split(JOINED, sentence) if part.strip()]
    listed = [_split(_LISTED, part) for part in parts]
    return [(each, bool(index)) for several in listed for index, each in enumerate(several) if each.strip()]


def _split(joint: re.Pattern[str], text: str) -> list[str]:
    """Split a text where something's joined, but never inside quotes."""
    quoted = [match.span() for match in QUOTED.finditer(text)]
    joints = [each.span() for each in joint.finditer(text)]
    outside = [span for span in joints if not any(start < span[0] < end for start, end in quoted)]
    starts, ends = [0, *(end for _, end in outside)], [*(start for start, _ in outside), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _fuller(first: Understood, second: Understood) -> Understood | None:
    """Give that of two that ask for the same of which one has all values: “stuck. No idea how to start with the talk”."""
    if first.command.path != second.command.path:
        return None
    return first if not second.raw else second if not first.raw else None


def _takes_more(understood: Understood) -> bool:
    """Return True for a command whose text may go on, like a message or what's in the way."""
    return any(
        is_open(option) and option.declared.spoken in (Spoken.REST, Spoken.MESSAGE, Spoken.REASON)
        for option in understood.command.options
        if option.name in understood.raw or option.declared.greedy
    )


def _is_text(option: OptionSpec) -> bool:
    return is_open(option) and option.declared.greedy and option.declared.spoken is Spoken.REST


def _as_one(first: Understood, second: Understood) -> Understood | None:
    """Put two requests that change different things about the same step into one; None if they aren't that."""
    if first.command.path == _PACE and second.command.option(_PACE[1]) is not None and _PACE[1] not in second.raw:
        return replace(second, raw={**first.raw, **second.raw})  # “I have 5 hours a week, make me a plan”
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
    return _is_listed(understood, name) or (option is not None and (bool(option.declared.unit) or _is_text(option)))


def _is_listed(understood: Understood, name: str) -> bool:
    """Return True if an option has its values from a list, such as the caller's steps."""
    option = understood.command.option(name)
    return option is not None and (option.declared.suggest is not None or option.declared.choices is not None)
