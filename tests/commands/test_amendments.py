"""Additions and changes to an offer that's open: everything else stays, and the card says what's different."""

from __future__ import annotations

import pytest

from .conftest import Chat, lines, said, stored_plan


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (("add tidy the notebook to the list", "3 hours"), 'plan add what:"tidy the notebook" hours:"3 hours"'),
        (
            ("add tidy the notebook to the list", "3 hours", "due on 18 dec"),
            'plan add what:"tidy the notebook" by:"18 dec" hours:"3 hours"',
        ),
        (("step 4 is due on 11 december", "8 hours"), 'plan edit step:4 by:"11 december" hours:"8 hours"'),
        (("ask me on fridays", "at 9:30"), 'checkin settings day:fridays at:"9:30"'),
        (("i finished the docker step", "https://example.org/d"), 'plan done step:4 evidence:"https://example.org/d"'),
        (
            ("i'm stuck on the docker step", "because the registry is down"),
            'checkin stuck step:4 why:"the registry is down" week:2026-11-23',
        ),
    ],
)
async def test_a_detail_goes_into_the_open_offer(ada: Chat, texts: tuple[str, ...], line: str) -> None:
    offered = await lines(ada, *texts)
    assert {part for each in offered for part in each.split()} >= set(line.split()), offered


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (("step 4 is due on 11 december", "no, the 18th"), "Now Friday, 18 Dec instead of Friday, 11 Dec."),
        (("step 4 is due on 11 december", "a week later"), "Now Friday, 18 Dec instead of Friday, 11 Dec."),
        (("pause until 11 january", "rather the 18th"), "Now Monday, 18 Jan instead of Monday, 11 Jan."),
        (("log 3 hours on step 4", "make it 2 hours"), "Now 2 hours instead of 3 hours."),
        (("step 4 is due on 11 december", "8 hours"), "Now with 8 hours."),
        (("step 4 is due on 11 december", "8 hours", "leave the date out"), "Now without Friday, 11 Dec."),
        (("step 4 is due on 11 december", "8 hours", "just the hours"), "Now without Friday, 11 Dec."),
        (("ask me on fridays", "and tuesdays too"), "Now Tuesdays and Fridays instead of Fridays."),
        (("my time zone is lisbon", "no, madrid"), "Now Madrid instead of Lisbon."),
        (("drop step 4", "no, the board"), "Now Explain the design to the board instead of Package a service"),
    ],
)
async def test_the_card_says_what_is_different(ada: Chat, texts: tuple[str, ...], told: str) -> None:
    answer = await said(ada, *texts)
    assert told in answer
    assert "Nothing's changed yet" in answer


async def test_what_an_offer_cannot_take_is_said_to_be_left_out(ada: Chat) -> None:
    answer = await said(ada, "drop step 4", "no, step 5, next friday")
    assert "plan drop step:5" in answer
    assert "I left out “next friday”" in answer


@pytest.mark.parametrize(
    "text", ["what's next", "show my plan", "how am I doing", "what does a senior earn", "add read a book to my plan"]
)
async def test_a_request_of_its_own_is_no_amendment(ada: Chat, text: str) -> None:
    assert "plan edit" not in await said(ada, "step 4 is due on 11 december", text)


