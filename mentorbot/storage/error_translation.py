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
_BUSY_TABLES = "Other processes keep its tables busy. Try again when there is less to do, or stop them meanwhile."
# Patterns in the two drivers' messages, in lower case. The first match gives the advice.
_ADVICE = {
    _BAD_OPTION: "An option after the ? in DATABASE_URL cannot be right: {}.",
    "deadlock": "Two processes waited for each other, and one gave way. It is tried again; report it if it happens often.",
    "statement timeout": _BUSY_TABLES,
    "lock timeout": _BUSY_TABLES,
    "could not obtain lock": _BUSY_TABLES,
    "database is locked": "Another program keeps it locked. Close that program, or wait and try again.",
    "readonly database": "The file is read-only. Give this user the right to write to it and to its folder.",
    "unable to open database file": "The file cannot be opened. Check the path and the rights on its folder.",
    "not a database": "That file is not a SQLite database. Choose another path.",
    "malformed": "The file is damaged. Restore it from a backup.",
    "disk is full": "The disk is full. Make room and try again; nothing half done was kept.",
    "disk i/o error": "The disk reports a fault. Check it, and restore the file from a backup if need be.",
    "password": "The server refuses the user or the password in DATABASE_URL.",
    "pg_hba.conf": "The server lets nobody in that way. Ask the one who runs it, or correct its pg_hba.conf.",
    "role ": "The server does not know the user in DATABASE_URL, or refuses them.",
    "too many": "The server has no connection left. Raise its max_connections, or close other programs.",
    "permission denied": "The user in DATABASE_URL may not do that. Make them the owner of the database.",
    "relation ": "Its tables are not there. Run: mentorbot db upgrade",
    "no such table": "Its tables are not there. Run: mentorbot db upgrade",
    "does not exist": "The server has no database of that name. Create it (createdb), then run: mentorbot db upgrade",
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
_BUSY = "It has more requests than it can take just now. Try again in a minute."


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
    return "", f"It did not answer as it should: {text.splitlines()[0] if text else 'no reason given'}"
