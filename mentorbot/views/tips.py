"""Tips as cards: on request, for a whole channel, and for the skill a person has furthest to go in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, RichText, Span, rich, text_of
from mentorbot.packs.markdown import inline
from mentorbot.packs.schema import Pack, Tip
from mentorbot.views.start import a_role
from mentorbot.views.wording import lower_first


def tip_card(tip: Tip) -> Card:
    """One tip, for the person who asked."""
    return Card(_title("Tip: ", tip), (*_blocks(tip, None), Buttons(_buttons(tip))))


def channel_tip_card(pack: Pack, tip: Tip, late: str | None = None) -> Card:
    """A tip for a whole channel, with the role it's for. `late` says in one line why it comes late."""
    note = Footnote(rich(f"For {a_role(pack)}: {pack.skill_names[pack.tips_by_id[tip.id][1]]}"))
    blocks = (*_blocks(tip, late), note, Buttons(_buttons(tip)))
    return Card(_title("Tip of the week: ", tip), blocks, public=True, shareable=True)


def _title(start: str, tip: Tip) -> str:
    """Put a tip's title after a colon, with the time it takes."""
    return f"{start}{lower_first(tip.title)} ({tip.minutes} min)"


def _blocks(tip: Tip, late: str | None) -> list[Block]:
    blocks: list[Block] = [Paragraph(inline(tip.do)), Paragraph(_first_sentence(inline(tip.why)))]
    return [*blocks, Footnote(rich(late))] if late else blocks


def _first_sentence(line: RichText) -> RichText:
    """Cut a text after its first sentence."""
    end = re.search(r"[.!?](?=\s+[A-Z])", text_of(line))
    if end is None:
        return line
    kept: list[Span] = []
    left = end.end()
    for span in line:
        if left > 0:
            kept.append(replace(span, text=span.text[:left]))
        left -= len(span.text)
    return tuple(kept)


def _buttons(tip: Tip) -> tuple[Button, ...]:
    return (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("Another tip", f"tip after:{tip.id}"),
    )


def tip_reason_card(pack: Pack, tip: Tip) -> Card:
    """Say why a tip is worth the time."""
    skill = pack.tips_by_id[tip.id][1]
    buttons = (
        Button("Add to my plan", f"plan add tip:{tip.id}", "primary"),
        Button("About this skill", f"skill {skill}"),
    )
    note = f"{pack.skill_titles[skill]}, {tip.level}. The author's advice."
    return Card(_title("Why ", tip), (Paragraph(inline(tip.why)), Footnote(rich(note)), Buttons(buttons)))


def personal_tip_card(pack: Pack, tip_id: str, levels: Mapping[str, int], target_title: str, late: str | None) -> Card:
    """A person's own tip, with the reason it was chosen: their `levels` (by skill id) and `target_title` (an id, or "")."""
    tip, skill = pack.tips_by_id[tip_id]
    reason = _choice_reason(pack, skill, levels.get(skill), pack.title_needs(target_title).get(skill, 0))
    check = (Button("Take the check", "assess"),) if skill not in levels else ()
    buttons = (*_buttons(tip), *check, Button("Fewer tips", "settings change:tips"))
    return Card(_title("Tip for you: ", tip), (*_blocks(tip, late), Footnote(rich(reason)), Buttons(buttons)))


def _choice_reason(pack: Pack, skill: str, level: int | None, need: int) -> str:
    name = pack.skill_names[skill]
    if level is None:
        return f"Picked for {name}. The 2-minute check makes the next one fit better."
    if need > level:
        return f"Picked because you're at {level} in {name} and your target role needs {need}."
    return f"Picked because you're at {level} of 4 in {name}."
