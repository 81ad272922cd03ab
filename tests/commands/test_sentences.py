"""Sentences as people type them: every value is on the offer, in words, and what's theirs stays as they typed it."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.commands import load_commands, registry
from mentorbot.domain.plan import Plan
from mentorbot.slash.registry import CommandSpec

from .conftest import Chat, button_line, buttons, stored_plan

STEPS = ("Read the RAG paper", "Build a pipeline that survives a bad day", "Explain one system")


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """Ada, who has three steps and writes to nobody."""
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:4')
    return chat.copy(forms=False)


@pytest.fixture
async def chen(ada: Chat) -> Chat:
    """Chen, who mentors Ben."""
    mentor, ben = ada.copy(person="chen", admin=False), ada.copy(person="ben", admin=False)
    await mentor.say("pair offer any")
    await ben.say("pair request chen")
    await mentor.say("pair accept ben")
    await ada.tick()
    return mentor


async def speak(chat: Chat, *texts: str) -> Card:
    """Say some things, one after the other, and return the last answer."""
    *_, answer = [await chat.speak(text) for text in texts]
    assert isinstance(answer, Card)
    return answer


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("i moved to Lisbon", "Use Lisbon time?"),
        ("please add a talk with legal to my plan, that would be nice", "Add “talk with legal”?"),
        ("put read up on caching on my list when you get a chance", "Add “read up on caching”?"),
        ("rate me 2 in mlops", "Set MLOps practices to level 2?"),
        ("I could mentor somebody, 1 person max", "Mentor up to 1 learner?"),
        ("I can mentor people in mlops", "Offer to mentor in MLOps practices?"),
        ("I can mentor in mlops and neural networks", "Offer to mentor in MLOps practices, Designing neural networks?"),
        (
            "I can mentor 2 people in cloud and mlops, please",
            "Mentor up to 2 learners, in Cloud platforms and certifications, MLOps practices?",
        ),
        ("I could help people learn mlops", "Offer to mentor in MLOps practices?"),
        ("take the deadline off step 2", "Change “Build a pipeline that survives a bad day”, no due date?"),
        ("the rag paper doesn't need a date any more", "Change “Read the RAG paper”, no due date?"),
        ("move step 3 after step 1", "Move “Explain one system” after “Read the RAG paper”?"),
        (
            "do the pipeline before the rag paper",
            "Move “Build a pipeline that survives a bad day” before “Read the RAG paper”?",
        ),
        ("move the rag paper to the end", "Do “Read the RAG paper” last?"),
        ("move step 3 to the top", "Do “Explain one system” first?"),
        ("move step 3 to the end of january", "Move “Explain one system” to the week of 25 Jan?"),
        ("switch steps 1 and 3 around", "Swap “Read the RAG paper” and “Explain one system”?"),
        ("push my whole plan back by two weeks", "Move everything 2 weeks later?"),
        ("push step 3 back by two weeks", "Move “Explain one system” 2 weeks later?"),
        ("change step 2 to 6 hours", "Change “Build a pipeline that survives a bad day”: 6 h?"),
        ("i need until friday next week for the rag paper", "Change “Read the RAG paper”, due Friday, 4 Dec?"),
        ("rename step 1 to Read two RAG papers", "Change “Read the RAG paper”, now “Read two RAG papers”?"),
        ("quiz me every wednesday at noon", "Quiz me on Wednesdays at 12:00?"),
        (
            "finished the rag paper, see https://example.org/x",
            "Finish “Read the RAG paper”, with https://example.org/x?",
        ),
        ("office is closed 23-25 dec", "Add days off: 23–25 Dec?"),
        ("ask me on thursdays at 4", "Check in on Thursdays at 16:00?"),
        ("wednesdays at 3 would suit me for the check-in", "Check in on Wednesdays at 15:00?"),
        ("check in tuesdays at 8 in the evening", "Check in on Tuesdays at 20:00?"),
        ("I just get to 2 hours per week for a while now", "Plan 2 h a week?"),
        ("cool so what is step 2", "Build a pipeline that survives a bad day, 4 h"),
        ("love it, quiz me every monday at noon", "Quiz me on Mondays at 12:00?"),
        ("at most 3 messages a week", "Get at most 3 messages a week?"),
        ("check in every 2 weeks instead", "Check in every 2 weeks?"),
        ("nothing after 8pm please", "Set quiet hours to 20:00-08:00?"),
        ("quiet before 9am", "Set quiet hours to 20:00-09:00?"),
        ("no messages between 10pm and 7am", "Set quiet hours to 22:00-07:00?"),
        ("don't write me before 10 or after 6", "Set quiet hours to 18:00-10:00?"),
        ("halb neun would be better for the monday question", "Check in on Mondays at 08:30?"),
        ("every other week is enough for the check-in", "Check in every 2 weeks?"),
        ("I live in Germany now", "Use Berlin time?"),
        ("I'm off to the beach tomorrow for 10 days", "Pause until Friday, 4 Dec, away 24 Nov – 3 Dec?"),
        ("week after next I'm travelling", "Pause until Monday, 14 Dec, away 7–13 Dec?"),
        ("message me on thursdays at 4", "Check in on Thursdays at 16:00?"),
        ("put in two and a half hours yesterday", "2 h or 3 h?"),
        ("at most one message a week", "Get at most 1 message a week?"),
        ("finish the rag one by friday next week", "Change “Read the RAG paper”, due Friday, 4 Dec?"),
        ("I read half of the RAG paper", "Log “Read the RAG paper” as 50% done?"),
        ("step 2 is 75% done", "Log “Build a pipeline that survives a bad day” as 75% done?"),
        ("my exam for the rag paper is on 15 february", "Change “Read the RAG paper”, due Monday, 15 Feb?"),
        (
            "I won't make the rag paper by friday, busy week. 8 january pls",
            "Change “Read the RAG paper”, due Friday, 8 Jan?",
        ),
        ("the rag paper: 2 hours is enough", "Change “Read the RAG paper”: 2 h?"),
        ("here's my pipeline: https://a.b/c", "Finish “Build a pipeline that survives a bad day”, with https://a.b/c?"),
        ("can we drop the rag paper, nobody here would let me", "Drop “Read the RAG paper”?"),
        (
            "add something on tests to my plan, maybe 10 h, by end of may",
            "Add “something on tests” by Monday, 31 May, 10 h?",
        ),
        ("remind me about the rag paper on 16 december", "Change “Read the RAG paper”, due Wednesday, 16 Dec?"),
        ("drop the last step", "Drop “Explain one system”?"),
        ("start over", "Your target role?"),
        ("i did another hour and a half yesterday", "1 h or 2 h?"),
        ("i'm back", "Welcome back, ada"),
        ("split step two", "Split “Build a pipeline that survives a bad day” into 2 parts?"),
        ("I'm stuck, nobody gives me a license", "Get help with my step: nobody gives me a license?"),
        ("stuck on the rag one, can't get access to it", "Get help with “Read the RAG paper”: can't get access to it?"),
        ("skip the rag one", "Drop “Read the RAG paper”?"),
        ("I can take two learners", "Mentor up to 2 learners?"),
        ('please add "Read the tracing docs" before friday', "Add “Read the tracing docs” by Friday, 27 Nov?"),
    ],
)
async def test_an_offer_says_everything_that_was_understood(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("push the rag paper back two weeks", "7 Dec"),  # two weeks from where it's planned, not from today
        ("no more than two messages a week", "30 Nov"),
        ("finish step 2 in a fortnight", "with in a fortnight"),
    ],
)
async def test_what_a_value_is_not_for_is_no_value(ada: Chat, text: str, hidden: str) -> None:
    assert hidden not in plain_text(await speak(ada, text))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("i'm away this week", "Pause until Monday, 30 Nov, away 23–29 Nov"),
        ("i'm back after christmas", "Pause until Saturday, 26 Dec"),
    ],
)
async def test_when_someone_is_away_is_on_the_button(ada: Chat, text: str, label: str) -> None:
    assert label in [button.label for button in buttons(await speak(ada, text))]


async def test_a_sentence_can_mean_a_value_without_saying_it(chen: Chat) -> None:
    assert button_line(await speak(chen, "stop the digest"), "Stop the digest") == "pair digest off:yes"
    assert "Get the digest on Mondays at 09:00" in plain_text(await speak(chen, "send me the digest on mondays at 9"))


@pytest.mark.parametrize(("text", "name"), [("export to my calendar", "plan.ics"), ("my plan as csv", "plan.csv")])
async def test_a_plan_comes_in_the_format_asked_for(ada: Chat, text: str, name: str) -> None:
    assert name in plain_text(await speak(ada, text))


async def test_a_note_to_a_mentor_keeps_all_its_words(ada: Chat, chen: Chat) -> None:
    ben = chen.copy(person="ben")
    card = await speak(ben, "tell my mentor I'll be late with step 1")
    assert (
        button_line(card, "Send chen “I'll be late with step 1”")
        == 'pair note who:chen text:"I\'ll be late with step 1"'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tell him thursday at 3 suits me", 'pair reply text:"thursday at 3 suits me"'),
        ("could you let her know that I'm running late", 'pair note text:"I\'m running late"'),
        ("leave him a note that the demo went well", 'pair note text:"the demo went well"'),
        ("tell my mentor thank you for yesterday", 'pair note who:chen text:"thank you for yesterday"'),
        ("tell them their talk was a joy", 'pair reply text:"their talk was a joy"'),
        ("tell him that chen did well", 'pair note text:"chen did well"'),
        ("reply Lovely, thank you!", 'pair reply text:"Lovely, thank you!"'),
    ],
)
async def test_a_message_has_every_word_but_those_that_address_it(chen: Chat, text: str, line: str) -> None:
    card = await speak(chen.copy(person="ben"), text)
    assert line in {button.line for button in buttons(card)}
    assert not any(button.label.lower().startswith(("send “h", "reply “h")) for button in buttons(card))


@pytest.mark.parametrize("text", ["tell ben thank you for the slides", "tell ben many thanks for the review"])
async def test_thanks_to_a_learner_are_sent(chen: Chat, text: str) -> None:
    assert text.removeprefix("tell ben ") in (await speak(chen, text)).title


@pytest.mark.parametrize("text", ["so where do I even start?", "what should I do first", "which step do I begin with?"])
async def test_who_asks_where_to_begin_sees_the_step_at_hand(ada: Chat, text: str) -> None:
    await ada.say("plan start 2")
    assert (await speak(ada, text)).title.startswith(STEPS[1])
    assert "mentorbot" in (await speak(ada.copy(person="zoe"), text)).title


async def test_who_asks_how_to_begin_with_it_sees_the_step_talked_about(ada: Chat) -> None:
    await ada.say("plan start 2")
    shown = await speak(ada, "show me step 3")
    assert (await speak(ada, "how would I begin with this?")).title == shown.title


async def test_a_newcomer_who_introduces_themselves_is_welcomed(ada: Chat) -> None:
    text = "a colleague sent me. I'm a data analyst and quite new to all this, where should I begin?"
    assert "mentorbot" in (await speak(ada.copy(person="zoe"), text)).title
    assert "mentorbot" not in (await speak(ada, "I'm done with step 2, what do I do first?")).title


@pytest.mark.parametrize("text", ["look around, thanks", "no, look around please", "become an AI Architect please"])
async def test_a_button_can_be_asked_for_politely(ada: Chat, text: str) -> None:
    zoe = ada.copy(person="zoe")
    pressed = next(button for button in buttons(await speak(zoe, "hi")) if button.label.lower() in text.lower())
    assert (await speak(zoe, text)).title == (await speak(zoe.copy(), pressed.line)).title


def test_no_label_hides_what_a_sentence_can_give() -> None:
    with pytest.raises(ValueError, match="doesn't say by"):

        @registry.command("hide", "Hide.", intents=("hide {what} by {by}",), label="Hide {what}")
        async def hide(_: object) -> Card:
            return Card("Hidden")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("pls pauze til mondey", "Pause until Monday, 30 Nov?"),
        ("move rag to wensday next week", "Move “Read the RAG paper” to the week of 30 Nov?"),
        ("i not understand step 2", "It happens. What's in the way?"),
        ("finishd teh rag papr", "Finish “Read the RAG paper”?"),
        ("please remember me tomorrow", "Ask me again tomorrow?"),
        ("can i speak to a human", "Ask for a mentor?"),
    ],
)
async def test_slips_and_other_peoples_english_are_understood(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("finished step 1 and log 3 hours on the pipeline", ["plan done step:1", 'plan log step:2 hours:"3 hours"']),
        ("start step 2 and log 3 hours on it", ["plan start step:2", 'plan log hours:"3 hours" step:2']),
        ("pause for 2 weeks and stop the tips", ['checkin pause until:"2 weeks"', "tips me-off"]),
        ("log 2 hours, then show my plan", ['plan log hours:"2 hours"', "plan show"]),
    ],
)
async def test_two_requests_are_two_buttons(ada: Chat, said: str, lines: list[str]) -> None:
    before = await stored_plan(ada)
    assert [button.line for button in buttons(await speak(ada, said))] == lines
    assert await stored_plan(ada) == before


async def test_praise_is_no_note(ada: Chat) -> None:
    await ada.copy(person="chen", admin=False).say("pair offer any")
    await ada.say("pair request chen")
    await ada.copy(person="chen", admin=False).say("pair accept ada")
    assert (await speak(ada, "Chen is awesome, please keep her")).title == "That's great to hear, ada!"


async def test_proof_goes_with_its_step(ada: Chat) -> None:
    card = await speak(ada, "here's my proof for step 2: https://example.org/x")
    assert button_line(card, "Finish") == 'plan done step:2 evidence:"https://example.org/x"'


async def test_two_things_in_one_question_are_one_question(ada: Chat) -> None:
    card = await speak(ada, "what's the difference between data scientists and ML engineers?")
    assert "You also asked" not in plain_text(card)


async def test_more_about_what_is_asked_is_no_request(ada: Chat) -> None:
    card = await speak(ada, "what's a canary release and when do you use it")
    assert "You also asked" not in plain_text(card)


async def test_what_a_command_would_do_is_explained(ada: Chat) -> None:
    before = await stored_plan(ada)
    assert (await speak(ada, "what happens if I pause?")).title.startswith("While you're away")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize("text", ["who sees my data", "what happens to my data when i leave", "what do you store"])
async def test_questions_about_the_bot_are_answered_by_it(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "Your data"


async def test_an_amount_that_fits_nowhere_hides_nothing_else(ada: Chat) -> None:
    card = await speak(ada, "give me something useful for 20 minutes")
    assert any(button.line.startswith("tip") for button in buttons(card))


async def test_a_request_beside_a_question_gets_a_button_below_the_answer(ada: Chat) -> None:
    card = await speak(ada, "drop the pipeline step, and what is a vector database?")
    assert "vector" in card.title.lower()
    assert button_line(card, "Drop") == "plan drop step:2"


async def test_the_same_thing_said_twice_is_one_request(ada: Chat) -> None:
    card = await speak(ada, "surgery on the 10th, then two weeks of rest")
    assert card.title == "Pause until Thursday, 24 Dec, away 10–23 Dec?"


async def test_a_value_nobody_can_use_is_shown(ada: Chat) -> None:
    assert "I left out “5pm”." in plain_text(await speak(ada, "i need until friday next week 5pm for the rag paper"))


@pytest.mark.parametrize(
    "text",
    ["I finished it", "I'm done with this step", "that step is complete", "I'm done", "done", "finished building it"],
)
async def test_it_is_the_step_under_way(ada: Chat, text: str) -> None:
    await ada.say("plan start 2")
    assert button_line(await speak(ada, text), "Finish") == "plan done step:2"


async def test_a_step_is_not_the_one_under_way(ada: Chat) -> None:
    await ada.say("plan start 2")
    answer = await speak(ada, "I'd like to remove a step from my plan")
    assert answer.title == "Which step would you like to drop?"
    assert [button.line for button in buttons(answer)][:3] == [
        "plan drop step:2",
        "plan drop step:1",
        "plan drop step:3",
    ]


@pytest.mark.parametrize(
    "command", [command for command in load_commands() if command.needs], ids=lambda command: command.name
)
async def test_a_command_that_only_asks_changes_nothing(ada: Chat, command: CommandSpec) -> None:
    assert command.only_asks({})
    before = await stored_plan(ada)
    await ada.say(command.name)
    for option in command.options:
        if option.declared.former and command.only_asks({option.name: "1"}):
            await ada.say(command.name, **{option.name: "1"})
    assert await stored_plan(ada) == before


@pytest.mark.parametrize(
    "text",
    [
        "please don't delete anything",
        "I never said stop",
        "don't undo it",
        "never delete my account",
        "don't mark anything as done",
    ],
)
async def test_what_is_not_to_happen_is_not_offered(ada: Chat, text: str) -> None:
    card = await speak(ada, text)
    offered = " ".join(button.line for button in buttons(card))
    assert not any(line in offered for line in ("me forget", "checkin stop", "plan undo", "plan done", "plan drop"))


@pytest.mark.parametrize("text", ["don't tell chen", "please do not share anything with chen", "let's not drop step 2"])
async def test_what_someone_forbids_is_left_alone(chen: Chat, text: str) -> None:
    card = await speak(chen.copy(person="ben", admin=False), text)
    assert not any(line in button.line for button in buttons(card) for line in ("pair end", "pair note", "plan drop"))


@pytest.mark.parametrize(
    "text", ["mark ben's step 1 as done", "change ben's check-in to friday", "delete ben's plan, please"]
)
async def test_what_is_someone_elses_is_theirs_to_change(chen: Chat, text: str) -> None:
    card = await speak(chen, text)
    assert card.title == "That one's theirs to change"
    assert [button.line for button in buttons(card)] == ["pair note who:ben", "mentees learner:ben"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("am I subscribed to tips", "Notifications"),
        ("how long does step 2 take", "Build a pipeline that survives a bad day, 4 h"),
    ],
)
async def test_asking_how_something_is_shows_it_and_offers_no_change(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


@pytest.mark.parametrize("text", ["order lunch for the team", "write a cover letter for me", "send an e-mail to HR"])
async def test_what_no_command_does_gets_a_plain_no(ada: Chat, text: str) -> None:
    card = await speak(ada, text)
    assert card.title == "That's not something I can do, sorry"
    assert not any(registry.commands[tuple(button.line.split()[:2])].writes for button in buttons(card)[1:])


@pytest.mark.parametrize(
    "text",
    [
        "hum me a tune",
        "ring the landlord for me",
        "draft the reply to our supplier",
        "cheapest sushi around the office",
        "how do I switch my toaster off",
        "who edited the last Batman film",
    ],
)
async def test_what_no_bot_like_this_knows_or_does_changes_nothing(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    card = await speak(ada, text)
    assert "beyond me" in card.title or "not something I can do" in card.title
    assert await stored_plan(ada) == before


@pytest.mark.parametrize(
    "text",
    [
        "my team is exhausted and the roadmap keeps growing",
        "two of my engineers refuse to work together",
        "nobody talks in my retros",
        "one of my engineers isn't performing yet",
        "i don't enjoy leading people, should i go back to coding",
    ],
)
async def test_a_managers_troubles_are_answered_from_the_pack(ada: Chat, text: str) -> None:
    await ada.text("role engineering-manager")
    assert "(The author's advice)" in plain_text(await speak(ada, text))


@pytest.mark.parametrize(
    "text",
    [
        "did the central bank raise rates again this week?",
        "how do hotel managers plan breakfast",
        "i can't see well with my left eye, what can i do about it",
        "i'd like to be a baker, which school do i need",
    ],
)
async def test_a_question_beyond_the_pack_is_no_request_that_shares_a_word(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    assert "beyond me" in (await speak(ada, text)).title
    assert await stored_plan(ada) == before


async def test_a_refusal_offers_nothing_to_someone_who_only_asks(ada: Chat) -> None:
    card = await speak(ada, "is the train to Hamburg late right now")
    assert "beyond me" in card.title
    assert "Or did you mean" not in plain_text(card)


async def test_news_of_someone_asks_for_nothing(chen: Chat) -> None:
    assert buttons(await speak(chen, "Ben finished his RAG course, impressive")) == []


@pytest.mark.parametrize("text", ["any day but monday for the check-in", "not monday, tuesday for the check-in"])
async def test_a_day_someone_rejects_is_not_offered(ada: Chat, text: str) -> None:
    assert not any("monday" in button.line.lower() for button in buttons(await speak(ada, text)))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("you're useless", "Sorry about that, ada"),
        ("happy new year!", "Thank you, ada. The same to you!"),
        ("???", "What would you like to know?"),
        ("start without me, I'll be 5 min late", "That may not have been for me"),
        ("my daughter just took her first steps!!", "Thanks for telling me, ada"),
        ("what a week, work was mad", "That sounds like a lot, ada"),
        ("our team missed a deadline at work today", "Oh no, sorry to hear that."),
        ("I paused the video to make tea", "Alright! I'm here when you need me."),
        ("i'll think about it", "Sounds good. No rush, I'm here when you need me."),
        ("haha fair", "Ha, I hear you 😄"),
        ("você fala português?", "I only understand English so far, sorry"),
        ("I feel like everybody is further than me", "Many people feel that way, ada"),
    ],
)
async def test_what_asks_for_nothing_gets_a_kind_line(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("i'm off sick until 2026-12-20", ["checkin skip week:2026-11-23", "checkin pause until:2026-12-20"]),
        ("i'm sick this week", ["checkin skip week:2026-11-23", "checkin pause until:2026-11-30"]),
        ("my dad is in hospital", ["checkin pause until:2026-11-30"]),
        ("this is way too much for me right now", ["checkin skip week:2026-11-23", "plan hours"]),
    ],
)
async def test_what_weighs_on_someone_gets_help_with_the_values_filled_in(
    ada: Chat, text: str, lines: list[str]
) -> None:
    before = await stored_plan(ada)
    assert [button.line for button in buttons(await speak(ada, text))] == lines
    assert await stored_plan(ada) == before


@pytest.mark.parametrize("yes", ["ok, save it", "yes please log that", "yep go ahead", "please do"])
async def test_yes_in_ones_own_words_does_what_was_offered(ada: Chat, yes: str) -> None:
    await speak(ada, "log 3 hours on rag", yes)
    assert (await stored_plan(ada)).steps[0].hours_logged == 3


@pytest.mark.parametrize(
    "no", ["no, cancel it", "ok, forget it", "actually forget that", "not yet", "wait which one is that?"]
)
async def test_what_is_no_yes_does_nothing(ada: Chat, no: str) -> None:
    before = await stored_plan(ada)
    await speak(ada, "log 3 hours on rag", no)
    assert await stored_plan(ada) == before


async def test_what_was_done_is_told_and_can_be_undone(ada: Chat) -> None:
    card = await speak(ada, "log 3 hours on rag", "yes", "did that work?")
    assert card.title == "Yes, that's done"
    assert button_line(card, "Undo").startswith("plan undo")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("can you read minds", "That's not something I can do, sorry"),
        ("that's not what I meant", "Sorry, I got you wrong"),
        ("yes", "Yes to what? I must have missed something."),
        ("how do i turn you off", "What should I stop?"),
    ],
)
async def test_what_is_said_to_the_bot_is_no_question_for_the_pack(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


async def test_a_mentors_name_stands_for_the_mentor(ada: Chat, chen: Chat) -> None:
    assert (await speak(chen.copy(person="ben"), "has Chen answered yet?")).title == "chen's your mentor"


async def test_a_remark_leaves_what_was_said_before_to_refer_to(ada: Chat) -> None:
    await speak(ada, "log 3 hours on rag", "haha fair", "yes")
    assert (await stored_plan(ada)).steps[0].hours_logged == 3


async def test_and_between_two_words_is_no_second_request(ada: Chat) -> None:
    card = await speak(ada, "add read about queues and topics")
    assert button_line(card, "Add") == 'plan add what:"read about queues and topics"'


@pytest.mark.parametrize(
    ("first", "correction", "title"),
    [
        ("pause until friday", "no, monday", "Pause until Monday, 30 Nov?"),
        ("pause until friday", "not friday, monday", "Pause until Monday, 30 Nov?"),
        ("pause until friday", "monday, not friday", "Pause until Monday, 30 Nov?"),
        ("move the rag paper to 18 dec", "no, I meant 2", f"Move “{STEPS[1]}” to the week of 14 Dec?"),
        ("move the rag paper to 18 dec", "sorry, step 2 i mean", f"Move “{STEPS[1]}” to the week of 14 Dec?"),
        ("log 3 hours on rag", "i meant 4", "Log 4 h on “Read the RAG paper”?"),
        ("log 3 hours on rag", "no, the pipeline one", "Log 3 h on “Build a pipeline that survives a bad day”?"),
        ("quiz me every monday", "at 10", "Quiz me on Mondays at 10:00?"),
    ],
)
async def test_a_correction_changes_just_what_it_names(ada: Chat, first: str, correction: str, title: str) -> None:
    assert (await speak(ada, first, correction)).title == title


async def test_yes_after_a_correction_does_the_corrected_thing(ada: Chat) -> None:
    await speak(ada, "log 3 hours on rag", "i meant 2", "yes")
    plan: Plan = await stored_plan(ada)
    assert plan.steps[0].hours_logged == 2


async def test_news_of_a_person_may_ask_for_something_about_them(chen: Chat) -> None:
    card = await speak(chen, "Ben changes teams, so I'm no longer his mentor")
    assert button_line(card, "End mentorship with ben") == "pair end who:ben"


@pytest.mark.parametrize("text", ["thanks for your help", "nice bot you are", "great, have fun"])
async def test_thanks_that_ask_for_nothing_are_only_answered(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title.startswith("Any time")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tell Ben nice work on the pipeline", "nice work on the pipeline"),
        ("tell ben well done", "well done"),
        ("let ben know i'm out on friday", "i'm out on friday"),
        ("ask Ben whether he has the quota", "whether he has the quota"),
        ("tell ben that Step 2 can wait", "Step 2 can wait"),
    ],
)
async def test_a_note_has_the_words_after_the_name_as_typed(chen: Chat, text: str, words: str) -> None:
    card = await speak(chen, text)
    assert button_line(card, "Send ben") == f'pair note who:ben text:"{words}"'


async def test_another_tip_after_something_else_is_a_tip(ada: Chat) -> None:
    assert (await speak(ada, "show step 2", "give me another tip")).title.startswith("Tip: ")


@pytest.mark.parametrize("text", ["what did i do last week", "which steps have i finished?"])
async def test_what_someone_did_is_no_question_for_the_pack(ada: Chat, text: str) -> None:
    assert "From a recall question" not in plain_text(await speak(ada, text))


@pytest.mark.parametrize("text", ["i want to stop this", "please stop all the messages", "stop everything", "stop it!"])
async def test_stop_asks_what_to_stop(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "What should I stop?"


async def test_only_someone_without_a_plan_is_offered_one_with_an_answer(ada: Chat) -> None:
    question = "how long does it take to qualify from scratch?"
    newcomer = ada.copy(person="dee", admin=False)
    assert buttons(await newcomer.card(f"ask {question}"))[0].label == "Plan my path"
    assert buttons(await ada.card(f"ask {question}"))[0].label == "Read more"
    # A sentence in a channel may be answered for everyone, so the answer gives nobody away.
    assert buttons(await speak(ada, question))[0].label == "Plan my path"


@pytest.mark.parametrize("text", ["did the intro for step 1, took me 3h", "split step 2 in smaller ones"])
async def test_ones_own_step_is_not_the_packs(ada: Chat, text: str) -> None:
    card = await speak(ada, text)
    offered = [button.label for button in buttons(card) if button.label != "Change it"]
    assert all(STEPS[0] in label or STEPS[1] in label for label in offered[:2])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("r u a bot", "I'm mentorbot, a bot that helps you become an AI Architect"),
        ("what can u do", "What would you like to do?"),
        ("👍", "Alright! I'm here when you need me."),
    ],
)
async def test_words_are_shortened_in_chat(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


async def test_a_contraction_is_the_same_sentence(chen: Chat) -> None:
    assert (await speak(chen, "who is stuck")).title == (await speak(chen, "who’s stuck?")).title == "Your learners"


async def test_what_cannot_be_done_is_not_offered_beside_anything(ada: Chat) -> None:
    card = await speak(ada, "i am 75, is it too late for me")
    assert all("75" not in button.label for button in buttons(card))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("start rag next week", "Start “Read the RAG paper”?"),
        ("why do you write me", "No messages coming up"),
        ("how do you test a chatbot", "Collect 50-100 real cases"),
        ("how do you decide what goes into my plan", "I'm mentorbot"),
        ("salary in berlin", "I only have US figures"),
        ("interview questions on agents", "Where would you let an agent act on its own today, and where not?"),
        ("how much does it pay in London", "I only have US figures"),
        ("what would I earn in Toronto as a senior", "I only have US figures"),
        ("will I earn more in seattle", "Seattle is among the places that pay the most"),
    ],
)
async def test_a_sentence_that_begins_like_a_command_is_still_a_sentence(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title.startswith(title)


@pytest.mark.parametrize("text", ["start step 2", "start with step 2", "start step 2 today"])
async def test_a_step_to_start_is_no_goal(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == f"Start “{STEPS[1]}”?"


async def test_a_slip_in_what_to_choose_is_still_named(ada: Chat) -> None:
    assert (await speak(ada, "start rolle")).title == "I don't know “rolle”"


@pytest.mark.parametrize("text", ["plna show", "/mentor plna show", "mentor plan shwo"])
async def test_a_slip_in_a_command_is_read_with_and_without_the_bots_name(ada: Chat, text: str) -> None:
    assert "as “show my plan”" in (await speak(ada, text)).title


@pytest.mark.parametrize("city", ["london", "London", "london."])
async def test_a_city_in_small_letters_answers_the_question_for_one(ada: Chat, city: str) -> None:
    assert (await speak(ada, "checkin settings monday 9:00 zone:?")).title == "Time zone or city?"
    assert (await speak(ada, city)).title == "Check in on Mondays at 09:00, London time?"


@pytest.mark.parametrize("text", ["check in on tuesdays 10:00 berlin", "check in at 10am on tuesdays berlin"])
async def test_a_city_in_small_letters_may_stand_beside_a_time(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "Check in on Tuesdays at 10:00, Berlin time?"


@pytest.mark.parametrize("text", ["check in on tuesdays 10:00 sharp", "check in on tuesdays 10:00 please"])
async def test_other_words_beside_a_time_are_no_place(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "Check in on Tuesdays at 10:00?"


@pytest.mark.parametrize(
    ("text", "what"),
    [("add step: read X", "read X"), ("add a step to talk to HR", "talk to HR")],
)
async def test_the_word_step_is_no_part_of_the_step(ada: Chat, text: str, what: str) -> None:
    answer = plain_text(await speak(ada, text))
    assert f"Add “{what}”" in answer
    assert "“step" not in answer


@pytest.mark.parametrize(
    "text", ["No, don't send it", "oops, that was wrong", "no wait", "undo that", "don't", "cancel it"]
)
async def test_a_change_of_mind_takes_back_what_was_just_done(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    await ada.speak("plan log 1 3")
    assert (await speak(ada, text)).title.startswith("Undone")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize("text", ["no", "stop", "wait", "ok", "never mind"])
async def test_a_word_that_may_mean_something_else_takes_nothing_back(ada: Chat, text: str) -> None:
    await ada.speak("plan log 1 3")
    logged = await stored_plan(ada)
    await ada.speak(text)
    assert await stored_plan(ada) == logged


async def test_no_to_an_offer_changes_nothing(ada: Chat) -> None:
    before = await stored_plan(ada)
    await speak(ada, "finish step 3", "no, don't do it")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what job titles exist", "Titles and levels"),
        ("list my responsibilities", "Responsibilities"),
        ("give me an overview of the job", "The role in short"),
    ],
)
async def test_the_part_of_the_brief_that_is_asked_for_is_shown(ada: Chat, text: str, title: str) -> None:
    assert title in (await ada.say(text)).title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "4 hours for the pipeline is too optimistic, make that 9",
            "Change “Build a pipeline that survives a bad day”: 9 h?",
        ),
        ("4h for the rag paper isn't enough, rather 6", "Change “Read the RAG paper”: 6 h?"),
        ("take 2 hours off the rag paper", "Change “Read the RAG paper”: 2 h less?"),
        ("step 3 needs 2 more hours", "Change “Explain one system”: 2 h more?"),
        ("cut the pipeline step down to 3 hours", "Change “Build a pipeline that survives a bad day”: 3 h?"),
        ("5 h a week is too much, make it 3", "Plan 3 h a week?"),
        ("step 2 is too big, I did 3 hours", "Log 3 h on “Build a pipeline that survives a bad day”?"),
        (
            'rename "Explain one system" to "explain it to ops, devs and support"',
            "Change “Explain one system”, now “explain it to ops, devs and support”?",
        ),
        (
            "rename the pipeline step to wrap it in an API",
            "Change “Build a pipeline that survives a bad day”, now “wrap it in an API”?",
        ),
        ("step 3 should be called talk to the board", "Change “Explain one system”, now “talk to the board”?"),
    ],
)
async def test_a_change_of_a_step_says_what_it_gets(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


async def test_hours_are_taken_off_a_step_and_added(ada: Chat) -> None:
    await ada.say("plan edit 1 hours:3 way:less")
    await ada.say("plan edit 2 hours:3 way:more")
    assert [step.hours for step in (await stored_plan(ada)).steps] == [1, 7, 4]
    card = await ada.card("plan edit 1 hours:3 way:less")
    assert (card.error, card.error_option) == ("bad_value", "hours")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("steps 1 and 3 are done, delete 2", ["plan done step:1", "plan done step:3", "plan drop step:2"]),
        ("finish step 1, drop the pipeline step", ["plan done step:1", "plan drop step:2"]),
        (
            "so this week: 3 h pipeline, 1 h rag paper. tired",
            ['plan log step:2 hours:"3 h"', 'plan log step:1 hours:"1 h"'],
        ),
        (
            "add read a book on incidents, 8 hours, and shadow a loop, 4h",
            ['plan add hours:"8 hours" what:"read a book on incidents"', 'plan add hours:4h what:"shadow a loop"'],
        ),
        ("swap the rag paper and the pipeline step", ["plan swap step:1 other:2"]),
    ],
)
async def test_everything_thats_listed_gets_a_button(ada: Chat, text: str, lines: list[str]) -> None:
    card = await speak(ada, text)
    assert [button.line for button in buttons(card) if button.label != "Change it"] == lines


async def test_a_message_is_no_list(chen: Chat) -> None:
    card = await speak(chen, "tell ben I'm late, move on without me")
    assert card.title == "Send ben “I'm late, move on without me”?"


async def test_what_cant_be_used_of_a_list_is_shown(ada: Chat) -> None:
    assert "I left out “1.5h”." in plain_text(await speak(ada, "2h on the pipeline, 1.5h on the rag paper"))


@pytest.mark.parametrize("text", ["finished the rag paper, what a slog", "finished the rag paper!! took forever"])
async def test_a_remark_proves_nothing(ada: Chat, text: str) -> None:
    assert button_line(await speak(ada, text), "Finish") == "plan done step:1"


async def test_words_that_prove_something_are_kept(ada: Chat) -> None:
    card = await speak(ada, "the rag paper is done, see the wiki page on papers")
    assert button_line(card, "Finish") == 'plan done step:1 evidence:"see the wiki page on papers"'


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("one message a day max", "Get at most 7 messages a week?"),
        ("you write too often... max 2 a week", "Get at most 2 messages a week?"),
        ("i'm an engineering manager, not an architect", "Switch to Engineering Manager?"),
        ("note to self: check the quota", "Add “check the quota”?"),
        ("the rag paper is done when my team gets it", "Change “Read the RAG paper”, done when: my team gets it?"),
        ("away from the 30th til 3 jan", "Pause until Monday, 4 Jan, away 30 Dec – 3 Jan 2027?"),
        ("nobody's here til mid dec, I'm on leave from the 2nd", "Pause until Wednesday, 16 Dec, away 2–15 Dec?"),
        (
            "set the due date of step 2 to 20.12.",
            "Change “Build a pipeline that survives a bad day”, due Sunday, 20 Dec?",
        ),
        ("add a talk on evals, approx. 6 hours", "Add “talk on evals”, 6 h?"),
        ("new folks get AI architect by default", "Set the role here to AI Architect?"),
        ("I want a different mentor, chen has no time", "Ask for a mentor?"),
    ],
)
async def test_how_its_put_tells_whats_wanted(chen: Chat, text: str, title: str) -> None:
    ada = chen.copy(person="ada", admin=True)
    assert (await speak(ada, text)).title == title


@pytest.mark.parametrize(
    "text",
    [
        "I'm an engineering manager, how do I become an architect?",
        "i'm not an engineering manager",
        "two hours a week at most",
    ],
)
async def test_what_only_sounds_like_a_change_is_none(ada: Chat, text: str) -> None:
    lines = [button.line for button in buttons(await speak(ada, text))]
    assert not any(line.startswith(("role", "checkin settings budget")) for line in lines)


async def test_done_when_is_saved(ada: Chat) -> None:
    await ada.say('plan edit 1 when:"my team gets it"')
    assert (await stored_plan(ada)).step(1).done_when == "my team gets it"


@pytest.mark.parametrize("text", ["quiz me on fridays with 3 questions", "two quiz questions at most, on fridays"])
async def test_a_count_nobody_can_use_is_shown(ada: Chat, text: str) -> None:
    assert "I left out “" in plain_text(await speak(ada, text))


@pytest.mark.parametrize(
    "text", ["i got the quota", "not blocked anymore", "I'm unstuck, I have access now", "the quota was approved"]
)
async def test_who_is_unstuck_may_go_on(ada: Chat, text: str) -> None:
    await ada.say("plan block 2 no GPU quota")
    assert buttons(await speak(ada, text))[0].line == "plan start step:2"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "I finished the rag paper, it took me 9 hours",
            ["Log 9 h on “Read the RAG paper”", "Finish “Read the RAG paper”"],
        ),
        (
            "rag paper: 2h is enough. done when = I've told my team",
            ["Change “Read the RAG paper”: 2 h", "Change “Read the RAG paper”, done when: I've told my team"],
        ),
    ],
)
async def test_both_things_a_sentence_says_of_a_step_are_offered(ada: Chat, text: str, labels: list[str]) -> None:
    assert [button.label for button in buttons(await speak(ada, text))] == labels


@pytest.mark.parametrize("text", ["i still have no quota", "waiting for the quota", "i got a coffee"])
async def test_who_is_stuck_stays_so(ada: Chat, text: str) -> None:
    await ada.say("plan block 2 no GPU quota")
    assert not any(button.line.startswith("plan start") for button in buttons(await speak(ada, text)))


async def test_the_first_step_is_the_one_shown_first(ada: Chat) -> None:
    await ada.say("plan move 2 place:first")
    assert (await speak(ada, "I finished the first step")).title == f"Finish “{STEPS[1]}”?"
    assert (await speak(ada, "drop the second step")).title == f"Drop “{STEPS[0]}”?"


@pytest.mark.parametrize("text", ["don't show chen my hours", "chen shouldn't see what I'm stuck on"])
async def test_what_a_mentor_isnt_to_see_opens_the_choice(chen: Chat, text: str) -> None:
    card = await speak(chen.copy(person="ben", admin=False), text)
    assert card.title == "This is exactly what chen would see"


@pytest.mark.parametrize("text", ["will I be done by may?", "i want to be finished by june, is that doable?"])
async def test_whether_its_doable_is_shown(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title.startswith("Your plan")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("kudos to ben for the demo, can you pass it on?", ['pair note who:ben text:"kudos for the demo"']),
        ("say hi to ben from me", ["pair note who:ben text:hi"]),
        ("tell ben that step 2 is blocked", ['pair note who:ben text:"step 2 is blocked"']),
        ("tell ben ada is glad to help", ['pair note who:ben text:"ada is glad to help"']),
        ("ben and I are finished, close it please", ["pair end who:ben"]),
    ],
)
async def test_a_mentor_is_heard(chen: Chat, text: str, lines: list[str]) -> None:
    card = await speak(chen, text)
    assert [button.line for button in buttons(card) if button.label != "Change it"] == lines


async def test_a_learners_plan_is_shown_by_its_owner(chen: Chat) -> None:
    assert (await speak(chen, "show ben's plan")).title == "ben"


async def test_a_mentor_sees_who_asks_for_them(chen: Chat) -> None:
    assert "Nobody's waiting for your answer." in plain_text(await speak(chen, "any new requests for me?"))
    await chen.copy(person="dana", admin=False).say("pair request chen")
    card = await speak(chen, "who wants me as a mentor")
    assert "dana is waiting for your answer." in plain_text(card)
    assert button_line(card, "Accept") == "pair accept"


async def test_interview_questions_on_a_topic(ada: Chat) -> None:
    card = await speak(ada, "give me an interview question, something about scalability")
    assert "ten times" in card.title
    assert button_line(card, "Strong answer").startswith("interview scalability")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("days off", "Days off: no region yet"),
        ("quiet hours?", "Notifications"),
        ("delete my plan", "Delete everything?"),
        ("delete chen's data", "That one's theirs to change"),
        ("delete my account", "Delete everything?"),
        ("postpone the game day to january", "Move “Run a game day” to Monday, 4 Jan?"),
        ("postpone the game day to 1 january", "Move “Run a game day” to the week of 28 Dec?"),
        ("postpone the meeting to february", "That's not something I can do, sorry"),
        ("turn everything back on", "Send messages again?"),
        ("only 3 messages a week", "Get at most 3 messages a week?"),
    ],
)
async def test_what_people_say_about_settings_and_weeks(chat: Chat, text: str, title: str) -> None:
    await chat.say('plan add what:"Run a game day" hours:8')
    assert (await speak(chat.copy(admin=True), text)).title.startswith(title)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("can the recall come every second wednesday", "Quiz me every 2 weeks on Wednesdays?"),
        ("quiz me mondays and thursdays around 11:15", "Quiz me on Mondays and Thursdays at 11:15?"),
        ("start my tips in january", "Get a weekly tip, from Friday, 1 Jan?"),
        ("fewer tips please", "Get a tip every 2 weeks?"),
        ("one tip a week is ok, wednesdays at 9am", "Get a weekly tip on Wednesdays at 09:00?"),
        ("check in with me tuesdays after lunch", "Check in on Tuesdays at 13:00?"),
        ("no nudges please", "Turn nudges off?"),
        ("i'm in new york until friday", "Use New York time?"),
        ("post the report in #general every month", "Post the report in #general every 4 weeks?"),
        ("check-in tuesdays at ten please", "Check in on Tuesdays at 10:00?"),
        ("check in with me on tuesdays at eight thirty in the morning", "Check in on Tuesdays at 08:30?"),
        ("check in with me on tuesdays, fridays i'm gone by 3", "Check in on Tuesdays?"),
        ("don't check in on tuesdays, wednesdays are better", "Check in on Wednesdays?"),
        ("quiet hours from 6pm please, till 9", "Set quiet hours to 18:00-09:00?"),
        ("dont write me before 10 or after 5 ok", "Set quiet hours to 17:00-10:00?"),
    ],
)
async def test_when_messages_come_is_heard_in_full(ada: Chat, text: str, title: str) -> None:
    card = await speak(ada, text)
    assert card.title == title
    assert "every" not in plain_text(card).partition("I left out")[2]


@pytest.mark.parametrize(
    "text",
    [
        "i can't do fridays anymore",
        "fridays are out for me from now on",
        "i'm off on fridays now",
        "not on mondays or fridays please",
        "no messages on fridays",
    ],
)
async def test_a_day_that_does_not_suit_gets_others_offered(ada: Chat, text: str) -> None:
    await ada.say("checkin settings friday 15:00 zone:Berlin")
    card = await speak(ada, text)
    assert card.title == "Which day suits you better?"
    assert "checkin settings day:thursday" in [button.line for button in buttons(card)]


@pytest.mark.parametrize("text", ["i can't work on the RAG paper on fridays", "why don't you write on fridays?"])
async def test_a_day_that_does_not_suit_something_else_changes_no_messages(ada: Chat, text: str) -> None:
    await ada.say("checkin settings friday 15:00 zone:Berlin")
    assert (await speak(ada, text)).title != "Which day suits you better?"


async def test_a_zone_for_a_week_is_no_zone_from_now_on(ada: Chat) -> None:
    assert "I left out “this week”." in plain_text(await speak(ada, "i'm in lisbon this week"))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("i can only do 2 hours this week", "Plan 2 h in the week of 23 Nov?"),
        ("next week i have time for 10 hours", "Plan 10 h in the week of 30 Nov?"),
        ("in december just 2 h a week", "Plan 2 h in each week from 30 Nov to 28 Dec?"),
        ("only two hours per week until 15 february", "Plan 2 h a week until Monday, 15 Feb?"),
        ("from january i only have 4 hours a week", "Plan 4 h a week from Monday, 4 Jan?"),
        ("i have 4 hours a week", "Plan 4 h a week?"),
        ("i worked 3 hours this week", "Log 3 h?"),
    ],
)
async def test_hours_of_some_weeks_are_not_those_of_every_week(ada: Chat, text: str, title: str) -> None:
    assert (await speak(ada, text)).title == title


async def test_hours_from_a_week_on_leave_those_before_as_they_are(ada: Chat) -> None:
    await ada.say("plan hours 4")
    text = await ada.text("plan hours 2 from:2026-12-09")
    assert "2 h a week from 14 December on" in text
    assert "Until then, it's 4 h a week." in text
    hours = [stored.hours for step in (await stored_plan(ada)).steps for stored in step.allocations]
    assert hours == [4, 4, 4]
    await ada.say("plan add what:Another hours:4")
    assert [stored.hours for stored in (await stored_plan(ada)).steps[-1].allocations] == [2, 2]


async def test_hours_of_a_week_move_what_no_longer_fits_and_come_back(ada: Chat) -> None:
    await ada.say("plan hours 4")
    text = await ada.text('plan hours 1 only:"this week"')
    assert "After that, it's 4 h a week again." in text
    plan = await stored_plan(ada)
    assert plan.hours_per_week == 4
    assert [hours.hours for hours in plan.steps[0].allocations] == [1, 3]
    await ada.say("plan undo")
    assert [hours.hours for hours in (await stored_plan(ada)).steps[0].allocations] == [4]
