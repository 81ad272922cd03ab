"""The answer to a free question: the sentence that answers it, then what it is and its source; or an honest way on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Footnote,
    Heading,
    Paragraph,
    buttons_of,
    italic,
    rich,
)
from mentorbot.domain.places import place_name
from mentorbot.packs.follow_ups import Continuation
from mentorbot.packs.passages import Kind, Passage
from mentorbot.packs.schema import Pack, Salaries
from mentorbot.packs.search import Hit
from mentorbot.packs.sides import Side
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.citations import citation_note
from mentorbot.views.rhythms import sentence_start
from mentorbot.views.salary import level_salary_card, overall_range, pay_levels, salary_card

MAX_OTHERS = 2
_MAX_TITLE_LENGTH = 120
_MAX_LENGTH, _MAX_FACTS_LENGTH, _MAX_TIP_LENGTH = 380, 300, 520
"""Characters of an answer: of an author's text, of facts from a source, and of a tip, which is of no use in part."""
_MAX_LABEL_LENGTH, _MAX_LINE_LENGTH = 40, 80
_PATH_DOCUMENTS = ("step:", "title:", "milestone:", "section:path", "section:titles", "section:education", "faq:")
"""Documents about getting there: a plan is the next thing after them."""
_IN_WORDS_OF_ITS_OWN = (Kind.ANSWER, Kind.BRIEF, Kind.ADVICE)
"""Kinds of passages whose first sentence doesn't say by itself what it's about."""
_MAX_LEAD = 7.0
"""A passage at most so many times as likely as the next is shown with it: with less, every fourth time the next is the answer."""
_PLAN_MY_PATH = Button("Plan my path", "plan new", "primary")
_TITLE_LEVEL_PAY = {"junior": "entry"}
"""Levels of job titles that sources of pay call something else."""


def found_card(pack: Pack, hits: Sequence[Hit], *, sure: bool = True) -> Card:
    """Lead with the sentence that answers the question, then the source, and buttons for more.

    One that isn't sure to be about what was asked comes with the question it answers, and with what's nearly as likely.
    """
    best, others = hits[0], hits[1 : MAX_OTHERS + 1]
    if pay := _pay_card(pack, best.passage):
        return pay
    title, blocks = _answer(best)
    if not sure and best.passage.kind in _IN_WORDS_OF_ITS_OWN and title != best.passage.topic:
        blocks = (Paragraph(rich(italic(best.passage.topic))), *blocks)
    buttons = (*_buttons(best.passage, others), *_following_stage(pack, best.passage))
    instead = _in_short(others[0], "Or did you mean") if others and _is_close_run(best, others[0]) else ()
    return Card(title, (*blocks, Footnote(rich(best.passage.label)), *instead, Buttons(buttons)))


def _is_close_run(best: Hit, other: Hit) -> bool:
    """Tell if another passage is nearly as likely to answer the question, and says which one it answers."""
    says_which = other.passage.kind in _IN_WORDS_OF_ITS_OWN and other.passage.topic.endswith("?")
    return says_which and best.score < _MAX_LEAD * other.score


def closest_card(pack: Pack, hits: Sequence[Hit]) -> Card:
    """Say that this is only near the question, and what it's about."""
    found, topic = found_card(pack, hits), hits[0].passage.topic
    lead = () if topic.startswith(found.title.removesuffix("…")) else (Paragraph(rich(f"{found.title}.")),)
    rest = tuple(block for block in found.blocks if block != Paragraph(rich(italic(topic))))
    return Card(f"The closest I have: {short(topic, _MAX_TITLE_LENGTH)}", (*lead, *rest))


def continued_card(pack: Pack, found: Continuation) -> Card:
    """Answer a question that goes on with the one before: with the sentence that tells it, or by saying that none does."""
    hits, side = found.result.hits, found.side
    if side is Side.SOURCE:
        return _source_card(hits[0].passage)
    if not found.told:
        return _untold_card(hits, side)
    if side is Side.SHORT:
        return _short_card(hits)
    if found.sentence is not None:
        return _sentence_card(hits, found.sentence)
    card = found_card(pack, hits)
    return card if side is None or hits[0].passage.kind is not Kind.ANSWER else _with_topic(card, hits[0].passage)


def _with_topic(card: Card, passage: Passage) -> Card:
    return replace(card, blocks=(Paragraph(rich(italic(passage.topic))), *card.blocks))


def _source_card(passage: Passage) -> Card:
    is_sourced = passage.kind in (Kind.BRIEF, Kind.PAY, Kind.TITLE)
    title = (
        f"That's from the {passage.label}"
        if is_sourced
        else "That's the author's own advice, not a figure from a source"
    )
    return Card(
        title, (Paragraph(rich(italic(passage.topic))), Buttons((Button("Read more", passage.command, "primary"),)))
    )


