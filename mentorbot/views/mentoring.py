"""Mentors and learners as cards: requests and answers, what a mentor sees, and one-off messages about a mentorship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Field,
    Footnote,
    Form,
    Paragraph,
    RichText,
    Span,
    Table,
    instant,
    person,
    rich,
)
from mentorbot.domain.deliveries import MessageKind, Schedule
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.mentoring import (
    Contact,
    ContactChoice,
    Mentor,
    MentorRequest,
    Mentorship,
    MentorshipEnding,
    MentorshipMessage,
    MentorshipSide,
    MentorshipState,
)
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.channel_access import CLOSED_TO_ME
from mentorbot.views.deliveries import next_message_text
from mentorbot.views.rhythms import sentence_start
from mentorbot.views.start import a_role
from mentorbot.views.wording import joined

MAX_PEOPLE = 10
"""People a card has a button for."""
MAX_NOTE_TITLE = 120
"""Characters of a note that still fit into a card's title, which is also what a notification shows."""
MY_LEARNERS = Button("My learners", "mentees")
SHARED = {
    Visibility.NOTHING: "your name and target role, nothing else",
    Visibility.PROGRESS: "your progress and what you're stuck on",
    Visibility.CHECKINS: "your progress and your check-ins",
}
"""The things a mentor sees, in words."""
_FIND_MENTOR = Button("Find a mentor", "pair request any", "primary")
_LEAVE_WAITLIST = Button("Leave waitlist", "pair end")


def _text_card(title: str, text: str | RichText, *buttons: Button) -> Card:
    words = rich(text) if isinstance(text, str) else text
    paragraphs = (Paragraph(words),) if words else ()
    return Card(title, (*paragraphs, Buttons(buttons)) if buttons else paragraphs)


def message_button(mentorship_id: int, name: str, style: str = "plain") -> Button:
    """A button that opens a form for a note to someone."""
    return Button(
        f"Message {short(name, 40)}", f"pair note {mentorship_id}", "primary" if style == "primary" else "plain"
    )


# Choosing a person.


def contact_choice_card(choice: ContactChoice, command: str, note: str = "") -> Card:
    """Ask which person someone means, with a button for each that runs `command` for them, and sends a `note` if there's one."""
    people = choice.matches or choice.everyone
    if not people:
        return _nobody_card(command, choice.text)
    buttons = tuple(
        Button(
            f"Send to {label}" if note else label,
            format_line((*command.split(), str(contact.mentorship.id)), {"text": note} if note else {}),
        )
        for contact, label in zip(people, _labels(people), strict=True)
    )[:MAX_PEOPLE]
    quoted = (Paragraph(rich(f'"{note}"')),) if note else ()
    if choice.matches:
        title = f"Which {short(choice.text.lstrip('@'), 40)}?" if choice.text else "Who do you mean?"
        return Card(title, (*quoted, Buttons(buttons)), error="not_found")
    only_learners = all(contact.side is MentorshipSide.LEARNER for contact in people)
    name = short(choice.text.lstrip("@"), 40)
    who = "that person" if choice.text.startswith("<@") else f"called {name}"
    kind = "" if who == "that person" else "a learner " if only_learners else "anyone "
    listed = "Asking you" if command in _ANSWERS else "Your learners" if only_learners else ""
    names = [contact.name or "your request" for contact in people]
    text = f"{listed}: {', '.join(names)}." if listed else f"Did you mean {joined(names, 'or')}?"
    blocks = (Paragraph(rich(text)), *quoted, Buttons(buttons))
    hasnt_asked = command in _ANSWERS and who != "that person"
    title = f"{sentence_start(name)} hasn't asked you" if hasnt_asked else f"I can't find {kind}{who}"
    return Card(title, blocks, error="not_found")


def _labels(people: Sequence[Contact]) -> list[str]:
    """Label people by name; namesakes also by the day it began, because nobody knows the numbers."""
    names = [short(contact.name, 40) or "My request" for contact in people]
    return [
        name if names.count(name) == 1 else f"{name}, since {dates.short_day(contact.mentorship.changed_at)}"
        for name, contact in zip(names, people, strict=True)
    ]


