"""Backups of a SQLite file: on request, before each change of the schema, and before a backup is restored.

PostgreSQL has its own tools, pg_dump and pg_restore.
"""

from __future__ import annotations

import itertools
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL

from mentorbot.domain.people import BACKUP_DAYS
from mentorbot.errors import DatabaseProblem, UnusableDatabase
from mentorbot.storage.database import BUSY_SECONDS, is_sqlite, make_file, parse_url, shown_url

log = logging.getLogger(__name__)
KEEP_BACKUPS = timedelta(days=BACKUP_DAYS)
"""Backups we made by ourselves are deleted after this time. Until then, what people erased is still in them."""
_SUFFIX = ".backup"
_PAGES_AT_ONCE = 1_000
"""Pages copied before others get a turn to write: about 4 MB."""


def back_up(url: str, target: Path) -> None:
    """Copy the database at `url` into a new file while others go on using it, and check the copy.

    Raises:
        UnusableDatabase: it's PostgreSQL, there's no database, or the file exists already.
        DatabaseProblem: it can't be read, or the copy can't be written.
    """
    source = _sqlite_file(url, 'pg_dump --format=custom --file=FILE "{}"')
    if target.exists():
        raise UnusableDatabase(f"{target} already exists. Choose a different name: a backup never overwrites a file.")
    _copy(source, target)


def before_change(url: URL, revision: str) -> Path:
    """Back a SQLite file up next to itself before its schema changes from `revision`. Raises `DatabaseProblem`."""
    source = Path(url.database or "")
    target = source.with_name(f"{source.name}.schema-{revision}{_SUFFIX}")
    _copy(source, target)
    log.info("the database was backed up to %s before its schema changes", target)
    return target


def restore(url: str, backup: Path) -> Path | None:
    """Replace the database at `url` by a backup. Returns the copy that's kept of what was there; None if nothing was.

    Raises:
        UnusableDatabase: it's PostgreSQL, or the backup is damaged or not ours.
        DatabaseProblem: someone is using the database, so the bot has to stop first.
    """
    target = _sqlite_file(url, 'pg_restore --clean --if-exists --no-owner --dbname="{}" FILE', must_exist=False)
    _ensure_restorable(backup)
    kept = None
    if target.exists():
        _ensure_unused(target)
        kept = _unused_name(target, "before-restore")
        target.replace(kept)  # moved as it is, since it may be damaged
    make_file(parse_url(url))
    _copy(backup, target)
    for extra in ("-wal", "-shm"):
        target.with_name(target.name + extra).unlink(missing_ok=True)
    return kept


def expire(url: URL, now: datetime) -> list[Path]:
    """Delete backups we made next to a SQLite file more than `KEEP_BACKUPS` before `now`. Returns which."""
    if not is_sqlite(url):
        return []
    file, gone = Path(url.database or ""), []
    for backup in file.parent.glob(f"{file.name}.*{_SUFFIX}"):
        if now - datetime.fromtimestamp(backup.stat().st_mtime, UTC) > KEEP_BACKUPS:
            backup.unlink(missing_ok=True)
            gone.append(backup)
            log.info("the backup %s is over %d days old and was deleted", backup, KEEP_BACKUPS.days)
    return gone


def check(file: Path) -> None:
    """Look for damage in a SQLite file, which takes about a second for each gigabyte.

    Raises:
        UnusableDatabase: it's damaged, or not a SQLite file.
        DatabaseProblem: it can't be read.
    """
    with _translated(file), closing(_open(file, read_only=True)) as connection:
        answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise UnusableDatabase(f"The database {file} is damaged ({answer}). Restore it: mentorbot db restore FILE")


def _sqlite_file(url: str, command: str, *, must_exist: bool = True) -> Path:
    """Find the file of a SQLite URL. For PostgreSQL, the error says which command to run instead."""
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        raise UnusableDatabase(f"This is for SQLite. For PostgreSQL, run: {command.format(shown_url(url))}")
    file = Path(parsed.database or "")
    if must_exist and not file.exists():
        raise UnusableDatabase(f"There's no database at {file}.")
    return file


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite file through SQLite, so that it's whole even while others write, and put it in place in one step."""
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with (
            _translated(source),
            closing(_open(source, read_only=True)) as reading,
            closing(_open(part)) as writing,
        ):
            reading.backup(writing, pages=_PAGES_AT_ONCE, sleep=0)
            writing.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file
        check(part)
        part.replace(target)
    except OSError as error:
        raise DatabaseProblem(f"The backup {target} can't be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _unused_name(target: Path, label: str) -> Path:
    """Name a copy like no other one, because whoever restores a second time needs what was there before the first."""
    names = (f"{target.name}.{label}{f'-{number}' if number else ''}{_SUFFIX}" for number in itertools.count())
    return next(path for path in map(target.with_name, names) if not path.exists())


def _ensure_restorable(backup: Path) -> None:
    if not backup.is_file():
        raise UnusableDatabase(f"There's no backup at {backup}.")
    check(backup)
    with _translated(backup), closing(_open(backup, read_only=True)) as connection:
        ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    if not ours:
        raise UnusableDatabase(f"{backup} isn't a mentorbot backup: it doesn't have our schema.")


def _ensure_unused(file: Path) -> None:
    """Raise `DatabaseProblem` if someone has the file open: SQLite only leaves WAL mode if nobody else does."""
    try:
        with closing(_open(file)) as connection:
            connection.execute("PRAGMA busy_timeout=500")
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        raise DatabaseProblem(f"The database {file} is in use. Stop the bot first, then restore.") from error
    except sqlite3.DatabaseError:
        return  # it's damaged, and so can't be in use


def _open(file: Path, *, read_only: bool = False) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(file, timeout=BUSY_SECONDS)
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise DatabaseProblem(f"The database {file}: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(
            f"The database {file} is damaged ({error}). Restore it: mentorbot db restore FILE"
        ) from error
