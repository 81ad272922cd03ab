"""A busy minute: everyone does something, one after the other, while a message goes out to each of them.

    SECONDS=60 PEOPLE=10000 python -m tests.benchmarks.load

`mentorbot run` is an app that 100 workspaces have installed. Of twenty people, ten type a command, five press a button, two
send a form and three write a direct message, at an even pace over the SECONDS. Everyone's check-in is due when it begins, and
goes out as fast as Slack's limits allow, unless they've checked in by then. Slack is a process of its own, and measures from the
request to the arrival of its answer. The bot has answered a question before, so what that takes is in memory.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import Connection, delete, func, insert, select, update

from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock, FrozenClock
from mentorbot.delivery.planner import Planner
from mentorbot.domain.deliveries import DeliveryState, MessageKind
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.storage.database import make_migration_engine, parse_url
from mentorbot.storage.installations import new_key
from mentorbot.storage.tables import (
    DeliveryRow,
    PersonRow,
    PersonSettingsRow,
    ScheduleRow,
    WorkspaceRow,
)
from tests.adapters.slack_adapter.server import SECRET
from tests.benchmarks.load_slack import team_id
from tests.benchmarks.people import add_learners, weekly_checkins
from tests.benchmarks.processes import free_port, mentorbot, module

SECONDS, PEOPLE, WORKSPACES = 60, 10_000, 100
MAX_DELIVERY_SECONDS = 600
"""Time for the messages after the last answer."""
KINDS = ("command", "button", "form", "direct message")
CLIENT_ID = "1.2"


@dataclass(frozen=True)
class Load:
    """Figures of a busy minute. Latencies are in milliseconds, ascending, by kind; memory is in MB."""

    latencies: dict[str, list[float]]
    lost: int
    wrong: str
    messages: int
    twice: int
    states: dict[str, int]
    delivery_seconds: float
    cpu_seconds: float
    others_cpu_seconds: float
    """Of Slack and the people, who share the machine with the bot."""
    memory_before: float
    memory_settled: float
    """After a third of the time, when everything's been done once and caches are filled. From then on it should stay."""
    memory_after: float

    def print(self) -> None:
        """Print the figures."""
        print(f"\n{'':20}{'answers':>8}{'p50':>12}{'p99':>12}{'max':>12}")
        everything = sorted(value for values in self.latencies.values() for value in values)
        for name, values in [*((kind, self.latencies.get(kind, [])) for kind in KINDS), ("all", everything)]:
            if values:
                p50, p99 = values[len(values) // 2], values[len(values) * 99 // 100]
                print(f"{name:20}{len(values):8,}{p50:9.0f} ms{p99:9.0f} ms{values[-1]:9.0f} ms")
        slow = sum(value > 1000 for value in everything)
        print(
            f"{slow:,} answers took over a second, {self.lost:,} were lost; the first wrong one: {self.wrong or 'none'}"
        )
        states = ", ".join(f"{number:,} {state}" for state, number in sorted(self.states.items()))
        print(
            f"{self.messages:,} messages went out in {self.delivery_seconds:.0f} s, {self.twice} of them twice ({states})"
        )
        print(
            f"memory {self.memory_before:.0f} MB at the start, {self.memory_settled:.0f} MB after a third of the time, "
            f"{self.memory_after:.0f} MB at the end\n"
            f"processor time: {self.cpu_seconds:.0f} s for the bot, {self.others_cpu_seconds:.0f} s for Slack and the people",
            flush=True,
        )


async def measure(seconds: float, people: int, workspaces: int) -> Load:
    """Run a busy minute of so many seconds."""
    async with AsyncExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory())
        url, key, port = f"sqlite:///{folder}/load.db", new_key(), free_port()
        await asyncio.to_thread(_add_people, url, people, workspaces)
        await _plan_messages(url, key, people, workspaces)
        slack = await running.enter_async_context(module("tests.benchmarks.load_slack"))
        env = {
            "DATABASE_URL": url, "PORT": str(port), "SLACK_API_URL": await slack.line(), "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": "a-client-secret", "MENTORBOT_TOKEN_KEY": key,
        }  # fmt: skip
        bot = await running.enter_async_context(mentorbot(env))
        minute = {"port": port, "people": people, "workspaces": workspaces, "seconds": seconds}
        await slack.ask(minute | {"warm_up": True})
        began, cpu, memory = time.monotonic(), bot.cpu_seconds(), bot.memory()
        others_cpu = slack.cpu_seconds()
        asking = asyncio.create_task(slack.ask(minute), name="busy minute")
        await asyncio.sleep(seconds / 3)
        settled = bot.memory()
        result = await asking
        states = await _settled(url)
        return Load(
            **result,
            **await slack.ask({}),
            states=states,
            delivery_seconds=time.monotonic() - began,
            cpu_seconds=bot.cpu_seconds() - cpu,
            others_cpu_seconds=slack.cpu_seconds() - others_cpu,
            memory_before=memory,
            memory_settled=settled,
            memory_after=bot.memory(),
        )


