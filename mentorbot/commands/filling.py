"""Filling in a command's options with what a sentence mentions, and a free text with the words that are left."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mentorbot.commands.addressed import ALL_LEARNERS
from mentorbot.commands.heard import Understood
from mentorbot.commands.wishes import subject_in
from mentorbot.commands.wording import ORDERS, POLITE_END, QUOTED
from mentorbot.slash.intents import (
    COMMON_WORDS,
    NOW,
    TYPED_SLOTS,
    IntentMatch,
    Mention,
    clauses_of,
    is_open,
    slot_of,
    word_spans,
    words_of,
)
from mentorbot.slash.registry import CommandSpec, NoValue, OptionSpec, OptionType, Spoken
from mentorbot.slash.relative_days import RETURNS
from mentorbot.slash.times import read_weekdays

_LEADING = re.compile(r"^(?:that|about|to|and|so|because|as|since|:)\s+", re.IGNORECASE)
"""Words people put before a message: “tell Ben that …”."""
_MESSAGE_LEADING = re.compile(
    r"^(?:(?:know|and|to|that|about|because|as|since|say|saying|:|please|pls)\b[\s,:]*|"
    r"(?:(?:an?|the|this|my|some) )?(?:message|note|dm|word|line|feedback)\b(?=\s*:|\s+(?:saying|that|about)\b|\s*$)[\s:]*)+",
    re.IGNORECASE,
)
"""Words between a person and the message to them: “let Ben know that …”, “send Ben a note: …”."""
_WISHED_WORDS = (
    r"(?:congrat\w*|kudos|props|(?:many |big |huge )?(?:thanks|thank you|thx)|hi|hello|hey|regards|greetings|cheers|welcome|"
    r"well done|good luck|get well(?: soon)?|(?:best|all the best) wishes|(?:happy|merry) \w+)"
)
_WISHED = re.compile(
    r"(?:^|[,.!]\s*)(?:(?:please|pls|can you|could you|let['’]?s|a|an|my|some|big|huge|say|send|pass(?: on| along)?|give|"
    r"forward)\s+)*"
    rf"(?:(?P<words>{_WISHED_WORDS}(?: (?!to\b)\w+)?)\s+to|thank)\s+(?:my \w+ |our )?$",
    re.IGNORECASE,
)
"""What's said for someone, before them: “kudos to Dana”, “pass on a thank you to Chen”."""
_PASS_IT_ON = re.compile(
    r"[\s,.;!]*(?:\b(?:(?:can|could|would) (?:you|u)|please|pls)\s+)*\b(?:pass (?:it|that|this) (?:on|along)|"
    r"(?:send|tell|forward) (?:it|that|this|him|her|them)(?: to (?:him|her|them))?|from me)\b"
    r"[\s,]*(?:please|pls|for me)?[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks to give a message to someone, after its words."""
_A_NOTE = r"(?:an? |the |this )?(?:short |quick )?(?:note|message|dm)"
_MESSAGE_TO = re.compile(
    r"\b(?:(?:tell|ask|let|give|leave|send|drop|write|message|dm|ping|text|remind)(?: to)? "
    rf"(?:{_A_NOTE} (?:to|for) )?(?:(?P<pronoun>{ALL_LEARNERS}|him|her|them)|my (?:mentor|mentee|learner))|"
    r"^(?:please )?(?:reply|respond)(?! to\b)(?: back)?)\b[\s,:]*",
    re.IGNORECASE,
)
"""Words before a message to someone who isn't named."""
_PROVES = re.compile(
    r"(?:[\s,.;!–-]|\b(?:is|are|was) (?:done|finished)\b)*"
    r"(?::|\b(?:(?:the |my |as |here['’]?s (?:the |my )?)*(?:proof|evidence|link)|see|shown by|as shown)\b)",
    re.IGNORECASE,
)
"""Stands between what's done and the words that show it."""
_TIMES = frozenset(TYPED_SLOTS.values()) - {"number"} | {"hours", "minutes", "channel"}
"""Slots of values that mean something wherever they're mentioned."""
_MIN_REASON_WORDS, _MIN_TEXT_WORDS = 3, 2
_COLON = re.compile(r":\s+(?=\w)")
_NAMED = re.compile(r"\bcall (?:it|this|that)\b:?", re.IGNORECASE)
"""Comes before a new name."""
_ABOUT = re.compile(r"\b(?:about|on|regarding|around|to do with|related to)\s+(?P<topic>\S.*)$", re.IGNORECASE)
"""Comes before what something's about."""
_BEFORE_NAME = frozenset({"to", "as", "into"})
_ROUGHLY = re.compile(
    r"\b(?:(?:before|after|around|over|at) (?:lunch|work|breakfast|dinner)|(?:early )?(?:morning|afternoon|evening)s?)\b",
    re.IGNORECASE,
)
"""Part of a day, which is no time yet."""
_BEFORE_PART = re.compile(r",?\s*(?:in the |at |right |somewhere )?", re.IGNORECASE)
_ROUGH_TIMES = {
    "before lunch": "11:00",
    "after lunch": "13:00",
    "lunch": "12:00",
    "before work": "08:00",
    "after work": "18:00",
    "work": "09:00",
    "after breakfast": "09:00",
    "breakfast": "08:00",
    "after dinner": "20:00",
    "dinner": "19:00",
    "early morning": "08:00",
    "morning": "09:00",
    "early afternoon": "13:00",
    "afternoon": "14:00",
    "early evening": "17:00",
    "evening": "18:00",
}
"""A time to offer for a part of a day."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "day", "deadline", "due date"),
    "time": ("time", "hour"),
    "day": ("day",),
    "zone": ("zone", "time zone"),
    "hours": ("hours", "time"),
}
"""Names people give a value by its kind, beside those its option declares."""
_LASTING = frozenset({OptionType.WEEKDAYS, OptionType.ZONE})
"""Types of options that say how things are from now on, so “this week” isn't heard by their commands."""
_MIN_NAME_LENGTH = 4
_ARTICLES = frozenset({"the", "my", "step", "task"})
_PLACES = frozenset({"after", "before", "behind"})
_JOINS = re.compile(r"(?:\s|,|&|\+|\band\b|\bstep\b)+", re.IGNORECASE)
"""Words between things that are listed."""
_NO_MESSAGE = frozenset({"", "this", "it", "again"})
"""Says that there's a message, but not which: “tell my mentor this”."""
_ASKS_HELP = re.compile(
    r"(?:(?:can|could|would|will|do|does|is|are|should|shall|may) (?:you|u|i|we|anyone|someone|somebody|there)\b|"
    r"(?:what|how|who|which|where|please|pls|any|need (?:some )?(?:help|advice))\b|\w+ (?:some )?help\b)",
    re.IGNORECASE,
)
"""Asks what to do about being stuck, which isn't why somebody is."""
_TO_PLAN = re.compile(r"\s+(?:to|on|in|into|onto) (?:the|my) (?:learning )?(?:plan|list|steps)$", re.IGNORECASE)
"""Ends what's to be added."""
_FIRST_DAY = re.compile(r"(?:from|starting|since|as of)\s", re.IGNORECASE)
_LAST_DAY = re.compile(r"(?:until|till|til|untill|to|through|thru)\s", re.IGNORECASE)
"""What comes before the first and the last of several days."""
_DEADLINE = re.compile(r"(?:until|till|til|untill|by|before|since)\s", re.IGNORECASE)
_SPAN = re.compile(r"\d.*(?:[-–]|\b(?:to|til+|until|through)\b).*\d", re.IGNORECASE)
"""What comes before a single day, and what names several."""
_LEADS_TO_VALUE = re.compile(
    r"(?:[\s,;(–-]+(?:[~≈]|ca|circa|approx|approximately|about|around|roughly|maybe|probably|some|say|(?:it |that |which )?"
    r"(?:should|will|would|might|could)? ?takes?|need(?:s|ing)?|est|estimated(?: at)?|for|with))+$",
    re.IGNORECASE,
)
_SO_MANY = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)"
_COUNT_SAID = re.compile(
    rf"\b(?:(?:max(?:imum)?|at most|only|just|with|no more than|up to) {_SO_MANY}\b(?: (?!at\b|on\b)[a-z]+){{0,2}}|"
    rf"{_SO_MANY}(?: [a-z]+){{1,4}} (?:at most|max(?:imum)?|at a time|each time|at once))\b",
    re.IGNORECASE,
)
"""Says how many of something there are to be."""
_ONLY_ONCE = re.compile(
    r"\b(?:(?:just|only) (?:for )?(?:this|next) (?:week|month|time)|(?:this|next) (?:week|month|time) only|"
    r"(?:just|only)(?: this)? once)\b",
    re.IGNORECASE,
)
"""Says that something isn't to last."""
_RHYTHM = re.compile(r"\bevery (?:\d+|two|three|four|other) (?:days|weeks?|months)\b", re.IGNORECASE)
"""Says how often something is to come, if not every week."""
_PASSED = re.compile(r"^(?:today|yesterday|now|this (?:week|morning)|last .*|.* ago)$", re.IGNORECASE)


