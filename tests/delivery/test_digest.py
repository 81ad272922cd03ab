"""A mentor's weekly digest: sent only where there's something to say."""

from __future__ import annotations

from mentorbot.domain.deliveries import DeliveryState, MessageKind, Reason, ReasonCode
from mentorbot.domain.people import MessageSettings

from .conftest import DUE, TEAM, UTC_ZONE, Bot


async def test_having_no_learners_is_the_reason_even_when_the_budget_is_spent(bot: Bot) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("ada", "Ada")
        await uow.people.set_zone("ada", UTC_ZONE)
        await uow.people.set_messages("ada", MessageSettings(budget=0))
    await bot.schedule("ada", MessageKind.DIGEST)
    await bot.tick_at(DUE)
    [delivery] = await bot.deliveries()
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, Reason(ReasonCode.NO_LEARNERS))
    assert bot.platform.posted == []
