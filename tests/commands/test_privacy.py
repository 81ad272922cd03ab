"""Every command and every button a learner or mentor has seen, pressed by people with no right to it."""

from __future__ import annotations

import json

import pytest

from mentorbot.chat.cards import Card, FileBlock
from mentorbot.chat.plain_text import plain_text
from mentorbot.commands import load_commands

from .conftest import Chat, buttons

SECRET = "HUSH"
NOTE = "PSST"
"""The mentor's words: a secret too, but the mentor's own data."""
LEARNING_TABLES = (
    "plans",
    "steps",
    "plan_changes",
    "assessments",
    "checkins",
    "recall_cards",
    "people",
    "people_settings",
)


async def build_secret_history(ada: Chat, mentor: Chat) -> list[str]:
    """Fill the data of a learner and her mentor with secrets, and return every line either of them could press."""
    await mentor.say("pair offer any")
    for line in (
        f'plan add "{SECRET} one" hours:3',
        f'plan add "{SECRET} two"',
        "assess mlops:1 cloud:3",
        "plan keep ai-architect",
        f"plan done 1 evidence:https://example.org/{SECRET}",
        f"plan block 2 why:{SECRET} quota",
        f"checkin plan step:{SECRET} obstacle:{SECRET} then:{SECRET}",
        "checkin settings friday 15:00 Europe/Berlin",
        "plan done 3",
        "recall now",
        "pair share checkins agree:yes",
        f"pair request {mentor.person}",
    ):
        await ada.say(line)
    (request_post,) = await ada.tick()
    lines = [button.line for button in buttons(request_post.card)]
    await mentor.say(lines[0])
    await mentor.say(f"pair note ada {NOTE} note")
    lines += [button.line for post in await ada.later() for button in buttons(post.card)]
    for chat in (ada, mentor):
        for command in load_commands():
            answer = await chat.copy(forms=True).say(command.name) if not command.writes else None
            lines += [button.line for button in buttons(answer)] if isinstance(answer, Card) else []
    return list(dict.fromkeys(lines))


async def learning_data(ada: Chat) -> dict[str, object]:
    """Everything stored about her learning."""
    card = await ada.card("me export")
    data = json.loads(next(block.text for block in card.blocks if isinstance(block, FileBlock)))
    return {name: data[name] for name in LEARNING_TABLES if name in data}


@pytest.mark.slow
@pytest.mark.parametrize(
    "other_name", ["in another workspace", "a colleague", "a former mentor", "a mentor of somebody else"]
)
async def test_others_see_and_change_nothing(chat: Chat, other_name: str) -> None:
    ada, mentor = chat.copy(person="ada", admin=False), chat.copy(person="chen", admin=False)
    lines = await build_secret_history(ada, mentor)
    assert len(lines) > 40
    others = {
        "in another workspace": chat.copy(person="ada", workspace="T2", admin=True),
        "a colleague": chat.copy(person="mallory", admin=False),
        "a former mentor": mentor,
        "a mentor of somebody else": chat.copy(person="dee", admin=False),
    }
    other = others[other_name]
    if other_name == "a former mentor":
        await ada.say("pair end confirm:yes")
    if other_name == "a mentor of somebody else":
        await other.say("pair offer any")
        await chat.copy(person="ben").say("pair request dee")
        await other.say(buttons((await other.tick())[-1].card)[0].line)
    before = await learning_data(ada)
    assert SECRET in str(before)
    secrets = (SECRET,) if other_name == "a former mentor" else (SECRET, NOTE)
    for line in [
        *lines,
        *(command.name for command in load_commands()),
        *(
            example
            for command in load_commands()
            for example in command.for_pack(chat.app_context.library.default).examples
        ),
    ]:
        answer = await other.say(line)
        text = plain_text(answer)
        assert not [secret for secret in secrets if secret in text], f"{line}: {text}"
    assert await learning_data(ada) == before
    assert not [
        post for post in await ada.tick() if post.channel.id == f"D{other.person}" and SECRET in plain_text(post.card)
    ]
