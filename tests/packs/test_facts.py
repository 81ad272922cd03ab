"""Every fact and figure of the first role is reached by a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.app import say
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import Clock
from mentorbot.settings import Settings

FACTS = {
    "brief overview": [
        "TensorFlow",
        "PyTorch",
        "MLOps",
        "finance",
        "healthcare",
        "$128K",
        "$280K+",
        "Silicon Valley",
        "Seattle",
        "156%",
    ],
    "brief responsibilities": ["20%", "30%", "40%", "25%", "50%", "35%", "governance", "no figure"],
    "brief responsibilities architecture-design": [
        "Designing AI architectures",
        "scal",
        "efficient",
        "20%",
        "accuracy",
    ],
    "brief responsibilities model-selection": ["Selecting machine-learning models", "fit", "30%", "engineers"],
    "brief responsibilities implementation": [
        "Overseeing implementation",
        "manage a project",
        "40%",
        "customer service",
    ],
    "brief responsibilities emerging-technology": ["Evaluating emerging technologies", "25%", "stakeholders", "trends"],
    "brief responsibilities scalability": ["Ensuring scalability", "growth", "50% more data", "pipeline"],
    "brief responsibilities blueprints": [
        "Creating architectural blueprints",
        "complex requirements",
        "35%",
        "insights",
    ],
    "brief responsibilities teamwork": ["Collaborating with teams", "diverse teams", "30%", "marketing"],
    "brief responsibilities mentoring": ["Mentoring and consulting", "governance", "compliance", "ethics", "no figure"],
    "brief titles": [
        "AI Architect: Senior · AI strategy and architecture",
        "AI Solutions Architect: Mid · solution design",
        "ML Architect: Junior · machine-learning models",
        "Enterprise AI Architect: Lead · enterprise integration",
        "AI Infrastructure Architect: Senior · AI infrastructure",
        "Computer Vision Architect: Mid · computer-vision solutions",
        "NLP Architect: Junior · natural-language processing",
    ],
    "brief path": [
        "elevant education",
        "ore technical skills",
        "ands-on experience",
        "nterview preparation",
        "trategic positioning",
    ],
    "brief skills": [
        "Machine learning and AI infrastructure",
        "Designing neural networks",
        "MLOps practices",
        "Scalable data pipelines",
        "Cloud platforms and certifications",
        "Strategic thinking and problem solving",
        "Collaboration and communication",
    ],
    "brief education": ["Master's", "PhD", "5-10+ years", "AWS", "GCP"],
    "salary": [
        "$128K-$150K",
        "$200K-$280K+",
        "$300K+",
        "not known",
        "San Francisco, New York, Seattle",
        "experience, industry, complexity of the projects",
        "$128K to $280K+",
        "Silicon Valley",
    ],
    "salary entry": ["$128K-$150K"],
    "salary mid": ["not known"],
    "salary senior": ["$200K-$280K+"],
    "salary top": ["$300K+"],
    "brief salary": ["$128K-$150K", "$200K-$280K+", "$300K+", "San Francisco, New York, Seattle"],
    "brief demand": ["156%", "technology, finance and healthcare", "MLOps", "esponsible AI", "emote"],
    "brief growth": ["Principal", "Director", "VP", "individual", "management", "specialised"],
    "brief questions onboarding": ["strategy", "teams", "architectures"],
    "brief questions cv": ["architecture", "model", "scalab", "data scientists", "engineers"],
    "brief questions stress": ["stress", "balance", "rioriti"],
    "brief questions time-to-qualify": ["5-10+ years", "degree"],
    "brief questions job-descriptions": [
        "achine-learning models",
        "eural networks",
        "MLOps",
        "loud platforms",
        "data pipelines",
    ],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("facts")
    return Settings(database_url=f"sqlite:///{folder}/facts.db")


@pytest.mark.parametrize("line", FACTS)
async def test_a_fact_is_reached(settings: Settings, line: str) -> None:
    text = plain_text(await say(settings, Clock(), line, name="ada", channel="general", admin=False))
    missing = [fact for fact in FACTS[line] if fact.lower() not in text.lower()]
    assert missing == []
    assert "Source: AI Architect job brief · USA · 2026" in text


async def test_no_figure_is_invented_for_the_level_that_the_source_leaves_out(settings: Settings) -> None:
    text = plain_text(await say(settings, Clock(), "salary mid", name="ada", channel="general", admin=False))
    assert "$" not in text.split("Source:")[0]


async def test_the_steps_stand_in_their_order(settings: Settings) -> None:
    text = plain_text(await say(settings, Clock(), "brief path", name="ada", channel="general", admin=False))
    steps = ("education", "technical skills", "hands-on", "interview preparation", "positioning")
    places = [text.lower().index(f"{number}. ") for number in range(1, 6)]
    assert places == sorted(places)
    for place, step in zip(places, steps, strict=True):
        assert step in text.lower()[place : place + 60]
