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
        (
            ("i'm stuck on the docker step", "nobody has time to explain the registry to me"),
            'checkin stuck step:4 why:"nobody has time to explain the registry to me" week:2026-11-23',
        ),
        (
            ("i'm stuck on the docker step", "the evaluation one, i have no data yet"),
            'checkin stuck step:3 why:"i have no data yet" week:2026-11-23',
        ),
        (
            ("add tidy the notebook to the list", "this week if possible"),
            'plan add what:"tidy the notebook" by:"this week"',
        ),
        (
            ('add "tidy the notebook" to my plan, 3 hours', "make it 5. and put it after the docker one"),
            'plan add what:"tidy the notebook" hours:"5 hours" after:4',
        ),
        (("ask me on fridays", "at 10"), 'checkin settings day:fridays at:"10:00"'),
        (("ask me on fridays", "in the morning"), 'checkin settings day:fridays at:"09:00"'),
        (
            (
                'add "tidy the notebook" to my plan',
                "put it before the docker step, done when the team has used it once",
            ),
            'plan add what:"tidy the notebook" before:4 when:"the team has used it once"',
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
        (("quiet hours from 22 to 7", "make it 21"), "Now 21:00-07:00 instead of 22:00-07:00."),
        (("quiet hours from 22 to 7", "no, 8"), "Now 22:00-08:00 instead of 22:00-07:00."),
        (("quiz me on tuesdays at 8pm", "not that late, 7"), "Now 19:00 instead of 20:00."),
        (("pause from 7 to 13 december", "and the week after too"), "away 7–20 Dec instead of"),
        (("pause from 20 december", "until 3 january"), "Now with Monday, 4 Jan, away 20 Dec – 3 Jan 2027."),
        (("post a tip in #random on tuesdays", "in learning rather"), "Now #learning instead of #random."),
        (("drop step 4", "not that one, the eval one"), "Now Write an evaluation set instead of Package a service"),
        (("my time zone is lisbon", "no, madrid"), "Now Madrid instead of Lisbon."),
        (
            ("post a tip in #random on tuesdays", "wait not random, I meant learning"),
            "Now #learning instead of #random.",
        ),
        (("step 4 is due on 11 december", "oh, that's our offsite. the monday after"), "Now Monday, 14 Dec instead of"),
        (
            ("step 4 is due on 11 december", "the wednesday before that"),
            "Now Wednesday, 9 Dec instead of Friday, 11 Dec.",
        ),
        (
            ("move step 4 after step 2", "rather before it"),
            "Now before “Serve a model behind an interface” instead of after",
        ),
        (
            ("move step 4 to the end", "no, after step 2"),
            "Now after “Serve a model behind an interface” instead of last.",
        ),
        (("postpone step 4 by two weeks", "move step 4 to february"), "Now Monday, 1 Feb instead of 2 weeks later."),
        (("I'm on holiday", "from the 19th of december, back on 4 jan"), "away 19 Dec – 3 Jan 2027?"),
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


async def test_a_condition_is_no_yes(ada: Chat) -> None:
    answer = await said(ada, "I have 5 hours a week", "yes but from january")
    assert "Plan 5 h a week from Monday, 4 Jan?" in answer
    assert "Nothing's changed yet" in answer


@pytest.mark.parametrize(
    "text", ["what's next", "show my plan", "how am I doing", "what does a senior earn", "add read a book to my plan"]
)
async def test_a_request_of_its_own_is_no_amendment(ada: Chat, text: str) -> None:
    assert "plan edit" not in await said(ada, "step 4 is due on 11 december", text)


@pytest.mark.parametrize(
    "text",
    [
        "nah, leave it",
        "hm, better not",
        "ok no, not now",
        "fair. forget it then",
        "maybe later",
        "ok scrap that",
        "undo that",
        "nah, my team still needs it",
        "ok I'll ask my team first, not now",
    ],
)
async def test_an_offer_can_be_turned_down(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    assert "OK, nothing's changed." in await said(ada, "drop step 4", text)
    await ada.speak("yes")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize(
    "text",
    ["sounds good, go", "ok let's do that", "alright, go ahead", "works for me", "fine, do it", "ok good, go ahead"],
)
async def test_an_offer_can_be_accepted(ada: Chat, text: str) -> None:
    await said(ada, "drop step 4", text)
    assert 4 not in [step.number for step in (await stored_plan(ada)).active]


@pytest.mark.parametrize(
    ("texts", "saved"),
    [
        (("I have 5 hours a week", "ok 5 it is"), "5 h a week from now on"),
        (("drop step 4", "ok, the docker one"), "Dropped: Package a service with Docker"),
        (("step 4 is due on 11 december", "ok save"), "Changed: Package a service with Docker"),
    ],
)
async def test_agreeing_in_other_words_accepts_too(ada: Chat, texts: tuple[str, ...], saved: str) -> None:
    assert saved in await said(ada, *texts)


async def test_agreeing_to_something_else_saves_nothing(ada: Chat) -> None:
    assert "Plan 6 h a week?" in await said(ada, "I have 5 hours a week", "ok 6 it is")


async def test_an_offer_can_be_given_up_by_its_name(ada: Chat) -> None:
    add = 'add "tidy the notebook" to my plan'
    assert "OK, nothing's changed." in await said(ada, add, "hm no, drop the notebook thing")
    assert "plan drop step:4" in await said(ada, add, "drop the docker step")


async def test_someone_without_a_value_to_give_can_still_say_yes(ada: Chat) -> None:
    await said(ada, 'add "tidy the notebook" to my plan', "no idea how long", "do it")
    assert "tidy the notebook" in [step.text for step in (await stored_plan(ada)).active]


async def test_a_value_for_a_sibling_is_offered_with_it(ada: Chat) -> None:
    assert await lines(ada, "no more recall questions please", "hm wait, only on wednesdays") == [
        "recall on day:wednesdays"
    ]
    assert await lines(ada, "stop my weekly tip", "just every 2 weeks") == ["tips me every:2-weeks"]


async def test_what_an_offer_would_do_is_told_without_doing_it(ada: Chat) -> None:
    before = await stored_plan(ada)
    answer = await said(ada, "I have 3 hours a week", "when would i be done then?")
    assert "What it'd do: " in answer
    assert "New end: " in answer
    assert "plan hours" in answer
    assert await stored_plan(ada) == before
    assert "3 h a week from now on" in await said(ada, "ok do it")


async def test_a_question_whether_it_can_be_changed_keeps_the_offer(ada: Chat) -> None:
    assert "You can change that any time" in await said(ada, "drop step 4", "can i change that again later?")
    await ada.speak("yes")
    assert 4 not in [step.number for step in (await stored_plan(ada)).active]


@pytest.mark.parametrize("text", ["why not just postpone it?", "couldn't we move it to the front?"])
async def test_a_suggestion_takes_the_place_of_the_offer(ada: Chat, text: str) -> None:
    answer = await said(ada.copy(forms=False), "drop step 4", text)
    assert "plan drop" not in answer
    assert "plan move place:first step:4" in answer or answer.startswith("Any day in that week?")


async def test_the_answer_to_what_to_say_is_sent_as_typed(mentor: Chat) -> None:
    assert await lines(mentor.copy(forms=False), "note for ben", "the talk went well, can we meet on friday?") == [
        'pair note who:ben text:"the talk went well, can we meet on friday?"'
    ]


async def test_hours_given_before_the_role_are_kept(chat: Chat) -> None:
    offered = await lines(chat.copy(forms=False), "make me a plan", "like 2 hours, more isn't possible with the kids")
    assert offered
    assert all('hours:"2 hours"' in line for line in offered)


async def test_the_next_learner_is_shown_at_once(mentor: Chat) -> None:
    assert (await said(mentor, "mentees ben", "and chen, anything to worry about?")).startswith("chen")


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


async def test_a_figure_replaces_the_one_that_is_written_like_it(mentor: Chat) -> None:
    offered = await lines(mentor, "tell ben: the 7b model runs on 2 GPUs", "hm, 7b is too slow. say 3b")
    assert offered == ['pair note who:ben text:"the 3b model runs on 2 GPUs"']


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
