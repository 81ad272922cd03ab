"""A database of the release before 1.0 (revision 0006) is upgraded: everything means the same, and nothing is sent twice.

`release_0006.sql` has rows in every table as that release wrote them: deliveries in every state with each of its sentences,
one-off messages on their carriers, schedules of every kind, plans with their history.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, inspect, text

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.domain.deliveries import (
    Delivery,
    DeliveryState,
    Destination,
    MessageKind,
    Reason,
    ReasonCode,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.learner import Assessment, CheckIn, CheckInState, LearnerProfile, RecallState, SavedPlan
from mentorbot.domain.mentoring import Mentor, Mentorship, MentorshipState
from mentorbot.domain.people import MessageSettings, Person, PlatformProfile, Silence
from mentorbot.domain.plan import Plan, PlanStep, StepState, WeekAllocation
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.visibility import Visibility
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.services.plans import take_back_last_change
from mentorbot.storage import Store, migrations
from mentorbot.storage.delivery_planning import PlannedOccurrence
from mentorbot.views.deliveries import problem_text, reason_text

from .conftest import MINUTE, NOW, ROLE, NewDatabase
from .inspection import definitions, fill, looking_at

SLACK, DISCORD, EMPTY = Workspace("slack", "T1"), Workspace("discord", "G1"), Workspace("slack", "T4")
BERLIN, NEW_YORK, ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")
AGAIN = "an operator asked for it again; before that "
Row = dict[str, Any]
Tables = dict[str, list[Row]]
OpenStore = Callable[[str], Awaitable[Store]]

CODES: dict[str, ReasonCode] = {
    "the bot was not running in time": ReasonCode.BOT_NOT_RUNNING,
    "quiet hours; then the bot was not running in time": ReasonCode.BOT_NOT_RUNNING,
    "the check-in came late; then the bot was not running in time": ReasonCode.BOT_NOT_RUNNING,
    "HTTP 500\nInternal Server Error; then the bot was not running in time": ReasonCode.BOT_NOT_RUNNING,
    "waits some minutes for what else may be due, so that both come as one; then the bot was not running in time": (
        ReasonCode.BOT_NOT_RUNNING
    ),
    "quiet hours": ReasonCode.QUIET_HOURS,
    "waits some minutes for what else may be due, so that both come as one": ReasonCode.WAITS_FOR_COMPANY,
    "the budget of 3 messages a week is spent": ReasonCode.BUDGET_SPENT,
    "no messages are wanted (budget:0)": ReasonCode.BUDGET_SPENT,
    "11 November is a day off here (Carnival)": ReasonCode.DAY_OFF,
    "13 November is a day off here": ReasonCode.DAY_OFF,
    "paused until 1 December 2026": ReasonCode.SCHEDULE_PAUSED,
    "the schedule is paused": ReasonCode.SCHEDULE_INACTIVE,
    "there is a break until 11 January 2027": ReasonCode.LEARNER_PAUSED,
    "the week of 9 November is off": ReasonCode.WEEK_OFF,
    "the check-in of the week of 16 November was held already": ReasonCode.ALREADY_ANSWERED,
    "reminders are off": ReasonCode.REMINDERS_OFF,
    "there was no check-in": ReasonCode.NO_CHECKIN_SENT,
    "the week of its check-in is over": ReasonCode.CHECKIN_WEEK_OVER,
    "the check-in came late": ReasonCode.CHECKIN_CAME_LATE,
    "no question is due": ReasonCode.NO_QUESTION_DUE,
    "there are no learners": ReasonCode.NO_LEARNERS,
    "the role pack has no tips": ReasonCode.NO_TIPS,
    "it is settled already": ReasonCode.ALREADY_SETTLED,
    "the request has found somebody": ReasonCode.MENTOR_FOUND,
    "the person is gone": ReasonCode.PERSON_GONE,
    "the time zone Mars/Base is not known to the machine that was to send it": ReasonCode.UNKNOWN_ZONE,
    "it could not be sent in time": ReasonCode.NOT_SENT_IN_TIME,
    "asked to wait 5 s": ReasonCode.RATE_LIMITED,
    "the platform has asked to wait": ReasonCode.RATE_LIMITED,
    "ratelimited": ReasonCode.RATE_LIMITED,
    "20 attempts: HTTP 500: upstream": ReasonCode.TOO_MANY_ATTEMPTS,
    "20 attempts: HTTP 500": ReasonCode.TOO_MANY_ATTEMPTS,
    "nobody can tell whether it was posted: cannot_dm_bot": ReasonCode.MAYBE_DELIVERED,
    "nobody can tell whether it was posted: missing_access": ReasonCode.MAYBE_DELIVERED,
    "HTTP 503": ReasonCode.SEND_ERROR,
    "HTTP 502": ReasonCode.SEND_ERROR,
    "channel_not_found": ReasonCode.SEND_ERROR,
    "cannot_dm_bot": ReasonCode.SEND_ERROR,
    "no answer within 30 s": ReasonCode.SEND_ERROR,
    "users_not_found: „niemand“ 🎓": ReasonCode.SEND_ERROR,
}
"""Every sentence in the file, and what it means."""
ENDINGS = {
    "it failed": DeliveryState.FAILED,
    "it was missed": DeliveryState.MISSED,
    "it was left out": DeliveryState.CANCELLED,
}
NOBODYS_SCHEDULES = {16, 32}
"""A check-in and a carrier of a person who isn't there. The release before had no use for them either: "the person is gone"."""
NOBODYS_DELIVERIES = {185, 192}
EMPTY_CARRIERS = {33}
"""A carrier without messages: it's made again with the next one."""
NEW_CARRIERS = {21, 24, 31}
"""Carriers whose number no key tells any more, since nothing was posted under it."""


