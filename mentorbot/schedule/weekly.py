"""What a person gets week by week: the check-in, its reminder, and a tip of their own."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.commands.checkin_cards import checkins, reminder_card, unwanted, weekly_card
from mentorbot.commands.coming import ON_TIME
from mentorbot.commands.desk import Desk
from mentorbot.commands.tips import all_tips
from mentorbot.commands.tips_me import choose_tip, own_tip_card
from mentorbot.learning.plan import monday
from mentorbot.schedule.letter import NotNow, Said, Told
from mentorbot.storage import Addressee, Delivery, Notice
from mentorbot.storage.schedules import CHECKIN, REMINDER

REMIND_AFTER = timedelta(days=1)


async def checkin(desk: Desk, delivery: Delivery, late: str | None, reminded: Addressee | None) -> Told:
    """The weekly check-in. Its reminder is put down with it, and is taken back by an answer; a week that is over by then
    has none.
    """
    found = await checkins(desk)
    if reason := unwanted(desk, found):
        return NotNow(reason)
    card, at = weekly_card(desk, late, found), delivery.occurrence_at + REMIND_AFTER
    if reminded is None or monday(at.astimezone(desk.zone).date()) != desk.week:
        return Said(card)
    call = desk.call
    if reminded.carrier is None and not await call.unit.people.stay(call.caller.person):
        return NotNow("the person is gone")
    carrier = reminded.carrier or await call.unit.schedules.carry(call.caller.person, delivery.role)
    return Said(card, notice=Notice(carrier, REMINDER, at, f"r{desk.week.toordinal():x}"))


async def reminder(desk: Desk, late: str | None) -> Told:
    """Once more, if the check-in has come a day ago and nobody has answered."""
    found, now = await checkins(desk), desk.call.now
    if reason := unwanted(desk, found):
        return NotNow(reason)
    sent = await desk.call.unit.receipts.sent_last(desk.call.caller.person, CHECKIN)
    if sent is None:
        return NotNow("there was no check-in")
    if monday(sent.astimezone(desk.zone).date()) != desk.week:
        return NotNow("the week of its check-in is over")
    if now < sent + REMIND_AFTER - ON_TIME:
        return NotNow("the check-in came late", sent + REMIND_AFTER)
    return Said(reminder_card(desk, late, found))


async def own_tip(desk: Desk, delivery: Delivery, late: str | None) -> Told:
    """A tip for the skill with furthest to go. It stays the same one when it is tried again."""
    receipts, item, levels = desk.call.unit.receipts, delivery.item, await desk.levels()
    if item not in all_tips(desk.call.pack):
        item = choose_tip(desk, await receipts.used(delivery.schedule_id), levels) or ""
    return Said(own_tip_card(desk, item, levels, late), item) if item else NotNow("the role pack has no tips")
