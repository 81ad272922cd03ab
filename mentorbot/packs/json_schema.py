"""JSON Schemas of a pack's files, so an editor completes and checks them as you type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mentorbot.errors import OperatorError
from mentorbot.packs.loader import FILES, FOLDERS

_SINGULAR = {"sections": "section", "responsibilities": "responsibility", "skills": "skill", "faq": "question"}


def json_schemas() -> dict[str, dict[str, Any]]:
    """Make the schema of each kind of file, by its name. For a Markdown file, it describes the front matter."""
    models = FILES | {_SINGULAR.get(name, name): model for name, (_, model) in FOLDERS.items()}
    return {name: _file_schema(model.model_json_schema()) for name, model in models.items()}


def _file_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out the fields authors don't type: the id is the file's name, and a body follows the front matter."""
    properties = {name: value for name, value in schema["properties"].items() if name not in ("id", "body")}
    required = [name for name in schema.get("required", []) if name != "id"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "properties": properties,
        "required": required,
    }


def export(folder: Path) -> list[Path]:
    """Write each schema to `<folder>/<name>.json`, and return the files.

    Raises:
        OperatorError: the folder can't be written to.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in json_schemas().items():
            path = folder / f"{name}.json"
            path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise OperatorError(f"{folder} can't be written: {error.strerror}.") from error
    return written
