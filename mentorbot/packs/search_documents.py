"""What can be found in a pack: one document for each thing that a question may be about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorbot.chat.cards import Block, Bullets, FieldList, Paragraph, bold, rich, text_of
from mentorbot.packs.markdown import blocks
from mentorbot.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """`id` is `<kind>:<id>`, `line` the command that shows all of it, `blocks` the short answer, `source` its origin.

    `also` and `text` are what it is found by, besides its title.
    """

    id: str
    title: str
    line: str
    blocks: tuple[Block, ...]
    source: str
    also: tuple[str, ...]
    text: str
    names: str = ""


def search_documents(pack: Pack) -> Iterator[SearchDocument]:
    """Every document of a pack."""
    yield from _sections(pack)
    yield from _responsibilities(pack)
    yield from _skills(pack)
    yield from _titles(pack)
    yield from _steps(pack)
    yield from _faq(pack)


def _source(pack: Pack, wanted: str) -> str:
    found = next(source for source in pack.info.sources if source.id == wanted)
    return f"{found.title}, {found.region}, {found.date}"


def _listed(lines: tuple[str, ...]) -> Bullets:
    return Bullets(tuple(rich(line) for line in lines))


def _plain(markdown: str) -> str:
    parts = (block for block in blocks(markdown) if isinstance(block, Paragraph))
    return " ".join(text_of(part.words) for part in parts)


def _sections(pack: Pack) -> Iterator[SearchDocument]:
    names = {
        "titles": " ".join(title.name for title in pack.titles.titles),
        "skills": " ".join(skill.title for skill in pack.skills),
        "path": " ".join(step.title for step in pack.path),
        "responsibilities": " ".join(duty.title for duty in pack.responsibilities),
        "salary": " ".join((*pack.salaries.top_paying, *pack.salaries.drivers)),
    }
    for section in pack.sections:
        yield SearchDocument(
            f"section:{section.id}",
            section.title,
            f"brief {section.id}",
            (_listed(section.facts),),
            _source(pack, section.source),
            section.also,
            " ".join(section.facts),
            names.get(section.id, ""),
        )


def _responsibilities(pack: Pack) -> Iterator[SearchDocument]:
    for duty in pack.responsibilities:
        rows = (
            ("What it is", rich(duty.what)),
            ("Interviewers probe", rich(duty.probe)),
            ("Example", rich(duty.example)),
        )
        yield SearchDocument(
            f"responsibility:{duty.id}",
            duty.title,
            f"brief responsibilities {duty.id}",
            (FieldList(rows),),
            _source(pack, duty.source),
            duty.also,
            f"{duty.what} An interview question is about {duty.probe} {duty.example}",
            _plain(duty.body),
        )


def _skills(pack: Pack) -> Iterator[SearchDocument]:
    for skill in pack.skills:
        first = blocks(skill.body)[:1]
        yield SearchDocument(
            f"skill:{skill.id}",
            skill.title,
            f"skill {skill.id}",
            first or (Paragraph(rich(skill.levels[2])),),
            "the pack author's advice",
            skill.also,
            f"A skill to learn and to be good at. {_plain(skill.body)}",
            " ".join(skill.levels),
        )


def _titles(pack: Pack) -> Iterator[SearchDocument]:
    for title in pack.titles.titles:
        about = rich(bold(title.level.capitalize()), f" level. Focus: {title.focus}.")
        yield SearchDocument(
            f"title:{title.id}",
            title.name,
            f"brief titles {title.id}",
            (Paragraph(about), Paragraph(rich(title.advice))),
            _source(pack, pack.titles.source),
            title.also,
            f"A title, a variant of the role. {title.level} {title.focus}",
            title.advice,
        )


def _steps(pack: Pack) -> Iterator[SearchDocument]:
    for step in pack.path:
        titles = tuple(f"{milestone.title} ({milestone.hours} h)" for milestone in step.milestones)
        yield SearchDocument(
            f"step:{step.id}",
            f"Step {step.order}: {step.title}",
            f"brief path {step.id}",
            (Paragraph(rich(step.summary)), _listed(titles[:6])),
            _source(pack, step.source),
            step.also,
            f"A step on the path. {step.summary}",
            " ".join(titles),
        )


def _faq(pack: Pack) -> Iterator[SearchDocument]:
    for question in pack.faq:
        yield SearchDocument(
            f"faq:{question.id}",
            question.question,
            f"brief questions {question.id}",
            (_listed(question.facts),),
            _source(pack, question.source),
            question.also,
            " ".join(question.facts),
            _plain(question.body),
        )
