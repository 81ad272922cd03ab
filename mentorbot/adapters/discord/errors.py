"""Discord's faults in our words, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from mentorbot.errors import PermanentSendError, RateLimited, TemporarySendError, WorkspaceRevoked

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_NAMES = {
    10003: "channel_not_found",
    10004: "guild_not_found",
    10007: "unknown_member",
    10013: "user_not_found",
    10062: "unknown_interaction",
    40060: "already_acknowledged",
    50001: "missing_access",
    50007: "cannot_dm",
    50013: "missing_permissions",
    50278: "no_mutual_guild",
}
TOO_LATE = {"unknown_interaction", "already_acknowledged"}
"""An interaction that came too late, or that somebody has answered: another replica, or we, the first time it came."""
_OPENING_TOO_FAST = 40003
_OVERLOADED = 130000
# Discord does not say how long for these: a DM too many, or an address that is held off altogether.
_PAUSE = 60.0


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what discord.py raises into `RateLimited`, `TemporarySendError` or `PermanentSendError`.

    A `LoginFailure` goes through: only who logs in can say what it means.
    """
    try:
        yield
    except discord.LoginFailure:
        raise
    except discord.RateLimited as error:
        raise RateLimited(error.retry_after) from error
    except discord.HTTPException as error:
        raise _of_answer(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.DiscordException) as error:
        raise TemporarySendError("connection", str(error) or type(error).__name__) from error


def _of_answer(error: discord.HTTPException) -> RateLimited | TemporarySendError | PermanentSendError:
    if error.status == 429:
        return RateLimited(_seconds(error))
    if error.code == _OPENING_TOO_FAST:
        return RateLimited(_PAUSE)
    if error.status >= 500 or error.code == _OVERLOADED:
        return TemporarySendError(str(error.status), error.text)
    if error.status == 401:
        return WorkspaceRevoked("token", "the bot token is not valid any more: copy it again from the developer portal")
    return PermanentSendError(_NAMES.get(error.code, str(error.code or error.status)), error.text)


def _seconds(error: discord.HTTPException) -> float:
    """How long Discord asks to wait."""
    try:
        return float(error.response.headers.get("Retry-After", _PAUSE))
    except ValueError:
        return _PAUSE
