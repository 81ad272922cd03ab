"""What someone's to help with, as said in a wish for a mentor: “find me a mentor for hiring”, “someone who knows Terraform”."""

from __future__ import annotations

import re

from mentorbot.slash.intents import COMMON_WORDS, words_of

_HELPER = (
    r"(?:mentor(?:s|ing)?|guide|coach|advisor|tutor|expert|specialist|some(?:one|body)(?: else)?|any(?:one|body)|person|"
    r"people|human|buddy|colleague|senior)"
)
_WHO = (
    r"(?:who|that|which)(?:['’](?:s|d))?(?: (?:really|also|already|actually|can|could|would|has|have|had|is|are|was|does|did|"
    r"knows?|understands?|helps?|teach(?:es)?|me|us|good|great|strong|experienced|experience|worked|works|done|a|an|lot|bit|"
    r"things?|some|background|knowledge))*(?: (?:about|with|in|at|on|of|how to))*"
)
_HELPS = r"(?:help|teach|guide|coach|mentor|support|advise|talk)(?: to)?(?: (?:me|us))"
_SUBJECT = re.compile(
    rf"(?:\b{_HELPER}\b[\s,]*(?:(?:here|please|pls|to (?:help|teach|guide|coach|mentor|support|talk)(?: to)?(?: me| us)?)[\s,]+)*"
    rf"(?:{_WHO}|with (?:a lot of |some |good |solid )?(?:experience|knowledge|background|expertise)(?: (?:in|with|of|on))?|"
    rf"for(?: help with)?|about|on|in|with|through|around)|\b{_HELPS} (?:with|on|about|in|through))\s+(?P<subject>[^.!?;]+)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[\s,]+(?:(?:please|pls|thanks|thank you|thx|ty|if possible|asap|soon|at some point|again|too|as well|instead|would be .*|"
    r"(?:and )?(?:could|can|would|will) (?:you|help|guide|mentor|teach).*|(?:he|she|they|i|we|but|because|since)\b.*)[\s,]*)+$",
    re.IGNORECASE,
)
_FAINT = """
here there mentor mentors guide help guidance support coach teach learn talk done before human advice role job plan learning
person people learners learner work works free room available month months weeks week while bit two three
"""
_NO_SUBJECT = COMMON_WORDS | frozenset(_FAINT.split())
"""Words that alone say nothing about what it's for."""


def subject_in(sentence: str) -> str:
    """Give the words for what someone's to help with; "" if a sentence doesn't say."""
    for found in _SUBJECT.finditer(sentence):
        subject = _ENDS.sub("", found["subject"]).strip(" ,:-–")
        if any(word.lower() not in _NO_SUBJECT and not word.isdecimal() for word in words_of(subject)):
            return subject
    return ""
