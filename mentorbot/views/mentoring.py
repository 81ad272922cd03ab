"""Mentors and learners as cards: requests and answers, what a mentor sees, and one-off messages about a mentorship."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Footnote,
    Heading,
    Paragraph,
    RichText,
    bold,
    rich,
)
from mentorbot.domain.checkins import if_then
from mentorbot.domain.deliveries import MessageKind, Schedule
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckIn
from mentorbot.domain.mentoring import (
    LearnerOverview,
    Mentor,
    MentorRequest,
    Mentorship,
    MentorshipEnding,
    MentorshipMessage,
    MentorshipSide,
    MentorshipState,
    RecentProgress,
    SharedLearner,
)
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.channel_access import CLOSED_TO_ME
from mentorbot.views.deliveries import next_message_text
from mentorbot.views.progress import progress_blocks

VISIBILITY_LABELS = {
    Visibility.NOTHING: "Nothing but my name and aim",
    Visibility.PROGRESS: "My progress and what blocks me",
    Visibility.CHECKINS: "My progress and my check-ins",
}
_LABELS = {
    "pair share": "What a mentor sees",
    "pair end": "Take it back",
    "pair list": "Who offers to mentor",
    "mentees": "My learners",
}


def _text_card(title: str, text: str | RichText, *buttons: Button) -> Card:
    words = rich(text) if isinstance(text, str) else text
    return Card(title, (Paragraph(words), Buttons(buttons)) if buttons else (Paragraph(words),))


def _button(line: str) -> Button:
    return Button(_LABELS[line], line)


# Asking for a mentor.


def request_card(request: MentorRequest, days: int) -> Card:
    """Answer a learner who asks for a mentor. A mentor has `days` days to answer."""
    if not request.is_new:
        return _open_request_card(request.mentorship)
    if request.mentor is None:
        text = "No mentor has room just now. I keep your request, and ask as soon as somebody has."
        return _text_card("You are on the list", text, _button("pair list"), _button("pair end"))
    promise = f"Without an answer within {days} days I ask the next one. They see your name and your aim, nothing else."
    blocks = (
        Paragraph(rich("I have asked ", bold(request.mentor.name), ".")),
        Bullets(tuple(rich(reason) for reason in request.reasons)),
        Footnote(rich(promise)),
        Buttons((_button("pair share"), _button("pair end"))),
    )
    return Card("Your request is on its way", blocks)


def _open_request_card(mentorship: Mentorship) -> Card:
    share_button, withdraw_button = _button("pair share"), _button("pair end")
    match mentorship.state:
        case MentorshipState.ACTIVE:
            text = f"{mentorship.mentor_name} is your mentor. End that first if you want another one."
            return _text_card("You have a mentor", text, share_button, Button("End it", "pair end"))
        case MentorshipState.REQUESTED:
            text = f"I have asked {mentorship.mentor_name} already and wait for the answer."
        case _:
            text = "You are on the list. I ask as soon as a mentor has room."
    return _text_card("You have asked already", text, share_button, withdraw_button)


def mentors_card(pack: Pack, mentors: Sequence[Mentor], user_id: str) -> Card:
    """List the mentors who take learners, with a button for each one the reader can ask."""
    offer_button = Button("Offer to mentor", "pair offer max:3")
    if not mentors:
        return _text_card("Mentors", "Nobody offers to mentor here yet. You could be the first.", offer_button)
    items = tuple(
        rich(bold(mentor.name), f": {_skill_names(pack, mentor.skills)} · {_room_text(mentor)}") for mentor in mentors
    )
    available = [mentor for mentor in mentors if mentor.room and mentor.user_id != user_id]
    asks = tuple(
        Button(f"Ask {short(mentor.name, 40)}", format_line(("pair", "request"), {"who": mentor.user_id}))
        for mentor in available[:5]
    )
    best = (Button("Ask whoever fits best", "pair request any", "primary"),) if available else ()
    return Card("Mentors", (Bullets(items), Buttons((*best, *asks, offer_button))))


def _skill_names(pack: Pack, skills: Sequence[str]) -> str:
    return ", ".join(pack.skill_titles.get(skill, skill) for skill in skills) or "any skill"


def _room_text(mentor: Mentor) -> str:
    return f"room for {mentor.room} more" if mentor.room else "no room just now"


def ended_card(mentorship: Mentorship, ending: MentorshipEnding) -> Card:
    """Answer someone who has ended a mentorship, or withdrawn or declined a request."""
    match ending:
        case MentorshipEnding.DECLINED:
            return declined_card(mentorship)
        case MentorshipEnding.WITHDRAWN:
            return _text_card("Taken back", "Your request is taken back.", _button("pair list"))
        case MentorshipEnding.ENDED_BY_LEARNER:
            text = f"{mentorship.mentor_name} is no longer your mentor, and sees nothing of your plan any more."
            return _text_card("Ended", text, _button("pair list"))
        case MentorshipEnding.ENDED_BY_MENTOR:
            text = f"You are no longer {mentorship.learner_name}'s mentor, and see nothing of their plan any more."
            return _text_card("Ended", text, _button("mentees"))


# The mentor's answers and offer.


def accepted_card(mentorship: Mentorship, digest: Schedule | None, next_digest: NextMessage | None) -> Card:
    """Thank a mentor for accepting a learner; `digest` is None if they've stopped it."""
    text = f"You are {mentorship.learner_name}'s mentor now. I tell them. They choose what you see of their plan."
    buttons = (
        Button("My learners", "mentees", "primary"),
        Button("Another time for the digest", "pair digest day:?"),
    )
    return Card(
        "Thank you", (Paragraph(rich(text)), Footnote(rich(_digest_text(digest, next_digest))), Buttons(buttons))
    )


