"""Schedules of one workspace: messages that repeat in its channels and for its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, select

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import PERSONAL_KINDS, Destination, MessageKind, Schedule, ScheduleState
from mentorbot.domain.recurrence import Recurrence, next_after
from mentorbot.domain.zones import named_zone
from mentorbot.storage.people import People
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, storable
from mentorbot.storage.tables import PersonRow, ScheduleRow, WorkspaceRow

JUST_DUE = timedelta(hours=1)
"""A due occurrence of at most this age that isn't planned yet still comes when its schedule is moved."""


class Schedules:
    """Schedules of one workspace, e.g. weekly tips in its channels and check-ins for its people."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope, self._people = scope, people

    async def start(
        self,
        destination: Destination,
        kind: MessageKind,
        recurrence: Recurrence,
        *,
        role: str,
        created_by: str,
        now: datetime,
    ) -> Schedule:
        """Start a schedule, or move the one with this destination and kind. The first occurrence comes after `now`.

        An occurrence that was just due and hasn't been planned yet still comes.

        Raises:
            LookupError: the person is unknown.
            ValueError: the destination is in another workspace or doesn't fit this kind, or nothing occurs after `now`.
        """
        if next_after(recurrence, now) is None:
            raise ValueError("a recurrence that's over can't be started")
        values = _recurrence_values(recurrence, now) | {"role": role, "created_by": created_by}
        known = await self.get(destination, kind)
        unchanged = known is not None and (known.state, known.recurrence) == (ScheduleState.ACTIVE, recurrence)
        not_yet_planned = ScheduleRow.next_run_at.between(now - JUST_DUE, now) & (
            ScheduleRow.state == ScheduleState.ACTIVE.value
        )
        moved = case((not_yet_planned, ScheduleRow.next_run_at), else_=values["next_run_at"])
        next_run_at = ScheduleRow.next_run_at if unchanged else moved
        row = await self._upsert(destination, kind, values, {"next_run_at": next_run_at})
        return schedule_record(row, self._scope.workspace, destination.user_id)

    async def _upsert(
        self,
        destination: Destination,
        kind: MessageKind,
        values: Mapping[str, object],
        updates: Mapping[str, object],
    ) -> ScheduleRow:
        """Write the row. If it exists, `updates` override `values`."""
        if destination.workspace != self._scope.workspace:
            raise ValueError(f"{destination.label} is in another workspace")
        if (destination.channel is None) != (kind in PERSONAL_KINDS):
            raise ValueError(f"a {kind} doesn't go there")
        where, unique = await self._destination_columns(destination)
        channel = destination.channel
        described = {
            "channel_name": storable(channel.name) if channel else "",
            "direct": channel is None or channel.direct,
        }
        chosen = {**values, **described, "state": ScheduleState.ACTIVE.value, "paused_reason": None}
        # One statement, because two admins may do this at the same time.
        upsert = (
            self._scope.upsert(ScheduleRow)
            .values(**where, kind=kind.value, **chosen, created_at=self._scope.now())
            .on_conflict_do_update(index_elements=unique, set_={**chosen, **updates})
            .returning(ScheduleRow)
        )
        return (await self._scope.session.scalars(upsert, execution_options={"populate_existing": True})).one()

    async def _destination_columns(self, destination: Destination) -> tuple[dict[str, object], list[str]]:
        """Build the values of the destination's columns. Also returns the unique key of a schedule with it."""
        workspace_id = await self._scope.ensure_workspace_id()
        if destination.channel is not None:
            columns: dict[str, object] = {
                "workspace_id": workspace_id,
                "person_id": None,
                "channel_id": destination.channel.id,
            }
            return columns, ["workspace_id", "kind", "channel_id"]
        person = await self._people.get(destination.user_id)
        if person is None:
            raise LookupError(f"nobody knows {destination.user_id}")
        return {"workspace_id": workspace_id, "person_id": person.id, "channel_id": None}, ["person_id", "kind"]

    async def get(self, destination: Destination, kind: MessageKind) -> Schedule | None:
        """Read the schedule with a destination and kind, active or paused; None if there's none or it's over."""
        row = await self._row(destination, kind)
        if row is None or not _goes_on(row):
            return None
        return schedule_record(row, self._scope.workspace, destination.user_id)

    async def stop(self, destination: Destination, kind: MessageKind) -> Schedule | None:
        """Stop the schedule with a destination and kind; None if there was none."""
        row = await self._row(destination, kind)
        if row is None or row.state == ScheduleState.STOPPED.value:
            return None
        row.state, row.paused_reason = ScheduleState.STOPPED.value, None
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace, destination.user_id)

    async def was_stopped(self, destination: Destination, kind: MessageKind) -> bool:
        """Check whether there was a schedule with a destination and kind that someone has stopped."""
        row = await self._row(destination, kind)
        return row is not None and row.state == ScheduleState.STOPPED.value

    async def pause_until(self, destination: Destination, kind: MessageKind, until: date | None) -> Schedule | None:
        """Pause the schedule with a destination and kind until a day; None ends the pause. Returns None without a schedule."""
        row = await self._row(destination, kind)
        if row is None or not _goes_on(row):
            return None
        row.pause_until = until
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace, destination.user_id)

    async def all(self) -> list[Schedule]:
        """Read all schedules of the workspace that aren't stopped or over, soonest first."""
        return await self._read(ScheduleRow.workspace_id == self._scope.id())

    async def in_channels(self) -> list[Schedule]:
        """Read the schedules of the workspace's channels that aren't stopped or over, soonest first."""
        ours = (ScheduleRow.workspace_id == self._scope.id()) & ScheduleRow.channel_id.is_not(None)
        return await self._read(ours & ScheduleRow.direct.is_(False))

    async def in_channel(self, schedule_id: int) -> Schedule | None:
        """Read a channel's schedule in any state by its id; None if the workspace has none with it."""
        query = select_schedules().where(
            ScheduleRow.workspace_id == self._scope.id(),
            ScheduleRow.channel_id.is_not(None),
            ScheduleRow.id == schedule_id,
        )
        row = (await self._scope.session.execute(query)).one_or_none()
        return schedule_of(row) if row else None

    async def of_person(self, user_id: str) -> list[Schedule]:
        """Read a person's schedules, active or paused, soonest first."""
        return list(await self._scope.rows(_OF_PERSON, user_id=user_id))

    async def _read(self, condition: ColumnElement[bool]) -> list[Schedule]:
        return [schedule_of(row) for row in await self._scope.session.execute(_going_on().where(condition))]

    async def _row(self, destination: Destination, kind: MessageKind) -> ScheduleRow | None:
        query = select(ScheduleRow).where(ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.kind == kind.value)
        if destination.channel is not None:
            query = query.where(ScheduleRow.channel_id == destination.channel.id)
        else:
            query = query.where(ScheduleRow.person_id.in_(self._people.id_of(destination.user_id)))
        return (await self._scope.session.scalars(query)).one_or_none()


