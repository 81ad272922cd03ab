"""`mentorbot db upgrade | current | downgrade`: the database's schema on the command line."""

from __future__ import annotations

import click

from mentorbot.cli.common import load_settings


@click.group("db")
def database() -> None:
    """The database: upgrade, current, downgrade."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the schema to this version's."""
    from mentorbot.storage import migrations

    click.echo(f"At revision {migrations.upgrade(load_settings().database)}.")


@database.command("current")
def current() -> None:
    """Print the schema's revision."""
    from mentorbot.storage import migrations

    click.echo(migrations.current(load_settings().database) or "No schema yet.")


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the schema back to REVISION (`base` removes everything)."""
    from mentorbot.storage import migrations

    migrations.downgrade(load_settings().database, revision)
    click.echo(f"At revision {migrations.current(load_settings().database) or 'base'}.")
