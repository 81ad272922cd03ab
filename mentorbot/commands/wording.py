"""Signs in a sentence that several readers look for: politeness, questions, corrections, and whom or what it's about."""

from __future__ import annotations

import re
from collections.abc import Mapping

POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|hallo|ok(?:ay)?|so|um+|uh|well|yo|please|pls|mentorbot|bot|good (?:morning|evening|afternoon)|"
    r"(?:can|could|would|will) (?:you|u|ya)(?: please| pls| kindly)?(?! see| read)|sorry|"
    r"(?:thanks|thank you|thx|great|perfect|cool|nice|fair(?: enough)?|got it|i see|very kind)(?=[\s]*[,.!;]))\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
"""Words people put before a wish."""
_NICE = r"(?:nice|great|cool|good|awesome|lovely|helpful|perfect|super)"
POLITE_END = re.compile(
    r"(?:[\s,.;:!–-]+(?:and )?(?:please|pls|plz|thanks(?: a lot)?|thank you|thx|ty|cheers|asap|ok(?:ay)?|for me|"
    r"if (?:you can|possible|(?:that|it)['’]?s (?:ok(?:ay)?|possible|fine))|(?:will|would|can|could) (?:you|u)|"
    r"when(?:ever)? (?:you|u) (?:can|get (?:a chance|to it|around to it)|have (?:a moment|time))|"
    rf"(?:(?:that|this|it)(?:['’]?d)?|which)?(?: ?would| ?'d)? ?be (?:really |very |so )?{_NICE}|"
    rf"(?:(?:that|this|it)['’]?s|would be) (?:really |very )?{_NICE}))+[\s.!?:)]*$",
    re.IGNORECASE,
)
"""Words people put after a wish."""
TAKES_BACK = re.compile(
    r"^(?:(?:oh|oops|whoops|ups|argh|actually|hm+|sorry|hey|please|pls|ok(?:ay)?)[\s,.!]+)*"
    r"(?:(?:no|nope|nah|wait|stop|hold on)\b[\s,.!]*(?:(?:no|wait|stop|sorry|please)\b[\s,.!]*)*)?"
    r"(?:(?:please )?(?:don['’]?t|do not|never)(?: (?:send|save|do|add|log|post|share|write|finish|change|start|tell))?"
    r"(?: (?:it|that|this|him|her|them|anything|the \w+))*(?: yet)?|"
    r"(?:undo|cancel|revert|recall|unsend|delete|scrap|forget)(?: (?:it|that|this))?|"
    r"(?:take|change|put|set|switch|turn|move|bring|give|get) (?:it|that|this|everything|all of it|them|him|her) back|"
    r"i want (?:it|that|this|them) back|"
    r"(?:leave|make|keep) (?:it|that|this|everything|all of it) (?:like|as|how) it was(?: before)?|"
    r"(?:that(?:['’]?s| is| was) |it(?:['’]?s| was) )?(?:wrong|a mistake|not what i (?:meant|wanted|said))|"
    r"i (?:didn['’]?t|did not) (?:mean|want)(?: to)?(?: (?:it|that|this|do|send|save))*|"
    r"(?<=no wait)|(?<=no, wait)|(?<=wait, no)|(?<=wait no))"
    r"(?:[\s,]+(?:please|pls|yet|after all|again|now))*[\s.!]*$",
    re.IGNORECASE,
)
"""Takes back what was just done. A plain “no” doesn't: it may be an answer to something else."""
PERSON = (
    r"(?:he|she|they|my (?:\w+ )?(?:boss|manager|lead|team ?mate|colleague|friend|buddy|wife|husband|partner|daughter|son|kids?|"
    r"mother|mum|mom|father|dad|brother|sister)|somebody else|someone else)"
)
ENDINGS = frozenset(
    {
        ("plan", "drop"),
        ("pair", "end"),
        ("pair", "stop"),
        ("checkin", "stop"),
        ("tips", "stop"),
        ("tips", "me-off"),
        ("recall", "off"),
        ("admin", "stop"),
        ("me", "forget"),
    }
)
"""Commands that stop or delete something. Nobody is offered one who may well want something else."""
SHOWN_BY: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("plan",): ("plan", "show"),
    ("plan", "done"): ("progress",),
    ("plan", "log"): ("progress",),
    ("plan", "undo"): (),
    ("plan", "redo"): (),
    ("checkin",): ("settings",),
    ("checkin", "now"): ("why",),
    ("tips",): ("settings",),
    ("tips", "here"): ("tips", "when"),
    ("recall",): ("settings",),
    ("assess",): ("progress",),
    ("pair",): ("pair", "show"),
    ("pair", "note"): ("pair", "show"),
    ("pair", "request"): ("pair", "list"),
    ("pair", "accept"): ("mentees",),
    ("pair", "decline"): ("mentees",),
    ("pair", "share"): ("pair", "share"),
    ("me",): ("me", "show"),
    ("admin",): ("admin", "settings"),
    ("admin", "calendar"): ("workdays",),
}
"""The command that shows what the others of its group change."""


