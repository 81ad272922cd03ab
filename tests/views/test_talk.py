"""Long articles in a conversation: short, and honest about whose words they are; and what an offer says."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Block, Bullets, Card, FieldList, Footnote, Heading, Paragraph
from mentorbot.chat.plain_text import plain_text
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.views.brief import entry_card, entry_choices, section_card, skill_card
from mentorbot.views.talk import offer_card, short_first

LIBRARY = Library.open(None, "ai-architect")
TEXTS = (Paragraph, Bullets, FieldList, Heading, Footnote)


def articles(pack: Pack) -> list[Card]:
    """Make the card of every section, entry and skill."""
    sections = [section_card(pack, section.id) for section in pack.sections]
    entries = [entry_card(pack, id_, each.value) for id_, choices in entry_choices(pack).items() for each in choices]
    return [*sections, *entries, *(skill_card(pack, skill, 1, pack.titles.titles[0].id) for skill in pack.skills)]


def shortened(article: Card) -> Card:
    short = short_first(article, "more")
    assert isinstance(short, Card)
    return short


def texts_of(card: Card) -> list[Block]:
    return [block for block in card.blocks if isinstance(block, TEXTS)]


def says(block: Block, whole: Block) -> bool:
    """Tell if a block is another one, or its first lines."""
    match block, whole:
        case (Bullets(items=some), Bullets(items=items)):
            return items[: len(some)] == some
        case (FieldList(rows=some), FieldList(rows=rows)):
            return rows[: len(some)] == some
    return block == whole


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=LIBRARY.packs)
def test_what_is_left_of_an_article_is_its_beginning_and_then_its_source(pack: Pack) -> None:
    for article in articles(pack):
        kept, whole = texts_of(shortened(article)), texts_of(article)
        source = next(block for block in whole if isinstance(block, Footnote))
        begins = kept[:-1] if kept[-1] == source else kept
        assert all(map(says, begins, whole)), article.title
        assert source in kept, article.title
        assert not isinstance(kept[-1], Heading), article.title


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=LIBRARY.packs)
def test_no_advice_stands_above_a_source(pack: Pack) -> None:
    for article in articles(pack):
        kept = texts_of(shortened(article))
        source = next(index for index, block in enumerate(kept) if isinstance(block, Footnote))
        if "author" not in str(kept[source]):
            headings = [block for block in kept[:source] if isinstance(block, Heading)]
            assert headings == [], article.title


def test_an_offer_says_in_one_sentence_what_has_changed() -> None:
    offers = [("Check in on Sundays at 18:00", "checkin settings day:sunday at:18:00")]
    changes = [("", "Sundays"), ("", "18:00"), ("Berlin", "")]
    assert "Now with Sundays and 18:00 and without Berlin." in plain_text(offer_card(offers, changes=changes))
