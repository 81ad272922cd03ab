"""`mentees` and `pair share | note | reply | digest`: what the two sides of a mentorship see of and say to each other."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Choice
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentoring import matcher_of, suggest_contacts, yes
from mentorbot.commands.schedule_options import (
    EVERY,
    StartOption,
    read_weeks,
    rhythm_of,
    saved_rhythm,
    subscriptions_of,
)
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.language_model import ModelMode
from mentorbot.domain.mentoring import Contact, ContactChoice, FoundContact, MentorshipState, find_contact
from mentorbot.domain.person_names import split_name
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.services import mentoring
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.subscriptions import DEFAULT_TIME, Timing
from mentorbot.slash.choices import nearest
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Person, Spoken, Weekdays
from mentorbot.views import mentees as views
from mentorbot.views import mentoring as mentoring_views
from mentorbot.views.subscriptions import digest_started_card, digest_stopped_card

MAX_NOTE_LENGTH = 500
NoteText = Annotated[
    str | None,
    Option(
        "What you want to say",
        greedy=True,
        max_length=MAX_NOTE_LENGTH,
        multiline=True,
        called=("message", "note", "saying"),
        spoken=Spoken.MESSAGE,
    ),
]


async def _suggest_learners(context: Context, _: str) -> tuple[Choice, ...]:
    learners = await mentoring.learners_of(context.uow, context.role, context.caller.user_id)
    return tuple(Choice(learner.name, learner.user_id) for learner in learners)


@registry.command(
    "mentees",
    "Your learners: who's stuck, and who's made progress.",
    examples=("mentees", "mentees Ben"),
    intents=(
        "how is {learner} doing",
        "my learners",
        "who needs me",
        "is anyone stuck",
        "any news from {learner}",
        "how are my learners doing",
        "who's stuck",
        "show me my learners",
        "show me {learner}'s plan",
        "what is {learner} working on",
        "any new requests for me",
        "who asked me to be their mentor",
        "show me my digest",
        "what's in my digest",
        "digest now",
        "who wants me as a mentor",
        "is anyone waiting for my answer",
    ),
    label="Show {learner}|Show my learners",
)
async def mentees(
    context: Context,
    learner: Annotated[Person | None, Option("One of them", suggest=_suggest_learners, called=("who", "name"))] = None,
    summary: Annotated[
        str | None, Option("Sum it up in words", choices=lambda _: yes("Yes, sum it up"), keyword_only=True)
    ] = None,
) -> Answer:
    """Show all the mentor's learners on one card, or one of them in full."""
    uow, pack, mentor_id = context.uow, context.pack, context.caller.user_id
    learners = await mentoring.learners_of(uow, context.role, mentor_id)
    asking = await mentoring.asking(uow, context.role, mentor_id) if learner is None else []
    if learner is None and (learners or asking):
        overviews = await mentoring.learner_overviews(uow, pack, mentor_id, context.now)
        can_sum_up = context.model is not None and await uow.language_model.mode() is not ModelMode.OFF
        mentor = await uow.mentorships.mentor(mentor_id, context.role)
        room = mentor.room if mentor is not None else 0
        return views.learners_card(pack, overviews, asking, room, can_sum_up=can_sum_up and summary is None)
    found = find_contact(learner, learners)
    if not isinstance(found, Contact):
        return mentoring_views.contact_choice_card(found, "mentees")
    session = await mentoring.session_of(uow, pack, found.user_id, found.name, context.now)
    shared = await mentoring.shared_learner(session, session.profile.visibility)
    return views.learner_card(pack, found.mentorship, shared)


def _visibilities(_: Pack) -> list[Choice]:
    return [Choice(label, visibility.value) for visibility, label in views.VISIBILITY_LABELS.items()]