def word_set(text: str) -> frozenset[str]:
    """Split a text into its words."""
    return frozenset(text.split())


ORDERS = word_set("""
    accept add adjust answer ask assess bring cancel change check confirm continue create cut decline delete describe disable
    download drop edit enable end erase explain export extend find finish forget get give grill help hide import include
    increase introduce invite keep learn leave list log look make mark match message move mute note notify open pause ping
    plan postpone practise print push put quiz rate read record redo reduce remind remove rename repeat replace reply report
    reset restart restore resume revert run save say schedule search send set share shift show skip snooze split start stop
    subscribe summarise swap switch take tell test tick track try turn undo unpause unsubscribe update use wipe write""")
"""Verbs that orders begin with."""
ORDERS_IT = re.compile(
    rf"^(?:(?:please|pls|so|and|then|just|rather|better|let['’]?s|can you|could you)\s+)*"
    rf"(?:{'|'.join(sorted(ORDERS))})\s+(?:it|that|this)\b",
    re.IGNORECASE,
)
"""Says what to do with something that was just named."""
UNREAL = re.compile(
    r"\bwish\b|\bdid i\b|\bhave i\b|\bdoes\b.*\b\w+ing\b|\bif i\b|\bwhen (?:she|he)\b|\bwhether\b|"
    rf"\b{PERSON}(?:['’]s)? (?:\w+ )?(?:is|was|has|had|just|already|finished|took|did|does|dropped|started|starts|\w+ed)\b",
    re.IGNORECASE,
)
"""Tells of something that may not be so, or of someone else."""
WANTS_TO_KNOW = re.compile(
    r"^(?:whats?|what['’]s|which|how|why|where|when|who|is|are|do|does)\b(?! about)", re.IGNORECASE
)
"""Asks for an answer, unlike “could you”, which asks for something to be done."""
QUOTED = re.compile(r"[\"“„]([^\"“”„]{2,300})[\"“”]")
_ASKING = (
    r"(?:what(?! an? )|whats|which|how|why|where|when|who|is|are|"
    r"do(?! (?:it|this|that|them)\b)|does|can|could|should|would|will|diff)\b"
)
QUESTION = re.compile(rf"\?\s*$|^{_ASKING}", re.IGNORECASE)
ABOUT_BOT = re.compile(
    r"^(?:(?:can|could|do|did|will|would|are|have) (?:you|u)|(?:why|how|when|what) (?:do|did|can|will) (?:you|u))\b"
    r"(?! need\b| become\b| get (?:a job|into|hired|started|paid)\b| recommend\b| think\b| explain\b| mean\b| choose\b)",
    re.IGNORECASE,
)
"""Asks about the bot itself, which no role pack knows, rather than about anyone: “do you need a degree”."""
ASKS_ABILITY = re.compile(r"^(?:can|could|will|would) (?:you|u)\b", re.IGNORECASE)
ASKS_STATE = re.compile(
    r"^(?!.*\bif\b)(?:am i|(?:is|are|was|were) (?:my|our)|(?:do|did|have|had) i|"
    r"(?:which|what|when|who|how (?:many|much|long|often))(?:['’]?s)?)\b(?! about\b| do i\b| (?:can|could|should|would)\b)",
    re.IGNORECASE,
)
_OTHER_PEOPLE = r"(?:he|she|they|my (?:mentor|learners?|mentees?)|(?:any|some|every)(?:one|body)|nobody|no one)"
_ASKS_WHETHER = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|hey|wait)[\s,]+)*(?:"
    r"(?:is|are|was|were|does|has)(?:n['’]?t)? (?!you\b|u\b)(?:.*\?\s*$|"
    rf"(?:{_OTHER_PEOPLE}|i|we|it|there|my|our|the|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|\d)|"
    rf"(?:did|had|have)(?:n['’]?t)? (?!you\b|u\b)(?:[a-z]+ (?!step)[a-z]+.*\?\s*$|(?:i|we|{_OTHER_PEOPLE})\b)|"
    r"any (?:answers?|news|repl(?:y|ies)|word|responses?|reaction|feedback)\b|"
    rf"do(?:n['’]?t)? (?:i|we|they|people|others|mentors|learners|tips|messages|check-?ins|reminders|admins)\b)",
    re.IGNORECASE,
)
_ASKS_FOR_LEAVE = re.compile(
    r"\b(?:possible|ok(?:ay)?|fine|able|ways? to|mind|allowed|chance|late|better|pl(?:ea)?[sz]e?|instead|suit|works? for|want|"
    r"need|have to|(?:can|could|would|will|should|may) (?:you|u|i|we)|if|how (?:do|can|could|would) (?:you|i))\b",
    re.IGNORECASE,
)
"""Asks whether something may be done, which is a polite way to ask for it."""


