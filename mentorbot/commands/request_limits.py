"""Limits on how fast people may send commands, so that one person or one workspace never slows down the others."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable

from mentorbot.chat.platform import Workspace
from mentorbot.commands.context import Caller
from mentorbot.errors import TooFast
from mentorbot.slash.registry import CommandSpec

PERSON_BURST, PERSON_SECONDS = 20, 1.0
"""Commands a person may send at once, and seconds until there's room for another. Nobody types that fast."""
FILES_BURST, FILES_SECONDS = 20, 10.0
"""Imports and exports of one workspace, which cost far more than anything else people can ask for."""
FILE_COMMANDS = {"plan import", "plan export", "me export", "portfolio"}
MAX_BUCKETS = 10_000
"""People and workspaces remembered at a time. Those with all their room need no memory."""


class _Buckets:
    """A token bucket for each key (https://en.wikipedia.org/wiki/Token_bucket), kept as the moment it will be full again."""

    def __init__(self, burst: int, seconds: float, monotonic: Callable[[], float]) -> None:
        self._burst, self._seconds, self._monotonic = burst, seconds, monotonic
        self._full_at: dict[Hashable, float] = {}

    def take(self, key: Hashable) -> int:
        """Take a token and return 0, or return the whole seconds until there's one."""
        now = self._monotonic()
        full_at = max(self._full_at.get(key, now), now) + self._seconds
        if (wait := full_at - now - self._burst * self._seconds) > 0:
            return math.ceil(wait)
        if len(self._full_at) >= MAX_BUCKETS:
            self._full_at = {other: at for other, at in self._full_at.items() if at > now}
        self._full_at[key] = full_at
        return 0


class RequestLimits:
    """The limits of one process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._people = _Buckets(PERSON_BURST, PERSON_SECONDS, monotonic)
        self._files: _Buckets = _Buckets(FILES_BURST, FILES_SECONDS, monotonic)

    def take(self, caller: Caller) -> None:
        """Count a request. Raises `TooFast` if the caller has sent too many."""
        _refuse(self._people.take((caller.channel.workspace, caller.user_id)))

    def take_command(self, workspace: Workspace, command: CommandSpec) -> None:
        """Count a command that reads or makes a file. Raises `TooFast` if the workspace has sent too many."""
        if command.name in FILE_COMMANDS:
            _refuse(self._files.take(workspace))


def _refuse(seconds: int) -> None:
    if seconds:
        raise TooFast(seconds)
