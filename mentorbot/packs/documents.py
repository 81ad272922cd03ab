"""What can be found in a pack: one document for each thing that a question may be about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorbot.cards import Block, Bullets, Facts, Paragraph, bold, text_of, words
from mentorbot.packs.model import Pack
from mentorbot.packs.prose import blocks


@dataclass(frozen=True, slots=True)
class Document:
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


def documents(pack: Pack) -> Iterator[Document]:
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
    return Bullets(tuple(words(line) for line in lines))


def _plain(markdown: str) -> str:
    parts = (block for block in blocks(markdown) if isinstance(block, Paragraph))
    return " ".join(text_of(part.words) for part in parts)


def _sections(pack: Pack) -> Iterator[Document]:
    names = {
        "titles": " ".join(title.name for title in pack.titles.titles),
        "skills": " ".join(skill.title for skill in pack.skills),
        "path": " ".join(step.title for step in pack.path),
        "responsibilities": " ".join(duty.title for duty in pack.responsibilities),
        "salary": " ".join((*pack.salaries.top_paying, *pack.salaries.drivers)),
    }
    for section in pack.sections:
        yield Document(
            f"section:{section.id}",
            section.title,
            f"brief {section.id}",
            (_listed(section.facts),),
            _source(pack, section.source),
            section.also,
            " ".join(section.facts),
            names.get(section.id, ""),
        )


def _responsibilities(pack: Pack) -> Iterator[Document]:
    for duty in pack.responsibilities:
        rows = (
            ("What it is", words(duty.what)),
            ("Interviewers probe", words(duty.probe)),
            ("Example", words(duty.example)),
        )
        yield Document(
            f"responsibility:{duty.id}",
            duty.title,
            f"brief responsibilities {duty.id}",
            (Facts(rows),),
            _source(pack, duty.source),
            duty.also,
            f"{duty.what} An interview question is about {duty.probe} {duty.example}",
            _plain(duty.body),
        )


def _skills(pack: Pack) -> Iterator[Document]:
    for skill in pack.skills:
        first = blocks(skill.body)[:1]
        yield Document(
            f"skill:{skill.id}",
            skill.title,
            f"skill {skill.id}",
            first or (Paragraph(words(skill.levels[2])),),
            "the pack author's advice",
            skill.also,
            f"A skill to learn and to be good at. {_plain(skill.body)}",
            " ".join(skill.levels),
        )


def _titles(pack: Pack) -> Iterator[Document]:
    for title in pack.titles.titles:
        about = words(bold(title.level.capitalize()), f" level. Focus: {title.focus}.")
        yield Document(
            f"title:{title.id}",
            title.name,
            f"brief titles {title.id}",
            (Paragraph(about), Paragraph(words(title.advice))),
            _source(pack, pack.titles.source),
            title.also,
            f"A title, a variant of the role. {title.level} {title.focus}",
            title.advice,
        )


def _steps(pack: Pack) -> Iterator[Document]:
    for step in pack.path:
        titles = tuple(f"{milestone.title} ({milestone.hours} h)" for milestone in step.milestones)
        yield Document(
            f"step:{step.id}",
            f"Step {step.order}: {step.title}",
            f"brief path {step.id}",
            (Paragraph(words(step.summary)), _listed(titles[:6])),
            _source(pack, step.source),
            step.also,
            f"A step on the path. {step.summary}",
            " ".join(titles),
        )


def _faq(pack: Pack) -> Iterator[Document]:
    for question in pack.faq:
        yield Document(
            f"faq:{question.id}",
            question.question,
            f"brief questions {question.id}",
            (_listed(question.facts),),
            _source(pack, question.source),
            question.also,
            " ".join(question.facts),
            _plain(question.body),
        )
