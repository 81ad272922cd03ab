"""Matching mentors over a real database: requests, answers, messages and endings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.mentoring import MentorshipEnding, MentorshipSide, MentorshipState
from mentorbot.domain.visibility import Visibility
from mentorbot.errors import Conflict, NotFound
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.services.mentor_requests import (
    accept_request,
    decline_request,
    end_mentorship,
    offer_mentoring,
    request_mentor,
)
from mentorbot.services.mentoring import (
    ANSWER_WITHIN,
    MAX_ASKED,
    RETRY_AFTER,
    MentorMatcher,
    learner_overviews,
    mentorship_message,
    session_of,
    shorten_waitlist,
    still_waiting,
)
from mentorbot.storage import Store

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.open(None, "ai-architect").default


@pytest.fixture
async def matcher(tmp_path: Path, pack: Pack) -> AsyncIterator[MentorMatcher]:
    store = await Store.open(f"sqlite:///{tmp_path}/mentoring.db", FrozenClock(NOW))
    try:
        async with store.unit_of_work(Workspace("slack", "T1")) as uow:
            yield MentorMatcher(uow, pack, NOW)
    finally:
        await store.close()


async def message_kinds(matcher: MentorMatcher, user_id: str) -> list[MessageKind]:
    """List the kinds of a person's messages, oldest first."""
    return [delivery.kind for delivery in reversed(await matcher.uow.deliveries.recent(user_id, 20))]


async def test_a_request_asks_the_mentor_and_says_why(matcher: MentorMatcher) -> None:
    await offer_mentoring(matcher, "chen", ["mlops"], 2)
    request = await request_mentor(matcher, "ben", "Ben", None)
    assert request.mentor is not None
    assert (request.is_new, request.mentor.user_id, request.reasons[-1]) == (True, "chen", "has no learners yet")
    assert await message_kinds(matcher, "chen") == [MessageKind.MENTOR_REQUEST]
    assert not (await request_mentor(matcher, "ben", "Ben", "chen")).is_new


async def test_without_room_the_learner_waits_until_somebody_offers(matcher: MentorMatcher) -> None:
    waiting = (await request_mentor(matcher, "ben", "Ben", None)).mentorship
    assert await still_waiting(matcher.uow, waiting.id) is not None
    assert await shorten_waitlist(matcher) == (1, 1)
    await offer_mentoring(matcher, "chen", [], 1)
    assert await still_waiting(matcher.uow, waiting.id) is None
    with pytest.raises(Conflict, match="has no room"):
        await request_mentor(matcher, "dee", "Dee", "chen")


async def test_answering_a_settled_request_is_a_conflict(matcher: MentorMatcher) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    request = (await request_mentor(matcher, "ben", "Ben", "chen")).mentorship
    assert (await accept_request(matcher, "chen", request.id))[1]
    assert not (await accept_request(matcher, "chen", request.id))[1]
    with pytest.raises(Conflict, match="already ben's mentor"):
        await decline_request(matcher, "chen", request.id)
    with pytest.raises(NotFound):
        await decline_request(matcher, "dee", request.id)


@pytest.mark.parametrize(
    ("accepts", "user_id", "ending"),
    [
        (False, "ben", MentorshipEnding.WITHDRAWN),
        (False, "chen", MentorshipEnding.DECLINED),
        (True, "ben", MentorshipEnding.ENDED_BY_LEARNER),
        (True, "chen", MentorshipEnding.ENDED_BY_MENTOR),
    ],
)
async def test_either_side_can_end_it(
    matcher: MentorMatcher, accepts: bool, user_id: str, ending: MentorshipEnding
) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    request = (await request_mentor(matcher, "ben", "Ben", "chen")).mentorship
    if accepts:
        await accept_request(matcher, "chen", request.id)
    assert (await end_mentorship(matcher, user_id, request.id))[1] is ending
    other = {"ben": "chen", "chen": "ben"}[user_id]
    assert (MessageKind.MENTORSHIP_ENDED in await message_kinds(matcher, other)) == accepts


