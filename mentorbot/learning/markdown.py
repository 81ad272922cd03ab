"""A plan and a portfolio as Markdown. What people wrote stays literal. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mentorbot.learning.plan import Plan, Step, monday

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_STATES = {"open": " ", "doing": " ", "blocked": " ", "done": "x", "dropped": "-"}


def literal(text: str) -> str:
    """`text` as one line in which no character is markup; links stay links."""
    line = " ".join(text.split())
    return line if re.fullmatch(r"https?://\S+", line) and "<" not in line else _MARKS.sub(r"\\\1", line)


def plan_document(plan: Plan, name: str, title: str, today: date) -> str:
    """The whole plan: what is open by week, what is done with its evidence."""
    lines = [f"# {literal(name)}: learning plan", "", f"As of {today:%-d %B %Y}. {_aim(plan, title)}", ""]
    lines += ["## Open", "", *_listed(step for step in plan.steps if step.active)]
    lines += ["", "## Done", "", *_listed(step for step in plan.steps if step.state == "done")]
    return "\n".join(lines) + "\n"


def _aim(plan: Plan, title: str) -> str:
    aim = f"Aim: {literal(title)}. " if title else ""
    end = f" It ends in the week of {monday(plan.finish):%-d %B %Y}." if plan.finish else ""
    return f"{aim}{plan.done_hours} of {plan.all_hours} hours done, {plan.pace} hours a week.{end}"


def _listed(steps: Iterable[Step]) -> list[str]:
    return [line for step in steps for line in _step_lines(step)] or ["Nothing yet."]


def _step_lines(step: Step) -> Iterator[str]:
    yield f"- [{_STATES[step.state]}] {step.number}. {literal(step.text)} ({step.hours} h{_weeks(step)})"
    for name, text in (
        ("Why", step.reason),
        ("Proves it", step.proof),
        ("Evidence", step.evidence),
        ("Blocked", step.blocker),
    ):
        if text:
            yield f"  - {name}: {literal(text)}"


def _weeks(step: Step) -> str:
    if not step.active or not step.shares:
        return ""
    return f", weeks of {step.shares[0].week:%-d %b %Y} to {step.shares[-1].week:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Proof:
    """One skill of a portfolio: the level then and now (None: not known), and the finished steps that show it."""

    skill: str
    then: int | None
    now: int | None
    steps: tuple[Step, ...]


def portfolio_document(name: str, title: str, proofs: Iterable[Proof], others: Iterable[Step], today: date) -> str:
    """The document for an interview or a promotion: what was done, skill by skill, and where to see it."""
    aim = f" Aim: {literal(title)}." if title else ""
    lines = [f"# {literal(name)}: portfolio", "", f"{today:%-d %B %Y}.{aim}", ""]
    for proof in proofs:
        if proof.steps:
            lines += [f"## {literal(proof.skill)}{_climb(proof)}", "", *_shown(proof.steps), ""]
    rest = list(others)
    if rest:
        lines += ["## More", "", *_shown(rest), ""]
    return "\n".join(lines).rstrip() + "\n"


def _climb(proof: Proof) -> str:
    if proof.now is None:
        return ""
    return (
        f" (level {proof.then} to {proof.now})"
        if proof.then is not None and proof.then != proof.now
        else f" (level {proof.now})"
    )


def _shown(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        when = f", {step.since:%B %Y}" if step.since else ""
        yield f"- **{literal(step.text)}** ({step.hours} hours{when})"
        yield f"  - {'Evidence: ' + literal(step.evidence) if step.evidence else 'Evidence: not added yet'}"
        if step.proof:
            yield f"  - What it had to show: {literal(step.proof)}"
