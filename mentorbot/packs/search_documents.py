"""The documents a search can find in a pack: one for each thing a question may be about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mentorbot.chat.cards import Block, Bullets, FieldList, Paragraph, bold, rich, text_of
from mentorbot.packs.markdown import blocks
from mentorbot.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A short answer (`blocks`) with its `citation`, and the `command` that shows all of it. `id` is `<kind>:<id>`.

    The rest is there to be matched, from most to least weight: `title`, `aliases` (phrases people ask with), `text` and
    `minor_text`.
    """

    id: str
    title: str
    command: str
    blocks: tuple[Block, ...]
    citation: str
    aliases: tuple[str, ...]
    text: str
    minor_text: str = ""


def search_documents(pack: Pack) -> Iterator[SearchDocument]:
    """Make every document of a pack."""
    yield from _section_documents(pack)
    yield from _responsibility_documents(pack)
    yield from _skill_documents(pack)
    yield from _title_documents(pack)
    yield from _stage_documents(pack)
    yield from _faq_documents(pack)


def _citation(pack: Pack, source_id: str) -> str:
    citation = next(citation for citation in pack.info.sources if citation.id == source_id)
    return f"{citation.title}, {citation.region}, {citation.date}"


def _bullets(lines: tuple[str, ...]) -> Bullets:
    return Bullets(tuple(rich(line) for line in lines))


def _paragraph_text(markdown: str) -> str:
    paragraphs = (block for block in blocks(markdown) if isinstance(block, Paragraph))
    return " ".join(text_of(paragraph.words) for paragraph in paragraphs)


def _section_documents(pack: Pack) -> Iterator[SearchDocument]:
    minor_texts = {
        "titles": " ".join(title.name for title in pack.titles.titles),
        "skills": " ".join(skill.title for skill in pack.skills),
        "path": " ".join(stage.title for stage in pack.path),
        "responsibilities": " ".join(responsibility.title for responsibility in pack.responsibilities),
    }
    if pack.salaries is not None:
        minor_texts["salary"] = " ".join((*pack.salaries.top_paying, *pack.salaries.drivers))
    for section in pack.sections:
        yield SearchDocument(
            id=f"section:{section.id}",
            title=section.title,
            command=f"brief {section.id}",
            blocks=(_bullets(section.facts),),
            citation=_citation(pack, section.source),
            aliases=section.aliases,
            text=" ".join(section.facts),
            minor_text=minor_texts.get(section.id, ""),
        )


def _responsibility_documents(pack: Pack) -> Iterator[SearchDocument]:
    for responsibility in pack.responsibilities:
        rows = (
            ("What it is", rich(responsibility.what)),
            ("Interviewers want to know", rich(responsibility.probe)),
            ("Example", rich(responsibility.example)),
        )
        yield SearchDocument(
            id=f"responsibility:{responsibility.id}",
            title=responsibility.title,
            command=f"brief responsibilities {responsibility.id}",
            blocks=(FieldList(rows),),
            citation=_citation(pack, responsibility.source),
            aliases=responsibility.aliases,
            text=f"{responsibility.what} An interview question is about {responsibility.probe} {responsibility.example}",
            minor_text=_paragraph_text(responsibility.body),
        )


def _skill_documents(pack: Pack) -> Iterator[SearchDocument]:
    for skill in pack.skills:
        first = blocks(skill.body)[:1]
        yield SearchDocument(
            id=f"skill:{skill.id}",
            title=skill.title,
            command=f"skill {skill.id}",
            blocks=first or (Paragraph(rich(skill.levels[2])),),
            citation="The author's advice",
            aliases=skill.aliases,
            text=f"A skill to learn and to be good at. {_paragraph_text(skill.body)}",
            minor_text=" ".join(skill.levels),
        )


def _title_documents(pack: Pack) -> Iterator[SearchDocument]:
    for title in pack.titles.titles:
        about = rich(bold(title.level.capitalize()), f" level. Focus: {title.focus}.")
        yield SearchDocument(
            id=f"title:{title.id}",
            title=title.name,
            command=f"brief titles {title.id}",
            blocks=(Paragraph(about), Paragraph(rich(title.advice))),
            citation=_citation(pack, pack.titles.source),
            aliases=title.aliases,
            text=f"A title, a variant of the role. {title.level} {title.focus}",
            minor_text=title.advice,
        )


def _stage_documents(pack: Pack) -> Iterator[SearchDocument]:
    for stage in pack.path:
        titles = tuple(f"{milestone.title} ({milestone.hours} h)" for milestone in stage.milestones)
        yield SearchDocument(
            id=f"step:{stage.id}",
            title=f"Step {stage.order}: {stage.title}",
            command=f"brief path {stage.id}",
            blocks=(Paragraph(rich(stage.summary)), _bullets(titles[:6])),
            citation=_citation(pack, stage.source),
            aliases=stage.aliases,
            text=f"A step on the path. {stage.summary}",
            minor_text=" ".join(titles),
        )


def _faq_documents(pack: Pack) -> Iterator[SearchDocument]:
    for entry in pack.faq:
        yield SearchDocument(
            id=f"faq:{entry.id}",
            title=entry.question,
            command=f"brief questions {entry.id}",
            blocks=(_bullets(entry.facts),),
            citation=_citation(pack, entry.source),
            aliases=entry.aliases,
            text=" ".join(entry.facts),
            minor_text=_paragraph_text(entry.body),
        )
