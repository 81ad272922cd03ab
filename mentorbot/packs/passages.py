"""The passages a search can find in a pack: everything an author wrote, cut into pieces short enough for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mentorbot.chat.cards import Bullets, Heading, Paragraph, text_of
from mentorbot.packs.markdown import blocks, inline
from mentorbot.packs.schema import (
    InterviewQuestion,
    Milestone,
    Pack,
    PathStage,
    RecallQuestion,
    Resource,
    Skill,
    Tip,
)


class Kind(StrEnum):
    """A kind of passage.

    `BRIEF`, `PAY` and `TITLE` rest on a source; everything else is the author's. The sentences
    of a `LIST` name other passages, so they're only shown, not searched.
    """

    BRIEF = "brief"
    PAY = "pay"
    ADVICE = "advice"
    ANSWER = "answer"
    TITLE = "title"
    LEVEL = "level"
    MILESTONE = "milestone"
    TIP = "tip"
    INTERVIEW = "interview"
    RECALL = "recall"
    READING = "reading"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a pack. `label` says what it is and where it's from; `command` shows all of what it's part of.

    `document` is what it's part of, as `<kind>:<id>`. `sentences` are what can be shown. `topic` and `aliases` are matched with
    more weight than `sentences`; `context` (what surrounds the passage) and `entries` (names of what it lists) with less.
    """

    document: str
    kind: Kind
    topic: str
    sentences: tuple[str, ...]
    command: str
    label: str
    aliases: tuple[str, ...] = ()
    context: str = ""
    entries: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of the passage, as one text."""
        return " ".join(self.sentences)


def passages(pack: Pack) -> Iterator[Passage]:
    """Make every passage of a pack, in the order equally good ones are preferred in."""
    yield from _pay(pack)
    yield from _faq(pack)
    yield from _answers(pack)
    yield from _sections(pack)
    yield from _responsibilities(pack)
    yield from _titles(pack)
    for skill in pack.skills:
        yield from _skill(skill)
    for stage in pack.path:
        yield from _stage(pack, stage)
    for tips in pack.tips:
        for tip in tips.tips:
            yield _tip(tip, pack.skill_titles.get(tips.skill, ""))
    for recall in pack.recall:
        for recall_question in recall.questions:
            yield _recall(recall_question, recall.skill, pack.skill_titles.get(recall.skill, ""))
    yield from _interviews(pack)
    yield from _collections(pack)
    for resource in pack.resources:
        yield _reading(resource, pack)


_ADVICE = "The author's advice"
_READING = "From the author's reading list"
_PAY_WORDS = {
    "entry": "entry level, junior, beginner, newcomer, graduate, fresher, trainee, starting out, start, first job, new to this",
    "mid": "mid level, intermediate, middle, medior",
    "senior": "senior level, experienced, seasoned, veteran, a lot of experience, many years of experience",
    "top": "top level, the highest, the best paid, the most, maximum, principal, director, vice president",
}
"""Names people give the levels of pay, for any role."""


_SECTION_ALIASES: Mapping[str, tuple[str, ...]] = {
    "overview": ("what is this role", "explain the job", "the role in short", "is it a real job"),
    "responsibilities": (
        "what do they do all day",
        "a typical day",
        "duties and tasks",
        "what would I be accountable for",
    ),
    "titles": ("which job titles are there", "which title is right for me", "names for the job and their levels"),
    "skills": ("which skills do I need", "what must I be good at", "what do I have to learn"),
    "path": ("how do I become one", "where do I start", "the steps in order", "how do I switch into it"),
    "education": ("do I need a degree", "which degree or certificate helps", "can I get in without university"),
    "salary": ("salary", "how much does it pay", "what's the pay", "what would I earn"),
    "demand": ("is there demand", "is it a safe bet or a hype", "which industries are hiring", "can I work from home"),
    "growth": ("what comes next after this job", "promotion and career path", "management or technical track"),
    "questions": ("what do people often ask",),
}
"""Questions a section answers, whatever the role: the sections are the same in all packs."""


def _citation(pack: Pack, source_id: str) -> str:
    citation = next(citation for citation in pack.info.sources if citation.id == source_id)
    return f"{citation.title}, {citation.region}, {citation.date}"


def _pay(pack: Pack) -> Iterator[Passage]:
    """Make a passage of each thing there's to know about pay, so a question about one level gets that one alone."""
    salaries = pack.salaries
    if salaries is None:
        return
    label = _citation(pack, salaries.source)
    aliases = next((section.aliases for section in pack.sections if section.id == "salary"), ())
    yield Passage(
        "pay:all", Kind.PAY, "Pay", (salaries.overall,), "salary", label, (*_SECTION_ALIASES["salary"], *aliases)
    )
    for level in (*(band.level for band in salaries.bands), *(gap.level for gap in salaries.unknown)):
        topic = f"Pay at the {level} level"
        words = tuple(f"salary {words}" for words in _PAY_WORDS[level].split(", "))
        yield Passage(f"pay:{level}", Kind.PAY, topic, (), f"salary {level}", label, words)
    places = f"Places such as {listed(salaries.top_paying)} pay the most."
    names = tuple(f"salary in {place}" for place in salaries.top_paying)
    words = ("salary by city", "which city pays best", "in which cities", "location", "where", "area", *names)
    yield Passage("pay:places", Kind.PAY, "Pay by city", (places,), "brief salary", label, words)
    drivers = f"What drives pay: {listed(salaries.drivers)}."
    words = ("what raises a salary", "push up pay", "higher pay", "negotiate", "negotiation", "why so much")
    yield Passage("pay:drivers", Kind.PAY, "What drives pay", (drivers,), "brief salary", label, words)


