"""Mentoring from request to report: asking, answering, reassigning, sharing, notes and digests."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.services.mentoring import ANSWER_WITHIN

from .conftest import Chat, button_line, buttons

FULL = "No mentor's free right now. You're on the waitlist"


async def start_mentorship(learner: Chat, mentor: Chat) -> int:
    """Let the mentor accept the learner's request, and return the mentorship's number."""
    await mentor.say("pair offer any")
    await learner.say(f"pair request {mentor.person}")
    (request_post,) = await learner.tick()
    accept = next(button.line for button in buttons(request_post.card) if button.label == "Accept")
    await mentor.say(accept)
    await learner.tick()
    return int(accept.split()[-1])


async def accept_one_more(learner: Chat, mentor: Chat) -> str:
    """Let a mentor accept one more learner, and return the mentor's answer as text."""
    await learner.say(f"pair request {mentor.person}")
    (request_post,) = await learner.tick()
    text = await mentor.text(buttons(request_post.card)[0].line)
    await learner.tick()
    return text


async def test_a_request_reaches_the_mentor_and_the_answer_the_learner(ben: Chat, chen: Chat) -> None:
    await chen.say("pair offer mlops, cloud max:2")
    await ben.say("plan keep ai-architect")
    assert "I've asked chen to be your mentor" in await ben.text("pair request chen")
    (request_post,) = await ben.tick()
    assert request_post.channel.id == "Dchen"
    assert request_post.card.title == "ben would like you as a mentor"
    assert "Target role: AI Architect. You offer" in plain_text(request_post.card)
    assert "have room for 2." in plain_text(request_post.card)
    assert [button.label for button in buttons(request_post.card)] == ["Accept", "Not now"]
    accepted = await chen.card(buttons(request_post.card)[0].line)
    assert accepted.title == "You're now ben's mentor"
    assert [button.label for button in buttons(accepted)] == ["Message ben", "My learners"]
    (message,) = await ben.tick()
    assert (message.channel.id, message.card.title) == ("Dben", "chen's your mentor now")
    assert [button.label for button in buttons(message.card)] == ["Choose what to share", "Message chen"]
    assert await ben.tick() == []


async def test_a_declining_mentor_is_not_named_and_the_next_is_asked(ben: Chat, chen: Chat, dee: Chat) -> None:
    await chen.say("pair offer any max:3")
    await dee.say("pair offer any max:3")
    await ben.say("pair request any")
    (first,) = await ben.tick()
    asked_first, other = (chen, dee) if first.channel.id == "Dchen" else (dee, chen)
    assert asked_first.person not in await asked_first.text(buttons(first.card)[1].line)
    (second,) = await ben.tick()
    assert second.channel.id == f"D{other.person}"
    assert (await asked_first.card(buttons(first.card)[0].line)).error == "not_found"  # the button is stale
    await other.say(buttons(second.card)[1].line)
    (waiting,) = await ben.tick()
    assert (waiting.channel.id, waiting.card.title) == ("Dben", FULL)


async def test_an_unanswered_request_goes_to_the_next_mentor_then_to_admins(
    chat: Chat, ben: Chat, chen: Chat, dee: Chat, clock: FrozenClock
) -> None:
    await chat.say("admin here monday 09:00 Europe/Berlin")
    await chen.say("pair offer any")
    await dee.say("pair offer any")
    await ben.say("pair request any")
    (first,) = await ben.tick()
    clock.travel_to(clock.now() + ANSWER_WITHIN - timedelta(seconds=1))
    assert await ben.tick() == []
    clock.travel_to(clock.now() + timedelta(seconds=1))
    posted = {post.channel.id: post.card.title for post in await ben.tick()}
    other = "Ddee" if first.channel.id == "Dchen" else "Dchen"
    assert posted == {first.channel.id: "ben's request has moved on", other: "ben would like you as a mentor"}
    clock.travel_to(clock.now() + ANSWER_WITHIN)
    posted = {post.channel.id: post.card.title for post in await ben.tick()}
    assert posted == {
        other: "ben's request has moved on",
        "Dben": "You're on the waitlist",
        "C1": "A learner's looking for a mentor",
    }


async def test_a_mentor_who_has_not_answered_can_be_asked_again(ben: Chat, chen: Chat, clock: FrozenClock) -> None:
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    (first,) = await ben.tick()
    assert "I've asked you before" not in plain_text(first.card)
    clock.travel_to(clock.now() + ANSWER_WITHIN)
    news = next(post.card for post in await ben.tick() if post.channel.id == "Dben")
    for card in (news, await ben.card("pair show"), await ben.card("pair request any")):
        assert card.title == "You're on the waitlist"
        assert "chen hasn't answered yet." in plain_text(card)
    assert (await ben.card(button_line(news, "Ask chen again"))).title == "I've asked chen to be your mentor"
    (again,) = await ben.tick()
    assert (again.channel.id, again.card.title) == ("Dchen", "ben would like you as a mentor")
    assert "“Not now” is fine, too." in plain_text(again.card)
    await chen.say("pair decline ben")
    assert [post.card.title for post in await ben.tick()] == [FULL], "nobody's told that it was a no"
    assert (await ben.card("pair show")).title == FULL


