"""A learner's plan during one use case: read, laid out for the present week, and saved on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.domain.learner import (
    Assessment,
    CheckIn,
    LearnerProfile,
    LearnerSnapshot,
    SavedPlan,
    current_levels,
    first_levels,
    proved_levels,
)
from mentorbot.domain.plan import Plan, monday
from mentorbot.domain.plan_layout import roll_forward
from mentorbot.packs.schema import Pack
from mentorbot.storage import LearnerRepository, UnitOfWork

UTC = ZoneInfo("UTC")
"""The zone of anyone whose own is unknown."""


async def week_snapshot(
    uow: UnitOfWork, pack: Pack, *, user_id: str, name: str, now: datetime, zone: ZoneInfo | None
) -> LearnerSnapshot | None:
    """Read a learner for a card about this week, with no more of their plan than it needs (see `Plans.of_week`).

    None if it takes a `LearnerSession`. There's nothing here to save the plan with, and it must not be saved.
    """
    today = now.astimezone(zone or UTC).date()
    read = await uow.learner(user_id, pack.info.role).plans.of_week(monday(today))
    if read is None:
        return None
    saved, profile = read
    return LearnerSnapshot(
        user_id=user_id,
        name=name,
        zone=zone or UTC,
        today=today,
        plan=saved.plan,
        version=saved.version,
        profile=profile,
    )


@dataclass(slots=True)
class LearnerSession:
    """One learner during one use case. `now` is aware, `saved` is the plan as read, `snapshot` the learner's state today.

    Opening a session only reads. The layout of a new week is saved with the next change.
    """

    uow: UnitOfWork
    pack: Pack
    now: datetime
    repository: LearnerRepository
    saved: SavedPlan
    snapshot: LearnerSnapshot

    @classmethod
    async def open(
        cls, uow: UnitOfWork, pack: Pack, *, user_id: str, name: str, now: datetime, zone: ZoneInfo | None
    ) -> LearnerSession:
        """Read a person's plan, and lay it out if a week has begun since it was saved."""
        repository = uow.learner(user_id, pack.info.role)
        saved, profile = await repository.plans.read()
        zone = zone or UTC
        today = now.astimezone(zone).date()
        plan, change = roll_forward(saved.plan, monday(today))
        snapshot = LearnerSnapshot(
            user_id=user_id,
            name=name,
            zone=zone,
            today=today,
            plan=plan,
            version=saved.version,
            profile=profile,
            layout_change=change,
        )
        return cls(uow=uow, pack=pack, now=now, repository=repository, saved=saved, snapshot=snapshot)

    @property
    def plan(self) -> Plan:
        """The plan as it stands now."""
        return self.snapshot.plan

    @property
    def profile(self) -> LearnerProfile:
        """The learner's settings, which no single step holds."""
        return self.snapshot.profile

    async def save(self, plan: Plan, what: str) -> None:
        """Save a plan, unless it's the same or was only laid out for a new week. `what` names the change, for undoing it.

        Raises:
            StalePlan: the plan has been changed elsewhere in the meantime, so the use case has to run again.
        """
        if plan in (self.saved.plan, self.plan):
            return
        await self.uow.people.ensure(self.snapshot.user_id, self.snapshot.name)
        self.saved = await self.repository.plans.save(self.saved, plan, what)
        self.snapshot = self.snapshot.with_plan(plan, self.saved.version)

    async def refresh(self) -> None:
        """Read the learner again after a change that bypassed `save`."""
        renewed = await LearnerSession.open(
            self.uow,
            self.pack,
            user_id=self.snapshot.user_id,
            name=self.snapshot.name,
            now=self.now,
            zone=self.snapshot.zone,
        )
        self.saved, self.snapshot = renewed.saved, renewed.snapshot

    async def checkins(self) -> list[CheckIn]:
        """Read all check-ins, oldest first."""
        return await self.repository.checkins.all()

    async def assessments(self) -> list[Assessment]:
        """Read all assessments, oldest first."""
        return await self.repository.assessments()

    async def levels(self) -> dict[str, int]:
        """Give the learner's level in each skill, by skill id (see `domain.learner.current_levels`)."""
        raises = {number: milestone.raises for number, milestone in self.pack.milestones.items()}
        implied = self.pack.title_needs(self.profile.current_title)
        proved = proved_levels(self.plan, raises)
        return current_levels(implied, await self.assessments(), proved, self.snapshot.zone)

    async def first_levels(self) -> dict[str, int]:
        """Give the first known level in each skill, by skill id."""
        return first_levels(self.pack.title_needs(self.profile.current_title), await self.assessments())
