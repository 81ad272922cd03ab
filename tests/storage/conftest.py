"""A database for each test: a SQLite file, and where the wheel is there, one on a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.domain import plan_edits
from mentorbot.domain.deliveries import Delivery, Destination, MessageKind, Schedule
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.recurrence import Recurrence
from mentorbot.storage import Store, UnitOfWork, migrations
from mentorbot.storage.delivery_planning import PlannedOccurrence, Planning
from tests import postgresql

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS = Workspace("slack", "T1")
THEIRS = Workspace("slack", "T2")
TODAY = NOW.date()
ROLE = "ai-architect"
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))


async def add_step(uow: UnitOfWork, user_id: str, role: str, text: str, origin: str = "") -> PlanStep:
    """Add a step to a plan, as the command does."""
    plans = uow.learner(user_id, role).plans
    saved = await plans.get()
    plan, step = plan_edits.add(saved.plan, PlanStep(0, text, origin=origin), TODAY)
    await plans.save(saved, plan, f"add {text}")
    return step


async def mark_step(uow: UnitOfWork, user_id: str, role: str, number: int, state: StepState) -> PlanStep:
    """Change a step's state, as the commands do."""
    plans = uow.learner(user_id, role).plans
    saved = await plans.get()
    plan = plan_edits.mark(saved.plan, number, state, TODAY)
    await plans.save(saved, plan, f"{state} {number}")
    return plan.step(number)


async def active_texts(uow: UnitOfWork, user_id: str, role: str) -> list[str]:
    """The steps with something left to do, by number."""
    saved = await uow.learner(user_id, role).plans.get()
    return [step.text for step in saved.plan.active]


def channel_of(workspace: Workspace, channel_id: str = "C1", *, direct: bool = False) -> Destination:
    """A channel to post in."""
    return Destination(workspace, Channel(workspace, channel_id, "general", direct=direct))


async def person_in(uow: UnitOfWork, user_id: str, name: str = "") -> Destination:
    """A person of a workspace to write to, made if need be."""
    person = await uow.people.ensure(user_id, name or user_id)
    return Destination(uow.workspace, person_id=person.id, user_id=user_id)


async def start(
    uow: UnitOfWork, destination: Destination, kind: MessageKind = MessageKind.TIP, now: datetime = NOW - WEEK
) -> Schedule:
    """Start a schedule every Monday at nine in Berlin; unless told otherwise, its time came an hour ago."""
    return await uow.schedules.start(destination, kind, MONDAY, role=ROLE, created_by="U1", now=now)


async def new_schedule(store: Store, channel_id: str = "C1", workspace: Workspace = OURS) -> Schedule:
    """A channel's schedule whose time came an hour ago."""
    async with store.unit_of_work(workspace) as uow:
        return await start(uow, channel_of(workspace, channel_id))


async def new_checkin_schedule(store: Store, user_id: str) -> Schedule:
    """A person's check-in that was due an hour ago."""
    async with store.unit_of_work(OURS) as uow:
        return await start(uow, await person_in(uow, user_id), MessageKind.CHECKIN)


async def plan_all(store: Store, planned: list[int]) -> None:
    """Plan everything that is due, as the planner does; the schedules are added to `planned`."""
    async with store.queue.planning() as planning:
        for schedule in await planning.due(NOW, 100):
            planned.append(schedule.id)
            await add_occurrence(planning, schedule)
            await planning.advance({schedule.id: next_run(schedule) + WEEK})


async def add_occurrence(planning: Planning, schedule: Schedule) -> None:
    """Write a schedule's next delivery."""
    await planning.add([PlannedOccurrence(schedule.id, next_run(schedule), f"tip-{schedule.id}")], NOW)


def next_run(schedule: Schedule) -> datetime:
    """Give the instant a schedule runs next; it has one."""
    assert schedule.next_run_at is not None
    return schedule.next_run_at


async def new_delivery(store: Store, channel_id: str = "C1", workspace: Workspace = OURS) -> Delivery:
    """A pending delivery in a channel."""
    schedule = await new_schedule(store, channel_id, workspace)
    async with store.queue.planning() as planning:
        await add_occurrence(planning, schedule)
    ready = await store.queue.read(await store.queue.ready(NOW, [workspace.platform], 100))
    (delivery,) = (delivery for delivery in ready if delivery.schedule and delivery.schedule.id == schedule.id)
    return delivery


async def read(store: Store, delivery_id: int) -> Delivery:
    """A delivery as it is now."""
    delivery = await store.queue.get(delivery_id)
    assert delivery is not None
    return delivery


NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Makes an empty PostgreSQL database and gives its URL."""
    if not postgresql.IS_INSTALLED:
        pytest.skip(postgresql.MISSING)
    with pytest.MonkeyPatch.context() as patch:
        # The wheel keeps a lock file there, and looks for the folder once, when it's imported.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        running = postgresql.start_server(tmp_path_factory.mktemp("postgresql"))
    names = (f"test_{number}" for number in itertools.count(1))
    with running as server:
        # No test takes the machine's power away; a slow disk would hold up the end of the run for minutes.
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("SELECT pg_reload_conf();")
        yield lambda: postgresql.create_database(server, next(names))


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