async def test_a_waiting_request_goes_out_once_a_mentor_has_room(ben: Chat, chen: Chat) -> None:
    assert "You're on the waitlist" in await ben.text("pair request any")
    assert await ben.tick() == []
    await chen.say("pair offer any max:1")
    (request_post,) = await ben.tick()
    assert request_post.channel.id == "Dchen"


async def test_an_open_request_goes_to_the_best_match_with_reasons(
    chat: Chat, ben: Chat, chen: Chat, dee: Chat
) -> None:
    berlin, auckland = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
    await chen.copy(zone=auckland).say("pair offer mlops")
    await dee.copy(zone=berlin).say("pair offer mlops, cloud, strategy")
    ben_in_berlin = ben.copy(zone=berlin)
    await ben_in_berlin.say("assess mlops:0 cloud:0 strategy:0")
    await ben_in_berlin.say("plan keep ai-architect")
    text = await ben_in_berlin.text("pair request any")
    assert "I've asked dee to be your mentor" in text
    assert "shares 8 working hours a day with you" in text
    assert "has no learners yet" in text


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("pair request ben", "bad_value", "You can't be your own mentor"),
        ("pair request @ben", "bad_value", "You can't be your own mentor"),
        ("pair request <@U77|nobody>", "not_found", "I can't find that mentor"),
        ("pair request chenn", "not_found", "Did you mean chen?"),
        ("pair request dee", "conflict", "has no room"),
        ("pair accept 999", "not_found", "isn't open any more"),
        ("pair decline 999", "not_found", "isn't open any more"),
        ("pair decline", "not_found", "Nobody's asking for you right now"),
        ("pair end", "not_found", "don't have a mentor or a request to end"),
        ("pair end 999", "not_found", "don't have a mentor or a request to end"),
        ("pair note 999 hello", "not_found", "don't have a mentor or learners to write to"),
        ("pair offer basket weaving", "bad_value", "I don't know “basket weaving”"),
        ("pair offer max:21", "bad_value", "from 0 to 20"),
        ("mentees", "not_found", "You don't have any learners yet"),
        ("mentees 1", "not_found", "You don't have any learners yet"),
        ("admin report", "not_allowed", "You need admin rights for that"),
        ("admin match", "not_allowed", "You need admin rights for that"),
        ("admin here", "not_allowed", "You need admin rights for that"),
    ],
)
async def test_an_impossible_mentoring_command_says_what_to_do_instead(
    ben: Chat, chen: Chat, dee: Chat, chat: Chat, line: str, code: str, says: str
) -> None:
    await chen.say("pair offer any max:2")
    await dee.say("pair offer any max:1")
    await chat.say("pair request dee")
    card = await ben.card(line)
    assert (card.error, says in plain_text(card)) == (code, True), plain_text(card)


async def test_a_learner_asks_one_mentor_at_a_time(ben: Chat, chen: Chat) -> None:
    await chen.say("pair offer any")
    await asyncio.gather(*(ben.say("pair request chen") for _ in range(4)))
    assert len(await ben.tick()) == 1
    assert "I'm waiting for the answer" in await ben.text("pair request any")


async def test_simultaneous_answers_settle_a_request_once(ben: Chat, chen: Chat) -> None:
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    (request_post,) = await ben.tick()
    accept, decline = (button.line for button in buttons(request_post.card))
    await asyncio.gather(chen.say(accept), chen.say(accept), chen.say(decline))
    posted = [post.card.title for post in await ben.tick()]
    assert len(posted) == 1
    assert posted[0] in ("chen's your mentor now", FULL)


async def test_a_mentor_sees_exactly_the_preview(ben: Chat, chen: Chat) -> None:
    await ben.say("assess mlops:1")
    await ben.say("plan keep ai-solutions-architect")
    await ben.say("plan block 1 why:No GPU quota")
    await ben.say("checkin plan step:Write obstacle:late then:call")
    number = await start_mentorship(ben, chen)
    text = await chen.text(f"mentees {number}")
    assert "Nothing else is shared." in text
    assert "GPU" not in text + await chen.text("mentees")
    for visibility in ("progress", "checkins"):
        preview = await ben.card(f"pair share {visibility}")
        overview = await chen.card(f"mentees {number}")
        assert preview.blocks[:-2] != overview.blocks[:-1]
        await ben.say(next(button.line for button in buttons(preview) if button.label == "Share this"))
        overview = await chen.card(f"mentees {number}")
        assert preview.blocks[:-2] == overview.blocks[:-1]
    assert "ben: stuck as of today on" in await chen.text("mentees")
    assert "No GPU quota" in await chen.text("mentees")


