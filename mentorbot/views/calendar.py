"""A workspace's calendar as a card."""

from __future__ import annotations

from datetime import date, timedelta

from mentorbot.chat.cards import Block, Bullets, Button, Buttons, Card, FieldList, Footnote, rich
from mentorbot.domain.work_calendar import WorkCalendar, country_name

LOOK_AHEAD = 366
"""Days in which days off are listed."""
MAX_LISTED = 8
_NATIONS = (
    Button("England", "admin calendar country:GB-ENG"),
    Button("Scotland", "admin calendar country:GB-SCT"),
    Button("Northern Ireland", "admin calendar country:GB-NIR"),
)


def _country(code: str) -> str:
    return f"{country_name(code)} ({code})" if code else "no country yet"


def calendar_card(calendar: WorkCalendar, today: date) -> Card:
    """Show a workspace's days off in the next year, and the spread of its check-ins."""
    ahead = (today + timedelta(days=number) for number in range(LOOK_AHEAD))
    off = [(day, name) for day in ahead if (name := calendar.get(day))]
    minutes = calendar.spread_minutes
    rows = (
        ("Public holidays of", rich(_country(calendar.country))),
        ("Days off in the next year", rich(str(len(off)))),
        ("Check-ins", rich(f"spread over {minutes} minutes from their time" if minutes else "come at their time")),
    )
    blocks: list[Block] = [FieldList(rows)]
    if off:
        days = [rich(f"{day:%A, %-d %B %Y}: {name}") for day, name in off[:MAX_LISTED]]
        more = [rich(f"and {len(off) - MAX_LISTED} more")] if len(off) > MAX_LISTED else []
        blocks.append(Bullets((*days, *more)))
    # The four nations share only a few holidays.
    nations = _NATIONS if calendar.country == "GB" else ()
    text = "On a day off no tips, check-ins, questions, digests or reports are sent. Answers to people always are."
    buttons = (
        *nations,
        Button("Set the country", "admin calendar country:?"),
        Button("Add a day off", "admin calendar off:?"),
    )
    return Card("When this workspace works", (*blocks, Footnote(rich(text)), Buttons(buttons)))
