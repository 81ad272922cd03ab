"""Finding the values a sentence mentions: dates, hours, times, days, places, links, and entries of lists like steps or titles."""

from __future__ import annotations

import calendar
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from mentorbot.chat.cards import Choice
from mentorbot.errors import BadValue
from mentorbot.slash.converters import ParseContext, accepts
from mentorbot.slash.dates import read_range
from mentorbot.slash.intents import COMMON_WORDS, NOW, Mention, Wording, slot_of, word_spans
from mentorbot.slash.negation import is_negation
from mentorbot.slash.numbers import in_digits, names_unit
from mentorbot.slash.registry import NoValue, OptionSpec, OptionType, Registry
from mentorbot.slash.times import times_of_bare_hour, times_of_half

OwnValues = Callable[[OptionSpec], Awaitable[Sequence[Choice]]]
"""Looks up the values an option can have among the caller's own data, e.g. their steps."""
_MAX_WORDS = {"date": 9, "time": 6, "zone": 3, "day": 5, "number": 3}
_MAX_OWN_WORDS = 9
"""Words of a value that only one command can read, e.g. quiet hours."""
_STARTS_A_VALUE = re.compile(
    r"\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|today|tonight|tomorrow|tmrw|tmr|next|this|the|in|"
    r"end|eod|eob|cob|eow|eom|week|mid|middle|start|beginning|first|second|third|last|rest|after|every|daily|noon|midnight|mornings?$|afternoons?$|evenings?$|half|halb|quarter|a$|an$|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"christmas|easter|new|spring|summer|autumn|fall|winter|couple|another|from|between|for$|quiet|silent|nothing|no$|not$|"
    r"don['’]?t$|never$|only$",
    re.IGNORECASE,
)
_STARTS_A_DAY = re.compile(r"mon|tue|wed|thu|fri|sat|sun|today|tomorrow", re.IGNORECASE)
_WORKING_HOURS = (7, 18)
"""Of the two times a bare hour may mean, the one nearer to these hours is offered, and the offer says so."""
_BEFORE_TIME = frozenset({"at", "around", "about"})
_BEFORE_HOUR = _BEFORE_TIME | {"by", "until", "till", "before", "after", "since", "from"}
_AFTER_TIME = frozenset(
    {"on", "every", "each", "in", "please", "pls", "instead", "then", "local", "and", "but", "from"}
)
_DAYS = {name.lower() for name in calendar.day_name}
_CALENDAR_WORDS = sorted(
    {
        *_DAYS,
        *(f"{day}s" for day in _DAYS),
        *(name.lower() for name in calendar.month_name if len(name) > 4),
        "tomorrow",
    }
)
_MIN_SLIP_LENGTH, _MIN_NAME_LENGTH, _MIN_SHORT_LENGTH = 5, 3, 4
"""Letters of the shortest slip, of the shortest word that alone names a step, and of the shortest beginning of one."""
_ENDS_WITH_TIME = re.compile(
    r"(?:\d:\d\d|\d ?[ap]m|\bnoon|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\s+$", re.IGNORECASE
)
_LEADS_TO_PLACE = frozenset({"in", "to", "from", "near", "at", "zone", "is", "for"})
_LINK = re.compile(r"https?://\S*[^\s.,;:!?)\]]")
_CHANNEL = re.compile(r"<#[^<>\s]+>|(?<![\w&/])#[a-z][\w-]*", re.IGNORECASE)
_ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        ["first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th", "eighth 8th"],
        start=1,
    )
    for word in words.split()
}
_NUMBERED = re.compile(
    r"(?:(?:steps?|tasks?)(?: (?:number|no|nr))?|number|no(?=\.)|nr|#)\.?\s*#?(?P<digits>\d{1,3})\b|#(?P<tag>\d{1,3})\b"
    r"|\b(?:step|task|number(?! one\b)) (?P<word>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    rf"|\b(?P<rank>{'|'.join(_ORDINALS)}) (?:step|task|one)\b",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\b(?:the |my )?(?:very )?last (?:step|task|one)\b(?: (?:on|in|of) (?:the|my|this) (?:list|plan)\b"
    r"| (?:that )?(?:i|you) (?:\w+ )?added\b|(?! (?:that |which )?(?:i|you|we|was|week|month|time)\b))",
    re.IGNORECASE,
)
_I_DID = re.compile(
    r"\b(?:i|i['’]ve)(?: just| already| have)? (?:did|done|finished|completed|wrapped|closed)\b", re.IGNORECASE
)
"""Whoever has done “the last one” means what they had before them."""
_AND_NUMBER = re.compile(
    r"(?:\s*[,&+]\s*(?:and\s+)?|\s+and\s+)#?(?P<digits>\d{1,3})\b"
    r"(?!\s*(?:h|hrs?|hours?|m|mins?|minutes?|days?|weeks?|months?|%|on|for|of)\b|[.:/]\d)",
    re.IGNORECASE,
)
"""Another step after one that's named by its number: “steps 3 and 4”."""
_RANKS = ("quiet", "hours", "minutes", "date", "day", "time", "zone", "number")
"""Of several values in the same words, the first of these counts: “2 h” is rather two hours than two o'clock."""
_NOW = frozenset({"today", "tonight", "this week", "the week", "week", "now"})
_DATE_CUES = frozenset({"by", "until", "till", "on", "from", "to", "before", "due", "since"})
"""“What do I do today” names no date, but “by today” does."""
_ON = r"(?:on |at |for |in )?(?:the |step )?"
_EXCLUDED = re.compile(
    rf"\b(?:(?:any|every|all|each)(?:\w+| \w+)? (?:but|except)|except|instead of|rather than) {_ON}$", re.IGNORECASE
)
_REJECTED = re.compile(rf"\bnot {_ON}$", re.IGNORECASE)
"""Words before a value that isn't meant: always, and if another one is mentioned (“not friday, monday”)."""
_RULED_OUT = re.compile(
    r"(?: (?:morning|afternoon|evening|night|lunch ?time)s?)?,?\s+(?:(?:wo|does|would|do|did|ca)n['’]?t|no longer"
    r"|never works?|(?:is|are|was|get|gets) (?:always |usually |now |just |really )?"
    r"(?:too|not|impossible|full|bad|no good|busy|out|hard|tricky|difficult|terrible|awful|crazy|packed|hectic)"
    r"|(?:is|are)n['’]?t)\b",
    re.IGNORECASE,
)
_OWN_DAY = re.compile(
    r",?\s+(?:i|we)(?:(?:['’]?m|['’]?re| am| are) (?!free|available|around|here|fine)[a-z]+"
    r"| (?:have|leave|work|teach|travel|never|do(?:n['’]?t| not)|ca(?:n['’]?t|nnot)))\b",
    re.IGNORECASE,
)
"""Words after a value that isn't meant if another one is mentioned: “friday won't work, tuesday”.

Neither is a day of the week if it's what someone does then: “fridays I'm off”.
"""
_REFUSED = re.compile(
    r"\b(?:(?:(?:ca|do|wo)n['’]?t|cannot|can not|do not|never|no longer|avoid)(?: [\w-]+){0,2}"
    r"|(?:i['’]?m|i am|we['’]?re) (?:always |usually |now )?(?:off|out|away|busy|gone|unavailable))(?: on)? (?:any |my |the )?$",
    re.IGNORECASE,
)
"""Words before a day that doesn't suit someone: “I can't do fridays”."""
_SUITS = re.compile(r"\b(?:better|works?|suits?|fine|good|instead|please|pls|rather)\b", re.IGNORECASE)
_JOINS_DAYS = re.compile(r"\s*,?\s*(?:or|and|nor|&)\s*(?:on )?", re.IGNORECASE)
REFUSED_DAY = "refused-day"
"""The slot of a day that doesn't suit someone who names no day that does."""
_SILENCED = re.compile(
    r"\b(?:no|not|never|nothing|without|stop|mute|silence|silent|quiet|can['’]?t|cannot|won['’]?t|don['’]?t)\b"
    r"(?: [\w'’-]+){0,4} (?:on|over|during|at)(?: the)? $",
    re.IGNORECASE,
)
"""Words before days when nothing should come: “mute me on weekends”, “don't message me on fridays”."""
_RATE = re.compile(
    r"\b(?:(?:\d+|once|twice|times|one|two|three|four|five|six|seven|eight|nine|ten|few|fewer|more|many)(?: [a-z]+)?|"
    r"an? (?!week|month|day)[a-z]+) $",
    re.IGNORECASE,
)
_SHIFT = re.compile(r"(?:\d+|[a-z]+(?: of)?) (?:day|week|fortnight|month)s?", re.IGNORECASE)
_SHIFTED = re.compile(r"\s*(?:later|earlier|sooner|forward|back)\b", re.IGNORECASE)
_SHIFTS = frozenset({"back", "by", "forward"})
"""“Push it back two weeks” and “two weeks later” move something by that much: they name no day."""
_A_TIME, _EACH_TIME = re.compile(r"\d a$", re.IGNORECASE), re.compile(r"\s+(?:day|week|month|year)\b", re.IGNORECASE)
_DAY_AND_MONTH = re.compile(r"[0-3]?\d\.(?:0?[1-9]|1[0-2])")
_PER = re.compile(r"an? (?:day|week|fortnight|month|quarter|year)", re.IGNORECASE)
"""In “two messages a week” and “3 times a month”, “a week” and “a month” are no dates."""
_TAKES_AWAY = (
    r"(?:remove|clear|delete|drop|cancel|scrap|forget|erase|unset|lose|ditch|kill|strip|get rid of|"
    r"(?:take|cross) (?:off|out|away)|(?:does ?n['’]?t|do not|don['’]?t|does not|no longer|did ?n['’]?t|shouldn['’]?t)"
    r"(?: actually| really)? (?:need|want|have)(?: to have)?|(?:has|have|with)? ?(?:no|without)|without)"
)
_ITS = r"(?:the |its |it['’]?s |their |my |that |any |an? |having (?:the |an? )?)*"
"""Words before the name of a value to say that there's to be none: “remove the deadline”, “doesn't need a date”."""
_ON_AFTER = re.compile(r"\s+on\b", re.IGNORECASE)
_ENDS_THEN = frozenset({"until", "till", "til", "untill", "back", "again", "by", "before"})
"""“Until next week” ends when the week begins, but who's away next week is away all week."""
_ENOUGH_OVERLAP, _LIKENESS = 0.5, 86
_WEAK_WEIGHT, _MAX_GAP = 0.4, 3
"""Weight of a word that alone names nothing: an entry's first word, and in a step any word that commands are worded with,
such as “work”. And the most words from one word of a name to its next."""
_BEING = "is isn't isnt are aren't arent was were be been"
_COPULAS = frozenset(_BEING.split())
_KINDS_OF_STEP = frozenset({"step", "task", "one", "thing", "bit", "item"})
"""Words people call a step: “the docker thing”."""
_FUNCTION = """
another each every either neither both half other others same such own certain few fewer less least several many much most more
none nothing nobody something someone somebody anything anyone anybody everything everyone everybody whatever whichever
whoever myself yourself himself herself itself ourselves yourselves themselves whose whom
above across after against along among around before behind below beneath beside besides between beyond despite during except
inside like near onto opposite outside over past per since through throughout toward towards under underneath until till upon
via within without although because else however if nor once than though unless whereas whether while yet
almost already always anyway away back enough ever forward here never often only quite rather soon still together too twice
"""
_NAMELESS = COMMON_WORDS | frozenset(_FUNCTION.split())
"""Words that build sentences (determiners, pronouns, prepositions, conjunctions and such adverbs): they never name a step."""
_ACRONYM_LENGTHS = range(3, 6)
_POINTING = frozenset({"the", "my"})
_BESIDE = frozenset({"and", "or", "with", "then", "before", "after", "behind", "for"})
"""Words that lead from one step to another."""
_LEADS_ON = re.compile(r"\s(?:to|of|with|for|in|on|about|from|by|at|into|that|who|and)\s", re.IGNORECASE)
"""Ends what an entry is, so that only its circumstances follow."""
_PREDICATE = "am so too very really feel feels i you we he she they it"
_BEFORE_PREDICATE = _COPULAS | frozenset(_PREDICATE.split())
"""After one of these, a lone word describes something else."""
_IN_FIGURES = re.compile(r"\d[:/.]\d")
_AMOUNT = "at in for with of than like least most only just about around over under another level"
_BEFORE_AMOUNT = frozenset(_AMOUNT.split())
"""After one of these, a lone number is no step's: “a room for 3”."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


class MentionFinder:
    """Finds what sentences mention, for the slots that a registry's declared sentences have."""

    def __init__(self, registry: Registry, wording: Wording) -> None:
        self._wording = wording
        self._options: dict[str, OptionSpec] = {}
        self._clearable: dict[str, set[str]] = {}
        for command in registry:
            named = {name for sentence in command.intents for name in re.findall(r"\{([a-z-]+)\}", sentence)}
            for option in command.options:
                if option.name in named and not option.declared.past:
                    self._options.setdefault(slot_of(option), option)
                self._clearable.setdefault(slot_of(option), set()).update(option.declared.clears)
        self._clearable = {slot: names for slot, names in self._clearable.items() if names}

    async def find(
        self, text: str, context: ParseContext, own_values: OwnValues, former_values: OwnValues
    ) -> list[Mention]:
        """List the values `text` mentions. Of two of one kind that overlap, the longer one counts; “3” may be two kinds.

        A former value, like a step that's done, is meant only if no other is.
        """
        text = self._with_days_mended(text)
        words = [_Word(text[start:end], start, end) for start, end in word_spans(text)]
        entries: list[Mention] = []
        for slot, option in self._options.items():
            choices = await self._choices(option, context, own_values)
            found = list(self._entries(slot, option, text, words, choices)) if choices else []
            if not found and option.declared.former and (former := await former_values(option)):
                found = list(self._entries(slot, option, text, words, former))
            entries += found
        # The “2” of “step 2 to 6 hours” is the step's.
        is_numbered = any(_NUMBERED.fullmatch(mention.text) for mention in entries)
        numbers = {mention.end - 1 for mention in _numbered("", text, words)} if is_numbered else set()
        typed = [*_links(text, words), *_channels(text, words), *self._typed(text, words, context, numbers)]
        cleared = list(self._cleared(text, words))
        all_found = _without_overlaps([*typed, *entries, *cleared])
        wanted = [mention for mention in all_found if not _is_unwanted(mention, text[: words[mention.start].start])]
        rejected = [mention for mention in wanted if _is_rejected(mention, text, words)]
        kept = [mention for mention in wanted if mention not in rejected]
        refused = list(_refused_days(all_found, kept, text, words))
        if not refused:
            return kept or wanted
        return [*(each for each in kept if not any(_overlap(each, day) for day in refused)), *refused]

    def _with_days_mended(self, text: str) -> str:
        """Mend slips in the names of days and months, unless the word is one people use: “mondey”, but not “match”."""
        mended = text
        for start, end in reversed(word_spans(text)):
            word = text[start:end].lower()
            if len(word) < _MIN_SLIP_LENGTH or word in _CALENDAR_WORDS or self._wording.is_known(word):
                continue
            limit = (len(word) + 1) // 4
            near = process.extractOne(word, _CALENDAR_WORDS, scorer=OSA.distance, score_cutoff=limit)
            if near is not None and near[0][0] == word[0]:
                mended = f"{mended[:start]}{near[0]}{mended[end:]}"
        return mended

    async def _choices(self, option: OptionSpec, context: ParseContext, own_values: OwnValues) -> Sequence[Choice]:
        if entries := option.declared.choices or option.declared.listed:
            return entries(context.pack)
        return await own_values(option) if option.declared.suggest is not None else ()

    def _typed(
        self, text: str, words: Sequence[_Word], context: ParseContext, taken: Collection[int]
    ) -> Iterator[Mention]:
        """Find values of a type, and those only their command reads; none begins with a word that's `taken`."""
        for slot, option in self._options.items():
            if option.declared.choices or option.declared.suggest or option.declared.listed:
                continue
            own = _MAX_OWN_WORDS if option.kind is OptionType.CUSTOM and option.declared.claims is None else 0
            longest = _MAX_WORDS.get(slot, 5 if slot == "hours" else own)
            for index in range(len(words)):
                if longest and index not in taken and self._may_start(slot, text, words, index):
                    yield from self._longest_value(slot, option, text, words, index, longest, context)

    def _cleared(self, text: str, words: Sequence[_Word]) -> Iterator[Mention]:
        """Find values that are to be taken away: “remove the deadline”, “take the date off”."""
        for slot, names in self._clearable.items():
            named = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
            patterns = (rf"\b{_TAKES_AWAY} {_ITS}(?:{named})\b", rf"\btake {_ITS}(?:{named}) (?:off|out|away)\b")
            for pattern in patterns:
                for match in re.finditer(pattern, text, re.IGNORECASE):
                    yield from _covering(slot, text, words, *match.span(), NoValue.NONE)

    def _may_start(self, slot: str, text: str, words: Sequence[_Word], index: int) -> bool:
        word = words[index].text
        if slot == "zone":
            near = {word.text.lower() for word in words[index + 1 : index + 4]}
            led = index > 0 and words[index - 1].text.lower() in _LEADS_TO_PLACE
            beside = _ENDS_WITH_TIME.search(text[: words[index].start]) is not None and not self._wording.is_known(word)
            return word[:1].isupper() or led or "time" in near or beside
        leads = self._options[slot].kind is OptionType.CUSTOM and word.lower() in _SHIFTS
        return leads or _STARTS_A_VALUE.match(word) is not None

    @staticmethod
    def _longest_value(
        slot: str,
        option: OptionSpec,
        text: str,
        words: Sequence[_Word],
        index: int,
        longest: int,
        context: ParseContext,
    ) -> Iterator[Mention]:
        if words[index].text.lower() == "the" and index + 1 < len(words) and _STARTS_A_DAY.match(words[index + 1].text):
            return  # the day itself comes next
        is_silenced = _SILENCED.search(text[: words[index].start]) is not None
        if is_silenced or _REJECTED.search(text[: words[index].start]):  # “not monday, tuesday” is no list
            commas = [
                count
                for count, word in enumerate(words[index:], start=1)
                if text[word.end : word.end + 1] == "," and (not is_silenced or _SUITS.search(text, word.end))
            ]
            longest = min([longest, *commas])
        for end in range(min(index + longest, len(words)), index, -1):
            value = text[words[index].start : words[end - 1].end]
            if slot == "day" and "," in value and _is_ruled_out(text, words[end - 1].end, is_day=True):
                continue  # “tuesdays, fridays I'm off” is no list either
            is_day = _DAY_AND_MONTH.fullmatch(value) and _before(words, index) not in _BEFORE_TIME
            if is_day and text.startswith(".", words[end - 1].end):
                value += "."  # “20.12.” is a day, “20.12” a time
            if slot == "time" and (halves := times_of_half(value)):
                yield Mention(slot, value, index, end, _likely_time(halves))
                return
            if not _may_be_value(slot, option, text, words, index, end):
                continue
            if value.lower() in _NOW and not (index and words[index - 1].text.lower() in _DATE_CUES):
                if slot == "date" and (days := _all_days(value, context)):
                    yield Mention(NOW, value, index, end, days, days)
                continue
            meant = in_digits(value) if slot == "number" else value
            if accepts(option, meant, context) and not (slot == "zone" and value.lower() in COMMON_WORDS):
                ends = any(word.text.lower() in _ENDS_THEN for word in words[max(index - 2, 0) : index])
                days = _all_days(value, context) if slot == "date" and not ends else ""
                yield Mention(slot, value, index, end, meant, days)
                return
        if slot == "time" and _is_bare_hour(words, index):
            likely = _likely_time(times_of_bare_hour(words[index].text))
            yield Mention(slot, words[index].text, index, index + 1, likely)

    def _entries(
        self, slot: str, option: OptionSpec, text: str, words: Sequence[_Word], choices: Sequence[Choice]
    ) -> Iterator[Mention]:
        """Find the entry of a list that the words name: by its number, or by the words that tell it from the others."""
        is_step = _is_numbered(choices)
        if is_step and (last := _LAST.search(text)) and not (_I_DID.search(text) and last[0].lower().endswith("one")):
            yield from _covering(slot, text, words, *last.span(), choices[-1].value)
            return
        if is_step and (numbered := list(_numbered(slot, text, words))):
            yield from numbered
            return
        if is_step:
            values = {choice.value for choice in choices}
            yield from (
                Mention(slot, word.text, index, index + 1, word.text)
                for index, word in enumerate(words)
                if word.text in values and self._may_be_step(text, words, index)
            )
        if (whole := _whole_entry(words, [(choice.value, _name_of(choice, option)) for choice in choices])) is not None:
            value, start, end = whole
            yield Mention(slot, text[words[start].start : words[end - 1].end], start, end, value)
            return
        yield from self._entries_by_words(slot, option, text, words, choices)

    def _entries_by_words(
        self, slot: str, option: OptionSpec, text: str, words: Sequence[_Word], choices: Sequence[Choice]
    ) -> Iterator[Mention]:
        """Find the entry, or the entries, with the words that tell it best from the others."""
        is_step = _is_numbered(choices)
        takes_several = is_step or option.declared.listed is not None
        hits, scores = self._scores(option, words, choices, is_strict=takes_several)
        taken: set[int] = set()
        for score in sorted({score for score in scores.values() if score >= _ENOUGH_OVERLAP}, reverse=True):
            if taken and (score < 1 or not takes_several):
                break  # a second one is named only by a word that's no other's
            winners = {value: _indexes(hits[value]) for value in scores if scores[value] == score}
            winners = {value: indexes for value, indexes in winners.items() if taken.isdisjoint(indexes)}
            for value, indexes in _told_apart(winners):
                if len(indexes) == 1 and _before(words, indexes[0]) in _BEFORE_PREDICATE:
                    return  # “Fridays are bad” isn't about the bad day in a step's name
                taken |= set(indexes)
                start, end = indexes[0], indexes[-1] + 1
                if is_step and _is_kind_of_step(words, end):
                    end += 1
                yield Mention(slot, text[words[start].start : words[end - 1].end], start, end, value)
        if is_step:
            yield from self._beside(slot, words, choices, taken)

    def _scores(
        self, option: OptionSpec, words: Sequence[_Word], choices: Sequence[Choice], *, is_strict: bool
    ) -> tuple[dict[str, dict[str, list[int]]], dict[str, float]]:
        """Map each entry to those of its terms that occur, with their offsets, and to the score they give it.

        A term counts the less the more entries have it.
        """
        names = {choice.value: f"{_name_of(choice, option)} {choice.value}" for choice in choices}
        terms = {value: self._terms(name, is_step=_is_numbered(choices)) for value, name in names.items()}
        hits = {value: _together(self._hits(words, own)) for value, own in terms.items()}
        occurring = (choice for choice in choices if hits[choice.value])
        weak = {choice.value: self._weak_terms(choice, option, is_strict=is_strict) for choice in occurring}
        scores = {
            value: sum(
                (_WEAK_WEIGHT if term in weak[value] and not _is_called(words, hits[value][term]) else 1.0)
                / sum(term in other for other in terms.values())
                for term in hits[value]
            )
            for value in terms
        }
        return hits, scores

    def _beside(
        self, slot: str, words: Sequence[_Word], choices: Sequence[Choice], taken: set[int]
    ) -> Iterator[Mention]:
        """Find steps that are named beside each other by what they are: “the exam before the talk”, but not “the talk” alone."""
        named: dict[str, int] = {}
        for index, word in enumerate(words):
            stem = self._wording.stem(word.text)
            owners = [choice.value for choice in choices if self._wording.stem(_head_of(choice.label)) == stem]
            is_beside = not (named or taken) or (index > 1 and words[index - 2].text.lower() in _BESIDE)
            if len(owners) == 1 and index not in taken and _before(words, index) in _POINTING and is_beside:
                named.setdefault(owners[0], index)
        if len(named) + bool(taken) > 1:
            for value, index in named.items():
                yield Mention(slot, words[index].text, index, index + 1, value)

    def _may_be_step(self, text: str, words: Sequence[_Word], index: int) -> bool:
        """Return False for a number that counts or measures something: “it was 3”, “3 GPUs”, “a room for 3”, “a 1:1”."""
        if _is_in_figures(text, words[index]):
            return False
        if _before(words, index) in _BEFORE_AMOUNT or any(
            word.text.lower() in _COPULAS for word in words[max(index - 2, 0) : index]
        ):
            return False
        after = words[index + 1] if index + 1 < len(words) else None
        return after is None or bool(text[words[index].end : after.start].strip()) or self._wording.is_known(after.text)

    def _weak_terms(self, choice: Choice, option: OptionSpec, *, is_strict: bool) -> frozenset[str]:
        """List the stems of an entry that alone don't name it: of its first word, most often a verb, and everyday words.

        “Read” doesn't name “Read the RAG paper”, and “worked 3 hours” isn't about “Find work close to the models”. A person's
        first name does, unless it's an everyday word too, like “Mark”.
        """
        words = re.findall(r"[^\W\d_]+", choice.label)
        named = is_strict or option.kind is OptionType.PERSON
        everyday = [word for word in words if named and self._wording.is_known(word)]
        first = [word for word in words[:1] if option.kind is not OptionType.PERSON and word.lower() != choice.value]
        return frozenset(self._wording.stem(word) for word in (*first, *everyday))

    def _terms(self, text: str, *, is_step: bool) -> frozenset[str]:
        """List the stems of an entry's telling words. Synonyms don't count here: “blocks” aren't blockers."""
        words = re.findall(r"[^\W_]+", text)
        nameless = _NAMELESS if is_step else COMMON_WORDS
        telling = (word for word in words if word.lower() not in nameless and not word.isdecimal())
        return frozenset(map(self._wording.stem, (*telling, *_acronyms(words))))

    def entry_named(self, text: str, skipped: Collection[int], choices: Sequence[Choice]) -> str:
        """Give the one entry that has a telling word of a text, even an everyday one, but none that's `skipped`; "" for none.

        “Log 2 hours on evaluation” can only be about the step with that word in its name.
        """
        words = [_Word(text[start:end], start, end) for start, end in word_spans(text)]
        left = [
            word
            for index, word in enumerate(words)
            if index not in skipped
            and len(word.text) >= _MIN_NAME_LENGTH
            and not is_negation(self._wording.stem(word.text))
        ]
        named = [choice.value for choice in choices if self._hits(left, self._terms(choice.label, is_step=True))]
        return named[0] if len(named) == 1 else ""

    def _hits(self, words: Sequence[_Word], terms: frozenset[str]) -> dict[str, list[int]]:
        """Map each of an entry's terms that occur to the offsets of the words."""
        hits: dict[str, list[int]] = {}
        for index, word in enumerate(words):
            stem = self._wording.stem(word.text)
            if word.text.lower() in COMMON_WORDS:
                continue
            near = stem if stem in terms else _near(stem, terms)
            if not near and not self._wording.is_known(word.text):
                near = _begun(word.text.lower(), terms)
            if near:
                hits.setdefault(near, []).append(index)
        return hits


