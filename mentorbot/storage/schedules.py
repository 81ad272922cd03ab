"""Schedules of one workspace."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import case, select

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.records import NEVER, Schedule
from mentorbot.domain.recurrence import Recurrence, jitter, next_after
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.domain.zones import named_zone
from mentorbot.storage.scope import Scope, storable
from mentorbot.storage.tables import ScheduleRow

TIP, CHECKIN, RECALL, DIGEST, REPORT = "tip", "checkin", "recall", "digest", "report"
OWN_TIP = "own-tip"
NOTICE = "notice"
"""Kind of the row that carries single messages to a person."""
PERSONAL = (CHECKIN, RECALL, DIGEST, OWN_TIP, NOTICE)
"""Kinds of rows that a person may have. A query for all that somebody gets names them: the index has the kind before the
channel, and would else be read for everybody in the workspace.
"""
JUST_DUE = timedelta(hours=1)
"""What was due no longer ago, and is not planned yet, still comes when its schedule is moved."""
REMINDER = "reminder"
"""What a single message is about that comes a day after a check-in without an answer."""


def direct_to(workspace: Workspace, person: str, name: str = "") -> Channel:
    """The place of what is sent to a person alone. The platform opens the conversation when something is sent."""
    return Channel(workspace, f"@{person}", name, direct=True)


def person_of(channel: Channel) -> str | None:
    """Whose conversation with the bot a channel is, where the schedule names the person."""
    return channel.id.removeprefix("@") if channel.id.startswith("@") else None


class Schedules:
    """What is posted in one workspace: weekly tips of channels, check-ins and more of its people."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def start(
        self, channel: Channel, cadence: Recurrence, role: str, created_by: str, now: datetime, kind: str = TIP
    ) -> Schedule:
        """Start what repeats in a channel, or move it; the first one comes after `now`. What was due just now and has not been
        planned yet still comes.

        Raises:
            ValueError: the channel is another workspace's, or nothing comes after `now`.
        """
        if next_after(cadence, now) is None:
            raise ValueError("a cadence that is over cannot be started")
        values = _cadence_values(cadence, now) | {"role": role, "created_by": created_by}
        known = await self.get(channel.id, kind)
        goes_on = known is not None and (known.state, known.cadence) == ("active", cadence)
        not_yet_planned = ScheduleRow.next_run_at.between(now - JUST_DUE, now) & (ScheduleRow.state == "active")
        following = case((not_yet_planned, ScheduleRow.next_run_at), else_=values["next_run_at"])
        row = await self._put(channel, kind, values, {"next_run_at": ScheduleRow.next_run_at if goes_on else following})
        return schedule_record(row, self._scope.workspace)

    async def carry(self, person: str, role: str) -> int:
        """The id of the schedule that carries single messages to a person, made if need be."""
        its = (ScheduleRow.kind == NOTICE, ScheduleRow.channel_id == f"@{person}", ScheduleRow.state == "active")
        query = select(ScheduleRow.id).where(ScheduleRow.workspace_id == self._scope.id(), *its)
        if (known := await self._scope.session.scalar(query)) is not None:
            return known
        fresh = {"weekday": 0, "local_time": "00:00", "zone": "UTC", "next_run_at": None, "role": role}
        channel = direct_to(self._scope.workspace, person)
        return (await self._put(channel, NOTICE, fresh | {"created_by": person})).id

    async def _put(
        self, channel: Channel, kind: str, chosen: dict[str, object], if_there: dict[str, object] | None = None
    ) -> ScheduleRow:
        """The row with what is `chosen`, made if need be; one that is there gets what `if_there` says instead."""
        if channel.workspace != self._scope.workspace:
            raise ValueError(f"{channel.id} is another workspace's channel")
        if person_of(channel) is not None and kind not in PERSONAL:
            raise ValueError(f"a {kind} is not sent to a person alone")
        chosen = chosen | {"channel_name": storable(channel.name), "direct": channel.direct}
        chosen |= {"state": "active", "paused_reason": None}
        place = {"workspace_id": await self._scope.made(), "kind": kind, "channel_id": channel.id}
        changed = chosen | (if_there or {})
        # In one statement, since two admins may do this at the same time.
        upsert = (
            self._scope.insert(ScheduleRow)
            .values(**place, **chosen, created_at=self._scope.now())
            .on_conflict_do_update(index_elements=["workspace_id", "kind", "channel_id"], set_=changed)
            .returning(ScheduleRow)
        )
        found = await self._scope.session.scalars(upsert, execution_options={"populate_existing": True})
        return found.one()

    async def get(self, channel_id: str, kind: str = TIP) -> Schedule | None:
        """What repeats in a channel, active or paused; None once it is over."""
        row = await self._row(channel_id, kind)
        return schedule_record(row, self._scope.workspace) if row and _goes_on(row) else None

    async def stop(self, channel_id: str, kind: str = TIP) -> Schedule | None:
        """Stop what repeats in a channel; None when there was none."""
        row = await self._row(channel_id, kind)
        if row is None or row.state == "stopped":
            return None
        row.state, row.paused_reason = "stopped", None
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace)

    async def stopped(self, channel_id: str, kind: str) -> bool:
        """Whether something has repeated in a channel and somebody has stopped it."""
        row = await self._row(channel_id, kind)
        return row is not None and row.state == "stopped"

    async def pause_until(self, channel_id: str, until: date | None, kind: str = TIP) -> Schedule | None:
        """Leave out what falls before a day; with None, nothing any more. None when nothing repeats in the channel."""
        row = await self._row(channel_id, kind)
        if row is None or not _goes_on(row):
            return None
        row.pause_until = until
        await self._scope.session.flush()
        return schedule_record(row, self._scope.workspace)

    async def all(self) -> list[Schedule]:
        """Every schedule of the workspace that is not stopped."""
        query = select(ScheduleRow).where(
            ScheduleRow.workspace_id == self._scope.id(),
            ScheduleRow.state != "stopped",
            ScheduleRow.kind != NOTICE,
            ScheduleRow.next_run_at.is_not(None),
        )
        rows = await self._scope.session.scalars(query.order_by(ScheduleRow.next_run_at))
        return [schedule_record(row, self._scope.workspace) for row in rows]

    async def _row(self, channel_id: str, kind: str) -> ScheduleRow | None:
        query = select(ScheduleRow).where(
            ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.kind == kind, ScheduleRow.channel_id == channel_id
        )
        return (await self._scope.session.scalars(query)).one_or_none()


