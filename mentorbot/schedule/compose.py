"""What a delivery says, made when it is sent; or why it is not to be sent now, or at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.cadence import Cadence, instant_of, left_out, next_after, quiet_until
from mentorbot.clock import Clock
from mentorbot.commands.admin import report_card, waiting_card
from mentorbot.commands.call import Call, Caller
from mentorbot.commands.checkin_cards import away
from mentorbot.commands.coming import CLOSE, NO_LEARNERS, ON_TIME
from mentorbot.commands.desk import Desk
from mentorbot.commands.mentees import mentees_card
from mentorbot.commands.notices import notice_card
from mentorbot.commands.pairing import learners_of
from mentorbot.commands.recall import due_questions, question_card
from mentorbot.commands.tips import all_tips, tip_card
from mentorbot.days_off import EVERY_DAY, Calendar
from mentorbot.learning.plan import monday
from mentorbot.messenger import Member, Messenger, Workspace
from mentorbot.packs.library import Library
from mentorbot.schedule import weekly
from mentorbot.schedule.choice import next_tip
from mentorbot.schedule.letter import NotNow, Said, Told
from mentorbot.storage import Addressee, Delivery, MessageSettings, Schedule, Store
from mentorbot.storage.schedules import CHECKIN, DIGEST, OWN_TIP, RECALL, REMINDER, REPORT, TIP, person_of
from mentorbot.storage.zones import is_known

QUIET = "quiet hours"
TOGETHER = "waits some minutes for what else may be due, so that both come as one"
NUDGES = frozenset({TIP, OWN_TIP, CHECKIN, REMINDER, RECALL, DIGEST, REPORT})
"""What nobody has asked for just now, by kind or by what a single message is about: none of it comes on a day off, and none
to a person who is away."""
AGAIN = timedelta(minutes=15)
"""Until another machine may know the zone of a message."""
CALENDAR_LASTS, CALENDARS_KEPT = timedelta(seconds=30), 10_000


class Composer:
    """Makes cards for every kind of schedule."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._calendars: dict[Workspace, tuple[datetime, Calendar]] = {}

    async def compose(
        self,
        delivery: Delivery,
        schedule: Schedule,
        messenger: Messenger,
        to: Addressee | None = None,
        *,
        joins: bool = False,
    ) -> Told:
        """The card of a delivery, or why there is none. What goes `to` a person `joins` another one, or may wait for one."""
        # Read before another transaction is open: who holds one and waits for a second may wait for ever.
        calendar = await self._calendar(schedule.workspace) if _nudges(delivery, schedule) else EVERY_DAY
        if to is not None:
            # One that was tried already has waited, and goes as soon as it can.
            fresh = delivery.attempts == 0 and delivery.last_error != TOGETHER
            waits = not joins and fresh and _nudges(delivery, schedule)
            return await self._personal(delivery, schedule, messenger, calendar, to, waits=waits)
        if person_of(schedule.channel) is not None:
            return NotNow("the person is gone")
        if unsure := self._unsure(schedule.cadence.zone):
            return unsure
        if reason := self._left_out(delivery, schedule.cadence, calendar):
            return NotNow(reason)
        return await (self._tip if schedule.kind == TIP else self._report)(delivery, schedule, messenger)

    def _left_out(self, delivery: Delivery, cadence: Cadence, calendar: Calendar) -> str:
        """Why nothing is posted, on the clocks of the cadence: what has waited may have become due on a day off, or in a
        pause that was begun since.
        """
        instants = (delivery.occurrence_at, self._clock.now())
        return next(filter(None, (left_out(cadence, instant, calendar) for instant in instants)), "")

    def _unsure(self, zone: ZoneInfo) -> NotNow | None:
        """A machine that does not know a zone cannot tell quiet hours and days off in it: another one may."""
        reason = f"the time zone {zone.key} is not known to the machine that was to send it"
        return None if is_known(zone) else NotNow(reason, self._clock.now() + AGAIN)

    async def _calendar(self, workspace: Workspace) -> Calendar:
        """When a workspace works, as it was said half a minute ago at the latest."""
        now = self._clock.now()
        at, calendar = self._calendars.get(workspace, (datetime.min.replace(tzinfo=UTC), EVERY_DAY))
        if not timedelta(0) <= now - at < CALENDAR_LASTS:
            if len(self._calendars) >= CALENDARS_KEPT:
                self._calendars.clear()
            calendar = await self._store.queue.calendar(workspace)
            self._calendars[workspace] = (now, calendar)
        return calendar

    async def _tip(self, delivery: Delivery, schedule: Schedule, _: Messenger) -> Told:
        pack = self._library.default
        tips, item = all_tips(pack), delivery.item
        if item not in tips:  # the pack has lost it since it was planned
            item = next_tip(pack, schedule.id, await self._store.queue.used(schedule.id)) or ""
        late = late_words(delivery, schedule.cadence.zone, self._clock.now())
        return Said(tip_card(pack, tips[item][0], scheduled=True, late=late), item)

    async def _personal(
        self,
        delivery: Delivery,
        schedule: Schedule,
        messenger: Messenger,
        calendar: Calendar,
        to: Addressee,
        *,
        waits: bool,
    ) -> Told:
        """A message to one person, as if they had asked for it themselves."""
        zone = to.zone or schedule.cadence.zone

        async def member() -> Member:
            return Member(to.person.external_id, to.person.name, zone)

        caller = Caller(schedule.channel, to.person.external_id, to.person.name, member)
        if unsure := self._unsure(zone):
            return unsure
        # A day off is one where the person is, not where the one who carries single messages has its clock.
        if reason := self._left_out(delivery, replace(schedule.cadence, zone=zone), calendar):
            return NotNow(reason)
        if held_up := self._held_up(delivery, schedule, to, zone):
            return held_up
        if waits and (until := self._company(to, calendar, zone)):
            return NotNow(TOGETHER, until)
        late = late_words(delivery, zone, self._clock.now())
        async with self._store.unit(schedule.workspace) as unit:
            unit.know(to, self._library.default.info.role)
            call = Call(caller, self._clock.now(), unit, self._library, messenger)
            return await self._for_person(call, delivery, schedule, to, late)

    def _company(self, to: Addressee, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
        """Until when a message waits for more that is due for the same person shortly; None when it goes by itself.

        It does so where quiet hours begin by then or soon after: it must not wait into them if the bot is busy for a while.
        """
        last = max(to.coming(self._clock.now() + CLOSE, calendar), default=None)
        if last is None or any(_quiet_until(at, zone, to.settings) for at in (last, last + CLOSE)):
            return None
        return last

    def _held_up(self, delivery: Delivery, schedule: Schedule, to: Addressee, zone: ZoneInfo) -> NotNow | None:
        """Quiet hours put a message off; a spent budget drops it, but for what other people are waiting for."""
        now, budget = self._clock.now(), to.settings.budget
        if until := _quiet_until(now, zone, to.settings):
            return NotNow(QUIET, until)
        if budget is None or not _nudges(delivery, schedule):
            return None
        local = now.astimezone(zone)
        if to.number_since(instant_of(monday(local.date()), local.time().min, zone)) >= budget:
            return NotNow(to.settings.spent())
        return None

    async def _for_person(
        self, call: Call, delivery: Delivery, schedule: Schedule, to: Addressee, late: str | None
    ) -> Told:
        if not _nudges(delivery, schedule):
            card = await notice_card(call, delivery.item, delivery.body)
            return Said(card) if card else NotNow("it is settled already")
        desk = await Desk.open(call, shown=False)
        if reason := away(desk):
            return NotNow(reason)
        if CHECKIN in (schedule.kind, delivery.item):
            remind = schedule.kind == CHECKIN and to.settings.reminders and _alone(delivery, schedule)
            return await weekly.checkin(desk, delivery, late, to if remind else None)
        if delivery.item == REMINDER:
            return await weekly.reminder(desk, late) if to.settings.reminders else NotNow("reminders are off")
        if schedule.kind == OWN_TIP:
            return await weekly.own_tip(desk, delivery, late)
        if schedule.kind == RECALL:
            due = await due_questions(desk)
            return Said(question_card(desk, due, late)) if due else NotNow("no question is due")
        pairings = await learners_of(call)
        return Said(await mentees_card(call, pairings, late)) if pairings else NotNow(NO_LEARNERS)

    async def _report(self, delivery: Delivery, schedule: Schedule, messenger: Messenger) -> Told:
        """The weekly figures for the admins' channel, or a request that has found no mentor."""
        async with self._store.unit(schedule.workspace) as unit:

            async def nobody() -> Member:
                return Member("", "")

            caller = Caller(schedule.channel, "", "", nobody)
            call = Call(caller, self._clock.now(), unit, self._library, messenger)
            if delivery.item:
                waiting = await unit.pairs.waiting(call.pack.info.role)
                still = any(delivery.item == f"waiting-admins:{one.id}" for one in waiting)
                return Said(waiting_card()) if still else NotNow("the request has found somebody")
            zone = schedule.cadence.zone
            return Said(await report_card(call, zone, late_words(delivery, zone, self._clock.now())))


def _quiet_until(instant: datetime, zone: ZoneInfo, settings: MessageSettings) -> datetime | None:
    if settings.quiet_from is None or settings.quiet_to is None:
        return None
    return quiet_until(instant, zone, settings.quiet_from, settings.quiet_to)


def _alone(delivery: Delivery, schedule: Schedule) -> bool:
    """Whether a reminder would not come beside the next check-in, which asks the same."""
    following = next_after(schedule.cadence, delivery.occurrence_at)
    return following is None or following > delivery.occurrence_at + weekly.REMIND_AFTER + CLOSE


def _nudges(delivery: Delivery, schedule: Schedule) -> bool:
    return bool(NUDGES & {schedule.kind, delivery.item})


def late_words(delivery: Delivery, zone: ZoneInfo, now: datetime) -> str | None:
    """In one line, that a message comes late; None when it does not."""
    if now - delivery.due_at <= ON_TIME:
        return None
    due = delivery.due_at.astimezone(zone)
    # A weekday alone would mean the last one.
    day = f"{due:%A}" if now - delivery.due_at < timedelta(days=6) else f"{due:%A, %-d %B}"
    at = f"{day} at {due:%H:%M} ({zone.key})"
    if delivery.first_due_at is not None:
        return f"Late: this was due on {at}; whoever runs me has had it sent after all."
    if delivery.last_error == QUIET:
        return f"This was due on {at} and has waited for the end of your quiet hours."
    return f"Late: this was due on {at}, and I could not post it then."
