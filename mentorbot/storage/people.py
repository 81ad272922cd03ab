"""People of one workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.records import MessageSettings, Person, PlatformProfile
from mentorbot.domain.zones import named_zone
from mentorbot.storage.database import LOCKING
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import PersonRow, PersonSettingsRow, ScheduleRow

THEIR_OWN: ColumnElement[bool] = (PersonRow.workspace_id == ScheduleRow.workspace_id) & (
    PersonRow.external_id == func.substr(ScheduleRow.channel_id, 2)
)
"""Joins a person and the schedules of what is sent to them alone."""


class People:
    """Asks for people by the platform's id, in one workspace only."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._seen: dict[str, Person] = {}

    async def get(self, external_id: str) -> Person | None:
        """The person, if we know them."""
        if external_id not in self._seen and (found := await self._read(external_id)):
            self._seen[external_id] = found
        return self._seen.get(external_id)

    def changed(self, external_id: str) -> None:
        """Read a person anew when they are asked for again."""
        self._seen.pop(external_id, None)

    async def _read(self, external_id: str) -> Person | None:
        query = select(PersonRow).where(
            PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id
        )
        row = (await self._scope.session.scalars(query)).one_or_none()
        return person_record(row) if row else None

    def know(self, person: Person) -> None:
        """Take somebody as they were read a moment ago, in this workspace."""
        self._seen[person.platform_user_id] = person

    async def ensure(self, external_id: str, name: str) -> Person:
        """The person, made if need be, with their present name."""
        known = await self.get(external_id)
        if known is not None and known.name == storable(name):
            return known
        values = {"workspace_id": await self._scope.made(), "external_id": external_id, "name": storable(name)}
        # In one statement, since the first two commands of one person may come at the same time.
        upsert = (
            self._scope.insert(PersonRow)
            .values(**values, created_at=self._scope.now())
            .on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_={"name": values["name"]})
            .returning(PersonRow)
        )
        found = await self._scope.session.scalars(upsert, execution_options={"populate_existing": True})
        self._seen[external_id] = person_record(found.one())
        return self._seen[external_id]

    async def stay(self, external_id: str) -> bool:
        """Whether a person is still there; if so, nobody forgets them before this transaction has ended."""
        query = select(PersonRow.id).where(
            PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id
        )
        locked = query.with_for_update(read=True, key_share=True).execution_options(**LOCKING)
        return await self._scope.session.scalar(locked) is not None

    async def set_zone(self, external_id: str, zone: ZoneInfo) -> None:
        """Keep the zone that a person has told us; nothing when we do not know them."""
        change = (
            update(PersonRow)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id)
            .values(zone=zone.key)
            .execution_options(synchronize_session="fetch")
        )
        await self._scope.session.execute(change)
        self.changed(external_id)

    async def message_settings(self, external_id: str) -> MessageSettings:
        """When a person wants messages; the defaults when they have not said so."""
        row = (
            await self._scope.session.scalars(self._settings_of(external_id), execution_options=_FRESH)
        ).one_or_none()
        return settings_record(row)

    async def set_messages(self, external_id: str, settings: MessageSettings) -> None:
        """Keep when a person wants messages; nothing when we do not know them."""
        known = await self.get(external_id)
        if known is None:
            return
        values = {
            "quiet_from": settings.quiet_from and f"{settings.quiet_from:%H:%M}",
            "quiet_to": settings.quiet_to and f"{settings.quiet_to:%H:%M}",
            "budget": settings.budget,
            "reminders": settings.reminders,
        }
        insert = self._scope.insert(PersonSettingsRow).values(person_id=known.id, **values)
        await self._scope.session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))

    def _settings_of(self, external_id: str) -> Select[PersonSettingsRow]:
        return (
            select(PersonSettingsRow)
            .join(PersonRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == external_id)
        )


_FRESH = {"populate_existing": True}


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def settings_record(row: PersonSettingsRow | None) -> MessageSettings:
    """A row as a record; without one, what is true of a person who has said nothing."""
    if row is None:
        return MessageSettings()
    return MessageSettings(_time(row.quiet_from), _time(row.quiet_to), row.budget, row.reminders)


def profile_record(row: PersonSettingsRow | None) -> PlatformProfile:
    """What the platform has told, out of a row."""
    if row is None:
        return PlatformProfile()
    return PlatformProfile(named_zone(row.platform_zone) if row.platform_zone else None, row.direct_id or None)


async def put_down_profiles(session: AsyncSession, profiles: Mapping[int, PlatformProfile]) -> None:
    """Keep what the platform has told of some people, by our id."""
    if not profiles:
        return
    insert = (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(PersonSettingsRow)
    changed = {name: insert.excluded[name] for name in ("platform_zone", "direct_id")}
    rows = [
        {"person_id": number, "platform_zone": told.zone and told.zone.key, "direct_id": told.dm_channel_id}
        for number, told in sorted(profiles.items())
    ]
    await session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=changed), rows)


def person_record(row: PersonRow) -> Person:
    """A row as a record."""
    return Person(row.id, row.external_id, row.name, named_zone(row.zone) if row.zone else None)
