"""Single messages to one person: a mentor is asked, a learner hears the answer, a note arrives."""

from __future__ import annotations

from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, RichText, bold, rich
from mentorbot.commands.context import Context
from mentorbot.commands.mentor import request_card
from mentorbot.domain.records import Mentorship


async def notice_card(context: Context, item: str, body: str) -> Card | None:
    """What is said about `item` (`pair:12`); None when there is nothing to say any more."""
    about, _, number = item.partition(":")
    pairing = await context.uow.mentorships.get(int(number)) if number.isdigit() else None
    if pairing is None or context.caller.user_id not in (pairing.learner, pairing.mentor, *pairing.asked):
        return None
    if about == "pair":
        mine = pairing.state == "requested" and pairing.mentor == context.caller.user_id
        return await request_card(context, pairing) if mine else None
    mine = context.caller.user_id == pairing.learner
    return _to_learner(about, pairing, body) if mine else _to_mentor(about, pairing)


def _to_learner(about: str, pairing: Mentorship, body: str) -> Card | None:
    match about, pairing.state:
        case "accepted", "active":
            text = rich(bold(pairing.mentor_name), " is your mentor now. You choose what they see of your plan.")
            return _with("You have a mentor", text, Button("What they see", "pair share", "primary"))
        case "waiting", "waiting":
            text = rich(
                "Nobody has room for another learner just now. I keep your request and ask as soon as somebody has."
            )
            return _with("Still looking for a mentor", text, Button("Who offers to mentor", "pair list"))
        case "left", "waiting" | "requested":
            text = rich(
                "Your mentor has left. What was shared is shared no more, and I look for somebody else for you."
            )
            return _with("Your mentor has left", text, Button("I need nobody now", "pair end"))
        case "ended", _:
            text = rich("Your mentor and you have parted. What was shared is shared no more.")
            return _with("A pairing has ended", text, Button("Ask for a mentor", "pair request any"))
        case "note", "active":
            text = rich(bold(f"{pairing.mentor_name} writes: "), body)
            return _with("A note from your mentor", text, Button("My plan", "plan show"))
        case _:
            return None


def _to_mentor(about: str, pairing: Mentorship) -> Card | None:
    match about, pairing.state:
        case "expired", "requested" | "waiting" | "active":
            text = rich(
                f"I had no answer from you, so I look for somebody else for {pairing.learner_name}. That is quite all right."
            )
            return _with("Passed on", text, Button("Take a break from requests", "pair offer max:0"))
        case "ended", _:
            text = rich(bold(pairing.learner_name), " and you have parted. You see nothing of their plan any more.")
            return _with("A pairing has ended", text, Button("My learners", "mentees"))
        case _:
            return None


def _with(title: str, text: RichText, *buttons: Button) -> Card:
    return Card(title, (Paragraph(text), Buttons(buttons)))
