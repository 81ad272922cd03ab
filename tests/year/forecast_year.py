"""A year of one learner, with a forecast every morning that is held against what the sender sent later.

A forecast says what comes if nothing changes. So each day's forecast is compared up to the next change: something the learner
or the workspace does, and a reminder or a recall question that has come meanwhile (nobody knows beforehand whether a check-in
will be answered, or a question be due).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import travel_to
from mentorbot.domain.deliveries import Delivery, DeliveryState, Destination, MessageKind, Reason, ReasonCode, Schedule
from mentorbot.domain.delivery_policy import MERGE_WINDOW
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence, instant_of
from mentorbot.packs.library import Library
from mentorbot.services import checkins
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import LearnerSession
from mentorbot.storage import Store, UnitOfWork
from tests.fake_platform import FakePlatform

from .people import COUNTRIES, DAY, WEEK, ZONES

TEAM, LEARNER, ROLE = Workspace("slack", "T1"), "ada", "ai-architect"
FIRST_DAY = date(2027, 2, 1)
"""A Monday."""
QUIET_HOURS = ((None, None), (time(20), time(8)), (time(18), time(9, 30)), (time(12), time(14)))
CHANGES_PER_DAY = 0.12
FOREVER = timedelta(days=10_000)
UNFORESEEN = (MessageKind.REMINDER, MessageKind.RECALL)
"""Kinds that spend the budget without being counted in advance."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast made at an instant (UTC), while `last_id` was the newest delivery.

    `upcoming` and `schedules` are by the schedule's id; `pending` are the deliveries waiting then, by id, with the reason why
    they will be left out, or None.
    """

    at: datetime
    last_id: int
    schedules: Mapping[int, Schedule]
    upcoming: Mapping[int, NextMessage]
    pending: Mapping[int, Reason | None]
    on_its_way: Mapping[int, list[datetime]]


@dataclass(slots=True)
class ForecastYear:
    """One learner, the bot, and every forecast it made."""

    rng: Random
    zone: ZoneInfo
    clock: FrozenClock
    store: Store
    library: Library
    scheduler: Scheduler
    forecasts: list[Foretold] = field(default_factory=list)
    changes: list[datetime] = field(default_factory=list)

    async def live(self, days: int) -> None:
        """Go through the days: each begins with a forecast, and now and then something changes in the course of it."""
        await self._in_workspace(self._enrol)
        for number in range(days):
            morning = instant_of(FIRST_DAY + number * DAY, time.min, self.zone)
            await travel_to(morning, self.clock, self.store, self.scheduler)
            await self._in_workspace(self._forecast)
            if self.rng.random() < CHANGES_PER_DAY:
                moment = morning + timedelta(minutes=self.rng.randrange(1, 23 * 60))
                await travel_to(moment, self.clock, self.store, self.scheduler)
                await self._in_workspace(self._change)
                self.changes.append(moment)

    async def _in_workspace(self, act: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        async with self.store.unit_of_work(TEAM) as uow:
            await act(uow)

    async def _enrol(self, uow: UnitOfWork) -> None:
        await uow.people.ensure(LEARNER, "Ada")
        await uow.people.set_zone(LEARNER, self.zone)
        await uow.people.set_messages(LEARNER, self._draw_settings())
        await uow.calendars.set_country(self.rng.choice(COUNTRIES))
        await uow.calendars.set_spread(self.rng.choice((0, 0, 30)))
        repository = uow.learner(LEARNER, ROLE)
        await repository.set_recall(enabled=True)
        await repository.recall.add(list(self.library.default.recall_by_id)[:3])
        for kind in (MessageKind.CHECKIN, MessageKind.PERSONAL_TIP, MessageKind.RECALL, MessageKind.DIGEST):
            await self._schedule(uow, kind)

    async def _schedule(self, uow: UnitOfWork, kind: MessageKind) -> None:
        weekdays = tuple(sorted(self.rng.sample(list(Weekday), self.rng.choice((1, 1, 2)))))
        recurrence = Recurrence(
            weekdays=weekdays,
            at=time(self.rng.randrange(7, 22), self.rng.choice((0, 10, 30))),
            zone=self.zone,
            every=self.rng.choice((1, 1, 2)),
            starts_on=self.clock.now().astimezone(self.zone).date(),
        )
        await uow.schedules.start(
            Destination(TEAM, user_id=LEARNER),
            kind,
            recurrence,
            role=ROLE,
            created_by=LEARNER,
            now=self.clock.now(),
        )

    def _draw_settings(self) -> MessageSettings:
        quiet_from, quiet_to = self.rng.choice(QUIET_HOURS)
        budget = self.rng.choice((None, 1, 2, 3))
        return MessageSettings(quiet_from, quiet_to, budget=budget, reminders=self.rng.random() < 0.8)

    async def _session(self, uow: UnitOfWork) -> LearnerSession:
        return await LearnerSession.open(
            uow, self.library.default, user_id=LEARNER, name="Ada", now=self.clock.now(), zone=self.zone
        )

    async def _change(self, uow: UnitOfWork) -> None:
        """Do one thing that changes what comes."""
        session, today = await self._session(uow), self.clock.now().astimezone(self.zone).date()
        match self.rng.choice(("answer", "answer", "skip", "snooze", "pause", "resume", "settings", "day off", "move")):
            case "answer":
                await checkins.record_checkin(session)
            case "skip":
                await checkins.skip_week(session)
            case "snooze":
                await checkins.snooze(session)
            case "pause":
                await checkins.pause(session, today + timedelta(days=self.rng.randrange(2, 25)))
            case "resume":
                await checkins.resume(session)
            case "settings":
                await uow.people.set_messages(LEARNER, self._draw_settings())
            case "day off":
                await uow.calendars.save_day(today + timedelta(days=self.rng.randrange(1, 10)), "Company day")
            case "move":
                await self._schedule(uow, self.rng.choice((MessageKind.CHECKIN, MessageKind.PERSONAL_TIP)))

    async def _forecast(self, uow: UnitOfWork) -> None:
        forecast = await forecast_for(await self._session(uow))
        self.forecasts.append(
            Foretold(
                at=self.clock.now(),
                last_id=max((delivery.id for delivery in forecast.recent), default=0),
                schedules={schedule.id: schedule for schedule in forecast.schedules},
                upcoming=forecast.next_messages(),
                pending=forecast.pending(),
                on_its_way={schedule.id: forecast.on_its_way(schedule) for schedule in forecast.schedules},
            )
        )

    async def compare(self) -> Comparison:
        """Hold every forecast against what was sent."""
        deliveries = sorted(await self.store.deliveries.list((), 100_000), key=lambda delivery: delivery.id)
        unforeseen = [
            delivery.sent_at for delivery in deliveries if delivery.kind in UNFORESEEN and delivery.sent_at is not None
        ]
        return Comparison(deliveries, sorted([*self.changes, *unforeseen]), self.clock.now(), self.forecasts)


@dataclass(slots=True)
class Comparison:
    """Forecasts beside what happened. Instants are in UTC; nothing is known about what is due after `end`."""

    deliveries: list[Delivery]
    changes: list[datetime]
    end: datetime
    forecasts: list[Foretold]
    confirmed: int = 0
    """Messages that came as foretold."""
    confirmed_skips: int = 0
    """Messages that were left out as foretold, and for that reason."""

    def disagreements(self) -> Iterator[str]:
        """Yield where a forecast and the sender disagree, one line each."""
        by_id = {delivery.id: delivery for delivery in self.deliveries}
        for foretold in self.forecasts:
            for schedule in foretold.schedules.values():
                if schedule.id in foretold.upcoming:
                    yield from self._next(foretold, schedule, foretold.upcoming[schedule.id])
            for number, reason in foretold.pending.items():
                yield from self._pending(foretold, by_id.get(number), reason)
            for schedule_id, instants in foretold.on_its_way.items():
                yield from self._on_its_way(foretold, schedule_id, instants)

    def _holds(self, foretold: Foretold, until: datetime) -> bool:
        """Tell whether nothing has changed between a forecast and an instant that has been lived through."""
        return until <= self.end and not any(foretold.at < change <= until for change in self.changes)

    def _next(self, foretold: Foretold, schedule: Schedule, message: NextMessage) -> Iterator[str]:
        """Compare the next message of a schedule, and why others are left out before it."""
        later = [
            delivery
            for delivery in self.deliveries
            if delivery.schedule is not None and delivery.schedule.id == schedule.id and delivery.id > foretold.last_id
        ]
        sent = next((delivery for delivery in later if delivery.state is DeliveryState.SENT), None)
        actual = sent.sent_at if sent else None
        horizon = self.end + FOREVER
        decided_at = min(message.at or horizon, actual or horizon)
        name = f"{foretold.at:%d %b %H:%M}, {schedule.kind} foretold for {message.at}, {message.skipped}"
        skipped = next((delivery for delivery in later if delivery.state is not DeliveryState.SENT), None)
        if skipped and (sent is None or skipped.id < sent.id):
            yield from self._skipped(foretold, skipped, message, name)
        elif message.skipped and message.at and actual and self._holds(foretold, max(actual, message.at)):
            yield f"{name}, and nothing was left out"
        if not self._holds(foretold, decided_at + MERGE_WINDOW) or message.at == actual:
            self.confirmed += message.at == actual and actual is not None
            return
        if schedule.kind is MessageKind.RECALL and any(_is_without_question(other) for other in later):
            return
        if sent is None or actual is None or message.at is None or not self._waited(sent, message.at, actual):
            yield f"{name}, and came at {actual}"
            return
        self.confirmed += 1

    def _skipped(self, foretold: Foretold, skipped: Delivery, message: NextMessage, name: str) -> Iterator[str]:
        if not self._holds(foretold, skipped.not_before) or _is_without_question(skipped):
            return
        if message.skipped is None or message.skipped != skipped.reason:
            yield f"{name}, and one was {skipped.state}: {skipped.reason}"
            return
        self.confirmed_skips += 1

    def _waited(self, sent: Delivery, due: datetime, actual: datetime) -> bool:
        """Tell whether a message came a little later than foretold, together with another one."""
        together = [other for other in self.deliveries if other.sent_at == actual and other.id != sent.id]
        return bool(together) and due < actual <= due + MERGE_WINDOW

    def _pending(self, foretold: Foretold, delivery: Delivery | None, reason: Reason | None) -> Iterator[str]:
        """Compare what became of a message that was waiting already; one that is gone was cancelled by a person."""
        if delivery is None:
            return
        decided_at = delivery.sent_at or delivery.not_before
        if not self._holds(foretold, decided_at):
            return
        name = f"{foretold.at:%d %b %H:%M}, pending {delivery.kind} foretold with {reason}"
        if (reason is None and delivery.state is not DeliveryState.SENT) or (
            reason is not None and (delivery.state, delivery.reason) != (DeliveryState.CANCELLED, reason)
        ):
            yield f"{name}, and was {delivery.state}: {delivery.reason}"
        else:
            self.confirmed, self.confirmed_skips = (
                self.confirmed + (reason is None),
                self.confirmed_skips + (reason is not None),
            )

    def _on_its_way(self, foretold: Foretold, schedule_id: int, instants: list[datetime]) -> Iterator[str]:
        """Compare when messages come that were waiting already."""
        sent_at = [
            delivery.sent_at
            for delivery in self.deliveries
            if delivery.schedule is not None
            and delivery.schedule.id == schedule_id
            and delivery.id in foretold.pending
            and delivery.sent_at is not None
        ]
        if all(self._holds(foretold, instant) for instant in [*instants, *sent_at]) and sorted(sent_at) != instants:
            yield f"{foretold.at:%d %b %H:%M}, on its way at {instants}, and came at {sent_at}"


def _is_without_question(delivery: Delivery) -> bool:
    return delivery.reason is not None and delivery.reason.code is ReasonCode.NO_QUESTION_DUE


async def new_forecast_year(url: str, seed: int) -> ForecastYear:
    """Prepare a year drawn from a seed, in the database at `url`."""
    rng = Random(seed)
    zone = ZoneInfo(rng.choice(ZONES))
    clock = FrozenClock(instant_of(FIRST_DAY, time.min, zone) - WEEK)
    store, library = await Store.open(url, clock), Library.open(None, ROLE)
    scheduler = Scheduler(store, library, clock, {"slack": FakePlatform(clock)})
    return ForecastYear(rng, zone, clock, store, library, scheduler)
