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
from sqlalchemy import JSON, ColumnElement, Select
from sqlalchemy.dialects import sqlite

ReadNow = Callable[[str, Sequence[object]], list[tuple[Any, ...]] | None]
"""Runs one SELECT at once; None if that's impossible just now."""


class Query:
    """A SELECT whose parameters (`bindparam`) are texts and integers. Run it with `Scope.rows`.

    `record` makes what's returned for each row from the list of its values; without it, that's a row with an attribute for each
    column.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], record: Callable[[list[Any]], Any] | None = None) -> None:
        self.statement = statement
        self._record = record

    @cached_property
    def _sql(self) -> tuple[str, Sequence[str], dict[str, Any]]:
        compiled = self.statement.compile(dialect=_DIALECT)
        return str(compiled), compiled.positiontup or (), dict(compiled.params)

    @cached_property
    def _readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """Converters from a column's values as SQLite gives them to Python's, by the column's index, where they differ."""
        readers = [_reader_of(column) for column in self.statement.selected_columns]
        return [(index, read) for index, read in enumerate(readers) if read is not None]

    @cached_property
    def _named(self) -> Callable[[list[Any]], Any]:
        row = namedtuple("row", self.statement.selected_columns.keys())  # type: ignore[misc]  # known at run time
        return row._make

    def run(self, read_now: ReadNow, parameters: dict[str, object]) -> list[Any] | None:
        """Run it on SQLite; None if it's impossible just now."""
        sql, names, fixed = self._sql
        rows = read_now(sql, [parameters[name] if name in parameters else fixed[name] for name in names])
        if rows is None:
            return None
        readers, make, made = self._readers, self._record or self._named, []
        for row in rows:
            values = list(row)
            for index, read in readers:
                values[index] = read(values[index])
            made.append(make(values))
        return made

    def records(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Make what's returned for rows that SQLAlchemy has read."""
        return rows if self._record is None else [self._record(list(row)) for row in rows]


_DIALECT = sqlite.dialect(json_deserializer=from_json)


def _reader_of(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, JSON) and not getattr(column, "nullable", True):
        return from_json  # SQLAlchemy's own takes three calls for each value
    return column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