def fill(
    command: CommandSpec,
    used_words: Iterable[int],
    sentence: str,
    mentions: Sequence[Mention],
    texts: Collection[str] = (),
) -> Understood:
    """Fill in the options of a command with what a sentence mentions, and a free text with the words that are left.

    A free text that isn't the command's subject is filled only if it's one of `texts`.
    """
    raw: dict[str, str] = {}
    used_words = frozenset(used_words)
    used, left = set(used_words), _outside_message(command, sentence, mentions)
    taken: list[Mention] = []
    for option in command.options:
        others = _leads_elsewhere(option, command)
        fitting = [mention for mention in left if fills(mention, option) and not _is_led(mention, sentence, others)]
        if option.kind is OptionType.PERSON:
            fitting = _beside_request(fitting, used_words, sentence)
        if option.declared.led:
            fitting = [mention for mention in fitting if _is_led(mention, sentence, _leads_to(option))]
        whole = _from_to(fitting, option, sentence)
        fitting = [each for each in fitting if _is_such_a_day(each, option, command, sentence)]
        mention = whole or _likeliest(fitting, option, sentence, comes_first=bool(texts))
        if mention is not None and option.is_typed:
            chosen = [each for each in fitting if each.value and option.declared.listed] or [mention]
            raw[option.name] = ", ".join(_value_for(option, each) for each in chosen)
            taken += [_with_lead(each, option, sentence) for each in chosen]
            used |= {index for each in taken for index in each.words}
            left = [
                other for other in left if all(other.end <= each.start or other.start >= each.end for each in chosen)
            ]
    if (at := _time_of_day(command, sentence, taken)) is not None:
        raw = {**at, **raw}
    named = {name for intent in command.intents for name in re.findall(r"\{([a-z-]+)\}", intent)}
    open_option = next(
        (
            option
            for option in command.options
            if option.name in named - raw.keys() and is_open(option) and _may_be_told(option, texts, sentence)
        ),
        None,
    )
    if open_option is None:
        return Understood(command, raw)
    if open_option.declared.spoken is Spoken.SUBJECT:
        subject = subject_in(sentence)
        return Understood(command, {**raw, open_option.name: subject} if subject else raw)
    if open_option.declared.spoken is not Spoken.MESSAGE:
        sentence = POLITE_END.sub("", sentence)
    if text := _free_text(command, open_option, sentence, used, taken, mentions):
        raw[open_option.name] = _without_lead_to_value(text, sentence, taken)
    return Understood(command, raw)


