"""The schema of a role pack: the model of every file in `content/<role>/`.

Each class is one kind of file, or one entry of a list in it. Unknown fields are refused, so a typo is reported instead
of ignored. `loader.py` reads the files; `validation.py` finds the issues between them. Docstrings and descriptions end
up in the JSON Schemas, so authors see them while they type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from mentorbot.chat.cards import text_of
from mentorbot.domain.plan import MILESTONE_PREFIX, SMALLER_PREFIX, TIP_PREFIX, PlanStep
from mentorbot.domain.plan_builder import Milestone as PlanMilestone
from mentorbot.domain.plan_builder import Target
from mentorbot.domain.step_guide import SmallerStep, StepGuide, StepSwap, guide_of
from mentorbot.domain.tips import TipEntry
from mentorbot.packs.markdown import inline

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_ID_LENGTH = 48
RENAMED_FIELDS = {"also": "aliases"}
"""Old names of fields, which packs may still use, and the current ones."""

Id = Annotated[
    str,
    StringConstraints(pattern=ID_PATTERN, max_length=MAX_ID_LENGTH),
    Field(description="Lower-case words joined by hyphens. Never change one that has been published."),
]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=160, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=800, strip_whitespace=True)]
Aliases = Annotated[
    tuple[ShortText, ...],
    Field(
        strict=False,
        validation_alias=AliasChoices("aliases", "also"),  # the first is the one JSON Schemas offer
        description="Other ways people ask for this; `ask` finds it by them.",
    ),
]


class PackModel(BaseModel):
    """Base of all models: no unknown fields, and immutable once loaded."""

    # Strict, so YAML's `version: 1.0` is reported instead of becoming the text "1.0". Each tuple opts out with
    # `strict=False`, since YAML only has lists.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(PackModel):
    """Base of whatever rests on a source of `pack.yaml`."""

    source: Id = Field(description="The id of a source in pack.yaml.")


# A choice becomes a button. Slack has the lower limit, 75 characters:
# https://docs.slack.dev/reference/block-kit/block-elements/button-element
RecallChoice = Annotated[str, StringConstraints(min_length=1, max_length=75, strip_whitespace=True)]
TipLevel = Literal["foundation", "practice", "mastery"]


class Tip(PackModel):
    """A weekly tip: one concrete thing to do, and why."""

    id: Id
    level: TipLevel
    minutes: int = Field(ge=15, le=30)
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    do: LongText
    why: Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Tips(PackModel):
    """`tips/<skill>.yaml`: the tips for one skill."""

    skill: Id
    tips: Annotated[tuple[Tip, ...], Field(min_length=1, strict=False)]


class RecallQuestion(PackModel):
    """A short multiple-choice question that brings something learned back to mind, and the reasons for its answer."""

    id: Id
    level: int = Field(ge=1, le=4, description="The level of the skill at which one should know this.")
    question: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    choices: Annotated[tuple[RecallChoice, ...], Field(min_length=2, max_length=4, strict=False)] = Field(
        description="Each short enough for a button of a chat."
    )
    answer: int = Field(ge=1, le=4, description="Which choice is right, counted from 1.")
    why: Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)] = Field(
        description="Why it's right. People see it after a right answer."
    )
    wrong: Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)] = Field(
        default="",
        description="What the tempting wrong choices miss. People see it after a wrong answer; without it, they see `why`.",
    )


class Recall(PackModel):
    """`recall/<skill>.yaml`: the recall questions on one skill."""

    skill: Id
    questions: Annotated[tuple[RecallQuestion, ...], Field(min_length=1, strict=False)]


class ShortAnswer(PackModel):
    """The author's answer to a question people ask. Its first sentence answers; the rest says why, or what to do."""

    id: Id
    question: ShortText = Field(description="As people ask it, e.g. “What is data drift?”.")
    answer: Annotated[str, StringConstraints(min_length=1, max_length=520, strip_whitespace=True)]
    aliases: Aliases = ()


class Answers(PackModel):
    """`answers/<about>.yaml`: short answers to questions about one skill or one section of the brief."""

    about: Id = Field(description="The id of a skill or of a section. “Read more” opens it.")
    answers: Annotated[tuple[ShortAnswer, ...], Field(min_length=1, strict=False)]


