"""Schedules of one workspace."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentorbot.cadence import Cadence, Weekday, next_after
from mentorbot.messenger import Channel, Workspace
from mentorbot.storage.records import Schedule
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import ScheduleRow

TIP = "tip"


class Schedules:
    """The weekly tips of one workspace's channels."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def set_tip(self, channel: Channel, cadence: Cadence, role: str, created_by: str, now: datetime) -> Schedule:
        """Start the weekly tip of a channel, or move it; the first one comes after `now`.

        Raises:
            ValueError: the channel is another workspace's.
        """
        if channel.workspace != self._scope.workspace:
            raise ValueError(f"{channel.id} is another workspace's channel")
        chosen = {
            "channel_name": storable(channel.name),
            "direct": channel.direct,
            "role": role,
            "created_by": created_by,
            "weekday": int(cadence.weekday),
            "local_time": f"{cadence.at:%H:%M}",
            "zone": cadence.zone.key,
            "state": "active",
            "paused_reason": None,
            "next_run_at": next_after(cadence, now),
        }
        place = {"workspace_id": await self._scope.made(), "kind": TIP, "channel_id": channel.id, "created_at": now}
        # In one statement, since two admins may do this at the same time.
        upsert = (
            self._scope.insert(ScheduleRow)
            .values(**place, **chosen)
            .on_conflict_do_update(index_elements=["workspace_id", "kind", "channel_id"], set_=chosen)
            .returning(ScheduleRow)
        )
        found = await self._scope.session.scalars(upsert, execution_options={"populate_existing": True})
        return schedule_record(found.one(), self._scope.workspace)

    async def tip(self, channel_id: str) -> Schedule | None:
        """The weekly tip of a channel, active or paused."""
        row = await self._row(channel_id)
        return schedule_record(row, self._scope.workspace) if row and row.state != "stopped" else None

    async def stop_tip(self, channel_id: str) -> Schedule | None:
        """Stop the weekly tip of a channel; None when there was none."""
        row = await self._row(channel_id)
        if row is None or row.state == "stopped":
            return None
        row.state, row.paused_reason = "stopped", None
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace)

    async def all(self) -> list[Schedule]:
        """Every schedule of the workspace that is not stopped."""
        query = select(ScheduleRow).where(ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.state != "stopped")
        rows = await self._scope.session.scalars(query.order_by(ScheduleRow.next_run_at))
        return [schedule_record(row, self._scope.workspace) for row in rows]

    async def _row(self, channel_id: str) -> ScheduleRow | None:
        query = select(ScheduleRow).where(
            ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.kind == TIP, ScheduleRow.channel_id == channel_id
        )
        return (await self._scope.session.scalars(query)).one_or_none()


def schedule_record(row: ScheduleRow, workspace: Workspace) -> Schedule:
    """A row as a record."""
    channel = Channel(workspace, row.channel_id, row.channel_name, row.direct)
    cadence = Cadence(Weekday(row.weekday), time.fromisoformat(row.local_time), ZoneInfo(row.zone))
    return Schedule(
        row.id, workspace, row.kind, channel, cadence, row.role, row.state, row.next_run_at, row.paused_reason
    )
