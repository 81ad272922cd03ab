"""Load a pack: read and validate every file, and collect all issues, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from mentorbot.packs import schema
from mentorbot.packs.coverage import coverage_hints
from mentorbot.packs.cross_checks import cross_check, renamed_fields, unfinished
from mentorbot.packs.issues import PackIssue, UnreadableFile
from mentorbot.packs.parsed_file import ParsedFile, read_file
from mentorbot.packs.validation import validate

FILES: dict[str, type[schema.PackModel]] = {
    "pack": schema.PackInfo,
    "titles": schema.Titles,
    "personas": schema.Personas,
    "salaries": schema.Salaries,
    "resources": schema.Resources,
    "synonyms": schema.Synonyms,
}
"""The model of each `<name>.yaml` at the top of a pack."""
FOLDERS: dict[str, tuple[str, type[schema.PackModel]]] = {
    "sections": (".md", schema.Section),
    "responsibilities": (".md", schema.Responsibility),
    "skills": (".md", schema.Skill),
    "tips": (".yaml", schema.Tips),
    "recall": (".yaml", schema.Recall),
    "answers": (".yaml", schema.Answers),
    "interview": (".yaml", schema.Interview),
    "path": (".yaml", schema.PathStage),
    "faq": (".md", schema.FaqEntry),
}
"""A pack's folders, with the suffix and the model of the files in each."""
OPTIONAL_FOLDERS = ("recall", "answers")
OPTIONAL_FILES = ("personas",)
"""Files a pack is loaded without, though the check asks for them."""
FILES_LEFT_OUT = ("salaries",)
"""Files a complete pack may leave out: nobody has to invent a figure."""
RESERVED_FOLDERS = ("schema",)
"""Folders beside the packs that hold something else."""


def _no_files() -> dict[str, list[tuple[Any, ParsedFile]]]:
    return {kind: [] for kind in (*FILES, *FOLDERS)}


@dataclass(slots=True)
class LoadedPack:
    """The valid files of one pack, and the issues of the others.

    `milestones` and `resources` are the ids of all of them, invalid ones too; None when a file of them can't be read. `doubts`
    don't keep the pack from loading.
    """

    folder: Path
    files_by_kind: dict[str, list[tuple[Any, ParsedFile]]] = field(default_factory=_no_files)
    issues: list[PackIssue] = field(default_factory=list)
    doubts: list[PackIssue] = field(default_factory=list)
    milestones: set[str] | None = field(default_factory=set)
    resources: set[str] | None = field(default_factory=set)

    def models(self, kind: str) -> list[Any]:
        """List the models of one kind, in the author's order."""
        models = [model for model, _ in self.files_by_kind[kind]]
        return sorted(models, key=lambda model: getattr(model, "order", 0))

    def pack(self) -> schema.Pack:
        """Assemble the pack. Call this only when there are no issues."""
        sections = list(get_args(schema.SectionId))
        skills = [skill.id for skill in self.models("skills")]
        responsibilities = [responsibility.id for responsibility in self.models("responsibilities")]
        return schema.Pack(
            info=self.models("pack")[0],
            sections=tuple(sorted(self.models("sections"), key=lambda section: sections.index(section.id))),
            responsibilities=tuple(self.models("responsibilities")),
            skills=tuple(self.models("skills")),
            titles=self.models("titles")[0],
            salaries=next(iter(self.models("salaries")), None),
            tips=tuple(sorted(self.models("tips"), key=lambda tips: skills.index(tips.skill))),
            recall=tuple(sorted(self.models("recall"), key=lambda recall: skills.index(recall.skill))),
            answers=tuple(self.models("answers")),
            interview=tuple(
                sorted(self.models("interview"), key=lambda entry: responsibilities.index(entry.responsibility))
            ),
            path=tuple(self.models("path")),
            faq=tuple(self.models("faq")),
            resources=self.models("resources")[0].resources,
            synonyms=self.models("synonyms")[0].groups,
            personas=next((file.personas for file in self.models("personas")), ()),
        )


def load(folder: Path) -> LoadedPack:
    """Read the pack in `folder`. Whatever is wrong inside doesn't raise; it ends up in `issues`."""
    loaded = LoadedPack(folder)
    for path in _files(folder):
        kind = _kind(path, folder)
        if kind is None:
            loaded.issues.append(_unexpected_file(path, folder))
        else:
            _load_file(loaded, path, *kind)
    loaded.issues += _missing_files(folder, (name for name in FILES if name not in (*OPTIONAL_FILES, *FILES_LEFT_OUT)))
    loaded.issues += _empty_folders(folder)
    # These ids count whether or not their files are valid, so one broken file doesn't raise issues in all others.
    known_ids = {
        kind: {path.stem for path in (folder / kind).glob(f"*{suffix}")} for kind, (suffix, _) in FOLDERS.items()
    }
    known_ids["salaries"] = {"salaries"} if (folder / "salaries.yaml").exists() else set()
    entries = {"milestones": loaded.milestones, "resources": loaded.resources}
    known_ids |= {kind: ids for kind, ids in entries.items() if ids is not None}
    loaded.issues += cross_check(loaded.files_by_kind, folder.name, known_ids)
    loaded.issues.sort()
    return loaded


