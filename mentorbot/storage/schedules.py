"""Schedules of one workspace."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentorbot.cadence import Cadence, Weekday, next_after
from mentorbot.messenger import Channel, Workspace
from mentorbot.storage.records import Schedule
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import ScheduleRow

TIP = "tip"


class Schedules:
    """The weekly tips of one workspace's channels."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def set_tip(self, channel: Channel, cadence: Cadence, role: str, created_by: str, now: datetime) -> Schedule:
        """Start the weekly tip of a channel, or move it; the first one comes after `now`."""
        row = await self._row(channel.id)
        if row is None:
            row = ScheduleRow(workspace_id=await self._scope.made(), kind=TIP, channel_id=channel.id, created_at=now)
            self._scope.session.add(row)
        row.channel_name, row.direct, row.role, row.created_by = channel.name, channel.direct, role, created_by
        row.weekday, row.local_time, row.zone = int(cadence.weekday), f"{cadence.at:%H:%M}", cadence.zone.key
        row.state, row.paused_reason, row.next_run_at = "active", None, next_after(cadence, now)
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace)

    async def tip(self, channel_id: str) -> Schedule | None:
        """The weekly tip of a channel, active or paused."""
        row = await self._row(channel_id)
        return schedule_record(row, self._scope.workspace) if row and row.state != "stopped" else None

    async def stop_tip(self, channel_id: str) -> Schedule | None:
        """Stop the weekly tip of a channel; None when there was none."""
        row = await self._row(channel_id)
        if row is None or row.state == "stopped":
            return None
        row.state = "stopped"
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