def _add_people(url: str, people: int, workspaces: int) -> None:
    """Add people with plans, spread over the workspaces."""
    learners = add_learners(url, Workspace("slack", "T0"), "L", people)
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        now = Clock().now()
        teams = [
            {"platform": "slack", "external_id": f"T{number}", "created_at": now} for number in range(1, workspaces)
        ]
        if teams:
            connection.execute(insert(WorkspaceRow), teams)
        ids = {name: number for number, name in connection.execute(select(WorkspaceRow.id, WorkspaceRow.external_id))}
        for number, user in enumerate(learners):
            _move(connection, user, ids[team_id(number, workspaces)])
    engine.dispose()


def _move(connection: Connection, user: str, workspace: int) -> None:
    of_user = select(PersonRow.id).where(PersonRow.external_id == user)
    person = connection.execute(of_user).scalar_one()
    connection.execute(update(PersonRow).where(PersonRow.id == person).values(workspace_id=workspace, name=user))
    connection.execute(
        insert(PersonSettingsRow), {"person_id": person, "direct_id": f"D{user}", "platform_zone": "UTC"}
    )


async def _plan_messages(url: str, key: str, people: int, workspaces: int) -> None:
    """Install the app everywhere, and plan a check-in of each person for now."""
    due = Clock().now().replace(second=0, microsecond=0)
    store = await Store.open(url, FrozenClock(due))
    installations, _ = store.installations(CLIENT_ID, key)
    for number in range(workspaces):
        team = f"T{number}"
        await installations.async_save(
            Installation(
                app_id="A1", user_id="U1", team_id=team, bot_token=f"xoxb-{team}", bot_id="B1", bot_user_id="UBOT"
            )
        )
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        connection.execute(delete(ScheduleRow))  # the first person's
        everyone = connection.execute(select(PersonRow.id, PersonRow.workspace_id)).all()
        connection.execute(
            insert(ScheduleRow), [weekly_checkins(person, workspace, due) for person, workspace in everyone]
        )
    engine.dispose()
    planner = Planner(store, Library.open(None, "ai-architect"), FrozenClock(due))
    while await planner.plan():
        pass
    await store.close()


async def _settled(url: str) -> dict[str, int]:
    """Wait until no check-in is on its way, and count them by their state."""
    engine, ends = make_migration_engine(parse_url(url)), time.monotonic() + MAX_DELIVERY_SECONDS
    try:
        while True:
            with engine.begin() as connection:
                # A check-in's reminder waits for tomorrow.
                checkins = select(DeliveryRow.state, func.count().label("number")).where(
                    DeliveryRow.kind == MessageKind.CHECKIN.value
                )
                states = {row.state: row.number for row in connection.execute(checkins.group_by(DeliveryRow.state))}
            if DeliveryState.PENDING not in states or time.monotonic() > ends:
                return states
            await asyncio.sleep(0.2)
    finally:
        engine.dispose()


if __name__ == "__main__":
    people = int(os.environ.get("PEOPLE", PEOPLE))
    asyncio.run(measure(float(os.environ.get("SECONDS", SECONDS)), people, min(WORKSPACES, people))).print()
