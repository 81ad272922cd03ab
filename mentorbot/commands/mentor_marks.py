"""The role a server has chosen for people who mentor: given and taken away."""

from __future__ import annotations

import logging

from mentorbot.chat.platform import MemberRoles
from mentorbot.commands.context import Context
from mentorbot.errors import SendError

log = logging.getLogger(__name__)


async def mark_mentor(context: Context, *, has: bool) -> None:
    """Give the caller the workspace's role for mentors, or take it away. An error costs nothing but the role."""
    platform: object = context.platform
    role_id = await context.uow.mentorships.platform_role()
    if role_id is None or not isinstance(platform, MemberRoles):
        return
    try:
        await platform.set_role(context.workspace, context.caller.user_id, role_id, has=has)
    except SendError as error:
        log.warning("couldn't change a mentor's role in %s: %s", context.workspace.id, error.code)
