"""Telling what asks for nothing: small talk, moods, statements of one's own, and other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mentorbot.domain.conversation import SmallTalk
from mentorbot.packs.language import word_frequencies
from mentorbot.slash.intents import COMMON_WORDS, word_spans

_ASKS_DONE = (
    r"(?:what did (?:you|u) (?:just )?do|what just happened|did (?:that|it|this) (?:work|save|go through|count)|"
    r"is (?:that|it) (?:saved|done|in)|did (?:you|u) (?:save|do|get|log) (?:that|it|this))(?: now| just now)?"
)
ASKS_DONE = re.compile(rf"^{_ASKS_DONE}[\s?!.]*$", re.IGNORECASE)
"""Asks whether what was said last has been done."""
_HELLO = (
    r"(?:hi+|hey+|hello|hallo|yo|moin|servus|good (?:morning|afternoon|evening)|morning|what'?s up|sup|"
    r"(?:hi|hey|hello) (?:there|again|mentorbot|bot))+"
)
_THANKS_WORDS = (
    r"(?:many |lots of )?(?:thx|thanks|thank you|ty|tysm|cheers|danke|merci|gracias|awesome|great|nice|cool|perfect|good bot|"
    r"love it)\b"
)
_THANKS = rf"{_THANKS_WORDS}.{{0,40}}"
THANKED = re.compile(rf"^{_THANKS_WORDS}[\s,.;:!-]*(?!(?:for|to|that)\b)", re.IGNORECASE)
"""Thanks or praise before something else, unlike “thanks for telling me what's next”."""
_BYE = (
    r"(?:ok )?(?:bye|good ?night|gn|see (?:you|ya)|cya|ciao|later|talk soon|sleep well|have a (?:nice|good) \w+).{0,30}"
)
_WHO = (
    r"(?:who|what) (?:are|r) (?:you|u)|(?:(?:are|r) (?:you|u)|is this|am i talking to) (?:a |an |even )?"
    r"(?:real|human|bot|ai|robot|machine|real person|person|chatgpt).{0,40}"
)
_STOP = (
    r"(?:please |pls )?(?:i (?:want|wanna|need|would like)(?: you)?(?: to)? |can you )?(?:please )?"
    r"(?:stop|stop (?:it|this|that|all(?: of (?:it|this))?|everything|please|(?:all )?(?:the |these )?(?:messages|messaging))|"
    r"stop (?:messaging|writing|pinging|bothering|texting|spamming)(?: to)? me|leave me alone|shut up|go away|"
    r"how (?:do|can) i (?:stop|mute|(?:turn|switch|shut)) (?:you|u)(?: (?:off|up|down))?|enough)(?: please| pls| now)?"
)
_NOTHING = (
    r"(?:no|nope|nah|never ?mind|nvm|forget it|"
    r".{0,80}[.,;!] ?(?:no,? wait|wait,? no|actually|hm+|no|oh)[, ]+(?:don'?t|never ?mind|forget (?:it|that)|leave it)|"
    r"(?:(?:actually|oh|ok|no|nah)[, ]+)*(?:forget|scratch|leave|ignore) (?:it|that|this|about it)|"
    r"(?:please )?leave (?:it|(?:my |the )?(?:plan|everything|all)) (?:as (?:it|they) (?:is|are)|alone|like (?:that|this))|"
    r"(?:hm+[, ]+)?(?:no|nah|actually no)(?:[,. ]+(?:leave|keep|thanks|thank you|not now|don'?t|forget|"
    r"it'?s fine|wait)\b.{0,20})?|sorry)"
)
_MISREAD = (
    r"(?:(?:no|nope|nah|stop|wait|sorry)[, ]+)+(?:that['’]?s not|not|i (?:meant|said|mean))\b.{0,60}|"
    r"that['’]?s not what i (?:meant|said|asked|wanted)\b.{0,30}"
)
_AGREEING = r"(?:yes|yep|yeah|yup|sure|do it|go ahead)(?: please| pls)?"
_READ = (
    r"(?:ok(?:ay)?|k|lol|haha+|hm+|all good|fine|[👍👌🙂😊😀❤️💪👏]+|i see|got it|makes sense|no worries|"
    r"(?:ok )?(?:that'?s )?enough for today.{0,20})"
)
_UPSET = (
    r"(?:you|u|this|it|that|(?:the |this )?bot)(?:['’]?re|['’]?s| are| is| r)? (?:\w+ ){0,2}(?:useless|stupid|dumb|crap|rubbish|"
    r"garbage|bullshit|nonsense|the worst|terrible|annoying)|(?:stupid|dumb|useless|bad) bot|wtf\b.{0,40}|"
    r"what the (?:hell|fuck|heck)\b.{0,40}|(?:fuck|damn|shit|screw)\b.{0,30}|i hate (?:you|this)\b.{0,20}"
)
_WISH = (
    r".{0,30}\b(?:have a (?:nice|good|great|lovely) \w+|happy (?:friday|new year|holidays|weekend|easter|birthday)|"
    r"merry christmas|enjoy (?:your|the) (?:weekend|day|evening|holidays?)|god bless.{0,40}|"
    r"hope (?:you|this|all)\b.{0,40}\bwell\b.{0,50})"
)
_PUZZLED = r"[?]+|huh|wh?at|eh+|pardon|come again"
_TO_BE = r"(?:i['’]?m|i am|i feel|i['’]?ve been|we['’]?re|feeling|been|so|just|really|totally|completely)"
_LOW = (
    r"everybody|everyone|a failure|stupid|dumb|afraid|scared|nervous|sad|lonely|down|an? (?:impost[eo]r|idiot|fraud)|"
    r"not (?:good|smart|clever|fast) enough"
)
_MOODS: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            SmallTalk.NEWS,
            (
                r"\b(?:got|landed|have) (?:the|a|that) (?:new )?(?:job|promotion|raise)\b|"
                r"\bi(?:['’]?ve been| was| got) hired\b"
            ),
        ),
        (
            SmallTalk.CHEER,
            (
                r"\bproud of (?:my|our)|"
                r"\b(?:i|we|finally) (?:\w+ )?(?:passed|aced|promoted|won)\b|\bpassed (?:my|the) (?:exam|test)\b"
            ),
        ),
        (SmallTalk.WISH, rf"^{_WISH}"),
        (
            SmallTalk.PRAISE,
            (
                r"\b(?:is|are|you['’]?re|ur|was) (?:\w+ )?(?:awesome|amazing|fantastic|brilliant|the best|lovely|so helpful)\b|"
                r"\byou['’]?re (?:\w+ )?(?:great|good|better|helpful)\b"
            ),
        ),
        (SmallTalk.UPSET, r"\b(?:useless|stupid|crap|rubbish|garbage)\b"),
        (SmallTalk.GRIEF, r"\b(?:funeral|passed away|died|cancer)\b|\b(?:is|was|are|in) (?:in )?(?:the )?hospital\b"),
        (SmallTalk.FAMILY, r"\b(?:had|having|got) (?:a |our |the )?(?:baby|twins)\b|\bnewborn\b|\bgetting married\b"),
        (
            SmallTalk.ILL,
            (
                rf"\b(?:{_TO_BE}|off|my \w+ (?:is|are)|kids?(?: are)?)(?: \w+)? (?:sick|ill|unwell)\b(?! of)|"
                r"\b(?:the|a) (?:flu|fever|migraine)\b"
            ),
        ),
        (
            SmallTalk.DRAINED,
            (
                r"\b(?:exhausted|drained|burn(?:ed|t)[ -]?out|overwhelm\w*|no (?:energy|motivation)|unmotivated|in the mood|"
                r"too much|swamped|stressed|drowning|can['’]?t keep up|so tired|no time for (?:anything|this|it))\b|"
                r"\b(?:work|life|everything|things|week)(?:['’]s| is| are| was)? (?:\w+ )?(?:crazy|insane|hectic|mad)\b"
            ),
        ),
        (
            SmallTalk.LOST,
            (
                rf"\b{_TO_BE} (?:\w+ )?(?:lost|confused|clueless|bored)\b|"
                r"\bprocrastinat\w*|\bhates me\b|\bnothing works\b"
            ),
        ),
        (
            SmallTalk.LOW,
            (
                rf"\bi(?:['’]?m| am| feel)(?: like)? (?:\w+ )?(?:{_LOW})\b|"
                r"\b(?:faster|smarter|better|further|ahead)(?: than| of) (?:me|i am)\b|"
                r"\bnot sure (?:if )?(?:this|it)['’]?s? (?:is )?for me\b|"
                r"\b(?:giv(?:e|ing) up|quit(?:ting)?)\b|\bcut out for\b"
            ),
        ),
        (
            SmallTalk.SETBACK,
            r"\b(?:rejected|turned (?:me )?down|hates? (?:my|our)|laughed at (?:me|my)|failed (?:my|the) \w+)\b",
        ),
    )
)
"""Small talk by people who ask for nothing, if no command fits."""
_PAUSE, _SKIP, _LESS, _STUCK = ("checkin", "pause"), ("checkin", "skip"), ("plan", "hours"), ("checkin", "stuck")
HELPS: Mapping[SmallTalk, tuple[tuple[str, ...], ...]] = {
    SmallTalk.ILL: (_SKIP, _PAUSE),
    SmallTalk.GRIEF: (_PAUSE,),
    SmallTalk.FAMILY: (_PAUSE, _LESS),
    SmallTalk.DRAINED: (_SKIP, _LESS),
    SmallTalk.LOST: (_STUCK, ("pair", "note")),
    SmallTalk.SETBACK: (("pair", "note"),),
    SmallTalk.LOW: (("progress",), ("pair", "note")),
}
"""The commands that may help someone in a mood."""
_OTHERS = (
    r"(?!(?:send|tell|let|message|write|text|msg|ping|note|ask|can|could|please)\b).{0,60}"
    r"\b(?:(?:start|begin|go|eat) without me|i['’]?(?:ll|m going to) be (?:\w+ ){0,3}late|running late)\b.{0,40}"
)
_SMALL_TALK: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"^(?:{pattern})[\s!.,?☕👋🙏😊🙂]*$", re.IGNORECASE))
    for kind, pattern in (
        (SmallTalk.HELLO, _HELLO),
        (SmallTalk.THANKS, _THANKS),
        (SmallTalk.BYE, _BYE),
        (SmallTalk.WHO, _WHO),
        (SmallTalk.STOP, _STOP),
        (SmallTalk.UPSET, _UPSET),
        (SmallTalk.WISH, _WISH),
        (SmallTalk.PUZZLED, _PUZZLED),
        (SmallTalk.OTHERS, _OTHERS),
        (SmallTalk.NOTHING, _ASKS_DONE),
        (SmallTalk.NOTHING, _NOTHING),
        (SmallTalk.MISREAD, _MISREAD),
        (SmallTalk.AGREEING, _AGREEING),
        (SmallTalk.REMARK, _READ),
    )
)
"""Each kind of small talk, and what a whole text looks like that's of it."""
PERSONAL = re.compile(
    r"\b(?:i|i'?m|ive|my|me|mine|we|our|you|your|u|ur|check-?ins?|next message|(?:this|the) bot|reminders?|notifications?|"
    r"settings)\b",
    re.IGNORECASE,
)
"""Is about the person or the bot rather than the role."""
_MAX_SMALL_TALK_LENGTH = 100
_MAX_TERM_WORDS, _MIN_FOREIGN_WORDS, _FOREIGN_SHARE = 4, 3, 0.6
"""Words of what's a term to look up rather than a statement; and how many words of a sentence, and which share, aren't English
if it's in another language."""


def mood_in(text: str) -> SmallTalk | None:
    """Tell what a text that asks for nothing is about: a wish, news, or how someone feels about the bot; None for others."""
    return next((kind for kind, pattern in _MOODS if pattern.search(text)), None)


def is_told(sentence: str) -> bool:
    """Return True for a statement of someone's own, which no role pack answers."""
    return PERSONAL.search(sentence) is not None and len(word_spans(sentence)) > _MAX_TERM_WORDS


def is_foreign(sentence: str) -> bool:
    """Return True if most words aren't English."""
    words = [sentence[start:end].lower() for start, end in word_spans(sentence)]
    known = word_frequencies()
    strange = [word for word in words if word not in known and word not in COMMON_WORDS and word.isalpha()]
    return len(words) >= _MIN_FOREIGN_WORDS and len(strange) >= _FOREIGN_SHARE * len(words)


def small_talk_in(text: str) -> SmallTalk | None:
    """Tell what kind of small talk a text is; None if it's something else."""
    if len(text) > _MAX_SMALL_TALK_LENGTH:
        return None
    return next((kind for kind, pattern in _SMALL_TALK if pattern.match(text)), None)
