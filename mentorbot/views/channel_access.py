"""Advice for people where the bot can't post."""

from __future__ import annotations

_ACCESS_HELP = "I'm not allowed to post in this channel. Add me to it or let me post, then try again."
_ACCESS_HELP_BY_CODE = {
    "not_in_channel": "I'm not in this channel. Type /invite @mentorbot here, then try again.",
    "channel_not_found": "I can't see this channel, so it may be private. Type /invite @mentorbot here, then try again.",
    "is_archived": "This channel is archived. Try again in one that's in use.",
    "no_channel": "There's no channel here. Try again in the channel that should get the message.",
    "missing_access": "I can't see this channel. Give my role View Channel and Send Messages here, then try again.",
    "missing_permissions": "I can't write in this channel. Give my role Send Messages here, then try again.",
    "cannot_dm": "Your direct messages are closed to me. Open them for this server, or choose a channel.",
    "token_revoked": "I've lost access to this workspace. Ask your admin to install me again.",
    "account_inactive": "I was removed from this workspace. Ask your admin to install me again.",
}

CLOSED_TO_ME = (
    "I couldn't message you: your direct messages seem to be closed to me. Open them for this workspace or server, "
    "then choose the day again."
)
"""Advice for a person whose direct messages don't accept ours."""


def access_help(code: str) -> str:
    """Say what people can do after the platform has refused a message with `code`."""
    return _ACCESS_HELP_BY_CODE.get(code, _ACCESS_HELP)
