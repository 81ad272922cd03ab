"""What is kept of a person: shown, handed over, and erased to the last row."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import create_engine, inspect, text

from mentorbot.chat.cards import Card, FileBlock
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.storage.tables import Base

from .conftest import Chat, buttons

PERSONAL = {"people", "people_settings", "learners", "plans", "steps", "plan_changes", "assessments", "checkins"}
PERSONAL |= {"recall_cards", "mentors", "pairings", "schedules", "deliveries"}


async def live(chat: Chat) -> None:
    """Leave a trace in every table."""
    await chat.say("assess mlops:1")
    await chat.say("plan keep ai-architect")
    await chat.say("plan done 1 evidence:https://example.org/a-secret")
    await chat.say("checkin settings friday 15:00 Europe/Berlin quiet:20-8 budget:5")
    await chat.say("checkin snooze")
    await chat.say("checkin plan step:Write obstacle:late then:call")
    await chat.say("recall now")
    await chat.say("pair offer mlops")
    await chat.say("pair request any")


def rows(chat: Chat) -> dict[str, int]:
    """How many rows each table has."""
    engine = create_engine(chat.core.settings.database)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}  # noqa: S608  our own tables
    engine.dispose()
    return {name: int(count or 0) for name, count in found.items()}


def everything(card: Card) -> dict[str, list[dict[str, object]]]:
    document = next(block for block in card.blocks if isinstance(block, FileBlock))
    data = json.loads(document.text)
    return {name: value for name, value in data.items() if isinstance(value, list)}


def test_every_table_is_known_as_personal_or_not() -> None:
    others = {"workspaces", "requests", "departures", "days_off", "buckets"}
    assert set(Base.metadata.tables) == PERSONAL | others


async def test_all_that_is_kept_is_shown_and_handed_over(chat: Chat) -> None:
    assert "Nothing at all" in await chat.text("me show")
    await live(chat)
    found = everything(await chat.card("me export"))
    assert set(found) == PERSONAL
    assert any("a-secret" in str(row) for row in found["steps"])
    counts = rows(chat)
    assert {name: len(kept) for name, kept in found.items()} == {name: counts[name] for name in PERSONAL}
    text = await chat.text("me show")
    assert "Steps of your plan, with your evidence" in text
    assert "Admins of this workspace: counts and medians" in text


async def test_who_did_not_take_a_request_is_not_in_the_file(chat: Chat, clock: FrozenClock) -> None:
    ben, cleo = chat.as_(person="ben"), chat.as_(person="cleo")
    await ben.say("pair offer")
    await chat.say("pair request any")
    await cleo.say("pair offer")
    clock.travel_to(clock.now() + timedelta(days=8))
    await chat.tick()
    for one in (chat, cleo):
        file = await one.card("me export")
        (pairing,) = everything(file)["pairings"]
        assert pairing["asked"] == 2
        assert "ben" not in str(everything(file)["pairings"])


async def test_nobody_gets_what_is_kept_of_another(chat: Chat) -> None:
    await live(chat)
    for other in (chat.as_(person="ben"), chat.as_(workspace="T2")):
        assert "Nothing at all" in await other.text("me export")
        assert "I keep nothing of you" in await other.text("me forget confirm:yes")
    assert rows(chat)["steps"] > 3


async def test_forgetting_asks_first_and_leaves_nothing(chat: Chat, clock: FrozenClock) -> None:
    await live(chat)
    asked = await chat.card("me forget")
    assert rows(chat)["steps"] > 3
    await chat.say(next(button.line for button in buttons(asked) if button.style == "danger"), key="k")
    left = {
        name: count for name, count in rows(chat).items() if count and name not in ("workspaces", "alembic_version")
    }
    assert left == {"departures": 1, "requests": 1}
    assert "Nothing at all" in await chat.text("me show")
    clock.travel_to(clock.now() + timedelta(days=14))
    assert await chat.tick() == []


async def test_learners_of_a_mentor_who_is_forgotten_wait_for_another(chat: Chat) -> None:
    ben, chen = chat.as_(person="ben"), chat.as_(person="chen")
    await chen.say("pair offer")
    await ben.say("pair request chen")
    (asked,) = await ben.tick()
    await chen.say(buttons(asked.card)[0].line)
    await chen.say("me forget confirm:yes")
    assert "You are on the list" in await ben.text("pair request any")
    assert "chen" not in await ben.text("pair share") + await ben.text("pair list")


async def test_who_leaves_the_workspace_is_erased_after_a_month(chat: Chat, clock: FrozenClock) -> None:
    await live(chat)
    await chat.as_(person="ben").say("plan add Stay")
    platform = chat.platform
    core = chat.core
    keeping = MaintenanceTasks(core.store, core.library, clock, {"slack": platform})
    chat.fake.former_members.add((Workspace("slack", "T1"), "ada"))
    for days in (0, 29):
        clock.travel_to(clock.now() + timedelta(days=days))
        await keeping.run()
        assert rows(chat)["people"] == 2
    clock.travel_to(clock.now() + timedelta(days=2))
    await keeping.run()
    assert rows(chat)["people"] == 1
    assert "1. Stay" in await chat.as_(person="ben").text("plan")


async def test_who_comes_back_in_time_keeps_everything(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Stay")
    core = chat.core
    keeping = MaintenanceTasks(core.store, core.library, clock, {"slack": chat.platform})
    chat.fake.former_members.add((Workspace("slack", "T1"), "ada"))
    await keeping.run()
    chat.fake.former_members.clear()
    clock.travel_to(clock.now() + timedelta(days=31))
    await keeping.run()
    assert "1. Stay" in await chat.text("plan")


async def test_it_says_when_a_leaver_is_erased(chat: Chat) -> None:
    await live(chat)
    assert "everything is erased 30 days after I notice" in await chat.text("me show")
