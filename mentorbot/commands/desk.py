"""A learner's plan as a command finds it: read, laid out for the present week, and saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from mentorbot.commands.context import Context
from mentorbot.domain.curriculum import Levels
from mentorbot.domain.plan import Plan, StepState, monday
from mentorbot.domain.plan_layout import LayoutChange, roll_forward
from mentorbot.domain.records import Assessment, LearnerProfile, SavedPlan

UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Desk:
    """One learner's plan. `kept` is what was read, `plan` how it stands now; `today` is in the learner's own `zone`.

    `moved` holds the steps that have moved to later weeks since they last looked.
    """

    context: Context
    zone: ZoneInfo
    today: date
    kept: SavedPlan
    plan: Plan
    learner: LearnerProfile
    moved: LayoutChange | None = None

    @classmethod
    async def open(cls, context: Context, *, shown: bool = True) -> Desk:
        """Read the caller's plan, and lay it out anew when a week has begun since it was last looked at.

        The new layout is kept only where it is `shown`, with the line that explains it: else the next look would be silent.
        """
        person, role = context.caller.user_id, context.pack.info.role
        zone = await context.zone() or UTC
        today = context.now.astimezone(zone).date()
        kept, learner = await context.uow.plans.read(person, role)
        desk = cls(context, zone, today, kept, kept.plan, learner)
        plan, desk.moved = roll_forward(kept.plan, desk.week)
        if desk.moved and shown:
            await desk.save(plan, "the new layout of the week")
        desk.plan = plan
        return desk

    @property
    def week(self) -> date:
        """The Monday of the present week."""
        return monday(self.today)

    @property
    def off(self) -> bool:
        """Whether the present week is without work: skipped, or in a pause."""
        return self.week in self.plan.weeks_off

    async def save(self, plan: Plan, what: str) -> None:
        """Keep `plan`; `what` says what was done, for whoever undoes it. A plan that is the same is no change.

        Raises:
            StalePlan: it was changed from somewhere else meanwhile; the command runs again.
        """
        if plan == self.kept.plan:
            return
        context = self.context
        await context.uow.people.ensure(context.caller.user_id, context.caller.name)
        self.kept = await context.uow.plans.keep(context.caller.user_id, context.pack.info.role, self.kept, plan, what)
        self.plan = plan

    async def come_back(self) -> None:
        """End what kept check-ins away: a pause, and the skip of the present week."""
        person, role = self.context.caller.user_id, self.context.pack.info.role
        await self.context.uow.learners.set_pause(person, role, None)
        await self.context.uow.checkins.take_up(person, role, self.week)

    async def assessments(self) -> list[Assessment]:
        """All of the caller's assessments, oldest first."""
        return await self.context.uow.learners.assessments(self.context.caller.user_id, self.context.pack.info.role)

    async def levels(self) -> dict[str, int]:
        """The caller's level in each skill: their own newest view, else what the title they have implies.

        A milestone that was finished since leads to its level, whatever was thought before.
        """
        assessed = {one.skill: one for one in await self.assessments()}
        levels = {**self.implied(), **{one.skill: one.level for one in assessed.values()}}
        for skill, level, day in self.proved():
            if skill not in assessed or assessed[skill].at.astimezone(self.zone).date() <= day:
                levels[skill] = max(level, levels.get(skill, 0))
        return levels

    def proved(self) -> Iterator[tuple[str, int, date]]:
        """Skill, level and day of what finished milestones lead to."""
        milestones = {one.id: one for part in self.context.pack.path for one in part.milestones}
        for step in self.plan.steps:
            one = milestones.get(step.origin.removeprefix("milestone:"))
            if step.state is StepState.DONE and one is not None and step.status_since is not None:
                yield from ((skill, level, step.status_since) for skill, level in one.raises.items())

    def implied(self) -> Levels:
        """The levels that the title which the caller has asks for; empty when it is not known."""
        return needs(self.context, self.learner.current_title)


def needs(context: Context, title: str) -> Levels:
    """The levels that a title of the pack asks for; empty when there is no such title."""
    return next((entry.needs for entry in context.pack.titles.titles if entry.id == title), {})


def title_name(context: Context, title: str) -> str:
    """What a title is called."""
    return next((entry.name for entry in context.pack.titles.titles if entry.id == title), title)