def _untold_card(hits: Sequence[Hit], side: Side | None) -> Card:
    """Say that nothing tells what was asked about the first passage, and what the nearest other one says."""
    passage, others = hits[0].passage, hits[1 : MAX_OTHERS + 1]
    if not others:
        text = rich("You can read all I have on it, or ask me in other words.")
        return Card(_UNTOLD[side], (Paragraph(text), Buttons(_buttons(passage, ()))))
    return Card(_UNTOLD[side], (*_in_short(others[0], "The closest I have"), Buttons(_buttons(passage, others))))


def _in_short(hit: Hit, lead: str) -> tuple[Block, ...]:
    """Say what another passage is about, and its first sentence."""
    about = Paragraph(rich(f"{lead}: ", italic(hit.passage.topic)))
    index = 0 if hit.passage.kind is Kind.ANSWER else _best_index(hit)
    return (about, *(Paragraph(rich(sentence)) for sentence in hit.passage.sentences[index : index + 1]))


_UNTOLD = {
    None: "I have nothing on that in particular",
    Side.REASON: "My sources don't say why",
    Side.EXAMPLE: "I don't have an example for that",
    Side.DURATION: "I have no figure for how long that takes",
    Side.DIFFICULTY: "I can't say how hard that'd be for you",
    Side.AFTERWARDS: "I have nothing on what comes after that",
    Side.FIRST: "I can't say which comes first",
    Side.CHOICE: "I can't say which one suits you",
    Side.RISK: "I have nothing on what can go wrong there",
    Side.MEANING: "I can't put it any simpler, sorry",
    Side.SHORT: "I can't put it any shorter, sorry",
    Side.MORE: "That's all I have on that",
    Side.NEED: "I can't say if you'd need that",
    Side.WHEN: "My sources don't say when",
    Side.HOW: "I don't have the steps for that",
    Side.AMOUNT: "I have no figure for that",
}


def _sentence_card(hits: Sequence[Hit], index: int) -> Card:
    """Lead with a sentence of the first passage, and go on with those after it."""
    passage = hits[0].passage
    lead, *rest = passage.sentences[index:]
    if len(lead) > _MAX_TITLE_LENGTH:
        title, rest = passage.topic, [lead, *rest]
    else:
        title = lead.removesuffix(".")
    fitting = [count for count in range(1, len(rest) + 1) if sum(map(len, rest[:count])) <= _MAX_LENGTH]
    text = " ".join(rest[: max(fitting, default=1)])
    blocks = (Paragraph(rich(text)),) if text else ()
    return Card(title, (*blocks, Footnote(rich(passage.label)), Buttons(_buttons(passage, hits[1 : MAX_OTHERS + 1]))))


def _short_card(hits: Sequence[Hit]) -> Card:
    """Give the sentence a passage begins with, which says most of it."""
    passage = hits[0].passage
    lead = passage.sentences[0].removesuffix(".")
    title, blocks = ("In short", (Paragraph(rich(f"{lead}.")),)) if len(lead) > _MAX_TITLE_LENGTH else (lead, ())
    return Card(title, (*blocks, Footnote(rich(passage.label)), Buttons(_buttons(passage, hits[1 : MAX_OTHERS + 1]))))


def both_card(pack: Pack, first: Hit, second: Hit) -> Card:
    """Answer two questions at once."""
    (title, blocks), (second_title, second_blocks) = _short_answer(pack, first), _short_answer(pack, second)
    buttons = Buttons(
        tuple(Button(short(hit.passage.topic, _MAX_LABEL_LENGTH), hit.passage.command) for hit in (first, second))
    )
    label, second_label = first.passage.label, second.passage.label
    notes = (Footnote(rich(label)),) if label != second_label else ()
    return Card(
        title,
        (*blocks, *notes, Heading(second_title), *second_blocks, Footnote(rich(second_label)), buttons),
    )


def _short_answer(pack: Pack, hit: Hit) -> tuple[str, tuple[Block, ...]]:
    pay = _pay_card(pack, hit.passage)
    if pay is None:
        return _answer(hit)
    return pay.title, tuple(block for block in pay.blocks if isinstance(block, Paragraph))


def _pay_card(pack: Pack, passage: Passage) -> Card | None:
    """The card of a level of pay, or of all levels; None for anything else."""
    level = passage.document.removeprefix("pay:")
    if passage.kind is not Kind.PAY:
        return None
    if level in [choice.value for choice in pay_levels(pack)]:
        return level_salary_card(pack, level)
    return salary_card(pack) if level == "all" else None


