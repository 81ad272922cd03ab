"""Pay as the pack's source gives it: each figure with its region and date, and gaps stated as gaps."""

from __future__ import annotations

from mentorbot.chat.cards import (
    Block,
    Bullets,
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

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_LEVELS = ("entry", "mid", "senior", "top")


def pay_levels(pack: Pack) -> tuple[Choice, ...]:
    """The levels people can ask for, including those without a figure."""
    levels = {band.level for band in pack.salaries.bands} | {gap.level for gap in pack.salaries.unknown}
    return tuple(Choice(level.capitalize(), level) for level in _LEVELS if level in levels)


def band_text(band: Band, currency: str) -> str:
    """Format a band of yearly pay in short: `$128K-$150K`, `$200K-$280K+`, `$300K+`."""
    low = _money(band.low, currency)
    high = "" if band.high is None else f"-{_money(band.high, currency)}"
    return f"{low}{high}{'+' if band.open else ''}"


def _money(amount: int, currency: str) -> str:
    figure = f"{amount // 1000}K" if amount % 1000 == 0 else f"{amount:,}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{figure} {currency}"


def salary_card(pack: Pack) -> Card:
    """The pay of all levels, the places that pay best, and the factors that move it."""
    salaries = pack.salaries
    section = next(section for section in pack.sections if section.id == "salary")
    blocks = (
        Paragraph(rich(salaries.overall)),
        FieldList(tuple(_all_levels(salaries))),
        _pay_factors(salaries),
        citation_note(pack, salaries.source),
        *advice(section.body),
    )
    return Card(f"{pack.info.title}: salary", (*blocks, _level_buttons(pack)))


def _all_levels(salaries: Salaries) -> list[tuple[str, RichText]]:
    rows = [
        (band.level.capitalize(), rich(bold(band_text(band, salaries.currency)), " a year")) for band in salaries.bands
    ]
    return rows + [(gap.level.capitalize(), rich(bold("not known. "), gap.note)) for gap in salaries.unknown]


def _pay_factors(salaries: Salaries) -> Bullets:
    return Bullets(
        (
            rich(bold("Top-paying places: "), ", ".join(salaries.top_paying)),
            rich(bold("What moves it: "), ", ".join(salaries.drivers)),
        )
    )


def _level_buttons(pack: Pack) -> Buttons:
    return Buttons(tuple(Button(choice.label, f"salary {choice.value}") for choice in pay_levels(pack)))


def level_salary_card(pack: Pack, level: str) -> Card:
    """The pay of one level."""
    title = f"{pack.info.title}: salary, {level} level"
    source = citation_note(pack, pack.salaries.source)
    return Card(title, (*_level_blocks(pack.salaries, level), source, _level_buttons(pack)))


def _level_blocks(salaries: Salaries, level: str) -> tuple[Block, ...]:
    for gap in salaries.unknown:
        if gap.level == level:
            return (Paragraph(rich(bold("Not known. "), gap.note)),)
    band = next(band for band in salaries.bands if band.level == level)
    return (Paragraph(rich(bold(band_text(band, salaries.currency)), " a year")), _pay_factors(salaries))