def _indexes(hits: Mapping[str, list[int]]) -> list[int]:
    return sorted({index for positions in hits.values() for index in positions})


def _told_apart(found: Mapping[str, Sequence[int]]) -> list[tuple[str, list[int]]]:
    """List entries that are named equally well with their words: each by itself, or all with no value if they share any."""
    every = [index for indexes in found.values() for index in indexes]
    if len(every) == len(set(every)):
        return sorted(((value, list(indexes)) for value, indexes in found.items()), key=lambda entry: entry[1])
    return [("", sorted(set(every)))]


def _acronyms(words: Sequence[str]) -> Iterator[str]:
    """List what words in a row may be called for short: “ADR” for an architecture decision record."""
    initials = "".join(" " if word.lower() in COMMON_WORDS else word[0] for word in words)
    for length in _ACRONYM_LENGTHS:
        runs = (initials[start : start + length] for start in range(len(words) - length + 1))
        yield from (run for run in runs if " " not in run)


def _head_of(label: str) -> str:
    """Give the word that says what an entry is: the “talk” of “Give a talk to the team”."""
    words = re.findall(r"[^\W\d_]+", re.split(_LEADS_ON, label, maxsplit=1)[0])
    return words[-1] if words else ""


def _is_kind_of_step(words: Sequence[_Word], index: int) -> bool:
    """Return True for the “one” of “the docker one”, but not of “one week later”."""
    if index >= len(words) or words[index].text.lower() not in _KINDS_OF_STEP:
        return False
    after = words[index + 1].text.lower() if index + 1 < len(words) else ""
    return words[index].text.lower() != "one" or not (
        names_unit(f"1 {after}", "hours") or _SHIFT.fullmatch(f"1 {after}")
    )


