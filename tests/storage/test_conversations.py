"""Drafts and conversations: kept for a while, seen by their workspace alone, and erased with the person."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.clock import FrozenClock
from mentorbot.storage import Draft, Store

from .conftest import NOW, OURS, THEIRS, person_in

LONG = "plan add " + "read the paper " * 400


async def test_a_draft_comes_back_by_its_id(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        first = await uow.drafts.save("U1", Draft(LONG))
        second = await uow.drafts.save("", Draft("plan add", '{"title": "Grüße"}'))
    assert len({first, second}) == 2
    assert {len(first), len(second)} == {16}
    async with store.unit_of_work(OURS) as uow:
        assert await uow.drafts.get(first) == Draft(LONG)
        assert await uow.drafts.get(second) == Draft("plan add", '{"title": "Grüße"}')
        assert await uow.drafts.get("unknown") is None
    async with store.unit_of_work(THEIRS) as uow:
        assert await uow.drafts.get(first) is None


async def test_a_draft_with_characters_no_database_takes_is_kept_without_them(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        draft_id = await uow.drafts.save("U1", Draft("a\0b \ud83d"))
        assert await uow.drafts.get(draft_id) == Draft("ab ")


async def test_a_conversation_is_remembered_for_ten_minutes(store: Store, clock: FrozenClock) -> None:
    async with store.unit_of_work(OURS) as uow:
        assert await uow.conversations.recall("U1", "D1") is None
        await uow.conversations.remember("U1", "D1", {"lines": ["salary"]})
        await uow.conversations.remember("U1", "D1", {"lines": ["salary", "and for seniors?"]})
        await uow.conversations.remember("U1", "C1", {"lines": ["elsewhere"]})
    clock.travel_to(NOW + timedelta(minutes=9, seconds=59))
    async with store.unit_of_work(OURS) as uow:
        assert await uow.conversations.recall("U1", "D1") == {"lines": ["salary", "and for seniors?"]}
        assert await uow.conversations.recall("U2", "D1") is None
    async with store.unit_of_work(THEIRS) as uow:
        assert await uow.conversations.recall("U1", "D1") is None
    clock.travel_to(NOW + timedelta(minutes=10))
    async with store.unit_of_work(OURS) as uow:
        assert await uow.conversations.recall("U1", "D1") is None


async def test_a_state_that_is_too_long_is_forgotten(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.conversations.remember("U1", "D1", {"lines": ["short"]})
        await uow.conversations.remember("U1", "D1", {"lines": ["x" * 5_000]})
        assert await uow.conversations.recall("U1", "D1") == {}


async def test_both_are_deleted_after_their_time(store: Store, clock: FrozenClock) -> None:
    async with store.unit_of_work(OURS) as uow:
        old = await uow.drafts.save("U1", Draft("old"))
        await uow.conversations.remember("U1", "old", {})
    clock.travel_to(NOW + timedelta(days=1))
    async with store.unit_of_work(OURS) as uow:
        young = await uow.drafts.save("U1", Draft("young"))
        await uow.conversations.remember("U1", "young", {})
    await store.maintenance.delete_conversations(NOW + timedelta(seconds=1))
    async with store.unit_of_work(OURS) as uow:
        assert await uow.drafts.get(old) is None
        assert await uow.drafts.get(young) == Draft("young")
        assert [row["channel_id"] for row in (await uow.privacy.everything("U1"))["conversations"]] == ["young"]


async def test_both_are_erased_with_a_person_who_has_nothing_else(store: Store) -> None:
    for workspace in (OURS, THEIRS):
        async with store.unit_of_work(workspace) as uow:
            for user_id in ("U1", "U2"):
                await uow.drafts.save(user_id, Draft(f"of {user_id}"))
                await uow.conversations.remember(user_id, "D1", {"of": user_id})
                await uow.dm_workspaces.choose(user_id)
    async with store.unit_of_work(OURS) as uow:
        assert set(await uow.privacy.everything("U1")) == {"drafts", "conversations", "dm_workspaces"}
        assert (await uow.privacy.erase("U1")).total() == 3
        assert await uow.privacy.everything("U1") == {}
        assert len(await uow.privacy.everything("U2")) == 3
    async with store.unit_of_work(THEIRS) as uow:
        assert len(await uow.privacy.everything("U1")) == 3


async def test_a_dm_is_about_the_workspace_chosen_last(store: Store, clock: FrozenClock) -> None:
    home = store.maintenance.home
    assert await home("slack", "U1", "") is None
    for workspace in (OURS, THEIRS, OURS):
        async with store.unit_of_work(workspace) as uow:
            await person_in(uow, "U1")
            await uow.dm_workspaces.choose("U1")
        clock.travel_to(clock.now() + timedelta(hours=1))
    assert await home("slack", "U1", "") == OURS
    assert await home("slack", "U2", "") is None
    assert await home("discord", "U1", "") is None
    assert await store.maintenance.workspaces_of("slack", "U1") == [OURS, THEIRS]
