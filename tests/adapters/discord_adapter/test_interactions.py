"""Interactions from everywhere: menus on messages and people, other people's servers, group messages, and late ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import discord
import pytest

from mentorbot.adapters.discord import context_menus
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from tests.adapters.discord_adapter.discord_rules import flat

from .payloads import ADA, CHANNEL, DM, EPHEMERAL, GUILD, MANAGE_GUILD, PERSON
from .server import DiscordServer

COMMAND, PRESS, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
ROLE = 8
BEN = "660000000000000002"
OTHER_GUILD = "880000000000000777"
INSTALLED_BY_ADA = {"authorizing_integration_owners": {"1": PERSON}}


@pytest.fixture
async def adapter(server: DiscordServer, app_context: AppContext) -> AsyncIterator[DiscordAdapter]:
    running = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await running.start()
    yield running
    await running.stop()


def entered(line: str, name: str = "mentor", **options: Any) -> dict[str, Any]:
    """Make the payload Discord sends for `/mentor LINE`."""
    leaf: list[dict[str, Any]] = [
        {"name": key, "type": ROLE if key == "role" else 3, "value": value} for key, value in options.items()
    ]
    for depth, word in enumerate(reversed(line.split())):
        leaf = [{"type": 1 if depth == 0 else 2, "name": word, "options": leaf}]
    return {"id": "1", "name": name, "type": 1, "options": leaf}


def text_of(answer: Any) -> str:
    return "\n".join(part["content"] for part in flat(answer["data"]["components"]) if part["type"] == 10)


def chosen_message(**fields: Any) -> dict[str, Any]:
    """Make the payload Discord sends for “Add to my plan” on a message."""
    message = {"id": "5", "channel_id": CHANNEL, "author": ADA, "content": "", **fields}
    return {"id": "1", "name": "Add to my plan", "type": 3, "target_id": "5", "resolved": {"messages": {"5": message}}}


LINK = f"https://discord.com/channels/{GUILD}/{CHANNEL}/5"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"content": "Read **the RAG paper** by friday"}, "Read the RAG paper by friday"),
        ({"content": "ask <@66>", "mentions": [{"id": "66", "global_name": "Ben"}]}, "ask @Ben"),
        ({"components": [{"type": 17, "components": [{"type": 10, "content": "## A card"}]}]}, "A card"),
        ({"embeds": [{"title": "An article"}]}, "An article"),
        ({"attachments": [{"filename": "slides.pdf"}]}, "slides.pdf"),
        ({"message_snapshots": [{"message": {"content": "Forwarded"}}]}, "Forwarded"),
        ({}, "Look at what Ada posted"),
        ({"content": "word " * 400}, "word word"),
        ({"content": 'by:tomorrow hours:3 "quoted'}, 'by:tomorrow hours:3 "quoted'),
    ],
)
async def test_message_becomes_a_step_with_its_link(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext, fields: dict[str, Any], words: str
) -> None:
    await server.answer_to(await server.interact(COMMAND, chosen_message(**fields)))
    await adapter._in_flight.drained()
    async with app_context.store.unit_of_work(Workspace("discord", GUILD)) as uow:
        plan = (await uow.learner(PERSON, "ai-architect").plans.get()).plan
    (step,) = plan.steps
    assert step.text.startswith(words)
    assert step.text.endswith(f" {LINK}")
    assert len(step.text) <= 300
    assert not server.violations


async def test_person_is_asked_to_be_a_mentor(server: DiscordServer, adapter: DiscordAdapter) -> None:
    def chosen(name: str, person: str) -> dict[str, Any]:
        return {"id": "1", "name": name, "type": 2, "target_id": person, "resolved": {"users": {person: ADA}}}

    offer = await server.interact(COMMAND, entered("pair offer", skills="any"), member=member(BEN, "Ben"))
    await server.answer_to(offer)
    myself = await server.answer_to(await server.interact(COMMAND, chosen("Ask to be my mentor", PERSON)))
    assert "You can't be your own mentor" in text_of(myself)
    asked = await server.answer_to(await server.interact(COMMAND, chosen("Ask to be my mentor", BEN)))
    assert "Ben" in text_of(asked)
    progress = await server.answer_to(await server.interact(COMMAND, chosen("Their progress", BEN)))
    assert BEN not in text_of(progress)  # Ada mentors nobody, and learns nothing about Ben


def member(number: str, name: str) -> dict[str, Any]:
    user = ADA | {"id": number, "username": name.lower(), "global_name": name}
    return {
        "user": user, "roles": [], "permissions": "0", "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False,
        "mute": False, "flags": 0, "nick": None, "avatar": None,
    }  # fmt: skip


async def test_menus_fit_discord(server: DiscordServer) -> None:
    assert all(1 <= len(menu.name) <= 32 for menu in context_menus.MENUS)
    assert len({(menu.kind, menu.name) for menu in context_menus.MENUS}) == len(context_menus.MENUS)


async def test_rights_in_a_server_without_the_bot_mean_nothing(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext
) -> None:
    await server.answer_to(await server.interact(COMMAND, entered("plan add", what="Write")))
    server.ordinary.add(PERSON)
    outside: dict[str, Any] = {"guild": OTHER_GUILD, "permissions": MANAGE_GUILD, **INSTALLED_BY_ADA}
    refused = await server.answer_to(await server.interact(COMMAND, entered("admin report"), **outside))
    assert "You need Manage Server rights" in text_of(refused)
    saved = await server.interact(COMMAND, entered("plan add", what="Read"), **outside)
    assert (await server.answer_to(saved))["data"]["flags"] & EPHEMERAL
    async with app_context.store.unit_of_work(Workspace("discord", OTHER_GUILD)) as uow:
        assert await uow.people.get(PERSON) is None
    async with app_context.store.unit_of_work(Workspace("discord", GUILD)) as uow:
        assert len((await uow.learner(PERSON, "ai-architect").plans.get()).plan.steps) == 2


async def test_answer_in_group_messages_is_private_and_its_buttons_know_the_server(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    await server.answer_to(await server.interact(COMMAND, entered("plan add", what="Write")))
    group: dict[str, Any] = {"guild": None, "context": 2, "channel": {"id": "9", "type": 3}, **INSTALLED_BY_ADA}
    answer = await server.answer_to(await server.interact(COMMAND, entered("help"), **group))
    assert answer["data"]["flags"] & EPHEMERAL
    buttons = [part["custom_id"] for part in flat(answer["data"]["components"]) if part["type"] == 2]
    assert all(button.startswith(f"m:s{GUILD}") for button in buttons)
    alone = await server.answer_to(await server.interact(COMMAND, entered("help"), guild=None, channel_id=DM))
    assert not alone["data"]["flags"] & EPHEMERAL


async def test_team_command_without_a_server_says_where_it_works(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    for line in ("pair request", "mentees", "tips stop"):
        answer = await server.answer_to(await server.interact(COMMAND, entered(line), guild=None))
        assert "server" in text_of(answer)


async def test_command_in_a_card_can_be_tapped(server: DiscordServer, adapter: DiscordAdapter) -> None:
    answer = await server.answer_to(await server.interact(COMMAND, entered("help", command="plan")))
    assert "</mentor plan show:7>" in text_of(answer)
    one = await server.answer_to(await server.interact(COMMAND, entered("help", command="plan add")))
    assert "</mentor plan add:7> `<" in text_of(one) or "</mentor plan add:7> `[" in text_of(one)
    assert "`plan add Read" in text_of(one) or "`plan add" in text_of(one)  # an example stays as it's typed
    admin = await server.interact(COMMAND, entered("help", command="admin"), permissions=MANAGE_GUILD)
    assert "</mentor-admin report:13>" in text_of(await server.answer_to(admin))


async def test_server_that_invites_the_bot_is_welcomed_once(server: DiscordServer, adapter: DiscordAdapter) -> None:
    def welcomes() -> int:
        return sum("Hi all" in str(body) for body in server.sent("POST", f"/channels/{CHANNEL}/messages"))

    await server.wait_for(lambda: [request for request in server.requests if request.path == "/users/@me/guilds"])
    await asyncio.sleep(0.3)  # the servers it was in before have been compared by then
    known = {"id": GUILD, "name": "Team", "system_channel_id": CHANNEL, "unavailable": False}
    new = {"id": OTHER_GUILD, "name": "New", "system_channel_id": CHANNEL, "unavailable": False}
    for joined in (known, new, new, new | {"id": "880000000000000778", "system_channel_id": None}):
        await server.tell("GUILD_CREATE", joined)
    await server.wait_for(welcomes)
    await server.tell("GUILD_DELETE", {"id": OTHER_GUILD})
    await server.tell("GUILD_CREATE", new)
    await server.answer_to(await server.interact(COMMAND, entered("help")))
    assert welcomes() == 1
    assert not server.violations


async def test_mentors_get_the_role_an_admin_chose(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext
) -> None:
    role, admin = "770000000000000042", {"permissions": MANAGE_GUILD}

    def changes() -> list[tuple[str, str]]:
        return [(each.method, each.path) for each in server.requests if each.path.endswith(f"/roles/{role}")]

    async def answer(kind: int, data: dict[str, Any], **extra: Any) -> Any:
        return await server.answer_to(await server.interact(kind, data, **extra))

    async def text(line: str, name: str = "mentor", answer_as: Any = None, **options: Any) -> str:
        return text_of(await answer(COMMAND, entered(line, name, **options), **answer_as))

    ben: dict[str, Any] = {"member": member(BEN, "Ben")}
    await text("pair offer", answer_as=ben, skills="any")
    server.planned_errors[f"/roles/{role}"] = [(403, {"code": 50013, "message": "Missing Permissions"})]
    assert "Manage Roles" in await text("mentor-role", "mentor-admin", admin, role=role)
    assert "Saved" in await text("mentor-role", "mentor-admin", admin, role=role)
    assert changes()[-1] == ("PUT", f"/guilds/{GUILD}/members/{BEN}/roles/{role}")
    await text("pair stop", answer_as=ben)
    assert changes()[-1] == ("DELETE", f"/guilds/{GUILD}/members/{BEN}/roles/{role}")
    settings = await answer(COMMAND, entered("settings", "mentor-admin"), **admin)
    assert "Mentors get a role here" in text_of(settings)
    state = await answer(COMMAND, entered("mentor-role", "mentor-admin"), **admin)
    change, stop = (part["custom_id"] for part in flat(state["data"]["components"]) if part["type"] == 2)
    assert "don't get a role" in text_of(await answer(PRESS, {"custom_id": stop, "component_type": 2}, **admin))
    before = len(changes())
    await text("pair offer", answer_as=ben, skills="any")
    assert len(changes()) == before
    form = (await answer(PRESS, {"custom_id": change, "component_type": 2}, **admin))["data"]
    (label,) = form["components"]
    picked = {"type": label["component"]["type"], "custom_id": label["component"]["custom_id"], "values": [role]}
    assert picked["type"] == 6  # Discord's own list of roles
    sent = {"custom_id": form["custom_id"], "components": [{"type": 18, "component": picked}]}
    assert "Saved" in text_of(await answer(MODAL, sent, **admin))
    assert changes()[-1] == ("PUT", f"/guilds/{GUILD}/members/{BEN}/roles/{role}")
    assert "You need Manage Server" in await text("mentor-role", "mentor-admin", {}, role=role)
    assert not server.violations


def snowflake(age: timedelta) -> str:
    """The id of something made that long ago."""
    return str(discord.utils.time_snowflake(Clock().now() - age))


async def test_command_that_comes_too_late_is_not_done(
    server: DiscordServer, adapter: DiscordAdapter, app_context: AppContext
) -> None:
    number = snowflake(timedelta(seconds=10))
    late = server.interaction(COMMAND, entered("plan add", what="Late")) | {"id": number, "token": f"token-{number}"}
    server.planned_errors["/callback"] = [(404, {"code": 10062, "message": "Unknown interaction"})]
    await server.deliver(late)
    await server.answer_to(number)
    again = await server.interact(COMMAND, entered("plan add", what="Again"))
    await server.answer_to(again)
    await adapter._in_flight.drained()
    async with app_context.store.unit_of_work(Workspace("discord", GUILD)) as uow:
        steps = (await uow.learner(PERSON, "ai-architect").plans.get()).plan.steps
    assert [step.text for step in steps] == ["Again"]


async def test_late_or_repeated_completion_is_no_error(
    server: DiscordServer, adapter: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    typing = entered("plan new")
    typing["options"][0]["options"][0]["options"] = [{"name": "title", "type": 3, "value": "ml", "focused": True}]
    interaction = server.interaction(AUTOCOMPLETE, typing)
    for _ in range(2):
        await server.deliver(interaction)
    server.planned_errors["/callback"] = [(404, {"code": 10062, "message": "Unknown interaction"})]
    gone = await server.interact(AUTOCOMPLETE, typing)
    unknown = await server.interact(AUTOCOMPLETE, entered("no such"))
    for number in (interaction["id"], gone, unknown):
        await server.answer_to(number)
    answer = await server.answer_to(interaction["id"])
    assert answer["data"]["choices"][0]["value"] == "ml-architect"
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    assert not server.violations
