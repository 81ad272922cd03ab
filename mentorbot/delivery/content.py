"""Content of deliveries, made at the moment of sending, or the reason not to send now or at all.

`domain/delivery_policy.py` decides. This module gathers its facts, and makes the cards of deliveries that may be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from mentorbot.chat import dates
from mentorbot.chat.cards import Card, Heading
from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.domain import time_off
from mentorbot.domain.deliveries import Delivery, MessageKind, Reason, ReasonCode, ScheduleState
from mentorbot.domain.delivery_policy import (
    MERGE_WINDOW,
    REMIND_AFTER,
    Defer,
    Drop,
    Facts,
    PersonFacts,
    Send,
    checkin_states,
    decide,
    week_start,
)
from mentorbot.domain.people import PlatformProfile
from mentorbot.domain.plan import monday
from mentorbot.domain.recurrence import next_after
from mentorbot.domain.tips import next_personal_tip, next_tip, tips_taken
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.domain.zones import is_known
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import UTC as NO_ZONE
from mentorbot.services.learners import LearnerSession
from mentorbot.services.mentoring import learner_overviews, mentorship_message, still_waiting
from mentorbot.services.recall import due_questions
from mentorbot.services.reports import weekly_report
from mentorbot.storage import Enclosed, OneOff, Recipient, Store, UnitOfWork
from mentorbot.storage.recipients import LearningState
from mentorbot.views.channel_schedules import channel_closed_card, downtime_card
from mentorbot.views.checkin import reminder_card, weekly_card
from mentorbot.views.deliveries import late_note
from mentorbot.views.mentees import digest_card
from mentorbot.views.mentoring import mentorship_message_card
from mentorbot.views.recall import question_card
from mentorbot.views.reports import call_for_mentors_card, report_card
from mentorbot.views.tips import channel_tip_card, personal_tip_card

CALENDAR_TTL, MAX_CALENDARS = timedelta(seconds=30), 10_000
"""Bounds of the cache of workspace calendars."""
REPORT_BACK = timedelta(days=1)
"""Time a report on messages planned too late looks back for when that was noticed."""


@dataclass(frozen=True, slots=True)
class Content:
    """Content of a delivery. `item` is the tip (id) chosen for it just now, if any; `one_off` is the message that follows it.

    `asked_week` is the week a check-in asks about (its Monday).
    """

    card: Card
    item: str = ""
    one_off: OneOff | None = None
    asked_week: date | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message with the content of one or more deliveries, in order, and with new platform profiles by our person id."""

    contents: tuple[tuple[Delivery, Content], ...]
    profiles: Mapping[int, PlatformProfile] = field(default_factory=dict)

    def with_content(self, delivery: Delivery, content: Content) -> OutgoingMessage:
        """Add the content of one more delivery at the end."""
        return replace(self, contents=(*self.contents, (delivery, content)))

    @property
    def card(self) -> Card:
        """All content as one card, without duplicates."""
        first, *others = dict.fromkeys(content.card for _, content in self.contents)
        other_blocks = [block for card in others for block in (Heading(card.title), *card.blocks)]
        return replace(first, blocks=(*first.blocks, *other_blocks)) if other_blocks else first

    @property
    def asked_week(self) -> date | None:
        """The week it asks about (its Monday); None if it holds no check-in."""
        return next((content.asked_week for _, content in self.contents if content.asked_week), None)

    @property
    def enclosed(self) -> Enclosed:
        """The values saved together with the attempt to send it."""
        return Enclosed(
            others=tuple(delivery.id for delivery, _ in self.contents[1:]),
            items={delivery.id: content.item for delivery, content in self.contents if content.item},
            one_offs=tuple(content.one_off for _, content in self.contents if content.one_off is not None),
            profiles=self.profiles,
        )


