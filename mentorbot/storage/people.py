"""People of one workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import Asked, MessageSettings, Person, PlatformProfile, Silence
from mentorbot.domain.zones import named_zone
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, storable
from mentorbot.storage.tables import Base, DeliveryRow, PersonRow, PersonSettingsRow

_REREAD = {"populate_existing": True}
PERSON_COLUMNS = (
    PersonRow.id,
    PersonRow.external_id,
    PersonRow.name,
    PersonRow.zone,
    PersonRow.silent_weeks,
    PersonRow.asked_week,
    PersonRow.locale,
)
"""The columns that `person_record` makes a person of."""
_PERSON = Query(
    select(*PERSON_COLUMNS).where(PersonRow.workspace_id == IN_WORKSPACE, PersonRow.external_id == bindparam("user_id"))
)
_SETTINGS = Query(
    select(
        PersonSettingsRow.quiet_from, PersonSettingsRow.quiet_to, PersonSettingsRow.budget, PersonSettingsRow.reminders
    )
    .join(PersonRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(PersonRow.workspace_id == IN_WORKSPACE, PersonRow.external_id == bindparam("user_id"))
)
_PEOPLE = Base.metadata.tables[PersonRow.__tablename__]
_END_SILENCE = update(_PEOPLE).where(_PEOPLE.c.id == bindparam("person")).values(silent_weeks=0)
_COUNT_SILENCE = (
    update(PersonRow)
    .where(PersonRow.id == bindparam("person"))
    .where(or_(PersonRow.asked_week.is_(None), PersonRow.asked_week < bindparam("week")))
    .where(
        exists().where(
            or_(DeliveryRow.id == bindparam("delivery"), DeliveryRow.parent_id == bindparam("delivery")),
            DeliveryRow.kind == MessageKind.CHECKIN.value,
        )
    )
    .values(silent_weeks=PersonRow.silent_weeks + 1, asked_week=bindparam("week"))
)


class People:
    """People of one workspace, by the platform's id."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[str, Person] = {}

    async def get(self, user_id: str) -> Person | None:
        """Read a person; None if they're unknown."""
        if user_id not in self._known and (person := await self._read(user_id)):
            self._known[user_id] = person
        return self._known.get(user_id)

    async def names(self) -> list[str]:
        """List the names of everyone in the workspace."""
        query = select(PersonRow.name).where(PersonRow.workspace_id == self._scope.id()).distinct()
        return list((await self._scope.session.scalars(query)).all())

    def forget(self, user_id: str) -> None:
        """Drop a person from the cache, so they're read again."""
        self._known.pop(user_id, None)

    async def _read(self, user_id: str) -> Person | None:
        rows = await self._scope.rows(_PERSON, user_id=user_id)
        return person_record(rows[0]) if rows else None

    def _is(self, user_id: str) -> tuple[ColumnElement[bool], ...]:
        return PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == user_id

    def id_of(self, user_id: str) -> Select[int]:
        """A person's database id as a query, empty if they're unknown."""
        return select(PersonRow.id).where(*self._is(user_id))

    def prefetch(self, person: Person) -> None:
        """Add a person of this workspace to the cache, as they were read a moment ago."""
        self._known[person.platform_user_id] = person

    async def ensure(self, user_id: str, name: str, locale: str = "") -> Person:
        """Read a person and update their name, and their locale if one is given. Create them if need be."""
        known = await self.get(user_id)
        if known is not None and known.name == storable(name) and locale in ("", known.locale):
            return known
        values = {
            "workspace_id": await self._scope.ensure_workspace_id(),
            "external_id": user_id,
            "name": storable(name),
        }
        changed = {"name": values["name"], **({"locale": locale} if locale else {})}
        # One statement, because a person's first two commands may come at the same time.
        upsert = (
            self._scope.upsert(PersonRow)
            .values(**values | changed, created_at=self._scope.now())
            .on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_=changed)
            .returning(PersonRow)
        )
        row = (await self._scope.session.scalars(upsert, execution_options=_REREAD)).one()
        self._known[user_id] = person_record(row)
        return self._known[user_id]

    async def set_zone(self, user_id: str, zone: ZoneInfo) -> None:
        """Save the zone a person has told us. Does nothing if they're unknown."""
        change = update(PersonRow).where(*self._is(user_id)).values(zone=zone.key)
        await self._scope.session.execute(change.execution_options(synchronize_session="fetch"))
        self.forget(user_id)

    async def end_silence(self, user_id: str) -> None:
        """Record that a person has been heard from. Does nothing if they're unknown or haven't been silent."""
        person = await self.get(user_id)
        if person is None or not person.silence.weeks:
            return
        await self._scope.session.execute(_END_SILENCE, {"person": person.id})
        self.forget(user_id)

    async def set_dm_channel(self, user_id: str, channel_id: str | None) -> None:
        """Save where messages to a person go; None opens a conversation again next time. Does nothing if they're unknown."""
        person = await self.get(user_id)
        if person is None:
            return
        insert = self._scope.upsert(PersonSettingsRow).values(person_id=person.id, dm_channel_id=channel_id)
        saved = insert.on_conflict_do_update(index_elements=["person_id"], set_={"direct_id": channel_id})
        await self._scope.session.execute(saved)

    async def message_settings(self, user_id: str) -> MessageSettings:
        """Read a person's message settings; the defaults if they've set none."""
        rows = await self._scope.rows(_SETTINGS, user_id=user_id)
        return settings_record(rows[0] if rows else None)

    async def set_messages(self, user_id: str, settings: MessageSettings) -> None:
        """Save a person's message settings. Does nothing if they're unknown."""
        person = await self.get(user_id)
        if person is None:
            return
        values = {
            "quiet_from": settings.quiet_from and f"{settings.quiet_from:%H:%M}",
            "quiet_to": settings.quiet_to and f"{settings.quiet_to:%H:%M}",
            "budget": settings.budget,
            "reminders": settings.reminders,
        }
        insert = self._scope.upsert(PersonSettingsRow).values(person_id=person.id, **values)
        await self._scope.session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def settings_record(row: Any) -> MessageSettings:
    """Turn a row, or a `PersonSettingsRow`, into a record; None gives the defaults."""
    if row is None:
        return MessageSettings()
    return MessageSettings(_time(row.quiet_from), _time(row.quiet_to), row.budget, row.reminders)