@pytest.mark.parametrize(
    "text", ["nah, leave it", "hm, better not", "ok no, not now", "fair. forget it then", "maybe later"]
)
async def test_an_offer_can_be_turned_down(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    assert "OK, nothing's changed." in await said(ada, "drop step 4", text)
    await ada.speak("yes")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize("text", ["sounds good, go", "ok let's do that", "alright, go ahead", "works for me"])
async def test_an_offer_can_be_accepted(ada: Chat, text: str) -> None:
    await said(ada, "drop step 4", text)
    assert 4 not in [step.number for step in (await stored_plan(ada)).active]


async def test_only_what_people_type_is_changed(ada: Chat) -> None:
    assert "the week" not in (await said(ada, "let me check in", "at 9:30")).lower()


async def test_an_offer_to_mentor_takes_skills_and_a_number(ada: Chat) -> None:
    offered = await lines(ada, "I want to mentor", "mlops and cloud, max two people")
    assert offered[0] == 'pair offer skills:"mlops, cloud" max:2'


async def test_words_are_added_to_a_note(mentor: Chat) -> None:
    offered = await lines(mentor, "tell ben the demo was great", "add that I'm free on friday", "better thursday")
    assert offered == ['pair note who:ben text:"the demo was great. I\'m free on thursday"']


async def test_a_note_can_go_to_both(mentor: Chat) -> None:
    offered = await lines(mentor, "tell ben the room is booked", "same for chen")
    assert offered == ['pair note who:chen text:"the room is booked"', 'pair note who:ben text:"the room is booked"']


async def test_a_few_words_replace_those_like_them(ada: Chat) -> None:
    offered = await lines(ada, 'rename step 4 to "serve it from two machines in Paris"', "three machines, typo")
    assert offered == ['plan edit step:4 what:"serve it from three machines in Paris"']


async def test_another_step_too_keeps_the_first_offer(ada: Chat) -> None:
    offered = await lines(ada, "log 2 hours on step 4", "same for step 5")
    assert offered == ['plan log step:5 hours:"2 hours"', 'plan log step:4 hours:"2 hours"']


async def test_both_offers_change_together(ada: Chat) -> None:
    offered = await lines(ada, "move steps 3 and 4 to 14 december", "both to 21 december")
    assert offered == ['plan move step:3 to:"21 december"', 'plan move step:4 to:"21 december"']


async def test_an_offer_outlives_a_question(ada: Chat) -> None:
    await ada.speak("drop step 4")
    await ada.speak("what is a feature store?")
    assert "plan drop step:4" in await said(ada, "yes")
    assert 4 in [step.number for step in (await stored_plan(ada)).active]


async def test_a_done_change_ends_its_offer(ada: Chat) -> None:
    await ada.speak("drop step 4")
    await ada.press("plan drop step:4")
    assert "plan drop" not in await said(ada, "what is a feature store?", "yes")


async def test_a_value_that_cannot_be_is_given_again_in_a_word(ada: Chat) -> None:
    assert "There's no 31 November" in await said(ada, "move step 4 to 31 november")
    assert "plan move step:4" in await said(ada, "1 december then")


async def test_the_wrong_step_is_put_back_when_another_was_meant(ada: Chat) -> None:
    await ada.speak("drop step 4")
    await ada.speak("yes")
    offered = await lines(ada, "no wait, step 5")
    assert [line.split(" seen:")[0] for line in offered] == ["plan undo", "plan drop step:5"]


async def test_a_word_on_a_card_that_asked_nothing_is_offered(ada: Chat) -> None:
    await ada.speak("show me step 4")
    await ada.press("plan step 4 more:yes")
    assert "Nothing's changed yet" in await said(ada, "drop it")
    assert 4 in [step.number for step in (await stored_plan(ada)).active]


async def test_another_one_turns_nothing_on(ada: Chat) -> None:
    await ada.speak("tips for me on tuesdays")
    assert "Saved" not in await said(ada, "another one")


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (("log 2 hours", "on the evaluation"), 'plan log step:3 hours:"2 hours"'),
        (("change my hours per week", "make it 6"), "plan hours hours:6"),
        (("the office is closed on 24 december", "call it winter break"), '24 december" name:"winter break"'),
        (("show me step 4", "too long. make it 3 hours"), 'plan edit step:4 hours:"3 hours"'),
    ],
)
async def test_a_value_can_be_all_that_is_missing(ada: Chat, texts: tuple[str, ...], line: str) -> None:
    assert line in await said(ada, *texts)


async def test_what_the_pack_told_can_become_a_step(ada: Chat) -> None:
    offered = await lines(ada, "what is prompt injection", "put that on my plan", "2 hours")
    assert offered == ['plan add what:"Learn about prompt injection" hours:"2 hours"']
    assert await lines(ada, "what is RAG?", "put that on my plan") == ['plan add what:"Learn about RAG"']


@pytest.mark.parametrize("pressed", [False, True])
@pytest.mark.parametrize(
    ("correction", "days"),
    [
        ("hm, only ten days actually", "2026-12-18 to 2026-12-27"),
        ("only from 22 to 30 december", "2026-12-22 to 2026-12-30"),
        ("sorry, i'm back on 30 december already", "2026-12-18 to 2026-12-29"),
        ("no, back on the 30th", "2026-12-18 to 2026-12-29"),
        ("oh, i'm getting back to the office on the 4th", "2026-12-18 to 2027-01-03"),
    ],
)
async def test_a_holiday_can_be_corrected(ada: Chat, correction: str, days: str, *, pressed: bool) -> None:
    offered = await lines(ada, "i'm on holiday from friday 18 december to sunday 10 january")
    assert offered[0] == 'checkin pause until:"2026-12-18 to 2027-01-10"'
    if pressed:
        await ada.press(offered[0])
    assert (await lines(ada, correction))[0] == f'checkin pause until:"{days}"'


async def test_an_amount_is_no_steps_number(ada: Chat) -> None:
    assert "plan done step:5" not in await said(ada, "i finished the docker step", "actually more like 5")


async def test_a_step_named_after_an_answer_keeps_its_own_words(ada: Chat) -> None:
    answer = await said(ada, "what is prompt injection", "put it in my plan as a step: try five attacks")
    assert "try five attacks" in answer
