"""`me show | export | model | forget`: a person's own data, its readers, and erasing it."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentor_marks import mark_mentor
from mentorbot.domain.mentoring import MentorshipState
from mentorbot.packs.schema import Pack
from mentorbot.services.privacy import erase
from mentorbot.slash.registry import Option
from mentorbot.views.language_model import choice_card, no_model_card
from mentorbot.views.me import confirm_erasure_card, data_card, data_file_card, erased_card


@registry.command(
    "me show",
    "Your data, and who can see it.",
    intents=(
        "what do you know about me",
        "which data do you store",
        "who can see my data",
        "what data do you have on me",
        "who can see my plan",
        "is my data private",
        "is this private",
        "what happens to my data",
        "who can read what I write",
    ),
    aliases=("me data",),
    label="Your data",
)
async def me_show(context: Context) -> Answer:
    """Show counts by kind, and the people who can see each."""
    data = await context.uow.privacy.everything(context.caller.user_id)
    mentorship = await context.uow.mentorships.of_learner(context.caller.user_id, context.role)
    has_mentor = mentorship is not None and mentorship.state is MentorshipState.ACTIVE
    mentor = mentorship.mentor_name if mentorship is not None and has_mentor else ""
    return data_card(data, (await context.repository.profile()).visibility, mentor)


@registry.command(
    "me export",
    "All your data as a file.",
    intents=(
        "a copy of all my data",
        "download my data",
        "give me everything you have about me",
        "export all my data",
    ),
    label="Get the file",
)
async def me_export(context: Context) -> Answer:
    """Give all rows about the caller as a JSON file."""
    return data_file_card(await context.uow.privacy.everything(context.caller.user_id))


def _switch_choices(_: Pack) -> tuple[Choice, ...]:
    return (Choice("on", "on"), Choice("off", "off"))


@registry.command(
    "me model",
    "Whether a language model may help me.",
    writes=True,
    needs=("use",),
    examples=("me model", "me model off"),
    intents=(
        "do you use a language model",
        "do you use chatgpt",
        "don't send my messages to a language model {use=off}",
        "which AI model do you use",
        "stop using the language model for me {use=off}",
    ),
    label="Language model[: {use}]",
)
async def me_model(
    context: Context, use: Annotated[str | None, Option("On or off, for you alone", choices=_switch_choices)] = None
) -> Answer:
    """Show the caller's choice about the language model, or change it."""
    if context.model is None:
        return no_model_card()
    if use is not None:
        await context.uow.language_model.choose(context.caller.user_id, declined=use == "off")
    permission = await context.uow.language_model.permission(context.caller.user_id)
    return choice_card(context.model, permission.mode, permission.consent)


def _yes(_: Pack) -> tuple[Choice, ...]:
    return (Choice("Yes, delete everything", "yes"),)


@registry.command(
    "me forget",
    "Delete all your data.",
    writes=True,
    needs=("confirm",),
    intents=(
        "delete my data",
        "delete everything",
        "forget me",
        "i'm leaving the company, wipe my stuff",
        "erase everything about me",
        "delete my account",
    ),
    label="Delete your data",
)
async def me_forget(
    context: Context,
    confirm: Annotated[str | None, Option("Yes deletes everything for good", choices=_yes, keyword_only=True)] = None,
) -> Answer:
    """Erase everything about the caller, once they confirm it."""
    if confirm is None:
        return confirm_erasure_card()
    if await context.uow.mentorships.mentor(context.caller.user_id, context.role) is not None:
        await mark_mentor(context, has=False)
    erased = await erase(context.uow, context.library.packs.values(), context.caller.user_id, context.now)
    return erased_card(erased.total())