def fill_match(match: IntentMatch, sentence: str, mentions: Sequence[Mention]) -> Understood:
    """Fill in a command with what a sentence mentions, and with what asking for it like that implies."""
    understood = fill(match.command, match.words, sentence, mentions, match.texts)
    return replace(understood, raw={**match.implied, **understood.raw})


def _value_for(option: OptionSpec, mention: Mention) -> str:
    if option.declared.past:
        return mention.text  # “this week” has begun already
    return (option.declared.ranges and mention.days) or mention.value or mention.text


def _may_be_told(option: OptionSpec, texts: Collection[str], sentence: str) -> bool:
    """Return True if a sentence may have words for a free text: it's what the command is about, or they're introduced."""
    introduced = (Spoken.REASON, Spoken.SUBJECT, Spoken.TOPIC)
    if option.declared.greedy or option.name in texts or option.declared.spoken in introduced:
        return True
    is_given = _NAMED.search(sentence) or QUOTED.search(sentence)
    return option.declared.spoken is Spoken.NAME and is_given is not None


def _leads_to(option: OptionSpec) -> frozenset[str]:
    """List the words that come right before an option's value, in a sentence as in a command."""
    return frozenset({option.name, *option.declared.called})


def _leads_elsewhere(option: OptionSpec, command: CommandSpec) -> frozenset[str]:
    """Give the words that lead to another thing of the same kind as an option's, like the “after” of “after step 3”."""
    others = [other for other in command.options if other.declared.led and slot_of(other) == slot_of(option)]
    return frozenset().union(*map(_leads_to, others)) - _leads_to(option)


