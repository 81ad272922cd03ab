"""The migrations make exactly the tables that the code uses, forward and back, on both databases."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import StatementError

from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import MessageKind
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store, migrations
from mentorbot.storage.tables import Base, ProcessedInteractionRow, WorkspaceRow

from .conftest import NOW, OURS, NewDatabase, add_step, channel_of
from .inspection import definitions, fill, looking_at


def test_the_code_knows_the_revisions_that_alembic_finds() -> None:
    script = ScriptDirectory(str(migrations.folder()))
    revisions = [revision.revision for revision in script.walk_revisions()]
    assert migrations.known() == tuple(reversed(revisions))
    assert script.get_heads() == [migrations.head()]


def test_upgraded_tables_are_those_of_the_code(url: str) -> None:
    with looking_at(url) as connection:
        ours = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or not name.startswith("procrastinate"),
        }
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_is_in_the_migrations_too(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Alembic's comparison does not see CHECK constraints; the database's own words do."""
    if url.startswith("sqlite"):
        other = f"sqlite:///{tmp_path / 'from_code.db'}"
    else:
        make: NewDatabase = request.getfixturevalue("new_database")
        other = make()
    with looking_at(url) as migrated, looking_at(other) as from_code:
        Base.metadata.create_all(from_code)
        wanted = definitions(from_code)
        assert len(wanted) > 40
        assert definitions(migrated) == wanted


def test_down_and_up_again(empty_url: str) -> None:
    assert migrations.current(empty_url) == ""
    assert migrations.upgrade(empty_url) == migrations.head()
    for revision in (*reversed(migrations.known()[:-1]), "base"):
        migrations.downgrade(empty_url, revision)
    assert migrations.current(empty_url) == ""
    with looking_at(empty_url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert migrations.upgrade(empty_url) == migrations.current(empty_url) == migrations.head()
    assert migrations.upgrade(empty_url) == migrations.head()


def test_an_unknown_revision_is_refused(url: str) -> None:
    with pytest.raises(DatabaseProblem, match="0001"):
        migrations.downgrade(url, "nonsense")
    assert migrations.current(url) == migrations.head()


async def test_a_newer_schema_is_refused_and_left_alone(url: str) -> None:
    with looking_at(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(DatabaseProblem, match=r"newer.*Install the newer mentorbot"):
        await Store.open(url, FrozenClock(NOW))
    for change in (migrations.upgrade, lambda at: migrations.downgrade(at, "base")):
        with pytest.raises(DatabaseProblem, match="newer"):
            change(url)
    assert migrations.current(url) == "9999"


@pytest.mark.postgresql
async def test_a_server_is_never_changed_by_opening_it(new_database: NewDatabase) -> None:
    url = new_database()
    with pytest.raises(DatabaseProblem, match="mentorbot db upgrade"):
        await Store.open(url, FrozenClock(NOW))
    assert migrations.current(url) == ""
    with looking_at(url) as connection:
        assert inspect(connection).get_table_names() == []


async def test_several_upgrade_at_once(empty_url: str) -> None:
    results = await asyncio.gather(*(asyncio.to_thread(migrations.upgrade, empty_url) for _ in range(6)))
    assert results == [migrations.head()] * 6


OPEN = """
import asyncio, sys
from mentorbot.clock import Clock
from mentorbot.chat.platform import Workspace
from mentorbot.storage import Store

async def main():
    sys.stdin.readline()
    store = await Store.open(sys.argv[1], Clock())
    async with store.unit_of_work(Workspace("local", "local")) as uow:
        await uow.interactions.remember(sys.argv[2], "{}")
    print(await store.revision())
    await store.close()

asyncio.run(main())
"""


async def test_processes_can_make_the_same_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'folder' / 'bot.db'}"
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", OPEN, url, f"of process {number}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for number in range(4)
    ]
    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    assert [(out.decode().strip(), err.decode()) for out, err in ended] == [(migrations.head(), "")] * 4
    store = await Store.open(url, FrozenClock(NOW))
    async with store.unit_of_work(OURS) as uow:
        assert await uow.people.get("you") is None
    await store.close()
    with looking_at(url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM requests")) == 4
        assert connection.scalar(text("SELECT count(*) FROM workspaces")) == 1


async def test_opening_again_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    migrations.upgrade(url)
    code = OPEN.replace("print(await store.revision())", "print('alembic' in sys.modules)")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, url, "x"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    out, _ = await process.communicate(b"go\n")
    assert out.decode().strip() == "False"


async def test_a_naive_instant_is_refused(url: str) -> None:
    naive = NOW.replace(tzinfo=None)

    with looking_at(url) as connection, pytest.raises(StatementError, match="needs a zone"):
        connection.execute(select(ProcessedInteractionRow.id).where(ProcessedInteractionRow.created_at < naive))


async def test_instants_come_back_in_utc(url: str) -> None:
    """Whatever zone they went in with, and whatever zone the server lives in."""
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    with looking_at(url) as connection:
        connection.execute(insert(WorkspaceRow).values(platform="slack", external_id="T1", created_at=tokyo))
        kept = connection.scalars(select(WorkspaceRow.created_at)).one()
    assert (kept, kept.tzinfo) == (NOW, UTC)


async def test_a_database_of_the_first_release_keeps_everything(empty_url: str) -> None:
    migrations.upgrade(empty_url, "0001")
    with looking_at(empty_url) as connection:
        fill(connection, "first_release.sql")
    migrations.upgrade(empty_url)
    store = await Store.open(empty_url, FrozenClock(NOW))
    async with store.unit_of_work(OURS) as uow:
        plan = (await uow.learner("U1", "ai-architect").plans.get()).plan
        assert [(step.number, step.text, step.state, step.due, step.origin) for step in plan.steps] == [
            (1, "an open step", "open", date(2026, 12, 1), "tip:cloud-set-a-budget-alert"),
            (2, "a done one", "done", None, ""),
            (4, "a dropped one, after one that is gone", "dropped", None, ""),
        ]
        assert (plan.next_number, plan.step(2).status_since, {step.hours for step in plan.steps}) == (
            7,
            date(2026, 11, 20),
            {1},
        )
        person, tip = await uow.people.get("U1"), await uow.schedules.get(channel_of(OURS), MessageKind.TIP)
        assert person is not None
        assert tip is not None
        assert (person.name, person.zone) == ("Ada", ZoneInfo("Europe/Berlin"))
        assert (str(tip.recurrence), tip.next_run_at) == ("Monday 09:00 Europe/Berlin", NOW + timedelta(days=7))
        assert await uow.interactions.answered("key") == "an answer"
        step = await add_step(uow, "U1", "ai-architect", "a new one")
        assert step.number == 7
    assert await store.queue.used(tip.id) == ["cloud-set-a-budget-alert"]
    await store.close()
    assert migrations.downgrade(empty_url, "0001") == "0001"
    with looking_at(empty_url) as connection:
        steps = connection.execute(text("SELECT number, state FROM plan_steps ORDER BY number")).all()
        assert [tuple(step) for step in steps] == [(1, "open"), (2, "done"), (4, "dropped"), (7, "open")]
