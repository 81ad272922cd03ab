"""The role packs of this bot. A running bot that finds a broken pack keeps the one it has."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mentorbot.errors import BadPack, BadSettings
from mentorbot.packs.issues import PackIssue
from mentorbot.packs.loader import load, packs_in
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Search

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).resolve().parent.parent
_BUILTIN = (_PACKAGE / "_data" / "content", _PACKAGE.parent / "content")


def builtin() -> Path:
    """The packs that come with mentorbot: inside the wheel, or at the top of the checkout."""
    return next(path for path in _BUILTIN if path.is_dir())


class Library:
    """The packs of one folder; `default` is the one that answers."""

    def __init__(self, folder: Path, role: str, packs: Mapping[str, Pack]) -> None:
        self._folder, self._role = folder, role
        self._stamp = _stamp(folder)
        self._take(packs)

    @classmethod
    def open(cls, folder: Path | None, role: str) -> Library:
        """Load all packs of `folder` (None: the built-in ones).

        Raises:
            BadPack: a pack has faults; the message lists all of them.
            BadSettings: there is no pack for `role`.
        """
        folder = folder or builtin()
        packs, faults = _load(folder)
        if faults:
            raise BadPack("\n".join(["The role packs have faults:", *map(str, faults)]))
        if role not in packs:
            raise BadSettings(f"MENTORBOT_ROLE: there is no pack `{role}` in {folder}. There is: {', '.join(packs)}.")
        return cls(folder, role, packs)

    def _take(self, packs: Mapping[str, Pack]) -> None:
        self.packs = packs
        self.default = packs[self._role]
        self._search: Search | None = None

    @property
    def search(self) -> Search:
        """The search of the default pack, built at its first use."""
        if self._search is None:
            self._search = Search(self.default)
        return self._search

    def reload_if_changed(self) -> list[PackIssue]:
        """Take over what has changed on disk. With faults, which are returned and logged, the old packs stay."""
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return []
        self._stamp = stamp
        packs, faults = _load(self._folder)
        if not faults and self._role not in packs:
            faults = [PackIssue(str(self._folder), 0, f"the pack `{self._role}` is gone", "put it back")]
        if faults:
            log.error("the changed packs have faults, so the old ones stay:\n%s", "\n".join(map(str, faults)))
            return faults
        self._take(packs)
        log.info("the packs have changed and were loaded again")
        return []

    def summaries(self) -> list[dict[str, Any]]:
        """Role, title, version and counts of each pack."""
        return [
            {"role": pack.info.role, "title": pack.info.title, "version": pack.info.version, "counts": counts(pack)}
            for pack in self.packs.values()
        ]


def counts(pack: Pack) -> dict[str, int]:
    """How much a pack holds."""
    return {
        "skills": len(pack.skills),
        "tips": sum(len(tips.tips) for tips in pack.tips),
        "questions": sum(len(entry.questions) for entry in pack.interview),
        "faq": len(pack.faq),
        "milestones": sum(len(step.milestones) for step in pack.path),
    }


def _load(folder: Path) -> tuple[dict[str, Pack], list[PackIssue]]:
    folders, faults = packs_in(folder)
    loaded = [load(path) for path in folders]
    faults = faults + [fault for pack in loaded for fault in pack.faults]
    return ({} if faults else {pack.folder.name: pack.pack() for pack in loaded}), faults


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that a file has changed, cheaply."""
    files = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".md"))
    found = []
    for path in sorted(files):
        with suppress(OSError):  # it may be gone again
            about = path.stat()
            found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)
