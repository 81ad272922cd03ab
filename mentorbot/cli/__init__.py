"""The `mentorbot` command. Each subcommand imports what it needs when it's called, so that `--help` answers at once.

Exit status: 0 done, 1 it didn't work but may the next time, 2 it can't work until someone changes something: the command line, a
setting, a pack or the database. The reason is printed. A supervisor needn't restart after a 2.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mentorbot import __version__
from mentorbot.cli.common import AS_JSON, load_settings, print_json, run_async, without_garbage_collection
from mentorbot.cli.content import content
from mentorbot.cli.data import data
from mentorbot.cli.database import database
from mentorbot.cli.deliveries import deliveries
from mentorbot.cli.doctor import doctor
from mentorbot.cli.llm import llm
from mentorbot.cli.tokens import tokens
from mentorbot.clock import Clock, FrozenClock
from mentorbot.errors import OperatorError


class _Commands(click.Group):
    """A group whose commands print an operator's error as one message, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_status)


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="mentorbot")
@click.pass_context
def main(context: click.Context) -> None:
    """A mentor in your team's chat: answers with sources, a plan that fits your week, one useful nudge.

    New here? `mentorbot demo` opens it in your browser. You don't need an account.
    """
    context.obj = context.obj or Clock()  # a test passes its own


main.add_command(content)
main.add_command(data)
main.add_command(database)
main.add_command(deliveries)
main.add_command(doctor)
main.add_command(llm)
main.add_command(tokens)


