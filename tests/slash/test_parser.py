"""The text grammar: lines as people type them, the commands and options they parse to, and the errors for the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.errors import BadValue, NotUnderstood, PersonError
from mentorbot.slash.parser import MAX_LINE_LENGTH, parse_command
from mentorbot.slash.registry import Registry
from mentorbot.slash.tokenizer import clean, format_line

from .sample_registry import CONTEXT, parse, registry


@pytest.mark.parametrize(
    ("line", "name", "options"),
    [
        ("", "help", {}),
        ("/mentor", "help", {}),
        ("/mentor plan add Read a paper", "plan add", {"what": "Read a paper"}),
        ("PLAN Add Read a paper", "plan add", {"what": "Read a paper"}),
        ('plan add "Read a paper" by:fri', "plan add", {"what": "Read a paper", "by": "fri"}),
        ("plan add by:in 2 weeks Read a paper", "plan add", {"what": "Read a paper", "by": "in 2 weeks"}),
        ("plan add Read by: fri", "plan add", {"what": "Read", "by": "fri"}),
        ("plan add Read a paper by:fri with Ann", "plan add", {"what": "Read a paper with Ann", "by": "fri"}),
        ('plan add Read the "Attention" paper', "plan add", {"what": 'Read the "Attention" paper'}),
        ("plan add what's next, then", "plan add", {"what": "what's next, then"}),
        ('plan add "Read a paper', "plan add", {"what": '"Read a paper'}),
        ("ask what is “RAG", "ask", {"question": "what is “RAG"}),
        ("skill ml\u200bops", "skill", {"name": "mlops"}),
        ("plan add Read: chapter 2", "plan add", {"what": "Read: chapter 2"}),
        ("plan add see https://example.org/x", "plan add", {"what": "see https://example.org/x"}),
        ("plan", "plan show", {}),
        ("plan list", "plan show", {}),
        ("Overview", "plan show", {}),
        ("plan block 3 why:waiting for data access", "plan block", {"step": "3", "why": "waiting for data access"}),
        ("plan block why:no step:3", "plan block", {"step": "3", "why": "no"}),
        (
            "tips here monday 09:00 Europe/Berlin",
            "tips here",
            {"day": "monday", "at": "09:00", "zone": "Europe/Berlin"},
        ),
        ("tips here Europe/Berlin 9am mon", "tips here", {"day": "mon", "at": "9am", "zone": "Europe/Berlin"}),
        ("tips here new york 9 am mondays", "tips here", {"day": "mondays", "at": "9 am", "zone": "new york"}),
        ("tips monday", "tips here", {"day": "monday"}),
        ("skill machine learning and AI infrastructure", "skill", {"name": "machine learning and AI infrastructure"}),
        ("skill name:mlops practices", "skill", {"name": "mlops practices"}),
        ("ask “how long” does it take?", "ask", {"question": "“how long” does it take?"}),
        ('ask "how long"', "ask", {"question": "how long"}),
        (r'ask "say \"yes\" \\ no"', "ask", {"question": r'say "yes" \ no'}),
        ("skill mlops ", "skill", {"name": "mlops"}),
        ("plan add due:fri Read a paper", "plan add", {"what": "Read a paper", "by": "fri"}),
        ("tips here until fri monday 9am", "tips here", {"day": "monday", "at": "9am", "until": "fri"}),
        ("note Ben Nice work!", "note", {"learner": "Ben", "text": "Nice work!"}),
        ("if-then Read a book", "if-then", {"step": "Read a book"}),
        (
            "if-then Read obstacle:no time then:read less",
            "if-then",
            {"step": "Read", "obstacle": "no time", "then": "read less"},
        ),
    ],
)
def test_line_parses_to_command_and_options(line: str, name: str, options: dict[str, str]) -> None:
    assert parse(line) == (name, options)


@pytest.mark.parametrize(
    ("line", "error", "message", "suggestion"),
    [
        ("plam show", NotUnderstood, "Did you mean “plan”?", "plan show"),
        ("plan ad Read it", NotUnderstood, "Did you mean “plan add”?", "plan add Read it"),
        ("xyzzy", NotUnderstood, "You can say: help, skill, ask, plan, tips", "ask question:xyzzy"),
        ("plan add Read bye:fri", BadValue, "Did you mean “by:”?", ""),
        ("skill nme:mlops", BadValue, "Did you mean “name:”?", ""),
        ("plan add Read by:fri by:mon", BadValue, "“by:” twice", ""),
        ("plan show everything", NotUnderstood, "I didn't get “everything”", ""),
        ("ask " + "x" * 40_000, BadValue, f"only read {MAX_LINE_LENGTH:,}", ""),
    ],
)
def test_error_suggests_a_line_that_works(line: str, error: type[PersonError], message: str, suggestion: str) -> None:
    with pytest.raises(error) as raised:
        parse(line)
    assert message in raised.value.message
    assert raised.value.suggestions[:1] == ((suggestion,) if suggestion else ())


def test_suggested_fallback_line_parses() -> None:
    with pytest.raises(NotUnderstood) as raised:
        parse('what does "MLOps" mean?')
    assert parse(raised.value.suggestions[-1]) == ("ask", {"question": 'what does "MLOps" mean?'})


@pytest.mark.parametrize("line", ["", "/bot", "xyzzy"])
def test_without_default_and_fallback_an_unknown_line_is_refused(line: str) -> None:
    bare = Registry(prefix="/bot")
    with pytest.raises(NotUnderstood) as raised:
        parse_command(bare, line, CONTEXT)
    assert raised.value.suggestions == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [("plan add Read", 2), ("plan", 1), ("skill mlops", 1), ("/mentor skill mlops", 2), ("/mentor", 1), ("", 0)],
)
def test_words_that_name_the_command_are_counted(line: str, words: int) -> None:
    assert parse_command(registry, line, CONTEXT).words == words


def test_group_as_default_command_runs_its_first_command() -> None:
    host = Registry(default_command="plan", groups=registry.groups, commands=registry.commands)
    assert parse_command(host, " ", CONTEXT).command.name == "plan show"


@given(st.text(max_size=300))
def test_any_text_parses_or_raises_a_person_error(text: str) -> None:
    try:
        name, _ = parse(text)
    except PersonError as error:
        assert error.message
    else:
        assert tuple(name.split()) in registry.commands


@given(st.lists(st.sampled_from(["plan", "add", "by:", "fri", '"', "“", "\\", "why:", "3", "tips", "here", "9am"])))
def test_near_misses_parse_or_raise_a_person_error(words: list[str]) -> None:
    try:
        name, _ = parse(" ".join(words))
    except PersonError as error:
        assert error.message
    else:
        assert tuple(name.split()) in registry.commands


@given(st.text(min_size=1, max_size=200).map(clean).filter(bool), st.sampled_from(["fri", "in 2 weeks", "2026-12-01"]))
def test_formatted_line_parses_back(what: str, by: str) -> None:
    line = format_line(("plan", "add"), {"what": what, "by": by})
    assert parse(line) == ("plan add", {"what": what, "by": by})
