"""Single messages to people of one workspace: a request, an answer, a check-in that was put off for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from mentorbot.storage.schedules import NOTICE, Schedules
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import DeliveryRow, ScheduleRow


class Notices:
    """What will be sent once, to one person."""

    def __init__(self, scope: Scope, schedules: Schedules) -> None:
        self._scope, self._schedules = scope, schedules

    async def add(self, person: str, role: str, item: str, at: datetime, *, key: str, body: str = "") -> bool:
        """Send `item` (what it is about, as `pair:12`) to a person at `at`, once for each `key`: False when it is there.

        `key` is at most 12 characters of a-z, 0-9 and `-`, and names the message within the workspace.
        """
        return await self.add_to(await self._schedules.carry(person, role), item, at, key=key, body=body)

    async def add_to(self, carrier: int, item: str, at: datetime, *, key: str, body: str = "") -> bool:
        """The same, over a schedule of this workspace, to wherever it posts."""
        insert = self._scope.insert(DeliveryRow).values(
            schedule_id=carrier,
            occurrence_at=at,
            item=item,
            key=f"n{carrier:x}-{key}",
            state="pending",
            attempts=0,
            not_before=at,
            body=body,
            created_at=self._scope.now(),
        )
        made = await self._scope.session.scalars(insert.on_conflict_do_nothing().returning(DeliveryRow.id))
        number = made.one_or_none()
        if number is not None and self._scope.jobs is not None and at <= self._scope.now():
            await self._scope.jobs.enlist(self._scope.session, {self._scope.workspace.platform: [number]})
        return number is not None

    async def take_back(self, item: str, person: str | None = None) -> None:
        """Forget what was to be said about `item` (to one person, or to anybody) and is not sent yet."""
        ours = select(ScheduleRow.id).where(ScheduleRow.workspace_id == self._scope.id())
        if person is not None:
            ours = ours.where(ScheduleRow.kind == NOTICE, ScheduleRow.channel_id == f"@{person}")
        await self._scope.session.execute(
            delete(DeliveryRow).where(
                DeliveryRow.schedule_id.in_(ours),
                DeliveryRow.item == item,
                DeliveryRow.state == "pending",
                DeliveryRow.begun_at.is_(None),
            )
        )
