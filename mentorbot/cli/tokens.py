"""`mentorbot tokens`: the keys that encrypt the tokens of workspaces that have installed the Slack app."""

from __future__ import annotations

import asyncio

import click

from mentorbot.cli.common import load_settings
from mentorbot.clock import Clock
from mentorbot.errors import BadSettings


@click.group()
def tokens() -> None:
    """Make and replace the key that encrypts workspaces' tokens."""


@tokens.command("new-key")
def new_key() -> None:
    """Print a new key for MENTORBOT_TOKEN_KEY."""
    from mentorbot.storage.installations import new_key as make_key

    click.echo(make_key())


@tokens.command("reencrypt")
@click.pass_obj
def reencrypt(clock: Clock) -> None:
    """Encrypt all tokens with the newest key.

    To replace a key: put the new one first (MENTORBOT_TOKEN_KEY=new,old), restart, run this, then remove the old one.
    """
    from mentorbot.settings import Settings
    from mentorbot.storage import Store

    async def run(settings: Settings) -> int:
        store = await Store.open(settings.database, clock, make=False)
        try:
            installations, _ = store.installations(settings.slack_client_id, settings.token_key.get_secret_value())
            return await installations.reencrypt()
        finally:
            await store.close()

    settings = load_settings()
    if not (settings.slack_client_id and settings.token_key):
        raise BadSettings("Set SLACK_CLIENT_ID and MENTORBOT_TOKEN_KEY first.")
    count = asyncio.run(run(settings))
    click.echo(f"Encrypted the tokens of {count} workspace{'' if count == 1 else 's'} with the newest key.")
