"""Loading a pack: every file read and validated, all faults collected, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from mentorbot.packs import base, model, practice
from mentorbot.packs.check import between_files
from mentorbot.packs.faults import faults_of
from mentorbot.packs.read import read
from mentorbot.packs.rest import rest
from mentorbot.packs.source import Fault, Source, Unreadable

FILES: dict[str, type[base.Part]] = {
    "pack": model.PackInfo,
    "titles": model.Titles,
    "salaries": model.Salaries,
    "resources": model.Resources,
    "synonyms": model.Synonyms,
}
"""`<name>.yaml` at the top of a pack."""

FOLDERS: dict[str, tuple[str, type[base.Part]]] = {
    "sections": (".md", model.Section),
    "responsibilities": (".md", model.Responsibility),
    "skills": (".md", model.Skill),
    "tips": (".yaml", practice.Tips),
    "recall": (".yaml", practice.Recall),
    "interview": (".yaml", practice.Interview),
    "path": (".yaml", practice.Step),
    "faq": (".md", model.Question),
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
    parts: dict[str, list[tuple[Any, Source]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    milestones: set[str] | None = field(default_factory=set)

    def all(self, kind: str) -> list[Any]:
        """The parts of one kind, in order."""
        found = [part for part, _ in self.parts.get(kind, [])]
        return sorted(found, key=lambda part: getattr(part, "order", 0))

    def pack(self) -> model.Pack:
        """The whole pack; only for one without faults."""
        order = list(get_args(model.SectionId))
        skills = [skill.id for skill in self.all("skills")]
        duties = [duty.id for duty in self.all("responsibilities")]
        return model.Pack(
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
            _take(loaded, path, *kind)
    _missing(loaded)
    # Ids that exist, whether or not their files could be read: one broken file must not raise a fault in every other.
    named = {kind: {path.stem for path in (folder / kind).glob(f"*{ending}")} for kind, (ending, _) in FOLDERS.items()}
    if loaded.milestones is not None:
        named["milestones"] = loaded.milestones
    loaded.faults += between_files(loaded.parts, folder.name, named)
    loaded.faults.sort()
    return loaded


def check(folder: Path) -> list[Fault]:
    """All faults of a folder of packs, or of one pack."""
    return [fault for pack in packs_in(folder)[0] for fault in load(pack).faults] + packs_in(folder)[1]


def packs_in(folder: Path) -> tuple[list[Path], list[Fault]]:
    """The packs in a folder (or the folder itself, when it is one), and a fault when there is none."""
    if not folder.is_dir():
        return [], [Fault(str(folder), 0, "there is no such folder", "name a folder that holds role packs")]
    if (folder / "pack.yaml").exists():
        return [folder], []
    try:
        found = sorted(path for path in folder.iterdir() if path.is_dir() and _is_pack(path))
    except OSError as error:
        return [], [Fault(str(folder), 0, f"the folder cannot be read ({error.strerror})", "check its rights")]
    return found, [] if found else [
        Fault(str(folder), 0, "there is no role pack", "run: mentorbot content new my-role")
    ]


def _is_pack(path: Path) -> bool:
    return path.name not in NO_PACKS and not path.name.startswith((".", "_"))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _kind(path: Path, folder: Path) -> tuple[str, type[base.Part]] | None:
    """What a file holds, by its place; None when nothing belongs there."""
    parts = path.relative_to(folder).parts
    if len(parts) == 1 and path.suffix == ".yaml" and path.stem in FILES:
        return path.stem, FILES[path.stem]
    if len(parts) == 2 and parts[0] in FOLDERS and path.suffix == FOLDERS[parts[0]][0]:
        return parts[0], FOLDERS[parts[0]][1]
    return None


def _stray(path: Path, folder: Path) -> Fault:
    places = ", ".join([*(f"{name}.yaml" for name in FILES), *(f"{name}/*{end}" for name, (end, _) in FOLDERS.items())])
    return Fault(
        _name(path, folder), 0, "no file of this name belongs to a pack", f"rename or remove it; a pack has {places}"
    )


def _name(path: Path, folder: Path) -> str:
    return str(Path(folder.name) / path.relative_to(folder))


def _take(loaded: Loaded, path: Path, kind: str, part_type: type[base.Part]) -> None:
    try:
        source = read(path, _name(path, loaded.folder))
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
            Fault(source.file, source.line(("id",)), "`id` is not written here", "remove it: the file's name is the id")
        )
    if "id" in part_type.model_fields:
        source.values["id"] = path.stem
    try:
        part = part_type.model_validate(source.values)
    except ValidationError as error:
        loaded.faults += faults_of(error, source, part_type)
        # Not for the sources in pack.yaml: one put aside would seem unknown to every file that names it.
        left = rest(source, error) if kind != "pack" else None
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
            loaded.faults.append(Fault(file, 0, "this file is missing", "write it; content/README.md has an example"))
    for name, (ending, _) in FOLDERS.items():
        if name not in kinds and name not in OPTIONAL:
            file = str(Path(loaded.folder.name) / name)
            loaded.faults.append(Fault(file, 0, "this folder holds nothing", f"write at least one {ending} file in it"))
