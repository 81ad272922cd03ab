"""Faults that no single file shows: references that lead nowhere, ids used twice, prerequisites in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePath
from typing import Any, get_args

from rapidfuzz import process

from mentorbot.packs import schema
from mentorbot.packs.issues import PackIssue
from mentorbot.packs.markdown import NotInSubset, blocks, inline
from mentorbot.packs.parsed_file import ParsedFile

Parts = Mapping[str, list[tuple[Any, ParsedFile]]]


def cross_check(parts: Parts, folder: str, named: Mapping[str, set[str]]) -> list[PackIssue]:
    """All faults between the parts of one pack, whose folder is called `folder`.

    `named` are the ids of each folder's files, readable or not, and those of `milestones` unless a file hides them.
    """
    faults = [*_role(parts, folder), *_skills(parts, named["skills"]), *_duties(parts, named["responsibilities"])]
    faults += [*_sections(folder, named["sections"]), *_companions(folder, named)]
    faults += _milestones(parts, named.get("milestones"))
    for check in (_sources, _orders, _ids, _answers, _bands, _synonyms, markdown_issues):
        faults += check(parts)
    return faults


def _each_part(parts: Parts, kind: str) -> Iterable[tuple[Any, ParsedFile]]:
    return parts.get(kind, [])


def _role(parts: Parts, folder: str) -> Iterator[PackIssue]:
    for info, source in _each_part(parts, "pack"):
        if info.role != folder:
            yield PackIssue(
                source.file,
                source.line(("role",)),
                f"the role is {info.role}, the folder {folder}",
                "use one name for both",
            )


def _sources(parts: Parts) -> Iterator[PackIssue]:
    known = [entry.id for info, _source in _each_part(parts, "pack") for entry in info.sources]
    if not known:
        return
    for kind in parts:
        for part, source in _each_part(parts, kind):
            if isinstance(part, schema.Sourced) and part.source not in known:
                yield _unknown(source, ("source",), "source", part.source, known)


def _unknown(source: ParsedFile, path: tuple[str | int, ...], what: str, name: str, known: Iterable[str]) -> PackIssue:
    names = sorted(known)
    best = process.extractOne(name, names, score_cutoff=50)
    return PackIssue(
        source.file,
        source.line(path),
        f"there is no {what} `{name}`",
        f"write {f'`{best[0]}`' if best else ', '.join(names)}",
    )


def _sections(folder: str, present: set[str]) -> Iterator[PackIssue]:
    for name in get_args(schema.SectionId) if present else ():
        if name not in present:
            instead = "write it; every pack has the same ten sections"
            yield PackIssue(f"{folder}/sections/{name}.md", 0, "this section is missing", instead)


def _companions(folder: str, named: Mapping[str, set[str]]) -> Iterator[PackIssue]:
    """Every skill has tips, every responsibility has questions."""
    for kind, companion, what in (
        ("skills", "tips", "tips for this skill"),
        ("responsibilities", "interview", "interview questions for this responsibility"),
    ):
        for name in sorted(named[kind] - named[companion]) if named[companion] else ():
            yield PackIssue(f"{folder}/{kind}/{name}.md", 0, f"there are no {what}", f"write {companion}/{name}.yaml")


def _named_after(source: ParsedFile, field: str, name: str) -> Iterator[PackIssue]:
    stem = PurePath(source.file).stem
    if stem != name:
        what = f"the {field} is `{name}`, the file is called {stem}"
        yield source.fault((field,), what, "use one name for both")


def _orders(parts: Parts) -> Iterator[PackIssue]:
    for kind in ("responsibilities", "skills", "path", "faq"):
        seen: dict[int, str] = {}
        for part, source in _each_part(parts, kind):
            if part.order in seen:
                yield PackIssue(
                    source.file,
                    source.line(("order",)),
                    f"order {part.order} is taken by {seen[part.order]}",
                    "give each its own number",
                )
            seen[part.order] = source.file


def _skills(parts: Parts, known: set[str]) -> Iterator[PackIssue]:
    """Every mention of a skill is of one that exists, and titles rate all of them."""
    for part, source in (*_each_part(parts, "tips"), *_each_part(parts, "recall")):
        if part.skill in known:
            yield from _named_after(source, "skill", part.skill)
    for source, path, name in _skill_mentions(parts):
        if name not in known:
            yield _unknown(source, path, "skill", name, known)
    for titles, source in _each_part(parts, "titles"):
        for place, title in enumerate(titles.titles):
            if missing := sorted(known - set(title.needs)):
                yield PackIssue(
                    source.file,
                    source.line(("titles", place, "needs")),
                    f"the title `{title.id}` does not say what it needs of {', '.join(missing)}",
                    "add a level from 0 to 4 for each",
                )


def _skill_mentions(parts: Parts) -> Iterator[tuple[ParsedFile, tuple[str | int, ...], str]]:
    for part, source in (*_each_part(parts, "tips"), *_each_part(parts, "recall")):
        yield source, ("skill",), part.skill
    for titles, source in _each_part(parts, "titles"):
        for place, title in enumerate(titles.titles):
            yield from ((source, ("titles", place, "needs", name), name) for name in title.needs)
    for step, source in _each_part(parts, "path"):
        for place, milestone in enumerate(step.milestones):
            yield from ((source, ("milestones", place, "raises", name), name) for name in milestone.raises)
    for resources, source in _each_part(parts, "resources"):
        for place, resource in enumerate(resources.resources):
            yield from ((source, ("resources", place, "skills", at), name) for at, name in enumerate(resource.skills))


def _duties(parts: Parts, known: set[str]) -> Iterator[PackIssue]:
    for part, source in _each_part(parts, "interview"):
        if part.responsibility in known:
            yield from _named_after(source, "responsibility", part.responsibility)
        else:
            yield _unknown(source, ("responsibility",), "responsibility", part.responsibility, known)


_LISTS = {
    "pack": "sources",
    "tips": "tips",
    "recall": "questions",
    "interview": "questions",
    "path": "milestones",
    "titles": "titles",
    "resources": "resources",
}


def _ids(parts: Parts) -> Iterator[PackIssue]:
    """Ids of one kind are unique over the whole pack, since people's plans refer to them."""
    for kind, name in _LISTS.items():
        seen: dict[str, str] = {}
        for part, source in _each_part(parts, kind):
            for place, entry in enumerate(getattr(part, name)):
                where = f"{source.file}:{source.line((name, place, 'id'))}"
                if entry.id in seen:
                    line = source.line((name, place, "id"))
                    yield PackIssue(
                        source.file, line, f"the id `{entry.id}` is taken at {seen[entry.id]}", "choose another"
                    )
                seen.setdefault(entry.id, where)


