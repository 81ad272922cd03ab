"""People's drafts and conversations: drafts too long for a button, and the last minutes of each conversation.

Both outlive a restart and are read by any replica. Maintenance deletes them after a day.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, Upsert, storable, upsert
from mentorbot.storage.tables import Base, ConversationRow, DmWorkspaceRow, DraftRow

FOLLOW_UP_TIME = timedelta(minutes=10)
"""A follow-up may refer for so long to what was just said."""
MAX_STATE_CHARS = 4_096
"""Characters of a conversation's state as JSON. A longer one isn't saved, so a follow-up starts afresh."""
MAX_DRAFT_CHARS = 100_000
_ID_BYTES = 12
_REMEMBERED = Query(
    select(ConversationRow.state, ConversationRow.updated_at).where(
        ConversationRow.workspace_id == IN_WORKSPACE,
        ConversationRow.user_id == bindparam("user_id"),
        ConversationRow.channel_id == bindparam("channel_id"),
    )
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Something a person typed that has to wait: the line a button runs, and (as JSON) the form they were filling in."""

    line: str
    form: str = ""


class Drafts:
    """Drafts of one workspace, by a random id that fits into a button."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def save(self, user_id: str, draft: Draft) -> str:
        """Save a draft and return its id: 16 of A-Z, a-z, 0-9, `-` and `_`. Without a person, `user_id` is ""."""
        draft_id = secrets.token_urlsafe(_ID_BYTES)
        self._scope.session.add(
            DraftRow(
                id=draft_id,
                workspace_id=await self._scope.ensure_workspace_id(),
                user_id=user_id,
                line=storable(draft.line, MAX_DRAFT_CHARS),
                form=storable(draft.form, MAX_DRAFT_CHARS),
                created_at=self._scope.now(),
            )
        )
        await self._scope.session.flush()
        return draft_id

    async def get(self, draft_id: str) -> Draft | None:
        """Read a draft; None if its day is over or it was erased."""
        query = select(DraftRow).where(DraftRow.workspace_id == self._scope.id(), DraftRow.id == draft_id)
        row = (await self._scope.session.scalars(query)).one_or_none()
        return Draft(row.line, row.form) if row else None


class Conversations:
    """The last minutes of each person's conversations in one workspace, by person and channel."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def recall(self, user_id: str, channel_id: str) -> dict[str, Any] | None:
        """Read what was remembered in the last `FOLLOW_UP_TIME`; None if there's nothing so recent."""
        rows = await self._scope.rows(_REMEMBERED, user_id=user_id, channel_id=channel_id)
        recent = [row.state for row in rows if row.updated_at > self._scope.now() - FOLLOW_UP_TIME]
        return recent[0] if recent else None

    async def remember(self, user_id: str, channel_id: str, state: Mapping[str, Any]) -> None:
        """Save what a follow-up may refer to, in place of what was there. `state` holds JSON values, or nothing to forget it."""
        fits = len(json.dumps(state)) <= MAX_STATE_CHARS
        values = {
            "workspace_id": await self._scope.ensure_workspace_id(),
            "user_id": user_id,
            "channel_id": channel_id,
            "state": dict(state) if fits else {},
            "updated_at": self._scope.now(),
        }
        await self._scope.session.execute(_remember(self._scope.dialect), values)


@cache
def _remember(dialect: str) -> Upsert:
    row = upsert(dialect, Base.metadata.tables[ConversationRow.__tablename__])
    saved = {name: row.excluded[name] for name in ("state", "updated_at")}
    return row.on_conflict_do_update(index_elements=["workspace_id", "user_id", "channel_id"], set_=saved)


class DmWorkspaces:
    """People's choices of this workspace as the one their direct messages are about, where a bot serves several."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def choose(self, user_id: str) -> None:
        """Save that a person means this workspace. It counts until they choose a different one."""
        values = {"workspace_id": await self._scope.ensure_workspace_id(), "chosen_at": self._scope.now()}
        insert = self._scope.upsert(DmWorkspaceRow).values(user_id=user_id, **values)
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_=values)
        )
