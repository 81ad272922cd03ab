"""Check-ins in people's direct messages, which follow what's been answered, whichever way that was.

A press on the message's own button replaces it anyway. This is about everything else: a command, a form, the Home tab, or
another message. What a message should show is worked out again and sent each time, so it doesn't matter which process handled the
change: no process knows what the others have sent.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack.forms import as_card
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.refreshes import Refreshes
from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.errors import SendError
from mentorbot.precedence import Precedence
from mentorbot.storage import Store

log = logging.getLogger(__name__)


class CheckInMessages:
    """The check-ins one bot has sent."""

    def __init__(
        self,
        answer: Callable[[CommandRequest], Awaitable[Answer]],
        platform: SlackPlatform,
        store: Store,
        in_flight: InFlight,
        precedence: Precedence,
    ) -> None:
        self._answer, self._platform, self._store = answer, platform, store
        self._replaced: dict[tuple[Workspace, str], str] = {}
        self._refreshes = Refreshes(self._refresh, in_flight, precedence, "slack check-in")

    def refresh_soon(self, caller: Caller, replaced: str) -> None:
        """Bring someone's check-ins up to date, except the one (its key) that an answer takes the place of."""
        self._replaced[caller.channel.workspace, caller.user_id] = replaced
        self._refreshes.soon(caller)

    async def _refresh(self, caller: Caller) -> None:
        workspace, user_id = caller.channel.workspace, caller.user_id
        replaced = self._replaced.pop((workspace, user_id), "")
        async with self._store.unit_of_work(workspace) as uow:
            messages = await uow.deliveries.sent_checkins(user_id)
        for message in messages:
            if message.key == replaced:
                continue
            channel = Channel(workspace, message.channel_id, direct=True)
            own = replace(caller, channel=channel)
            line = f"checkin now week:{message.week.isoformat()}"
            card = as_card(await self._answer(CommandRequest(own, line, forms=False, background=True)))
            if not card.error:
                await self._update(channel, message.message_id, card, message.key)

    async def _update(self, channel: Channel, message_id: str, card: Card, key: str) -> None:
        try:
            await self._platform.update(channel, message_id, card, key)
        except SendError as error:
            log.info("a check-in wasn't brought up to date: %s", error)
