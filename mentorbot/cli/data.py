"""`mentorbot data list | export | erase | scrub`: everything stored about a workspace or a person, for operators."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorbot.cli.common import AS_JSON, load_settings, print_json, with_store
from mentorbot.clock import Clock

if TYPE_CHECKING:
    from mentorbot.chat.platform import Workspace
    from mentorbot.packs.schema import Pack
    from mentorbot.storage import Store

_PLATFORMS = ("slack", "discord", "local")
Reference = tuple[str, str]
"""A platform, and its id of a workspace or a person."""


def _parse_reference(_context: click.Context, _option: click.Parameter, value: str | None) -> Reference | None:
    """Read `slack/T0123`."""
    if value is None:
        return None
    platform, _, number = value.partition("/")
    if platform not in _PLATFORMS or not number:
        raise click.BadParameter(f"{value!r} isn't a platform and an id. Write it like slack/T0123 or discord/8100.")
    return platform, number


_WORKSPACE = click.option(
    "--workspace", callback=_parse_reference, metavar="PLATFORM/ID", help="A workspace or server, e.g. slack/T0123."
)
_PERSON = click.option(
    "--person",
    callback=_parse_reference,
    metavar="PLATFORM/ID",
    help="A person, e.g. slack/U0123: in all workspaces, unless --workspace names one.",
)


@click.group()
def data() -> None:
    """Everything stored about a workspace or a person."""


@data.command("list")
@AS_JSON
@click.pass_obj
def list_(clock: Clock, as_json: bool) -> None:
    """List the workspaces.

    If the bot was removed from one, it says when.
    """

    async def read(store: Store) -> list[dict[str, str | None]]:
        removed = {workspace: f"{at:%Y-%m-%d}" for workspace, at in await store.workspaces.removed(1_000_000)}
        workspaces = [workspace for name in _PLATFORMS for workspace in await store.workspaces.of_platform(name)]
        return [{"workspace": _name(workspace), "removed": removed.get(workspace)} for workspace in workspaces]

    rows = with_store(clock, read)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['workspace']}{'  removed me on ' + row['removed'] if row['removed'] else ''}")
    if not rows:
        click.echo("No workspaces yet.")


@data.command("export")
@_WORKSPACE
@_PERSON
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.pass_obj
def export(clock: Clock, workspace: Reference | None, person: Reference | None, file: Path | None) -> None:
    """Print everything stored about a workspace or a person, as JSON."""
    _check_choice(workspace, person)

    async def read(store: Store) -> dict[str, dict[str, list[dict[str, Any]]]]:
        found = {}
        for chosen in await _workspaces(store, workspace, person):
            if person is None:
                found[_name(chosen)] = await store.workspaces.everything(chosen)
                continue
            async with store.unit_of_work(chosen) as uow:
                found[_name(chosen)] = await uow.privacy.everything(person[1])
        return {name: tables for name, tables in found.items() if tables}

    found = with_store(clock, read)
    if not found:
        raise click.ClickException("Nothing is stored about that. See: mentorbot data list")
    if file is None:
        print_json(found)
        return
    file.touch(mode=0o600)
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    click.echo(f"Wrote {file}.")


@data.command("erase")
@_WORKSPACE
@_PERSON
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def erase(clock: Clock, workspace: Reference | None, person: Reference | None, yes: bool) -> None:
    """Erase a workspace or a person for good. Backups still contain them until they expire."""
    _check_choice(workspace, person)
    reference = person or workspace or ("", "")
    if not yes:
        click.confirm(f"Erase everything about {'/'.join(reference)}? It can't be undone", abort=True)
    packs = _packs()

    async def run(store: Store) -> Counter[str]:
        erased: Counter[str] = Counter()
        for chosen in await _workspaces(store, workspace, person):
            erased += await (_erase_person(store, chosen, person[1], packs, clock) if person else _erase(store, chosen))
        await store.workspaces.scrub(whole=True)
        return erased

    erased = with_store(clock, run)
    if not erased:
        raise click.ClickException("Nothing is stored about that. See: mentorbot data list")
    click.echo(f"Erased {erased.total():,} {'entry' if erased.total() == 1 else 'entries'}.")


async def _erase(store: Store, workspace: Workspace) -> Counter[str]:
    return await store.workspaces.erase(workspace)


async def _erase_person(
    store: Store, workspace: Workspace, user_id: str, packs: Iterable[Pack], clock: Clock
) -> Counter[str]:
    from mentorbot.services.privacy import erase as erase_person

    async with store.unit_of_work(workspace) as uow:
        return await erase_person(uow, packs, user_id, clock.now())


def _packs() -> Iterable[Pack]:
    """Load the role packs: a mentor's learners are given a different one."""
    from mentorbot.packs.library import Library

    settings = load_settings()
    return Library.open(settings.content, settings.role).packs.values()


@data.command("scrub")
@click.pass_obj
def scrub(clock: Clock) -> None:
    """Wipe erased text from the SQLite file.

    Its log is wiped too. For PostgreSQL, run VACUUM instead.
    """
    if not with_store(clock, lambda store: store.workspaces.scrub(whole=True)):
        raise click.ClickException("The database is in use, or its disk is full. Stop the bot, then try again.")
    click.echo("All erased data is gone from the database's files.")


def _check_choice(workspace: Reference | None, person: Reference | None) -> None:
    if workspace is None and person is None:
        raise click.UsageError("Choose what with --workspace or --person, e.g. --person slack/U0123.")
    if workspace and person and workspace[0] != person[0]:
        raise click.UsageError("The workspace and the person are on different platforms.")


async def _workspaces(store: Store, workspace: Reference | None, person: Reference | None) -> list[Workspace]:
    """List the workspaces meant: the one named, or all of the person's platform."""
    from mentorbot.chat.platform import Workspace

    if workspace is not None:
        return [Workspace(*workspace)]
    return await store.workspaces.of_platform(person[0]) if person else []


def _name(workspace: Workspace) -> str:
    return f"{workspace.platform}/{workspace.id}"
