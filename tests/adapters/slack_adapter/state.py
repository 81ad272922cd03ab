"""What our own Slack knows and what its Web API answers; server.py puts it on the network."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from mentorbot.clock import Clock

from .block_kit import refused, refused_view
from .files_api import Filing, Json, Room

TEAM = "T1"

__all__ = ["TEAM", "Json", "Room", "SlackState"]


class SlackState(Filing):
    """Conversations, people and views. A method answers with its data, or with an error code as text."""

    def __init__(self) -> None:
        super().__init__()
        self.views: list[Json] = []
        self.refused: list[str] = []
        self.page = 1_000
        self._issued: dict[str, float] = {}
        self._uses: dict[str, int] = defaultdict(int)
        self._offset = 0.0

    def later(self, seconds: float) -> None:
        """Move the clock by which triggers and response_urls grow old."""
        self._offset += seconds

    def issue(self) -> tuple[str, str]:
        """A new trigger_id and a new response_url."""
        number = str(next(self._numbers))
        self._issued[number] = self._now()
        return number, f"http://127.0.0.1:{self.port}/respond/{number}"

    def slash(self, text: str, *, user: str = "U1", channel: str = "C1", **extra: str) -> dict[str, str]:
        """The payload of a slash command, as Slack sends it."""
        trigger, response_url = self.issue()
        return {
            "command": "/mentor",
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "user_id": user,
            "user_name": str(self.users[user]["name"]),
            "channel_id": channel,
            "channel_name": "general",
            "team_id": TEAM,
            "trigger_id": trigger,
            "response_url": response_url,
            "is_enterprise_install": "false",
            "api_app_id": "A1",
            **extra,
        }

    def _now(self) -> float:
        return Clock().now().timestamp() + self._offset

    def _spent(self, number: str) -> str:
        """Why a response_url takes nothing any more; empty while it does."""
        self._uses[number] += 1
        if self._uses[number] > 5:
            return "used_url"
        return "expired_url" if self._now() - self._issued[number] > 1_800 else ""

    def _auth_test(self, _: Json) -> Json:
        return {"user_id": "UBOT", "bot_id": "B1", "team_id": TEAM, "team": "t", "user": "mentorbot", "url": "x"}

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self.port}/socket"}

    def _chat_postmessage(self, data: Json) -> Json | str:
        if fault := self._closed_room(data["channel"]):
            return fault
        blocks = json.loads(data["blocks"]) if isinstance(data["blocks"], str) else data["blocks"]
        if fault := self._invalid(refused(blocks)):
            return fault
        message = {"ts": f"{Clock().now().timestamp():.6f}", "text": data["text"], "blocks": blocks}
        self.rooms[data["channel"]].messages.append(message)
        return {"ts": message["ts"], "channel": data["channel"], "message": message}

    def _closed_room(self, channel: str) -> str:
        room = self.rooms.get(channel)
        if room is None:
            return "channel_not_found"
        return "is_archived" if room.archived else "" if room.member else "not_in_channel"

    def _invalid(self, faults: list[str]) -> str:
        self.refused += faults
        return "invalid_blocks" if faults else ""

    def _conversations_history(self, data: Json) -> Json | str:
        """Newest first, in pages."""
        room = self.rooms.get(data["channel"])
        if room is None or not room.member:
            return "channel_not_found" if room is None else "not_in_channel"
        found = [message for message in room.messages if float(message["ts"]) >= float(data.get("oldest", 0))][::-1]
        start = int(data.get("cursor") or 0)
        end = start + min(int(data["limit"]), self.page)
        return {
            "messages": found[start:end],
            "response_metadata": {"next_cursor": str(end) if end < len(found) else ""},
        }

    def _conversations_info(self, data: Json) -> Json | str:
        room = self.rooms.get(data["channel"])
        if room is None:
            return "channel_not_found"
        return {"channel": {"id": data["channel"], "is_member": room.member, "is_archived": room.archived}}

    def _users_info(self, data: Json) -> Json | str:
        return {"user": self.users[data["user"]]} if data["user"] in self.users else "user_not_found"

    def _views_open(self, data: Json) -> Json | str:
        issued = self._issued.get(data["trigger_id"])
        if issued is None or self._now() - issued > 3:
            return "expired_trigger_id"
        if f"opened {data['trigger_id']}" in self._issued:
            return "exchanged_trigger_id"
        self._issued[f"opened {data['trigger_id']}"] = self._now()
        return self.keep_view(data["view"])

    def _views_update(self, data: Json) -> Json | str:
        known = [view for view in self.views if _is(view, data)]
        return self.keep_view(data["view"], known[-1]["id"]) if known else "not_found"

    def _views_publish(self, data: Json) -> Json | str:
        return self.keep_view(data["view"])

    def keep_view(self, given: Any, view_id: str = "") -> Json | str:
        """Remember a view that was opened, changed or pushed."""
        view = json.loads(given) if isinstance(given, str) else given
        if fault := self._invalid(refused_view(view)):
            return fault
        kept = {**view, "id": view_id or f"V{next(self._numbers)}", "hash": f"h{next(self._numbers)}"}
        self.views.append(kept)
        return {"view": kept}


def _is(view: Json, data: Json) -> bool:
    return bool(view["id"] == data.get("view_id") or (view.get("external_id") or "-") == data.get("external_id"))
