"""`mentees` and `pair share | note | digest`: a mentor's view of their learners, as far as each learner shares it."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Choice
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentoring import MAX_ID, matcher_of
from mentorbot.commands.schedule_options import required_zone, subscriptions_of
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.services import mentoring
from mentorbot.services.subscriptions import DEFAULT_TIME
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import mentoring as views
from mentorbot.views.subscriptions import digest_started_card, digest_stopped_card

MAX_NOTE_LENGTH = 500


@registry.command("mentees", "Your learners: who moved, who is blocked, since when.")
async def mentees(
    context: Context,
    learner: Annotated[int | None, Option("One of them, by the number of the pairing", low=1, high=MAX_ID)] = None,
) -> Answer:
    """Show all the mentor's learners on one card, or one of them in full."""
    uow, pack, mentor_id = context.uow, context.pack, context.caller.user_id
    await mentoring.ensure_mentor(uow, context.role, mentor_id)
    if learner is None:
        overviews = await mentoring.learner_overviews(uow, pack, mentor_id, context.now)
        return views.digest_card(pack, overviews)
    mentorship = await mentoring.learner_of(uow, context.role, mentor_id, learner)
    session = await mentoring.session_of(uow, pack, mentorship.learner, mentorship.learner_name, context.now)
    shared = await mentoring.shared_learner(session, session.profile.visibility)
    return views.learner_card(pack, mentorship, shared)


def _visibilities(_: Pack) -> list[Choice]:
    return [Choice(label, visibility.value) for visibility, label in views.VISIBILITY_LABELS.items()]


@registry.command(
    "pair share",
    "What your mentor sees: you look at it before you agree.",
    writes=True,
    examples=("pair share progress",),
)
async def pair_share(
    context: Context,
    what: Annotated[str | None, Option("How much your mentor sees", choices=_visibilities)] = None,
    agree: Annotated[
        str | None, Option("Say yes once you have seen it", choices=lambda _: (Choice("Yes, share this", "yes"),))
    ] = None,
) -> Answer:
    """Show exactly what a mentor would see, and save it once the learner agrees."""
    if what is not None and agree is not None:
        await context.ensure_caller()
        await context.repository.set_visibility(Visibility(what))
        return views.shared_card()
    session = await context.learner()
    current = session.profile.visibility
    shown = Visibility(what) if what is not None else current
    return views.visibility_card(context.pack, await mentoring.shared_learner(session, shown), shown, current)


@registry.command("pair note", "Write your learner a short note.", writes=True, examples=("pair note 12 Well done",))
async def pair_note(
    context: Context,
    learner: Annotated[int, Option("Which learner, by the number of the pairing", low=1, high=MAX_ID)],
    text: Annotated[
        str | None, Option("What you want to say", greedy=True, max_length=MAX_NOTE_LENGTH, multiline=True)
    ] = None,
) -> Answer:
    """Send a learner a short note in their direct messages."""
    mentorship = await mentoring.learner_of(context.uow, context.role, context.caller.user_id, learner)
    if text is None:
        raise MissingOption("text")
    await mentoring.send_note(matcher_of(context), mentorship, text)
    return views.note_sent_card(mentorship)


@registry.command(
    "pair digest", "One message a week about all your learners.", writes=True, examples=("pair digest monday 09:00",)
)
async def pair_digest(
    context: Context,
    day: Annotated[Weekday, Option("Day of the week")] = Weekday.MONDAY,
    at: Annotated[time, Option("Local time, as 09:00")] = DEFAULT_TIME,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    off: Annotated[str | None, Option("Say yes to stop it", choices=lambda _: (Choice("Yes, stop it", "yes"),))] = None,
) -> Answer:
    """Start, move or stop the weekly digest."""
    await context.ensure_caller()
    subscriptions = subscriptions_of(context)
    if off is not None:
        await subscriptions.stop(context.to_caller, MessageKind.DIGEST)
        return digest_stopped_card()
    weekly = Recurrence.weekly(day, at, await required_zone(context, zone))
    return digest_started_card(await subscriptions.start(context.to_caller, MessageKind.DIGEST, weekly))
