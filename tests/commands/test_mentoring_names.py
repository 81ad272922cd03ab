"""Mentors and learners by name, notes both ways, switching and stopping."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.services.mentoring import THANKS_WITHIN

from .conftest import Chat, button_line, buttons, new_maintenance


async def say_as(chat: Chat, person: str, name: str, line: str) -> Card:
    """Send a line as a person whose name differs from their id."""

    async def member() -> Member:
        return Member(person, name)

    caller = Caller(Channel(Workspace("slack", "T1"), "C1", "general"), person, name, member)
    answer = await chat.app_context.dispatcher.answer(CommandRequest(caller, line), chat.platform)
    assert isinstance(answer, Card)
    return answer


@pytest.fixture
async def mentor(chen: Chat) -> Chat:
    """Chen, who mentors Zoë Núñez (U1), Ben Smith (U2) and Benedikt (U3)."""
    await chen.say("pair offer any max:5")
    for person, name in (("U1", "Zoë Núñez"), ("U2", "Ben Smith"), ("U3", "Benedikt")):
        await say_as(chen, person, name, "pair request chen")
        await chen.say(f"pair accept {name}")
    await chen.tick()
    return chen


def labels(answer: Answer) -> list[str]:
    assert isinstance(answer, Card)
    return [button.label for button in buttons(answer)]


@pytest.mark.parametrize("who", ["zoe", "Zoë", "nunez", "<@U1>", "<@U1|zoe>", "@zoë", "U1", "1", "ZOE"])
async def test_a_learner_is_found_by_name_mention_or_number(mentor: Chat, who: str) -> None:
    assert (await mentor.card(f"mentees {who}")).title == "Zoë Núñez"
    assert (await mentor.card(f"pair note {who} Nice log!")).title == "Sent to Zoë Núñez"
    (note,) = await mentor.later()
    assert (note.channel.id, note.card.title) == ("DU1", 'chen: "Nice log!"')


async def test_an_unknown_name_lists_the_learners_and_keeps_the_note(mentor: Chat) -> None:
    card = await mentor.card("pair note bne Nice log!")
    assert (card.title, card.error) == ("I can't find a learner called bne", "not_found")
    assert "Your learners: Zoë Núñez, Ben Smith, Benedikt." in plain_text(card)
    assert labels(card) == ["Send to Zoë Núñez", "Send to Ben Smith", "Send to Benedikt"]
    assert await mentor.tick() == []
    await mentor.say(button_line(card, "Send to Ben Smith"))
    (note,) = await mentor.later()
    assert (note.channel.id, note.card.title) == ("DU2", 'chen: "Nice log!"')


async def test_no_word_of_a_note_without_a_name_is_lost(mentor: Chat) -> None:
    card = await mentor.card("pair note Great work this week")
    assert '"Great work this week"' in plain_text(card)
    await mentor.say(button_line(card, "Send to Zoë"))
    (note,) = await mentor.later()
    assert note.card.title == 'chen: "Great work this week"'


async def test_several_learners_of_that_name_become_buttons(mentor: Chat) -> None:
    card = await mentor.card("mentees ben")
    assert (card.title, labels(card)) == ("Which ben?", ["Ben Smith", "Benedikt"])
    assert (await mentor.card(button_line(card, "Benedikt"))).title == "Benedikt"
    assert (await mentor.card("pair note Ben Smith Well done")).title == "Sent to Ben Smith"
    (note,) = await mentor.later()
    assert note.card.title == 'chen: "Well done"'


async def test_no_card_shows_a_number(mentor: Chat) -> None:
    for line in ("mentees", "mentees zoe", "pair note nobody hi", "pair end"):
        card = await mentor.card(line)
        shown = [card.title, *labels(card), plain_text(Card(card.title, card.blocks[:-1]))]
        assert not any(text in ("1", "2", "3") or "pairing" in text for text in shown)


async def test_a_mentor_says_whom_to_part_with(mentor: Chat) -> None:
    card = await mentor.card("pair end")
    assert labels(card) == ["Zoë Núñez", "Ben Smith", "Benedikt"]
    preview = await mentor.card("pair end zoe")
    assert preview.title == "Stop mentoring Zoë Núñez?"
    assert "I'd let Zoë Núñez know right away, so there's no undo." in plain_text(preview)
    assert labels(await mentor.card("mentees")) == ["Zoë Núñez", "Ben Smith", "Benedikt"]
    ended = await mentor.card(button_line(preview, "End mentorship"))
    assert ended.title == "You're no longer Zoë Núñez's mentor"


async def test_a_note_can_be_taken_back_before_it_arrives(mentor: Chat) -> None:
    sent = await mentor.card("pair note zoe Nice lgo!")
    assert "You can undo this for 30 seconds." in plain_text(sent)
    assert await mentor.tick() == []
    stranger = mentor.copy(person="U2", admin=False)
    assert (await stranger.card(button_line(sent, "Undo"))).error == "not_found"
    undone = await mentor.card(button_line(sent, "Undo"))
    assert undone.title == "Undone: Zoë Núñez won't get your note"
    assert await mentor.later() == []
    again = await mentor.card(button_line(undone, "Send it"))
    (note,) = await mentor.later()
    assert note.card.title == 'chen: "Nice lgo!"'
    late = await mentor.card(button_line(again, "Undo"))
    assert (late.title, late.error) == ("Too late to undo: Zoë Núñez has your note", "conflict")


async def test_a_note_is_a_conversation(mentor: Chat) -> None:
    await mentor.say("pair note zoe Which certificate are you leaning towards?")
    (note,) = await mentor.later()
    assert labels(note.card) == ["Reply"]
    line = button_line(note.card, "Reply")
    zoe = mentor.copy(person="U1", admin=False)
    form = await zoe.say(line)
    assert isinstance(form, Form)
    assert (form.title, [field.name for field in form.fields]) == ("Message chen", ["text"])
    sent = await say_as(mentor, "U1", "Zoë", f'{form.line} text:"The AWS one"')
    assert sent.title == "Sent to chen"
    (reply,) = await mentor.later()
    assert (reply.channel.id, reply.card.title) == ("Dchen", 'Zoë Núñez: "The AWS one"')
    await mentor.say(f"{button_line(reply.card, 'Reply')} Good choice")
    (answer,) = await mentor.later()
    assert (answer.channel.id, answer.card.title) == ("DU1", 'chen: "Good choice"')


@pytest.mark.parametrize("line", ["pair note mentor Help", "pair note chen Help", "pair reply Help"])
async def test_a_learner_writes_to_their_mentor(mentor: Chat, line: str) -> None:
    assert (await say_as(mentor, "U1", "Zoë", line)).title == "Sent to chen"
    (note,) = await mentor.later()
    assert (note.channel.id, note.card.title) == ("Dchen", 'Zoë Núñez: "Help"')


async def test_a_reply_goes_to_whoever_wrote_last(mentor: Chat, clock: FrozenClock) -> None:
    await say_as(mentor, "U1", "Zoë", "pair note mentor One")
    await say_as(mentor, "U2", "Ben Smith", "pair note mentor Two")
    await mentor.later()
    assert (await mentor.card("pair reply Thanks")).title == "Sent to Ben Smith"


async def test_a_long_note_stands_in_the_card_and_a_note_opens_the_stuck_step(mentor: Chat) -> None:
    for line in ("plan add Read", "plan block 1 why:No GPU"):
        await say_as(mentor, "U1", "Zoë", line)
    await mentor.say(f"pair note zoe {'word ' * 60}")
    (note,) = await mentor.later()
    assert len(note.card.title) < 150
    assert ("word " * 60).strip() in plain_text(note.card)
    assert labels(note.card) == ["Reply", "Open step"]


async def test_a_learner_with_a_mentor_is_asked_before_switching(mentor: Chat, dee: Chat) -> None:
    await dee.say("pair offer any")
    card = await say_as(mentor, "U1", "Zoë", "pair request dee")
    assert card.title == "chen's already your mentor"
    assert "If you switch, chen no longer sees your plan." in plain_text(card)
    assert labels(card) == ["Keep chen", "Switch mentor"]
    assert (await say_as(mentor, "U1", "Zoë", button_line(card, "Keep"))).title == "chen's your mentor"
    assert await mentor.tick() == []
    switched = await say_as(mentor, "U1", "Zoë", button_line(card, "Switch"))
    assert switched.title == "I've asked dee to be your mentor"
    assert {post.channel.id: post.card.title for post in await mentor.tick()} == {
        "Dchen": "You're no longer Zoë's mentor",
        "Ddee": "Zoë would like you as a mentor",
    }


async def test_a_switch_to_nobody_known_ends_nothing(mentor: Chat) -> None:
    assert (await say_as(mentor, "U1", "Zoë", "pair request zork switch:yes")).error == "not_found"
    assert (await say_as(mentor, "U1", "Zoë", "pair show")).title == "chen's your mentor"


async def test_a_former_mentor_is_thanked_once(mentor: Chat, clock: FrozenClock) -> None:
    preview = await say_as(mentor, "U1", "Zoë", "pair end")
    assert (preview.title, labels(preview)) == ("Stop working with chen?", ["Keep chen", "End mentorship"])
    assert await mentor.tick() == []
    ended = await say_as(mentor, "U1", "Zoë", button_line(preview, "End"))
    assert (ended.title, labels(ended)) == ("chen's no longer your mentor", ["Thank chen", "Find a mentor"])
    await mentor.tick()
    thank = button_line(ended, "Thank")
    assert (await say_as(mentor, "U1", "Zoë", f"{thank} Thank you!")).title == "Sent to chen"
    (note,) = await mentor.later()
    assert (note.channel.id, labels(note.card)) == ("Dchen", ["My learners"])
    assert (await say_as(mentor, "U1", "Zoë", f"{thank} And again")).error == "conflict"
    clock.travel_to(clock.now() + 2 * THANKS_WITHIN)
    assert (await say_as(mentor, "U1", "Zoë", f"{thank} Late")).error == "not_found"


async def test_an_offer_to_everyone_is_asked_for_first(ben: Chat, chen: Chat) -> None:
    await ben.say("pair request any")
    card = await chen.card("pair offer")
    assert card.title == "Offer to mentor anyone, up to 3 learners?"
    assert labels(card) == ["Offer", "Choose skills"]
    assert await ben.tick() == []
    form = await chen.say(button_line(card, "Choose skills"))
    assert isinstance(form, Form)
    assert "skills" in [field.name for field in form.fields]
    await chen.say(button_line(card, "Offer"))
    assert [post.channel.id for post in await ben.tick()] == ["Dchen"]


async def test_a_new_limit_keeps_the_skills(chen: Chat) -> None:
    await chen.say("pair offer mlops max:2")
    assert "You offer help with MLOps practices to up to 5 learners at once." in await chen.text("pair offer max:5")
    undo = button_line(await chen.card("pair offer max:0"), "Undo")
    assert "You offer help with MLOps practices to up to 5 learners at once." in await chen.text(undo)


async def test_taking_nobody_new_passes_requests_on_and_keeps_learners(mentor: Chat, ben: Chat, dee: Chat) -> None:
    await ben.say("pair request chen")
    await mentor.tick()
    await dee.say("pair offer any")
    card = await mentor.card("pair offer max:0")
    assert "Zoë Núñez, Ben Smith and Benedikt stay with you." in plain_text(card)
    assert [post.channel.id for post in await mentor.tick()] == ["Ddee"]
    assert labels(await mentor.card("mentees")) == ["Zoë Núñez", "Ben Smith", "Benedikt"]


async def test_learners_of_a_mentor_who_stops_are_told_and_rematched(mentor: Chat, dee: Chat) -> None:
    await dee.say("pair offer any max:5")
    card = await mentor.card(button_line(await mentor.card("pair offer max:0"), "Hand over"))
    assert card.title == "Stop mentoring Zoë Núñez, Ben Smith and Benedikt?"
    assert await mentor.tick() == []
    await mentor.say(button_line(card, "Hand over"))
    posted = await mentor.tick()
    told = {post.channel.id for post in posted if post.card.title.startswith("Your mentor had to stop")}
    assert told == {"DU1", "DU2", "DU3"}
    assert any("would like you as a mentor" in plain_text(post.card) for post in posted if post.channel.id == "Ddee")
    assert (await mentor.card("mentees")).error == "not_found"


async def test_learners_of_a_mentor_who_left_are_told_and_rematched(mentor: Chat, dee: Chat) -> None:
    await dee.say("pair offer any max:5")
    mentor.platform.former_members.add((Workspace("slack", "T1"), "chen"))
    await new_maintenance(mentor).run()
    told = [post.channel.id for post in await mentor.tick() if post.card.title.startswith("Your mentor had to stop")]
    assert sorted(told) == ["DU1", "DU2", "DU3"]


@pytest.mark.parametrize(
    ("text", "title", "line"),
    [
        ("accept Maria", "Maria hasn't asked you", "pair accept {id}"),
        ("I'll take Maria Lopez", "Maria Lopez hasn't asked you", "pair accept {id}"),
        ("no room for maria", "Maria hasn't asked you", "pair decline {id}"),
        ("accept dee", "Accept dee?", "pair accept who:dee"),
        ("accept the request please", "Accept a learner?", "pair accept"),
    ],
)
async def test_only_who_is_named_is_accepted(mentor: Chat, dee: Chat, text: str, title: str, line: str) -> None:
    await dee.say("pair request chen")
    card = await mentor.copy(forms=False).speak(text)
    assert isinstance(card, Card)
    assert (card.title, buttons(card)[0].line) == (title, line.format(id=4))


@pytest.mark.parametrize(
    ("text", "note"),
    [("tell Maria: hi! When do you have time?", "hi! When do you have time?"), ("tell maria I'm late", "I'm late")],
)
async def test_a_note_to_someone_else_goes_to_nobody_unasked(chen: Chat, ben: Chat, text: str, note: str) -> None:
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    await chen.say("pair accept ben")
    card = await ben.copy(forms=False).speak(text)
    assert isinstance(card, Card)
    assert (card.title.lower(), [button.label for button in buttons(card)]) == (
        "i can't find anyone called maria",
        ["Send to chen"],
    )
    assert f'"{note}"' in plain_text(card)


async def test_a_mentor_nobody_knows_is_not_replaced_by_another(mentor: Chat, dee: Chat) -> None:
    card = await dee.copy(forms=False).speak("can I have Maria as a mentor")
    assert isinstance(card, Card)
    assert card.title == "I can't find a mentor called Maria"


@pytest.mark.parametrize(
    ("shared", "text", "line"),
    [
        ("progress", "let chen see my check-ins", "pair share checkins agree:yes"),
        ("progress", "share everything with my mentor", "pair share checkins agree:yes"),
        ("checkins", "stop sharing with chen", "pair share nothing agree:yes"),
        ("checkins", "hide my plan from chen", "pair share nothing agree:yes"),
        ("checkins", "stop sharing my check-ins", "pair share progress agree:yes"),
        ("nothing", "stop sharing my check-ins with chen", "pair share progress"),
        ("nothing", "hide my plan from my mentor", "pair share progress"),
    ],
)
async def test_what_is_to_be_shared_comes_first(mentor: Chat, shared: str, text: str, line: str) -> None:
    learner = mentor.copy(person="U3", forms=False)
    await learner.say(f"pair share {shared} agree:yes")
    card = await learner.speak(text)
    assert isinstance(card, Card)
    assert buttons(card)[0].line == line


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("ask chen to be my mentor", "Ask chen to mentor me?"),
        ("ask Maria to be my mentor", "I can't find a mentor called Maria"),
        ("can Maria mentor me?", "I can't find a mentor called Maria"),
        ("i want to become a mentor", "Offer to mentor?"),
        ("I'm full", "Take no new learners?"),
        ("stop new requests", "Take no new learners?"),
        ("leave the waitlist", "End my mentorship or request?"),
    ],
)
async def test_a_wish_about_mentoring_is_offered(mentor: Chat, dee: Chat, text: str, title: str) -> None:
    card = await dee.copy(forms=False).speak(text)
    assert isinstance(card, Card)
    assert card.title == title


async def test_a_mentor_is_greeted_with_requests_and_learners(mentor: Chat, dee: Chat) -> None:
    assert (await mentor.card("hi")).title == "Hi chen! Nobody's stuck, as far as I can see"
    await dee.say("pair request chen")
    card = await mentor.card("hi")
    assert (card.title, labels(card)) == (
        "Hi chen! dee would like you as a mentor",
        ["Accept dee", "Not now", "My learners"],
    )