def check(folder: Path) -> list[PackIssue]:
    """List all issues in a folder of packs, or in one pack: those that keep it from loading, and what's unfinished."""
    packs, issues = packs_in(folder)
    return [issue for pack in packs for issue in _checked(load(pack))] + issues


def _checked(loaded: LoadedPack) -> list[PackIssue]:
    missing = _missing_files(loaded.folder, OPTIONAL_FILES)
    return sorted((*loaded.issues, *loaded.doubts, *unfinished(loaded.files_by_kind), *missing))


def hints(folder: Path) -> list[PackIssue]:
    """List what could be better in a folder of packs, or in one pack, though nothing is wrong with it."""
    return sorted(hint for pack in packs_in(folder)[0] for hint in _hints(load(pack)))


def _hints(loaded: LoadedPack) -> Iterator[PackIssue]:
    yield from renamed_fields(loaded.files_by_kind)
    if not loaded.issues:
        yield from coverage_hints(loaded.files_by_kind, loaded.pack())


def packs_in(folder: Path) -> tuple[list[Path], list[PackIssue]]:
    """List the packs in a folder (the folder itself, if it's a pack); without any, an issue says why."""
    if not folder.is_dir():
        return [], [PackIssue(str(folder), 0, "there's no such folder", "name a folder that holds role packs")]
    if (folder / "pack.yaml").exists():
        return [folder], []
    try:
        packs = sorted(path for path in folder.iterdir() if path.is_dir() and _is_pack(path))
    except OSError as error:
        return [], [PackIssue(str(folder), 0, f"the folder can't be read ({error.strerror})", "check its rights")]
    return packs, [] if packs else [
        PackIssue(str(folder), 0, "there's no role pack", "run: mentorbot content new my-role")
    ]


def _is_pack(path: Path) -> bool:
    return path.name not in RESERVED_FOLDERS and not path.name.startswith((".", "_"))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        # Editors and git leave hidden files behind; they're nobody's mistake.
        if not path.is_dir() and not any(name.startswith(".") for name in path.relative_to(folder).parts):
            yield path


def _kind(path: Path, folder: Path) -> tuple[str, type[schema.PackModel]] | None:
    """Tell a file's kind and model by its path; None when no file belongs there."""
    names = path.relative_to(folder).parts
    if len(names) == 1 and path.suffix == ".yaml" and path.stem in FILES:
        return path.stem, FILES[path.stem]
    if len(names) == 2 and names[0] in FOLDERS and path.suffix == FOLDERS[names[0]][0]:
        return names[0], FOLDERS[names[0]][1]
    return None


def _unexpected_file(path: Path, folder: Path) -> PackIssue:
    patterns = (*(f"{name}.yaml" for name in FILES), *(f"{name}/*{suffix}" for name, (suffix, _) in FOLDERS.items()))
    return PackIssue(
        _name_in_pack(path, folder),
        0,
        "packs have no file with this name",
        f"rename or remove it; a pack has {', '.join(patterns)}",
    )


def _name_in_pack(path: Path, folder: Path) -> str:
    return str(Path(folder.name) / path.relative_to(folder))


def _load_file(loaded: LoadedPack, path: Path, kind: str, model_type: type[schema.PackModel]) -> None:
    try:
        file = read_file(path, _name_in_pack(path, loaded.folder))
    except UnreadableFile as error:
        loaded.issues += error.issues
        if kind == "path":
            loaded.milestones = None
        elif kind == "resources":
            loaded.resources = None
        return
    if kind == "path" and loaded.milestones is not None:
        loaded.milestones |= _ids_in(file.values.get("milestones"))
    elif kind == "resources":
        loaded.resources = _ids_in(file.values.get("resources"))
    loaded.issues += file.issues
    loaded.doubts += file.doubts
    if "id" in file.values:
        loaded.issues.append(file.issue(("id",), "`id` isn't written here", "remove it: the file's name is the id"))
    if "id" in model_type.model_fields:
        file.values["id"] = path.stem
    # No salvaging for pack.yaml: a citation left out would be unknown to every file that refers to it.
    models, issues = validate(file, model_type, salvage=kind != "pack")
    loaded.files_by_kind[kind] += models
    loaded.issues += issues


def _ids_in(entries: Any) -> set[str]:
    """Collect the ids in an author's list of entries, however invalid they are otherwise."""
    rows = entries if isinstance(entries, list) else []
    return {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _missing_files(folder: Path, names: Iterable[str]) -> Iterator[PackIssue]:
    for name in names:
        if not (folder / f"{name}.yaml").exists():
            fix = "write it; content/README.md has an example"
            yield PackIssue(_name_in_pack(folder / f"{name}.yaml", folder), 0, "this file is missing", fix)


def _empty_folders(folder: Path) -> Iterator[PackIssue]:
    present = {kind[0] for path in _files(folder) if (kind := _kind(path, folder))}
    for name, (suffix, _) in FOLDERS.items():
        if name not in present and name not in OPTIONAL_FOLDERS:
            fix = f"write at least one {suffix} file in it"
            yield PackIssue(_name_in_pack(folder / name, folder), 0, "this folder is empty", fix)
