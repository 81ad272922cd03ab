"""Loading a pack: every file read and validated, all faults collected, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from mentorbot.packs import schema
from mentorbot.packs.issues import FieldPath, PackIssue, Unreadable, issues_of
from mentorbot.packs.parsed_file import ParsedFile, read_file
from mentorbot.packs.validation import cross_check


def salvage(source: ParsedFile, error: ValidationError) -> ParsedFile | None:
    """`source` without the entries and the unknown fields that `error` names; None when a needed field is at fault."""
    aside: set[FieldPath] = set()
    for found in error.errors(include_url=False):
        place = found["loc"]
        if len(place) > 1 and isinstance(place[1], int):
            aside.add(place[:2])
        elif found["type"] == "extra_forbidden":
            aside.add(place[:1])
        elif found["type"] != "too_short":  # which may come of the faulty entries alone
            return None
    left = ParsedFile(source.file)
    moved: dict[FieldPath, FieldPath] = {}
    for name, value in source.values.items():
        if (name,) in aside:
            continue
        if isinstance(value, list):
            kept = [at for at in range(len(value)) if (name, at) not in aside]
            moved |= {(name, at): (name, new) for new, at in enumerate(kept)}
            left.values[name] = [value[at] for at in kept]
        else:
            left.values[name] = value
    for place, line in source.lines.items():
        if place[:2] not in aside:
            left.lines[moved.get(place[:2], place[:2]) + place[2:]] = line
    return left


FILES: dict[str, type[schema.PackModel]] = {
    "pack": schema.PackInfo,
    "titles": schema.Titles,
    "salaries": schema.Salaries,
    "resources": schema.Resources,
    "synonyms": schema.Synonyms,
}
"""`<name>.yaml` at the top of a pack."""
FOLDERS: dict[str, tuple[str, type[schema.PackModel]]] = {
    "sections": (".md", schema.Section),
    "responsibilities": (".md", schema.Responsibility),
    "skills": (".md", schema.Skill),
    "tips": (".yaml", schema.Tips),
    "recall": (".yaml", schema.Recall),
    "interview": (".yaml", schema.Interview),
    "path": (".yaml", schema.PathStage),
    "faq": (".md", schema.Question),
}
"""Folders of a pack: the ending of their files, and what each file holds."""
OPTIONAL = ("recall",)
"""Folders that a pack may do without."""
NO_PACKS = ("schema",)
"""Folders beside the packs that hold something else."""


@dataclass(slots=True)
class Loaded:
    """The parts of one pack as far as they could be read, and what is wrong with it.

    `milestones` are the ids of all, also of those with a fault; None when a file of them is no YAML.
    """

    folder: Path
    parts: dict[str, list[tuple[Any, ParsedFile]]] = field(default_factory=dict)
    faults: list[PackIssue] = field(default_factory=list)
    milestones: set[str] | None = field(default_factory=set)

    def all(self, kind: str) -> list[Any]:
        """The parts of one kind, in order."""
        found = [part for part, _ in self.parts.get(kind, [])]
        return sorted(found, key=lambda part: getattr(part, "order", 0))

    def pack(self) -> schema.Pack:
        """The whole pack; only for one without faults."""
        order = list(get_args(schema.SectionId))
        skills = [skill.id for skill in self.all("skills")]
        duties = [duty.id for duty in self.all("responsibilities")]
        return schema.Pack(
            info=self.all("pack")[0],
            sections=tuple(sorted(self.all("sections"), key=lambda section: order.index(section.id))),
            responsibilities=tuple(self.all("responsibilities")),
            skills=tuple(self.all("skills")),
            titles=self.all("titles")[0],
            salaries=self.all("salaries")[0],
            tips=tuple(sorted(self.all("tips"), key=lambda tips: skills.index(tips.skill))),
            recall=tuple(sorted(self.all("recall"), key=lambda recall: skills.index(recall.skill))),
            interview=tuple(sorted(self.all("interview"), key=lambda entry: duties.index(entry.responsibility))),
            path=tuple(self.all("path")),
            faq=tuple(self.all("faq")),
            resources=self.all("resources")[0].resources,
            synonyms=self.all("synonyms")[0].groups,
        )


def load(folder: Path) -> Loaded:
    """Read the pack in `folder`. Never raises for what is wrong inside; that is in `faults`."""
    loaded = Loaded(folder)
    for path in _files(folder):
        kind = _kind(path, folder)
        if kind is None:
            loaded.faults.append(_stray(path, folder))
        else:
            _load_file(loaded, path, *kind)
    _missing(loaded)
    # Ids that exist, whether or not their files could be read: one broken file must not raise a fault in every other.
    named = {kind: {path.stem for path in (folder / kind).glob(f"*{ending}")} for kind, (ending, _) in FOLDERS.items()}
    if loaded.milestones is not None:
        named["milestones"] = loaded.milestones
    loaded.faults += cross_check(loaded.parts, folder.name, named)
    loaded.faults.sort()
    return loaded


def check(folder: Path) -> list[PackIssue]:
    """All faults of a folder of packs, or of one pack."""
    return [fault for pack in packs_in(folder)[0] for fault in load(pack).faults] + packs_in(folder)[1]


def packs_in(folder: Path) -> tuple[list[Path], list[PackIssue]]:
    """The packs in a folder (or the folder itself, when it is one), and a fault when there is none."""
    if not folder.is_dir():
        return [], [PackIssue(str(folder), 0, "there is no such folder", "name a folder that holds role packs")]
    if (folder / "pack.yaml").exists():
        return [folder], []
    try:
        found = sorted(path for path in folder.iterdir() if path.is_dir() and _is_pack(path))
    except OSError as error:
        return [], [PackIssue(str(folder), 0, f"the folder cannot be read ({error.strerror})", "check its rights")]
    return found, [] if found else [
        PackIssue(str(folder), 0, "there is no role pack", "run: mentorbot content new my-role")
    ]


def _is_pack(path: Path) -> bool:
    return path.name not in NO_PACKS and not path.name.startswith((".", "_"))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _kind(path: Path, folder: Path) -> tuple[str, type[schema.PackModel]] | None:
    """What a file holds, by its place; None when nothing belongs there."""
    parts = path.relative_to(folder).parts
    if len(parts) == 1 and path.suffix == ".yaml" and path.stem in FILES:
        return path.stem, FILES[path.stem]
    if len(parts) == 2 and parts[0] in FOLDERS and path.suffix == FOLDERS[parts[0]][0]:
        return parts[0], FOLDERS[parts[0]][1]
    return None


def _stray(path: Path, folder: Path) -> PackIssue:
    places = ", ".join([*(f"{name}.yaml" for name in FILES), *(f"{name}/*{end}" for name, (end, _) in FOLDERS.items())])
    return PackIssue(
        _relative_name(path, folder),
        0,
        "no file of this name belongs to a pack",
        f"rename or remove it; a pack has {places}",
    )


def _relative_name(path: Path, folder: Path) -> str:
    return str(Path(folder.name) / path.relative_to(folder))


def _load_file(loaded: Loaded, path: Path, kind: str, part_type: type[schema.PackModel]) -> None:
    try:
        source = read_file(path, _relative_name(path, loaded.folder))
    except Unreadable as error:
        loaded.faults.append(error.fault)
        if kind == "path":
            loaded.milestones = None
        return
    if kind == "path" and loaded.milestones is not None:
        loaded.milestones |= _ids_of(source.values.get("milestones"))
    loaded.faults += source.faults
    if "id" in source.values:
        loaded.faults.append(
            PackIssue(
                source.file, source.line(("id",)), "`id` is not written here", "remove it: the file's name is the id"
            )
        )
    if "id" in part_type.model_fields:
        source.values["id"] = path.stem
    try:
        part = part_type.model_validate(source.values)
    except ValidationError as error:
        loaded.faults += issues_of(error, source, part_type)
        # Not for the sources in pack.yaml: one put aside would seem unknown to every file that names it.
        left = salvage(source, error) if kind != "pack" else None
        if left is not None:
            with suppress(ValidationError):
                loaded.parts.setdefault(kind, []).append((part_type.model_validate(left.values), left))
        return
    loaded.parts.setdefault(kind, []).append((part, source))


def _ids_of(entries: Any) -> set[str]:
    """The ids in what somebody wrote as a list of entries, whatever else is wrong with it."""
    rows = entries if isinstance(entries, list) else []
    return {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _missing(loaded: Loaded) -> None:
    present = {_kind(path, loaded.folder) for path in _files(loaded.folder)}
    kinds = {found[0] for found in present if found}
    for name in FILES:
        if name not in kinds:
            file = str(Path(loaded.folder.name) / f"{name}.yaml")
            loaded.faults.append(
                PackIssue(file, 0, "this file is missing", "write it; content/README.md has an example")
            )
    for name, (ending, _) in FOLDERS.items():
        if name not in kinds and name not in OPTIONAL:
            file = str(Path(loaded.folder.name) / name)
            loaded.faults.append(
                PackIssue(file, 0, "this folder holds nothing", f"write at least one {ending} file in it")
            )