class InterviewQuestion(PackModel):
    """An interview question, the signs of a strong answer, and the trap candidates fall into."""

    id: Id
    question: LongText
    shows: Annotated[tuple[LongText, ...], Field(min_length=2, max_length=5, strict=False)]
    trap: LongText


class Interview(PackModel):
    """`interview/<responsibility>.yaml`: the interview questions on one responsibility."""

    responsibility: Id
    questions: Annotated[tuple[InterviewQuestion, ...], Field(min_length=1, strict=False)]


class Reading(PackModel):
    """Recommended reading for a milestone: a resource, and the part of it that helps."""

    resource: Id = Field(description="The id of a resource in resources.yaml.")
    part: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = Field(
        default="", description="Which part to read, e.g. `chapter 7`. Leave it out if all of it helps."
    )


class Smaller(PackModel):
    """A smaller version of a milestone, for a week when the whole is too big."""

    do: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    hours: int = Field(ge=1, le=8)


RESOURCES_PER_SKILL = 7
"""Resources shown with a skill. More than a few are a list nobody reads."""
ALL_TITLES = "all"
"""Stands for every title of the pack in a milestone's `always`."""


class Milestone(PackModel):
    """A piece of work that raises skills, or belongs in every plan, and leaves evidence behind.

    `first`, `readings`, `smaller` and `swap` may be missing in a pack that's loaded; the check asks for them.
    """

    id: Id
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    do: LongText
    hours: int = Field(ge=1, le=400)
    raises: Mapping[Id, Annotated[int, Field(ge=1, le=4)]] = Field(
        default={}, description="Skill: the level it leads to. Leave it out for work like a CV, which raises none."
    )
    requires: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        default=(), description="Milestones that come before this one."
    )
    after: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        default=(), description="Milestones that come before this one if they're in the plan anyway."
    )
    evidence: LongText = Field(description="What there is to show once it's done. People see it after “Done when”.")
    first: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = Field(
        default="", description="The first 30 minutes: one or two sentences a beginner can act on tonight."
    )
    readings: Annotated[tuple[Reading, ...], Field(max_length=2, strict=False)] = Field(
        default=(), description="One or two things to read, watch or take."
    )
    smaller: Smaller | None = Field(default=None, description="A smaller version, for someone who finds it too big.")
    swap: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = Field(
        default="", description="What to do instead: the id of another milestone, or a sentence."
    )
    always: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        default=(), description="Titles whose plans always contain it, or `all`; unless its levels are reached already."
    )
    alternatives: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        default=(), description="Milestones that can stand in for this one: a plan takes one of them."
    )
    skip_at: Mapping[Id, Annotated[int, Field(ge=1, le=4)]] = Field(
        default={}, description="Skill: level. Anyone who starts out at one of these doesn't need it."
    )
    calendar: int = Field(
        default=1, ge=1, le=260, description="The fewest weeks it takes, however many hours a week somebody has."
    )
    without_job: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = Field(
        default="", description="It needs a job where one can do this; and this is what to do without one."
    )
    is_job: bool = Field(
        default=False,
        description="True for the job that comes before the title. It lasts as long as the title still takes.",
    )

    def in_every_plan(self, titles: Iterable[str]) -> frozenset[str]:
        """Collect those of `titles` whose plans always contain it."""
        return frozenset(title for title in titles if title in self.always or ALL_TITLES in self.always)


class PathStage(Sourced):
    """`path/<id>.yaml`: one stage of the path into the role, with its milestones. The title is sourced."""

    title: ShortText
    order: int
    summary: LongText
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1, strict=False)]
    aliases: Aliases = ()
    id: Id


# Stands in front of levels and bars on one line of a card, and becomes a button.
ShortName = Annotated[str, StringConstraints(min_length=1, max_length=24, strip_whitespace=True)]
# Becomes an option of a menu, behind the number of the level. Slack allows 75 characters for both:
# https://docs.slack.dev/reference/block-kit/composition-objects/option-object
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


