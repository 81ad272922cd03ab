"""What is posted regularly, and where."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select, update

from mentorbot.cadence import Cadence, Weekday, next_after
from mentorbot.messenger import Channel, Workspace
from mentorbot.storage.records import Schedule
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import deliveries, people, schedules, workspaces

TIP = "tip"


class Schedules:
    """The schedules of one workspace. A channel has at most one weekly tip."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def set_tip(self, channel: Channel, cadence: Cadence, role: str, created_by: str, now: datetime) -> Schedule:
        """Start the weekly tip in `channel`, or give it a new cadence; what was posted already is remembered.

        Raises:
            ValueError: the channel is another workspace's.
        """
        if channel.workspace != self._scope.workspace:
            raise ValueError(f"{channel.id} belongs to another workspace")
        chosen = {
            "channel_name": storable(channel.name),
            "direct": channel.direct,
            **_cadence_values(cadence),
            "role": role,
            "state": "active",
            "paused_reason": None,
            "next_run_at": next_after(cadence, now),
            "created_by_id": select(people.c.id).where(self._scope.person(created_by)).scalar_subquery(),
        }
        fixed = {"kind": TIP, "channel_id": channel.id, "created_at": now}
        upsert = (
            self._scope.transaction.insert(schedules)
            .values(workspace_id=await self._scope.workspace_id(), **fixed, **chosen)
            .on_conflict_do_update(index_elements=["workspace_id", "kind", "channel_id"], set_=chosen)
        )
        await self._scope.transaction.write(upsert)
        return next(found for found in await self._list(self._tip(channel.id)))

    async def tip(self, channel_id: str) -> Schedule | None:
        """The channel's weekly tip, active or paused; None when there is none."""
        found = await self._list(self._tip(channel_id).where(schedules.c.state != "stopped"))
        return found[0] if found else None

    async def stop_tip(self, channel_id: str) -> Schedule | None:
        """Stop the channel's weekly tip, with what is due and not sent yet; None when there was none to stop."""
        found = await self.tip(channel_id)
        if found is None:
            return None
        await self._scope.transaction.write(
            update(schedules).where(schedules.c.id == found.id).values(state="stopped", paused_reason=None)
        )
        waiting = (deliveries.c.schedule_id == found.id, deliveries.c.state == "pending")
        await self._scope.transaction.write(update(deliveries).where(*waiting).values(state="cancelled"))
        return next(stopped for stopped in await self._list(self._tip(channel_id)))

    async def all(self) -> list[Schedule]:
        """Every schedule of the workspace that is not stopped, oldest first."""
        return await self._list(self._mine().where(schedules.c.state != "stopped").order_by(schedules.c.id))

    def _mine(self) -> Select[Any]:
        return select_schedules().where(self._scope.mine(schedules.c.workspace_id))

    def _tip(self, channel_id: str) -> Select[Any]:
        return self._mine().where(schedules.c.kind == TIP, schedules.c.channel_id == channel_id)

    async def _list(self, statement: Select[Any]) -> list[Schedule]:
        return [schedule_of(row) for row in await self._scope.transaction.read(statement)]


def select_schedules() -> Select[Any]:
    """SELECT what `schedule_of` needs."""
    return select(schedules, workspaces.c.platform, workspaces.c.external_id).join(
        workspaces, workspaces.c.id == schedules.c.workspace_id
    )


def schedule_of(row: Row[Any]) -> Schedule:
    """A row of `select_schedules` as a record."""
    workspace = Workspace(row.platform, row.external_id)
    return Schedule(
        row.id,
        workspace,
        row.kind,
        Channel(workspace, row.channel_id, row.channel_name, row.direct),
        Cadence(Weekday(row.weekday), time.fromisoformat(row.local_time), ZoneInfo(row.zone)),
        row.role,
        row.state,
        row.next_run_at,
        row.paused_reason,
    )


def _cadence_values(cadence: Cadence) -> dict[str, object]:
    return {"weekday": int(cadence.weekday), "local_time": f"{cadence.at:%H:%M}", "zone": cadence.zone.key}
