"""Write the files generated from the code, or check that they're up to date (`--check`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from mentorbot.adapters.slack.manifest import manifest
from mentorbot.commands import load_commands
from mentorbot.packs import json_schema
from mentorbot.settings import variables

TOP = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- commands: written by `make generate` -->", "<!-- end of commands -->"


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each generated file and its up-to-date text."""
    yield TOP / "deploy" / "env.example", _env_example()
    yield TOP / "deploy" / "slack-manifest.json", _json(manifest(load_commands(), url=None))
    yield TOP / "README.md", _readme()
    for name, content in json_schema.json_schemas().items():
        yield TOP / "content" / "schema" / f"{name}.json", _json(content)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _env_example() -> str:
    lines = [
        "# All of mentorbot's settings. Copy this file, uncomment the lines you need, and keep it secret.",
        "",
    ]
    for variable in variables():
        help_text = f"{variable.help} Secret." if variable.secret else variable.help
        lines += [f"# {help_text}", f"#{variable.name}={variable.default}", ""]
    return "\n".join(lines)


def _readme() -> str:
    text = (TOP / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    rows = [
        f"| `/mentor {command.usage}` | {command.summary}{' *(admins)*' if command.admin else ''} |"
        for command in load_commands()
    ]
    table = "\n".join(["| command | what it's for |", "| --- | --- |", *rows])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def main() -> None:
    """Write the stale files; with `--check`, name them instead and exit with 1."""
    stale = [
        (path, content) for path, content in generated() if not path.exists() or path.read_text("utf-8") != content
    ]
    if "--check" in sys.argv:
        for path, _ in stale:
            sys.stderr.write(f"{path.relative_to(TOP)} is out of date; run: make generate\n")
        sys.exit(1 if stale else 0)
    for path, content in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