_ANSWERS = ("pair accept", "pair decline")
_NOBODY = {
    "pair note": (
        "You don't have a mentor or learners to write to yet",
        (_FIND_MENTOR, Button("Be a mentor", "pair offer")),
    ),
    "pair reply": ("You don't have a mentor or learners to write to yet", (_FIND_MENTOR,)),
    "pair end": ("You don't have a mentor or a request to end", (_FIND_MENTOR,)),
}


def _nobody_card(command: str, who: str) -> Card:
    if command in _ANSWERS and not who.isdecimal():
        return Card("Nobody's asking for you right now", (Buttons((MY_LEARNERS,)),), error="not_found")
    if command in _ANSWERS:
        text = "It may have gone to someone else in the meantime. No problem."
        return Card(
            "That request isn't open any more", (Paragraph(rich(text)), Buttons((MY_LEARNERS,))), error="not_found"
        )
    title, buttons = _NOBODY.get(command, ("You don't have any learners yet", (Button("Be a mentor", "pair offer"),)))
    return Card(title, (Buttons(buttons),), error="not_found")


# Asking for a mentor.


def request_card(request: MentorRequest, days: int, who: str, visibility: Visibility, wish: str = "") -> Card:
    """Answer a learner who asks for a mentor. A mentor has `days` days to answer; `who` was asked for, for the `wish`.

    `visibility` is what the learner shares with any mentor who accepts.
    """
    if not request.is_new:
        return _open_request_card(request, who, wish)
    wished = _wished_blocks(request.mentorship)
    if request.mentor is None:
        card = waitlist_card() if request.others else _first_on_waitlist_card()
        return replace(card, blocks=(*wished, *card.blocks))
    name = request.mentor.name
    # The last reason is how many learners they have, which alone is no reason.
    reasons = (Paragraph(rich(f"Why {name}: {', '.join(request.reasons)}.")),) if len(request.reasons) > 1 else ()
    blocks = (
        *wished,
        *reasons,
        Paragraph(
            rich(
                f"No answer within {days} days? I'll ask someone else. For now they see your name and target role.",
                f" Once they accept: {SHARED[visibility]}." if visibility.shows_progress else "",
            )
        ),
        Buttons((Button("Choose what to share", "pair share"), Button("Cancel request", "pair end"))),
    )
    return Card(f"I've asked {name} to be your mentor", blocks)


def _wished_blocks(mentorship: Mentorship) -> tuple[Block, ...]:
    """Repeat what a learner would like help with, which is what a mentor reads."""
    text = f"I'll pass on what it's for: “{mentorship.wish}”."
    return (Paragraph(rich(text)),) if mentorship.wish else ()


def waitlist_card(unanswered: Sequence[Mentor] = ()) -> Card:
    """Tell a learner that nobody has room right now, or which mentors have left the request `unanswered`."""
    if unanswered:
        names, has = joined([mentor.name for mentor in unanswered]), "has" if len(unanswered) == 1 else "have"
        text = f"{names} {has}n't answered yet. I'll message you as soon as someone can take you on."
        again = _ask_buttons([mentor for mentor in unanswered if mentor.room][:MAX_PEOPLE], " again")
        return _text_card("You're on the waitlist", text, *again, _LEAVE_WAITLIST)
    # It's true when some have declined, too, which learners don't get to know.
    text = "I'll message you as soon as someone can take you on."
    return _text_card("No mentor's free right now. You're on the waitlist", text, _LEAVE_WAITLIST)


def _first_on_waitlist_card() -> Card:
    title = "Nobody mentors here yet. You're on the waitlist"
    return _text_card(title, "I'll message you as soon as someone does.", _LEAVE_WAITLIST)


