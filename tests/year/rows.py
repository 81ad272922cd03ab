"""The deliveries in the database at the end of the year, read past the bot's own code."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

_QUERY = """
SELECT d.id, w.external_id, d.kind, p.external_id, s.channel_id, d.key, d.state, d.occurrence_at, d.sent_at,
       d.reason_code, d.reason_details, d.merged_into, d.schedule_id IS NULL
FROM deliveries d JOIN workspaces w ON w.id = d.workspace_id
LEFT JOIN schedules s ON s.id = d.schedule_id LEFT JOIN people p ON p.id = d.person_id
"""
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


def read_rows(file: Path) -> list[Row]:
    """Read all deliveries."""
    with sqlite3.connect(file) as database:
        return [_row(*values) for values in database.execute(_QUERY)]


def _row(
    number: int,
    team: str,
    kind: str,
    person: str | None,
    channel_id: str | None,
    key: str,
    state: str,
    due: str,
    sent_at: str | None,
    reason: str | None,
    details: str | None,
    merged_into: int | None,
    one_off: bool,
) -> Row:
    return Row(
        id=number,
        team=team,
        kind=SNOOZED if one_off and kind == "checkin" else kind,
        person=person,
        channel_id=channel_id,
        key=key,
        state=state,
        due=_utc(due),
        sent_at=_utc(sent_at) if sent_at else None,
        reason=reason or "",
        details=json.loads(details) if details else {},
        merged_into=merged_into,
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
