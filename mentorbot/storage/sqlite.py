"""aiosqlite, made fast for many tasks in one process.

Here, a statement makes one trip to the connection's thread. SQLAlchemy makes four: for a cursor, to run it, for the rows and to
close. On a busy bot, the trips take longer than SQLite's own work. Writers also queue for the lock here, because SQLite itself
makes connections sleep and try again, for some milliseconds each time (https://sqlite.org/c3ref/busy_timeout.html).

Measured against plain aiosqlite, in pairs: when 60 people close their check-in at once, half of them wait 0.6 times as long, and
the slowest twentieth 0.45 times (371 instead of 805 ms). A single command takes about 0.8 times as long. Delivery is as fast
either way. Queuing for the lock gains none of that without the fewer trips.

What people's commands do makes no trip at all (`AT_ONCE`): their statements take microseconds, with a write-ahead log nothing in
them waits for the disk, and a thread that holds the lock for others mustn't wait for its turn on a busy machine.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from pydantic_core import from_json
from sqlalchemy import Dialect
from sqlalchemy.dialects.sqlite import dialect

_CHUNK = 64
"""Rows per chunk in iteration: aiosqlite's default. Nothing here iterates."""
AT_ONCE = {"at_once": True}
"""Execution option of statements that are run on the event loop's own thread, unless they'd have to wait."""
COMMITS_PER_CHECKPOINT = 100
"""Commits of such statements until the write-ahead log is copied into the file, a few MB at most."""
_AUTO_CHECKPOINT_PAGES = 1_000
"""SQLite's default (https://sqlite.org/pragma.html#pragma_wal_autocheckpoint)."""


