"""Guests, whom not everyone in the workspace can find: they have plans and check-ins, but no part in mentoring."""

from __future__ import annotations

from mentorbot.commands.context import Caller
from mentorbot.errors import NotAllowed, SendError


async def ensure_no_guest(caller: Caller) -> None:
    """Make sure that two people who are to work together can find each other.

    Raises:
        NotAllowed: the caller is a guest. If the platform doesn't answer, they're taken for none, because most people aren't.
    """
    try:
        is_guest = (await caller.member()).is_guest
    except SendError:
        is_guest = False
    if is_guest:
        raise NotAllowed(
            "Mentoring isn't open to guests. You and a mentor couldn't find each other here. Everything else works.",
            suggestions=("plan show",),
        )
