"""One-tap recall questions: drawn from finished milestones, asked when due, and safe from stale buttons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock

from .conftest import ROLE, Chat, buttons

WEDNESDAY_NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


async def finish_a_milestone(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    await chat.say("plan done 1")


def answer_line(chat: Chat, card: Card, *, right: bool) -> str:
    """The line of the button with the right choice, or with a wrong one."""
    lines = [button.line for button in buttons(card)]
    name = lines[0].split()[2]
    question, _ = chat.app_context.library.default.recall_by_id[name]
    return lines[question.answer - 1] if right else lines[question.answer % len(lines)]


async def test_no_question_before_a_milestone_is_finished(chat: Chat) -> None:
    assert "once you've finished a step" in await chat.text("recall now")


async def test_a_right_answer_comes_back_later_than_a_wrong_one(chat: Chat, clock: FrozenClock) -> None:
    await finish_a_milestone(chat)
    first = await chat.card("recall now")
    assert await chat.card("recall now") == first  # it stays until it's answered
    right = await chat.card(answer_line(chat, first, right=True))
    assert right.title.startswith("Right: ")
    assert right.updates
    assert [button.label for button in buttons(right)] == ["Next question", "That's enough"]
    assert "Good work" in (await chat.card("recall enough")).title
    second = await chat.card("recall now")
    assert second != first
    wrong = await chat.card(answer_line(chat, second, right=False))
    assert wrong.title.startswith("Not quite: ")
    assert "Next try: Tuesday, 24 Nov." in plain_text(wrong)
    stale = await chat.card(answer_line(chat, first, right=False))
    assert "already answered that one" in plain_text(stale)
    clock.travel_to(clock.now() + timedelta(days=200))
    assert (await chat.card("recall now")).title.startswith("Do you remember?")


async def test_due_questions_are_asked_once_a_week(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("recall on wed 12:00 Europe/Berlin")
    clock.travel_to(WEDNESDAY_NOON)
    assert await chat.tick() == []
    await finish_a_milestone(chat)
    clock.travel_to(clock.now() + timedelta(days=7))
    (question_post,) = await chat.tick()
    assert question_post.channel.id == "Dada"
    assert question_post.card.title.startswith("Do you remember? A quick question on ")
    await chat.say("recall off")
    clock.travel_to(clock.now() + timedelta(days=7))
    assert await chat.tick() == []


async def test_questions_respect_the_message_budget(chat: Chat, clock: FrozenClock) -> None:
    await finish_a_milestone(chat)
    await chat.say("recall on wed 12:00 Europe/Berlin")
    await chat.say("checkin settings budget:0")
    clock.travel_to(WEDNESDAY_NOON)
    assert await chat.tick() == []


async def test_a_finished_step_of_ones_own_has_no_questions(chat: Chat) -> None:
    await chat.say("plan add Read about retrieval")
    await chat.say("plan done 1")
    text = await chat.text("recall now")
    assert "Steps you wrote yourself have none" in text
    assert "once you've finished" not in text


async def test_questions_missing_from_the_pack_do_not_block_new_ones(chat: Chat) -> None:
    async with chat.app_context.store.unit_of_work(Workspace("slack", "T1")) as uow:
        await uow.learner("ada", ROLE).recall.add([f"lost-{number}" for number in range(5)])
    text = await chat.text("recall now")
    assert "once you've finished a step" in text
    await finish_a_milestone(chat)
    assert (await chat.card("recall now")).title.startswith("Do you remember?")


async def test_the_due_day_follows_the_learners_zone(chat: Chat, clock: FrozenClock) -> None:
    """Monday afternoon in UTC is already Tuesday in Auckland; each learner gets the day in their own zone."""
    ben = chat.copy(person="ben", zone=ZoneInfo("Pacific/Auckland"))
    for person in (chat, ben):
        await finish_a_milestone(person)
    clock.travel_to(datetime(2026, 11, 23, 13, tzinfo=UTC))  # Tuesday, 02:00 in Auckland
    utc_text, auckland_text = [
        await person.text(answer_line(person, await person.card("recall now"), right=False)) for person in (chat, ben)
    ]
    assert "Next try: Tuesday, 24 Nov." in utc_text
    assert "Next try: Wednesday, 25 Nov." in auckland_text


async def test_a_second_tap_at_the_same_moment_counts_once(chat: Chat, clock: FrozenClock) -> None:
    await finish_a_milestone(chat)
    await chat.say("recall now")
    workspace = Workspace("slack", "T1")
    async with chat.app_context.store.unit_of_work(workspace) as uow:
        before, *_ = await uow.learner("ada", ROLE).recall.all()
    later = clock.now() + timedelta(days=3)
    saved = []
    for _ in range(2):
        async with chat.app_context.store.unit_of_work(workspace) as uow:
            recall = uow.learner("ada", ROLE).recall
            saved.append(await recall.save_answer(before, {"step": 1}, later, right=True))
    async with chat.app_context.store.unit_of_work(workspace) as uow:
        now = next(state for state in await uow.learner("ada", ROLE).recall.all() if state.question == before.question)
    assert saved == [True, False]
    assert (now.asked, now.right, now.due_at) == (1, 1, later)


async def test_recall_on_asks_for_an_unknown_zone(chat: Chat) -> None:
    form = await chat.say("recall on")
    assert isinstance(form, Form)
    assert "zone" in [field.name for field in form.fields if field.required]


async def test_an_invalid_answer_is_refused(chat: Chat) -> None:
    await finish_a_milestone(chat)
    card = await chat.card("recall now")
    name = buttons(card)[0].line.split()[2]
    for line, code in (
        ("recall answer nonsense 1", "not_found"),
        (f"recall answer {name} choice:9", "bad_value"),
        (f"recall answer {name} choice:0", "bad_value"),
    ):
        assert (await chat.card(line)).error == code
    assert (await chat.copy(person="ben").card(f"recall answer {name} 1")).error == "not_found"


async def test_a_right_and_a_wrong_answer_each_get_a_reason_of_their_own(chat: Chat) -> None:
    await finish_a_milestone(chat)
    first = await chat.card("recall now")
    question, _ = chat.app_context.library.default.recall_by_id[buttons(first)[0].line.split()[2]]
    assert question.why != question.wrong
    right = await chat.text(answer_line(chat, first, right=True))
    assert question.why in right
    assert question.wrong not in right
    second = await chat.card("recall now")
    question, _ = chat.app_context.library.default.recall_by_id[buttons(second)[0].line.split()[2]]
    assert f"{question.wrong} Next try:" in await chat.text(answer_line(chat, second, right=False))


async def test_every_question_of_our_packs_says_what_the_tempting_choices_miss(chat: Chat) -> None:
    for pack in chat.app_context.library.packs.values():
        assert [question.id for question, _ in pack.recall_by_id.values() if not question.wrong] == []
