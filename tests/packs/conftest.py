"""A small valid pack to edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.packs import scaffold


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder `<tmp>/packs/my-role`, as `mentorbot content new` writes it."""
    return scaffold.write(tmp_path / "packs", "my-role")