@registry.command(
    "pair share",
    "Choose what your mentor sees. You get a preview first.",
    writes=True,
    needs=("agree",),
    examples=("pair share progress",),
    intents=(
        "what can my mentor see",
        "share my progress with my mentor {what=progress}",
        "share my check-ins with my mentor {what=checkins}",
        "let my mentor see my check-ins {what=checkins}",
        "share everything with my mentor {what=checkins}",
        "what does my mentor read",
        "what does my mentor see",
        "hide my plan from my mentor {what=nothing}",
        "hide everything from my mentor {what=nothing}",
        "stop sharing with my mentor {what=nothing}",
        "share nothing with my mentor {what=nothing}",
        "let my mentor see my progress {what=progress}",
        "stop sharing my check-ins {what=progress} {less=yes}",
        "stop sharing my check-ins with my mentor {what=progress} {less=yes}",
        "hide my check-ins from my mentor {what=progress} {less=yes}",
    ),
    label=(
        "See what your mentor would see|See what your mentor would see with {what}|"
        "See what your mentor would see with only {what}{!less}"
    ),
)
async def pair_share(
    context: Context,
    what: Annotated[str | None, Option("How much your mentor sees", choices=_visibilities)] = None,
    agree: Annotated[
        str | None,
        Option("Say yes once you've seen it", choices=lambda _: yes("Yes, share this"), keyword_only=True),
    ] = None,
    less: Annotated[
        str | None, Option("Share no more than now", choices=lambda _: yes("Yes, no more"), keyword_only=True)
    ] = None,
) -> Answer:
    """Show exactly what a mentor would see, and save it once the learner agrees."""
    mentor, session = await _mentor_name(context), await context.learner()
    current = session.profile.visibility
    if what is not None and agree is not None:
        await context.ensure_caller()
        await context.repository.set_visibility(Visibility(what))
        return views.shared_card(Visibility(what), current, mentor)
    # Someone who shares nothing yet comes to share something.
    proposed = current if current is not Visibility.NOTHING else Visibility.PROGRESS
    shown = Visibility(what) if what is not None else proposed
    if less is not None:
        shown = min(shown, current, key=list(Visibility).index)
    shared = await mentoring.shared_learner(session, shown)
    return views.visibility_card(context.pack, shared, shown, current, mentor)


async def _mentor_name(context: Context) -> str:
    """Name the caller's mentor; "" if they have none, or none who has accepted yet."""
    mentorship = await context.uow.mentorships.of_learner(context.caller.user_id, context.role)
    is_active = mentorship is not None and mentorship.state is MentorshipState.ACTIVE
    return mentorship.mentor_name if mentorship is not None and is_active else ""


@registry.command(
    "pair note",
    "Send your learner or your mentor a message.",
    writes=True,
    needs=("text",),
    examples=("pair note Ben Well done",),
    intents=(
        "tell {who} {text}",
        "tell my mentor {text}",
        "note for {who} {text}",
        "write {who} {text}",
        "message {who}",
        "let {who} know {text}",
        "send my mentor a message",
        "ask my mentor something",
        "I want to tell my mentor something",
        "congrats to {who} {text}",
        "kudos to {who} {text}",
        "say hi to {who} {text}",
        "pass on {text} to {who}",
        "send {who} a note {text}",
        "send {who} a message {text}",
        "tell all my learners {text} {all=yes}",
        "write to all my learners {text} {all=yes}",
        "message everyone I mentor {text} {all=yes}",
        "send a note to all my learners {text} {all=yes}",
        "let all my learners know {text} {all=yes}",
    ),
    label=(
        "Send {who} “{text}”|Send all your learners “{text}”{!all}|Send “{text}”|Message {who}|"
        "Message all your learners{!all}|Write a note"
    ),
)
async def pair_note(
    context: Context,
    who: Annotated[
        Person | None,
        Option("Who gets it", suggest=suggest_contacts, called=("learner", "to")),
    ] = None,
    text: NoteText = None,
    undo: Annotated[str | None, Option("The note to take back", keyword_only=True, max_length=MAX_NOTE_LENGTH)] = None,
    all: Annotated[  # noqa: A002  the word people type
        str | None, Option("All your learners get it", choices=lambda _: yes("Yes, all of them"), keyword_only=True)
    ] = None,
) -> Answer:
    """Send a short note from a mentor to a learner or back, in their direct messages; `undo` takes one back in time.

    A mentor can send one to `all` learners at once.
    """
    if all is not None and who is None:
        return await _note_to_all(context, text, undo)
    contacts = await mentoring.contacts_of(context.uow, context.role, context.caller.user_id)
    name, text = _split_off_name(who, text, contacts)
    found = await _note_recipient(context, name, contacts)
    if not isinstance(found, Contact):
        return mentoring_views.contact_choice_card(found, "pair note", _whole_note(found, text))
    if undo is not None:
        words = await mentoring.take_back_note(matcher_of(context), found, undo)
        return (
            mentoring_views.note_arrived_card(found)
            if words is None
            else mentoring_views.note_undone_card(found, words)
        )
    return await _send(context, found, text)


async def _note_to_all(context: Context, text: str | None, undo: str | None) -> Answer:
    """Send all of a mentor's learners the same note, or take it back from those who haven't got it yet."""
    matcher = matcher_of(context)
    learners = await mentoring.learners_of(context.uow, context.role, context.caller.user_id)
    if not learners:
        return mentoring_views.contact_choice_card(ContactChoice("", (), ()), "pair note", text or "")
    if undo is not None:
        sent = dict(part.split(":", 1) for part in undo.split() if ":" in part)
        back = [
            words
            for learner in learners
            if (key := sent.get(str(learner.mentorship.id)))
            and (words := await mentoring.take_back_note(matcher, learner, key)) is not None
        ]
        return mentoring_views.note_to_all_undone_card(back[0] if back else "", len(sent) - len(back))
    if text is None:
        raise MissingOption("text")
    keys = [f"{learner.mentorship.id}:{await mentoring.send_note(matcher, learner, text)}" for learner in learners]
    names = [learner.name for learner in learners]
    return mentoring_views.note_to_all_card(names, text, " ".join(keys), int(mentoring.NOTE_DELAY.total_seconds()))


