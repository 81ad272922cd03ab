"""Export and import of a plan: JSON that can be read back, CSV, a calendar, Markdown and a portfolio. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
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
    StepState,
    monday,
)
from mentorbot.errors import BadValue

FORMAT = "mentorbot plan"
VERSION = 1


class PlanFormat(StrEnum):
    """The format of an exported plan. The values are file suffixes, and what people type."""

    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
    CALENDAR = "ics"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of an exported plan, so nobody imports someone else's by mistake. Only hashes go into the file."""

    platform: str
    workspace: str
    person: str

    @property
    def workspace_hash(self) -> str:
        """Hash of the workspace."""
        return _hash(self.platform, self.workspace)

    @property
    def person_hash(self) -> str:
        """Hash of the person in their workspace."""
        return _hash(self.platform, self.workspace, self.person)


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _storable(text: str) -> str:
    """Drop control characters: databases reject NUL, and nobody types the others on purpose."""
    printable = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(printable).strip()


class _PlanFile(BaseModel):
    """The format of a plan file. Its field names never change, because people keep files for years."""

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
"""Fields excluded from a file, because an import lays the weeks out again."""


def to_json(plan: Plan, role: str, owner: Owner, now: datetime) -> str:
    """Write the whole plan as JSON that `from_json` reads on any platform. `now` is aware."""
    file = _PlanFile(
        format=FORMAT,
        version=VERSION,
        role=role,
        exported=now,
        place=owner.workspace_hash,
        owner=owner.person_hash,
        title=plan.title,
        pace=plan.hours_per_week,
        by=plan.target_date,
        off=tuple(sorted(plan.weeks_off)),
        steps=plan.steps,
    )
    return file.model_dump_json(indent=1, by_alias=True, exclude=_WITHOUT_LAYOUT)


def from_json(text: str, role: str, owner: Owner) -> Plan:
    """Read a plan from a file. Its weeks aren't laid out yet.

    Raises:
        BadValue: the file is cut off, has a different kind, version or role, or is someone else's. The message says which.
    """
    file = _parse_file(text)
    if file.role != role:
        raise _bad_file(f"This file is a plan for the role “{file.role}”; I know “{role}” here.")
    # The same person has a different id elsewhere, so we can only recognise a stranger's plan within one workspace.
    if file.place == owner.workspace_hash and file.owner != owner.person_hash:
        raise _bad_file("This file is the plan of somebody else in this workspace. You can import your own.")
    # The length check ran before control characters were dropped, so a step may be empty now.
    for index, step in enumerate(file.steps):
        if not _storable(step.text):
            raise _bad_field(f"steps.{index}.text")
    numbers = [step.number for step in file.steps]
    # Requirements only ever point at lower numbers, which rules out cycles.
    if len(set(numbers)) != len(numbers) or any(
        required >= step.number for step in file.steps for required in step.requires if required in numbers
    ):
        raise _bad_file(
            "The steps in this file contradict each other. Export the plan again, and leave the file as it is."
        )
    steps = sorted(file.steps, key=lambda step: step.number)
    return Plan(
        title=file.title,
        hours_per_week=file.pace,
        target_date=file.by,
        weeks_off=frozenset(file.off),
        next_number=max(numbers, default=0) + 1,
        steps=tuple(_cleaned(step, file.exported.date()) for step in steps),
    )


def _parse_file(text: str) -> _PlanFile:
    try:
        return _PlanFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
    if first["type"] == "json_invalid":
        raise _bad_file("This file is cut off or is no JSON. Export the plan again and send the whole file.")
    path = ".".join(str(key) for key in first["loc"])
    if path in ("format", "version"):
        raise _bad_file(
            f"This file is no plan that this version reads (it reads “{FORMAT}”, version {VERSION}). Export it again."
        )
    raise _bad_field(path)


def _bad_field(path: str) -> BadValue:
    return _bad_file(f"Something in this file cannot be: {path}. Export the plan again, and leave the file as it is.")


def _bad_file(message: str) -> BadValue:
    return BadValue(f"{message} Nothing was changed.", option="file")