def _digest_text(digest: Schedule | None, next_digest: NextMessage | None) -> str:
    if digest is None:
        return "You have stopped the weekly message about your learners; it stays so."
    if next_digest is None:
        return f"The weekly message about your learners has stopped. {CLOSED_TO_ME}"
    when = next_message_text(next_digest, digest.recurrence.zone)
    return f"Once a week you get one message about all your learners. Next: {when}."


def already_accepted_card(mentorship: Mentorship) -> Card:
    """Answer a mentor who accepts the same learner twice."""
    return _text_card("You said yes already", f"You are {mentorship.learner_name}'s mentor.", _button("mentees"))


def declined_card(mentorship: Mentorship) -> Card:
    """Answer a mentor who has declined a request."""
    text = f"I look for somebody else for {mentorship.learner_name}, and do not pass on who said no."
    return _text_card("That is fine", text)


def offer_card(pack: Pack, skills: Sequence[str], max_learners: int) -> Card:
    """Thank someone for offering to mentor; 0 learners means nobody new."""
    if max_learners == 0:
        text = "I ask you for nobody new. Those you have stay yours."
        return _text_card("No new learners", text, _button("mentees"))
    learners = f"{max_learners} learner{'s' if max_learners != 1 else ''}"
    text = f"You offer {_skill_names(pack, skills)}, for up to {learners} at once. I write to you when somebody asks."
    return _text_card("Thank you for offering", text, _button("mentees"))


# Learners as their mentor sees them.


def digest_card(pack: Pack, overviews: Sequence[LearnerOverview], late: str | None = None) -> Card:
    """List a mentor's learners with their progress and blocked steps. `late` says in one line why the digest comes late."""
    blocks: list[Block] = [Footnote(rich(late))] if late else []
    for overview in overviews:
        mentorship = overview.mentorship
        blocks.append(Paragraph(rich(bold(mentorship.learner_name), f"  {_overview_line(pack, overview)}")))
        blocks += _blocked_steps(overview.progress) if overview.progress else []
        note = Button("Write a note", f"pair note {mentorship.id}")
        blocks.append(Buttons((Button("Look", f"mentees {mentorship.id}"), note)))
    return Card("Your learners", tuple(blocks))


def _overview_line(pack: Pack, overview: LearnerOverview) -> str:
    title, progress = _title_name(pack, overview.title), overview.progress
    if progress is None:
        return f"{title} · shares nothing else"
    return f"{title} · {progress.hours_done} of {progress.hours_total} h · {_recent_text(progress)}"


def _title_name(pack: Pack, title: str) -> str:
    return pack.title_name(title) or "no aim chosen yet"


def _recent_text(progress: RecentProgress) -> str:
    if progress.finished:
        return f"finished {progress.finished} this week"
    if progress.moved:
        return f"moved {progress.moved} this week"
    return "on a break" if progress.is_away else "nothing new this week"


def _blocked_steps(progress: RecentProgress) -> list[Block]:
    items = tuple(
        rich(
            bold("Blocked"),
            f" {_since_text(step.status_since, progress.today)}: {short(step.text, 80)} — {short(step.blocker, 160)}",
        )
        for step in progress.blocked
    )
    return [Bullets(items)] if items else []


def _since_text(since: date | None, today: date) -> str:
    days = (today - since).days if since else 0
    return "since today" if days == 0 else f"for {days} day{'s' if days != 1 else ''}"


def learner_card(pack: Pack, mentorship: Mentorship, learner: SharedLearner) -> Card:
    """Show a mentor one learner, as far as the learner shares it."""
    note = Button("Write a note", f"pair note {mentorship.id}")
    buttons = Buttons((note, Button("All learners", "mentees")))
    return Card(mentorship.learner_name, (*_shared_blocks(pack, learner), buttons))


