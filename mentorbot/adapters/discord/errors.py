"""Translation of Discord's errors into ours, in one place."""

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
    50027: "interaction_expired",
    50035: "invalid_body",
    50083: "thread_archived",
    50278: "no_mutual_guild",
}
ALREADY_ANSWERED = "already_acknowledged"
UNANSWERABLE_CODES = {"unknown_interaction", "interaction_expired", ALREADY_ANSWERED}
"""The interaction expired, or another replica (or an earlier delivery of the same interaction) has already answered it."""
_OPENING_DMS_TOO_FAST = 40003
_OVERLOADED = 130000
# Seconds. Discord names no time when we open too many DMs, or when it blocks our address altogether.
_DEFAULT_RETRY_AFTER = 60.0


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn discord.py's errors into `RateLimited`, `TemporarySendError` or `PermanentSendError`.

    A `LoginFailure` passes through, because only the code that logs in can explain it.
    """
    try:
        yield
    except discord.LoginFailure:
        raise
    except discord.RateLimited as error:
        # discord.py raises this for one channel's limit; it waits out the one for the whole application.
        raise RateLimited(error.retry_after, channel_only=True) from error
    except discord.HTTPException as error:
        raise _from_response(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.DiscordException) as error:
        raise TemporarySendError("connection", str(error) or type(error).__name__) from error
    except RuntimeError as error:
        # aiohttp's word for it. discord.py closes its session when the gateway is closed for good.
        if "session is closed" not in str(error).lower():
            raise
        raise TemporarySendError("closed", "the connection to Discord is closed") from error


def _from_response(error: discord.HTTPException) -> RateLimited | TemporarySendError | PermanentSendError:
    if error.status == 429:
        everywhere = error.response.headers.get("X-RateLimit-Scope", "global") == "global"
        return RateLimited(_retry_after(error), channel_only=not everywhere)
    if error.code == _OPENING_DMS_TOO_FAST:
        return RateLimited(_DEFAULT_RETRY_AFTER)
    if error.status >= 500 or error.code == _OVERLOADED:
        return TemporarySendError(str(error.status), error.text)
    if error.status == 401:
        return WorkspaceRevoked("token", "the bot token isn't valid any more: copy it again from the developer portal")
    return PermanentSendError(_NAMES.get(error.code, str(error.code or error.status)), error.text)


def _retry_after(error: discord.HTTPException) -> float:
    """Seconds Discord asks us to wait."""
    try:
        return float(error.response.headers.get("Retry-After", _DEFAULT_RETRY_AFTER))
    except ValueError:
        return _DEFAULT_RETRY_AFTER
