"""Files on our own Slack: uploading in three steps, who can see what was uploaded, and fetching what people upload."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mentorbot.clock import Clock

Json = dict[str, Any]


@dataclass
class Room:
    """A conversation: its messages, and whether the bot is in it."""

    messages: list[Json] = field(default_factory=list)
    member: bool = True
    archived: bool = False


class Filing:
    """Conversations, and the files in them. A method answers with its data, or with an error code as text."""

    def __init__(self) -> None:
        self.port = 0
        self.rooms: defaultdict[str, Room] = defaultdict(Room, C1=Room())
        self.users: dict[str, Json] = {
            "U1": {"id": "U1", "name": "ada", "tz": "Europe/Berlin", "is_admin": True},
            "U2": {"id": "U2", "name": "ben", "tz": "America/New_York", "is_admin": False},
        }
        self.files: dict[str, Json] = {}
        self.owned: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    def own(self, name: str, data: bytes, *, host: str = "", **extra: Any) -> Json:
        """A file that somebody has put into a form, as Slack describes it in the submission."""
        number = f"F{next(self._numbers)}"
        self.owned[number] = data
        url = f"{host or f'http://127.0.0.1:{self.port}'}/files-pri/{number}/download/{name}"
        return {
            "id": number, "name": name, "mimetype": "text/plain", "size": len(data), "mode": "hosted",
            "url_private": url, "url_private_download": url, **extra,
        }  # fmt: skip

    def _conversations_open(self, data: Json) -> Json | str:
        if data["users"] not in self.users:
            return "user_not_found"
        room = f"D{data['users']}"
        self.rooms.setdefault(room, Room())
        return {"channel": {"id": room}}

    def _files_getuploadurlexternal(self, data: Json) -> Json | str:
        if not int(data["length"]):
            return "missing_argument"
        if len(data.get("alt_txt") or "") > 1_000:
            return "alt_txt_too_large"
        number = f"F{next(self._numbers)}"
        self.files[number] = {"name": data["filename"], "alt": data.get("alt_txt"), "length": int(data["length"])}
        return {"file_id": number, "upload_url": f"http://127.0.0.1:{self.port}/upload/{number}"}

    def receive(self, number: str, data: bytes) -> int:
        """The second step: the bytes themselves; an HTTP status."""
        if len(data) != self.files[number]["length"]:
            return 400
        self.files[number]["data"] = data
        return 200

    def _files_completeuploadexternal(self, data: Json) -> Json | str:
        given = json.loads(data["files"])
        if not all("data" in self.files.get(one["id"], {}) for one in given):
            return "file_not_found"
        room = self.rooms.get(data["channel_id"])
        if room is None or not room.member:
            return "channel_not_found" if room is None else "not_in_channel"
        message = {
            "ts": f"{Clock().now().timestamp():.6f}",
            "text": data.get("initial_comment") or "",
            "files": given,
            "blocks": [],
        }
        room.messages.append(message)
        return {"files": given}
