"""`mentorbot db …`: the database's schema and its backups on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mentorbot.cli.common import load_settings
from mentorbot.errors import EXIT_OUTAGE, DatabaseProblem

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("db")
def database() -> None:
    """Upgrade, back up and restore the database."""


@database.command("upgrade")
def upgrade() -> None:
    """Upgrade the schema to this version's. A SQLite file is backed up first."""
    from mentorbot.storage import migrations

    click.echo(f"At revision {migrations.upgrade(load_settings().database)}.")


@database.command("current")
def current() -> None:
    """Print the schema's revision.

    The exit status is 1 if this version can't use it: it's missing, older, newer or damaged.
    """
    from mentorbot.storage import DatabaseState, migrations
    from mentorbot.storage.database import parse_url

    url = load_settings().database
    parse_url(url)
    try:
        state, text, _ = migrations.examine(url)
    except DatabaseProblem as problem:
        click.echo(str(problem), err=True)
        sys.exit(EXIT_OUTAGE)
    click.echo(migrations.current(url) or "No schema yet.")
    if state is not DatabaseState.CURRENT:
        click.echo(f"This version can't use it: {text}.", err=True)
        sys.exit(EXIT_OUTAGE)


@database.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Don't ask first.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the schema back to REVISION (`base` removes everything). A SQLite file is backed up first."""
    from mentorbot.storage import migrations

    url = load_settings().database
    _ask(f"Everything that schemas after {revision} added will be deleted.", yes=yes)
    migrations.downgrade(url, revision)
    click.echo(f"At revision {migrations.current(url) or 'base'}.")


@database.command("backup")
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Copy a SQLite database to FILE while the bot keeps running. For PostgreSQL, use pg_dump."""
    from mentorbot.storage import backups

    backups.back_up(load_settings().database, file)
    days = backups.KEEP_BACKUPS.days
    click.echo(f"Backed up to {file}. People are told that backups are gone after {days} days, so delete it by then.")


@database.command("restore")
@click.argument("file", type=_FILE)
@click.option("--yes", is_flag=True, help="Don't ask first.")
def restore(file: Path, yes: bool) -> None:
    """Replace a SQLite database with the backup in FILE. Stop the bot first. For PostgreSQL, use pg_restore."""
    from mentorbot.storage import backups

    url = load_settings().database
    _ask("Everything saved since the backup was made will be gone.", yes=yes)
    kept = backups.restore(url, file)
    click.echo(f"Restored from {file}." + (f" The previous database is in {kept}." if kept else ""))


def _ask(warning: str, *, yes: bool) -> None:
    """Ask before something that can't be undone; where nobody can answer, insist on --yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{warning} Add --yes if that's what you want.")
    click.confirm(f"{warning} Go ahead?", abort=True)
