"""The roles people have chosen to learn, and the one a workspace's people learn if they've chosen none."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, func, select, update

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import Person
from mentorbot.storage.people import PERSON_COLUMNS, person_record
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import PersonRow, ScheduleRow, WorkspaceRow

_ROLE = Query(
    select(func.coalesce(PersonRow.role, WorkspaceRow.role).label("role"), *PERSON_COLUMNS)
    .select_from(WorkspaceRow)
    .outerjoin(
        PersonRow, and_(PersonRow.workspace_id == WorkspaceRow.id, PersonRow.external_id == bindparam("user_id"))
    )
    .where(WorkspaceRow.id == IN_WORKSPACE)
)


class Roles:
    """Roles of one workspace and its people, by role id."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def with_person(self, user_id: str) -> tuple[str | None, Person | None]:
        """Read the role a person learns, None if neither they nor their workspace has chosen one; and who they are, if known."""
        rows = await self._scope.rows(_ROLE, user_id=user_id)
        if not rows:
            return None, None
        return rows[0].role, person_record(rows[0]) if rows[0].id else None

    async def choose(self, user_id: str, role: str) -> None:
        """Save the role of a person we know, and move their own messages to it. Plans for other roles are kept.

        A digest stays with the role whose learners it's about.
        """
        chosen = (
            update(PersonRow)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == user_id)
            .values(role=role)
            .returning(PersonRow.id)
        )
        person_id = (await self._scope.session.scalars(chosen)).one()
        await self._scope.session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.person_id == person_id, ScheduleRow.kind != MessageKind.DIGEST.value)
            .values(role=role)
        )

    async def default(self) -> str | None:
        """Read the workspace's role; None if it has chosen none."""
        role: str | None = await self._scope.session.scalar(
            select(WorkspaceRow.role).where(WorkspaceRow.id == self._scope.id())
        )
        return role

    async def set_default(self, role: str) -> None:
        """Save the role for everyone in the workspace who has chosen none."""
        workspace_id = await self._scope.ensure_workspace_id()
        await self._scope.session.execute(update(WorkspaceRow).where(WorkspaceRow.id == workspace_id).values(role=role))