class ContentMaker:
    """Maker of content: it asks the policy about a delivery, and makes the card if it may be sent."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._calendars: dict[Workspace, tuple[datetime, WorkCalendar]] = {}

    async def make(
        self, delivery: Delivery, recipient: Recipient | None, *, inside: bool = False
    ) -> Content | Defer | Drop:
        """Make the content of a delivery, or decide to defer or drop it. `inside`: it would be part of a different message."""
        if recipient is None and delivery.destination.channel is None:
            return Drop(Reason(ReasonCode.PERSON_GONE))
        facts = await self._facts(delivery, recipient, inside=inside)
        decision = decide(facts)
        if isinstance(decision, Defer) or (isinstance(decision, Drop) and not _yields_to_no_content(decision)):
            return decision
        late = late_note(delivery, facts.zone, facts.now) if isinstance(decision, Send) and decision.late else None
        content = await self._content(delivery, recipient, facts, late)
        if isinstance(content, Content):
            return decision if isinstance(decision, Drop) else content
        no_content = decide(replace(facts, no_content=content))
        return no_content if isinstance(no_content, Drop) else Drop(content)

    async def _facts(self, delivery: Delivery, recipient: Recipient | None, *, inside: bool) -> Facts:
        now, schedule = self._clock.now(), delivery.schedule
        # Read before a transaction is open: holding one connection while waiting for a second can deadlock the pool.
        calendar = await self._calendar(delivery.workspace) if delivery.is_unsolicited else EVERY_DAY
        zone = (recipient.zone if recipient else None) or (schedule.recurrence.zone if schedule else NO_ZONE)
        waited = delivery.reason is not None and delivery.reason.code is ReasonCode.WAITS_FOR_COMPANY
        facts = Facts(
            kind=delivery.kind,
            now=now,
            occurrence_at=delivery.occurrence_at,
            zone=zone,
            zone_is_known=is_known(zone),
            first_due_at=delivery.first_due_at,
            not_before=delivery.not_before,
            recurrence=schedule.recurrence if schedule else None,
            calendar=calendar,
            schedule_state=schedule.state if schedule else ScheduleState.ACTIVE,
            held_up_by=delivery.reason,
            inside=inside,
            fresh=delivery.attempts == 0 and not waited,
        )
        if recipient is None or not facts.zone_is_known:
            return facts
        return await self._with_person(facts, delivery, recipient)

    async def _with_person(self, facts: Facts, delivery: Delivery, recipient: Recipient) -> Facts:
        learning = recipient.learning.get(self._pack_of(delivery).info.role, LearningState())
        saved, profile = learning.plan
        person = PersonFacts(
            settings=recipient.settings,
            week_count=recipient.count_since(week_start(facts.now, facts.zone)),
            paused_until=profile.paused_until,
            off=time_off.of(saved.plan),
            silence=recipient.person.silence,
            checkins=checkin_states(learning.checkins),
            others_due=recipient.others_due(facts.now + MERGE_WINDOW, facts.calendar),
        )
        sent_at = await self._checkin_sent_at(delivery) if delivery.kind is MessageKind.REMINDER else None
        return replace(facts, person=person, checkin_sent_at=sent_at)

    async def _checkin_sent_at(self, delivery: Delivery) -> datetime | None:
        async with self._store.unit_of_work(delivery.workspace) as uow:
            return await uow.deliveries.last_sent(delivery.destination.user_id, MessageKind.CHECKIN)

    async def _calendar(self, workspace: Workspace) -> WorkCalendar:
        """Get a workspace's calendar, at most `CALENDAR_TTL` old."""
        now = self._clock.now()
        read_at, calendar = self._calendars.get(workspace, (datetime.min.replace(tzinfo=UTC), EVERY_DAY))
        if not timedelta(0) <= now - read_at < CALENDAR_TTL:
            if len(self._calendars) >= MAX_CALENDARS:
                self._calendars.clear()
            calendar = await self._store.queue.calendar(workspace)
            self._calendars[workspace] = (now, calendar)
        return calendar

    def _pack_of(self, delivery: Delivery) -> Pack:
        return self._library.pack(delivery.role)

    async def _content(
        self, delivery: Delivery, recipient: Recipient | None, facts: Facts, late: str | None
    ) -> Content | Reason:
        """Make the card, or give the reason there's nothing to say."""
        pack = self._pack_of(delivery)
        if delivery.kind is MessageKind.TIP:
            return await self._channel_tip(delivery, pack, late)
        async with self._store.unit_of_work(delivery.workspace) as uow:
            if delivery.kind is MessageKind.REPORT:
                report = await weekly_report(uow, pack, facts.now, facts.zone)
                return Content(report_card(report, late, weekly=True, term=delivery.workspace.term))
            if delivery.kind is MessageKind.CALL_FOR_MENTORS:
                waiting = await still_waiting(uow, int(delivery.item))
                if waiting is None:
                    return Reason(ReasonCode.MENTOR_FOUND)
                return Content(call_for_mentors_card(self._library.pack(waiting.role)))
            if recipient is None:
                return Reason(ReasonCode.PERSON_GONE)
            uow.prefetch(recipient, pack.info.role)
            person = recipient.person
            session = await LearnerSession.open(
                uow,
                pack,
                user_id=person.platform_user_id,
                name=person.name,
                now=facts.now,
                zone=facts.zone,
            )
            with dates.written_for(person.locale):
                return await self._for_person(session, delivery, recipient, late)

    async def _channel_tip(self, delivery: Delivery, pack: Pack, late: str | None) -> Content | Reason:
        tip = pack.tips_by_id.get(delivery.item)
        if tip is None:  # the pack has dropped it since it was planned
            schedule_id = delivery.schedule.id if delivery.schedule else 0
            chosen = next_tip(pack.tip_entries, schedule_id, await self._store.queue.used(schedule_id))
            tip = pack.tips_by_id.get(chosen or "")
        if tip is None:
            return Reason(ReasonCode.NO_TIPS)
        return Content(channel_tip_card(pack, tip[0], late), tip[0].id)

    async def _for_person(
        self, session: LearnerSession, delivery: Delivery, recipient: Recipient, late: str | None
    ) -> Content | Reason:
        match delivery.kind:
            case MessageKind.CHECKIN:
                silence, week = recipient.person.silence, session.snapshot.week
                card = weekly_card(session.pack, session.snapshot, silence.after_checkin(week).weeks, late)
                return Content(card, one_off=_reminder(delivery, recipient, session), asked_week=week)
            case MessageKind.REMINDER:
                return Content(reminder_card(session.snapshot, late))
            case MessageKind.PERSONAL_TIP:
                return await self._personal_tip(session, delivery, late)
            case MessageKind.RECALL:
                due = await due_questions(session)
                question = question_card(session.pack, due, late) if due else None
                return Content(question) if question else Reason(ReasonCode.NO_QUESTION_DUE)
            case MessageKind.DIGEST:
                overviews = await learner_overviews(session.uow, session.pack, session.snapshot.user_id, session.now)
                return Content(digest_card(overviews, late)) if overviews else Reason(ReasonCode.NO_LEARNERS)
            case MessageKind.CHANNEL_CLOSED:
                return await self._channel_closed(session.uow, delivery)
            case MessageKind.DOWNTIME:
                return await self._downtime(session, delivery)
            case _:
                return await self._mentorship_message(session, delivery)

    async def _channel_closed(self, uow: UnitOfWork, delivery: Delivery) -> Content | Reason:
        """Report a channel's schedule, unless someone has started or stopped it in the meantime."""
        number, _, due = delivery.item.partition(":")
        schedule = await uow.schedules.in_channel(int(number))
        if schedule is None or schedule.state is not ScheduleState.PAUSED:
            return Reason(ReasonCode.ALREADY_SETTLED)
        return Content(channel_closed_card(schedule, datetime.fromtimestamp(int(due), UTC)))

    async def _downtime(self, session: LearnerSession, delivery: Delivery) -> Content | Reason:
        """Report what was missed or late, unless an earlier report has said so."""
        deliveries, since = session.uow.deliveries, delivery.due_at - REPORT_BACK
        told_at = await deliveries.last_one_off(session.snapshot.user_id, MessageKind.DOWNTIME)
        overdue = await deliveries.overdue(max(since, told_at) if told_at else since)
        return Content(downtime_card(overdue)) if overdue else Reason(ReasonCode.ALREADY_SETTLED)

    async def _mentorship_message(self, session: LearnerSession, delivery: Delivery) -> Content | Reason:
        learner = session.snapshot
        message = await mentorship_message(
            session.uow, session.pack, delivery.kind, delivery.item, learner.user_id, learner.zone
        )
        card = message and mentorship_message_card(delivery.kind, message, delivery.body)
        return Content(card) if card else Reason(ReasonCode.ALREADY_SETTLED)

    async def _personal_tip(self, session: LearnerSession, delivery: Delivery, late: str | None) -> Content | Reason:
        """Make a tip for the skill with furthest to go. A retry sends the same tip."""
        levels, item, title, pack = await session.levels(), delivery.item, session.profile.title, session.pack
        if item not in pack.tips_by_id:
            schedule_id = delivery.schedule.id if delivery.schedule else 0
            used = await session.uow.deliveries.sent_items(schedule_id)
            needs, taken = pack.title_needs(title), tips_taken(session.plan)
            item = next_personal_tip(pack.tip_entries, used, levels, needs, taken) or ""
        if not item:
            return Reason(ReasonCode.NO_TIPS)
        return Content(personal_tip_card(pack, item, levels, title, late), item)


