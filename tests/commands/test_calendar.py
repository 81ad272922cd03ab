"""A workspace's days off: every change can be undone, to the letter."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Workspace
from mentorbot.domain.work_calendar import WorkCalendar, country_name, entries_text, read_entries

from .conftest import Chat, button_line, buttons


async def saved(chat: Chat) -> WorkCalendar:
    async with chat.app_context.store.unit_of_work(Workspace("slack", "T1")) as uow:
        return await uow.calendars.get()


@pytest.mark.parametrize(
    "change",
    [
        "country:Germany",
        "country:none",
        "off:23-25 dec",
        'off:22-24 dec name:"Closed; call 5=five, \\"please\\" 100%"',
        "work:24 dec",
        "work:26 dec",
        "spread:0",
        "country:Germany off:30 nov-1 dec name:Move spread:60",
    ],
)
async def test_undo_puts_the_calendar_back_as_it_was(chat: Chat, change: str) -> None:
    for line in ("country:England spread:30", 'off:24 dec name:"Company day"', "work:28 dec"):
        await chat.say(f"admin calendar {line}")
    before = await saved(chat)
    card = await chat.card(f"admin calendar {change}")
    assert await saved(chat) != before
    undone = await chat.card(button_line(card, "Undo"))
    assert await saved(chat) == before
    await chat.say(button_line(undone, "Undo"))  # an undo can be undone, too
    assert (await chat.card("admin calendar")).blocks[:-1] == card.blocks[:-1]


async def test_a_change_of_nothing_has_nothing_to_undo(chat: Chat) -> None:
    await chat.say("admin calendar Germany")
    for line in ("admin calendar Germany", "admin calendar"):
        assert "Undo" not in [button.label for button in buttons(await chat.card(line))]


@pytest.mark.parametrize("text", ["", "x", "2026-12-24", "2026-12-24/2026-12-23", "0001-01-01/9999-12-31"])
async def test_a_forged_undo_changes_nothing(chat: Chat, text: str) -> None:
    await chat.say("admin calendar off:24 dec")
    before = await saved(chat)
    await chat.say(f'admin calendar days:"{text}"')
    assert await saved(chat) == before


async def test_setting_days_back_keeps_to_the_limit(chat: Chat) -> None:
    added = await chat.card("admin calendar off:2027-03-01 to 2027-06-08")
    redo = button_line(await chat.card(button_line(added, "Undo")), "Undo")
    await chat.say("admin calendar off:24 dec")
    before = await saved(chat)
    for line in (redo, "admin calendar days:2027-01-01/2027-12-31=Off"):
        assert "I can only save 100 days off ahead" in await chat.text(line)
        assert await saved(chat) == before


def test_days_in_a_row_with_the_same_entry_are_one_piece() -> None:
    entries = read_entries("2026-12-23/2026-12-25=Off;2026-12-26/2026-12-26;2026-12-28/2026-12-28=")
    assert len(entries) == 5
    assert list(entries.values())[-2:] == [None, ""]
    assert entries_text(entries) == "2026-12-23/2026-12-25=Off;2026-12-26/2026-12-26;2026-12-28/2026-12-28="


@pytest.mark.parametrize("place", ["Bavaria", "Bayern", "Germany, Bavaria", "bayern, germany"])
async def test_a_region_is_known_by_its_name(chat: Chat, place: str) -> None:
    assert (await chat.card(f'admin calendar country:"{place}"')).title == "Days off: Bayern, Germany"


async def test_a_name_of_several_regions_is_none(chat: Chat) -> None:
    assert "I don't know the holidays of" in await chat.text('admin calendar country:"Santa Cruz"')


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("days off in germany, bavaria", "Bayern, Germany"),
        ("please use german holidays, Berlin if one can choose the state", "Berlin, Germany"),
        ("we follow the US holiday calendar", "United States"),
        ("bank holidays in scotland please", "Scotland"),
        ("use the public holidays of the netherlands, not belgium", "Netherlands"),
    ],
)
async def test_a_country_or_region_is_a_value_of_the_holidays(chat: Chat, text: str, country: str) -> None:
    card = await chat.speak(text)
    assert isinstance(card, Card)
    assert card.title == f"Use the public holidays of {country}?"
    assert (await saved(chat)).country == ""
    await chat.press(buttons(card)[0].line)
    assert country_name((await saved(chat)).country) == country


@pytest.mark.parametrize("text", ["what does an AI architect earn in germany", "I moved to italy", "my team is polish"])
async def test_a_country_beside_something_else_is_no_calendar(chat: Chat, text: str) -> None:
    card = await chat.speak(text)
    assert isinstance(card, Card)
    assert not any("calendar" in button.line for button in buttons(card))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("are we off on 25 december?", "Yes, Friday, 25 Dec is a day off"),
        ("is 21 december a public holiday", "No day off saved on Monday, 21 Dec"),
        ("when's the next day off", "Days off: Germany"),
    ],
)
async def test_anyone_can_ask_about_days_off(chat: Chat, ben: Chat, text: str, title: str) -> None:
    await chat.say("admin calendar Germany")
    card = await ben.speak(text)
    assert isinstance(card, Card)
    assert card.title == title
    assert not any(button.line.startswith("admin") for button in buttons(card))


async def test_several_days_are_looked_up_at_once(chat: Chat) -> None:
    await chat.say("admin calendar Germany")
    assert (await chat.card('workdays "23 dec - 2 jan"')).title == "3 of those 11 days off"
    card = await chat.card("workdays 21-22 dec")
    assert button_line(card, "Add days off").startswith("admin calendar off:")


@pytest.mark.parametrize("text", ["i'm off from monday to wednesday", "friday is off for me"])
async def test_ones_own_days_off_are_not_everyones(chat: Chat, text: str) -> None:
    card = await chat.speak(text)
    assert isinstance(card, Card)
    assert card.title.startswith("Pause until")


async def test_a_day_that_is_off_is_added(chat: Chat) -> None:
    card = await chat.speak("27 december is off")
    assert isinstance(card, Card)
    assert card.title == "Add days off: 27 Dec?"