class Citation(PackModel):
    """A source of figures. Every fact names one."""

    id: Id
    title: ShortText
    region: ShortText = Field(description="Where the figures apply, e.g. `USA`.")
    date: ShortText = Field(description="The date of the figures: a year, or YYYY-MM-DD.")


class PackInfo(PackModel):
    """`pack.yaml`: the pack's name and version, and the sources of its figures."""

    role: Id = Field(description="The same as the folder's name.")
    title: ShortText
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){1,2}$")]
    date: ShortText = Field(description="When the pack was last revised: YYYY-MM-DD.")
    summary: LongText
    author: ShortText
    licence: ShortText
    sources: Annotated[tuple[Citation, ...], Field(min_length=1, strict=False)]


class Section(Sourced):
    """`sections/<id>.md`: one section of the brief. `facts` are sourced; the text below is the author's advice."""

    title: ShortText
    facts: Annotated[tuple[LongText, ...], Field(min_length=1, strict=False)]
    id: SectionId
    aliases: Aliases = ()
    body: Body = ""


class Responsibility(Sourced):
    """`responsibilities/<id>.md`. `what`, `probe` and `example` are sourced; the text below is advice."""

    title: ShortText
    order: int
    what: LongText
    probe: LongText = Field(description="What an interviewer wants to find out.")
    example: LongText = Field(description="One outcome, with its figure where the source gives one.")
    id: Id
    aliases: Aliases = ()
    body: Body = ""


class Skill(Sourced):
    """`skills/<id>.md`. The title is sourced; levels and text are the author's."""

    title: ShortText
    short: Annotated[str, StringConstraints(max_length=24, strip_whitespace=True)] = Field(
        default="", description="A short name for cards, e.g. `Cloud`. The title stands in for a missing one."
    )
    order: int
    levels: Annotated[tuple[LongText, ...], Field(min_length=5, max_length=5, strict=False)] = Field(
        description="Five entries, level 0 to 4, each in words that a colleague could observe."
    )
    in_short: Annotated[tuple[ShortLevel, ...], Field(min_length=5, max_length=5, strict=False)] = Field(
        description="The same five levels, each short enough for a line of a menu."
    )
    id: Id
    aliases: Aliases = ()
    body: Body = ""


class Persona(PackModel):
    """A typical starting point: a button for the question of what's closest to someone today."""

    id: Id
    label: ShortName = Field(description="What people call themselves, short enough for a button.")
    levels: Mapping[Id, SkillLevel] = Field(description="The skill level to start from, skill by skill.")


class Personas(PackModel):
    """`personas.yaml`: three or four typical starting points, in the order people choose from them."""

    personas: Annotated[tuple[Persona, ...], Field(min_length=3, max_length=4, strict=False)]


class Title(PackModel):
    """A job title. Name, level and focus are sourced; `needs`, `years`, `first_job` and `advice` are the author's."""

    id: Id
    name: ShortText
    level: TitleLevel
    focus: ShortText
    needs: Mapping[Id, SkillLevel] = Field(description="The skill level that this title asks for, skill by skill.")
    years: int = Field(default=0, ge=0, le=10, description="The fewest years of work it takes from scratch.")
    first_job: ShortText = Field(default="", description="The job that comes first, e.g. `a data engineer`.")
    advice: LongText
    aliases: Aliases = ()


class Titles(Sourced):
    """`titles.yaml`: the job titles of the role."""

    titles: Annotated[tuple[Title, ...], Field(min_length=1, strict=False)]


class Band(PackModel):
    """A pay range for one level, in whole units of the currency per year."""

    level: PayLevel
    low: int = Field(gt=0)
    high: int | None = Field(default=None, description="Left out when the source names only a lower bound.")
    open: bool = Field(default=False, description="True when the source says `high` or more.")

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.high is not None and self.high < self.low:
            raise ValueError("`high` is below `low`; swap them")
        return self


class UnknownBand(PackModel):
    """A level the source gives no figure for."""

    level: PayLevel
    note: LongText