def _cleaned(step: PlanStep, exported: date) -> PlanStep:
    """Clean a step from a file: storable text, no allocations.

    A settled step without a date gets the day of the export, because the database requires one.
    """
    undated = not step.active and step.status_since is None
    return replace(
        step,
        text=_storable(step.text),
        origin=_storable(step.origin),
        reason=_storable(step.reason),
        done_when=_storable(step.done_when),
        evidence=_storable(step.evidence),
        blocker=_storable(step.blocker),
        allocations=(),
        status_since=exported if undated else step.status_since,
    )


def merge_imported(plan: Plan, imported: Plan) -> tuple[Plan, int]:
    """Add the steps of `imported` that `plan` doesn't have yet, under new numbers. Returns the plan and the number of new steps.

    Hours per week and weeks off carry over, and so do the target title and date if `imported` sets them. Existing steps stay as
    they are.

    Raises:
        BadValue: the plan would have more open steps than it can hold.
    """
    known = {(step.text, step.origin): step.number for step in plan.steps}
    steps, numbers, number = list(plan.steps), dict[int, int](), plan.next_number
    for step in imported.steps:
        # The same text with the same origin is the same step, so importing a file twice adds nothing.
        if (step.text, step.origin) in known:
            numbers[step.number] = known[(step.text, step.origin)]
            continue
        numbers[step.number] = number
        requires = tuple(numbers[required] for required in step.requires if required in numbers)
        steps.append(replace(step, number=number, requires=requires, allocations=()))
        number += 1
    added = number - plan.next_number
    if sum(step.active for step in steps) > MAX_OPEN_STEPS:
        raise _bad_file(
            f"With this file your plan would have more than {MAX_OPEN_STEPS} open steps. Finish or drop some first."
        )
    merged = replace(
        plan,
        title=imported.title or plan.title,
        hours_per_week=imported.hours_per_week,
        target_date=imported.target_date or plan.target_date,
        weeks_off=plan.weeks_off | imported.weeks_off,
        next_number=number,
        steps=tuple(steps),
    )
    return merged, added


