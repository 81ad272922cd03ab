"""Revisions of the schema, run with Alembic from the checkout or from inside the wheel. Alembic is only imported for a change."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import OperationalError

from mentorbot.errors import DatabaseProblem, UnusableDatabase
from mentorbot.storage import backups
from mentorbot.storage.database import exists, is_sqlite, make_file, make_migration_engine, parse_url
from mentorbot.storage.error_translation import translated_errors
from mentorbot.storage.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

_ADVISORY_LOCK = 0x6D656E746F72
"""Lock that lets one process at a time upgrade a PostgreSQL database. The number is arbitrary."""
LOCK_SECONDS = 2.0
"""Seconds a migration waits for a table that's in use. Meanwhile, anyone else who wants the table waits behind it.

PostgreSQL cancels an autovacuum that blocks someone after a second, and this is more:
https://www.postgresql.org/docs/current/routine-vacuuming.html
"""
PATIENCE = 60.0
"""A migration gives up after so many seconds if it hasn't had all tables at once."""
_LOCK_ERRORS = ("40P01", "55P03")
"""PostgreSQL's codes for a deadlock and for a lock that wasn't available in time:
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""
Result = TypeVar("Result")


def migration_lock(connection: Connection, work: Callable[[Callable[[], None]], Result]) -> Result:
    """Run `work` while no other process can migrate, as often as it takes. Its argument locks all tables; it calls that first.

    Raises:
        OperationalError: others kept the tables busy for `PATIENCE` seconds, or the database is locked or away.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return work(lambda: None)
    tables, until = _TableLocks(connection), time.monotonic() + PATIENCE
    while True:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        try:
            return work(tables.take)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _LOCK_ERRORS or time.monotonic() > until:
                raise
        connection.rollback()
        time.sleep(random.uniform(0.1, 1))  # noqa: S311  lets the others finish


class _TableLocks:
    """Locks on our tables and those of the queue, as far as they exist."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._busy = ""

    def take(self) -> None:
        """Wait for the table that was busy last time, then take the others without waiting."""
        ours = (name for name in inspect(self._connection).get_table_names() if _is_ours(name))
        wait = {"wait": f"{LOCK_SECONDS * 1000:.0f}ms"}
        self._connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), wait)
        option = ""
        for name in sorted(ours, key=lambda name: (name != self._busy, name)):
            self._busy = name
            self._connection.exec_driver_sql(f'LOCK TABLE "{name}" IN ACCESS EXCLUSIVE MODE{option}')
            option = " NOWAIT"


def _is_ours(name: str) -> bool:
    return name in Base.metadata.tables or name.startswith("procrastinate_")


_SET_VERSION = "COMMENT ON TABLE procrastinate_jobs IS "
_DROP = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
    LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', found.tablename); END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%'
    LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT typname FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\\_%'
    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', found.typname); END LOOP;
END $$
"""


def upgrade_queue(connection: Connection) -> None:
    """Create the queue's tables, or run the migrations they lack, in the transaction of `connection`.

    The name of the last one is saved as the comment of a table. Tables of a newer version stay as they are.
    """
    files = _queue_migrations()
    exists_already = connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is not None
    last = connection.scalar(text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")) or ""
    if not exists_already:
        _execute(connection, (resources.files("procrastinate.sql") / "schema.sql").read_text("utf-8"))
    else:
        for name in (name for name in files if name > last):
            _execute(connection, files[name])
    if not exists_already or last < max(files):
        connection.exec_driver_sql(f"{_SET_VERSION}'{max(files)}'")


def drop_queue(connection: Connection) -> None:
    """Drop the queue's tables, functions and types."""
    _execute(connection, _DROP)


def queue_is_current(connection: Connection) -> bool:
    """Check whether the queue's tables are of the installed version, or of a newer one."""
    last = connection.scalar(text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"))
    return bool(last) and last >= max(_queue_migrations())


def _queue_migrations() -> dict[str, str]:
    """Read Procrastinate's migrations by name. Sorted by name, they're in order."""
    folder = resources.files("procrastinate.sql") / "migrations"
    migrations = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".sql")}
    return dict(sorted(migrations.items()))


def _execute(connection: Connection, statements: str) -> None:
    """Run a file of many statements as it is: without parameters, psycopg sends it as a whole."""
    connection.exec_driver_sql(statements, execution_options={"no_parameters": True})


_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "_data" / "migrations", _PACKAGE.parent / "migrations")
_VERSION_TABLE = "alembic_version"
_WITH_JOBS = "0003"


def folder() -> Path:
    """Find the folder of the migrations: inside the wheel, or at the top of the checkout."""
    return next(path for path in _FOLDERS if (path / "env.py").exists())


