"""`admin mentor-role`: the role a server gives the people who mentor in it."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import MemberRoles
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.errors import Conflict, PermanentSendError
from mentorbot.slash.registry import MemberRole, Option
from mentorbot.views import mentor_role as views


@registry.command(
    "admin mentor-role",
    "The role mentors get here.",
    admin=True,
    writes=True,
    examples=("admin mentor-role role:none",),
)
async def admin_mentor_role(
    context: Context,
    role: Annotated[MemberRole | None, Option("The role, e.g. @Mentors", called=("is",))] = None,
) -> Answer:
    """Save the role and give it to everyone who mentors; without one, say whether there is one. “none” ends that."""
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