async def test_a_former_mentor_sees_nothing(ben: Chat, chen: Chat) -> None:
    await ben.say("plan add Our secret")
    await ben.say("pair share progress agree:yes")
    number = await start_mentorship(ben, chen)
    assert "ben" in await chen.text("mentees")
    await ben.say("pair end confirm:yes")
    (message,) = await ben.tick()
    assert (message.channel.id, message.card.title) == ("Dchen", "You're no longer ben's mentor")
    for line in (
        "mentees",
        f"mentees {number}",
        f"pair note {number} hello",
        f"pair accept {number}",
        f"pair end {number}",
    ):
        card = await chen.card(line)
        assert card.error == "not_found"
        assert "secret" not in plain_text(card)


async def test_a_note_reaches_the_learner_and_pings_nobody(ben: Chat, chen: Chat) -> None:
    number = await start_mentorship(ben, chen)
    await chen.say(f'pair note {number} "Well done @everyone <!channel>"')
    (note,) = await ben.later()
    assert note.channel.id == "Dben"
    assert note.card.title == 'chen: "Well done @everyone <!channel>"'


async def test_one_digest_a_week_for_all_learners(ben: Chat, chen: Chat, dee: Chat, clock: FrozenClock) -> None:
    await chen.say("pair digest monday 09:00 Europe/Berlin")
    assert "nothing for now (there are no learners yet" in await chen.text("why")
    clock.travel_to(clock.now() + timedelta(days=7))
    assert await ben.tick() == []  # a digest without learners is skipped
    assert "skipped: there are no learners yet" in await chen.text("why")
    await start_mentorship(ben, chen)
    assert "Next message: mentor digest, Monday, 7 Dec" in await chen.text("why")
    await start_mentorship(dee, chen)
    clock.travel_to(clock.now() + timedelta(days=7))
    (digest,) = await ben.tick()
    assert digest.channel.id == "Dchen"
    assert "ben" in plain_text(digest.card)
    assert "dee" in plain_text(digest.card)


async def test_a_stopped_digest_stays_stopped(ben: Chat, chen: Chat, dee: Chat, clock: FrozenClock) -> None:
    await start_mentorship(ben, chen)
    assert "Next: Monday, 30 November 2026, 09:00" in await accept_one_more(dee, chen)
    await chen.say("pair digest off:yes")
    assert "it stays off" in await accept_one_more(chen.copy(person="eve"), chen)
    clock.travel_to(clock.now() + timedelta(days=7))
    assert await ben.tick() == []


async def test_a_digest_asks_for_an_unknown_zone(chen: Chat) -> None:
    form = await chen.say("pair digest")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields if field.required] == ["zone"]


async def test_the_report_names_nobody_and_hides_small_groups(chat: Chat) -> None:
    people = [chat.copy(person=f"learner{number}", admin=False) for number in range(5)]
    for person in people[:4]:
        await person.say("plan add Read")
    assert "Learners: shown once there are 5, to protect privacy." in await chat.text("admin report")
    assert "median" not in (await chat.text("admin report")).split("(Counts")[0]
    for number, person in enumerate(people):
        await person.say("plan add Read hours:2")
        await person.say(f"plan pace {number + 1}")
    await people[0].say("plan block 1 why:Waiting")
    text = await chat.text("admin report")
    assert "Learners with a plan: 5" in text
    assert "Hours per week: 3 (median)" in text
    assert "Stuck: fewer than 5" in text
    assert "learner0" not in text


async def test_mentorships_are_hidden_from_other_workspaces(ben: Chat, chen: Chat) -> None:
    number = await start_mentorship(ben, chen)
    stranger = chen.copy(workspace="T2")
    for line in (
        "mentees",
        f"mentees {number}",
        f"pair accept {number}",
        f"pair end {number}",
        f"pair note {number} hi",
    ):
        assert (await stranger.card(line)).error in ("not_allowed", "not_found")
    assert "Nobody mentors here yet" in await stranger.text("pair list")
    assert "chen" in await chen.text("pair list")


async def test_a_departed_mentor_gets_no_requests(ben: Chat, chen: Chat) -> None:
    await chen.say("pair offer any")
    mentor_key = (Workspace("slack", "T1"), "chen")
    await ben.app_context.store.maintenance.save_check(mentor_key, ben.app_context.clock.now(), has_left=True)
    assert (await ben.card("pair request chen")).error == "not_found"
    assert "You're on the waitlist" in await ben.text("pair request any")
