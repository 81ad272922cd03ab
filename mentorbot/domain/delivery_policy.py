"""The delivery policy: the only rules on whether a message may go now.

`decide` is a pure function from facts to a decision. The sender asks it before sending, the planner when an occurrence falls due,
and `forecast` (for `why`, settings cards and previews) about the future, so they can't disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorbot.domain.deliveries import UNSOLICITED_KINDS, DeliveryState, MessageKind, Reason, ReasonCode, ScheduleState
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.people import NO_SILENCE, MessageSettings, Silence
from mentorbot.domain.plan import monday
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF, Recurrence, instant_of, quiet_hours_end
from mentorbot.domain.time_off import NO_TIME_OFF, TimeOff
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar

ON_TIME = timedelta(minutes=15)
"""A message that comes later than this says so."""
MERGE_WINDOW = ON_TIME
"""Deliveries due for one person this close together become one message, and none of them is late by then."""
REMIND_AFTER = timedelta(days=1)
"""Time from a check-in to its reminder."""
ZONE_RETRY = timedelta(minutes=15)
"""Wait before the next try when this machine doesn't know a message's time zone; a different one may."""
_TIP_LATENESS, _PERSONAL_LATENESS = timedelta(hours=24), timedelta(hours=48)


def max_lateness(kind: MessageKind) -> timedelta:
    """Give the maximum delay of a message. Past it, the message is recorded as missed; up to it, it's sent, once."""
    return _TIP_LATENESS if kind is MessageKind.TIP else _PERSONAL_LATENESS


@dataclass(frozen=True, slots=True)
class Send:
    """Send it: on time or `late`, as its own message or `inside` a different one."""

    late: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Defer:
    """Try again at `until` (UTC)."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Drop:
    """Don't send it at all; the delivery ends as `state`."""

    reason: Reason
    state: DeliveryState = DeliveryState.CANCELLED


Decision = Send | Defer | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Facts about the person a message is for.

    `week_count` counts the messages they've had since Monday in their own zone. `silence` is as of now.
    `paused_until` is the day they're back, and `checkins` holds the state of each week with a check-in.
    `others_due` are the instants (UTC) within `MERGE_WINDOW` when more is due for them.
    """

    settings: MessageSettings = field(default_factory=MessageSettings)
    week_count: int = 0
    silence: Silence = NO_SILENCE
    paused_until: date | None = None
    off: TimeOff = NO_TIME_OFF
    checkins: Mapping[date, CheckInState] = field(default_factory=dict)
    others_due: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts the decision about one message depends on. Instants are aware; `zone` is the person's, or else the schedule's.

    `recurrence` is None for a one-off. `superseded`: a later occurrence of the schedule is also due. `inside`: it would be part
    of a different message. `fresh`: it hasn't been tried, and hasn't waited for company yet. `checkin_sent_at` matters only for
    a reminder. `no_content` is the reason there's nothing to say, once that's known.
    """

    kind: MessageKind
    now: datetime
    occurrence_at: datetime
    zone: ZoneInfo
    zone_is_known: bool = True
    first_due_at: datetime | None = None
    not_before: datetime | None = None
    recurrence: Recurrence | None = None
    calendar: WorkCalendar = EVERY_DAY
    schedule_state: ScheduleState = ScheduleState.ACTIVE
    superseded: bool = False
    held_up_by: Reason | None = None
    person: PersonFacts | None = None
    inside: bool = False
    fresh: bool = True
    checkin_sent_at: datetime | None = None
    no_content: Reason | None = None

    @property
    def unsolicited(self) -> bool:
        """True if nobody is waiting for the message."""
        return self.kind in UNSOLICITED_KINDS

    @property
    def today(self) -> date:
        """The local day in `zone`."""
        return self.now.astimezone(self.zone).date()


def decide(facts: Facts) -> Decision:
    """Decide what happens to a message now. The first rule that applies wins."""
    for rule in (_inactive, _skipped_at_its_time, _too_late, _unknown_zone, _skipped_now, _quiet_hours):
        if decision := rule(facts):
            return decision
    if facts.person is not None:
        for personal_rule in (_away, _answered, _reminder):
            if decision := personal_rule(facts, facts.person):
                return decision
    if facts.no_content:
        return Drop(facts.no_content)
    if facts.person is not None:
        for personal_rule in (_over_budget, _waits_for_company):
            if decision := personal_rule(facts, facts.person):
                return decision
    due_at = facts.first_due_at or facts.occurrence_at
    return Send(late=facts.now - due_at > ON_TIME, inside=facts.inside)


def _inactive(facts: Facts) -> Decision | None:
    if facts.schedule_state is ScheduleState.ACTIVE:
        return None
    return Drop(Reason(ReasonCode.SCHEDULE_INACTIVE, {"state": facts.schedule_state}))


def _skipped_at_its_time(facts: Facts) -> Decision | None:
    reason = skip_reason(facts, facts.occurrence_at)
    return Drop(reason) if reason else None


def _skipped_now(facts: Facts) -> Decision | None:
    """Drop a message that has waited into a day off, or into a pause that began since."""
    reason = skip_reason(facts, facts.now)
    return Drop(reason) if reason else None


