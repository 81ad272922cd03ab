"""Channels where the bot doesn't answer messages that mention it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select

from mentorbot.chat.platform import Channel
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, storable
from mentorbot.storage.tables import MutedChannelRow

_IDS = Query(select(MutedChannelRow.channel_id).where(MutedChannelRow.workspace_id == IN_WORKSPACE))


class MutedChannels:
    """The muted channels of one workspace, by the platform's id."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def all(self) -> list[Channel]:
        """List them, the newest first."""
        query = select(MutedChannelRow).where(MutedChannelRow.workspace_id == self._scope.id())
        rows = (await self._scope.session.scalars(query.order_by(MutedChannelRow.id.desc()))).all()
        return [Channel(self._scope.workspace, row.channel_id, row.channel_name) for row in rows]

    async def ids(self) -> set[str]:
        """List their ids alone, which every mention asks for."""
        return {row.channel_id for row in await self._scope.rows(_IDS)}

    async def add(self, channel: Channel) -> None:
        """Mute a channel, and save its newest name."""
        values = {
            "workspace_id": await self._scope.ensure_workspace_id(),
            "channel_id": channel.id,
            "channel_name": storable(channel.name),
            "created_at": self._scope.now(),
        }
        insert = self._scope.upsert(MutedChannelRow).values(**values)
        changed = {"channel_name": insert.excluded.channel_name}
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["workspace_id", "channel_id"], set_=changed)
        )

    async def remove(self, channel_id: str) -> None:
        """Let a channel's mentions be answered again."""
        await self._scope.session.execute(delete(MutedChannelRow).where(*self._is(channel_id)))

    def _is(self, channel_id: str) -> tuple[ColumnElement[bool], ...]:
        return MutedChannelRow.workspace_id == self._scope.id(), MutedChannelRow.channel_id == channel_id