async def test_a_departing_mentor_loses_access_and_the_learner_waits(matcher: MentorMatcher) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    request = (await request_mentor(matcher, "ben", "Ben", "chen")).mentorship
    await accept_request(matcher, "chen", request.id)
    learner = matcher.uow.learner("ben", matcher.role)
    await learner.set_visibility(Visibility.CHECKINS)
    await matcher.release("chen")
    assert (await learner.profile()).visibility is Visibility.NOTHING
    assert await message_kinds(matcher, "ben") == [MessageKind.MENTOR_LEFT]
    mentorship = await matcher.uow.mentorships.get(request.id)
    assert mentorship is not None
    assert mentorship.state is MentorshipState.WAITING


async def test_an_overdue_request_goes_to_the_next_mentor(matcher: MentorMatcher, pack: Pack) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    await request_mentor(matcher, "ben", "Ben", "chen")
    await offer_mentoring(matcher, "dee", [], 1)
    assert await matcher.reassign_overdue() == 0
    later = MentorMatcher(matcher.uow, pack, NOW + ANSWER_WITHIN)
    assert await later.reassign_overdue() == 1
    assert MessageKind.REQUEST_EXPIRED in await message_kinds(matcher, "chen")
    assert await message_kinds(matcher, "dee") == [MessageKind.MENTOR_REQUEST]


async def test_a_mentor_who_lets_two_requests_pass_is_not_asked_for_that_learner_again(
    matcher: MentorMatcher, pack: Pack
) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    await request_mentor(matcher, "ben", "Ben", None)
    at = NOW
    for _ in range(6):
        at += RETRY_AFTER
        await MentorMatcher(matcher.uow, pack, at).reassign_overdue()
    assert (await message_kinds(matcher, "chen")).count(MessageKind.MENTOR_REQUEST) == MAX_ASKED


@pytest.mark.parametrize("name", [None, "chen"])
async def test_a_mentor_asked_at_night_has_their_days_from_the_morning(
    matcher: MentorMatcher, pack: Pack, name: str | None
) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    await matcher.uow.people.set_zone("chen", BERLIN)
    night = MentorMatcher(matcher.uow, pack, datetime(2026, 11, 25, 23, 30, tzinfo=BERLIN).astimezone(UTC))
    request = (await request_mentor(night, "ben", "Ben", name)).mentorship
    assert request.deadline == datetime(2026, 11, 26, 8, tzinfo=BERLIN) + ANSWER_WITHIN


async def test_a_mentor_on_a_break_is_not_asked_until_they_are_back(matcher: MentorMatcher) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    chen = matcher.uow.learner("chen", matcher.role)
    await chen.set_pause(date(2026, 12, 1))
    assert (await request_mentor(matcher, "ben", "Ben", None)).mentor is None
    with pytest.raises(Conflict):
        await request_mentor(matcher, "dee", "Dee", "chen")
    await chen.set_pause(NOW.date())
    await matcher.match_waiting()
    assert await message_kinds(matcher, "chen") == [MessageKind.MENTOR_REQUEST]


async def test_a_message_is_composed_only_while_it_is_current(matcher: MentorMatcher, pack: Pack) -> None:
    await offer_mentoring(matcher, "chen", ["mlops"], 1)
    request = (await request_mentor(matcher, "ben", "Ben", "chen")).mentorship
    item, kind = str(request.id), MessageKind.MENTOR_REQUEST
    message = await mentorship_message(matcher.uow, pack, kind, item, "chen", BERLIN)
    assert message is not None
    assert (message.reader, message.zone, message.title) == (MentorshipSide.MENTOR, BERLIN, "")
    for other_item in ("", "x", "999"):
        assert await mentorship_message(matcher.uow, pack, kind, other_item, "chen", BERLIN) is None
    await accept_request(matcher, "chen", request.id)
    assert await mentorship_message(matcher.uow, pack, kind, item, "chen", BERLIN) is None


async def test_a_learners_today_follows_their_zone(matcher: MentorMatcher, pack: Pack) -> None:
    await offer_mentoring(matcher, "chen", [], 1)
    request = (await request_mentor(matcher, "ben", "Ben", "chen")).mentorship
    await accept_request(matcher, "chen", request.id)
    await matcher.uow.people.set_zone("ben", ZoneInfo("Pacific/Auckland"))
    session = await session_of(matcher.uow, pack, "ben", "Ben", NOW)
    assert session.snapshot.today == NOW.date() + timedelta(days=1)
    (overview,) = await learner_overviews(matcher.uow, pack, "chen", NOW)
    assert overview.progress is None
