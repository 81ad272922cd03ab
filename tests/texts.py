"""Collect every card and form the tests render, each once: `make texts`, or `pytest -p tests.texts --texts FILE`."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text

_WORKER_OUTPUT = "texts"
_COMMAND_OF_BUTTON = re.compile(r"(\[[^\]\n]*\]) /mentor .*")
_FILE = re.compile(r"(\[[^\]\n]+\.(?:md|csv|json|ics)\])\n.*", re.DOTALL)


class _Collector:
    """The texts rendered so far, by a key that ignores figures."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.texts: dict[str, str] = {}

    def read(self) -> None:
        """Turn the answers made since the last call into texts."""
        for answer in self.answers:
            text = _FILE.sub(r"\1", _COMMAND_OF_BUTTON.sub(r"\1", plain_text(answer)))
            self.texts.setdefault(re.sub(r"\d+", "0", text), text)
        self.answers.clear()


_collector = _Collector()


def _collecting(init: Callable[..., None]) -> Callable[..., None]:
    """Wrap the initializer of an answer so that one made by our own code is collected."""

    @functools.wraps(init)
    def collect(self: Answer, *args: object, **kwargs: object) -> None:
        init(self, *args, **kwargs)
        if str(sys._getframe(1).f_globals.get("__name__")).startswith(("mentorbot.", "dataclasses")):
            _collector.answers.append(self)

    return collect


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--texts`."""
    parser.addoption("--texts", metavar="FILE", help="write every card and form our code makes in the tests to FILE")


def pytest_configure(config: pytest.Config) -> None:
    """Start collecting, if asked to."""
    if config.getoption("--texts"):
        for answer in (Card, Form):
            setattr(answer, "__init__", _collecting(answer.__init__))  # noqa: B010  the type checker refuses the assignment


def pytest_runtest_teardown() -> None:
    """Read what the test has made."""
    _collector.read()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over what a worker of xdist has collected."""
    for text in getattr(node, "workeroutput", {}).get(_WORKER_OUTPUT, ()):
        _collector.texts.setdefault(re.sub(r"\d+", "0", text), text)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the texts, sorted by title; a worker hands them on instead."""
    path = session.config.getoption("--texts")
    if not path:
        return
    _collector.read()
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[_WORKER_OUTPUT] = list(_collector.texts.values())
        return
    rule = f"\n\n{'-' * 60}\n"
    Path(path).write_text(rule.join(sorted(_collector.texts.values())) + "\n", encoding="utf-8")
