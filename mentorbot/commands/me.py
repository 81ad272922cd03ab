"""`me show | export | forget`: a person's own data, its readers, and erasing it."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.packs.schema import Pack
from mentorbot.services.privacy import erase
from mentorbot.slash.registry import Option
from mentorbot.views.me import confirm_erasure_card, data_card, data_file_card, erased_card


@registry.command("me show", "What I keep of you, and who can see it.")
async def me_show(context: Context) -> Answer:
    """Show counts by kind, and the people who can see each."""
    data = await context.uow.privacy.everything(context.caller.user_id)
    return data_card(data, (await context.repository.profile()).visibility)


@registry.command("me export", "Everything that I keep of you, as a file.")
async def me_export(context: Context) -> Answer:
    """Give all rows about the caller as a JSON file."""
    return data_file_card(await context.uow.privacy.everything(context.caller.user_id))


def _yes(_: Pack) -> tuple[Choice, ...]:
    return (Choice("Yes, erase everything", "yes"),)


@registry.command("me forget", "Erase everything that I keep of you.", writes=True)
async def me_forget(
    context: Context, confirm: Annotated[str | None, Option("Say yes to erase everything", choices=_yes)] = None
) -> Answer:
    """Erase everything about the caller, once they confirm it."""
    if confirm is None:
        return confirm_erasure_card()
    erased = await erase(context.uow, context.pack, context.caller.user_id, context.now)
    return erased_card(erased.total())
