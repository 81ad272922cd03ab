"""What is left of a file when its faulty entries are put aside, so that one check also finds the faults between files."""

from __future__ import annotations

from pydantic import ValidationError

from mentorbot.packs.source import Place, Source


def rest(source: Source, error: ValidationError) -> Source | None:
    """`source` without the entries and the unknown fields that `error` names; None when a needed field is at fault."""
    aside: set[Place] = set()
    for found in error.errors(include_url=False):
        place = found["loc"]
        if len(place) > 1 and isinstance(place[1], int):
            aside.add(place[:2])
        elif found["type"] == "extra_forbidden":
            aside.add(place[:1])
        elif found["type"] != "too_short":  # which may come of the faulty entries alone
            return None
    left = Source(source.file)
    moved: dict[Place, Place] = {}
    for name, value in source.values.items():
        if (name,) in aside:
            continue
        if isinstance(value, list):
            kept = [at for at in range(len(value)) if (name, at) not in aside]
            moved |= {(name, at): (name, new) for new, at in enumerate(kept)}
            left.values[name] = [value[at] for at in kept]
        else:
            left.values[name] = value
    for place, line in source.lines.items():
        if place[:2] not in aside:
            left.lines[moved.get(place[:2], place[:2]) + place[2:]] = line
    return left
