"""People of one workspace."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentorbot.storage.records import Person
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import PersonRow


class People:
    """Asks for people by the platform's id, in one workspace only."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, external_id: str) -> Person | None:
        """The person, if we know them."""
        row = await self._row(external_id)
        return _record(row) if row else None

    async def ensure(self, external_id: str, name: str) -> Person:
        """The person, made if need be, with their present name."""
        row = await self._row(external_id)
        if row is None:
            row = PersonRow(
                workspace_id=await self._scope.made(),
                external_id=external_id,
                name=name[:200],
                created_at=self._scope.now(),
            )
            self._scope.session.add(row)
        row.name = name[:200]
        await self._scope.session.flush()
        return _record(row)

    async def set_zone(self, external_id: str, zone: ZoneInfo) -> None:
        """Keep the zone that a person has told us; nothing when we do not know them."""
        if row := await self._row(external_id):
            row.zone = zone.key

    async def _row(self, external_id: str) -> PersonRow | None:
        query = select(PersonRow).where(
            PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id
        )
        return (await self._scope.session.scalars(query)).one_or_none()


def _record(row: PersonRow) -> Person:
    return Person(row.id, row.external_id, row.name, ZoneInfo(row.zone) if row.zone else None)