def _shared_blocks(pack: Pack, learner: SharedLearner) -> list[Block]:
    blocks: list[Block] = [Paragraph(rich("Aim: ", bold(_title_name(pack, learner.title))))]
    if learner.progress is None:
        return [*blocks, Footnote(rich("Nothing else is shared."))]
    return [*blocks, *progress_blocks(pack, learner.progress), *_checkin_blocks(learner.checkins)]


def _checkin_blocks(checkins: Sequence[CheckIn]) -> list[Block]:
    items = tuple(
        rich(bold(f"Week of {checkin.week:%-d %B}: "), _checkin_text(checkin)) for checkin in reversed(checkins)
    )
    return [Heading("Check-ins"), Bullets(items)] if items else []


def _checkin_text(checkin: CheckIn) -> str:
    if not checkin.fallback:
        return checkin.state.value
    return f"{checkin.next_step}. {if_then(checkin.obstacle, checkin.fallback)}"


def visibility_card(pack: Pack, learner: SharedLearner, shown: Visibility, current: Visibility) -> Card:
    """Show a learner exactly what a mentor would see with the visibility `shown`, before they agree to it."""
    intro = "This is what your mentor sees:" if shown is current else "This is exactly what your mentor would see:"
    buttons = [
        Button(label, f"pair share {visibility.value}")
        for visibility, label in VISIBILITY_LABELS.items()
        if visibility is not shown
    ]
    if shown is not current:
        buttons.insert(0, Button("Share this", f"pair share {shown.value} agree:yes", "primary"))
    blocks = (Footnote(rich(intro)), *_shared_blocks(pack, learner), Buttons(tuple(buttons)))
    return Card("What your mentor sees", blocks)


def shared_card() -> Card:
    """Confirm a change of visibility."""
    text = "Your mentor sees just that from now on. You can change it at any time."
    return _text_card("Shared", text, Button("What is shared", "pair share"))


def note_sent_card(mentorship: Mentorship) -> Card:
    """Confirm that a note is on its way."""
    return _text_card("On its way", f"I bring it to {mentorship.learner_name}.", _button("mentees"))


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
            text = rich(bold(mentorship.mentor_name), " is your mentor now. You choose what they see of your plan.")
            return _text_card("You have a mentor", text, Button("What they see", "pair share", "primary"))
        case MessageKind.REQUEST_WAITING:
            waiting = (
                "Nobody has room for another learner just now. I keep your request and ask as soon as somebody has."
            )
            return _text_card("Still looking for a mentor", waiting, _button("pair list"))
        case MessageKind.REQUEST_EXPIRED:
            expired = f"I had no answer from you, so I look for somebody else for {mentorship.learner_name}."
            pause = Button("Take a break from requests", "pair offer max:0")
            return _text_card("Passed on", f"{expired} That is quite all right.", pause)
        case MessageKind.MENTOR_LEFT:
            departure = "Your mentor has left. What was shared is shared no more, and I look for somebody else for you."
            return _text_card("Your mentor has left", departure, Button("I need nobody now", "pair end"))
        case MessageKind.MENTORSHIP_ENDED:
            return _parted_card(message)
        case MessageKind.NOTE:
            note = rich(bold(f"{mentorship.mentor_name} writes: "), body)
            return _text_card("A note from your mentor", note, Button("My plan", "plan show"))
        case _:
            raise ValueError(f"{kind} isn't about a mentorship")


def _mentor_request_card(message: MentorshipMessage) -> Card:
    """Ask a mentor to accept a learner, with the learner's target title and the skills that fit."""
    mentorship = message.mentorship
    purpose = f" on the way to {message.title}." if message.title else "."
    asks = rich(bold(mentorship.learner_name), " asks whether you would be their mentor", purpose)
    blocks: list[Block] = [Paragraph(asks)]
    if message.skills:
        # No levels and no working hours, because learners are promised that a mentor sees only their name and target title.
        blocks.append(Paragraph(rich(f"You offer what that takes: {', '.join(message.skills)}.")))
    if mentorship.deadline:
        deadline = f"{mentorship.deadline.astimezone(message.zone):%A, %-d %B, %H:%M}"
        blocks.append(Footnote(rich(f"Without an answer by {deadline} I ask somebody else.")))
    accept = Button("Accept", f"pair accept {mentorship.id}", "primary")
    decline = Button("Decline", f"pair decline {mentorship.id}")
    return Card("Would you be a mentor?", (*blocks, Buttons((accept, decline))))


def _parted_card(message: MentorshipMessage) -> Card:
    if message.reader is MentorshipSide.LEARNER:
        text = rich("Your mentor and you have parted. What was shared is shared no more.")
        return _text_card("A pairing has ended", text, Button("Ask for a mentor", "pair request any"))
    name = bold(message.mentorship.learner_name)
    text = rich(name, " and you have parted. You see nothing of their plan any more.")
    return _text_card("A pairing has ended", text, _button("mentees"))
