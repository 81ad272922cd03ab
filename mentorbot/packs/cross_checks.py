"""Cross-checks of a pack: unknown references, duplicate ids, cycles, and anything else no single file can show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import PurePath
from typing import Any, get_args

from rapidfuzz import process

from mentorbot.packs import schema
from mentorbot.packs.issues import FieldPath, PackIssue
from mentorbot.packs.markdown import NotInSubset, blocks, inline
from mentorbot.packs.parsed_file import ParsedFile

FilesByKind = Mapping[str, list[tuple[Any, ParsedFile]]]
"""The model and the parsed file of each valid file, by kind: `pack`, `skills`, `tips` and so on. Every kind is a key."""


def cross_check(files: FilesByKind, folder: str, known_ids: Mapping[str, set[str]]) -> list[PackIssue]:
    """Find all issues between the files of one pack, whose folder is called `folder`.

    `known_ids` holds the ids of each folder's files, readable or not, and those of `milestones`
    and `resources` unless a file hides them.
    """
    issues = [*_role_issues(files, folder), *_skill_issues(files, known_ids["skills"])]
    issues += _subject_issues(files, "interview", "responsibility", "responsibility", known_ids["responsibilities"])
    issues += _subject_issues(
        files, "answers", "about", "skill or section", known_ids["skills"] | known_ids["sections"]
    )
    issues += [
        *_missing_sections(folder, known_ids["sections"], has_pay=bool(known_ids["salaries"])),
        *_missing_companions(folder, known_ids),
    ]
    issues += _milestone_issues(files, known_ids.get("milestones"))
    issues += _reading_issues(files, known_ids.get("resources"))
    for check in (
        _citation_issues,
        _duplicate_orders,
        _duplicate_ids,
        _recall_issues,
        _duplicate_bands,
        _duplicate_synonyms,
        _markdown_issues,
        _smaller_issues,
        _duplicate_names,
    ):
        issues += check(files)
    return issues


def unfinished(files: FilesByKind) -> Iterator[PackIssue]:
    """Find fields a finished pack has, but a pack may be loaded without: instructions for milestones and short names."""
    for skill, file in files["skills"]:
        if not skill.short:
            fix = "add a name of up to 24 characters for cards, e.g. short: Cloud"
            yield file.issue(("short",), f"`short` is missing: cards would show “{skill.title}”", fix)
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            for field, fix in _MILESTONE_INSTRUCTIONS.items():
                if not getattr(milestone, field):
                    yield file.issue(("milestones", index, field), f"`{field}` is missing in `{milestone.id}`", fix)


_MILESTONE_INSTRUCTIONS = {
    "first": "say what to do in the first 30 minutes, so a beginner can begin tonight",
    "readings": "name one or two resources, e.g. readings: [{resource: some-book, part: chapter 7}]",
    "smaller": "add a smaller version, e.g. smaller: {do: serve one prediction, hours: 2}",
    "swap": "name a milestone that leads to the same levels, or describe what to do instead",
}
"""Advice on adding each of a milestone's instructions that a finished pack has."""


def renamed_fields(files: FilesByKind) -> Iterator[PackIssue]:
    """Find fields by an old name. They still work, so these are hints."""
    for _, file in chain.from_iterable(files.values()):
        for path in file.lines:
            if path and (name := schema.RENAMED_FIELDS.get(str(path[-1]))):
                yield file.issue(path, f"`{path[-1]}` is called `{name}` now", "rename it (the old name still works)")


def _role_issues(files: FilesByKind, folder: str) -> Iterator[PackIssue]:
    for info, file in files["pack"]:
        if info.role != folder:
            yield file.issue(("role",), f"the role is {info.role}, the folder {folder}", "use one name for both")


def _citation_issues(files: FilesByKind) -> Iterator[PackIssue]:
    known = [citation.id for info, _ in files["pack"] for citation in info.sources]
    if not known:
        return  # pack.yaml is missing or invalid, and its own issues are enough
    for kind in files:
        for model, file in files[kind]:
            if isinstance(model, schema.Sourced) and model.source not in known:
                yield _unknown(file, ("source",), "source", model.source, known)


def _unknown(file: ParsedFile, path: FieldPath, what: str, name: str, known: Iterable[str]) -> PackIssue:
    names = sorted(known)
    nearest = process.extractOne(name, names, score_cutoff=50)
    return file.issue(
        path, f"there's no {what} `{name}`", f"write {f'`{nearest[0]}`' if nearest else ', '.join(names)}"
    )


