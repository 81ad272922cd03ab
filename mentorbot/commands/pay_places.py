"""Questions about pay in one place or currency, which figures for one country may not answer."""

from __future__ import annotations

import re

from mentorbot.chat.cards import Card
from mentorbot.domain.places import last_place, names_price, other_currency, place_abroad, without_currencies
from mentorbot.packs.schema import Pack, Salaries
from mentorbot.packs.search import Search
from mentorbot.views.ask import best_paid_place_card, only_here_card
from mentorbot.views.salary import level_salary_card, pay_levels

_LEADS_TO_PLACE = re.compile(r"\s+(?:in|at|for|from|of)\W*$", re.IGNORECASE)
"""The preposition left over when a place is taken out of a question."""


def pay_in_a_place(pack: Pack, search: Search, question: str) -> Card | None:
    """Answer a question about pay in one place or currency; None if it's not such a question, or the pack has no figures."""
    figures = pack.salaries
    if figures is None:
        return None
    region = next(source.region for source in pack.info.sources if source.id == figures.source)
    place, is_priced = place_abroad(question, region), other_currency(question, figures.currency)
    if place or is_priced:
        asks_pay = _asks_pay(search, question, place, is_priced=is_priced)
        return only_here_card(pack, figures, place) if asks_pay else None
    shorter, place = last_place(question)
    rest = search.find(shorter)
    if not place or not rest.about_pay:
        return None
    if best_paid := next((name for name in figures.top_paying if search.means_same(place, name)), ""):
        return _pay_where_it_is_best(pack, figures, search, shorter, best_paid)
    is_place = not search.knows(place) and not place.lower().startswith("the ")  # such as “the beginning”
    return only_here_card(pack, figures, place) if rest.confident and is_place else None


def pay_elsewhere(search: Search, question: str) -> bool:
    """Tell if a question is about pay in a place or a currency, for a pack without figures."""
    shorter, last = last_place(question)
    if last and search.find(shorter).about_pay:
        return True
    place, is_priced = place_abroad(question, ""), other_currency(question, "")
    return bool(place or is_priced) and _asks_pay(search, question, place, is_priced=is_priced)


def _asks_pay(search: Search, question: str, place: str, *, is_priced: bool) -> bool:
    """Tell if a question is about pay, apart from a place and a currency that it names."""
    rest = _LEADS_TO_PLACE.sub("", without_currencies(question.replace(place, "")))
    return search.find(f"pay {rest}" if is_priced and not names_price(question) else rest).about_pay


def _pay_where_it_is_best(pack: Pack, figures: Salaries, search: Search, question: str, place: str) -> Card:
    """Answer a question about pay in a place the source names: with the level that's asked for, if one is."""
    levels = {f"pay:{choice.value}": choice.value for choice in pay_levels(pack)}
    level = levels.get(search.find(question).hits[0].passage.document)
    asks_for_level = level is not None and len(search.parse(question).topical) > 1
    return level_salary_card(pack, level) if level and asks_for_level else best_paid_place_card(pack, figures, place)
