"""Questions about what's offered or was just done: they're answered, change nothing, and leave the offer open."""

from __future__ import annotations

import pytest

from .conftest import Chat, said, stored_plan


@pytest.mark.parametrize(
    ("texts", "told", "offered"),
    [
        (("drop step 4", "how many steps are left then?"), "of 4 steps", "plan drop step:4"),
        (
            ("pause from 7 to 20 december", "can my mentor still write to me then?"),
            "notes from people still arrive",
            "checkin pause",
        ),
        (("pause from 7 to 20 december", "will that change my end date?"), "On course for", "checkin pause"),
        (("quiet hours from 22 to 9", "does the tip still come then?"), "Quiet hours: 22:00–09:00", "checkin settings"),
        (("i'd like a mentor", "what will they see from me?"), "They see your name and target role", "pair request"),
        (("drop step 4", "will that be a problem?"), "the rest moves up", "plan drop step:4"),
        (("make me a plan", "is that a lot of work?"), "before anything's saved", "plan new"),
    ],
)
async def test_a_question_about_an_offer_is_answered_beside_it(
    ada: Chat, texts: tuple[str, ...], told: str, offered: str
) -> None:
    before = await stored_plan(ada)
    answer = await said(ada.copy(forms=False), *texts)
    assert told in answer
    assert offered in answer
    assert await stored_plan(ada) == before


async def test_the_offer_can_be_accepted_and_changed_after_questions(ada: Chat) -> None:
    await said(ada, "I have 5 hours a week", "is that realistic?", "can my mentor see that then?")
    assert "Plan 4 h a week?" in await said(ada, "no, 4")
    assert "4 h a week from now on" in await said(ada, "is it much less then?", "fine, do it")


@pytest.mark.parametrize("text", ["what does a senior earn?", "show my plan", "can you make it 4?", "what's RAG?"])
async def test_a_question_or_a_wish_of_its_own_is_none_about_the_offer(ada: Chat, text: str) -> None:
    answer = await said(ada, "I have 5 hours a week", text)
    assert "Plan 5 h a week" not in answer


async def test_what_was_just_done_is_told_about_too(ada: Chat) -> None:
    assert "The step and its hours leave your plan" in await said(
        ada, "drop step 4", "yes", "is it gone for good then?"
    )


@pytest.mark.parametrize("text", ["undo that, 5 is crazy", "hm I regret it, bring it back"])
async def test_a_change_is_taken_back_with_words_around_it(ada: Chat, text: str) -> None:
    before = (await stored_plan(ada)).hours_per_week
    await said(ada, "I have 5 hours a week", "yes", text)
    assert (await stored_plan(ada)).hours_per_week == before


async def test_several_offers_are_taken_together_or_in_part(ada: Chat) -> None:
    answer = await said(ada, "I have 5 hours a week", "and drop step 4")
    assert "2 things" in answer
    await said(ada, "yes both")
    plan = await stored_plan(ada)
    assert plan.hours_per_week == 5
    assert 4 not in [step.number for step in plan.active]


@pytest.mark.parametrize("text", ["no, keep the docker step", "not the docker step", "just the evaluation one"])
async def test_some_of_several_offers_are_kept(ada: Chat, text: str) -> None:
    answer = await said(ada, "drop steps 3 and 4", text)
    assert "plan drop step:3" in answer
    assert "plan drop step:4" not in answer


async def test_another_with_its_own_words_is_offered_too(ada: Chat) -> None:
    answer = await said(ada, 'add "tidy the notebook" to my plan, 3 hours', "oh and one more, shadow an interview. 2h")
    assert 'what:"tidy the notebook"' in answer
    assert 'plan add hours:2h what:"shadow an interview"' in answer


async def test_what_would_be_with_another_value_is_told(ada: Chat) -> None:
    assert "New end: " in await said(ada, "what happens if I go down to 2 hours a week?")
    answer = await said(ada, "ouch. and with 3?")
    assert "Plan 3 h a week?" in answer
    assert "New end: " in answer


async def test_it_is_the_step_that_a_question_named(ada: Chat) -> None:
    asked = "is it worth it to write an evaluation set?"
    assert "plan move place:last step:3" in await said(ada, asked, "hm ok then move it to the end")
    assert "plan log step:3" in await said(ada, asked, "ok log 2 h on it")


async def test_a_limit_is_kept(ada: Chat) -> None:
    answer = await said(ada, "I have 3 hours a week", "only for this week")
    assert "Plan 3 h in the week of 23 Nov?" in answer
    assert "Nothing's changed yet" in answer
