"""Changes said in a way of their own: “40 h for the exam is too much, make it 25”, “rename X to Y”, “one a day max”."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mentorbot.chat.cards import Choice
from mentorbot.commands.filling import fill
from mentorbot.commands.heard import Surroundings, Understood
from mentorbot.commands.lexicon import Lexicon
from mentorbot.commands.wording import POLITE_END, THE_ONE
from mentorbot.packs.schema import Pack
from mentorbot.slash.intents import COMMON_WORDS, Mention, word_spans, words_of
from mentorbot.slash.numbers import in_digits

_FINISH = ("plan", "done")
_LOG, _START, _RESTART = ("plan", "log"), ("plan", "start"), ("checkin", "restart")
_EDIT, _WEEK, _SETTINGS = ("plan", "edit"), ("plan", "hours"), ("checkin", "settings")
_HOURS = r"(?:h|hrs?|hours?)\b"
_SPLIT = ("plan", "split")
_SHARE, _ADD, _ROLE = ("pair", "share"), ("plan", "add"), ("role",)
_Said = tuple[tuple[str, ...], dict[str, str]]
"""The path of a command, and the values said for it."""
_MENTOR = re.compile(r"\bmy mentor\b", re.IGNORECASE)
_HIDES = re.compile(
    r"(?:\b(?:don['’]?t|do not|doesn['’]?t|does not|never|shouldn['’]?t|should not|mustn['’]?t|not|no longer|stop)\b.{0,40}"
    r"\b(?:see(?:ing)?|show(?:ing)?|shar(?:e|ing)|read(?:ing)?|view)\b|\b(?:hide|keep)\b)"
    r".*\b(?:my|i|i['’]?m|notes?|stuck|hours|progress|plan|check-?ins?|steps?|anything|everything|private)\b",
    re.IGNORECASE,
)
"""Says what a mentor isn't to see."""
_TO_SELF = re.compile(
    r"^(?:(?:a|quick|please|pls|make a|take a) )*(?:note|memo|reminder) (?:to|for) (?:my ?self|self|me)\b"
    r"[\s:,–-]+(?:that |to )?(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_I_AM = re.compile(
    r"\b(?:i['’]?m|i am|(?:i|we) (?:work|train|learn) as|make me|i (?:became|got hired as))"
    r"(?: (?:actually|really|now|just|rather|an?|the|more))*(?: of)?(?: an?)? $",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:not|actually|instead|wrong role|rather|no longer|anymore|any more|isn['’]?t|never)\b", re.IGNORECASE
)
"""How somebody says that they have a different role."""
_ASKED = re.compile(
    r"\?\s*$|^(?:what|which|how|why|when|who|can|could|does|do|is|are|will|should)\b(?! (?:you|u)\b)", re.IGNORECASE
)
_ASKS_HOW = re.compile(r"(?:how|why|when|what|who|should|is it|do you)\b", re.IGNORECASE)
_DONE_WHEN = re.compile(
    r"(?P<lead>.*)\b(?:done|finished|completed?)[ -](?:when|once|as soon as|means|criteri\w+)\b(?: (?:for|of|on) [^:]+)?"
    r"[\s:=]*(?P<when>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_PERSON = re.compile(r"\b(?:i|i['’]?m|we|when|tell|remind)\b", re.IGNORECASE)
"""How somebody says what it takes for a step to be done, and what they say of themselves instead."""
_SO_MANY = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_PART = r"(?:parts?|steps?|pieces?|chunks?|bits?|halves|sessions?|ones)"
_SPLITS = re.compile(
    r"\b(?:split|divid(?:e|ing)|halve|separate)\b(?! (?:off|out|from|between|up between)\b)", re.IGNORECASE
)
_CUTS = re.compile(r"\b(?:break|cut|chop|spread|slice|turn|make)\b", re.IGNORECASE)
_IN_PARTS = re.compile(
    rf"\b(?:{_PART} of (?:about )?)?(?P<each>\d{{1,3}}) ?(?:{_HOURS} )?each\b"
    rf"|\b{_PART} of (?:about )?(?P<big>\d{{1,3}}) ?{_HOURS}"
    rf"|\b(?:(?:in|into|over|across|to) )?(?P<of>{_SO_MANY} ?{_PART} (?:of|with|at|,) ?(?:about )?\d{{1,3}} ?{_HOURS})"
    rf"|\b(?P<hours>\d{{1,3}} ?(?:{_HOURS})?(?: ?(?:,? and|&|\+|/|,) ?\d{{1,3}} ?(?:{_HOURS})?)+)(?=\W*$|\s+(?:please|pls)\b)"
    rf"|\b(?:in|into|over|across|to) (?P<count>{_SO_MANY}(?: (?:equal |even |smaller )?{_PART}\b)?|half|halves)(?=\W|$)"
    rf"(?! ?(?:{_HOURS}|%|days?\b|weeks?\b|months?\b))"
    rf"|\b(?P<made>{_SO_MANY} (?:smaller )?{_PART}) (?:out )?of\b",
    re.IGNORECASE,
)
"""How somebody splits a step, and into what."""
_IN_PART = re.compile(
    r"\b(?:(?P<half>half(?:[- ]?way)?|midway)(?! (?:an hour|hours?|past|days?)\b)|(?P<third>(?:a|one) third)|"
    r"(?P<thirds>two[- ]thirds)|(?P<quarter>(?:a|one) quarter)|(?P<quarters>three[- ]quarters)|"
    r"(?P<percent>\d{1,2}) ?(?:%|per ?cent\b)(?! on\b))",
    re.IGNORECASE,
)
_PERCENT = {"half": 50, "third": 33, "thirds": 67, "quarter": 25, "quarters": 75}
_TELLS_DONE = re.compile(
    r"\b(?:done|did|read|finished|completed|through|into|worked|covered|watched|wrote|written|built|made|got|i['’]?m|i am|is)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:will|going to|gonna|want|need|should|would|could|can|let['’]?s|plan to|have to)\b", re.IGNORECASE
)
"""How somebody says how much of a step is done, and what they say of things still to come."""
_THERE_IS = re.compile(
    r"^(?:(?:so|and|also|btw|ok|hey|fyi|well|heads up)[\s,:]+)*"
    r"(?:i(?:['’]?ve| have)(?: got)?|we(?:['’]?ve| have)(?: got)?|there['’]?s|there is|my|our|the)\b"
    r".*\b(?:exam|deadline|presentation|submission|defen[cs]e|due date)\b",
    re.IGNORECASE,
)
_REMIND = re.compile(
    r"^(?:(?:please|pls|can you|could you|and|also)[\s,]+)*"
    r"remind me (?:about|of|to (?:do|finish|start|continue|begin)) ",
    re.IGNORECASE,
)
"""How somebody names the day something has to be ready for, or is to be remembered on."""
_FINISHED = re.compile(
    r"\b(?:finished|completed|wrapped up|done with|(?:is|am|['’]m|['’]s|now) (?:now |all |finally )?done)\b",
    re.IGNORECASE,
)
_TOOK = re.compile(r"\b(?:took|taken|needed|spent|cost|in (?:only |just )?\d|after \d)", re.IGNORECASE)
_SHOWS = re.compile(
    r"\b(?:here(?:['’]?s| is| are)|this is|that['’]?s|proof|evidence|link|it['’]?s at|published|written up)\b",
    re.IGNORECASE,
)
_WONT = re.compile(
    r"\b(?:wo n['’]?t|won['’]?t|wont|can['’]?t|cant|cannot|will not|not going to|never going to|"
    r"no (?:chance|way)(?: (?:i|we)['’]?ll)?(?: to)?) (?:\w+ )?(?:make|manage|finish|be (?:done|ready|finished)|get|do|have)\b",
    re.IGNORECASE,
)
_INSTEAD_OF = re.compile(r"\b(?:but|rather|instead|more like|make it|till|until|by then)\b|[.;!]\s", re.IGNORECASE)
"""How somebody says that a step is done and what it took, shows what proves it, or won't have it by its day."""
_UNSTUCK = re.compile(
    r"\bun-?(?:stuck|blocked)\b|\b(?:not|no longer|n['’]?t) (?:really |actually )?(?:stuck|blocked)\b", re.IGNORECASE
)
_SOLVED = re.compile(
    r"\b(?:got|have|has|received|works?|working|fixed|solved|resolved|sorted|arrived|came|granted|approved|available|"
    r"cleared|gone|understand|understood|back|answered|replied)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"n['’]t\b|\b(?:not|no|never|still|wait(?:ing)?|until|till|if|when|once|will|need|want|should|would|could|might|tomorrow|next)\b|\?",
    re.IGNORECASE,
)
"""How somebody says that what was in the way isn't any more, and that it still is."""
_ALL_SETTINGS = ("settings",)
_NO_MESSAGES = re.compile(
    r"\b(?:no|stop(?: the| all| these| your)?|without)(?: (?:more|weekly|regular|further|automatic))* "
    r"(?:messages?|msgs?|notifications?|pings?|dms?|reminders?)\b|"
    r"\b(?:don['’]?t|do not|never|stop) (?:messag(?:e|ing)|text(?:ing)?|ping(?:ing)?|dm|writ(?:e|ing))(?: to)? me\b",
    re.IGNORECASE,
)
_NOTE, _END = ("pair", "note"), ("pair", "end")
_IS_OVER = re.compile(
    r" (?:and|&) (?:i|me|myself) (?:are|were|is)(?: (?:now|all|both))? (?:finished|done|through)\b", re.IGNORECASE
)
_TELLS = re.compile(
    r"(?:(?:please|pls|also|and|can|could|you|u) )*(?:tell|ask|remind|inform|notify|message|text|dm|write(?: to)?)\s+@?",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:\s*,|\s+(?:and|&))(?:\s+and)?\s+", re.IGNORECASE)
_OF_MENTORS = re.compile(r"\b(?:to (?:be(?:come)? )?(?:my )?mentor\b|mentor me\b)", re.IGNORECASE)
"""How somebody asks to pass something on, and what they ask of a mentor through the bot instead."""
_DAYS_A_WEEK = 7
_MESSAGE = r"(?:messages?|msgs?|pings?|dms?|notifications?|texts?|reminders?|times|mails?)"
_RATE = re.compile(
    rf"\b(?P<count>\d{{1,2}}|once|twice|one|two|three|four|five|six|seven)(?: (?:\w+ )?{_MESSAGE})?(?: from you)?"
    r"(?: ?(?:a|an|per|each|every|/) ?)(?P<unit>day|week|wk)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:max(?:imum)?|at (?:the )?most|(?:no|not) (?:more|over)(?: often)?(?: than)?|limit|cap|only|tops|"
    r"is (?:enough|plenty|fine))\b",
    re.IGNORECASE,
)
_TOO_MANY = re.compile(
    rf"\btoo (?:many|much|often)\b.*\b(?:{_MESSAGE}|(?:writ|messag|ping|text)\w*)\b|"
    rf"\b(?:{_MESSAGE}|(?:writ|messag|ping|text|spam)\w*)\b.*\btoo (?:many|much|often)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:h|hrs?|hours?|minutes?|mins?|tips?|quiz\w*|questions?|recall|check-?ins?|check in|digest|steps?|learners?|people|"
    r"mentees?|report|on (?:mon|tue|wed|thu|fri|sat|sun)\w*)\b|\d ?h\b",
    re.IGNORECASE,
)
"""How somebody limits how often they're written to, and what else may come so often."""
_AMOUNT = re.compile(rf"\d ?{_HOURS}", re.IGNORECASE)
_DONE = re.compile(
    r"\bi(?:['’]?ve)?(?: only| just| already)? (?:did|done|worked|logged|spent|managed)\b", re.IGNORECASE
)
_JUDGED = re.compile(
    r"\b(?:too\b(?! late| early| busy| tired)|(?:not|never|(?:is|are|was|wo)n['’]?t)(?: be)? (?:really |quite |nearly )?"
    r"(?:enough|realistic|sufficient|do)\b|unrealistic|(?:over|under)estimated)",
    re.IGNORECASE,
)
"""Says that what a step has isn't right."""
_SUFFICE = re.compile(
    r"\bHOURS\b(?: (?:is|are|should be|would be|will be|must be)|['’]s) (?:more than |quite |probably )?"
    r"(?:enough|plenty|fine|sufficient)\b|\bHOURS (?:(?:will|should|would|must) do|suffices?)\b"
)
"""Says that fewer hours are enough; its own word stands for them."""
_BETTER = re.compile(
    rf"(?<![\w#.:])(?<!step )(?<!number )(?P<number>\d{{1,3}}(?:[.,]5)?)(?![\d:.,]*[\d:])\b(?! ?(?!{_HOURS})"
    r"(?:%|[ap]m\b|m\b|min|days?\b|weeks?\b|months?\b|per\b|a\b|an\b|each\b|every\b))",
    re.IGNORECASE,
)
"""The number somebody names instead."""
_WEEKLY = re.compile(r"\b(?:a|an|per|each|every) (?:week|day|month)\b|/ ?w(?:ee)?k", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:take|cut|shave|knock|remove|drop|subtract|deduct|trim|lose)\b.{0,20}?\bHOURS\b"
    r"(?: \w+)?? (?:off|from|out of|away)\b"
    r"|\b(?:reduce|shorten|cut|lower|shrink|trim)\b.{1,40}\bby HOURS\b|\bHOURS (?:less|fewer|shorter)\b|\bminus HOURS\b"
    r"|\btake off HOURS\b"
)
_MORE = re.compile(
    r"\b(?:add|give|put|needs?|takes?|plan|make)\b.{0,40}?"
    r"\b(?:(?:another|an extra|extra|additional) HOURS|HOURS (?:more|extra|longer|on top))\b"
    r"|\b(?:extend|increase|raise|lengthen|stretch)\b.{1,40}\bby HOURS\b|\badd HOURS to STEP\b"
)
_TO = re.compile(
    r"\b(?:cut|bring|get|reduce|shorten|shrink|trim|lower|extend|increase|raise|bump|stretch)\b.{1,40}?"
    r"(?:\b(?:down|up|back)\b )?\bto HOURS\b"
)
"""How somebody changes a step's hours; its own words stand for a value that's mentioned."""


_STARTS = (
    r"(?:(?:please|pls|ok(?:ay)?|also|and|let['’]?s|(?:i|we) (?:want|need|would like|wanna)(?: to)?|"
    r"i['’]?d like(?: to)?)[\s,]+)*"
)
_NAME = r"(?:name|title|text|wording|description)"
_RENAMES = tuple(
    re.compile(rf"^{_STARTS}{pattern}\s*$", re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"(?:rename|retitle|reword|relabel|rephrase)\s+[\"“„](?P<old>[^\"“”„]+)[\"“”]\s*(?:to|into|as|:|->|→)\s*(?P<new>.+)",
        r"(?:rename|retitle|reword|relabel|rephrase)\s+(?P<old>.+?)(?:\s+(?:to|into|as)\b|\s*(?::|->|→))\s*(?P<new>.+)",
        rf"(?:change|edit|set|make) (?:the |its )?{_NAME} of (?P<old>.+?)(?:\s+(?:to|into)\b|\s*:)\s*(?P<new>.+)",
        r"(?:change|edit|turn) [\"“„](?P<old>[^\"“”„]+)[\"“”] (?:to|into) [\"“„](?P<new>[^\"“”„]+)[\"“”].{0,20}",
        r"(?:call|name) (?!(?:it|this|that)\b)(?P<old>.+?) [\"“„](?P<new>[^\"“”„]+)[\"“”].{0,20}",
        r"(?P<old>.+?) (?:should|can|could|must|to) (?:now |rather |better )?be (?:called|named|renamed to)\b:?\s*(?P<new>.+)",
    )
)
"""How somebody gives a step another name."""


class ChangeReader:
    """Reads what a sentence changes about a step's hours or its name, or about the hours or the messages per week."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def read(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> list[Understood]:
        """List the commands that make the change, without a value if none is named; none if a sentence makes no change."""
        said = _resized(sentence, mentions) or _capped(sentence) or _hidden(sentence, mentions) or _noted(sentence)
        said = said or _switched(sentence, mentions, around.rough.pack) or await self._renamed(sentence, around)
        said = said or _silenced(sentence, mentions) or self._done_when(sentence, mentions)
        said = (
            said or _done_in_part(sentence, mentions) or _ready_by(sentence, mentions) or _redated(sentence, mentions)
        )
        if said is None and (split := self._in_parts(sentence, mentions)):
            understood = Understood(self._lexicon.registry.commands[_SPLIT], split)
            return [await self._lexicon.with_it(understood, sentence, around)]
        changes = _finished_in(sentence, mentions) or _with_proof(sentence, mentions)
        if said is not None and (when := self._done_when(sentence, mentions)) and when != said:
            changes = [said, when]
        changes = changes or ([said] if said else [])
        changes = changes or await self._passed_on(sentence, around)
        changes = changes or await self._ended(sentence, around) or await self._freed(sentence, mentions, around)
        return [Understood(self._lexicon.registry.commands[path], raw) for path, raw in changes]

    async def _passed_on(self, sentence: str, around: Surroundings) -> list[_Said]:
        """List the messages someone asks to pass on, whatever they're about: “tell Ben and Dana that step 2 is stuck”."""
        asked, note = _TELLS.match(sentence), self._lexicon.registry.commands[_NOTE]
        if asked is None or _OF_MENTORS.search(sentence):
            return []
        people = await around.own_values(note.options[0])
        told: list[str] = []
        at, to = asked.end(), _person_at(sentence, asked.end(), people)
        while to is not None:
            told, at = [*told, to[0]], to[1]
            also = _AND.match(sentence, at)
            to = _person_at(sentence, also.end(), people) if also else None
        spans = word_spans(sentence)
        first, last = (sum(start < place for start, _ in spans) for place in (asked.end(), at))
        if not told or first == last:
            return []
        person = Mention("contacts", sentence[spans[last - 1][0] : at], last - 1, last, told[-1])
        given = fill(note, {*range(first), last - 1}, sentence, [person], {"text"}).raw
        return [(_NOTE, {**given, "who": who}) for who in told] if "text" in given else []

    async def _ended(self, sentence: str, around: Surroundings) -> list[_Said]:
        """End a mentorship that's over: “Dana and I are finished”; nothing for others."""
        end = self._lexicon.registry.commands[_END]
        named = _person_at(sentence, 0, await around.own_values(end.options[0]))
        over = named is not None and _IS_OVER.match(sentence, named[1])
        return [(_END, {"who": named[0]})] if named is not None and over else []

    async def _freed(self, sentence: str, mentions: Sequence[Mention], around: Surroundings) -> list[_Said]:
        """Get back to a step that's no longer stuck: “I'm unstuck”, or “I got the quota” if that was in the way."""
        says_so = _UNSTUCK.search(sentence) is not None
        if not says_so and (not _SOLVED.search(sentence) or _NOT_YET.search(sentence)):
            return []
        stuck = await around.own_values(self._lexicon.registry.commands[_RESTART].options[0])
        named = {mention.value for mention in mentions if mention.slot == "steps"}
        freed = [choice.value for choice in stuck if choice.value in named]
        freed = freed or [choice.value for choice in stuck if self._shares_word(sentence, choice.note)]
        freed = freed or [choice.value for choice in stuck if says_so]
        if len(freed) == 1:
            return [(_START, {"step": freed[0]})]
        return [(_RESTART, {})] if says_so and stuck else []

    def _shares_word(self, sentence: str, blocker: str) -> bool:
        """Return True if a sentence has a telling word of what's in the way of a step."""
        stems = ({self._lexicon.wording.stem(word) for word in words_of(text)} for text in (sentence, blocker))
        said, in_the_way = (words - COMMON_WORDS for words in stems)
        return not said.isdisjoint(in_the_way)

    @staticmethod
    def _done_when(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
        """Give what it takes for a step to be done: “the talk is done when all have heard it”; None for others."""
        step, told = _step_in(mentions), _DONE_WHEN.search(sentence)
        lead = re.split(r"[.!?;]\s", told["lead"])[-1] if told else ""
        if step is None or told is None or _ASKED.search(sentence) or _FIRST_PERSON.search(lead):
            return None
        return _EDIT, {"step": step.value, "when": POLITE_END.sub("", told["when"]).strip(" .!")}

    @staticmethod
    def _in_parts(sentence: str, mentions: Sequence[Mention]) -> dict[str, str] | None:
        """Split a step, into the parts that are named: “split the exam in 2, 15 and 15”; None for others."""
        verb = _SPLITS.search(sentence) or _CUTS.search(sentence)
        step, rather = _step_in(mentions), _ASKS_HOW.match(sentence)
        if verb is None or rather or (step is None and not THE_ONE.search(sentence)):
            return None
        named = [match for match in _IN_PARTS.finditer(sentence) if match.end() > verb.end()]
        if not named and not _SPLITS.search(sentence):
            return None
        into = {name: text for match in named for name, text in match.groupdict().items() if text}
        each = into.get("each") or into.get("big")
        counted = into.get("count") or into.get("made") or "2 parts"
        best = into.get("hours") or into.get("of") or (f"{each} h each" if each else counted)
        return {"step": step.value, "into": best} if step else {"into": best}

    async def _renamed(self, sentence: str, around: Surroundings) -> _Said | None:
        renamed = next(filter(None, (pattern.match(sentence) for pattern in _RENAMES)), None)
        if renamed is None:
            return None
        named = [each for each in await self._lexicon.mentions_in(renamed["old"], around) if each.slot == "steps"]
        name = POLITE_END.sub("", renamed["new"]).strip(' .!"“”„')
        is_one = len(named) == 1 and named[0].value
        return (_EDIT, {"step": named[0].value, "what": name}) if is_one and name else None


def _person_at(text: str, at: int, people: Sequence[Choice]) -> tuple[str, int] | None:
    """Find who's named at a place in a text, by their whole name or their first: their value, and where it ends."""
    names = [(name, choice.value) for choice in people for name in (choice.label, choice.label.split(" ")[0])]
    names += [(f"my {kind}", people[0].value) for kind in ("mentor", "learner", "mentee") if len(people) == 1]
    for name, value in sorted(names, key=lambda each: -len(each[0])):
        named = re.compile(rf"{re.escape(name)}(?![\w'’])", re.IGNORECASE).match(text, at)
        if name and named:
            return value, named.end()
    return None


def _step_in(mentions: Sequence[Mention]) -> Mention | None:
    """Find the step that's named, but not by a bare number, which may be one of anything."""
    named = (mention for mention in mentions if mention.slot == "steps" and mention.value)
    return next((mention for mention in named if not mention.text.isdecimal()), None)


def _resized(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Give the command that changes a step's hours or those per week, and its values; None if a sentence changes none.

    There are no hours among the values if none are named instead of those that aren't right.
    """
    step = _step_in(mentions)
    weekly = _WEEKLY.search(sentence)
    if (step is None) is (weekly is None):
        return None
    path, raw = (_WEEK, {}) if step is None else (_EDIT, {"step": step.value})
    if (judged := _JUDGED.search(sentence)) is not None:
        better = _BETTER.search(sentence, judged.end())
        is_told = better is not None and _DONE.search(sentence, judged.end(), better.start())
        if is_told or not _AMOUNT.search(sentence[: judged.start()]):
            return None  # “step 2 is too big, I did 3 hours” tells something else
        return path, raw | ({"hours": f"{better['number']} h"} if better else {})
    hours = next((mention for mention in mentions if mention.slot == "hours"), None)
    if step is None or hours is None:
        return None
    for pattern, way in ((_LESS, "less"), (_MORE, "more"), (_TO, ""), (_SUFFICE, "")):
        if pattern.search(_with_places(sentence, step, hours)):
            return path, raw | {"hours": hours.value} | ({"way": way} if way else {})
    return None


def _done_in_part(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Log how much of a step is done: “I'm halfway through the RAG paper”; None if a sentence doesn't say."""
    share, spans = _IN_PART.search(sentence), word_spans(sentence)
    if share is None or _ASKED.search(sentence) or _WILL.search(sentence):
        return None
    step = _step_in([each for each in mentions if not share.start() <= spans[each.start][0] < share.end()])
    if step is None:
        return None
    if not _TELLS_DONE.search(sentence) or any(mention.slot in ("hours", "minutes") for mention in mentions):
        return None
    named = next(name for name, text in share.groupdict().items() if text)
    percent = _PERCENT.get(named) or int(share["percent"])
    return (_LOG, {"step": step.value, "share": str(percent)}) if percent else None


def _ready_by(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Give a step the day it has to be ready for: “my AWS exam is on 15 february”; None for others.

    It's what comes nearest to a reminder, too: the check-in asks about what's due.
    """
    step, days = _step_in(mentions), [mention for mention in mentions if mention.slot == "date"]
    if step is None or len(days) != 1 or _ASKED.search(sentence):
        return None
    told = _THERE_IS.search(sentence) or _REMIND.search(sentence)
    return (_EDIT, {"step": step.value, "by": days[0].value or days[0].text}) if told else None


def _finished_in(sentence: str, mentions: Sequence[Mention]) -> list[_Said]:
    """Log what a finished step took, then finish it: “I finished the game day, it took me 9 hours”; nothing for others."""
    step, hours = _step_in(mentions), [mention for mention in mentions if mention.slot == "hours"]
    if step is None or len(hours) != 1 or _ASKED.search(sentence) or _WILL.search(sentence):
        return []
    if not _FINISHED.search(sentence) or not _TOOK.search(sentence):
        return []
    return [(_LOG, {"step": step.value, "hours": hours[0].value or hours[0].text}), (_FINISH, {"step": step.value})]


def _with_proof(sentence: str, mentions: Sequence[Mention]) -> list[_Said]:
    """Finish a step with the link somebody shows for it: “here's my talk: https://…”; nothing for others."""
    step, links = _step_in(mentions), [mention for mention in mentions if mention.slot == "link"]
    if step is None or len(links) != 1 or _ASKED.search(sentence) or not _SHOWS.search(sentence):
        return []
    return [(_FINISH, {"step": step.value, "evidence": links[0].value or links[0].text})]


def _redated(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Give a step that won't be ready by one day the later one: “I won't make the talk by friday. The 18th, please”."""
    step, days = _step_in(mentions), [mention for mention in mentions if mention.slot == "date"]
    if step is None or not days or _ASKED.search(sentence) or (missed := _WONT.search(sentence)) is None:
        return None
    spans = word_spans(sentence)
    later = [day for day in days if spans[day.start][0] > missed.end()]
    is_new = len(later) > 1 or (later and _INSTEAD_OF.search(sentence[missed.end() : spans[later[-1].start][0]]))
    return (_EDIT, {"step": step.value, "by": later[-1].value or later[-1].text}) if is_new else None


def _capped(sentence: str) -> _Said | None:
    """Give the command that limits the messages a week; None if a sentence limits something else, or nothing."""
    rate = _RATE.search(sentence)
    if rate is None or not (_LIMITS.search(sentence) or _TOO_MANY.search(sentence)) or _OTHERS.search(sentence):
        return None
    count = {"once": 1, "one": 1, "twice": 2}.get(rate["count"].lower()) or in_digits(rate["count"])
    days = _DAYS_A_WEEK if rate["unit"].lower() in ("day", "daily") else 1
    return (_SETTINGS, {"budget": str(int(count) * days)}) if str(count).isdecimal() else None


def _silenced(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Give the command that shows all messages to someone who wants none; None if they say which, or when."""
    return (_ALL_SETTINGS, {}) if _NO_MESSAGES.search(sentence) and not mentions else None


def _hidden(sentence: str, mentions: Sequence[Mention]) -> _Said | None:
    """Give the command that chooses what a mentor sees; None if a sentence hides nothing from them."""
    slots = {mention.slot for mention in mentions}
    to_mentor = ("contacts" in slots and "learners" not in slots) or _MENTOR.search(sentence)
    return (_SHARE, {}) if to_mentor and _HIDES.search(sentence) and not _ASKED.search(sentence) else None


def _noted(sentence: str) -> _Said | None:
    """Give the command that keeps what someone notes for themselves, as a step; None if it's no such note."""
    noted = _TO_SELF.match(sentence)
    return (_ADD, {"what": POLITE_END.sub("", noted["what"]).strip()}) if noted else None


def _switched(sentence: str, mentions: Sequence[Mention], pack: Pack) -> _Said | None:
    """Give the command that switches to the role someone says they have, and not the one of `pack`; None for others."""
    if _ASKED.search(sentence) or not _INSTEAD.search(sentence):
        return None
    spans = word_spans(sentence)
    roles = [mention for mention in mentions if mention.slot == "role_values" and mention.value != pack.info.role]
    own = next((each for each in roles if _I_AM.search(sentence[: spans[each.start][0]])), None)
    return (_ROLE, {"name": own.value}) if own else None


def _with_places(sentence: str, step: Mention, hours: Mention) -> str:
    """Put words that stand for them in the places of a step and of its hours."""
    spans, text = word_spans(sentence), sentence.lower()
    for mention, name in sorted(((step, "STEP"), (hours, "HOURS")), key=lambda each: -each[0].start):
        start, end = spans[mention.start][0], spans[mention.end - 1][1]
        text = f"{text[:start]}{name}{text[end:]}"
    return re.sub(r"\b(?:the|my) (?=STEP)", "", text)
