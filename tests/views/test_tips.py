"""A person's own tip says why it was chosen."""

from __future__ import annotations

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.packs.schema import Pack
from mentorbot.views.start import a_role
from mentorbot.views.tips import channel_tip_card, personal_tip_card, tip_card


@pytest.mark.parametrize(
    ("levels", "title", "reason"),
    [
        ({}, "ai-architect", "Picked for {mlops}. The 2-minute check makes the next one fit better."),
        ({"mlops": 1}, "ai-architect", "Picked because you're at 1 in {mlops} and your target role needs 3."),
        ({"mlops": 3}, "ai-architect", "Picked because you're at 3 of 4 in {mlops}."),
        ({"mlops": 1}, "", "Picked because you're at 1 of 4 in {mlops}."),
    ],
)
def test_a_personal_tip_names_the_gap_to_the_target(
    pack: Pack, levels: dict[str, int], title: str, reason: str
) -> None:
    tip_id = next(tip_id for tip_id, (_, skill) in pack.tips_by_id.items() if skill == "mlops")
    card = personal_tip_card(pack, tip_id, levels, title, "Late: it was due on Monday.")
    text = plain_text(card)
    assert reason.format(mlops=pack.skill_names["mlops"]) in text
    assert "Late: it was due on Monday." in text
    assert not card.public


def test_a_channels_tip_is_for_everyone(pack: Pack) -> None:
    tip = next(iter(pack.tips_by_id.values()))[0]
    card = channel_tip_card(pack, tip)
    assert card.public
    assert f"For {a_role(pack)}: " in plain_text(card)
    name = tip.title[0].lower() + tip.title[1:]
    assert card.title == f"Tip of the week: {name} ({tip.minutes} min)"
    assert tip_card(tip).title == f"Tip: {name} ({tip.minutes} min)"
