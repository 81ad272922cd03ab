"""The job queue on PostgreSQL: Procrastinate's jobs, each added in the same transaction as the delivery rows it's for.

The rows are the truth; a job only tells a worker to look at some of them now. So an extra job does no harm. Rows without a job
when they're due get one, be it because they were written for later or because their job was lost. Procrastinate keeps its tables
in our database; `db upgrade` creates and upgrades them.
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

from mentorbot.domain.deliveries import DeliveryState
from mentorbot.errors import DatabaseProblem
from mentorbot.storage.database import with_deadlines
from mentorbot.storage.tables import DeliveryRow, WorkspaceRow

log = logging.getLogger(__name__)

Deliver = Callable[[list[int]], Awaitable[tuple[list[int], timedelta] | None]]
"""Function that sends deliveries by id. Returns the ids that need another job and the time until then, or None."""

MAX_ENQUEUED = 1_000
"""The most deliveries that are given jobs at one time."""
JOB_SIZE = 50
"""Deliveries in one job: few enough to send within a minute, many enough to make the job cheap and fill the group commits."""
JOB_CONCURRENCY = 4
HEARTBEAT_SECONDS, STALLED_SECONDS = 5.0, 30.0
RETRY_SECONDS = 10

# Only constants of ours go into the query, never people's text.
_IDS = "SELECT jsonb_array_elements(args -> 'ids')::int FROM procrastinate_jobs WHERE"
# A due delivery either hasn't been begun, or its attempt's lease is over. In that case, a job still working on it is ignored.
_DUE = text(
    "SELECT d.id, w.platform FROM deliveries d JOIN workspaces w ON w.id = d.workspace_id "  # noqa: S608  see above
    "WHERE d.state = 'pending' AND d.merged_into IS NULL AND d.not_before <= :now AND w.platform = ANY(:platforms) "
    "AND w.removed_at IS NULL "
    f"AND d.id NOT IN ({_IDS} status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) "
    f"AND (d.begun_at IS NOT NULL OR d.id NOT IN ({_IDS} status = 'doing')) "
    "ORDER BY d.not_before, row_number() OVER (PARTITION BY d.workspace_id, d.not_before ORDER BY d.id) LIMIT :most"
)
# An arbitrary number, so it doesn't clash with another program's (https://www.postgresql.org/docs/current/explicit-locking.html).
_ENQUEUE_LOCK = text("SELECT pg_try_advisory_xact_lock(7205759403792794)")

for name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(name).setLevel(logging.WARNING)


class Jobs:
    """Job queue of one database."""

    heartbeat, stalled_after = HEARTBEAT_SECONDS, STALLED_SECONDS
    """Seconds between a worker's heartbeats, and seconds without one until other workers take its jobs."""
    drain = 600.0
    """Seconds a stopping worker gives its jobs before it cuts them off. They need far less, because each send is bounded."""

    def __init__(self, url: URL) -> None:
        address = _libpq_address(with_deadlines(url))
        self._app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=JOB_CONCURRENCY + 2))
        self._deliver = self._app.task(name="deliver", pass_context=True, retry=RetryStrategy(wait=RETRY_SECONDS))(_run)
        self._opened = False

    async def enqueue(self, session: AsyncSession, deliveries: Mapping[str, Sequence[int]]) -> None:
        """Add jobs for deliveries (ids by platform) in the transaction of `session`, to be committed or rolled back with it."""
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        for platform, ids in deliveries.items():
            jobs: list[Any] = [{"ids": list(ids[first : first + JOB_SIZE])} for first in range(0, len(ids), JOB_SIZE)]
            await self._deliver.configure(queue=platform, connection=raw).batch_defer_async(*jobs)

    async def enqueue_pending(self, session: AsyncSession, keys: Sequence[str]) -> None:
        """Add jobs for the pending deliveries among some, given by their keys.

        Workspaces take turns. A workspace's messages are sent one at a time, so a job with many workspaces waits less.
        """
        turn = func.row_number().over(partition_by=DeliveryRow.workspace_id, order_by=DeliveryRow.id)
        query = (
            select(DeliveryRow.id, WorkspaceRow.platform)
            .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.key.in_(keys), DeliveryRow.state == DeliveryState.PENDING.value)
            .order_by(turn, DeliveryRow.id)
        )
        await self.enqueue(session, _by_platform([(row[0], row[1]) for row in await session.execute(query)]))

    async def enqueue_due(self, session: AsyncSession, now: datetime, platforms: Sequence[str]) -> bool:
        """Add jobs for at most `MAX_ENQUEUED` deliveries that are due at `now` and have none. True if there may be more.

        Only one process does so at a time, because two would add the same jobs.
        """
        if not await session.scalar(_ENQUEUE_LOCK):
            return False
        rows = await session.execute(_DUE, {"now": now, "platforms": list(platforms), "most": MAX_ENQUEUED})
        due = [(int(number), str(platform)) for number, platform in rows]
        await self.enqueue(session, _by_platform(due))
        return len(due) == MAX_ENQUEUED

    async def work(self, deliver: Deliver, queues: Sequence[str]) -> None:
        """Run the ready jobs of some queues until there are none. On cancellation, begin no more and finish the ones running."""
        with _translated_errors():
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
                additional_context={"deliver": deliver, "enqueue_later": self._enqueue_later},
            )

    async def _enqueue_later(self, queue: str, ids: list[int], after: timedelta) -> None:
        delay: Any = {"seconds": after.total_seconds()}
        numbers: Any = ids
        await self._deliver.configure(queue=queue, schedule_in=delay).defer_async(ids=numbers)

    async def _rescue(self) -> None:
        """Give the jobs of a worker that was killed or cut off to others."""
        for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_after):
            log.info("a worker has stopped in the middle of job %s; it runs again", job.id)
            await self._app.job_manager.retry_job(job)

    async def _open(self) -> None:
        if not self._opened:
            await self._app.open_async()
            self._opened = True

    async def close(self) -> None:
        """Close all connections."""
        if self._opened:
            self._opened = False
            await self._app.close_async()


async def _run(context: JobContext, ids: list[int]) -> None:
    """Run one job, and add another one for deliveries it leaves unsettled."""
    functions: dict[str, Any] = context.additional_context
    unsettled = await functions["deliver"](ids)
    if unsettled is not None:
        await functions["enqueue_later"](context.job.queue, *unsettled)


def _by_platform(deliveries: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for number, platform in deliveries:
        ids.setdefault(platform, []).append(number)
    return ids


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise a `DatabaseProblem` for errors Procrastinate raises when the database is away."""
    try:
        yield
    except (ConnectorException, PoolTimeout, TimeoutError) as error:
        raise DatabaseProblem(f"The queue in the database doesn't answer: {error.__cause__ or error}") from error


def _libpq_address(url: URL) -> str:
    """Render an address as libpq reads it: SQLAlchemy writes a blank in the query as `+`, which libpq takes for a plus."""
    server, mark, query = url.set(drivername="postgresql").render_as_string(hide_password=False).partition("?")
    return server + mark + query.replace("+", "%20")
