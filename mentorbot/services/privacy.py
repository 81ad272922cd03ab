"""Erasing everything about a person."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from mentorbot.packs.schema import Pack
from mentorbot.services.mentoring import MentorMatcher
from mentorbot.storage import UnitOfWork


async def erase(uow: UnitOfWork, pack: Pack, user_id: str, now: datetime) -> Counter[str]:
    """Erase a person, find their learners a different mentor, and return the number of erased rows by table.

    Others only see that someone has left.
    """
    matcher = MentorMatcher(uow, pack, now)
    await matcher.release(user_id)
    erased = await uow.privacy.erase(user_id)
    if erased:
        await matcher.match_waiting()  # a learner's place is free now
    return erased
