"""A progress line for long work: shown to someone waiting at a terminal, silent anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Advance(Protocol):
    """Advances the progress line. It returns `result`, so it can wrap the call it counts."""

    def __call__(self, result: Result, count: int = 1, /) -> Result:
        """Count `count` more items as done, and return `result` unchanged."""
        ...


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """Show a line on standard error while `what` is running. `total` is the number of items, None if it isn't known."""
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

        def advance(result: Result, count: int = 1, /) -> Result:
            line.advance(task, count)
            return result

        yield advance
