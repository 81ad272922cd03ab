"""systemd's notifications: ready, stopping, and the watchdog's heartbeat while the event loop runs.

The protocol is a datagram to the socket in NOTIFY_SOCKET: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)


def notify(state: str, env: Mapping[str, str] = os.environ) -> bool:
    """Send a state such as "READY=1". False if systemd doesn't want to know, or can't be reached."""
    address = env.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.connect("\0" + address[1:] if address.startswith("@") else address)
            sender.sendall(state.encode())
    except OSError as error:
        log.warning("systemd can't be told %s: %s", state, error)
        return False
    return True


def watchdog_seconds(env: Mapping[str, str]) -> float | None:
    """Return the interval between heartbeats, half of what systemd waits for; None if this process isn't watched."""
    interval, process = env.get("WATCHDOG_USEC", ""), env.get("WATCHDOG_PID", "")
    if not interval.isdecimal() or not int(interval) or process not in ("", str(os.getpid())):
        return None
    return int(interval) / 2_000_000


@asynccontextmanager
async def running(env: Mapping[str, str] = os.environ) -> AsyncIterator[None]:
    """Tell systemd that this process is ready, that it's alive, and at the end that it stops."""
    notify("READY=1", env)
    seconds = watchdog_seconds(env)
    beating = asyncio.create_task(_beat(seconds, env), name="watchdog") if seconds else None
    try:
        yield
    finally:
        notify("STOPPING=1", env)
        if beating is not None:
            # systemd goes on watching while the process stops, so the heartbeat goes on until the loop ends.
            beating.add_done_callback(lambda task: None if task.cancelled() else task.exception())


async def _beat(seconds: float, env: Mapping[str, str]) -> None:
    while True:
        notify("WATCHDOG=1", env)
        await asyncio.sleep(seconds)
