"""Waiting for child tasks."""

from __future__ import annotations

import asyncio

import pytest

from mentorbot.tasks import ChildCancelledError, join


async def _never() -> None:
    await asyncio.Event().wait()


async def test_join_returns_the_result_or_raises_the_error() -> None:
    async def number() -> int:
        return 7

    async def failing() -> int:
        raise ValueError("no")

    assert await join(asyncio.create_task(number(), name="number")) == 7
    with pytest.raises(ValueError, match="no"):
        await join(asyncio.create_task(failing(), name="failing"))


async def test_join_reports_a_cancelled_child_as_an_error() -> None:
    child = asyncio.create_task(_never(), name="child")
    asyncio.get_running_loop().call_soon(child.cancel)
    with pytest.raises(ChildCancelledError, match="child"):
        await join(child)


async def test_cancelling_the_caller_of_join_cancels_the_child() -> None:
    child = asyncio.create_task(_never(), name="child")
    parent = asyncio.create_task(join(child), name="parent")
    await asyncio.sleep(0)
    parent.cancel()
    with pytest.raises(asyncio.CancelledError):
        await parent
    assert child.cancelled()