def _missing_sections(folder: str, present: set[str], *, has_pay: bool) -> Iterator[PackIssue]:
    # Without any, the loader has reported the empty folder already.
    for name in get_args(schema.SectionId) if present else ():
        if name not in present and (has_pay or name != "salary"):
            fix = "write it; every pack has the same ten sections"
            yield PackIssue(f"{folder}/sections/{name}.md", 0, "this section is missing", fix)
    if "salary" in present and not has_pay:
        fix = "write salaries.yaml, or remove this section; a pack without a source for pay has neither"
        yield PackIssue(f"{folder}/sections/salary.md", 0, "there are no figures for this section", fix)


def _missing_companions(folder: str, known_ids: Mapping[str, set[str]]) -> Iterator[PackIssue]:
    """Find the skills without tips and the responsibilities without interview questions."""
    for kind, companion, what in (
        ("skills", "tips", "tips for this skill"),
        ("responsibilities", "interview", "interview questions for this responsibility"),
    ):
        for name in sorted(known_ids[kind] - known_ids[companion]) if known_ids[companion] else ():
            yield PackIssue(f"{folder}/{kind}/{name}.md", 0, f"there are no {what}", f"write {companion}/{name}.yaml")


def _file_name_issues(file: ParsedFile, field: str, name: str) -> Iterator[PackIssue]:
    stem = PurePath(file.name).stem
    if stem != name:
        yield file.issue((field,), f"the {field} is `{name}`, the file is called {stem}", "use one name for both")


def _duplicate_orders(files: FilesByKind) -> Iterator[PackIssue]:
    for kind in ("responsibilities", "skills", "path", "faq"):
        file_by_order: dict[int, str] = {}
        for model, file in files[kind]:
            if model.order in file_by_order:
                problem = f"order {model.order} is taken by {file_by_order[model.order]}"
                yield file.issue(("order",), problem, "give each its own number")
            file_by_order[model.order] = file.name


def _skill_issues(files: FilesByKind, known: set[str]) -> Iterator[PackIssue]:
    """Find unknown skills, misnamed files, and titles and personas that leave out a skill."""
    for model, file in (*files["tips"], *files["recall"]):
        if model.skill in known:
            yield from _file_name_issues(file, "skill", model.skill)
    for file, path, name in _skill_references(files):
        if name not in known:
            yield _unknown(file, path, "skill", name, known)
    for titles, file in files["titles"]:
        for index, title in enumerate(titles.titles):
            if missing := sorted(known - set(title.needs)):
                problem = f"the title `{title.id}` doesn't say what it needs of {', '.join(missing)}"
                yield file.issue(("titles", index, "needs"), problem, "add a level from 0 to 4 for each")
    for personas, file in files["personas"]:
        for index, persona in enumerate(personas.personas):
            if missing := sorted(known - set(persona.levels)):
                problem = f"the persona `{persona.id}` has no level of {', '.join(missing)}"
                yield file.issue(("personas", index, "levels"), problem, "add a level from 0 to 4 for each")


def _skill_references(files: FilesByKind) -> Iterator[tuple[ParsedFile, FieldPath, str]]:
    for model, file in (*files["tips"], *files["recall"]):
        yield file, ("skill",), model.skill
    for titles, file in files["titles"]:
        for index, title in enumerate(titles.titles):
            yield from ((file, ("titles", index, "needs", name), name) for name in title.needs)
    for personas, file in files["personas"]:
        for index, persona in enumerate(personas.personas):
            yield from ((file, ("personas", index, "levels", name), name) for name in persona.levels)
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            for field in ("raises", "skip_at"):
                yield from ((file, ("milestones", index, field, name), name) for name in getattr(milestone, field))
    for resources, file in files["resources"]:
        for index, resource in enumerate(resources.resources):
            for position, name in enumerate(resource.skills):
                yield file, ("resources", index, "skills", position), name


def _subject_issues(files: FilesByKind, kind: str, field: str, what: str, known: set[str]) -> Iterator[PackIssue]:
    """Check that the one thing each file is about is known, and that the file is named after it."""
    for model, file in files[kind]:
        name = getattr(model, field)
        if name in known:
            yield from _file_name_issues(file, field, name)
        else:
            yield _unknown(file, (field,), what, name, known)


_LISTS_WITH_IDS = {
    "pack": "sources",
    "tips": "tips",
    "recall": "questions",
    "answers": "answers",
    "interview": "questions",
    "path": "milestones",
    "titles": "titles",
    "personas": "personas",
    "resources": "resources",
}
"""The field of each kind of file that lists entries with ids."""


