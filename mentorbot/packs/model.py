"""What a role pack is: the shape of every file in `content/<role>/`.

Each class is one kind of file or one entry of a list in it. Unknown fields are refused, so that a typing error is found
instead of ignored. `load.py` reads the files; `check.py` finds faults between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mentorbot.packs.base import Also, Id, Line, Part, Prose, Sourced
from mentorbot.packs.practice import Interview, Recall, Step, Tips

ShortLevel = Annotated[str, StringConstraints(min_length=1, max_length=70, strip_whitespace=True)]
Body = Annotated[str, StringConstraints(max_length=3000, strip_whitespace=True)]
SkillLevel = Annotated[int, Field(ge=0, le=4, description="0 = not started ... 4 = others learn it from you")]


SectionId = Literal[
    "overview",
    "responsibilities",
    "titles",
    "skills",
    "path",
    "education",
    "salary",
    "demand",
    "growth",
    "questions",
]
TitleLevel = Literal["junior", "mid", "senior", "lead"]
PayLevel = Literal["entry", "mid", "senior", "top"]
ResourceKind = Literal["book", "paper", "course", "documentation", "certification", "standard", "report"]


class Source(Part):
    """Where figures come from. Every fact names one."""

    id: Id
    title: Line
    region: Line = Field(description="Where the figures hold, for instance `USA`.")
    date: Line = Field(description="The date of the figures: a year, or YYYY-MM-DD.")


class PackInfo(Part):
    """`pack.yaml`: what the pack is called and where its figures come from."""

    role: Id = Field(description="The same as the folder's name.")
    title: Line
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){1,2}$")]
    date: Line = Field(description="When the pack was last revised: YYYY-MM-DD.")
    summary: Prose
    author: Line
    licence: Line
    sources: Annotated[tuple[Source, ...], Field(min_length=1, strict=False)]


class Section(Sourced):
    """`sections/<id>.md`: one section of the brief. `facts` are sourced; the text below is the author's advice."""

    title: Line
    facts: Annotated[tuple[Prose, ...], Field(min_length=1, strict=False)]
    id: SectionId
    also: Also = ()
    body: Body = ""


class Responsibility(Sourced):
    """`responsibilities/<id>.md`. `what`, `probe` and `example` are sourced; the text below is advice."""

    title: Line
    order: int
    what: Prose
    probe: Prose = Field(description="What an interviewer wants to find out.")
    example: Prose = Field(description="One outcome, with its figure where the source gives one.")
    id: Id
    also: Also = ()
    body: Body = ""


class Skill(Sourced):
    """`skills/<id>.md`. The title is sourced; levels and text are the author's."""

    title: Line
    order: int
    levels: Annotated[tuple[Prose, ...], Field(min_length=5, max_length=5, strict=False)] = Field(
        description="Five entries, level 0 to 4, each in words that a colleague could observe."
    )
    in_short: Annotated[tuple[ShortLevel, ...], Field(min_length=5, max_length=5, strict=False)] = Field(
        description="The same five levels, each short enough for a line of a menu."
    )
    id: Id
    also: Also = ()
    body: Body = ""


class Title(Part):
    """One entry of `titles.yaml`. Name, level and focus are sourced; `needs` and `advice` are the author's."""

    id: Id
    name: Line
    level: TitleLevel
    focus: Line
    needs: Mapping[Id, SkillLevel] = Field(description="The skill level that this title asks for, skill by skill.")
    advice: Prose
    also: Also = ()


class Titles(Sourced):
    """`titles.yaml`."""

    titles: Annotated[tuple[Title, ...], Field(min_length=1, strict=False)]


class Band(Part):
    """A pay range for one level, in whole units of the currency for one year."""

    level: PayLevel
    low: int = Field(gt=0)
    high: int | None = Field(default=None, description="Left out when the source names only a lower bound.")
    open: bool = Field(default=False, description="True when the source says `high` or more.")

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.high is not None and self.high < self.low:
            raise ValueError("`high` is below `low`; swap them")
        return self


class Gap(Part):
    """A level for which the source gives no figure."""

    level: PayLevel
    note: Prose


class Salaries(Sourced):
    """`salaries.yaml`."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    overall: Prose = Field(description="The range over all levels, as the source gives it.")
    bands: Annotated[tuple[Band, ...], Field(min_length=1, strict=False)]
    unknown: Annotated[tuple[Gap, ...], Field(strict=False)] = ()
    top_paying: Annotated[tuple[Line, ...], Field(strict=False)]
    drivers: Annotated[tuple[Line, ...], Field(strict=False)]


class Question(Sourced):
    """`faq/<id>.md`: a frequent question. `facts` are sourced; the text below is advice."""

    question: Line
    order: int
    facts: Annotated[tuple[Prose, ...], Field(min_length=1, strict=False)]
    id: Id
    also: Also = ()
    body: Body = ""


class Resource(Part):
    """Something to read or take, named so that anyone can find it. No links: they rot."""

    id: Id
    title: Line
    author: Line
    kind: ResourceKind
    skills: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)]
    note: Prose


class Resources(Part):
    """`resources.yaml`."""

    resources: Annotated[tuple[Resource, ...], Field(min_length=1, strict=False)]


class Synonyms(Part):
    """`synonyms.yaml`: groups of words that mean the same to someone who asks."""

    groups: Annotated[tuple[Annotated[tuple[Line, ...], Field(min_length=2, strict=False)], ...], Field(strict=False)]


class Pack(Part):
    """A whole role pack: checked, complete, and in the order in which people see it."""

    info: PackInfo
    sections: tuple[Section, ...]
    responsibilities: tuple[Responsibility, ...]
    skills: tuple[Skill, ...]
    titles: Titles
    salaries: Salaries
    tips: tuple[Tips, ...]
    recall: tuple[Recall, ...] = ()
    interview: tuple[Interview, ...]
    path: tuple[Step, ...]
    faq: tuple[Question, ...]
    resources: tuple[Resource, ...]
    synonyms: tuple[tuple[str, ...], ...]
