"""Nobody sees more of a learner than they were told, and nobody is taken for somebody else of the same name."""

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


async def as_named(chat: Chat, person: str, name: str, line: str) -> Answer:
    """Somebody whose name is not their id says something."""
    return await chat.core.dispatcher.answer(CommandRequest(caller(person, name), line), chat.platform)


def caller(person: str, name: str) -> Caller:
    async def member() -> Member:
        return Member(person, name)

    return Caller(Channel(SLACK, "C1", "general"), person, name, member)


async def dashboard(chat: Chat, person: str, *, admin: bool = False) -> Dashboard:
    return await chat.core.dispatcher.dashboard(caller(person, person), admin=admin)


@pytest.fixture
def ben(chat: Chat) -> Chat:
    return chat.as_(person="ben", admin=False)


@pytest.fixture
def chen(chat: Chat) -> Chat:
    return chat.as_(person="chen", admin=False)


async def test_a_request_tells_name_and_aim_and_neither_levels_nor_hours(ben: Chat, chen: Chat) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    await chen.as_(zone=berlin).say("pair offer mlops, cloud")
    here = ben.as_(zone=berlin)
    texts = []
    for level in (0, 4):
        await here.say(f"assess mlops:{level} cloud:{level}")
        await here.say("plan keep ai-architect")
        await here.say("pair request chen")
        (asked,) = await ben.tick()
        texts.append(plain_text(Card(asked.card.title, asked.card.blocks[:-1])))
        await here.say("pair end")
    assert "You offer what that takes:" in texts[0]
    assert texts[0] == texts[1]
    assert "hours" not in texts[0]


@pytest.mark.parametrize("name", ["Ada", 'Ada "The [Ace]" <!channel>', "A" * 300])
async def test_two_mentors_of_one_name_are_told_apart(ben: Chat, name: str) -> None:
    for person in ("U1", "U2"):
        await as_named(ben, person, name, "pair offer")
    if name == "Ada":
        assert "2 mentors are called Ada" in await ben.text("pair request Ada")
    listed = await ben.card("pair list")
    second = [button.line for button in buttons(listed) if button.label.startswith("Ask A")][1]
    await ben.say(second)
    assert [post.channel.id for post in await ben.tick()] == ["DU2"]


@pytest.mark.parametrize("who", ["<@U1|somebody>", "<@!U1>", "<@U1>", "@Ada", "ada", '"Ada"'])
async def test_a_mentor_is_meant_by_mention_or_name(ben: Chat, who: str) -> None:
    await as_named(ben, "U1", "Ada", "pair offer")
    await as_named(ben, "U2", "U1", "pair offer")  # an id as a name takes nobody in
    await ben.say(f"pair request {who}")
    assert [post.channel.id for post in await ben.tick()] == ["DU1"]


async def test_a_namesake_can_be_asked(ben: Chat) -> None:
    await as_named(ben, "U1", "Ben", "pair offer")
    answer = await as_named(ben, "U2", "Ben", "pair request Ben")
    assert isinstance(answer, Card)
    assert "I have asked Ben." in plain_text(answer)


async def test_the_dashboard_shows_checkins_only_where_they_are_shared(ben: Chat, chen: Chat) -> None:
    await ben.say("plan add Read")
    await chen.say("pair offer")
    await ben.say("pair request chen")
    (asked,) = await ben.tick()
    await chen.say(buttons(asked.card)[0].line)
    await ben.say("pair share progress agree:yes")
    shown = await dashboard(ben, "chen")
    assert [one.name for one in shown.people] == ["ben"]
    assert shown.rate is None
    await ben.say("pair share checkins agree:yes")
    assert (await dashboard(ben, "chen")).rate is not None


async def test_a_week_in_which_few_worked_is_left_out_for_admins(chat: Chat) -> None:
    people = [chat.as_(person=f"learner{number}", admin=False) for number in range(5)]
    for person in people:
        await person.say("plan add Read")
    rate = (await dashboard(chat, "ada", admin=True)).rate
    assert rate is not None
    assert rate.series[0].values[-1] == 0
    await people[0].say("checkin skip")
    rate = (await dashboard(chat, "ada", admin=True)).rate
    assert rate is not None
    assert rate.series[0].values[-1] is None


async def test_a_blocked_step_has_not_moved(ben: Chat, chen: Chat) -> None:
    await ben.say("plan add Read")
    await chen.say("pair offer")
    await ben.say("pair request chen")
    (asked,) = await ben.tick()
    await chen.say(buttons(asked.card)[0].line)
    await ben.say("pair share progress agree:yes")
    await ben.say("plan block 1 why:Waiting")
    assert "nothing new this week" in await chen.text("mentees")


async def test_a_report_without_learners_says_so(chat: Chat) -> None:
    text = await chat.text("admin report")
    assert "Learners: fewer than 5" in text
    assert "Learners who wait for a mentor: 0" in text