def _open_request_card(request: MentorRequest, who: str, wish: str) -> Card:
    mentorship, name = request.mentorship, request.mentorship.mentor_name
    switch = format_line(("pair", "request"), {"who": who, "switch": "yes", **({"about": wish} if wish else {})})
    match mentorship.state:
        case MentorshipState.ACTIVE:
            text = f"If you switch, {name} no longer sees your plan."
            buttons = Button(f"Keep {short(name, 40)}", "pair show", "primary"), Button("Switch mentor", switch)
            return _text_card(f"{name}'s already your mentor", text, *buttons)
        case MentorshipState.REQUESTED:
            others = Button("Ask someone else", switch), Button("Cancel request", "pair end")
            return _text_card(f"I've already asked {name}", "I'm waiting for the answer.", *others)
        case _:
            card = waitlist_card(request.unanswered)
            return replace(card, blocks=(*_wished_blocks(mentorship), *card.blocks)) if wish else card


def mentors_card(pack: Pack, mentors: Sequence[Mentor], user_id: str) -> Card:
    """List the mentors who take learners, with a button for each one the reader can ask."""
    offer_button = Button("Be a mentor", "pair offer")
    if not mentors:
        return _text_card("Nobody mentors here yet", "You could be the first.", offer_button)
    lines = tuple(
        rich(_mentor(mentor), f": {skill_names(pack, mentor.skills)}, {_room_text(mentor)}") for mentor in mentors
    )
    rows = tuple(
        (
            rich(_mentor(mentor)),
            rich(sentence_start(skill_names(pack, mentor.skills))),
            rich(sentence_start(_room_text(mentor))),
        )
        for mentor in mentors
    )
    table = Table(("Mentor", "Skills", "Room"), rows, lines) if len(rows) > 1 else Bullets(lines)
    available = [mentor for mentor in mentors if mentor.room and mentor.user_id != user_id]
    asks = _ask_buttons(available[:5])
    best = (Button("Best match", "pair request any", "primary"),) if available else ()
    return Card("Mentors", (table, Buttons((*best, *asks, offer_button))))


def _mentor(mentor: Mentor) -> Span:
    return person(mentor.name, mentor.user_id)


def _ask_buttons(mentors: Sequence[Mentor], again: str = "") -> tuple[Button, ...]:
    return tuple(
        Button(f"Ask {short(mentor.name, 40)}{again}", format_line(("pair", "request"), {"who": mentor.user_id}))
        for mentor in mentors
    )


def no_such_mentor_card(pack: Pack, name: str, matches: Sequence[Mentor], near: Mentor | None) -> Card:
    """Answer a learner who asked for a mentor nobody knows, or for one of several namesakes."""
    anyone, everyone = Button("Best match", "pair request any"), Button("All mentors", "pair list")
    if matches:
        items = tuple(rich(_mentor(mentor), f": {skill_names(pack, mentor.skills)}") for mentor in matches)
        blocks = (Bullets(items), Buttons((*_ask_buttons(matches[:5]), anyone)))
        return Card(f"There are {len(matches)} mentors called {short(matches[0].name, 40)}", blocks, error="not_found")
    text = (f"Did you mean {near.name}?",) if near else ("Shall I find you someone?",)
    buttons = (*(_ask_buttons([near]) if near else ()), anyone, everyone)
    # A mention shows only an id, which means nothing to anyone.
    title = (
        "I can't find that mentor"
        if name.startswith("<@")
        else f"I can't find a mentor called {short(name.lstrip('@'), 40)}"
    )
    return Card(title, (Paragraph(rich(*text)), Buttons(buttons)), error="not_found")


def mentor_full_card(mentor: Mentor) -> Card:
    """Answer a learner whose chosen mentor has no room, or is away."""
    buttons = Buttons((Button("Best match", "pair request any", "primary"), Button("All mentors", "pair list")))
    text = "Shall I ask someone else?"
    back = mentor.away_until
    title = f"{mentor.name}'s away until {dates.short_day(back)}" if back else f"{mentor.name} has no room right now"
    return Card(title, (Paragraph(rich(text)), buttons), error="conflict")


def own_mentor_card() -> Card:
    """Answer someone who asked for themselves."""
    buttons = Buttons((Button("Best match", "pair request any"), Button("All mentors", "pair list")))
    return Card(
        "You can't be your own mentor", (Paragraph(rich("Shall I ask someone else?")), buttons), error="bad_value"
    )


