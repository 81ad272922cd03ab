"""Whether the bot can post somewhere, and what to do where it cannot."""

from __future__ import annotations

from mentorbot.chat.platform import Channel
from mentorbot.commands.context import Context
from mentorbot.errors import PermanentSendError, Unreachable

_WAY_OUT = "I am not allowed to post in this channel. Add me to it, or give me the right to post, and try again."
_WAYS_OUT = {
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
"""What a person can do about a message of their own that could not be sent."""


def way_out(code: str) -> str:
    """What people can do where the platform has refused a message with `code`."""
    return _WAYS_OUT.get(code, _WAY_OUT)


async def must_reach(context: Context, channel: Channel) -> None:
    """Raise `Unreachable` with a way out when the bot cannot post in `channel`."""
    if context.platform is None:
        return
    try:
        await context.platform.ensure_can_post(channel)
    except PermanentSendError as fault:
        raise Unreachable(way_out(fault.code), suggestions=("tips when",)) from fault