class Database:
    """A SQLite file, shared by all connections of one process. It's also the reader of short SELECTs."""

    dialect: Dialect = dialect(paramstyle="named", json_deserializer=from_json)

    def __init__(self, file: str, busy_seconds: float) -> None:
        self._file, self.busy_seconds = file, busy_seconds
        self.writing = asyncio.Lock()
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._ending: set[threading.Thread] = set()
        self._reader: sqlite3.Connection | None = None
        self._commits = 0
        self._checkpoint: asyncio.Future[None] | None = None

    async def rows(self, statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]] | None:
        """Run a short SELECT on the event loop's own thread; None if it can't be run at once, e.g. without a write-ahead log.

        That holds nobody up: it's an index look-up of one person's rows, which takes some ten microseconds, and with its
        write-ahead log SQLite never makes a reader wait for writers. A trip to another thread takes longer.
        """
        try:
            self._reader = self._reader or self._open_reader()
            return self._reader.execute(statement, values).fetchall()
        except sqlite3.Error:
            self._close_reader()
            return None  # the usual way waits for locks, and says what's wrong

    def _open_reader(self) -> sqlite3.Connection:
        address = f"{Path(self._file).absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=0, check_same_thread=False)

    def _close_reader(self) -> None:
        """Close the connection that `rows` uses. It opens again when it's needed."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def committed_at_once(self) -> None:
        """Count a commit, and now and then copy the log into the file, in the background: a commit waits for no disk.

        https://sqlite.org/wal.html#ckpt
        """
        self._commits += 1
        if self._commits >= COMMITS_PER_CHECKPOINT and (self._checkpoint is None or self._checkpoint.done()):
            self._commits = 0
            self._checkpoint = asyncio.get_running_loop().run_in_executor(None, self._copy_log)

    def _copy_log(self) -> None:
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(self._file, timeout=0, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def ending(self, thread: threading.Thread) -> None:
        """Take note of the thread of a connection that was cut off."""
        self._ending = {other for other in self._ending if other.is_alive()} | {thread}

    async def close(self) -> None:
        """Close what's still open, e.g. for a task that was cut off, and wait for the threads of what was closed so.

        They answer to the event loop, so it mustn't close first.
        """
        self._close_reader()
        if self._checkpoint is not None:
            await asyncio.wait({self._checkpoint})
        for connection in tuple(self._connections):
            connection.stop()
        for thread in self._ending:
            if thread.is_alive():
                await asyncio.to_thread(thread.join, self.busy_seconds)

    def connect(self) -> Connection:
        """Make a connection that opens when awaited, as the `async_creator` of `sqlalchemy.create_async_engine`."""
        connection = Connection(self)
        self._connections.add(connection)
        return connection

    def open(self) -> sqlite3.Connection:
        """Open a connection that waits up to `busy_seconds` for other processes."""
        return sqlite3.connect(self._file, factory=_SyncConnection, timeout=self.busy_seconds, check_same_thread=False)


class Connection(aiosqlite.Connection):
    """A connection with our own cursors. It makes no trip to commit or roll back if no transaction is open."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.open, _CHUNK)
        self._database, self._writes = database, False
        self._stopped = False
        self.has_log = False
        """True if the file has a write-ahead log, so that readers and writers don't wait for each other."""
        self._at_once, self._sent, self._arrived = False, 0, 0
        self._end: asyncio.Future[Any] | None = None
        # As SQLAlchemy does: a connection nobody has closed must not keep the process alive.
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # type: ignore[override]  # nothing to wait for
        """Make a new cursor, without a trip to the thread."""
        return Cursor(self)

    def run_at_once(self, *, at_once: bool) -> None:
        """Run what follows on the event loop's own thread, or else on the connection's."""
        at_once = at_once and self.has_log
        if at_once != self._at_once:
            self._at_once = at_once
            self._set(f"wal_autocheckpoint={0 if at_once else _AUTO_CHECKPOINT_PAGES}")
            self._set_busy_seconds(0 if at_once else self._database.busy_seconds)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a function of the driver's. If it'd have to wait, e.g. for a lock of another process, it waits in the thread."""
        call = partial(fn, *args, **kwargs)
        if not self._at_once or self._sent != self._arrived or not self._running:
            return await self._in_thread(call)
        try:
            return call()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        return await self._in_thread(partial(self._patiently, call))

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        """Run a function in the connection's thread. Even if the caller is cancelled, it ends before the next one begins."""
        self._sent += 1
        return await super()._execute(self._counted, call)  # type: ignore[no-untyped-call]  # aiosqlite's has no types

    def _counted(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            self._arrived += 1

    def _patiently(self, call: Callable[[], Any]) -> Any:
        self._set_busy_seconds(self._database.busy_seconds)
        try:
            return call()
        finally:
            self._set_busy_seconds(0)

    def _set_busy_seconds(self, seconds: float) -> None:
        self._set(f"busy_timeout={int(seconds * 1000)}")

    def _set(self, pragma: str) -> None:
        self._conn.cursor().execute(f"PRAGMA {pragma}")

    async def begin_writing(self) -> None:
        """Take the write lock until the transaction ends, which begins with the next statement. Does nothing if it's taken.

        Raises:
            sqlite3.OperationalError: others held the lock for `busy_seconds`.
        """
        if self._open:
            return
        try:
            async with asyncio.timeout(self._database.busy_seconds):
                await self._database.writing.acquire()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None
        self._set_writing(True)

    async def commit(self) -> None:
        """Commit the transaction, if any."""
        if self._open:
            await super().commit()
            if self._at_once:
                self._database.committed_at_once()
        self._let_others_write()

    async def rollback(self) -> None:
        """Roll back the transaction, if any."""
        if self._open:
            await super().rollback()
        self._let_others_write()

    async def close(self) -> None:
        """Close the file. Uncommitted changes are lost."""
        if self._connection is not None:
            self.run_at_once(at_once=False)
        await super().close()
        self._let_others_write()

    def stop(self) -> asyncio.Future[Any] | None:
        """Close without waiting. Later calls return the same future, because the thread only answers the first one."""
        self._let_others_write()
        if not self._stopped:
            self._stopped, self._end = True, super().stop()
            self._database.ending(self._thread)
        return self._end

    @property
    def _open(self) -> bool:
        """True if a transaction may be open: one whose begin was cancelled may have begun anyway."""
        return self._writes or self.in_transaction

    def _let_others_write(self) -> None:
        if self._writes:
            self._set_writing(False)
            self._database.writing.release()

    def _set_writing(self, writes: bool) -> None:
        self._writes = writes
        if isinstance(self._connection, _SyncConnection):
            self._connection.writes = writes


class Cursor:
    """The parts of an async PEP 249 cursor SQLAlchemy needs. All rows are fetched when a statement runs."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, values: Iterable[Any] = ()) -> None:
        """Run one statement and fetch its rows."""
        [result] = await self._connection.execute_fetchall(statement, values)
        self.description, self.rowcount, self.lastrowid, self._rows = result

    async def executemany(self, statement: str, values: Iterable[Iterable[Any]]) -> None:
        """Run a statement once for each of `values`."""
        async with self._connection.executemany(statement, values) as cursor:
            self.description, self.rowcount, self.lastrowid = None, cursor.rowcount, cursor.lastrowid

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: no cursor stays open."""


class _SyncConnection(sqlite3.Connection):
    """Connection whose `execute` returns one row with the cursor's whole result, so `execute_fetchall` gets all of it.

    While it `writes`, its first statement begins the transaction, which saves a trip to the thread while others wait.
    """

    writes = False

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        self._begin()
        return self.cursor(_ResultCursor).execute(statement, values)

    def executemany(self, statement: str, values: Any, /) -> sqlite3.Cursor:
        self._begin()
        return super().executemany(statement, values)

    def _begin(self) -> None:
        if self.writes and not self.in_transaction:
            self.cursor().execute("BEGIN IMMEDIATE")


class _ResultCursor(sqlite3.Cursor):
    def fetchall(self) -> list[Any]:
        rows = super().fetchall()
        return [(self.description, self.rowcount, self.lastrowid, rows)]


SCRUB_SECONDS = 5.0
"""Seconds to wait for others, so a file that's always in use holds nobody up."""
AUTO_VACUUM = "INCREMENTAL"
"""The file's mode: unused pages stay for later use, until `give_back` cuts them off."""
MIN_UNUSED_BYTES = 20_000_000
"""Unused space that's worth giving back. Less is soon in use again."""
PAGES_AT_ONCE, STEP_PAUSE_SECONDS = 500, 0.05
"""Pages given back in one transaction, about 2 MB, and the pause that gives others their turn."""
MAX_REWRITE_BYTES = 500_000_000
"""Size of the largest file that's rewritten while others use it. That takes a few seconds, and writers wait ten at most."""


def scrub(file: str, *, whole: bool) -> bool:
    """Remove deleted content from the file and its write-ahead log; False if it's in use or too large, so some may be left.

    `secure_delete` isn't enough: rows SQLite moves to another page, to balance its trees, leave copies behind. So the file is
    rewritten, unless it's so large that others would wait too long. `whole` rewrites any file.

    A file of an earlier release gives back space in small steps only once it has been rewritten.
    """
    with closing(sqlite3.connect(file, timeout=SCRUB_SECONDS, isolation_level=None)) as connection:
        rewrites = whole or Path(file).stat().st_size <= MAX_REWRITE_BYTES
        try:
            connection.execute(f"PRAGMA auto_vacuum={AUTO_VACUUM}")
            if rewrites:
                connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:  # locked, or there's no space to rewrite it
            return False
    return rewrites and not busy


def give_back(file: str) -> int:
    """Give unused pages of the file back to the disk, if they're worth it. Returns their number of bytes.

    Each step is a short transaction of its own, and others get a turn in between. If they use the file all the time, the rest is
    left for later.
    """
    given_back = 0
    with closing(sqlite3.connect(file, timeout=SCRUB_SECONDS, isolation_level=None)) as connection:
        page_bytes, before = _pragma(connection, "page_size"), _pragma(connection, "freelist_count")
        if before * page_bytes < MIN_UNUSED_BYTES:
            return 0
        connection.execute("PRAGMA secure_delete=ON")
        try:
            while unused := _pragma(connection, "freelist_count"):
                # `execute` would stop at the first page: it takes a step that returns no columns for the last one.
                connection.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
                left = _pragma(connection, "freelist_count")
                if left >= unused:
                    break  # the file was made by an earlier release, or others have freed more than we gave back
                given_back += unused - left
                time.sleep(STEP_PAUSE_SECONDS)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:  # locked, or there's no space for the log
            pass
    return given_back * page_bytes


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
