"""`mentorbot content check | diff | list | new | schema`: role packs on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mentorbot.cli.common import AS_JSON, load_settings, print_json

if TYPE_CHECKING:
    from mentorbot.packs.schema import Pack


@click.group()
def content() -> None:
    """Role packs: check, list, scaffold."""


@content.command("check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def check(folder: Path | None) -> None:
    """Check packs, and print every error.

    FOLDER holds several packs, or one. Each error comes with its file and line.
    """
    from mentorbot.packs import library, loader
    from mentorbot.packs.placeholders import placeholders

    folder = folder or load_settings().content or library.builtin()
    issues = sorted([*loader.check(folder), *placeholders(folder)])
    for issue in issues:
        click.echo(str(issue))
    for hint in loader.hints(folder):
        click.echo(f"Hint: {hint}", err=True)
    if issues:
        click.echo(f"{len(issues)} {'error' if len(issues) == 1 else 'errors'}.", err=True)
        sys.exit(1)
    click.echo("No errors.")


@content.command("diff")
@click.argument("old", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
def diff(old: Path, new: Path) -> None:
    """Say what a new pack changes for learners.

    OLD and NEW are the folders of the pack before and after.
    """
    from mentorbot.packs.differences import differences

    changes = differences(_pack_in(old), _pack_in(new))
    for change in changes:
        click.echo(change)
    if not changes:
        click.echo("Nothing changes for learners.")


def _pack_in(folder: Path) -> Pack:
    from mentorbot.packs import loader

    loaded = loader.load(folder)
    if loaded.issues:
        raise click.ClickException("\n".join([f"{folder} has errors:", *map(str, loaded.issues)]))
    return loaded.pack()


@content.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List the packs and what's in each."""
    from mentorbot.packs.library import Library

    settings = load_settings()
    summaries = Library.open(settings.content, settings.role).summaries()
    if as_json:
        print_json(summaries)
        return
    for pack in summaries:
        counts = ", ".join(f"{count} {name}" for name, count in pack["counts"].items())
        click.echo(f"{pack['role']}  {pack['title']} {pack['version']}: {counts}")


@content.command("new")
@click.argument("role")
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path("content"), show_default=True)
def new(role: str, folder: Path) -> None:
    """Write a small pack to start from.

    ROLE is its id, e.g. data-engineer. `content check` lists what's left for you to write.
    """
    from mentorbot.packs import scaffold

    new_pack = scaffold.write(folder, role)
    click.echo(f"Wrote {new_pack}. Change what it says, then run: mentorbot content check {folder}")


@content.command("schema")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Write one file per kind into this folder.")
def schema_(folder: Path | None) -> None:
    """Print the JSON Schemas of a pack's files.

    Editors complete and check the files with them. With --to, they're written to a folder.
    """
    from mentorbot.packs import json_schema

    if folder is None:
        print_json(json_schema.json_schemas())
    else:
        json_schema.export(folder)
