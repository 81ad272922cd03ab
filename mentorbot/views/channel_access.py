"""Advice for people where the bot can't post."""

from __future__ import annotations

_ACCESS_HELP = "I am not allowed to post in this channel. Add me to it, or give me the right to post, and try again."
_ACCESS_HELP_BY_CODE = {
    "not_in_channel": "I am not in this channel. Type /invite @mentorbot here, then try again.",
    "channel_not_found": "I cannot see this channel; it may be private. Type /invite @mentorbot here, then try again.",
    "is_archived": "This channel is archived. Choose a channel that is in use and try again there.",
    "no_channel": "There is no channel here. Type this in the channel that should get the tip.",
    "missing_access": "I cannot see this channel. Give my role the right to view it, in the channel's settings, and try again.",
    "missing_permissions": "I am not allowed to write in this channel. Give my role the right to, and try again.",
    "cannot_dm": "Your direct messages are closed to me. Open them for this server, or choose a channel.",
    "token_revoked": "My access to this workspace was taken away. Whoever runs me must install me again.",
    "account_inactive": "I was removed from this workspace. Whoever runs me must install me again.",
}

CLOSED_TO_ME = (
    "I could not write to you: your direct messages seem to be closed to me. Open them for this workspace or server, "
    "then choose the day again, and I go on."
)
"""Advice for a person whose direct messages don't accept ours."""


def access_help(code: str) -> str:
    """Say what people can do after the platform has refused a message with `code`."""
    return _ACCESS_HELP_BY_CODE.get(code, _ACCESS_HELP)
