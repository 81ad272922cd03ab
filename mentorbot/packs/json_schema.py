"""JSON Schemas of a pack's files, so that an editor completes and checks while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mentorbot.errors import OperatorError
from mentorbot.packs.loader import FILES, FOLDERS

_SINGULAR = {"sections": "section", "responsibilities": "responsibility", "skills": "skill", "faq": "question"}


def json_schemas() -> dict[str, dict[str, Any]]:
    """One schema for each kind of file, by its name; Markdown files by their front matter."""
    parts = FILES | {_SINGULAR.get(name, name): part for name, (_, part) in FOLDERS.items()}
    return {name: _file_schema(part.model_json_schema()) for name, part in parts.items()}


def _file_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is written: the id is the file's name, and a Markdown file's body stands below."""
    properties = {name: value for name, value in schema["properties"].items() if name not in ("id", "body")}
    required = [name for name in schema.get("required", []) if name != "id"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "properties": properties,
        "required": required,
    }


def export(folder: Path) -> list[Path]:
    """Write each schema to `<folder>/<name>.json`; the files.

    Raises:
        OperatorError: they cannot be written there.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in json_schemas().items():
            path = folder / f"{name}.json"
            path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be written: {error.strerror}.") from error
    return written
