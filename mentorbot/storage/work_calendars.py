"""When workspaces work: their country, their own days off, and the spread of their check-ins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import DayOffRow, WorkspaceRow

MAX_NAME_LENGTH = 100
_CALENDARS = (
    select(
        WorkspaceRow.platform,
        WorkspaceRow.external_id,
        WorkspaceRow.country,
        WorkspaceRow.spread_minutes,
        DayOffRow.day,
        DayOffRow.name,
    )
    .outerjoin(DayOffRow, DayOffRow.workspace_id == WorkspaceRow.id)
    .where(tuple_(WorkspaceRow.platform, WorkspaceRow.external_id).in_(bindparam("places", expanding=True)))
    .where(WorkspaceRow.country.is_not(None) | (WorkspaceRow.spread_minutes > 0) | DayOffRow.day.is_not(None))
)


class WorkCalendars:
    """The calendar of one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self) -> WorkCalendar:
        """It, as far as the workspace has said."""
        found = await read_calendars(self._scope.session, [self._scope.workspace])
        return found.get(self._scope.workspace, EVERY_DAY)

    async def set_country(self, country: str) -> None:
        """Whose public holidays are days off; "" for no country's."""
        await self._set(country=country or None)

    async def set_spread(self, minutes: int) -> None:
        """Over how many minutes check-ins are spread; 0 for none."""
        await self._set(spread_minutes=minutes)

    async def _set(self, **values: object) -> None:
        number = await self._scope.ensure_workspace_id()
        change = update(WorkspaceRow).where(WorkspaceRow.id == number).values(values)
        await self._scope.session.execute(change, execution_options={"synchronize_session": False})

    async def save_day(self, day: date, name: str) -> None:
        """A day off of its own; with the name "" a day of work."""
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
        """Forget what was said of a day; its country's holidays hold again."""
        ours = delete(DayOffRow).where(DayOffRow.workspace_id == self._scope.id(), DayOffRow.day == day)
        await self._scope.session.execute(ours, execution_options={"synchronize_session": False})


async def read_calendars(session: AsyncSession, workspaces: Collection[Workspace]) -> dict[Workspace, WorkCalendar]:
    """The calendars of some workspaces; those that have said nothing are left out."""
    places = [(workspace.platform, workspace.id) for workspace in workspaces]
    found: dict[Workspace, tuple[str, dict[date, str], int]] = {}
    for platform, number, country, minutes, day, name in await session.execute(_CALENDARS, {"places": places}):
        _, own, _ = found.setdefault(Workspace(platform, number), (country or "", {}, minutes))
        if day is not None:
            own[day] = name
    return {workspace: WorkCalendar(*told) for workspace, told in found.items()}
