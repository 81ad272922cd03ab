"""Payloads of Slack's real shapes with something wrong in them: no crash, no leak, and whoever comes next is answered."""

from __future__ import annotations

import asyncio
import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from mentorbot.adapters.slack.forms import form_view
from mentorbot.app import open_context
from mentorbot.chat.cards import Field, Form
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .harness import HttpHarness, start_http_adapter, visible_text
from .payloads import direct_message, event_body, interaction, mention, press, step_event, submission
from .server import BOT_TOKEN, SECRET, SlackServer
from .state import Json

SECRET_STEP = "A step nobody else may see"
_ODD: list[Any] = [
    None,
    "",
    0,
    -1,
    True,
    1.5,
    [],
    {},
    [None],
    {"a": {"b": []}},
    "x" * 5_000,
    "🦄\u202e\x00",
    "U999",
    "plan show",
]
_DELETED = object()
odd_values = st.sampled_from([*_ODD, _DELETED])
PAYLOADS = 13
mutations = st.lists(
    st.tuples(st.integers(0, PAYLOADS - 1), st.integers(0, 10_000), odd_values), min_size=20, max_size=20
)


def real_payloads(slack: SlackServer) -> list[tuple[str, Json]]:
    """Build one of everything Slack sends, each with the way it's encoded."""
    view = {**form_view(Form("Add", "plan add", (Field("what", "What"),))), "id": "V1", "hash": "h"}
    box = {"mentor_ask": {"mentor_ask": {"type": "plain_text_input", "value": "hi"}}}
    message = {
        "type": "message",
        "text": "Read it",
        "ts": "1.2",
        "blocks": [{"type": "section", "text": {"text": "a"}}],
    }
    return [
        ("command", dict(slack.slash("plan show", user="U2"))),
        ("payload", press(slack, "plan show", user="U2")),
        ("payload", submission(slack, view, {"what": "x"}, user="U2")),
        ("payload", interaction(slack, "shortcut", callback_id="mentor_check_in", user="U2")),
        ("payload", interaction(slack, "message_action", callback_id="mentor_add_step", message=message, user="U2")),
        (
            "payload",
            interaction(
                slack,
                "view_submission",
                user="U2",
                view={"id": "V2", "hash": "h", "type": "modal", "callback_id": "mentor_ask", "state": {"values": box}},
            ),
        ),
        ("event", event_body(direct_message("what's next?", user="U2"))),
        ("event", event_body(mention("<@UBOT> hello", user="U2"))),
        ("event", event_body({"type": "app_home_opened", "user": "U2", "tab": "home", "channel": "DU2"})),
        (
            "payload",
            interaction(
                slack,
                "block_suggestion",
                user="U2",
                action_id="mentor_zone",
                block_id="field:zone",
                value="ber",
                view=view,
            ),
        ),
        ("event", event_body(step_event("mentor_post_tip", {"channel": "C1"}))),
        ("event", event_body(step_event("mentor_send_check_in", {"learner": "U1"}))),
        ("event", event_body({"type": "tokens_revoked", "tokens": {"oauth": ["U2"], "bot": []}})),
    ]


def paths_in(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """List the way to everything inside a payload."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from paths_in(value, (*path, key))


def mutated(payload: Json, position: int, value: object) -> Json:
    """Replace or delete one thing inside a payload."""
    changed = copy.deepcopy(payload)
    paths = list(paths_in(changed))
    *way, last = paths[position % len(paths)]
    inner: Any = changed
    for key in way:
        inner = inner[key]
    if value is _DELETED:
        del inner[last]
    else:
        inner[last] = value
    return changed


async def _send(http: HttpHarness, kind: str, payload: Json) -> int:
    if kind == "event":
        return (await http.slack.send(json.dumps(payload), "application/json")).status_code
    if kind == "payload":
        return (await http.slack.interact(payload)).status_code
    return (await http.slack.post({name: str(value) for name, value in payload.items()})).status_code


async def _survives(changes: list[tuple[int, int, object]], folder: Path) -> None:
    slack = SlackServer()
    await slack.start()
    settings = Settings(
        database_url=f"sqlite:///{folder}/bot.db",
        slack_bot_token=BOT_TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.api_url,
        port=0,
    )
    async with open_context(settings, Clock()) as context:
        http = await start_http_adapter(settings, context.dispatcher, slack)
        await http.say(f"plan add {SECRET_STEP}", user="U1")
        await http.adapter._in_flight.drained()
        slack.homes.clear()
        slack.responses.clear()  # of a slow machine: what she was told herself
        for number, position, value in changes:
            payloads = real_payloads(slack)
            assert len(payloads) == PAYLOADS
            kind, payload = payloads[number]
            assert await _send(http, kind, mutated(payload, position, value)) in (200, 400)
        await http.adapter._in_flight.drained()
        others = json.dumps([slack.responses, slack.views, slack.ephemerals, slack.homes])
        posted = json.dumps([conversation.messages for conversation in slack.conversations.values()])
        assert SECRET_STEP not in others + posted
        assert slack.violations == []
        status = (await http.slack.post(slack.slash("help", user="U2"))).status_code
        assert status == 200
        assert SECRET_STEP in visible_text(await http.say("plan show", user="U1"))
        await http.adapter.stop()
    await slack.stop()


@given(changes=mutations)
# Each example starts a bot, so a failure isn't made smaller, which would take minutes.
@examples(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_odd_payloads_never_crash_or_leak(changes: list[tuple[int, int, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_survives(changes, Path(folder)))
