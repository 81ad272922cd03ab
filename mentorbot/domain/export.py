"""Export and import of a plan: JSON that can be read back, CSV, Markdown and a portfolio (calendar: `plan_calendar`). Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mentorbot.chat import dates
from mentorbot.chat.safe_text import clean
from mentorbot.domain.ordering import in_order
from mentorbot.domain.plan import (
    MAX_OPEN_STEPS,
    MAX_PLAN_STEPS,
    MAX_PLAN_WEEKS,
    MAX_REQUIRED_STEPS,
    Plan,
    PlanStep,
    StepState,
)
from mentorbot.domain.step_guide import (
    DONE_WHEN,
    FIRST_MINUTES,
    READING,
    WHAT_TO_DO,
    Guides,
    StepGuide,
    guide_of,
    instructions,
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
    """Drop what can't be stored or seen: databases reject NUL, and nobody types the others on purpose."""
    return clean(text).strip()


class _StepInstructions(BaseModel):
    """A pack's instructions for a step."""

    do: str = ""
    first_30_minutes: str = ""
    recommended_reading: tuple[str, ...] = ()
    done_when: str = ""


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
    days_off: Annotated[tuple[date, ...], Field(max_length=MAX_PLAN_WEEKS * 7)] = ()
    steps: Annotated[tuple[PlanStep, ...], Field(max_length=MAX_PLAN_STEPS)]
    instructions: dict[int, _StepInstructions] = Field(default={}, description="By step, for people. Not imported.")


_WITHOUT_LAYOUT = {"steps": {"__all__": {"allocations"}}}
"""Fields excluded from a file, because an import lays the weeks out again."""


def to_json(plan: Plan, guides: Guides, role: str, owner: Owner, now: datetime) -> str:
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
        days_off=tuple(sorted(plan.days_off)),
        steps=plan.steps,
        instructions=dict(_instructions_by_number(plan, guides)),
    )
    return file.model_dump_json(indent=1, by_alias=True, exclude=_WITHOUT_LAYOUT)


def _instructions_by_number(plan: Plan, guides: Guides) -> Iterator[tuple[int, _StepInstructions]]:
    for step in plan.steps:
        if guide := guide_of(step, guides):
            yield (
                step.number,
                _StepInstructions(
                    do=guide.do,
                    first_30_minutes=guide.first,
                    recommended_reading=guide.readings,
                    done_when=step.done_when or guide.done_when,
                ),
            )


def from_json(text: str, role: str, owner: Owner) -> Plan:
    """Read a plan from a file. Its weeks aren't laid out yet.

    Raises:
        BadValue: the file is cut off, has a different kind, version or role, or is someone else's. The message says which.
    """
    file = _parse_file(text)
    if file.role != role:
        raise _bad_file(f"This is a plan for “{file.role}”. Here I only know “{role}”.")
    # The same person has a different id elsewhere, so we can only recognise a stranger's plan within one workspace.
    if file.place == owner.workspace_hash and file.owner != owner.person_hash:
        raise _bad_file("This is someone else's plan. You can only import your own.")
    # The length check ran before control characters were dropped, so a step may be empty now.
    for index, step in enumerate(file.steps):
        if not _storable(step.text):
            raise _bad_field(f"steps.{index}.text")
    numbers = {step.number for step in file.steps}
    steps = sorted(file.steps, key=lambda step: step.number)
    requires = {step.number: tuple(sorted(numbers.intersection(step.requires))) for step in steps}
    # Steps that wait for each other are left out of the order.
    if len(list(in_order(requires, int))) < len(file.steps):
        raise _bad_file("The steps in this file contradict each other. Export the plan again, and don't edit the file.")
    for index, step in enumerate(file.steps):
        if len(requires[step.number]) > MAX_REQUIRED_STEPS:
            raise _bad_field(f"steps.{index}.requires")
    return Plan(
        title=file.title,
        hours_per_week=file.pace,
        target_date=file.by,
        weeks_off=frozenset(file.off),
        days_off=frozenset(file.days_off),
        next_number=max(numbers, default=0) + 1,
        steps=tuple(_cleaned(replace(step, requires=requires[step.number]), file.exported.date()) for step in steps),
    )


