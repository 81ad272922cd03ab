"""Queries that people's commands make all the time: built once, and on SQLite answered here and now.

SQLAlchemy takes twenty times as long to build such a query, and to take it to a thread and back, as SQLite takes to answer it. So
on SQLite a `Query` is compiled once and run on the event loop's own thread. That holds nobody up: each is an index look-up of one
person's rows, which takes some ten microseconds, and with its write-ahead log SQLite never makes a reader wait for writers.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

ReadNow = Callable[[str, Sequence[object]], list[tuple[Any, ...]] | None]
"""Runs one SELECT at once; None if that's impossible just now."""


class Query:
    """A SELECT whose parameters (`bindparam`) are texts and integers. Run it with `Scope.rows`."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement

    @cached_property
    def _sql(self) -> tuple[str, Sequence[str], dict[str, Any]]:
        compiled = self.statement.compile(dialect=_DIALECT)
        return str(compiled), compiled.positiontup or (), dict(compiled.params)

    @cached_property
    def _make_row(self) -> Callable[[tuple[Any, ...]], Any]:
        columns = self.statement.selected_columns
        row = namedtuple("row", columns.keys())  # type: ignore[misc]  # the columns are known at run time
        processors = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns]
        changed = [(index, process) for index, process in enumerate(processors) if process is not None]

        def make(values: tuple[Any, ...]) -> Any:
            fields = list(values)
            for index, process in changed:
                fields[index] = process(fields[index])
            return row._make(fields)

        return make

    def run(self, read_now: ReadNow, parameters: dict[str, object]) -> list[Any] | None:
        """Run it on SQLite. Returns rows with an attribute for each column; None if it's impossible just now."""
        sql, names, fixed = self._sql
        rows = read_now(sql, [parameters[name] if name in parameters else fixed[name] for name in names])
        return None if rows is None else [self._make_row(row) for row in rows]


_DIALECT = sqlite.dialect(json_deserializer=from_json)