@pytest.fixture
def old_url(empty_url: str) -> str:
    """A database as the release before left it."""
    return make_old(empty_url)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def upgraded_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same, upgraded, for tests that only look."""
    url = f"sqlite:///{tmp_path_factory.mktemp('upgraded') / 'bot.db'}"
    if request.param == "postgresql":
        make: NewDatabase = request.getfixturevalue("new_database")
        url = make()
    make_old(url)
    migrations.upgrade(url)
    return url


@pytest.fixture
async def open_store() -> AsyncIterator[OpenStore]:
    """Opens databases, and closes them after the test."""
    async with AsyncExitStack() as stack:

        async def opened(url: str) -> Store:
            store = await Store.open(url, FrozenClock(NOW))
            stack.push_async_callback(store.close)
            return store

        yield opened


def make_old(url: str) -> str:
    """Fill an empty database as the release before did."""
    migrations.upgrade(url, "0006")
    with looking_at(url) as connection:
        fill(connection, "release_0006.sql")
    return url


def tables(url: str) -> Tables:
    """Every row of ours, by table, in the order of their ids."""
    with looking_at(url) as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith(("alembic", "procrast"))]
        return {name: _rows(connection, name) for name in names}


def _rows(connection: Connection, table: str) -> list[Row]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TIME ZONE 'UTC'"))
    order = {"buckets": "name", "plans": "learner_id", "people_settings": "person_id"}.get(table, "id")
    query = text(f"SELECT * FROM {table} ORDER BY {order}")
    return [dict(row) for row in connection.execute(query).mappings()]


def old_rows(table: str, url: str) -> dict[int, Row]:
    """The rows of a table by their ids, without those of nobody."""
    nobodys = {"deliveries": NOBODYS_DELIVERIES, "schedules": NOBODYS_SCHEDULES}.get(table, set())
    return {row["id"]: row for row in tables(url)[table] if row["id"] not in nobodys}


async def deliveries(url: str) -> dict[int, Delivery]:
    """Every delivery, by id."""
    store = await Store.open(url, FrozenClock(NOW))
    listed = await store.deliveries.list((), 999)
    await store.close()
    return {delivery.id: delivery for delivery in listed}


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def test_people_and_what_they_want_are_the_same(upgraded_url: str, open_store: OpenStore) -> None:
    store = await open_store(upgraded_url)
    async with store.unit_of_work(SLACK) as uow:
        # Their last check-in is from a release whose buttons don't name their week.
        asked = Silence(0, date(2000, 1, 3))
        assert await uow.people.get("U1") == Person(1, "U1", "Ada", BERLIN, asked)
        assert await uow.people.get("U3") == Person(3, "U3", "Chen Grüße 🎓", ZoneInfo("Asia/Shanghai"), asked)
        assert await uow.people.get("U26") == Person(26, "U26", "Fay", None, asked)
        assert await uow.people.get("U99") is None
        settings = {user_id: await uow.people.message_settings(user_id) for user_id in ("U1", "U2", "U3", "U26")}
        assert settings == {
            "U1": MessageSettings(time(22), time(7), 3),
            "U2": MessageSettings(reminders=False),
            "U3": MessageSettings(budget=0),
            "U26": MessageSettings(),
        }
        days = {date(2026, 12, 24): "Christmas Eve", date(2026, 12, 25): ""}
        assert await uow.calendars.get() == WorkCalendar("DE", days, 30)
        assert await uow.interactions.answered("slack-1") == '{"title": "Grüße"}'
        assert await uow.privacy.departures(date(2026, 8, 1)) == 2
    async with store.unit_of_work(DISCORD) as uow:
        assert await uow.people.get("U1") == Person(7, "U1", "Ada elsewhere", NEW_YORK, asked)
        assert await uow.calendars.get() == EVERY_DAY
        assert await uow.interactions.answered("slack-1") == '{"title": "elsewhere"}'
    async with store.unit_of_work(EMPTY) as uow:
        assert await uow.calendars.get() == WorkCalendar("US-CA", {date(2026, 12, 31): "New Year's Eve"})
    long_ago, members = NOW - timedelta(days=6), {(SLACK, "U5")}
    assert set(await store.maintenance.people_gone_since(long_ago, ["slack", "discord"], 9)) == members
    checkins = [delivery for delivery in await store.deliveries.list((), 999) if delivery.id in (121, 123, 125)]
    profiles = {}
    for checkin in checkins:
        recipient = await store.queue.recipient(checkin, NOW, NOW)
        assert recipient is not None
        profiles[recipient.person.platform_user_id] = recipient.profile
    assert profiles == {
        "U1": PlatformProfile(ZoneInfo("Europe/Paris"), "D1"),
        "U2": PlatformProfile(NEW_YORK, "D2"),
        "U26": PlatformProfile(),
    }


WEEK_16, WEEK_23, WEEK_30 = date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)
ALERT = PlanStep(
    1,
    "Set a budget alert",
    2,
    StepState.DONE,
    "tip:cloud-set-a-budget-alert",
    evidence="the alert came",
    logged=(WeekAllocation(WEEK_16, 2),),
    status_since=WEEK_16,
)
RAG = PlanStep(
    2,
    "Build a RAG system",
    40,
    StepState.DOING,
    "milestone:rag",
    "ML from 0 to 1",
    "a demo",
    due=date(2027, 1, 31),
    start=WEEK_16,
    requires=(1,),
    logged=(WeekAllocation(WEEK_16, 5),),
    allocations=(WeekAllocation(WEEK_23, 7), WeekAllocation(WEEK_30, 28)),
    status_since=date(2026, 11, 17),
)
ACCESS = PlanStep(
    3,
    "Ask for access",
    state=StepState.BLOCKED,
    blocker="waits for Ben",
    allocations=(WeekAllocation(date(2027, 1, 4), 1),),
    status_since=date(2026, 11, 18),
)
WRITE_UP = PlanStep(5, "Write it up", 4, start=date(2027, 2, 1), requires=(2, 3))
BOOK = PlanStep(
    7, "Read a book", 30, StepState.DROPPED, "milestone:book", "why", "proof", status_since=date(2026, 11, 19)
)
PLAN = Plan(
    title="solutions-architect",
    hours_per_week=7,
    target_date=date(2027, 6, 30),
    weeks_off=frozenset({date(2026, 11, 9), date(2026, 12, 21)}),
    laid_out_week=WEEK_23,
    next_number=8,
    steps=(ALERT, RAG, ACCESS, WRITE_UP, BOOK),
)
MEMORY = {
    "card_id": 0,
    "state": 2,
    "step": None,
    "stability": 2.3065,
    "difficulty": 2.118103970459016,
    "due": "2026-11-18T09:00:00+00:00",
    "last_review": "2026-11-16T09:00:00+00:00",
}


async def test_what_learners_have_done_is_the_same(upgraded_url: str, open_store: OpenStore) -> None:
    store = await open_store(upgraded_url)
    async with store.unit_of_work(SLACK) as uow:
        ada = uow.learner("U1", ROLE)
        assert await ada.plans.get() == SavedPlan(PLAN, 3)
        assert await ada.profile() == LearnerProfile(
            "solutions-architect", "data-engineer", None, recall=True, visibility=Visibility.CHECKINS
        )
        assert await ada.assessments() == [
            Assessment("ml-infrastructure", 0, at(5, 4, 9)),
            Assessment("cloud", 2, at(5, 4, 9)),
            Assessment("ml-infrastructure", 1, at(11, 16, 9)),
        ]
        assert await ada.checkins.all() == [
            CheckIn(
                date(2026, 11, 2), CheckInState.HELD, "the demo", "a meeting comes up", "I work on the train", "helped"
            ),
            CheckIn(date(2026, 11, 9), CheckInState.SKIPPED),
            CheckIn(WEEK_16, CheckInState.HELD, "the write-up", "I'm tired", "ten minutes"),
        ]
        assert await ada.recall.all() == [
            RecallState("what-is-rag", MEMORY, at(11, 18, 9), 3, 2),
            RecallState("what-is-mlops", {}, at(11, 20, 9), 0, 0),
        ]
        assert await uow.learner("U1", "data-engineer").plans.get() == SavedPlan(Plan(), 0)
        ben = PlanStep(1, "A step of Ben's", due=date(2026, 12, 1))
        assert await uow.learner("U2", ROLE).plans.get() == SavedPlan(Plan(next_number=2, steps=(ben,)), 1)
        assert (await uow.learner("U2", ROLE).profile()).visibility is Visibility.PROGRESS
        dana = await uow.learner("U4", ROLE).profile()
        assert (dana.paused_until, dana.recall) == (date(2027, 1, 11), True)
        figures = await uow.reports.figures(ROLE, WEEK_16)
        assert (figures.learners, figures.blocked, figures.checkins) == (2, 1, {date(2026, 11, 2): 1, WEEK_16: 1})
    async with store.unit_of_work(DISCORD) as uow:
        other = await uow.learner("U1", ROLE).plans.get()
        assert [step.text for step in other.plan.steps] == ["A step elsewhere"]
        assert [checkin.week for checkin in await uow.learner("U1", ROLE).checkins.all()] == [WEEK_16]
        assert [question.question for question in await uow.learner("U1", ROLE).recall.all()] == ["what-is-rag"]


async def test_changes_of_the_release_before_can_be_undone(old_url: str, open_store: OpenStore) -> None:
    migrations.upgrade(old_url)
    store = await open_store(old_url)
    undone = []
    async with store.unit_of_work(SLACK) as uow:
        ada = uow.learner("U1", ROLE)
        while (restored := await take_back_last_change(ada)) is not None:
            undone.append((restored[1], restored[0].plan, (await ada.profile()).paused_until))
    blocked = PlanStep(
        3,
        "Ask for access",
        state=StepState.BLOCKED,
        blocker="waits for Ben",
        requires=(1,),
        allocations=(WeekAllocation(date(2026, 12, 21), 1),),
        status_since=date(2026, 11, 18),
    )
    first = PlanStep(
        1,
        "Set a budget alert",
        2,
        origin="tip:cloud-set-a-budget-alert",
        allocations=(WeekAllocation(WEEK_16, 2),),
    )
    assert [(what, plan.steps, paused) for what, plan, paused in undone] == [
        ("away until 28 December", (ALERT, blocked), date(2026, 12, 7)),
        ("done 1", (first,), date(2026, 12, 7)),
        ("new plan", (), None),
    ]
    before = undone[0][1]
    assert (before.weeks_off, before.hours_per_week, before.target_date, before.next_number) == (
        frozenset({date(2026, 11, 9)}),
        7,
        date(2027, 6, 30),
        8,
    )


async def test_mentors_and_mentorships_are_the_same(upgraded_url: str, open_store: OpenStore) -> None:
    store = await open_store(upgraded_url)
    async with store.unit_of_work(SLACK) as uow:
        chen, eli, fay = await uow.mentorships.mentors(ROLE)
        skills = ("cloud", "ml-infrastructure")
        assert chen == Mentor("U3", "Chen Grüße 🎓", skills, 4, True, 2, ZoneInfo("Asia/Shanghai"))
        assert (eli.user_id, eli.offering, eli.load, fay.user_id, fay.offering) == ("U5", False, 0, "U26", False)
        mentorships = [await uow.mentorships.get(number) for number in (1, 2, 4, 6, 12)]
        assert mentorships == [
            Mentorship(
                1,
                ROLE,
                "U1",
                "Ada",
                "U3",
                "Chen Grüße 🎓",
                MentorshipState.ACTIVE,
                ("", "U5", "U3"),
                None,
                at(6, 3),
            ),
            Mentorship(
                2,
                ROLE,
                "U2",
                "Ben",
                "U3",
                "Chen Grüße 🎓",
                MentorshipState.REQUESTED,
                ("U3",),
                at(11, 24),
                at(11, 21),
            ),
            Mentorship(4, ROLE, "U4", "Dana", None, "", MentorshipState.WAITING, ("U5", "U3"), None, at(11, 8)),
            Mentorship(6, ROLE, "U5", "Eli", None, "", MentorshipState.ENDED, ("U3",), None, at(8, 1)),
            None,
        ]
        assert [mentorship.id for mentorship in await uow.mentorships.overdue(at(11, 25))] == [2]
        assert [mentorship.id for mentorship in await uow.mentorships.waiting(ROLE)] == [4]
    async with store.unit_of_work(DISCORD) as uow:
        elsewhere = await uow.mentorships.get(12)
        assert elsewhere is not None
        assert (elsewhere.learner, elsewhere.mentor, elsewhere.state) == ("U1", "U8", MentorshipState.REQUESTED)


def _schedule(
    number: int,
    kind: MessageKind,
    destination: Destination,
    recurrence: Recurrence,
    next_run_at: datetime | None,
    paused_reason: str | None = None,
) -> Schedule:
    state = ScheduleState.PAUSED if paused_reason else ScheduleState.ACTIVE
    return Schedule(
        id=number,
        kind=kind,
        destination=destination,
        recurrence=recurrence,
        role=ROLE,
        state=state,
        next_run_at=next_run_at,
        paused_reason=paused_reason,
    )


def _person(workspace: Workspace, person_id: int, user_id: str) -> Destination:
    return Destination(workspace, person_id=person_id, user_id=user_id)


def _channel(workspace: Workspace, channel_id: str, name: str, *, direct: bool = False) -> Destination:
    return Destination(workspace, Channel(workspace, channel_id, name, direct))


MON, TUE, WED, THU, FRI, SAT = list(Weekday)[:6]
NINE = time(9)
ACTIVE_OR_PAUSED = [
    _schedule(
        1,
        MessageKind.TIP,
        _channel(SLACK, "C1", "general"),
        Recurrence((MON, WED, FRI), NINE, BERLIN),
        at(11, 30),
    ),
    _schedule(
        2,
        MessageKind.TIP,
        _channel(SLACK, "C2", "gone"),
        Recurrence((TUE,), time(10, 30), ZONE, 2, date(2026, 5, 5)),
        at(11, 24, 10, 30),
        "channel_not_found",
    ),
    _schedule(
        3,
        MessageKind.TIP,
        _channel(SLACK, "D7", "", direct=True),
        Recurrence((FRI,), NINE, ZONE, pause_until=date(2026, 12, 1)),
        at(11, 27, 9),
    ),
    _schedule(
        4,
        MessageKind.REPORT,
        _channel(SLACK, "C9", "admins"),
        Recurrence((MON,), time(8), BERLIN),
        at(11, 30, 7),
    ),
    _schedule(5, MessageKind.CHECKIN, _person(SLACK, 1, "U1"), Recurrence((MON, THU), NINE, BERLIN), at(11, 26)),
    _schedule(
        6,
        MessageKind.CHECKIN,
        _person(SLACK, 2, "U2"),
        Recurrence((MON,), NINE, NEW_YORK),
        at(11, 30, 14),
        "cannot_dm_bot",
    ),
    _schedule(
        7,
        MessageKind.RECALL,
        _person(SLACK, 1, "U1"),
        Recurrence((WED,), time(12), BERLIN, 4, date(2026, 5, 6), date(2027, 5, 6)),
        at(11, 25, 11),
    ),
    _schedule(
        8,
        MessageKind.DIGEST,
        _person(SLACK, 3, "U3"),
        Recurrence((FRI,), time(16), ZoneInfo("Asia/Shanghai")),
        at(11, 27),
    ),
    _schedule(
        10,
        MessageKind.CHECKIN,
        _person(SLACK, 4, "U4"),
        Recurrence((MON,), NINE, ZONE, pause_until=date(2027, 1, 11)),
        at(11, 30, 9),
    ),
    _schedule(12, MessageKind.CHECKIN, _person(SLACK, 26, "U26"), Recurrence((MON,), NINE, ZONE), at(11, 30, 9)),
    _schedule(
        13,
        MessageKind.TIP,
        _channel(DISCORD, "C1", "other-general"),
        Recurrence((SAT,), NINE, ZONE),
        at(11, 28, 9),
    ),
    _schedule(14, MessageKind.CHECKIN, _person(DISCORD, 7, "U1"), Recurrence((MON,), NINE, NEW_YORK), at(11, 30, 14)),
]


async def test_schedules_repeat_as_before(upgraded_url: str, open_store: OpenStore) -> None:
    store = await open_store(upgraded_url)
    schedules = []
    for workspace in (SLACK, DISCORD, EMPTY):
        async with store.unit_of_work(workspace) as uow:
            schedules += await uow.schedules.all()
    # Its creator was saved before, too, but nothing read it.
    without_creator = [replace(schedule, created_by="") for schedule in schedules]
    assert sorted(without_creator, key=lambda schedule: schedule.id) == ACTIVE_OR_PAUSED
    async with store.unit_of_work(SLACK) as uow:
        assert [schedule.id for schedule in await uow.schedules.of_person("U1")] == [7, 5]
        assert [schedule.id for schedule in await uow.schedules.of_person("U26")] == [12]
        assert await uow.schedules.was_stopped(_person(SLACK, 1, "U1"), MessageKind.PERSONAL_TIP)
        assert not await uow.schedules.was_stopped(_person(SLACK, 2, "U2"), MessageKind.PERSONAL_TIP)
    over = {schedule.id for schedule in await store.queue.schedules(over=True)}
    running = {schedule.id for schedule in ACTIVE_OR_PAUSED if schedule.state is ScheduleState.ACTIVE}
    assert over == running | {11}


PEOPLE = {
    20: (SLACK, 1, "U1"),
    21: (SLACK, 2, "U2"),
    22: (SLACK, 3, "U3"),
    23: (SLACK, 4, "U4"),
    24: (DISCORD, 7, "U1"),
    25: (DISCORD, 8, "U8"),
    31: (SLACK, 26, "U26"),
}
"""The people whose carriers they were."""
ONE_OFFS = {
    170: (MessageKind.MENTOR_REQUEST, "2"),
    171: (MessageKind.MENTOR_REQUEST, "4"),
    172: (MessageKind.REQUEST_ACCEPTED, "1"),
    173: (MessageKind.REMINDER, ""),
    174: (MessageKind.CHECKIN, ""),
    175: (MessageKind.REQUEST_WAITING, "4"),
    176: (MessageKind.MENTOR_LEFT, "4"),
    177: (MessageKind.NOTE, "1"),
    178: (MessageKind.NOTE, "1"),
    179: (MessageKind.REQUEST_EXPIRED, "4"),
    180: (MessageKind.MENTORSHIP_ENDED, "6"),
    181: (MessageKind.REMINDER, ""),
    182: (MessageKind.REMINDER, ""),
    183: (MessageKind.REQUEST_ACCEPTED, "12"),
    184: (MessageKind.MENTOR_REQUEST, "12"),
    186: (MessageKind.REMINDER, ""),
    187: (MessageKind.REMINDER, ""),
    188: (MessageKind.MENTOR_REQUEST, "1"),
    189: (MessageKind.REQUEST_ACCEPTED, "2"),
    190: (MessageKind.MENTOR_REQUEST, "12"),
    191: (MessageKind.MENTORSHIP_ENDED, "12"),
}
CALLS = {161: "4", 162: "4", 163: "1"}
"""Calls for mentors in a channel, and the mentorship each is about."""


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC) if value else None


async def test_deliveries_say_what_they_said(old_url: str) -> None:
    """Every column of every delivery, by what it means now."""
    old, schedules = old_rows("deliveries", old_url), old_rows("schedules", old_url)
    migrations.upgrade(old_url)
    new = await deliveries(old_url)
    assert new.keys() == old.keys()
    reached = {schedule.id: schedule.destination for schedule in ACTIVE_OR_PAUSED} | {
        9: _person(SLACK, 1, "U1"),
        11: _person(SLACK, 2, "U2"),
    }
    for number, row in old.items():
        delivery, carrier = new[number], row["schedule_id"]
        if number in ONE_OFFS:
            workspace, person_id, user_id = PEOPLE[carrier]
            assert delivery.schedule is None
            assert delivery.destination == _person(workspace, person_id, user_id)
            assert (delivery.kind, delivery.item) == ONE_OFFS[number], number
        else:
            assert delivery.schedule is not None
            assert delivery.schedule.id == carrier
            assert delivery.destination == delivery.schedule.destination == reached[carrier]
            kind = MessageKind.CALL_FOR_MENTORS if number in CALLS else MessageKind(schedules[carrier]["kind"])
            assert (delivery.kind, delivery.item) == (kind, CALLS.get(number, row["item"])), number
        same = ("attempts", "body", "message_id")
        assert {name: getattr(delivery, name) for name in same} == {name: row[name] for name in same}
        instants = ("occurrence_at", "not_before", "begun_at", "sent_at", "slot_at", "first_due_at")
        assert {name: getattr(delivery, name) for name in instants} == {name: _instant(row[name]) for name in instants}
        assert (delivery.state.value, delivery.parent_delivery) == (row["state"], row["merged_into"])
        assert delivery.role == schedules[carrier]["role"] == ROLE
        _check_reason(delivery, row["last_error"])
        _check_given_up(delivery, row["given_up"])


def _check_reason(delivery: Delivery, sentence: str | None) -> None:
    if sentence is None:
        assert delivery.reason is None
        return
    assert delivery.reason is not None
    assert delivery.reason.code is CODES[sentence], delivery
    assert reason_text(delivery.reason, for_operator=True) == sentence


def _check_given_up(delivery: Delivery, sentence: str | None) -> None:
    if sentence is None:
        assert delivery.given_up is None
        return
    ending, _, why = sentence.removeprefix(AGAIN).partition(": ")
    assert delivery.given_up is not None
    state, reason = delivery.given_up
    assert state is ENDINGS[ending]
    assert (reason.code if reason else None) == (CODES[why] if why else None)
    last = f"; then: {reason_text(delivery.reason, for_operator=True)}" if delivery.reason else ""
    today = sentence.replace(AGAIN, "an operator resent it; before that ").replace("it was left out", "it was skipped")
    assert problem_text(delivery, for_operator=True) == today + last


def test_the_file_has_every_sentence_state_and_kind(old_url: str) -> None:
    """Otherwise the tests here would prove less than they say."""
    rows = old_rows("deliveries", old_url).values()
    sentences = {row["last_error"] for row in rows if row["last_error"]}
    given_up = {row["given_up"].removeprefix(AGAIN).partition(": ")[2] for row in rows if row["given_up"]}
    assert sentences | given_up - {""} == set(CODES)
    # Of the first, that release wrote the platform's words alone; the second is what a forecast says, and is never stored;
    # the others came later.
    not_written = {"dm_reopened", "none_left", "silent", "channel_rechecked"}
    assert {code.value for code in CODES.values()} == {code.value for code in ReasonCode} - not_written
    assert {row["state"] for row in rows} == {state.value for state in DeliveryState}
    assert all(tables(old_url).values())
    kinds = {kind for kind, _ in ONE_OFFS.values()} | {MessageKind(row["kind"]) for row in _repeating(old_url)}
    later = {MessageKind.CALL_FOR_MENTORS, MessageKind.CHANNEL_CLOSED, MessageKind.DOWNTIME}
    assert kinds | later == set(MessageKind)


def _repeating(url: str) -> list[Row]:
    return [row for row in tables(url)["schedules"] if row["kind"] != "notice"]


async def test_the_same_messages_are_ready_to_be_sent(old_url: str, open_store: OpenStore) -> None:
    ready = {
        number
        for number, row in old_rows("deliveries", old_url).items()
        if row["state"] == "pending" and row["merged_into"] is None and (_instant(row["not_before"]) or NOW) <= NOW
    }
    migrations.upgrade(old_url)
    store = await open_store(old_url)
    assert set(await store.queue.ready(NOW, ["slack", "discord"], 999)) == ready
    assert len(ready) > 10


async def test_a_message_in_doubt_is_looked_for_by_the_key_it_was_posted_with(old_url: str) -> None:
    old = old_rows("deliveries", old_url)
    migrations.upgrade(old_url)
    new = await deliveries(old_url)
    posted = {number for number, row in old.items() if row["begun_at"] is not None}
    assert {121, 171, 172, 191} <= posted
    repeating = old.keys() - ONE_OFFS.keys()
    assert {number: new[number].key for number in posted | repeating} == {
        number: old[number]["key"] for number in posted | repeating
    }


async def test_nothing_waiting_is_written_a_second_time(old_url: str, open_store: OpenStore) -> None:
    """Whoever says the same once more, by the key it has in both releases, finds the message there."""
    waiting = {
        number: row
        for number, row in old_rows("deliveries", old_url).items()
        if number in ONE_OFFS and row["begun_at"] is None
    }
    assert len(waiting) > 12
    migrations.upgrade(old_url)
    store = await open_store(old_url)
    before = await store.deliveries.list((), 999)
    for number, row in waiting.items():
        workspace, _, user_id = PEOPLE[row["schedule_id"]]
        key, (kind, item) = row["key"].partition("-")[2], ONE_OFFS[number]
        async with store.unit_of_work(workspace) as uow:
            assert not await uow.deliveries.enqueue(user_id, ROLE, kind, NOW, key=key, item=item), row
    async with store.unit_of_work(SLACK) as uow:
        report = next(schedule for schedule in await uow.schedules.all() if schedule.kind is MessageKind.REPORT)
        call = MessageKind.CALL_FOR_MENTORS
        assert not await uow.deliveries.enqueue_in_channel(report, call, NOW, key="a4-3", item="4")
        assert not await uow.deliveries.enqueue_in_channel(report, call, NOW, key="a4-2", item="4")
    assert await store.deliveries.list((), 999) == before


async def test_an_occurrence_planned_before_is_not_planned_again(old_url: str, open_store: OpenStore) -> None:
    migrations.upgrade(old_url)
    before = await deliveries(old_url)
    store = await open_store(old_url)
    async with store.queue.planning() as planning:
        await planning.add([PlannedOccurrence(1, at(11, 23)), PlannedOccurrence(5, at(11, 23))], NOW)
    assert await deliveries(old_url) == before


async def test_waiting_messages_can_be_cancelled_and_sent(old_url: str, open_store: OpenStore) -> None:
    all_of_them = old_rows("deliveries", old_url).keys()
    migrations.upgrade(old_url)
    store = await open_store(old_url)
    async with store.unit_of_work(SLACK) as uow:
        await uow.deliveries.cancel(MessageKind.CHECKIN, user_id="U1")  # the snoozed one, and no weekly one
        await uow.deliveries.cancel(MessageKind.REMINDER, user_id="U1")
        await uow.deliveries.cancel(MessageKind.MENTOR_REQUEST, "2")
        await uow.deliveries.cancel(MessageKind.MENTOR_REQUEST, "4")  # in doubt: it stays
        assert await uow.deliveries.last_sent("U1", MessageKind.CHECKIN) == at(11, 20, 10)
        assert [delivery.id for delivery in await uow.deliveries.recent("U4", 9)] == [124, 149, 175, 176]
    left = {delivery.id for delivery in await store.deliveries.list((), 999)}
    assert all_of_them - left == {170, 173, 174, 187}
    assert await store.queue.begin_attempt(177, 0, NOW, NOW + MINUTE) is not None
    await store.queue.settle(177, "m177", NOW)
    assert await store.deliveries.requeue(190, NOW)
    sent, again = await store.queue.get(177), await store.queue.get(190)
    assert sent is not None
    assert again is not None
    assert (sent.state, sent.body) == (
        DeliveryState.SENT,
        "Well done!\nCall me at 17:00; it's 100% fine: really.",
    )
    assert again.given_up == (DeliveryState.FAILED, Reason(ReasonCode.SEND_ERROR, {"text": "cannot_dm_bot"}))


async def test_a_button_of_an_old_message_names_its_workspace(upgraded_url: str, open_store: OpenStore) -> None:
    store = await open_store(upgraded_url)
    assert await store.maintenance.home("slack", "U1", "n14-y1-3") == SLACK
    assert await store.maintenance.home("discord", "U8", "n19-ec") == DISCORD


def test_the_downgrade_restores_every_row(old_url: str) -> None:
    """But for what the constants above name, and what `_restored` says of carriers."""
    with looking_at(old_url) as connection:
        schema = definitions(connection)
    old = tables(old_url)
    migrations.upgrade(old_url)
    migrations.downgrade(old_url, "0006")
    with looking_at(old_url) as connection:
        assert definitions(connection) == schema
    back = tables(old_url)
    carriers = _carriers(back)
    numbers = {number: carriers[place] for place, number in _carriers(old).items() if place in carriers}
    assert {number for number, new in numbers.items() if new != number} == NEW_CARRIERS
    expected = _restored(old, numbers)
    assert back.keys() == expected.keys()
    for name in expected:
        assert back[name] == expected[name], name


def _carriers(rows: Tables) -> dict[tuple[int, str], int]:
    """The carriers' ids by workspace and channel."""
    return {(row["workspace_id"], row["channel_id"]): row["id"] for row in rows["schedules"] if row["kind"] == "notice"}