def _parse_instant(text: str) -> datetime:
    """Read an ISO 8601 time; UTC when it has no zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} isn't a time. Try 2026-12-01T09:00 or 2026-12-01T09:00+01:00.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


_AT = click.option(
    "--at",
    type=_parse_instant,
    metavar="ISO-TIME",
    help="Pretend it's this time (ISO 8601; UTC unless you add a zone).",
)


@main.command()
@click.option(
    "--port", default=8420, show_default=True, type=click.IntRange(0, 65_535), help="Port of the page on this machine."
)
@click.option("--no-browser", is_flag=True, help="Don't open the page.")
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="Save the data in this SQLite file.")
@click.pass_obj
def demo(clock: Clock, port: int, no_browser: bool, db: Path | None) -> None:
    """Try the whole bot in your browser, without an account.

    It forgets everything when it stops, unless you name a file with --db.
    """
    import tempfile

    with without_garbage_collection(), tempfile.TemporaryDirectory(prefix="mentorbot-") as folder:
        from mentorbot import app

        settings = load_settings(DATABASE_URL=f"sqlite:///{db or Path(folder) / 'playground.db'}")
        run_async(app.demo(settings, clock, port=port, open_browser=not no_browser))


@main.command()
@click.option("--host", help="Listen here for Slack over signed HTTP. [default: HOST or 127.0.0.1]")
@click.option("--port", help="The port for that. [default: PORT or 3000]")
@click.option(
    "--only",
    "role",
    type=click.Choice(["slack", "discord", "scheduler", "worker"]),  # ProcessRole, which `--help` has no time to import
    help="Run only one part, alongside other processes on the same PostgreSQL: answer on one platform, plan, or send.",
)
@click.option(
    "--shards", help="The Discord shards this process runs, e.g. 0-3/8 for shards 0 to 3 of 8. [default: all]"
)
@click.pass_obj
def run(clock: Clock, host: str | None, port: str | None, role: str | None, shards: str | None) -> None:
    """Start every platform you've configured, and the scheduler. Stop with Ctrl+C or SIGTERM.

    You can run any number of processes. With --only, each does one part: `slack` and `discord` answer people, `scheduler`
    plans what's due, `worker` sends it. A Discord token works for one process, or for several with different --shards.
    """
    with without_garbage_collection():
        from mentorbot import app

        settings = load_settings(HOST=host, PORT=port, DISCORD_SHARDS=shards)
        run_async(app.run(settings, clock, app.ProcessRole(role) if role else None))


@main.command()
@click.argument("line")
@click.option("--as", "name", default="you", show_default=True, help="The person who says it.")
@click.option("--in", "channel", default="general", show_default=True, help="The channel it's said in.")
@click.option("--role", type=click.Choice(["admin", "learner"]), default="admin", show_default=True)
@_AT
@AS_JSON
@click.pass_obj
def say(clock: Clock, line: str, name: str, channel: str, role: str, at: datetime | None, as_json: bool) -> None:
    """Say one line and print the answer.

    For example: mentorbot say "/mentor salary senior"

    The exit status is 1 if the answer is an error.
    """
    from mentorbot import app
    from mentorbot.chat.cards import Card
    from mentorbot.chat.plain_text import plain_text
    from mentorbot.commands.runner import to_json

    answer = asyncio.run(
        app.say(
            load_settings(), FrozenClock(at) if at else clock, line, name=name, channel=channel, admin=role == "admin"
        )
    )
    error = answer.error if isinstance(answer, Card) else None
    if as_json:
        visibility = "public" if isinstance(answer, Card) and answer.public else "ephemeral"
        print_json({"card": to_json(answer), "text": plain_text(answer), "visibility": visibility, "error": error})
    else:
        click.echo(plain_text(answer))
    sys.exit(1 if error else 0)


@main.group()
def manifest() -> None:
    """Print what to paste when you install the bot."""


@manifest.command("slack")
@click.option("--socket", is_flag=True, help="For Socket Mode (the default).")
@click.option("--url", help="For signed HTTP: the public address, e.g. https://mentor.example.org")
@click.option("--distributed", is_flag=True, help="For an app that many workspaces install; needs --url.")
@click.option(
    "--agent", is_flag=True, help="Put it among Slack's agents, with suggested prompts. Guests can't use it then."
)
@click.option("--workflow-steps", is_flag=True, help="Add steps for Workflow Builder, for your own organisation only.")
def manifest_slack(socket: bool, url: str | None, distributed: bool, agent: bool, workflow_steps: bool) -> None:
    """Print the Slack app manifest."""
    from mentorbot.adapters.slack.manifest import manifest as slack_manifest
    from mentorbot.commands import load_commands

    if socket and url:
        raise click.UsageError("Choose --socket or --url, not both.")
    if distributed and url is None:
        raise click.UsageError("Other workspaces install the app at a public address. Add --url https://your.host")
    if distributed and workflow_steps:
        raise click.UsageError("An app with workflow steps can't be distributed. Leave out one of the two.")
    if url is not None and not re.fullmatch(r"https://[\w.-]+(:\d+)?(/\S*)?", url):
        raise click.UsageError(f"Slack can't reach {url!r}. Use an https address, e.g. https://mentor.example.org")
    data = slack_manifest(load_commands(), url=url, distributed=distributed, agent=agent, workflow_steps=workflow_steps)
    print_json(data)


@manifest.command("discord")
def manifest_discord() -> None:
    """Print the Discord invite link and the commands the bot registers."""
    from mentorbot import app

    print_json(app.discord_manifest(load_settings()))


@main.group()
def schedule() -> None:
    """See what will be sent."""


@schedule.command("preview")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 366))
@_AT
@AS_JSON
@click.pass_obj
def schedule_preview(clock: Clock, days: int, at: datetime | None, as_json: bool) -> None:
    """List what will be sent, where and when.

    It leaves out what's only decided at the time: people's zones, breaks, quiet hours and limits, and whether there's
    anything to say. People can see that for themselves with `why`.
    """
    from mentorbot import app

    rows = asyncio.run(app.preview(load_settings(), FrozenClock(at) if at else clock, days=days))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['local']}  {row['zone']}  {row['kind']}  {row['destination']}")
    if not rows:
        click.echo(f"Nothing's due in the next {days} days.")
