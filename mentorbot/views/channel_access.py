"""Advice for people where the bot can't post. It fits the platform: on Discord, nobody can /invite anyone."""

from __future__ import annotations

_GRANT = "Give my role View Channel and Send Messages"
_ACCESS_HELP = "I'm not allowed to post in this channel. Add me to it or let me post, then try again."
_ON_DISCORD = f"I'm not allowed to post in this channel. {_GRANT} here, then try again."
_ACCESS_HELP_BY_CODE = {
    "not_in_channel": "I'm not in this channel. Type /invite @mentorbot here, then try again.",
    "channel_not_found": "I can't see this channel, so it may be private. Type /invite @mentorbot here, then try again.",
    "is_archived": "This channel is archived. Try again in one that's in use.",
    "thread_archived": "This thread is archived. Reopen it, then try again.",
    "no_channel": "There's no channel here. Try again in the channel that should get the message.",
    "missing_access": f"I can't see this channel. {_GRANT} here, then try again.",
    "missing_permissions": "I can't write in this channel. Give my role Send Messages here, then try again.",
    "cannot_dm": "Your direct messages are closed to me. Open them for this server, or choose a channel.",
    "token_revoked": "I've lost access to this workspace. Ask your admin to install me again.",
    "account_inactive": "I was removed from this workspace. Ask your admin to install me again.",
}
_DISCORD_HELP_BY_CODE = {
    "channel_not_found": f"I can't see this channel. {_GRANT} here, then try again.",
    "not_in_channel": f"I can't see this channel. {_GRANT} here, then try again.",
    "token_revoked": "I've lost access to this server. Ask your admin to invite me again.",
}
_NOTICE = "I'm not allowed to post there. Add me to the channel or let me post."
_NOTICE_ON_DISCORD = f"I'm not allowed to post there. {_GRANT}."
_NOTICES = {
    "not_in_channel": "I'm not in it any more. Type /invite @mentorbot there.",
    "channel_not_found": "It's gone, or I'm not in it any more. Type /invite @mentorbot there.",
    "is_archived": "It's archived. Choose a channel that's in use.",
    "thread_archived": "It's an archived thread. Reopen it, or choose another channel.",
    "missing_access": f"I can't see it any more. {_GRANT} there.",
    "missing_permissions": f"{_GRANT} there.",
    "restricted_action": "Only some people may post there. Ask whoever manages the channel to let me.",
}
_DISCORD_NOTICES = {
    "channel_not_found": f"It's gone, or I can't see it any more. {_GRANT} there.",
    "not_in_channel": f"I can't see it any more. {_GRANT} there.",
}

CLOSED_DM_CODES = frozenset({"cannot_dm", "no_mutual_guild"})
"""Discord's reasons when someone's direct messages are closed; a private thread can stand in for them."""
CLOSED_TO_ME = (
    "I couldn't message you: your direct messages seem to be closed to me. Open them for this workspace or server, "
    "then choose the day again."
)
"""Advice for a person whose direct messages don't accept ours."""


def access_help(code: str, platform: str) -> str:
    """Say what people can do in the channel they're in, after the platform has refused a message with `code`."""
    if platform == "discord":
        return _DISCORD_HELP_BY_CODE.get(code) or _ACCESS_HELP_BY_CODE.get(code, _ON_DISCORD)
    return _ACCESS_HELP_BY_CODE.get(code, _ACCESS_HELP)


def access_notice(code: str, platform: str) -> str:
    """Say why a message didn't reach a channel and what to do there, for someone who's reading it elsewhere."""
    if platform == "discord":
        return _DISCORD_NOTICES.get(code) or _NOTICES.get(code, _NOTICE_ON_DISCORD)
    return _NOTICES.get(code, _NOTICE)
