"""`admin mentor-role`: the role a server gives the people who mentor in it."""

from __future__ import annotations

import logging
import re
from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import MemberRoles
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import NONE_WORDS
from mentorbot.errors import BadValue, Conflict, PermanentSendError
from mentorbot.slash.registry import Option
from mentorbot.views import mentor_role as views

log = logging.getLogger(__name__)
_ROLE = re.compile(r"(?:<@&)?(\d{15,20})>?")


def read_role_mention(text: str) -> str:
    """Read a mentioned role as its id; "" for one of `NONE_WORDS`.

    Raises:
        BadValue: it's neither.
    """
    if text.strip().lower() in NONE_WORDS:
        return ""
    if match := _ROLE.fullmatch(text.strip()):
        return match[1]
    raise BadValue("I can't tell which role that is. Type @ and choose it from the list, or enter none.", option="role")


@registry.command(
    "admin mentor-role",
    "The role people get while they mentor here.",
    admin=True,
    writes=True,
    examples=("admin mentor-role role:none",),
)
async def admin_mentor_role(
    context: Context,
    role: Annotated[
        str | None,
        Option("The role, e.g. @Mentors, or none", reader=read_role_mention, keyword_only=True, called=("is",)),
    ] = None,
) -> Answer:
    """Save the role and give it to everyone who mentors; without one, say which it is."""
    platform: object = context.platform
    if not isinstance(platform, MemberRoles) or context.workspace.is_personal:
        return views.no_roles_card()
    if role is None:
        return views.mentor_role_card(bool(await context.uow.mentorships.platform_role()))
    mentors = [each for each in await context.uow.mentorships.mentors(context.role) if each.offering]
    if role:
        try:
            for mentor in mentors:
                await platform.set_role(context.workspace, mentor.user_id, role, has=True)
        except PermanentSendError as error:
            raise Conflict(
                "I can't give that role yet. Give mine Manage Roles, drag it above that one, and try again."
            ) from error
    await context.uow.mentorships.set_platform_role(role or None)
    return views.mentor_role_saved_card(chosen=bool(role), mentors=len(mentors))
