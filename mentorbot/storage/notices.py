"""Single messages to people of one workspace: a request, an answer, a check-in that was put off for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from mentorbot.storage.schedules import NOTICE, Schedules
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import DeliveryRow, ScheduleRow


@dataclass(frozen=True, slots=True)
class Notice:
    """A single message about `item` (as `pair:12`), due at an instant (UTC), over the schedule whose id is `carrier`.

    `key` is at most 12 characters of a-z, 0-9 and `-`; there is one message of it for each carrier.
    """

    carrier: int
    item: str
    at: datetime
    key: str
    body: str = ""

    def row(self, now: datetime) -> dict[str, object]:
        """What is put down of it."""
        return {
            "schedule_id": self.carrier,
            "occurrence_at": self.at,
            "item": self.item,
            "key": f"n{self.carrier:x}-{self.key}",
            "state": "pending",
            "attempts": 0,
            "not_before": self.at,
            "body": self.body,
            "created_at": now,
        }


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
        notice = Notice(carrier, item, at, key, body)
        insert = self._scope.insert(DeliveryRow).values(notice.row(self._scope.now()))
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
        # The state is looked at in a second step: SQLite would go through all that is pending to anybody.
        theirs = select(DeliveryRow.id).where(DeliveryRow.schedule_id.in_(ours), DeliveryRow.item == item)
        ids = (await self._scope.session.scalars(theirs)).all()
        if ids:
            query = delete(DeliveryRow).where(DeliveryRow.id.in_(ids), DeliveryRow.state == "pending")
            await self._scope.session.execute(query.where(DeliveryRow.begun_at.is_(None)))
