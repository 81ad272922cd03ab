"""A workspace's days off as a card."""

from __future__ import annotations

from datetime import date, timedelta

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.domain.work_calendar import WorkCalendar, country_name
from mentorbot.views.rhythms import day_text

LOOK_AHEAD = 366
"""Days the list of days off looks ahead."""
MAX_LISTED = 3
_NATIONS = (
    Button("England", "admin calendar country:GB-ENG"),
    Button("Scotland", "admin calendar country:GB-SCT"),
    Button("Northern Ireland", "admin calendar country:GB-NIR"),
)


def calendar_card(calendar: WorkCalendar, today: date, undo: str) -> Card:
    """Show a workspace's days off in the next year, and the spread of its check-ins. `undo` takes the last change back."""
    ahead = (today + timedelta(days=number) for number in range(LOOK_AHEAD))
    off = [(day, name) for day in ahead if (name := calendar.get(day))]
    blocks: list[Block] = [Paragraph(rich(line)) for line in _lines(off, today)]
    blocks.append(Paragraph(rich("I send nothing on those days. I still answer.")))
    if minutes := calendar.spread_minutes:
        blocks.append(Footnote(rich(f"Check-ins are spread over {minutes} minutes.")))
    # The four nations share only a few holidays.
    nations = _NATIONS if calendar.country == "GB" else ()
    buttons = (
        *nations,
        Button("Add days", "admin calendar off:?"),
        Button("Change region", "admin calendar country:?"),
        *((Button("Undo", undo),) if undo else ()),
    )
    where = country_name(calendar.country) if calendar.country else "no region yet"
    return Card(f"Days off: {where}", (*blocks, Buttons(buttons)))


def _lines(off: list[tuple[date, str]], today: date) -> list[str]:
    """Name the next days off, and how many there are in a year."""
    if not off:
        return ["None in the next year."]
    (day, name), *others = off
    first = f"{f'Next of {len(off)}' if others else 'Next'}: {_named(day, name, today)}."
    more = "; ".join(_named(day, name, today) for day, name in others[: MAX_LISTED - 1])
    return [first, f"Then {more}."] if more else [first]


def _named(day: date, name: str, today: date) -> str:
    when = day_text(day, today)
    return when if name == UNNAMED_DAY_OFF else f"{name}, {when}"