def _is_called(words: Sequence[_Word], indexes: Iterable[int]) -> bool:
    """Return True for the “evaluation” of “the evaluation step” or “the evaluation one”."""
    return any(index + 1 < len(words) and words[index + 1].text.lower() in _KINDS_OF_STEP for index in indexes)


def _numbered(slot: str, text: str, words: Sequence[_Word]) -> Iterator[Mention]:
    """Find the steps named by their numbers, each of “step 2” and of “steps 3 and 4”."""
    for named in _NUMBERED.finditer(text):
        yield from _covering(slot, text, words, *named.span(), _number_named(named))
        end = named.end()
        while also := _AND_NUMBER.match(text, end):
            yield from _covering(slot, text, words, *also.span("digits"), also["digits"])
            end = also.end()


def _covering(slot: str, text: str, words: Sequence[_Word], start: int, end: int, value: str) -> Iterator[Mention]:
    """Mention a value that stands in a text from `start` to `end`."""
    covered = [index for index, word in enumerate(words) if start <= word.start < end]
    if covered:
        yield Mention(slot, text[start:end], covered[0], covered[-1] + 1, value)


def _number_named(numbered: re.Match[str]) -> str:
    """Give the number of the step that's named by it, in digits."""
    rank = _ORDINALS.get((numbered["rank"] or "").lower())
    word = (numbered["word"] or "").lower()
    return numbered["digits"] or numbered["tag"] or rank or ("1" if word == "one" else in_digits(word))