def skip_reason(facts: Facts, instant: datetime) -> Reason | None:
    """Find the reason why nothing unsolicited goes at an instant (aware): a paused schedule or a day off; None without one."""
    if not facts.unsolicited:
        return None
    day = instant.astimezone(facts.zone).date()
    until = facts.recurrence.pause_until if facts.recurrence else None
    if until is not None and day < until:
        return Reason(ReasonCode.SCHEDULE_PAUSED, {"until": until.isoformat()})
    name = facts.calendar.get(day)
    if not name:
        return None
    return Reason(ReasonCode.DAY_OFF, {"day": day.isoformat()} | ({} if name == UNNAMED_DAY_OFF else {"name": name}))


def _too_late(facts: Facts) -> Decision | None:
    if not facts.superseded and facts.now - facts.occurrence_at <= max_lateness(facts.kind):
        return None
    return Drop(_missed_reason(facts), DeliveryState.MISSED)


def _missed_reason(facts: Facts) -> Reason:
    """Give the last reason for the delay. If it wasn't tried again on time, the bot wasn't running: then that's the reason."""
    untried = facts.not_before is None or facts.now - facts.not_before > ON_TIME
    if untried:
        return Reason(ReasonCode.BOT_NOT_RUNNING, earlier=facts.held_up_by)
    return facts.held_up_by or Reason(ReasonCode.NOT_SENT_IN_TIME)


def _unknown_zone(facts: Facts) -> Decision | None:
    """Defer a message if this machine can't compute quiet hours and days off in its zone. A different machine may."""
    if facts.zone_is_known:
        return None
    return Defer(facts.now + ZONE_RETRY, Reason(ReasonCode.UNKNOWN_ZONE, {"zone": facts.zone.key}))


def _quiet_hours(facts: Facts) -> Decision | None:
    until = facts.person and quiet_until(facts.person.settings, facts.now, facts.zone)
    return Defer(until, Reason(ReasonCode.QUIET_HOURS)) if until else None


def quiet_until(settings: MessageSettings, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """Find the end (UTC) of the quiet hours in force at an instant; None outside them."""
    if settings.quiet_from is None or settings.quiet_to is None:
        return None
    return quiet_hours_end(instant, zone, settings.quiet_from, settings.quiet_to)


def _away(facts: Facts, person: PersonFacts) -> Decision | None:
    if not facts.unsolicited:
        return None
    if person.paused_until and facts.today < person.paused_until:
        return Drop(Reason(ReasonCode.LEARNER_PAUSED, {"until": person.paused_until.isoformat()}))
    if facts.today in person.off.days:
        return Drop(Reason(ReasonCode.LEARNER_PAUSED, {"until": person.off.back_on(facts.today).isoformat()}))
    if facts.today in person.off:
        return Drop(Reason(ReasonCode.WEEK_OFF, {"week": monday(facts.today).isoformat()}))
    if person.silence.is_long:
        return Drop(Reason(ReasonCode.SILENT, {"weeks": person.silence.weeks}))
    return None


def _answered(facts: Facts, person: PersonFacts) -> Decision | None:
    """Drop a check-in or reminder for a week that was held or skipped already."""
    week = monday(facts.today)
    if facts.kind not in (MessageKind.CHECKIN, MessageKind.REMINDER) or week not in person.checkins:
        return None
    details = {"week": week.isoformat(), "state": person.checkins[week]}
    return Drop(Reason(ReasonCode.ALREADY_ANSWERED, details))


def _reminder(facts: Facts, person: PersonFacts) -> Decision | None:
    """Hold a reminder until a day after its check-in. Drop it without a check-in in the same week, or if reminders are off."""
    if facts.kind is not MessageKind.REMINDER:
        return None
    if not person.settings.reminders:
        return Drop(Reason(ReasonCode.REMINDERS_OFF))
    sent = facts.checkin_sent_at
    if sent is None:
        return Drop(Reason(ReasonCode.NO_CHECKIN_SENT))
    if monday(sent.astimezone(facts.zone).date()) != monday(facts.today):
        return Drop(Reason(ReasonCode.CHECKIN_WEEK_OVER))
    if facts.now < sent + REMIND_AFTER - ON_TIME:
        return Defer(sent + REMIND_AFTER, Reason(ReasonCode.CHECKIN_CAME_LATE))
    return None


def _over_budget(facts: Facts, person: PersonFacts) -> Decision | None:
    """Drop an unsolicited message once the person's weekly budget is spent."""
    budget = person.settings.budget
    if budget is None or not facts.unsolicited or person.week_count < budget:
        return None
    return Drop(Reason(ReasonCode.BUDGET_SPENT, {"budget": budget}))


def _waits_for_company(facts: Facts, person: PersonFacts) -> Decision | None:
    """Wait for other messages due shortly, so they all come as one.

    Don't wait if quiet hours begin by then or soon after. If the bot is busy for a while, the message would be stuck in them.
    """
    if not facts.fresh or facts.inside or not facts.unsolicited or not person.others_due:
        return None
    last = max(person.others_due)
    if any(quiet_until(person.settings, at, facts.zone) for at in (last, last + MERGE_WINDOW)):
        return None
    return Defer(last, Reason(ReasonCode.WAITS_FOR_COMPANY))


def week_start(instant: datetime, zone: ZoneInfo) -> datetime:
    """Find the start (UTC) of the local week of an instant. A budget counts from then."""
    return instant_of(monday(instant.astimezone(zone).date()), time.min, zone)


def checkin_states(checkins: Sequence[CheckIn]) -> Mapping[date, CheckInState]:
    """Map each week with a check-in (its Monday) to its state."""
    return {checkin.week: checkin.state for checkin in checkins}