def _restored(old: Tables, numbers: Mapping[int, int]) -> Tables:
    """The rows as a downgrade leaves them, given the carriers' new numbers by their old ones.

    When a carrier was made is when the first of its messages was; and it's active, since each message is tried for itself now.
    """
    deliveries = [row for row in old["deliveries"] if row["id"] not in NOBODYS_DELIVERIES]
    made = {number: min(row["created_at"] for row in deliveries if row["schedule_id"] == number) for number in numbers}
    schedules = [
        row | {"id": numbers[number], "created_at": made[number], "state": "active", "paused_reason": None}
        if (number := row["id"]) in numbers
        else row
        for row in old["schedules"]
        if row["id"] not in NOBODYS_SCHEDULES | EMPTY_CARRIERS
    ]
    moved = [
        row | {"schedule_id": numbers[number], "key": row["key"].replace(f"n{number:x}-", f"n{numbers[number]:x}-")}
        if (number := row["schedule_id"]) in numbers
        else row
        for row in deliveries
    ]
    return old | {"schedules": sorted(schedules, key=lambda row: row["id"]), "deliveries": moved}


async def test_upgrading_again_gives_the_same_rows(old_url: str) -> None:
    migrations.upgrade(old_url)
    first, rows = await deliveries(old_url), tables(old_url)
    migrations.downgrade(old_url, "0006")
    migrations.upgrade(old_url)
    assert await deliveries(old_url) == first
    assert tables(old_url) == rows