def to_csv(plan: Plan) -> str:
    """Write one line per step, for a spreadsheet. Anything it would run as a formula becomes plain text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        ("number", "step", "state", "hours", "worked", "from", "to", "due", "proves it", "evidence", "blocked by")
    )
    for step in plan.steps:
        first = step.allocations[0].week.isoformat() if step.allocations else ""
        last = (step.allocations[-1].week + timedelta(days=6)).isoformat() if step.allocations else ""
        due = step.due.isoformat() if step.due else ""
        values = (
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
        writer.writerow((step.number, *(_without_formula(value) for value in values)))
    return file.getvalue()


def _without_formula(value: object) -> object:
    # An apostrophe makes every common spreadsheet read the cell as text.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def to_calendar(plan: Plan, owner: Owner, now: datetime) -> str:
    """Write an iCalendar file (RFC 5545): each active step is an all-day event over its weeks. `now` is aware."""
    calendar = Calendar()
    calendar.add("prodid", "-//mentorbot//learning plan//EN")
    calendar.add("version", "2.0")
    for step in plan.active:
        if step.allocations:
            calendar.add_component(_event(step, owner, now))
    return str(calendar.to_ical().decode())


def _event(step: PlanStep, owner: Owner, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{owner.person_hash}-{step.number}@mentorbot")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", step.allocations[0].week)
    # The end of an all-day event is exclusive.
    event.add("dtend", step.allocations[-1].week + WEEK)
    event.add("summary", step.text)
    lines = (step.reason, f"{step.hours} hours", f"Proves it: {step.done_when}" if step.done_when else "")
    event.add("description", "\n".join(line for line in lines if line))
    # People can still be booked for meetings in the weeks of a step.
    event.add("transp", "TRANSPARENT")
    return event


_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_CHECKBOXES = {StepState.DONE: "x", StepState.DROPPED: "-"}
"""Checkbox marks of settled steps; the other checkboxes are empty."""


def _escaped(text: str) -> str:
    """Escape Markdown in `text` and join its lines; links stay links."""
    line = " ".join(text.split())
    return line if re.fullmatch(r"https?://\S+", line) and "<" not in line else _MARKUP.sub(r"\\\1", line)


def plan_markdown(plan: Plan, name: str, title: str, today: date) -> str:
    """Write the whole plan as Markdown: open steps with their weeks, finished ones with their evidence."""
    lines = [f"# {_escaped(name)}: learning plan", "", f"As of {today:%-d %B %Y}. {_summary(plan, title)}", ""]
    lines += ["## Open", "", *_list_lines(step for step in plan.steps if step.active)]
    lines += ["", "## Done", "", *_list_lines(step for step in plan.steps if step.state is StepState.DONE)]
    return "\n".join(lines) + "\n"


def _summary(plan: Plan, title: str) -> str:
    target = f"Aim: {_escaped(title)}. " if title else ""
    end = f" It ends in the week of {monday(plan.end_date):%-d %B %Y}." if plan.end_date else ""
    return f"{target}{plan.hours_done} of {plan.hours_total} hours done, {plan.hours_per_week} hours a week.{end}"


def _list_lines(steps: Iterable[PlanStep]) -> list[str]:
    return [line for step in steps for line in _step_lines(step)] or ["Nothing yet."]


def _step_lines(step: PlanStep) -> Iterator[str]:
    yield f"- [{_CHECKBOXES.get(step.state, ' ')}] {step.number}. {_escaped(step.text)} ({step.hours} h{_weeks(step)})"
    for label, text in (
        ("Why", step.reason),
        ("Proves it", step.done_when),
        ("Evidence", step.evidence),
        ("Blocked", step.blocker),
    ):
        if text:
            yield f"  - {label}: {_escaped(text)}"


def _weeks(step: PlanStep) -> str:
    if not step.active or not step.allocations:
        return ""
    return f", weeks of {step.allocations[0].week:%-d %b %Y} to {step.allocations[-1].week:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class SkillEvidence:
    """A skill in a portfolio: its level before and now (None if unknown), and the finished steps that show it."""

    skill: str
    level_before: int | None
    level_now: int | None
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything a learner has `finished`, by the skill it raises. `others` are finished steps that belong to no skill."""

    finished: tuple[PlanStep, ...]
    skills: tuple[SkillEvidence, ...]
    others: tuple[PlanStep, ...]


def portfolio_markdown(
    name: str, title: str, skills: Iterable[SkillEvidence], others: Iterable[PlanStep], today: date
) -> str:
    """Write a portfolio for an interview or a promotion as Markdown: finished work by skill, with links to the evidence.

    `others` are finished steps that belong to no skill.
    """
    target = f" Aim: {_escaped(title)}." if title else ""
    lines = [f"# {_escaped(name)}: portfolio", "", f"{today:%-d %B %Y}.{target}", ""]
    for evidence in skills:
        if evidence.steps:
            heading = f"## {_escaped(evidence.skill)}{_level_change(evidence)}"
            lines += [heading, "", *_evidence_lines(evidence.steps), ""]
    if other_lines := list(_evidence_lines(others)):
        lines += ["## More", "", *other_lines, ""]
    return "\n".join(lines).rstrip() + "\n"


def _level_change(evidence: SkillEvidence) -> str:
    before, now = evidence.level_before, evidence.level_now
    if now is None:
        return ""
    return f" (level {now})" if before in (None, now) else f" (level {before} to {now})"


def _evidence_lines(steps: Iterable[PlanStep]) -> Iterator[str]:
    for step in steps:
        when = f", {step.status_since:%B %Y}" if step.status_since else ""
        yield f"- **{_escaped(step.text)}** ({step.hours} hours{when})"
        yield f"  - {'Evidence: ' + _escaped(step.evidence) if step.evidence else 'Evidence: not added yet'}"
        if step.done_when:
            yield f"  - What it had to show: {_escaped(step.done_when)}"