def turn_of(kind: str, schedule_id: int, calendar: WorkCalendar) -> timedelta:
    """How long after its time a schedule is due, in a workspace that spreads its check-ins."""
    return jitter(schedule_id, calendar.spread_minutes) if kind == CHECKIN else timedelta(0)


def _goes_on(row: ScheduleRow) -> bool:
    return row.state != "stopped" and row.next_run_at is not None


def _cadence_values(cadence: Recurrence, now: datetime) -> dict[str, object]:
    return {
        "weekday": int(cadence.weekdays[0]),
        "weekdays": "".join(str(int(day)) for day in cadence.weekdays),
        "local_time": f"{cadence.at:%H:%M}",
        "zone": cadence.zone.key,
        "every_weeks": cadence.every,
        "starts_on": cadence.starts_on,
        "ends_on": cadence.ends_on,
        "pause_until": cadence.pause_until,
        "next_run_at": next_after(cadence, now),
    }


def _cadence(row: ScheduleRow) -> Recurrence:
    """The cadence of a row. `weekdays` that do not begin with `weekday` are older than it: the release before this one has
    changed the day.
    """
    digits = row.weekdays if row.weekdays and row.weekdays[0] == str(row.weekday) else str(row.weekday)
    return Recurrence(
        tuple(Weekday(int(digit)) for digit in digits),
        time.fromisoformat(row.local_time),
        named_zone(row.zone),
        row.every_weeks,
        row.starts_on,
        row.ends_on,
        row.pause_until,
    )


def schedule_record(row: ScheduleRow, workspace: Workspace) -> Schedule:
    """A row as a record."""
    channel = Channel(workspace, row.channel_id, row.channel_name, row.direct)
    at = row.next_run_at or NEVER
    return Schedule(row.id, workspace, row.kind, channel, _cadence(row), row.role, row.state, at, row.paused_reason)