async def test_a_message_both_releases_have_written_is_kept_twice(url: str, open_store: OpenStore) -> None:
    """Posted by this release, then written by the one before after a downgrade: neither key may stop the next upgrade."""
    store = await open_store(url)
    async with store.unit_of_work(SLACK) as uow:
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.REMINDER, NOW, key="r1")
    (posted,) = await store.queue.ready(NOW, ["slack"], 9)
    assert await store.queue.begin_attempt(posted, 0, NOW, NOW + MINUTE) is not None
    await store.close()
    migrations.downgrade(url, "0006")
    with looking_at(url) as connection:
        columns = "schedule_id, occurrence_at, item, state, attempts, not_before, body, created_at"
        copy = f"INSERT INTO deliveries (key, {columns}) SELECT 'n1-r1', {columns} FROM deliveries"
        connection.execute(text(copy))
        connection.commit()
    migrations.upgrade(url)
    both = sorted((await deliveries(url)).values(), key=lambda delivery: delivery.id)
    assert [delivery.key for delivery in both] == ["p1-r1", "n1-r1"]
    assert {delivery.kind for delivery in both} == {MessageKind.REMINDER}


NEW_REASONS = {
    ReasonCode.QUIET_HOURS: Reason(ReasonCode.QUIET_HOURS),
    ReasonCode.WAITS_FOR_COMPANY: Reason(ReasonCode.WAITS_FOR_COMPANY),
    ReasonCode.UNKNOWN_ZONE: Reason(ReasonCode.UNKNOWN_ZONE, {"zone": "Mars/Base"}),
    ReasonCode.DM_REOPENED: Reason(ReasonCode.DM_REOPENED, {"error": "channel_not_found"}),
}
NEW_ENDINGS = [
    (DeliveryState.CANCELLED, Reason(ReasonCode.BUDGET_SPENT, {"budget": 3})),
    (DeliveryState.CANCELLED, Reason(ReasonCode.DAY_OFF, {"day": "2026-12-24", "name": "Christmas Eve"})),
    (DeliveryState.CANCELLED, Reason(ReasonCode.ALREADY_ANSWERED, {"week": "2026-11-23", "state": "held"})),
    (DeliveryState.CANCELLED, Reason(ReasonCode.PERSON_GONE)),
    (DeliveryState.MISSED, Reason(ReasonCode.BOT_NOT_RUNNING, {}, Reason(ReasonCode.QUIET_HOURS))),
    (DeliveryState.MISSED, Reason(ReasonCode.NOT_SENT_IN_TIME)),
    (
        DeliveryState.FAILED,
        Reason(ReasonCode.TOO_MANY_ATTEMPTS, {"attempts": 20}, Reason(ReasonCode.SEND_ERROR, {"error": "HTTP 500"})),
    ),
    (DeliveryState.FAILED, Reason(ReasonCode.MAYBE_DELIVERED, {"error": "missing_access"})),
    (DeliveryState.FAILED, Reason(ReasonCode.SEND_ERROR, {"error": "cannot_dm_bot"})),
]


