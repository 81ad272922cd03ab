"""A plan as a file: JSON that can be imported again, CSV, a calendar, Markdown and a portfolio. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Literal

from icalendar import Calendar, Event
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mentorbot.domain.plan import (
    MAX_OPEN_STEPS,
    MAX_PLAN_STEPS,
    MAX_PLAN_WEEKS,
    WEEK,
    Plan,
    PlanStep,
    monday,
)
from mentorbot.errors import BadValue

FORMAT = "mentorbot plan"
VERSION = 1


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


def _storable(text: str) -> str:
    """Drop control characters: no database takes a NUL, and nobody means the others."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip()


class _PlanFile(BaseModel):
    """A whole file. Its steps are the plan's own; the names in it never change."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["mentorbot plan"]
    version: Literal[1]
    role: Annotated[str, Field(max_length=48)]
    exported: datetime
    place: str
    owner: str
    title: Annotated[str, AfterValidator(_storable), Field(max_length=48)] = ""
    pace: Annotated[int, Field(ge=1, le=60)]
    by: date | None = None
    off: Annotated[tuple[date, ...], Field(max_length=MAX_PLAN_WEEKS)] = ()
    steps: Annotated[tuple[PlanStep, ...], Field(max_length=MAX_PLAN_STEPS)]


_WITHOUT_LAYOUT = {"steps": {"__all__": {"allocations"}}}
"""Weeks are laid out again wherever a file is read."""


def to_json(plan: Plan, role: str, owner: Owner, now: datetime) -> str:
    """The whole plan as JSON that `from_json` reads, on any platform."""
    file = _PlanFile(
        format=FORMAT,
        version=VERSION,
        role=role,
        exported=now,
        place=owner.place,
        owner=owner.mark,
        title=plan.title,
        pace=plan.hours_per_week,
        by=plan.target_date,
        off=tuple(sorted(plan.weeks_off)),
        steps=plan.steps,
    )
    return file.model_dump_json(indent=1, by_alias=True, exclude=_WITHOUT_LAYOUT)


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
    for index, step in enumerate(file.steps):
        if not _storable(step.text):
            raise _cannot_be(f"steps.{index}.text")
    numbers = [step.number for step in file.steps]
    if len(set(numbers)) != len(numbers) or any(
        n >= step.number for step in file.steps for n in _earlier(step, numbers)
    ):
        raise _wrong(
            "The steps in this file contradict each other. Export the plan again, and leave the file as it is."
        )
    steps = tuple(_imported(step, file.exported.date()) for step in sorted(file.steps, key=lambda step: step.number))
    return Plan(file.title, file.pace, file.by, frozenset(file.off), None, max(numbers, default=0) + 1, steps)


def _earlier(step: PlanStep, numbers: list[int]) -> list[int]:
    return [number for number in step.requires if number in numbers]


def _read(text: str) -> _PlanFile:
    try:
        return _PlanFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
    if first["type"] == "json_invalid":
        raise _wrong("This file is cut off or is no JSON. Export the plan again and send the whole file.")
    place = ".".join(str(part) for part in first["loc"])
    if place in ("format", "version"):
        raise _wrong(
            f"This file is no plan that this version reads (it reads “{FORMAT}”, version {VERSION}). Export it again."
        )
    raise _cannot_be(place)


def _cannot_be(place: str) -> BadValue:
    return _wrong(f"Something in this file cannot be: {place}. Export the plan again, and leave the file as it is.")


def _wrong(message: str) -> BadValue:
    return BadValue(f"{message} Nothing was changed.", option="file")


def _imported(step: PlanStep, exported: date) -> PlanStep:
    """A step as it was read: clean text, no weeks laid out, and a day for a state that has come to an end."""
    settled = step.state in ("done", "dropped") and step.status_since is None
    return replace(
        step,
        text=_storable(step.text),
        origin=_storable(step.origin),
        reason=_storable(step.reason),
        done_when=_storable(step.done_when),
        evidence=_storable(step.evidence),
        blocker=_storable(step.blocker),
        allocations=(),
        status_since=exported if settled else step.status_since,
    )


def merge_imported(plan: Plan, read: Plan) -> tuple[Plan, int]:
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
        steps.append(replace(step, number=number, requires=requires, allocations=()))
        number += 1
    added = number - plan.next_number
    if sum(step.active for step in steps) > MAX_OPEN_STEPS:
        raise _wrong(
            f"With this file your plan would have more than {MAX_OPEN_STEPS} open steps. Finish or drop some first."
        )
    off = plan.weeks_off | read.weeks_off
    title, by = read.title or plan.title, read.target_date or plan.target_date
    return replace(
        plan,
        title=title,
        hours_per_week=read.hours_per_week,
        target_date=by,
        weeks_off=off,
        next_number=number,
        steps=tuple(steps),
    ), added


def to_csv(plan: Plan) -> str:
    """One line for each step, for a spreadsheet. What a spreadsheet would run as a formula is made plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("number", "step", "state", "hours", "worked", "from", "to", "due", "proves it", "evidence", "blocked by")
    )
    for step in plan.steps:
        first = step.allocations[0].week.isoformat() if step.allocations else ""
        last = (step.allocations[-1].week + timedelta(days=6)).isoformat() if step.allocations else ""
        due = step.due.isoformat() if step.due else ""
        words = (
            step.text,
            step.state,
            step.hours,
            step.hours_logged,
            first,
            last,
            due,
            step.done_when,
            step.evidence,
            step.blocker,
        )
        writer.writerow((step.number, *(_plain(word) for word in words)))
    return out.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def to_calendar(plan: Plan, owner: Owner, now: datetime) -> str:
    """The weeks of each step that is not settled as an entry over whole days (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//mentorbot//learning plan//EN")
    calendar.add("version", "2.0")
    for step in plan.active:
        if step.allocations:
            calendar.add_component(_event(step, owner, now))
    return str(calendar.to_ical().decode())


def _event(step: PlanStep, owner: Owner, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{owner.mark}-{step.number}@mentorbot")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", step.allocations[0].week)
    event.add("dtend", step.allocations[-1].week + WEEK)
    event.add("summary", step.text)
    told = (step.reason, f"{step.hours} hours", f"Proves it: {step.done_when}" if step.done_when else "")
    event.add("description", "\n".join(part for part in told if part))
    event.add("transp", "TRANSPARENT")
    return event


_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_CHECKBOXES = {"open": " ", "doing": " ", "blocked": " ", "done": "x", "dropped": "-"}


def literal(text: str) -> str:
    """`text` as one line in which no character is markup; links stay links."""
    line = " ".join(text.split())
    return line if re.fullmatch(r"https?://\S+", line) and "<" not in line else _MARKS.sub(r"\\\1", line)


def plan_document(plan: Plan, name: str, title: str, today: date) -> str:
    """The whole plan: what is open by week, what is done with its evidence."""
    lines = [f"# {literal(name)}: learning plan", "", f"As of {today:%-d %B %Y}. {_aim(plan, title)}", ""]
    lines += ["## Open", "", *_list_lines(step for step in plan.steps if step.active)]
    lines += ["", "## Done", "", *_list_lines(step for step in plan.steps if step.state == "done")]
    return "\n".join(lines) + "\n"


def _aim(plan: Plan, title: str) -> str:
    aim = f"Aim: {literal(title)}. " if title else ""
    end = f" It ends in the week of {monday(plan.end_date):%-d %B %Y}." if plan.end_date else ""
    return f"{aim}{plan.done_hours} of {plan.all_hours} hours done, {plan.hours_per_week} hours a week.{end}"


def _list_lines(steps: Iterable[PlanStep]) -> list[str]:
    return [line for step in steps for line in _step_lines(step)] or ["Nothing yet."]


def _step_lines(step: PlanStep) -> Iterator[str]:
    yield f"- [{_CHECKBOXES[step.state]}] {step.number}. {literal(step.text)} ({step.hours} h{_weeks(step)})"
    for name, text in (
        ("Why", step.reason),
        ("Proves it", step.done_when),
        ("Evidence", step.evidence),
        ("Blocked", step.blocker),
    ):
        if text:
            yield f"  - {name}: {literal(text)}"


def _weeks(step: PlanStep) -> str:
    if not step.active or not step.allocations:
        return ""
    return f", weeks of {step.allocations[0].week:%-d %b %Y} to {step.allocations[-1].week:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class SkillEvidence:
    """One skill of a portfolio: the level then and now (None: not known), and the finished steps that show it."""

    skill: str
    then: int | None
    now: int | None
    steps: tuple[PlanStep, ...]


def portfolio_document(
    name: str, title: str, proofs: Iterable[SkillEvidence], others: Iterable[PlanStep], today: date
) -> str:
    """The document for an interview or a promotion: what was done, skill by skill, and where to see it."""
    aim = f" Aim: {literal(title)}." if title else ""
    lines = [f"# {literal(name)}: portfolio", "", f"{today:%-d %B %Y}.{aim}", ""]
    for proof in proofs:
        if proof.steps:
            lines += [f"## {literal(proof.skill)}{_level_change(proof)}", "", *_evidence_lines(proof.steps), ""]
    rest = list(others)
    if rest:
        lines += ["## More", "", *_evidence_lines(rest), ""]
    return "\n".join(lines).rstrip() + "\n"


def _level_change(proof: SkillEvidence) -> str:
    if proof.now is None:
        return ""
    return (
        f" (level {proof.then} to {proof.now})"
        if proof.then is not None and proof.then != proof.now
        else f" (level {proof.now})"
    )


def _evidence_lines(steps: Iterable[PlanStep]) -> Iterator[str]:
    for step in steps:
        when = f", {step.status_since:%B %Y}" if step.status_since else ""
        yield f"- **{literal(step.text)}** ({step.hours} hours{when})"
        yield f"  - {'Evidence: ' + literal(step.evidence) if step.evidence else 'Evidence: not added yet'}"
        if step.done_when:
            yield f"  - What it had to show: {literal(step.done_when)}"