def skill_names(pack: Pack, skills: Sequence[str]) -> str:
    """Name some skills; no skills means any."""
    return ", ".join(pack.skill_titles.get(skill, skill) for skill in skills) or "any skill"


def _room_text(mentor: Mentor) -> str:
    if mentor.away_until is not None:
        return f"away until {dates.short_day(mentor.away_until)}"
    return f"room for {mentor.room} more" if mentor.room else "no room right now"


def own_card(
    mentorship: Mentorship | None, visibility: Visibility, learners: int, unanswered: Sequence[Mentor]
) -> Card:
    """Show someone their mentor, or the state of their request, with the mentors who left it `unanswered`."""
    learner_buttons = (MY_LEARNERS,) if learners else ()
    match mentorship.state if mentorship else None:
        case MentorshipState.ACTIVE if mentorship is not None:
            name = mentorship.mentor_name
            buttons = (
                message_button(mentorship.id, name, "primary"),
                Button(f"What {short(name, 40)} sees", "pair share"),
                Button("End mentorship", "pair end"),
            )
            return _text_card(f"{name}'s your mentor", _sees_text(name, visibility), *buttons, *learner_buttons)
        case MentorshipState.REQUESTED if mentorship is not None:
            waiting = Button("Choose what to share", "pair share"), Button("Cancel request", "pair end")
            title = f"I've asked {mentorship.mentor_name} to be your mentor"
            return _text_card(title, "I'm waiting for the answer.", *waiting, *learner_buttons)
        case MentorshipState.WAITING:
            return waitlist_card(unanswered)
        case _:
            buttons = (
                _FIND_MENTOR,
                Button("All mentors", "pair list"),
                *(learner_buttons or (Button("Be a mentor", "pair offer"),)),
            )
            text = "A mentor sees what you choose to share, and you two can swap notes here."
            return _text_card("You don't have a mentor yet", text, *buttons)


def _sees_text(name: str, visibility: Visibility) -> str:
    return f"{name} sees {SHARED[visibility]}."


def end_preview_card(contact: Contact) -> Card:
    """Ask before a mentorship ends, since the other side hears of it at once."""
    name, id_ = contact.name, contact.mentorship.id
    is_mentor = contact.side is MentorshipSide.MENTOR
    lost = f"{name} would no longer see your plan." if is_mentor else f"You'd no longer see {name}'s plan."
    text = f"I'd let {name} know right away, so there's no undo. {lost}"
    keep = Button(f"Keep {short(name, 40)}", "pair show" if is_mentor else "mentees", "primary")
    end = Button("End mentorship", format_line(("pair", "end", str(id_)), {"confirm": "yes"}), "danger")
    title = f"Stop working with {name}?" if is_mentor else f"Stop mentoring {name}?"
    return _text_card(title, text, keep, end)


def ended_card(mentorship: Mentorship, ending: MentorshipEnding) -> Card:
    """Answer someone who has ended a mentorship, or withdrawn or declined a request."""
    match ending:
        case MentorshipEnding.DECLINED:
            return declined_card(mentorship)
        case MentorshipEnding.WITHDRAWN:
            undo = Button("Undo", format_line(("pair", "end"), {"undo": str(mentorship.id)}))
            if mentorship.state is MentorshipState.WAITING:
                return _text_card("You're off the waitlist", "", undo)
            return _text_card("Request cancelled", "", undo, Button("All mentors", "pair list"))
        case MentorshipEnding.ENDED_BY_LEARNER:
            name = mentorship.mentor_name
            text = f"{name} can't see your plan any more. I've let {name} know."
            thank = Button(f"Thank {short(name, 40)}", f"pair note {mentorship.id}", "primary")
            return _text_card(
                f"{name}'s no longer your mentor", text, thank, Button("Find a mentor", "pair request any")
            )
        case MentorshipEnding.ENDED_BY_MENTOR:
            name = mentorship.learner_name
            text = f"You can't see {name}'s plan any more. I've let {name} know."
            return _text_card(f"You're no longer {name}'s mentor", text, MY_LEARNERS)