async def test_the_release_before_understands_what_this_one_wrote(url: str, open_store: OpenStore) -> None:
    """After a downgrade: one-offs hang on a carrier, and reasons are the sentences that it compares."""
    store = await open_store(url)
    async with store.unit_of_work(SLACK) as uow:
        for number in range(len(NEW_ENDINGS) + len(NEW_REASONS)):
            await uow.deliveries.enqueue(
                "U1", ROLE, MessageKind.MENTOR_REQUEST, NOW, key=f"p{number}-1", item=str(number)
            )
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.REMINDER, NOW, key="r1")
    ids = await store.queue.ready(NOW, ["slack"], 99)
    for number, (state, reason) in zip(ids, NEW_ENDINGS, strict=False):
        assert await store.queue.give_up(number, state, reason)
    for number, reason in zip(ids[len(NEW_ENDINGS) :], NEW_REASONS.values(), strict=False):
        assert await store.queue.postpone(number, NOW + MINUTE, reason, known_not_delivered=True)
    assert await store.deliveries.requeue(ids[0], NOW)
    assert await store.queue.begin_attempt(ids[-1], 0, NOW, NOW + MINUTE) is not None
    await store.close()
    new = await deliveries(url)
    migrations.downgrade(url, "0006")
    rows = {row["id"]: row for row in tables(url)["deliveries"]}
    (carrier,) = (row for row in tables(url)["schedules"] if row["kind"] == "notice")
    assert (carrier["channel_id"], carrier["created_by"], carrier["state"]) == ("@U1", "U1", "active")
    assert {row["schedule_id"] for row in rows.values()} == {carrier["id"]}
    assert [rows[number]["item"] for number in (ids[0], ids[-1])] == ["pair:0", "reminder"]
    assert rows[ids[1]]["key"] == f"n{carrier['id']:x}-p1-1"
    assert rows[ids[-1]]["key"] == new[ids[-1]].key  # a message may be there under it
    assert [rows[number]["last_error"] for number in ids] == [
        None,
        "2026-12-24 is a day off here",
        "the check-in of the week of 2026-11-23 was held already",
        "the person is gone",
        "quiet hours; then the bot was not running in time",
        "it could not be sent in time",
        "20 attempts: HTTP 500",
        "nobody can tell whether it was posted: missing_access",
        "cannot_dm_bot",
        "quiet hours",
        "waits some minutes for what else may be due, so that both come as one",
        "the time zone Mars/Base is not known to the machine that was to send it",
        "channel_not_found",
        None,
    ]
    assert rows[ids[0]]["given_up"] == f"{AGAIN}it was left out: the budget of 3 messages a week is spent"
    migrations.upgrade(url)
    again = await deliveries(url)
    assert {number: delivery.key for number, delivery in again.items()} == {
        number: delivery.key for number, delivery in new.items()
    }
    codes = {number: delivery.reason.code for number, delivery in new.items() if delivery.reason}
    for number, code in codes.items():
        if code is ReasonCode.DM_REOPENED:  # the release before wrote the platform's words alone
            codes[number] = ReasonCode.SEND_ERROR
    assert {number: delivery.reason.code for number, delivery in again.items() if delivery.reason} == codes
