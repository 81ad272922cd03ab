"""A plan as JSON that can be read again anywhere. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mentorbot.errors import BadValue
from mentorbot.learning.plan import MAX_OPEN, MAX_STEP_HOURS, Plan, Share, Step

FORMAT = "mentorbot plan"
VERSION = 1
MOST_STEPS = 1_000
MOST_WEEKS = 520
"""Weeks off, or weeks in which a step was worked on: ten years of them."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose plan it is, so that nobody takes another's for their own. Only hashes of it get into a file."""

    platform: str
    workspace: str
    person: str

    @property
    def place(self) -> str:
        """The workspace, as a hash."""
        return _hash(self.platform, self.workspace)

    @property
    def mark(self) -> str:
        """The person in their workspace, as a hash."""
        return _hash(self.platform, self.workspace, self.person)


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _storable(text: str) -> str:
    """Without control characters: no database takes a NUL, and nobody means the others."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip()


_Text = Annotated[str, AfterValidator(_storable), Field(max_length=1000)]


class _Share(_Part):
    week: date
    hours: Annotated[int, Field(ge=1, le=MAX_STEP_HOURS)]


class _Step(_Part):
    number: Annotated[int, Field(ge=1, le=999_999)]
    text: Annotated[str, AfterValidator(_storable), Field(min_length=1, max_length=1000)]
    hours: Annotated[int, Field(ge=1, le=MAX_STEP_HOURS)] = 1
    state: Literal["open", "doing", "blocked", "done", "dropped"] = "open"
    origin: Annotated[str, AfterValidator(_storable), Field(max_length=100)] = ""
    reason: _Text = ""
    proof: _Text = ""
    evidence: _Text = ""
    blocker: _Text = ""
    due: date | None = None
    start: date | None = None
    requires: Annotated[tuple[int, ...], Field(max_length=MOST_STEPS)] = ()
    credits: Annotated[tuple[_Share, ...], Field(max_length=MOST_WEEKS)] = ()
    since: date | None = None


class _File(_Part):
    format: Literal["mentorbot plan"]
    version: Literal[1]
    role: Annotated[str, Field(max_length=48)]
    exported: datetime
    place: str
    owner: str
    title: Annotated[str, AfterValidator(_storable), Field(max_length=48)] = ""
    pace: Annotated[int, Field(ge=1, le=60)]
    by: date | None = None
    off: Annotated[tuple[date, ...], Field(max_length=MOST_WEEKS)] = ()
    steps: Annotated[tuple[_Step, ...], Field(max_length=MOST_STEPS)]


_KEPT = tuple(name for name in _Step.model_fields if name not in ("requires", "credits"))


def to_json(plan: Plan, role: str, owner: Owner, now: datetime) -> str:
    """The whole plan as JSON that `from_json` reads, on any platform."""
    steps = tuple(
        _Step(
            **{name: getattr(step, name) for name in _KEPT},
            requires=step.requires,
            credits=tuple(_Share(week=share.week, hours=share.hours) for share in step.credits),
        )
        for step in plan.steps
    )
    file = _File(
        format=FORMAT,
        version=VERSION,
        role=role,
        exported=now,
        place=owner.place,
        owner=owner.mark,
        title=plan.title,
        pace=plan.pace,
        by=plan.by,
        off=tuple(sorted(plan.off)),
        steps=steps,
    )
    return file.model_dump_json(indent=1)


def from_json(text: str, role: str, owner: Owner) -> Plan:
    """The plan that a file holds, without weeks laid out.

    Raises:
        BadValue: it is cut off, of another kind, version or role, or another person's; the message says which.
    """
    file = _read(text)
    if file.role != role:
        raise _wrong(f"This file is a plan for the role “{file.role}”; I know “{role}” here.")
    if file.place == owner.place and file.owner != owner.mark:
        raise _wrong("This file is the plan of somebody else in this workspace. You can import your own.")
    numbers = [step.number for step in file.steps]
    if len(set(numbers)) != len(numbers) or any(
        n >= step.number for step in file.steps for n in _earlier(step, numbers)
    ):
        raise _wrong(
            "The steps in this file contradict each other. Export the plan again, and leave the file as it is."
        )
    steps = tuple(_step(step, file.exported.date()) for step in sorted(file.steps, key=lambda step: step.number))
    return Plan(file.title, file.pace, file.by, frozenset(file.off), None, max(numbers, default=0) + 1, steps)


def _earlier(step: _Step, numbers: list[int]) -> list[int]:
    return [number for number in step.requires if number in numbers]


def _read(text: str) -> _File:
    try:
        return _File.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
    if first["type"] == "json_invalid":
        raise _wrong("This file is cut off or is no JSON. Export the plan again and send the whole file.")
    place = ".".join(str(part) for part in first["loc"])
    if place in ("format", "version"):
        raise _wrong(
            f"This file is no plan that this version reads (it reads “{FORMAT}”, version {VERSION}). Export it again."
        )
    raise _wrong(f"Something in this file cannot be: {place}. Export the plan again, and leave the file as it is.")


def _wrong(message: str) -> BadValue:
    return BadValue(f"{message} Nothing was changed.", option="file")


def _step(read: _Step, exported: date) -> Step:
    kept = {name: getattr(read, name) for name in _KEPT}
    settled = read.state in ("done", "dropped") and read.since is None
    worked = tuple(Share(share.week, share.hours) for share in read.credits)
    step = Step(**kept, requires=read.requires, credits=worked)
    return replace(step, since=exported) if settled else step


def merged(plan: Plan, read: Plan) -> tuple[Plan, int]:
    """A plan with the steps of another one that it does not have yet, under new numbers, and how many those are.

    Pace, weeks off, and the aim and the day that it sets come from the other one. No step that is there is changed or lost.

    Raises:
        BadValue: it would have more open steps than a plan can hold.
    """
    known = {(step.text, step.origin): step.number for step in plan.steps}
    steps, numbers, number = list(plan.steps), dict[int, int](), plan.next_number
    for step in read.steps:
        if (step.text, step.origin) in known:
            numbers[step.number] = known[(step.text, step.origin)]
            continue
        numbers[step.number] = number
        requires = tuple(numbers[before] for before in step.requires if before in numbers)
        steps.append(replace(step, number=number, requires=requires, shares=()))
        number += 1
    added = number - plan.next_number
    if sum(step.active for step in steps) > MAX_OPEN:
        raise _wrong(f"With this file your plan would have more than {MAX_OPEN} open steps. Finish or drop some first.")
    off = plan.off | read.off
    title, by = read.title or plan.title, read.by or plan.by
    return replace(plan, title=title, pace=read.pace, by=by, off=off, next_number=number, steps=tuple(steps)), added