def _parse_file(text: str) -> _PlanFile:
    try:
        return _PlanFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
    if first["type"] == "json_invalid":
        raise _bad_file("This file is cut off or isn't JSON. Export the plan again and send the whole file.")
    path = ".".join(str(key) for key in first["loc"])
    if path in ("format", "version"):
        raise _bad_file(f"This isn't a plan I can read. It should be “{FORMAT}”, version {VERSION}. Export it again.")
    raise _bad_field(path)


def _bad_field(path: str) -> BadValue:
    return _bad_file(f"Something in this file isn't right: {path}. Export the plan again, and don't edit the file.")


def _bad_file(message: str) -> BadValue:
    return BadValue(f"{message} Nothing changed.", option="file")


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
        attachment=_storable(step.attachment),
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
    # The same text with the same origin is the same step, so importing a file twice adds nothing.
    new = [step for step in imported.steps if (step.text, step.origin) not in known]
    numbers = {step.number: number for step in imported.steps if (number := known.get((step.text, step.origin)))}
    numbers |= {step.number: number for number, step in enumerate(new, plan.next_number)}
    steps = list(plan.steps)
    for step in new:
        requires = tuple(numbers[required] for required in step.requires if required in numbers)
        steps.append(replace(step, number=numbers[step.number], requires=requires, allocations=()))
    added = len(new)
    if sum(step.active for step in steps) > MAX_OPEN_STEPS:
        raise _bad_file(f"That would make more than {MAX_OPEN_STEPS} open steps. Finish or drop some first.")
    if len(steps) > MAX_PLAN_STEPS:
        raise _bad_file(f"That would make more than {dates.number(MAX_PLAN_STEPS)} steps, finished ones included.")
    merged = replace(
        plan,
        title=imported.title or plan.title,
        hours_per_week=imported.hours_per_week,
        target_date=imported.target_date or plan.target_date,
        weeks_off=plan.weeks_off | imported.weeks_off,
        days_off=plan.days_off | imported.days_off,
        next_number=plan.next_number + added,
        steps=tuple(steps),
    )
    return merged, added


_CSV_COLUMNS = (
    *("number", "step", "state", "hours", "worked", "from", "to", "due"),
    *(label.lower() for label in (WHAT_TO_DO, FIRST_MINUTES, READING, DONE_WHEN)),
    *("evidence", "stuck on"),
)
BYTE_ORDER_MARK = "\ufeff"
"""Tells spreadsheets the file is UTF-8; Excel would read it as Windows-1252 otherwise."""


def to_csv(plan: Plan, guides: Guides) -> str:
    """Write one line per step, for a spreadsheet. Anything it would run as a formula becomes plain text."""
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(_CSV_COLUMNS)
    for step in plan.steps:
        writer.writerow(_without_formula(value) for value in _csv_values(step, guides))
    return file.getvalue()


def _csv_values(step: PlanStep, guides: Guides) -> Iterator[object]:
    first = step.allocations[0].week.isoformat() if step.allocations else ""
    last = (step.allocations[-1].week + timedelta(days=6)).isoformat() if step.allocations else ""
    due = step.due.isoformat() if step.due else ""
    yield from (step.number, step.text, step.state, step.hours, step.hours_logged, first, last, due)
    texts = dict(instructions(step.done_when, guide_of(step, guides)))
    yield from (texts.get(label, "") for label in (WHAT_TO_DO, FIRST_MINUTES, READING, DONE_WHEN))
    yield from (step.evidence, step.blocker)


_FORMULA = re.compile(r"""(^|[;\t\n])(?=[\s"]*[=+\-@＝＋－＠])|^(?=[\t\n])""")
"""The start of anything a spreadsheet may run. Where a semicolon is the separator, a cell may begin behind it; Japanese and
Chinese spreadsheets also take full-width signs (https://owasp.org/www-community/attacks/CSV_Injection)."""


def _without_formula(value: object) -> object:
    if not isinstance(value, str):
        return value
    # An apostrophe makes every common spreadsheet read the cell as text.
    return _FORMULA.sub(r"\1'", value.replace("\r\n", "\n").replace("\r", "\n"))


_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_CHECKBOXES = {StepState.DONE: "x", StepState.DROPPED: "-"}
"""Checkbox marks of settled steps; the other checkboxes are empty."""


def _escaped(text: str) -> str:
    """Escape Markdown in `text` and join its lines; links stay links."""
    line = " ".join(text.split())
    return line if re.fullmatch(r"https?://\S+", line) and "<" not in line else _MARKUP.sub(r"\\\1", line)


