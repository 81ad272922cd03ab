"""The subjects of a pack, so a question about something else, or someone else, isn't answered from a word in passing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from mentorbot.packs.language import SynonymGroups, everyday_stems, stem_of, stems_in
from mentorbot.packs.passages import Kind, Passage
from mentorbot.packs.schema import Title

_VERBS = r"(?:earn|make|do|need|get|cost|work|like|have|know|learn|study|take)"
SOMEONE = re.compile(
    rf"\b(?:do|does|would|will)\s+an?\s+((?:[\w-]+\s+){{0,3}}?[\w-]+)\s+{_VERBS}\b"
    r"|\b(?:become|becoming|being)\s+an?\s+((?:[\w-]+\s+){0,3}?[\w-]+)"
    rf"(?:\s+{_VERBS}\b|\s*[?.!,]|\s*$|\s+(?=in|with|without|at|after|from)\b)"
    rf"|\bdo\s+((?:[\w-]+\s+){{0,2}}?[\w-]+s)\s+{_VERBS}\b",
    re.IGNORECASE,
)
"""The people a question is about: “what does a judge earn”, “how do I become a doctor”, “what do nurses do”."""
_OTHER_ROLE = re.compile(
    r"\b(?:become|becoming|(?:want|like|love|hope|wish) to (?:be|work as)(?! an? (?:better|good|great)\b))\s+an?"
    r"\s+((?:[\w-]+\s+){0,2}?[\w-]+)(?=\s*[?.!,]|\s*$|\s+(?:in|with|without|at|after|from|or)\b)"
    r"|\b(?:do|does|can|would)\s+(?:an?\s+((?:[\w-]+\s+){0,2}?[\w-]+)|((?:[\w-]+\s+){0,2}?\w+[^\Ws]s))"
    r"\s+(?:earn|make|get paid)\b(?! sense)",
    re.IGNORECASE,
)
"""The job people would like to have, or whose pay they ask for."""
_AMOUNTS = "average median mean typical usual common range year month annual yearly monthly experience right now"
"""Words that ask how much of something there is, rather than for anything else."""
_TOPICAL = (Kind.BRIEF, Kind.PAY, Kind.TITLE, Kind.ADVICE)
"""Kinds whose topic is one the role is about. The others' may be an exercise or a case."""


class Subjects:
    """The words a pack is about, as stems; `stop` are those that say nothing."""

    def __init__(
        self, passages: Sequence[Passage], titles: Sequence[Title], groups: SynonymGroups, stop: Set[str]
    ) -> None:
        topics = _stems(passage.topic for passage in passages if passage.kind in _TOPICAL)
        answers = [passage for passage in passages if passage.kind is Kind.ANSWER]
        others = [passage for passage in passages if passage.kind is not Kind.ANSWER]
        self.all = topics | _stems(
            (*(each.topic for each in answers), *(text for each in others for text in each.aliases))
        )
        self.off_topic = everyday_stems() - self.all - set(groups.words) - stop
        """Words everyone uses, and the pack, if at all, only in passing."""
        paid = (text for each in passages if each.kind is Kind.PAY for text in (each.topic, *each.aliases))
        names = [title.name for title in titles]
        paid_words = _stems((*paid, *names, _AMOUNTS))
        self.pay_words = paid_words | _stems(name for title in titles for name in title.aliases)
        """The words of levels and titles, which can be paid, and of how much that is."""
        self._other_people = everyday_stems() - paid_words - topics - set(groups.words) - stop
        questions = (text for each in passages for text in (each.topic, *each.aliases))
        last_words = _stems((*(name.split()[-1] for name in names), *map(_other_role, questions)))
        self._roles = last_words | set(groups.words) | paid_words | stop
        self._titles = SynonymGroups(_names(name, names) for name in names)
        self._title_ids = {f"#{number}": title.id for number, title in enumerate(titles)}
        self.pay_group = next((term for term, _, _ in groups.matches_in(stems_in("pay"))), "")

    def is_someone_else(self, stems: Sequence[str]) -> bool:
        """Tell if the name for a person, e.g. “truck driver”, is of another job: its last word is none the role has."""
        return bool(stems) and stems[-1] in self._other_people and not self.titles_in(stems)

    def is_other_role(self, question: str) -> bool:
        """Tell if someone wants to be something, or asks what it pays, that the pack isn't about."""
        role = _other_role(question)
        return bool(role) and stem_of(role.lower()) not in self._roles

    def titles_in(self, stems: Sequence[str]) -> tuple[str, ...]:
        """List the ids of the job titles a text names, given as stems."""
        return tuple(dict.fromkeys(self._title_ids[term] for term, _, _ in self._titles.matches_in(stems)))


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in stems_in(text))


def _other_role(question: str) -> str:
    match = _OTHER_ROLE.search(question)
    return next(filter(None, match.groups())).split()[-1] if match else ""


def _names(title: str, others: Sequence[str]) -> tuple[str, ...]:
    """List what a job title is called: “AI Solutions Architect” and “Solutions Architect”, if that's no other title."""
    shorter = title.partition(" ")[2]
    return (title, shorter) if " " in shorter and shorter not in others else (title,)
