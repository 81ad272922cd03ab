"""Telling by its grammar whether a sentence asks for something or just tells, whom it's about, and how it feels.

Nobody who tells a story wants a command, whichever of its words a command knows: “our team missed a deadline”.
"""

from __future__ import annotations

import re
from enum import Enum

from mentorbot.commands.wording import ORDERS, PERSON, QUESTION, SOUNDS_ASKED, STARTS_QUESTION, word_set
from mentorbot.domain.conversation import SmallTalk
from mentorbot.slash.intents import clauses_of, denied_in, word_spans

INTERJECTIONS = word_set(
    """
    ok okay k cool haha hah lol lmao hm hmm hmmm wow phew ugh yeah yep yup sure fair nice great oh ah aw aww well right true good
brb omg damn jeez nah no yes interesting fine noted gotcha alright and but so then now anyway honestly tbh actually btw hey man
funny exactly agreed makes sense sounds enough point to know see finally whatever huh"""
)
"""Words people begin with, or answer with, that ask for nothing."""
_EXCLAMATIONS = word_set("phew wow ugh omg damn jeez aw aww yay woohoo argh haha lol")
_VERB_FORMS = word_set("""
    is are was were isnt arent wasnt werent has had have hasnt does did doesnt didnt can cant could will wont would should
    just says thinks wants gets goes comes makes takes gives keeps kept came hates loves likes needs asks finds found broke""")
"""Verbs as they stand after a noun, beside those in -ed."""
_OWN_THINGS = word_set("""
    plan plans step steps task tasks checkin check-in tip tips quiz mentor learner hours week level levels streak goal progress
    reminder reminders notification notifications message messages zone timezone deadline course book paper quota access
    reading portfolio certificate role bot data target schedule interface pipeline holiday vacation break one""")
"""Nouns for what the bot looks after, or what someone's learning."""
_WISHES = re.compile(
    r"\b(?:i|we) (?:(?:really|just|also|still|only|do|would|don['’]?t) )*"
    r"(?:want|wanna|need|wish|prefer|like to|love to|have to|must)\b|\bi['’]?d (?:rather|like|love|prefer)\b|"
    r"\b(?:please|pls|plz|let['’]?s|let me|instead|how about|what about|rather|(?:can|could|would) (?:you|u|i|we)|must be|"
    r"no more|would be (?:nice|great|good|cool)|i['’]?ll take|happy to|i['’]?d have|sort (?:it|that|this)|from now on)\b|"
    r"\b(?:wants|needs)\b.*\b(?:plan|steps?|progress|portfolio|hours|data)\b",
    re.IGNORECASE,
)
"""Says that something's wanted."""
_ASKS_INDIRECTLY = re.compile(
    r"\b(?:forg[eo]t|know|remember|wonder\w*|sure|idea|understand|find out|tell|see|say) "
    r"(?:what|which|how|where|when|who|why|if|whether)\b|"
    r"\b(?:am i|is (?:it|that|this|there)|are (?:there|they|these)|does (?:it|that|this)|do (?:i|they)|was (?:it|that)|did i)\b",
    re.IGNORECASE,
)
"""Has a question in it: “I forgot what's next”, “too old, am I”."""
_FUTURE = re.compile(
    r"\b(?:i['’]?ll|i will|i (?:might|may)|maybe|perhaps|gonna|going to|hoping to|will (?:do|try|see|check|look)|later|tonight|"
    r"one day|some day)\b",
    re.IGNORECASE,
)
"""Says what someone will or may do."""
_LAUGHS = re.compile(r"\b(?:lo+l|lmao|rofl|(?:ha){2,}h?|hehe)\b|[😂🤣😄😅]", re.IGNORECASE)
_GOOD = word_set("""
    good great nice fun glad happy proud love loved loving lovely enjoy enjoyed enjoying excited amazing awesome cool
    fantastic brilliant better easier worth won yay finally relieved delicious helpful beautiful grateful luckily
    sunny congratulations smooth""")
_BAD = word_set("""
    bad terrible awful horrible sad tired angry annoyed annoying hate hates hated dense boring mess broke broken stressful
    lost fail failed failing fails rejected worst worse unfortunately sucks missed cancelled fired died afraid scared nervous
    lonely worried pain painful nightmare frustrating frustrated ugh difficult hurts stolen crashed late delayed tough
    brutal exhausting complaining argh sadly reorg layoffs""")
"""Words that tell how someone feels about what they say."""
_SELF = word_set("i im ive id ill we weve didnt dont cant couldnt never been")
_BOT = word_set("you u youre youve youd ur")
_PEOPLE = word_set("he she they hes shes theyre someone somebody everyone everybody people nobody")
_DETERMINERS = word_set("my our the a an his her their some")
_POINTERS = word_set("it its this that thats these those")
_PREPOSITIONS = word_set("at in of on from with for about to by who")
_ELSEWHERE = word_set("work home school uni university office")
_LENGTHENED = re.compile(r"(\w)\1{2,}")
"""“neeed”, “sooo”."""
_PERSON = re.compile(rf"{PERSON}\b")
_PAST = re.compile(r"(?!need|feed)\w+ed|had|did|got|went|saw|made|took|ate|met|left|lost|said|told")