def _whole_note(choice: ContactChoice, text: str | None) -> str:
    """Give the note to offer: with the word that names nobody, unless that's a slip for someone's name."""
    names = [word for contact in choice.everyone for word in contact.name.split()]
    is_name = bool(choice.matches) or choice.text.startswith("@") or nearest(choice.text, names) is not None
    return f"{'' if is_name else choice.text} {text or ''}".strip() if text else ""


def _split_off_name(who: str | None, text: str | None, contacts: list[Contact]) -> tuple[str | None, str | None]:
    """Move the rest of a name of several words from the text to the name: “Ben Smith Nice log!”."""
    words = f"{who or ''} {text or ''}".split()
    count = split_name(" ".join(words), contacts) if who and text else 0
    if count <= 1 or text is None:
        return who, text
    rest = text
    for word in words[len((who or "").split()) : count]:
        rest = rest.lstrip()[len(word) :]
    return " ".join(words[:count]), rest.strip() or None


async def _note_recipient(context: Context, who: str | None, contacts: list[Contact]) -> FoundContact:
    if who and who.isdecimal():
        number = int(who)
        thanked = await mentoring.former_mentor(context.uow, context.caller.user_id, number, context.now)
        contacts = [*contacts, thanked] if thanked else contacts
    return find_contact(who, contacts)


async def _send(context: Context, contact: Contact, text: str | None) -> Answer:
    if text is None:
        if not context.forms:
            raise MissingOption("text")
        return mentoring_views.note_form(contact, MAX_NOTE_LENGTH)
    key = await mentoring.send_note(matcher_of(context), contact, text)
    if not key:
        return mentoring_views.thanked_already_card(contact)
    return mentoring_views.note_sent_card(contact, text, key, int(mentoring.NOTE_DELAY.total_seconds()))


@registry.command(
    "pair reply",
    "Reply to the last note you got.",
    writes=True,
    needs=("text",),
    examples=("pair reply Thanks, I'll try that",),
    intents=(
        "reply {text}",
        "answer my mentor",
        "reply to the note",
    ),
    label="Reply “{text}”|Reply",
)
async def pair_reply(context: Context, text: NoteText = None) -> Answer:
    """Answer whoever wrote last, or the only person there is."""
    user_id = context.caller.user_id
    contacts = await mentoring.contacts_of(context.uow, context.role, user_id)
    found = await mentoring.last_writer(context.uow, user_id, contacts) or find_contact(None, contacts)
    if not isinstance(found, Contact):
        return mentoring_views.contact_choice_card(found, "pair note", text or "")
    return await _send(context, found, text)


@registry.command(
    "pair digest",
    "One message a week about all your learners.",
    writes=True,
    examples=("pair digest monday 09:00",),
    intents=(
        "summary of my learners every {day}",
        "weekly digest of my people",
        "send me a weekly summary of my learners",
        "change the day of my digest",
        "stop the digest {off=yes}",
        "pause my digest {off=yes}",
        "I don't want the weekly digest any more {off=yes}",
        "the digest {every}",
        "the digest on {day} at {at}",
        "start the digest {start}",
    ),
    label="Get the digest[ {every}][ on {day}][ at {at}][, from {start}]|Stop the digest{!off}",
)
async def pair_digest(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Local time, e.g. 09:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone or city, e.g. Berlin", called=("timezone",))] = None,
    every: Annotated[str | None, EVERY] = None,
    start: StartOption = None,
    off: Annotated[str | None, Option("Turn it off", choices=lambda _: yes("Yes, turn it off"))] = None,
) -> Answer:
    """Start, move or stop the weekly digest."""
    await context.ensure_caller()
    subscriptions = subscriptions_of(context)
    known = await context.uow.schedules.get(context.to_caller, MessageKind.DIGEST)
    if off is not None:
        await subscriptions.stop(context.to_caller, MessageKind.DIGEST)
        return digest_stopped_card(known)
    await subscriptions.save_zone(zone)
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every), starts_on=start)
    rhythm = await rhythm_of(context, known, timing, (Weekday.MONDAY, DEFAULT_TIME))
    started = await subscriptions.start(context.to_caller, MessageKind.DIGEST, rhythm)
    return digest_started_card(started, known, await forecast_for(await context.learner()))


registry.fills_in("pair digest")(partial(saved_rhythm, kind=MessageKind.DIGEST))
