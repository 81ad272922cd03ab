"""Limits on what mentors, admins and requests show about a learner; and people with the same name kept apart."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.views.dashboard import Dashboard

from .conftest import Chat, buttons

SLACK = Workspace("slack", "T1")


async def say_as(chat: Chat, person: str, name: str, line: str) -> Answer:
    """Send a line as a person whose name differs from their id."""
    return await chat.app_context.dispatcher.answer(CommandRequest(caller(person, name), line), chat.platform)


def caller(person: str, name: str) -> Caller:
    async def member() -> Member:
        return Member(person, name)

    return Caller(Channel(SLACK, "C1", "general"), person, name, member)


async def dashboard(chat: Chat, person: str, *, admin: bool = False) -> Dashboard:
    return await chat.app_context.dispatcher.dashboard(caller(person, person), admin=admin)


async def test_a_request_shows_name_and_target_but_no_levels_or_hours(ben: Chat, chen: Chat) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    await chen.copy(zone=berlin).say("pair offer mlops, cloud")
    ben_in_berlin = ben.copy(zone=berlin)
    texts = []
    for level in (0, 4):
        await ben_in_berlin.say(f"assess mlops:{level} cloud:{level}")
        await ben_in_berlin.say("plan keep ai-architect")
        await ben_in_berlin.say("pair request chen")
        (request_post,) = await ben.tick()
        texts.append(plain_text(Card(request_post.card.title, request_post.card.blocks[:-1])))
        await ben_in_berlin.say("pair end")
    assert "You offer MLOps" in texts[0]
    assert texts[0] == texts[1]
    assert "hours" not in texts[0]


async def test_everyone_who_shared_before_is_told_what_a_new_mentor_sees(ben: Chat, chen: Chat) -> None:
    shared = "your progress and what you're stuck on"
    assert f"Your mentor will see {shared}" in await ben.text("pair share progress agree:yes")
    assert "exactly what your mentor will see" in await ben.text("pair share")
    await chen.say("pair offer any")
    asked = await ben.text("pair request chen")
    assert f"For now they see your name and target role. Once they accept: {shared}." in asked
    await chen.tick()
    await chen.say("pair accept ben")
    (accepted,) = [post for post in await ben.tick() if post.card.title == "chen's your mentor now"]
    assert f"sees {shared}." in plain_text(accepted.card)
    assert "chen now sees your name and target role" in await ben.text("pair share nothing agree:yes")


@pytest.mark.parametrize("name", ["Ada", 'Ada "The [Ace]" <!channel>', "A" * 300])
async def test_mentors_with_the_same_name_are_distinguished(ben: Chat, name: str) -> None:
    for person in ("U1", "U2"):
        await say_as(ben, person, name, "pair offer any")
    if name == "Ada":
        assert "2 mentors called Ada" in await ben.text("pair request Ada")
    mentor_list = await ben.card("pair list")
    second = [button.line for button in buttons(mentor_list) if button.label.startswith("Ask A")][1]
    await ben.say(second)
    assert [post.channel.id for post in await ben.tick()] == ["DU2"]


@pytest.mark.parametrize("mentor", ["<@U1|somebody>", "<@!U1>", "<@U1>", "@Ada", "ada", '"Ada"'])
async def test_a_mentor_can_be_given_by_mention_or_name(ben: Chat, mentor: str) -> None:
    await say_as(ben, "U1", "Ada", "pair offer any")
    await say_as(ben, "U2", "U1", "pair offer any")  # an id used as a name mustn't match
    await ben.say(f"pair request {mentor}")
    assert [post.channel.id for post in await ben.tick()] == ["DU1"]


async def test_a_namesake_can_be_asked(ben: Chat) -> None:
    await say_as(ben, "U1", "Ben", "pair offer any")
    answer = await say_as(ben, "U2", "Ben", "pair request Ben")
    assert isinstance(answer, Card)
    assert "I've asked Ben to be your mentor" in plain_text(answer)


async def test_the_dashboard_shows_only_shared_checkins(ben: Chat, chen: Chat) -> None:
    await ben.say("plan add Read")
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    (request_post,) = await ben.tick()
    await chen.say(buttons(request_post.card)[0].line)
    await ben.say("pair share progress agree:yes")
    learner_dashboard = await dashboard(ben, "chen")
    assert [learner.name for learner in learner_dashboard.people] == ["ben"]
    assert learner_dashboard.rate is None
    await ben.say("pair share checkins agree:yes")
    assert (await dashboard(ben, "chen")).rate is not None


async def test_a_week_with_few_learners_is_hidden_from_admins(chat: Chat) -> None:
    people = [chat.copy(person=f"learner{number}", admin=False) for number in range(5)]
    for person in people:
        await person.say("plan add Read")
    for person in people:
        await person.say("checkin close")
    rate = (await dashboard(chat, "ada", admin=True)).rate
    assert rate is not None
    assert rate.series[0].values[-1] == 100
    await people[0].say("checkin skip")
    rate = (await dashboard(chat, "ada", admin=True)).rate
    assert rate is not None
    assert rate.series[0].values[-1] is None


async def test_a_blocked_step_is_not_progress(ben: Chat, chen: Chat) -> None:
    await ben.say("plan add Read")
    await chen.say("pair offer any")
    await ben.say("pair request chen")
    (request_post,) = await ben.tick()
    await chen.say(buttons(request_post.card)[0].line)
    await ben.say("pair share progress agree:yes")
    await ben.say("plan block 1 why:Waiting")
    assert "ben: stuck as of today on Read" in await chen.text("mentees")


async def test_a_report_without_learners_says_so(chat: Chat) -> None:
    text = await chat.text("admin report")
    assert "Learners: shown once there are 5, to protect privacy." in text
    assert "Waitlist: nobody." in text
