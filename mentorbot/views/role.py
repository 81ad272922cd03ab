"""Cards about the role someone learns, and the one of a whole workspace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mentorbot.chat.cards import Bullets, Button, Buttons, Card, Paragraph, bold, rich
from mentorbot.packs.schema import Pack
from mentorbot.views.start import a_role


def role_card(pack: Pack, others: Sequence[Pack]) -> Card:
    """The role a person learns, with a button for each of the others."""
    summary = Paragraph(rich(pack.info.summary))
    if not others:
        buttons = Buttons((Button("What they do", "brief"), Button("My plan", "plan show")))
        return Card(f"You're learning to be {a_role(pack)}", (summary, buttons))
    lines = Bullets(tuple(rich(bold(other.info.title), f": {other.info.summary}") for other in others))
    buttons = Buttons(tuple(Button(f"Switch to {other.info.title}", f"role {other.info.role}") for other in others))
    return Card(f"You're learning to be {a_role(pack)}", (summary, Paragraph(rich("I also know:")), lines, buttons))


def other_role_card(pack: Pack, other: Pack) -> Card:
    """Say to someone who asks about another role that it has to be chosen first, since all answers are about one."""
    text = f"You're learning to be {a_role(pack)}, so that's what I answer about. Switch and ask again; you can switch back."
    button = Button(f"Switch to {other.info.title}", f"role {other.info.role}", "primary")
    return Card(f"That's one for {a_role(other)}", (Paragraph(rich(text)), Buttons((button,))))


def role_chosen_card(pack: Pack, *, before: Pack, has_plan: bool, had_plan: bool) -> Card:
    """Say what has changed, and that nothing is lost. `had_plan` is about the role `before`."""
    if pack.info.role == before.info.role:
        return Card(
            f"You're already learning to be {a_role(pack)}",
            (Buttons((Button("My plan", "plan show", "primary"), Button("What they do", "brief"))),),
        )
    safe = (
        f"Your {before.info.title} plan is safe: switch back any time." if had_plan else "You can switch back any time."
    )
    text = f"My answers, tips and check-ins are about that now. {safe}"
    first = Button("My plan", "plan show", "primary") if has_plan else Button("Plan my path", "plan new", "primary")
    buttons = (
        first,
        Button("What they do", "brief"),
        Button("Undo", f"role {before.info.role}"),
    )
    return Card(f"You're now learning to be {a_role(pack)}", (Paragraph(rich(text)), Buttons(buttons)))


def workspace_role_card(pack: Pack, packs: Iterable[Pack]) -> Card:
    """The role of a workspace, with a button for each of the others."""
    text = "Anyone can choose a different role: they just say “role”."
    others = [other for other in packs if other.info.role != pack.info.role]
    buttons = Buttons(tuple(Button(other.info.title, f"admin role {other.info.role}") for other in others))
    blocks = (Paragraph(rich(text)), *((buttons,) if others else ()))
    return Card(f"By default, people here learn to be {a_role(pack)}", blocks)


def workspace_role_chosen_card(pack: Pack, before: Pack) -> Card:
    """Say whom a new default concerns; `before` is the one until now."""
    text = "It's for everyone who hasn't chosen a role. Tips you've set up in channels stay as they are."
    undo = Button("Undo", f"admin role {before.info.role}")
    buttons = Buttons((Button("Post a weekly tip", "tips here"), undo))
    return Card(f"From now on, people here learn to be {a_role(pack)}", (Paragraph(rich(text)), buttons))
