"""How pairings come to an end, pass on and begin again: everybody hears the truth, and nobody waits for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.services.mentoring import ANSWER_WITHIN, RETRY_AFTER

from .conftest import Chat, buttons


@pytest.fixture
def ben(chat: Chat) -> Chat:
    return chat.as_(person="ben", admin=False)


@pytest.fixture
def chen(chat: Chat) -> Chat:
    return chat.as_(person="chen", admin=False)


@pytest.fixture
def dee(chat: Chat) -> Chat:
    return chat.as_(person="dee", admin=False)


async def asked(learner: Chat, mentor: Chat) -> int:
    """Offer, and ask; the pairing's number."""
    await mentor.say("pair offer max:1")
    await learner.say(f"pair request {mentor.person}")
    (post,) = await learner.tick()
    return int(buttons(post.card)[0].line.split()[-1])


async def paired(learner: Chat, mentor: Chat) -> int:
    number = await asked(learner, mentor)
    await mentor.say(f"pair accept {number}")
    await learner.tick()
    return number


async def tidy(chat: Chat) -> None:
    core = chat.core
    await MaintenanceTasks(core.store, core.library, core.clock, {chat.fake.platform: chat.fake}).run()


async def test_a_mentor_who_ends_a_request_declines_it(ben: Chat, chen: Chat, dee: Chat) -> None:
    number = await asked(ben, chen)
    await dee.say("pair offer")
    assert "I look for somebody else for ben" in await chen.text(f"pair end {number}")
    assert [post.channel.id for post in await ben.tick()] == ["Ddee"]


async def test_who_is_freed_by_saying_no_is_asked_for_those_who_wait(ben: Chat, chen: Chat, dee: Chat) -> None:
    number = await asked(ben, chen)
    await dee.say("pair request any")
    await chen.say(f"pair decline {number}")
    posted = {post.channel.id: plain_text(post.card) for post in await ben.tick()}
    assert "dee asks" in posted["Dchen"]
    assert "Still looking" in posted["Dben"]


async def test_two_who_do_not_answer_are_asked_for_each_others_learners(
    ben: Chat, chen: Chat, dee: Chat, clock: FrozenClock
) -> None:
    eve = ben.as_(person="eve")
    await asked(ben, chen)
    await asked(eve, dee)
    clock.travel_to(clock.now() + ANSWER_WITHIN)
    told = {post.channel.id: plain_text(post.card) for post in await ben.tick()}
    assert set(told) == {"Dchen", "Ddee"}
    for text in told.values():  # each hears both in one message
        assert "I had no answer from you" in text
        assert "be a mentor?" in text.lower()


async def test_who_was_asked_is_asked_again_after_a_while(ben: Chat, chen: Chat, clock: FrozenClock) -> None:
    number = await asked(ben, chen)
    await chen.say(f"pair decline {number}")
    await ben.tick()
    clock.travel_to(clock.now() + RETRY_AFTER - timedelta(seconds=1))
    await tidy(ben)
    assert await ben.tick() == []
    clock.travel_to(clock.now() + timedelta(seconds=1))
    await tidy(ben)
    assert [post.channel.id for post in await ben.tick()] == ["Dchen"]
    await chen.say(f"pair decline {number}")
    assert [post.card.title for post in await ben.tick()] == ["Still looking for a mentor"]


async def test_admins_hear_of_a_request_that_finds_nobody_at_once(chat: Chat, ben: Chat) -> None:
    await chat.say("admin here monday 09:00 Europe/Berlin")
    await ben.say("pair request any")
    assert [post.card.title for post in await ben.tick()] == ["A request finds no mentor"]


async def test_each_side_hears_its_own_end(ben: Chat, chen: Chat) -> None:
    await paired(ben, chen)
    assert "sees nothing of your plan" in await ben.text("pair end")
    (told,) = await ben.tick()
    assert "ben and you have parted. You see nothing of their plan" in plain_text(told.card)
    number = await paired(ben, chen)
    assert "no longer ben's mentor" in await chen.text(f"pair end {number}")
    (told,) = await ben.tick()
    assert "Your mentor and you have parted" in plain_text(told.card)


async def test_the_next_mentor_sees_nothing_that_was_agreed_with_the_last(ben: Chat, chen: Chat, dee: Chat) -> None:
    await ben.say("plan add Our secret")
    await paired(ben, chen)
    await ben.say("pair share checkins agree:yes")
    await ben.say("pair end")
    await ben.tick()
    number = await paired(ben, dee)
    assert "Nothing else is shared." in await dee.text(f"mentees {number}")


async def test_a_mentor_who_is_forgotten_leaves_nobody_behind(ben: Chat, chen: Chat, dee: Chat) -> None:
    await ben.say("plan add Our secret")
    await paired(ben, chen)
    await ben.say("pair share progress agree:yes")
    await dee.say("pair offer")
    await chen.say("me forget confirm:yes")
    posted = {post.channel.id: post.card for post in await ben.tick()}
    assert posted["Dben"].title == "Your mentor has left"
    await dee.say(buttons(posted["Ddee"])[0].line)
    assert "shares nothing else" in await dee.text("mentees")
    assert "chen" not in await ben.text("me export")


async def test_a_learner_who_is_forgotten_makes_room(ben: Chat, chen: Chat, dee: Chat) -> None:
    await paired(ben, chen)
    await dee.say("pair request any")
    await ben.say("me forget confirm:yes")
    assert [post.channel.id for post in await ben.tick()] == ["Dchen"]


async def test_what_is_true_no_more_is_not_said(ben: Chat, chen: Chat) -> None:
    number = await asked(ben, chen)
    await chen.say(f"pair accept {number}")
    await ben.say("pair end")
    assert [post.card.title for post in await ben.tick()] == ["A pairing has ended"]
    number = await asked(ben, chen)
    await chen.say(f"pair decline {number}")
    await ben.say("pair end")
    assert await ben.tick() == []


async def test_nobody_is_asked_for_a_learner_who_has_left(ben: Chat, chen: Chat) -> None:
    await ben.say("pair request any")
    await ben.core.store.maintenance.save_check((Workspace("slack", "T1"), "ben"), ben.core.clock.now(), has_left=True)
    await chen.say("pair offer")
    assert await ben.tick() == []


async def test_two_notes_in_one_instant_are_two_notes(ben: Chat, chen: Chat) -> None:
    number = await paired(ben, chen)
    await chen.say(f"pair note {number} One")
    await chen.say(f"pair note {number} Two")
    told = [plain_text(post.card) for post in await ben.tick()]
    assert len(told) == 1
    assert "One" in told[0]
    assert "Two" in told[0]
