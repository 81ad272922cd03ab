"""`admin settings`: everything an admin has decided, on one card."""

from __future__ import annotations

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import MemberRoles
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.views.workspace_settings import workspace_settings_card


@registry.command(
    "admin settings",
    "Everything set up here, on one card.",
    admin=True,
    intents=("show the settings of this server", "what's set up in this workspace"),
    label="All settings",
)
async def admin_settings(context: Context) -> Answer:
    """Show what's posted in channels, days off and the roles, each with the button that changes it."""
    platform: object = context.platform
    has_roles = isinstance(platform, MemberRoles) and not context.workspace.is_personal
    return workspace_settings_card(
        context.workspace.platform,
        await context.uow.schedules.in_channels(),
        await context.uow.calendars.get(),
        context.library.pack(await context.uow.roles.default()),
        len(context.library.packs) - 1,
        await context.uow.muted_channels.all(),
        mentors_have_role=bool(await context.uow.mentorships.platform_role()) if has_roles else None,
    )