def lands_in(mention: Mention, option: OptionSpec, sentence: str) -> bool:
    """Return True if a value is one of an option, and stands behind the word that leads to it if it needs one: “after step 3”."""
    return fills(mention, option) and (not option.declared.led or _is_led(mention, sentence, _leads_to(option)))


def _is_led(mention: Mention, sentence: str, names: Collection[str]) -> bool:
    return _led_from(mention, sentence, names) is not None


def _led_from(mention: Mention, sentence: str, names: Collection[str]) -> int | None:
    """Give the offset of the word from some that comes right before a value, or before its article; None if there's none."""
    if mention.end - mention.start > 1 and word_at(sentence, mention.start) in names:
        return mention.start
    start = mention.start - 1
    while start > 0 and (word := word_at(sentence, start)) in _ARTICLES and word not in names:
        start -= 1
    return start if start >= 0 and word_at(sentence, start) in names else None


def _with_lead(mention: Mention, option: OptionSpec, sentence: str) -> Mention:
    """Take a word for the option along with the value after it: “until friday”, “after the talk”."""
    start = _led_from(mention, sentence, _leads_to(option))
    return mention if start is None else replace(mention, start=start)


def _free_text(
    command: CommandSpec,
    option: OptionSpec,
    sentence: str,
    used: set[int],
    taken: Sequence[Mention],
    mentions: Sequence[Mention],
) -> str:
    """Give the words that are left for a free text.

    Beside something of the caller's own, like a step or a person, it's what comes after that, as typed. Words there prove
    nothing unless they're said to: “finished the talk, took forever”.
    """
    spoken = option.declared.spoken
    earlier = command.options[: command.options.index(option)]
    own = [mention for mention in taken if any(fills(mention, each) and each.declared.suggest for each in earlier)]
    if quoted := QUOTED.search(sentence):
        return quoted[1].strip()
    if spoken is Spoken.NAME and (named := _NAMED.search(sentence)):
        start = next((index for index, span in enumerate(word_spans(sentence)) if span[0] >= named.end()), None)
        return _up_to_value(sentence, start, taken) if start is not None else ""
    if spoken is Spoken.TOPIC:
        return _topic(sentence, used, mentions)
    if not own:
        return _text_by_itself(command, option, sentence, used, taken, mentions)
    end = max(mention.end for mention in own)
    if spoken is Spoken.REASON:
        return _reason_after(sentence, end, mentions)
    if spoken is Spoken.MESSAGE and (wish := _wish_to(sentence, own)):
        return wish
    text = _message_after(sentence, end) if spoken is Spoken.MESSAGE else _words_after(sentence, end, used, taken)
    if (spoken is Spoken.PROOF and not _is_proof(text, sentence, end)) or (
        spoken is Spoken.NAME and not _is_name(sentence, end)
    ):
        return ""
    is_when = any(mention.text == text.rstrip(" .!") for mention in mentions if mention.slot in _TIMES)
    return text if not is_when and rest_of(text, set()) else ""


def _text_by_itself(
    command: CommandSpec,
    option: OptionSpec,
    sentence: str,
    used: set[int],
    taken: Sequence[Mention],
    mentions: Sequence[Mention],
) -> str:
    """Give a free text that follows nothing of the caller's own.

    It's a message, why somebody's stuck, or what's left beside the words that ask.
    """
    spoken = option.declared.spoken
    if spoken is Spoken.MESSAGE and (message := _message_to(sentence)):
        return message
    if spoken is Spoken.REASON:
        return _reason_after(sentence, min(used) + 1, mentions) if used else ""
    if not option.declared.greedy:
        return ""
    if text := _after_colon(sentence, taken):
        return text
    before = set(range(min(used, default=0)))
    note = _rest_after_request(sentence, used) if spoken is Spoken.MESSAGE else ""
    rest = rest_of(sentence, used | before) or rest_of(sentence, used)
    text = _LEADING.sub("", _without_kind(command, note or _up_to_next_clause(rest, sentence, taken)))
    return text if spoken is not Spoken.PROOF or "/" in text else ""