# The mentor's answers and offer.


def accepted_card(mentorship: Mentorship, digest: Schedule | None, next_digest: NextMessage | None) -> Card:
    """Thank a mentor for accepting a learner; `digest` is None if they've stopped it."""
    name = mentorship.learner_name
    blocks = (
        Paragraph(
            rich("I've let ", person(name, mentorship.learner, bold=False), f" know. {name} decides what you can see.")
        ),
        Footnote(_digest_text(digest, next_digest)),
        Buttons((message_button(mentorship.id, name), MY_LEARNERS)),
    )
    return Card(f"You're now {name}'s mentor", blocks)


def _digest_text(digest: Schedule | None, next_digest: NextMessage | None) -> RichText:
    if digest is None:
        return rich("You've turned the weekly digest off, and it stays off.")
    if next_digest is None:
        return rich(f"Your weekly digest is paused. {CLOSED_TO_ME}")
    when = next_message_text(next_digest, digest.recurrence.zone)
    return rich("You'll get one digest a week about all your learners. Next: ", *when, ".")


def already_accepted_card(mentorship: Mentorship) -> Card:
    """Answer a mentor who accepts the same learner twice."""
    name = mentorship.learner_name
    return _text_card(f"You're already {name}'s mentor", "", message_button(mentorship.id, name), MY_LEARNERS)


def declined_card(mentorship: Mentorship) -> Card:
    """Answer a mentor who has declined a request."""
    text = f"I'm asking someone else for {mentorship.learner_name}, and I won't say who passed."
    return _text_card("No problem", text, Button("No new learners", "pair offer max:0"))


def offer_preview_card(pack: Pack, max_learners: int) -> Card:
    """Ask before someone is offered to everyone."""
    learners = f"{max_learners} learner{'s' if max_learners != 1 else ''}"
    buttons = (
        Button("Offer", f"pair offer any max:{max_learners}", "primary"),
        Button("Choose skills", f"pair offer max:{max_learners} choose:yes"),
    )
    title = f"Offer to mentor anyone, up to {learners}?"
    text = f"That's anyone learning to become {a_role(pack)}. I'll always ask you first."
    return _text_card(title, text, *buttons)


def offer_card(pack: Pack, skills: Sequence[str], max_learners: int, before: Mentor | None) -> Card:
    """Thank someone for offering to mentor; `before` is their offer until now."""
    learners = f"{max_learners} learner{'s' if max_learners != 1 else ''}"
    text = (
        f"You offer help with {skill_names(pack, skills)} to up to {learners} at once. "
        "I'll message you when someone asks."
    )
    undo = _back_to_offer(before) if before and before.offering else Button("Undo", "pair offer max:0")
    return _text_card("Thanks for offering to mentor", text, MY_LEARNERS, undo)


def _back_to_offer(offer: Mentor) -> Button:
    """Offer to mentor as in `offer` again."""
    skills = ",".join(offer.skills) or "any"
    return Button("Undo", format_line(("pair", "offer"), {"skills": skills, "max": str(offer.max_learners)}))


def nobody_new_card(before: Mentor | None, learners: Sequence[str]) -> Card:
    """Confirm that a mentor gets nobody new; `before` is their offer until now."""
    again = (_back_to_offer(before),) if before is not None and before.offering else ()
    if not learners:
        return _text_card("No new learners for now", "I won't ask you until you offer again.", *again)
    stay = f"{joined(learners)} {'stays' if len(learners) == 1 else 'stay'} with you."
    hand_over = Button("Hand over", "pair stop")
    return _text_card("No new learners for now", f"{stay} Or shall I find them someone else?", hand_over, *again)


def stop_preview_card(learners: Sequence[str]) -> Card:
    """Ask before a mentor's learners are handed over."""
    names = joined(learners)
    text = f"I'd tell {names} and find them someone else. You'd no longer see their plans."
    buttons = Button("Keep them", "pair offer max:0", "primary"), Button("Hand over", "pair stop confirm:yes", "danger")
    return _text_card(f"Stop mentoring {names}?", text, *buttons)