def _may_be_value(slot: str, option: OptionSpec, text: str, words: Sequence[_Word], index: int, end: int) -> bool:
    """Return False for words that could be a value of a slot by themselves, but mean something else in this sentence."""
    value = text[words[index].start : words[end - 1].end]
    match slot:
        case "date":
            return not _is_no_day(text, words, index, end)
        case "hours":
            return _is_quantity(slot, value)
        case "number":  # in “gone by 3”, it's an hour
            is_hour = _before(words, index) in _BEFORE_HOUR
            return _is_quantity(slot, value) and not is_hour and not _is_in_figures(text, words[index])
        case "time":  # neither “2 hrs on weekends” nor “2 a week” is two o'clock
            if _A_TIME.search(value) and _EACH_TIME.match(text, words[end - 1].end):
                return False
            return not names_unit(value, "hours") or _before(words, index) in _BEFORE_TIME
    # “None” may be no quiet hours, but in a sentence it's just a word.
    return option.kind is not OptionType.CUSTOM or end > index + 1


def _is_no_day(text: str, words: Sequence[_Word], index: int, end: int) -> bool:
    """Return True for words that could be a date but say how often something comes, or how far it moves."""
    value, before = text[words[index].start : words[end - 1].end], text[: words[index].start]
    if value.lower().endswith("now") and _ON_AFTER.match(text, words[end - 1].end):
        return True  # “from now on”
    if _before(words, index) == "every" or (_PER.fullmatch(value) and _RATE.search(before)):
        return True
    moved = _before(words, index) in _SHIFTS or _SHIFTED.match(text, words[end - 1].end) is not None
    return moved and _SHIFT.fullmatch(value) is not None


