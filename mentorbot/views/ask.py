"""The answer to a free question: the sentence that answers it, then its source; or an honest way on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mentorbot.chat.cards import Block, Bullets, Button, Buttons, Card, Footnote, Paragraph, rich, text_of
from mentorbot.domain.work_calendar import country_names
from mentorbot.packs.schema import Pack, Salaries
from mentorbot.packs.search_documents import SearchDocument
from mentorbot.slash.choices import short
from mentorbot.views.citations import citation_note
from mentorbot.views.salary import overall_range

MAX_OTHERS = 2
MAX_TOPICS = 2
_MAX_FACTS, _MAX_FACTS_LENGTH = 5, 300
"""Further facts below the one that answers the question, and their characters."""
_MAX_TITLE_LENGTH = 120
_MAX_QUESTION_LENGTH = 500
_MAX_LABEL_LENGTH = 40
_STEM_LENGTH = 4
_STOP_WORDS = frozenset(
    ["the", "and", "are", "can", "does", "for", "from", "how", "what", "which", "who", "with", "you"]
)
_PATH_KINDS = ("step", "title", "section:path", "section:titles", "section:education")
"""Documents about getting there, after which a plan is the next thing."""
_PLACE = re.compile(r"\b(?:in|for|from|of)\s+(?:the\s+)?(?=((?:[\w'.-]+\s*){1,3}))", re.IGNORECASE)
_ABBREVIATIONS = {"uk": "GB", "uae": "AE"}
_CONTINENTS = frozenset(["europe", "eu", "asia", "africa", "south america"])
_MAYBE_HERE = frozenset(["US", "GE"])
"""Countries a question may mean the USA by: itself, and the namesake of one of its states."""
_WITH_ARTICLE = frozenset(["UK", "EU", "United Kingdom", "Netherlands", "Philippines", "United Arab Emirates"])
_CURRENCY = re.compile(r"[€£₹¥]|\b(?:euros?|eur|pounds?|gbp|rupees?|inr|francs?|chf|yen)\b", re.IGNORECASE)
_ABROAD_REGION, _ABROAD_CURRENCY = "USA", "USD"


def found_card(question: str, documents: Sequence[SearchDocument]) -> Card:
    """Lead with the sentence that answers the question, then the source, and buttons for more."""
    best, others = documents[0], documents[1 : MAX_OTHERS + 1]
    title, blocks = _answer_first(question, best)
    plan = (Button("Plan my path", "plan new", "primary"),) if best.id.startswith(_PATH_KINDS) else ()
    buttons = (
        *plan,
        Button("Read more", best.command, "plain" if plan else "primary"),
        *(Button(short(other.title, _MAX_LABEL_LENGTH), other.command) for other in others),
    )
    return Card(title, (*blocks, Footnote(rich(best.citation)), Buttons(buttons)))


def _answer_first(question: str, document: SearchDocument) -> tuple[str, tuple[Block, ...]]:
    """Take the fact nearest to the question as the title; other documents keep theirs above their text."""
    first = document.blocks[0]
    if not isinstance(first, Bullets) or document.id.startswith("step"):
        return document.title, document.blocks
    facts = [text_of(item) for item in first.items]
    best = max(facts, key=lambda fact: len(_word_starts(question) & _word_starts(fact)))
    sentence, rest = _first_sentence(best)
    others = _short_enough([fact for fact in facts if fact != best])
    if len(sentence) > _MAX_TITLE_LENGTH:
        return document.title, tuple(Paragraph(rich(fact)) for fact in (best, *others))
    return sentence.removesuffix("."), tuple(Paragraph(rich(fact)) for fact in (rest, *others) if fact)


def _short_enough(facts: Sequence[str]) -> list[str]:
    """Take facts as long as they fit on a card."""
    taken: list[str] = []
    for fact in facts[:_MAX_FACTS]:
        if sum(map(len, taken)) + len(fact) > _MAX_FACTS_LENGTH:
            break
        taken.append(fact)
    return taken


def _word_starts(text: str) -> set[str]:
    """List the first letters of the words in a text that say what it's about, so that “hires” and “hire” are one."""
    return {word[:_STEM_LENGTH] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _STOP_WORDS}


def _first_sentence(text: str) -> tuple[str, str]:
    sentence, *rest = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text, maxsplit=1)
    return sentence, "".join(rest)


def unknown_card(pack: Pack, question: str, topics: Sequence[SearchDocument]) -> Card:
    """Say that the question is outside the pack, with three ways on, and a topic if one shares a word with the question."""
    words = _word_starts(question)
    closest = next(
        (topic for topic in topics[:MAX_TOPICS] if words & _word_starts(f"{topic.title} {topic.text}")), None
    )
    more = (Button(short(closest.title, _MAX_LABEL_LENGTH), closest.command),) if closest else ()
    topics_of_pack = "the work, the pay, the path" if pack.salaries else "the work, the skills, the path"
    text = f"I know the {pack.info.title} role: {topics_of_pack}."
    pay = (Button("Pay", "salary"),) if pack.salaries else ()
    buttons = (*more, *pay, Button("Path", "brief path"), Button("My plan", "plan show"))
    return Card("That's beyond me, sorry", (Paragraph(rich(text)), Buttons(buttons)))


def place_elsewhere(pack: Pack, question: str) -> str | None:
    """Name the place a question is about, if our figures of pay don't hold there; "" if it only names a currency."""
    figures = pack.salaries
    if figures is None:
        return None
    region = next(source.region for source in pack.info.sources if source.id == figures.source)
    if region != _ABROAD_REGION or figures.currency != _ABROAD_CURRENCY:
        return None
    return _place_elsewhere(question) or ("" if _CURRENCY.search(question) else None)


def is_about_pay(documents: Sequence[SearchDocument]) -> bool:
    """Tell whether the best document is the one on pay."""
    return bool(documents) and documents[0].id == "section:salary"


def _place_elsewhere(question: str) -> str | None:
    """Find a country or continent outside the USA that a question names."""
    for match in _PLACE.finditer(question[:_MAX_QUESTION_LENGTH]):
        words = match[1].split()
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).strip("?!.,")
            code = country_names().get(name.lower(), _ABBREVIATIONS.get(name.lower()))
            if name.lower() in _CONTINENTS or (code and code.partition("-")[0] not in _MAYBE_HERE):
                return name
    return None


def only_us_card(pack: Pack, salaries: Salaries, place: str) -> Card:
    """State once that the figures are for the USA, and give them. `place` is "" if only a currency was named."""
    where = f"Pay in {_place_name(place)}" if place else "Pay elsewhere"
    text = f"{overall_range(salaries)} a year. {where} may differ a lot, so I won't guess."
    buttons = Buttons((Button("By level", "salary"), Button("What drives pay", "brief salary")))
    return Card("I only have US figures", (Paragraph(rich(text)), citation_note(pack, salaries.source), buttons))


def _place_name(place: str) -> str:
    """Write a place as a name: “Germany”, “the UK”."""
    name = " ".join(word.upper() if len(word) == 2 else word.capitalize() for word in place.lower().split())
    return f"the {name}" if name in _WITH_ARTICLE else name
