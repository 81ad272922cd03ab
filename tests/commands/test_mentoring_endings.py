"""Mentorships that end, are reassigned and start again: each side gets the right message, and no request is forgotten."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.services.mentoring import ANSWER_WITHIN, RETRY_AFTER

from .conftest import Chat, button_line, buttons, new_maintenance


async def send_request(learner: Chat, mentor: Chat) -> int:
    """Let the mentor offer and the learner ask, and return the request's number."""
    await mentor.say("pair offer any max:1")
    await learner.say(f"pair request {mentor.person}")
    (post,) = await learner.tick()
    return int(buttons(post.card)[0].line.split()[-1])


async def start_mentorship(learner: Chat, mentor: Chat) -> int:
    """Let the mentor accept the learner's request, and return the mentorship's number."""
    number = await send_request(learner, mentor)
    await mentor.say(f"pair accept {number}")
    await learner.tick()
    return number


async def test_ending_a_request_declines_it(ben: Chat, chen: Chat, dee: Chat) -> None:
    number = await send_request(ben, chen)
    await dee.say("pair offer any")
    assert "I'm asking someone else for ben" in await chen.text(f"pair end {number}")
    assert [post.channel.id for post in await ben.tick()] == ["Ddee"]


async def test_a_mentor_freed_by_declining_is_asked_for_the_next_learner(ben: Chat, chen: Chat, dee: Chat) -> None:
    number = await send_request(ben, chen)
    await dee.say("pair request any")
    await chen.say(f"pair decline {number}")
    posted = {post.channel.id: plain_text(post.card) for post in await ben.tick()}
    assert "dee would like you as a mentor" in posted["Dchen"]
    assert "You're on the waitlist" in posted["Dben"]


async def test_two_unanswered_requests_swap_mentors(ben: Chat, chen: Chat, dee: Chat, clock: FrozenClock) -> None:
    eve = ben.copy(person="eve")
    await send_request(ben, chen)
    await send_request(eve, dee)
    clock.travel_to(clock.now() + ANSWER_WITHIN)
    messages = {post.channel.id: plain_text(post.card) for post in await ben.tick()}
    assert set(messages) == {"Dchen", "Ddee"}
    for text in messages.values():  # both arrive merged in one message
        assert "I didn't hear back" in text
        assert "would like you as a mentor" in text.lower()


async def test_a_mentor_is_asked_again_after_the_retry_delay(ben: Chat, chen: Chat, clock: FrozenClock) -> None:
    number = await send_request(ben, chen)
    await chen.say(f"pair decline {number}")
    await ben.tick()
    clock.travel_to(clock.now() + RETRY_AFTER - timedelta(seconds=1))
    await new_maintenance(ben).run()
    assert await ben.tick() == []
    clock.travel_to(clock.now() + timedelta(seconds=1))
    await new_maintenance(ben).run()
    assert [post.channel.id for post in await ben.tick()] == ["Dchen"]
    await chen.say(f"pair decline {number}")
    assert [post.card.title for post in await ben.tick()] == ["No mentor's free right now. You're on the waitlist"]


async def test_admins_hear_of_an_unmatched_request_at_once(chat: Chat, ben: Chat) -> None:
    await chat.say("admin here monday 09:00 Europe/Berlin")
    await ben.say("pair request any")
    assert [post.card.title for post in await ben.tick()] == ["A learner's looking for a mentor"]


async def test_each_side_hears_of_the_ending(ben: Chat, chen: Chat) -> None:
    await start_mentorship(ben, chen)
    assert "chen can't see your plan any more." in await ben.text("pair end confirm:yes")
    (message,) = await ben.tick()
    assert message.card.title == "You're no longer ben's mentor"
    number = await start_mentorship(ben, chen)
    assert "no longer ben's mentor" in await chen.text(f"pair end {number} confirm:yes")
    (message,) = await ben.tick()
    assert message.card.title == "chen can't be your mentor any more"


async def test_a_mentor_who_names_one_learner_keeps_the_others(ben: Chat, chen: Chat) -> None:
    await start_mentorship(ben, chen)
    offered = await chen.speak("sorry, I can't mentor ben any more")
    assert isinstance(offered, Card)
    assert buttons(offered)[0].line == "pair end who:ben"