def _up_to_next_clause(text: str, sentence: str, taken: Sequence[Mention]) -> str:
    """End a text where a clause begins that has a value: “something on tests to the plan, | maybe 10 h, done by may”."""
    spans, start = word_spans(sentence), sentence.find(text)
    if start < 0:
        return text
    valued = [spans[mention.start][0] for mention in taken]
    for first, last in clauses_of(sentence):
        begins, ends = spans[first][0], spans[last - 1][1]
        if start < begins < start + len(text) and any(begins <= at < ends for at in valued):
            return _TO_PLAN.sub("", sentence[start:begins].rstrip(" ,;.:(–-"))
    return text


def _topic(sentence: str, used: set[int], mentions: Sequence[Mention]) -> str:
    """Give the words after those that lead to what something's about, but for a time: “an interview on monday”."""
    about = _ABOUT.search(sentence)
    if about is None:
        return ""
    before = sum(start < about.start("topic") for start, _ in word_spans(sentence))
    times = {index for mention in mentions if mention.slot in _TIMES for index in mention.words}
    return rest_of(sentence, used | times | set(range(before)))


def _message_after(sentence: str, end: int) -> str:
    """Give everything that's to be told the person whose name ends before word `end`."""
    spans = word_spans(sentence)
    return _MESSAGE_LEADING.sub("", sentence[spans[end][0] :]).strip() if end < len(spans) else ""


def _words_after(sentence: str, end: int, used: set[int], taken: Sequence[Mention]) -> str:
    """Give the words from `end` on that aren't used, up to a value that was taken for an option."""
    start = next((index for index in range(end, len(word_spans(sentence))) if index not in used), None)
    return "" if start is None else _LEADING.sub("", _up_to_value(sentence, start, taken))


def _is_proof(text: str, sentence: str, end: int) -> bool:
    """Return True for a link, or words after a step's name that are said to prove it's done."""
    return "/" in text or _PROVES.match(sentence[word_spans(sentence)[end - 1][1] :]) is not None


def _is_name(sentence: str, end: int) -> bool:
    """Return True if a new name follows a step's name, as in “rename the talk to …”."""
    return end < len(word_spans(sentence)) and word_at(sentence, end) in _BEFORE_NAME


def _without_lead_to_value(text: str, sentence: str, taken: Sequence[Mention]) -> str:
    """Drop from the end of a text what only leads to the value after it: “review our prompts, roughly | 3 hours”."""
    end = sentence.find(text) + len(text)
    spans = word_spans(sentence)
    follows = any(
        not sentence[end : spans[mention.start][0]].strip(" ,;.:(-–")
        for mention in taken
        if spans[mention.start][0] >= end
    )
    return (_LEADS_TO_VALUE.sub("", text) or text) if follows else text


def _after_colon(sentence: str, taken: Sequence[Mention]) -> str:
    """Give the words after a colon, which are the text itself: “add this to my plan: read X”; "" if they're hardly one."""
    spans = word_spans(sentence)
    colon = _COLON.search(sentence)
    start = next((index for index, span in enumerate(spans) if colon and span[0] >= colon.end()), len(spans))
    text = _up_to_value(sentence, start, taken) if start < len(spans) else ""
    return text if len(text.split()) >= _MIN_TEXT_WORDS else ""


def _up_to_value(sentence: str, start: int, taken: Sequence[Mention]) -> str:
    """Give the words from the one at `start` on, up to a value that was taken for an option."""
    spans = word_spans(sentence)
    end = min((mention.start for mention in taken if mention.start > start), default=len(spans))
    return sentence[spans[start][0] : spans[end][0] if end < len(spans) else len(sentence)].strip(" ,;")