def _answers(parts: Parts) -> Iterator[PackIssue]:
    """The answer of a recall question is one of its choices, and no choice stands there twice."""
    for recall, source in _each_part(parts, "recall"):
        for place, asked in enumerate(recall.questions):
            if asked.answer > len(asked.choices):
                what = f"`answer` is {asked.answer}, but there are {len(asked.choices)} choices"
                instead = f"write the number of the right choice, 1 to {len(asked.choices)}"
                yield source.fault(("questions", place, "answer"), what, instead)
            seen: dict[str, int] = {}
            for at, choice in enumerate(asked.choices):
                if (first := seen.setdefault(choice.casefold(), at)) != at:
                    what = f"this choice is the same as choice {first + 1}"
                    yield source.fault(("questions", place, "choices", at), what, "write another, or remove it")


def _bands(parts: Parts) -> Iterator[PackIssue]:
    for pay, source in _each_part(parts, "salaries"):
        seen: dict[str, int] = {}
        for place, level in (
            *((("bands", at, "level"), band.level) for at, band in enumerate(pay.bands)),
            *((("unknown", at, "level"), gap.level) for at, gap in enumerate(pay.unknown)),
        ):
            if level in seen:
                yield source.fault(place, f"the level {level} stands at line {seen[level]} already", "keep one")
            seen.setdefault(level, source.line(place))


def _milestones(parts: Parts, known: set[str] | None) -> Iterator[PackIssue]:
    graph: dict[str, tuple[str, ...]] = {}
    places: dict[str, tuple[ParsedFile, int]] = {}
    for step, source in _each_part(parts, "path"):
        for place, milestone in enumerate(step.milestones):
            graph[milestone.id] = milestone.requires
            places[milestone.id] = (source, place)
    for name, (source, place) in places.items():
        for at, required in enumerate(graph[name]):
            if known is not None and required not in known:
                yield _unknown(source, ("milestones", place, "requires", at), "milestone", required, known)
    for circle in _cycles(graph):
        source, place = places[circle[0]]
        what = f"prerequisites go in a circle: {' ← '.join(circle)}"
        yield source.fault(("milestones", place, "requires"), what, "remove one of them")


def _cycles(graph: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Circles that share no milestone: the others are seen when these are mended."""
    left = dict(graph)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            yield error.args[1]
            left = {name: before for name, before in left.items() if name not in error.args[1]}
        else:
            return


def _synonyms(parts: Parts) -> Iterator[PackIssue]:
    for synonyms, source in _each_part(parts, "synonyms"):
        seen: dict[str, int] = {}
        for place, group in enumerate(synonyms.groups):
            for at, word in enumerate(group):
                line = source.line(("groups", place, at))
                if seen.get(word.lower(), place) != place:
                    yield PackIssue(
                        source.file, line, f"“{word}” stands in two groups", "keep it in one, or join the groups"
                    )
                seen.setdefault(word.lower(), place)


def markdown_issues(parts: Mapping[str, list[tuple[Any, ParsedFile]]]) -> Iterator[PackIssue]:
    """One fault for each text that holds something which a chat cannot show."""
    for kind in parts:
        for part, source in parts[kind]:
            if found := _first_outside(blocks, getattr(part, "body", "")):
                yield _not_shown(source, source.line(("body",)) + found.line, found)
            for path, text in _inline_texts(kind, part):
                if found := _first_outside(inline, text):
                    yield _not_shown(source, source.line(path), found)


def _inline_texts(kind: str, part: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Texts outside a body that may hold bold, italics and code."""
    if kind == "tips":
        for place, tip in enumerate(part.tips):
            yield ("tips", place, "do"), tip.do
            yield ("tips", place, "why"), tip.why


def _first_outside(parse: Callable[[str], object], text: str) -> NotInSubset | None:
    try:
        parse(text)
    except NotInSubset as error:
        return error
    return None


def _not_shown(source: ParsedFile, line: int, error: NotInSubset) -> PackIssue:
    instead = "use paragraphs, `- ` lists, `## ` headings, **bold**, *italic* and `code`"
    return PackIssue(source.file, line, f"{error.what} cannot be shown in a chat", instead)