class Subject(Enum):
    """The subject of a sentence. `OWN` is something the bot looks after, such as a plan; `NONE` if it doesn't say."""

    SELF = "self"
    BOT = "bot"
    OWN = "own"
    PERSON = "person"
    OTHER = "other"
    NONE = "none"


_BEGINNINGS = ((Subject.SELF, _SELF), (Subject.BOT, _BOT), (Subject.PERSON, _PEOPLE), (Subject.OWN, _POINTERS))


def asks_for_something(sentence: str) -> bool:
    """Return True for a question, a wish, and an order for something the bot can do, in any clause."""
    sentence = _LENGTHENED.sub(r"\1\1", sentence)
    if QUESTION.search(sentence) or SOUNDS_ASKED.search(sentence) or _ASKS_INDIRECTLY.search(sentence):
        return True
    return (
        _WISHES.search(sentence) is not None
        or orders_in(sentence)
        or any(STARTS_QUESTION.match(" ".join(clause)) for clause in _clauses(sentence))
    )


def begins_with_wish(sentence: str) -> bool:
    """Return True if the first words say that something's wanted."""
    return _WISHES.match(sentence) is not None


def orders_in(sentence: str) -> bool:
    """Return True for an order for something the bot can do, in any clause."""
    return any(clause[0] in ORDERS for clause in _clauses(sentence))


def _clauses(sentence: str) -> list[list[str]]:
    """List the clauses of a sentence without what people begin with."""
    words = _plain_words(sentence)
    clauses = (_telling(words[start:end]) for start, end in clauses_of(sentence))
    return [clause for clause in clauses if clause]


def is_remark(sentence: str) -> bool:
    """Return True for a statement, or a mere sign of having read something: “ok cool”, “that took me forever”."""
    telling = _telling(_plain_words(sentence))
    begins_so = len(telling) < len(word_spans(sentence))
    is_statement = subject_of(sentence) is not Subject.NONE and len(telling) > 1
    return begins_so or is_statement or tone_of(sentence) is not SmallTalk.REMARK


def subject_of(sentence: str) -> Subject:
    """Tell whom or what a sentence is about."""
    words = _telling(_plain_words(sentence))
    first, others = (words[0], words[1:]) if words else ("", [])
    for subject, begins in _BEGINNINGS:
        if first in begins:
            return subject
    if _PERSON.match(" ".join(words)):
        return Subject.PERSON
    end = next((index for index, word in enumerate(others) if index and _ends_noun(word)), 0)
    if first not in _DETERMINERS or not end:
        return Subject.NONE
    is_elsewhere = not _ELSEWHERE.isdisjoint(others[end + 1 : end + 3])
    return Subject.OWN if others[end - 1] in _OWN_THINGS and not is_elsewhere else Subject.OTHER


def tells(sentence: str) -> bool:
    """Return True for a statement about people or things that the bot doesn't look after: “Ben wants it”."""
    is_about_own = subject_of(sentence) is Subject.OWN
    return not is_about_own and (
        subject_of(sentence) is not Subject.NONE or not _VERB_FORMS.isdisjoint(_plain_words(sentence))
    )


def is_verb(word: str) -> bool:
    """Return True for a verb as it stands after a noun."""
    return word in _VERB_FORMS


def is_past_deed(sentence: str) -> bool:
    """Return True for what the speaker did: “I paused the video”."""
    words = [word for word in _telling(_plain_words(sentence)) if word not in ("just", "already", "finally")]
    return len(words) > 1 and words[0] in ("i", "we", "ive") and _PAST.fullmatch(words[1]) is not None


def exclaims(sentence: str) -> bool:
    """Return True for a text that begins with a sigh or a cheer: “phew, …”, “what a week, …”."""
    words = _plain_words(sentence)
    return not _EXCLAMATIONS.isdisjoint(words[:1]) or (words[:2] == ["what", "a"] and "?" not in sentence)


def is_future(sentence: str) -> bool:
    """Return True if someone says what they'll do, or may."""
    return _FUTURE.search(sentence) is not None


def tone_of(sentence: str) -> SmallTalk:
    """Tell which reply a remark deserves, by how it sounds. A good or a bad word that's denied counts the other way round."""
    denied, words = denied_in(sentence), _plain_words(sentence)
    signs = [(word in _GOOD) - (word in _BAD) for word in words]
    feeling = sum(-sign if index in denied else sign for index, sign in enumerate(signs))
    if _LAUGHS.search(sentence):
        return SmallTalk.LAUGH
    if feeling:
        return SmallTalk.GLAD if feeling > 0 else SmallTalk.SORRY
    if is_future(sentence):
        return SmallTalk.LATER
    return SmallTalk.STORY if subject_of(sentence) in (Subject.PERSON, Subject.OTHER) else SmallTalk.REMARK


def _ends_noun(word: str) -> bool:
    return word in _VERB_FORMS or word in _PREPOSITIONS or _PAST.fullmatch(word) is not None


def _plain_words(sentence: str) -> list[str]:
    """List the words of a sentence in small letters, without apostrophes."""
    return [re.sub("['’]", "", sentence[start:end].lower()) for start, end in word_spans(sentence)]


def _telling(words: list[str]) -> list[str]:
    """Drop what people only begin with, like “ok” or “phew”."""
    return words[next((index for index, word in enumerate(words) if word not in INTERJECTIONS), len(words)) :]
