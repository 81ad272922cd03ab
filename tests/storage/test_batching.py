"""Submissions of several tasks at the same moment are done together, and each task has its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from mentorbot.storage.batching import GroupCommit


class Doubling:
    """Doubles numbers, a group at a time; 13 is refused."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        await self.go.wait()
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


async def test_requests_during_a_group_make_up_the_next_one() -> None:
    work = Doubling()
    group = GroupCommit(work, "double")
    first = [asyncio.create_task(group.submit(number)) for number in (1, 2)]
    await asyncio.sleep(0.01)
    second = [asyncio.create_task(group.submit(number)) for number in (3, 4, 5)]
    await asyncio.sleep(0.01)
    assert work.groups == [[1, 2]]
    work.go.set()
    assert await asyncio.gather(*first, *second) == [2, 4, 6, 8, 10]
    assert work.groups == [[1, 2], [3, 4, 5]]


async def test_an_error_goes_to_the_whole_group_and_no_further() -> None:
    work = Doubling()
    work.go.set()
    group = GroupCommit(work, "double")
    together = await asyncio.gather(group.submit(1), group.submit(13), return_exceptions=True)
    assert [str(error) for error in together] == ["13", "13"]
    assert await group.submit(7) == 14


async def test_a_cancelled_request_takes_nothing_from_the_others() -> None:
    work = Doubling()
    group = GroupCommit(work, "double")
    tasks = [asyncio.create_task(group.submit(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0.01)
    tasks[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]
    work.go.set()
    assert [await tasks[0], await tasks[2]] == [2, 6]
