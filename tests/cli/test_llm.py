"""`mentorbot llm eval` and the doctor, at a server that speaks the chat API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mentorbot import app
from mentorbot.adapters.findings import Level
from mentorbot.clock import Clock
from mentorbot.doctor import diagnose
from mentorbot.errors import BadSettings
from mentorbot.model_evaluation import evaluate
from mentorbot.settings import Settings
from tests.chat_api import Body, calls, chat_api, error

SENTENCES = """
- {say: "flumox the grumbly wozzle", expect: {action: why}}
- {say: "plan show", expect: {action: [plan show]}}
"""
QUESTIONS = """
forum: [{ask: "do I need a phd"}, {ask: "can I work from home as an architect"}]
unanswerable: ["how do I fix my leaking tap"]
"""


def answer(body: Body) -> Body | str:
    """Understand gibberish as `why`, and answer with the words of the first passage."""
    if "tools" in body:
        return calls("why") if "wozzle" in body["messages"][-1]["content"] else "none"
    line = next(line for line in body["messages"][-1]["content"].splitlines() if line.startswith("[1] "))
    return f"{line.partition(': ')[2].split('. ')[0]} [1]"


async def test_an_evaluation_shows_what_the_model_adds(tmp_path: Path) -> None:
    (tmp_path / "sentences.yaml").write_text(SENTENCES)
    (tmp_path / "questions.yaml").write_text(QUESTIONS)
    async with chat_api() as api:
        api.script = answer
        settings = Settings.model_validate({"llm_url": api.url, "llm_model": "test-model"})
        report = await evaluate(settings, tmp_path / "sentences.yaml", tmp_path / "questions.yaml", 10)
    assert (str(report.plain_actions), str(report.actions)) == ("1 of 2", "2 of 2")
    assert report.grounded.right >= 1
    assert (str(report.plain_refused), str(report.refused)) == ("1 of 1", "1 of 1")
    assert report.usage.prompt_tokens == 120 * len(report.usages)
    assert report.cost(1.0, 0.0) == pytest.approx(report.usage.prompt_tokens / 1e6)
    assert "test-model at 127.0.0.1" in "\n".join(report.lines())
    json.dumps(report.as_json())


async def test_an_evaluation_needs_a_model_and_a_set(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="MENTORBOT_LLM_URL"):
        await evaluate(Settings(), None, None, 10)
    (tmp_path / "bad.yaml").write_text("- say: hi")
    settings = Settings.model_validate({"llm_url": "http://127.0.0.1:9/v1", "llm_model": "test-model"})
    with pytest.raises(BadSettings, match="each sentence needs"):
        await evaluate(settings, tmp_path / "bad.yaml", None, 10)


async def test_a_model_without_a_name_keeps_the_bot_from_starting() -> None:
    settings = Settings.model_validate({"llm_url": "http://127.0.0.1:9/v1", "database_url": "sqlite://"})
    with pytest.raises(BadSettings, match="MENTORBOT_LLM_MODEL"):
        async with app.open_context(settings, Clock()):
            pass


async def test_the_doctor_says_what_the_endpoint_can_do(tmp_path: Path) -> None:
    async with chat_api() as api:
        values = {"llm_url": api.url, "llm_model": "test-model", "database_url": f"sqlite:///{tmp_path}/x.db"}
        settings = Settings.model_validate(values)
        api.script = lambda body: calls("ready") if "tools" in body else "ready"
        found = {finding.check: finding for finding in await diagnose(settings, Clock())}
        assert found["language model"].level is Level.OK
        assert "tools: yes, structured output: no, streaming: yes" in found["language model"].text
        api.script = lambda _: error(401, "wrong key")
        found = {finding.check: finding for finding in await diagnose(settings, Clock())}
        assert found["language model"].level is Level.WARN
        assert "http_401" in found["language model"].text