def _duplicate_ids(files: FilesByKind) -> Iterator[PackIssue]:
    """Find ids used twice: plans refer to them, so each is unique within its kind over the whole pack."""
    for kind, field in _LISTS_WITH_IDS.items():
        first_uses: dict[str, str] = {}
        for model, file in files[kind]:
            for index, entry in enumerate(getattr(model, field)):
                path = (field, index, "id")
                if entry.id in first_uses:
                    yield file.issue(path, f"the id `{entry.id}` is taken at {first_uses[entry.id]}", "choose another")
                first_uses.setdefault(entry.id, f"{file.name}:{file.line(path)}")


def _recall_issues(files: FilesByKind) -> Iterator[PackIssue]:
    """Find recall questions whose answer isn't among the choices, and choices that occur twice."""
    for recall, file in files["recall"]:
        for index, question in enumerate(recall.questions):
            if question.answer > len(question.choices):
                problem = f"`answer` is {question.answer}, but there are {len(question.choices)} choices"
                fix = f"write the number of the right choice, 1 to {len(question.choices)}"
                yield file.issue(("questions", index, "answer"), problem, fix)
            yield from _duplicate_choices(file, ("questions", index, "choices"), question.choices)


def _duplicate_choices(file: ParsedFile, path: FieldPath, choices: Iterable[str]) -> Iterator[PackIssue]:
    first_indexes: dict[str, int] = {}
    for index, choice in enumerate(choices):
        if (first := first_indexes.setdefault(choice.casefold(), index)) != index:
            yield file.issue(
                (*path, index), f"this choice is the same as choice {first + 1}", "write another, or remove it"
            )


def _duplicate_bands(files: FilesByKind) -> Iterator[PackIssue]:
    for salaries, file in files["salaries"]:
        first_lines: dict[str, int] = {}
        for path, level in (
            *((("bands", index, "level"), band.level) for index, band in enumerate(salaries.bands)),
            *((("unknown", index, "level"), band.level) for index, band in enumerate(salaries.unknown)),
        ):
            if level in first_lines:
                yield file.issue(path, f"the level {level} is at line {first_lines[level]} already", "keep one")
            first_lines.setdefault(level, file.line(path))


def _milestone_issues(files: FilesByKind, known: set[str] | None) -> Iterator[PackIssue]:
    """Find unknown milestones and titles, and cycles of prerequisites. With `known` None, any milestone may be right."""
    requires: dict[str, tuple[str, ...]] = {}
    before: dict[str, tuple[str, ...]] = {}
    positions: dict[str, tuple[ParsedFile, FieldPath]] = {}
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            requires[milestone.id] = milestone.requires
            before[milestone.id] = (*milestone.requires, *milestone.after)
            positions[milestone.id] = (file, ("milestones", index, "requires"))
            for field in ("requires", "after", "alternatives") if known is not None else ():
                for position, name in enumerate(getattr(milestone, field)):
                    if name not in (known or ()):
                        yield _unknown(file, ("milestones", index, field, position), "milestone", name, known or ())
    yield from _always_issues(files)
    yield from _swap_issues(files, known, requires)
    for cycle in _cycles(before):
        file, path = positions[cycle[0]]
        yield file.issue(path, f"prerequisites go in a circle: {' ← '.join(cycle)}", "remove one of them")


def _always_issues(files: FilesByKind) -> Iterator[PackIssue]:
    """Find unknown titles under `always`. Without valid titles, any may be right."""
    titles = {title.id for titles, _ in files["titles"] for title in titles.titles}
    for stage, file in files["path"] if titles else ():
        for index, milestone in enumerate(stage.milestones):
            for position, title in enumerate(milestone.always):
                if title not in titles | {schema.ALL_TITLES}:
                    yield _unknown(file, ("milestones", index, "always", position), "title", title, titles)


def _swap_issues(
    files: FilesByKind, known: set[str] | None, requires: Mapping[str, tuple[str, ...]]
) -> Iterator[PackIssue]:
    """Find swaps that can't stand in for their milestone. A swap of several words is a description and always fine."""
    milestones = {milestone.id: milestone for stage, _ in files["path"] for milestone in stage.milestones}
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            path, swap = ("milestones", index, "swap"), milestone.swap
            if not re.fullmatch(schema.ID_PATTERN, swap):
                continue
            if swap in milestones:
                problem = _swap_problem(milestone, milestones[swap], requires)
                if problem:
                    fix = "name another milestone, or describe what to do instead in a few words"
                    yield file.issue(path, f"`{swap}` can't replace this milestone: {problem}", fix)
            elif known is not None and swap not in known:
                yield _unknown(file, path, "milestone", swap, known)