def _answer(hit: Hit) -> tuple[str, tuple[Block, ...]]:
    """Word an answer: its title, and what's below."""
    passage = hit.passage
    match passage.kind:
        case Kind.BRIEF | Kind.PAY | Kind.LEVEL:
            return _facts_first(hit, _MAX_FACTS_LENGTH)
        case Kind.RECALL:
            answer, *why = passage.sentences
            return answer.removesuffix("."), (Paragraph(rich(italic(passage.topic))), Paragraph(rich(" ".join(why))))
        case Kind.ANSWER:
            answer, *why = passage.sentences
            return answer.removesuffix("."), (Paragraph(rich(" ".join(why))),) if why else ()
        case Kind.TIP:
            return passage.topic, (Paragraph(rich(" ".join(_from_start(hit, _MAX_TIP_LENGTH)))),)
        case Kind.INTERVIEW:
            items = tuple(rich(sentence) for sentence in _best(hit, _MAX_LENGTH))
            title, rest = _first_sentence(passage.topic)
            question = (Paragraph(rich(italic(rest))),) if rest else ()
            return short(title, _MAX_TITLE_LENGTH), (*question, Bullets(items))
        case Kind.ADVICE:
            return _facts_first(hit, _MAX_LENGTH)
        case Kind.LIST:
            items = tuple(rich(sentence) for sentence in _from_start(hit, _MAX_TIP_LENGTH))
            return passage.topic, (Bullets(items),)
        case Kind.MILESTONE:
            return passage.topic, (Paragraph(rich(" ".join(_from_start(hit, _MAX_TIP_LENGTH)))),)
        case _:
            return passage.topic, (Paragraph(rich(" ".join(_best(hit, _MAX_LENGTH)))),)


def _first_sentence(text: str) -> tuple[str, str]:
    """Cut a text after its first sentence, if it's too long for a title."""
    if len(text) <= _MAX_TITLE_LENGTH:
        return text, ""
    sentence, *rest = re.split(r"(?<=[.?!:])\s+(?=[A-Z])", text, maxsplit=1)
    return sentence, "".join(rest)


def _facts_first(hit: Hit, length: int) -> tuple[str, tuple[Block, ...]]:
    """Take the best sentence as the title if it's short enough, and the ones next to it below."""
    sentences, topic = _best(hit, length), hit.passage.topic
    lead = hit.passage.sentences[_best_index(hit)]
    rest = [sentence for sentence in sentences if sentence != lead]
    below = _listed(hit.passage.entries, lead) or tuple(Paragraph(rich(sentence)) for sentence in rest)
    if len(lead) > _MAX_TITLE_LENGTH:
        return topic, (Paragraph(rich(lead)), *below)
    return lead.removesuffix("."), below


def _listed(entries: Sequence[str], lead: str) -> tuple[Block, ...]:
    """List what a passage lists, which says more than the facts about the list; nothing if its first sentence names them all."""
    if not entries or all(entry.casefold() in lead.casefold() for entry in entries):
        return ()
    return (Bullets(tuple(map(rich, entries))),)


def _best_index(hit: Hit) -> int:
    return max(range(len(hit.sentence_scores)), key=lambda index: (hit.sentence_scores[index], -index), default=0)


def _best(hit: Hit, length: int) -> list[str]:
    """Take the best sentence of a passage, and as many around it as fit into so many characters, in their order."""
    sentences = hit.passage.sentences
    first = last = _best_index(hit)
    while sum(map(len, sentences[first : last + 1])) <= length:
        if last + 1 < len(sentences) and sum(map(len, sentences[first : last + 2])) <= length:
            last += 1
        elif first and sum(map(len, sentences[first - 1 : last + 1])) <= length:
            first -= 1
        else:
            break
    return list(sentences[first : last + 1])


def _from_start(hit: Hit, length: int) -> list[str]:
    """Take a passage's sentences from its start, as many as fit into so many characters."""
    sentences = hit.passage.sentences
    fitting = [count for count in range(1, len(sentences) + 1) if sum(map(len, sentences[:count])) <= length]
    return list(sentences[: max(fitting, default=1)])


