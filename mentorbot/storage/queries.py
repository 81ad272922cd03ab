"""Queries that people's commands make all the time: built once, and answered outside any transaction.

SQLAlchemy takes ten to twenty times as long to build such a query, and to see it through a session, as the driver takes to run
it. So a `Query` is compiled once, and a `Reader` gives it to the driver. It sees what's committed and nothing else, so on
PostgreSQL it takes one trip over the network instead of four: for a sign of life, to begin, to read and to commit.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from pydantic_core import from_json
from sqlalchemy import JSON, Dialect, Select, inspect
from sqlalchemy.orm import Mapper


class Reader(Protocol):
    """Runs single SELECTs that see what's committed."""

    dialect: Dialect

    async def rows(self, statement: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]] | None:
        """Run a SELECT written in `dialect`; None if that's impossible just now."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


class _Compiled(NamedTuple):
    """A query in the words of one dialect."""

    sql: str
    fixed: Mapping[str, Any]
    converters: Sequence[tuple[int, Callable[[Any], Any]]]
    """Converters from a column's values as the driver gives them to Python's, by the column's index, where they differ."""


class _WholeRow(NamedTuple):
    """A whole row of a table that a query selects: its columns begin at `start`."""

    start: int
    attributes: Callable[[Sequence[Any]], Any]
    """Makes a row with the attributes of the table's class from the values of its columns."""
    length: int
    key: int
    """The index of a column that's only empty if an outer join has found no row."""


class Query:
    """A SELECT whose parameters (`bindparam`) are texts and integers. Run it with `Scope.rows`.

    It selects columns and whole rows (`select(PersonRow, ...)`). `record` makes what's returned for each row from the list of its
    values; without it, that's a row with an attribute for each of them. A whole row has the attributes of its class, but can't be
    changed; in a transaction that has begun, it's an object of that class.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], record: Callable[[list[Any]], Any] | None = None) -> None:
        self.statement = statement.execution_options(populate_existing=True)
        self._record = record
        self._compiled: dict[str, _Compiled] = {}

    @cached_property
    def _named(self) -> Callable[[list[Any]], Any]:
        names = [description["name"] for description in self.statement.column_descriptions]
        row = namedtuple("row", names)  # type: ignore[misc]  # known at run time
        return row._make

    @cached_property
    def _whole_rows(self) -> Sequence[_WholeRow]:
        """The whole rows it selects, last first, so that each can be put together in place."""
        columns, start, whole = list(self.statement.selected_columns), 0, list[_WholeRow]()
        for description in self.statement.column_descriptions:
            selected = inspect(description["expr"], raiseerr=False)
            if not isinstance(selected, Mapper):
                start += 1
                continue
            own = columns[start : start + len(selected.columns)]
            row = namedtuple("row", [selected.get_property_by_column(column).key for column in own])  # type: ignore[misc]  # as above
            key = next(index for index, column in enumerate(own) if column.primary_key)
            whole.append(_WholeRow(start, row._make, len(own), start + key))
            start += len(own)
        return whole[::-1]

    async def run(self, reader: Reader, parameters: Mapping[str, object]) -> list[Any] | None:
        """Run it outside any transaction; None if it's impossible just now."""
        sql, fixed, converters = self._in(reader.dialect)
        rows = await reader.rows(sql, {**fixed, **parameters})
        if rows is None:
            return None
        make, whole_rows, made = self._record or self._named, self._whole_rows, list[Any]()
        for row in rows:
            values = list(row)
            for index, convert in converters:
                values[index] = convert(values[index])
            for start, attributes, length, key in whole_rows:
                end = start + length
                values[start:end] = [attributes(values[start:end]) if values[key] is not None else None]
            made.append(make(values))
        return made

    def records(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Make what's returned for rows that SQLAlchemy has read."""
        return rows if self._record is None else [self._record(list(row)) for row in rows]

    def _in(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._compiled:
            compiled = self.statement.compile(dialect=dialect)
            columns = enumerate(self.statement.selected_columns)
            converters = [(index, convert) for index, column in columns if (convert := _converter(column, dialect))]
            self._compiled[dialect.name] = _Compiled(str(compiled), dict(compiled.params), converters)
        return self._compiled[dialect.name]


def _converter(column: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if dialect.name == "sqlite" and isinstance(column.type, JSON) and not getattr(column, "nullable", True):
        return from_json  # SQLAlchemy's own takes three calls for each value
    convert: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return convert