async def test_a_request_made_again_can_end_again(ben: Chat, chen: Chat) -> None:
    await send_request(ben, chen)
    undo = button_line(await ben.card("pair end"), "Undo")
    for _ in range(2):
        await ben.say(undo)
        (request,) = await ben.tick()
        await chen.say(button_line(request.card, "Accept"))
        await ben.tick()
        await ben.say("pair end confirm:yes")
        (message,) = await ben.tick()
        assert message.card.title == "You're no longer ben's mentor"


async def test_visibility_is_reset_for_the_next_mentor(ben: Chat, chen: Chat, dee: Chat) -> None:
    await ben.say("plan add Our secret")
    await start_mentorship(ben, chen)
    await ben.say("pair share checkins agree:yes")
    await ben.say("pair end confirm:yes")
    await ben.tick()
    number = await start_mentorship(ben, dee)
    assert "Nothing else is shared." in await dee.text(f"mentees {number}")


async def test_learners_of_a_forgotten_mentor_are_rematched(ben: Chat, chen: Chat, dee: Chat) -> None:
    await ben.say("plan add Our secret")
    await start_mentorship(ben, chen)
    await ben.say("pair share progress agree:yes")
    await dee.say("pair offer any")
    await chen.say("me forget confirm:yes")
    posted = {post.channel.id: post.card for post in await ben.tick()}
    assert posted["Dben"].title == "Your mentor had to stop. I'm finding you someone new"
    await dee.say(buttons(posted["Ddee"])[0].line)
    assert "sharing progress" in await dee.text("mentees")
    assert "chen" not in await ben.text("me export")


async def test_a_forgotten_learner_frees_the_mentor(ben: Chat, chen: Chat, dee: Chat) -> None:
    await start_mentorship(ben, chen)
    await dee.say("pair request any")
    await ben.say("me forget confirm:yes")
    assert [post.channel.id for post in await ben.tick()] == ["Dchen"]


async def test_outdated_messages_are_not_sent(ben: Chat, chen: Chat) -> None:
    number = await send_request(ben, chen)
    await chen.say(f"pair accept {number}")
    await ben.say("pair end confirm:yes")
    assert [post.card.title for post in await ben.tick()] == ["You're no longer ben's mentor"]
    number = await send_request(ben, chen)
    await chen.say(f"pair decline {number}")
    await ben.say("pair end")
    assert await ben.tick() == []


async def test_no_mentor_is_asked_for_a_departed_learner(ben: Chat, chen: Chat) -> None:
    await ben.say("pair request any")
    await ben.app_context.store.maintenance.save_check(
        (Workspace("slack", "T1"), "ben"), ben.app_context.clock.now(), has_left=True
    )
    await chen.say("pair offer any")
    assert await ben.tick() == []


async def test_two_simultaneous_notes_are_both_sent(ben: Chat, chen: Chat) -> None:
    number = await start_mentorship(ben, chen)
    await chen.say(f"pair note {number} One")
    await chen.say(f"pair note {number} Two")
    messages = [plain_text(post.card) for post in await ben.later()]
    assert len(messages) == 1
    assert "One" in messages[0]
    assert '"TWO"' in messages[0]  # the title of the second card of a merged message


async def test_a_withdrawn_request_can_be_made_again(ben: Chat, chen: Chat) -> None:
    number = await send_request(ben, chen)
    cancelled = await ben.card("pair end")
    assert cancelled.title == "Request cancelled"
    assert (await chen.card(f"pair accept {number}")).error == "not_found"
    again = await ben.card(button_line(cancelled, "Undo"))
    assert again.title == "I've asked chen to be your mentor"
    (request_post,) = await ben.tick()
    await chen.say(buttons(request_post.card)[0].line)
    assert (await ben.card("pair show")).title == "chen's your mentor"
    assert (await ben.card(button_line(cancelled, "Undo"))).title == "chen's already your mentor"


async def test_someone_back_on_the_waitlist_has_their_old_place(ben: Chat, chen: Chat, dee: Chat) -> None:
    left = None
    for learner in (ben, dee):
        await learner.say("pair request any")
    left = await ben.card("pair end")
    assert left.title == "You're off the waitlist"
    assert (await dee.card(button_line(left, "Undo"))).title == "No mentor's free right now. You're on the waitlist"
    await ben.say(button_line(left, "Undo"))
    await chen.say("pair offer any max:1")
    (request_post,) = await ben.tick()
    assert request_post.card.title == "ben would like you as a mentor"