def known() -> tuple[str, ...]:
    """List every revision this version knows, oldest first. A revision's file is `<number>_<title>.py`."""
    return tuple(sorted(path.name.partition("_")[0] for path in (folder() / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """Return the newest revision this version knows."""
    return known()[-1]


def upgrade(url: str, revision: str = "head") -> str:
    """Upgrade the schema to `revision`. Returns the revision it's at now. Raises `DatabaseProblem`."""
    from alembic import command

    target = head() if revision == "head" else revision
    return _change(url, target, lambda config: command.upgrade(config, target))


def downgrade(url: str, revision: str) -> str:
    """Downgrade the schema to `revision`. Returns the revision it's at now, "" at `base`. Raises `DatabaseProblem`."""
    from alembic import command

    return _change(url, revision, lambda config: command.downgrade(config, revision))


def current(url: str) -> str:
    """Read the revision of the schema; "" if there's none. Raises `DatabaseProblem`."""
    parsed = parse_url(url)
    if is_sqlite(parsed) and not exists(parsed):
        return ""
    with _connected(parsed) as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str:
    """Read the revision a connection's schema is at, or ""."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return ""
    # The table's name is spelled out, because a placeholder would only hide the query.
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def ready(url: str, *, make: bool = True) -> None:
    """Make sure the schema is this version's and can be written to. A SQLite file is upgraded if need be; a server never is.

    Raises:
        DatabaseProblem: the schema is newer than this version, or older on a server; or the database is locked, read-only,
            unreachable, or missing while `make` is False.
    """
    parsed = parse_url(url)
    if is_sqlite(parsed):
        if not make and not exists(parsed):
            raise UnusableDatabase(
                f"There's no database at {parsed.database} yet. Set DATABASE_URL to the one that the bot uses; "
                "mentorbot run creates one."
            )
        make_file(parsed)
    with _connected(parsed) as connection:
        at = revision_of(connection)
        if at and is_sqlite(parsed):
            _try_to_write(connection)
            _check_file(parsed)
        elif at == head():
            _refuse_older_jobs(connection)
    if at == head():
        return
    _refuse_newer(at)
    if not is_sqlite(parsed):
        stands = f"is at revision {at}" if at else "has no tables yet"
        raise DatabaseProblem(f"The database {stands}; this version needs {head()}. Run: mentorbot db upgrade")
    upgrade(url)


def _check_file(url: URL) -> None:
    """Look for damage in a SQLite file before anything is built on it. Raises `DatabaseProblem`."""
    began = time.monotonic()
    backups.check(Path(url.database or ""))
    log.info("the database file is sound (quick_check, %.1f s)", time.monotonic() - began)


class DatabaseState(Enum):
    """A database's schema compared with the one this version needs."""

    CURRENT = auto()
    MISSING = auto()
    OLDER = auto()
    NEWER = auto()


class Examination(NamedTuple):
    """A look at a database. `file` is None on a server."""

    state: DatabaseState
    text: str
    file: Path | None


def examine(url: str) -> Examination:
    """Look at a database without changing it. Raises `DatabaseProblem` if it's damaged or away."""
    parsed = parse_url(url)
    file = Path(parsed.database or "") if is_sqlite(parsed) else None
    if file is not None and exists(parsed):
        backups.check(file)
    at = current(url)
    if not at:
        return Examination(DatabaseState.MISSING, "no schema yet", file)
    if at not in known():
        return Examination(DatabaseState.NEWER, f"schema {at}, newer than this version's {head()}", file)
    if at != head():
        return Examination(DatabaseState.OLDER, f"schema {at}, this version needs {head()}", file)
    return Examination(DatabaseState.CURRENT, f"schema {at}", file)


def _refuse_older_jobs(connection: Connection) -> None:
    if not queue_is_current(connection):
        raise DatabaseProblem("The queue in the database is older than this version needs. Run: mentorbot db upgrade")


def _try_to_write(connection: Connection) -> None:
    """Raise an error if a SQLite file is locked or read-only. BEGIN IMMEDIATE alone succeeds on a read-only one."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    connection.rollback()


def _change(url: str, target: str, work: Callable[[Config], None]) -> str:
    """Run Alembic in one transaction while no other process can. It's committed as a whole, or not at all."""
    parsed = parse_url(url)
    if is_sqlite(parsed):
        make_file(parsed)
    with _connected(parsed) as connection:
        return migration_lock(connection, lambda take_tables: _change_once(connection, target, work, take_tables))


def _change_once(
    connection: Connection, target: str, work: Callable[[Config], None], take_tables: Callable[[], None]
) -> str:
    from alembic.util import CommandError

    _refuse_newer(at := revision_of(connection))
    _refuse_foreign(connection, at)
    if at != target or not _jobs_fit(connection, at):
        take_tables()
    if at and at != target and connection.dialect.name == "sqlite":
        backups.before_change(connection.engine.url, at)
    try:
        work(_config(connection))
    except CommandError as error:
        raise UnusableDatabase(f"{error}. The revisions are: base, {', '.join(known())}.") from error
    _refuse_orphans(connection)
    after = revision_of(connection)
    _change_jobs(connection, after)
    connection.commit()
    return after


def _jobs_fit(connection: Connection, at: str) -> bool:
    return connection.dialect.name != "postgresql" or at < _WITH_JOBS or queue_is_current(connection)


def _change_jobs(connection: Connection, at: str) -> None:
    """Create or drop the tables of PostgreSQL's queue, depending on whether the revision needs them."""
    if connection.dialect.name != "postgresql":
        return
    if at >= _WITH_JOBS:
        upgrade_queue(connection)
    else:
        drop_queue(connection)


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    with translated_errors(url):
        engine = make_migration_engine(url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _refuse_newer(at: str) -> None:
    if at and at not in known():
        raise UnusableDatabase(
            f"This database has the schema {at}, which is newer than this version of mentorbot knows. "
            f"Install the newer mentorbot again; or, with it, run: mentorbot db downgrade {head()}"
        )


def _refuse_foreign(connection: Connection, at: str) -> None:
    """Refuse a file that has tables but no revision: it belongs to another program."""
    tables = set(inspect(connection).get_table_names()) - {_VERSION_TABLE}
    if tables and not at and connection.dialect.name == "sqlite":
        raise UnusableDatabase(
            f"The database {connection.engine.url.database} belongs to another program: it has the table {min(tables)}. "
            "Choose another path."
        )


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise DatabaseProblem(
            "After the change some rows would have no parent, so nothing was changed. Please report this as a bug."
        )


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
