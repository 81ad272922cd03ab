"""Mentions of people and tables: where they help, within Slack's limits, and with a list for those who can't show them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mentorbot.adapters.slack.render import Message, has_table, render, view_blocks
from mentorbot.chat.cards import Bullets, Card, Paragraph, Table, bold, person, rich

from .block_kit import block_errors
from .harness import HttpHarness, visible_text, wait_until
from .payloads import direct_message
from .server import SlackServer
from .state import Json

ADA = Card("Mentor", (Paragraph(rich("Ask ", person("Ada", "U1"), ".")),))
TABLE = Table(
    ("Learner", "Hours"),
    ((rich(person("Ada", "U1")), rich("3 h")), (rich(bold("Ben")), ())),
    (rich("Ada: 3 h"), rich("Ben")),
)


def parts(message: Message) -> list[Json]:
    """The parts of a message's first text."""
    elements: list[Json] = message.blocks[1]["elements"][0]["elements"]
    return elements


def test_a_person_is_mentioned_and_the_notification_has_their_name() -> None:
    (message,) = render(ADA)
    assert parts(message)[1] == {"type": "user", "user_id": "U1", "style": {"bold": True}}
    assert message.text == "Mentor\n\nAsk Ada."
    assert block_errors(message.blocks) == []


@pytest.mark.parametrize("card", [replace(ADA, public=True), replace(ADA, shareable=True)])
def test_nobody_is_mentioned_in_front_of_everyone(card: Card) -> None:
    (message,) = render(card)
    assert [part["type"] for part in parts(message)] == ["text", "text", "text"]
    assert parts(message)[1]["text"] == "Ada"


@pytest.mark.parametrize("user_id", ["", "123456789012345678", "ada", "U1><!channel>", None])
def test_only_ids_of_slack_become_mentions(user_id: str | None) -> None:
    (message,) = render(Card("Mentor", (Paragraph(rich(person("Ada", user_id))),)))
    assert parts(message) == [{"type": "text", "text": "Ada", "style": {"bold": True}}]


def test_a_table_has_a_heading_and_no_empty_cell() -> None:
    (message,) = render(Card("Learners", (TABLE,)))
    heading, ada, ben = message.blocks[1]["rows"]
    assert heading == [{"type": "raw_text", "text": "Learner"}, {"type": "raw_text", "text": "Hours"}]
    assert ada[0]["elements"][0]["elements"][0]["type"] == "user"
    assert ada[1] == {"type": "raw_text", "text": "3 h"}
    assert ben[1] == {"type": "raw_text", "text": "–"}
    assert message.text == "Learners\n\n• Ada: 3 h\n• Ben", "screen readers get it as a list"
    assert block_errors(message.blocks) == []


def test_a_message_has_one_table_and_a_view_none() -> None:
    card = Card("Learners", (TABLE, TABLE))
    (message,) = render(card)
    assert [block["type"] for block in message.blocks] == ["header", "table", "rich_text"]
    assert not has_table(render(card, tables=False)[0])
    assert not any(block["type"] == "table" for block in view_blocks(card))


@pytest.mark.parametrize(
    "table",
    [
        replace(TABLE, rows=TABLE.rows * 50),
        replace(TABLE, rows=((rich("x"), rich(bold("y"))),) * 99),
        replace(TABLE, columns=("x",) * 21, rows=((rich("x"),) * 21,)),
        replace(TABLE, rows=((rich("x" * 6_000), rich("x" * 6_000)),)),
    ],
)
def test_a_table_beyond_the_limits_is_a_list(table: Table) -> None:
    (message,) = render(Card("Learners", (table,)))
    assert message.blocks == render(Card("Learners", (Bullets(table.lines),)))[0].blocks


def test_a_table_just_within_the_limits_is_accepted() -> None:
    (message,) = render(Card("Learners", (replace(TABLE, rows=((rich("x"), rich(bold("y"))),) * 30),)))
    assert has_table(message)
    assert block_errors(message.blocks) == []


@pytest.mark.parametrize("takes_tables", [True, False])
async def test_mentors_come_as_a_table_or_else_as_a_list(
    http: HttpHarness, slack: SlackServer, takes_tables: bool
) -> None:
    slack.takes_tables = takes_tables
    slack.conversations["DU1"] = slack.conversations["DU1"]
    for user in ("U1", "U2"):
        await http.say("pair offer any max:2", user=user)
    assert await http.say("pair list") == {}, "a refusal would be noticed below, but not here"
    await wait_until(lambda: slack.responses)
    await http.slack.event(direct_message("list the mentors"))
    await wait_until(lambda: slack.conversations["DU1"].messages)
    for message in (slack.responses[-1], slack.conversations["DU1"].messages[-1]):
        assert any(block["type"] == "table" for block in message["blocks"]) is takes_tables
        assert '"user_id": "U2"' in visible_text(message)
        assert "oom for 2 more" in visible_text(message)
        assert "Ask ben" in visible_text(message)
