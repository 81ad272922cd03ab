"""Work calendars of workspaces: their country, their own days off, and the spread of their check-ins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, storable
from mentorbot.storage.tables import DayOffRow, WorkspaceRow

MAX_NAME_LENGTH = 100
_SETTINGS = (
    select(
        WorkspaceRow.platform,
        WorkspaceRow.external_id,
        WorkspaceRow.country,
        WorkspaceRow.spread_minutes,
        DayOffRow.day,
        DayOffRow.name,
    )
    .outerjoin(DayOffRow, DayOffRow.workspace_id == WorkspaceRow.id)
    .where(WorkspaceRow.country.is_not(None) | (WorkspaceRow.spread_minutes > 0) | DayOffRow.day.is_not(None))
)
_CALENDARS = _SETTINGS.where(
    tuple_(WorkspaceRow.platform, WorkspaceRow.external_id).in_(bindparam("workspaces", expanding=True))
)
_CALENDAR = Query(_SETTINGS.where(WorkspaceRow.id == IN_WORKSPACE), tuple)


class WorkCalendars:
    """The calendar of one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self) -> WorkCalendar:
        """Read the calendar; `EVERY_DAY` if the workspace hasn't set one."""
        return _calendars(await self._scope.rows(_CALENDAR)).get(self._scope.workspace, EVERY_DAY)

    async def set_country(self, country: str) -> None:
        """Save the country whose public holidays are days off; "" for none."""
        await self._set(country=country or None)

    async def set_spread(self, minutes: int) -> None:
        """Save the number of minutes check-ins are spread over; 0 for no spread."""
        await self._set(spread_minutes=minutes)

    async def _set(self, **values: object) -> None:
        number = await self._scope.ensure_workspace_id()
        change = update(WorkspaceRow).where(WorkspaceRow.id == number).values(values)
        await self._scope.session.execute(change, execution_options={"synchronize_session": False})

    async def save_day(self, day: date, name: str) -> None:
        """Save one of the workspace's own days off; with the name "", a working day."""
        values = {
            "workspace_id": await self._scope.ensure_workspace_id(),
            "day": day,
            "name": storable(name, MAX_NAME_LENGTH),
        }
        insert = self._scope.upsert(DayOffRow).values(values)
        named = {"name": values["name"]}
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["workspace_id", "day"], set_=named)
        )

    async def delete_day(self, day: date) -> None:
        """Delete a day's entry, so the country's holidays apply to it again."""
        ours = delete(DayOffRow).where(DayOffRow.workspace_id == self._scope.id(), DayOffRow.day == day)
        await self._scope.session.execute(ours, execution_options={"synchronize_session": False})


async def read_calendars(session: AsyncSession, workspaces: Collection[Workspace]) -> dict[Workspace, WorkCalendar]:
    """Read the calendars of some workspaces. Those without one are left out."""
    ids = [(workspace.platform, workspace.id) for workspace in workspaces]
    return _calendars(await session.execute(_CALENDARS, {"workspaces": ids}))


def _calendars(rows: Iterable[Any]) -> dict[Workspace, WorkCalendar]:
    settings: dict[Workspace, tuple[str, dict[date, str], int]] = {}
    for platform, number, country, minutes, day, name in rows:
        _, overrides, _ = settings.setdefault(Workspace(platform, number), (country or "", {}, minutes))
        if day is not None:
            overrides[day] = name
    return {workspace: WorkCalendar(*values) for workspace, values in settings.items()}
