"""Slack's part of `mentorbot doctor`: tokens, scopes, and access to the channels that get messages."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from mentorbot.adapters.findings import Finding, Level, examine_clock
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.manifest import ESSENTIAL, SCOPES, missing_scopes
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient, granted_scopes
from mentorbot.chat.platform import Channel
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError, SendError
from mentorbot.settings import Settings

_COPY_BOT = "Copy it again from your Slack app's page, under OAuth & Permissions."
_COPY_APP_LEVEL = "Copy it again from your Slack app's page, Basic Information. It needs the scope connections:write."
_REINSTALL = "Update the app with `mentorbot manifest slack` and install it to the workspace again."
_INVITE = "Invite the bot there (/invite @mentorbot), or choose another channel."


async def examine(settings: Settings, channels: Sequence[Channel], clock: Clock) -> list[Finding]:
    """Check everything about Slack that can be checked without starting the bot."""
    client = SlackClient(settings.slack_bot_token.get_secret_value(), settings.slack_base)
    await client.open()
    try:
        findings = [await examine_clock("Slack", settings.slack_base + "api.test", clock)]
        try:
            with translated_errors():
                identity = await client.auth_test()
        except SendError as error:
            return [*findings, _refused("SLACK_BOT_TOKEN", error, _COPY_BOT)]
        name = f"{identity.get('user') or 'the bot'} in {identity.get('team') or identity.get('team_id')}"
        findings += [Finding("slack token", Level.OK, name), _scopes(identity), await _requests(client, settings)]
        platform = SlackPlatform(client)
        return findings + [await _channel(platform, channel) for channel in channels]
    finally:
        await client.close()


def _refused(variable: str, error: SendError, fix: str) -> Finding:
    if isinstance(error, PermanentSendError):
        return Finding("slack token", Level.FAIL, f"Slack refuses {variable} ({error.code})", fix)
    return Finding("slack", Level.FAIL, f"no usable answer ({error.code})", "Check SLACK_API_URL and the network.")


def _scopes(identity: AsyncSlackResponse) -> Finding:
    """Compare the scopes the token has with those the manifest asks for. The bot runs without the others, and does less."""
    granted = granted_scopes(identity)
    if not granted:
        return Finding("slack scopes", Level.WARN, "Slack doesn't say which scopes the token has", _REINSTALL)
    if missing := missing_scopes(granted):
        level = Level.FAIL if ESSENTIAL & missing.keys() else Level.WARN
        lost = "; ".join(f"{scope} ({what_for})" for scope, what_for in missing.items())
        return Finding("slack scopes", level, f"missing: {lost}", _REINSTALL)
    return Finding("slack scopes", Level.OK, f"all {len(SCOPES)}")


async def _requests(client: SlackClient, settings: Settings) -> Finding:
    """Check how requests come in. A signing secret can't be checked from here."""
    if not settings.slack_app_token:
        if settings.slack_signing_secret:
            return Finding("slack requests", Level.OK, f"signed HTTP on {settings.host}:{settings.port}")
        fix = "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP)."
        return Finding("slack requests", Level.FAIL, "nothing can come in", fix)
    try:
        with translated_errors():
            await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SendError as error:
        return _refused("SLACK_APP_TOKEN", error, _COPY_APP_LEVEL)
    return Finding("slack requests", Level.OK, "Socket Mode")


async def _channel(platform: SlackPlatform, channel: Channel) -> Finding:
    try:
        await platform.ensure_can_post(channel)
    except SendError as error:
        return Finding("slack channel", Level.FAIL, f"{channel.name or channel.id}: {error}", _INVITE)
    return Finding("slack channel", Level.OK, channel.name or channel.id)
