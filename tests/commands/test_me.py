"""Personal data: shown, exported, and erased to the last row."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import create_engine, inspect, text

from mentorbot.chat.cards import Card, FileBlock
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.storage.tables import Base

from .conftest import Chat, buttons, new_maintenance

PERSONAL_TABLES = {"people", "people_settings", "learners", "plans", "steps", "plan_changes", "assessments", "checkins"}
PERSONAL_TABLES |= {"recall_cards", "mentors", "pairings", "schedules", "deliveries", "calendar_events"}
CONVERSATION_TABLES = {"drafts", "conversations", "dm_workspaces"}
MODEL_TABLES = {"language_model_users"}
"""Filled only where a language model is connected; test_language_model.py looks at that."""


async def fill_every_table(chat: Chat) -> None:
    """Leave a trace in every table."""
    await chat.say("assess mlops:1")
    await chat.say("plan keep ai-architect")
    await chat.say("plan export ics")
    await chat.say("plan done 1 evidence:https://example.org/a-secret")
    await chat.say("checkin settings friday 15:00 Europe/Berlin quiet:20-8 budget:5")
    await chat.say("checkin snooze")
    await chat.say("checkin plan step:Write obstacle:late then:call")
    await chat.say("recall now")
    await chat.say("pair offer mlops")
    await chat.say("pair request any")


def row_counts(chat: Chat) -> dict[str, int]:
    """Count the rows of each table."""
    engine = create_engine(chat.app_context.settings.database)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        counts = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}
    engine.dispose()
    return {name: int(count or 0) for name, count in counts.items()}


def exported_rows(card: Card) -> dict[str, list[dict[str, object]]]:
    document = next(block for block in card.blocks if isinstance(block, FileBlock))
    data = json.loads(document.text)
    return {name: value for name, value in data.items() if isinstance(value, list)}


def test_every_table_is_listed_as_personal_or_not() -> None:
    others = {"workspaces", "requests", "departures", "days_off", "buckets", "muted_channels"}
    others |= {"slack_installations", "slack_bots", "slack_oauth_states"}  # they belong to the workspace
    assert set(Base.metadata.tables) == PERSONAL_TABLES | CONVERSATION_TABLES | MODEL_TABLES | others


async def test_all_personal_data_is_shown_and_exported(chat: Chat) -> None:
    assert "nothing at all" in await chat.text("me show")
    await fill_every_table(chat)
    exported = exported_rows(await chat.card("me export"))
    assert set(exported) == PERSONAL_TABLES
    assert any("a-secret" in str(row) for row in exported["steps"])
    counts = row_counts(chat)
    assert {name: len(rows) for name, rows in exported.items()} == {name: counts[name] for name in PERSONAL_TABLES}
    text = await chat.text("me show")
    assert "Your plan" in text.replace("your plan", "Your plan")
    assert "1 check-in," in text
    assert "Not your questions." in text
    assert "Admins see counts of 5+ people, no names." in text
    assert "saved for a day at most" in text


async def test_an_export_names_no_mentor_that_did_not_accept(chat: Chat, clock: FrozenClock) -> None:
    ben, cleo = chat.copy(person="ben"), chat.copy(person="cleo")
    await ben.say("pair offer any")
    await chat.say("pair request any")
    await cleo.say("pair offer any")
    clock.travel_to(clock.now() + timedelta(days=8))
    await chat.tick()
    for person in (chat, cleo):
        file = await person.card("me export")
        (pairing,) = exported_rows(file)["pairings"]
        assert pairing["asked"] == 2
        assert "ben" not in str(exported_rows(file)["pairings"])


async def test_personal_data_is_hidden_from_others(chat: Chat) -> None:
    await fill_every_table(chat)
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        assert "nothing at all" in await other.text("me export")
        assert "There's nothing to delete" in await other.text("me forget confirm:yes")
    assert row_counts(chat)["steps"] > 3


async def test_notes_are_their_authors_data_too(chat: Chat) -> None:
    ben = chat.copy(person="ben")
    await chat.say(buttons(await chat.card("pair offer"))[0].line)
    await ben.say("pair request ada")
    (request_post,) = await chat.tick()
    await chat.say(buttons(request_post.card)[0].line)
    number = buttons(request_post.card)[0].line.split()[-1]
    await chat.say(f"pair note {number} Read chapter 7")
    (note,) = exported_rows(await chat.card("me export"))["notes"]
    assert (note["body"], note["state"]) == ("Read chapter 7", "pending")
    assert "ben" not in str(note)
    assert "notes" not in exported_rows(await ben.card("me export"))
    assert "chapter 7" in str(exported_rows(await ben.card("me export"))["deliveries"])
    await chat.say("me forget confirm:yes")
    assert "chapter 7" not in str(exported_rows(await ben.card("me export")))


async def test_forgetting_asks_first_and_erases_exported_rows(chat: Chat, clock: FrozenClock) -> None:
    await fill_every_table(chat)
    confirmation = await chat.card("me forget")
    assert row_counts(chat)["steps"] > 3
    await chat.say(next(button.line for button in buttons(confirmation) if button.style == "danger"), key="k")
    remaining = {
        name: count
        for name, count in row_counts(chat).items()
        if count and name not in ("workspaces", "alembic_version")
    }
    assert remaining == {"departures": 1, "requests": 1}
    assert "nothing at all" in await chat.text("me show")
    clock.travel_to(clock.now() + timedelta(days=14))
    assert await chat.tick() == []


async def test_learners_of_a_forgotten_mentor_wait_for_a_new_one(chat: Chat) -> None:
    ben, chen = chat.copy(person="ben"), chat.copy(person="chen")
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    (request_post,) = await ben.tick()
    await chen.say(buttons(request_post.card)[0].line)
    await chen.say("me forget confirm:yes")
    assert "You're on the waitlist" in await ben.text("pair request any")
    assert "chen" not in await ben.text("pair share") + await ben.text("pair list")


async def test_a_leavers_data_is_erased_after_a_month(chat: Chat, clock: FrozenClock) -> None:
    await fill_every_table(chat)
    await chat.copy(person="ben").say("plan add Stay")
    maintenance = new_maintenance(chat)
    chat.platform.former_members.add((Workspace("slack", "T1"), "ada"))
    for days in (0, 29):
        clock.travel_to(clock.now() + timedelta(days=days))
        await maintenance.run()
        assert row_counts(chat)["people"] == 2
    clock.travel_to(clock.now() + timedelta(days=2))
    await maintenance.run()
    assert row_counts(chat)["people"] == 1
    assert "Stay, 1 h" in await chat.copy(person="ben").text("plan")


async def test_a_leaver_back_in_time_keeps_exported_rows(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add Stay")
    maintenance = new_maintenance(chat)
    chat.platform.former_members.add((Workspace("slack", "T1"), "ada"))
    await maintenance.run()
    chat.platform.former_members.clear()
    clock.travel_to(clock.now() + timedelta(days=31))
    await maintenance.run()
    assert "Stay, 1 h" in await chat.text("plan")


async def test_me_show_says_when_a_leaver_is_erased(chat: Chat) -> None:
    await fill_every_table(chat)
    assert "I delete everything 30 days after I notice" in await chat.text("me show")
