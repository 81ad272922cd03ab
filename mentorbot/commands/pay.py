"""Pay as the pack's source gives it: each figure with its region and date, and what is unknown called unknown."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Bullets, Button, Buttons, Card, Choice, FieldList, Paragraph, bold, rich
from mentorbot.commands.sourced import advice, source_note
from mentorbot.packs.schema import Band, Pack

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def pay_levels(pack: Pack) -> tuple[Choice, ...]:
    """The levels that can be asked for, those without a figure too."""
    levels = {band.level for band in pack.salaries.bands} | {gap.level for gap in pack.salaries.unknown}
    order = ("entry", "mid", "senior", "top")
    return tuple(Choice(level.capitalize(), level) for level in order if level in levels)


def band_text(band: Band, currency: str) -> str:
    """`$128K-$150K`, `$200K-$280K+`, `$300K+`; amounts are for one year."""
    low = _money(band.low, currency)
    high = "" if band.high is None else f"-{_money(band.high, currency)}"
    return f"{low}{high}{'+' if band.open else ''}"


def _money(amount: int, currency: str) -> str:
    short = f"{amount // 1000}K" if amount % 1000 == 0 else f"{amount:,}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{short}" if symbol else f"{short} {currency}"


def pay_blocks(pack: Pack) -> tuple[Block, ...]:
    """All bands, what is unknown, where it pays best and what moves it."""
    salaries = pack.salaries
    rows = [
        (band.level.capitalize(), rich(bold(band_text(band, salaries.currency)), " a year")) for band in salaries.bands
    ]
    rows += [(gap.level.capitalize(), rich(bold("not known. "), gap.note)) for gap in salaries.unknown]
    return (
        Paragraph(rich(salaries.overall)),
        FieldList(tuple(rows)),
        Bullets(
            (
                rich(bold("Top-paying places: "), ", ".join(salaries.top_paying)),
                rich(bold("What moves it: "), ", ".join(salaries.drivers)),
            )
        ),
    )


def pay_card(pack: Pack, level: str | None) -> Card:
    """The pay of `level`, or of all levels."""
    section = next(section for section in pack.sections if section.id == "salary")
    others = Buttons(tuple(Button(choice.label, f"salary {choice.value}") for choice in pay_levels(pack)))
    if level is None:
        blocks = (*pay_blocks(pack), source_note(pack, pack.salaries.source), *advice(section.body))
        return Card(f"{pack.info.title}: salary", (*blocks, others))
    title = f"{pack.info.title}: salary, {level} level"
    return Card(title, (*_level_blocks(pack, level), source_note(pack, pack.salaries.source), others))


def _level_blocks(pack: Pack, level: str) -> tuple[Block, ...]:
    salaries = pack.salaries
    for gap in salaries.unknown:
        if gap.level == level:
            return (Paragraph(rich(bold("Not known. "), gap.note)),)
    band = next(band for band in salaries.bands if band.level == level)
    return (
        Paragraph(rich(bold(band_text(band, salaries.currency)), " a year")),
        Bullets(
            (
                rich(bold("Top-paying places: "), ", ".join(salaries.top_paying)),
                rich(bold("What moves it: "), ", ".join(salaries.drivers)),
            )
        ),
    )