def asks_state(sentence: str) -> bool:
    """Return True for a question about how something is, rather than for it to be changed: “are we off on Friday?”."""
    if ASKS_STATE.match(sentence):
        return True
    return _ASKS_WHETHER.match(sentence) is not None and _ASKS_FOR_LEAVE.search(sentence) is None


ASKS_IN_TIME = re.compile(
    r"^(?:(?:and|so|ok|but)[\s,]+)*(?:will|can|could|would|do|am|might) i\b(?=.*\b(?:by|before|until|till|in time|on time)\b)"
    r".*\b(?:done|finish(?:ed)?|ready|through|make it|manage)\b|"
    r"\b(?:done|finish(?:ed)?|ready|through)\b.*\b(?:is|would) (?:that|it|this)(?: be)? (?:doable|realistic|possible|feasible)\b",
    re.IGNORECASE,
)
"""Asks whether the whole plan will be done in time."""
FOR_OTHERS = re.compile(
    r"\b(?:default|everyone|everybody|newcomers?|new (?:\w+ )?(?:people|folks|users|members|joiners|starters|hires|ones)|"
    r"workspace|server|in here)\b",
    re.IGNORECASE,
)
"""Sets something for other people than the speaker."""
ASKS_ABOUT_PEOPLE = re.compile(r"^(?:did|has|have|was|is|does|can|will|what|when|any)\b", re.IGNORECASE)
"""Asks about what someone did or does, rather than for something to be sent to them."""
SHARES = re.compile(
    r"^(?!.*\b(?:tell|ask|write|send|know)\b).*\b(?:shar(?:e|ing)|hid(?:e|ing)|(?:let|show|can|could|may|should) .*\bsee)\b",
    re.IGNORECASE,
)
"""Says what someone is to see, or not to see."""
ASKS_WHICH = re.compile(
    r"^(?:(?:wait|hm+|sorry|ok)[, ]+)*(?:which (?:one|step)|what)(?:['’]s| is| was)? (?:that|it|this)(?: one| step)?[\s?]*$",
    re.IGNORECASE,
)
"""Asks what the thing is that was just named."""
ASKS_REASON = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so|hm+|oh|wait)[\s,]+)*(?:why|how come|what for|how so|how)\b"
    r"(?:[\s,]+(?:is|does|do|would|should|to|it|that|this|one|first|now|though|then|next|exactly))*[\s?!.]*$",
    re.IGNORECASE,
)
"""Asks why or how about what was just shown."""
ASKS_FOR_OTHERS = re.compile(r"^(?:and |but |so |ok )*(?:who|whose|where|which)\b", re.IGNORECASE)
"""Asks for a person, a place or one of several things."""
ASKS_WHEN = re.compile(r"\b(?:when|due|deadline|until when|planned)\b", re.IGNORECASE)
SOUNDS_ASKED = re.compile(
    r"\b(?:wh?ic?h|wh?at|how|why|who|whe(?:n|re))\s+(?:is|are|do|does|can|could|should|would|will|much|many|long|[a-z]+s\b)"
    r"|\b(?:which|what|how)(?:\s+\w+){1,3}\s+(?:do|does|can|could|should|would|will|must)\s+(?:i|we|you|they|he|she|it|one)\b"
    r"|[,.;!]\s*(?:(?:and|but|so)\s+)?(?:can|could|should|must|may|do|am|is|are)\s+(?:i|we|they|he|she|it|that|there)\b",
    re.IGNORECASE,
)
"""May be a question in other words, or with a slip."""
STARTS_QUESTION = re.compile(rf"^{_ASKING}(?! about)", re.IGNORECASE)
"""A question of its own, which doesn't go on with the one before."""
REJECTED = re.compile(
    r"\bnot\s+(?:[\w:'’-]+\s+){0,3}[\w:'’-]+(?:\s*,\s*|\s+but\s+(?:on |at |for )?)"
    r"|[,\s]+(?:and )?(?:not|instead of|rather than)\s+(?:[\w:'’-]+\s+){0,3}[\w:'’-]+[\s.!]*$",
    re.IGNORECASE,
)
"""Words people take back when they correct themselves: “not Friday, Monday”, “Monday, not Friday”."""
JOINED = re.compile(
    r"\s*,\s*(?=(?:no(?:,| wait| make| \d)|wait|sorry|i mean|actually)\b)|"
    r"(?!(?<=\d) and \d+(?! ?(?:h|hrs?|hours?|m|mins?|minutes?|on|for|of)\b))"
    r"(?:\s*[,;.!]\s*|\s+)(?:(?:and(?! (?:a )?(?:half|quarter)\b)|then|also|plus|&|afterwards|after that)\s+)+|\s*[;.!]\s+",
    re.IGNORECASE,
)
"""Joins two things that may each be asked for, but not the numbers of “steps 3 and 4”."""
JOINS_ON = re.compile(
    r"^(?:(?:and|so|but|then|now|well|alright|ok(?:ay)?|cool|great|good|fine|thanks)\b[\s,]*)+(?=\w)|"
    r"[\s,]+(?:then|now|btw|again|though)[\s?.!]*$",
    re.IGNORECASE,
)
"""Joins what's said to what was said before."""
IT = re.compile(r"\b(?:it|that|that one)\b", re.IGNORECASE)
THE_ONE = re.compile(
    r"\b(?:it|(?:this|that|my|the current) (?:step|task|one)|this|that)\b(?! (?:week|day|month|tomorrow|again|i|you)\b)",
    re.IGNORECASE,
)
"""Refers to the thing at hand, such as the step under way."""
ASKS_TO_BEGIN = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but)[\s,]+)*(?:where|how|what|which)(?:['’]?s| (?:do|should|can|could|would|shall|is|are|am))?"
    r"(?: (?:i|we|one|the|my|it|very|even|ever|best|actually|step|task|thing|supposed|need|have|to|do|go|about|tackle|work|on))*?"
    r" (?:begin|start|get started|first)(?: (?:with|on|it|this|that|the|my|step|task|thing|one|to|do|i|should|tackle|then|now))*"
    r"[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks for the first thing to do, and names nothing else: “how do I even begin with that?”."""
INTRODUCES = re.compile(r"\bi(?:['’]?m| am)\b(?! \w+ing\b)", re.IGNORECASE)
"""Says who someone is, rather than what they're doing."""
ANY_ONE = re.compile(r"\b(?:an?|any|some|another|next) (?:\w+ )?(?:step|task)\b", re.IGNORECASE)
"""Names a step without saying which: “remove a step from my plan”."""
PRONOUN = re.compile(r"\b(?:him|her|them|he|she|they)\b", re.IGNORECASE)
ABOUT_ME = re.compile(
    r"\b(?:did|have|had|was|were) i\b|\bi(?:'?ve| have| had)? (?:did|done|finished|worked|planned|said|wrote|logged)\b",
    re.IGNORECASE,
)
"""Asks about what the person did, which no role pack knows."""
_CONNECT = """
about here's heres link proof more actually no meant whoops oops and better rather for do it then instead works fine please make
that now till until by on at back too i'd with mean sorry nope nah yes yeah wait change set say let's lets hmm hm oh
only already same prefer lol tbh haha thx thanks hey um uh maybe perhaps guess think sounds typo both
enough good great ok okay best suits suit easier nicer perfect took ugh argh damn shit crap
"""
CONNECTING = frozenset(_CONNECT.split())
"""Words that only connect a follow-up with what it follows."""
_SELF_CORRECTION = (
    r"(?:no|nope|nah|sorry|wait|oops|whoops|hm+|oh|ok(?:ay)?|actually|yes|yeah|but|i mean|ugh|argh|damn|shit|crap)"
)
CORRECTS = re.compile(
    rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*(?:{_SELF_CORRECTION}|make (?:it|that)|rather|better|i meant|instead)\b",
    re.IGNORECASE,
)
"""Begins a correction of what was said before."""
ASKS_OPENLY = re.compile(r"^(?:what|whats|which|how|why|where|when|who)\b(?! about)", re.IGNORECASE)
"""Asks for something unknown, so it names no value."""
ALSO = re.compile(
    r"\b(?:too(?=\W*(?:$|[,.;!]|(?:please|pls|then)\b))|also|as well|plus|same (?:for|to|with|on))\b", re.IGNORECASE
)
ALL_OF = re.compile(
    r"\b(?:both(?: of (?:them|those|these))?|all (?:of (?:them|those|these)|two|three)|them (?:all|both)|"
    r"the (?:(?P<first>first)|(?P<last>last)) two)\b",
    re.IGNORECASE,
)
"""Names several things that were just listed."""
YES_BUT = re.compile(
    r"^(?:(?:yes|yep|yeah|yup|ok(?:ay)?|sure|fine|good|great|right|al(?:l )?right|do it|go ahead)\b[\s,.!]*)+"
    r"(?:but|just|only|though)\b\s*(?P<but>.+)|"
    r"^(?:but )?(?P<limit>(?:only|just) (?:for|in|from|until|till|during|this|next|once|that)\b.*)",
    re.IGNORECASE,
)
"""Agrees on a condition: “yes, but from January”, “only this week”."""
INTERJECTED = re.compile(
    r"^(?:(?:hm+|ok(?:ay)?|oh|ah|well|so|then|uff|ouch|alright)\b[\s,.:!]+|"
    r"(?:no|nope|sorry|wait|good|great|cool|fine|nice|yes|yeah)[,.:!]+\s*)+",
    re.IGNORECASE,
)
"""What people begin with before they say what they want."""
ONE_MORE = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|also|plus|great|cool)\b[\s,.:!]*)*(?:one more|another(?: one)?|a (?:second|third) one)"
    r"(?: (?:step|thing|task|tip))?(?: too| please| then)?[\s,.:]+(?P<what>.+)",
    re.IGNORECASE,
)
"""Begins another of what's just been asked for, with its words: “and one more: read a paper”."""
ADDS_MORE = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|good|great|cool|nice)[\s,.:!]+)*(?:and|also|plus|oh and)\b(?! (?:what|how) about)",
    re.IGNORECASE,
)
"""Begins something that's wanted beside what's open."""
LEAVES_OUT = re.compile(
    r"\b(?:keep|leave(?! out)|spare|without|except(?: for)?|but not|(?<!if )not|"
    r"(?:do ?n['’]?t|do not) (?:touch|drop|move|change|remove))\b",
    re.IGNORECASE,
)
"""Says what's to stay as it is."""
ONLY = re.compile(r"\b(?:only|just)\b", re.IGNORECASE)
AND_THEN = re.compile(rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*and\b", re.IGNORECASE)
"""Begins what's wanted beside something else."""
ADDS_WORDS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|also|please|pls)[\s,.:!]+)*"
    r"(?:(?:add|mention|append|include|write|say|tell (?:him|her|them)|let (?:him|her|them) know)"
    r"(?: (?:also|too|to (?:it|that|the note)))*(?: that\b|:)|(?<=and )that\b|(?<=also )that\b)\s+(?P<words>.+)",
    re.IGNORECASE,
)
"""Adds words to a text: “add that I'm free on Friday”, “and that it's urgent”."""
NAMES_IT = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|please)[\s,.:!]+)*(?:call|name) (?:it|that|this|them)[\s:]+(?P<words>.+)",
    re.IGNORECASE,
)
ADDS_IT = re.compile(
    r"\b(?:add|put|stick|throw|note|save|make)\b(?: \w+)?? (?:it|that|this)\b.*\b(?:plan|list|steps?|to-?do)\b",
    re.IGNORECASE,
)
"""Asks for what was talked about to become a step."""
ASIDES = re.compile(
    r"\b(?:on second thoughts?|come to think of it|thinking about it|to be (?:honest|fair|safe)|in the end|after all|if possible|"
    r"by the way|btw|in fact|of course|for now|at (?:the )?(?:most|least|max(?:imum)?|moment)|"
    r"(?:i|we) (?:think|guess|suppose|reckon)|i['’]?d say|or so)\b[\s,]*",
    re.IGNORECASE,
)
"""What people put in between that changes nothing about the value they give."""
GIVES_REASON = re.compile(
    r"^\W*(?:(?:and|well|it['’]?s|that['’]?s|just)\s+)*(?:because|cause|cuz|bc|since)\s+(?P<words>.+)", re.IGNORECASE
)
DOESNT_KNOW = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|well|honestly|to be honest|sorry)[\s,.:!]+)*"
    r"(?:(?:i )?(?:have |['’]ve |got )?no (?:idea|clue|preference)|(?:i )?(?:do ?n['’]?t|do not) (?:really )?(?:know|care|mind)|"
    r"dunno|idk|(?:i['’]?m )?not (?:so |really |too )?sure|(?:it )?(?:does ?n['’]?t) matter|(?:it['’]?s )?up to you|"
    r"you (?:choose|decide|pick)|whatever|hard to say|(?:i )?can['’]?t (?:say|tell))"
    r"(?: (?:yet|how (?:long|much|many)(?: hours)?(?: (?:it|that|this) (?:takes|is|will take|would take))?|when|what|"
    r"which(?: one)?|about (?:that|it)|really|tbh|exactly|right now|at the moment|you (?:like|want|think)))*[\s.!…]*$",
    re.IGNORECASE,
)
"""Has no value to give."""
DROPS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|please|pls|let['’]?s)[\s,.:!]+)*"
    r"(?:forget|leave|skip|drop|cancel|scratch|ignore|scrap|discard|delete|remove|bin|ditch|kill|lose)(?: about| out)? "
    r"(?P<words>(?:the|that|this|my) .+?)"
    r"(?: (?:thing|one|step|idea|stuff|bit|part|then|again|please|pls|instead|for now))*[\s.!]*$",
    re.IGNORECASE,
)
"""Gives something up by its name."""
SUGGESTS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|so|well|then)[\s,.:!]+)*"
    r"(?:why (?:not|do ?n['’]?t (?:we|i|you))|(?:ca|could|should|would)n['’]?t (?:we|i|you)|(?:what if|maybe|perhaps) (?:we|i)|"
    r"(?:maybe|perhaps) (?:we|i)(?: should| could| can)|(?:should|shall|could|can) (?:we|i))"
    r"(?: (?:just|simply|rather|better|also|instead))* "
    rf"(?P<order>(?:{'|'.join(sorted(ORDERS))})\b(?=.*\b(?:it|that|this|them|him|her)\b).*?)[\s?.!]*$",
    re.IGNORECASE,
)
"""Suggests what to do with the thing that's talked about: “why not just postpone it?”."""
RESTATES = re.compile(
    r"^(?:yes|yep|yeah|yup|ok(?:ay)?|sure|fine|great|perfect|good|al(?:l )?right|then|so)\b[\s,.!]*|\bit is\b[\s.!]*$",
    re.IGNORECASE,
)
"""Agrees to what's offered in its own words: “ok, 5 it is”."""
_BEGINS_ASKING = r"^(?:(?:and|but|ok(?:ay)?|so|hm+|wait|then)[\s,]+)*"
_AGAIN = r"(?:again|later|later on|any ?time|afterwards|after(?: that)?)"
_THE_OFFER = r"(?:it|that|this)"
ASKS_REVOCABLE = re.compile(
    rf"{_BEGINS_ASKING}(?:can|could|may|will|would|do|does|is|am|are) (?:{_THE_OFFER}|i|we|you)\b.*?"
    r"\b(?:(?:change|undo|revert|switch|edit|adjust|reverse|cancel|stop)"
    rf"(?: {_THE_OFFER}(?: {_AGAIN}| back| if .*)*| (?:the |my )?\w+(?: \w+)? {_AGAIN})|"
    rf"(?:turn|switch|take|put|move|get) {_THE_OFFER} (?:off|back|out)(?: {_AGAIN}| if .*)*|change my mind(?: {_AGAIN})?|"
    rf"permanent|final|forever|for good|reversible|binding|fixed|stuck with {_THE_OFFER})[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks if what's offered could be changed again."""
ASKS_EFFECT = re.compile(
    rf"{_BEGINS_ASKING}what (?:(?:does|do|will|would) (?:{_THE_OFFER}|those)(?: then| exactly| actually)? "
    r"(?:do|delete|change|mean|cover|include|involve|stop)|"
    r"(?:happens|changes|would happen|will happen|gets (?:deleted|changed|lost))"
    r"(?: (?:if|when) i (?:do|press|say|agree).{0,20})?)"
    r"(?: (?:exactly|then|actually|(?:for|to) me))*[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks what the thing that's offered does."""
_ITS_END = r"(?:i|it|that|this|we|everything|(?:the|my)(?: whole)? plan|the whole thing)"
ASKS_END = re.compile(
    rf"\b(?:when (?:would|will|am|do|does|could|should|is) {_ITS_END}|when {_ITS_END} (?:would|will)|"
    rf"how (?:long|many (?:weeks|months)|much longer) (?:would|will|does|do|is|am|until) {_ITS_END}|"
    r"end date|finish(?:ed|ing)? (?:date|by|in)|in time|realistic|(?:take|be) (?:much |any )?longer)\b|"
    rf"\bwhat (?:does|would|will|do) {_THE_OFFER} (?:do|mean|change)\b.{{0,6}}\b(?:to|for|about|with|in) (?:my |the )?"
    r"(?:plan|end|finish|schedule|date|deadline)",
    re.IGNORECASE,
)
"""Asks when something would end, or how long it'd take."""
SUPPOSES = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so|hm+|then|ouch|uff|wow|oh|well)[\s,.!]+)*"
    r"(?:what if|what about|how about|with|at|if i)\b.*\?\s*$|"
    r"\bwhat if\b",
    re.IGNORECASE,
)
"""Asks how it'd be with another value: “and with 8?”."""
MEANT = re.compile(
    rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*"
    r"(?:i meant?|i wanted to (?:say|write)|make (?:it|that) say|it should (?:say|read)|call it)"
    r"[\s:,]+(?!it\b|this\b|that\b|the other|something|another|not\b)(.+)",
    re.IGNORECASE,
)
"""Says in other words what was meant."""
CONTINUES = re.compile(r"^(?:and |but )?(?:what about|how about|for|in|with|and|what if|why so)\b", re.IGNORECASE)
"""Goes on with the question before."""
