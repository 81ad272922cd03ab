"""An open database: `Store.unit_of_work(workspace)` for commands, `Store.queue` for the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.pool import QueuePool

from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.storage import backups, migrations
from mentorbot.storage.conversations import Conversations, DmWorkspaces, Drafts
from mentorbot.storage.database import ReadingEngine, ensure_in_place, file_id, is_sqlite, make_sqlite_engine, parse_url
from mentorbot.storage.deliveries import Deliveries, WorkspaceDeliveries
from mentorbot.storage.delivery_queue import DeliveryQueue
from mentorbot.storage.error_translation import translated_errors
from mentorbot.storage.interactions import ProcessedInteractions
from mentorbot.storage.language_model import LanguageModelUse
from mentorbot.storage.learners import LearnerRepository
from mentorbot.storage.maintenance import MaintenanceQueries
from mentorbot.storage.mentoring import Mentorships
from mentorbot.storage.muted_channels import MutedChannels
from mentorbot.storage.people import People
from mentorbot.storage.privacy import Privacy
from mentorbot.storage.recipients import LearningState, Recipient
from mentorbot.storage.reports import Reports
from mentorbot.storage.roles import Roles
from mentorbot.storage.schedules import Schedules
from mentorbot.storage.scope import Scope
from mentorbot.storage.sqlite import AT_ONCE
from mentorbot.storage.work_calendars import WorkCalendars
from mentorbot.storage.workspaces import Workspaces

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs
    from mentorbot.storage.installations import Installations, OAuthStates


class UnitOfWork:
    """One transaction in one workspace, with a repository for each thing stored. None of them can see another workspace.

    It begins with the first query, and a repository is made when it's asked for: most commands need one or two.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._learners: dict[tuple[str, str], LearnerRepository] = {}

    @cached_property
    def people(self) -> People:
        """The workspace's people."""
        return People(self._scope)

    @cached_property
    def roles(self) -> Roles:
        """The roles people learn."""
        return Roles(self._scope)

    @cached_property
    def mentorships(self) -> Mentorships:
        """Mentorships."""
        return Mentorships(self._scope, self.people)

    @cached_property
    def reports(self) -> Reports:
        """Figures about the workspace's learners."""
        return Reports(self._scope)

    @cached_property
    def privacy(self) -> Privacy:
        """Export and erasure of people."""
        return Privacy(self._scope, self.people)

    @cached_property
    def schedules(self) -> Schedules:
        """Recurring messages."""
        return Schedules(self._scope, self.people)

    @cached_property
    def deliveries(self) -> WorkspaceDeliveries:
        """Messages to send."""
        return WorkspaceDeliveries(self._scope, self.people)

    @cached_property
    def interactions(self) -> ProcessedInteractions:
        """Answered interactions."""
        return ProcessedInteractions(self._scope)

    @cached_property
    def drafts(self) -> Drafts:
        """Drafts too long for a control."""
        return Drafts(self._scope)

    @cached_property
    def conversations(self) -> Conversations:
        """The last minutes of conversations."""
        return Conversations(self._scope)

    @cached_property
    def dm_workspaces(self) -> DmWorkspaces:
        """The server each person's direct messages are about."""
        return DmWorkspaces(self._scope)

    @cached_property
    def language_model(self) -> LanguageModelUse:
        """People's choices about the language model, and how much it was used."""
        return LanguageModelUse(self._scope)

    @cached_property
    def calendars(self) -> WorkCalendars:
        """The workspace's days off."""
        return WorkCalendars(self._scope)

    @cached_property
    def muted_channels(self) -> MutedChannels:
        """Channels where mentions get no answer."""
        return MutedChannels(self._scope)

    @property
    def workspace(self) -> Workspace:
        """The workspace it sees."""
        return self._scope.workspace

    def learner(self, user_id: str, role: str) -> LearnerRepository:
        """Get the repository of one person as a learner for a role."""
        if (user_id, role) not in self._learners:
            self._learners[user_id, role] = LearnerRepository(self._scope, self.people, user_id, role)
        return self._learners[user_id, role]

    def prefetch(self, recipient: Recipient, role: str) -> None:
        """Provide a person as they were read a moment ago, so they aren't read again."""
        learning = recipient.learning.get(role, LearningState())
        self.people.prefetch(recipient.person)
        learner = self.learner(recipient.person.platform_user_id, role)
        learner.plans.prefetch(learning.plan)
        learner.checkins.prefetch(learning.checkins)