class Salaries(Sourced):
    """`salaries.yaml`: pay per year, by level. A pack without a source for pay leaves it out, and so the section `salary`."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    overall: LongText = Field(description="The range over all levels, as the source gives it.")
    bands: Annotated[tuple[Band, ...], Field(min_length=1, strict=False)]
    unknown: Annotated[tuple[UnknownBand, ...], Field(strict=False)] = ()
    top_paying: Annotated[tuple[ShortText, ...], Field(strict=False)]
    drivers: Annotated[tuple[ShortText, ...], Field(strict=False)]


class FaqEntry(Sourced):
    """`faq/<id>.md`: a frequently asked question. `facts` are sourced; the text below is advice."""

    question: ShortText
    order: int
    facts: Annotated[tuple[LongText, ...], Field(min_length=1, strict=False)]
    id: Id
    aliases: Aliases = ()
    body: Body = ""


class Resource(PackModel):
    """A book, paper, course or the like, named so anyone can find it. No links: they rot."""

    id: Id
    title: ShortText
    short: Annotated[str, StringConstraints(max_length=48, strip_whitespace=True)] = Field(
        default="", description="A short title for cards, if the title is long."
    )
    author: ShortText
    kind: ResourceKind
    year: int | None = Field(
        default=None, ge=1900, le=2100, description="The year of this edition. Leave it out for what's kept current."
    )
    edition: Annotated[str, StringConstraints(max_length=24, strip_whitespace=True)] = Field(
        default="", description="The newest edition, e.g. `2nd edition`, if there has been more than one."
    )
    cost: Literal["free", "paid"] | None = Field(
        default=None, description="`free` if people can read or take it without paying, otherwise `paid`."
    )
    skills: Annotated[tuple[Id, ...], Field(min_length=1, strict=False)]
    note: LongText

    @property
    def details(self) -> str:
        """The resource's kind, edition, year and cost, as far as they're known."""
        known = (self.kind, self.edition, str(self.year or ""), self.cost or "")
        return ", ".join(part for part in known if part)


class Resources(PackModel):
    """`resources.yaml`: recommended reading and courses."""

    resources: Annotated[tuple[Resource, ...], Field(min_length=1, strict=False)]


class Synonyms(PackModel):
    """`synonyms.yaml`: groups of words that mean the same to anyone asking."""

    groups: Annotated[
        tuple[Annotated[tuple[ShortText, ...], Field(min_length=2, strict=False)], ...], Field(strict=False)
    ]


class Pack(PackModel):
    """A whole role pack: valid, complete, and in the order people see it."""

    info: PackInfo
    sections: tuple[Section, ...]
    responsibilities: tuple[Responsibility, ...]
    skills: tuple[Skill, ...]
    titles: Titles
    salaries: Salaries | None
    tips: tuple[Tips, ...]
    recall: tuple[Recall, ...] = ()
    answers: tuple[Answers, ...] = ()
    interview: tuple[Interview, ...]
    path: tuple[PathStage, ...]
    faq: tuple[FaqEntry, ...]
    resources: tuple[Resource, ...]
    synonyms: tuple[tuple[str, ...], ...]
    personas: tuple[Persona, ...] = ()

    def title_name(self, title: str) -> str:
        """Look up a title's name; an id the pack doesn't have stands for itself."""
        return next((entry.name for entry in self.titles.titles if entry.id == title), title)

    def title_needs(self, title: str) -> Mapping[str, int]:
        """Look up the level (0 to 4) a title needs of each skill, by skill id; empty if the pack doesn't have the title."""
        return next((entry.needs for entry in self.titles.titles if entry.id == title), {})

    @cached_property
    def skill_titles(self) -> Mapping[str, str]:
        """The title of each skill by its id, in the author's order."""
        return {skill.id: skill.title for skill in self.skills}

    @cached_property
    def skill_names(self) -> Mapping[str, str]:
        """The short name of each skill by its id, in the author's order: what cards call it."""
        return {skill.id: skill.short or skill.title for skill in self.skills}

    def step_guide(self, step: PlanStep) -> StepGuide | None:
        """Look up how to do a step; None if it's the learner's own."""
        return guide_of(step, self.step_guides)

    @cached_property
    def step_guides(self) -> Mapping[str, StepGuide]:
        """The guide of each milestone, its smaller version and each tip, by the origin of the steps made from it."""
        guides = {MILESTONE_PREFIX + id_: self._milestone_guide(entry) for id_, entry in self.milestones.items()}
        guides |= {
            SMALLER_PREFIX + id_: StepGuide(
                f"It's a first piece of this: {milestone.do}",
                readings=tuple(map(self._reading_text, milestone.readings)),
            )
            for id_, milestone in self.milestones.items()
        }
        guides |= {TIP_PREFIX + id_: StepGuide(text_of(inline(tip.do))) for id_, (tip, _) in self.tips_by_id.items()}
        return guides

    def _milestone_guide(self, milestone: Milestone) -> StepGuide:
        smaller, other = milestone.smaller, self.milestones.get(milestone.swap)
        swap = StepSwap(other.title, other.id) if other else StepSwap(milestone.swap)
        return StepGuide(
            do=milestone.do,
            first=milestone.first,
            readings=tuple(self._reading_text(reading) for reading in milestone.readings),
            done_when=milestone.evidence,
            smaller=SmallerStep(smaller.do, smaller.hours) if smaller else None,
            swap=swap if milestone.swap else None,
            without_job=milestone.without_job,
        )

    def reading_on(self, skill: str) -> Sequence[Resource]:
        """List the resources recommended with a skill (an id): the first few of those that name it, in the author's order."""
        return [resource for resource in self.resources if skill in resource.skills][:RESOURCES_PER_SKILL]

    def _reading_text(self, reading: Reading) -> str:
        resource = next((entry for entry in self.resources if entry.id == reading.resource), None)
        title = (resource.short or resource.title) if resource else reading.resource
        return f"{title}, {reading.part}" if reading.part else title

    @cached_property
    def plan_milestones(self) -> Sequence[PlanMilestone]:
        """Every milestone as the plan builder needs it, in the order of the path."""
        titles = [title.id for title in self.titles.titles]
        return tuple(
            PlanMilestone(
                id=milestone.id,
                text=milestone.title,
                hours=milestone.hours,
                raises=milestone.raises,
                requires=milestone.requires,
                after=milestone.after,
                done_when=milestone.evidence,
                always=milestone.in_every_plan(titles),
                alternatives=milestone.alternatives,
                skip_at=milestone.skip_at,
                weeks=milestone.calendar,
                is_job=milestone.is_job,
            )
            for milestone in self.milestones.values()
        )

    def target(
        self, title: str, have: Mapping[str, int], began: Mapping[str, int] | None = None, current_title: str = ""
    ) -> Target:
        """Make a title the target of someone whose levels (by skill id) are `have`, and were `began` at first.

        A title the pack doesn't have needs nothing.
        """
        entry = next((entry for entry in self.titles.titles if entry.id == title), None)
        return Target(
            title=title,
            have=have,
            need=entry.needs if entry else {},
            names=self.skill_names,
            name=self.title_name(title),
            years=entry.years if entry else 0,
            first_job=entry.first_job if entry else "",
            began=have if began is None else began,
            is_held=title == current_title,
        )

    @cached_property
    def milestones(self) -> Mapping[str, Milestone]:
        """Every milestone by its id, in the order of the path."""
        return {milestone.id: milestone for stage in self.path for milestone in stage.milestones}

    @cached_property
    def tips_by_id(self) -> Mapping[str, tuple[Tip, str]]:
        """Every tip by its id, with the id of its skill."""
        return {tip.id: (tip, tips.skill) for tips in self.tips for tip in tips.tips}

    @cached_property
    def tip_entries(self) -> Sequence[TipEntry]:
        """Each tip as the tip picker needs it: levels become numbers, from 0 for foundation."""
        levels = get_args(TipLevel)
        return tuple(TipEntry(tip.id, tips.skill, levels.index(tip.level)) for tips in self.tips for tip in tips.tips)

    @cached_property
    def recall_by_id(self) -> Mapping[str, tuple[RecallQuestion, str]]:
        """Every recall question by its id, with the id of its skill."""
        return {question.id: (question, recall.skill) for recall in self.recall for question in recall.questions}