def plan_markdown(plan: Plan, guides: Guides, name: str, title: str, today: date) -> str:
    """Write the whole plan as Markdown: open steps with their weeks and instructions, finished ones with their evidence."""
    done = [step for step in plan.steps if step.state is StepState.DONE]
    lines = [
        f"# {_escaped(name)}: learning plan",
        "",
        f"As of {dates.long_day(today, year=True)}. {_summary(plan, title)}",
        "",
    ]
    lines += ["## To do", "", *_list_lines(plan.active, guides)]
    lines += ["", "## Done", "", *_list_lines(done, guides)]
    return "\n".join(lines) + "\n"


def _summary(plan: Plan, title: str) -> str:
    target = f"Target role: {_escaped(title)}. " if title else ""
    end = f" On course for {dates.long_day(plan.end_date, year=True)}." if plan.end_date else ""
    return f"{target}{plan.hours_done} of {plan.hours_total} h done, {plan.hours_per_week} h a week.{end}"


def _list_lines(steps: Iterable[PlanStep], guides: Guides) -> list[str]:
    return [line for step in steps for line in _step_lines(step, guide_of(step, guides))] or ["Nothing yet."]


def _step_lines(step: PlanStep, guide: StepGuide | None) -> Iterator[str]:
    details = ", ".join((f"{step.hours} h", *_dates(step)))
    yield f"- [{_CHECKBOXES.get(step.state, ' ')}] {step.number}. {_escaped(step.text)} ({details})"
    for label, text in (
        *instructions(step.done_when, guide),
        ("Why", step.reason),
        ("Evidence", step.evidence),
        ("From a file", step.attachment),
        ("Stuck on", step.blocker),
    ):
        if text:
            yield f"  - {label}: {_escaped(text)}"


def _dates(step: PlanStep) -> Iterator[str]:
    if step.active and step.allocations:
        last = step.allocations[-1].week + timedelta(days=6)
        yield f"{dates.short_day(step.allocations[0].week, year=True)} to {dates.short_day(last, year=True)}"
    if step.active and step.due:
        yield f"due {dates.short_day(step.due, year=True)}"


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
    name: str, title: str, skills: Sequence[SkillEvidence], others: Sequence[PlanStep], today: date
) -> str:
    """Write a portfolio for an interview or a promotion as Markdown: finished work by skill, with their proof.

    `others` are finished steps that belong to no skill.
    """
    target = f" Target role: {_escaped(title)}." if title else ""
    lines = [f"# {_escaped(name)}: portfolio", "", f"{dates.long_day(today, year=True)}.{target}", ""]
    for evidence in skills:
        if evidence.steps:
            heading = f"## {_escaped(evidence.skill)}{_level_change(evidence)}"
            lines += [heading, "", *_evidence_lines(evidence.steps), ""]
    if other_lines := list(_evidence_lines(others)):
        lines += ["## More", "", *other_lines, ""]
    by_number = {step.number: step for steps in (*(evidence.steps for evidence in skills), others) for step in steps}
    lines += _attachments(step for step in by_number.values() if step.attachment)
    return "\n".join(lines).rstrip() + "\n"


def _attachments(steps: Iterable[PlanStep]) -> Iterator[str]:
    """Quote the files that show steps are done, line by line."""
    for step in steps:
        yield from (f"## {_escaped(step.text)}: from a file", "")
        yield from (f"> {_escaped(line)}".rstrip() for line in step.attachment.splitlines())
        yield ""


def _level_change(evidence: SkillEvidence) -> str:
    before, now = evidence.level_before, evidence.level_now
    if now is None:
        return ""
    return f" (level {now})" if before in (None, now) else f" (level {before} to {now})"


def _evidence_lines(steps: Iterable[PlanStep]) -> Iterator[str]:
    for step in steps:
        when = f", {dates.month(step.status_since, year=True)}" if step.status_since else ""
        yield f"- **{_escaped(step.text)}** ({step.hours} h{when})"
        attached = "see below" if step.attachment else "none yet"
        yield f"  - Evidence: {_escaped(step.evidence) if step.evidence else attached}"
        if step.done_when:
            yield f"  - Done when: {_escaped(step.done_when)}"
