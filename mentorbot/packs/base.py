"""What every file of a role pack is built from."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48),
    Field(description="Lower-case words joined by hyphens. Never change one that has been published."),
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=160, strip_whitespace=True)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=800, strip_whitespace=True)]
Also = Annotated[
    tuple[Line, ...],
    Field(strict=False, description="Other ways in which people ask for this; `ask` finds it by them."),
]


class Part(BaseModel):
    """Base of all: nothing unknown, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(Part):
    """Something that rests on a source of `pack.yaml`."""

    source: Id = Field(description="The id of a source in pack.yaml.")