def _goes_on(row: ScheduleRow) -> bool:
    return row.state != ScheduleState.STOPPED.value and row.next_run_at is not None


def _recurrence_values(recurrence: Recurrence, now: datetime) -> dict[str, object]:
    return {
        "weekday": int(recurrence.weekdays[0]),
        "weekdays": "".join(str(int(day)) for day in recurrence.weekdays),
        "local_time": f"{recurrence.at:%H:%M}",
        "zone": recurrence.zone.key,
        "every_weeks": recurrence.every,
        "starts_on": recurrence.starts_on,
        "ends_on": recurrence.ends_on,
        "pause_until": recurrence.pause_until,
        "next_run_at": next_after(recurrence, now),
    }


def _recurrence(row: ScheduleRow) -> Recurrence:
    """Read the recurrence of a row. Releases before revision 0003 only wrote `weekday`."""
    digits = row.weekdays if row.weekdays and row.weekdays[0] == str(row.weekday) else str(row.weekday)
    return Recurrence(
        weekdays=tuple(Weekday(int(digit)) for digit in digits),
        at=time.fromisoformat(row.local_time),
        zone=named_zone(row.zone),
        every=row.every_weeks,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        pause_until=row.pause_until,
    )


def select_schedules() -> Select[ScheduleRow, str, str, str | None]:
    """Select schedules with their workspace and the platform's id of their person."""
    return (
        select(ScheduleRow, WorkspaceRow.platform, WorkspaceRow.external_id, PersonRow.external_id)
        .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
        .outerjoin(PersonRow, ScheduleRow.person_id == PersonRow.id)
    )


def _going_on() -> Select[ScheduleRow, str, str, str | None]:
    """Select schedules that aren't stopped or over, soonest first."""
    goes_on = (ScheduleRow.state != ScheduleState.STOPPED.value, ScheduleRow.next_run_at.is_not(None))
    return select_schedules().where(*goes_on).order_by(ScheduleRow.next_run_at)


def schedule_of(row: Row[ScheduleRow, str, str, str | None] | Sequence[Any]) -> Schedule:
    """Turn a row of `select_schedules` into a record."""
    schedule, platform, workspace, user_id = row
    return schedule_record(schedule, Workspace(platform, workspace), user_id or "")


def schedule_record(row: ScheduleRow, workspace: Workspace, user_id: str) -> Schedule:
    """Turn a row into a record. `user_id` is the platform's id of its person, if it has one."""
    return Schedule(
        id=row.id,
        kind=MessageKind(row.kind),
        destination=destination_of(row, workspace, user_id),
        recurrence=_recurrence(row),
        role=row.role,
        state=ScheduleState(row.state),
        next_run_at=row.next_run_at,
        paused_reason=row.paused_reason,
        created_by=row.created_by,
    )


def destination_of(row: ScheduleRow, workspace: Workspace, user_id: str) -> Destination:
    """Turn the destination columns of a row into a record."""
    if row.channel_id is None:
        return Destination(workspace, person_id=row.person_id, user_id=user_id)
    return Destination(workspace, Channel(workspace, row.channel_id, row.channel_name, row.direct))


_OF_PERSON = Query(
    _going_on().where(PersonRow.workspace_id == IN_WORKSPACE, PersonRow.external_id == bindparam("user_id")),
    schedule_of,
)
