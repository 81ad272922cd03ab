"""Who is in a workspace."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update

from mentorbot.storage.records import Person
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import people

_COLUMNS = (people.c.id, people.c.external_id, people.c.name, people.c.zone)


class People:
    """The people of one workspace, by the platform's id."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, external_id: str) -> Person | None:
        """That person, or None when we have never written anything about them."""
        found = await self._scope.transaction.read(select(*_COLUMNS).where(self._scope.person(external_id)))
        row = found.one_or_none()
        return None if row is None else _person(row)

    async def ensure(self, external_id: str, name: str) -> Person:
        """That person with `name` as their name now, made if they are new."""
        row = {
            "workspace_id": await self._scope.workspace_id(),
            "external_id": external_id,
            "name": storable(name),
            "created_at": self._scope.now(),
        }
        upsert = (
            self._scope.transaction.insert(people)
            .values(row)
            .on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_={"name": row["name"]})
            .returning(*_COLUMNS)
        )
        return _person((await self._scope.transaction.write(upsert)).one())

    async def set_zone(self, external_id: str, zone: ZoneInfo) -> None:
        """Keep the zone that a person told us; they are made, named by their id, if they are new."""
        if await self.get(external_id) is None:
            await self.ensure(external_id, external_id)
        statement = update(people).where(self._scope.person(external_id)).values(zone=zone.key)
        await self._scope.transaction.write(statement)


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.external_id, row.name, ZoneInfo(row.zone) if row.zone else None)
