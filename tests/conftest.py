"""Markers and databases all the tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mentorbot.chat.cards import Buttons, Card, ChartImage, FileBlock
from mentorbot.chat.plain_text import plain_text
from mentorbot.packs import library
from mentorbot.packs.issues import PackIssue
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Search
from mentorbot.packs.semantic import Embeddings
from mentorbot.storage import migrations

_ONLINE = ("adapters", "benchmarks", "cli", "resilience", "storm", "year", "test_app.py")
"""Folders and files in here whose tests start servers or processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests as `slow`, `serverless` and `fast`, as pyproject.toml describes these markers."""
    for item in items:
        folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):  # such a test runs a hundred times
            item.add_marker(pytest.mark.slow)
        if folder not in _ONLINE and not _has_marker(item, "browser", "postgresql", "slow"):
            item.add_marker(pytest.mark.serverless)
            if folder != "storage" and "migrated_sqlite" not in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.fast)


def _has_marker(item: pytest.Item, *names: str) -> bool:
    return any(item.get_closest_marker(name) for name in names)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables and no rows, to copy; migrating a new file takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session", autouse=True)
def shared_packs() -> Iterator[None]:
    """Read and index each pack once for all tests: that takes longer than most of them, and neither ever changes."""
    loaded: dict[object, tuple[dict[str, Pack], list[PackIssue]]] = {}
    made: dict[tuple[str, int], Search] = {}

    def load(folder: Path) -> tuple[dict[str, Pack], list[PackIssue]]:
        key = library._fingerprint(folder)
        if key not in loaded:
            loaded[key] = read(folder)
        packs, issues = loaded[key]
        return dict(packs), list(issues)

    def search(pack: Pack, embeddings: Embeddings | None = None) -> Search:
        key = (pack.model_dump_json(), id(embeddings) if embeddings else 0)
        if key not in made:
            made[key] = Search(pack, embeddings)
        return made[key]

    read = library._load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "_load", load)
        patch.setattr(library, "Search", search)
        yield


def line_count(card: Card) -> int:
    """Count the lines of a card as plain text shows it; a row of buttons is one, and images and files are none."""
    texts = [block for block in card.blocks if not isinstance(block, Buttons | ChartImage | FileBlock)]
    rows = sum(isinstance(block, Buttons) for block in card.blocks)
    text = plain_text(Card(card.title, tuple(texts)))
    return sum(bool(line.strip()) for line in text.splitlines()) + rows
