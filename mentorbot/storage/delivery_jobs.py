"""PostgreSQL's queue of deliveries: Procrastinate's jobs, each put down in the transaction of the rows that it is about.

The rows stay the truth; a job only says that somebody should look at some of them now. So a job too many does no harm, and
rows that have none when they are due get one: what was put down for later, and what has lost its job. Procrastinate keeps its
tables in our database, made and upgraded by `db upgrade`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout
from sqlalchemy import URL, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.errors import DatabaseProblem
from mentorbot.storage.tables import DeliveryRow, WorkspaceRow

log = logging.getLogger(__name__)

Deliver = Callable[[list[int]], Awaitable[tuple[list[int], timedelta] | None]]
"""Sends deliveries, by id; those that have to be looked at again, and after how long a time."""

MAX_ENQUEUED = 1_000
"""Deliveries that get a job at one time, of those that are due and have none."""
JOB_SIZE = 50
"""Deliveries in one job: few enough to be sent within a minute, many enough to make the job itself cheap and to fill groups."""
JOB_CONCURRENCY = 4
HEARTBEAT_SECONDS, STALLED_SECONDS = 5.0, 30.0
RETRY_SECONDS = 10

# Constants of ours; nothing that anybody wrote goes into the query.
_IDS = "SELECT jsonb_array_elements(args -> 'ids')::int FROM procrastinate_jobs WHERE"
# Who is due has not been begun, or the time of the attempt is over: then a job that is still at it does not count.
_DUE = text(
    "SELECT d.id, w.platform FROM deliveries d JOIN workspaces w ON w.id = d.workspace_id "  # noqa: S608  see above
    "WHERE d.state = 'pending' AND d.merged_into IS NULL AND d.not_before <= :now AND w.platform = ANY(:platforms) "
    f"AND d.id NOT IN ({_IDS} status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) "
    f"AND (d.begun_at IS NOT NULL OR d.id NOT IN ({_IDS} status = 'doing')) "
    "ORDER BY d.not_before, row_number() OVER (PARTITION BY d.workspace_id, d.not_before ORDER BY d.id) LIMIT :most"
)
# A number of our own, so that no other program waits for us (https://www.postgresql.org/docs/current/explicit-locking.html).
_ALONE = text("SELECT pg_try_advisory_xact_lock(7205759403792794)")

for name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(name).setLevel(logging.WARNING)


class Jobs:
    """The jobs of one database."""

    heartbeat, stalled_after = HEARTBEAT_SECONDS, STALLED_SECONDS
    """Seconds between a worker's signs of life, and without one until its jobs go to others."""
    drain = 600.0
    """Seconds until jobs are cut off once there are no more to begin; far more than they need, since each send is bounded."""

    def __init__(self, url: URL) -> None:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=JOB_CONCURRENCY + 2))
        self._deliver = self._app.task(name="deliver", pass_context=True, retry=RetryStrategy(wait=RETRY_SECONDS))(_run)
        self._opened = False

    async def enqueue(self, session: AsyncSession, deliveries: Mapping[str, Sequence[int]]) -> None:
        """Put down jobs for deliveries (ids by platform) in the transaction of `session`: kept or undone with it."""
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        for platform, ids in deliveries.items():
            parts: list[Any] = [{"ids": list(ids[first : first + JOB_SIZE])} for first in range(0, len(ids), JOB_SIZE)]
            await self._deliver.configure(queue=platform, connection=raw).batch_defer_async(*parts)

    async def enqueue_pending(self, session: AsyncSession, keys: Sequence[str]) -> None:
        """The same for the pending deliveries among some, by their keys.

        The workspaces come by turns: each has its messages sent one after the other, so a job has little to wait for.
        """
        turn = func.row_number().over(partition_by=DeliveryRow.workspace_id, order_by=DeliveryRow.id)
        query = (
            select(DeliveryRow.id, WorkspaceRow.platform)
            .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.key.in_(keys), DeliveryRow.state == "pending")
            .order_by(turn, DeliveryRow.id)
        )
        await self.enqueue(session, _by_platform([(row[0], row[1]) for row in await session.execute(query)]))

    async def enqueue_due(self, session: AsyncSession, now: datetime, platforms: Sequence[str]) -> bool:
        """Jobs for at most `MAX_ENQUEUED` deliveries that are due at `now` and have none; whether there may be more.

        One process at a time does it: two would make the same jobs.
        """
        if not await session.scalar(_ALONE):
            return False
        found = await session.execute(_DUE, {"now": now, "platforms": list(platforms), "most": MAX_ENQUEUED})
        due = [(int(number), str(platform)) for number, platform in found]
        await self.enqueue(session, _by_platform(due))
        return len(due) == MAX_ENQUEUED

    async def work(self, deliver: Deliver, queues: Sequence[str]) -> None:
        """Run what is ready in some queues until nothing is; when cancelled, begin no more and finish what is being sent."""
        with _problems():
            await self._open()
            await self._rescue()
            await self._app.run_worker_async(
                queues=list(queues),
                concurrency=JOB_CONCURRENCY,
                wait=False,
                listen_notify=False,
                delete_jobs="always",  # the deliveries are the record
                install_signal_handlers=False,
                shutdown_graceful_timeout=self.drain,
                update_heartbeat_interval=self.heartbeat,
                stalled_worker_timeout=self.stalled_after,
                additional_context={"deliver": deliver, "again": self._again},
            )

    async def _again(self, queue: str, ids: list[int], after: timedelta) -> None:
        delay: Any = {"seconds": after.total_seconds()}
        numbers: Any = ids
        await self._deliver.configure(queue=queue, schedule_in=delay).defer_async(ids=numbers)

    async def _rescue(self) -> None:
        """Jobs of a worker that was killed or cut off go back to the others."""
        for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_after):
            log.info("a worker has stopped in the middle of job %s; it runs again", job.id)
            await self._app.job_manager.retry_job(job)

    async def _open(self) -> None:
        if not self._opened:
            await self._app.open_async()
            self._opened = True

    async def close(self) -> None:
        """Give all connections back."""
        if self._opened:
            self._opened = False
            await self._app.close_async()


async def _run(context: JobContext, ids: list[int]) -> None:
    """One job: what is not settled afterwards is looked at again by another one."""
    tools: dict[str, Any] = context.additional_context
    left = await tools["deliver"](ids)
    if left is not None:
        await tools["again"](context.job.queue, *left)


def _by_platform(found: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for number, platform in found:
        ids.setdefault(platform, []).append(number)
    return ids


@contextmanager
def _problems() -> Iterator[None]:
    """What Procrastinate meets when the database is away."""
    try:
        yield
    except (ConnectorException, PoolTimeout, TimeoutError) as error:
        raise DatabaseProblem(f"The queue in the database does not answer: {error.__cause__ or error}") from error
