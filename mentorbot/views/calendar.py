"""A workspace's days off as a card."""

from __future__ import annotations

from datetime import date, timedelta

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.domain.work_calendar import WorkCalendar, country_name
from mentorbot.slash.dates import DateRange
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.rhythms import day_text

LOOK_AHEAD = 366
"""Days the list of days off looks ahead."""
MAX_LISTED = 3
_NATIONS = (
    Button("England", "admin calendar country:GB-ENG"),
    Button("Scotland", "admin calendar country:GB-SCT"),
    Button("Northern Ireland", "admin calendar country:GB-NIR"),
)


def calendar_card(calendar: WorkCalendar, today: date, undo: str, *, can_change: bool = True) -> Card:
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
    return Card(f"Days off: {where}", (*blocks, Buttons(buttons)) if can_change else tuple(blocks))


def day_off_card(calendar: WorkCalendar, days: DateRange, today: date, *, can_change: bool) -> Card:
    """Tell which of some days in a row are off."""
    every = [days.first + timedelta(days=number) for number in range(min(days.days, LOOK_AHEAD))]
    off = [(day, name) for day in every if (name := calendar.get(day))]
    asked = day_text(days.first, today)
    if days.days > 1:
        asked = f"{asked} to {day_text(days.last, today)}"
    add = Button("Add days off", format_line(("admin", "calendar"), {"off": str(days)}))
    buttons = (*((add,) if can_change and not off else ()), Button("All days off", "workdays"))
    if not off:
        unknown = () if calendar.country else (Paragraph(rich("No country's set yet, so I know no public holidays.")),)
        return Card(f"No day off saved {'on' if days.days == 1 else 'from'} {asked}", (*unknown, Buttons(buttons)))
    named = "; ".join(_named(day, name, today) for day, name in off[:MAX_LISTED])
    more = f", and {len(off) - MAX_LISTED} more" if len(off) > MAX_LISTED else ""
    title = f"Yes, {asked} is a day off" if days.days == 1 else f"{len(off)} of those {days.days} days off"
    return Card(title, (Paragraph(rich(f"{named}{more}. I send nothing then, but I still answer.")), Buttons(buttons)))


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
