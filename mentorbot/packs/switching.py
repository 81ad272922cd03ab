"""Someone who tells what they are now and would like to be something else: “nurse, 34, good at Excel, any way in?”."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AGE = r"(?:aged? )?\d{1,2}\s?(?:y(?:ea)?rs?(?: old)?|yo|y/o)?\b"
_NO_JOB = (
    "i|im|i['’]m|is|are|my|the|this|that|how|what|which|why|do|does|can|should|as|from|and|or|so|no|with|not|to|of|in"
    "|another"
)
_WORD = rf"(?!(?:{_NO_JOB})\b)[a-z][\w+#/]*"
_JOB = rf"((?:{_WORD}[\s-]){{0,2}}{_WORD})"
_TRADE = rf"((?:{_WORD}[\s-]){{0,2}}(?!\w+(?:ever|other|after|under)\b)\w+(?:er|or|ist|ian|ant|ent|nurse|chef|clerk|pilot|coach))"
_AFTER = (
    r"(?=\s*[,.;:!?]|\s*$"
    r"|\s+(?:for|since|in|at|with|who|now|and|here|by|to|into|of|can|could|any|is|trying|want\w*|look\w*)\b)"
)
_NOW = re.compile(
    rf"^\W*(?:an?\s+|ex[ -]|former\s+)?{_JOB}(?=\s*,?\s*\(?{_AGE}|\s+(?:here|guy|girl|dude|by (?:trade|training|day))\b)"
    rf"|^\W*(?:an?\s+|ex[ -]|former\s+)?{_TRADE}(?=\s*,|\s+(?:want\w*|with|looking|trying)\b)"
    rf"|\b(?:i['’]?m|i am|i was|i work as|been|as|currently|formerly)\s+an?\s+(?:former\s+)?{_JOB}{_AFTER}"
    rf"|\b(?:from|coming from|background (?:is )?in)\s+(?:being\s+)?(?:an?\s+)?{_JOB}{_AFTER}"
    rf"|\b{_JOB}\s+background\b",
    re.IGNORECASE,
)
"""The job people have: “devops guy”, “been a Java dev for 11 years”, “from data engineering to”."""
_WISH = re.compile(
    r"\b(?:want(?:s|ing|ed)?|way|get|mov(?:e|ing)|switch(?:ing)?|chang(?:e|ing)|becom(?:e|ing)|go(?:ing)?|break|transition(?:ing)?|retrain"
    r"|start)\b.{0,25}?\b(?:in|into|to|this|architect\w*|ai)\b|\bmake it\b"
    r"|\b(?:any (?:chance|hope|way)|realistic(?:ally)?|possible|doable|useful|(?:too|so) (?:late|old)|worth it)\b",
    re.IGNORECASE,
)
"""Signs that they'd like a different job."""
_STRENGTH = re.compile(
    r"\bgood (?:at|with) \w+|\b(?:with )?(?:no|zero|little) (?:\w+ ){0,2}(?:background|experience)\b", re.IGNORECASE
)
"""Skills they bring or lack, which isn't what they ask about."""


@dataclass(frozen=True, slots=True)
class Switch:
    """The job someone has now, and what they say besides that and the wish."""

    job: str
    rest: str


def switch_in(text: str) -> Switch | None:
    """Find what someone is who would like to be something else; None in any other text."""
    if _WISH.search(text) is None:  # most texts have none, and this is soon told
        return None
    match = _NOW.search(text)
    if match is None:
        return None
    job = next(filter(None, match.groups()))
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    if _WISH.search(rest) is None:
        return None
    for said in (_WISH, _STRENGTH, re.compile(_AGE)):
        rest = said.sub(" ", rest)
    return Switch(job, rest)
