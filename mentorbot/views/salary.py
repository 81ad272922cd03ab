"""Pay as the pack's source gives it: each figure with its region and date, and gaps stated as gaps."""

from __future__ import annotations

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Button,
    Buttons,
    Card,
    Choice,
    FieldList,
    Paragraph,
    RichText,
    bold,
    rich,
)
from mentorbot.packs.schema import Band, Pack, Salaries
from mentorbot.views.citations import advice, citation_note
from mentorbot.views.wording import joined

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_LEVELS = ("entry", "mid", "senior", "top")


def pay_levels(pack: Pack) -> tuple[Choice, ...]:
    """The levels people can ask for, including those without a figure; all if the pack has none at all."""
    salaries = pack.salaries
    if salaries is None:
        return tuple(Choice(level.capitalize(), level) for level in _LEVELS)
    levels = {band.level for band in salaries.bands} | {gap.level for gap in salaries.unknown}
    return tuple(Choice(level.capitalize(), level) for level in _LEVELS if level in levels)


def no_pay_card(pack: Pack) -> Card:
    """Say that the pack holds no pay figures, rather than give some without a source."""
    text = "My sources have none I'd vouch for, so I won't guess. Ask me anything else about the role."
    buttons = (Button("Job titles", "brief titles"), Button("Career growth", "brief growth"))
    return Card(f"I have no pay figures for {pack.info.title}", (Paragraph(rich(text)), Buttons(buttons)))


def band_text(band: Band, currency: str) -> str:
    """Format a band of yearly pay in short: `$128K–$150K`, `$200K–$280K+`, `$300K+`."""
    low = _money(band.low, currency)
    high = "" if band.high is None else f"–{_money(band.high, currency)}"
    return f"{low}{high}{'+' if band.open else ''}"


def overall_range(salaries: Salaries) -> str:
    """Give the range over all levels in short, e.g. “$128K to $280K+”: the lowest figure, and the highest of a full band."""
    bands, currency = salaries.bands, salaries.currency
    highest = max(bands, key=lambda band: band.high or 0)
    top = highest.high if highest.high is not None else max(band.low for band in bands)
    return (
        f"{_money(min(band.low for band in bands), currency)} to {_money(top, currency)}{'+' if highest.open else ''}"
    )


def _money(amount: int, currency: str) -> str:
    figure = f"{amount // 1000}K" if amount % 1000 == 0 else dates.number(amount)
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{figure} {currency}"


def salary_card(pack: Pack) -> Card:
    """The pay of all levels, with a button for what drives it."""
    salaries = pack.salaries
    if salaries is None:
        return no_pay_card(pack)
    title = f"{pack.info.title} pay: {overall_range(salaries)} a year"
    buttons = (Button("What drives pay", "brief salary"), *_level_buttons(pack))
    return Card(
        title, (FieldList(tuple(_all_levels(salaries))), citation_note(pack, salaries.source), Buttons(buttons))
    )


def pay_section_card(pack: Pack) -> Card:
    """Drivers of pay, the places that pay best, and the author's advice."""
    salaries = pack.salaries
    if salaries is None:
        return no_pay_card(pack)
    section = next(section for section in pack.sections if section.id == "salary")
    drivers = joined(salaries.drivers) or "our source doesn't say"
    title = f"What drives pay: {drivers}"
    best = Paragraph(rich(_best_paid(salaries)))
    blocks = (Paragraph(rich(salaries.overall)), best, citation_note(pack, salaries.source), *advice(section.body))
    return Card(title, (*blocks, Buttons((Button("By level", "salary"), Button("Plan my path", "plan new")))))


def _all_levels(salaries: Salaries) -> list[tuple[str, RichText]]:
    rows = [
        (band.level.capitalize(), rich(bold(band_text(band, salaries.currency)), " a year")) for band in salaries.bands
    ]
    return rows + [(gap.level.capitalize(), rich("our source has no figure")) for gap in salaries.unknown]


def _level_buttons(pack: Pack) -> tuple[Button, ...]:
    return tuple(Button(choice.label, f"salary {choice.value}") for choice in pay_levels(pack))


def level_salary_card(pack: Pack, level: str) -> Card:
    """The pay of one level; the nearest levels if the source has no figure for it."""
    salaries = pack.salaries
    if salaries is None:
        return no_pay_card(pack)
    source = citation_note(pack, salaries.source)
    drives = Button("What drives pay", "brief salary")
    band = next((band for band in salaries.bands if band.level == level), None)
    if band is None:
        buttons = Buttons((drives, Button(f"{level.capitalize()}-level roles", "brief titles")))
        closest = Paragraph(rich(f"Closest: {_neighbours(salaries, level)} a year."))
        return Card(f"{level.capitalize()} level: our source has no figure", (closest, source, buttons))
    others = (button for button in _level_buttons(pack) if button.line != f"salary {level}")
    title = f"{level.capitalize()}: {band_text(band, salaries.currency)} a year"
    return Card(title, (Paragraph(rich(_best_paid(salaries))), source, Buttons((drives, *others))))


def _best_paid(salaries: Salaries) -> str:
    if not salaries.top_paying:
        return "Our source doesn't say which places pay the most."
    return f"Places such as {joined(salaries.top_paying)} pay the most."


def _neighbours(salaries: Salaries, level: str) -> str:
    """Give the pay of the levels next to one without a figure: “entry $128K–$150K, senior $200K–$280K+”."""
    place = _LEVELS.index(level)
    by_distance = sorted(salaries.bands, key=lambda band: abs(_LEVELS.index(band.level) - place))[:2]
    nearest = sorted(by_distance, key=lambda band: _LEVELS.index(band.level))
    return ", ".join(f"{band.level} {band_text(band, salaries.currency)}" for band in nearest)