def _is_unwanted(mention: Mention, before: str) -> bool:
    """Return True for a value that's only mentioned as the one that isn't meant, by the text before it."""
    return _EXCLUDED.search(before) is not None or (
        mention.slot in ("day", "time") and _SILENCED.search(before) is not None
    )


def _is_rejected(mention: Mention, text: str, words: Sequence[_Word]) -> bool:
    """Return True for a value that's meant only if no other is, by the text around it."""
    before = text[: words[mention.start].start]
    if _REJECTED.search(before) or (mention.slot == "day" and _REFUSED.search(before)):
        return True
    is_day = mention.slot == "day" or mention.text.lower().removesuffix("s") in _DAYS
    return mention.slot in _RANKS and _is_ruled_out(text, words[mention.end - 1].end, is_day=is_day)


def _is_ruled_out(text: str, end: int, *, is_day: bool) -> bool:
    return any(pattern.match(text, end) for pattern in (_RULED_OUT, *((_OWN_DAY,) if is_day else ())))


def _refused_days(
    found: Sequence[Mention], kept: Sequence[Mention], text: str, words: Sequence[_Word]
) -> Iterator[Mention]:
    """Give the days that don't suit someone who names none that does: all of “I can't do mondays or fridays”."""
    groups: list[list[Mention]] = []
    for day in (mention for mention in found if mention.slot == "day"):
        last = groups[-1][-1] if groups else None
        if last and _JOINS_DAYS.fullmatch(text, words[last.end - 1].end, words[day.start].start):
            groups[-1].append(day)
        else:
            groups.append([day])
    if all(group[0] not in kept for group in groups):
        for group in groups:
            said = text[words[group[0].start].start : words[group[-1].end - 1].end]
            value = ", ".join(day.value for day in group)
            yield Mention(REFUSED_DAY, said, group[0].start, group[-1].end, value)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _together(hits: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Keep the largest group of hits that stand close together: a name isn't spread over a whole sentence."""
    indexes = sorted({index for positions in hits.values() for index in positions})
    groups: list[set[int]] = []
    for index in indexes:
        if groups and index - max(groups[-1]) <= _MAX_GAP:
            groups[-1].add(index)
        else:
            groups.append({index})
    largest = max(groups, key=len, default=set())
    kept = {term: [index for index in positions if index in largest] for term, positions in hits.items()}
    return {term: positions for term, positions in kept.items() if positions}


def _is_in_figures(text: str, word: _Word) -> bool:
    """Return True for a number that's only a part of one, like either of “1:1”."""
    return _IN_FIGURES.search(text, max(word.start - 2, 0), word.end + 2) is not None


def _before(words: Sequence[_Word], index: int) -> str:
    return words[index - 1].text.lower() if index else ""


def _is_bare_hour(words: Sequence[_Word], index: int) -> bool:
    """Return True for the “9” of “at 9 on mondays” and “mondays at 9 are fine”, and for “9ish”."""
    if not times_of_bare_hour(words[index].text):
        return False
    before = _before(words, index)
    after = words[index + 1].text.lower() if index + 1 < len(words) else ""
    of_day = index > 1 and words[index - 2].text.lower().removesuffix("s") in _DAYS
    ends = not after or after in _AFTER_TIME or _STARTS_A_DAY.match(after) is not None
    led = before in _BEFORE_TIME and (of_day or ends)
    return led or words[index].text.lower().endswith("ish")


def _all_days(text: str, context: ParseContext) -> str:
    """Give the first and the last day of a text that names a week or more; "" for a single day."""
    try:
        days = read_range(text, context.today)
    except BadValue:
        return ""
    return str(days) if days is not None and days.days > 1 else ""


def _likely_time(times: Sequence[str]) -> str:
    return min(times, key=_distance_from_working_hours)


def _distance_from_working_hours(text: str) -> int:
    """Give the hours between a time like “21:00” and the part of the day people mostly want messages in."""
    hour = int(text[:2])
    return max(_WORKING_HOURS[0] - hour, hour - _WORKING_HOURS[1], 0)


def _is_quantity(slot: str, text: str) -> bool:
    """Return True if hours come with their unit, and a number without one. “One” alone is no number: “another one”."""
    if slot == "hours":
        return names_unit(text, "hours")
    return text.isalnum() and text.lower() not in ("a", "an", "one", "zero")


def _is_numbered(choices: Sequence[Choice]) -> bool:
    return all(choice.value.isdecimal() for choice in choices)


def _name_of(choice: Choice, option: OptionSpec) -> str:
    """Give the part of a label that names the choice: “Markdown” of “Markdown, to read”."""
    return choice.label.partition(",")[0] if option.declared.choices is not None else choice.label


def _whole_entry(words: Sequence[_Word], named: Iterable[tuple[str, str]]) -> tuple[str, int, int] | None:
    """Find the longest name that stands in the words: its value, and the offsets of its first word and after its last."""
    lower = [in_digits(word.text.lower()) for word in words]
    found: list[tuple[int, str, int]] = []
    for value, name in named:
        label = re.findall(r"[^\W_]+", name.lower())
        start = next((at for at in range(len(lower)) if label and lower[at : at + len(label)] == label), None)
        if start is not None:
            found.append((len(label), value, start))
    if not found:
        return None
    length, value, start = max(found)
    return value, start, start + length


def _begun(word: str, terms: Iterable[str]) -> str | None:
    """Give the one term that a word is short for: “cert” for “certificate”; None if it's none, or may be several."""
    begun = [term for term in terms if term.startswith(word)] if len(word) >= _MIN_SHORT_LENGTH else []
    return begun[0] if len(begun) == 1 else None


def _near(stem: str, terms: Iterable[str]) -> str | None:
    if len(stem) < 5:
        return None
    return next((term for term in terms if len(term) > 4 and fuzz.ratio(stem, term) >= _LIKENESS), None)


def _links(text: str, words: Sequence[_Word]) -> Iterator[Mention]:
    for match in _LINK.finditer(text):
        yield from _covering("link", text, words, *match.span(), match[0])


def _channels(text: str, words: Sequence[_Word]) -> Iterator[Mention]:
    for match in _CHANNEL.finditer(text):
        yield from _covering("channel", text, words, *match.span(), match[0])


def _precedence(mention: Mention) -> tuple[int, int, int]:
    rank = _RANKS.index(mention.slot) if mention.slot in _RANKS else -1
    return mention.start - mention.end, rank, mention.start


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Drop what's part of a longer mention of the same slot, or of a typed value: “a week” in “5 hours a week” is no date."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_precedence):
        if not any(_is_part(mention, other) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _is_part(mention: Mention, other: Mention) -> bool:
    overlaps = mention.start < other.end and other.start < mention.end
    shorter = mention.end - mention.start < other.end - other.start
    typed = other.slot == "link" or (other.slot in _RANKS and (mention.slot in _RANKS or mention.text.isdecimal()))
    # The number of “every 2 weeks” or “at 8” counts nothing else.
    counted = shorter and (mention.slot == "number" or mention.text.isdecimal())
    counted |= (mention.slot, other.slot) == ("number", "time")
    return overlaps and (mention.slot == other.slot or (shorter and typed) or counted)
