"""The door to the database: `Store.unit(workspace)` for what people do, `Store.queue` for the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from mentorbot.clock import Clock
from mentorbot.messenger import Workspace
from mentorbot.storage import migrate
from mentorbot.storage.addressees import Addressee, Learning
from mentorbot.storage.calendars import Calendars
from mentorbot.storage.checkins import CheckIns
from mentorbot.storage.database import is_sqlite, make_engine, parse_url
from mentorbot.storage.housekeeping import Housekeeping
from mentorbot.storage.learners import Learners
from mentorbot.storage.notices import Notices
from mentorbot.storage.pairs import Pairs
from mentorbot.storage.people import People
from mentorbot.storage.plans import Plans
from mentorbot.storage.privacy import Privacy
from mentorbot.storage.queue import Queue
from mentorbot.storage.recalls import Recalls
from mentorbot.storage.receipts import OwnReceipts, Receipts
from mentorbot.storage.reports import Reports
from mentorbot.storage.requests import Requests
from mentorbot.storage.schedules import Schedules
from mentorbot.storage.scope import Scope
from mentorbot.storage.trouble import problems_in_words

if TYPE_CHECKING:
    from mentorbot.storage.jobs import Jobs


class Unit:
    """One transaction in one workspace."""

    def __init__(self, scope: Scope) -> None:
        self.people = People(scope)
        self.learners = Learners(scope, self.people)
        self.plans = Plans(self.learners)
        self.checkins = CheckIns(self.learners)
        self.pairs = Pairs(scope, self.people, self.learners)
        self.recalls = Recalls(self.learners)
        self.reports = Reports(scope)
        self.privacy = Privacy(scope, self.people)
        self.schedules = Schedules(scope)
        self.receipts = OwnReceipts(scope)
        self.notices = Notices(scope, self.schedules)
        self.requests = Requests(scope)
        self.calendars = Calendars(scope)

    def know(self, to: Addressee, role: str) -> None:
        """Take somebody as they were looked up a moment ago, in this workspace: what is known of them is not read again."""
        person, learning = to.person.external_id, to.learning.get(role, Learning())
        self.people.know(to.person)
        self.plans.know(person, role, learning.plan)
        self.checkins.know(person, role, list(learning.checkins))


class Store:
    """An open database."""

    def __init__(self, url: URL, engine: AsyncEngine, clock: Clock) -> None:
        self._url, self._engine, self._clock = url, engine, clock
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self.jobs = _jobs(url)
        self.queue = Queue(self._session, self.jobs)
        self.housekeeping = Housekeeping(self._session)
        self.receipts = Receipts(self._session, self.jobs)

    @classmethod
    async def open(cls, url: str, clock: Clock, *, make: bool = True) -> Store:
        """Open the database of `url`; a SQLite file is upgraded if need be, and made, unless it is only to be looked into.

        Raises:
            DatabaseProblem: it cannot be used as it is; the message says what to do.
        """
        parsed = parse_url(url)
        await asyncio.to_thread(migrate.ready, url, make=make)
        return cls(parsed, make_engine(parsed), clock)

    async def close(self) -> None:
        """Give all connections back."""
        if self.jobs is not None:
            await self.jobs.close()
        await self._engine.dispose()

    async def ping(self) -> None:
        """Return when the database answers; raise `DatabaseProblem` when it does not."""
        async with self._session() as session:
            await session.execute(text("SELECT 1"))

    async def revision(self) -> str:
        """The schema's revision."""
        async with self._session() as session:
            return await (await session.connection()).run_sync(migrate.revision_of)

    @asynccontextmanager
    async def unit(self, workspace: Workspace) -> AsyncIterator[Unit]:
        """A transaction in `workspace`: kept when the block ends well, undone when it raises."""
        async with self._session() as session:
            yield Unit(Scope(session, workspace, self._clock.now, self.jobs))

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        """A session that connects at its first query."""
        with problems_in_words(self._url):
            async with self._sessions() as session:
                try:
                    yield session
                    await session.commit()
                except BaseException:
                    await session.rollback()
                    raise


def _jobs(url: URL) -> Jobs | None:
    """The queue of a database that has one: PostgreSQL's, whose library is an extra."""
    if is_sqlite(url):
        return None
    from mentorbot.storage.jobs import Jobs

    return Jobs(url)
