"""Plans exported to a file and imported elsewhere; an invalid file changes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from mentorbot.chat.cards import Card, FileBlock, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.export import FORMAT, VERSION, Owner, from_json
from mentorbot.errors import BadValue
from mentorbot.storage import Store, plans
from mentorbot.storage.tables import PlanChangeRow

from .conftest import Chat


def file_text(card: Card) -> str:
    return next(block.text for block in card.blocks if isinstance(block, FileBlock))


async def test_a_plan_moves_to_a_different_workspace_with_its_evidence(chat: Chat) -> None:
    await chat.say("plan keep ml-architect hours:7")
    await chat.say("plan done 1 evidence:https://example.org/proof")
    await chat.say("plan add My own hours:3")
    file = file_text(await chat.card("plan export json"))
    moved_chat = chat.copy(workspace="T2", person="ada-there")
    card = await moved_chat.card("plan import", file=file)
    assert card.error is None
    assert "The rest of your plan hasn't changed." in plain_text(card)
    before, after = await chat.text("plan show all"), await moved_chat.text("plan show all")
    assert before == after
    assert "This week: 7 h" in await moved_chat.text("plan")
    assert "https://example.org/proof" in await moved_chat.text("portfolio")
    assert "Your plan already has everything in that file." in plain_text(
        await moved_chat.card("plan import", file=file)
    )
    assert "Undone" in await moved_chat.text("plan undo")
    assert "You don't have a plan yet" in await moved_chat.text("plan")


async def test_import_without_a_file_asks_for_one(chat: Chat) -> None:
    form = await chat.say("plan import")
    assert isinstance(form, Form)
    assert [(field.name, field.input, field.required) for field in form.fields] == [("file", "file", True)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text.replace('"version": 1', '"version": 7'), "isn't a plan I can read"),
        (lambda _: "x" * 300_000, "cut off"),
    ],
)
async def test_a_wrong_file_changes_nothing_and_is_not_repeated(
    chat: Chat, change: Callable[[str], str], says: str
) -> None:
    await chat.say("plan add Mine")
    card = await chat.card("plan import", file=change(file_text(await chat.card("plan export json"))))
    assert (card.error, card.error_option) == ("bad_value", "file")
    assert says in plain_text(card)
    assert len(plain_text(card)) < 600
    assert "Mine, 1 h" in await chat.text("plan")


async def test_a_colleagues_plan_cannot_be_imported(chat: Chat) -> None:
    await chat.say("plan add Our secret")
    file = file_text(await chat.card("plan export json"))
    card = await chat.copy(person="ben").card("plan import", file=file)
    assert "someone else's plan" in plain_text(card)
    assert "secret" not in plain_text(card)


async def test_a_dm_belongs_to_the_workspace_its_message_came_from(chat: Chat, clock: FrozenClock) -> None:
    first, second = replace(chat, workspace="G1"), replace(chat, workspace="G2")
    store: Store = chat.app_context.store
    assert await store.maintenance.home("slack", "ada", "") is None
    await first.say("plan add In the first")
    clock.travel_to(clock.now().replace(hour=13))
    await second.say("plan add In the second")
    await first.say("checkin snooze")
    clock.travel_to(clock.now().replace(day=24, hour=13))
    (post,) = await first.tick()
    home = store.maintenance.home
    assert await home("slack", "ada", post.key) == Workspace("slack", "G1")
    assert await home("slack", "ben", post.key) is None  # someone else's message gives no access
    assert await home("slack", "ada", "") == Workspace("slack", "G2")  # the workspace where the plan last changed
    assert await home("discord", "ada", post.key) is None


def plan_file(count: int, first: int = 1, **step: object) -> str:
    steps = [{"number": number, "text": f"Step {number}", "state": "done", "since": "2026-01-01", **step}
             for number in range(first, first + count)]  # fmt: skip
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "exported": "2026-11-30T00:00:00Z",
            "place": "elsewhere",
            "owner": "someone",
            "role": "ai-architect",
            "title": "",
            "pace": 4,
            "by": None,
            "steps": steps,
        }
    )


async def test_many_requirements_are_read_in_linear_time(chat: Chat) -> None:
    file = plan_file(1_000, requires=[0] * 440)
    before = time.process_time()
    from_json(file, "ai-architect", Owner("slack", "T1", "ada"))
    assert time.process_time() - before < 1.5  # it took 8.8 s


def test_step_with_too_many_requirements_is_refused() -> None:
    file = json.loads(plan_file(100))
    file["steps"][-1]["requires"] = list(range(1, 52))
    with pytest.raises(BadValue, match=r"steps\.99\.requires"):
        from_json(json.dumps(file), "ai-architect", Owner("slack", "T1", "ada"))


async def test_finished_steps_are_bounded_too(chat: Chat) -> None:
    assert (await chat.card("plan import", file=plan_file(900))).error is None
    refused = await chat.card("plan import", file=plan_file(101, first=2_001))
    assert "more than 1,000 steps" in plain_text(refused)
    assert (await chat.card("plan import", file=plan_file(100, first=3_001))).error is None
    assert "all it can hold" in plain_text(await chat.card("plan add One more"))


async def test_undo_history_is_bounded_in_length(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MAX_UNDO_CHARS", 20_000)
    await chat.card("plan import", file=plan_file(100, reason="x" * 100))
    for number in range(10):
        await chat.card(f"plan add Another {number}")
    async with chat.app_context.store._session() as session:
        changes = (await session.scalars(select(PlanChangeRow))).all()
    assert 1 <= sum(len(json.dumps(change.before)) for change in changes) / 20_000 < 2
    assert "Undone" in await chat.text("plan undo")
