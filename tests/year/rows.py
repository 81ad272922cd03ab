"""The deliveries in the database at the end of the year, read past the bot's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import JSON, Boolean, Connection, DateTime, RowMapping, create_engine, text

_INSTANT = DateTime(timezone=True)
_QUERY = text("""
SELECT d.id, w.external_id AS team, d.kind, p.external_id AS person, s.channel_id, d.key, d.state, d.occurrence_at, d.sent_at,
       d.reason_code, d.reason_details, d.merged_into, d.schedule_id IS NULL AS one_off
FROM deliveries d JOIN workspaces w ON w.id = d.workspace_id
LEFT JOIN schedules s ON s.id = d.schedule_id LEFT JOIN people p ON p.id = d.person_id
""").columns(occurrence_at=_INSTANT, sent_at=_INSTANT, reason_details=JSON, one_off=Boolean)
SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One delivery. `kind` is `tip`, `checkin`, `own-tip`, `reminder`, or `snoozed` for a check-in that was put off.

    `person` is the id of the person it's for; None in a channel, whose id is `channel_id`.
    """

    id: int
    team: str
    kind: str
    person: str | None
    channel_id: str | None = None
    key: str
    state: str
    due: datetime
    sent_at: datetime | None = None
    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    merged_into: int | None = None

    @property
    def destination(self) -> str:
        """The channel its message belongs in; the platform calls a direct one D and the person's id."""
        return f"D{self.person}" if self.person is not None else self.channel_id or ""

    @property
    def week(self) -> date | None:
        """The week (its Monday) that a reminder is about."""
        match = re.search(r"-r([0-9a-f]+)$", self.key)
        return date.fromordinal(int(match[1], 16)) if match else None


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Open the bot's database beside it; each statement sees what is committed."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def read_rows(url: str) -> list[Row]:
    """Read all deliveries."""
    with opened(url) as database:
        return [_row(values) for values in database.execute(_QUERY).mappings()]


def _row(values: RowMapping) -> Row:
    sent_at: datetime | None = values["sent_at"]
    return Row(
        id=values["id"],
        team=values["team"],
        kind=SNOOZED if values["one_off"] and values["kind"] == "checkin" else values["kind"],
        person=values["person"],
        channel_id=values["channel_id"],
        key=values["key"],
        state=values["state"],
        due=in_utc(values["occurrence_at"]),
        sent_at=in_utc(sent_at) if sent_at else None,
        reason=values["reason_code"] or "",
        details=values["reason_details"] or {},
        merged_into=values["merged_into"],
    )


def in_utc(instant: datetime) -> datetime:
    """Take an instant as it was stored; SQLite forgets the zone, which is always UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