def _buttons(passage: Passage, others: Sequence[Hit]) -> tuple[Button, ...]:
    """Offer the next thing to do, the rest of the passage, and what else comes near the question."""
    kind, _, id_ = passage.document.partition(":")
    next_step: tuple[Button, ...] = ()
    if passage.document.startswith(_PATH_DOCUMENTS):
        next_step = (_PLAN_MY_PATH,)
    elif kind == "tip":
        next_step = (Button("Add to my plan", f"plan add tip:{id_}", "primary"),)
    more = Button("Read more", passage.command, "plain" if next_step else "primary")
    related = {_line_for(hit.passage): short(hit.passage.topic, _MAX_LABEL_LENGTH) for hit in others}
    related.pop(passage.command, None)
    return (*next_step, more, *(Button(label, line) for line, label in related.items()))


def _line_for(passage: Passage) -> str:
    """The line that shows a passage: a short answer is asked for, since what it's part of may be long."""
    line = format_line(("ask",), {"question": passage.topic})
    return line if passage.kind is Kind.ANSWER and len(line) <= _MAX_LINE_LENGTH else passage.command


def offers_plan(card: Card) -> bool:
    """Return True if an answer offers to plan the way to the role."""
    return _PLAN_MY_PATH in buttons_of(card.blocks)


def without_plan_offer(card: Card) -> Card:
    """Leave out that offer, for someone who has a plan: the next button comes first instead."""
    return replace(card, blocks=tuple(map(_without_plan_button, card.blocks)))


def _without_plan_button(block: Block) -> Block:
    if not isinstance(block, Buttons) or _PLAN_MY_PATH not in block.buttons:
        return block
    first, *others = (button for button in block.buttons if button != _PLAN_MY_PATH)
    return Buttons((replace(first, style="primary"), *others))


def _following_stage(pack: Pack, passage: Passage) -> tuple[Button, ...]:
    """Offer the stage of the path that comes after the one a passage is about."""
    documents = [f"step:{stage.id}" for stage in pack.path]
    if passage.document not in documents[:-1]:
        return ()
    stage = pack.path[documents.index(passage.document) + 1]
    return (Button(f"Next: {short(stage.title, _MAX_LABEL_LENGTH)}", f"brief path {stage.id}"),)


def title_pay_card(pack: Pack, salaries: Salaries, titles: Sequence[str]) -> Card:
    """Say what a job title pays, as far as a source that only knows levels tells."""
    named = [title for title in pack.titles.titles if title.id in titles]
    bands = {choice.value for choice in pay_levels(pack)}
    blocks: list[Block] = []
    for title in named:
        level = _TITLE_LEVEL_PAY.get(title.level, title.level)
        pay = (
            level_salary_card(pack, level).title
            if level in bands
            else f"pay overall is {overall_range(salaries)} a year"
        )
        blocks.append(Paragraph(rich(f"{title.name} is a {title.level}-level title. {sentence_start(pay)}.")))
    buttons = (Button("By level", "salary", "primary"), Button("What drives pay", "brief salary"))
    source = citation_note(pack, salaries.source)
    return Card("Our source has pay by level, not by title", (*blocks, source, Buttons(buttons)))


def unknown_card(pack: Pack) -> Card:
    """Say in one line that the question is outside the pack, with three ways on."""
    topics = "the work, the pay, the path" if pack.salaries else "the work, the skills, the path"
    text = f"I know the {pack.info.title} role: {topics}."
    pay = (Button("Pay", "salary"),) if pack.salaries else ()
    buttons = (*pay, Button("Path", "brief path"), Button("My plan", "plan show"))
    return Card("That's beyond me, sorry", (Paragraph(rich(text)), Buttons(buttons)))


def only_here_card(pack: Pack, salaries: Salaries, place: str) -> Card:
    """State once where the figures hold, and give them. `place` is "" if only a currency was named."""
    region = next(source.region for source in pack.info.sources if source.id == salaries.source)
    where = f"Pay in {place_name(place)}" if place else "Pay elsewhere"
    text = f"{overall_range(salaries)} a year. {where} may differ a lot, so I won't guess."
    buttons = Buttons((Button("By level", "salary"), Button("What drives pay", "brief salary")))
    title = f"I only have {_REGION_ADJECTIVES.get(region, region)} figures"
    return Card(title, (Paragraph(rich(text)), citation_note(pack, salaries.source), buttons))


def best_paid_place_card(pack: Pack, salaries: Salaries, place: str) -> Card:
    """Say what's known about pay in a place: that it's among the best paid. No source gives figures by city."""
    text = f"Our source has no figures by city. Across all levels, it's {overall_range(salaries)} a year."
    buttons = Buttons((Button("By level", "salary", "primary"), Button("What drives pay", "brief salary")))
    title = f"{place} is among the places that pay the most"
    return Card(title, (Paragraph(rich(text)), citation_note(pack, salaries.source), buttons))


_REGION_ADJECTIVES = {"USA": "US"}
