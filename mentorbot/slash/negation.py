"""Finding what a sentence says isn't so, or isn't to happen: “don't delete anything”, “I haven't finished step 3”."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_VERBS = "do does did is are was were have has had can could will would should must need"
_NOT = re.compile(rf"(?:{'|'.join(_VERBS.split())}|wo|ca)n['’]?t|cannot|aint|ain['’]t|not|never|without", re.IGNORECASE)
_ALMOST = frozenset({"almost", "nearly"})
"""Something almost done isn't done."""
_SUBJECTS = "you u we i it there this that they he she"
_ASKING, _ASKED = frozenset({"why", "how", "come"}), frozenset(_SUBJECTS.split())
"""“Why didn't my check-in come” and “can't you pause” deny nothing: before the word that would, and after it."""
_MEANT_ALL_THE_SAME = frozenset({"forget", "hesitate", "wait", "only", "just", "mind"})
"""After one of these, what follows is meant: “don't forget to remind me”."""
_WHEN = frozenset({"until", "till", "before"})
"""“Not until friday” says when, rather than that it isn't so."""
_LACKS = "know sure understand remember get got have had hear heard see seen receive received find found"
_LACKING = frozenset(_LACKS.split())
"""Someone who doesn't know or have something may well ask for it: “I'm not sure what's next”, “I don't have a mentor”."""


def is_negation(word: str) -> bool:
    """Return True if a word denies what follows it."""
    return _NOT.fullmatch(word) is not None


def denied_words(words: Sequence[str], clauses: Sequence[tuple[int, int]]) -> Mapping[int, int]:
    """Map the offset of each word that's denied to that of the word that does so, in the same clause."""
    denied: dict[int, int] = {}
    for start, end in clauses:
        negation = next((index for index in range(start, end) if _denies(words, index, start)), None)
        if negation is None:
            continue
        after = [word.lower() for word in words[negation + 1 : min(negation + 3, end)]]
        if _LACKING & set(after) or _WHEN & set(after[:1]):
            continue
        stop = negation + 2 if after and after[0] in _MEANT_ALL_THE_SAME else end
        denied |= dict.fromkeys(range(negation + 1, stop), negation)
    return denied


def _denies(words: Sequence[str], index: int, start: int) -> bool:
    word = words[index].lower()
    if not is_negation(word) and word not in _ALMOST:
        return False
    before = words[index - 1].lower() if index > start else ""
    after = words[index + 1].lower() if index + 1 < len(words) else ""
    return before not in _ASKING and not (after in _ASKED and word not in ("not", *_ALMOST))