def listed(names: Sequence[str]) -> str:
    """Write names as a list in a sentence: “a, b and c”."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _faq(pack: Pack) -> Iterator[Passage]:
    for entry in pack.faq:
        document, command = f"faq:{entry.id}", f"brief questions {entry.id}"
        label = _citation(pack, entry.source)
        yield Passage(document, Kind.BRIEF, entry.question, entry.facts, command, label, entry.aliases)
        yield from _advice(document, entry.question, command, entry.body)


def _answers(pack: Pack) -> Iterator[Passage]:
    for answers in pack.answers:
        title = pack.skill_titles.get(answers.about, "")
        command = f"{'skill' if title else 'brief'} {answers.about}"
        for answer in answers.answers:
            sentences = _sentences(answer.answer)
            document = f"answer:{answer.id}"
            yield Passage(document, Kind.ANSWER, answer.question, sentences, command, _ADVICE, answer.aliases, title)


def _sections(pack: Pack) -> Iterator[Passage]:
    entries = {
        "titles": tuple(f"{title.name} ({title.level})" for title in pack.titles.titles),
        "skills": tuple(skill.title for skill in pack.skills),
        "path": tuple(stage.title for stage in pack.path),
        "responsibilities": tuple(entry.title for entry in pack.responsibilities),
    }
    for section in pack.sections:
        document, command = f"section:{section.id}", f"brief {section.id}"
        if section.id != "salary" or pack.salaries is None:  # else the passages on pay say the same
            label = _citation(pack, section.source)
            aliases = (*_SECTION_ALIASES[section.id], *section.aliases)
            names = entries.get(section.id, ())
            yield Passage(document, Kind.BRIEF, section.title, section.facts, command, label, aliases, entries=names)
        yield from _advice(document, section.title, command, section.body)


def _responsibilities(pack: Pack) -> Iterator[Passage]:
    for entry in pack.responsibilities:
        document, command = f"responsibility:{entry.id}", f"brief responsibilities {entry.id}"
        sentences = (entry.what, f"Interviewers want to know: {entry.probe}", f"Example: {entry.example}")
        label = _citation(pack, entry.source)
        yield Passage(document, Kind.BRIEF, entry.title, sentences, command, label, entry.aliases)
        yield from _advice(document, entry.title, command, entry.body)


def _titles(pack: Pack) -> Iterator[Passage]:
    for title in pack.titles.titles:
        document, command = f"title:{title.id}", f"brief titles {title.id}"
        about = f"{title.level.capitalize()} level. Focus: {title.focus}."
        label = _citation(pack, pack.titles.source)
        yield Passage(document, Kind.TITLE, title.name, (about,), command, label, title.aliases, "job title")
        yield Passage(document, Kind.ADVICE, title.name, _sentences(title.advice), command, _ADVICE)


def _skill(skill: Skill) -> Iterator[Passage]:
    document, command = f"skill:{skill.id}", f"skill {skill.id}"
    for number, passage in enumerate(_advice(document, skill.title, command, skill.body)):
        yield passage if number else _with_aliases(passage, skill.aliases)
    for number, level in enumerate(skill.levels):
        topic = f"{skill.title}, level {number}"
        yield Passage(document, Kind.LEVEL, topic, (level,), command, "From the author's skill levels")


def _with_aliases(passage: Passage, aliases: tuple[str, ...]) -> Passage:
    return Passage(
        passage.document,
        passage.kind,
        passage.topic,
        passage.sentences,
        passage.command,
        passage.label,
        aliases,
        f"skill to learn and get better at {passage.context}",
    )


def _stage(pack: Pack, stage: PathStage) -> Iterator[Passage]:
    command = f"brief path {stage.id}"
    titles = "; ".join(milestone.title for milestone in stage.milestones)
    topic = f"Step {stage.order}: {stage.title}"
    first, *rest = _sentences(stage.summary)
    sentences = (first, f"Milestones: {titles}.", *rest)
    label = f"{_citation(pack, stage.source)}; the milestones are the author's"
    yield Passage(
        f"step:{stage.id}", Kind.LIST, topic, sentences, command, label, stage.aliases, f"step {stage.summary}"
    )
    for milestone in stage.milestones:
        yield _milestone(milestone, command)


def _milestone(milestone: Milestone, command: str) -> Passage:
    first = (f"First 30 minutes: {milestone.first}",) if milestone.first else ()
    done_when = f"Done when: {milestone.evidence}"
    sentences = (*_sentences(milestone.do), *first, done_when)
    label = "From a milestone on the author's path"
    return Passage(
        f"milestone:{milestone.id}",
        Kind.MILESTONE,
        milestone.title,
        sentences,
        command,
        label,
        (),
        f"milestone, project {_words_of(milestone.id)}",
    )


def _tip(tip: Tip, skill: str) -> Passage:
    sentences = (*_sentences(text_of(inline(tip.do))), *_sentences(text_of(inline(tip.why))))
    context = f"tip on {skill} {tip.level} {_words_of(tip.id)}"
    return Passage(f"tip:{tip.id}", Kind.TIP, tip.title, sentences, f"tip why:{tip.id}", "From a tip", context=context)


def _recall(question: RecallQuestion, skill_id: str, skill: str) -> Passage:
    reasons = dict.fromkeys((*_sentences(question.why), *_sentences(question.wrong)))
    sentences = (f"{question.choices[question.answer - 1].rstrip('.')}.", *reasons)
    return Passage(
        f"recall:{question.id}",
        Kind.RECALL,
        question.question,
        sentences,
        f"skill {skill_id}",
        "From a recall question",
        context=f"{skill} {_words_of(question.id)}",
    )


def _interviews(pack: Pack) -> Iterator[Passage]:
    titles = {entry.id: entry.title for entry in pack.responsibilities}
    for interview in pack.interview:
        for number, question in enumerate(interview.questions, 1):
            command = f"interview {interview.responsibility} question:{number}"
            yield _interview(question, command, titles.get(interview.responsibility, ""))


def _interview(question: InterviewQuestion, command: str, responsibility: str) -> Passage:
    return Passage(
        f"interview:{question.id}",
        Kind.INTERVIEW,
        question.question,
        (*(f"A strong answer: {point}" for point in question.shows), f"The trap: {question.trap}"),
        command,
        "From an interview question",
        context=f"interview question {responsibility} {_words_of(question.id)}",
    )


def _collections(pack: Pack) -> Iterator[Passage]:
    """Make a passage of what a question may ask for as a whole: the questions interviewers ask, results in numbers, books."""
    yield from _of_responsibilities(pack) if pack.responsibilities else ()
    books = "which books should I read", "do you recommend any books"
    yield _reading_list("all", "Recommended reading", pack.resources, "skill", *books)
    for kind, questions in _ASKED_RESOURCES.items():
        if of_kind := [resource for resource in pack.resources if resource.kind == kind]:
            yield _reading_list(f"{kind}s", f"Recommended {kind}s", of_kind, "skill", *questions)
    for skill in pack.skills:
        topic = f"Recommended reading: {skill.title}"
        asked = f"which books or courses on {skill.title} do you recommend"
        yield _reading_list(f"on-{skill.id}", topic, pack.reading_on(skill.id), f"skill {skill.id}", asked)


_ASKED_RESOURCES = {
    "course": ("which courses should I take", "any good courses to start with"),
    "paper": ("which papers should I read", "any papers to start with"),
}
"""Words people ask for the resources of one kind with, besides books."""


def _reading_list(id_: str, topic: str, resources: Sequence[Resource], command: str, *asked: str) -> Passage:
    """Make a passage of several resources; `asked` is what people ask for them."""
    titles = tuple(f"{resource.title}, by {resource.author} ({resource.details})." for resource in resources)
    aliases = (*asked, "where can I learn this")
    return Passage(f"reading:{id_}", Kind.LIST, topic, titles, command, _READING, aliases)


def _of_responsibilities(pack: Pack) -> Iterator[Passage]:
    label = _citation(pack, pack.responsibilities[0].source)
    probes = tuple(f"{entry.title}: {entry.probe[:1].lower()}{entry.probe[1:]}" for entry in pack.responsibilities)
    aliases = ("what questions do they ask in interviews", "what do interviewers want to know", "interview questions")
    yield Passage(
        "interview:all", Kind.LIST, "What interviewers want to know", probes, "interview topics:all", label, aliases
    )
    examples = tuple(entry.example for entry in pack.responsibilities)
    aliases = ("what results can I expect, in numbers", "what good looks like", "examples of success, impact, outcomes")
    command = "brief responsibilities"
    yield Passage("example:all", Kind.LIST, "Examples of results", examples, command, label, aliases)


def _words_of(id_: str) -> str:
    return id_.replace("-", " ")


def _reading(resource: Resource, pack: Pack) -> Passage:
    skills = " ".join(pack.skill_titles.get(skill, "") for skill in resource.skills)
    sentences = (f"By {resource.author} ({resource.details}).", *_sentences(resource.note))
    command = f"skill {resource.skills[0]}"
    return Passage(
        f"reading:{resource.id}",
        Kind.READING,
        resource.title,
        sentences,
        command,
        _READING,
        context=f"recommended reading: {resource.kind} {skills}",
    )


def _advice(document: str, topic: str, command: str, body: str) -> Iterator[Passage]:
    """Make a passage of each paragraph and list of an author's text, under the heading it's below."""
    heading = ""
    for block in blocks(body):
        match block:
            case Heading(text):
                heading = text
            case Paragraph(words):
                yield Passage(
                    document, Kind.ADVICE, topic, _sentences(text_of(words)), command, _ADVICE, context=heading
                )
            case Bullets(items):
                sentences = tuple(text_of(item) for item in items)
                yield Passage(document, Kind.ADVICE, topic, sentences, command, _ADVICE, context=heading)
            case _:
                pass


def _sentences(text: str) -> tuple[str, ...]:
    """Cut a text after each sentence: behind a full stop, question or exclamation mark that a capital letter follows."""
    found: list[str] = []
    rest: Sequence[str] = text.split(" ")
    sentence: list[str] = []
    for number, word in enumerate(rest):
        sentence.append(word)
        following = rest[number + 1] if number + 1 < len(rest) else ""
        ends = word.rstrip("\"')”").endswith((".", "!", "?")) and not word.endswith(("e.g.", "i.e.", "vs."))
        if ends and (not following or following[:1].isupper() or not following[:1].isalpha()):
            found.append(" ".join(sentence))
            sentence = []
    return tuple(found + ([" ".join(sentence)] if sentence else []))
