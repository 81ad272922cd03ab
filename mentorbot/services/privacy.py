"""Erasure of everything about a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from mentorbot.packs.schema import Pack
from mentorbot.services.mentoring import MentorMatcher
from mentorbot.storage import UnitOfWork


async def erase(uow: UnitOfWork, packs: Iterable[Pack], user_id: str, now: datetime) -> Counter[str]:
    """Erase a person, find their learners a different mentor, and return the number of erased rows by table.

    `packs` are those of all roles, since people may mentor for several. Others only see that someone has left.
    """
    matchers = [MentorMatcher(uow, pack, now) for pack in packs]
    for matcher in matchers:
        await matcher.release(user_id)
    erased = await uow.privacy.erase(user_id)
    for matcher in matchers if erased else ():
        await matcher.match_waiting()  # a learner's place is free now
    return erased