class Store:
    """An open database."""

    def __init__(self, url: URL, engine: ReadingEngine, clock: Clock) -> None:
        self._url, self._engine, self._clock = url, engine, clock
        self._file_id = file_id(url)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # Those of people's commands; what the scheduler does may take a while.
        self._quick_sessions = async_sessionmaker(engine.execution_options(**AT_ONCE), expire_on_commit=False)
        self.jobs = _jobs(url)
        self.queue = DeliveryQueue(self._session, self.jobs)
        self.maintenance = MaintenanceQueries(self._session)
        self.workspaces = Workspaces(self._session, url)
        self.deliveries = Deliveries(self._session, self.jobs)

    @classmethod
    async def open(cls, url: str, clock: Clock, *, make: bool = True) -> Store:
        """Open the database at `url`. A SQLite file is upgraded if need be, and created unless `make` is False.

        Raises:
            DatabaseProblem: it can't be used as it is; the message says what to do.
        """
        parsed = parse_url(url)
        await asyncio.to_thread(migrations.ready, url, make=make)
        return cls(parsed, _make_engine(parsed), clock)

    def with_clock(self, clock: Clock) -> Store:
        """Return the same database with a different clock. It shares the connections, so only the original is closed."""
        return Store(self._url, self._engine, clock)

    def installations(self, client_id: str, keys: str) -> tuple[Installations, OAuthStates]:
        """Open the installations of a Slack app that many workspaces can install; `keys` encrypt their tokens.

        Raises:
            BadSettings: one of the keys can't be right.
        """
        # Imported here so that a bot without such an app never loads Slack's SDK.
        from mentorbot.storage.installations import Installations, OAuthStates, cipher_of

        states = OAuthStates(self._engine, self._url)
        return Installations(self._engine, self._url, client_id, cipher_of(keys)), states

    async def close(self) -> None:
        """Close all connections."""
        if self.jobs is not None:
            await self.jobs.close()
        await self._engine.dispose()

    async def ping(self) -> None:
        """Return once the database answers. Raises `DatabaseProblem` if it doesn't."""
        async with self._session() as session:
            await session.execute(text("SELECT 1"))

    async def expire_backups(self) -> None:
        """Delete the backups of a SQLite file that are older than people are told."""
        await asyncio.to_thread(backups.expire, self._url, self._clock.now())

    async def trouble(self) -> str:
        """Say what's wrong with the database; "" if it answers and has this version's schema. Raises `DatabaseProblem`."""
        at, needed = await self.revision(), migrations.head()
        return "" if at == needed else f"the schema is at {at or 'nothing'}, this version needs {needed}"

    def connections(self) -> dict[str, int]:
        """Count the connections in use and those waiting to be used."""
        pool = self._engine.pool
        if not isinstance(pool, QueuePool):
            return {}
        return {"busy": pool.checkedout(), "idle": pool.checkedin()}

    async def revision(self) -> str:
        """Read the schema's revision."""
        async with self._session() as session:
            return await (await session.connection()).run_sync(migrations.revision_of)

    @asynccontextmanager
    async def unit_of_work(self, workspace: Workspace) -> AsyncIterator[UnitOfWork]:
        """Open a transaction in `workspace`. It's committed at the end of the block, or rolled back if the block raises."""
        ensure_in_place(self._url, self._file_id)
        scope = Scope(self._quick_sessions, workspace, self._clock.now, self._engine.reader, self.jobs)
        with translated_errors(self._url):
            try:
                yield UnitOfWork(scope)
            except BaseException:
                if scope.opened is not None:
                    async with scope.opened:  # which rolls back, even if this task is cancelled again
                        raise
                raise
            if scope.opened is not None:
                async with scope.opened as session:
                    await session.commit()
        if scope.erased:
            await self.workspaces.scrub()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        """Open a session that connects on its first query."""
        ensure_in_place(self._url, self._file_id)
        with translated_errors(self._url):
            async with self._sessions() as session:
                try:
                    yield session
                    await session.commit()
                except BaseException:
                    await session.rollback()
                    raise


def _make_engine(url: URL) -> ReadingEngine:
    """Make an engine that connects on first use. PostgreSQL's driver is an optional extra."""
    if is_sqlite(url):
        return make_sqlite_engine(url)
    from mentorbot.storage.postgresql import make_postgresql_engine

    return make_postgresql_engine(url)


def _jobs(url: URL) -> Jobs | None:
    """Make the job queue, which only PostgreSQL has. Its library is an optional extra."""
    if is_sqlite(url):
        return None
    from mentorbot.storage.delivery_jobs import Jobs

    return Jobs(url)
