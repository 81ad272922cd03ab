"""Translation of Slack's errors into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from mentorbot.errors import (
    BadSettings,
    PermanentSendError,
    RateLimited,
    SendError,
    TemporarySendError,
    WorkspaceRevoked,
)

DEFAULT_WAIT = 30.0
"""Wait when Slack rate-limits us without a usable Retry-After header."""
# Errors that go away by themselves: https://docs.slack.dev/reference/methods/chat.postMessage#errors
_TEMPORARY = {
    "fatal_error",
    "internal_error",
    "org_login_required",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
_REVOKED = {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
_EXPLANATIONS = {
    "account_inactive": "the app was removed from the workspace: install it again",
    "cannot_dm_bot": "the bot can't write to another bot",
    "channel_not_found": "the channel is gone, or private and the bot isn't in it: /invite it there",
    "invalid_auth": "the token is wrong: copy it again from the app's page",
    "invalid_blocks": "Slack can't draw the message; this is a bug in mentorbot",
    "is_archived": "the channel is archived",
    "missing_scope": "the app lacks a scope: install it again with this version's manifest",
    "msg_blocks_too_long": "the message is too long; this is a bug in mentorbot",
    "msg_too_long": "the message is too long; this is a bug in mentorbot",
    "not_in_channel": "the bot isn't in the channel: /invite it there",
    "restricted_action": "the workspace doesn't let the bot post in this channel",
    "token_revoked": "the token was revoked: install the app again and copy the new token",
    "user_not_found": "nobody has this id in the workspace",
}
_INVITE = "I'm not in this channel. Type /invite @mentorbot, then ask again."
_ADVICE = {
    "channel_not_found": _INVITE,
    "file_uploads_disabled": "Files are turned off in this workspace.",
    "missing_scope": "To fix that, whoever installed me needs to install me again with this version's manifest.",
    "not_in_channel": _INVITE,
}


class AppRemoved(BadSettings):
    """Slack refuses the token because the app was removed from its workspace."""


def upload_advice(error: SendError) -> str:
    """Return what a person can do about a failed upload, or "" if all they can do is retry."""
    return _ADVICE.get(error.code, "")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn slack_sdk's exceptions into `RateLimited`, `TemporarySendError` or `PermanentSendError`."""
    try:
        yield
    except SlackApiError as error:
        raise _send_error(error.response) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
        raise TemporarySendError("connection", f"connection: {str(error) or type(error).__name__}") from error


def _send_error(response: object) -> SendError:
    """Choose the error for a response. One without an error code isn't Slack's: it's a proxy's page, or it was cut off."""
    if not isinstance(response, AsyncSlackResponse):
        return TemporarySendError("unreadable", "unreadable: the answer isn't JSON")
    data = response.data if isinstance(response.data, dict) else {}
    code, status = str(data.get("error") or ""), response.status_code
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return RateLimited(_retry_seconds(response.headers.get("Retry-After", "")))
    if status >= 500 or not code or code in _TEMPORARY:
        return TemporarySendError(code or str(status))
    kind = WorkspaceRevoked if code in _REVOKED else PermanentSendError
    return kind(code, f"{code}: {_EXPLANATIONS[code]}" if code in _EXPLANATIONS else code)


def _retry_seconds(header: str) -> float:
    return float(header) if header.strip().isdecimal() else DEFAULT_WAIT
