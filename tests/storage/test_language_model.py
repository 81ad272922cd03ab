"""Consent and budgets of the language model, in both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.language_model import Consent, ModelBudget, ModelMode
from mentorbot.storage import Store
from tests.storage.conftest import OURS, THEIRS

SMALL = ModelBudget(person=5, workspace=8)


async def _agree(store: Store, workspace: Workspace, *people: str) -> None:
    async with store.unit_of_work(workspace) as uow:
        await uow.language_model.set_mode(ModelMode.PACK)
        for person in people:
            await uow.language_model.choose(person, declined=False)


async def _spend(store: Store, workspace: Workspace, person: str) -> bool:
    async with store.unit_of_work(workspace) as uow:
        return await uow.language_model.spend(person, SMALL)


async def test_calls_at_the_same_time_never_exceed_a_budget(store: Store, clock: FrozenClock) -> None:
    await _agree(store, OURS, "ada", "ben")
    spent = await asyncio.gather(*(_spend(store, OURS, "ada") for _ in range(9)))
    assert sum(spent) == SMALL.person
    spent = await asyncio.gather(*(_spend(store, OURS, "ben") for _ in range(9)))
    assert sum(spent) == SMALL.workspace - SMALL.person
    clock.travel_to(clock.now() + timedelta(days=1))
    assert await _spend(store, OURS, "ada")


async def test_a_budget_of_zero_and_people_who_were_never_told_get_nothing(store: Store) -> None:
    await _agree(store, OURS, "ada")
    async with store.unit_of_work(OURS) as uow:
        assert not await uow.language_model.spend("ada", ModelBudget(0, 5))
        assert not await uow.language_model.spend("ada", ModelBudget(5, 0))
        assert not await uow.language_model.spend("nobody", SMALL)


async def test_another_workspace_has_its_own_mode_choices_and_budget(store: Store) -> None:
    await _agree(store, OURS, "ada")
    async with store.unit_of_work(THEIRS) as uow:
        assert (await uow.language_model.permission("ada")).consent is Consent.OFF
        await uow.language_model.set_mode(ModelMode.GENERAL)
        assert (await uow.language_model.permission("ada")).consent is Consent.UNTOLD
        assert await uow.language_model.agreeing(["ada"]) == set()
        await uow.language_model.choose("ada", declined=True)
    async with store.unit_of_work(OURS) as uow:
        assert await uow.language_model.mode() is ModelMode.PACK
        assert (await uow.language_model.permission("ada")).given
    for _ in range(SMALL.person):
        assert await _spend(store, OURS, "ada")
    assert await _spend(store, THEIRS, "ada")


async def test_everyone_is_told_once(store: Store) -> None:
    async def tell() -> bool:
        async with store.unit_of_work(OURS) as uow:
            return await uow.language_model.tell("ada")

    assert sum(await asyncio.gather(*(tell() for _ in range(4)))) == 1
