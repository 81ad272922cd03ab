"""An order for things that require each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import Any, TypeVar

Key = TypeVar("Key", int, str)


def in_order(requires: Mapping[Key, Iterable[Key]], rank: Callable[[Key], Any]) -> Iterator[Key]:
    """List the keys of `requires`: what each requires comes before it, and otherwise the lowest rank, then the mapping's order.

    Keys that require each other in a cycle, and those that build on them, are left out.
    """
    position = {key: index for index, key in enumerate(requires)}
    sorter = TopologicalSorter(requires)
    with suppress(CycleError):  # the sorter still gives everything before the cycle
        sorter.prepare()
    ready: list[tuple[Any, int, Key]] = []
    while sorter.is_active():
        for key in sorter.get_ready():
            heappush(ready, (rank(key), position[key], key))
        if not ready:
            return
        key = heappop(ready)[2]
        yield key
        sorter.done(key)