def stopped_card(learners: Sequence[str]) -> Card:
    """Confirm that someone has stopped mentoring."""
    text = f"I've let {joined(learners)} know, and I'm finding them someone else." if learners else ""
    return _text_card("You've stopped mentoring. Thanks for everything!", text, Button("Offer again", "pair offer"))


# Notes.


def note_form(contact: Contact, max_length: int) -> Form:
    """Ask for the words of a note."""
    is_over = contact.mentorship.state is MentorshipState.ENDED
    title = f"{'Thank' if is_over else 'Message'} {short(contact.name, 30)}"
    field = Field("text", "Your message", "long_text", max_length=max_length)
    return Form(title, f"pair note {contact.mentorship.id}", (field,))


def note_sent_card(contact: Contact, text: str, key: str, seconds: int) -> Card:
    """Confirm that a note is on its way. For so many `seconds` the note with that `key` can be taken back."""
    more = Button("Write again", f"pair note {contact.mentorship.id}")
    others = () if contact.mentorship.state is MentorshipState.ENDED else (more,)
    undo = Button("Undo", format_line(("pair", "note", str(contact.mentorship.id)), {"undo": key}))
    note = Footnote(rich(f"You can undo this for {seconds} seconds."))
    return Card(f"Sent to {contact.name}", (Paragraph(rich(f'"{text}"')), note, Buttons((undo, *others))))


def note_to_all_card(names: Sequence[str], text: str, keys: str, seconds: int) -> Card:
    """Confirm that a note is on its way to all of a mentor's learners, each with a key to take it back with."""
    undo = Button("Undo", format_line(("pair", "note"), {"all": "yes", "undo": keys}))
    note = Footnote(rich(f"You can undo this for {seconds} seconds."))
    return Card(f"Sent to {joined(names)}", (Paragraph(rich(f'"{text}"')), note, Buttons((undo,))))


def note_to_all_undone_card(text: str, late: int) -> Card:
    """Confirm that a note to all learners won't arrive, but for those who have it already."""
    if not text:
        return Card("Too late to undo: they have your note", error="conflict")
    again = Button("Send it", format_line(("pair", "note"), {"all": "yes", "text": text}))
    got = f" {late} had it already." if late else ""
    return _text_card("Undone: your learners won't get your note", f'"{text}"{got}', again).in_place()


def note_undone_card(contact: Contact, text: str) -> Card:
    """Confirm that a note won't arrive, and keep its words."""
    again = Button("Send it", format_line(("pair", "note", str(contact.mentorship.id)), {"text": text}))
    return _text_card(f"Undone: {contact.name} won't get your note", f'"{text}"', again).in_place()


def note_arrived_card(contact: Contact) -> Card:
    """Answer someone who takes back a note too late."""
    again = Button("Write again", f"pair note {contact.mentorship.id}")
    others = () if contact.mentorship.state is MentorshipState.ENDED else (again,)
    blocks = (Buttons(others),) if others else ()
    return Card(f"Too late to undo: {contact.name} has your note", blocks, error="conflict")


def thanked_already_card(contact: Contact) -> Card:
    """Answer a learner who thanks a former mentor twice."""
    return Card(f"{contact.name} already has your thanks", error="conflict")


# One-off messages.