def _outside_message(command: CommandSpec, sentence: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Leave out what a message to someone tells: “tell her that Ben was great” is for her, not for Ben."""
    takes_message = any(option.declared.spoken is Spoken.MESSAGE for option in command.options)
    addressed = _MESSAGE_TO.search(sentence) if takes_message else None
    if addressed is None or not addressed["pronoun"]:
        return list(mentions)
    spans = word_spans(sentence)
    return [mention for mention in mentions if spans[mention.start][0] < addressed.end()]


def _message_to(sentence: str) -> str:
    """Give every word that's to be told someone who isn't named: “tell her | I'm on it”; "" if they say no more than that."""
    addressed = _MESSAGE_TO.search(sentence)
    message = _MESSAGE_LEADING.sub("", sentence[addressed.end() :]).strip() if addressed else ""
    return "" if message.lower().strip(" .!?") in _NO_MESSAGE else message


def _wish_to(sentence: str, own: Sequence[Mention]) -> str:
    """Give what's said for someone with all that belongs to it: “kudos to Dana | for the demo”; "" for other messages."""
    spans, start = word_spans(sentence), own[0].start
    wished = _WISHED.search(sentence[: spans[start + (word_at(sentence, start) == "to")][0]])
    if wished is None:
        return ""
    after = _PASS_IT_ON.sub("", sentence[spans[own[0].end - 1][1] :]).strip()
    return f"{wished['words'] or 'thanks'} {after}".strip(" ,;:")


def _rest_after_request(sentence: str, used: set[int]) -> str:
    """Give the words after those that ask for something, with the common ones: “tell my mentor | I'll be late”."""
    spans = word_spans(sentence)
    start = next((index for index in range(len(spans)) if index not in used), len(spans))
    rest = used | set(range(start))
    if not start or start == len(spans) or any(index >= start for index in used):
        return ""
    return sentence[spans[start][0] :].strip() if rest_of(sentence, rest) else ""


def _reason_after(sentence: str, end: int, mentions: Sequence[Mention]) -> str:
    """Give what's in the way, which is a clause of its own after the step: “stuck on 3, can't get access”.

    A mere value is no reason: “step 2 is hard, need until friday”.
    """
    spans = word_spans(sentence)
    start = next((first for first, _ in clauses_of(sentence) if first >= end), len(spans))
    text = _LEADING.sub("", sentence[spans[start][0] :]).strip() if start < len(spans) else ""
    values = [mention for mention in mentions if mention.start >= start and mention.slot in _TIMES]
    if values and not rest_of(sentence, {*range(start), *(index for value in values for index in value.words)}):
        return ""
    first = text.lower().partition(" ")[0]
    is_reason = first != "but" and first not in ORDERS and not _ASKS_HELP.match(text)
    return text if len(text.split()) >= _MIN_REASON_WORDS and is_reason else ""


def _without_kind(command: CommandSpec, text: str) -> str:
    """Drop what a free text is, as the command's label calls it, from its beginning: “step: read X”, “step to read X”."""
    kind = words_of(command.label.split("|")[-1])[-1:]
    begins = rf"^(?:{'|'.join(map(re.escape, kind))})(?:\s*:\s*|\s+(?:about|on|for)\s+|\s+(?=(?:to|that)\b)|$)"
    return re.sub(begins, "", text, count=1, flags=re.IGNORECASE) if kind else text


def fills(mention: Mention, option: OptionSpec) -> bool:
    """Return True if a value is one of an option; “no deadline” is only of one that can be taken away."""
    if mention.value == NoValue.NONE and not option.declared.clears:
        return False
    return (
        mention.slot == slot_of(option)
        or (mention.slot == "link" and option.declared.spoken is Spoken.PROOF)
        or (mention.slot == NOW and option.declared.ranges)
    )


def word_at(sentence: str, index: int) -> str:
    start, end = word_spans(sentence)[index]
    return sentence[start:end].lower()


def _likeliest(
    mentions: Sequence[Mention], option: OptionSpec, sentence: str, *, comes_first: bool = False
) -> Mention | None:
    """Choose among values an option can have: one that follows a word for the option, like “until”; of days, the last one.

    People name the day that doesn't suit them before the one that does. If a free text comes after it, it's the first one.
    """
    called = {option.name, *option.declared.called}
    led = [mention for mention in mentions if mention.start and word_at(sentence, mention.start - 1) in called]
    days = option.kind in (OptionType.WEEKDAY, OptionType.WEEKDAYS)
    named = [
        mention for mention in mentions if not mention.text.isdecimal() or comes_first
    ]  # in “3 on tracing”, 3 is no step
    return next(iter(led or (mentions[::-1] if days else named or mentions)), None)


def _beside_request(mentions: Sequence[Mention], used: Collection[int], sentence: str) -> list[Mention]:
    """Keep the people named up to where something's asked for: not Ben of “I want another mentor, Ben has no time”."""
    ends = [end for start, end in clauses_of(sentence) if any(start <= at < end for at in used)]
    return [each for each in mentions if not ends or each.start < max(ends)]


def _from_to(mentions: Sequence[Mention], option: OptionSpec, sentence: str) -> Mention | None:
    """Put a first and a last day together that stand apart: “no pings till 3 jan, I'm off from the 14th”; None for others."""
    if not option.declared.ranges:
        return None
    first = next((each for each in mentions if _begins_with(each, sentence, _FIRST_DAY)), None)
    others = [each for each in mentions if each is not first]
    last = next((each for each in others if _begins_with(each, sentence, _LAST_DAY)), None)
    back = next((each for each in others if RETURNS.search(sentence[: word_spans(sentence)[each.start][0]])), None)
    if first is None or (last := last or back) is None:
        return None
    days = f"{first.text} {'back' if last is back else 'to'} {_LAST_DAY.sub('', last.text)}"
    return Mention(first.slot, days, min(first.start, last.start), max(first.end, last.end), days)


def _is_such_a_day(mention: Mention, option: OptionSpec, command: CommandSpec, sentence: str) -> bool:
    """Return False for days an option doesn't mean: “until friday” is no day of every week, and “fridays” is no date."""
    if option.kind is OptionType.WEEKDAYS:
        return not _begins_with(mention, sentence, _DEADLINE)
    if mention.slot != "date":
        return True
    if option.declared.past:
        return True  # “since monday”, and “last week”
    if option.kind is OptionType.DATE_RANGE and option.declared.ranges and not mention.days:
        return False  # a day isn't all of its week
    if option.kind is OptionType.DATE and any(each.kind is OptionType.WEEKDAYS for each in command.options):
        return read_weekdays(mention.text) is None and not _SPAN.search(mention.text)
    named, ranges = "from" in option.declared.called, option.declared.ranges
    takes_first = (named or bool(mention.days)) if not ranges else named and bool(mention.days)
    return takes_first or not _begins_with(mention, sentence, _FIRST_DAY)  # nobody is away until the day they leave


def _begins_with(mention: Mention, sentence: str, lead: re.Pattern[str]) -> bool:
    before = f"{word_at(sentence, mention.start - 1)} " if mention.start else ""
    return lead.match(mention.text) is not None or lead.match(before) is not None


def for_each(understood: Understood, mentions: Sequence[Mention], sentence: str) -> list[Understood]:
    """Ask for the same with each of several things: “3 and 4 are done”. A command that reads shows only one."""
    own = (each for each in understood.command.options if each.declared.suggest and not each.declared.led)
    option = next(own, None)
    if option is None or not understood.command.writes:
        return [understood]
    spans = word_spans(sentence)
    named = [mention for mention in mentions if fills(mention, option) and mention.value]
    joined = all(
        _JOINS.fullmatch(sentence[spans[one.end - 1][1] : spans[other.start][0]]) for one, other in pairwise(named)
    )
    is_one = {mention.value for mention in named} <= set(understood.raw.values())  # “swap 3 and 4” asks for one thing
    if not joined or is_one or len(named) <= 1:
        return [understood]
    return [replace(understood, raw={**understood.raw, option.name: mention.value}) for mention in named]


def names_of(option: OptionSpec) -> set[str]:
    """List what people call an option: its own names, and those of its kind of value."""
    declared = {name for name in (option.name, *option.declared.called) if len(name) >= _MIN_NAME_LENGTH}
    return {*declared, *_KINDS.get(slot_of(option), ())}


def left_out(understood: Understood, mentions: Sequence[Mention], sentence: str) -> str:
    """Give the values someone mentions that the command has no option for, as typed, so that none is dropped in silence.

    When something was is no value to it: people tell about what they did.
    """
    given = list(understood.raw.values())
    taken = [
        mention
        for mention in mentions
        if any(mention.text in text or mention.value in text or text == mention.days for text in given)
    ]
    left = [
        mention
        for mention in mentions
        if (mention.slot in _TIMES or _is_numbered(mention))
        and not any(mention.start < other.end and other.start < mention.end for other in taken)
    ]
    said = [with_place(mention, sentence) for mention in left if not _PASSED.search(mention.text)]
    if any(option.kind in _LASTING for option in understood.command.options):
        said += [mention.text for mention in mentions if mention.slot == NOW and "week" in mention.text.lower()]
    if not any(option.name == "week" or option.declared.ranges for option in understood.command.options):
        said += [match[0] for match in _ONLY_ONCE.finditer(sentence) if not any(match[0] in text for text in said)]
    spans = word_spans(sentence)
    spoken_for = [(spans[each.start][0], spans[each.end - 1][1]) for each in (*taken, *left)]
    said += [
        match[0]
        for match in _COUNT_SAID.finditer(sentence)
        if not any(start < match.end() and match.start() < end for start, end in spoken_for)
        and not any(match[0] in text for text in given)
    ]
    said += [
        match[0]
        for match in _RHYTHM.finditer(sentence)
        if not any(start < match.end() and match.start() < end for start, end in spoken_for)
        and not any(match[0] in text for text in (*given, *said))
    ]
    timed = [option.name for option in understood.command.options if option.kind is OptionType.TIME]
    if timed and not set(timed) & understood.raw.keys():
        said += [match[0] for match in _ROUGHLY.finditer(sentence) if not any(match[0] in text for text in given)]
    return ", ".join(dict.fromkeys(said))


def _time_of_day(command: CommandSpec, sentence: str, taken: Sequence[Mention]) -> dict[str, str] | None:
    """Give a time for the part of a day named right after a day that was taken, which the offer shows: “tuesdays after lunch”."""
    option = next((each for each in command.options if each.kind is OptionType.TIME), None)
    spans = word_spans(sentence)
    for day in taken if option is not None else ():
        end = spans[day.end - 1][1]
        rough = rough_time(sentence[end:])
        if option and day.slot == "day" and rough and _BEFORE_PART.fullmatch(sentence, end, end + rough[1][0]):
            return {option.name: rough[0]}
    return None


def rough_time(text: str) -> tuple[str, tuple[int, int]] | None:
    """Give a time to offer for the part of a day that a text names, and where it stands; None if it names none."""
    named = _ROUGHLY.search(text)
    if named is None:
        return None
    time = next(time for part, time in _ROUGH_TIMES.items() if part in named[0].lower())
    return time, named.span()


def with_place(mention: Mention, sentence: str) -> str:
    """Give a value as typed, with the word that says where: “after 3”."""
    led = mention.start and word_at(sentence, mention.start - 1) in _PLACES
    start, end = word_spans(sentence)[mention.start - bool(led)][0], word_spans(sentence)[mention.end - 1][1]
    return sentence[start:end] if led else mention.text


def _is_numbered(mention: Mention) -> bool:
    """Return True for something of the caller's own that's named by its number, like “step 3”."""
    return mention.slot not in TYPED_SLOTS.values() and mention.value.isdecimal() and mention.value in mention.text


def text_words(understood: Understood, sentence: str) -> set[int]:
    """List the offsets of the words that a command's free texts have taken."""
    texts = (understood.raw.get(option.name, "") for option in understood.command.options if is_open(option))
    places = [(at, at + len(text)) for text in texts if text and (at := sentence.find(text)) >= 0]
    return {
        index
        for index, (start, _) in enumerate(word_spans(sentence))
        if any(first <= start < end for first, end in places)
    }


def rest_of(sentence: str, used: set[int]) -> str:
    """Return the words from the first telling one that isn't used yet to the last, as typed."""
    spans = word_spans(sentence)
    words = [re.sub("['’]", "", sentence[start:end].lower()) for start, end in spans]
    telling = [index for index, word in enumerate(words) if index not in used and word not in COMMON_WORDS]
    if not telling:
        return ""
    return sentence[spans[telling[0]][0] : spans[telling[-1]][1]]
