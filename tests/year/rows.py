"""What the database holds at the end of the year, read past the bot's own code."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

_QUERY = """
SELECT d.id, w.external_id, s.kind, s.channel_id, d.item, d.key, d.state, d.occurrence_at, d.sent_at,
       coalesce(d.last_error, ''), d.merged_into
FROM deliveries d JOIN schedules s ON s.id = d.schedule_id JOIN workspaces w ON w.id = s.workspace_id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery. `about` is what it is: `tip`, `checkin`, `own-tip`, `reminder`, or `again` for one that was put off."""

    id: int
    team: str
    about: str
    channel: str
    key: str
    state: str
    due: datetime
    sent_at: datetime | None
    reason: str
    merged_into: int | None

    @property
    def person(self) -> str | None:
        """Whose it is; None in a channel."""
        return self.channel[1:] if self.channel.startswith("@") else None

    @property
    def week(self) -> date | None:
        """The week (its Monday) that a reminder is about."""
        found = re.search(r"-r([0-9a-f]+)$", self.key)
        return date.fromordinal(int(found[1], 16)) if found else None

    @property
    def reason_in_short(self) -> str:
        """The reason without its figures and names."""
        return re.sub(
            r"\d[\d-]*|\(.*\)|January|February|March|April|May|June|July|August|(Sept|Nov|Dec)ember|October",
            "…",
            self.reason,
        )


def read_rows(file: Path) -> list[Row]:
    """All deliveries."""
    with sqlite3.connect(file) as database:
        return [_row(*values) for values in database.execute(_QUERY)]


def _row(number: int, team: str, kind: str, channel: str, *rest: Any) -> Row:
    item, key, state, due, sent, reason, merged = rest
    about = {"checkin": "again", "reminder": "reminder"}[item] if kind == "notice" else kind
    return Row(number, team, about, channel, key, state, _utc(due), _utc(sent) if sent else None, reason, merged)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