def mentorship_message_card(kind: MessageKind, message: MentorshipMessage, body: str) -> Card:
    """Make the card of a one-off message about a mentorship; `body` is the text of a note.

    Raises:
        ValueError: messages of this kind aren't about a mentorship.
    """
    mentorship = message.mentorship
    match kind:
        case MessageKind.MENTOR_REQUEST:
            return _mentor_request_card(message)
        case MessageKind.REQUEST_ACCEPTED:
            name = mentorship.mentor_name
            buttons = Button("Choose what to share", "pair share", "primary"), message_button(mentorship.id, name)
            mentor = person(name, mentorship.mentor, bold=False)
            seen = SHARED[message.visibility] if message.visibility.shows_progress else "your name and target role"
            sees = rich(mentor, f" sees {seen}. The rest is up to you.")
            return _text_card(f"{name}'s your mentor now", sees, *buttons)
        case MessageKind.REQUEST_WAITING:
            return waitlist_card(message.unanswered)
        case MessageKind.REQUEST_EXPIRED:
            text = f"I didn't hear back, so I'll ask someone else for {mentorship.learner_name}. No problem!"
            title = f"{mentorship.learner_name}'s request has moved on"
            return _text_card(title, text, Button("No new learners", "pair offer max:0"))
        case MessageKind.MENTOR_LEFT:
            text = "They can't see your plan any more. I'll message you when someone new says yes."
            return _text_card(
                "Your mentor had to stop. I'm finding you someone new", text, Button("No, thanks", "pair end")
            )
        case MessageKind.MENTORSHIP_ENDED:
            return _ended_message_card(message)
        case MessageKind.NOTE:
            return _note_card(message, body)
        case _:
            raise ValueError(f"{kind} isn't about a mentorship")


def _mentor_request_card(message: MentorshipMessage) -> Card:
    """Ask a mentor to accept a learner, with the learner's target role and the skills that fit.

    No levels and no working hours, because learners are promised that a mentor sees only their name and target role.
    """
    mentorship = message.mentorship
    target = f"Target role: {message.title}." if message.title else "No target role yet."
    skills = f"offer {joined(message.skills)} and " if message.skills else ""
    blocks: list[Block] = [Paragraph(rich(f"{target} You {skills}have room for {message.room}."))]
    if mentorship.wish:
        blocks.insert(0, Paragraph(rich(f"What it's for: “{mentorship.wish}”.")))
    if mentorship.deadline:
        day = instant(dates.weekday(mentorship.deadline.astimezone(message.zone)), mentorship.deadline)
        blocks.append(Paragraph(rich("No answer by ", day, "? I'll ask someone else, no problem.")))
    if mentorship.asked.count(mentorship.mentor or "") > 1:
        blocks.append(Paragraph(rich("I've asked you before, in case you missed it. “Not now” is fine, too.")))
    accept = Button("Accept", f"pair accept {mentorship.id}", "primary")
    decline = Button("Not now", f"pair decline {mentorship.id}")
    return Card(f"{mentorship.learner_name} would like you as a mentor", (*blocks, Buttons((accept, decline))))


def _ended_message_card(message: MentorshipMessage) -> Card:
    mentorship = message.mentorship
    if message.reader is MentorshipSide.LEARNER:
        name = mentorship.mentor_name or "Your mentor"
        buttons = Button("Find a mentor", "pair request any", "primary"), Button("All mentors", "pair list")
        title = f"{name} can't be your mentor any more"
        return _text_card(title, "They can't see your plan any more. Shall I find you someone new?", *buttons)
    name = mentorship.learner_name
    text = f"{name} has moved on, and you can't see the plan any more. Thanks for your help!"
    return _text_card(f"You're no longer {name}'s mentor", text, MY_LEARNERS)


def _note_card(message: MentorshipMessage, body: str) -> Card:
    """Show a note in the card's title if it fits, so the notification already says it."""
    mentorship = message.mentorship
    is_from_mentor = message.reader is MentorshipSide.LEARNER
    name = mentorship.mentor_name if is_from_mentor else mentorship.learner_name
    words = " ".join(body.split())
    fits = len(words) <= MAX_NOTE_TITLE and words == body.strip()
    paragraphs = () if fits else (Paragraph(rich(body)),)
    buttons = []
    if mentorship.state is MentorshipState.ACTIVE:
        buttons.append(Button("Reply", f"pair note {mentorship.id}", "primary"))
    if message.step:
        buttons.append(Button("Open step", f"plan step {message.step}"))
    if not is_from_mentor:
        buttons.append(MY_LEARNERS)
    return Card(f'{name}: "{short(words, MAX_NOTE_TITLE)}"', (*paragraphs, Buttons(tuple(buttons))))
