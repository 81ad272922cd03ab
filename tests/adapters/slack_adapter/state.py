"""State of the fake Slack and the answers of its Web API; server.py puts it on the network."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.clock import Clock

from .block_kit import block_errors, view_errors

Json = dict[str, Any]

TEAM = "T1"


@dataclass
class Conversation:
    """A channel or direct message: its messages, and whether the bot is a member."""

    messages: list[Json] = field(default_factory=list)
    member: bool = True
    archived: bool = False


class SlackState:
    """Conversations, files, people and views. A Web API method returns its data, or an error code as text."""

    def __init__(self) -> None:
        self.port = 0
        self.conversations: defaultdict[str, Conversation] = defaultdict(Conversation, C1=Conversation())
        self.users: dict[str, Json] = {
            "U1": {"id": "U1", "name": "ada", "tz": "Europe/Berlin", "is_admin": True},
            "U2": {"id": "U2", "name": "ben", "tz": "America/New_York", "is_admin": False},
        }
        self.files: dict[str, Json] = {}
        self.user_files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self.views: list[Json] = []
        self.homes: defaultdict[str, list[Json]] = defaultdict(list)
        """The views each person's App Home has shown, the latest last."""
        self.installed: dict[str, str] = {}
        """The workspace or organisation each token of the distributed app belongs to."""
        self.codes: dict[str, tuple[str, str]] = {}
        self.refresh_tokens: dict[str, str] = {}
        self.scopes: list[str] = []
        """The scopes of the bot's token; none if Slack doesn't say."""
        self.prompts: dict[str, list[Json]] = {}
        self.steps: defaultdict[str, list[Json | str]] = defaultdict(list)
        """The end of each run of a workflow's step: its outputs, or an error."""
        self.statuses: list[tuple[str, str, str]] = []
        """Statuses shown in agents' threads: channel, thread, text."""
        self.installer = "U1"
        self.expires_in = 0
        """Seconds a new token lives; 0 for ever."""
        self.ephemerals: list[Json] = []
        self.violations: list[str] = []
        self.page_size = 1_000
        self.takes_tables = True
        """False for a server that only looks like Slack, and refuses what's newer than itself."""
        self._issued: dict[str, float] = {}
        self._answered_in: dict[str, str] = {}
        """The channel or direct message each response_url writes in."""
        self._uses: dict[str, int] = defaultdict(int)

    def issue_trigger(self, channel: str = "") -> tuple[str, str]:
        """Issue a trigger_id, and a response_url for a channel or direct message."""
        number = str(next(self._numbers))
        self._issued[number], self._answered_in[number] = self._now(), channel
        return number, f"http://127.0.0.1:{self.port}/respond/{number}"

    def slash(self, text: str, *, user: str = "U1", channel: str = "C1", **extra: str) -> dict[str, str]:
        """Build the payload of a slash command as Slack sends it."""
        trigger, response_url = self.issue_trigger(channel)
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
        return Clock().now().timestamp()

    def _response_url_error(self, number: str) -> str:
        """Count a use of a response_url, and return the error if it's used up or expired, otherwise ""."""
        self._uses[number] += 1
        if self._uses[number] > 5:
            return "used_url"
        return "expired_url" if self._now() - self._issued[number] > 1_800 else ""

    def _auth_test(self, data: Json) -> Json:
        team = self.installed.get(data.get("token") or "", TEAM)
        return {"user_id": "UBOT", "bot_id": "B1", "team_id": team, "team": "t", "user": "mentorbot", "url": "x"}

    def grant(self, team: str, enterprise: str = "") -> str:
        """Allow the app into a workspace, or into a whole organisation without a `team`, and return the code for it."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = (team, enterprise)
        return code

    def _oauth_v2_access(self, data: Json) -> Json | str:
        if data.get("grant_type") == "refresh_token":
            team = self.refresh_tokens.pop(data["refresh_token"], "")
            return self._new_token(team) if team else "invalid_refresh_token"
        team, enterprise = self.codes.pop(data["code"], ("", ""))  # a code works once
        if not team and not enterprise:
            return "invalid_code"
        return {
            "app_id": "A1",
            "authed_user": {"id": self.installer},
            "scope": ",".join(SCOPES),
            "bot_user_id": "UBOT",
            "team": {"id": team, "name": f"Team {team}"} if team else None,
            "enterprise": {"id": enterprise, "name": "An organisation"} if enterprise else None,
            "is_enterprise_install": not team,
            **self._new_token(team or enterprise),
        }

    def _new_token(self, tenant: str) -> Json:
        number = next(self._numbers)
        token = f"xoxb-{tenant}-{number}"
        self.installed[token] = tenant
        if not self.expires_in:
            return {"access_token": token, "token_type": "bot"}
        self.refresh_tokens[f"xoxe-{number}"] = tenant
        rotating = {"refresh_token": f"xoxe-{number}", "expires_in": self.expires_in}
        return {"access_token": token, "token_type": "bot", **rotating}

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self.port}/socket"}

    def _chat_postmessage(self, data: Json) -> Json | str:
        if error := self._posting_error(data["channel"]):
            return error
        blocks = json.loads(data["blocks"]) if isinstance(data["blocks"], str) else data["blocks"]
        if error := self._blocks_error(blocks, everyone=not data["channel"].startswith("D")):
            return error
        message = {"ts": f"{Clock().now().timestamp():.6f}", "text": data["text"], "blocks": blocks}
        if data.get("thread_ts"):
            message["thread_ts"] = data["thread_ts"]
        self.conversations[data["channel"]].messages.append(message)
        return {"ts": message["ts"], "channel": data["channel"], "message": message}

    def _chat_update(self, data: Json) -> Json | str:
        """Replace a message of the bot's. Its `ts` stays."""
        if error := self._posting_error(data["channel"]):
            return error
        blocks = json.loads(data["blocks"]) if isinstance(data["blocks"], str) else data["blocks"]
        if error := self._blocks_error(blocks, everyone=not data["channel"].startswith("D")):
            return error
        messages = self.conversations[data["channel"]].messages
        message = next((message for message in messages if message["ts"] == data["ts"]), None)
        if message is None:
            return "message_not_found"
        message |= {"text": data["text"], "blocks": blocks}
        return {"ts": message["ts"], "channel": data["channel"], "text": data["text"]}

    def _chat_postephemeral(self, data: Json) -> Json | str:
        if error := self._posting_error(data["channel"]):
            return error
        blocks = json.loads(data["blocks"]) if isinstance(data["blocks"], str) else data["blocks"]
        if error := self._blocks_error(blocks):
            return error
        message = {"text": data["text"], "blocks": blocks, "user": data["user"], "thread_ts": data.get("thread_ts")}
        self.ephemerals.append(message)
        return {"message_ts": f"{Clock().now().timestamp():.6f}"}

    def _posting_error(self, channel: str) -> str:
        conversation = self.conversations.get(channel)
        if conversation is None:
            return "channel_not_found"
        return "is_archived" if conversation.archived else "" if conversation.member else "not_in_channel"

    def _record_violations(self, violations: list[str]) -> str:
        self.violations += violations
        return "invalid_blocks" if violations else ""

    def _blocks_error(self, blocks: list[Json], *, everyone: bool = False) -> str:
        """Return the error for blocks Slack would refuse, or that ping people in front of `everyone`; "" if they're fine."""
        if not self.takes_tables and any(block["type"] == "table" for block in blocks):
            return "invalid_blocks"
        mentions = ["a mention in front of everyone"] if everyone and '"type": "user"' in json.dumps(blocks) else []
        return self._record_violations([*block_errors(blocks), *mentions])

    def _conversations_history(self, data: Json) -> Json | str:
        """Return messages in pages, newest first."""
        conversation = self.conversations.get(data["channel"])
        if conversation is None or not conversation.member:
            return "channel_not_found" if conversation is None else "not_in_channel"
        messages = [
            message for message in conversation.messages if float(message["ts"]) >= float(data.get("oldest", 0))
        ][::-1]
        start = int(data.get("cursor") or 0)
        end = start + min(int(data["limit"]), self.page_size)
        return {
            "messages": messages[start:end],
            "response_metadata": {"next_cursor": str(end) if end < len(messages) else ""},
        }

    def _conversations_info(self, data: Json) -> Json | str:
        conversation = self.conversations.get(data["channel"])
        if conversation is None:
            return "channel_not_found"
        return {
            "channel": {
                "id": data["channel"],
                "name": "general",
                "is_member": conversation.member,
                "is_archived": conversation.archived,
            }
        }

    def _users_info(self, data: Json) -> Json | str:
        if data["user"] not in self.users:
            return "user_not_found"
        user = self.users[data["user"]]
        # Slack leaves the locale out unless it's asked for.
        asked = str(data.get("include_locale", "")).lower() in ("1", "true")
        return {"user": {name: value for name, value in user.items() if asked or name != "locale"}}

    def _users_list(self, data: Json) -> Json | str:
        if self.installed.get(data.get("token") or "", TEAM).startswith("E") and not data.get("team_id"):
            return "missing_argument"
        start = int(data.get("cursor") or 0)
        end = start + min(int(data["limit"]), self.page_size)
        users = list(self.users.values())
        return {
            "members": users[start:end],
            "response_metadata": {"next_cursor": str(end) if end < len(users) else ""},
        }

    def _chat_getpermalink(self, data: Json) -> Json | str:
        if data["channel"] not in self.conversations:
            return "channel_not_found"
        stamp = data["message_ts"].replace(".", "")
        return {"permalink": f"https://team.slack.com/archives/{data['channel']}/p{stamp}"}

    def _functions_completesuccess(self, data: Json) -> Json:
        outputs = json.loads(data["outputs"]) if isinstance(data["outputs"], str) else data["outputs"]
        self.steps[data["function_execution_id"]].append(outputs)
        return {}

    def _functions_completeerror(self, data: Json) -> Json:
        self.steps[data["function_execution_id"]].append(data["error"])
        return {}

    def _assistant_threads_setstatus(self, data: Json) -> Json | str:
        if data["channel_id"] not in self.conversations:
            return "channel_not_found"
        self.statuses.append((data["channel_id"], data["thread_ts"], data["status"]))
        return {}

    def _assistant_threads_setsuggestedprompts(self, data: Json) -> Json | str:
        prompts = json.loads(data["prompts"]) if isinstance(data["prompts"], str) else data["prompts"]
        if not 1 <= len(prompts) <= 4:
            return "invalid_arguments"
        self.prompts[data["channel_id"]] = prompts
        return {}

    def _views_open(self, data: Json) -> Json | str:
        issued = self._issued.get(data["trigger_id"])
        if issued is None or self._now() - issued > 3:
            return "expired_trigger_id"
        if f"opened {data['trigger_id']}" in self._issued:
            return "exchanged_trigger_id"
        self._issued[f"opened {data['trigger_id']}"] = self._now()
        return self.store_view(data["view"])

    def _views_update(self, data: Json) -> Json | str:
        matches = [view for view in self.views if _has_id(view, data)]
        return self.store_view(data["view"], matches[-1]["id"]) if matches else "not_found"

    def _views_publish(self, data: Json) -> Json | str:
        view = json.loads(data["view"]) if isinstance(data["view"], str) else data["view"]
        if error := self._record_violations(view_errors(view)):
            return error
        home = {**view, "id": f"V{data['user_id']}", "hash": f"h{next(self._numbers)}"}
        self.homes[data["user_id"]].append(home)
        return {"view": home}

    def store_view(self, encoded: Any, view_id: str = "") -> Json | str:
        """Store a view that was opened, updated or pushed, or return the error if Slack would reject it."""
        view = json.loads(encoded) if isinstance(encoded, str) else encoded
        if error := self._record_violations(view_errors(view)):
            return error
        stored = {**view, "id": view_id or f"V{next(self._numbers)}", "hash": f"h{next(self._numbers)}"}
        self.views.append(stored)
        return {"view": stored}

    def add_user_file(self, name: str, data: bytes, *, host: str = "", **extra: Any) -> Json:
        """Add a file uploaded in a form, and return its description in the submission's payload."""
        number = f"F{next(self._numbers)}"
        self.user_files[number] = data
        url = f"{host or f'http://127.0.0.1:{self.port}'}/files-pri/{number}/download/{name}"
        return {
            "id": number, "name": name, "mimetype": "text/plain", "size": len(data), "mode": "hosted",
            "url_private": url, "url_private_download": url, **extra,
        }  # fmt: skip

    def _conversations_open(self, data: Json) -> Json | str:
        if data["users"] not in self.users:
            return "user_not_found"
        conversation = f"D{data['users']}"
        self.conversations.setdefault(conversation, Conversation())
        return {"channel": {"id": conversation}}

    def _files_getuploadurlexternal(self, data: Json) -> Json | str:
        if not int(data["length"]):
            return "missing_argument"
        if len(data.get("alt_txt") or "") > 1_000:
            return "alt_txt_too_large"
        number = f"F{next(self._numbers)}"
        self.files[number] = {"name": data["filename"], "alt": data.get("alt_txt"), "length": int(data["length"])}
        return {"file_id": number, "upload_url": f"http://127.0.0.1:{self.port}/upload/{number}"}

    def receive_upload(self, number: str, data: bytes) -> int:
        """Accept the bytes, which is the second of three upload steps, and return an HTTP status."""
        if len(data) != self.files[number]["length"]:
            return 400
        self.files[number]["data"] = data
        return 200

    def _files_completeuploadexternal(self, data: Json) -> Json | str:
        files = json.loads(data["files"])
        if not all("data" in self.files.get(file["id"], {}) for file in files):
            return "file_not_found"
        conversation = self.conversations.get(data["channel_id"])
        if conversation is None or not conversation.member:
            return "channel_not_found" if conversation is None else "not_in_channel"
        message = {
            "ts": f"{Clock().now().timestamp():.6f}",
            "text": data.get("initial_comment") or "",
            "files": files,
            "blocks": [],
        }
        conversation.messages.append(message)
        return {"files": files}


def _has_id(view: Json, data: Json) -> bool:
    return bool(view["id"] == data.get("view_id") or (view.get("external_id") or "-") == data.get("external_id"))
