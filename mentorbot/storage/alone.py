"""A change of the schema has its tables for itself, beside processes that go on working, and harms none of them.

Whoever holds one table while waiting for the next can come to stand in a circle with others, and it is PostgreSQL's choice
whom it breaks off then. So no table is waited for while another one is held.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from mentorbot.storage.tables import Table

_ADVISORY_LOCK = 0x6D656E746F72
"""Only one process upgrades a PostgreSQL database at a time; the number is ours, any would do."""
LOCK_SECONDS = 2.0
"""How long a change waits for a table that others use. Whoever asks for that table meanwhile waits behind it.

More than the second after which PostgreSQL ends an autovacuum that somebody waits for:
https://www.postgresql.org/docs/current/routine-vacuuming.html
"""
PATIENCE = 60.0
"""After so many seconds without all tables at once the change is given up."""
_GIVE_WAY = ("40P01", "55P03")
"""PostgreSQL's words for a deadlock and for a lock that was not had in time:
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

Result = TypeVar("Result")


def alone(connection: Connection, work: Callable[[Callable[[], None]], Result]) -> Result:
    """Run `work` where no other change can enter, as often as it takes; it gets what takes all tables, to be called first.

    Raises:
        OperationalError: others kept the tables busy for `PATIENCE` seconds, or the database is locked or away.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return work(lambda: None)
    tables, until = _Tables(connection), time.monotonic() + PATIENCE
    while True:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        try:
            return work(tables.take)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _GIVE_WAY or time.monotonic() > until:
                raise
        connection.rollback()
        time.sleep(random.uniform(0.1, 1))  # noqa: S311  lets the others finish


class _Tables:
    """Our tables and those of the queue, as far as they are there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._busy = ""

    def take(self) -> None:
        """Wait for the table that was busy last time; the others must be free then."""
        ours = (name for name in inspect(self._connection).get_table_names() if _is_ours(name))
        wait = {"wait": f"{LOCK_SECONDS * 1000:.0f}ms"}
        self._connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), wait)
        how = ""
        for name in sorted(ours, key=lambda name: (name != self._busy, name)):
            self._busy = name
            self._connection.exec_driver_sql(f'LOCK TABLE "{name}" IN ACCESS EXCLUSIVE MODE{how}')
            how = " NOWAIT"


def _is_ours(name: str) -> bool:
    return name in Table.metadata.tables or name.startswith("procrastinate_")
