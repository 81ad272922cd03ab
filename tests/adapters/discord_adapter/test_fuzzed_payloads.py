"""Interactions and messages of Discord's shapes with anything inside: nothing crashes, leaks or breaks a rule."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.discord import context_menus, forms, slash_commands
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import open_context
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.settings import Settings

from .payloads import CHANNEL, GUILD, TOKEN
from .server import DiscordServer

FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
_REGISTRY = load_commands()
values = st.one_of(
    st.text(max_size=80), st.integers(-(2**53), 2**53), st.booleans(), st.floats(allow_nan=False), st.none()
)
paths = st.sampled_from([command.path for command in _REGISTRY]) | st.tuples(st.text(max_size=12)) | st.just(())
option_names = st.sampled_from([option.name for command in _REGISTRY for option in command.options]) | st.text(
    max_size=9
)
options = st.lists(
    st.fixed_dictionaries(
        {"name": option_names, "type": st.sampled_from([3, 4, 5, 6, 7, 8, 10]), "value": values},
        optional={"focused": st.booleans()},
    ),
    max_size=4,
)


@st.composite
def entered(draw: st.DrawFn) -> dict[str, Any]:
    """A slash command as Discord sends it, with any options, also ones the command doesn't have."""
    leaf = draw(options)
    for depth, word in enumerate(reversed(draw(paths))):
        leaf = [{"type": 1 if depth == 0 else 2, "name": word, "options": leaf}]
    name = draw(st.sampled_from([slash_commands.NAME, slash_commands.ADMIN_NAME, "other"]))
    return {"id": "1", "name": name, "type": 1, "options": leaf, "resolved": draw(st.just({}) | st.none())}


message_fields = st.fixed_dictionaries(
    {"id": st.just("5"), "channel_id": st.just(CHANNEL)},
    optional={
        "content": st.text(max_size=3_000),
        "author": st.fixed_dictionaries(
            {"id": st.just("66")}, optional={"global_name": st.text(max_size=40) | st.none()}
        ),
        "mentions": st.lists(
            st.fixed_dictionaries({"id": st.text(max_size=5), "username": st.text(max_size=9)}), max_size=2
        ),
        "embeds": st.lists(
            st.dictionaries(st.sampled_from(["title", "description", "url"]), st.text(max_size=9)), max_size=2
        ),
        "attachments": st.lists(st.fixed_dictionaries({"filename": st.text(max_size=30)}), max_size=2),
    },
)


@FUZZ
@given(entered())
def test_any_command_is_read(data: dict[str, Any]) -> None:
    invocation = slash_commands.parse(data)
    assert all(isinstance(text, str) for text in invocation.options.values())


@FUZZ
@given(message_fields)
def test_any_message_becomes_a_step_that_fits(message: dict[str, Any]) -> None:
    data = {"name": "Add to my plan", "type": 3, "target_id": "5", "resolved": {"messages": {"5": message}}}
    line, given_options = context_menus.parse(data, GUILD)
    assert line == "plan add"
    assert len(given_options["what"]) <= 300
    assert given_options["what"].endswith(f"https://discord.com/channels/{GUILD}/{CHANNEL}/5")


@FUZZ
@given(st.text(max_size=100), st.lists(st.fixed_dictionaries({"type": st.sampled_from([1, 18])}), max_size=3))
def test_any_modal_is_read_or_ignored(custom_id: str, components: list[Any]) -> None:
    submission = forms.parse_submission({"custom_id": custom_id, "components": components})
    assert submission is None or custom_id.startswith(("f:", "g:"))


async def test_every_interaction_gets_one_answer_that_breaks_no_rule(tmp_path: Path) -> None:
    server = DiscordServer()
    await server.start()
    configured = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(configured, Clock()) as context:
        adapter = DiscordAdapter(configured, context.dispatcher, context.store)
        await adapter.start()
        loop = asyncio.get_running_loop()

        def examples() -> None:
            @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
            @given(entered() | st.builds(_pressed, st.text(max_size=90)))
            def answered(data: dict[str, Any]) -> None:
                asyncio.run_coroutine_threadsafe(_answered(server, data), loop).result(timeout=30)

            answered()

        try:
            await asyncio.to_thread(examples)
        finally:
            await adapter.stop()
            await server.stop()
    assert not server.violations


def _pressed(line: str) -> dict[str, Any]:
    return {"custom_id": f"m::{line}", "component_type": 2}


async def _answered(server: DiscordServer, data: dict[str, Any]) -> None:
    pressed = "custom_id" in data
    message = {"message": server.message({}, flags=64)} if pressed else {}
    number = await server.interact(3 if pressed else 2, data, **message)
    answer = await server.answer_to(number)
    if answer["type"] in (5, 6):  # it took long, so the answer follows
        answer = {"data": await server.late_answer_to(number)}
    else:
        assert answer["type"] in (4, 7, 9)
    assert "Traceback" not in str(answer)
    assert "Code" not in str(answer) or "Sorry, that's on me" not in str(answer), data
