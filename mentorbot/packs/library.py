"""The role packs of this bot. If a pack breaks while the bot runs, the last good version stays in use."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from mentorbot.errors import BadPack, BadSettings
from mentorbot.packs.issues import PackIssue
from mentorbot.packs.loader import load, packs_in
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Search
from mentorbot.packs.semantic import Embeddings

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).resolve().parent.parent
_BUILTIN = (_PACKAGE / "_data" / "content", _PACKAGE.parent / "content")


def builtin() -> Path:
    """Find the packs that come with mentorbot: inside the wheel, or at the top of the checkout."""
    return next(path for path in _BUILTIN if path.is_dir())


class Library:
    """The packs of one folder. `default` is the one for people and workspaces that have chosen no role."""

    def __init__(
        self, folder: Path, role: str, packs: Mapping[str, Pack], embeddings: Embeddings | None = None
    ) -> None:
        self._folder, self._role, self._embeddings = folder, role, embeddings
        self._fingerprint = _fingerprint(folder)
        self._searches: dict[str, Search] = {}
        self._building = Lock()
        self._use(packs)

    @classmethod
    def open(cls, folder: Path | None, role: str, semantic_model: Path | None = None) -> Library:
        """Load all packs of `folder` (None: the built-in ones), and the model that re-ranks answers, if one is set.

        Raises:
            BadPack: a pack has issues; the message lists all of them.
            BadSettings: no pack has this `role`, or there's no such model.
        """
        folder = folder or builtin()
        packs, issues = _load(folder)
        if issues:
            raise BadPack("\n".join(["The role packs have errors:", *map(str, issues)]))
        if role not in packs:
            raise BadSettings(
                f"MENTORBOT_ROLE: there's no pack `{role}` in {folder}. Choose one of: {', '.join(packs)}."
            )
        return cls(folder, role, packs, Embeddings.load(semantic_model) if semantic_model else None)

    def _use(self, packs: Mapping[str, Pack]) -> None:
        # Changed packs are loaded in a thread of their own, so what's been searched before is indexed there, too.
        searches = {role: Search(pack, self._embeddings) for role, pack in packs.items() if role in self._searches}
        self.packs, self._searches = packs, searches
        self.default = packs[self._role]

    def index(self) -> None:
        """Build the search index of every pack. It takes a moment, so a bot that's starting does it in a thread."""
        for pack in self.packs.values():
            self.search_of(pack)

    def pack(self, role: str | None) -> Pack:
        """The pack of a role; the default one if there's none, as when it was removed since someone chose it."""
        return self.packs.get(role or "", self.default)

    def other_role_in(self, text: str, pack: Pack) -> Pack | None:
        """Find the pack of a role that a text names, other than `pack`."""
        named = (
            other
            for other in self.packs.values()
            if re.search(rf"\b{re.escape(other.info.title)}s?\b", text, re.IGNORECASE)
        )
        return next((other for other in named if other.info.role != pack.info.role), None)

    @property
    def search(self) -> Search:
        """The search index of the default pack."""
        return self.search_of(self.default)

    def search_of(self, pack: Pack) -> Search:
        """The search index of a pack, built on first use since it takes a moment; whoever needs it meanwhile waits for that."""
        role = pack.info.role
        if role not in self._searches:
            with self._building:
                if role not in self._searches:
                    self._searches[role] = Search(pack, self._embeddings)
        return self._searches[role]

    def reload_if_changed(self) -> list[PackIssue]:
        """Load the packs again if a file has changed. If that finds issues, log and return them, and keep the old packs."""
        fingerprint = _fingerprint(self._folder)
        if fingerprint == self._fingerprint:
            return []
        self._fingerprint = fingerprint
        packs, issues = _load(self._folder)
        if not issues and self._role not in packs:
            issues = [PackIssue(str(self._folder), 0, f"the pack `{self._role}` is gone", "put it back")]
        if issues:
            log.error("the changed packs have errors, so the old ones stay:\n%s", "\n".join(map(str, issues)))
            return issues
        self._use(packs)
        log.info("the packs have changed and were loaded again")
        return []

    def summaries(self) -> list[dict[str, Any]]:
        """List role, title, version and counts of each pack."""
        return [
            {"role": pack.info.role, "title": pack.info.title, "version": pack.info.version, "counts": counts(pack)}
            for pack in self.packs.values()
        ]


def counts(pack: Pack) -> dict[str, int]:
    """Count the entries of a pack."""
    return {
        "skills": len(pack.skills),
        "tips": sum(len(tips.tips) for tips in pack.tips),
        "questions": sum(len(entry.questions) for entry in pack.interview),
        "faq": len(pack.faq),
        "milestones": sum(len(stage.milestones) for stage in pack.path),
    }


def _load(folder: Path) -> tuple[dict[str, Pack], list[PackIssue]]:
    folders, issues = packs_in(folder)
    loaded = [load(path) for path in folders]
    issues = issues + [issue for pack in loaded for issue in pack.issues]
    return ({} if issues else {pack.folder.name: pack.pack() for pack in loaded}), issues


def _fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """List path, modification time (ns) and size of each file: cheap to compare, and it changes when a file does."""
    files = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".md"))
    stats = []
    for path in sorted(files):
        with suppress(OSError):  # an editor may have deleted its temporary file in the meantime
            stat = path.stat()
            stats.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(stats)
