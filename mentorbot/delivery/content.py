"""What a delivery says, made when it is sent; or why it is not to be sent now, or at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import ChatPlatform, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.admin import report_card, waiting_card
from mentorbot.commands.checkin_cards import away, checkins, reminder_card, unwanted, weekly_card
from mentorbot.commands.coming import CLOSE, NO_LEARNERS, ON_TIME
from mentorbot.commands.context import Caller, Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.mentees import mentees_card
from mentorbot.commands.notices import notice_card
from mentorbot.commands.pairing import learners_of
from mentorbot.commands.recall import due_questions, question_card
from mentorbot.commands.tips import all_tips, tip_card
from mentorbot.commands.tips_me import choose_tip, own_tip_card
from mentorbot.delivery.message import ComposeResult, Content, NotSent
from mentorbot.domain.plan import monday
from mentorbot.domain.records import Delivery, MessageSettings, Schedule
from mentorbot.domain.recurrence import Recurrence, instant_of, next_after, quiet_hours_end, skip_reason
from mentorbot.domain.tips import next_tip
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.domain.zones import is_known
from mentorbot.packs.library import Library
from mentorbot.storage import Notice, Recipient, Store
from mentorbot.storage.schedules import CHECKIN, DIGEST, OWN_TIP, RECALL, REMINDER, REPORT, TIP, person_of

REMIND_AFTER = timedelta(days=1)


async def checkin(desk: Desk, delivery: Delivery, late: str | None, reminded: Recipient | None) -> ComposeResult:
    """The weekly check-in. Its reminder is put down with it, and is taken back by an answer; a week that is over by then
    has none.
    """
    found = await checkins(desk)
    if reason := unwanted(desk, found):
        return NotSent(reason)
    card, at = weekly_card(desk, late, found), delivery.occurrence_at + REMIND_AFTER
    if reminded is None or monday(at.astimezone(desk.zone).date()) != desk.week:
        return Content(card)
    context = desk.context
    if reminded.carrier is None and not await context.uow.people.stay(context.caller.user_id):
        return NotSent("the person is gone")
    carrier = reminded.carrier or await context.uow.schedules.carry(context.caller.user_id, delivery.role)
    return Content(card, notice=Notice(carrier, REMINDER, at, f"r{desk.week.toordinal():x}"))


async def reminder(desk: Desk, late: str | None) -> ComposeResult:
    """Once more, if the check-in has come a day ago and nobody has answered."""
    found, now = await checkins(desk), desk.context.now
    if reason := unwanted(desk, found):
        return NotSent(reason)
    sent = await desk.context.uow.deliveries.sent_last(desk.context.caller.user_id, CHECKIN)
    if sent is None:
        return NotSent("there was no check-in")
    if monday(sent.astimezone(desk.zone).date()) != desk.week:
        return NotSent("the week of its check-in is over")
    if now < sent + REMIND_AFTER - ON_TIME:
        return NotSent("the check-in came late", sent + REMIND_AFTER)
    return Content(reminder_card(desk, late, found))


async def own_tip(desk: Desk, delivery: Delivery, late: str | None) -> ComposeResult:
    """A tip for the skill with furthest to go. It stays the same one when it is tried again."""
    receipts, item, levels = desk.context.uow.deliveries, delivery.item, await desk.levels()
    if item not in all_tips(desk.context.pack):
        item = choose_tip(desk, await receipts.used(delivery.schedule_id), levels) or ""
    return Content(own_tip_card(desk, item, levels, late), item) if item else NotSent("the role pack has no tips")


QUIET_HOURS = "quiet hours"
WAITS_FOR_COMPANY = "waits some minutes for what else may be due, so that both come as one"
UNSOLICITED_KINDS = frozenset({TIP, OWN_TIP, CHECKIN, REMINDER, RECALL, DIGEST, REPORT})
"""What nobody has asked for just now, by kind or by what a single message is about: none of it comes on a day off, and none
to a person who is away."""
AGAIN = timedelta(minutes=15)
"""Until another machine may know the zone of a message."""
CALENDAR_LASTS, CALENDARS_KEPT = timedelta(seconds=30), 10_000


class Composer:
    """Makes cards for every kind of schedule."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._calendars: dict[Workspace, tuple[datetime, WorkCalendar]] = {}

    async def compose(
        self,
        delivery: Delivery,
        schedule: Schedule,
        platform: ChatPlatform,
        to: Recipient | None = None,
        *,
        joins: bool = False,
    ) -> ComposeResult:
        """The card of a delivery, or why there is none. What goes `to` a person `joins` another one, or may wait for one."""
        # Read before another transaction is open: who holds one and waits for a second may wait for ever.
        calendar = await self._calendar(schedule.workspace) if _is_unsolicited(delivery, schedule) else EVERY_DAY
        if to is not None:
            # One that was tried already has waited, and goes as soon as it can.
            fresh = delivery.attempts == 0 and delivery.last_error != WAITS_FOR_COMPANY
            waits = not joins and fresh and _is_unsolicited(delivery, schedule)
            return await self._personal(delivery, schedule, platform, calendar, to, waits=waits)
        if person_of(schedule.channel) is not None:
            return NotSent("the person is gone")
        if unsure := self._unsure(schedule.cadence.zone):
            return unsure
        if reason := self._left_out(delivery, schedule.cadence, calendar):
            return NotSent(reason)
        return await (self._tip if schedule.kind == TIP else self._report)(delivery, schedule, platform)

    def _left_out(self, delivery: Delivery, cadence: Recurrence, calendar: WorkCalendar) -> str:
        """Why nothing is posted, on the clocks of the cadence: what has waited may have become due on a day off, or in a
        pause that was begun since.
        """
        instants = (delivery.occurrence_at, self._clock.now())
        return next(filter(None, (skip_reason(cadence, instant, calendar) for instant in instants)), "")

    def _unsure(self, zone: ZoneInfo) -> NotSent | None:
        """A machine that does not know a zone cannot tell quiet hours and days off in it: another one may."""
        reason = f"the time zone {zone.key} is not known to the machine that was to send it"
        return None if is_known(zone) else NotSent(reason, self._clock.now() + AGAIN)

    async def _calendar(self, workspace: Workspace) -> WorkCalendar:
        """When a workspace works, as it was said half a minute ago at the latest."""
        now = self._clock.now()
        at, calendar = self._calendars.get(workspace, (datetime.min.replace(tzinfo=UTC), EVERY_DAY))
        if not timedelta(0) <= now - at < CALENDAR_LASTS:
            if len(self._calendars) >= CALENDARS_KEPT:
                self._calendars.clear()
            calendar = await self._store.queue.calendar(workspace)
            self._calendars[workspace] = (now, calendar)
        return calendar

    async def _tip(self, delivery: Delivery, schedule: Schedule, _: ChatPlatform) -> ComposeResult:
        pack = self._library.default
        tips, item = all_tips(pack), delivery.item
        if item not in tips:  # the pack has lost it since it was planned
            item = next_tip(pack.tip_entries, schedule.id, await self._store.queue.used(schedule.id)) or ""
        late = late_words(delivery, schedule.cadence.zone, self._clock.now())
        return Content(tip_card(pack, tips[item][0], scheduled=True, late=late), item)

    async def _personal(
        self,
        delivery: Delivery,
        schedule: Schedule,
        platform: ChatPlatform,
        calendar: WorkCalendar,
        to: Recipient,
        *,
        waits: bool,
    ) -> ComposeResult:
        """A message to one person, as if they had asked for it themselves."""
        zone = to.zone or schedule.cadence.zone

        async def member() -> Member:
            return Member(to.person.platform_user_id, to.person.name, zone)

        caller = Caller(schedule.channel, to.person.platform_user_id, to.person.name, member)
        if unsure := self._unsure(zone):
            return unsure
        # A day off is one where the person is, not where the one who carries single messages has its clock.
        if reason := self._left_out(delivery, replace(schedule.cadence, zone=zone), calendar):
            return NotSent(reason)
        if held_up := self._held_up(delivery, schedule, to, zone):
            return held_up
        if waits and (until := self._company(to, calendar, zone)):
            return NotSent(WAITS_FOR_COMPANY, until)
        late = late_words(delivery, zone, self._clock.now())
        async with self._store.unit_of_work(schedule.workspace) as uow:
            uow.know(to, self._library.default.info.role)
            context = Context(caller, self._clock.now(), uow, self._library, platform)
            return await self._for_person(context, delivery, schedule, to, late)

    def _company(self, to: Recipient, calendar: WorkCalendar, zone: ZoneInfo) -> datetime | None:
        """Until when a message waits for more that is due for the same person shortly; None when it goes by itself.

        It does so where quiet hours begin by then or soon after: it must not wait into them if the bot is busy for a while.
        """
        last = max(to.coming(self._clock.now() + CLOSE, calendar), default=None)
        if last is None or any(_quiet_until(at, zone, to.settings) for at in (last, last + CLOSE)):
            return None
        return last

    def _held_up(self, delivery: Delivery, schedule: Schedule, to: Recipient, zone: ZoneInfo) -> NotSent | None:
        """Quiet hours put a message off; a spent budget drops it, but for what other people are waiting for."""
        now, budget = self._clock.now(), to.settings.budget
        if until := _quiet_until(now, zone, to.settings):
            return NotSent(QUIET_HOURS, until)
        if budget is None or not _is_unsolicited(delivery, schedule):
            return None
        local = now.astimezone(zone)
        if to.number_since(instant_of(monday(local.date()), local.time().min, zone)) >= budget:
            return NotSent(to.settings.spent())
        return None

    async def _for_person(
        self, context: Context, delivery: Delivery, schedule: Schedule, to: Recipient, late: str | None
    ) -> ComposeResult:
        if not _is_unsolicited(delivery, schedule):
            card = await notice_card(context, delivery.item, delivery.body)
            return Content(card) if card else NotSent("it is settled already")
        desk = await Desk.open(context, shown=False)
        if reason := away(desk):
            return NotSent(reason)
        if CHECKIN in (schedule.kind, delivery.item):
            remind = schedule.kind == CHECKIN and to.settings.reminders and _alone(delivery, schedule)
            return await checkin(desk, delivery, late, to if remind else None)
        if delivery.item == REMINDER:
            return await reminder(desk, late) if to.settings.reminders else NotSent("reminders are off")
        if schedule.kind == OWN_TIP:
            return await own_tip(desk, delivery, late)
        if schedule.kind == RECALL:
            due = await due_questions(desk)
            return Content(question_card(desk, due, late)) if due else NotSent("no question is due")
        pairings = await learners_of(context)
        return Content(await mentees_card(context, pairings, late)) if pairings else NotSent(NO_LEARNERS)

    async def _report(self, delivery: Delivery, schedule: Schedule, platform: ChatPlatform) -> ComposeResult:
        """The weekly figures for the admins' channel, or a request that has found no mentor."""
        async with self._store.unit_of_work(schedule.workspace) as uow:

            async def nobody() -> Member:
                return Member("", "")

            caller = Caller(schedule.channel, "", "", nobody)
            context = Context(caller, self._clock.now(), uow, self._library, platform)
            if delivery.item:
                waiting = await uow.mentorships.waiting(context.pack.info.role)
                still = any(delivery.item == f"waiting-admins:{one.id}" for one in waiting)
                return Content(waiting_card()) if still else NotSent("the request has found somebody")
            zone = schedule.cadence.zone
            return Content(await report_card(context, zone, late_words(delivery, zone, self._clock.now())))


def _quiet_until(instant: datetime, zone: ZoneInfo, settings: MessageSettings) -> datetime | None:
    if settings.quiet_from is None or settings.quiet_to is None:
        return None
    return quiet_hours_end(instant, zone, settings.quiet_from, settings.quiet_to)


def _alone(delivery: Delivery, schedule: Schedule) -> bool:
    """Whether a reminder would not come beside the next check-in, which asks the same."""
    following = next_after(schedule.cadence, delivery.occurrence_at)
    return following is None or following > delivery.occurrence_at + REMIND_AFTER + CLOSE


def _is_unsolicited(delivery: Delivery, schedule: Schedule) -> bool:
    return bool(UNSOLICITED_KINDS & {schedule.kind, delivery.item})


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
    if delivery.last_error == QUIET_HOURS:
        return f"This was due on {at} and has waited for the end of your quiet hours."
    return f"Late: this was due on {at}, and I could not post it then."
