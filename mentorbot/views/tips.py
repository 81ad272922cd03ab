"""Tips as cards: on request, for a whole channel, and for the skill in which a person has furthest to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mentorbot.chat.cards import Block, Button, Buttons, Card, FieldList, Footnote, Paragraph, rich
from mentorbot.packs.markdown import inline
from mentorbot.packs.schema import Pack, Tip


def tip_card(pack: Pack, tip: Tip, *, scheduled: bool = False, late: str | None = None) -> Card:
    """One tip. A `scheduled` tip is for the whole channel; `late` says in one line why it comes late."""
    skill = _skill_title(pack, tip)
    blocks: list[Block] = [Paragraph(inline(tip.do)), Footnote(rich(f"{skill} · {tip.level} · {tip.minutes} minutes"))]
    if late:
        blocks.append(Footnote(rich(late)))
    buttons = (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("Why this tip", f"tip why:{tip.id}"),
        Button("Another one", f"tip after:{tip.id}"),
    )
    title = f"Tip of the week: {tip.title}" if scheduled else tip.title
    return Card(title, (*blocks, Buttons(buttons)), public=scheduled)


def _skill_title(pack: Pack, tip: Tip) -> str:
    return pack.skill_titles[pack.tips_by_id[tip.id][1]]


def tip_reason_card(pack: Pack, tip: Tip) -> Card:
    """Say why a tip is worth the time."""
    rows = (
        ("Skill", rich(_skill_title(pack, tip))),
        ("Level", rich(tip.level)),
        ("Time", rich(f"{tip.minutes} minutes")),
    )
    buttons = (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("About this skill", f"skill {pack.tips_by_id[tip.id][1]}"),
    )
    note = "A channel gets every tip of the pack once before one comes again. Advice by the pack's author."
    blocks = (Paragraph(inline(tip.why)), FieldList(rows), Footnote(rich(note)), Buttons(buttons))
    return Card(f"Why: {tip.title}", blocks)


def personal_tip_card(
    pack: Pack, tip_id: str, levels: Mapping[str, int], target_title: str, late: str | None = None
) -> Card:
    """A person's own tip, with the reason it was chosen: their `levels` (by skill id) and `target_title` (an id, or "")."""
    tip, skill = pack.tips_by_id[tip_id]
    card = tip_card(pack, tip, scheduled=True, late=late)
    reason = _choice_reason(pack, skill, levels.get(skill), pack.title_needs(target_title).get(skill, 0))
    return replace(card, public=False, blocks=(*card.blocks[:-1], Footnote(rich(reason)), card.blocks[-1]))


def _choice_reason(pack: Pack, skill: str, level: int | None, need: int) -> str:
    name = pack.skill_titles[skill]
    if level is None:
        return f"Chosen for {name}, since you have not said where you stand in it: /mentor assess."
    if need > level:
        return f"Chosen for {name}: you stand at {level} of 4, and the title you aim at asks for {need}."
    return f"Chosen for {name}: you stand at {level} of 4."
