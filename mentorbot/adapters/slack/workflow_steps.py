"""Steps for Slack's Workflow Builder: "Post a tip" in a channel, and "Send a check-in" to someone.

An app that has them can't be distributed, so they're only in a manifest of their own. https://docs.slack.dev/workflows/workflow-steps
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.complete.async_complete import AsyncComplete
from slack_bolt.context.fail.async_fail import AsyncFail

from mentorbot.adapters.drafts import Drafts
from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack.events import workspace
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock
from mentorbot.domain.tips import tip_to_browse
from mentorbot.errors import DatabaseProblem, SendError
from mentorbot.packs.library import Library
from mentorbot.services.checkins import ask_now
from mentorbot.storage import Store
from mentorbot.views.channel_access import access_notice
from mentorbot.views.tips import channel_tip_card

log = logging.getLogger(__name__)
_NOTHING_HERE = "I don't know any tips yet."
_TRY_AGAIN = "I couldn't do that just now. Run the workflow again in a minute."


class WorkflowSteps:
    """The steps of one bot. Each run has an id, so one that's delivered twice is done once."""

    def __init__(
        self, store: Store, library: Library, clock: Clock, platform: SlackPlatform, drafts: Drafts, in_flight: InFlight
    ) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._platform, self._drafts, self._in_flight = platform, drafts, in_flight

    async def post_tip(self, body: Mapping[str, Any], complete: AsyncComplete, fail: AsyncFail) -> None:
        """Post a tip of the workspace's role, a different one each day."""
        with self._in_flight:
            team, run = workspace(body), _run_of(body)
            if not await self._drafts.is_first_delivery(team, run):
                return
            channel = Channel(team, str(body["event"]["inputs"].get("channel") or ""))
            try:
                title = await self._post_tip(channel, run)
            except SendError as error:
                log.warning("a workflow's tip wasn't posted: %s", error)
                await fail(error=f"I can't post there. {access_notice(error.code, 'slack')}")
            except DatabaseProblem:
                log.exception("a workflow's tip wasn't posted")
                await fail(error=_TRY_AGAIN)
            else:
                await (complete({"tip": title}) if title else fail(error=_NOTHING_HERE))

    async def _post_tip(self, channel: Channel, run: str) -> str:
        """Post a tip, and return its title; "" if the role pack has none. Raises `SendError`, `DatabaseProblem`."""
        async with self._store.unit_of_work(channel.workspace) as uow:
            pack = self._library.pack(await uow.roles.default())
        if not pack.tip_entries:
            return ""
        today = self._clock.now().toordinal()
        chosen = tip_to_browse([entry.id for entry in pack.tip_entries], channel.id, today)
        tip = pack.tips_by_id[chosen][0]
        await self._platform.post(channel, channel_tip_card(pack, tip), run)
        return tip.title

    async def send_check_in(self, body: Mapping[str, Any], complete: AsyncComplete, fail: AsyncFail) -> None:
        """Have a learner asked how their week went, at the next moment they take messages.

        Whoever built the workflow doesn't learn whether they've turned check-ins on.
        """
        with self._in_flight:
            team, run = workspace(body), _run_of(body)
            try:
                await self._ask(team, str(body["event"]["inputs"].get("learner") or ""), run)
            except DatabaseProblem:
                log.exception("a workflow's check-in wasn't sent")
                await fail(error=_TRY_AGAIN)
            else:
                await complete({})

    async def _ask(self, team: Workspace, user_id: str, run: str) -> None:
        async with self._store.unit_of_work(team) as uow:
            await ask_now(uow, user_id, self._clock.now(), run[:12])


def _run_of(body: Mapping[str, Any]) -> str:
    """Name one run of a step in 20 characters, as a message's key."""
    execution = str(body["event"]["function_execution_id"])
    return "w" + hashlib.sha256(execution.encode()).hexdigest()[:19]
