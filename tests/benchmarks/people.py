"""Ten thousand people for benchmarks, each with a plan of their own, whose first step nobody else has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from mentorbot import app
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.settings import Settings
from mentorbot.storage import migrations
from mentorbot.storage.database import make_migration_engine, parse_url
from mentorbot.storage.tables import LearnerRow, PersonRow, PlanRow, StepRow

FIRST = "0"
"""The person whose plan the others get a copy of."""
LINES = ("plan save ai-solutions-architect hours:5", "checkin settings friday 15:00 zone:Europe/Berlin")


def add_learners(url: str, workspace: Workspace, prefix: str, count: int) -> list[str]:
    """Create the database, and in it people with a plan and a time zone. Returns their ids, which begin with `prefix`."""
    migrations.upgrade(url)
    asyncio.run(_add_first(url, workspace, f"{prefix}{FIRST}"))
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # otherwise each row would be a transaction
        person = connection.execute(
            select(PersonRow.id).where(PersonRow.external_id == f"{prefix}{FIRST}")
        ).scalar_one()
        learner = connection.execute(select(LearnerRow.id).where(LearnerRow.person_id == person)).scalar_one()
        others = [{"external_id": f"{prefix}{number}"} for number in range(1, count)]
        _copy_person(connection, person, others)
        _copy(
            connection, LearnerRow.__table__, LearnerRow.id == learner, "person_id", PersonRow, PersonRow.id != person
        )
        for table, owner in ((PlanRow, PlanRow.learner_id), (StepRow, StepRow.learner_id)):
            _copy(connection, table.__table__, owner == learner, "learner_id", LearnerRow, LearnerRow.id != learner)
        # Otherwise everyone's card would be the same, and rendered once.
        user_id = (
            select(PersonRow.external_id)
            .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
            .where(LearnerRow.id == StepRow.learner_id)
            .scalar_subquery()
        )
        connection.execute(update(StepRow).where(StepRow.number == 1).values(text="The step of " + user_id + "."))
    engine.dispose()
    return [f"{prefix}{number}" for number in range(count)]


async def _add_first(url: str, workspace: Workspace, user: str) -> None:
    async def member() -> Member:
        return Member(user, user, admin=False)

    caller = Caller(Channel(workspace, "C1", "general"), user, user, member)
    async with app.open_context(Settings(database_url=url), Clock()) as context:
        for line in LINES:
            answer = await context.dispatcher.answer(CommandRequest(caller, line, forms=False))
            if not isinstance(answer, Card) or answer.error:
                raise RuntimeError(f"{line}: {answer}")


def _copy_person(connection: Connection, person: int, others: Sequence[dict[str, Any]]) -> None:
    row = connection.execute(select(PersonRow.__table__).where(PersonRow.id == person)).mappings().one()
    values = {name: value for name, value in row.items() if name != "id"}
    connection.execute(insert(PersonRow), [values | other | {"name": other["external_id"]} for other in others])


def _copy(connection: Connection, table: Any, which: Any, owner: str, owners: Any, of_others: Any) -> None:
    """Copy rows for each of the other owners."""
    assert isinstance(table, Table)
    columns = [column for column in table.columns if column.name not in ("id", owner)]
    rows = select(owners.id, *columns).select_from(owners).join(table, of_others & which)
    connection.execute(insert(table).from_select([owner, *(column.name for column in columns)], rows))


def weekly_checkins(person: int, workspace: int, due: datetime) -> dict[str, Any]:
    """Make the row of a person's check-ins, the first of them at `due`."""
    return {
        "workspace_id": workspace,
        "person_id": person,
        "kind": "checkin",
        "channel_name": "",
        "direct": True,
        "role": "ai-architect",
        "weekday": due.weekday(),
        "local_time": f"{due:%H:%M}",
        "zone": "UTC",
        "state": "active",
        "next_run_at": due,
        "created_by": "U1",
        "created_at": due - timedelta(days=1),
    }