def _yields_to_no_content(decision: Drop) -> bool:
    """Tell whether having nothing to say would be the reason instead: the policy puts it before a spent budget."""
    return decision.reason.code is ReasonCode.BUDGET_SPENT


def _reminder(delivery: Delivery, recipient: Recipient, session: LearnerSession) -> OneOff | None:
    """Make the reminder that follows a check-in. It's saved with the check-in, and an answer cancels it.

    None if the week is over by then, if the next check-in comes at the same time and asks the same, or if earlier weeks have
    passed in silence: then a check-in a week is enough.
    """
    schedule, silence = delivery.schedule, recipient.person.silence
    already_silent = silence.after_checkin(session.snapshot.week).weeks > 1
    if schedule is None or already_silent or not recipient.settings.reminders:
        return None
    at, week = delivery.occurrence_at + REMIND_AFTER, session.snapshot.week
    following = next_after(schedule.recurrence, delivery.occurrence_at)
    next_is_due = following is not None and following <= at + MERGE_WINDOW
    if next_is_due or monday(at.astimezone(session.snapshot.zone).date()) != week:
        return None
    return OneOff(
        workspace_id=recipient.workspace_id,
        person_id=recipient.person.id,
        role=delivery.role,
        kind=MessageKind.REMINDER,
        at=at,
        key=f"r{week.toordinal():x}",
    )
