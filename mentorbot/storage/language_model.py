"""A workspace's language-model settings, its people's choices, and today's calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from sqlalchemy import ColumnElement, case, literal, or_, select, update

from mentorbot.domain.language_model import Consent, ModelBudget, ModelMode, Permission
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import LanguageModelUserRow, WorkspaceRow


class LanguageModelUse:
    """The language model in one workspace, by the platform's id of its people."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def mode(self) -> ModelMode:
        """Read what the model may do here."""
        query = select(WorkspaceRow.model_mode).where(WorkspaceRow.id == self._scope.id())
        return ModelMode(await self._scope.session.scalar(query) or ModelMode.OFF)

    async def set_mode(self, mode: ModelMode) -> None:
        """Save what the model may do here."""
        workspace_id = await self._scope.ensure_workspace_id()
        value = None if mode is ModelMode.OFF else mode.value
        change = update(WorkspaceRow).where(WorkspaceRow.id == workspace_id).values(model_mode=value)
        await self._scope.session.execute(change)

    async def permission(self, user_id: str) -> Permission:
        """Read the workspace's mode and a person's choice."""
        mode = await self.mode()
        if mode is ModelMode.OFF:
            return Permission(mode, Consent.OFF)
        query = select(LanguageModelUserRow.declined).where(*self._is(user_id))
        declined = await self._scope.session.scalar(query)
        consent = Consent.UNTOLD if declined is None else Consent.DECLINED if declined else Consent.GIVEN
        return Permission(mode, consent)

    async def agreeing(self, user_ids: Iterable[str]) -> set[str]:
        """Of some people, find those who've been told and haven't declined."""
        row = LanguageModelUserRow
        query = select(row.user_id).where(
            row.workspace_id == self._scope.id(), row.user_id.in_(list(user_ids)), row.declined.is_(False)
        )
        return set((await self._scope.session.scalars(query)).all())

    async def tell(self, user_id: str) -> bool:
        """Record that a person is being told now; False if they've been told before."""
        insert = self._scope.upsert(LanguageModelUserRow).values(**await self._new(user_id), declined=False)
        told = insert.on_conflict_do_nothing(index_elements=["workspace_id", "user_id"]).returning(
            LanguageModelUserRow.id
        )
        return await self._scope.session.scalar(told) is not None

    async def choose(self, user_id: str, *, declined: bool) -> None:
        """Save a person's choice."""
        insert = self._scope.upsert(LanguageModelUserRow).values(**await self._new(user_id), declined=declined)
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_={"declined": declined})
        )

    async def spend(self, user_id: str, budget: ModelBudget) -> bool:
        """Count a call of today; False if the person's or the workspace's budget is spent. It's exact: both rows are locked."""
        today = self._scope.now().astimezone(UTC).date()
        row = LanguageModelUserRow
        is_first = or_(row.day.is_(None), row.day != today)
        own = (
            update(row)
            .where(*self._is(user_id), or_(is_first, row.calls < budget.person), literal(budget.person) > 0)
            .values(calls=case((is_first, 1), else_=row.calls + 1), day=today)
            .returning(row.id)
        )
        workspace = WorkspaceRow
        is_first_here = or_(workspace.model_day.is_(None), workspace.model_day != today)
        shared = (
            update(workspace)
            .where(
                workspace.id == self._scope.id(),
                or_(is_first_here, workspace.model_calls < budget.workspace),
                literal(budget.workspace) > 0,
            )
            .values(model_calls=case((is_first_here, 1), else_=workspace.model_calls + 1), model_day=today)
            .returning(workspace.id)
        )
        options = {"synchronize_session": False}
        if await self._scope.session.scalar(own, execution_options=options) is None:
            return False
        return await self._scope.session.scalar(shared, execution_options=options) is not None

    def _is(self, user_id: str) -> tuple[ColumnElement[bool], ...]:
        return LanguageModelUserRow.workspace_id == self._scope.id(), LanguageModelUserRow.user_id == user_id

    async def _new(self, user_id: str) -> dict[str, object]:
        return {
            "workspace_id": await self._scope.ensure_workspace_id(),
            "user_id": user_id,
            "told_at": self._scope.now(),
            "calls": 0,
        }
