"""A learner's plan as a command finds it: read, laid out for the present week, and saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from mentorbot.commands.call import Call
from mentorbot.learning.flow import roll
from mentorbot.learning.plan import Plan, monday
from mentorbot.learning.route import Levels
from mentorbot.storage import Assessed, KeptPlan, Learner

UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Desk:
    """One learner's plan. `kept` is what was read, `plan` how it stands now; `today` is in the learner's own zone.

    `moved` says in one line what has moved since they last looked.
    """

    call: Call
    today: date
    kept: KeptPlan
    plan: Plan
    learner: Learner
    zone: ZoneInfo = UTC
    moved: str = ""

    @classmethod
    async def open(cls, call: Call) -> Desk:
        """Read the caller's plan, and lay it out anew when a week has begun since it was last looked at."""
        desk = await cls.look(call)
        if desk.moved:
            await desk.save(desk.plan, "the new layout of the week")
        return desk

    @classmethod
    async def look(cls, call: Call) -> Desk:
        """The same, without keeping anything: for somebody else to look at."""
        person, role = call.caller.person, call.pack.info.role
        zone = await call.zone() or UTC
        kept = await call.unit.plans.get(person, role)
        desk = cls(
            call, call.now.astimezone(zone).date(), kept, kept.plan, await call.unit.learners.get(person, role), zone
        )
        desk.plan, desk.moved = roll(kept.plan, desk.week)
        return desk

    @property
    def week(self) -> date:
        """The Monday of the present week."""
        return monday(self.today)

    async def save(self, plan: Plan, what: str) -> None:
        """Keep `plan`; `what` says what was done, for whoever undoes it. A plan that is the same is no change.

        Raises:
            StalePlan: it was changed from somewhere else meanwhile; the command runs again.
        """
        if plan == self.kept.plan:
            return
        call = self.call
        await call.unit.people.ensure(call.caller.person, call.caller.name)
        self.kept = await call.unit.plans.keep(call.caller.person, call.pack.info.role, self.kept, plan, what)
        self.plan = plan

    async def assessments(self) -> list[Assessed]:
        """All of the caller's assessments, oldest first."""
        return await self.call.unit.learners.assessments(self.call.caller.person, self.call.pack.info.role)

    async def levels(self) -> dict[str, int]:
        """The caller's level in each skill: their own newest view, else what the title they have implies.

        A milestone that was finished since leads to its level, whatever was thought before.
        """
        assessed = {one.skill: one for one in await self.assessments()}
        levels = {**self.implied(), **{one.skill: one.level for one in assessed.values()}}
        for skill, level, day in self.proved():
            if skill not in assessed or assessed[skill].at.date() <= day:
                levels[skill] = max(level, levels.get(skill, 0))
        return levels

    def proved(self) -> Iterator[tuple[str, int, date]]:
        """Skill, level and day of what finished milestones lead to."""
        milestones = {one.id: one for part in self.call.pack.path for one in part.milestones}
        for step in self.plan.steps:
            one = milestones.get(step.origin.removeprefix("milestone:"))
            if step.state == "done" and one is not None and step.since is not None:
                yield from ((skill, level, step.since) for skill, level in one.raises.items())

    def implied(self) -> Levels:
        """The levels that the title which the caller has asks for; empty when it is not known."""
        return needs(self.call, self.learner.current_title)


def needs(call: Call, title: str) -> Levels:
    """The levels that a title of the pack asks for; empty when there is no such title."""
    return next((entry.needs for entry in call.pack.titles.titles if entry.id == title), {})


def title_name(call: Call, title: str) -> str:
    """What a title is called."""
    return next((entry.name for entry in call.pack.titles.titles if entry.id == title), title)
