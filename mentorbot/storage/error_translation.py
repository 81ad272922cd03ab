"""Translation of database errors into a `DatabaseProblem` that tells the operator what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mentorbot.errors import DatabaseProblem, DeadlockRetry, UnusableDatabase
from mentorbot.storage.database import is_sqlite

_BAD_OPTION = r"invalid (?:connection option|port number|uri query parameter|[a-z_]+ value)[^\n]*"
"""libpq's words for an option it can't read: `invalid sslmode value: "bogus"`."""
_BUSY_TABLES = "Other processes keep its tables busy. Try again when there's less going on, or stop them for now."
# Patterns in the two drivers' messages, in lower case. The first match gives the advice.
_ADVICE = {
    _BAD_OPTION: "An option after the ? in DATABASE_URL can't be right: {}.",
    "deadlock": "Two processes waited for each other, and one gave way. I'm trying again; report it if it happens often.",
    "statement timeout": _BUSY_TABLES,
    "lock timeout": _BUSY_TABLES,
    "could not obtain lock": _BUSY_TABLES,
    "database is locked": "Another program keeps it locked. Close that program, or wait and try again.",
    "readonly database": "The file is read-only. Give this user the right to write to it and to its folder.",
    "unable to open database file": "The file can't be opened. Check the path and the rights on its folder.",
    "not a database": "That file isn't a SQLite database. Choose another path.",
    "malformed": "The file is damaged. Restore it from a backup.",
    "disk is full": "The disk is full. Free up some space and try again; nothing half done was saved.",
    # SQLite also says so if there is no room for its log.
    "disk i/o error": "The disk is full, or reports an error. Free up some space. If that isn't it, check the disk, and restore "
    "the file from a backup if you need to.",
    "password": "The server doesn't accept the user or the password in DATABASE_URL.",
    "pg_hba.conf": "The server doesn't allow that kind of login. Ask whoever runs it, or correct its pg_hba.conf.",
    "role ": "The server doesn't know the user in DATABASE_URL, or doesn't let them in.",
    "too many": "The server is out of connections. Raise its max_connections, or close other programs.",
    "permission denied": "The user in DATABASE_URL isn't allowed to do that. Make them the owner of the database.",
    "relation ": "Its tables are missing. Run: mentorbot db upgrade",
    "no such table": "Its tables are missing. Run: mentorbot db upgrade",
    "does not exist": "The server has no database with that name. Create it (createdb), then run: mentorbot db upgrade",
    "connection": "No server answers there. Is it running, and are the host and the port in DATABASE_URL right?",
    "resolve host": "No server answers there. Is it running, and are the host and the port in DATABASE_URL right?",
}
_PERMANENT = frozenset(
    {
        _BAD_OPTION,
        "not a database",
        "malformed",
        "password",
        "pg_hba.conf",
        "role ",
        "permission denied",
        "does not exist",
    }
)
"""Patterns of what stays that way until someone changes something."""
_BUSY = "It has more requests than it can handle right now. Try again in a minute."


@contextmanager
def translated_errors(url: URL) -> Iterator[None]:
    """Raise a `DatabaseProblem` for errors the operator can fix. Errors only we can fix pass through."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout) as error:
        pattern, advice = _advice(error)
        kind = DatabaseProblem
        if "deadlock" in str(error).lower():
            kind = DeadlockRetry
        elif pattern in _PERMANENT:
            kind = UnusableDatabase
        raise kind(f"{_database_name(url)}: {advice}") from error


def _database_name(url: URL) -> str:
    """Name the database, without its user, password and options."""
    return (
        f"The database {url.database}"
        if is_sqlite(url)
        else f"The database {url.database} on {url.host or 'this machine'}"
    )


def _advice(error: DBAPIError | PoolTimeout) -> tuple[str, str]:
    """Return the pattern that matches the driver's message ("" if none does), and what to do."""
    if isinstance(error, PoolTimeout):
        return "", _BUSY
    text = str(error.orig)
    for pattern, advice in _ADVICE.items():
        if match := re.search(pattern, text.lower()):
            return pattern, advice.format(match.group())
    return "", f"It gave an unexpected answer: {text.splitlines()[0] if text else 'no reason given'}"
