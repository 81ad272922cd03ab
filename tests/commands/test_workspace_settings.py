"""Everything an admin has decided, on one card."""

from __future__ import annotations

from mentorbot.chat.cards import ActionLine, Card

from .conftest import Chat


async def lines(chat: Chat) -> dict[str, str]:
    """List what the card says, with the line of the button beside it."""
    card = await chat.card("admin settings")
    assert isinstance(card, Card)
    rows = [block for block in card.blocks if isinstance(block, ActionLine)]
    return {"".join(span.text for span in row.words): row.button.line for row in rows}


async def test_everything_is_on_one_card_with_the_button_that_changes_it(chat: Chat) -> None:
    before = await lines(chat)
    assert before["Weekly tip: off"] == "admin setup"
    assert before["Weekly report: off"] == "admin here"
    await chat.say("tips here monday 09:00 Europe/Berlin")
    await chat.say("admin calendar Germany")
    await chat.say("admin calendar spread:30")
    after = await lines(chat)
    (tip,) = [text for text in after if "weekly tip" in text]
    assert "Mondays 09:00, Berlin time" in tip
    assert after[tip].startswith("admin fix move:")
    assert after["Public holidays: Germany"] == "admin calendar country:?"
    assert after["Check-ins are spread over 30 minutes"] == "admin calendar spread:?"
    assert "Weekly tip: off" not in after


async def test_only_admins_see_it(chat: Chat) -> None:
    assert "You need admin rights" in await chat.copy(admin=False).text("admin settings")