def _swap_problem(
    milestone: schema.Milestone, other: schema.Milestone, requires: Mapping[str, tuple[str, ...]]
) -> str | None:
    if other.id == milestone.id:
        return "it's the same one"
    if milestone.id in _prerequisites(other.id, requires):
        return "it builds on it"
    if other.id in _prerequisites(milestone.id, requires):
        return "it comes first anyway"
    missing = [skill for skill, level in milestone.raises.items() if other.raises.get(skill, 0) != level]
    return f"it doesn't lead to the same level of {', '.join(missing)}" if missing else None


def _prerequisites(milestone: str, requires: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Collect everything that comes before a milestone, directly or indirectly."""
    waiting, before = [milestone], set[str]()
    while waiting:
        new = set(requires.get(waiting.pop(), ())) - before
        before |= new
        waiting += new
    return before


def _reading_issues(files: FilesByKind, known: set[str] | None) -> Iterator[PackIssue]:
    """Find recommended reading that isn't among the resources. Missing resources are an issue of their own."""
    if not known:
        return
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            for position, reading in enumerate(milestone.readings):
                path = ("milestones", index, "readings", position, "resource")
                if reading.resource not in known:
                    yield _unknown(file, path, "resource", reading.resource, known)


def _smaller_issues(files: FilesByKind) -> Iterator[PackIssue]:
    for stage, file in files["path"]:
        for index, milestone in enumerate(stage.milestones):
            if milestone.smaller and milestone.smaller.hours >= milestone.hours:
                problem = f"the smaller version takes {milestone.smaller.hours} of {milestone.hours} hours"
                yield file.issue(("milestones", index, "smaller", "hours"), problem, "make it shorter than the whole")


def _cycles(requires: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Find cycles that share no milestone; any others show up once these are fixed."""
    rest = dict(requires)
    while True:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            yield error.args[1]  # the ids along the cycle; the first one is repeated at the end
            rest = {name: required for name, required in rest.items() if name not in error.args[1]}
        else:
            return


def _duplicate_names(files: FilesByKind) -> Iterator[PackIssue]:
    """Find short names of skills and labels of personas that stand for two things."""
    names = [(skill.short, file, ("short",)) for skill, file in files["skills"] if skill.short]
    yield from _repeated(names, "this short name")
    for personas, file in files["personas"]:
        labels = [(entry.label, file, ("personas", index, "label")) for index, entry in enumerate(personas.personas)]
        yield from _repeated(labels, "this label")


def _repeated(names: Iterable[tuple[str, ParsedFile, FieldPath]], what: str) -> Iterator[PackIssue]:
    first_uses: dict[str, str] = {}
    for name, file, path in names:
        if name.casefold() in first_uses:
            yield file.issue(path, f"{what} is taken at {first_uses[name.casefold()]}", "choose another")
        first_uses.setdefault(name.casefold(), f"{file.name}:{file.line(path)}")


def _duplicate_synonyms(files: FilesByKind) -> Iterator[PackIssue]:
    for synonyms, file in files["synonyms"]:
        group_by_word: dict[str, int] = {}
        for number, group in enumerate(synonyms.groups):
            for index, word in enumerate(group):
                if group_by_word.setdefault(word.lower(), number) != number:
                    fix = "keep it in one, or join the groups"
                    yield file.issue(("groups", number, index), f"“{word}” is in two groups", fix)


def _markdown_issues(files: FilesByKind) -> Iterator[PackIssue]:
    """Find the first thing in each text that a chat can't show."""
    for kind in files:
        for model, file in files[kind]:
            if error := _first_outside_subset(blocks, getattr(model, "body", "")):
                yield _not_in_subset(file, file.line(("body",)) + error.line, error)
            for path, text in _inline_texts(kind, model):
                if error := _first_outside_subset(inline, text):
                    yield _not_in_subset(file, file.line(path), error)


def _inline_texts(kind: str, model: Any) -> Iterator[tuple[FieldPath, str]]:
    """List the fields, besides a body, that may hold bold, italics and code."""
    if kind == "tips":
        for index, tip in enumerate(model.tips):
            yield ("tips", index, "do"), tip.do
            yield ("tips", index, "why"), tip.why


def _first_outside_subset(parse: Callable[[str], object], text: str) -> NotInSubset | None:
    try:
        parse(text)
    except NotInSubset as error:
        return error
    return None


def _not_in_subset(file: ParsedFile, line: int, error: NotInSubset) -> PackIssue:
    fix = "use paragraphs, `- ` lists, `## ` headings, **bold**, *italic* and `code`"
    return PackIssue(file.name, line, f"{error.what} can't be shown in a chat", fix)
