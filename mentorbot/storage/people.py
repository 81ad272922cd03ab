"""People of one workspace."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from mentorbot.storage.records import Person
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import PersonRow


class People:
    """Asks for people by the platform's id, in one workspace only."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, external_id: str) -> Person | None:
        """The person, if we know them."""
        query = select(PersonRow).where(
            PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id
        )
        row = (await self._scope.session.scalars(query)).one_or_none()
        return _record(row) if row else None

    async def ensure(self, external_id: str, name: str) -> Person:
        """The person, made if need be, with their present name."""
        values = {"workspace_id": await self._scope.made(), "external_id": external_id, "name": storable(name)}
        # In one statement, since the first two commands of one person may come at the same time.
        upsert = (
            self._scope.insert(PersonRow)
            .values(**values, created_at=self._scope.now())
            .on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_={"name": values["name"]})
            .returning(PersonRow)
        )
        found = await self._scope.session.scalars(upsert, execution_options={"populate_existing": True})
        return _record(found.one())

    async def set_zone(self, external_id: str, zone: ZoneInfo) -> None:
        """Keep the zone that a person has told us; nothing when we do not know them."""
        change = (
            update(PersonRow)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id)
            .values(zone=zone.key)
            .execution_options(synchronize_session="fetch")
        )
        await self._scope.session.execute(change)


def _record(row: PersonRow) -> Person:
    return Person(row.id, row.external_id, row.name, ZoneInfo(row.zone) if row.zone else None)
