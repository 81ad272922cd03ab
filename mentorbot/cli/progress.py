"""A progress line for work that takes long, where somebody sits at a terminal and waits; silent anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Step(Protocol):
    """Counts what is done."""

    def __call__(self, result: Result, count: int = 1, /) -> Result:
        """`result` as it is, and the line `count` further."""
        ...


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Step]:
    """A line on standard error that says `what` is done, and how much of `total`; None where nobody knows."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as line:
        task = line.add_task(what, total=total)

        def step(result: Result, count: int = 1, /) -> Result:
            line.advance(task, count)
            return result

        yield step