def profile_record(row: PersonSettingsRow | None) -> PlatformProfile:
    """Turn a row into a platform profile."""
    if row is None:
        return PlatformProfile()
    return PlatformProfile(named_zone(row.platform_zone) if row.platform_zone else None, row.dm_channel_id or None)


async def save_profiles(session: AsyncSession, profiles: Mapping[int, PlatformProfile]) -> None:
    """Save the platform profiles of some people, by our id."""
    if not profiles:
        return
    insert = (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(PersonSettingsRow)
    changed = {name: insert.excluded[name] for name in ("platform_zone", "direct_id")}
    rows = [
        {
            "person_id": person_id,
            "platform_zone": profile.zone and profile.zone.key,
            "dm_channel_id": profile.dm_channel_id,
        }
        for person_id, profile in sorted(profiles.items())
    ]
    await session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=changed), rows)


async def save_silence(session: AsyncSession, asked: Mapping[int, Asked]) -> None:
    """Count a week with a check-in sent to some people, once, where the delivery's message (by id) holds a check-in."""
    if not asked:
        return
    in_order = sorted(asked.items(), key=lambda entry: entry[1].person_id)
    values = [
        {"person": sent_to.person_id, "week": sent_to.week, "delivery": delivery_id}
        for delivery_id, sent_to in in_order
    ]
    await (await session.connection()).execute(_COUNT_SILENCE, values)


def person_record(row: Any) -> Person:
    """Turn a row, or a `PersonRow`, into a record."""
    zone = named_zone(row.zone) if row.zone else None
    silence = Silence(row.silent_weeks, row.asked_week)
    return Person(row.id, row.external_id, row.name, zone, silence, row.locale or "")
