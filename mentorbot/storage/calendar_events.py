"""The events of a learner's calendar file, as last exported."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from mentorbot.domain.plan_calendar import CalendarEvent, EventKind, EventStatus
from mentorbot.storage.learner_scope import LearnerScope
from mentorbot.storage.tables import CalendarEventRow


class CalendarEvents:
    """Repository of one learner's exported events."""

    def __init__(self, learner: LearnerScope) -> None:
        self._learner = learner

    async def locked(self) -> list[CalendarEvent]:
        """Read all events, and keep other exports waiting until the transaction ends, so no UID is given twice."""
        learner = await self._learner.ensure()
        query = select(CalendarEventRow).where(CalendarEventRow.learner_id == learner.id)
        return [_record(row) for row in await self._learner.scope.session.scalars(query)]

    async def save(self, events: Iterable[CalendarEvent]) -> None:
        """Save new and changed events."""
        learner = await self._learner.ensure()
        for event in events:
            values = {
                "uid": event.uid,
                "sequence": event.sequence,
                "starts": event.starts,
                "ends": event.ends,
                "summary": event.summary,
                "status": event.status.value,
                "digest": event.digest,
            }
            row = {"learner_id": learner.id, "step_number": event.step, "kind": event.kind.value}
            insert = self._learner.scope.upsert(CalendarEventRow).values(**row, **values)
            await self._learner.scope.session.execute(
                insert.on_conflict_do_update(index_elements=list(row), set_=values)
            )


def _record(row: CalendarEventRow) -> CalendarEvent:
    return CalendarEvent(
        step=row.step_number,
        kind=EventKind(row.kind),
        uid=row.uid,
        sequence=row.sequence,
        starts=row.starts,
        ends=row.ends,
        summary=row.summary,
        status=EventStatus(row.status),
        digest=row.digest,
    )
